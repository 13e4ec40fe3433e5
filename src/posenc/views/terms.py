"""The four terms: a score of attention opened into what content and position each bring to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets as T

from posenc import analysis, attention, data, encodings, sums
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import checked

MOST = 12
"""The most words that are shown; js/terms_data.js has the same."""

WIDTH = 64
"""Channels of the drawn words; js/terms_data.js has the same."""

MAX_K, MAX_SEED, MAX_SIZE = 4, 20, 4.0

SENTENCES = (
    "the dog bit the man",
    "a rose is a rose is a rose",
    "only I said that she won",
    "the lighthouse keeper counts every ship at night",
)
"""The sentences on offer; a reader may write any other."""

MATRICES = ("identity", "random", "shift", "minilm2", "minilm8", "minilm1")
"""What stands between query and key: a matrix, or a head of a real model."""

DATA = "terms-minilm"


class Terms(View):
    """The scores of one head for a sentence, as the sum of four terms with a fader each.

    The words of ``text`` have random vectors times ``size``, the positions sinusoidal ones, and
    ``matrix`` stands between query and key: the identity, a random one (``seed``), the shift by
    -``k``; or it is a head of MiniLM's first layer with the vectors that it learned. ``cc``, ``cp``,
    ``pc`` and ``pp`` are the faders, from 0 to 1: the query's part, then the key's. ``t`` looks at
    ``s``: the marked pair.
    """

    kind = T.Unicode("terms").tag(sync=True)
    text = T.Unicode(SENTENCES[0]).tag(sync=True)
    sentences = T.List(T.Unicode(), list(SENTENCES)).tag(sync=True)
    sentence_index = T.Int(0).tag(sync=True)  # of text in sentences; their number for any other
    matrix = T.Enum(list(MATRICES), "identity").tag(sync=True)
    matrix_index = T.Int(0).tag(sync=True)
    k = T.CInt(1).tag(sync=True)
    seed = T.CInt(1).tag(sync=True)
    size = T.CFloat(0.5).tag(sync=True)
    cc = T.CFloat(1.0).tag(sync=True)
    cp = T.CFloat(1.0).tag(sync=True)
    pc = T.CFloat(1.0).tag(sync=True)
    pp = T.CFloat(1.0).tag(sync=True)
    t = T.CInt(2).tag(sync=True)
    s = T.CInt(1).tag(sync=True)
    no_k = T.Bool(True).tag(sync=True)  # whether k, and whether size, has no say
    no_size = T.Bool(False).tag(sync=True)
    payload = T.Bytes().tag(sync=True)

    def __init__(self, **traits: object) -> None:
        traits.setdefault("payload", data.raw(DATA))
        super().__init__(**traits)
        bind_choice(self, "matrix")
        self.observe(self._chosen, "sentence_index")
        self.observe(self._fix, ["text", "matrix", "t", "s"])
        self._fix(None)

    def _chosen(self, change: Any) -> None:
        if 0 <= change["new"] < len(self.sentences):
            self.text = self.sentences[change["new"]]

    def _fix(self, _: object) -> None:
        """Keeps the marked pair inside the sentence, as the browser does."""
        with self.hold_trait_notifications():
            known = self.text in self.sentences
            self.sentence_index = self.sentences.index(self.text) if known else len(self.sentences)
            self.no_k = self.matrix != "shift"
            self.no_size = self.head is not None
            last = max(0, len(self.words) - 1)
            self.t = min(max(self.t, 0), last)
            self.s = min(max(self.s, 0), last)

    @property
    def head(self) -> int | None:
        """Which head of MiniLM's first layer; None for a matrix."""
        return int(self.matrix[6:]) if self.matrix.startswith("minilm") else None

    @property
    def words(self) -> list[str]:
        """The words as they are read; by the real model between its two marks."""
        words = attention.split_words(self.text, most=MOST)
        return words if self.head is None else self._real(self.head).tokens(words)

    def _real(self, head: int) -> sums.WordHead:
        return sums.WordHead(data.load(DATA), data.notes(DATA)["words"], head)

    @property
    def parts(self) -> tuple[Floats, Floats]:
        """Queries and keys, each of shape (2, n, width): content and position."""
        words = attention.split_words(self.text, most=MOST)
        if self.head is not None:
            return self._real(self.head).parts(words)
        keys = np.stack(
            [
                self.size * attention.word_vectors(words, WIDTH),
                encodings.sinusoidal(len(words), WIDTH),
            ]
        )
        if self.matrix == "random":
            return keys @ attention.random_head(WIDTH, seed=self.seed).w_q.T, keys
        turn = analysis.shift_matrix(-self.k if self.matrix == "shift" else 0, WIDTH)
        return keys @ turn.T, keys

    @property
    def faders(self) -> Floats:
        return np.array([self.cc, self.cp, self.pc, self.pp])

    @property
    def terms(self) -> Floats:
        """The four terms, shape (4, n, n), the faders at full."""
        return sums.four_terms(*self.parts)

    @property
    def faded(self) -> Floats:
        """The four terms, each times its fader."""
        return self.terms * self.faders[:, None, None]

    @property
    def shares(self) -> Floats:
        """How much of the scores' variance along their rows each term carries as it is faded."""
        return sums.term_shares(self.faded)

    @property
    def weights(self) -> Floats:
        """Who looks at whom: the softmax of each row of the sum."""
        return attention.softmax(self.faded.sum(axis=0))

    @property
    def moved(self) -> float:
        """How much of the attention the faders have moved."""
        return sums.moved_weight(attention.softmax(self.terms.sum(axis=0)), self.weights)

    @property
    def gap(self) -> float:
        """The largest difference of the sum of the four from the scores computed whole."""
        queries, keys = self.parts
        whole = queries.sum(axis=0) @ keys.sum(axis=0).T / np.sqrt(queries.shape[2])
        return float(np.abs(self.terms.sum(axis=0) - whole).max(initial=0.0))

    _valid_k = checked("k", whole=True, low=0, high=MAX_K)
    _valid_seed = checked("seed", whole=True, low=1, high=MAX_SEED)
    _valid_size = checked("size", low=0.0, high=MAX_SIZE)
    _valid_cc = checked("cc", low=0.0, high=1.0)
    _valid_cp = checked("cp", low=0.0, high=1.0)
    _valid_pc = checked("pc", low=0.0, high=1.0)
    _valid_pp = checked("pp", low=0.0, high=1.0)
