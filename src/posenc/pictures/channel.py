"""The printed picture of "What is i?": the table and the ladder of wavelengths under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import encodings, palette, text
from posenc.views.channel import CORRECT, POSITIONS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from posenc.checks import Floats
    from posenc.views.channel import Channel


def channel(view: Channel, theme: str = "light") -> Figure:
    """The picture of a channel view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    wrong = view.mistake != CORRECT
    pair, cosine = encodings.channel_map(view.d_model, layout=view.channel_layout)
    right = encodings.sinusoidal(
        POSITIONS, view.d_model, base=view.base, layout=view.channel_layout
    )
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 5.4))
        grid = figure.add_gridspec(2, 2, height_ratios=[1.25, 1], hspace=0.46, wspace=0.16)
        table = figure.add_subplot(grid[0, 0])
        _table(table, view, right, theme)
        table.set_title("the formula, as it should be", loc="left", size=9)
        table.set_ylabel("position $t$")
        beside = figure.add_subplot(grid[0, 1])
        if wrong:
            _table(beside, view, view.values, theme)
            beside.set_title(view.mistake, loc="left", size=9)
        else:
            t = np.linspace(0, POSITIONS - 1, 240)
            waves = encodings.sinusoidal(
                t, view.d_model, base=view.base, layout=view.channel_layout
            )
            for is_cosine, colour, dash in ((False, c["sin"], "-"), (True, c["cos"], "--")):
                j = encodings.channel_of(
                    view.pair, is_cosine, view.d_model, layout=view.channel_layout
                )
                beside.plot(waves[:, j], t, dash, color=colour)
            beside.set(ylim=(POSITIONS - 0.5, -0.5), xlim=(-1.1, 1.1), xticks=[-1, 0, 1])
            beside.set_title(f"the two waves of pair $i$ = {view.pair}", loc="left", size=9)
        ladder = figure.add_subplot(grid[1, :])
        channels = np.arange(view.d_model)
        ladder.hlines(view.right, channels - 0.45, channels + 0.45, color=c["ink"], lw=1.6)
        shown = view.wavelengths
        for at in channels:
            colour = c["cos"] if cosine[at] else c["sin"]
            if wrong:
                ladder.plot([at, at], [view.right[at], shown[at]], color=colour, lw=0.8)
            ladder.plot(
                at, shown[at], "o", ms=5, color=colour, mfc=c["paper"] if cosine[at] else colour
            )
        ladder.axvline(view.channel, color=c["ink"], lw=0.6, alpha=0.5)
        ladder.set(
            yscale="log",
            xlim=(-0.7, view.d_model - 0.3),
            xlabel="channel $j$",
            ylabel="wavelength, positions",
        )
        ladder.set_title(
            f"channel $j$ = {view.channel}: {'cosine' if view.is_cosine else 'sine'} of pair "
            f"$i$ = {pair[view.channel]}, wavelength {text.number(float(shown[view.channel]))}",
            loc="left",
            size=9,
        )
    return figure


def _table(axes: Axes, view: Channel, values: Floats, theme: str) -> None:
    """Draws one table with the marked channel and position."""
    from matplotlib.ticker import MaxNLocator

    c = palette.tokens(theme)
    axes.imshow(
        values,
        aspect="auto",
        interpolation="nearest",
        cmap=palette.colour_map(theme),
        vmin=-1,
        vmax=1,
    )
    for edge in (view.channel - 0.5, view.channel + 0.5):
        axes.axvline(edge, color=c["ink"], lw=1.2)
    for edge in (view.t - 0.5, view.t + 0.5):
        axes.axhline(edge, color=c["pos"], lw=1.2)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("channel $j$")


def channel_alt(view: Channel) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    slowest, meant = float(view.wavelengths.max()), float(view.right.max())
    shown = text.number(float(view.wavelengths[view.channel]))
    words = (
        f"A table of {POSITIONS} positions by {view.d_model} channels, base "
        f"{text.number(view.base)}, {view.channel_layout}, with channel {view.channel} marked: the "
        f"{'cosine' if view.is_cosine else 'sine'} of pair {view.pair}, {shown} positions long. "
        f"Below it the wavelength of every channel on a logarithmic axis: "
        f"{view.d_model // 2} rungs, one for each pair, up to {text.number(meant)}."
    )
    if view.mistake == CORRECT:
        return words
    kept = int(np.count_nonzero(np.isclose(view.wavelengths, view.right, rtol=1e-12)))
    return (
        f"{words} Beside it the table with the mistake “{view.mistake}”: its slowest wave "
        f"is {text.number(slowest)} positions long, and {kept} of {view.d_model} channels keep the "
        f"right wavelength."
    )
