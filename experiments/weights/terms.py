"""The four terms of real attention scores: three heads of MiniLM's first layer, part by part.

    python -m experiments.weights.terms

MiniLM adds a word's vector, a position's vector and a vector that all words share, and normalises
the sum before its first layer reads it. Normalising takes the mean off, divides by the spread of the
sum, and scales and shifts channels. For a given sum that is linear, so that a query is exactly

    query = content + position,    content = (W_q of the word) / spread + what all share
                                   position = (W_q of the position) / spread

and the same for keys. Kept are, for a small vocabulary and the first positions, these products of
the weights for each head, and the spread of every sum of a word and a position.

The shares of the four terms are measured on text: the verses of the King James Version, as Debian's
packages bible-kjv and bible-kjv-text give it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments import shipping
from experiments.training.tasks import verses
from experiments.weights.minilm import LICENCE, MiniLM
from posenc import data, sums

Floats = NDArray[np.float64]

NAME = "terms-minilm"
HEADS = (2, 8, 1)
POSITIONS = 14  # [CLS], twelve words, [SEP]
VERSES, SEED = 300, 0
SHORTEST, LONGEST = 8, 64  # tokens of a verse that is measured
SENTENCES = (
    "the dog bit the man",
    "a rose is a rose is a rose",
    "only I said that she won",
    "the lighthouse keeper counts every ship at night",
)
MORE = (
    "and are cat course did do first good has he her him in it love me no of old on one saw see street "
    "then they things this to two was we when will with woman word world year you"
)


def vocabulary(model: MiniLM) -> list[str]:
    """The words that a reader may use, each of them one token of the model."""
    words = dict.fromkeys(["[CLS]", "[SEP]", "[UNK]"])
    for word in " ".join(SENTENCES).lower().split() + MORE.split():
        assert len(model.tokens(word)) == 3, word
        words[word] = None
    return list(words)


class FirstLayer:
    """What the first layer of the model makes of words and positions."""

    def __init__(self, model: MiniLM) -> None:
        self.model = model
        name = "embeddings."
        shared = model.weight(f"{name}token_type_embeddings.weight")[0]
        self.words = model.weight(f"{name}word_embeddings.weight") + shared
        self.positions = model.weight(f"{name}position_embeddings.weight")
        self.gain = model.weight(f"{name}LayerNorm.weight")
        self.shift = model.weight(f"{name}LayerNorm.bias")

    def spread(self, word: Floats, position: Floats) -> Floats:
        """The divisor of the normalisation of a sum, shape (..., 1)."""
        return np.sqrt((word + position).var(axis=-1, keepdims=True) + 1e-12)

    def read(self, vectors: Floats, head: int, part: str) -> Floats:
        """Centred, scaled by channel and projected: linear in the vectors."""
        centred = (vectors - vectors.mean(axis=-1, keepdims=True)) * self.gain
        return centred @ self._rows(head, part, "weight").T

    def shared(self, head: int, part: str) -> Floats:
        """What every query (or key) has in common."""
        weight, bias = self._rows(head, part, "weight"), self._rows(head, part, "bias")
        return weight @ self.shift + bias

    def _rows(self, head: int, part: str, what: str) -> Floats:
        name = f"encoder.layer.0.attention.self.{part}.{what}"
        return np.split(self.model.weight(name), self.model.heads)[head]

    def terms(self, ids: list[int], head: int) -> Floats:
        """The four terms of the scores of one head, shape (4, n, n)."""
        word, position = self.words[ids], self.positions[: len(ids)]
        spread = self.spread(word, position)
        parts = [
            np.stack(
                [
                    self.read(word, head, part) / spread + self.shared(head, part),
                    self.read(position, head, part) / spread,
                ]
            )
            for part in ("query", "key")
        ]
        return sums.four_terms(*parts)


def measured(layer: FirstLayer) -> list[dict[str, object]]:
    """For each head, the shares of the four terms in the verses, and where it looks."""
    rng = np.random.default_rng(SEED)
    lines = verses()
    texts: list[list[int]] = []
    for k in rng.permutation(len(lines)):
        ids = layer.model.tokens(lines[k])
        if SHORTEST <= len(ids) <= LONGEST:
            texts.append(ids)
        if len(texts) == VERSES:
            break
    found: list[dict[str, object]] = []
    for head in range(layer.model.heads):
        shares, back = [], []
        for ids in texts:
            terms = layer.terms(ids, head)
            shares.append(sums.term_shares(terms))
            scores = terms.sum(axis=0)
            weights = np.exp(scores - scores.max(axis=1, keepdims=True))
            weights /= weights.sum(axis=1, keepdims=True)
            back.append(np.diagonal(weights, -1).mean())
        rows = np.array(shares)
        found.append(
            {
                "shares": [round(float(x), 4) for x in rows.mean(axis=0)],
                "spread": [round(float(x), 4) for x in rows.std(axis=0, ddof=1)],
                "back": round(float(np.mean(back)), 4),
            }
        )
        print(head, found[-1])
    return found


def exact(layer: FirstLayer, arrays: dict[str, Floats], words: list[str]) -> float:
    """The largest difference of a score by the kept numbers from the model's own, over sentences."""
    kept = data.tensors.unpack(data.pack(arrays, store=STORE))
    worst = 0.0
    for sentence in SENTENCES:
        ids = layer.model.tokens(sentence)
        for head in HEADS:
            own = layer.terms(ids, head)
            ours = sums.WordHead(kept, words, head).terms(sentence.split())
            worst = max(worst, float(np.abs(own - ours).max()))
    return worst


STORE = {f"{part}{head}w": "int8" for head in HEADS for part in "qk"}
STORE |= {f"{part}{head}p": "int16" for head in HEADS for part in "qk"}
STORE["inverse"] = "int16"


def main() -> None:
    """Ships what three heads read of words and of positions, apart, so that a page can put any words
    at any positions; and the measures of all heads, with how far the parts are from the layer itself.
    """
    model = MiniLM()
    layer = FirstLayer(model)
    words = vocabulary(model)
    ids = [model.token(word) for word in words]
    vectors, positions = layer.words[ids], layer.positions[:POSITIONS]
    arrays: dict[str, Floats] = {
        "inverse": 1 / layer.spread(vectors[:, None], positions[None])[..., 0]
    }
    for head in HEADS:
        for letter, part in (("q", "query"), ("k", "key")):
            arrays[f"{letter}{head}w"] = layer.read(vectors, head, part)
            arrays[f"{letter}{head}p"] = layer.read(positions, head, part)
            arrays[f"{letter}{head}s"] = layer.shared(head, part)
    worst = exact(layer, arrays, words)
    print("largest difference of a term", worst)
    shipping.ship_tensors(
        NAME,
        arrays,
        store=STORE,
        notes={
            "words": words,
            "heads": measured(layer),
            "verses": VERSES,
            "difference": round(worst, 4),
        },
        what="What three heads of MiniLM's first layer read of words and positions, and how much of "
        "the scores of all twelve each of the four terms carries.",
        origin="sentence-transformers/all-MiniLM-L6-v2, measured on the King James Version as "
        "Debian's packages bible-kjv and bible-kjv-text give it",
        licence=LICENCE,
        source=model.source,
        command="python -m experiments.weights.terms",
    )


if __name__ == "__main__":
    main()
