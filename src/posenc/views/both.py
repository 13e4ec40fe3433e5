"""Is there one matrix for every t? The best linear map of each encoding, fitted and then tried."""

from __future__ import annotations

import traitlets as T

from posenc import analysis, schemes
from posenc.analysis import TriedShift
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import MAX_BASE, checked

NAMES = [name for name in schemes.SCHEMES if name != "redrawn"]
MIN_LENGTH, MAX_LENGTH = 128, 1024
MAX_WIDTH = 32
MAX_K = 24  # leaves half of the shortest table more rows than the widest has channels
WIDTHS = (2, 8, 16, 32)  # the widths that have a button; others can be set


class Both(View):
    """The best linear map from row t to row t + ``k`` of the encoding ``scheme``.

    The table has ``length`` positions and ``d_model`` channels. The map is fitted on its first
    half and tried on its second. Shown in particular: position ``t``, and ``channel``.
    ``d_index`` is the place of ``d_model`` among the buttons, or None.
    """

    kind = T.Unicode("both").tag(sync=True)
    scheme = T.Enum(NAMES, "sine only").tag(sync=True)
    scheme_index = T.Int(0).tag(sync=True)
    k = T.CInt(8).tag(sync=True)
    t = T.CInt(40).tag(sync=True)
    t_max = T.Int(247).tag(sync=True)
    channel = T.CInt(0).tag(sync=True)
    length = T.CInt(256).tag(sync=True)
    d_model = T.CInt(16).tag(sync=True)
    d_index = T.Int(2, allow_none=True).tag(sync=True)
    base = T.CFloat(100.0).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        bind_choice(self, "scheme")
        self.observe(self._fix, ["t", "k", "length", "d_model", "channel"])
        self.observe(self._choose, "d_index")
        self._fix(None)

    def _fix(self, _: object) -> None:
        """Keeps position and channel inside the table, as the browser does."""
        with self.hold_trait_notifications():
            self.t_max = self.length - 1 - self.k
            self.t = min(self.t, self.t_max)
            self.channel = min(self.channel, self.d_model - 1)
            self.d_index = WIDTHS.index(self.d_model) if self.d_model in WIDTHS else None

    def _choose(self, _: object) -> None:
        if self.d_index is not None:
            self.d_model = WIDTHS[self.d_index]

    def table(self, scheme: str | None = None) -> Floats:
        """The rows of an encoding (the chosen one by default), shape (length, d_model)."""
        return schemes.rows(scheme or self.scheme, self.length, self.d_model, base=self.base)

    @property
    def tried(self) -> TriedShift:
        """The best linear map of the chosen encoding, fitted on one half, tried on the other."""
        return analysis.tried_linear_shift(self.table(), self.k)

    @property
    def ladder(self) -> dict[str, TriedShift | None]:
        """The same for every encoding; None where the width is too small to hold it."""
        found: dict[str, TriedShift | None] = {}
        for name in NAMES:
            try:
                found[name] = analysis.tried_linear_shift(self.table(name), self.k)
            except ValueError:
                found[name] = None
        return found

    _valid_k = checked("k", whole=True, low=0, high=MAX_K)
    _valid_t = checked("t", whole=True, low=0, high=MAX_LENGTH)
    _valid_channel = checked("channel", whole=True, low=0, high=MAX_WIDTH - 1)
    _valid_length = checked("length", even=True, low=MIN_LENGTH, high=MAX_LENGTH)
    _valid_d_model = checked("d_model", even=True, low=2, high=MAX_WIDTH)
    _valid_base = checked("base", low=1.0, high=MAX_BASE)
