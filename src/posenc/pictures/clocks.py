"""The printed clocks: the chosen clock large, the bank beside it, the row below."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from posenc import encodings, palette, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from posenc.views.clocks import Clocks

WIDE, HIGH = 876.0, 372.0  # the drawing's own units: pixels of the live figure, y upwards
BANK = 334.0  # where the bank begins
BIG = (128.0, HIGH - 128.0, 116.0)  # centre and radius of the chosen clock
STRIP = (8.0, 28.0)  # foot and height of the strip


def clocks(view: Clocks, theme: str = "light") -> Figure:
    """The picture of a clocks view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    colour = palette.colour_map(theme)
    omegas = encodings.frequencies(view.d_model, base=view.base)
    values = view.values
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(WIDE / 100, HIGH / 100))
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, WIDE), ylim=(0, HIGH), aspect="equal")
        ax.axis("off")

        def cell(x: float, y: float, w: float, h: float, value: float, edge: str) -> None:
            ax.add_patch(_rectangle(x, y, w, h, fc=colour((value + 1) / 2), ec=edge, lw=0.5))

        _big(ax, view, omegas, values, c, cell)
        columns = min(len(omegas), 8 if len(omegas) > 8 else 4)
        rows = -(-len(omegas) // columns)
        pitch, room = (WIDE - BANK) / columns, HIGH - 76
        crowd = len(omegas) > 16
        side = 9 if crowd else 13
        radius = min(pitch * 0.44, 42, (room / rows - side - 26) / 2)
        rise = min(room / rows, 2 * radius + side + 54)
        top = HIGH - (room - rise * rows) / 2
        for i, omega in enumerate(omegas):
            x = BANK + (i % columns + 0.5) * pitch
            y = top - (i // columns) * rise - radius - 6
            chosen = i == view.pair
            _face(ax, x, y, radius, view.t * omega, omega, c, chosen=chosen)
            cell(x - side, y - radius - 5 - side, side, side, values[2 * i], c["edge"])
            cell(x, y - radius - 5 - side, side, side, values[2 * i + 1], c["edge"])
            ax.text(
                x,
                y - radius - 8 - side,
                quantity(2 * math.pi / omega),
                ha="center",
                va="top",
                size=6.5 if crowd else 7.5,
                color=c["ink" if chosen else "ink-3"],
                weight="bold" if chosen else "normal",
            )
        foot, height = STRIP
        w = (WIDE - BANK) / view.d_model
        for j, value in enumerate(values):
            cell(BANK + j * w, foot, w, height, value, "none")
        outline: dict[str, Any] = {"fc": "none", "lw": 0.7}
        ax.add_patch(_rectangle(BANK, foot, WIDE - BANK, height, ec=c["edge"], **outline))
        outline["lw"] = 1.4
        chosen_x = BANK + 2 * view.pair * w
        ax.add_patch(_rectangle(chosen_x, foot - 2, 2 * w, height + 4, ec=c["ink"], **outline))
        words = f"side by side: row $t$ = {text.number(view.t)} of the table"
        ax.text(BANK, foot + height + 8, words, size=8, color=c["ink-2"])
    return figure


def _rectangle(x: float, y: float, w: float, h: float, **look: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), w, h, **look)


def _face(
    ax: Axes,
    x: float,
    y: float,
    r: float,
    angle: float,
    step: float,
    c: dict[str, str],
    *,
    chosen: bool,
) -> None:
    """Rim, hand, and the sector of the step just made."""
    from matplotlib.patches import Circle, Wedge

    start, end = np.rad2deg([angle - step, angle])
    ax.add_patch(Wedge((x, y), r, start, end, fc=c["pos-wash"], ec="none"))
    rim = {"ec": c["ink" if chosen else "edge"], "lw": 1.3 if chosen else 0.8}
    ax.add_patch(Circle((x, y), r, fc="none", **rim))
    tip = (x + r * math.cos(angle), y + r * math.sin(angle))
    ax.plot([x, tip[0]], [y, tip[1]], color=c["ink"], lw=1.2)
    ax.plot(*tip, "o", color=c["ink"], ms=3, clip_on=False)


def _big(ax: Axes, view: Clocks, omegas: Any, values: Any, c: dict[str, str], cell: Any) -> None:
    """The chosen clock with its legs and its two readings."""
    x, y, r = BIG
    omega = omegas[view.pair]
    sine, cosine = values[2 * view.pair : 2 * view.pair + 2]
    ax.plot([x - r - 10, x + r + 10], [y, y], color=c["rule"], lw=0.8)
    ax.plot([x, x], [y - r - 10, y + r + 10], color=c["rule"], lw=0.8)
    _face(ax, x, y, r, view.t * omega, omega, c, chosen=True)
    tip = (x + r * cosine, y + r * sine)
    ax.plot([tip[0], tip[0]], [tip[1], y], color=c["sin"], lw=2.2)
    ax.plot([tip[0], x], [y, y], "--", color=c["cos"], lw=2.2)
    ax.plot(*tip, "o", color=c["ink"], ms=5)
    for k, (word, value) in enumerate((("sin", sine), ("cos", cosine))):
        left, foot = 12 + 124 * k, 74
        cell(left, foot, 30, 30, value, c["edge"])
        ax.text(left + 38, foot + 22, word, size=8, weight="bold", color=c[word])
        ax.text(left + 38, foot, text.fixed(value, 3), size=13, family="serif")
    wave = quantity(2 * math.pi / omega)
    words = f"clock $i$ = {view.pair}, once round in {wave} positions"
    ax.text(12, 46, words, size=8, color=c["ink-2"])


def quantity(x: float) -> str:
    """A wavelength in few signs, as the live figure writes it."""
    return text.fixed(x, 0 if x >= 100 else 1 if x >= 10 else 2)


def clocks_alt(view: Clocks) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    waves = encodings.wavelengths(view.d_model, base=view.base)
    turns = view.t / waves
    sine, cosine = view.values[2 * view.pair : 2 * view.pair + 2]
    return (
        f"A bank of {len(waves)} clocks, one for each pair of channels at width {view.d_model} and "
        f"base {text.number(view.base)}, at position {text.number(view.t)}. "
        f"{int(np.sum(turns >= 1))} of them have made a full turn by then; the slowest needs "
        f"{text.fixed(waves[-1], 0)} positions for one. Clock {view.pair} is drawn large: it comes "
        f"round every {text.fixed(waves[view.pair], 1)} positions and has made "
        f"{text.fixed(turns[view.pair], 2)} turns, so its hand reads sine {text.fixed(sine, 3)} "
        f"and cosine {text.fixed(cosine, 3)}. Below, the same numbers side by side: row "
        f"{text.number(view.t)} of the table."
    )
