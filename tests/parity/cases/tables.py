"""Tables of positions and their clocks: components, shift maps, eigenvalues, hands, cosines."""

from __future__ import annotations

import numpy as np
from parity.calls import Call

from posenc import tables

dice = np.random.default_rng(6)


def told(name: str, m: int, fit: str, tolerance: float) -> list[Call]:
    course, squares = tables.course(name, 32)
    found = tables.clocks(course, m, fit, squares=squares)
    n, d = course.shape
    gives = {
        "carried": found.carried,
        "fitted": found.fitted,
        "heldOut": found.held_out,
        "still": found.still,
        "hands": [
            {
                "value": [hand.value.real, hand.value.imag],
                "period": hand.period,
                "modulus": hand.modulus,
                "share": hand.share,
                "x": hand.reading.real,
                "unevenness": hand.unevenness,
                "turns": hand.turns,
            }
            for hand in found.hands
        ],
    }
    asked = {"rows": course, "n": n, "d": d, "squares": squares}
    return [Call("tables.js", "clocks", (asked, m, fit), gives, tolerance=tolerance)]


def calls() -> list[Call]:
    made: list[Call] = []
    # an eigenvector that leans on another is right to a few digits, in either language
    for name, most in (
        ("minilm", 1e-4),
        ("whisper decoder", 1e-4),
        ("sinusoidal", 1e-4),
        ("random walk", 1e-4),
        ("random table", 1e-4),
    ):
        for m in (2, 5, 10, 15, 16):
            for fit in tables.FITS:
                made += told(name, m, fit, most)
    for name in ("sinusoidal", "random walk", "random table"):
        rows, lengths = tables.rows(name, 32), tables.lengths(name, 32)
        made.append(Call("tables.js", "rowsOf", (name, 32), {"rows": rows, "n": 512, "d": 32}))
        made.append(Call("tables.js", "lengthsOf", (name, 32), lengths))
    encoder = {"d": 384, "layout": "halves", "spacing": "tensor2tensor"}
    assert {**encoder, "d_model": 384} == {**tables.ENCODER, "d": 384}
    made.append(Call("tables.js", "ENCODER", None, encoder))
    for table in (dice.normal(size=(40, 5)), tables.rows("minilm", 2)[:90], np.ones((5, 2))):
        n, d = table.shape
        units = tables.unit_rows(table)
        by = tables.by_offset(table)
        gives = {
            "mean": by.mean,
            "least": by.least,
            "greatest": by.greatest,
            "explained": by.explained,
        }
        made.append(Call("tables.js", "unitRows", (table, n, d), units))
        made.append(Call("tables.js", "byOffset", (units, n, d), gives, tolerance=1e-8))
    for sizes in (
        np.array([1, 1, 2, 1.1]),
        np.array([3, 1, 1.0]),
        np.array([0.9, 1, 1.2, 1.35]),
        tables.lengths("minilm", 2),
    ):
        made.append(Call("tables.js", "oddLengths", (sizes,), tables.odd_lengths(sizes)))
    walk = tables.random_walk(7, 3, seed=5)
    made.append(Call("tables.js", "randomWalk", (7, 3, 5), walk))
    made.append(Call("tables.js", "standingStill", (walk, 7, 3, 2), tables.standing_still(walk, 2)))
    made.append(
        Call("tables.js", "unitRows", (np.zeros((2, 2)), 2, 2), says="row 0 of table is zero")
    )
    for key in ("FITS", "ODD"):
        value = getattr(tables, key)
        made.append(Call("tables.js", key, None, list(value) if key == "FITS" else value))
    listed = [
        {
            "name": table.name,
            "label": table.label,
            "says": table.says,
            "length": table.length,
            "first": table.first,
            "last": table.last,
            "learned": table.file is not None,
        }
        for table in tables.TABLES.values()
    ]
    made.append(Call("tables.js", "TABLES", None, listed))
    return made


SLIPS = {
    "means left in": ("tables.js", "v - mean[at % d]", "v"),
    "the other half": (
        "tables.js",
        "standingStill(scores.subarray(Math.floor(n / 2) * m), n - Math.floor(n / 2), m, 1)",
        "standingStill(scores, n, m, 1)",
    ),
    "always fitted on half": ("tables.js", 'fit === "all rows"', 'fit === "all"'),
    "the diagonal counted": ("tables.js", "let k = 1; k < n", "let k = 0; k < n"),
    "turned the wrong way": ("tables.js", "[x[t] * c + y[t] * s", "[x[t] * c - y[t] * s"),
    "share of one column": ("tables.js", "real ? [x] : [x, y]", "[x]"),
    "a step too many": (
        "tables.js",
        "let at = d; at < rows.length",
        "let at = 0; at < rows.length",
    ),
    "median of the upper": ("tables.js", "Math.ceil(half) - 1", "Math.floor(half)"),
    "half a reflection": (
        "eigen.js",
        "for (let c = 0; c < m - 2; c++)",
        "for (let c = 0; c < 0; c++)",
    ),
}
