"""One at a time, all at once: the view."""

from __future__ import annotations

import traitlets as T

from posenc.views.base import View


class Steps(View):
    """One at a time, all at once."""

    kind = T.Unicode("steps").tag(sync=True)
    t = T.CInt(0).tag(sync=True)
