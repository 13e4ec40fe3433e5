"""The clocks in a table: eigenvalues of its shift map, the hands they turn, and the map's test."""

from __future__ import annotations

import numpy as np
import traitlets as T

from posenc import tables
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import checked

NAMES = ("minilm", "whisper decoder", "sinusoidal", "random walk", "random table")
LAST = max(tables.TABLES[name].last for name in NAMES)
WIDTH = 32
"""Channels of a table that is made; js/found_data.js has the same."""

MOST = 16
"""The most components; js/found_data.js has the same."""


class Found(View):
    """The best linear map from a row of ``table`` to the next, on ``m`` principal components.

    ``fit`` is which rows it is fitted on, ``hand`` the place of the chosen hand among those of
    ``clocks.hands``; a number past the last of them means the last. ``t`` is the position at which
    the hands stand.
    """

    kind = T.Unicode("found").tag(sync=True)
    table = T.Enum(list(NAMES), "minilm").tag(sync=True)
    table_index = T.Int(0).tag(sync=True)
    m = T.CInt(10).tag(sync=True)
    fit = T.Enum(list(tables.FITS), "first half").tag(sync=True)
    fit_index = T.Int(0).tag(sync=True)
    hand = T.CInt(1).tag(sync=True)
    t = T.CInt(40).tag(sync=True)
    t_min = T.Int(1).tag(sync=True)  # follow from table, for the slider of t
    t_max = T.Int(509).tag(sync=True)
    minilm = T.Bytes().tag(sync=True)
    whisper = T.Bytes().tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        # the same bytes as those of the learned table's figure, so that a page fetches them once
        self.minilm, self.whisper = (tables.payload(name) for name in tables.LEARNED)
        bind_choice(self, "table")
        bind_choice(self, "fit")
        self.observe(self._fix, ["t", "table"])
        self._fix(None)

    def _fix(self, _: object) -> None:
        """Keeps the position among the rows of the table, as the browser does."""
        about = tables.TABLES[self.table]
        with self.hold_trait_notifications():
            self.t_min, self.t_max = about.first, about.last
            self.t = min(max(self.t, self.t_min), self.t_max)

    @property
    def clocks(self) -> tables.Clocks:
        """The map, its errors and its hands; see :class:`posenc.tables.Clocks`."""
        return self.clocks_of(self.table)

    def clocks_of(self, name: str) -> tables.Clocks:
        """The same for another table, on as many components."""
        course, squares = tables.course(name, WIDTH)
        return tables.clocks(course, self.m, self.fit, squares=squares)

    @property
    def chosen(self) -> int:
        """The place of the chosen hand."""
        return min(self.hand, len(self.clocks.hands) - 1)

    @property
    def values(self) -> Floats:
        """Where the hands point at ``t``, shape (hands, 2): across and up."""
        readings = [hand.reading[self.t - self.t_min] for hand in self.clocks.hands]
        pointed: Floats = np.array([[z.real, z.imag] for z in readings])
        return pointed

    _valid_m = checked("m", whole=True, low=2, high=MOST)
    _valid_hand = checked("hand", whole=True, low=0, high=MOST - 1)
    _valid_t = checked("t", whole=True, low=0, high=LAST)
