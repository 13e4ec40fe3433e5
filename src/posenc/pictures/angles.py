"""The printed picture of "How orthogonal?": a histogram, and the density of random directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import cosines, palette, text
from posenc.views.angles import MOST

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.angles import Angles


def angles(view: Angles, theme: str = "light") -> Figure:
    """The picture of an angles view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    edges = np.arange(201) / 100 - 1
    at = np.linspace(-MOST, MOST, 401)
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 3.6))
        axes = figure.subplots()
        axes.axvspan(-0.1, 0.1, color=c["wash"], zorder=0)
        axes.stairs(100 * view.shares, edges, fill=True, color=c["tok"], alpha=0.35)
        random = [cosines.density(float(x), view.d_model) for x in at]
        axes.plot(at, random, color=c["ink"], lw=1.6)
        axes.set(xlim=(-MOST, MOST), ylim=(0, None), xlabel="cosine of a word and a position")
        axes.set_ylabel("pairs in a hundredth, %")
        axes.set_title(
            f"{view.model}, {view.way}: {text.percent(view.about['within_0.1'], 1)} within ±0.1",
            loc="left",
            size=9,
            color=c["tok"],
        )
        axes.set_title(
            f"random, $d$ = {text.number(view.d_model)}: {text.percent(view.random, 1)}",
            loc="right",
            size=9,
        )
    return figure


def angles_alt(view: Angles) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    about = view.about
    return (
        f"A histogram of the cosines of all words with all positions of {view.model}, {view.way}: "
        f"mean {text.fixed(about['mean'], 3)}, spread {text.fixed(about['spread'], 3)}, "
        f"{text.percent(about['within_0.1'], 1)} of the pairs within 0.1 of 0. Over it the bell of "
        f"random directions in {text.number(view.d_model)} dimensions, of spread "
        f"{text.fixed(cosines.spread(view.d_model), 3)}, with {text.percent(view.random, 1)} within "
        f"0.1."
    )
