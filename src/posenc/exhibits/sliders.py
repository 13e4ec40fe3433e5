"""The controls that exhibits share: ordinary ipywidgets with the book's names and formats.

A description may hold ``<i>t</i>``, a mathematical letter. None of them updates only on release:
the figure answers while the hand moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as W


def of_t(
    value: float, low: float, high: float, *, step: float = 1, label: str = "<i>t</i> position"
) -> W.FloatSlider:
    """The slider of the position; the only one in the colour of position."""
    position = slider(label, value, low, high, step, ",.0f" if step >= 1 else ",.1f")
    position.add_class("of-t")
    return position


def log_slider(
    label: str, value: float, base: float, low: float, high: float, step: float
) -> W.FloatLogSlider:
    """A number on a logarithmic scale, from ``base**low`` to ``base**high``.

    Its own readout would show the step nearest to a value that came from elsewhere (3,000 would
    read 4,096), so it has none: name it as the ``control`` of its ``Setting``, and its label
    carries the exact value.
    """
    return W.FloatLogSlider(
        value=value,
        base=base,
        min=low,
        max=high,
        step=step,
        description=label,
        description_allow_html=True,
        readout=False,
    )


def slider(
    label: str, value: float, low: float, high: float, step: float = 1, form: str = ",.0f"
) -> W.FloatSlider:
    """A number on an even scale."""
    return W.FloatSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=label,
        description_allow_html=True,
        readout_format=form,
    )


def toggle(label: str, words: Sequence[str], value: str) -> W.ToggleButtons:
    """A choice among a few words, all of them in sight."""
    options: list[Any] = list(words)
    return W.ToggleButtons(options=options, value=value, description=label)
