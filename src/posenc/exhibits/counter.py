"""The binary counter: the exhibit."""

from __future__ import annotations

from posenc import pictures
from posenc.exhibits.frame import Exhibit
from posenc.views.counter import Counter


def counter(name: str = "counter", **traits: object) -> Exhibit:
    """The binary counter."""
    view = Counter(**traits)
    return Exhibit(
        name,
        "The binary counter",
        "",
        "",
        views=[view],
        state={},
        picture=lambda: pictures.counter(view),
        alt=lambda: pictures.counter_alt(view),
    )
