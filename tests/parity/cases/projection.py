"""Two projections of a word and its place, and the best single one of their sum."""

from __future__ import annotations

from parity.calls import Call

from posenc import projection


def calls() -> list[Call]:
    made = []
    for k in range(1, 5):
        for m in range(1, 5):
            for shared in (False, True):
                case = projection.case(k, m, shared=shared)
                told = {"words": case.words, "places": case.places, "a": case.a, "b": case.b}
                made.append(Call("projection.js", "makeCase", (k, m, shared), told))
                best = projection.single(case)
                made.append(
                    Call(
                        "projection.js",
                        "single",
                        (told,),
                        {"matrix": best.matrix, "error": best.error},
                        tolerance=1e-7,
                    )
                )
    return [
        *made,
        Call("projection.js", "makeCase", (0, 2), says="word_directions=0 must be"),
        Call("projection.js", "makeCase", (2, 5), says="place_directions=5 must be"),
    ]


SLIPS = {
    "one projection whatever is asked": (
        "projection.js",
        "shared ? a : normals",
        "true ? a : normals",
    ),
    "the matrix turned over": ("projection.js", "x[c * WIDTH + r]", "x[r * WIDTH + c]"),
}
