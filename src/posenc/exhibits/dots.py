"""One curve for every position: the exhibit."""

from __future__ import annotations

from posenc import pictures
from posenc.exhibits.frame import Exhibit
from posenc.views.dots import Dots


def dots(name: str = "dots", **traits: object) -> Exhibit:
    """One curve for every position."""
    view = Dots(**traits)
    return Exhibit(
        name,
        "One curve for every position",
        "",
        "",
        views=[view],
        state={},
        picture=lambda: pictures.dots(view),
        alt=lambda: pictures.dots_alt(view),
    )
