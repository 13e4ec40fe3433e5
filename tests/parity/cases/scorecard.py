"""The scorecard of every scheme: verdicts, numbers, places, and the evidence behind each."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from parity.calls import Call

from posenc import alternatives, draws, schemes, scorecard

LENGTHS = (3, 4, 16, 33, 64)
WIDTHS = (1, 2, 5, 7, 8, 64)
BASES = (1.0, 10.0, 10000.0, 1e6)


def plain(card: scorecard.Scorecard) -> dict[str, Any]:
    """A card as the twin gives it."""
    return {
        reading: {
            key: getattr(getattr(card, reading), key)
            for key in ("holds", "number", "places", "values", "evidence")
        }
        for reading in scorecard.READINGS
    }


def calls() -> list[Call]:
    made = [
        Call("scorecard.js", "READINGS", None, list(scorecard.READINGS)),
        Call("scorecard.js", "TOLERANCE", None, scorecard.TOLERANCE),
    ]
    sizes = [*itertools.product(LENGTHS, WIDTHS), (512, 128)]
    for name, (length, d) in itertools.product(schemes.SCHEMES, sizes):
        lack = scorecard.needs(name, length, d)
        made.append(Call("scorecard.js", "needs", (name, length, d), lack))
        if lack or name == "redrawn":
            continue
        for base in BASES if schemes.SCHEMES[name].based and length < 512 else (10000.0,):
            card = scorecard.of_scheme(name, length, d, base=base)
            spec = {"d": d, "base": base}
            made.append(Call("scorecard.js", "scorecard", (name, length, spec), plain(card)))
    made.append(
        Call(
            "scorecard.js",
            "scorecard",
            ("random table", 20, {"d": 6, "seed": 3}),
            plain(scorecard.of_scheme("random table", 20, 6, seed=3)),
        )
    )

    # Another table at each call, and three calls to a card: those that a fresh module makes.
    counter = itertools.count()

    def redrawn(n: int, d: int) -> Any:
        fresh = draws.below(draws.key("redrawn", 0), np.array([float(next(counter))]))
        return alternatives.random_table(n, d, seed=int(fresh[0]))

    for length, d in ((3, 1), (16, 5), (64, 64)):
        card = scorecard.scorecard(redrawn, length, d)
        made.append(Call("scorecard.js", "scorecard", ("redrawn", length, {"d": d}), plain(card)))

    # Tables that no scheme gives: rows that are the same, and nothing but zeros.
    for rows, n in ((np.zeros((12, 3)), 6), (np.arange(36.0).reshape(12, 3) % 12, 6)):
        card = scorecard.scorecard(lambda count, _, rows=rows: rows[:count], n, 3)
        three = {"once": rows[:n], "again": rows[:n], "longer": rows}
        made.append(Call("scorecard.js", "judge", (three, n, 3), plain(card)))
    return made


SLIPS = {
    "the length is not doubled": ("scorecard.js", "longer: ask(2 * L)", "longer: ask(L)"),
    "the length is not told": ("scorecard.js", "{ ...spec, length }", "{ ...spec, length: L }"),
    "a distance without its root": (
        "scorecard.js",
        "far[t] = Math.sqrt(even + other)",
        "far[t] = even + other",
    ),
    "the last channel of an odd width left out": (
        "scorecard.js",
        "if (odd) even +=",
        "if (false) even +=",
    ),
    "a spread without its mean": (
        "scorecard.js",
        "spread[k] = (high - low) / mean",
        "spread[k] = high - low",
    ),
    "verdict against rounding itself": (
        "scorecard.js",
        "Math.sqrt(TOLERANCE)",
        "0 * TOLERANCE",
    ),
    "a number of bits for L only": ("scorecard.js", "bitsFor(2 * L - 1)", "bitsFor(L - 1)"),
    "the last of equals": (
        "scorecard.js",
        "curve.findIndex((x) => x <= low + slack)",
        "curve.findLastIndex((x) => x <= low + slack)",
    ),
    "the sign counts": ("scorecard.js", "Math.abs(x) >= most - slack", "x >= most - slack"),
}
