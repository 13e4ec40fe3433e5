"""How many vectors can be added in d dimensions and still be told apart: by dot products, from a sum.

A codebook holds n vectors of d channels, each channel +1 or -1 at random; m of them are added. Who is
in the sum? The dot product of a vector with the sum, divided by d, is 1 plus noise for a member and
noise alone for all others, because the cosines of different vectors are not 0 but spread about it by
1 / sqrt(d). The m largest are taken for the members.

``js/codebook.js`` is the same module in JavaScript, held equal by a test.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posenc import checks, draws
from posenc.checks import Floats

TRIED = 128
"""Vectors that are put into sums: as many sums of m as there are m in it, no vector in two."""

_STEPS = 41  # of the trapezoids under a normal curve, from -5 to 5


def vectors(n: int, d: int, seed: int = 0) -> NDArray[np.int8]:
    """n vectors of d channels, each +1 or -1; the same in NumPy and in a page.

    Args:
        n, d: at least 1. The first channels of a vector do not depend on d, nor the first vectors
            on n.
        seed: a whole number from 0 to 2^53.

    Returns:
        Shape (n, d).
    """
    count = checks.whole(n, "n", least=1)
    width = checks.whole(d, "d", least=1)
    start = draws.key("codebook", checks.seed(seed))
    keys = draws.below(start, np.arange(count, dtype=np.float64))
    words = -(-width // 32)
    # uniform() gives (word + 0.5) / 2^32 of each word: times 2^32, rounded down, it is the word
    drawn = np.floor(draws.uniform(keys, words) * 2.0**32).astype(np.uint32)
    bits = (drawn[:, :, None] >> np.arange(32, dtype=np.uint32)) & 1
    return (1 - 2 * bits.reshape(count, -1)[:, :width].astype(np.int8)).astype(np.int8)


@dataclass(frozen=True)
class Told:
    """What came out of adding m vectors, over all sums that were tried.

    Attributes:
        right: the share of members among the m largest dot products.
        sums: how many sums were tried.
        members, others: the dot products divided by d, of those in the sum and of those not.
        line: the mean over the sums of the m-th largest.
    """

    right: float
    sums: int
    members: Floats
    others: Floats
    line: float


def told(m: int, n: int, d: int, seed: int = 0) -> Told:
    """Adds vectors 0 .. m-1 of a codebook, then the next m, and tells each sum apart again.

    Args:
        m: how many are added, 1 to ``TRIED`` and fewer than n.
        n: vectors in the codebook.
        d: channels.
        seed: of the codebook.
    """
    count = _added(m, n)
    book = vectors(n, d, seed).astype(np.float64)
    sums = min(TRIED, n) // count
    right, lines = 0.0, []
    members, others = [], []
    for s in range(sums):
        inside = np.zeros(n, dtype=bool)
        inside[s * count : (s + 1) * count] = True
        scores = book @ book[inside].sum(axis=0)
        line = np.sort(scores)[n - count]
        tied = scores == line
        over = scores > line
        # of vectors that tie for the last places each is as likely to be taken
        taken = (count - over.sum()) / tied.sum()
        right += float(inside[over].sum() + taken * inside[tied].sum())
        lines.append(line / d)
        members.append(scores[inside] / d)
        others.append(scores[~inside] / d)
    return Told(
        right=right / (sums * count),
        sums=sums,
        members=np.concatenate(members),
        others=np.concatenate(others),
        line=float(np.mean(lines)),
    )


def beyond(x: float) -> float:
    """The share of a normal distribution beyond x standard deviations, to seven digits.

    Source: the rational approximation of erfc of Press et al., *Numerical Recipes* (1992), 6.2.
    """
    z = abs(x) / math.sqrt(2.0)
    t = 1.0 / (1.0 + 0.5 * z)
    series = 0.0
    for c in _ERFC:
        series = series * t + c
    half = 0.5 * t * math.exp(-z * z + series)
    return half if x >= 0 else 1.0 - half


_ERFC = (
    0.17087277,
    -0.82215223,
    1.48851587,
    -1.13520398,
    0.27886807,
    -0.18628806,
    0.09678418,
    0.37409196,
    1.00002368,
    -1.26551223,
)


def expected(m: int, n: int, d: int) -> float:
    """The share of members that theory expects among the m largest dot products.

    The noise is taken for normal, and what one member's product x tells of the rest is allowed for:
    the products of all members add up to the square of the sum's length, so where x is low the sum is
    expected to be short, and the others low too. Their variance is (m + 2 (x - 1)) / d; x itself has
    (m - 1) / d. A member is told if no more others lie above it than members below it: those are
    Poisson's, these binomial.

    Args:
        m: how many are added, fewer than n.
        n: vectors in the codebook.
        d: channels.
    """
    count = _added(m, n)
    width = checks.whole(d, "d", least=1)
    if count == 1:
        return math.exp(-(n - 1) * beyond(math.sqrt(width)))
    total = weights = 0.0
    for step in range(_STEPS):
        z = -5.0 + 10.0 * step / (_STEPS - 1)
        x = 1.0 + z * math.sqrt((count - 1) / width)
        noise = math.sqrt(max(count + 2.0 * (x - 1.0), 1e-9) / width)
        above = (n - count) * beyond(x / noise)
        weight = math.exp(-z * z / 2.0)
        weights += weight
        total += weight * _kept(count - 1, beyond(-z * math.sqrt((count - 2) / count)), above)
    return total / weights


def _kept(most: int, p: float, above: float) -> float:
    """The chance that of ``most`` members at least as many lie below (each with chance p) as
    others lie above (on average so many)."""
    # from the end at which the binomial's first term is not next to nothing
    upwards = p <= 0.5
    q = 1.0 - p
    term = (q if upwards else p) ** most
    chances = [0.0] * (most + 1)
    for k in range(most + 1):
        chances[k if upwards else most - k] = term
        term *= (most - k) / (k + 1) * (p / q if upwards else q / p)
    total = 0.0
    poisson = math.exp(-above)
    at_most = 0.0
    for k in range(most + 1):
        at_most += poisson
        poisson *= above / (k + 1)
        total += chances[k] * at_most
    return total


def limit(n: int, d: int) -> float:
    """How many can be added before the loudest of n others is as loud as a member: d / (2 ln n).

    The largest of n normal numbers of standard deviation s is about s sqrt(2 ln n); here s is
    sqrt(m / d), and a member has 1.
    """
    count = checks.whole(n, "n", least=2)
    return checks.whole(d, "d", least=1) / (2.0 * math.log(count))


def most(n: int, d: int, share: float = 0.99) -> int:
    """The largest m up to which at least that share of the members is expected to be told.

    Args:
        n: vectors in the codebook.
        d: channels.
        share: between 0 and 1.

    Returns:
        0 if not even one vector is told that well; at most ``TRIED`` and n - 1.
    """
    wanted = checks.finite(share, "share", "a number between 0 and 1")
    m = 0
    while m < min(TRIED, n - 1) and expected(m + 1, n, d) >= wanted:
        m += 1
    return m


def _added(m: object, n: object) -> int:
    count = checks.whole(m, "m", least=1)
    right = f"from 1 to {TRIED} and below n={checks.shown(n)}"
    if count > TRIED or count >= checks.whole(n, "n", least=2):
        raise ValueError(f"m={checks.shown(m)} is too large; it must be {right}")
    return count
