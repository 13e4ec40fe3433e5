"""The printed clocks of a table: eigenvalues, the way of one hand, and the test of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import palette, tables, text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.found import Found


def found(view: Found, theme: str = "light") -> Figure:
    """The picture of a found view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    from posenc.views.found import NAMES

    c = palette.tokens(theme)
    clocks, about = view.clocks, tables.TABLES[view.table]
    chosen = clocks.hands[view.chosen]
    positions = np.arange(about.first, about.last + 1)
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 6.0))
        grid = figure.add_gridspec(
            2, 2, height_ratios=[2, 1.15], width_ratios=[1, 1.35], hspace=0.34, wspace=0.3
        )
        plane, wave, ladder = (
            figure.add_subplot(grid[0, 0]),
            figure.add_subplot(grid[0, 1]),
            figure.add_subplot(grid[1, :]),
        )
        turn = np.linspace(0, 2 * np.pi, 200)
        plane.plot(np.cos(turn), np.sin(turn), "-", color=c["edge"], lw=0.9)
        plane.axhline(0, color=c["rule"], lw=0.6)
        plane.axvline(0, color=c["rule"], lw=0.6)
        for hand in clocks.hands:
            z = hand.value
            plane.plot([0, z.real], [0, z.imag], "-", color=c["ink"], lw=1.2 * (hand is chosen))
            if hand.turns:
                plane.plot([z.real], [-z.imag], "o", ms=3, color=c["edge"])
            plane.plot(
                [z.real],
                [z.imag],
                "o" if hand.turns else "s",
                ms=7 if hand is chosen else 5,
                mfc=c["ink"] if hand.turns else c["paper"],
                mec=c["ink"],
            )
        plane.set(aspect="equal", xlim=(-1.15, 1.15), ylim=(-1.15, 1.15), xticks=[-1, 1], yticks=[])
        plane.set_title(f"{about.label}: eigenvalues", loc="left", size=9)
        wave.plot(positions, chosen.reading.real, "-", color=c["ink"], lw=0.9)
        if chosen.turns:
            even = np.cos(2 * np.pi * np.arange(len(positions)) / chosen.period)
            wave.plot(positions, even, color=c["off"], lw=0.7, linestyle=(0, (5, 4)))
        if view.fit == tables.FITS[0]:
            wave.axvspan(
                positions[0], positions[len(positions) // 2 - 1], color=c["wash"], zorder=0
            )
        wave.axvline(view.t, color=c["pos"], lw=1.2)
        wave.set(xlim=(positions[0], positions[-1]), xlabel="position $t$")
        wave.set_title(f"the hand of period {period(chosen)}", loc="left", size=9)
        for k, name in enumerate(NAMES):
            other = view.clocks_of(name)
            ladder.plot([other.held_out, other.still], [k, k], "-", color=c["ink-3"], lw=0.9)
            ladder.plot([other.still], [k], "D", ms=6, mfc=c["paper"], mec=c["off"])
            ladder.plot([other.held_out], [k], "o", ms=6, color=c["ink"])
        ladder.set(xlim=(0, 1.5), ylim=(len(NAMES) - 0.5, -0.5))
        ladder.set_yticks(range(len(NAMES)), [tables.TABLES[name].label for name in NAMES])
        ladder.set_title(
            "error on rows the map never saw (dot), and of not moving at all (diamond)",
            loc="left",
            size=9,
        )
    return figure


def period(hand: tables.Hand) -> str:
    """A period as the live figure writes it; for what turns nothing a word."""
    if not hand.turns:
        return "none"
    p = hand.period
    return text.fixed(p, 0 if p >= 100 else 1 if p >= 10 else 2)


def found_alt(view: Found) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    clocks, about = view.clocks, tables.TABLES[view.table]
    turning = [hand for hand in clocks.hands if hand.turns]
    periods = ", ".join(period(hand) for hand in turning) or "none"
    better = (
        "the map has found what moves the rows"
        if clocks.held_out < 0.5 * clocks.still
        else "the map does worse than not moving"
        if clocks.still <= clocks.held_out < 0.9
        else "the map has found little or nothing"
    )
    return (
        f"Of {about.says}: the eigenvalues of the best linear map from a row to the next, on "
        f"{view.m} principal components that carry {text.percent(clocks.carried)} of the variance, "
        f"with the unit circle; {len(turning)} pairs of them turn, with the periods {periods}. "
        f"Beside it the hand of period {period(clocks.hands[view.chosen])} at every position. Below, for "
        f"five tables, the error of the map on rows that it never saw against that of not moving at "
        f"all; here {text.fixed(clocks.held_out, 2)} against {text.fixed(clocks.still, 2)}: {better}."
    )
