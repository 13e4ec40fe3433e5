"""Tables of any encoding: dot products, and the shift of the sinusoidal one."""

from __future__ import annotations

import itertools

import numpy as np
from parity.calls import Call

from posenc import analysis, encodings

dice = np.random.default_rng(11)


def calls() -> list[Call]:
    made = []
    for n, d in ((1, 1), (2, 5), (17, 4), (40, 64)):
        table = dice.normal(size=(n, d))
        made.append(Call("analysis.js", "gram", (table, n, d), analysis.gram(table)))
    for k, d, base, layout, spacing in itertools.product(
        (0.0, 1.0, -3.0, 2.5, 1000.0),
        (2, 4, 26),
        (1.0001, 2.0, 10000.0, 1e12),
        encodings.LAYOUTS,
        encodings.SPACINGS,
    ):
        kind = {"base": base, "layout": layout, "spacing": spacing}
        matrix = analysis.shift_matrix(k, d, **kind)
        made.append(Call("analysis.js", "shiftMatrix", (k, {"d": d, **kind}), matrix))
    made.append(Call("analysis.js", "shiftMatrix", (7, {"d": 4}), analysis.shift_matrix(7, 4)))
    return [
        *made,
        Call("analysis.js", "gram", (np.eye(2), 3, 2), says="rows holds 4 values"),
        Call("analysis.js", "shiftMatrix", (np.nan, {"d": 4}), says="k=NaN must be"),
        Call("analysis.js", "shiftMatrix", (1, {"d": 5}), says="d=5 must be a positive even"),
    ]


SLIPS = {
    "the inverse shift": (
        "analysis.js",
        "matrix[s * d + c] = Math.sin",
        "matrix[s * d + c] = -Math.sin",
    ),
    "not a rotation": (
        "analysis.js",
        "matrix[c * d + s] = -Math.sin",
        "matrix[c * d + s] = Math.sin",
    ),
    "one layout for both": (
        "analysis.js",
        "channelOf(i, true, d, layout)",
        "channelOf(i, true, d)",
    ),
}
