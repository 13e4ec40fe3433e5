"""The exhibit "What is i?": one channel, its pair, its wave, and the mistakes people make."""

from __future__ import annotations

import ipywidgets as W

from posenc import encodings, pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.settings import of_base
from posenc.exhibits.sliders import log_slider, of_t, slider, toggle
from posenc.views.channel import MAX_WIDTH, MISTAKES, POSITIONS, Channel

WIDTHS = [4, 8, 16, 32, 64]


def channel(name: str = "channel", **traits: object) -> Exhibit:
    """A small table in which one channel is read in full.

    ``traits`` are those of ``posenc.views.channel.Channel`` (``channel``, ``t``, ``d_model``,
    ``base``, ``channel_layout``, ``mistake``); they are also the state that Reset goes back to.
    """
    view = Channel(**traits)
    player = Player(rate=4, whole=True, min=0, max=POSITIONS - 1)
    t = of_t(view.t, 0, POSITIONS - 1)
    width = slider("<i>d</i> width", view.d_model, 4, MAX_WIDTH, 2)
    base = log_slider("<i>b</i> base", view.base, 10, 0.3, 6, 0.02)
    layout = toggle("layout", encodings.LAYOUTS, view.channel_layout)
    mistake = toggle("as written, or with a well-known mistake", MISTAKES, view.mistake)
    links = [
        W.jslink((view, "t"), (t, "value")),
        W.jslink((view, "t"), (player, "value")),
        W.jslink((view, "d_model"), (width, "value")),
        W.jslink((view, "base"), (base, "value")),
        W.jslink((view, "channel_layout_index"), (layout, "index")),
        W.jslink((view, "mistake_index"), (mistake, "index")),
    ]
    return Exhibit(
        name,
        "What is *i*?",
        "Point at a channel and read its pair; then make a mistake.",
        "**Notice** that two channels share each *i*: *j* counts the columns, *i* counts the "
        "pairs, and a pair is one [sine]{sin} and one [cosine]{cos} of one wavelength. Every "
        "mistake here was found in published code. None of them stops a program: each fills a "
        "table of the right shape with values from \u22121 to 1.",
        views=[view],
        controls=[controls(player, t, width, base, layout), controls(mistake)],
        links=links,
        state={
            "d": Setting(view, "d_model", "width d", "even", 4, MAX_WIDTH, steps=WIDTHS),
            "b": of_base(view, base),
            "layout": Setting(
                view, "channel_layout", "layout", "choice", options=encodings.LAYOUTS
            ),
            "mistake": Setting(view, "mistake", "mistake", "choice", options=MISTAKES),
            "j": Setting(view, "channel", "channel j", "whole", 0, MAX_WIDTH - 1),
            "t": Setting(view, "t", "position t", "whole", 0, POSITIONS - 1),
        },
        picture=lambda: pictures.channel(view),
        alt=lambda: pictures.channel_alt(view),
    )
