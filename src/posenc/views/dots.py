"""Dot products of pairs of positions: curves over the offset, and a picture of all pairs."""

from __future__ import annotations

import math

import traitlets as T

from posenc import analysis, schemes
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import MAX_BASE, checked

MIN_LENGTH, MAX_LENGTH = 16, 2048
MAX_WIDTH = 512
NAMES = tuple(name for name in schemes.SCHEMES if name != "redrawn")
"""The schemes that give a position one vector: a table redrawn at each call has no products."""


class Dots(View):
    """The products of all pairs of ``length`` positions under one ``scheme``.

    Position ``t`` and offset ``k`` point at one pair. Where ``t`` leaves no room for ``k`` it
    gives way, and comes back to what was asked for (``k_kept``) when there is room again.
    """

    kind = T.Unicode("dots").tag(sync=True)
    scheme = T.Enum(list(NAMES), "sinusoidal").tag(sync=True)
    scheme_index = T.Int(0).tag(sync=True)
    length = T.CInt(64).tag(sync=True)
    d_model = T.CInt(32).tag(sync=True)
    base = T.CFloat(10000.0).tag(sync=True)
    t = T.CInt(24).tag(sync=True)
    k = T.CInt(8).tag(sync=True)
    k_kept = T.CInt(8).tag(sync=True)
    t_max = T.Int(63).tag(sync=True)  # follow from length, for the sliders of t and k
    k_min = T.Int(-63).tag(sync=True)
    no_base = T.Bool(False).tag(sync=True)  # whether the scheme has no base to choose

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.k_kept = self.k
        bind_choice(self, "scheme")
        self.observe(self._fix, ["t", "k", "length", "d_model", "scheme"])
        self._fix(None)

    def _fix(self, change: object) -> None:
        """Keeps t and t + k inside the table, and the channels enough for the bits of all
        positions, as the browser does."""
        asked = isinstance(change, dict) and change["name"] == "k"
        bits = math.ceil(math.log2(self.length))
        with self.hold_trait_notifications():
            self.no_base = not schemes.SCHEMES[self.scheme].based
            if self.scheme == "binary":
                self.d_model = max(self.d_model, bits + bits % 2)
            self.t_max = self.length - 1
            self.k_min = -self.t_max
            self.t = min(max(self.t, 0), self.t_max)
            if asked and self.k != self._inside(self.k_kept):
                self.k_kept = self._inside(self.k)
            self.k = self._inside(self.k_kept)

    def _inside(self, k: int) -> int:
        return min(max(k, -self.t), self.t_max - self.t)

    @property
    def table(self) -> Floats:
        """The vectors of positions 0 .. length - 1, shape (length, d_model)."""
        return schemes.rows(
            self.scheme, self.length, self.d_model, base=self.base, length=self.length
        )

    @property
    def values(self) -> Floats:
        """The curve of position ``t``, shape (length,): its product with each position, so that
        the offset of entry s is s - t."""
        table = self.table
        products: Floats = table @ table[self.t]
        return products

    @property
    def range(self) -> tuple[float, float]:
        """The least and the greatest product of all pairs at offset ``k``."""
        return analysis.offset_range(self.table, self.k)

    _valid_length = checked("length", whole=True, low=MIN_LENGTH, high=MAX_LENGTH)
    _valid_d_model = checked("d_model", even=True, low=2, high=MAX_WIDTH)
    _valid_base = checked("base", low=1.0, high=MAX_BASE)
