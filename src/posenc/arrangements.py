"""In how many orders a sentence can stand, where equal words are not told apart.

``js/arrangements.js`` is the same module in JavaScript, held equal by a test.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST: Final = 50_000
"""The most orders that are listed."""

Ints = NDArray[np.int64]


def kinds(words: Sequence[str]) -> Ints:
    """A number for each word, the same for equal ones: they are counted as they first appear.

    Args:
        words: n words.

    Returns:
        Shape (n,): ``["a", "rose", "is", "a"]`` gives 0, 1, 2, 0.
    """
    seen: dict[str, int] = {}
    return np.array([seen.setdefault(word, len(seen)) for word in words], dtype=np.int64)


def count(words: Sequence[str]) -> int:
    """How many orders there are: n! over the factorials of how often each word occurs."""
    found = math.factorial(len(words))
    for often in Counter(words).values():
        found //= math.factorial(often)
    return found


def arrangements(words: Sequence[str]) -> Ints:
    """All orders of some words, those in which equal words change places counted as one.

    Args:
        words: n words with at most ``MOST`` orders.

    Returns:
        Shape (count, n): in each row the :func:`kinds` of the words as they stand, the rows in the
        order of a dictionary.

    Raises:
        ValueError: there are more than ``MOST`` orders.
    """
    rows = count(words)
    if rows > MOST:
        raise ValueError(f"words has {rows:,} orders; it must have at most {MOST:,}")
    now = sorted(kinds(words).tolist())
    found = np.empty((rows, len(now)), dtype=np.int64)
    for row in found:
        row[:] = now
        _next(now)
    return found


def _next(row: list[int]) -> None:
    """The next order in the order of a dictionary, in place; the last one stays."""
    p = len(row) - 2
    while p >= 0 and row[p] >= row[p + 1]:
        p -= 1
    if p < 0:
        return
    q = len(row) - 1
    while row[q] <= row[p]:
        q -= 1
    row[p], row[q] = row[q], row[p]
    row[p + 1 :] = reversed(row[p + 1 :])


def place_of(row: Sequence[int]) -> int:
    """Where an order stands in the list that :func:`arrangements` gives.

    Args:
        row: the kinds of the words as they stand.
    """
    left = Counter(row)
    place = 0
    for at, kind in enumerate(row):
        # the orders that begin alike and go on with a kind that comes earlier
        rest = math.factorial(len(row) - at - 1)
        alike = math.prod(math.factorial(often) for often in left.values())
        place += sum(rest * often // alike for other, often in left.items() if other < kind)
        left[kind] -= 1
    return place
