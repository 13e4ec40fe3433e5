"""In how many orders a sentence can stand."""

from __future__ import annotations

from parity.calls import Call

from posenc import arrangements

SENTENCES = (
    "a",
    "a a",
    "the dog bit the man",
    "only I said that she won",
    "a rose is a rose is a rose",
    "z y x y z",
)


def calls() -> list[Call]:
    made = []
    for sentence in SENTENCES:
        words = sentence.split()
        rows = arrangements.arrangements(words)
        made.append(Call("arrangements.js", "kinds", (words,), arrangements.kinds(words).tolist()))
        made.append(Call("arrangements.js", "arrangements", (words,), rows.tolist()))
        for row in rows[:: max(1, len(rows) // 7)].tolist():
            place = arrangements.place_of(row)
            made.append(Call("arrangements.js", "placeOf", (row,), place))
    return made


SLIPS = {
    "the one before": ("arrangements.js", "other < kind", "other <= kind"),
    "no word used up": ("arrangements.js", "left.get(kind) - 1)", "left.get(kind))"),
    "the rest left as it stood": ("arrangements.js", "splice(p + 1).reverse()", "splice(p + 1)"),
    "the first that is larger": ("arrangements.js", "let q = row.length - 1", "let q = p + 1"),
}
