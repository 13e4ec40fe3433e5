"""Why both?: the exhibit."""

from __future__ import annotations

from posenc import pictures
from posenc.exhibits.frame import Exhibit
from posenc.views.both import Both


def both(name: str = "both", **traits: object) -> Exhibit:
    """Why both?."""
    view = Both(**traits)
    return Exhibit(
        name,
        "Why both?",
        "",
        "",
        views=[view],
        state={},
        picture=lambda: pictures.both(view),
        alt=lambda: pictures.both_alt(view),
    )
