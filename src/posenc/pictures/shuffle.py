"""The printed picture of "Shuffle the sentence": two orders, their weights, the change of outputs,
and below them what a trained encoder makes of all orders, if it has read the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import palette, text
from posenc.pictures.orders import orders, orders_alt
from posenc.views.orders import read
from posenc.views.shuffle import SAME, read_order

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from posenc.checks import Floats
    from posenc.views.shuffle import Shuffle

LABELLED = 24  # words; with more of them the tables stand without labels
LETTERS = 12  # of a word that are printed
LAST_LATIN = 0x24F  # the printed letters reach so far: a word beyond is named by its place


def shuffle(view: Shuffle, theme: str = "light") -> Figure:
    """The picture of the view as it stands; in the first order, it shows what "Swap" would do."""
    import matplotlib
    from matplotlib.figure import Figure

    order = view.order or view.swapped
    c = palette.tokens(theme)
    with matplotlib.rc_context(palette.style(theme)):
        found = read(view.text, order)
        figure = Figure(figsize=(8.76, 5.2 if found else 3.4))
        if not view.words:
            figure.text(0.02, 0.5, "There are no words.", color=c["ink-2"])
            return figure
        compared = view.compared(order)
        places = read_order(order, len(view.words))
        names = [_printed(word, w) for w, word in enumerate(view.words)]
        rows = {"nrows": 2, "height_ratios": [1.75, 1], "hspace": 0.3} if found else {"nrows": 1}
        grid = figure.add_gridspec(ncols=3, wspace=0.55, **rows)
        one, two, change = (figure.add_subplot(grid[0, k]) for k in range(3))
        if found:
            orders(figure.add_subplot(grid[1, :]), found, theme)
        top = max(compared.first.weights.max(), compared.now.weights.max())
        tables = ((one, compared.first, range(len(names))), (two, compared.now, places))
        for axes, attended, standing in tables:
            _table(axes, attended.weights, top, theme)
            _label(axes.set_yticks, [names[w] for w in standing], c["tok"])
            _label(axes.set_xticks, [names[w] for w in standing], c["tok"], rotation=90)
            axes.xaxis.tick_top()
            axes.tick_params(length=0)
        top = max(np.abs(compared.first.output).max(), np.abs(compared.now.output).max())
        _table(change, compared.change[places], top, theme, aspect="auto")
        _label(change.set_yticks, [names[w] for w in places], c["tok"])
        change.set_xticks([])
        change.tick_params(length=0)
        titles = (
            "Weights as written",
            "Weights in the other order",
            f"Change of outputs: {_size(compared.largest)}",
        )
        for axes, title in zip((one, two, change), titles, strict=True):
            axes.set_xlabel(title, size=9, labelpad=8)
    return figure


def _table(axes: Axes, values: Floats, top: float, theme: str, aspect: str = "equal") -> None:
    axes.imshow(
        values,
        aspect=aspect,  # type: ignore[arg-type]
        interpolation="nearest",
        cmap=palette.colour_map(theme),
        vmin=-top,
        vmax=top,
    )


def _label(ticks: object, names: list[str], colour: str, rotation: float = 0) -> None:
    if len(names) > LABELLED:
        ticks([])  # type: ignore[operator]
        return
    ticks(  # type: ignore[operator]
        range(len(names)), names, color=colour, rotation=rotation, parse_math=False, size=9
    )


def _printed(word: str, w: int) -> str:
    if any(ord(letter) > LAST_LATIN for letter in word):
        return f"word {w + 1}"
    return word if len(word) <= LETTERS else f"{word[: LETTERS - 1]}…"


def _size(largest: float) -> str:
    return text.number(largest, 2) + (" (rounding)" if 0 < largest < SAME else "")


def shuffle_alt(view: Shuffle) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    words = view.words
    if len(words) < 2:
        return f"A sentence of {len(words)} words, which has only one order."
    order = view.order or view.swapped
    compared = view.compared(order)
    places = read_order(order, len(words))
    moved = sum(p != w for p, w in enumerate(places))
    first, now = " ".join(words), " ".join(words[w] for w in places)
    added = "no encoding" if view.encoding == "none" else f"the {view.encoding} encoding"
    masked = "a causal mask" if view.mask == "causal" else "no mask"
    largest = text.number(compared.largest, 2)
    verdict = (
        f"it is {largest}, rounding: the outputs are the same vectors in another order"
        if compared.largest < SAME
        else f"it is {largest}: the outputs are different vectors"
    )
    tables = (
        f"Three tables for {added} and {masked}. The weights of self-attention for “{first}”, as "
        f"written, and for “{now}”, where {moved} of {len(words)} words stand elsewhere. Then the "
        f"change of each word's output from the one order to the other, at its largest: {verdict}."
    )
    found = read(view.text, order)
    return f"{tables} {orders_alt(found, now)}" if found else tables
