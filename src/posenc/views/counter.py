"""The binary counter: one digit a column, counting downwards, its corners soft or hard."""

from __future__ import annotations

import numpy as np
import traitlets as T

from posenc import encodings
from posenc.checks import Floats
from posenc.views.base import View
from posenc.views.rules import checked

MIN_BITS, MAX_BITS = 3, 8
ROWS = 32  # at most so many positions are in sight; js/counter.js has the same


class Counter(View):
    """The positions ``0 .. 2^bits - 1`` counted in binary, each digit rounded by ``softness``.

    ``t`` is the marked position; the step from it to ``t + 1`` is drawn and measured. A window of
    ``ROWS`` positions from ``start`` on is in sight, and follows ``t``.
    """

    kind = T.Unicode("counter").tag(sync=True)
    t = T.CInt(7).tag(sync=True)
    bits = T.CInt(6).tag(sync=True)
    softness = T.CFloat(0.0).tag(sync=True)
    start = T.CInt(0).tag(sync=True)
    t_max = T.Int(63).tag(sync=True)  # follows from bits, for the slider of t

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.observe(self._fix, ["t", "bits", "start"])
        self._fix(None)

    def _fix(self, change: dict[str, object] | None) -> None:
        """Keeps t within the count and within the window, as the browser does."""
        with self.hold_trait_notifications():
            self.t_max = 2**self.bits - 1
            rows = min(ROWS, 2**self.bits)
            self.t = min(self.t, self.t_max)
            self.start = min(self.start, 2**self.bits - rows)
            if change and change["name"] == "start":
                self.t = min(max(self.t, self.start), self.start + rows - 1)
            else:  # the next position is to be seen too
                least = min(self.t + 2, 2**self.bits) - rows
                self.start = max(min(self.start, self.t), least)

    @property
    def values(self) -> Floats:
        """The whole count, shape (2^bits, bits); column j is digit j, the fastest first."""
        return encodings.softened(2**self.bits, self.bits, softness=self.softness)

    @property
    def steps(self) -> Floats:
        """How far each position is from the next, shape (2^bits - 1,)."""
        apart: Floats = np.linalg.norm(np.diff(self.values, axis=0), axis=1)
        return apart

    _valid_t = checked("t", whole=True, low=0, high=2**MAX_BITS - 1)
    _valid_bits = checked("bits", whole=True, low=MIN_BITS, high=MAX_BITS)
    _valid_softness = checked("softness", low=0, high=1)
    _valid_start = checked("start", whole=True, low=0, high=2**MAX_BITS)
