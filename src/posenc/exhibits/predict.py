"""Predict, then check: a question that the reader answers on the drawing before reading on.

Four kinds: how many of a row of clocks come round (:func:`predict_rings`), where on an axis
something lies (:func:`predict_scale`), which of a few sentences is true (:func:`predict_choice`),
what a curve looks like (:func:`predict_sketch`).
The truth is handed in by the cell that computes it; the page only draws it over the guess.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import ipywidgets as W

from posenc import checks, pictures, text
from posenc.checks import Floats
from posenc.exhibits.frame import controls, png
from posenc.exhibits.markup import plain
from posenc.exhibits.sliders import slider
from posenc.views.predict import MOST_RINGS, Choice, Guess, Question, Rings, Scale, Sketch, Verdict

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
KICKER = "Predict, then check"
MOST_PLACES = 1000


class Predict(W.VBox):
    """A question, the drawing that holds the guess, and the Check button.

    ``guess`` and ``answered`` can be read and set from Python while a kernel runs.
    """

    def __init__(
        self,
        name: str,
        question: str,
        view: Guess,
        *,
        control: W.Widget | None,
        picture: Callable[[], Figure],
        alt: str,
        missing: str = "Choose an answer first.",
    ) -> None:
        self.name = name
        self.view = view
        self._picture = picture
        self._alt = alt
        self.question = Question(name=name, question=question)
        self.verdict = Verdict(name=name, ready=view.ready, missing=missing)
        # kept alive: a link that is collected stops linking
        self._links = [
            W.jslink((view, trait), (self.verdict, trait))
            for trait in ("answered", "verdict", "ready")
        ]
        if control is not None:
            self._links.append(W.jslink((view, "guess"), (control, "value")))
        row = controls(*([control] if control is not None else []), self.verdict)
        super().__init__([self.question, view, row])
        self.add_class("exhibit")
        self.add_class("predict")

    @property
    def guess(self) -> Any:
        """The guess as it stands; for a choice the place in the list, -1 for none; for a curve
        the values drawn so far."""
        return self.view.guess

    @guess.setter
    def guess(self, value: Any) -> None:
        self.view.guess = value

    @property
    def answered(self) -> bool:
        """Whether the guess has been checked."""
        return bool(self.view.answered)

    @answered.setter
    def answered(self, value: bool) -> None:
        self.view.answered = value

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live question, and its picture with the question in words where nothing is live."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        asked = plain(self.question.question)
        data["text/plain"] = f"{KICKER}: {asked}"
        data["image/png"] = png(self._picture())
        metadata = dict(metadata)
        metadata["image/png"] = {
            "alt": f"{asked} {self._alt}",
            "title": KICKER,
            "caption": asked,
            "exhibit": self.name,
            "settings": {},
        }
        return data, metadata


def _named(name: str, question: str) -> None:
    if not isinstance(name, str) or not _NAME.match(name):
        raise ValueError(
            f"name={name!r} cannot stand in a link; use a letter, then letters, digits, - and _"
        )
    if not isinstance(question, str) or not question.strip():
        raise ValueError(f"question={question!r} asks nothing; it must be a sentence")


def predict_rings(
    name: str,
    question: str,
    *,
    turns: Sequence[float],
    explain: str = "",
    guess: int | None = None,
) -> Predict:
    """How many of these clocks finish a turn?

    Args:
        name: the question's name on the page.
        question: what is asked, in the markup of ``posenc.exhibits.markup``.
        turns: the turns that each clock makes, fast clocks first, 1 to 64 of them. The truth is
            how many are at least 1, so those must come first.
        explain: a sentence that follows the verdict.
        guess: where the guess stands at first; half of them by default.

    Raises:
        ValueError: no turns, too many, or a slow clock before a fast one.
    """
    _named(name, question)
    made = [checks.finite(x, "turns") for x in turns]
    if not 1 <= len(made) <= MOST_RINGS:
        raise ValueError(f"turns has {len(made)} clocks; it must have 1 to {MOST_RINGS}")
    if any(a < b for a, b in pairwise(made)):
        raise ValueError("turns must go from the fastest clock to the slowest")
    truth = sum(x >= 1 for x in made)
    first = len(made) // 2 if guess is None else checks.whole(guess, "guess", least=0)
    if first > len(made):
        raise ValueError(f"guess={guess} is too large; it must be at most {len(made)}")
    view = Rings(turns=made, truth=truth, guess=first, explain=explain)
    return Predict(
        name,
        question,
        view,
        control=slider("my guess", first, 0, len(made)),
        picture=lambda: pictures.predict_rings(view),
        alt=f"{len(made)} empty clocks in a row, waiting for a guess.",
    )


def predict_scale(
    name: str,
    question: str,
    *,
    truth: float,
    low: float,
    high: float,
    quantity: str = "",
    unit: str = "",
    log: bool = True,
    guess: float | None = None,
    marks: Mapping[str, float] | None = None,
    explain: str = "",
) -> Predict:
    """Where on this axis does it lie?

    Args:
        name, question, explain: as for :func:`predict_rings`.
        truth: the answer, as the cell computed it.
        low, high: the ends of the axis; low below high, and above 0 on a logarithmic one.
        quantity, unit: what the axis measures, and in what.
        log: a logarithmic axis, or an even one.
        guess: where the marker stands at first; the middle by default.
        marks: points to name on the axis, label -> value.

    Raises:
        ValueError: ends that make no axis, or truth, guess or a mark outside them.
    """
    _named(name, question)
    ends = [checks.finite(low, "low"), checks.finite(high, "high")]
    if ends[0] >= ends[1] or (log and ends[0] <= 0):
        raise ValueError(
            f"low={low} and high={high} make no axis; low must be below high"
            + (" and above 0" if log else "")
        )
    if guess is None:
        middle = math.sqrt(ends[0] * ends[1]) if log else sum(ends) / 2
        guess = float(f"{middle:.2g}")
    points = {"truth": truth, "guess": guess, **(marks or {})}
    for label, value in points.items():
        if not ends[0] <= checks.finite(value, label) <= ends[1]:
            raise ValueError(f"{label}={value} is off the axis; it must be in {low:g} to {high:g}")
    view = Scale(
        truth=truth,
        guess=guess,
        low=low,
        high=high,
        log=log,
        unit=unit,
        quantity=quantity,
        explain=explain,
        marks=[{"label": label, "value": value} for label, value in (marks or {}).items()],
    )
    if log:
        control: W.Widget = W.FloatLogSlider(
            value=guess,
            base=10,
            min=math.log10(low),
            max=math.log10(high),
            step=0.01,
            description="my guess",
            readout_format=",.0f",
        )
    else:
        # as js/predict_scale.js has it: a power of ten, a hundredth of the axis or less
        digits = -math.floor(math.log10((high - low) / 100) + 1e-9)
        control = slider("my guess", guess, low, high, 10.0**-digits, f",.{max(digits, 0)}f")
    what = f" of {quantity}" if quantity else ""
    how = "logarithmic" if log else "even"
    return Predict(
        name,
        question,
        view,
        control=control,
        picture=lambda: pictures.predict_scale(view),
        alt=f"An empty {how} axis{what} from {text.number(low)} to {text.number(high)}, "
        "waiting for a guess.",
    )


def predict_choice(
    name: str,
    question: str,
    *,
    options: Sequence[tuple[object, str, str]],
    truth: object,
    explain: str = "",
) -> Predict:
    """Which of these is true?

    Args:
        name, question, explain: as for :func:`predict_rings`.
        options: (answer, words, reason) for each: the value that ``truth`` is compared with, the
            words to choose, and why they are right or wrong. Two at least.
        truth: the answer, as the cell computed it; must equal exactly one of the options'.

    Raises:
        ValueError: fewer than two options, or a truth that is not one of them.
    """
    _named(name, question)
    if len(options) < 2:
        raise ValueError(f"options has {len(options)}; a choice needs two at least")
    right = [k for k, (answer, _, _) in enumerate(options) if answer == truth]
    if len(right) != 1:
        known = ", ".join(repr(answer) for answer, _, _ in options)
        raise ValueError(f"truth={truth!r} must be exactly one of the options' answers: {known}")
    view = Choice(
        name=name,
        words=[words for _, words, _ in options],
        reasons=[reason for _, _, reason in options],
        truth=right[0],
        explain=explain,
    )
    listed = "; ".join(plain(words) for words in view.words)
    return Predict(
        name,
        question,
        view,
        control=None,
        picture=lambda: pictures.predict_choice(view),
        alt=f"The answers to choose from: {listed}.",
    )


def predict_sketch(
    name: str,
    question: str,
    *,
    truth: Sequence[float] | Floats,
    low: float,
    high: float,
    x: Sequence[float] | Floats | None = None,
    start: float | None = None,
    sketches: Mapping[str, Sequence[float] | Floats] | None = None,
    quantity: str = "",
    across: str = "",
    letter: str = "",
    explain: str = "",
) -> Predict:
    """What does the curve look like? The reader draws it, or chooses a sketch.

    Args:
        name, question, explain: as for :func:`predict_rings`.
        truth: the curve's values, as the cell computed them, 3 to 1,000 of them.
        low, high: the ends of the upright axis.
        x: the places of the values, rising; 0, 1, 2 ... by default.
        start: the value at the first place, which is given; by default the truth's own.
        sketches: curves to choose from instead of drawing, words -> values at the same places.
        quantity, across: what the two axes measure, plain words with ``*k*`` for a letter.
        letter: what a place is called in the verdict, such as ``"*k*"``.

    Raises:
        ValueError: ends that make no axis, values of another number than the places, places that
            do not rise, or a value outside the axis.
    """
    _named(name, question)
    ends = [checks.finite(low, "low"), checks.finite(high, "high")]
    if ends[0] >= ends[1]:
        raise ValueError(f"low={low} and high={high} make no axis; low must be below high")
    values = checks.reals(truth, "truth", "a list of numbers, the values of the curve")
    if not 3 <= values.size <= MOST_PLACES:
        raise ValueError(f"truth has {values.size} values; it must have 3 to {MOST_PLACES}")
    places = checks.reals(
        range(values.size) if x is None else x, "x", "a list of numbers that rise"
    )
    if any(a >= b for a, b in pairwise(places)):
        raise ValueError("x must rise from each place to the next")
    first = float(values[0]) if start is None else checks.finite(start, "start")
    curves = {
        words: checks.reals(y, f"sketches[{words!r}]", "a list of numbers")
        for words, y in (sketches or {}).items()
    }
    right = f"{values.size}, one for each value of truth"
    for label, given in {"x": places, **curves}.items():
        if given.size != values.size:
            raise ValueError(f"{label!r} has {given.size} numbers; it must have {right}")
    shown = {"truth": values.tolist(), "start": [first]}
    shown |= {words: y.tolist() for words, y in curves.items()}
    for label, heights in shown.items():
        for value in heights:
            if not ends[0] <= value <= ends[1]:
                raise ValueError(
                    f"{label!r} has {value:g}, off the axis; it must be in {low:g} to {high:g}"
                )
    view = Sketch(
        name=name,
        x=places.tolist(),
        truth=values.tolist(),
        guess=[first],
        low=low,
        high=high,
        sketches=[{"words": words, "y": y.tolist()} for words, y in curves.items()],
        quantity=quantity,
        across=across,
        letter=letter,
        explain=explain,
    )
    listed = "; ".join(plain(words) for words in curves)
    return Predict(
        name,
        question,
        view,
        control=None,
        picture=lambda: pictures.predict_sketch(view),
        alt=f"An empty plot from {text.number(places[0])} to {text.number(places[-1])} with a dot "
        f"at {text.number(first)} to start from, waiting for a curve."
        + (f" Sketches to choose from: {listed}." if listed else ""),
        missing="Draw to the right edge first, or choose a sketch."
        if curves
        else "Draw to the right edge first.",
    )
