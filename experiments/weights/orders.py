"""What a real encoder makes of every order of a sentence's words.

    python -m experiments.weights.orders

For the English sentences of the figure *Shuffle the sentence*: the sentence vector of MiniLM in all
orders of its words, as the model was trained, and with its position table set to zero. What is kept
of an order is the cosine of its vector with that of the order as written, and the largest difference
of the two in any of the 384 channels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments import shipping
from experiments.weights.minilm import LICENCE, MiniLM
from posenc.arrangements import arrangements, kinds, place_of

NAME = "minilm-orders"
READ = (  # those of posenc.views.shuffle that are in the model's language; a test compares them
    "the dog bit the man",
    "not every bird can fly",
    "only I said that she won",
    "a rose is a rose is a rose",
)
BATCH = 60


def vectors(model: MiniLM, texts: list[str], *, positions: bool) -> NDArray[np.float64]:
    """The sentence vectors of texts that have the same number of word pieces."""
    ids = np.array([model.tokens(text) for text in texts])
    return np.concatenate(
        [
            model.hidden(ids[at : at + BATCH], positions=positions)[-1].mean(axis=1)
            for at in range(0, len(ids), BATCH)
        ]
    )


def measure(model: MiniLM) -> tuple[dict[str, Any], dict[str, Any]]:
    """Arrays and notes; see ``posenc.data.load("minilm-orders")``."""
    arrays: dict[str, Any] = {}
    notes: dict[str, Any] = {"sentences": list(READ), "zeroed": []}
    for n, sentence in enumerate(READ):
        words = sentence.split()
        spelt = list(dict.fromkeys(words))
        texts = [" ".join(spelt[kind] for kind in row) for row in arrangements(words)]
        first = place_of(kinds(words).tolist())
        assert texts[first] == sentence
        for positions in (True, False):
            found = vectors(model, texts, positions=positions)
            long = np.linalg.norm(found, axis=1)
            cosine = found @ found[first] / (long * long[first])
            difference = np.abs(found - found[first]).max(axis=1)
            if positions:
                arrays[f"cosine {n}"] = cosine
                arrays[f"difference {n}"] = difference
            else:
                notes["zeroed"].append(
                    {
                        "cosine": float(f"{1 - np.abs(1 - cosine).max():.15g}"),
                        "difference": float(f"{difference.max():.2g}"),
                    }
                )
        print(f"{sentence}: {len(texts)} orders, least cosine {arrays[f'cosine {n}'].min():.4f}")
    return arrays, notes


def main() -> None:
    model = MiniLM()
    arrays, notes = measure(model)
    shipping.ship_tensors(
        NAME,
        arrays,
        store={name: "int16" if "cosine" in name else "int8" for name in arrays},
        notes=notes,
        what="How far the sentence vector of MiniLM in every order of a sentence's words is from the "
        "one as written, with the model's positions and with a position table of zeros.",
        origin="sentence-transformers/all-MiniLM-L6-v2",
        licence=LICENCE,
        source=model.source,
        command="python -m experiments.weights.orders",
    )


if __name__ == "__main__":
    main()
