"""Whether the position lasts: what a probe reads after every layer of a real encoder, and of a small
model with its residual path whole and cut."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.sliders import slider, toggle
from posenc.views.cut import DEEPEST, ENCODINGS, PATHS, TASKS, WEIGHTS, Cut
from posenc.views.layers import LAST, MEASURES, NETWORKS, Layers

RATE = 1.2  # layers a second under Play
LABELS = {
    "trained": "as trained",
    "zeroed": "positions zeroed",
    "untrained": "never trained",
    "tables": "only tables trained",
}
MEASURED = {"error": "error of a line", "near": "place named"}
CHOICES = {
    "weights": ("small model", {"trained": "trained", "untrained": "never trained"}),
    "path": ("path around attention", {"whole": "whole", "cut": "cut"}),
    "task": ("its task", {"reverse": "say it backwards", "copy": "say the token three back"}),
    "encoding": ("its positions", {"sinusoidal": "sinusoids", "learned": "learned table"}),
}


def layers(name: str = "layers", **traits: object) -> Exhibit:
    """The place of a word as a linear probe reads it, after every layer of MiniLM and of its controls;
    below, what is read in a small model with the residual path and without.

    ``traits`` are those of ``posenc.views.layers.Layers`` (``layer``, ``network``, ``measure``) and of
    ``posenc.views.cut.Cut`` (``depth``, ``path``, ``weights``, ``task``, ``encoding``); they are also the
    state that Reset goes back to.
    """
    small = Cut(**{key: traits.pop(key) for key in ("depth", *CHOICES) if key in traits})
    view = Layers(**traits)
    player = Player(rate=RATE, whole=True, value=view.layer, min=0, max=LAST, label="the layer")
    layer = slider("after layer", view.layer, 0, LAST)
    network = toggle("the encoder", [LABELS[n] for n in NETWORKS], LABELS[view.network])
    measure = toggle("judged by", [MEASURED[m] for m in MEASURES], MEASURED[view.measure])
    links = [
        W.jslink((view, "layer"), (player, "value")),
        W.jslink((view, "layer"), (layer, "value")),
        W.jslink((view, "network_index"), (network, "index")),
        W.jslink((view, "measure_index"), (measure, "index")),
    ]
    chosen = []
    for trait, (label, words) in CHOICES.items():
        choice = toggle(label, list(words.values()), words[getattr(small, trait)])
        chosen.append(choice)
        links.append(W.jslink((small, f"{trait}_index"), (choice, "index")))
    return Exhibit(
        name,
        "Does it last?",
        "Press play, or drag the round mark from layer to layer; press another curve to see that "
        "encoder.",
        "**Notice** how long the dots stay on the line, and where they leave it. A linear formula "
        "reads the [place]{pos} of a word off its vector; it was fitted on other texts than those "
        "shown. Four layers of MiniLM hardly touch it, the last two let go of it. Then look at the "
        "controls. With the positions zeroed there is nothing to read. A network that was never "
        "trained keeps what it is given: judge by the *place named*, and it does so without a "
        "mistake in every layer; under MiniLM’s own tables, too, untrained layers hardly lose one. "
        "That a position lasts is no sign of anything learned; that it "
        "goes is. Below, in small models, what hands it on is taken away: without the path around "
        "attention an untrained model has lost the place after two layers, and a trained one has "
        "only what its attention carries.",
        views=[view, small],
        controls=[controls(player, layer, network, measure)],
        over={small: controls(*chosen)},
        links=links,
        state={
            "network": Setting(view, "network", "encoder", "choice", options=NETWORKS),
            "by": Setting(view, "measure", "judged by", "choice", options=MEASURES),
            "layer": Setting(view, "layer", "layer", "whole", 0, LAST, steps=range(LAST + 1)),
            "path": Setting(small, "path", CHOICES["path"][0], "choice", options=PATHS),
            "weights": Setting(small, "weights", CHOICES["weights"][0], "choice", options=WEIGHTS),
            "task": Setting(small, "task", CHOICES["task"][0], "choice", options=TASKS),
            "encoding": Setting(
                small, "encoding", CHOICES["encoding"][0], "choice", options=ENCODINGS
            ),
            "depth": Setting(small, "depth", "depth in the small model", "whole", 0, DEEPEST),
        },
        picture=lambda: pictures.layers(view, small),
        alt=lambda: pictures.layers_alt(view, small),
    )
