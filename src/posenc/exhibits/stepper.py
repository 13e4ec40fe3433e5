"""The matrix stands still: the exhibit."""

from __future__ import annotations

from posenc import pictures
from posenc.exhibits.frame import Exhibit
from posenc.views.stepper import Stepper


def stepper(name: str = "stepper", **traits: object) -> Exhibit:
    """The matrix stands still."""
    view = Stepper(**traits)
    return Exhibit(
        name,
        "The matrix stands still",
        "",
        "",
        views=[view],
        state={},
        picture=lambda: pictures.stepper(view),
        alt=lambda: pictures.stepper_alt(view),
    )
