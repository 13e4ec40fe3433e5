"""The printed picture of "Does it last?": the places read, the error after each layer, and what is left
in a small model with its residual path and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posenc import palette, text
from posenc.pictures.cut import cut_alt, draw_cut
from posenc.views.layers import LAST, NETWORKS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.cut import Cut
    from posenc.views.layers import Layers

WORDS = {
    "trained": "as trained",
    "zeroed": "positions zeroed",
    "untrained": "never trained",
    "tables": "only tables trained",
}
_COLOURS = {"trained": "pos", "zeroed": "ink-3", "untrained": "ink-2", "tables": "ink"}
_STYLES = {"trained": "-", "zeroed": ":", "untrained": "--", "tables": "-."}


def layers(view: Layers, small: Cut, theme: str = "light") -> Figure:
    """The picture of both views as they stand."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 7.4))
        grid = figure.add_gridspec(2, 2, height_ratios=(4.2, 2.4), wspace=0.24, hspace=0.34)
        left, right = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[0, 1])
        draw_cut(figure.add_subplot(grid[1, :]), small, theme)
        colour = c[_COLOURS[view.network]]
        left.axline((1, 1), slope=1, color=c["edge"], lw=0.9)
        for row in view.values:
            left.plot(view.places, row, "o", ms=2.2, mew=0, color=colour, alpha=0.6)
        left.set(xlabel="true place", ylabel="place read")
        left.set_title(
            f"{_after(view.layer)}, {WORDS[view.network]}", loc="left", size=9, color=colour
        )
        at = range(LAST + 1)
        for network in NETWORKS:
            errors = [view.probed_of(network, layer).error for layer in at]
            mean = [e[0] for e in errors]
            reach = [[e[0] - e[1] for e in errors], [e[2] - e[0] for e in errors]]
            right.errorbar(
                at,
                mean,
                yerr=reach,
                fmt="o",
                ls=_STYLES[network],
                ms=3.5,
                lw=1.3,
                elinewidth=1,
                color=c[_COLOURS[network]],
                label=WORDS[network],
            )
        right.axvline(view.layer, color=c["edge"], lw=0.8)
        right.set(xlabel="after layer", ylabel="mean error, in places", ylim=(0, None))
        right.legend(loc="center left", bbox_to_anchor=(0.02, 0.72), fontsize=8)
    return figure


def layers_alt(view: Layers, small: Cut) -> str:
    """What the picture shows, in words, with these views' own numbers."""
    now = view.probed
    errors = {n: [view.probed_of(n, k).error[0] for k in range(LAST + 1)] for n in NETWORKS}

    def course(network: str) -> str:
        return ", ".join(text.fixed(e, 1) for e in errors[network])

    return (
        f"Above left, the place of {view.values.size} words of held-out texts as a linear probe reads it, "
        f"against the true place, {_after(view.layer).lower()} of MiniLM, {WORDS[view.network]}: "
        f"the readings are off by {text.fixed(now.error[0], 1)} places on average and explain "
        f"{text.fixed(now.r2[0], 3)} of the variance. Above right, the mean error at the embeddings and "
        f"after each of {LAST} layers: as trained {course('trained')}; positions zeroed "
        f"{course('zeroed')}; never trained {course('untrained')}; "
        f"only tables trained {course('tables')}. One who knows nothing is off by "
        f"{text.fixed(view.blind, 1)}. {cut_alt(small)}"
    )


def _after(layer: int) -> str:
    return f"After layer {layer}" if layer else "Embeddings"
