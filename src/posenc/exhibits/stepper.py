"""The exhibit "The matrix stands still": the proof of the shift matrix, one step at a time."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.sliders import of_t, slider
from posenc.views.stepper import LAST, OFFSETS, STEPS, Stepper

RATE = 5.0  # positions a second under Play


def stepper(name: str = "stepper", **traits: object) -> Exhibit:
    """One pair of channels at t and t + k, and the matrix between them, solved again at every t.

    ``traits`` are those of ``posenc.views.stepper.Stepper`` (``t``, ``k``, ``pair``, ``step``,
    ``d_model``, ``base``); they are also the state that Reset goes back to.
    """
    view = Stepper(**traits)
    player = Player(rate=RATE, whole=False, value=view.t, min=view.t_min, max=view.t_max)
    t = of_t(view.t, view.t_min, view.t_max, step=0.1)
    k = slider("<i>k</i> offset", view.k, *OFFSETS)
    k.add_class("of-k")
    pair = slider("<i>i</i> pair", view.pair, 0, view.d_model // 2 - 1)
    links = [
        W.jslink((view, "t_min"), (t, "min")),
        W.jslink((view, "t_max"), (t, "max")),
        W.jslink((view, "t"), (t, "value")),
        W.jslink((view, "t_min"), (player, "min")),
        W.jslink((view, "t_max"), (player, "max")),
        W.jslink((view, "t"), (player, "value")),
        W.jslink((view, "k"), (k, "value")),
        W.jslink((view, "pair"), (pair, "value")),
    ]
    return Exhibit(
        name,
        "The matrix stands still",
        "Drag [the round hand]{pos} to move [*t*]{pos} and [the diamond hand]{off} to set "
        "[*k*]{off}. Watch the matrix: [*t*]{pos} cannot move it.",
        "**Notice** the triangle that hangs on the hand of [*t*]{pos} from step 3 on: one side is "
        "[cos *ωk*]{cos} long, the other [sin *ωk*]{sin}, signs aside. Turning [*t*]{pos} swings it round "
        "whole. Its shape is the matrix, and only [*k*]{off} and the pair can change it. Point at "
        "a symbol or a number of a step to see what it stands for.",
        views=[view],
        controls=[controls(player, t, k, pair)],
        links=links,
        state={
            "i": Setting(view, "pair", "pair i", "whole", 0, view.d_model // 2 - 1),
            "k": Setting(view, "k", "offset k", "whole", *OFFSETS),
            "t": Setting(view, "t", "position t", "number", 0, LAST),
            "step": Setting(view, "step", "step of the proof", "whole", 1, STEPS),
        },
        picture=lambda: pictures.stepper(view),
        alt=lambda: pictures.stepper_alt(view),
    )
