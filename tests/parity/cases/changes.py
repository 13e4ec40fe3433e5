"""How far the rows of a table have moved."""

from __future__ import annotations

import numpy as np
from parity.calls import Call

from posenc import analysis

dice = np.random.default_rng(23)


def calls() -> list[Call]:
    made = []
    for n, d in ((1, 1), (3, 5), (64, 16)):
        before, after = dice.normal(size=(2, n, d))
        for now in (after, before, before + 1e-7 * after):
            gives = analysis.row_changes(before, now)
            made.append(Call("analysis.js", "rowChanges", (before, now, n, d), gives))
    return made


SLIPS = {
    "a share of what it became": ("analysis.js", "size += before[j]", "size += after[j]"),
    "square and all": ("analysis.js", "Math.sqrt(difference / size)", "difference / size"),
}
