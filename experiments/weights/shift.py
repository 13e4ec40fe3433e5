"""The shift test: what changes in a model when the same number is added to every position.

    python -m experiments.weights.shift

MiniLM has a learned table: moved by k, a text is read with other rows. SmolLM2 turns its queries and
keys by their positions (RoPE): moved by k, every query and key is turned by the same more, which no
product of the two can feel. Moved positions of MiniLM include those of the marks for beginning and
end; "mark_kept" leaves the mark for the beginning in row 0, where it always stood in training.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments import shipping
from experiments.weights import minilm, smollm2
from experiments.weights.shuffle import SENTENCES, cosine

Floats = NDArray[np.float64]

LEARNED_SHIFTS = (1, 20, 100, 200, 400)
ROTARY_SHIFTS = (1, 20, 100, 1000, 7000)


def encoded(model: minilm.MiniLM, ids: list[int], places: NDArray[np.int64]) -> Floats:
    """The last layer's vectors of a text whose pieces stand at these positions."""
    table = model.weight("embeddings.position_embeddings.weight")
    x = model.embedded(model.summed(ids, positions=False) + table[places])
    for layer in range(model.layers):
        x = model.layer(x, layer)[1]
    return x


def learned(model: minilm.MiniLM) -> dict[str, object]:
    """How sentence vectors of MiniLM change."""
    read = [model.tokens(s) for s in SENTENCES]
    before = [encoded(model, ids, np.arange(len(ids))) for ids in read]
    vectors = [x.mean(axis=0) for x in before]
    others = [cosine(a, b) for k, a in enumerate(vectors) for b in vectors[:k]]
    rows = []
    for shift in LEARNED_SHIFTS:
        row: dict[str, object] = {"shift": shift}
        for key in ("all", "mark_kept"):
            same, change, found = [], [], 0
            for ids, x, v in zip(read, before, vectors, strict=True):
                places = np.arange(len(ids)) + shift
                if key == "mark_kept":
                    places[0] = 0
                y = encoded(model, ids, places)
                w = y.mean(axis=0)
                same.append(cosine(v, w))
                change.append(float(np.linalg.norm(y - x) / np.linalg.norm(x)))
                found += int(np.argmax([cosine(w, u) for u in vectors])) == len(same) - 1
            row[key] = {
                "cosine": round(float(np.mean(same)), 4),
                "least": round(min(same), 4),
                "change": round(float(np.mean(change)), 4),
                "found": found,
            }
        rows.append(row)
    return {
        "model": "all-MiniLM-L6-v2",
        "shifts": rows,
        "different_sentences": round(float(np.mean(others)), 4),
    }


def rotary(model: smollm2.SmolLM2) -> dict[str, object]:
    """How the predictions of SmolLM2 change; and that it predicts at all."""
    read = [model.tokens(s[0].upper() + s[1:] + ".") for s in SENTENCES]
    before = [model.logits(ids) for ids in read]
    loss = []
    for ids, scores in zip(read, before, strict=True):
        most = scores.max(axis=1)
        total = most + np.log(np.exp(scores - most[:, None]).sum(axis=1))
        loss += list(total[:-1] - scores[np.arange(len(ids) - 1), ids[1:]])
    rows = []
    for shift in ROTARY_SHIFTS:
        after = [model.logits(ids, first=shift) for ids in read]
        pairs = list(zip(before, after, strict=True))
        rows.append(
            {
                "shift": shift,
                "difference": float(f"{max(np.abs(a - b).max() for a, b in pairs):.2g}"),
                "same_first_guess": round(
                    float(np.mean(np.concatenate([a.argmax(1) == b.argmax(1) for a, b in pairs]))),
                    4,
                ),
            }
        )
    return {
        "model": "SmolLM2-135M-Instruct, weights of four bits",
        "shifts": rows,
        "largest": round(max(float(np.abs(a).max()) for a in before), 2),
        "loss": round(float(np.mean(loss)), 3),
        "loss_of_chance": round(float(np.log(before[0].shape[1])), 3),
    }


def main() -> None:
    first, second = minilm.MiniLM(), smollm2.SmolLM2()
    found = {
        "sentences": len(SENTENCES),
        "learned": learned(first),
        "rotary": rotary(second),
    }
    print(found)
    shipping.ship_json(
        "shift-test",
        found,
        what="What changes in a model with learned positions and in one with rotary positions when "
        "the same number is added to every position.",
        origin="sentence-transformers/all-MiniLM-L6-v2 and HuggingFaceTB/SmolLM2-135M-Instruct",
        licence=minilm.LICENCE,
        source={**first.source, **{f"smollm2_{k}": v for k, v in second.source.items()}},
        command="python -m experiments.weights.shift",
    )


if __name__ == "__main__":
    main()
