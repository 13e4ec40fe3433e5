"""An attention head that looks k back: the exhibit."""

from __future__ import annotations

from posenc import pictures
from posenc.exhibits.frame import Exhibit
from posenc.views.lookback import LookBack


def lookback(name: str = "lookback", **traits: object) -> Exhibit:
    """An attention head that looks k back."""
    view = LookBack(**traits)
    return Exhibit(
        name,
        "An attention head that looks k back",
        "",
        "",
        views=[view],
        state={},
        picture=lambda: pictures.lookback(view),
        alt=lambda: pictures.lookback_alt(view),
    )
