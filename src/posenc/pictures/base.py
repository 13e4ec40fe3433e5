"""The printed picture of "Choose the base": wavelengths and distances on one axis of positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import analysis, palette, text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.base_choice import BaseChoice

MOST_OFFSETS = 4096  # offsets drawn; a longer sequence is thinned evenly on the logarithmic axis


def base(view: BaseChoice, theme: str = "light") -> Figure:
    """The picture of a base view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    pairs = np.arange(view.d_model // 2)
    finished = view.turns.turns >= 1
    offsets = np.unique(
        np.geomspace(1, view.length - 1, min(view.length, MOST_OFFSETS)).round()
    ).astype(np.float64)
    distances = analysis.distance_by_offset(offsets, view.d_model, base=view.base)
    closest = view.closest
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 5.2))
        above, below = figure.subplots(2, 1, sharex=True, gridspec_kw={"hspace": 0.24})
        size = 4 if len(pairs) <= 64 else 2
        above.plot(view.wavelengths[finished], pairs[finished], "o", ms=size, color=c["ink"])
        above.plot(
            view.wavelengths[~finished],
            pairs[~finished],
            "o",
            ms=size,
            color=c["ink-2"],
            mfc=c["paper"],
        )
        above.yaxis.get_major_locator().set_params(integer=True)
        above.set(ylim=(len(pairs) - 0.5, -0.5), ylabel="pair $i$")
        above.set_title(
            f"base {text.number(view.base)}: {view.turns.unfinished} of {view.d_model} channels "
            f"never finish a turn in {text.number(view.length)} positions",
            loc="left",
            size=9,
        )
        below.plot(offsets, distances, "-", color=c["ink"], lw=0.8)
        below.plot([closest.offset], [closest.distance], "D", ms=6, color=c["off"], clip_on=False)
        below.set(
            xscale="log", xlim=(1, 1e7), ylim=(0, None), xlabel="positions", ylabel="distance"
        )
        below.set_title(
            f"closest two vectors: $k$ = {text.number(closest.offset)} apart, distance "
            f"{text.number(closest.distance)}",
            loc="left",
            size=9,
            color=c["off"],
        )
        for axes in (above, below):
            axes.axvline(view.length, color=c["ink"], lw=1.2)
            axes.axvspan(view.length, 1e7, color=c["wash"], zorder=0)
    return figure


def base_alt(view: BaseChoice) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    closest = view.closest
    apart = (
        "neighbours" if closest.offset == 1 else f"{text.number(closest.offset)} positions apart"
    )
    words = (
        f"Above, on a logarithmic axis of positions, the wavelengths of {view.d_model // 2} pairs "
        f"at base {text.number(view.base)}, a straight line of dots from "
        f"{text.number(float(view.wavelengths[0]))} to {text.number(float(view.wavelengths[-1]))}; "
        f"an upright line at L = {text.number(view.length)}. {view.turns.unfinished} of "
        f"{view.d_model} channels never finish a turn between the first of these L positions and "
        f"the last. Below, the distance of two vectors by their offset: the closest two are "
        f"{apart}, at distance {text.number(closest.distance)}."
    )
    table, positions = view.rounded("table"), view.rounded("positions")
    if table is None or positions is None:
        return words
    words = (
        f"{words} Stored in {view.precision}, {text.number(table.distinct)} rows are different; "
        f"positions counted in {view.precision} leave {text.number(positions.distinct)}."
    )
    if not positions.lost:
        return words
    last = text.number(view.length - positions.lost)
    return f"{words} From position {last} on they are infinite and have no vector."
