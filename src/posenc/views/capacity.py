"""Adding vectors and telling them apart again."""

from __future__ import annotations

import traitlets as T

from posenc import codebook
from posenc.codebook import TRIED, Told
from posenc.views.base import View
from posenc.views.rules import checked

MIN_BOOK, MAX_BOOK = 256, 2048  # js/capacity.js has the same
MIN_WIDTH, MAX_WIDTH = 8, 1024


class Capacity(View):
    """Sums of ``m`` of the ``n`` vectors of a codebook with ``d_model`` channels of +1 or -1."""

    kind = T.Unicode("capacity").tag(sync=True)
    m = T.CInt(16).tag(sync=True)
    n = T.CInt(1024).tag(sync=True)
    d_model = T.CInt(256).tag(sync=True)
    seed = T.CInt(0).tag(sync=True)

    @property
    def told(self) -> Told:
        """What comes out of all sums of m."""
        return codebook.told(self.m, self.n, self.d_model, self.seed)

    @property
    def expected(self) -> float:
        """The share told right that theory expects."""
        return codebook.expected(self.m, self.n, self.d_model)

    @property
    def limit(self) -> float:
        """How many can be added before the loudest other is as loud as a member."""
        return codebook.limit(self.n, self.d_model)

    @property
    def most(self) -> int:
        """How many can be added with 99 in 100 expected to be told."""
        return codebook.most(self.n, self.d_model)

    _valid_m = checked("m", whole=True, low=1, high=TRIED)
    _valid_n = checked("n", whole=True, low=MIN_BOOK, high=MAX_BOOK)
    _valid_d_model = checked("d_model", whole=True, low=MIN_WIDTH, high=MAX_WIDTH)
    _valid_seed = checked("seed", whole=True, low=0, high=99)
