"""The printed picture of "Two sentences, one ruler"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posenc import palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.ruler import Ruler


def ruler(view: Ruler, theme: str = "light") -> Figure:
    """The picture of the view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 2))
        figure.text(0.1, 0.5, f"t = {view.t}")
    return figure


def ruler_alt(view: Ruler) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    return f"t = {view.t}"
