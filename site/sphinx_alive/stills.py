"""A still picture of a plotly figure, drawn with matplotlib when the book is built.

It stands where there is no JavaScript, and on paper. What is drawn is what the page's plotly.js
draws: scatter (lines, marks, words), bars and heatmaps, linear and logarithmic axes, their titles,
ranges and ticks, annotations, lines and rectangles. Colours are the figure's own; a custom property
of the page, ``var(--name)``, has no value here and becomes a grey, one for each name.

matplotlib is imported only when there is a figure to draw.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Numbers = Callable[[Any], list[Any]]

WIDTH = 700  # CSS pixels
HEIGHT = 450  # plotly's own
DENSITY = 2  # pixels of the picture to one of the page
POINT = 0.75  # of a CSS pixel

#: Greys that can be read (3:1 and more) on a light and on a dark page; the first is the text's.
INKS = {
    "light": ("#333333", "#6b6b6b", "#8a8a8a"),
    "dark": ("#e0e0e0", "#a8a8a8", "#868686"),
}
RULE = {"light": "#d4d4d4", "dark": "#444444"}
#: plotly's own order of colours.
COLORWAY = (
    "#636efa", "#EF553B", "#00cc96", "#ab63fa", "#FFA15A",
    "#19d3f3", "#FF6692", "#B6E880", "#FF97FF", "#FECB52",
)  # fmt: skip
DASHES: dict[str, Any] = {
    "solid": "-",
    "dot": (0, (1, 2)),
    "dash": (0, (5, 3)),
    "longdash": (0, (9, 4)),
    "dashdot": (0, (5, 2, 1, 2)),
    "longdashdot": (0, (9, 3, 1, 3)),
}
MARKS = {
    "circle": "o",
    "square": "s",
    "diamond": "D",
    "cross": "P",
    "x": "X",
    "triangle-up": "^",
    "triangle-down": "v",
    "star": "*",
}
VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*([^)]*))?\)\Z")
RGB = re.compile(r"rgba?\(\s*([\d.]+)\s*,\s*([\d.]+)\s*,\s*([\d.]+)\s*(?:,\s*([\d.]+)\s*)?\)\Z")
TAG = re.compile(r"<[^>]*>")
PLACES = {"left": "right", "center": "center", "right": "left"}  # plotly's side: matplotlib's edge


class Undrawable(ValueError):
    """A figure of which no picture can be drawn; the message says why."""


def words(value: Any) -> str:
    """A title or a label: plotly's are strings or ``{"text": ...}``, with a little HTML."""
    text = value.get("text") if isinstance(value, dict) else value
    plain = TAG.sub("", re.sub(r"<br\s*/?>", "\n", str(text or "")))
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("$", r"\$")


class Inks:
    """Colours as matplotlib takes them, on a light or a dark page."""

    def __init__(self, theme: str) -> None:
        self.greys = INKS[theme]
        self.names: dict[str, str] = {}

    def __call__(self, value: Any, otherwise: str) -> Any:
        """One colour; `otherwise` where the figure names none that is known."""
        from matplotlib.colors import is_color_like

        text = str(value or "").strip()
        if found := VAR.match(text):
            name, spare = found[1], (found[2] or "").strip()
            if spare:
                return self(spare, otherwise)
            grey = self.greys[min(len(self.names), len(self.greys) - 1)]
            return self.names.setdefault(name, grey)
        if found := RGB.match(text):
            red, green, blue = (min(float(part) / 255, 1.0) for part in found.groups()[:3])
            return (red, green, blue, float(found[4] if found[4] is not None else 1))
        return text if text and is_color_like(text) else otherwise


def colour_map(scale: Any, inks: Inks) -> Any:
    """A plotly colour scale (a list of ``[part, colour]``, or a name) as a matplotlib colour map."""
    from matplotlib import colormaps
    from matplotlib.colors import LinearSegmentedColormap

    if isinstance(scale, (list, tuple)) and len(scale) > 1:
        stops = [(float(part), inks(colour, inks.greys[0])) for part, colour in scale]
        return LinearSegmentedColormap.from_list("figure", stops)
    names = {name.lower(): name for name in colormaps}
    return colormaps[names.get(str(scale or "plasma").lower(), "plasma")]


def scatter(axes: Axes, trace: dict[str, Any], colour: Any, inks: Inks, numbers: Numbers) -> None:
    """Lines, marks and words at points."""
    y = numbers(trace.get("y"))
    x = numbers(trace.get("x")) or list(range(len(y)))
    line, mark = trace.get("line") or {}, trace.get("marker") or {}
    mode = str(trace.get("mode") or ("lines" if len(y) > 20 else "lines+markers")).split("+")
    shape = {"hv": "steps-post", "vh": "steps-pre", "hvh": "steps-mid"}.get(line.get("shape", ""))
    ink = inks(line.get("color") or mark.get("color"), colour)
    size = mark.get("size", 6)
    drawn = {
        "color": ink,
        "linestyle": DASHES.get(line.get("dash", "solid"), "--") if "lines" in mode else "none",
        "linewidth": float(line.get("width", 2)) * POINT,
        "alpha": trace.get("opacity"),
        "clip_on": trace.get("cliponaxis", True) is not False,
    }
    if "markers" in mode:
        drawn["marker"] = MARKS.get(str(mark.get("symbol", "circle")), "o")
        drawn["markersize"] = (float(size) if isinstance(size, (int, float)) else 6) * POINT
        single = mark.get("color") if isinstance(mark.get("color"), str) else None
        drawn["markerfacecolor"] = drawn["markeredgecolor"] = inks(single, ink)
    axes.plot(x, y, label=words(trace.get("name")), drawstyle=shape or "default", **drawn)
    if "text" in mode:
        texts = trace.get("text")
        each = texts if isinstance(texts, (list, tuple)) else [texts] * len(x)
        up, _, side = str(trace.get("textposition", "middle center")).partition(" ")
        for where, text in zip(zip(x, y, strict=False), each, strict=False):
            if text:
                axes.annotate(
                    words(text),
                    where,
                    xytext=(
                        {"left": -4, "right": 4}.get(side, 0),
                        {"top": 4, "bottom": -4}.get(up, 0),
                    ),
                    textcoords="offset points",
                    ha=PLACES.get(side, "center"),
                    va={"top": "bottom", "bottom": "top"}.get(up, "center"),
                    color=inks((trace.get("textfont") or {}).get("color"), inks.greys[0]),
                    annotation_clip=False,
                )
    if trace.get("fill") == "tozeroy":
        axes.fill_between(x, y, color=inks(trace.get("fillcolor"), ink), alpha=0.3, linewidth=0)


def bars(
    axes: Axes, trace: dict[str, Any], colour: Any, inks: Inks, numbers: Numbers, at: int, of: int
) -> None:
    """Bars, side by side where there are several traces of them."""
    length, place = ("x", "y") if trace.get("orientation") == "h" else ("y", "x")
    tall = numbers(trace.get(length))
    where = numbers(trace.get(place)) or list(range(len(tall)))
    named = any(isinstance(value, str) for value in where)
    spots = list(range(len(where))) if named else [float(value) for value in where]
    gaps = [b - a for a, b in zip(sorted(spots), sorted(spots)[1:], strict=False) if b > a]
    thick = 0.8 * (min(gaps) if gaps else 1) / of
    centres = [spot + (at - (of - 1) / 2) * thick for spot in spots]
    colours = (trace.get("marker") or {}).get("color")
    each = (
        [inks(value, colour) for value in colours]
        if isinstance(colours, (list, tuple)) and all(isinstance(c, str) for c in colours)
        else inks(colours, colour)
    )
    draw = axes.barh if length == "x" else axes.bar
    draw(centres, tall, thick, color=each, label=words(trace.get("name")))
    if named:
        ticks = axes.set_yticks if length == "x" else axes.set_xticks
        ticks(spots, [words(value) for value in where])


def heatmap(axes: Axes, trace: dict[str, Any], scale: Any, inks: Inks, numbers: Numbers) -> None:
    """A heatmap, with its scale of colours beside it."""
    import numpy as np

    rows = [[np.nan if v is None else v for v in numbers(row)] for row in numbers(trace.get("z"))]
    z = np.array(rows, dtype=float)
    if z.ndim != 2 or not z.size:
        raise Undrawable("a heatmap without rows of numbers")
    spots = []
    for axis, count in (("x", z.shape[1]), ("y", z.shape[0])):
        values = numbers(trace.get(axis)) or list(range(count))
        if any(isinstance(value, str) for value in values):
            ticks = axes.set_xticks if axis == "x" else axes.set_yticks
            ticks(range(count), [words(value) for value in values])
            values = list(range(count))
        spots.append(values)
    colours = colour_map(trace.get("colorscale") or scale, inks)
    mesh = axes.pcolormesh(
        *spots,
        z,
        cmap=colours.reversed() if trace.get("reversescale") else colours,
        vmin=trace.get("zmin"),
        vmax=trace.get("zmax"),
        shading="nearest" if len(spots[0]) == z.shape[1] else "flat",
    )
    if trace.get("showscale", True):
        bar = axes.figure.colorbar(mesh, ax=axes)
        bar.outline.set_visible(False)
        bar.set_label(words((trace.get("colorbar") or {}).get("title")))


def set_axes(axes: Axes, layout: dict[str, Any]) -> None:
    """Kind, range, direction, ticks and title of both axes."""
    for name in ("x", "y"):
        axis = layout.get(f"{name}axis") or {}
        log = axis.get("type") == "log"
        if log:
            (axes.set_xscale if name == "x" else axes.set_yscale)("log")
        limits = axis.get("range")
        set_limits = axes.set_xlim if name == "x" else axes.set_ylim
        if limits and all(isinstance(v, (int, float)) for v in limits):
            set_limits(*(10**v if log else v for v in limits))
        elif axis.get("autorange") == "reversed":
            (axes.invert_xaxis if name == "x" else axes.invert_yaxis)()
        ticks = axes.set_xticks if name == "x" else axes.set_yticks
        if axis.get("tickvals") is not None:
            texts = axis.get("ticktext")
            shown = [words(text) for text in texts] if texts else None
            ticks([float(value) for value in axis["tickvals"]], shown)
            (axes.xaxis if name == "x" else axes.yaxis).set_minor_locator(_none())
        elif isinstance(axis.get("dtick"), (int, float)) and not log:
            from matplotlib.ticker import MultipleLocator

            step, start = float(axis["dtick"]), float(axis.get("tick0") or 0)
            (axes.xaxis if name == "x" else axes.yaxis).set_major_locator(
                MultipleLocator(step, offset=start % step)
            )
        (axes.set_xlabel if name == "x" else axes.set_ylabel)(words(axis.get("title")))
        if axis.get("visible") is False:
            (axes.xaxis if name == "x" else axes.yaxis).set_visible(False)
        if axis.get("showgrid") is False:
            axes.grid(False, axis=name)


def _none() -> Any:
    from matplotlib.ticker import NullLocator

    return NullLocator()


def set_marks(axes: Axes, layout: dict[str, Any], inks: Inks) -> None:
    """Annotations, lines and rectangles, whether they stand on the data or on the paper."""
    axis = {name: layout.get(f"{name}axis") or {} for name in ("x", "y")}

    def at(mark: dict[str, Any], name: str, key: str) -> Any:
        value = mark.get(key)
        data = str(mark.get(f"{name}ref", name)) == name
        # where the axis is logarithmic, plotly places words by the exponent, and shapes by value
        log = axis[name].get("type") == "log" and "text" in mark
        return 10**value if data and log and isinstance(value, (int, float)) else value

    def ground(mark: dict[str, Any]) -> Any:
        x, y = (str(mark.get(f"{n}ref", n)) == n for n in ("x", "y"))
        if x and y:
            return axes.transData
        if x:
            return axes.get_xaxis_transform()
        return axes.get_yaxis_transform() if y else axes.transAxes

    for note in layout.get("annotations") or []:
        axes.text(
            at(note, "x", "x"),
            at(note, "y", "y"),
            words(note),
            transform=ground(note),
            ha={"left": "left", "right": "right"}.get(note.get("xanchor", ""), "center"),
            va={"top": "top", "bottom": "bottom"}.get(note.get("yanchor", ""), "center"),
            color=inks((note.get("font") or {}).get("color"), inks.greys[0]),
        )
    for shape in layout.get("shapes") or []:
        corners = [at(shape, key[0], key) for key in ("x0", "x1", "y0", "y1")]
        if any(not isinstance(value, (int, float)) for value in corners):
            continue
        x0, x1, y0, y1 = corners
        line = shape.get("line") or {}
        look = {
            "linestyle": DASHES.get(line.get("dash", "solid"), "--"),
            "linewidth": float(line.get("width", 2)) * POINT,
            "transform": ground(shape),
        }
        ink = inks(line.get("color"), inks.greys[0])
        if shape.get("type") == "line":
            from matplotlib.lines import Line2D

            axes.add_line(Line2D([x0, x1], [y0, y1], color=ink, **look))
        elif shape.get("type") == "rect":
            from matplotlib.patches import Rectangle

            fill = inks(shape.get("fillcolor"), "none")
            axes.add_patch(
                Rectangle(
                    (x0, y0),
                    x1 - x0,
                    y1 - y0,
                    edgecolor=ink,
                    facecolor=fill,
                    alpha=shape.get("opacity"),
                    **look,
                )
            )


def draw(figure: dict[str, Any], numbers: Numbers, theme: str = "light") -> Figure:
    """A plotly figure (a dict: data, layout) as a matplotlib figure.

    `numbers` reads a row of a figure's numbers (see figures.py); `theme`: "light" or "dark".
    Raises `Undrawable` for what cannot be drawn, ImportError without matplotlib.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    layout = figure.get("layout") or {}
    template = (layout.get("template") or {}).get("layout") or {}
    if any(re.match(r"[xy]axis\d", key) for key in layout):
        raise Undrawable("a figure of several pairs of axes")
    inks = Inks(theme)
    ink = inks.greys[0]
    way = layout.get("colorway") or template.get("colorway") or COLORWAY
    sequential = (layout.get("colorscale") or template.get("colorscale") or {}).get("sequential")
    style = {
        "font.family": "sans-serif",
        "font.sans-serif": ["Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans"],
        "font.size": 12 * POINT,
        "axes.edgecolor": RULE[theme],
        "grid.color": RULE[theme],
        "text.color": ink,
        "axes.labelcolor": ink,
        "xtick.color": ink,
        "ytick.color": ink,
        "xtick.minor.size": 0,
        "ytick.minor.size": 0,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": True,
    }
    with rc_context(style):
        size = (WIDTH / 96, float(layout.get("height") or HEIGHT) / 96)
        drawn = Figure(figsize=size, dpi=96 * DENSITY, layout="constrained")
        FigureCanvasAgg(drawn)
        drawn.patch.set_alpha(0)
        axes = drawn.add_subplot()
        axes.patch.set_alpha(0)
        axes.grid(True, linewidth=0.6)
        axes.set_axisbelow(True)
        traces = [t for t in figure.get("data") or [] if t.get("visible", True) is True]
        rods = [trace for trace in traces if trace.get("type") == "bar"]
        for n, trace in enumerate(traces):
            colour = inks(way[n % len(way)], ink)
            kind = trace.get("type", "scatter")
            if kind == "scatter":
                scatter(axes, trace, colour, inks, numbers)
            elif kind == "bar":
                if layout.get("barmode") in ("stack", "relative") and len(rods) > 1:
                    raise Undrawable("bars in stacks")
                mine = next(i for i, rod in enumerate(rods) if rod is trace)
                bars(axes, trace, colour, inks, numbers, mine, len(rods))
            elif kind == "heatmap":
                heatmap(axes, trace, sequential, inks, numbers)
            else:
                raise Undrawable(f"a trace of kind {kind!r}")
        set_axes(axes, layout)
        set_marks(axes, layout, inks)
        if layout.get("title") and words(layout["title"]):
            axes.set_title(words(layout["title"]))
        named = [t for t in traces if t.get("name") and t.get("showlegend", True)]
        shown = layout.get("showlegend", len(named) > 1)
        if shown and named and any(t.get("type", "scatter") != "heatmap" for t in named):
            drawn.legend(loc="outside upper right", frameon=False, ncols=min(len(named), 4))
        return drawn


def png(figure: Figure) -> bytes:
    """The picture's file. The same figure gives the same bytes."""
    out = io.BytesIO()
    figure.savefig(out, format="png", transparent=True, metadata={"Software": None})
    return out.getvalue()
