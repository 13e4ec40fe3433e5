"""The printed scorecard: the table with all its verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posenc import learned, palette, text
from posenc.scorecard import READINGS, Score, Scorecard

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.score import Score as View

HEADS = {
    "unique": "unique",
    "relative": "consistent distances",
    "independent": "independent of length",
    "deterministic": "deterministic",
    "largest": "largest value",
}
"""The columns, in the words of the slides; the last is not theirs."""


def _number(reading: str, score: Score) -> str:
    """The number that decides, as the table shows it; rounding is left aside where all is well."""
    if reading == "independent" and not score.evidence:
        return f"{text.number(score.number)} rows"
    if reading in ("unique", "largest"):
        return text.number(score.number, 3)
    if score.holds:
        return "0%" if reading == "relative" else "0"
    if reading == "relative":
        return text.number(100 * score.number, 3) + "%"
    return text.number(score.number, 3)


def score(view: View, theme: str = "light") -> Figure:
    """The picture of the scorecard as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    cards = view.cards
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 0.7 + 0.3 * len(cards)))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, 6.4), ylim=(len(cards) + 0.2, -1.6))
        axes.axis("off")
        columns = {reading: 1.4 + k for k, reading in enumerate(READINGS)}
        for reading, x in columns.items():
            axes.text(
                x,
                -0.35,
                HEADS[reading].replace(" of ", " of\n").replace("t d", "t\nd"),
                weight="bold",
                va="bottom",
                size=8.5,
            )
        for row, (name, card) in enumerate(cards.items()):
            axes.axhline(row - 0.1, color=c["rule"], lw=0.6)
            middle = row + 0.4
            title = f"{name} (learned)" if name in learned.TABLES else name
            axes.text(0.05, middle, title, va="center")
            if not isinstance(card, Scorecard):
                axes.text(columns["unique"], middle, card, va="center", color=c["ink-2"])
                continue
            for reading, x in columns.items():
                reading_of: Score = getattr(card, reading)
                number = _number(reading, reading_of)
                if reading_of.holds is None:
                    axes.text(x, middle, number, va="center")
                    continue
                fill = c["ink"] if reading_of.holds else c["paper"]
                axes.plot([x + 0.04], [middle], "o", ms=6, mfc=fill, mec=c["ink"])
                word = "yes" if reading_of.holds else "no"
                weight = "normal" if reading_of.holds else "bold"
                axes.text(x + 0.14, middle, word, va="center", weight=weight)
                axes.text(x + 0.42, middle, number, va="center", color=c["ink-2"])
        axes.axvline(columns["largest"] - 0.08, color=c["edge"], lw=0.6, ls=":")
    return figure


def score_alt(view: View) -> str:
    """What the picture shows, in words: every verdict, and the largest values."""
    said = []
    passing = []
    for name, card in view.cards.items():
        if not isinstance(card, Scorecard):
            said.append(f"{name}: {card}")
            continue
        if card.passes:
            passing.append(name)
        verdicts = ", ".join(
            f"{HEADS[reading]} {'yes' if getattr(card, reading).holds else 'no'}"
            for reading in READINGS[:-1]
        )
        said.append(f"{name}: {verdicts}, largest value {text.number(card.largest.number, 3)}")
    every = " and ".join(filter(None, [", ".join(passing[:-1]), *passing[-1:]])) or "no scheme"
    return (
        f"Scorecard of {text.number(len(said))} schemes for a sentence of "
        f"{text.number(view.length)} positions, width {text.number(view.d_model)} and base "
        f"{text.number(view.base)}. All four properties hold for {every}. " + "; ".join(said) + "."
    )
