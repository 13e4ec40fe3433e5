"""Concatenate, then project: the block matrix drawn apart into a sum."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.sliders import of_t, slider, toggle
from posenc.projection import MANY, WIDTH
from posenc.views.project import BLOCKS, Project


def project(name: str = "project", **traits: object) -> Exhibit:
    """A word on top of its place times two blocks, and the sum of two products that it is.

    ``traits`` are those of ``posenc.views.project.Project`` (``apart``, ``blocks``, ``word``, ``t``,
    ``word_directions``, ``place_directions``); they are also the state that Reset goes back to.
    """
    view = Project(**traits)
    player = Player(
        rate=0.4, whole=False, value=view.apart, min=0, max=1, label="from product to sum"
    )
    apart = slider("apart", view.apart, 0, 1, 0.01, ".2f")
    t = of_t(view.t, 0, MANY - 1)
    word = slider("word", view.word, 0, MANY - 1)
    words = slider("words span", view.word_directions, 1, WIDTH)
    places = slider("places span", view.place_directions, 1, WIDTH)
    blocks = toggle("projections", BLOCKS, view.blocks)
    links = [
        W.jslink((view, "apart"), (player, "value")),
        W.jslink((view, "apart"), (apart, "value")),
        W.jslink((view, "t"), (t, "value")),
        W.jslink((view, "word"), (word, "value")),
        W.jslink((view, "word_directions"), (words, "value")),
        W.jslink((view, "place_directions"), (places, "value")),
        W.jslink((view, "blocks_index"), (blocks, "index")),
    ]
    return Exhibit(
        name,
        "Concatenate, then project",
        "Press play to draw the product apart; then let words and places span more directions.",
        "**Notice** that the four numbers at the end do not change while the blocks move: a matrix "
        "times a concatenation *is* a sum of two projections. Below, the question turned round: can one "
        "matrix on the sum of [word]{tok} and [place]{pos} do what two did on the parts? White cells say "
        "yes. They are all white as long as the two need no more than four directions together.",
        views=[view],
        controls=[controls(player, apart, t, word), controls(words, places, blocks)],
        links=links,
        state={
            "apart": Setting(view, "apart", "apart", "number", 0, 1),
            "word": Setting(view, "word", "word", "whole", 0, MANY - 1),
            "t": Setting(view, "t", "position t", "whole", 0, MANY - 1),
            "words": Setting(view, "word_directions", "directions of words", "whole", 1, WIDTH),
            "places": Setting(view, "place_directions", "directions of places", "whole", 1, WIDTH),
            "blocks": Setting(view, "blocks", "projections", "choice", options=BLOCKS),
        },
        picture=lambda: pictures.project(view),
        alt=lambda: pictures.project_alt(view),
    )
