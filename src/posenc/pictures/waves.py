"""The printed waves: water below zero, land above it, a line, and what it crosses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import encodings, palette, text
from posenc.pictures.clocks import quantity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.waves import Waves

SAMPLES = 1024  # points along a wave


def waves(view: Waves, theme: str = "light") -> Figure:
    """The picture of a waves view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.patches import Polygon

    c = palette.tokens(theme)
    colour = palette.colour_map(theme)
    last = view.length - 1
    t = np.linspace(0, last, SAMPLES)
    sines = encodings.sinusoidal(t, view.d_model, base=view.base)[:, : 2 * view.waves : 2]
    lengths = encodings.wavelengths(view.d_model, base=view.base)
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 0.9 + 0.36 * view.waves))
        grid = figure.add_gridspec(1, 2, width_ratios=[16, 1], wspace=0.03)
        ax, cells = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
        for i in range(view.waves):
            outline = np.column_stack([t, i - 0.44 * sines[:, i]])
            body = np.vstack([outline, [last, i], [0, i]])
            clip = Polygon(body, closed=True, fc="none", ec="none")
            ax.add_patch(clip)
            water = ax.imshow(
                sines[None, :, i],
                aspect="auto",
                cmap=colour,
                vmin=-1,
                vmax=1,
                extent=(0, last, i + 0.44, i - 0.44),
            )
            water.set_clip_path(clip)
            ax.plot([0, last], [i, i], color=c["rule"], lw=0.6)
            ax.plot(*outline.T, color=c["ink"], lw=0.7)
        ax.axvline(view.t, color=c["pos"], lw=1.5)
        for i, v in enumerate(view.values):
            ax.plot(view.t, i - 0.44 * v, "o", ms=5.5, mfc=colour((v + 1) / 2), mec=c["pos"])
            cells.text(1.25, i, text.fixed(v, 2), va="center", size=8)
        ax.set(xlim=(0, last), ylim=(view.waves - 0.5, -0.5), xlabel="position $t$")
        ax.set_yticks(range(view.waves), [quantity(w) for w in lengths[: view.waves]])
        ax.set_ylabel("wavelength")
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
        ax.set_title(f"t = {text.number(view.t)}", size=9, color=c["pos"], x=view.t / last)
        cells.imshow(view.values[:, None], aspect="auto", cmap=colour, vmin=-1, vmax=1)
        cells.set(xticks=[], yticks=[])
        cells.set_xlabel("what is told", size=8)
        for spine in cells.spines.values():
            spine.set(visible=True)
    return figure


def waves_alt(view: Waves) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    lengths = encodings.wavelengths(view.d_model, base=view.base)
    heights = ", ".join(text.fixed(v, 2) for v in view.values)
    return (
        f"{view.waves} of the {view.d_model // 2} sine waves of width {view.d_model} and base "
        f"{text.number(view.base)}, one below the other over {text.number(view.length)} positions. "
        f"The first repeats every {text.fixed(lengths[0], 2)} positions, the last shown every "
        f"{text.fixed(lengths[view.waves - 1], 0)}, each {text.fixed(lengths[1] / lengths[0], 2)} "
        f"times as long as the one above it. A line marks position {text.number(view.t)}; from top "
        f"to bottom it crosses the waves at {heights}."
    )
