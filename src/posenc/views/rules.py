"""Rules for traits: a value put in from Python is checked, and refused with a clear sentence."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import traitlets as T

MAX_BASE = 1e6
"""The largest base that a figure shows; js/base.js has the same."""


def checked(
    trait: str,
    *,
    low: float | None = None,
    high: float | Callable[[], float] | None = None,
    whole: bool = False,
    even: bool = False,
) -> Any:
    """A traitlets validator for a number between ``low`` and ``high``.

    Where ``high`` comes from a data file it is a function, called when a value is put in.

    The view keeps its old value when a new one is refused.

    Raises:
        traitlets.TraitError: names the trait, the value, and what would be right.
    """

    def validate(self: Any, proposal: Any) -> Any:
        value = proposal["value"]
        top = high() if callable(high) else high
        kind = "an even number" if even else "a whole number" if whole else "a number"
        good = math.isfinite(value)
        good = good and (low is None or value >= low) and (top is None or value <= top)
        good = good and not (even and value % 2) and not (whole and value != int(value))
        if not good:
            bounds = " to ".join(f"{x:,g}" for x in (low, top) if x is not None)
            raise T.TraitError(
                f"{trait} = {value!r} cannot be shown: it must be {kind} in {bounds}"
            )
        return value

    return T.validate(trait)(validate)
