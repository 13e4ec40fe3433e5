"""One at a time, all at once: the exhibit."""

from __future__ import annotations

from posenc import pictures
from posenc.exhibits.frame import Exhibit
from posenc.views.steps import Steps


def steps(name: str = "steps", **traits: object) -> Exhibit:
    """One at a time, all at once."""
    view = Steps(**traits)
    return Exhibit(
        name,
        "One at a time, all at once",
        "",
        "",
        views=[view],
        state={},
        picture=lambda: pictures.steps(view),
        alt=lambda: pictures.steps_alt(view),
    )
