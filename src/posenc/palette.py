"""The design tokens in Python: colours, colour map, a matplotlib style and a plotly template.

``static/tokens.css`` is the one place where a colour is chosen; this module reads it.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.colors import LinearSegmentedColormap

TOKENS = Path(__file__).resolve().parent / "static" / "tokens.css"
_BLOCK = re.compile(r"/\* @block ([\w-]+) \*/(.*?)(?=/\* @block|\Z)", re.S)
_PROPERTY = re.compile(r"--([\w-]+):\s*([^;]+);")


@functools.cache
def tokens(theme: str = "light") -> dict[str, str]:
    """The custom properties of one block of tokens.css, names without the leading ``--``.

    Raises:
        ValueError: there is no such block.
    """
    blocks = dict(_BLOCK.findall(TOKENS.read_text("utf-8")))
    if theme not in blocks:
        raise ValueError(f"theme must be one of {', '.join(blocks)}; got {theme!r}")
    return {name: value.strip() for name, value in _PROPERTY.findall(blocks[theme])}


def stops(theme: str = "light") -> list[str]:
    """The 17 colours of the map for [-1, 1], from -1 to 1; the middle one is the paper."""
    return tokens(theme)["map"].split()


def colour_map(theme: str = "light") -> LinearSegmentedColormap:
    """The diverging map for values in [-1, 1] as a matplotlib colour map."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list(f"posenc-{theme}", stops(theme), N=257)


def style(theme: str = "light") -> dict[str, Any]:
    """matplotlib rcParams in the book's look: ``with matplotlib.rc_context(palette.style()):``."""
    c = tokens(theme)
    return {
        "font.family": "sans-serif",
        "font.sans-serif": ["Instrument Sans", "Helvetica Neue", "Arial", "DejaVu Sans"],
        "mathtext.fontset": "cm",
        "font.size": 9,
        "text.color": c["ink"],
        "axes.labelcolor": c["ink-2"],
        "axes.edgecolor": c["edge"],
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.facecolor": c["paper"],
        "figure.facecolor": c["paper"],
        "savefig.facecolor": c["paper"],
        "xtick.color": c["ink-3"],
        "ytick.color": c["ink-3"],
        "xtick.labelsize": 8,
        "ytick.labelsize": 8,
        "legend.frameon": False,
        "lines.linewidth": 1.2,
    }


def plotly_template(theme: str = "light") -> dict[str, Any]:
    """A plotly template in the book's look, for ``figure.update_layout(template=...)``."""
    c = tokens(theme)
    axis = {
        "gridcolor": c["rule"],
        "linecolor": c["edge"],
        "zerolinecolor": c["edge"],
        "tickfont": {"color": c["ink-3"], "size": 12},
        "title": {"font": {"color": c["ink-2"], "size": 13}},
    }
    return {
        "layout": {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": "Instrument Sans, Helvetica Neue, sans-serif", "color": c["ink-2"]},
            "colorway": [c["sin"], c["cos"], c["tok"], c["off"], c["pos"]],
            "xaxis": axis,
            "yaxis": axis,
            "hoverlabel": {"font": {"family": "Instrument Sans, sans-serif"}},
            "margin": {"l": 60, "r": 20, "t": 30, "b": 50},
        }
    }
