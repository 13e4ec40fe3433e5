"""The binary counter: the view."""

from __future__ import annotations

import traitlets as T

from posenc.views.base import View


class Counter(View):
    """The binary counter."""

    kind = T.Unicode("counter").tag(sync=True)
    t = T.CInt(0).tag(sync=True)
