"""Positional encoding, alive: the maths, the views and the exhibits of the book.

    >>> import posenc
    >>> posenc.sinusoidal(3, 4).shape
    (3, 4)

The import is light: NumPy and nothing else. Views and exhibits bring anywidget and matplotlib with
them when they are first asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posenc import (
        alternatives,
        analysis,
        attention,
        checks,
        cost,
        data,
        draws,
        encodings,
        exhibits,
        learned,
        palette,
        pictures,
        projection,
        relative,
        schemes,
        scorecard,
        text,
        views,
    )
    from posenc.encodings import binary, fraction, index, mistaken, sinusoidal, wavelengths

__version__ = "0.1.0"

_MODULES = frozenset(
    {
        "alternatives",
        "analysis",
        "attention",
        "checks",
        "cost",
        "data",
        "draws",
        "encodings",
        "exhibits",
        "learned",
        "palette",
        "pictures",
        "projection",
        "relative",
        "schemes",
        "scorecard",
        "text",
        "views",
    }
)
_FUNCTIONS = frozenset({"binary", "fraction", "index", "mistaken", "sinusoidal", "wavelengths"})

__all__ = [
    "alternatives",
    "analysis",
    "attention",
    "binary",
    "checks",
    "cost",
    "data",
    "draws",
    "encodings",
    "exhibits",
    "fraction",
    "index",
    "learned",
    "mistaken",
    "palette",
    "pictures",
    "projection",
    "relative",
    "schemes",
    "scorecard",
    "sinusoidal",
    "text",
    "views",
    "wavelengths",
]


def __getattr__(name: str) -> object:
    """Imports a part of the package when it is first used."""
    if name in _MODULES:
        return importlib.import_module(f"posenc.{name}")
    if name in _FUNCTIONS:
        return getattr(importlib.import_module("posenc.encodings"), name)
    raise AttributeError(f"module 'posenc' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
