"""Concatenating and projecting, drawn apart into a sum of two projections."""

from __future__ import annotations

import traitlets as T

from posenc import projection
from posenc.checks import Floats
from posenc.projection import MANY, WIDTH
from posenc.views.base import View, bind_choice
from posenc.views.rules import checked

BLOCKS = ("two", "one for both")


class Project(View):
    """``apart`` runs from one product (0) to the sum of two (1); ``word`` and ``t`` choose the numbers.

    Words span ``word_directions`` of four directions, places ``place_directions``; ``blocks``
    says whether there are two projections or one for both.
    """

    kind = T.Unicode("project").tag(sync=True)
    apart = T.CFloat(0.0).tag(sync=True)
    blocks = T.Enum(list(BLOCKS), BLOCKS[0]).tag(sync=True)
    blocks_index = T.Int(0).tag(sync=True)
    word = T.CInt(2).tag(sync=True)
    t = T.CInt(3).tag(sync=True)
    word_directions = T.CInt(2).tag(sync=True)
    place_directions = T.CInt(2).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        bind_choice(self, "blocks")

    @property
    def case(self) -> projection.Case:
        """The words, the places and their projections."""
        return projection.case(
            self.word_directions, self.place_directions, shared=self.blocks == BLOCKS[1]
        )

    @property
    def values(self) -> Floats:
        """A x + B p of the word and place in sight, shape (4,)."""
        numbers: Floats = self.case.wanted[self.word, self.t]
        return numbers

    @property
    def error(self) -> Floats:
        """What the best single matrix on the sum misses, word by place, shape (12, 12)."""
        return projection.single(self.case).error

    _valid_apart = checked("apart", low=0, high=1)
    _valid_word = checked("word", whole=True, low=0, high=MANY - 1)
    _valid_t = checked("t", whole=True, low=0, high=MANY - 1)
    _valid_word_directions = checked("word_directions", whole=True, low=1, high=WIDTH)
    _valid_place_directions = checked("place_directions", whole=True, low=1, high=WIDTH)
