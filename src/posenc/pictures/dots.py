"""The printed picture of "One curve for every position"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posenc import palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.dots import Dots


def dots(view: Dots, theme: str = "light") -> Figure:
    """The picture of the view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 2))
        figure.text(0.1, 0.5, f"t = {view.t}")
    return figure


def dots_alt(view: Dots) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    return f"t = {view.t}"
