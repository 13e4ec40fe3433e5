"""The printed ruler: both sentences on it, and the step between two neighbours of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posenc import palette, schemes, text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.ruler import Ruler

MOST_WORDS = 12  # a longer sentence is drawn without its words


def ruler(view: Ruler, theme: str = "light") -> Figure:
    """The picture of a ruler view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    top = _trained(view)
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 3.2))
        ax = figure.subplots()
        most = max(float(view.at(0).max()), float(view.at(1).max()), top)
        ax.set(xlim=(-0.05 * most, 1.05 * most), ylim=(-1.7, 1.7), yticks=[])
        ax.spines[["left"]].set_visible(False)
        ax.spines["bottom"].set_position(("data", 0))
        ax.tick_params(direction="inout")
        if top < most:
            ax.axvspan(top, 1.05 * most, color=c["wash"], lw=0)
            ax.text(top, -1.65, " never seen in training", size=8, color=c["ink-2"])
        for which, way in ((0, 1), (1, -1)):
            at, words, step = view.at(which), view.words(which), view.step(which)
            line = 0.42 * way
            ax.plot(at, [line] * len(at), "o", color=c["tok"], ms=4)
            ax.plot(at[view.t], line, "o", color=c["pos"], ms=9)
            if len(words) <= MOST_WORDS:
                for n, (x, word) in enumerate(zip(at, words, strict=True)):
                    y = line + way * (0.3 + 0.22 * (n % 2))
                    ax.text(x, y, word, ha="center", va="center", color=c["tok"])
            start = min(view.t, len(at) - 2)
            middle = (at[start] + at[start + 1]) / 2
            ax.plot([at[start], at[start + 1]], [line] * 2, color=c["off"], ls=(0, (6, 3)))
            ax.plot(middle, line, "D", color=c["off"], ms=6)
            words_of_step = f"{('first', 'second')[which]} sentence: a step is {few(step)}"
            y = 1.5 * way
            ax.text(0, y, words_of_step, size=9, va="center", color=c["off"])
    return figure


def _trained(view: Ruler) -> float:
    """The largest value that a sentence of the trained length holds."""
    last = schemes.rows(view.encoding, view.trained, 1, length=view.trained)[-1, 0]
    return float(last)


def few(x: float) -> str:
    """A value on the ruler in few signs, as the live figure writes it: 3, 0.33, 0.016."""
    if x == int(x):
        return text.number(int(x))
    return text.fixed(x, 3 if x < 0.1 else 2)


def ruler_alt(view: Ruler) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    told = []
    for which, name in enumerate(("first", "second")):
        at = view.at(which)
        told.append(
            f"the {name} sentence, “{' '.join(view.words(which))}”, stands at 0 to {few(at[-1])} "
            f"in steps of {few(view.step(which))}, its word {view.t} at {few(at[view.t])}"
        )
    spans = view.step(0) / view.step(1)
    return (
        f"Two sentences on one number line, encoded by {view.encoding}: {told[0]}; {told[1]}. "
        f"A step of the first is {few(spans)} {'step' if spans == 1 else 'steps'} of the second."
    )
