"""Dot products of pairs of positions: curves over the offset, and a picture of all pairs."""

from __future__ import annotations

import math

import numpy as np
import traitlets as T

from posenc import analysis, learned, schemes
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import MAX_BASE, checked

MIN_LENGTH, MAX_LENGTH = 16, 2048
MAX_WIDTH = 512
LABELS = {
    entry.name: entry.label
    for entries in (schemes.SCHEMES.values(), learned.TABLES.values())
    for entry in entries
    if entry.name != "redrawn"
}
"""What can be shown, by name: every scheme that gives a position one vector (a table redrawn at each
call has no products), and the learned tables."""

NAMES = tuple(LABELS)


class Dots(View):
    """The products of all pairs of ``length`` positions under one ``scheme``.

    Position ``t`` and offset ``k`` point at one pair. Where ``t`` leaves no room for ``k`` it
    gives way, and comes back to what was asked for (``k_kept``) when there is room again. So does
    ``d_model`` for a learned table, whose width is its model's (``d_kept``); there ``length`` ends
    at its last row.
    """

    kind = T.Unicode("dots").tag(sync=True)
    scheme = T.Enum(list(NAMES), "sinusoidal").tag(sync=True)
    scheme_index = T.Int(0).tag(sync=True)
    length = T.CInt(64).tag(sync=True)
    d_model = T.CInt(32).tag(sync=True)
    d_kept = T.CInt(32).tag(sync=True)
    base = T.CFloat(10000.0).tag(sync=True)
    t = T.CInt(24).tag(sync=True)
    k = T.CInt(8).tag(sync=True)
    k_kept = T.CInt(8).tag(sync=True)
    t_max = T.Int(63).tag(sync=True)  # follow from length, for the sliders of t and k
    k_min = T.Int(-63).tag(sync=True)
    no_base = T.Bool(False).tag(sync=True)  # whether the scheme has no base to choose
    no_width = T.Bool(False).tag(sync=True)  # ... no width
    payload = T.Bytes().tag(sync=True)  # the learned tables

    @T.default("payload")
    def _tables(self) -> bytes:
        return learned.payload()

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.k_kept = self.k
        self.d_kept = self.d_model
        bind_choice(self, "scheme")
        self.observe(self._fix, ["t", "k", "length", "d_model", "scheme"])
        self._fix(None)

    def _fix(self, change: object) -> None:
        """Keeps t and t + k inside the table, and the channels enough for the bits of all
        positions, as the browser does."""
        changed = change["name"] if isinstance(change, dict) else None
        asked = changed == "k"
        table = learned.TABLES.get(self.scheme)
        with self.hold_trait_notifications():
            self.no_base = not (table is None and schemes.SCHEMES[self.scheme].based)
            self.no_width = table is not None
            if table is not None:
                self.length = min(self.length, table.rows)
                self.d_model = table.width
            elif changed == "d_model":
                self.d_kept = self.d_model
            else:
                self.d_model = self.d_kept
            if self.scheme == "binary":
                bits = math.ceil(math.log2(self.length))
                self.d_model = self.d_kept = max(self.d_model, bits + bits % 2)
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
        """The vectors of positions 0 .. length - 1, shape (length, d_model); those of a learned
        table in its own directions, of which it keeps the strongest."""
        if self.scheme in learned.TABLES:
            return learned.components(self.scheme, self.length)
        return schemes.rows(
            self.scheme, self.length, self.d_model, base=self.base, length=self.length
        )

    @property
    def products(self) -> Floats:
        """The dot products of all pairs of positions, shape (length, length)."""
        if self.scheme in learned.TABLES:
            return learned.products(self.scheme, self.length)
        return analysis.gram(self.table)

    @property
    def outlying(self) -> list[int]:
        """The rows of a learned table that are too long for the colours and the axis."""
        return learned.outlying(self.products) if self.scheme in learned.TABLES else []

    @property
    def scale(self) -> float:
        """The largest product that the colours and the axis have room for: that of all pairs, but
        for outlying rows."""
        if self.scheme in learned.TABLES:
            return learned.scale(self.products)
        return float(np.square(self.table).sum(axis=1).max())

    @property
    def values(self) -> Floats:
        """The curve of position ``t``, shape (length,): its product with each position, so that
        the offset of entry s is s - t."""
        if self.scheme in learned.TABLES:
            row: Floats = self.products[self.t]
            return row
        table = self.table
        products: Floats = table @ table[self.t]
        return products

    @property
    def range(self) -> tuple[float, float]:
        """The least and the greatest product of all pairs at offset ``k``."""
        if self.scheme in learned.TABLES:
            diagonal = np.diagonal(self.products, self.k)
            return float(diagonal.min()), float(diagonal.max())
        return analysis.offset_range(self.table, self.k)

    _valid_length = checked("length", whole=True, low=MIN_LENGTH, high=MAX_LENGTH)
    _valid_d_model = checked("d_model", even=True, low=2, high=MAX_WIDTH)
    _valid_base = checked("base", low=1.0, high=MAX_BASE)
