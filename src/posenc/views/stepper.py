"""The matrix stands still: one pair at t and at t + k, and the matrix between them."""

from __future__ import annotations

import numpy as np
import traitlets as T

from posenc import analysis, encodings
from posenc.checks import Floats
from posenc.views.base import View
from posenc.views.rules import MAX_BASE, checked

LAST = 63  # positions 0 to LAST are on the axis; js/stepper_draw.js has the same
OFFSETS = (-16, 32)  # the offsets that can be set; js/stepper.js has the same
STEPS = 5
MAX_WIDTH = 64


class Stepper(View):
    """Pair ``pair`` of the encoding at ``t`` and at ``t + k``, with the proof open to ``step``.

    ``t`` is any real number; it gives way when ``t + k`` would leave the positions 0 to 63, and
    ``t_min`` and ``t_max`` say how far it can go.
    """

    kind = T.Unicode("stepper").tag(sync=True)
    t = T.CFloat(8.0).tag(sync=True)
    k = T.Int(3).tag(sync=True)
    pair = T.Int(1).tag(sync=True)
    step = T.Int(1).tag(sync=True)
    d_model = T.Int(16).tag(sync=True)
    base = T.CFloat(10000.0).tag(sync=True)
    t_min = T.CFloat(0.0).tag(sync=True)
    t_max = T.CFloat(60.0).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.observe(self._fix, ["t", "k", "pair", "d_model"])
        self._fix(None)

    def _fix(self, _: object) -> None:
        """Keeps t, t + k and the pair where they can be drawn, as the browser does."""
        with self.hold_trait_notifications():
            self.t_min = max(0.0, -self.k)
            self.t_max = float(min(LAST, LAST - self.k))
            self.t = min(max(self.t, self.t_min), self.t_max)
            self.pair = min(self.pair, self.d_model // 2 - 1)

    def at(self, t: float) -> Floats:
        """Sine and cosine of the pair at a position, shape (2,)."""
        row: Floats = encodings.sinusoidal([t], self.d_model, base=self.base)[0]
        return row[self._channels]

    def matrix(self) -> Floats:
        """The matrix solved from the encodings at ``t`` and ``t + 1``, shape (2, 2)."""
        before = np.array([self.at(self.t), self.at(self.t + 1)])
        after = np.array([self.at(self.t + self.k), self.at(self.t + 1 + self.k)])
        return analysis.pair_map(before, after)

    @property
    def _channels(self) -> slice:
        return slice(2 * self.pair, 2 * self.pair + 2)

    _valid_t = checked("t", low=0, high=LAST)
    _valid_k = checked("k", whole=True, low=OFFSETS[0], high=OFFSETS[1])
    _valid_pair = checked("pair", whole=True, low=0, high=MAX_WIDTH // 2 - 1)
    _valid_step = checked("step", whole=True, low=1, high=STEPS)
    _valid_d_model = checked("d_model", even=True, low=2, high=MAX_WIDTH)
    _valid_base = checked("base", low=1.0, high=MAX_BASE)
