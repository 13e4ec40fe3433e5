"""The printed heatmap: the table with its marked row above and its marked column beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import encodings, palette, text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.heatmap import Heatmap

MOST_ROWS = 512  # rows drawn; a longer table is thinned evenly


def heatmap(view: Heatmap, theme: str = "light") -> Figure:
    """The picture of a heatmap view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    step = -(-view.length // MOST_ROWS)
    positions = np.arange(view.start, view.start + view.length, step)
    table = encodings.sinusoidal(
        positions, view.d_model, base=view.base, layout=view.channel_layout
    )
    row = encodings.sinusoidal([view.t], view.d_model, base=view.base, layout=view.channel_layout)[
        0
    ]
    _, is_cosine = encodings.channel_map(view.d_model, layout=view.channel_layout)
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 4.8))
        grid = figure.add_gridspec(
            2, 2, height_ratios=[1, 4], width_ratios=[4, 1], hspace=0.08, wspace=0.04
        )
        above = figure.add_subplot(grid[0, 0])
        for cosine, colour, dash in ((False, c["sin"], "-"), (True, c["cos"], "--")):
            channels = np.flatnonzero(is_cosine == cosine)
            above.plot(channels, row[channels], dash, color=colour, lw=1)
        above.set(xlim=(-0.5, view.d_model - 0.5), ylim=(-1.1, 1.1), xticks=[], yticks=[-1, 1])
        above.set_title(f"row t = {view.t:,}", loc="left", size=9, color=c["pos"])
        main = figure.add_subplot(grid[1, 0])
        last = view.start + view.length
        main.imshow(
            table,
            aspect="auto",
            interpolation="nearest",
            cmap=palette.colour_map(theme),
            vmin=-1,
            vmax=1,
            extent=(-0.5, view.d_model - 0.5, last - 0.5, view.start - 0.5),
        )
        main.axhline(view.t, color=c["pos"], lw=1.2)
        main.axvline(view.channel, color=c["ink"], lw=1)
        main.set(xlabel="channel $j$", ylabel="position $t$")
        beside = figure.add_subplot(grid[1, 1])
        cosine = bool(is_cosine[view.channel])
        colour = c["cos"] if cosine else c["sin"]
        beside.plot(table[:, view.channel], positions, "--" if cosine else "-", color=colour, lw=1)
        beside.set(xlim=(-1.1, 1.1), ylim=(last - 0.5, view.start - 0.5), yticks=[], xticks=[-1, 1])
        beside.set_title(f"column j = {view.channel}", loc="left", size=9, color=c["ink"])
    return figure


def heatmap_alt(view: Heatmap) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    waves = encodings.wavelengths(view.d_model, base=view.base)
    # the share of the width whose wave is longer than the window: the calm part of the picture
    calm = float(np.mean(waves > view.length))
    return (
        f"Heatmap of the sinusoidal encoding: positions {text.number(view.start)} to "
        f"{text.number(view.start + view.length - 1)} downwards, {text.number(view.d_model)} "
        f"channels across, base {text.number(view.base)}, {view.channel_layout}. Short waves give "
        f"fast stripes on some channels; on {text.percent(calm)} of them the wave is longer than "
        f"the picture is high. Above it row {text.number(view.t)} as a line of values over the "
        f"channels, beside it column {view.channel} as a wave over the positions."
    )
