"""Hashed numbers and the rows of every encoding."""

from __future__ import annotations

import itertools

import numpy as np
from parity.calls import Call

from posenc import alternatives, draws, encodings, schemes

TEXTS = (
    "",
    "a",
    "random table",
    "Ünï¢ødé ☃",
    "😀",
    "\ud800",
    "x\udfff!",
    "\ud83d\ude00",
    "a" * 3000,
)
NUMBERS = (0, 1, -1, 7, 2**31, 2**32 - 1, 2**32, -(2**32), 2**40 + 5, 2**53, -(2**53))
SEEDS = (0, 1, 2**32 + 7, 2**53)
WIDTHS = (1, 2, 3, 8, 26, 64)
BASES = (1e-3, 0.5, 1.0001, 2.0, 10.0, 10000.0, 1e12)
WHOLE = (3.0, 0.0, 0.0, 1e3, 77.0)
BETWEEN = (0.5, -3.0, 12.25, 0.0, -0.75, 999.9)


def calls() -> list[Call]:
    return [*hashed(), *tables(), *refused(), *listed()]


def hashed() -> list[Call]:
    words = np.array([0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF], dtype=np.uint32)
    made = [
        Call("draws.js", "mix", (int(w),), int(m))
        for w, m in zip(words, draws.mix(words), strict=True)
    ]
    for text, seed in itertools.product(TEXTS, SEEDS):
        key = draws.key(text, seed)
        made.append(Call("draws.js", "key", (text, seed), int(key[0])))
        made.append(Call("draws.js", "normals", (text, 9, seed), draws.normals(text, 9, seed)))
        made += [
            Call(
                "draws.js", "uniform", (int(key[0]), j), draws.uniform(key, 700)[0, j], tolerance=0
            )
            for j in (0, 1, 699)
        ]
    for word in words:
        below = draws.below(np.array([word]), np.array(NUMBERS, dtype=np.float64))
        made += [
            Call("draws.js", "below", (int(word), n), int(key))
            for n, key in zip(NUMBERS, below, strict=True)
        ]
    return made


def tables() -> list[Call]:
    made = []
    for scheme, d in itertools.product(schemes.SCHEMES.values(), WIDTHS):
        if scheme.name == "redrawn" or (scheme.paired and d % 2):
            continue
        # The sinusoid is turned 63 times before a sine is taken anew: 130 rows see both sides.
        places: list[object] = [0, 1, 130 if d == 8 else 2**d if d < 4 else 12]
        # The largest of these needs ten bits.
        if scheme.name != "binary" or d >= 10:
            places.append(list(WHOLE))
        if not scheme.whole and not scheme.sized:
            places.append(list(BETWEEN))
        if scheme.name == "random table":
            places.append(list(NUMBERS))
        for base, seed, where in itertools.product(
            BASES if scheme.based else BASES[-2:-1], SEEDS if scheme.seeded else (0,), places
        ):
            asked = {"base": base, "seed": seed}
            table = schemes.rows(scheme.name, where, d, **asked)
            # An angle of a million has lost six of its sixteen digits.
            tolerance = 1e-9 if base >= 0.1 else 1e-7
            made.append(
                Call(
                    "schemes.js",
                    "rows",
                    (scheme.name, where, {"d": d, **asked}),
                    table,
                    None,
                    tolerance,
                )
            )
    for length, where in ((1, [0.0]), (9, [0.0, 2.5, 8.0]), (100, list(range(100)))):
        asked = {"d": 3, "length": length}
        table = encodings.fraction(where, 3, length=length)
        made.append(Call("schemes.js", "rows", ("fraction", where, asked), table))
    made.append(
        Call(
            "schemes.js",
            "rows",
            ("fraction", [0.5, 1.5], {"d": 2}),
            encodings.fraction([0.5, 1.5], 2),
        )
    )
    far = [2.0**53, 2.0**52 + 1, 12345.0]
    made.append(Call("schemes.js", "rows", ("binary", far, {"d": 54}), encodings.binary(far, 54)))
    made.append(
        Call("schemes.js", "rows", ("binary", [1, 5], {"d": 1100}), encodings.binary([1, 5], 1100))
    )
    for t, bits in ((0, 0), (1, 1), (255, 8), (256, 9), (2**53, 54)):
        made.append(Call("alternatives.js", "bitsFor", (t,), bits))
    # Another table at each call: these are the first three that the module is asked for.
    for at, (seed, d) in enumerate(((0, 4), (0, 4), (5, 3))):
        fresh = draws.below(draws.key("redrawn", seed), np.array([float(at)]))
        table = alternatives.random_table(6, d, seed=int(fresh[0]))
        made.append(Call("schemes.js", "rows", ("redrawn", 6, {"d": d, "seed": seed}), table))
    made += [
        Call(
            "alternatives.js",
            "randomFrequencies",
            (d, base, seed),
            alternatives.random_frequencies(d, base=base, seed=seed),
        )
        for d, base, seed in itertools.product((2, 64), BASES, SEEDS)
    ]
    return made


def refused() -> list[Call]:
    asked: list[tuple[str, object, dict[str, object], str]] = [
        ("sinusoids", 4, {"d": 8}, "name=sinusoids must be one of index, fraction, binary"),
        ("toString", 4, {"d": 8}, "name=toString must be one of"),
        ("sinusoidal", 4, {"d": 7}, "d=7 must be a positive even"),
        ("triangle", 4, {"d": 7}, "d=7 must be a positive even"),
        ("random phases", 4, {"d": 0}, "d=0 must be a positive even"),
        ("random Fourier", 4, {"d": 2.5}, "d=2.5 must be a positive even"),
        ("index", 4, {}, "d=undefined must be a positive whole"),
        ("random table", 4, {"d": 0}, "d=0 must be a positive whole"),
        ("sine only", 4, {"d": 1.5}, "d=1.5 must be a positive whole"),
        ("triangle", 4, {"d": 8, "base": 0}, "base=0 must be a finite number above 0"),
        ("index", 4, {"d": 8, "base": -1}, "base=-1 must be a finite number above 0"),
        ("index", -1, {"d": 8}, "positions=-1 must be a length"),
        ("index", 1.5, {"d": 8}, "positions=1.5 must be a length"),
        ("index", [0, float("inf")], {"d": 8}, "positions holds Infinity"),
        ("sinusoidal", [float("nan")], {"d": 8}, "positions holds NaN"),
        (
            "fraction",
            [9],
            {"d": 1, "length": 9},
            "positions holds 9, outside a sentence of length 9; every position must be between 0 and 8",
        ),
        ("fraction", [-1], {"d": 1}, "positions holds -1, outside"),
        ("fraction", 1, {"d": 1, "length": 0}, "length=0 must be a whole number"),
        ("binary", 17, {"d": 4}, "d=4 has too few bits for position 16; it must be at least 5"),
        ("binary", [0.5], {"d": 4}, "positions holds 0.5; a binary code needs whole positions"),
        ("binary", [-1], {"d": 4}, "positions holds -1; a binary code needs whole positions"),
        ("random table", [0.5], {"d": 4}, "positions holds 0.5; a table has whole positions only"),
        ("redrawn", [2.0**54], {"d": 4}, "positions holds 18014398509481984; a table has whole"),
        ("random table", 4, {"d": 4, "seed": -1}, "seed=-1 must be a whole number from 0"),
        ("index", 4, {"d": 4, "seed": 0.5}, "seed=0.5 must be a whole number from 0"),
    ]
    return [
        Call("schemes.js", "rows", (name, where, spec), says=says)
        for name, where, spec, says in asked
    ]


def listed() -> list[Call]:
    facts = (
        "name",
        "label",
        "says",
        "paired",
        "whole",
        "sized",
        "based",
        "seeded",
        "bounded",
        "scalar",
    )
    told = [{fact: getattr(scheme, fact) for fact in facts} for scheme in schemes.SCHEMES.values()]
    return [Call("schemes.js", "SCHEMES", None, told)]


SLIPS = {
    "another constant in the hash": ("draws.js", "0x846ca68b", "0x846ca68d"),
    "signed words": ("draws.js", "(h >>> 16)) >>> 0", "(h >>> 16))"),
    "seeds cut to 32 bits": ("draws.js", "(Math.floor(number / WORD) >>> 0)", "0"),
    "uniform reaches 0": ("draws.js", "+ 0.5) / WORD", ") / WORD"),
    "sine for cosine in Box and Muller": ("draws.js", "Math.cos(2", "Math.sin(2"),
    "one key for both": ("draws.js", "key(`side ", "key(`size "),
    "fraction by L": ("alternatives.js", "(t) => t / Math.max(last, 1)", "(t) => t / (last + 1)"),
    "slowest bit first": (
        "alternatives.js",
        "2 ** Math.min(j, 1000)",
        "2 ** Math.min(bits - 1 - j, 1000)",
    ),
    "one bit too few is fine": (
        "alternatives.js",
        "bitsFor(most) > bits",
        "bitsFor(most) > bits + 1",
    ),
    "d/2 frequencies for d sines": (
        "alternatives.js",
        "omega(j, spec.d, base)",
        "omega(j, d, base)",
    ),
    "sines and cosines swapped": (
        "alternatives.js",
        "isCosine ? Math.cos : Math.sin",
        "isCosine ? Math.sin : Math.cos",
    ),
    "half a turn of phases": (
        "alternatives.js",
        "TURN * uniform(from, j)",
        "(TURN / 2) * uniform(from, j)",
    ),
    "frequencies above 1": ("alternatives.js", "** -uniform", "** uniform"),
    "no quarter turn": ("alternatives.js", "? 0 : 0.25", "? 0.25 : 0.25"),
    "saw teeth": ("alternatives.js", "Math.round(turns)", "Math.floor(turns)"),
    "between 0 and 1": ("alternatives.js", "2 * uniform(row, j) - 1", "uniform(row, j)"),
    "drawn once": ("alternatives.js", "calls++", "calls"),
    "a label": ("schemes.js", '"Random phases"', '"Random phase"'),
    "an encoding under another's name": (
        "schemes.js",
        "A.singleWaves(t, d, base, true)",
        "A.singleWaves(t, d, base)",
    ),
}
