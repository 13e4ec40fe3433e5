"""Two sentences, one ruler: what a step between neighbours is worth, by index and by fraction."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Setting, controls
from posenc.exhibits.sliders import of_t, slider, toggle
from posenc.views.ruler import MAX_LENGTH, MIN_LENGTH, Ruler


def ruler(name: str = "ruler", **traits: object) -> Exhibit:
    """Two sentences on one number line, each word where its encoding puts it.

    ``traits`` are those of ``posenc.views.ruler.Ruler`` (``encoding``, ``t``, ``first``,
    ``second``, ``trained``, ``sentences``); all but the sentences are also the state that Reset
    goes back to.
    """
    view = Ruler(**traits)
    t = of_t(view.t, 0, view.t_max)
    first = slider("<i>L</i> first", view.first, MIN_LENGTH, MAX_LENGTH)
    second = slider("<i>L</i> second", view.second, MIN_LENGTH, MAX_LENGTH)
    trained = slider("trained to", view.trained, MIN_LENGTH, MAX_LENGTH)
    encoding = toggle("encode by", ["index", "fraction"], view.encoding)
    links = [
        W.jslink((view, "t_max"), (t, "max")),
        W.jslink((view, "t"), (t, "value")),
        W.jslink((view, "first"), (first, "value")),
        W.jslink((view, "second"), (second, "value")),
        W.jslink((view, "trained"), (trained, "value")),
        W.jslink((view, "encoding_index"), (encoding, "index")),
    ]

    def length(trait: str, label: str) -> Setting:
        return Setting(view, trait, label, "whole", MIN_LENGTH, MAX_LENGTH)

    return Exhibit(
        name,
        "Two sentences, one ruler",
        "Switch between index and fraction; drag a length, and a marked word.",
        "**Notice** the [step between two neighbours]{off}. By index it is 1 in every sentence, "
        "but a long sentence reaches numbers that a short one never had. By fraction no word "
        "leaves 0 to 1, but the step shrinks as the sentence grows, so the shaded difference is "
        "one word above the ruler and, unless both are equally long, "
        "another number of words below it.",
        views=[view],
        controls=[controls(encoding, t, first, second, trained)],
        links=links,
        state={
            "scheme": Setting(
                view, "encoding", "encoding", "choice", options=("index", "fraction")
            ),
            "a": length("first", "length of the first sentence"),
            "b": length("second", "length of the second sentence"),
            "trained": length("trained", "trained up to length"),
            "t": Setting(view, "t", "position t", "whole", 0, MAX_LENGTH - 1),
        },
        picture=lambda: pictures.ruler(view),
        alt=lambda: pictures.ruler_alt(view),
    )
