"""The scorecard: the four properties that a good encoding is said to have, tested on real rows.

A fifth reading stands beside them, the largest value, because the four do not ask for it: the
position itself, written on every channel, passes all four and grows without end.

Every verdict comes with what decided it: a number, the places it was found at, and the rows or the
curve to look at. ``js/scorecard.js`` is the twin of this module, held equal by the tests.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from posenc import checks, learned, schemes
from posenc.checks import Floats
from posenc.encodings import BASE

READINGS: Final = ("unique", "relative", "independent", "deterministic", "largest")
"""The four properties, and the reading beside them, in the order of the table."""

TOLERANCE: Final = 1e-9
"""What counts as zero, relative to the largest norm of a row."""


@dataclass(frozen=True)
class Score:
    """One reading of an encoding: the verdict, the number that decides it, and where it was found.

    Attributes:
        holds: the verdict; None for the largest value, which is no property and has no verdict.
        number: what was measured.
        says: the verdict in a sentence, with the number.
        places: where: positions, an offset, a channel; :class:`Scorecard` says which.
        values: what was found there.
        evidence: one or two arrays to look at; :class:`Scorecard` says which.
    """

    holds: bool | None
    number: float
    says: str
    places: tuple[int, ...] = ()
    values: tuple[float, ...] = ()
    evidence: tuple[Floats, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True)
class Scorecard:
    """The four properties, each tested on real rows, and the largest value.

    Where several places are equal within rounding, the first is given: the smallest offset, then
    the smallest position, then the smallest channel.

    Attributes:
        unique: no two positions share a vector. Number: the smallest distance of two rows.
            Places: the two positions. Evidence: their rows.
        relative: the distance of two positions depends on their offset only. Number: the largest
            spread of the distances at one offset, over their mean. Places: that offset k, and the
            positions t at which the distance of t and t + k is least and greatest. Values: the two
            distances. Evidence: the distance at every t.
        independent: a position's vector does not depend on the sentence's length. Number: the
            largest change of a value when the sentence becomes twice as long. Places: its position
            and channel; the last position and channel 0 where nothing changes. Values: before and
            after. Evidence: the position's row before and after. Of a learned table that has no
            rows for a sentence twice as long, number and place are the rows that it has, and there
            are neither values nor evidence.
        deterministic: asked twice it answers the same. Number: the largest change of a value
            between two calls. Places, values, evidence: as for `independent`, first and second call.
        largest: no property. Number: the largest value, its sign left aside. Places: its position
            and channel. Values: the largest in the sentence, and in one twice as long. Evidence:
            the largest of each row, in both sentences.
    """

    unique: Score
    relative: Score
    independent: Score
    deterministic: Score
    largest: Score

    @property
    def passes(self) -> bool:
        """Whether all four properties hold."""
        four = (self.unique, self.relative, self.independent, self.deterministic)
        return all(score.holds for score in four)


def needs(name: str, length: int, d_model: int) -> str | None:
    """What a scheme of the book lacks to be scored, "8 bits" or "an even width"; None if nothing.

    Args:
        name: a key of :data:`posenc.schemes.SCHEMES`.
        length: the sentence's length L; binary digits have to count to 2L - 1, because a scorecard
            asks for a sentence twice as long.
        d_model: the width d, positive.
    """
    scheme = schemes.SCHEMES[checks.choice(name, "name", schemes.SCHEMES)]
    d = checks.width(d_model, paired=False)
    bits = (2 * checks.length(length, least=1) - 1).bit_length()
    if name == "binary" and d < bits:
        return f"{bits} bits"
    return "an even width" if scheme.paired and d % 2 else None


def needs_of_table(name: str, length: int) -> str | None:
    """What a learned table lacks to be scored, "more than 448 rows"; None if nothing.

    Args:
        name: a key of :data:`posenc.learned.TABLES`.
        length: the sentence's length L.
    """
    table = learned.TABLES[checks.choice(name, "name", learned.TABLES)]
    return f"more than {table.rows} rows" if checks.length(length) > table.rows else None


def of_table(name: str, length: int) -> Scorecard:
    """The scorecard of a learned table, from the products of its rows.

    The rows of the evidence are in the table's own directions (:func:`posenc.learned.components`);
    largest values and their channels are those of the table itself.

    Args:
        name: a key of :data:`posenc.learned.TABLES`.
        length: the sentence's length L, at least 3.

    Raises:
        ValueError: the table has fewer rows than L; the message says how many.
    """
    n = checks.length(length, least=3)
    gram = learned.products(name, n)
    rows = learned.components(name, n)
    own = np.diagonal(gram)
    slack = TOLERANCE * float(np.sqrt(own.max()))

    def distances(k: int) -> Floats:
        far: Floats = np.sqrt(np.maximum(own[k:] + own[: n - k] - 2 * np.diagonal(gram, k), 0.0))
        return far

    unique, relative = _pairs(rows, distances, TOLERANCE, slack)
    table = learned.TABLES[name]
    if 2 * n <= table.rows:
        independent = _change(rows, rows, slack, "in a sentence twice as long")
    else:
        independent = Score(
            False,
            float(table.rows),
            f"a sentence twice as long has {2 * n} positions and the table {table.rows} rows; "
            f"to ask for more is an error",
            (table.rows,),
        )
    peak, channel = learned.peaks(name, min(2 * n, table.rows))
    most, later = float(peak[:n].max()), float(peak.max())
    t = int(np.argmax(peak[:n] >= most - slack))
    largest = Score(
        None,
        most,
        f"the largest value is {most:.3g}, in a sentence twice as long {later:.3g}",
        (t, int(channel[t])),
        (most, later),
        (peak[:n], peak),
    )
    deterministic = _change(rows, rows, slack, "asked twice,")
    return Scorecard(unique, relative, independent, deterministic, largest)


def of_scheme(
    name: str, length: int, d_model: int = 64, *, base: float = BASE, seed: int = 0
) -> Scorecard:
    """The scorecard of a scheme of the book. Args as for :func:`posenc.schemes.rows`.

    Raises:
        ValueError: also where :func:`needs` says what is lacking.
    """
    return scorecard(
        lambda n, d: schemes.rows(name, n, d, base=base, length=n, seed=seed), length, d_model
    )


def scorecard(
    encoding: Callable[[int, int], Floats],
    length: int,
    d_model: int = 64,
    *,
    tolerance: float = TOLERANCE,
) -> Scorecard:
    """Tests the four properties on the rows that an encoding gives.

    Args:
        encoding: a function of (length, d_model) that gives a table of shape (length, d_model),
            such as :func:`posenc.encodings.sinusoidal`. It is called twice for the length, and
            once for twice the length.
        length: the sentence's length L, at least 3.
        d_model: the width to ask for.
        tolerance: what counts as zero, relative to the largest norm of a row.

    Returns:
        :class:`Scorecard`.

    Raises:
        TypeError, ValueError: also when the encoding does not give such a table.
    """
    n = checks.length(length, least=3)
    d = checks.width(d_model, paired=False)
    zero = checks.finite(tolerance, "tolerance", "a finite number of at least 0")
    if zero < 0:
        raise ValueError(f"tolerance={zero} is negative; it must be a finite number of at least 0")
    given: object = encoding
    if not callable(given):
        kind = type(given).__name__
        raise TypeError(f"encoding is of type {kind}; it must be a function of (length, d_model)")

    def ask(count: int) -> Floats:
        rows = checks.table(encoding(count, d), f"encoding({count}, {d})")
        if rows.shape != (count, d):
            raise ValueError(
                f"encoding({count}, {d}) has shape {rows.shape}; it must be {(count, d)}"
            )
        return rows.copy()  # a function may fill and give the same array at every call

    once, again, longer = ask(n), ask(n), ask(2 * n)
    slack = zero * (float(np.linalg.norm(once, axis=1).max()) or 1.0)
    unique, relative = _pairs(once, lambda k: _distances(once, k), zero, slack)
    independent = _change(once, longer[:n], slack, "in a sentence twice as long")
    deterministic = _change(once, again, slack, "asked twice,")
    return Scorecard(unique, relative, independent, deterministic, _largest(once, longer, slack))


def _distances(rows: Floats, k: int) -> Floats:
    """The distance of rows t and t + k, for every t."""
    far: Floats = np.sqrt(np.square(rows[k:] - rows[:-k]).sum(axis=1))
    return far


def _pairs(
    rows: Floats, distances: Callable[[int], Floats], zero: float, slack: float
) -> tuple[Score, Score]:
    """What the distances of all pairs say: is each row unique, does the offset alone decide."""
    n = len(rows)
    least = np.full(n, math.inf)
    spread = np.zeros(n)
    for k in range(1, n):
        far = distances(k)
        least[k] = far.min()
        mean = float(far.mean())
        if mean > slack:
            spread[k] = (far.max() - least[k]) / mean

    closest = float(least.min())
    k = int(np.argmax(least <= closest + slack))
    first = int(np.argmax(distances(k) <= closest + slack))
    unique = Score(
        closest > slack,
        closest,
        f"the closest two rows, {first} and {first + k}, are {closest:.3g} apart",
        (first, first + k),
        (closest,),
        (rows[first], rows[first + k]),
    )

    # Distances are differences of rounded values, so their spread carries the rounding of the
    # rows divided by the smallest distance; the square root is ample for both.
    ample = math.sqrt(zero)
    worst = float(spread.max())
    k = max(1, int(np.argmax(spread >= worst - ample)))
    far = distances(k)
    low, high = float(far.min()), float(far.max())
    relative = Score(
        worst <= ample,
        worst,
        f"at one offset, distances differ by up to {worst:.3g} of their mean",
        (k, int(np.argmax(far <= low + slack)), int(np.argmax(far >= high - slack))),
        (low, high),
        (far,),
    )
    return unique, relative


def _change(before: Floats, after: Floats, slack: float, when: str) -> Score:
    """How much a table changes: where a value does so most."""
    change = np.abs(after - before)
    most = float(change.max())
    holds = most <= slack
    t, j = (
        (len(before) - 1, 0)
        if holds
        else divmod(int(np.argmax(change >= most - slack)), before.shape[1])
    )
    return Score(
        holds,
        most,
        f"{when} a value changes by up to {most:.3g}",
        (t, j),
        (float(before[t, j]), float(after[t, j])),
        (before[t], after[t]),
    )


def _largest(once: Floats, longer: Floats, slack: float) -> Score:
    """The largest value of a table, and of the one twice as long."""
    size = np.abs(once)
    most, later = float(size.max()), float(np.abs(longer).max())
    t, j = divmod(int(np.argmax(size >= most - slack)), once.shape[1])
    return Score(
        None,
        most,
        f"the largest value is {most:.3g}, in a sentence twice as long {later:.3g}",
        (t, j),
        (most, later),
        (size.max(axis=1), np.abs(longer).max(axis=1)),
    )
