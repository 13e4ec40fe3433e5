"""The printed questions: the drawing as it waits for a guess, with no answer in it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from posenc import palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.predict import Choice, Rings, Scale, Sketch

WIDTH = 8.76  # inches, the width of an exhibit
PER_ROW = 32


def predict_rings(view: Rings, theme: str = "light") -> Figure:
    """A row of empty clocks."""
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.patches import Circle

    c = palette.tokens(theme)
    n = len(view.turns)
    rows = -(-n // PER_ROW)
    across = min(n, PER_ROW)
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(WIDTH, WIDTH * (rows + 0.6) / across))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(-0.5, across - 0.5), ylim=(rows - 0.2, -0.8), aspect="equal")
        axes.axis("off")
        for i in range(n):
            where = (i % PER_ROW, i // PER_ROW)
            axes.add_patch(Circle(where, 0.36, fill=False, edgecolor=c["edge"], linewidth=0.8))
    return figure


def predict_scale(view: Scale, theme: str = "light") -> Figure:
    """An axis without a marker."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(WIDTH, 0.9))
        axes = figure.add_axes((0.03, 0.5, 0.94, 0.3))
        if view.log:
            axes.set_xscale("log")
            last = math.floor(math.log10(view.high) + 1e-9)
            ticks = [10.0**e for e in range(math.ceil(math.log10(view.low) - 1e-9), last + 1)]
            axes.set_xticks(ticks, [f"{x:,.0f}" for x in ticks])
            axes.minorticks_off()
        axes.set(xlim=(view.low, view.high), ylim=(0, 1), yticks=[])
        axes.spines["left"].set_visible(False)
        for mark in view.marks:
            axes.axvline(mark["value"], 0, 0.25, color=c["ink-3"], lw=0.8)
            axes.annotate(
                mark["label"], (mark["value"], 0.35), ha="center", size=8, color=c["ink-3"]
            )
        if view.quantity:
            unit = f", in {view.unit}" if view.unit else ""
            axes.set_xlabel(f"{view.quantity}{unit}")
    return figure


def predict_choice(view: Choice, theme: str = "light") -> Figure:
    """The answers, none of them chosen."""
    import matplotlib
    from matplotlib.figure import Figure

    from posenc.exhibits.markup import plain

    c = palette.tokens(theme)
    n = len(view.words)
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(WIDTH, 0.3 * n + 0.1))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, WIDTH), ylim=(n - 0.3, -0.7))
        axes.axis("off")
        for k, words in enumerate(view.words):
            axes.plot(0.12, k, "o", mfc="none", mec=c["edge"], ms=8)
            axes.text(0.34, k, plain(words), va="center", size=10, color=c["ink"])
    return figure


def predict_sketch(view: Sketch, theme: str = "light") -> Figure:
    """Axes with a dot to start from, and no curve."""
    import matplotlib
    from matplotlib.figure import Figure

    from posenc.exhibits.markup import plain

    c = palette.tokens(theme)
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(WIDTH, 2.6))
        axes = figure.add_axes((0.06, 0.18, 0.92, 0.74))
        axes.set(xlim=(view.x[0], view.x[-1]), ylim=(view.low, view.high))
        axes.grid(axis="y", color=c["rule"], lw=0.6)
        axes.axhline(0, color=c["edge"], lw=0.8)
        axes.plot(view.x[0], view.guess[0], "o", color=c["ink"], ms=7, clip_on=False)
        axes.set_xlabel(plain(view.across))
        axes.set_title(plain(view.quantity), loc="left", size=9, color=c["ink-2"])
    return figure
