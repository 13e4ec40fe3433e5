"""The binary counter: digits that jump, and what becomes of their steps when they are rounded."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.sliders import of_t, slider
from posenc.views.counter import MAX_BITS, MIN_BITS, Counter

RATE = 2  # positions a second under Play: time to see which digits flip


def counter(name: str = "counter", **traits: object) -> Exhibit:
    """Positions counted in binary, with the length of every step, and corners to soften.

    ``traits`` are those of ``posenc.views.counter.Counter`` (``t``, ``bits``, ``softness``,
    ``start``); they are also the state that Reset goes back to.
    """
    view = Counter(**traits)
    player = Player(rate=RATE, whole=True, value=view.t, max=view.t_max)
    t = of_t(view.t, 0, view.t_max)
    softness = slider("softness", view.softness, 0, 1, 0.01, ".2f")
    bits = slider("<i>d</i> digits", view.bits, MIN_BITS, MAX_BITS)
    links = [
        W.jslink((view, "t_max"), (t, "max")),
        W.jslink((view, "t"), (t, "value")),
        W.jslink((view, "t_max"), (player, "max")),
        W.jslink((view, "t"), (player, "value")),
        W.jslink((view, "softness"), (softness, "value")),
        W.jslink((view, "bits"), (bits, "value")),
    ]
    return Exhibit(
        name,
        "The binary counter",
        "Press play, or drag the row; then drag softness from 0 (digits) to 1 (waves).",
        "**Notice** the long bars and the number of digits that flip there. Every second step flips "
        "one digit, but the step from 3 to 4 flips three, and the step into the second half of the "
        "count flips them all, though [*t*]{pos} and [*t* + 1]{off} are neighbours each time. "
        "Every column keeps its period while its corners are rounded; what goes is the jump.",
        views=[view],
        controls=[controls(player, t, softness, bits)],
        links=links,
        state={
            "d": Setting(view, "bits", "digits d", "whole", MIN_BITS, MAX_BITS),
            "soft": Setting(view, "softness", "softness", "number", 0, 1),
            "from": Setting(view, "start", "first position", "whole", 0, 2**MAX_BITS),
            "t": Setting(view, "t", "position t", "whole", 0, 2**MAX_BITS - 1),
        },
        picture=lambda: pictures.counter(view),
        alt=lambda: pictures.counter_alt(view),
    )
