"""The dot-product exhibit: one curve for every position, when the product knows the distance."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.settings import of_base, of_length
from posenc.exhibits.sliders import log_slider, of_t, slider
from posenc.views.dots import LABELS, MAX_LENGTH, MAX_WIDTH, MIN_LENGTH, NAMES, Dots

LENGTHS = [2**n for n in range(4, 12)]
WIDTHS = [2**n for n in range(1, 10)]


def dots(name: str = "dots", **traits: object) -> Exhibit:
    """The dot product of every pair of positions, as curves over the offset and as a picture.

    ``traits`` are those of ``posenc.views.dots.Dots`` (``scheme``, ``length``, ``d_model``,
    ``base``, ``t``, ``k``); they are also the state that Reset goes back to.
    """
    view = Dots(**traits)
    player = Player(rate=12, whole=True)
    t = of_t(view.t, 0, view.t_max)
    k = slider("<i>k</i> offset", view.k, view.k_min, view.t_max)
    k.add_class("of-k")
    scheme = W.Dropdown(
        options=[(label, key) for key, label in LABELS.items()],
        value=view.scheme,
        description="encoding",
    )
    scheme.add_class("of-scheme")
    length = log_slider("<i>L</i> length", view.length, 2, 4, 11, 1)
    width = log_slider("<i>d</i> width", view.d_model, 2, 1, 9, 1)
    base = log_slider("<i>b</i> base", view.base, 10, 0, 6, 0.02)
    links = [
        W.jslink((view, "t_max"), (t, "max")),
        W.jslink((view, "t"), (t, "value")),
        W.jslink((view, "t_max"), (player, "max")),
        W.jslink((view, "t"), (player, "value")),
        W.jslink((view, "k_min"), (k, "min")),
        W.jslink((view, "t_max"), (k, "max")),
        W.jslink((view, "k"), (k, "value")),
        W.jslink((view, "scheme_index"), (scheme, "index")),
        W.jslink((view, "length"), (length, "value")),
        W.jslink((view, "d_model"), (width, "value")),
        W.jslink((view, "base"), (base, "value")),
        W.jslink((view, "no_base"), (base, "disabled")),
        W.jslink((view, "no_width"), (width, "disabled")),
    ]
    return Exhibit(
        name,
        "One curve for every position",
        "Drag the [round mark]{pos} to move [*t*]{pos} and the [diamond]{off} to move [*k*]{off}; "
        "press any pair in the picture.",
        "**Notice** what moves when [*t*]{pos} does. The bold curve is the one of your "
        "[*t*]{pos}; in grey are those of the other positions. Under the sinusoidal encoding they "
        "are all one curve, and every diagonal of the picture has one colour: the product "
        "knows the [offset *k*]{off} and nothing else. Choose another encoding and see whether "
        "the curves stay together; the last two are tables that real models learned.",
        views=[view],
        controls=[controls(player, t, k, scheme), controls(length, width, base)],
        links=links,
        state={
            "scheme": Setting(view, "scheme", "encoding", "choice", options=NAMES),
            "L": of_length(view, MIN_LENGTH, MAX_LENGTH, LENGTHS, length),
            "d": Setting(
                view, "d_model", "width d", "even", 2, MAX_WIDTH, steps=WIDTHS, control=width
            ),
            "b": of_base(view, base),
            "t": Setting(view, "t", "position t", "whole", 0, MAX_LENGTH - 1),
            "k": Setting(view, "k", "offset k", "whole", 1 - MAX_LENGTH, MAX_LENGTH - 1),
        },
        picture=lambda: pictures.dots(view),
        alt=lambda: pictures.dots_alt(view),
    )
