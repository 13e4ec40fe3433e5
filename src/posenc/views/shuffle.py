"""Shuffle the sentence: the view."""

from __future__ import annotations

import traitlets as T

from posenc.views.base import View


class Shuffle(View):
    """Shuffle the sentence."""

    kind = T.Unicode("shuffle").tag(sync=True)
    t = T.CInt(0).tag(sync=True)
