"""One attention head over a sentence whose words have a position and nothing else."""

from __future__ import annotations

import numpy as np
import traitlets as T

from posenc import attention, encodings
from posenc.attention import Attended, Head
from posenc.views.base import View, bind_choice
from posenc.views.rules import MAX_BASE, checked

WORDS = [
    "the",
    "lighthouse",
    "keeper",
    "counts",
    "every",
    "ship",
    "that",
    "passes",
    "the",
    "harbour",
    "at",
    "night",
    "and",
    "writes",
    "it",
    "down",
]
MATRICES = ["shift", "identity", "random"]
SHOWN = ["weights", "scores"]
MAX_K = 8
MAX_SHARPNESS = 32.0
MAX_SEED = 20


class LookBack(View):
    """Where each of ``words`` looks, when a query matrix is all that decides it.

    The input is the sinusoidal encoding of width ``d_model`` and base ``base``, without any
    content. The keys are the encodings themselves; the queries are they times ``sharpness`` times
    the chosen ``matrix``: the shift by -k, the identity, or a random one drawn from ``seed``.
    The marked word stands at position ``t``; ``shown`` is what the picture holds.
    """

    kind = T.Unicode("lookback").tag(sync=True)
    words = T.List(T.Unicode(), default_value=WORDS).tag(sync=True)
    k = T.CInt(3).tag(sync=True)
    k_max = T.Int(MAX_K).tag(sync=True)
    t = T.CInt(11).tag(sync=True)
    t_max = T.Int(15).tag(sync=True)
    matrix = T.Enum(MATRICES, "shift").tag(sync=True)
    matrix_index = T.Int(0).tag(sync=True)
    sharpness = T.CFloat(16.0).tag(sync=True)
    seed = T.CInt(1).tag(sync=True)
    shown = T.Enum(SHOWN, "weights").tag(sync=True)
    shown_index = T.Int(0).tag(sync=True)
    d_model = T.CInt(64).tag(sync=True)
    base = T.CFloat(10000.0).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        bind_choice(self, "matrix")
        bind_choice(self, "shown")
        self.observe(self._fix, ["words", "k", "t"])
        self._fix(None)

    def _fix(self, _: object) -> None:
        """Keeps word and offset inside the sentence, as the browser does."""
        with self.hold_trait_notifications():
            self.t_max = len(self.words) - 1
            self.k_max = min(MAX_K, self.t_max)
            self.t = min(self.t, self.t_max)
            self.k = min(self.k, self.k_max)

    @property
    def head(self) -> Head:
        """The head: its query matrix as chosen, its key and value matrices the identity."""
        plain = attention.look_back_head(
            self.k if self.matrix == "shift" else 0, self.d_model, base=self.base
        )
        w_q = (
            attention.random_head(self.d_model, seed=self.seed).w_q
            if self.matrix == "random"
            else plain.w_q
        )
        return Head(self.sharpness * w_q, plain.w_k, plain.w_v)

    @property
    def attended(self) -> Attended:
        """Scores and weights, both of shape (words, words): from row to column."""
        rows = encodings.sinusoidal(len(self.words), self.d_model, base=self.base)
        return attention.self_attention(rows, self.head)

    @property
    def by_distance(self) -> dict[int, np.ndarray]:
        """What is shown, by how many words back the look goes: one number for each word."""
        attended = self.attended
        shown = attended.weights if self.shown == "weights" else attended.scores
        last = self.t_max
        return {back: np.diagonal(shown, -back) for back in range(-last, last + 1)}

    _valid_k = checked("k", whole=True, low=0, high=MAX_K)
    _valid_t = checked("t", whole=True, low=0)
    _valid_sharpness = checked("sharpness", low=1.0, high=MAX_SHARPNESS)
    _valid_seed = checked("seed", whole=True, low=1, high=MAX_SEED)
    _valid_d_model = checked("d_model", even=True, low=2, high=256)
    _valid_base = checked("base", low=1.0, high=MAX_BASE)

    @T.validate("words")
    def _valid_words(self, proposal: T.Bunch) -> list[str]:
        words = list(proposal["value"])
        if not 2 <= len(words) <= 24:
            raise T.TraitError(f"words has {len(words)} words; it must have 2 to 24")
        return words
