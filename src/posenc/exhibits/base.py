"""The exhibit "Choose the base": wavelengths against the length of the sequence."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.settings import of_base, of_length
from posenc.exhibits.sliders import log_slider, toggle
from posenc.views.base_choice import (
    MAX_LENGTH,
    MAX_WIDTH,
    MIN_LENGTH,
    PRECISIONS,
    BaseChoice,
)

LENGTHS = [2**n for n in range(3, 18)]
WIDTHS = [2**n for n in range(2, 10)]


def base(name: str = "base", **traits: object) -> Exhibit:
    """The wavelengths of all pairs on a logarithmic axis, against a sequence's length.

    ``traits`` are those of ``posenc.views.base_choice.BaseChoice`` (``length``, ``d_model``,
    ``base``, ``precision``); they are also the state that Reset goes back to.
    """
    view = BaseChoice(**traits)
    player = Player(min=0, max=6, rate=0.6, whole=False, label="the base")
    player.add_class("of-b")
    swing = log_slider("<i>b</i> base", view.base, 10, 0, 6, 0.02)
    length = log_slider("<i>L</i> length", view.length, 2, 3, 17, 0.25)
    width = log_slider("<i>d</i> width", view.d_model, 2, 2, 9, 1)
    precision = toggle("numbers kept", PRECISIONS, view.precision)
    links = [
        W.jslink((view, "exponent"), (player, "value")),
        W.jslink((view, "base"), (swing, "value")),
        W.jslink((view, "length"), (length, "value")),
        W.jslink((view, "d_model"), (width, "value")),
        W.jslink((view, "precision_index"), (precision, "index")),
    ]
    return Exhibit(
        name,
        "Choose the base",
        "Drag the last dot to change the base *b*, and the upright line to change the length *L*.",
        "**Notice** what each end costs. A large base leaves most channels standing: an open dot "
        "is a pair that never finishes a turn within *L* positions. A small base wastes none, "
        "but its waves all return soon, so in a narrow encoding far [offsets *k*]{off} come close "
        "again (try *d* = 4, or a base next to 1). At base 10,000 the closest two vectors are "
        "neighbours in every width offered here from 32 on.",
        views=[view],
        controls=[controls(player, swing, length, width, precision)],
        links=links,
        state={
            "d": Setting(
                view, "d_model", "width d", "even", 4, MAX_WIDTH, steps=WIDTHS, control=width
            ),
            "L": of_length(view, MIN_LENGTH, MAX_LENGTH, LENGTHS, length),
            "b": of_base(view, swing),
            "float": Setting(view, "precision", "numbers kept", "choice", options=PRECISIONS),
        },
        picture=lambda: pictures.base(view),
        alt=lambda: pictures.base_alt(view),
    )
