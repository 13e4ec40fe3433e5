"""One at a time, all at once: a recurrent network's states above attention's pairs."""

from __future__ import annotations

from typing import Any

import traitlets as T

from posenc import analysis, attention
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import checked

MAX_LENGTH = 64
WIDTH = 16  # channels of a word vector, a state, an output: as many cells as a column can show
CHANGES = ("none", "swap", "replace")
TEXT = (
    "dog bites man and the harbour laughs because the man who carries the red lamp across the "
    "bridge every evening never looks down at the old dog that sleeps beside the water and waits "
    "for the sound of his steps until the wind turns and the boats come home and nobody there "
    "can tell any more which of the two was first to bite"
)


class Steps(View):
    """A sentence read by a recurrent network up to word ``t``, and by self-attention all at once.

    The first ``length`` words of ``text`` are read. The second marked word stands ``offset`` words
    before word ``t``, or at the start where there are not so many. ``change`` says what is done
    to the sentence: nothing, the two marked words swapped, or the earlier one replaced by the
    word ``instead``. Both networks are untrained: their weights are drawn from ``seed``.
    """

    kind = T.Unicode("steps").tag(sync=True)
    t = T.CFloat(9.0).tag(sync=True)
    t_max = T.Int(15).tag(sync=True)  # follows from length, for the slider of t
    offset = T.CInt(9).tag(sync=True)
    length = T.CInt(16).tag(sync=True)
    length_max = T.Int(MAX_LENGTH).tag(sync=True)  # follows from text, for the slider of L
    change = T.Enum(list(CHANGES), "none").tag(sync=True)
    change_index = T.Int(0).tag(sync=True)
    text = T.Unicode(TEXT).tag(sync=True)
    instead = T.Unicode("lighthouse").tag(sync=True)
    width = T.Int(WIDTH).tag(sync=True)
    seed = T.Int(0).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        bind_choice(self, "change")
        self.observe(self._fix, ["t", "length", "text"])
        self._fix(None)

    def _fix(self, _: object) -> None:
        """Keeps length and position inside the text, as the browser does."""
        with self.hold_trait_notifications():
            self.length_max = len(attention.split_words(self.text, most=MAX_LENGTH))
            self.length = min(self.length, self.length_max)
            self.t_max = self.length - 1
            self.t = min(self.t, self.t_max)

    @property
    def back(self) -> int:
        """How many words the other marked word stands before word ``t``: at most ``offset``."""
        return min(self.offset, round(self.t))

    @property
    def order(self) -> list[int]:
        """Which word of the sentence as written stands at each place now."""
        order = list(range(self.length))
        if self.change == "swap":
            here, there = round(self.t), round(self.t) - self.back
            order[here], order[there] = there, here
        return order

    @property
    def words(self) -> list[str]:
        """The sentence as it is read, with the change made."""
        written = attention.split_words(self.text, most=MAX_LENGTH)
        words = [written[i] for i in self.order]
        if self.change == "replace":
            words[round(self.t) - self.back] = self.instead
        return words

    @property
    def states(self) -> Floats:
        """The recurrent network's states, shape (length, width)."""
        return self._states(self.words)

    @property
    def attended(self) -> attention.Attended:
        """Scores, weights (length, length) and outputs (length, width) of self-attention."""
        return self._attended(self.words)

    @property
    def changes(self) -> tuple[Floats, Floats]:
        """How much the change of the sentence changes each state, and each output, (length,) each.

        A difference is measured by its norm, as a share of the norm before the change. A state is
        compared with the state at the same place. An output goes with its word, and is compared
        with that word's.
        """
        written = attention.split_words(self.text, most=self.length)
        return (
            analysis.row_changes(self._states(written), self.states),
            analysis.row_changes(self._attended(written).output[self.order], self.attended.output),
        )

    def _states(self, words: list[str]) -> Floats:
        x = attention.word_vectors(words, self.width)
        return attention.recurrent_states(x, *attention.random_recurrence(self.width, self.seed))

    def _attended(self, words: list[str]) -> attention.Attended:
        x = attention.word_vectors(words, self.width)
        return attention.self_attention(x, attention.random_head(self.width, seed=self.seed))

    _valid_t = checked("t", low=0, high=MAX_LENGTH - 1)
    _valid_offset = checked("offset", whole=True, low=1, high=MAX_LENGTH - 1)
    _valid_length = checked("length", whole=True, low=2, high=MAX_LENGTH)
    _valid_width = checked("width", whole=True, low=2, high=WIDTH)
    _valid_seed = checked("seed", whole=True, low=0, high=2**31 - 1)

    @T.validate("text")
    def _valid_text(self, proposal: Any) -> str:
        text: str = proposal["value"]
        count = len(text.split())
        if not 2 <= count <= MAX_LENGTH:
            raise T.TraitError(
                f"text has {count} words and cannot be shown: it must have 2 to {MAX_LENGTH}"
            )
        return text

    @T.validate("instead")
    def _valid_instead(self, proposal: Any) -> str:
        word: str = proposal["value"]
        if len(word.split()) != 1:
            raise T.TraitError(f"instead = {word!r} cannot be shown: it must be one word")
        return word
