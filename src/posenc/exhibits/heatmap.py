"""The heatmap exhibit: the whole table, with one row and one column marked."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.settings import of_base, of_length
from posenc.exhibits.sliders import log_slider, of_t, toggle
from posenc.views.heatmap import MAX_LENGTH, MAX_WIDTH, Heatmap

LENGTHS = [2**n for n in range(4, 18)]
WIDTHS = [2**n for n in range(2, 11)]


def heatmap(name: str = "heatmap", **traits: object) -> Exhibit:
    """The sinusoidal table as a picture that answers.

    ``traits`` are those of ``posenc.views.heatmap.Heatmap`` (``length``, ``d_model``, ``base``,
    ``channel_layout``, ``t``, ``channel``, ``start``); they are also the state that Reset goes back to.
    """
    view = Heatmap(**traits)
    player = Player(rate=8, whole=True)
    t = of_t(view.t, view.t_min, view.t_max)
    length = log_slider("<i>L</i> length", view.length, 2, 4, 17, 1)
    width = log_slider("<i>d</i> width", view.d_model, 2, 2, 10, 1)
    base = log_slider("<i>b</i> base", view.base, 10, 0.3, 6, 0.02)
    layout = toggle("layout", ["interleaved", "halves"], view.channel_layout)
    links = [
        W.jslink((view, "t_min"), (t, "min")),
        W.jslink((view, "t_max"), (t, "max")),
        W.jslink((view, "t"), (t, "value")),
        W.jslink((view, "t_min"), (player, "min")),
        W.jslink((view, "t_max"), (player, "max")),
        W.jslink((view, "t"), (player, "value")),
        W.jslink((view, "length"), (length, "value")),
        W.jslink((view, "d_model"), (width, "value")),
        W.jslink((view, "base"), (base, "value")),
        W.jslink((view, "channel_layout_index"), (layout, "index")),
    ]
    return Exhibit(
        name,
        "The heatmap",
        "Press anywhere in the picture, or drag the row and the column.",
        "**Notice** how little of the width is busy. At width 64 and base 10,000 no wave in the "
        "right-hand half makes more than an eighth of a turn over 64 positions. Above is the "
        "[marked row]{pos}, the vector of one position; beside it the marked column, one wave. "
        "[Sines are solid]{sin}, [cosines are dashed]{cos}.",
        views=[view],
        controls=[controls(player, t, length, width, base, layout)],
        links=links,
        state={
            "L": of_length(view, 2, MAX_LENGTH, LENGTHS, length),
            "d": Setting(
                view, "d_model", "width d", "even", 2, MAX_WIDTH, steps=WIDTHS, control=width
            ),
            "b": of_base(view, base),
            "layout": Setting(
                view, "channel_layout", "layout", "choice", options=("interleaved", "halves")
            ),
            "from": Setting(view, "start", "first position", "whole", 0, MAX_LENGTH),
            "t": Setting(view, "t", "position t", "whole", 0, MAX_LENGTH),
            "j": Setting(view, "channel", "channel j", "whole", 0, MAX_WIDTH - 1),
        },
        picture=lambda: pictures.heatmap(view),
        alt=lambda: pictures.heatmap_alt(view),
    )
