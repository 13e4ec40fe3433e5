"""Why both?: the view."""

from __future__ import annotations

import traitlets as T

from posenc.views.base import View


class Both(View):
    """Why both?."""

    kind = T.Unicode("both").tag(sync=True)
    t = T.CInt(0).tag(sync=True)
