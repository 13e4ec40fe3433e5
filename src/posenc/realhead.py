"""A real attention head that looks at the word before, computed from the clocks that it reads.

Head 2 of the first layer of MiniLM (counting from 0) gives nearly all of its attention to the word
before, and it needs no more of the position table than five clocks: ten directions in which each
row is five hands, each turning by its own angle from row to row. ``experiments/weights/heads.py``
measured that, and made the file that this module computes with.

A word's input to the head is its vector plus its position, normalised to one spread. Both add up
before anything else happens, so the head's query of a word is (word's part + position's part) over
one number, plus a bias; the same goes for its key, whose bias no softmax would feel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posenc import attention, checks
from posenc.attention import Attended

Floats = NDArray[np.float64]

FILE: Final = "breakhead"
PASTS: Final = ("clocks", "line", "last row")
"""What stands past the last row: the hands turned on, a straight line, or one row again and again."""

ROWS: Final = 512
FROM: Final = 509
"""The row that invented ones go on from: the last two of the table are out of its course."""

WIDTH: Final = 384


def turned(rows: Floats, angles: Floats, by: Floats | float) -> Floats:
    """Rows of hands, each hand turned on.

    Args:
        rows: shape (n, 2 h): for each of h hands where its tip is, x before y.
        angles: shape (h,), by how much each hand turns from one position to the next.
        by: how many positions, a number or one for each row.

    Returns:
        Shape (n, 2 h).
    """
    x, y = rows[:, 0::2], rows[:, 1::2]
    turn = np.multiply.outer(np.broadcast_to(np.asarray(by, dtype=float), len(rows)), angles)
    cosine, sine = np.cos(turn), np.sin(turn)
    pairs = np.stack([x * cosine - y * sine, x * sine + y * cosine], axis=2)
    out: Floats = pairs.reshape(rows.shape)
    return out


def positions(hands: Floats, angles: Floats, first: int, n: int, past: str = "clocks") -> Floats:
    """The rows of n positions in a row, those past the table invented.

    Args:
        hands: shape (512, 2 h), the rows of the table as hands.
        angles: shape (h,).
        first: the first position, from 0.
        n: how many.
        past: one of :data:`PASTS`.

    Returns:
        Shape (n, 2 h).
    """
    checks.choice(past, "past", PASTS)
    t = np.arange(first, first + n)
    last = np.repeat(hands[FROM : FROM + 1], n, axis=0)
    beyond = (t - FROM).astype(np.float64)
    if past == "clocks":
        made = turned(last, angles, beyond)
    elif past == "line":
        made = last + beyond[:, None] * (hands[FROM] - hands[FROM - 1])
    else:
        made = last
    out: Floats = np.where((t < ROWS)[:, None], hands[np.minimum(t, ROWS - 1)], made)
    return out


def attend(
    kept: Mapping[str, Any],
    words: Sequence[int],
    asking: Floats,
    asked: Floats,
    on: Sequence[bool],
) -> Attended:
    """What the head makes of words at positions.

    Args:
        kept: the arrays of the file: of the words "wordQuery", "wordKey" (each (w, 32)), "wordSquare"
            (w,) and "wordCross" (w, 2 h); of the hands "query", "key" (each (2 h, 32)) and "gram"
            (2 h, 2 h); and "bias" (32,).
        words: of each word its row in the arrays of words.
        asking: shape (n, 2 h), the position of each word when it looks.
        asked: the same, when it is looked at.
        on: of each hand whether it is switched on.

    Returns:
        Scores and weights, shape (n, n), from row to column.
    """
    at = list(words)
    switch = np.repeat(np.asarray(on, dtype=float), 2)

    def seen(rows: Floats, of_word: str, of_hand: str) -> Floats:
        y = rows * switch
        cross = np.asarray(kept["wordCross"], dtype=float)[at]
        gram = np.asarray(kept["gram"], dtype=float)
        square = np.asarray(kept["wordSquare"], dtype=float)[at]
        square = square + 2 * (cross * y).sum(axis=1) + ((y @ gram) * y).sum(axis=1)
        spread = np.sqrt(square / WIDTH)
        whole = np.asarray(kept[of_word], dtype=float)[at] + y @ np.asarray(kept[of_hand], float)
        part: Floats = whole / spread[:, None]
        return part

    queries = seen(asking, "wordQuery", "query") + np.asarray(kept["bias"], dtype=float)
    keys = seen(asked, "wordKey", "key")
    return attention.attention(queries, keys, keys)


def on_previous(weights: Floats) -> float:
    """The mean weight on the word before, over all words that have one.

    Args:
        weights: shape (n, n), n at least 2.
    """
    return float(np.diagonal(weights, -1).mean())
