"""Two sentences, one ruler: the view."""

from __future__ import annotations

import traitlets as T

from posenc.views.base import View


class Ruler(View):
    """Two sentences, one ruler."""

    kind = T.Unicode("ruler").tag(sync=True)
    t = T.CInt(0).tag(sync=True)
