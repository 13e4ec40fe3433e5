"""One channel of a small table, read in full: its pair, its function, its wavelength."""

from __future__ import annotations

import traitlets as T

from posenc import encodings
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import MAX_BASE, checked

POSITIONS = 24  # rows of the table, as in js/channel.js
MAX_WIDTH = 64  # so that a hand can point at every channel
CORRECT = "correct"
MISTAKES = [CORRECT, *encodings.MISTAKES]


class Channel(View):
    """Positions ``0 .. 23`` by channels ``0 .. d_model - 1``, with the channel j marked.

    ``mistake`` is "correct" or a name in ``posenc.encodings.MISTAKES``; the table that the mistake
    makes is then drawn beside the right one, its wavelengths over the right ones.
    """

    kind = T.Unicode("channel").tag(sync=True)
    t = T.CInt(5).tag(sync=True)
    channel = T.CInt(6).tag(sync=True)
    d_model = T.CInt(16).tag(sync=True)
    base = T.CFloat(10000.0).tag(sync=True)
    channel_layout = T.Enum(list(encodings.LAYOUTS), "interleaved").tag(sync=True)
    channel_layout_index = T.Int(0).tag(sync=True)
    mistake = T.Enum(MISTAKES, CORRECT).tag(sync=True)
    mistake_index = T.Int(0).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        bind_choice(self, "channel_layout")
        bind_choice(self, "mistake")
        self.observe(self._fix, ["channel", "d_model"])
        self._fix(None)

    def _fix(self, _: object) -> None:
        """Keeps the marked channel inside the table, as the browser does."""
        self.channel = min(self.channel, self.d_model - 1)

    @property
    def pair(self) -> int:
        """The pair i of the marked channel."""
        return int(encodings.channel_map(self.d_model, layout=self.channel_layout)[0][self.channel])

    @property
    def is_cosine(self) -> bool:
        """Whether the marked channel is its pair's cosine."""
        return bool(
            encodings.channel_map(self.d_model, layout=self.channel_layout)[1][self.channel]
        )

    @property
    def right(self) -> Floats:
        """The right wavelength of each channel in positions, shape (d_model,)."""
        return encodings.channel_waves(
            self.d_model, base=self.base, layout=self.channel_layout
        ).wavelengths

    @property
    def wavelengths(self) -> Floats:
        """The wavelength of each channel as shown, the mistake included, shape (d_model,)."""
        mistake = None if self.mistake == CORRECT else self.mistake
        return encodings.channel_waves(
            self.d_model, base=self.base, layout=self.channel_layout, mistake=mistake
        ).wavelengths

    @property
    def values(self) -> Floats:
        """The table as shown, the mistake included, shape (24, d_model)."""
        if self.mistake == CORRECT:
            return encodings.sinusoidal(
                POSITIONS, self.d_model, base=self.base, layout=self.channel_layout
            )
        return encodings.mistaken(
            POSITIONS,
            self.d_model,
            mistake=self.mistake,
            base=self.base,
            layout=self.channel_layout,
        )

    _valid_t = checked("t", whole=True, low=0, high=POSITIONS - 1)
    _valid_channel = checked("channel", whole=True, low=0, high=MAX_WIDTH - 1)
    _valid_d_model = checked("d_model", even=True, low=4, high=MAX_WIDTH)
    _valid_base = checked("base", low=1.0, high=MAX_BASE)
