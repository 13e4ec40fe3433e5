"""An attention head that looks k back: what a query matrix makes of the encoding."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.settings import of_base
from posenc.exhibits.sliders import log_slider, of_t, slider, toggle
from posenc.views.lookback import MATRICES, MAX_K, MAX_SEED, MAX_SHARPNESS, SHOWN, LookBack

RATE = 1.4  # offsets a second under Play
LABELS = {"shift": "shift by \u2212k", "identity": "identity", "random": "random"}


def lookback(name: str = "lookback", **traits: object) -> Exhibit:
    """A head that attends by position alone: the shift matrix, the identity, or chance.

    ``traits`` are those of ``posenc.views.lookback.LookBack`` (``k``, ``t``, ``matrix``,
    ``sharpness``, ``seed``, ``shown``, ``words``, ``d_model``, ``base``); they are also the state
    that Reset goes back to.
    """
    view = LookBack(**traits)
    player = Player(rate=RATE, whole=True, label="k", value=view.k, min=0, max=view.k_max)
    player.add_class("of-k")
    k = slider("<i>k</i> words back", view.k, 0, view.k_max)
    k.add_class("of-k")
    t = of_t(view.t, 0, view.t_max, label="<i>t</i> the word")
    sharpness = log_slider("sharpness", view.sharpness, 2, 0, 5, 0.25)
    seed = slider("random seed", view.seed, 1, MAX_SEED)
    matrix = toggle("query matrix", [LABELS[m] for m in MATRICES], LABELS[view.matrix])
    shown = toggle("show", SHOWN, view.shown)
    links = [
        W.jslink((view, "k_max"), (player, "max")),
        W.jslink((view, "k"), (player, "value")),
        W.jslink((view, "k_max"), (k, "max")),
        W.jslink((view, "k"), (k, "value")),
        W.jslink((view, "t_max"), (t, "max")),
        W.jslink((view, "t"), (t, "value")),
        W.jslink((view, "sharpness"), (sharpness, "value")),
        W.jslink((view, "seed"), (seed, "value")),
        W.jslink((view, "matrix_index"), (matrix, "index")),
        W.jslink((view, "shown_index"), (shown, "index")),
    ]
    return Exhibit(
        name,
        "An attention head that looks *k* back",
        "Drag the band to set [*k*]{off} and the row to choose [a word]{pos}; then put a random "
        "matrix in place of the shift.",
        "**Notice** that these [words]{tok} have no content: only their positions are looked at. "
        "With the shift matrix every word finds the one [*k*]{off} before it, and the dots at one "
        "distance lie together; the first [*k*]{off} words have none to find. With another matrix "
        "on the same encoding they scatter. The encoding makes it possible to attend by distance; "
        "it does not make a head do so.",
        views=[view],
        controls=[controls(player, k, t, sharpness, seed, matrix, shown)],
        links=links,
        state={
            "matrix": Setting(view, "matrix", "query matrix", "choice", options=MATRICES),
            "show": Setting(view, "shown", "shown", "choice", options=SHOWN),
            "b": of_base(view),
            "sharp": Setting(
                view,
                "sharpness",
                "sharpness",
                "number",
                1,
                MAX_SHARPNESS,
                log=True,
                steps=[1, 2, 4, 8, 16, 32],
                control=sharpness,
            ),
            "seed": Setting(view, "seed", "seed", "whole", 1, MAX_SEED),
            "k": Setting(view, "k", "offset k", "whole", 0, MAX_K),
            "t": Setting(view, "t", "position t", "whole", 0, view.t_max),
        },
        picture=lambda: pictures.lookback(view),
        alt=lambda: pictures.lookback_alt(view),
    )
