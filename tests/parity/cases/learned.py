"""The learned tables: what the file holds, the products of rows, and their scorecards."""

from __future__ import annotations

import numpy as np
from parity.calls import Call
from parity.cases.scorecard import plain

from posenc import learned, scorecard

FACTS = ("name", "label", "says", "rows", "width")


def calls() -> list[Call]:
    made = [
        Call("learned.js", "rowsOf", ("MiniLM",), None),
        Call("learned.js", "take", (None,), False),
        Call("learned.js", "take", (b"",), False),
        Call("learned.js", "take", (learned.payload(),), True),
        Call("learned.js", "BAND", None, learned.BAND),
        Call("learned.js", "OUTLYING", None, learned.OUTLYING),
        Call(
            "learned.js",
            "TABLES",
            None,
            [{fact: getattr(table, fact) for fact in FACTS} for table in learned.TABLES.values()],
        ),
        Call("learned.js", "learnedCalled", ("Whisper",), {"rows": 448}),
    ]
    for name, table in learned.TABLES.items():
        peak, channel = learned.peaks(name)
        whole = {
            "n": table.rows,
            "components": learned.components(name),
            "gram": learned.products(name),
            "peak": peak,
            "channel": channel,
        }
        made.append(Call("learned.js", "rowsOf", (name,), whole))
        for length in (1, 2, 17, table.rows):
            gram = learned.products(name, length)
            made.append(Call("learned.js", "products", (name, length), gram))
            told = {"scale": learned.scale(gram), "outlying": learned.outlying(gram)}
            made.append(Call("learned.js", "scaleOf", (gram, length), told))
        for length in (3, 4, 16, 100, 224, 225, 256, 257, table.rows):
            card = plain(scorecard.of_table(name, length))
            made.append(Call("scorecard.js", "ofTable", (name, length), card))
        made += [
            Call("scorecard.js", "needsOfTable", (name, n), scorecard.needs_of_table(name, n))
            for n in (4, 448, 449, 512, 513)
        ]
        made += [
            Call("learned.js", "products", (name, bad), says=f"length={bad} is past the last row")
            for bad in (0, table.rows + 1)
        ]
    # Products of other shapes: an even number of rows, all of one length, one that stands far out.
    for own in (np.ones(4), np.array([9.0, 1, 2, 3]), np.array([1.0, 1, 2, 3.5]), np.array([5.0])):
        gram = np.diag(own)
        told = {"scale": learned.scale(gram), "outlying": learned.outlying(gram)}
        made.append(Call("learned.js", "scaleOf", (gram, len(own)), told))
    return made


SLIPS = {
    "steps of another direction": ("learned.js", "* steps.values[c]", "* steps.values[0]"),
    "one triangle of the band": ("learned.js", "if (k) gram", "if (!k) gram"),
    "a band of two": ("learned.js", "const BAND = 3", "const BAND = 2"),
    "rows of the whole in a part": (
        "learned.js",
        "gram.subarray(t * n, t * n + length)",
        "gram.subarray(t * length, t * length + length)",
    ),
    "the upper median": ("learned.js", "(n - 1) >> 1", "n >> 1"),
    "a largest value of what follows": (
        "scorecard.js",
        "largestOf(peak.subarray(0, n)",
        "largestOf(peak.subarray(0, 2 * n)",
    ),
    "rows for twice the length": ("scorecard.js", "2 * n <= last ?", "n <= last ?"),
    "a distance of products": (
        "scorecard.js",
        "- 2 * gram[t * n + t + k]",
        "- gram[t * n + t + k]",
    ),
}
