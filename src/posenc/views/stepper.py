"""The matrix stands still: the view."""

from __future__ import annotations

import traitlets as T

from posenc.views.base import View


class Stepper(View):
    """The matrix stands still."""

    kind = T.Unicode("stepper").tag(sync=True)
    t = T.CInt(0).tag(sync=True)
