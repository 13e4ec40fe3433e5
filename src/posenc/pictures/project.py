"""The printed product of two blocks, and what one matrix on the sum would miss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import palette, text
from posenc.projection import WIDTH

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.project import Project


def project(view: Project, theme: str = "light") -> Figure:
    """The picture of a project view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    case = view.case
    x, p = case.words[view.word], case.places[view.t]
    parts = (
        ("$A$", case.a, c["tok"]),
        ("$x$", x[:, None], c["tok"]),
        ("$B$", case.b, c["pos"]),
        ("$p$", p[:, None], c["pos"]),
        ("$Ax + Bp$", view.values[:, None], c["ink"]),
    )
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 2.9))
        axes = figure.subplots(1, 6, width_ratios=[4, 1, 4, 1, 1, 5])
        for ax, (title, values, hue) in zip(axes, parts, strict=False):
            ax.imshow(
                np.clip(values / 4, -0.5, 0.5), cmap=palette.colour_map(theme), vmin=-1, vmax=1
            )
            for (row, column), value in np.ndenumerate(values):
                words = text.fixed(float(value), 1)
                ax.text(column, row, words, ha="center", va="center", size=7)
            ax.set_title(title, size=10, color=hue)
            ax.set(xticks=[], yticks=[])
        axes[5].imshow(view.error, cmap=palette.colour_map(theme), vmin=-1, vmax=1)
        axes[5].set(xlabel="place $t$", ylabel="word")
        axes[5].set_title("missed by one matrix on $x + p$", loc="left", size=9)
    return figure


def project_alt(view: Project) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    numbers = ", ".join(text.fixed(float(v), 1) for v in view.values)
    worst = float(view.error.max())
    miss = "nothing but rounding" if worst < 1e-6 else f"up to {text.percent(worst)}"
    return (
        f"Two matrices of {WIDTH} rows, A for the word and B for its place; their products with the "
        f"word's and the place's vector add up to {numbers}, which is the product of both matrices side "
        f"by side with both vectors on top of one another. Beside them, for 12 words and 12 places, what "
        f"the best single matrix on the sum misses: with words in {view.word_directions} and places in "
        f"{view.place_directions} of {WIDTH} directions, {miss}."
    )
