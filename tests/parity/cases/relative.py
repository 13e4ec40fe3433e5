"""Position inside attention: rotations, ALiBi, T5, and attention with them."""

from __future__ import annotations

import itertools

import numpy as np
from parity.calls import Call

from posenc import attention as att
from posenc import relative as rel

dice = np.random.default_rng(34)


def calls() -> list[Call]:
    return [*rotations(), *linear(), *buckets(), *applied(), *refused()]


def rotations() -> list[Call]:
    made = []
    places = (
        np.array([]),
        np.array([0.0]),
        np.array([5.0, 0, -3, 2.5, 1e5]),
        np.arange(20.0),
    )
    for d, base, layout, t in itertools.product(
        (2, 6, 64), (2.0, 1e4), ("interleaved", "halves"), places
    ):
        x = dice.normal(size=(len(t), d))
        turned = rel.rotate(x, t, base=base, layout=layout)
        spec = {"d": d, "base": base, "layout": layout}
        made.append(Call("relative.js", "rotate", (x, t, spec), turned))
    x = dice.normal(size=(3, 4))
    made.append(Call("relative.js", "rotate", (x, [0, 1, 2], {"d": 4}), rel.rotate(x, 3)))
    return made


def linear() -> list[Call]:
    made = [
        Call("relative.js", "alibiSlopes", (heads,), rel.alibi_slopes(heads))
        for heads in (*range(1, 34), 64, 71, 112, 128)
    ]
    for heads, (n, m), causal in itertools.product(
        (1, 3, 8), ((0, 0), (1, 1), (5, 5), (3, 7), (7, 3)), (False, True)
    ):
        bias = rel.alibi_bias(heads, n, m, causal=causal)
        made.append(Call("relative.js", "alibiBias", (heads, n, m, {"causal": causal}), bias))
    made.append(Call("relative.js", "alibiBias", (2, 4), rel.alibi_bias(2, 4)))
    return made


def buckets() -> list[Call]:
    made = [
        Call("relative.js", "BUCKETS", None, rel.BUCKETS),
        Call("relative.js", "MAX_DISTANCE", None, rel.MAX_DISTANCE),
    ]
    near = np.arange(-300, 301)
    far = np.array([1 - 2**53, -123456, 99999, 2**53 - 1])
    for (count, most), both in itertools.product(
        ((32, 128), (4, 8), (6, 100), (64, 256), (32, 17), (320, 800), (20, 1000000)), (False, True)
    ):
        k = np.concatenate([near, far])
        told = rel.t5_bucket(k, bidirectional=both, buckets=count, max_distance=most)
        how = {"bidirectional": both, "buckets": count, "maxDistance": most}
        made.append(Call("relative.js", "t5Buckets", (k.astype(float), how), told))
    for count in (2, 3, 5):
        told = rel.t5_bucket(near, bidirectional=False, buckets=count)
        how = {"bidirectional": False, "buckets": count}
        made.append(Call("relative.js", "t5Buckets", (near.astype(float), how), told))
    made.append(
        Call("relative.js", "t5Buckets", (near.astype(float),), rel.t5_bucket(near)),
    )
    table = dice.normal(size=(32, 3))
    for (n, m), both in itertools.product(
        ((0, 0), (1, 1), (9, 9), (4, 200), (200, 4)), (False, True)
    ):
        bias = rel.t5_bias(table, n, m, bidirectional=both, max_distance=100)
        how = {"bidirectional": both, "maxDistance": 100}
        made.append(Call("relative.js", "t5Bias", (table, 3, n, m, how), bias))
    made.append(Call("relative.js", "t5Bias", (table, 3, 7), rel.t5_bias(table, 7)))
    return made


def applied() -> list[Call]:
    made = []
    for d, width, n in ((6, 4, 7), (8, 2, 1), (4, 8, 0)):
        head = att.random_head(d, width, seed=3)
        weights = {"wq": head.w_q, "wk": head.w_k, "wv": head.w_v}
        x = dice.normal(size=(n, d))
        t = 100 + 1.5 * np.arange(n)
        bias = rel.alibi_bias(1, n)[0]
        for causal, biased, turned in itertools.product((False, True), repeat=3):
            told = att.self_attention(
                x,
                head,
                causal=causal,
                bias=bias if biased else None,
                rotary=t if turned else None,
                base=100.0,
            )
            how = {
                "causal": causal,
                "bias": bias if biased else None,
                "rotary": t if turned else None,
                "base": 100,
            }
            made.append(Call("attention.js", "selfAttention", (x, n, d, weights, how), vars(told)))
        told = att.self_attention(x, head, rotary=n)
        how = {"rotary": np.arange(float(n))}
        made.append(Call("attention.js", "selfAttention", (x, n, d, weights, how), vars(told)))
        told = att.self_attention(x, head, bias=rel.alibi_bias(1, n, causal=True)[0])
        how = {"bias": rel.alibi_bias(1, n, causal=True)}
        made.append(Call("attention.js", "selfAttention", (x, n, d, weights, how), vars(told)))
    return made


def refused() -> list[Call]:
    x = np.ones((2, 4))
    return [
        Call("relative.js", "rotate", (x, [0.0], {"d": 4}), says="x holds 8 values; it must hold 1 x 4"),
        Call("relative.js", "rotate", (x, [0.0, 1.0], {"d": 3}), says="d=3 must be a positive even"),
        Call("relative.js", "alibiSlopes", (0,), says="heads=0 must be a whole number of at least 1"),
        Call("relative.js", "alibiBias", (2, -1), says="n=-1 must be a whole number of at least 0"),
        Call("relative.js", "t5Buckets", ([1], {"buckets": 5}), says="buckets=5 must be an even number from 4"),
        Call("relative.js", "t5Buckets", ([1], {"buckets": 1, "bidirectional": False}), says="buckets=1 must be a whole number from 2"),
        Call("relative.js", "t5Buckets", ([1], {"maxDistance": 8}), says="maxDistance=8 must be a whole number above 8"),
        Call("relative.js", "t5Buckets", ([0.5],), says="offset=0.5 must be whole"),
        Call("relative.js", "t5Bias", (x, 3, 2), says="buckets="),
        Call("attention.js", "attend", ({"q": x, "k": x, "v": x, "n": 2, "d": 4, "bias": [0]},), says="bias holds 1 values; it must hold 2 x 2"),
    ]  # fmt: skip


SLIPS = {
    "turned the wrong way": ("relative.js", "a * cos - b * sin", "a * cos + b * sin"),
    "half a turn": ("relative.js", "a * sin + b * cos", "b * cos - a * sin"),
    "pairs of the other layout": (
        "relative.js",
        "channelOf(i, true, d, layout)",
        'channelOf(i, true, d, "interleaved")',
    ),
    "slopes from 1": ("relative.js", "(-8 * (h + 1)) / n", "(-8 * h) / n"),
    "every slope between": ("relative.js", "2 * (h - n) + 1", "h - n + 1"),
    "a reward for distance": ("relative.js", "0 - slope * Math.abs", "slope * Math.abs"),
    "a distance that has a sign": ("relative.js", "slope * Math.abs(t - s)", "slope * (t - s)"),
    "query minus key": ("relative.js", "bidirectional && k > 0", "bidirectional && k < 0"),
    "forwards without a direction": ("relative.js", "Math.max(-k, 0)", "Math.max(k, 0)"),
    "an edge in the bucket before": ("relative.js", "begins[middle] <= distance", "begins[middle] < distance"),
    "the last bucket too soon": ("relative.js", "r < spread; r++", "r < spread - 1; r++"),
    "a bias on its side": ("relative.js", "bucket[s - t + n - 1]", "bucket[t - s + m - 1]"),
    "queries turned, keys not": (
        "attention.js",
        "k: turned(dots(x, n, d, wk, dHead))",
        "k: dots(x, n, d, wk, dHead)",
    ),
    "no bias": ("attention.js", "scores[at] += bias[at]", "scores[at] += 0"),
}  # fmt: skip
