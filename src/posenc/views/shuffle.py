"""Shuffle the sentence: the words in an order of the reader's, and what attention makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import traitlets as T

from posenc import attention, schemes
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import checked

MOST = 128
"""The most words that are shown; js/shuffle_data.js has the same."""

WIDTH = 16
"""Channels of a word's vector and of an output; js/shuffle_data.js has the same."""

SAME = 1e-12
"""A difference below this is rounding; js/shuffle_data.js has the same."""

ENCODINGS = ("none", "index", "sinusoidal")
MASKS = ("none", "causal")
SENTENCES = (
    "the dog bit the man",
    "not every bird can fly",
    "only I said that she won",
    "a rose is a rose is a rose",
    "הכלב נשך את האיש",
)
"""The sentences on offer; a reader may write any other."""


@dataclass(frozen=True)
class Compared:
    """Attention in the first order of the words and in theirs now.

    Attributes:
        first, now: what the head did; row p is the word at place p.
        change: shape (n, WIDTH), for each word as written its output now less its output then.
        largest: the largest absolute value of ``change``.
    """

    first: attention.Attended
    now: attention.Attended
    change: Floats

    @property
    def largest(self) -> float:
        return float(np.abs(self.change).max(initial=0.0))


class Shuffle(View):
    """A sentence whose words stand in an order, read by one untrained attention head.

    ``order`` names for each place the word that stands there, by its place as written: "2.0.1" puts
    the third word first; the empty text is the order as written, and a new text begins in it.
    ``encoding`` is added to the vectors of the words by place.
    """

    kind = T.Unicode("shuffle").tag(sync=True)
    text = T.Unicode(SENTENCES[0]).tag(sync=True)
    sentences = T.List(T.Unicode(), list(SENTENCES)).tag(sync=True)
    sentence_index = T.Int(0).tag(sync=True)  # of text in sentences; their number for any other
    order = T.Unicode("").tag(sync=True)
    encoding = T.Enum(list(ENCODINGS), "none").tag(sync=True)
    encoding_index = T.Int(0).tag(sync=True)
    mask = T.Enum(list(MASKS), "none").tag(sync=True)
    mask_index = T.Int(0).tag(sync=True)
    seed = T.CInt(0).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        bind_choice(self, "encoding")
        bind_choice(self, "mask")
        self.observe(self._new_text, "text")
        self.observe(self._chosen, "sentence_index")
        self._name_sentence()

    def _new_text(self, _: object) -> None:
        self.order = ""
        self._name_sentence()

    def _name_sentence(self) -> None:
        known = self.text in self.sentences
        self.sentence_index = self.sentences.index(self.text) if known else len(self.sentences)

    def _chosen(self, change: Any) -> None:
        if 0 <= change["new"] < len(self.sentences):
            self.text = self.sentences[change["new"]]

    @property
    def words(self) -> list[str]:
        """The words as written, at most ``MOST`` of them."""
        return attention.split_words(self.text, most=MOST)

    @property
    def standing(self) -> list[int]:
        """For each place the word that stands there now, as its place when written."""
        return read_order(self.order, len(self.words))

    @property
    def shuffled(self) -> list[str]:
        """The words as they stand now."""
        words = self.words
        return [words[w] for w in self.standing]

    @property
    def swapped(self) -> str:
        """The order in which "Swap" would leave the words, as text.

        It swaps the second word and the last one that differs from it; of two words both.
        """
        order, words = self.standing, self.shuffled
        if len(words) < 2:
            return self.order
        p = 1 if len(words) > 2 else 0
        q = max(
            (q for q in range(p + 1, len(words)) if words[q] != words[p]), default=len(words) - 1
        )
        order[p], order[q] = order[q], order[p]
        return _write_order(order)

    def compared(self, order: str | None = None) -> Compared:
        """Attention in the first order and in another one (by default that of now).

        Both are computed from the words as they stand; nothing is carried over from one to the other.
        """
        order_now = self.standing if order is None else read_order(order, len(self.words))
        vectors = attention.word_vectors(self.words, WIDTH)
        first, now = self._attended(vectors), self._attended(vectors[order_now])
        change = np.empty_like(now.output)
        change[order_now] = now.output - first.output[order_now]
        return Compared(first, now, change)

    def _attended(self, rows: Floats) -> attention.Attended:
        if self.encoding != "none":
            rows = rows + schemes.rows(self.encoding, np.arange(len(rows)), WIDTH)
        head = attention.random_head(WIDTH, seed=self.seed)
        return attention.self_attention(rows, head, causal=self.mask == "causal")

    _valid_seed = checked("seed", whole=True, low=0, high=2**31 - 1)

    @T.validate("order")
    def _valid_order(self, proposal: Any) -> str:
        order: str = proposal["value"]
        try:
            read_order(order, len(self.words))
        except ValueError as error:
            raise T.TraitError(f"order = {order!r} cannot be shown: {error}") from None
        return order


def read_order(order: str, n: int) -> list[int]:
    """The places that an order names, for n words.

    Raises:
        ValueError: says what would be right.
    """
    if not order:
        return list(range(n))
    parts = order.split(".")
    places = [int(part) for part in parts if part.isascii() and part.isdigit()]
    if len(places) != len(parts) or sorted(places) != list(range(n)):
        raise ValueError(
            f"it must name each place from 0 to {n - 1} once, with points between, such as "
            f"{'.'.join(map(str, reversed(range(min(n, 3)))))!r} for {min(n, 3)} words"
        )
    return places


def _write_order(places: list[int]) -> str:
    in_order = places == list(range(len(places)))
    return "" if in_order else ".".join(map(str, places))
