"""How the cosine of two random directions is distributed, exactly, in any number of dimensions.

The direction of one vector may be held fixed: what counts is where on the sphere the other ends. The
share of a sphere in d dimensions between two parallels follows from its area, and the integrals of
powers of the sine from a recurrence, so nothing here is approximated. ``js/cosines.js`` is the same
module in JavaScript, held equal by a test.
"""

from __future__ import annotations

import math

from posenc import checks


def _whole(n: int) -> float:
    """The integral of sin^n from 0 to pi."""
    value = 2.0 if n % 2 else math.pi
    for k in range(3 if n % 2 else 2, n + 1, 2):
        value *= (k - 1) / k
    return value


def _width(d: object) -> int:
    return checks.whole(d, "d", least=2, what="whole number of dimensions")


def density(cosine: float, d: int) -> float:
    """The density of the cosine of two random directions in d dimensions.

    Args:
        cosine: from -1 to 1. In two dimensions the density grows without bound towards both ends.
        d: at least 2.
    """
    c = _cosine(cosine, "cosine", -1.0)
    width = _width(d)
    rest = 1.0 - c * c
    if rest == 0.0 and width < 3:
        return math.inf
    return float(rest ** ((width - 3) / 2)) / _whole(width - 2)


def within(most: float, d: int) -> float:
    """The share of pairs of random directions whose cosine lies between -most and most.

    Args:
        most: from 0 to 1.
        d: at least 2.
    """
    c = _cosine(most, "most", 0.0)
    width = _width(d)
    n = width - 2
    sine = math.sqrt(1.0 - c * c)
    # the integral of sin^k from acos(c) to pi/2, from k = 0 or 1 upwards by parts
    first, part = (3, c) if n % 2 else (2, math.asin(c))
    power = sine ** (first - 1)
    for k in range(first, n + 1, 2):
        part = (c * power + (k - 1) * part) / k
        power *= sine * sine
    return min(1.0, 2.0 * part / _whole(n))


def between(low: float, high: float, d: int) -> float:
    """The share of pairs of random directions whose cosine lies between low and high.

    Args:
        low, high: from -1 to 1, in this order.
        d: at least 2.
    """
    a, b = (math.copysign(within(abs(x), d), x) for x in (low, high))
    return (b - a) / 2


def spread(d: int) -> float:
    """The standard deviation of the cosine, exactly 1 / sqrt(d)."""
    return 1.0 / math.sqrt(_width(d))


def _cosine(value: float, name: str, low: float) -> float:
    right = f"a number from {low:g} to 1"
    number = checks.finite(value, name, right)
    if not low <= number <= 1.0:
        raise ValueError(f"{name}={checks.shown(value)} is out of range; it must be {right}")
    return number
