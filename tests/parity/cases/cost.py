"""What adding costs, and what concatenating does."""

from __future__ import annotations

from dataclasses import asdict

from parity.calls import Call

from posenc import cost


def calls() -> list[Call]:
    made = [
        Call(
            "cost.js",
            "price",
            (how, d, {"layers": layers, "length": length}),
            asdict(cost.price(how, d, layers=layers, length=length)),
        )
        for how in cost.WAYS
        for d in (2, 16, 64, 1024)
        for layers, length in ((1, 1), (2, 16), (12, 2048))
    ]
    made += [Call("cost.js", "widths", (how, 64), list(cost.widths(how, 64))) for how in cost.WAYS]
    return [
        *made,
        Call("cost.js", "price", ("multiply", 64), says="how=multiply must be one of"),
        Call("cost.js", "price", ("add", 7), says="d_model=7 must be even"),
    ]


SLIPS = {
    "positions as wide as tokens": (
        "cost.js",
        'return how === "concat token" ? [d, half, d + half]',
        'return how === "concat token" ? [d, d, d + d]',
    ),
    "no bias in the projection": (
        "cost.js",
        "(token + position + 1) * width",
        "(token + position) * width",
    ),
}
