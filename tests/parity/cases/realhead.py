"""A real head from its clocks: rows of hands, invented rows, turns, scores and weights."""

from __future__ import annotations

import itertools

import numpy as np
from parity.calls import Call

from posenc import data, realhead

KEPT = {name: np.asarray(values, float) for name, values in data.load(realhead.FILE).items()}
HANDS, ANGLES = KEPT["hands"], KEPT["angles"]


def calls() -> list[Call]:
    made = [
        Call("realhead.js", "PASTS", None, list(realhead.PASTS)),
        Call("realhead.js", "ROWS", None, realhead.ROWS),
        Call("realhead.js", "FROM", None, realhead.FROM),
    ]
    for first, past in itertools.product((0, 7, 495, 509, 512, 900), realhead.PASTS):
        rows = realhead.positions(HANDS, ANGLES, first, 20, past)
        made.append(Call("realhead.js", "positions", (HANDS, ANGLES, first, 20, past), rows))
    made.append(Call("realhead.js", "positions", (HANDS, ANGLES, 0, 2, "twice"), says="past is"))
    rows = realhead.positions(HANDS, ANGLES, 30, 12)
    for by in (0.0, 0.5, 1.0, -2.25):
        turned = realhead.turned(rows, ANGLES, by)
        made.append(Call("realhead.js", "turned", (rows, ANGLES, by), turned))
    moved = realhead.turned(rows, ANGLES, 0.5)
    for on in ([True] * 5, [False] * 5, [False, True, True, True, True], [True] + [False] * 4):
        for words, asking in ((list(range(1, 13)), rows), ([0] * 12, moved)):
            told = realhead.attend(KEPT, words, asking, rows, on)
            gives = {"scores": told.scores, "weights": told.weights}
            made.append(Call("realhead.js", "attendTo", (KEPT, words, asking, rows, on), gives))
            previous = realhead.on_previous(told.weights)
            made.append(Call("realhead.js", "onPrevious", (told.weights, 12), previous))
    return made


SLIPS = {
    "turned back": ("realhead.js", "x * c - y * s", "x * c + y * s"),
    "from the last row": ("realhead.js", "export const FROM = 509", "export const FROM = 511"),
    "a row too early": ("realhead.js", "(t < ROWS) out", "(t < ROWS - 1) out"),
    "spread of the word alone": ("realhead.js", "square += sum * y[a];", ""),
    "half a cross": ("realhead.js", "let sum = 2 * kept", "let sum = kept"),
    "no bias": ("realhead.js", '"query", kept.bias', '"query", null'),
    "hands unswitched": ("realhead.js", "on[j >> 1] ?", "true ?"),
    "a word too few": ("realhead.js", "sum / (n - 1)", "sum / n"),
}
