"""The bank of clocks: one hand for each pair, all of them told the same time."""

from __future__ import annotations

import traitlets as T

from posenc import encodings
from posenc.checks import Floats
from posenc.views.base import View
from posenc.views.rules import MAX_BASE, checked

MAX_T = 131_072  # 2^17, as far as the heatmap scrolls
MAX_WIDTH = 64  # 32 clocks are as many as a picture can hold
WIDTHS = (16, 32, 64)  # the widths that have a button; others can be set


class Clocks(View):
    """``d_model / 2`` hands at position ``t``; the clock of ``pair`` is drawn large.

    ``t`` is any real number from 0 to ``t_max``: between two positions the hands stand between
    two readings. ``d_index`` is the place of ``d_model`` among the buttons, or None.
    """

    kind = T.Unicode("clocks").tag(sync=True)
    t = T.CFloat(23.0).tag(sync=True)
    t_max = T.Int(127).tag(sync=True)
    d_model = T.Int(32).tag(sync=True)
    base = T.CFloat(10000.0).tag(sync=True)
    pair = T.Int(3).tag(sync=True)
    d_index = T.Int(1, allow_none=True).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.observe(self._fix, ["t", "t_max", "d_model", "pair"])
        self.observe(self._choose, "d_index")
        self._fix(None)

    def _fix(self, _: object) -> None:
        """Keeps position and pair inside the bank, as the browser does."""
        with self.hold_trait_notifications():
            self.t = min(self.t, self.t_max)
            self.pair = min(self.pair, self.d_model // 2 - 1)
            self.d_index = WIDTHS.index(self.d_model) if self.d_model in WIDTHS else None

    def _choose(self, _: object) -> None:
        if self.d_index is not None:
            self.d_model = WIDTHS[self.d_index]

    @property
    def values(self) -> Floats:
        """The vector of position ``t``, shape (d_model,): sine and cosine of each clock in turn."""
        row: Floats = encodings.sinusoidal([self.t], self.d_model, base=self.base)[0]
        return row

    _valid_t = checked("t", low=0, high=MAX_T)
    _valid_t_max = checked("t_max", whole=True, low=1, high=MAX_T)
    _valid_d_model = checked("d_model", even=True, low=2, high=MAX_WIDTH)
    _valid_base = checked("base", low=1.0, high=MAX_BASE)
    _valid_pair = checked("pair", whole=True, low=0, high=MAX_WIDTH // 2 - 1)
