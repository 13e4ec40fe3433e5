"""How much can you add? Sums of vectors, and how well their members are told apart again."""

from __future__ import annotations

import ipywidgets as W

from posenc import data, pictures, text
from posenc.codebook import TRIED
from posenc.exhibits.frame import Exhibit, Setting, controls
from posenc.exhibits.sliders import log_slider
from posenc.views.angles import MODELS
from posenc.views.capacity import MAX_BOOK, MAX_WIDTH, MIN_BOOK, MIN_WIDTH, Capacity

WIDTHS = [2**n for n in range(3, 11)]
BOOKS = [256, 512, 1024, 2048]
ADDED = [1, 2, 4, 8, 16, 32, 64, 128]


def _real() -> str:
    """How the chapter's case comes out: a word and a position of real tables, by dot products."""
    found = data.notes("token-position")
    told = []
    for model in MODELS:
        of = found[model]
        read = of["read"]["dot"]
        told.append(
            f"of {model} {text.percent(read['word'])} of the [words]{{tok}} (among "
            f"{text.number(of['words'])}) and {text.percent(read['position'])} of the "
            f"[positions]{{pos}} (among {text.number(of['positions'])})"
        )
    return (
        f"A word and its position are *m* = 2: by their dot products with a real sum in "
        f"{found[MODELS[0]]['d']} dimensions, {' and '.join(told)} are told."
    )


def capacity(name: str = "capacity", **traits: object) -> Exhibit:
    """Adds m of the n vectors of a codebook in d dimensions, and takes the sum apart.

    ``traits`` are those of ``posenc.views.capacity.Capacity`` (``m``, ``n``, ``d_model``, ``seed``);
    they are also the state that Reset goes back to.
    """
    view = Capacity(**traits)
    m = log_slider("<i>m</i> added", view.m, 2, 0, 7, 0.1)
    width = log_slider("<i>d</i> width", view.d_model, 2, 3, 10, 0.1)
    book = log_slider("<i>N</i> vectors", view.n, 2, 8, 11, 1)
    links = [
        W.jslink((view, "m"), (m, "value")),
        W.jslink((view, "d_model"), (width, "value")),
        W.jslink((view, "n"), (book, "value")),
    ]
    return Exhibit(
        name,
        "How much can you add?",
        "Drag the number *m* of vectors in the sum along the curve, then change the width *d*.",
        "**Notice** the two hills: the dot product of the sum with each [vector in it]{pos} lies "
        "about 1, with each of the others about 0, and both hills widen as √(*m*/*d*). Where they "
        "run into each other, vectors are taken for one another. Twice the width carries twice the "
        "sum; a codebook twice as large costs next to nothing, because only ln *N* counts. "
        f"{_real()}",
        views=[view],
        controls=[controls(m, width, book)],
        links=links,
        state={
            "d": Setting(
                view,
                "d_model",
                "width d",
                "whole",
                MIN_WIDTH,
                MAX_WIDTH,
                log=True,
                steps=WIDTHS,
                control=width,
            ),
            "N": Setting(
                view,
                "n",
                "vectors in the codebook",
                "whole",
                MIN_BOOK,
                MAX_BOOK,
                log=True,
                steps=BOOKS,
                control=book,
            ),
            "m": Setting(
                view, "m", "vectors added", "whole", 1, TRIED, log=True, steps=ADDED, control=m
            ),
            "seed": Setting(view, "seed", "seed of the codebook", "whole", 0, 99),
        },
        picture=lambda: pictures.capacity(view),
        alt=lambda: pictures.capacity_alt(view),
    )
