"""Keys of an exhibit's state that several exhibits have: the length and the base."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as W

from posenc.exhibits.frame import Setting
from posenc.views.base import View
from posenc.views.rules import MAX_BASE


def of_length(
    view: View,
    low: int,
    high: int,
    steps: Sequence[int],
    control: W.Widget | None = None,
    kind: str = "whole",
) -> Setting:
    """The length L; a number dragged in the prose runs through ``steps``."""
    return Setting(view, "length", "length L", kind, low, high, steps=steps, control=control)


def of_base(view: View, control: W.Widget | None = None) -> Setting:
    """The base b, on a logarithmic scale."""
    return Setting(view, "base", "base b", "number", 1, MAX_BASE, log=True, control=control)
