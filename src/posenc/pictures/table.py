"""The printed learned table: its picture, the lengths of its rows, its cosines, and another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import analysis, palette, tables, text
from posenc.checks import Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.table import LearnedTable

CURVES = 48  # curves in grey, as in js/table_data.js
NAMED = 8  # odd rows, at most, that are named one by one, as in js/table_data.js
CELLS = 300  # rows of a picture, at most


def table(view: LearnedTable, theme: str = "light") -> Figure:
    """The picture of a table view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    from posenc.views.table import REACH

    c = palette.tokens(theme)
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 5.4))
        grid = figure.add_gridspec(
            2, 5, height_ratios=[2, 1], width_ratios=[3, 1, 0.5, 3, 1], hspace=0.34, wspace=0.12
        )
        for nth, name in enumerate((view.table, view.beside)):
            about = tables.TABLES[name]
            heat = figure.add_subplot(grid[0, 3 * nth])
            strip = figure.add_subplot(grid[0, 3 * nth + 1], sharey=heat)
            below = figure.add_subplot(grid[1, 3 * nth : 3 * nth + 2])
            values, scale = table_shown(view, name)
            n = about.length
            heat.imshow(
                values / scale,
                interpolation="nearest",
                cmap=palette.colour_map(theme),
                vmin=-1,
                vmax=1,
                aspect="auto",
                extent=(-0.5, values.shape[1] - 0.5, n - 0.5, -0.5),
            )
            heat.set(xticks=[], ylabel="position" if not nth else "")
            heat.set_title(about.label, loc="left", size=9)
            lengths = tables.lengths(name, _width(name))
            strip.plot(lengths, np.arange(n), "-", color=c["ink"], lw=0.9)
            middle = float(np.median(lengths))
            strip.set(
                xscale="log",
                xlim=(
                    min(middle / 2.2, lengths.min() / 1.05),
                    max(middle * 2.2, lengths.max() * 1.05),
                ),
            )
            strip.set_xticks([middle], [text.number(middle, 3)])
            strip.minorticks_off()
            strip.tick_params(labelleft=False)
            strip.set_title("length", loc="right", size=8)
            odd = tables.odd_lengths(lengths)
            odd = odd if len(odd) <= NAMED else []
            strip.plot(lengths[odd], odd, "o", ms=3.5, mfc=c["paper"], mec=c["ink"])
            t = min(view.t, n - 1)
            for axes in (heat, strip):
                axes.axhline(t, color=c["pos"], lw=1.1)
            units = tables.unit_rows(view.rows(name))
            k = np.arange(-REACH, REACH + 1)
            for other in [*range(0, n, n // CURVES), t]:
                inside = k[(k + other >= 0) & (k + other < n)]
                bold = other == t
                below.plot(
                    inside,
                    units[inside + other] @ units[other],
                    "-",
                    color=c["ink"] if bold else c["edge"],
                    lw=1.3 if bold else 0.6,
                    alpha=1.0 if bold else 0.4,
                )
            below.axhline(0, color=c["edge"], lw=0.6)
            below.set(xlim=(-REACH, REACH), ylim=(-1.05, 1.05), xlabel="offset $k$")
            if not nth:
                below.set_ylabel("cosine")
    return figure


def _width(name: str) -> int:
    from posenc.views.table import width_of

    return width_of(name)


def table_shown(view: LearnedTable, name: str) -> tuple[Floats, float]:
    """What the picture of a table shows, in means of runs of rows, and the value of its last colour."""
    about = tables.TABLES[name]
    run = -(-about.length // CELLS)
    rows = view.rows(name)
    if view.picture == "cosines":
        return analysis.gram(analysis.block_means(tables.unit_rows(rows), run)), 1.0
    if view.picture == "channels" and about.file:
        rows = tables.channels(name)
    course = rows[about.first : about.last + 1]
    even = name in ("sinusoidal", "whisper encoder")
    scale = 1.0 if even else 3.0 * float(np.sqrt(np.mean(np.square(course))))
    return analysis.block_means(rows, run), scale


def table_listed(positions: list[int], n: int) -> str:
    """ "0, 127, 510 and 511"; of many only how many, of n."""
    if len(positions) > NAMED:
        return f"{text.number(len(positions))} of {text.number(n)}"
    words = [text.number(t) for t in positions]
    if len(words) < 2:
        return words[0] if words else "none"
    return f"{', '.join(words[:-1])} and {words[-1]}"


def times(ratio: float) -> str:
    """How many times as long, as the live figure writes it."""
    return text.fixed(ratio, 2 if ratio < 10 else 1)


def table_alt(view: LearnedTable) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    about, other = tables.TABLES[view.table], tables.TABLES[view.beside]
    explained, beside = (
        tables.by_offset(view.rows(name)).explained for name in (view.table, view.beside)
    )
    lengths = view.lengths
    ratio = float(lengths[view.t] / np.median(lengths))
    odd = tables.odd_lengths(lengths)
    return (
        f"Left, {about.says}: {text.number(about.length)} rows as a picture of their {view.picture}, "
        f"the length of each row beside it, and below the cosines of rows t and t + k against k; "
        f"right, the same of {other.says}. "
        f"The offset alone explains {text.percent(explained)} of how the cosines differ on the left "
        f"and {text.percent(beside)} on the right. Row {text.number(view.t)} on the left is "
        f"{times(ratio)} times as long as the median row; rows of an odd length: {table_listed(odd, about.length)}."
    )
