"""The part of a printed picture that shows a small model with its residual path whole and cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posenc import palette, text
from posenc.views.cut import PATHS, WEIGHTS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from posenc.views.cut import Cut

WORDS = {
    ("whole", "trained"): "with the path, trained",
    ("whole", "untrained"): "with the path, never trained",
    ("cut", "trained"): "path cut, trained",
    ("cut", "untrained"): "path cut, never trained",
}
TASKS = {"reverse": "saying a sequence backwards", "copy": "saying the token three back"}
POSITIONS = {"sinusoidal": "sinusoids", "learned": "a learned table"}
DEPTHS = ("before the first layer", "after the first", "after the second")


def draw_cut(axes: Axes, view: Cut, theme: str) -> None:
    """Draws what is read at each depth, for both paths and both kinds of weights."""
    c = palette.tokens(theme)
    for path in PATHS:
        for weights in WEIGHTS:
            mean, _, least, most = view.read(path, weights).T
            axes.errorbar(
                range(len(mean)),
                mean,
                yerr=(mean - least, most - mean),
                fmt="o",
                ls="-" if weights == "trained" else "--",
                ms=4,
                lw=1.3,
                elinewidth=1,
                color=c["pos" if path == "whole" else "ink-2"],
                mfc=None if path == "whole" else c["paper"],
                label=WORDS[path, weights],
            )
    axes.set(ylim=(-0.04, 1.06), ylabel="R² of the place read")
    axes.set_xticks(range(len(DEPTHS)), DEPTHS)
    axes.set_title(f"A small model, {_model(view)}", loc="left", size=9)
    axes.legend(loc="lower left", fontsize=8)


def cut_alt(view: Cut) -> str:
    """What that part shows, in words."""

    def course(path: str, weights: str) -> str:
        read = view.read(path, weights)[:, 0]
        return f"{WORDS[path, weights]} {', '.join(text.fixed(r2, 2) for r2 in read)}"

    every = "; ".join(course(path, weights) for path in PATHS for weights in WEIGHTS)
    return (
        f"Below, the R² of the place read in a small model of two layers, {_model(view)}, before the "
        f"first layer, after it and after the second, as a mean over runs: {every}."
    )


def _model(view: Cut) -> str:
    return f"{TASKS[view.task]}, {POSITIONS[view.encoding]}"
