"""The printed picture of "An attention head that looks k back": the weights, and by distance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import palette, text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.lookback import LookBack


def lookback(view: LookBack, theme: str = "light") -> Figure:
    """The picture of the view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    attended = view.attended
    shown = attended.weights if view.shown == "weights" else attended.scores
    span = 1.0 if view.shown == "weights" else float(np.abs(shown).max()) or 1.0
    n = len(view.words)
    at = np.arange(n)
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 4.6))
        left, right = figure.subplots(1, 2, gridspec_kw={"wspace": 0.28})
        left.imshow(shown, cmap=palette.colour_map(theme), vmin=-span, vmax=span)
        left.plot(at[: n - view.k], at[view.k :], "--", color=c["off"], lw=1.4)
        left.axhspan(view.t - 0.5, view.t + 0.5, fill=False, ec=c["pos"], lw=1.4)
        left.set_yticks(at, view.words, color=c["tok"])
        left.set_xticks(at, view.words, color=c["tok"], rotation=60, ha="left")
        left.xaxis.tick_top()
        left.tick_params(length=0)
        left.get_yticklabels()[view.t].set_color(c["pos"])
        for back, values in view.by_distance.items():
            right.plot(np.full(len(values), back), values, "o", ms=2.5, color=c["ink"], alpha=0.4)
        right.plot(view.t - at, shown[view.t], "o-", ms=3.5, lw=0.9, color=c["pos"])
        right.axvline(view.k, ls="--", color=c["off"], lw=1.2)
        right.set(xlabel="words back", ylabel=view.shown.removesuffix("s"))
        right.set_title(
            f"looked at from \u201c{view.words[view.t]}\u201d, t = {view.t}",
            loc="left",
            size=9,
            color=c["pos"],
        )
    return figure


def lookback_alt(view: LookBack) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    attended = view.attended
    row = attended.weights[view.t]
    best = int(row.argmax())
    back = view.t - best
    place = f"{back} back" if back > 0 else f"{-back} ahead" if back < 0 else "itself"
    matrix = {
        "shift": f"the shift by {text.number(-view.k)}",
        "identity": "the identity",
        "random": f"a random matrix (seed {view.seed})",
    }[view.matrix]
    return (
        f"Attention of {len(view.words)} words to each other as a heatmap, from their positions "
        f"alone; the query matrix is {matrix}, times {text.number(view.sharpness)}. "
        f"\u201c{view.words[view.t]}\u201d at position {view.t} gives {text.fixed(row[best], 2)} "
        f"of its attention to \u201c{view.words[best]}\u201d, {place}. Beside it the "
        f"{view.shown} by distance, a dot for each pair of words: at one distance the scores "
        f"differ by up to {text.number(spread(attended.scores), 2)}, the weights by up to "
        f"{text.number(spread(attended.weights), 2)}."
    )


def spread(values: np.ndarray) -> float:
    """How far the values along one diagonal differ at most, over all diagonals."""
    n = len(values)
    return float(max(np.ptp(np.diagonal(values, back)) for back in range(1 - n, n)))
