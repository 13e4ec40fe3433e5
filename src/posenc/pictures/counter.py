"""The printed binary counter: the digits as cells, and the length of every step beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import analysis, encodings, palette, text
from posenc.checks import Floats
from posenc.views.counter import ROWS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.counter import Counter


def counter(view: Counter, theme: str = "light") -> Figure:
    """The picture of a counter view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    rows = min(ROWS, 2**view.bits)
    inside = slice(view.start, view.start + rows)
    cells = view.values[inside, ::-1]  # the fastest digit at the right, as numbers are written
    hard = np.sqrt(flips(view.bits))[inside]
    steps = view.steps[inside]
    between = view.start + np.arange(len(steps)) + 0.5
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 4.8))
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=[2, 3])
        edges = view.start - 0.5 + np.array([0, rows])
        left.imshow(
            cells - 0.5,
            aspect="auto",
            interpolation="nearest",
            cmap=palette.colour_map(theme),
            vmin=-1,
            vmax=1,
            extent=(-0.5, view.bits - 0.5, edges[1], edges[0]),
        )
        places = [str(2**j) for j in reversed(range(view.bits))]
        left.set_xticks(range(view.bits), places)
        left.xaxis.tick_top()
        left.set(ylabel="position $t$")
        left.set_title("digit worth", loc="left", size=9, color=c["ink-2"])
        for y in (view.t - 0.5, view.t + 0.5):
            left.axhline(y, color=c["pos"], lw=1.2)
        right.barh(between, hard, height=0.5, color=c["rule"])
        right.barh(between, steps, height=0.5, color=c["ink-3"])
        now = view.t - view.start
        if now < len(steps):
            right.barh(between[now], steps[now], height=0.5, color=c["off"])
            right.plot(steps[now], between[now], "D", color=c["off"], ms=5)
        if view.softness == 1:
            right.axvline(step_with_cosines(view.bits), color=c["cos"], ls="--", lw=1.2)
        right.set_title("length of the step to the next", loc="left", size=9, color=c["ink-2"])
        right.set(xlim=(0, np.sqrt(view.bits) * 1.05), ylim=(edges[1] + 0.3, edges[0]))
    return figure


def flips(bits: int) -> Floats:
    """How many digits flip from each position to the next, shape (2^bits - 1,)."""
    counted: Floats = np.abs(np.diff(encodings.binary(2**bits, bits), axis=0)).sum(axis=1)
    return counted


def step_with_cosines(bits: int) -> float:
    """The length of every step when each wave of the counter has its cosine beside it.

    Wave j turns by pi / 2^j a position: the frequencies of base 2^d and width 2d, at the offset pi.
    Halved, because a digit runs from 0 to 1 and not from -1 to 1.
    """
    return float(analysis.distance_by_offset([np.pi], 2 * bits, base=2.0**bits)[0]) / 2


def counter_alt(view: Counter) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    made = flips(view.bits)
    words = (
        f"A binary counter of {view.bits} digits: positions {text.number(view.start)} to "
        f"{text.number(view.start + min(ROWS, 2**view.bits) - 1)} downwards, one digit a column, "
        f"the fastest at the right. "
    )
    if view.t < view.t_max:
        words += (
            f"From position {text.number(view.t)} to {text.number(view.t + 1)} "
            f"{int(made[view.t])} of {view.bits} digits {'flips' if made[view.t] == 1 else 'flip'}. "
        )
    steps = view.steps
    words += (
        f"Beside the rows, how far each position is from the next: from "
        f"{text.fixed(steps.min(), 2)} to {text.fixed(steps.max(), 2)}"
    )
    if view.softness:
        words += (
            f" with the digits softened by {text.number(view.softness)}, and from 1.00 to "
            f"{text.fixed(np.sqrt(made.max()), 2)} for the digits themselves"
        )
    return words + "."
