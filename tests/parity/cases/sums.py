"""The four terms of a score."""

from __future__ import annotations

import numpy as np
from parity.calls import Call

from posenc import data, sums

dice = np.random.default_rng(23)


def calls() -> list[Call]:
    return [*terms(), *moved(), *head(), *refused()]


def terms() -> list[Call]:
    made = []
    for n, m, d in ((1, 1, 1), (2, 5, 3), (14, 14, 32)):
        queries, keys = dice.normal(size=(2, n, d)), 30 * dice.normal(size=(2, m, d))
        found = sums.four_terms(queries, keys)
        made.append(Call("sums.js", "fourTerms", (list(queries), list(keys), n, m, d), list(found)))
        made.append(Call("sums.js", "termShares", (list(found), n, m), sums.term_shares(found)))
    still = np.stack([np.ones((3, 4)) * k for k in (0.1, 7.0, -3.3, 0.0)])
    made.append(Call("sums.js", "termShares", (list(still), 3, 4), np.zeros(4)))
    return made


def moved() -> list[Call]:
    made = []
    for n, m in ((1, 1), (3, 7)):
        a, b = (dice.dirichlet(np.ones(m), size=n) for _ in "ab")
        made.append(Call("sums.js", "movedWeight", (a, b, n), sums.moved_weight(a, b)))
        made.append(Call("sums.js", "movedWeight", (a, a, n), 0.0))
    return made


def head() -> list[Call]:
    arrays, notes = data.load("terms-minilm"), data.notes("terms-minilm")
    tensors = {
        name: {"shape": list(array.shape), "values": array} for name, array in arrays.items()
    }
    known = notes["words"]
    made = []
    for words in ([], ["The", "dog,", "“bit”", "[SEP]", "--", "Zanzibar", "MAN!"], ["the"] * 12):
        for number in (2, 8, 1):
            own = sums.WordHead(arrays, known, number)
            tokens = own.tokens(words)
            made.append(Call("sums.js", "tokensOf", (words, known), tokens))
            queries, keys = own.parts(words)
            made.append(
                Call(
                    "sums.js",
                    "headParts",
                    (tensors, known, number, tokens),
                    {"queries": list(queries), "keys": list(keys), "d": 32},
                )
            )
    return made


def refused() -> list[Call]:
    return [
        Call("sums.js", "termShares", ([np.ones(3)], 2, 2), says="terms holds 3 values"),
    ]


SLIPS = {
    "keys before queries": (
        "sums.js",
        "return queries.flatMap((q) =>",
        "return keys.flatMap((q) =>",
    ),
    "no scale": (
        "sums.js",
        "keys.map((k) => dots(q, n, d, k, m).map((x) => x / Math.sqrt(d)))",
        "keys.map((k) => dots(q, n, d, k, m))",
    ),
    "what is the same along a row counts": ("sums.js", "part[r * m + s] -= mean;", ""),
    "capitals": ("sums.js", ".toLowerCase()", ""),
    "no spread": (
        "sums.js",
        "position[t * d + j] * scale",
        "position[t * d + j]",
    ),
}
