"""The printed race: where the runs of each encoding stand, and their ways through training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import palette, text
from posenc.views.race import ENCODINGS, TASKS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.race import Race


def race(view: Race, theme: str = "light") -> Figure:
    """The picture of a race view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    names = view.shown.split(",")
    values = view.values
    a = TASKS.index(view.task)
    steps, curves = view.runs["steps"][a], view.runs["curve"][a]
    limit = float(view.runs["ceiling"][a, 0])
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 0.8 + 0.36 * max(len(names), 6)))
        left, right = figure.subplots(1, 2, width_ratios=[5, 6])
        for row, name in enumerate(names):
            seeds = values[ENCODINGS.index(name)]
            hue = c["ink"] if name == view.focus else c["ink-3"]
            left.barh(row, seeds.mean(), height=0.3, color=hue)
            left.plot(seeds, np.full(len(seeds), row), "o", ms=3, mfc=c["paper"], color=hue)
            mean = curves[ENCODINGS.index(name)].mean(axis=0)
            right.plot(steps, mean, color=hue, lw=2 if name == view.focus else 0.8)
        seeds = curves[ENCODINGS.index(view.focus)]
        right.fill_between(steps, seeds.min(axis=0), seeds.max(axis=0), color=c["rule"], zorder=0)
        left.set_yticks(range(len(names)), names)
        left.invert_yaxis()
        left.set(xlim=(0, 1.02))
        right.set(xlim=(0, view.step_max), ylim=(0, 1.02), xlabel="steps of training")
        right.axvline(view.step, color=c["ink"], lw=1)
        if limit < 1:
            left.axvline(limit, color=c["ink-2"], lw=1, ls="--")
            right.axhline(limit, color=c["ink-2"], lw=1, ls="--")
        left.set_title(
            f"share right after step {text.number(round(view.step))}", loc="left", size=9
        )
        right.set_title(f"{view.task}: {view.focus} with its seeds", loc="left", size=9)
        for axes in (left.xaxis, right.yaxis):
            axes.set_major_formatter(lambda v, _: text.percent(v))
    return figure


def race_alt(view: Race) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    a = TASKS.index(view.task)
    values = view.values
    limit = float(view.runs["ceiling"][a, 0])
    stands = ", ".join(
        f"{name} {text.percent(float(values[ENCODINGS.index(name)].mean()))}"
        for name in view.shown.split(",")
    )
    seeds = values[ENCODINGS.index(view.focus)]
    words = (
        f"Training runs on the task {view.task}, {len(seeds)} for each encoding. Share of right answers "
        f"after step {text.number(round(view.step))}: {stands}. The runs of {view.focus} lie between "
        f"{text.percent(float(seeds.min()))} and {text.percent(float(seeds.max()))}."
    )
    if limit < 1:
        words += f" Knowing which words there are, and not where, allows {text.percent(limit)}."
    return words
