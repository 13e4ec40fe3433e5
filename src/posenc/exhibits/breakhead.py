"""The exhibit "Break a head": a real head, and the clocks that it cannot do without."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.sliders import of_t, slider, toggle
from posenc.views.breakhead import HANDS, MAX_FIRST, MOVES, PASTS, SWITCH, WORDS, BreakHead

RATE = 8  # positions a second under Play


def breakhead(name: str = "breakhead", **traits: object) -> Exhibit:
    """A head of MiniLM that looks at the word before, with the hands of its positions as switches.

    ``traits`` are those of ``posenc.views.breakhead.BreakHead`` (``hand1`` ... ``hand5``, ``t``,
    ``first``, ``by``, ``moves``, ``past``, ``words``); they are also the state that Reset goes back
    to.
    """
    view = BreakHead(**traits)
    player = Player(rate=RATE, whole=True, label="first position", value=view.first, max=MAX_FIRST)
    first = slider("first position", view.first, 0, MAX_FIRST)
    t = of_t(view.t, 0, len(view.spelt) - 1, label="word, from 0")
    by = slider("moved by", view.by, 0, 1, 0.05, ".2f")
    moves = toggle("what moves", MOVES, view.moves)
    past = toggle("past the last row", PASTS, view.past)
    words = toggle("words", WORDS, view.words)
    links = [
        W.jslink((view, "first"), (player, "value")),
        W.jslink((view, "first"), (first, "value")),
        W.jslink((view, "t"), (t, "value")),
        W.jslink((view, "by"), (by, "value")),
        W.jslink((view, "moves_index"), (moves, "index")),
        W.jslink((view, "past_index"), (past, "index")),
        W.jslink((view, "words_index"), (words, "index")),
    ]
    hands = {f"hand{k + 1}": f"hand {k + 1}" for k in range(HANDS)}
    return Exhibit(
        name,
        "Break a head",
        "Press a clock to switch it off, the fastest first, and watch the band below the diagonal "
        "dissolve; then move the positions by half a step, or past the last row.",
        "**Notice** that the five hands work like the digits of a counter. The fastest alone cannot "
        "tell the [word before]{off} from the ones seven back and five ahead, for it points the same "
        "way again. The "
        "next, three times as slow, can, and so on. Move *all words* by a part of a step and nothing "
        "changes, for only the angle between two positions counts; move *the one that looks* and "
        "the band glides to the diagonal. The table ends at 511: this head goes on where the hands "
        "are turned on, and fails on a straight line or on one row repeated.",
        views=[view],
        controls=[controls(player, first, t, by, moves, past, words)],
        links=links,
        state={
            **{
                f"h{trait[-1]}": Setting(view, trait, label, "choice", options=SWITCH)
                for trait, label in hands.items()
            },
            "first": Setting(view, "first", "first position", "whole", 0, MAX_FIRST),
            "t": Setting(view, "t", "the word that looks", "whole", 0, len(view.spelt) - 1),
            "by": Setting(view, "by", "moved by", "number", 0, 1),
            "moves": Setting(view, "moves", "what moves", "choice", options=MOVES),
            "past": Setting(view, "past", "past the last row", "choice", options=PASTS),
            "words": Setting(view, "words", "words", "choice", options=WORDS),
        },
        picture=lambda: pictures.breakhead(view),
        alt=lambda: pictures.breakhead_alt(view),
    )
