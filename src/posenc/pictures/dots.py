"""The printed dot products: curves over the offset, and all pairs of positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import learned, palette, text
from posenc.checks import Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.dots import Dots

MOST_CURVES = 64  # curves in grey; of a longer table evenly spread positions
MOST_CELLS = 256  # cells of the picture of all pairs, along a side; each the mean of its pairs
ROUNDING = 1e-9  # of the largest product, as in js/dots_table.js


def dots(view: Dots, theme: str = "light") -> Figure:
    """The picture of a dots view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    products, n, scale = view.products, view.length, view.scale
    pairs = block_means(products, -(-n // MOST_CELLS))
    positions = np.arange(n)
    values = view.values
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 3.9))
        left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": [3, 2], "wspace": 0.16})
        for other in np.unique(np.linspace(0, n - 1, min(n, MOST_CURVES)).astype(int)):
            left.plot(positions - other, products[other], "-", color=c["edge"], lw=0.6, alpha=0.4)
        left.plot(positions - view.t, values, "-", color=c["ink"], lw=1.8)
        value = values[view.t + view.k]
        left.axhline(0, color=c["edge"], lw=0.6)
        left.vlines(
            view.k, min(0, value), max(0, value), color=c["off"], lw=1.2, linestyles=(0, (7, 4))
        )
        left.plot([view.k], [value], "D", ms=7, color=c["off"], mec=c["paper"])
        # the curve of a row that stands far out leaves the plot
        low = -1.1 * scale if view.outlying else None
        left.set(xlim=(1 - n, n - 1), ylim=(low, 1.1 * scale), xlabel="offset $k$")
        left.set_title(
            f"PE({text.number(view.t)}) · PE({text.number(view.t)} + k); "
            f"{written(value, view)} at $k$ = {text.number(view.k)}",
            loc="left",
            size=9,
        )
        right.imshow(
            np.clip(pairs / scale, -1, 1),
            interpolation="nearest",
            cmap=palette.colour_map(theme),
            vmin=-1,
            vmax=1,
            extent=(-0.5, n - 0.5, n - 0.5, -0.5),
        )
        right.axhline(view.t, color=c["pos"], lw=1.2)
        ends = np.array([max(0, -view.k) - 0.5, min(n, n - view.k) - 0.5])
        right.plot(ends + view.k, ends, color=c["off"], lw=1.2, linestyle=(0, (7, 4)))
        right.plot([view.t + view.k], [view.t], "s", ms=5, mfc="none", mec=c["ink"])
        right.set(xlabel="position $t + k$", ylabel="position $t$")
        end = text.number(scale, 3)
        right.set_title(
            f"every pair; colours from \N{MINUS SIGN}{end} to {end}", loc="left", size=9
        )
    return figure


def block_means(products: Floats, run: int) -> Floats:
    """The means of blocks of run x run products, of what is left of them at the ends."""
    starts = np.arange(0, len(products), run)
    counts = np.diff(np.append(starts, len(products)))
    sums = np.add.reduceat(np.add.reduceat(products, starts, axis=0), starts, axis=1)
    means: Floats = sums / np.outer(counts, counts)
    return means


def written(value: float, view: Dots) -> str:
    """A product in the decimals that its table deserves, as the live figure writes it."""
    if view.scheme in learned.TABLES:
        return text.fixed(value, 3)
    table = view.table
    largest = float(np.square(table).sum(axis=1).max())
    if largest >= 1000 or bool(np.all(table == np.rint(table))):
        return text.fixed(value, 0)
    return text.fixed(value, 1 if largest >= 100 else 2)


def subject(view: Dots) -> str:
    """Which vectors are shown, in a sentence."""
    if view.scheme in learned.TABLES:
        return f"the first {text.number(view.length)} rows of the table that {view.scheme} learned"
    return f"the {view.scheme} encoding of {text.number(view.length)} positions"


def dots_alt(view: Dots) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    products, scale = view.products, view.scale
    least, greatest = view.range
    value = view.values[view.t + view.k]
    count = view.length - abs(view.k)
    together = greatest - least < ROUNDING * scale
    # one offset may hold a single pair, or agree by chance: the picture is judged on all of them
    even = bool(np.abs(products[1:, 1:] - products[:-1, :-1]).max() < ROUNDING * scale)
    curves = (
        "no other pair has that offset"
        if count == 1
        else f"all {text.number(count)} pairs of positions at that offset give the same"
        if together
        else f"over all {text.number(count)} pairs of positions at that offset it runs from "
        f"{written(least, view)} to {written(greatest, view)}"
    )
    curves += (
        ", and the grey curves of the other positions lie on one line with the bold one"
        if even
        else ", and the grey curves of the other positions fan out"
    )
    beyond = ""
    if view.outlying:
        rows = ", ".join(text.number(t) for t in view.outlying)
        beyond = f" The product with itself of each of these rows is beyond the colours: {rows}."
    diagonals = "every diagonal has one colour" if even else "its diagonals change colour"
    return (
        f"Left, the dot product of position {text.number(view.t)} with the position k further on, "
        f"against k, for {subject(view)} at "
        f"width {text.number(view.d_model)}: {written(value, view)} at k = "
        f"{text.number(view.k)}; {curves}. Right, the products of all pairs as a picture: "
        f"{diagonals}.{beyond}"
    )
