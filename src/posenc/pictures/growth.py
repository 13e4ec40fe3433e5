"""The printed learned table: at the first checkpoint, at the one in sight, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import palette, text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.growth import Growth


def growth(view: Growth, theme: str = "light") -> Figure:
    """The picture of a growth view as it stands: table, cosines, attention."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    shot = view.at(view.shot)
    most = float(np.abs(shot.table).max())
    rows, reached = len(shot.table), min(int(view.about["length"]), len(shot.table))
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 3.4))
        axes = figure.subplots(1, 3, width_ratios=[4, 3, 3])
        titles = (
            f"the table after step {text.number(shot.step)}",
            "cosine of every two rows",
            f"attention, head {view.about['head']} of layer {view.about['layer']}",
        )
        for ax, values, title in zip(
            axes, (shot.table / most, shot.cosines, shot.map), titles, strict=True
        ):
            ax.imshow(
                values,
                cmap=palette.colour_map(theme),
                vmin=-1,
                vmax=1,
                aspect="auto",
                interpolation="nearest",
            )
            ax.set_title(title, loc="left", size=9)
        axes[0].set(ylabel="position $t$", xlabel="channel $j$")
        if reached < rows:
            for ax in axes[:2]:
                ax.axhline(reached - 0.5, color=c["ink"], lw=1.2, ls="--")
    return figure


def growth_alt(view: Growth) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    shot, about = view.at(view.shot), view.about
    rows, reached = len(shot.table), min(int(about["length"]), len(shot.table))
    inside = shot.cosines[:reached, :reached]
    words = (
        f"A learned table of {rows} positions and {shot.table.shape[1]} channels after step "
        f"{text.number(shot.step)} of training on the task {about['task']}; beside it the cosine of "
        f"every two rows, of neighbours {text.fixed(float(np.diagonal(inside, 1).mean()), 2)} on "
        f"average, and the attention of one head."
    )
    if view.target is not None:
        words += (
            f" The head puts {text.percent(view.target)} of its attention on the place asked for."
        )
    if reached < rows:
        words += (
            f" Rows {reached} to {rows - 1}, which no sequence reached, have moved by "
            f"{text.percent(view.moved(reached, rows))} of their length since the first step, the "
            f"others by {text.percent(view.moved(0, reached))}."
        )
    return words
