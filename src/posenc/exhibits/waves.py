"""The waves exhibit: read down the line, and you have read a position."""

from __future__ import annotations

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Setting
from posenc.exhibits.settings import of_base
from posenc.views.waves import Waves

_TENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen")
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", *_TENS)


def waves(name: str = "waves", **traits: object) -> Exhibit:
    """Sine waves over the positions with a line to drag: the opening figure, without a frame.

    ``traits`` are those of ``posenc.views.waves.Waves`` (``t``, ``d_model``, ``base``, ``length``,
    ``waves``); they are also the state that Reset goes back to.
    """
    view = Waves(**traits)
    shown, pairs = _word(view.waves), view.d_model // 2
    which = (
        f"{shown.capitalize()} of the {_word(pairs)} waves of width {view.d_model}"
        if view.waves < pairs
        else f"The {shown} waves of width {view.d_model}"
    )
    return Exhibit(
        name,
        "Read down the line",
        "Drag the line to another position.",
        f"**Read down the line.** {which}, over {view.length} positions: "
        "below zero is water, above it land, and each wave is longer than the one above it by the "
        f"same factor. The {shown} heights under [position *t*]{{pos}} are {shown} of the "
        f"{view.d_model} numbers a transformer is told about it. The top waves differ from one "
        "position to the next; those at the bottom move too slowly for that, but tell the left "
        "end of the picture from the right.",
        views=[view],
        state={
            "b": of_base(view),
            "t": Setting(view, "t", "position t", "whole", 0, view.length - 1),
        },
        picture=lambda: pictures.waves(view),
        alt=lambda: pictures.waves_alt(view),
        bare=True,
    )


def _word(n: int) -> str:
    """A small number as prose writes it."""
    return _WORDS[n] if n < len(_WORDS) else f"{n:,}"
