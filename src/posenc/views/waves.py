"""The first waves of the encoding over the positions, and a line that marks one position."""

from __future__ import annotations

import traitlets as T

from posenc import encodings
from posenc.checks import Floats
from posenc.views.base import View
from posenc.views.rules import MAX_BASE, checked

MAX_LENGTH = 256  # more positions than that are too fine for waves of half a centimetre
MAX_WIDTH = 1024
MAX_WAVES = 16


class Waves(View):
    """The sines of the first ``waves`` pairs of width ``d_model`` over ``length`` positions."""

    kind = T.Unicode("waves").tag(sync=True)
    t = T.CFloat(23.0).tag(sync=True)
    d_model = T.Int(32).tag(sync=True)
    base = T.CFloat(10000.0).tag(sync=True)
    length = T.Int(64).tag(sync=True)
    waves = T.Int(10).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        if 2 * self.waves > self.d_model:
            raise T.TraitError(
                f"waves = {self.waves} cannot be shown: width {self.d_model} has "
                f"{self.d_model // 2} pairs"
            )
        self.observe(self._fix, ["t", "length"])
        self._fix(None)

    def _fix(self, _: object) -> None:
        """Keeps the line on the picture, as the browser does."""
        self.t = min(self.t, self.length - 1)

    @property
    def values(self) -> Floats:
        """The heights under the line, shape (waves,)."""
        row = encodings.sinusoidal([self.t], self.d_model, base=self.base)[0]
        heights: Floats = row[: 2 * self.waves : 2]
        return heights

    _valid_t = checked("t", whole=True, low=0, high=MAX_LENGTH - 1)
    _valid_d_model = checked("d_model", even=True, low=2, high=MAX_WIDTH)
    _valid_base = checked("base", low=1.0, high=MAX_BASE)
    _valid_length = checked("length", whole=True, low=2, high=MAX_LENGTH)
    _valid_waves = checked("waves", whole=True, low=1, high=MAX_WAVES)
