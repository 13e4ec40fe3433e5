"""The lower part of the printed picture of "Shuffle the sentence": every order of its words, as a
trained encoder reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from posenc import palette, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from posenc.views.orders import Reading

COLUMNS = 130  # in which dots stand on each other
LEAST_ROWS = 12  # that a heap of dots has room for


def orders(axes: Axes, found: Reading, theme: str = "light") -> None:
    """A dot for each order at its cosine; below them the one place of all without positions."""
    c = palette.tokens(theme)
    step = (1 - found.cosines.min()) / COLUMNS
    columns, heaps = np.unique(np.round((1 - found.cosines) / step), return_counts=True)
    x = np.concatenate([[1 - step * at] * n for at, n in zip(columns, heaps, strict=True)])
    y = np.concatenate([np.arange(n) for n in heaps]) + 0.5
    top = max(LEAST_ROWS, heaps.max() + 1)
    axes.plot(x, y, "o", ms=2.6, mew=0, color=c["tok"])
    axes.axhline(0, color=c["edge"], lw=0.6)
    mark: dict[str, Any] = {"color": c["ink"], "lw": 1.4, "ms": 6, "clip_on": False, "zorder": 3}
    axes.plot([found.cosine] * 2, [0, 0.8 * top], "-o", markevery=[0], **mark)
    axes.plot([1], [-0.3 * top], "o", **mark)
    axes.text(
        *(found.cosine, 0.84 * top), text.fixed(found.cosine, 3), ha="center", size=8, weight="bold"
    )
    n = text.number(len(found.cosines))
    axes.set_title(f"MiniLM as trained: {n} orders, a dot each", loc="left", size=8.5)
    zeroed = f"MiniLM, positions zeroed: all {n} at 1"
    axes.text(0, -0.3 * top, zeroed, transform=axes.get_yaxis_transform(), size=8.5, va="center")
    axes.set(xlim=(1 - step * COLUMNS * 1.02, 1 + step), ylim=(-0.55 * top, top), yticks=[])
    axes.set_xlabel("cosine of the sentence vector with that of the order as written")
    axes.spines["left"].set_visible(False)


def orders_alt(found: Reading, sentence: str) -> str:
    """What it shows, in words: ``sentence`` are those in the order that is marked."""
    n = text.number(len(found.cosines))
    others = np.delete(found.cosines, found.written)
    return (
        f"Below, MiniLM, a trained encoder, reads all {n} orders of these words: dots at the cosine "
        "of each sentence vector with that of the order as written, from "
        f"{text.fixed(float(others.min()), 3)} to {text.fixed(float(others.max()), 3)}, with "
        f"“{sentence}” marked at {text.fixed(found.cosine, 3)}. With its positions zeroed, all have "
        f"one sentence vector, to {text.number(found.zeroed, 2)}."
    )
