"""A word and its place, concatenated and multiplied with a matrix, or added: a small case in numbers.

Four channels, twelve words, twelve positions. Words lie in a space of some directions, positions in a
space of others; the question is when one matrix on the sum can do what two matrices do on the parts.
``js/projection.js`` is the twin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from posenc import analysis, checks, draws, encodings
from posenc.checks import Floats

WIDTH: Final = 4
MANY: Final = 12
"""So many words, and so many positions."""


@dataclass(frozen=True)
class Case:
    """Words and places, and what is to be made of them.

    Attributes:
        words, places: shape (12, 4), a row each.
        a, b: the two projections, shape (4, 4); equal when they are shared.
    """

    words: Floats
    places: Floats
    a: Floats
    b: Floats

    @property
    def wanted(self) -> Floats:
        """A x + B p for every word (first axis) and place (second), shape (12, 12, 4)."""
        both: Floats = (self.words @ self.a.T)[:, None] + (self.places @ self.b.T)[None]
        return both


def case(word_directions: int, place_directions: int, *, shared: bool = False) -> Case:
    """The case whose words span so many directions, and whose places span so many others.

    The directions are drawn, so they share none unless there are more than four of them together.

    Args:
        word_directions, place_directions: from 1 to 4.
        shared: whether one projection serves for both.
    """
    spaces = []
    for name, value in (("word", word_directions), ("place", place_directions)):
        many = checks.whole(value, f"{name}_directions", least=1)
        if many > WIDTH:
            raise ValueError(f"{name}_directions={many} is too large; it must be at most {WIDTH}")
        basis = draws.normals(f"{name} directions", WIDTH * WIDTH).reshape(WIDTH, WIDTH)
        spaces.append((many, basis[:many]))
    (k, basis), (m, other) = spaces
    words = np.array([draws.normals(f"word {n}", WIDTH)[:k] for n in range(MANY)]) @ basis
    places = encodings.sinusoidal(MANY, WIDTH)[:, :m] @ other
    a, b = (draws.normals(f"projection {n}", WIDTH**2).reshape(WIDTH, WIDTH) for n in "AB")
    return Case(words, places, a, a if shared else b)


@dataclass(frozen=True)
class Single:
    """The best single matrix on the sum.

    Attributes:
        matrix: shape (4, 4).
        error: the length of what it misses for every word and place, shape (12, 12), as a share of
            the root mean square length of what is wanted.
    """

    matrix: Floats
    error: Floats


def single(what: Case) -> Single:
    """The matrix W that brings W (x + p) nearest to A x + B p, over all words and places.

    Least squares over the 144 sums; directions that carry less than ``analysis.CUTOFF`` of the
    largest are left out.
    """
    sums = (what.words[:, None] + what.places[None]).reshape(-1, WIDTH)
    wanted = what.wanted.reshape(-1, WIDTH)
    matrix = np.linalg.lstsq(sums, wanted, rcond=analysis.CUTOFF)[0].T
    missed = np.linalg.norm(sums @ matrix.T - wanted, axis=1)
    size = np.sqrt(np.square(wanted).sum(axis=1).mean())
    error = np.asarray(missed / size, dtype=np.float64).reshape(MANY, MANY)
    return Single(np.asarray(matrix, dtype=np.float64), error)
