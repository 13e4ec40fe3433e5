"""Two sentences, one ruler: the exhibit."""

from __future__ import annotations

from posenc import pictures
from posenc.exhibits.frame import Exhibit
from posenc.views.ruler import Ruler


def ruler(name: str = "ruler", **traits: object) -> Exhibit:
    """Two sentences, one ruler."""
    view = Ruler(**traits)
    return Exhibit(
        name,
        "Two sentences, one ruler",
        "",
        "",
        views=[view],
        state={},
        picture=lambda: pictures.ruler(view),
        alt=lambda: pictures.ruler_alt(view),
    )
