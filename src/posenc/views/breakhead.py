"""A real attention head that looks at the word before, and the clocks that it reads."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import traitlets as T

from posenc import data, realhead
from posenc.attention import Attended
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import checked

HANDS = 5
SWITCH = ["on", "off"]
MOVES = ["all words", "the one that looks"]
WORDS = ["a sentence", "any words"]
PASTS = list(realhead.PASTS)
MAX_FIRST = 1000


@cache
def kept() -> dict[str, Floats]:
    """The arrays of the data file."""
    loaded: dict[str, Any] = data.load(realhead.FILE)
    return {name: np.asarray(values, dtype=np.float64) for name, values in loaded.items()}


@cache
def sentence() -> tuple[str, ...]:
    """The words shown."""
    return tuple(data.notes(realhead.FILE)["words"])


class BreakHead(View):
    """What the head makes of a sentence whose first word stands at position ``first``.

    ``hand1`` to ``hand5``, fastest first, are "on" or "off". ``by`` is how far positions are moved,
    as a part of a step, and ``moves`` whether those of all words or only that of the word that
    looks. ``past`` is what stands past the last row of the table. ``words`` is whether the words are
    those of a sentence or all alike, the mean of the vocabulary. ``t`` is the marked word.
    """

    kind = T.Unicode("breakhead").tag(sync=True)
    hand1 = T.Enum(SWITCH, "on").tag(sync=True)
    hand2 = T.Enum(SWITCH, "on").tag(sync=True)
    hand3 = T.Enum(SWITCH, "on").tag(sync=True)
    hand4 = T.Enum(SWITCH, "on").tag(sync=True)
    hand5 = T.Enum(SWITCH, "on").tag(sync=True)
    t = T.CInt(12).tag(sync=True)
    first = T.CInt(1).tag(sync=True)
    by = T.CFloat(0.0).tag(sync=True)
    moves = T.Enum(MOVES, MOVES[0]).tag(sync=True)
    moves_index = T.Int(0).tag(sync=True)
    past = T.Enum(PASTS, PASTS[0]).tag(sync=True)
    past_index = T.Int(0).tag(sync=True)
    words = T.Enum(WORDS, WORDS[0]).tag(sync=True)
    words_index = T.Int(0).tag(sync=True)
    spelt = T.List(T.Unicode()).tag(sync=True)
    payload = T.Bytes().tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.payload = data.raw(realhead.FILE)
        self.spelt = list(sentence())
        for name in ("moves", "past", "words"):
            bind_choice(self, name)

    @property
    def on(self) -> list[bool]:
        """Which hands are switched on, fastest first."""
        return [getattr(self, f"hand{k + 1}") == "on" for k in range(HANDS)]

    @property
    def periods(self) -> Floats:
        """In how many positions each hand comes round."""
        out: Floats = 2 * np.pi / kept()["angles"]
        return out

    def attended(self, on: list[bool] | None = None) -> Attended:
        """Scores and weights, from row to column; with other hands on than these, if given."""
        n = len(self.spelt)
        angles = kept()["angles"]
        rows = realhead.positions(kept()["hands"], angles, self.first, n, self.past)
        asking = realhead.turned(rows, angles, self.by)
        asked = asking if self.moves == MOVES[0] else rows
        at = list(range(1, n + 1)) if self.words == WORDS[0] else [0] * n
        return realhead.attend(kept(), at, asking, asked, self.on if on is None else on)

    @property
    def previous(self) -> float:
        """The mean attention on the word before."""
        return realhead.on_previous(self.attended().weights)

    _valid_t = checked("t", whole=True, low=0, high=29)
    _valid_first = checked("first", whole=True, low=0, high=MAX_FIRST)
    _valid_by = checked("by", low=0, high=1)
