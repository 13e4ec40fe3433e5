"""The parts of "predict, then check": a question, a drawing that holds the guess, a verdict.

The truth is a trait like the others: the cell computes it, and the page only compares.
"""

from __future__ import annotations

import traitlets as T

from posenc.views.base import View
from posenc.views.rules import checked

MOST_RINGS = 64


class Question(View):
    """The question above the drawing; ``name`` ties the parts of one question together."""

    kind = T.Unicode("question").tag(sync=True)
    name = T.Unicode().tag(sync=True)
    question = T.Unicode().tag(sync=True)


class Verdict(View):
    """The Check button and the sentence that compares guess and truth."""

    kind = T.Unicode("verdict").tag(sync=True)
    name = T.Unicode().tag(sync=True)
    answered = T.Bool(False).tag(sync=True)
    verdict = T.Unicode().tag(sync=True)
    ready = T.Bool(True).tag(sync=True)  # whether there is a guess to check
    missing = T.Unicode("Choose an answer first.").tag(sync=True)  # said when there is none


class Guess(View):
    """What the drawings share: the guess, the truth, and whether it has been shown.

    ``verdict`` is written by the browser, for the :class:`Verdict` that is linked to it;
    ``explain`` is the sentence that follows the comparison.
    """

    answered = T.Bool(False).tag(sync=True)
    explain = T.Unicode().tag(sync=True)
    verdict = T.Unicode().tag(sync=True)
    ready = T.Bool(True).tag(sync=True)


class Rings(Guess):
    """A row of clocks; ``turns`` are the turns that each makes, ``truth`` how many finish one."""

    kind = T.Unicode("rings").tag(sync=True)
    turns = T.List(T.CFloat()).tag(sync=True)
    guess = T.CFloat(0).tag(sync=True)
    truth = T.Int().tag(sync=True)

    _valid_guess = checked("guess", low=0, high=MOST_RINGS)


class Scale(Guess):
    """An axis from ``low`` to ``high``, logarithmic or even, with a marker to place on it."""

    kind = T.Unicode("scale").tag(sync=True)
    guess = T.CFloat(1).tag(sync=True)
    truth = T.CFloat(1).tag(sync=True)
    low = T.CFloat(1).tag(sync=True)
    high = T.CFloat(10).tag(sync=True)
    log = T.Bool(True).tag(sync=True)
    unit = T.Unicode().tag(sync=True)
    quantity = T.Unicode().tag(sync=True)
    marks = T.List(T.Dict()).tag(sync=True)


class Choice(Guess):
    """Words to choose from, each with its reason; ``guess`` is -1 until one is chosen."""

    kind = T.Unicode("choice").tag(sync=True)
    name = T.Unicode().tag(sync=True)
    words = T.List(T.Unicode()).tag(sync=True)
    reasons = T.List(T.Unicode()).tag(sync=True)
    guess = T.Int(-1).tag(sync=True)
    truth = T.Int().tag(sync=True)
    ready = T.Bool(False).tag(sync=True)


class Sketch(Guess):
    """A curve to draw over the places ``x``, from ``low`` to ``high``.

    ``guess`` reaches from the first place as far as the pen has come; it begins with the value
    that is given. ``truth`` has a value for each place, and so has the ``y`` of each of the
    ``sketches`` ({"words", "y"}). ``letter`` is what a place is called, in the exhibits' markup.
    """

    kind = T.Unicode("sketch").tag(sync=True)
    name = T.Unicode().tag(sync=True)
    x = T.List(T.CFloat()).tag(sync=True)
    truth = T.List(T.CFloat()).tag(sync=True)
    guess = T.List(T.CFloat()).tag(sync=True)
    low = T.CFloat(0).tag(sync=True)
    high = T.CFloat(1).tag(sync=True)
    sketches = T.List(T.Dict()).tag(sync=True)
    quantity = T.Unicode().tag(sync=True)
    across = T.Unicode().tag(sync=True)
    letter = T.Unicode().tag(sync=True)
    ready = T.Bool(False).tag(sync=True)
