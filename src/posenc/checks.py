"""What may be asked of an encoding, checked in one place.

Every function here takes a value and the name under which the caller passed it, and gives the
value back in the form that the formulas use. Anything else is refused with a sentence that names
the argument, the value, and what would be right: ``TypeError`` when the value is of the wrong kind
(``True`` is not a width), ``ValueError`` when it is of the right kind but out of range.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from typing import Any, SupportsFloat, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
"""An array of float64."""

Positions: TypeAlias = int | Iterable[SupportsFloat] | NDArray[Any]
"""A length L (positions 0 .. L-1), or the positions themselves: any one-dimensional real array."""

_SHOWN = 60


def shown(value: object) -> str:
    """The value as an error message quotes it: its repr, cut to one short line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def real(value: object, name: str, right: str) -> float:
    """A real number as a float; NaN and infinity pass. ``right`` says what would be right."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        kind = type(value).__name__
        raise TypeError(f"{name}={shown(value)} is of type {kind}; it must be {right}")
    try:
        return float(value)
    except OverflowError:
        raise ValueError(f"{name}={shown(value)} is too large; it must be {right}") from None


def finite(value: object, name: str, right: str = "a finite real number") -> float:
    """A finite real number as a float."""
    number = real(value, name, right)
    if not math.isfinite(number):
        raise ValueError(f"{name}={shown(value)} is not finite; it must be {right}")
    return number


def whole(value: object, name: str, *, least: int | None = None, what: str = "whole number") -> int:
    """A whole number as an int, at least ``least`` if given. 8.0 counts as 8, 8.5 is refused."""
    right = f"a {what}" + ("" if least is None else f" of at least {least}")
    number = real(value, name, right)
    if not math.isfinite(number) or number != math.floor(number):
        raise ValueError(f"{name}={shown(value)} is not whole; it must be {right}")
    if least is not None and number < least:
        raise ValueError(f"{name}={shown(value)} is too small; it must be {right}")
    return int(number)


def width(value: object, name: str = "d_model", *, paired: bool = True) -> int:
    """A width d: a positive whole number, and even where channels come in pairs."""
    what = "positive even whole number, such as 64" if paired else "positive whole number"
    right = f"a {what}"
    number = real(value, name, right)
    if not math.isfinite(number) or number != math.floor(number):
        raise ValueError(f"{name}={shown(value)} is not whole; it must be {right}")
    if number <= 0:
        raise ValueError(f"{name}={shown(value)} is not positive; it must be {right}")
    if paired and number % 2:
        below, above = int(number) - 1, int(number) + 1
        near = f"{below} or {above}" if below else f"{above}"
        raise ValueError(
            f"{name}={shown(value)} is odd; channels come in pairs of a sine and a cosine, "
            f"so it must be even, such as {near}"
        )
    return int(number)


def base(value: object, name: str = "base") -> float:
    """A base b: a finite number above zero."""
    right = "a finite number above 0, such as 10000"
    number = real(value, name, right)
    if not math.isfinite(number):
        raise ValueError(f"{name}={shown(value)} is not finite; it must be {right}")
    if number <= 0:
        raise ValueError(f"{name}={shown(value)} is not above 0; it must be {right}")
    return number


def choice(value: object, name: str, options: Iterable[str]) -> str:
    """One of a few names, exactly as written."""
    known = tuple(options)
    right = ", ".join(f'"{option}"' for option in known)
    if not isinstance(value, str):
        kind = type(value).__name__
        raise TypeError(f"{name}={shown(value)} is of type {kind}; it must be one of {right}")
    if value not in known:
        raise ValueError(f"{name}={shown(value)} is unknown; it must be one of {right}")
    return value


def length(value: object, name: str = "length", *, least: int = 0) -> int:
    """A length L: a whole number of positions."""
    return whole(value, name, least=least, what="whole number of positions")


def seed(value: object, name: str = "seed") -> int:
    """A seed: a whole number from 0 to 2^53, the largest that both languages hold exactly."""
    number = whole(value, name, least=0)
    if number > 2**53:
        raise ValueError(f"{name}={shown(value)} is too large; it must be at most 2^53")
    return number


def reals(value: object, name: str, right: str) -> Floats:
    """A one-dimensional array of finite real numbers, as float64 (a copy or a view)."""
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        kind = type(value).__name__
        raise TypeError(f"{name}={shown(value)} is of type {kind}; it must be {right}")
    items: Any = value if isinstance(value, np.ndarray) else list(value)
    if isinstance(items, list) and any(isinstance(item, bool | np.bool_) for item in items):
        raise TypeError(f"{name}={shown(value)} holds truth values; it must be {right}")
    try:
        array = np.asarray(items)
    except ValueError:
        raise ValueError(f"{name}={shown(value)} is ragged; it must be {right}") from None
    if array.dtype == object and all(
        isinstance(item, numbers.Real) and not isinstance(item, bool) for item in array.flat
    ):
        array = array.astype(np.float64)
    if array.dtype.kind not in "iuf":
        kind = str(array.dtype)
        raise TypeError(f"{name}={shown(value)} holds values of type {kind}; it must be {right}")
    if array.ndim != 1:
        raise ValueError(
            f"{name} has {array.ndim} dimensions, shape {array.shape}; it must be {right} "
            f"(flatten it first: {name}.ravel())"
        )
    result = array.astype(np.float64, copy=False)
    bad = np.flatnonzero(~np.isfinite(result))
    if bad.size:
        at = int(bad[0])
        raise ValueError(f"{name}[{at}]={result[at]} is not finite; it must be {right}")
    return result


def positions(value: object, name: str = "positions") -> Floats:
    """Positions as a float64 array of shape (n,).

    A whole number L of at least 0 stands for 0, 1, ..., L-1. Anything iterable is taken as the
    positions themselves: one-dimensional, real, finite, in any order, negative or fractional.
    """
    right = "a length (a whole number of at least 0) or a one-dimensional array of finite positions"
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool | np.bool_):
        raise TypeError(f"{name}={shown(value)} is of type bool; it must be {right}")
    if isinstance(value, numbers.Real):
        number = real(value, name, right)
        if not math.isfinite(number) or number != math.floor(number):
            raise ValueError(
                f"{name}={shown(value)} is not a whole length; it must be {right}: "
                f"for the single position {number:g} pass [{number:g}]"
            )
        if number < 0:
            raise ValueError(
                f"{name}={shown(value)} is a negative length; it must be {right}: "
                f"for the single position {number:g} pass [{number:g}]"
            )
        return np.arange(int(number), dtype=np.float64)
    return reals(value, name, right)


def array(value: object, name: str, *, least: int = 0) -> Floats:
    """A real array of at least so many dimensions, as float64; NaN and infinity pass."""
    right = "a real array"
    if least:
        right += f" of at least {least} dimension{'s' if least > 1 else ''}"
    if not isinstance(value, np.ndarray):
        raise TypeError(f"{name} is of type {type(value).__name__}; it must be {right}")
    if value.dtype.kind not in "iuf":
        raise TypeError(f"{name} holds values of type {value.dtype}; it must be {right}")
    if value.ndim < least:
        raise ValueError(f"{name} has shape {value.shape}; it must be {right}")
    return value.astype(np.float64, copy=False)


def table(value: object, name: str = "table", *, least: int = 1) -> Floats:
    """A table of vectors: a finite real array of shape (n, d) with at least ``least`` rows."""
    right = f"a real array of shape (positions, channels) with at least {least} rows"
    if not isinstance(value, np.ndarray):
        kind = type(value).__name__
        raise TypeError(f"{name} is of type {kind}; it must be {right}")
    if value.dtype.kind not in "iuf":
        raise TypeError(f"{name} holds values of type {value.dtype}; it must be {right}")
    if value.ndim != 2:
        raise ValueError(f"{name} has shape {value.shape}; it must be {right}")
    if value.shape[0] < least or value.shape[1] < 1:
        raise ValueError(f"{name} has shape {value.shape}; it must be {right}")
    result = value.astype(np.float64, copy=False)
    if not np.isfinite(result).all():
        raise ValueError(f"{name} holds values that are not finite; it must be {right}")
    return result
