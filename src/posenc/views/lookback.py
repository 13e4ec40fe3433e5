"""An attention head that looks k back: the view."""

from __future__ import annotations

import traitlets as T

from posenc.views.base import View


class LookBack(View):
    """An attention head that looks k back."""

    kind = T.Unicode("lookback").tag(sync=True)
    t = T.CInt(0).tag(sync=True)
