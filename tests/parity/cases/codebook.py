"""Vectors added and told apart again, and the cosine of random directions."""

from __future__ import annotations

import math

import numpy as np
from parity.calls import Call

from posenc import codebook, cosines

STATES = [(1, 256, 8), (2, 300, 33), (7, 256, 64), (16, 1024, 256), (128, 256, 100), (90, 2048, 40)]


def calls() -> list[Call]:
    made: list[Call] = []
    for n, d, seed in ((3, 5, 0), (4, 64, 7), (2, 70, 2)):
        expected = codebook.vectors(n, d, seed).astype(np.float64)
        made.append(Call("codebook.js", "vectors", (n, d, seed), expected))
    for m, n, d in STATES:
        found = codebook.told(m, n, d, seed=3)
        gives = {
            "right": found.right,
            "sums": found.sums,
            "members": found.members,
            "others": found.others,
            "line": found.line,
        }
        made.append(Call("codebook.js", "toldOf", (m, n, d, 3), gives))
        made.append(Call("codebook.js", "expected", (m, n, d), codebook.expected(m, n, d)))
        made.append(Call("codebook.js", "limit", (n, d), codebook.limit(n, d)))
    for n, d, share in ((256, 64, 0.99), (1024, 256, 0.9), (2048, 8, 0.99), (300, 1024, 0.5)):
        made.append(Call("codebook.js", "most", (n, d, share), codebook.most(n, d, share)))
    for x in (-6.0, -1.0, 0.0, 0.3, 2.0, 9.0, 40.0):
        made.append(Call("codebook.js", "beyond", (x,), codebook.beyond(x)))
    for m in (0, 129, 256):
        made.append(Call("codebook.js", "expected", (m, 256, 8), says=f"m={m} must be"))
    for d in (2, 3, 4, 5, 16, 384, 4096):
        for c in (-1.0, -0.3, 0.0, 0.1, 0.99, 1.0):
            value = cosines.density(c, d)
            if math.isfinite(value):
                made.append(Call("cosines.js", "density", (c, d), value))
            made.append(Call("cosines.js", "within", (abs(c), d), cosines.within(abs(c), d)))
        made.append(Call("cosines.js", "between", (-0.2, 0.5, d), cosines.between(-0.2, 0.5, d)))
        made.append(Call("cosines.js", "spread", (d,), cosines.spread(d)))
    made.append(Call("cosines.js", "within", (1.1, 4), says="most=1.1 must be"))
    made.append(Call("cosines.js", "density", (0.1, 1), says="d=1 must be"))
    return made


SLIPS = {
    "differing bits once": ("codebook.js", "d - 2 * differ", "d - differ"),
    "bits beyond the width": ("codebook.js", "drawn & last", "drawn"),
    "ties to the first": ("codebook.js", "((m - over) / tied) * mineTied", "mineTied"),
    "a member's noise too": ("codebook.js", "Math.sqrt((m - 1) / d)", "Math.sqrt(m / d)"),
    "a sum of one length": ("codebook.js", "m + 2 * (x - 1)", "m"),
    "others counted twice": ("codebook.js", "(n - m) * beyond", "n * beyond"),
    "one dimension too many": ("cosines.js", "(widthOf(d) - 3) / 2", "(widthOf(d) - 2) / 2"),
    "from the wrong end": ("cosines.js", "n % 2 ? c : Math.asin(c)", "n % 2 ? c : Math.acos(c)"),
}
