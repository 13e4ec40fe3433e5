"""Plotly figures: data in the page, one plotly.js for the site, numbers for those who cannot see it.

An output of type ``application/vnd.plotly.v1+json`` becomes a ``<figure class="live-plot">`` with its
data as JSON; static/alive/figures.js draws it when it nears the screen. Its text alternative is the
figure's own metadata::

    fig.update_layout(meta={"alt": "The curve falls ...", "title": "...", "caption": "..."})

Without JavaScript and on paper a picture stands in its place: the one in the same output, or else
one drawn from the figure (stills.py). Its numbers are a table in any case.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct
from collections.abc import Sequence
from html import escape
from math import prod
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from . import stills
from .assets import page_has
from .checks import lose
from .widgets import PICTURE, active, bundles, fallback_html, visit_other

LOGGER = logging.getLogger(__name__)

PLOTLY = "application/vnd.plotly.v1+json"
#: What static/alive/plotly.js can draw.
TRACES = ("scatter", "bar", "heatmap")
HEIGHT = 450  # plotly's own, in CSS pixels

#: Which custom properties of the page say how a figure looks; the first that is set counts.
TOKENS = {
    "background": ["--paper", "--pst-color-background"],
    "text": ["--ink", "--pst-color-text-base"],
    "muted": ["--ink-2", "--pst-color-text-muted"],
    "rule": ["--rule", "--pst-color-border"],
    "font": ["--sans", "--pst-font-family-base"],
}

#: plotly's typed arrays (base64 of little-endian numbers), as the struct module names them.
DTYPES = {
    "i1": "b",
    "u1": "B",
    "i2": "h",
    "u2": "H",
    "i4": "i",
    "u4": "I",
    "f4": "f",
    "f8": "d",
}


class plot(nodes.General, nodes.Element):  # noqa: N801
    """A plotly figure. Attributes: `figure` (dict: data, layout, config), `alt`, `title`, `caption`.

    Its pictures (light and dark) are its children.
    """


def numbers(value: Any) -> list[Any]:
    """A row of numbers, or rows of them: a list as it is, a typed array decoded.

    Raises ValueError for a typed array of an unknown kind.
    """
    if isinstance(value, dict) and "bdata" in value:
        code = DTYPES.get(str(value.get("dtype")))
        if code is None:
            raise ValueError(
                f"typed array of dtype {value.get('dtype')!r}; known: {', '.join(DTYPES)}"
            )
        raw = base64.b64decode(value["bdata"])
        flat = [item[0] for item in struct.iter_unpack(f"<{code}", raw)]
        shape = [int(side) for side in str(value.get("shape", "")).split(",") if side.strip()]
        if len(shape) == 2 and prod(shape) == len(flat):
            return [flat[n : n + shape[1]] for n in range(0, len(flat), shape[1])]
        return flat
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []


def spread(count: int, most: int) -> list[int]:
    """At most `most` indices out of `count`, evenly spread, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return sorted({round(n * (count - 1) / (most - 1)) for n in range(most)})


def cell(value: Any) -> str:
    """A number as a reader would write it; text as it is."""
    if value is None:
        return ""
    if not isinstance(value, float):
        return str(value)
    # four digits at least; a thousand and more is whole, and grouped
    return f"{value:,.0f}" if 1e3 <= abs(value) < 1e15 else f"{value:.4g}"


def axis_title(layout: dict[str, Any], axis: str) -> str:
    """What an axis of the figure is called, or its letter."""
    title = (layout.get(f"{axis}axis") or {}).get("title") or {}
    words = title if isinstance(title, str) else title.get("text")
    return str(words or axis)


def trace_table(
    trace: dict[str, Any], name: str, most: int, layout: dict[str, Any] | None = None
) -> str:
    """A trace's numbers as a table of at most `most` rows (and a dozen columns of a heatmap)."""
    if trace.get("type") == "heatmap":
        z = [numbers(row) for row in numbers(trace.get("z"))]
        if not z or not z[0]:
            return ""
        xs = numbers(trace.get("x")) or list(range(len(z[0])))
        ys = numbers(trace.get("y")) or list(range(len(z)))
        columns, rows = spread(len(z[0]), 12), spread(len(z), most)
        head = ["", *(cell(xs[j]) for j in columns)]
        body = [[cell(ys[i]), *(cell(z[i][j]) for j in columns)] for i in rows]
        whole = len(rows) == len(z) and len(columns) == len(z[0])
        size = f"{len(z)} × {len(z[0])}"
    else:
        y = numbers(trace.get("y"))
        x = numbers(trace.get("x")) or list(range(len(y)))
        if not y and not x:
            return ""
        rows = spread(min(len(x), len(y)), most)
        head = [axis_title(layout or {}, axis) for axis in ("x", "y")]
        body = [[cell(x[i]), cell(y[i])] for i in rows]
        whole = len(rows) == min(len(x), len(y))
        size = f"{min(len(x), len(y))} points"
    caption = f"{name} ({size}{'' if whole else ', some of them'})"
    header = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
    lines = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(text)}</td>" for text in row[1:])
        + "</tr>"
        for row in body
    )
    return (
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{header}</tr></thead><tbody>{lines}</tbody></table>"
    )


def data_html(figure: dict[str, Any], most: int) -> str:
    """The numbers of a figure, folded away."""
    tables = [
        trace_table(trace, str(trace.get("name") or f"Series {n}"), most, figure.get("layout"))
        for n, trace in enumerate(figure["data"], 1)
    ]
    body = "".join(tables)
    if not body:
        return ""
    return (
        f'<details class="live-data"><summary>The numbers of this figure</summary>{body}</details>'
    )


def slim(figure: dict[str, Any]) -> dict[str, Any]:
    """A figure less what it does not use: a template's words on other kinds of traces."""
    layout = dict(figure.get("layout") or {})
    template = layout.get("template")
    if isinstance(template, dict):
        used = {trace.get("type", "scatter") for trace in figure["data"]}
        data = {kind: v for kind, v in (template.get("data") or {}).items() if kind in used}
        words = {
            key: value
            for key, value in (template.get("layout") or {}).items()
            # the page's theme has the last word on these, and this build draws no maps
            if key in ("colorscale", "colorway", "coloraxis", "title", "hovermode", "margin")
        }
        layout["template"] = {"data": data, "layout": words}
    return {
        "data": figure["data"],
        "layout": layout,
        **{key: figure[key] for key in ("config", "frames") if figure.get(key)},
    }


class PlotlyPlugin:
    """A myst-nb mime renderer for plotly's figures."""

    mime_priority_overrides = tuple((name, PLOTLY, 5) for name in ("html", "dirhtml", "singlehtml"))

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """The node of a figure that a cell shows; None leaves the output to myst-nb.

        A figure with a kind of trace that the site's plotly.js lacks is noted as lost; one without a
        text alternative is shown, with a warning.
        """
        if inline or data.mime_type != PLOTLY or not active(renderer):
            return None
        figure = data.content if isinstance(data.content, dict) else json.loads(data.string)
        kinds = {str(trace.get("type", "scatter")) for trace in figure.get("data", [])}
        unknown = sorted(kinds - set(TRACES))
        if unknown:
            lose(
                renderer,
                data.line,
                f"plotly trace {unknown[0]!r}: this site's plotly.js draws {', '.join(TRACES)}; "
                "add it to sphinx_alive's js/plotly.js and to TRACES in figures.py",
            )
            return []
        meta = (figure.get("layout") or {}).get("meta")
        meta = meta if isinstance(meta, dict) else {}
        alt = str(meta.get("alt", ""))
        if not alt.strip():
            renderer.logger.warning(
                "a plotly figure has no text alternative: "
                'give it one with fig.update_layout(meta={"alt": "..."})',
                subtype="alt",
                line=data.line,
            )
        told = {key: meta.get(key) for key in ("title", "caption")}
        return [plot(figure=figure, alt=alt, **told)]


class DrawPlot(SphinxTransform):
    """Draw a picture of each figure that brings none, while the page is read."""

    default_priority = 800  # before Sphinx gathers the pictures of the page

    def apply(self, **kwargs: Any) -> None:
        for bundle, forms in bundles(self.document):
            node = forms[PLOTLY].children[0] if PLOTLY in forms and forms[PLOTLY].children else None
            if isinstance(node, plot) and PICTURE not in forms:
                try:
                    node += self.pictures(node)
                except ImportError as error:
                    self.warn(bundle, f"{error.name or 'matplotlib'} is not installed")
                except (stills.Undrawable, ValueError, TypeError) as error:
                    self.warn(bundle, str(error))

    def warn(self, bundle: nodes.Element, why: str) -> None:
        LOGGER.warning(
            "a plotly figure has no picture for paper and for pages without JavaScript, only its "
            "numbers: %s",
            why,
            location=bundle,
            type="alive",
            subtype="still",
        )

    def pictures(self, node: plot) -> list[nodes.image]:
        """The light and the dark picture, written where myst-nb keeps those of cells."""
        folder = Path(self.env.mystnb_config.output_folder)  # type: ignore[attr-defined]
        height = round(float((node["figure"].get("layout") or {}).get("height") or HEIGHT))
        images = []
        for theme in ("light", "dark"):
            raw = stills.png(stills.draw(node["figure"], numbers, theme))
            file = folder / f"{hashlib.sha256(raw).hexdigest()}.png"
            if not file.exists():
                folder.mkdir(parents=True, exist_ok=True)
                file.write_bytes(raw)
            uri = "/" + Path(os.path.relpath(file, self.app.srcdir)).as_posix()
            image = nodes.image(uri=uri, alt=node["alt"])
            if theme == "dark":
                image["alive_dark"] = True
            else:
                image["alive"] = {"width": stills.WIDTH, "height": height}
            images.append(image)
        return images


class WrapPlot(SphinxPostTransform):
    """HTML: keep the picture that came with a figure, for where there is no JavaScript."""

    default_priority = 3
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for bundle, forms in bundles(self.document):
            figure = forms[PLOTLY].children[0] if PLOTLY in forms else None
            if isinstance(figure, plot):
                if PICTURE in forms:
                    figure += [n for n in forms[PICTURE].children if isinstance(n, nodes.image)]
                bundle.replace_self([figure])


def visit_plot(translator: Any, node: plot) -> None:
    config = translator.builder.app.config
    figure = slim(node["figure"])
    height = figure["layout"].get("height") or HEIGHT
    tokens = {**TOKENS, **config.alive_plotly_tokens}
    source = (
        json.dumps(figure, separators=(",", ":"))
        .replace("</", "<\\/")
        .replace("<!--", "<\\u0021--")
    )
    fallback = fallback_html(translator, node)
    if not fallback:
        fallback = '<noscript><p class="live-note">This chart needs JavaScript.</p></noscript>'
    translator.body.append(
        f'<figure class="live-plot" data-tokens="{escape(json.dumps(tokens))}" '
        f'style="--live-height:{float(height):g}px">\n{fallback}\n'
        f'<div class="live-plot-chart" role="img" aria-label="{escape(node["alt"])}" '
        f'style="height:{float(height):g}px"></div>\n'
        f"{data_html(node['figure'], int(config.alive_plotly_rows))}\n"
        f'<script type="application/json">{source}</script>\n</figure>\n'
    )
    raise nodes.SkipNode


def page_context(
    app: Sphinx, _page: str, _template: str, _context: dict[str, Any], doctree: Any
) -> None:
    if page_has(doctree, plot):
        app.add_js_file("alive/pictures.js", type="module", priority=400)
        app.add_js_file("alive/figures.js", type="module")


def setup(app: Sphinx) -> None:
    from myst_nb.core.render import load_mime_renders

    app.add_config_value("alive_plotly_tokens", {}, "html", [dict])
    app.add_config_value("alive_plotly_rows", 40, "html", [int])
    renderers = load_mime_renders()
    if PlotlyPlugin not in renderers:
        renderers.append(PlotlyPlugin)
    other = (visit_other, visit_other)
    app.add_node(plot, html=(visit_plot, None), latex=other, text=other, man=other, texinfo=other)
    app.add_transform(DrawPlot)
    app.add_post_transform(WrapPlot)
    app.connect("html-page-context", page_context)
