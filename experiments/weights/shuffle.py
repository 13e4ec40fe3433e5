"""What the order of the words does to a real encoder, with its positions and without.

    python -m experiments.weights.shuffle

For each sentence: the sentence vector of MiniLM for the sentence as it is, and for its words in other
orders; once as the model was trained, once with its position table set to zero. What is kept is how
far the vectors of two orders are apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments import shipping
from experiments.weights.minilm import LICENCE, MiniLM

NAME = "minilm-shuffle"
SHUFFLES = 20
SEED = 0
PAIR = ("the dog bit the man", "the man bit the dog")
SENTENCES = (
    PAIR[0],
    "the teacher thanked the student after the lesson",
    "she sold the old boat before she bought the new one",
    "only the cook knew why the soup tasted of smoke",
    "a small bird followed the ship for three days",
    "the judge believed the witness and not the lawyer",
    "my brother lent me his bicycle and kept my umbrella",
    "the river that crosses the town freezes every winter",
    "nobody told the guests that the train was late",
    "the painter first drew the harbour and then the boats",
    "we walked home because the last bus had already left",
    "he reads the letter twice and answers it the next morning",
)


def cosine(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """The cosine of the angle between two vectors."""
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def orders(sentence: str, rng: np.random.Generator) -> list[str]:
    """The words of a sentence in orders other than its own, drawn at random."""
    words = sentence.split()
    found: list[str] = []
    while len(found) < SHUFFLES:
        drawn = " ".join(words[k] for k in rng.permutation(len(words)))
        if drawn != sentence:
            found.append(drawn)
    return found


def measure(model: MiniLM) -> dict[str, object]:
    """All numbers that are shipped; see ``posenc.data.load("minilm-shuffle")``."""
    rng = np.random.default_rng(SEED)
    rows = []
    for sentence in SENTENCES:
        others = orders(sentence, rng)
        row: dict[str, object] = {"sentence": sentence, "words": len(sentence.split())}
        for positions in (True, False):
            first = model.sentence(sentence, positions=positions)
            vectors = [model.sentence(other, positions=positions) for other in others]
            row["on" if positions else "off"] = {
                "cosine": [round(cosine(first, v), 6) for v in vectors],
                "difference": [float(f"{np.abs(first - v).max():.2g}") for v in vectors],
                "largest": round(float(np.abs(first).max()), 4),
            }
        rows.append(row)
    whole = [model.sentence(sentence) for sentence in SENTENCES]
    apart = [cosine(a, b) for k, a in enumerate(whole) for b in whole[:k]]
    pair = {
        "on" if positions else "off": {
            "cosine": round(cosine(a, b), 6),
            "difference": float(f"{np.abs(a - b).max():.2g}"),
        }
        for positions in (True, False)
        for a, b in [[model.sentence(text, positions=positions) for text in PAIR]]
    }
    return {
        "sentences": rows,
        "pair": {"texts": list(PAIR), **pair},
        "different_sentences": {
            "mean_cosine": round(float(np.mean(apart)), 4),
            "count": len(apart),
        },
        "shuffles": SHUFFLES,
        "seed": SEED,
    }


def main() -> None:
    model = MiniLM()
    shipping.ship_json(
        NAME,
        measure(model),
        what="How far the sentence vectors of MiniLM are apart when the words of a sentence are "
        "shuffled, with the model's positions and with a position table of zeros.",
        origin="sentence-transformers/all-MiniLM-L6-v2",
        licence=LICENCE,
        source=model.source,
        command="python -m experiments.weights.shuffle",
    )


if __name__ == "__main__":
    main()
