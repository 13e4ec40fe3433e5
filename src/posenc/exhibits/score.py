"""The scorecard: the exhibit."""

from __future__ import annotations

from posenc import pictures
from posenc.exhibits.frame import Exhibit
from posenc.views.score import Score


def score(name: str = "score", **traits: object) -> Exhibit:
    """The scorecard."""
    view = Score(**traits)
    return Exhibit(
        name,
        "The scorecard",
        "",
        "",
        views=[view],
        state={},
        picture=lambda: pictures.score(view),
        alt=lambda: pictures.score_alt(view),
    )
