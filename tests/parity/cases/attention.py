"""Words, attention, and a recurrent network."""

from __future__ import annotations

import itertools
import sys

import numpy as np
from parity.calls import Call

from posenc import attention as att

dice = np.random.default_rng(7)

TEXTS = (
    "",
    "   ",
    "I love this course",
    " two  spaces\tand\nlines\r\nand ",
    "naïve café, <b>bold</b> & 👩‍👩‍👧 👍🏽",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "\u0e44\u0e17\u0e22\u200b\u0e20\u0e32\u0e29\u0e32 \ufeffbom",
    "a" * 5000 + " \ud800 \udc00x",
)


def every_character() -> str:
    """Every character below U+10000 that is no surrogate, and a few above, parted by an x."""
    plain = [chr(c) for c in range(0x10000) if not 0xD800 <= c < 0xE000]
    return "x".join([*plain, "😀", chr(sys.maxunicode)])


def calls() -> list[Call]:
    return [*words(), *attended(), *recurrent(), *refused()]


def words() -> list[Call]:
    made = [Call("attention.js", "splitWords", (text,), att.split_words(text)) for text in TEXTS]
    every = every_character()
    made.append(Call("attention.js", "splitWords", (every,), att.split_words(every)))
    made += [
        Call("attention.js", "splitWords", (TEXTS[2], most), att.split_words(TEXTS[2], most))
        for most in (0, 1, 4, 99)
    ]
    made += [
        Call(
            "attention.js",
            "wordVectors",
            (att.split_words(text), d),
            att.word_vectors(att.split_words(text), d),
        )
        for text, d in itertools.product(TEXTS, (1, 2, 64))
    ]
    return made


def attended() -> list[Call]:
    made = []
    for d, width, seed in ((1, 1, 0), (3, 2, 1), (8, 8, 2**40), (64, 16, 3)):
        head = att.random_head(d, width, seed)
        weights = {"wq": head.w_q, "wk": head.w_k, "wv": head.w_v}
        made.append(
            Call("attention.js", "randomHead", ({"d": d, "dHead": width, "seed": seed},), weights)
        )
        for n, size, causal in itertools.product((0, 1, 2, 9), (1.0, 300.0), (False, True)):
            x = size * dice.normal(size=(n, d))
            made.append(
                Call(
                    "attention.js",
                    "selfAttention",
                    (x, n, d, weights, {"causal": causal}),
                    vars(att.self_attention(x, head, causal=causal)),
                )
            )
    head = att.random_head(4)
    made.append(Call("attention.js", "randomHead", ({"d": 4},), {"wq": head.w_q, "wv": head.w_v}))
    for n, m, d, wide in ((1, 1, 1, 1), (3, 5, 4, 2), (5, 3, 1, 6)):
        q, k, v = (dice.normal(size=shape) for shape in ((n, d), (m, d), (m, wide)))
        made.append(
            Call(
                "attention.js",
                "attend",
                ({"q": q, "k": k, "v": v, "n": n, "m": m, "d": d},),
                vars(att.attention(q, k, v)),
            )
        )
        made.append(Call("attention.js", "product", (q, n, d, k.T, m), q @ k.T))
        made.append(Call("attention.js", "dots", (q, n, d, k, m), q @ k.T))
    for scores in (
        [[0.0, 0.0], [1.0, -np.inf]],
        [[1e300, -1e300], [-1e300, -1e300]],
        [[745.0, 0.0], [-745.0, 0.0]],
        [[-np.inf, 5.0], [1e-300, 0.0]],
    ):
        made.append(
            Call(
                "attention.js",
                "softmaxRows",
                (np.array(scores), 2, 2),
                att.softmax(np.array(scores)),
            )
        )
    return made


def recurrent() -> list[Call]:
    made = []
    for d, seed, n in ((1, 0, 3), (5, 2, 1), (16, 1, 12), (8, 0, 0)):
        state, given = att.random_recurrence(d, seed)
        weights = {"wState": state, "wInput": given}
        x = dice.normal(size=(n, d))
        made.append(Call("attention.js", "randomRecurrence", ({"d": d, "seed": seed},), weights))
        made.append(
            Call(
                "attention.js",
                "recurrentStates",
                (x, n, d, weights),
                att.recurrent_states(x, state, given),
            )
        )
    state, given, x = (dice.normal(size=shape) for shape in ((2, 2), (2, 3), (4, 3)))
    made.append(
        Call(
            "attention.js",
            "recurrentStates",
            (x, 4, 2, {"wState": state, "wInput": given}),
            att.recurrent_states(x, state, given),
        )
    )
    return made


def refused() -> list[Call]:
    eye = np.eye(2)
    return [
        Call("attention.js", "splitWords", ("a b", -1), says="most=-1 must be"),
        Call(
            "attention.js",
            "softmaxRows",
            (np.array([0.0, -np.inf, -np.inf, -np.inf]), 2, 2),
            says="row 1 of scores is minus infinity throughout",
        ),
        Call(
            "attention.js", "softmaxRows", (np.array([0.0, np.nan]), 1, 2), says="scores holds NaN"
        ),
        Call(
            "attention.js",
            "softmaxRows",
            (np.array([np.inf, 0.0]), 1, 2),
            says="scores holds Infinity",
        ),
        Call(
            "attention.js",
            "softmaxRows",
            (eye, 2, 3),
            says="scores holds 4 values; it must hold 2 x 3",
        ),
        Call(
            "attention.js",
            "product",
            (eye, 2, 2, eye, 3),
            says="b holds 4 values; it must hold 2 x 3",
        ),
        Call(
            "attention.js", "dots", (eye, 3, 2, eye, 2), says="a holds 4 values; it must hold 3 x 2"
        ),
        Call("attention.js", "randomHead", ({"d": 0},), says="dHead=0 must be a positive whole"),
        Call("attention.js", "randomHead", ({"d": 2, "dHead": 1.5},), says="dHead=1.5 must be"),
        Call("attention.js", "randomRecurrence", ({"d": 2, "seed": -1},), says="seed=-1 must be"),
    ]


SLIPS = {
    "U+200B stays": ("attention.js", r"\u2000-\u200b", r"\u2000-\u200a"),
    "empty words": ("attention.js", 'word !== ""', "true"),
    "no scale": ("attention.js", "m).map((x) => x / Math.sqrt(d))", "m)"),
    "scaled by d": (
        "attention.js",
        "map((x) => x / Math.sqrt(d));\n  if",
        "map((x) => x / d);\n  if",
    ),
    "a query does not see itself": ("attention.js", "let s = t + 1; s < m", "let s = t; s < m"),
    "looks ahead": ("attention.js", "let s = t + 1; s < m; s++", "let s = 0; s < t; s++"),
    "softmax that overflows": (
        "attention.js",
        "Math.exp(scores[r * m + s] - most)",
        "Math.exp(scores[r * m + s])",
    ),
    "keys for queries": (
        "attention.js",
        "q: turned(dots(x, n, d, wq, dHead))",
        "q: turned(dots(x, n, d, wk, dHead))",
    ),
    "scale of the model's width": (
        "attention.js",
        "    d: dHead,\n    causal",
        "    d,\n    causal",
    ),
    "no state": ("attention.js", "Math.tanh(h + given", "Math.tanh(given"),
    "no tanh": ("attention.js", "Math.tanh(h + given[t * d + j])", "h + given[t * d + j]"),
    "another name for the weights": ("attention.js", '"head k"', '"head q"'),
}
