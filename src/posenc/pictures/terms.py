"""The printed picture of "The four terms": four heatmaps, their sum, and its softmax."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import palette, text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.terms import Terms

NAMES = ("content to content", "content to position", "position to content", "position to position")
LETTERS = 12  # of a word that are printed
LAST_LATIN = 0x24F  # the printed letters reach so far: a word beyond is named by its place


def terms(view: Terms, theme: str = "light") -> Figure:
    """The picture of the view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    words = [_printed(word, w) for w, word in enumerate(view.words)]
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 6.2))
        if not words:
            figure.text(0.02, 0.5, "There are no words.", color=c["ink-2"])
            return figure
        faded, shares = view.faded, view.shares
        span = scale(view)
        axes = figure.subplots(2, 3, gridspec_kw={"wspace": 0.12, "hspace": 0.2})
        for at, name in enumerate(NAMES):
            axes[at // 2, at % 2].set_title(
                f"{name}: {text.percent(float(shares[at]))}", loc="left", size=9
            )
        axes[0, 2].set_title("their sum: the score", loc="left", size=9)
        axes[1, 2].set_title("softmax: attention", loc="left", size=9)
        shown = [*faded / span, faded.sum(axis=0) / span, view.weights]
        places = [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (1, 2)]
        for values, place in zip(shown, places, strict=True):
            one = axes[place]
            one.imshow(
                values, interpolation="nearest", cmap=palette.colour_map(theme), vmin=-1, vmax=1
            )
            one.tick_params(length=0)
            one.set_xticks([])
            one.set_yticks([])
            if place[1] == 0:
                one.set_yticks(range(len(words)), words, color=c["tok"], parse_math=False, size=9)
            if place[0] == 1:
                one.set_xticks(
                    range(len(words)), words, color=c["tok"], parse_math=False, size=9, rotation=90
                )
    return figure


def scale(view: Terms) -> float:
    """The value of the strongest colour: the largest of the terms and of their sum."""
    own = view.terms
    return float(max(np.abs(own).max(), np.abs(own.sum(axis=0)).max())) or 1.0


def _printed(word: str, w: int) -> str:
    if any(ord(letter) > LAST_LATIN for letter in word):
        return f"word {w + 1}"
    return word if len(word) <= LETTERS else f"{word[: LETTERS - 1]}…"


def terms_alt(view: Terms) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    words = view.words
    if not words:
        return "There are no words, and so no scores."
    matrix = {
        "identity": "the identity between query and key",
        "random": f"a random matrix (seed {view.seed}) between query and key",
        "shift": f"the shift by {text.number(-view.k)} between query and key",
    }.get(view.matrix, f"head {view.head} of MiniLM's first layer")
    carried = ", ".join(
        f"{name} {text.percent(float(share))}"
        for name, share in zip(NAMES, view.shares, strict=True)
    )
    row = view.weights[view.t]
    best = int(row.argmax())
    full = bool((view.faders == 1).all())
    faders = (
        "all faders at full"
        if full
        else (
            "faders at "
            + ", ".join(text.fixed(float(fader), 2) for fader in view.faders)
            + f", which moves {text.percent(view.moved)} of the attention"
        )
    )
    return (
        f"Six heatmaps of {len(words)} by {len(words)} words, with {matrix}; {faders}. Four hold "
        f"the terms of the scores, which carry of their variance along a row: {carried}. The fifth "
        f"is the sum of the four, equal to the scores computed whole to "
        f"{text.number(view.gap, 1)}; the sixth its softmax, in which "
        f"“{words[view.t]}” gives {text.fixed(float(row[best]), 2)} to “{words[best]}”."
    )
