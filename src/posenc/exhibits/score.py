"""The exhibit "The scorecard": four properties, tested on every scheme of the book."""

from __future__ import annotations

from collections.abc import Mapping

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Setting, controls
from posenc.exhibits.settings import of_base, of_length
from posenc.exhibits.sliders import log_slider
from posenc.scorecard import READINGS
from posenc.views.score import MAX_LENGTH, MAX_WIDTH, MIN_LENGTH, Encoding, Score

LENGTHS = [2**n for n in range(2, 10)]
WIDTHS = [2**n for n in range(1, 8)]


def score(
    name: str = "score", *, extra: Mapping[str, Encoding] | None = None, **traits: object
) -> Exhibit:
    """The four properties of the slides, computed for every scheme, each verdict with its evidence.

    Args:
        name: the exhibit's name in links.
        extra: encodings of your own, to be scored like the book's: a name and a function of
            (length, d_model) that gives a table of that shape. Python scores them, so they follow
            the sliders only while a kernel runs.
        **traits: those of ``posenc.views.score.Score`` (``length``, ``d_model``, ``base``,
            ``scheme``, ``reading``); they are also the state that Reset goes back to.

    Raises:
        TypeError, ValueError: ``extra`` holds something that is no encoding; the message names it.
    """
    view = Score(extra, **traits)
    length = log_slider("<i>L</i> length", view.length, 2, 2, 9, 1)
    width = log_slider("<i>d</i> width", view.d_model, 2, 1, 7, 1)
    base = log_slider("<i>b</i> base", view.base, 10, 0, 6, 0.02)
    links = [
        W.jslink((view, "length"), (length, "value")),
        W.jslink((view, "d_model"), (width, "value")),
        W.jslink((view, "base"), (base, "value")),
    ]
    return Exhibit(
        name,
        "The scorecard",
        "Press any verdict in the table to see what it rests on.",
        "**Notice** the first row. The index has everything that is asked for, and nobody uses it: "
        "nothing in the list says that the numbers must stay small. A filled mark is a yes, an open "
        "one a no; beside it is the number that decides. Distances are consistent only if all "
        "positions that are [*k* apart]{off} in the sentence are equally far apart as vectors, at "
        "every *k*; a single offset at which they are not decides. The last two rows are tables that "
        "real models learned, 384 channels wide whatever *d* is.",
        views=[view],
        controls=[controls(length, width, base)],
        links=links,
        state={
            "L": of_length(view, MIN_LENGTH, MAX_LENGTH, LENGTHS, length),
            "d": Setting(
                view, "d_model", "width d", "whole", 1, MAX_WIDTH, steps=WIDTHS, control=width
            ),
            "b": of_base(view, base),
            "scheme": Setting(view, "scheme", "scheme", "choice", options=view.names),
            "property": Setting(view, "reading", "property", "choice", options=READINGS),
        },
        picture=lambda: pictures.score(view),
        alt=lambda: pictures.score_alt(view),
    )
