"""The exhibit "A real learned table": what training made of the positions, beside a formula."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures, tables
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.sliders import of_t, toggle
from posenc.views.table import NAMES, PICTURES, LearnedTable

RATE = 24  # positions a second under Play: half a minute for all of them


def table(name: str = "table", **traits: object) -> Exhibit:
    """Two tables of positions side by side: their pictures, lengths and cosines.

    ``traits`` are those of ``posenc.views.table.LearnedTable`` (``table``, ``beside``, ``picture``,
    ``t``); they are also the state that Reset goes back to.
    """
    view = LearnedTable(**traits)
    player = Player(rate=RATE, whole=True, value=view.t, max=view.t_max)
    t = of_t(view.t, 0, view.t_max)
    chosen, beside = (
        W.Dropdown(
            options=[(about.label, key) for key, about in tables.TABLES.items()],
            value=value,
            description=label,
        )
        for value, label in ((view.table, "table"), (view.beside, "beside it"))
    )
    picture = toggle("picture", PICTURES, view.picture)
    links = [
        W.jslink((view, "t_max"), (t, "max")),
        W.jslink((view, "t"), (t, "value")),
        W.jslink((view, "t_max"), (player, "max")),
        W.jslink((view, "t"), (player, "value")),
        W.jslink((view, "table_index"), (chosen, "index")),
        W.jslink((view, "beside_index"), (beside, "index")),
        W.jslink((view, "picture_index"), (picture, "index")),
    ]
    return Exhibit(
        name,
        "A real learned table",
        "Drag the mark of [*t*]{pos} down the table, or press any row; point at the curves to read "
        "a cosine.",
        "**Notice** that the waves were found, not given: nobody told this table about sines. But "
        "its grey curves do not fall on one line as the sinusoid's do, and its rows are not all of "
        "one length. The odd ones tell how it was trained: row 0 always held the same mark, and the "
        "last training cut its texts after position 127. Choose *cosines* to see that edge and how "
        "the diagonals bend, and Whisper's decoder to see another edge.",
        views=[view],
        controls=[controls(player, t, picture), controls(chosen, beside)],
        links=links,
        state={
            "table": Setting(view, "table", "table", "choice", options=NAMES),
            "beside": Setting(view, "beside", "table beside it", "choice", options=NAMES),
            "picture": Setting(view, "picture", "picture", "choice", options=PICTURES),
            "t": Setting(view, "t", "position t", "whole", 0, 1499),
        },
        picture=lambda: pictures.table(view),
        alt=lambda: pictures.table_alt(view),
    )
