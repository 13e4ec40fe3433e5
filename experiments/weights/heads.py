"""A head that looks at the word before, and what it needs of the position table.

    python -m experiments.weights.heads

Finds the head of MiniLM that attends to the word before; finds the clocks in the position table; and
measures the head's attention to the word before as clocks are taken out, as positions are moved by a
part of a step, and past the last row. What it finds goes to ``previous-token``; ``breakhead`` holds
what a figure needs to compute the head again from its clocks.

Every number is a mean over :data:`SENTENCES` (those of the shuffle test), each placed at every one of
:data:`STARTS`; the marks for beginning and end are left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments import shipping
from experiments.weights.minilm import LICENCE, MiniLM
from experiments.weights.shuffle import SENTENCES
from posenc import analysis, data, realhead

Floats = NDArray[np.float64]

LAYER, HEAD, SIZE = 0, 2, 32
FIRST, LAST = 1, 509  # the rows of one course, see posenc.tables
COMPONENTS = 10
STARTS = (1, 40, 200, 400)
PLANES, SEED = 40, 0
PARTS = (0.0, 0.25, 0.5, 0.75, 1.0)
BEYOND = (0, 10, 100, 300, 1000)
SPECIAL = 1000  # rows of the vocabulary before this one are marks, signs and unused
SHOWN = (
    "the lighthouse keeper counts every ship that passes the harbour at night and writes it down "
    "before the morning bell wakes the fishermen and their dogs in the old town"
)


class Head:
    """The head with its own weights, and the rows of the table as five hands."""

    def __init__(self, model: MiniLM) -> None:
        self.model = model
        self.table = model.weight("embeddings.position_embeddings.weight")
        self.words = model.weight("embeddings.word_embeddings.weight")
        self.kind = model.weight("embeddings.token_type_embeddings.weight")[0]
        self.alike = self.words[SPECIAL:].mean(axis=0)
        name = f"encoder.layer.{LAYER}.attention.self"
        own = slice(HEAD * SIZE, HEAD * SIZE + SIZE)
        self.w_q, self.b_q = (model.weight(f"{name}.query.{p}")[own] for p in ("weight", "bias"))
        self.w_k, self.b_k = (model.weight(f"{name}.key.{p}")[own] for p in ("weight", "bias"))

        course = self.table[FIRST : LAST + 1]
        self.mean = course.mean(axis=0)
        basis = np.linalg.svd(course - self.mean, full_matrices=False)[2][:COMPONENTS]
        scores = (self.table - self.mean) @ basis.T
        shift = analysis.best_linear_shift(scores[FIRST : LAST + 1], 1)
        values, vectors = np.linalg.eig(shift.matrix)
        upper = [k for k in np.argsort(-np.angle(values)) if values[k].imag > 0]
        readings = np.linalg.solve(vectors, scores.T.astype(complex))[upper]
        self.basis, self.values = basis, values[upper]
        self.angles = np.angle(self.values)
        # a row is mean + hands @ directions: twice the real part of reading times eigenvector
        self.hands = np.stack([readings.real, readings.imag], axis=1).reshape(COMPONENTS, -1).T
        lifted = vectors[:, upper].T @ basis
        self.directions = np.stack([2 * lifted.real, -2 * lifted.imag], axis=1).reshape(
            COMPONENTS, -1
        )
        size = float(np.square(course - self.mean).sum())
        self.shares = [
            float(np.square(self.part([k])[FIRST : LAST + 1]).sum()) / size for k in range(5)
        ]

    def part(self, which: list[int]) -> Floats:
        """What some of the hands contribute to every row of the table."""
        columns = [c for k in which for c in (2 * k, 2 * k + 1)]
        out: Floats = self.hands[:, columns] @ self.directions[columns]
        return out

    def weights(self, words: Floats, asking: Floats, asked: Floats | None = None) -> Floats:
        """The head's attention, with its own weights and whole rows."""
        base = words + self.kind
        norm = self.model._norm
        q = norm(base + asking, "embeddings.LayerNorm") @ self.w_q.T + self.b_q
        of_keys = asking if asked is None else asked
        k = norm(base + of_keys, "embeddings.LayerNorm") @ self.w_k.T + self.b_k
        scores = q @ k.T / np.sqrt(SIZE)
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        out: Floats = e / e.sum(axis=1, keepdims=True)
        return out

    def tried(
        self,
        asking: Floats,
        asked: Floats | None = None,
        *,
        alike: bool = False,
        starts: tuple[int, ...] = STARTS,
        back: int = 1,
        repeat: int = 1,
    ) -> dict[str, float]:
        """Mean attention on the word ``back`` before, and its spread over sentences and places."""
        found = []
        for start in starts:
            for sentence in SENTENCES:
                ids = self.model.tokens(sentence)[1:-1] * repeat
                words = self.words[ids]
                if alike:
                    words = np.repeat(self.alike[None], len(ids), axis=0)
                here = slice(start, start + len(ids))
                w = self.weights(words, asking[here], None if asked is None else asked[here])
                found.append(float(np.diagonal(w, -back)[1 - back :].mean()))
        return {"mean": round(float(np.mean(found)), 4), "sd": round(float(np.std(found)), 4)}


def all_heads(model: MiniLM) -> list[list[float]]:
    """Attention on the word before in every head of every layer, over the sentences as they are."""
    sums = np.zeros((model.layers, model.heads))
    for sentence in SENTENCES:
        hidden = model.hidden(model.tokens(sentence))
        for layer in range(model.layers):
            name = f"encoder.layer.{layer}.attention.self"
            q, k = (
                model._split(model._linear(hidden[layer], f"{name}.{part}"))
                for part in ("query", "key")
            )
            scores = q @ np.swapaxes(k, 1, 2) / np.sqrt(q.shape[-1])
            e = np.exp(scores - scores.max(axis=-1, keepdims=True))
            w = e / e.sum(axis=-1, keepdims=True)
            r = np.arange(2, w.shape[1] - 1)  # words that have a word before them
            sums[layer] += w[:, r, r - 1].mean(axis=1)
    return [[round(float(x), 4) for x in row] for row in sums / len(SENTENCES)]


def invented(head: Head, kind: str, n: int) -> Floats:
    """n rows from LAST on, invented: the first is row LAST itself."""
    steps = np.arange(n)[:, None]
    if kind == "line":
        row, before = head.table[LAST], head.table[LAST - 1]
        out: Floats = row + steps * (row - before)
        return out
    if kind == "last row":
        return np.repeat(head.table[LAST : LAST + 1], n, axis=0)
    start = np.repeat(head.hands[LAST : LAST + 1], n, axis=0)
    hands = realhead.turned(start, head.angles, steps[:, 0])
    if kind == "clocks as fitted":
        hands = hands * np.repeat(np.abs(head.values), 2)[None] ** steps
    made: Floats = head.mean + hands @ head.directions
    return made


def random_planes(head: Head) -> dict[str, float]:
    """The same as taking a hand out, with planes drawn at random among the ten directions."""
    rng = np.random.default_rng(SEED)
    scores = (head.table - head.mean) @ head.basis.T
    found, shares = [], []
    size = float(np.square((head.table - head.mean)[FIRST : LAST + 1]).sum())
    for _ in range(PLANES):
        plane = np.linalg.qr(rng.standard_normal((COMPONENTS, 2)))[0]
        part = scores @ plane @ plane.T @ head.basis
        shares.append(float(np.square(part[FIRST : LAST + 1]).sum()) / size)
        found.append(head.tried(head.table - part)["mean"])
    return {
        "mean": round(float(np.mean(found)), 4),
        "sd": round(float(np.std(found)), 4),
        "least": min(found),
        "share": round(float(np.mean(shares)), 4),
        "planes": PLANES,
    }


def measure(head: Head) -> dict[str, object]:
    """All numbers of ``posenc.data.load("previous-token")``."""
    five = list(range(5))
    low = head.mean + head.part(five)
    rest = head.table - head.part(five)
    half = (head.table[:-1] + head.table[1:]) / 2
    whole = head.table[:-1]

    def moved(by: float) -> Floats:
        out: Floats = head.mean + realhead.turned(head.hands, head.angles, by) @ head.directions
        return out

    return {
        "layer": LAYER,
        "head": HEAD,
        "heads": all_heads(head.model),
        "sentences": len(SENTENCES),
        "starts": list(STARTS),
        "periods": [round(float(2 * np.pi / a), 2) for a in head.angles],
        "moduli": [round(float(abs(v)), 4) for v in head.values],
        "shares": [round(s, 4) for s in head.shares],
        "whole": head.tried(head.table),
        "alike": head.tried(head.table, alike=True),
        "clocks_alone": head.tried(low),
        "without_clocks": head.tried(rest),
        "no_positions": head.tried(0 * head.table),
        "without": [head.tried(head.table - head.part([k])) for k in five],
        "without_alike": [head.tried(head.table - head.part([k]), alike=True) for k in five],
        "without_long": [head.tried(head.table - head.part([k]), repeat=6) for k in five],
        "whole_long": head.tried(head.table, repeat=6),
        "only": [head.tried(rest + head.part([k])) for k in five],
        "from_fastest": [head.tried(head.table - head.part(five[: k + 1])) for k in five],
        "from_slowest": [head.tried(head.table - head.part(five[4 - k :])) for k in five],
        "random_planes": random_planes(head),
        "half_means": head.tried(half),
        "half_turned": head.tried(moved(0.5)),
        "looker_moved": [
            {
                "by": by,
                "previous": head.tried(moved(by), low),
                "itself": head.tried(moved(by), low, back=0),
                "previous_means": head.tried((1 - by) * whole + by * head.table[1:], whole),
            }
            for by in PARTS
        ],
        "past": {
            kind: [
                {"beyond": b, **head.tried(invented(head, kind, 1100), starts=(b,))} for b in BEYOND
            ]
            for kind in ("clocks", "clocks as fitted", "line", "last row")
        },
    }


def arrays(head: Head) -> tuple[dict[str, Floats], list[str]]:
    """What :func:`posenc.realhead.attend` computes with, and the words shown."""
    ids = head.model.tokens(SHOWN)[1:-1]
    names = [head.model._tokenizer.id_to_token(k) for k in ids]
    words = np.vstack([head.alike, head.words[ids]]) + head.kind + head.mean
    scale = head.model.weight("embeddings.LayerNorm.weight")
    shift = head.model.weight("embeddings.LayerNorm.bias")
    centred = words - words.mean(axis=1, keepdims=True)
    ways = head.directions - head.directions.mean(axis=1, keepdims=True)
    return {
        "hands": head.hands,
        "angles": head.angles,
        "query": (ways * scale) @ head.w_q.T,
        "key": (ways * scale) @ head.w_k.T,
        "gram": ways @ ways.T,
        "wordQuery": (centred * scale) @ head.w_q.T,
        "wordKey": (centred * scale) @ head.w_k.T,
        "wordSquare": np.square(centred).sum(axis=1),
        "wordCross": centred @ ways.T,
        "bias": shift @ head.w_q.T + head.b_q,
    }, names


STORE = {"hands": "int16", "wordQuery": "int16", "wordKey": "int16", "wordCross": "int16"}


def error(head: Head, kept: dict[str, Floats]) -> dict[str, float]:
    """How far the weights computed from what is shipped are from those of the whole head."""
    ids = head.model.tokens(SHOWN)[1:-1]
    n = len(ids)
    worst = {"sentence": 0.0, "alike": 0.0}
    for start in range(FIRST, LAST + 2 - n):
        rows = realhead.positions(kept["hands"], kept["angles"], start, n)
        for name, at, vectors in (
            ("sentence", list(range(1, n + 1)), head.words[ids]),
            ("alike", [0] * n, np.repeat(head.alike[None], n, axis=0)),
        ):
            true = head.weights(vectors, head.table[start : start + n])
            told = realhead.attend(kept, at, rows, rows, [True] * 5).weights
            worst[name] = max(
                worst[name], abs(realhead.on_previous(true) - realhead.on_previous(told))
            )
    return {name: float(f"{x:.2g}") for name, x in worst.items()}


def main() -> None:
    """Ships two files: the head as a page computes it, whose error is measured as it will be stored,
    and the measures of the full head with its clocks taken out, moved, and past the last row.
    """
    head = Head(MiniLM())
    made, names = arrays(head)
    kept = data.tensors.unpack(data.pack(made, store=STORE))
    far = error(head, kept)
    print(names, far)
    said = {"origin": "sentence-transformers/all-MiniLM-L6-v2", "licence": LICENCE}
    shipping.ship_tensors(
        realhead.FILE,
        made,
        store=STORE,
        notes={"words": names, "error": far},
        what="The head of MiniLM that attends to the word before, as far as five clocks of the "
        "position table and the words of one sentence go.",
        source=head.model.source,
        command="python -m experiments.weights.heads",
        **said,
    )
    found = measure(head)
    for key, value in found.items():
        print(key, value)
    shipping.ship_json(
        "previous-token",
        found,
        what="Attention on the word before, in a head of MiniLM, as its clocks are taken out, as "
        "positions move by a part of a step, and past the last row.",
        source=head.model.source,
        command="python -m experiments.weights.heads",
        **said,
    )


if __name__ == "__main__":
    main()
