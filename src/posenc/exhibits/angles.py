"""How orthogonal? Words and positions of trained models against random vectors."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Setting, controls
from posenc.exhibits.sliders import log_slider, toggle
from posenc.views.angles import MAX_WIDTH, MIN_WIDTH, MODELS, MOST, WAYS, Angles

# The slider's own grid holds the width of the models: 384 is its 80th step.
STEM = 384 ** (1 / 8)
WIDTHS = [4, 8, 16, 32, 64, 128, 256, 384, 512, 1024, 2048, 4096]


def angles(name: str = "angles", **traits: object) -> Exhibit:
    """The cosines of all words with all positions of a model, and those of random directions.

    ``traits`` are those of ``posenc.views.angles.Angles`` (``model``, ``way``, ``d_model``, ``at``);
    they are also the state that Reset goes back to.
    """
    view = Angles(**traits)
    model = toggle("model", MODELS, view.model)
    way = toggle("vectors", WAYS, view.way)
    width = log_slider("<i>d</i> of random", view.d_model, STEM, 1.4, 11.2, 0.1)
    links = [
        W.jslink((view, "model_index"), (model, "index")),
        W.jslink((view, "way_index"), (way, "index")),
        W.jslink((view, "d_model"), (width, "value")),
    ]
    return Exhibit(
        name,
        "How orthogonal?",
        "Drag the end of the span 1/√*d*, point at a cosine, and take the means off the vectors.",
        "**Notice** that random directions need no care to be nearly orthogonal: in *d* dimensions "
        "their cosines spread by 1/√*d* about 0 (the line; dotted, at the width of the models). A "
        "trained table is not random: its vectors may have a direction in common, which shifts the "
        "[hill]{tok}; centring takes that away, and shows what is left. (The low second hill of "
        "MiniLM is rows that stand for no word of its texts, and were hardly trained.)",
        views=[view],
        controls=[controls(model, way, width)],
        links=links,
        state={
            "model": Setting(view, "model", "model", "choice", options=MODELS),
            "vectors": Setting(view, "way", "vectors", "choice", options=WAYS),
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
            "cos": Setting(view, "at", "cosine", "number", -MOST, MOST - 0.01),
        },
        picture=lambda: pictures.angles(view),
        alt=lambda: pictures.angles_alt(view),
    )
