"""Two sentences hung on one ruler, each word at the value of its encoding."""

from __future__ import annotations

import traitlets as T

from posenc import schemes
from posenc.attention import split_words
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import checked

MIN_LENGTH, MAX_LENGTH = 2, 64  # js/ruler.js has the same
ENCODINGS = ("index", "fraction")
MORE = ("and", "so", "on")  # what a sentence goes on with beyond its own words


class Ruler(View):
    """Two sentences of lengths ``first`` and ``second``, encoded by index or by fraction.

    A sentence is cut after so many words, or goes on with "and so on". ``t`` is the position that
    is marked in both; ``trained`` is the longest sentence that a model is supposed to have seen.
    """

    kind = T.Unicode("ruler").tag(sync=True)
    encoding = T.Enum(list(ENCODINGS), "index").tag(sync=True)
    encoding_index = T.Int(0).tag(sync=True)
    t = T.CInt(2).tag(sync=True)
    first = T.CInt(4).tag(sync=True)
    second = T.CInt(8).tag(sync=True)
    trained = T.CInt(8).tag(sync=True)
    sentences = T.List(
        T.Unicode(), ["I love this course", "I love many things but not this course"], 2, 2
    ).tag(sync=True)
    more = T.List(T.Unicode(), list(MORE)).tag(sync=True)
    t_max = T.Int(3).tag(sync=True)  # follows from the lengths, for the slider of t

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        bind_choice(self, "encoding")
        self.observe(self._fix, ["t", "first", "second"])
        self._fix(None)

    def _fix(self, _: object) -> None:
        """Keeps t within the shorter sentence, as the browser does."""
        with self.hold_trait_notifications():
            self.t_max = min(self.first, self.second) - 1
            self.t = min(self.t, self.t_max)

    @property
    def lengths(self) -> tuple[int, int]:
        """The lengths of the two sentences."""
        return self.first, self.second

    def words(self, sentence: int) -> list[str]:
        """The words of sentence 0 or 1 as long as it is now."""
        own = split_words(self.sentences[sentence])
        length = self.lengths[sentence]
        return own[:length] + [self.more[n % len(self.more)] for n in range(length - len(own))]

    def at(self, sentence: int) -> Floats:
        """Where the words of sentence 0 or 1 stand on the ruler, shape (L,)."""
        length = self.lengths[sentence]
        values: Floats = schemes.rows(self.encoding, length, 1, length=length)[:, 0]
        return values

    def step(self, sentence: int) -> float:
        """How far apart two neighbours of sentence 0 or 1 stand."""
        return float(self.at(sentence)[1])

    @T.validate("sentences")
    def _valid_sentences(self, proposal: dict[str, list[str]]) -> list[str]:
        for sentence in proposal["value"]:
            if not split_words(sentence):
                raise T.TraitError(
                    f"sentences = {proposal['value']!r} cannot be shown: each must hold a word"
                )
        return proposal["value"]

    _valid_t = checked("t", whole=True, low=0, high=MAX_LENGTH - 1)
    _valid_first = checked("first", whole=True, low=MIN_LENGTH, high=MAX_LENGTH)
    _valid_second = checked("second", whole=True, low=MIN_LENGTH, high=MAX_LENGTH)
    _valid_trained = checked("trained", whole=True, low=MIN_LENGTH, high=MAX_LENGTH)
