"""The sinusoidal table as a picture: positions downwards, channels across."""

from __future__ import annotations

import traitlets as T

from posenc import encodings
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import MAX_BASE, checked

MAX_LENGTH = 131_072  # 2^17: the first power of two past 100,000
MAX_WIDTH = 1024


class Heatmap(View):
    """Positions ``start .. start + length - 1`` by channels ``0 .. d_model - 1``.

    The marked row is the position ``t``, the marked column the channel ``j``; the same row and
    column are drawn as plots above and beside the picture.
    """

    kind = T.Unicode("heatmap").tag(sync=True)
    t = T.CInt(23).tag(sync=True)
    channel = T.CInt(12).tag(sync=True)
    start = T.CInt(0).tag(sync=True)
    length = T.CInt(64).tag(sync=True)
    d_model = T.CInt(64).tag(sync=True)
    base = T.CFloat(10000.0).tag(sync=True)
    channel_layout = T.Enum(list(encodings.LAYOUTS), "interleaved").tag(sync=True)
    channel_layout_index = T.Int(0).tag(sync=True)
    t_min = T.Int(0).tag(sync=True)  # follow from start and length, for the slider of t
    t_max = T.Int(63).tag(sync=True)
    start_max = T.Int(MAX_LENGTH - 64).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        bind_choice(self, "channel_layout")
        self.observe(self._fix, ["t", "channel", "start", "length", "d_model"])
        self._fix(None)

    def _fix(self, _: object) -> None:
        """Keeps window, row and column inside the table, as the browser does."""
        with self.hold_trait_notifications():
            self.start_max = MAX_LENGTH - self.length
            self.start = min(self.start, self.start_max)
            self.t_min = self.start
            self.t_max = self.start + self.length - 1
            self.t = min(max(self.t, self.t_min), self.t_max)
            self.channel = min(self.channel, self.d_model - 1)

    @property
    def values(self) -> Floats:
        """The table on display, shape (length, d_model); row r is position ``start + r``."""
        rows = range(self.start, self.start + self.length)
        return encodings.sinusoidal(
            list(rows), self.d_model, base=self.base, layout=self.channel_layout
        )

    _valid_start = checked("start", whole=True, low=0, high=MAX_LENGTH)
    _valid_length = checked("length", whole=True, low=2, high=MAX_LENGTH)
    _valid_d_model = checked("d_model", even=True, low=2, high=MAX_WIDTH)
    _valid_base = checked("base", low=1.0, high=MAX_BASE)
    _valid_channel = checked("channel", whole=True, low=0, high=MAX_WIDTH - 1)
