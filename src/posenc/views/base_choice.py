"""What a base does to a sequence: who turns, who is close to whom, what 16-bit floats leave."""

from __future__ import annotations

import math

import traitlets as T

from posenc import analysis, encodings
from posenc.analysis import ClosestPair, Rounded, Turns
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import MAX_BASE, checked

MIN_LENGTH = 8
MAX_LENGTH = 131_072
MAX_WIDTH = 512
EXACT = "exact"
PRECISIONS = [EXACT, *analysis.FLOATS]


class BaseChoice(View):
    """The wavelengths of ``d_model / 2`` pairs against a sequence of ``length`` positions.

    ``precision`` is "exact" or the 16-bit float in which rows and positions are kept;
    ``exponent`` is log10 of the base, for a control on a logarithmic scale.
    """

    kind = T.Unicode("base").tag(sync=True)
    length = T.CInt(512).tag(sync=True)
    d_model = T.CInt(64).tag(sync=True)
    base = T.CFloat(10000.0).tag(sync=True)
    exponent = T.CFloat(4.0).tag(sync=True)
    precision = T.Enum(PRECISIONS, EXACT).tag(sync=True)
    precision_index = T.Int(0).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        bind_choice(self, "precision")
        self.observe(self._fix_exponent, "base")
        self.observe(self._fix_base, "exponent")
        self._fix_exponent(None)

    def _fix_exponent(self, _: object) -> None:
        self.exponent = math.log10(self.base)

    def _fix_base(self, _: object) -> None:
        # a base that already has this exponent stays what it is, to the last digit
        if abs(math.log10(self.base) - self.exponent) > 1e-9:
            self.base = float(f"{10**self.exponent:.3g}")

    @property
    def wavelengths(self) -> Floats:
        """The wavelength of each pair in positions, shape (d_model / 2,)."""
        return encodings.wavelengths(self.d_model, base=self.base)

    @property
    def turns(self) -> Turns:
        """The turns of each pair over the sequence, and the channels that never finish one."""
        return analysis.turns(self.length, self.d_model, base=self.base)

    @property
    def closest(self) -> ClosestPair:
        """The closest two of the vectors of the sequence."""
        return analysis.closest_pair(self.length, self.d_model, base=self.base)

    def rounded(self, what: str = "table") -> Rounded | None:
        """What the 16-bit float leaves of the rows ("table") or of the positions; None if exact."""
        if self.precision == EXACT:
            return None
        return analysis.rounded(
            self.length, self.d_model, base=self.base, dtype=self.precision, what=what
        )

    _valid_length = checked("length", whole=True, low=MIN_LENGTH, high=MAX_LENGTH)
    _valid_d_model = checked("d_model", even=True, low=4, high=MAX_WIDTH)
    _valid_base = checked("base", low=1.0, high=MAX_BASE)
    _valid_exponent = checked("exponent", low=0.0, high=math.log10(MAX_BASE))
