"""Why both? The best linear shift of every encoding, with sines alone and with their cosines."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.settings import of_base, of_length
from posenc.exhibits.sliders import log_slider, of_t, slider, toggle
from posenc.views.both import MAX_K, MAX_LENGTH, MAX_WIDTH, MIN_LENGTH, NAMES, WIDTHS, Both

RATE = 2.5  # offsets a second under Play
LENGTHS = [2**n for n in range(7, 11)]


def both(name: str = "both", **traits: object) -> Exhibit:
    """Which encodings have one matrix that shifts every row by k, and how well the best one does.

    ``traits`` are those of ``posenc.views.both.Both`` (``scheme``, ``k``, ``t``, ``channel``,
    ``length``, ``d_model``, ``base``); they are also the state that Reset goes back to.
    """
    view = Both(**traits)
    player = Player(rate=RATE, whole=True, label="k", value=view.k, min=0, max=MAX_K)
    player.add_class("of-k")
    k = slider("<i>k</i> offset", view.k, 0, MAX_K)
    k.add_class("of-k")
    t = of_t(view.t, 0, view.t_max)
    length = log_slider("<i>L</i> length", view.length, 2, 7, 10, 1)
    base = log_slider("<i>b</i> base", view.base, 10, 0.3, 6, 0.02)
    width = toggle("<i>d</i> width", [str(d) for d in WIDTHS], str(WIDTHS[0]))
    width.description_allow_html = True
    width.index = view.d_index
    links = [
        W.jslink((view, "k"), (player, "value")),
        W.jslink((view, "k"), (k, "value")),
        W.jslink((view, "t_max"), (t, "max")),
        W.jslink((view, "t"), (t, "value")),
        W.jslink((view, "length"), (length, "value")),
        W.jslink((view, "base"), (base, "value")),
        W.jslink((view, "d_index"), (width, "index")),
    ]
    return Exhibit(
        name,
        "Why both?",
        "Choose an encoding in the list, drag [*k*]{off} and [*t*]{pos}, and see whether one "
        "matrix can do it.",
        "**Notice** the two [round marks]{pos} on the dotted line: now the sine has one value at "
        "both, but it rises at one and falls at the other, so no matrix can tell from it where it "
        "will be [*k*]{off} later. With the cosine beside it, one can. What counts are the "
        "positions held out: a fit is a law only if it holds where it was not fitted. Raise the "
        "base to see how hard slow channels make it to find a law that is there.",
        views=[view],
        controls=[controls(player, k, t, length, base, width)],
        links=links,
        state={
            "scheme": Setting(view, "scheme", "encoding", "choice", options=NAMES),
            "L": of_length(view, MIN_LENGTH, MAX_LENGTH, LENGTHS, length, kind="even"),
            "d": Setting(view, "d_model", "width d", "even", 2, MAX_WIDTH, steps=WIDTHS),
            "b": of_base(view, base),
            "k": Setting(view, "k", "offset k", "whole", 0, MAX_K),
            "t": Setting(view, "t", "position t", "whole", 0, MAX_LENGTH),
            "j": Setting(view, "channel", "channel j", "whole", 0, MAX_WIDTH - 1),
        },
        picture=lambda: pictures.both(view),
        alt=lambda: pictures.both_alt(view),
    )
