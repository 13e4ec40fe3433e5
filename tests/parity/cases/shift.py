"""The best linear shift of a table, tried on positions it was not fitted on; and least squares."""

from __future__ import annotations

import numpy as np
from parity.calls import Call

from posenc import analysis, schemes

dice = np.random.default_rng(27)

# How far the two languages may be apart where a fit leans on differences near the cutoff: what
# comes of them is right to a few digits only, in either.
LEANING = 1e-4


def best(table: np.ndarray, k: int, **more: float) -> Call:
    n, d = table.shape
    fit = analysis.best_linear_shift(table, k)
    gives = {
        "matrix": fit.matrix,
        "residual": fit.residual,
        "worst": fit.worst,
        "rank": fit.rank,
        "condition": fit.condition,
    }
    return Call("analysis.js", "bestLinearShift", (table, n, d, k), gives, **more)


def tried(table: np.ndarray, k: int) -> list[Call]:
    n, d = table.shape
    told = analysis.tried_linear_shift(table, k)
    asked = (table, n, d, k)
    sure = {"shift": {"residual": told.shift.residual, "rank": told.shift.rank}}
    unsure = {"heldOut": told.held_out, "errors": told.errors}
    loose = LEANING if told.shift.condition > 1e6 else 1e-9
    return [
        Call("analysis.js", "triedLinearShift", asked, sure, tolerance=1e-7),
        Call("analysis.js", "triedLinearShift", asked, unsure, tolerance=loose),
    ]


def calls() -> list[Call]:
    made = []
    for n, d, k in ((9, 1, 2), (40, 6, 0), (40, 6, 3), (40, 6, -3), (300, 32, 24)):
        made.append(best(dice.normal(size=(n, d)), k))
    # of less than full rank: twice the same column, nothing at all, next to nothing
    thin = dice.normal(size=(40, 3))
    made.append(best(np.hstack([thin, thin]), 2, tolerance=1e-8))
    made[-1].gives.pop("condition")
    made.append(best(np.zeros((20, 3)), 1))
    tiny = best(1e-100 * dice.normal(size=(20, 3)), 1, tolerance=1e-8)
    tiny.gives.pop("condition")
    made.append(tiny)
    for name in schemes.SCHEMES:
        if name == "redrawn":  # each language draws its own
            continue
        for length, d, base, k in (
            (256, 16, 100.0, 8),
            (256, 32, 1e4, 8),
            (1024, 32, 1e4, 24),
            (128, 10, 10.0, 0),
            (200, 8, 2.0, -5),
        ):
            if name == "binary" and 2**d < length:
                continue
            made += tried(schemes.rows(name, length, d, base=base), k)
    a, b = dice.normal(size=(30, 5)), dice.normal(size=(30, 2))
    a[:, 3] = 1e-12 * a[:, 0] + a[:, 1]  # below the cutoff: left out
    x, _, rank, singular = np.linalg.lstsq(a, b, rcond=analysis.CUTOFF)
    least = {"x": x, "rank": int(rank), "singular": singular}
    made.append(Call("leastsquares.js", "leastSquares", (a, b, 30, 5, 2, analysis.CUTOFF), least))
    made.append(Call("analysis.js", "CUTOFF", None, analysis.CUTOFF))
    full = dice.normal(size=(20, 16))
    return [
        *made,
        Call(
            "analysis.js",
            "bestLinearShift",
            (full, 20, 16, 4),
            says="the table has 20 rows, of which k=4 leaves 16 to fit; it must leave more",
        ),
        Call("analysis.js", "bestLinearShift", (full, 20, 16, -30), says="the table has 20 rows"),
        Call("analysis.js", "bestLinearShift", (full, 21, 16, 1), says="rows holds 320 values"),
        Call("analysis.js", "bestLinearShift", (full, 20, 16, 0.5), says="k=0.5 must be whole"),
    ]


SLIPS = {
    "backwards": ("analysis.js", "k >= 0\n    ? [", "k < 0\n    ? ["),
    "the matrix on its side": (
        "analysis.js",
        "x[(at % d) * d + Math.floor(at / d)]",
        "x[at]",
    ),
    "no cutoff": ("leastsquares.js", "cutoff * singular[0]", "0 * singular[0]"),
    "fitted on all": (
        "analysis.js",
        "bestLinearShift(slice(rows, d, 0, half), half, d, k)",
        "bestLinearShift(rows, n, d, k)",
    ),
    "tried where fitted": (
        "analysis.js",
        "shifted(slice(rows, d, half, n), n - half, d, k)",
        "shifted(slice(rows, d, 0, half), half, d, k)",
    ),
    "errors of any size": ("analysis.js", "/ n) || 1", "/ n) * 0 + 1"),
    "one sweep": ("leastsquares.js", "const SWEEPS = 30", "const SWEEPS = 1"),
    "turned the wrong way": ("leastsquares.js", "c * (x - t * y)", "c * (x + t * y)"),
}
