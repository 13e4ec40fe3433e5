"""The clocks exhibit: a position is the reading of a bank of clocks."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.settings import of_base
from posenc.exhibits.sliders import log_slider, of_t, toggle
from posenc.views.clocks import MAX_WIDTH, WIDTHS, Clocks

RATE = 2.5  # positions a second under Play: slow enough to follow the second clock


def clocks(name: str = "clocks", **traits: object) -> Exhibit:
    """A bank of clocks that turn as t advances, one of them large, with its two coordinates.

    ``traits`` are those of ``posenc.views.clocks.Clocks`` (``t``, ``t_max``, ``d_model``,
    ``base``, ``pair``); they are also the state that Reset goes back to.
    """
    view = Clocks(**traits)
    player = Player(rate=RATE, whole=False, value=view.t, max=view.t_max)
    t = of_t(view.t, 0, view.t_max)
    base = log_slider("<i>b</i> base", view.base, 10, 0.3, 6, 0.02)
    width = toggle("<i>d</i> width", [str(d) for d in WIDTHS], str(WIDTHS[0]))
    width.description_allow_html = True
    width.index = view.d_index
    links = [
        W.jslink((view, "t_max"), (t, "max")),
        W.jslink((view, "t"), (t, "value")),
        W.jslink((view, "t_max"), (player, "max")),
        W.jslink((view, "t"), (player, "value")),
        W.jslink((view, "base"), (base, "value")),
        W.jslink((view, "d_index"), (width, "index")),
    ]
    return Exhibit(
        name,
        "Clocks",
        "Press play, or take the large hand and turn it; press any clock to see it large.",
        "**Notice** the shaded sector, which is one step of [*t*]{pos}: one radian on the first "
        "clock, too thin to see on the last. Under each clock are the two numbers that are kept, "
        "[sine]{sin} then [cosine]{cos}, and how many positions it takes to come round; side by "
        "side the numbers are row [*t*]{pos} of the heatmap.",
        views=[view],
        controls=[controls(player, t, base, width)],
        links=links,
        state={
            "d": Setting(view, "d_model", "width d", "even", 2, MAX_WIDTH, steps=WIDTHS),
            "b": of_base(view, base),
            "t": Setting(view, "t", "position t", "number", 0, view.t_max),
            "i": Setting(view, "pair", "pair i", "whole", 0, MAX_WIDTH // 2 - 1),
        },
        picture=lambda: pictures.clocks(view),
        alt=lambda: pictures.clocks_alt(view),
    )
