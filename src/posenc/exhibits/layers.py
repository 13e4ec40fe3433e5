"""Whether the position lasts: what a probe reads after every layer of a real encoder."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.sliders import slider, toggle
from posenc.views.layers import LAST, MEASURES, NETWORKS, Layers

RATE = 1.2  # layers a second under Play
LABELS = {
    "trained": "as trained",
    "zeroed": "positions zeroed",
    "untrained": "never trained",
}
MEASURED = {"error": "error of a line", "near": "place named"}


def layers(name: str = "layers", **traits: object) -> Exhibit:
    """The place of a word as a linear probe reads it, after every layer of MiniLM, and two controls.

    ``traits`` are those of ``posenc.views.layers.Layers`` (``layer``, ``network``, ``measure``); they are also
    the state that Reset goes back to.
    """
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
        "mistake in every layer. That a position lasts is no sign of anything learned; that it "
        "goes is.",
        views=[view],
        controls=[controls(player, layer, network, measure)],
        links=links,
        state={
            "network": Setting(view, "network", "encoder", "choice", options=NETWORKS),
            "by": Setting(view, "measure", "judged by", "choice", options=MEASURES),
            "layer": Setting(view, "layer", "layer", "whole", 0, LAST, steps=range(LAST + 1)),
        },
        picture=lambda: pictures.layers(view),
        alt=lambda: pictures.layers_alt(view),
    )
