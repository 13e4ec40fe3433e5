"""The printed picture of "Why both?"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import palette, schemes, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from posenc.views.both import Both

FLOOR = 1e-17  # what is less is drawn there


def both(view: Both, theme: str = "light") -> Figure:
    """The picture of the view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    ladder = view.ladder
    names = list(ladder)
    chosen = ladder[view.scheme]
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 5.4))
        grid = figure.add_gridspec(
            2, 2, height_ratios=[2.4, 1], width_ratios=[1, 1.25], hspace=0.4, wspace=0.5
        )
        right = figure.add_subplot(grid[0, 1])
        for row, name in enumerate(names):
            tried = ladder[name]
            if tried is None:
                continue
            ends = np.maximum([tried.shift.residual, tried.held_out], FLOOR)
            right.plot(ends, [row, row], "-", color=c["ink-3"], lw=1)
            right.plot(ends[1], row, "o", ms=6, color=c["ink"], mfc=c["paper"])
            right.plot(ends[0], row, "o", ms=5, color=c["ink"])
        right.axhspan(
            names.index(view.scheme) - 0.5,
            names.index(view.scheme) + 0.5,
            color=c["wash"],
            zorder=0,
        )
        right.set_yticks(range(len(names)), [schemes.SCHEMES[name].label for name in names])
        right.set(xscale="log", ylim=(len(names) - 0.5, -0.5))
        right.set_xlabel("left over: fitted (filled), held out (hollow)")
        if chosen is not None:
            _channel(figure.add_subplot(grid[0, 0]), view, c)
            below = figure.add_subplot(grid[1, :])
            below.plot(np.maximum(chosen.errors, FLOOR), "-", color=c["ink"], lw=0.9)
            below.axvspan(0, view.length // 2 - view.k - 1, color=c["wash"], zorder=0)
            below.axvline(view.t, color=c["pos"], lw=1.2)
            below.axvline(view.t + view.k, color=c["off"], lw=1, ls="--")
            below.set(yscale="log", xlim=(0, view.length - 1), xlabel="position $t$")
            below.set_title(
                "how far the matrix is off; the shaded positions were fitted", loc="left", size=9
            )
    return figure


def _channel(axes: Axes, view: Both, c: dict[str, str]) -> None:
    """One channel: its value now and k later, and where the matrix puts it."""
    rows, j = view.table(), view.channel
    fitted = view.length // 2 - view.k
    made = rows[:fitted] @ view.tried.shift.matrix.T
    now = rows[:fitted, j]
    axes.plot(now, rows[view.k : view.k + fitted, j], "o", ms=3, color=c["ink"], alpha=0.5)
    axes.plot(now, made[:, j], "D", ms=3.5, color=c["off"], mfc="none", mew=0.8)
    axes.plot(rows[view.t, j], rows[view.t + view.k, j], "o", ms=7, color=c["pos"])
    axes.set(xlabel=f"channel {j} now", ylabel=f"{view.k} later")


def both_alt(view: Both) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    parts = []
    for name, tried in view.ladder.items():
        label = schemes.SCHEMES[name].label
        if tried is None:
            parts.append(f"{label} needs more channels")
            continue
        fitted, held = (_size(x) for x in (tried.shift.residual, tried.held_out))
        parts.append(f"{label} {fitted} and {held}")
    return (
        f"For each encoding of width {view.d_model}, base {text.number(view.base)}, the best "
        f"matrix from row t to row t + {view.k}, fitted on the first half of "
        f"{text.number(view.length)} positions: what it leaves over there, and on the other half, "
        f"of a row's size. {'; '.join(parts)}. Beside it, for {schemes.SCHEMES[view.scheme].label}, "
        f"channel {view.channel} now and {view.k} later with where the matrix puts it; below, the "
        f"error at each position."
    )


def _size(x: float) -> str:
    """Two digits of a size; of a large one too, since a fit that explodes has no more to tell."""
    return text.number(float(f"{x:.2g}"), 2)
