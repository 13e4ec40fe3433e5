"""The exhibit "The clocks it found": eigenvalues of a table's shift map as hands that turn."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures, tables
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.sliders import of_t, slider, toggle
from posenc.views.found import LAST, MOST, NAMES, Found

RATE = 6  # positions a second under Play: the fastest hands stay readable


def found(name: str = "found", **traits: object) -> Exhibit:
    """The clocks in a table, and how its shift map does on rows that it was not fitted on.

    ``traits`` are those of ``posenc.views.found.Found`` (``table``, ``m``, ``fit``, ``hand``,
    ``t``); they are also the state that Reset goes back to.
    """
    view = Found(**traits)
    player = Player(rate=RATE, whole=True, value=view.t, min=view.t_min, max=view.t_max)
    t = of_t(view.t, view.t_min, view.t_max)
    chosen = W.Dropdown(
        options=[(tables.TABLES[key].label, key) for key in NAMES],
        value=view.table,
        description="table",
    )
    m = slider("<i>m</i> kept", view.m, 2, MOST)
    fit = toggle("fitted on", tables.FITS, view.fit)
    links = [
        W.jslink((view, "t_min"), (t, "min")),
        W.jslink((view, "t_max"), (t, "max")),
        W.jslink((view, "t"), (t, "value")),
        W.jslink((view, "t_min"), (player, "min")),
        W.jslink((view, "t_max"), (player, "max")),
        W.jslink((view, "t"), (player, "value")),
        W.jslink((view, "table_index"), (chosen, "index")),
        W.jslink((view, "m"), (m, "value")),
        W.jslink((view, "fit_index"), (fit, "index")),
    ]
    return Exhibit(
        name,
        "The clocks it found",
        "Press play and watch the hands; drag along the eigenvalues to choose a hand; press a table "
        "at the bottom to try it.",
        "**Notice** that an eigenvalue on the circle is a clock: at each step of [*t*]{pos} its "
        "hand turns by one angle and keeps its length. Under each hand stand its period and how much "
        "of the table's variance can be read off it. Then choose the random walk. Its components carry "
        "even more and its map fits as well, but on rows that it never saw the map does worse than "
        "[not moving at all]{off}. Only that test tells clocks from smooth waves.",
        views=[view],
        controls=[controls(player, t, chosen), controls(m, fit)],
        links=links,
        state={
            "table": Setting(view, "table", "table", "choice", options=NAMES),
            "m": Setting(view, "m", "components m", "whole", 2, MOST),
            "fit": Setting(view, "fit", "rows fitted on", "choice", options=tables.FITS),
            "hand": Setting(view, "hand", "hand", "whole", 0, MOST - 1),
            "t": Setting(view, "t", "position t", "whole", 0, LAST),
        },
        picture=lambda: pictures.found(view),
        alt=lambda: pictures.found_alt(view),
    )
