"""The built book, for the tests that look at it: only when it is what the sources make."""

from __future__ import annotations

import functools
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"


@functools.cache
def staleness() -> str:
    """In which way the built book is not what the sources make; asked once in a session."""
    if str(ROOT / "tools") not in sys.path:
        sys.path.insert(0, str(ROOT / "tools"))
    from workshop import stale
    from workshop.install import Checkout

    return stale.staleness(Checkout(ROOT))


def fresh(file: Path = SITE) -> Path:
    """A file of the book as it was built; fails the test when it was built from other sources."""
    if trouble := staleness():
        pytest.fail(f"{trouble} (`make test` does)", pytrace=False)
    return file
