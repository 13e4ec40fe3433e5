"""The matrix between two pairs of vectors, solved from their values."""

from __future__ import annotations

import numpy as np
from parity.calls import Call

from posenc import analysis, encodings

dice = np.random.default_rng(23)


def calls() -> list[Call]:
    made = [
        Call("analysis.js", "pairMap", (before, after), analysis.pair_map(before, after))
        for before, after in dice.normal(size=(40, 2, 2, 2))
    ]
    table = encodings.sinusoidal(81, 16)
    for pair, t, k in ((0, 0, 3), (1, 8, 3), (5, 40, -16), (7, 63, 16)):
        before, after = (table[at : at + 2, 2 * pair : 2 * pair + 2] for at in (t, t + k))
        made.append(
            Call("analysis.js", "pairMap", (before, after), analysis.pair_map(before, after))
        )
    line = np.array([[1.0, 2.0], [2.0, 4.0]])
    return [*made, Call("analysis.js", "pairMap", (line, line), says="before has both rows")]


SLIPS = {
    "the transposed map": (
        "analysis.js",
        "[p * d - r * b, r * a - p * c, q * d - s * b, s * a - q * c]",
        "[p * d - r * b, q * d - s * b, r * a - p * c, s * a - q * c]",
    ),
    "the determinant of a sum": ("analysis.js", "a * d - b * c;", "a * d + b * c;"),
}
