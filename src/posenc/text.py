"""Numbers in the prose: written in one style, and glued from the cell that computes them.

The style of the house, mirrored by ``js/format.js``: a comma between thousands from 1,000 on (as the
sliders of ipywidgets write them), a true minus sign (U+2212), a point before decimals, no trailing
zeros unless a number of places is asked for, and powers of ten with raised digits where plain
digits would be unreadable. No number can be broken at the end of a line.
"""

from __future__ import annotations

import ast
import math

import numpy as np

from posenc import checks

FIXED_SPACE = "\u00a0"
"""The space around a multiplication sign: one that no line breaks at."""

MINUS = "\u2212"
"""The minus sign."""

TIMES = "\u00d7"
"""The multiplication sign."""

_RAISED = str.maketrans(
    "-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)

# The prefix under which myst_nb's glue (and scrapbook before it) records what is not to be shown
# where it is computed.
_RECORD = "application/papermill.record/"


def number(value: float, digits: int = 4) -> str:
    """A number as the prose writes it.

    Args:
        value: a finite real number. A whole number (an int) keeps all its digits.
        digits: how many significant digits any other number is rounded to, at least 1; digits
            before the point are never lost.

    Returns:
        ``60611.477`` gives "60,611", ``628.3185`` "628.3", ``-0.25`` "−0.25", ``1e6`` (an int or
        not) "1,000,000", ``2.2e-16`` "2.2 × 10⁻¹⁶".
    """
    keep = checks.whole(digits, "digits", least=1)
    x = checks.finite(value, "value")
    if isinstance(value, int | np.integer):
        return _grouped(str(int(value)))
    if x == 0:
        return "0"
    places = keep - 1 - math.floor(math.log10(abs(x)))
    if abs(x) < 1e-4 or abs(x) >= 1e12:
        return _power(x, keep)
    text = f"{x:.{max(places, 0)}f}"
    return _grouped(text.rstrip("0").rstrip(".") if "." in text else text)


def fixed(value: float, places: int) -> str:
    """A number with exactly so many places after the point, as a column of figures needs.

    Args:
        value: a finite real number.
        places: at least 0.

    Returns:
        ``fixed(-0.5, 3)`` gives "−0.500"; what rounds to zero has no sign.
    """
    text = f"{checks.finite(value, 'value'):.{checks.whole(places, 'places', least=0)}f}"
    return _grouped(text if text.strip("-0.") else text.lstrip("-"))


def percent(value: float, places: int = 0) -> str:
    """A share of one as a percentage: ``percent(0.52)`` gives "52%"."""
    return fixed(100.0 * checks.finite(value, "value"), places) + "%"


def _power(x: float, digits: int) -> str:
    mantissa, exponent = f"{x:.{digits - 1}e}".split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    raised = str(int(exponent)).translate(_RAISED)
    return f"{_grouped(mantissa)}{FIXED_SPACE}{TIMES}{FIXED_SPACE}10{raised}"


def _grouped(text: str) -> str:
    """Plain digits in the style of the house."""
    sign = MINUS if text.startswith("-") else ""
    whole, point, rest = text.lstrip("-").partition(".")
    return sign + f"{int(whole):,}" + point + rest


def _kept(text: str) -> str:
    """The text in the form that the glue roles of myst_nb give back unchanged.

    They read what they find as a Python literal where they can, which would make "0.5" of "0.50";
    in quotes it is a literal too, the string itself.
    """
    try:
        return text if str(ast.literal_eval(text)) == text else repr(text)
    except (SyntaxError, ValueError):
        return text


def glue(**named: object) -> None:
    """Records values under names, for the prose to show: ``{glue:text}`name```.

    Emits what the ``glue`` of myst_nb emits, so that its roles find it, without importing myst_nb,
    which a reader's kernel does not have. Nothing is shown where the cell stands.

    Args:
        **named: strings, recorded as they are (no quotes around them in the prose), and real
            numbers, recorded as :func:`number` writes them.

    Raises:
        TypeError: a value is neither; format it first.
        ValueError: a number is NaN or infinite.
    """
    if not named:
        raise TypeError("glue() got nothing to glue; pass name=value")
    written = {}
    for name, value in named.items():
        if isinstance(value, str):
            written[name] = value
        else:
            right = "a string or a finite real number"
            checks.finite(value, name, right)
            written[name] = number(value)  # type: ignore[arg-type]
    from IPython.display import display

    for name, text in written.items():
        display(
            {_RECORD + "text/plain": _kept(text)},
            raw=True,
            metadata={"scrapbook": {"name": name, "mime_prefix": _RECORD}},
        )
