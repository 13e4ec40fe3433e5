"""The scorecard: a table of verdicts, and the evidence behind the one that is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import traitlets as T

from posenc import checks, learned, schemes
from posenc import scorecard as sc
from posenc.checks import Floats
from posenc.views.base import View
from posenc.views.rules import MAX_BASE, checked

MIN_LENGTH = 4
MAX_LENGTH = 512
MAX_WIDTH = 128

Encoding = Callable[[int, int], Floats]
"""A function of (length, d_model) that gives a table of that shape."""


class Score(View):
    """Schemes by properties, for sentences of ``length`` positions, width ``d_model``, base ``base``.

    ``scheme`` and ``reading`` say which verdict is open. The page scores the book's schemes; what
    the reader brings along, ``own``, is scored here, and ``extra`` carries the result to the page.
    """

    kind = T.Unicode("score").tag(sync=True)
    length = T.CInt(64).tag(sync=True)
    d_model = T.CInt(64).tag(sync=True)
    base = T.CFloat(10000.0).tag(sync=True)
    scheme = T.Unicode("index").tag(sync=True)
    reading = T.Enum(list(sc.READINGS), "largest").tag(sync=True)
    extra = T.List(T.Dict()).tag(sync=True)
    payload = T.Bytes().tag(sync=True)  # the learned tables

    @T.default("payload")
    def _tables(self) -> bytes:
        return learned.payload()

    def __init__(self, own: Mapping[str, Encoding] | None = None, **traits: Any) -> None:
        self._own = _checked(own or {})
        super().__init__(**traits)
        for name in self._own:
            self._score(name)  # what cannot be scored is refused before there is a figure
        self._fill(None)
        self.observe(self._fill, ["length", "d_model"])

    @property
    def names(self) -> tuple[str, ...]:
        """The rows of the table: the book's schemes, the learned tables, and the reader's own."""
        return (*schemes.SCHEMES, *learned.TABLES, *self._own)

    @property
    def cards(self) -> dict[str, sc.Scorecard | str]:
        """The scorecard of each row, or what it lacks to have one."""
        book: dict[str, sc.Scorecard | str] = {}
        for name in schemes.SCHEMES:
            lack = sc.needs(name, self.length, self.d_model)
            book[name] = (
                f"needs {lack}"
                if lack
                else sc.of_scheme(name, self.length, self.d_model, base=self.base)
            )
        for name in learned.TABLES:
            short = sc.needs_of_table(name, self.length)
            book[name] = f"needs {short}" if short else sc.of_table(name, self.length)
        return book | {name: self._try(name) for name in self._own}

    def _score(self, name: str) -> sc.Scorecard:
        """The scorecard of the reader's own encoding.

        Raises:
            ValueError: names the encoding and says what was wrong with it.
        """
        try:
            return sc.scorecard(self._own[name], self.length, self.d_model)
        except Exception as error:
            # Whatever the reader's function raises: it is theirs, and the message is for them.
            words = f"{type(error).__name__}: {error}".replace("encoding(", f"{name}(")
            raise ValueError(f"{name} cannot be scored. {words}") from error

    def _try(self, name: str) -> sc.Scorecard | str:
        try:
            return self._score(name)
        except ValueError as error:
            return str(error)

    def _fill(self, _: object) -> None:
        """Scores the reader's encodings for the length and width shown, and sends the result."""
        self.extra = [
            {
                "name": name,
                "length": self.length,
                "d_model": self.d_model,
                **({"problem": card} if isinstance(card, str) else {"scores": _plain(card)}),
            }
            for name, card in ((name, self._try(name)) for name in self._own)
        ]

    @T.validate("scheme")
    def _valid_scheme(self, proposal: Any) -> str:
        if proposal["value"] not in self.names:
            known = ", ".join(self.names)
            raise T.TraitError(
                f"scheme = {proposal['value']!r} is unknown; it must be one of {known}"
            )
        return str(proposal["value"])

    _valid_length = checked("length", whole=True, low=MIN_LENGTH, high=MAX_LENGTH)
    _valid_d_model = checked("d_model", whole=True, low=1, high=MAX_WIDTH)
    _valid_base = checked("base", low=1.0, high=MAX_BASE)


def _checked(own: Mapping[str, Encoding]) -> dict[str, Encoding]:
    """The reader's own encodings, if names and functions are what they must be."""
    right = "a mapping of names to functions of (length, d_model)"
    given: object = own
    if not isinstance(given, Mapping):
        raise TypeError(
            f"extra={checks.shown(own)} is of type {type(own).__name__}; it must be {right}"
        )
    for name, function in given.items():
        if not isinstance(name, str) or not name.strip():
            raise TypeError(f"extra has the key {name!r}; it must be {right}, each name a word")
        if name in schemes.SCHEMES or name in learned.TABLES:
            what = "scheme" if name in schemes.SCHEMES else "learned table"
            raise ValueError(f"extra names {name!r}, a {what} of the book; choose another name")
        if not callable(function):
            kind = type(function).__name__
            raise TypeError(
                f"extra[{name!r}] is of type {kind}; it must be a function of (length, d_model)"
            )
    return dict(given)


def _plain(card: sc.Scorecard) -> dict[str, Any]:
    """A scorecard as the page reads it: the same names as in ``js/scorecard.js``."""
    return {
        reading: {
            "holds": score.holds,
            "number": score.number,
            "places": list(score.places),
            "values": list(score.values),
            "evidence": [row.tolist() for row in score.evidence],
        }
        for reading in sc.READINGS
        for score in (getattr(card, reading),)
    }
