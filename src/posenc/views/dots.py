"""One curve for every position: the view."""

from __future__ import annotations

import traitlets as T

from posenc.views.base import View


class Dots(View):
    """One curve for every position."""

    kind = T.Unicode("dots").tag(sync=True)
    t = T.CInt(0).tag(sync=True)
