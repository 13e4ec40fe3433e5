"""Dot products of pairs of rows, and where the sinusoidal curve stops falling."""

from __future__ import annotations

import itertools

import numpy as np
from parity.calls import Call

from posenc import analysis

dice = np.random.default_rng(12)


def calls() -> list[Call]:
    made = []
    for n, d in ((2, 1), (5, 3), (17, 4), (70, 64)):
        table = dice.normal(size=(n, d))
        for t in (0, n // 2, n - 1):
            made.append(Call("analysis.js", "productsWith", (table, n, d, t), table @ table[t]))
        for k in (0, 1, -1, n // 2, 1 - n):
            least, greatest = analysis.offset_range(table, k)
            told = {"least": least, "greatest": greatest}
            made.append(Call("analysis.js", "offsetRange", (table, n, d, k), told))
        for run in (1, 2, 3, n, n + 5):
            means = analysis.block_means(table, run)
            made.append(Call("analysis.js", "blockMeans", (table, n, d, run), means))
    for d, base in itertools.product((2, 4, 8, 64, 512), (1.0, 1.5, 2.0, 10.0, 1e3, 1e4, 1e5)):
        spec = {"d": d, "base": base}
        for name, found in (
            ("firstRise", analysis.first_rise(d, base=base)),
            ("firstNegative", analysis.first_negative(d, base=base)),
        ):
            made.append(Call("analysis.js", name, (spec,), found))
    for limit in (473, 474, 700):
        for name, search in (
            ("firstRise", analysis.first_rise),
            ("firstNegative", analysis.first_negative),
        ):
            found = search(32, limit=limit)
            made.append(Call("analysis.js", name, ({"d": 32}, limit), found))
    return [
        *made,
        Call("analysis.js", "firstRise", ({"d": 32}, 3), None),
        Call("analysis.js", "productsWith", (np.eye(2), 3, 2, 0), says="table holds 4 values"),
        Call("analysis.js", "offsetRange", (np.eye(2), 2, 2, -2), says="k=-2 is too far"),
    ]


SLIPS = {
    "one way only": ("analysis.js", "const apart = Math.abs(k)", "const apart = Math.max(0, k)"),
    "an odd channel left out": ("analysis.js", "if (j < d) even", "if (j < d - 1) even"),
    "the last block by a full run": (
        "analysis.js",
        "means[at + j] /= end - r * run",
        "means[at + j] /= run",
    ),
    "a rise that does not rise": (
        "analysis.js",
        "if (now > before) return k",
        "if (now < before) return k",
    ),
    "a skip that is too bold": (
        "analysis.js",
        "passesPi ? -1 : Math.min(Math.cos(a), Math.cos(b))",
        "passesPi ? -1 : Math.max(Math.cos(a), Math.cos(b))",
    ),
    "waves without their low point": (
        "analysis.js",
        "passesPi ? -1",
        "passesPi ? 0",
    ),
    "turned by half": ("analysis.js", "2 * Math.cos(w)", "2 * Math.cos(w / 2)"),
}
