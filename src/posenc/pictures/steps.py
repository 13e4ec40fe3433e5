"""The printed picture of "One at a time, all at once": states, words, lines, outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from posenc import palette, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from posenc.checks import Floats
    from posenc.views.steps import Steps

SAME = 1e-9  # a share of change below this is rounding
BOTTOM, TOP = 0.0, 1.0  # of a row of the drawing, in its own axes
HEIGHTS = {
    "title": 0.35,
    "bars": 0.7,
    "hops": 0.5,
    "states": 1.6,
    "words": 1.5,
    "heading": 0.4,
    "fan": 2.0,
    "outputs": 1.6,
}


def steps(view: Steps, theme: str = "light") -> Figure:
    """The picture of the view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    bars = ["bars"] * (view.change != "none")
    parts = ["title", *bars, "hops", "states", "words", "heading", "fan", "outputs", *bars]
    heights = [HEIGHTS[part] for part in parts]
    read, back, n = round(view.t), view.back, view.length
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 0.62 * sum(heights)))
        ratios = {"height_ratios": heights, "hspace": 0.1}
        axes: list[Axes] = list(figure.subplots(len(parts), 1, sharex=True, gridspec_kw=ratios))
        for ax in axes:
            ax.axis("off")
            ax.set(xlim=(-0.5, n - 0.5), ylim=(BOTTOM, TOP))
        if bars:
            states, outputs = view.changes
            most = max(states.max(), outputs.max())
            _bars(axes.pop(1), states / most, "change of each state", c)
            _bars(axes.pop(), outputs / most, "change of each word's output", c)
        title, hops, above, words, heading, fan, below = axes
        _heading(title, f"Recurrent network: step {read + 1} of {n}", back, c)
        _heading(
            heading, f"Self-attention: all {text.number(n * n)} pairs in 1 step", min(back, 1), c
        )
        for p in range(1, n):
            _hop(hops, p, c["off"] if read - back < p <= read else c["edge"], p <= read)
        _cells(above, np.where(np.arange(n)[:, None] <= read, view.states, np.nan), theme)
        size = max(4.5, min(8.0, 105 / n))
        for p, word in enumerate(view.words):
            words.text(p, TOP, word, rotation=90, ha="center", va="top", size=size, color=c["tok"])
        attended = view.attended
        _lines(fan, attended.weights, c)
        _cells(below, attended.output / np.abs(attended.output).max(), theme)
        for ax in (above, below):
            ax.axvspan(read - 0.42, read + 0.42, fc="none", ec=c["pos"], lw=1.6)
        if back:
            ends = [read - back, read]
            words.plot(ends, [0.1, 0.1], "--", color=c["off"], lw=1.4)
            words.plot(ends[:1], [0.1], "D", ms=6.5, color=c["off"], clip_on=False)
            fan.plot(ends, [TOP, BOTTOM], "--", color=c["off"], lw=2)
        words.plot([read], [0.1], "o", ms=7, color=c["pos"], clip_on=False)
    return figure


def _hop(ax: Axes, to: int, colour: str, read: bool) -> None:
    """The arrow from one state to the next, faint where the network has not read."""
    ax.annotate(
        "",
        (to, 0),
        (to - 1, 0),
        arrowprops={
            "arrowstyle": "->",
            "connectionstyle": "arc3,rad=-0.4",
            "color": colour,
            "lw": 1.2,
            "alpha": 1 if read else 0.35,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )


def _heading(ax: Axes, words: str, steps: int, c: dict[str, str]) -> None:
    """What a network does, and the way between the two marked words, if there are two."""
    ax.text(0, 0.5, words, transform=ax.transAxes, size=9, va="center")
    if steps:
        way = f"way between the two words: {steps} step{'s' * (steps != 1)}"
        look: dict[str, Any] = {"size": 8.5, "va": "center", "ha": "right", "color": c["off"]}
        ax.text(1, 0.5, way, transform=ax.transAxes, **look)


def _cells(ax: Axes, rows: Floats, theme: str) -> None:
    """Vectors as columns of coloured cells, the first channel on top."""
    for p, row in enumerate(rows):
        ax.imshow(
            row[:, None],
            aspect="auto",
            cmap=palette.colour_map(theme),
            vmin=-1,
            vmax=1,
            extent=(p - 0.36, p + 0.36, BOTTOM, TOP),
        )
    ax.set(xlim=(-0.5, len(rows) - 0.5), ylim=(BOTTOM, TOP))


def _lines(ax: Axes, weights: Floats, c: dict[str, str]) -> None:
    """A line from every word to every output, darker the larger the weight."""
    from matplotlib.collections import LineCollection
    from matplotlib.colors import to_rgba

    n = len(weights)
    strength = min(1.0, 24 / n) * (0.06 + 0.74 * weights / weights.max())
    lines = [[(s, TOP), (t, BOTTOM)] for t in range(n) for s in range(n)]
    ink: list[Any] = [to_rgba(c["ink"], alpha) for alpha in strength.ravel()]
    ax.add_collection(LineCollection(lines, colors=ink, linewidths=0.5))


def _bars(ax: Axes, shares: Floats, label: str, c: dict[str, str]) -> None:
    ax.bar(range(len(shares)), shares * 0.6, width=0.72, color=c["ink-3"])
    ax.axhline(0, color=c["edge"], lw=0.8)
    ax.text(-0.5, 0.98, label, size=7.5, color=c["ink-3"], va="top")


def steps_alt(view: Steps) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    read, back, n = round(view.t), view.back, view.length
    words = view.words
    sentence = (
        f"A sentence of {n} words between two networks. Above it the states of a recurrent "
        f"network, filled up to position {read}, “{words[read]}”, the step {read + 1} of {n}. Below it "
        f"a line from every word to every output of self-attention, {text.number(n * n)} in all, "
        "in one step."
    )
    if back:
        way = f"{back} step{'s' * (back != 1)}"
        sentence += (
            f" From “{words[read - back]}” to “{words[read]}” it is {way} along the chain and 1 "
            "step through attention."
        )
    if view.change == "none":
        return sentence
    states, outputs = view.changes
    done = (
        "The two are swapped" if view.change == "swap" else f"“{words[read - back]}” is new there"
    )
    return (
        f"{sentence} {done}: {int(np.sum(states >= SAME))} of {n} states are different, and "
        f"{int(np.sum(outputs >= SAME))} of {n} outputs, each followed with its word."
    )
