"""Shuffle the sentence: the exhibit."""

from __future__ import annotations

from posenc import pictures
from posenc.exhibits.frame import Exhibit
from posenc.views.shuffle import Shuffle


def shuffle(name: str = "shuffle", **traits: object) -> Exhibit:
    """Shuffle the sentence."""
    view = Shuffle(**traits)
    return Exhibit(
        name,
        "Shuffle the sentence",
        "",
        "",
        views=[view],
        state={},
        picture=lambda: pictures.shuffle(view),
        alt=lambda: pictures.shuffle_alt(view),
    )
