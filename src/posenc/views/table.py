"""A real learned table beside another: a picture, the lengths of the rows, and their cosines."""

from __future__ import annotations

import traitlets as T

from posenc import tables
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import checked

NAMES = tuple(tables.TABLES)
PICTURES = ("components", "channels", "cosines")
REACH = 96
"""Offsets to either side that the curves show; js/table_data.js has the same."""

WIDTH, FULL = 64, 384
"""Channels of a table drawn at random, and of the sinusoidal one; js/table_data.js has the same."""


def width_of(name: str) -> int:
    """The width of a table that is made."""
    return FULL if name == "sinusoidal" else WIDTH


class LearnedTable(View):
    """The table called ``table`` next to the one called ``beside``, at position ``t``.

    ``picture`` is what the pictures show: the leading directions of a learned table
    ("components"; a table that is made has its channels), the channels, or the cosine of every pair
    of rows.
    """

    kind = T.Unicode("table").tag(sync=True)
    table = T.Enum(list(NAMES), "minilm").tag(sync=True)
    table_index = T.Int(0).tag(sync=True)
    beside = T.Enum(list(NAMES), "sinusoidal").tag(sync=True)
    beside_index = T.Int(0).tag(sync=True)
    picture = T.Enum(list(PICTURES), "components").tag(sync=True)
    picture_index = T.Int(0).tag(sync=True)
    t = T.CInt(127).tag(sync=True)
    t_max = T.Int(511).tag(sync=True)  # follows from table, for the slider of t
    # three parts, so that a page fetches what it shows
    minilm = T.Bytes().tag(sync=True)
    whisper = T.Bytes().tag(sync=True)
    channels = T.Bytes().tag(sync=True)  # for that picture of either

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.minilm, self.whisper = (tables.payload(name) for name in tables.LEARNED)
        self.channels = tables.payload(*tables.LEARNED, parts=tables.BASIS)
        for name in ("table", "beside", "picture"):
            bind_choice(self, name)
        self.observe(self._fix, ["t", "table"])
        self._fix(None)

    def _fix(self, _: object) -> None:
        """Keeps t in the table, as the browser does."""
        with self.hold_trait_notifications():
            self.t_max = tables.TABLES[self.table].length - 1
            self.t = min(max(self.t, 0), self.t_max)

    def rows(self, name: str | None = None) -> Floats:
        """The rows of ``table``, or of another; see :func:`posenc.tables.rows`."""
        chosen = name or self.table
        return tables.rows(chosen, width_of(chosen))

    @property
    def lengths(self) -> Floats:
        """The length of each row of ``table``."""
        return tables.lengths(self.table, width_of(self.table))

    @property
    def values(self) -> Floats:
        """The cosine of row ``t`` with each row of ``table``."""
        units = tables.unit_rows(self.rows())
        cosines: Floats = units @ units[self.t]
        return cosines

    _valid_t = checked("t", whole=True, low=0, high=1499)
