"""The scorecard: the view."""

from __future__ import annotations

import traitlets as T

from posenc.views.base import View


class Score(View):
    """The scorecard."""

    kind = T.Unicode("score").tag(sync=True)
    t = T.CInt(0).tag(sync=True)
