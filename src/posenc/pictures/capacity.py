"""The printed picture of "How much can you add?": two hills, and the share told apart against m."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import codebook, palette, text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.capacity import Capacity

ADDED = [2**k for k in range(8)]  # where the axis has numbers


def capacity(view: Capacity, theme: str = "light") -> Figure:
    """The picture of a capacity view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    found = view.told
    added = np.unique(np.geomspace(1, codebook.TRIED, 40).round()).astype(int)
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 3.6))
        left, right = figure.subplots(1, 2)
        low, high = found.others.min(), max(found.members.max(), 1.5)
        for values, count, middle, spread, colour in (
            (found.others, 48, 0, np.sqrt(view.m / view.d_model), c["ink-3"]),
            (found.members, 24, 1, np.sqrt((view.m - 1) / view.d_model), c["pos"]),
        ):
            bins = list(np.linspace(low, high, count))
            left.hist(values, bins, density=True, color=colour, alpha=0.45)
            if spread:
                at = np.linspace(low, high, 201)
                bell = np.exp(-(((at - middle) / spread) ** 2) / 2) / spread / np.sqrt(2 * np.pi)
                left.plot(at, bell, color=colour)
        left.axvline(found.line, color=c["ink"], lw=1, ls=":")
        left.set(xlabel="dot product with the sum, over $d$", yticks=[])
        left.set_title(f"{text.number(view.n - view.m)} not in the sum", loc="left", size=9)
        left.set_title(f"{view.m} in the sum", loc="right", size=9, color=c["pos"])
        share = [100 * codebook.expected(int(m), view.n, view.d_model) for m in added]
        right.plot(added, share, color=c["ink"])
        right.plot([view.m], [100 * found.right], "o", color=c["pos"], ms=6)
        right.axvline(view.limit, color=c["ink-2"], lw=1, ls="--")
        right.set_xscale("log", base=2)
        right.set(xlim=(1, codebook.TRIED), ylim=(0, 104), xlabel="vectors added, $m$")
        right.set_xticks(ADDED, [str(m) for m in ADDED])
        right.set_title(
            f"told apart, %: $d$ = {text.number(view.d_model)}, $N$ = {text.number(view.n)}",
            loc="left",
            size=9,
        )
    return figure


def capacity_alt(view: Capacity) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    found = view.told
    return (
        f"Left, the dot products of sums of {view.m} vectors in {text.number(view.d_model)} "
        f"dimensions: a hill about {text.fixed(float(found.members.mean()), 2)} for the vectors in "
        f"the sum, a hill about {text.fixed(float(found.others.mean()), 2)}, of spread "
        f"{text.fixed(float(found.others.std()), 2)}, for the other {text.number(view.n - view.m)}. "
        f"Right, the share that is told apart falls with the number added: "
        f"{text.percent(found.right)} at m = {view.m}, where theory expects "
        f"{text.percent(view.expected)}; a dashed line marks d / (2 ln N) = "
        f"{text.fixed(view.limit, 1)}."
    )
