"""The exhibit of steps: a recurrent network reads word by word, attention takes all pairs at once."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.settings import of_length
from posenc.exhibits.sliders import of_t, slider, toggle
from posenc.views.steps import CHANGES, MAX_LENGTH, Steps

RATE = 2.5  # words a second under Play
LENGTHS = [2**n for n in range(1, 7)]
LABELS = {"none": "as written", "swap": "two words swapped", "replace": "one replaced"}


def steps(name: str = "steps", **traits: object) -> Exhibit:
    """One sentence, read by a recurrent network step by step and by self-attention in one step.

    ``traits`` are those of ``posenc.views.steps.Steps`` (``t``, ``offset``, ``length``,
    ``change``, ``text``, ``instead``, ``seed``); they are also the state that Reset goes back to.
    """
    view = Steps(**traits)
    player = Player(rate=RATE, whole=True, value=view.t, max=view.t_max)
    t = of_t(view.t, 0, view.t_max)
    length = slider("<i>L</i> words", view.length, 2, view.length_max)
    change = toggle("the sentence", [LABELS[word] for word in CHANGES], LABELS[view.change])
    change.add_class("own-line")
    links = [
        W.jslink((view, "t_max"), (t, "max")),
        W.jslink((view, "t"), (t, "value")),
        W.jslink((view, "t_max"), (player, "max")),
        W.jslink((view, "t"), (player, "value")),
        W.jslink((view, "length_max"), (length, "max")),
        W.jslink((view, "length"), (length, "value")),
        W.jslink((view, "change_index"), (change, "index")),
    ]
    return Exhibit(
        name,
        "One at a time, all at once",
        "Press play, or move the [round mark]{pos} along the sentence; the [diamond]{off} is a "
        "second word, *k* back.",
        "**Notice** that a state has to wait for the state before it, so the chain takes as many "
        "steps as there are words, while attention draws a line from every word to every word in "
        "one (the darker the line, the larger its weight). It pays with *L* times *L* lines. Each "
        "column of cells is a vector: above, the recurrent network's state after that word; "
        "below, attention's output for it. Words are random vectors and both networks have "
        "random weights: nothing here is trained.",
        views=[view],
        controls=[controls(player, t, length, change)],
        links=links,
        state={
            "L": of_length(view, 2, MAX_LENGTH, LENGTHS),
            "t": Setting(view, "t", "position t", "whole", 0, MAX_LENGTH - 1),
            "k": Setting(view, "offset", "offset k", "whole", 1, MAX_LENGTH - 1),
            "swap": Setting(view, "change", "change", "choice", options=CHANGES),
        },
        picture=lambda: pictures.steps(view),
        alt=lambda: pictures.steps_alt(view),
    )
