"""Whether the position of a word can be read off its vector after every layer of a real encoder.

    python -m experiments.weights.layers

A linear probe reads the position: ridge regression from the 384 numbers of a word's vector to its
place, and, as a second question, to one of the 126 places. Windows of 128 word pieces come from three
public-domain texts; the probe is fitted on six tenths of them, its regularisation chosen on two more,
and it is judged on the last two, whose documents it has not seen. Five ways to deal the tenths out.

What a probe finds may be the probe's own doing. So the same is done with

- MiniLM whose position table is zero;
- networks of the same shape that were never trained, from three seeds;
- the same untrained layers, under the tables that MiniLM was trained to have;
- MiniLM's vectors replaced by the mean of their window (the bag of words);
- a probe that was fitted on places dealt at random.

Each probe reads the vectors as a layer leaves them, normalised, and a second one reads them before
that normalisation. A last one reads 1,024 random features of them instead of the vectors, and so sees
what is there but not linear.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments import shipping
from experiments.weights import texts
from experiments.weights.minilm import LICENCE, MiniLM

NAME = "layers"
SEED = 0
FOLDS, EACH, LENGTH = 10, 20, 128
INSIDE = LENGTH - 2  # places between the two marks, 1 .. 126
SPLITS = 5
SHOWN = 2  # windows of each text whose points are shipped
SEEDS = (0, 1, 2)
DRAWN = ("trained", "zeroed", "untrained", "tables")
FEATURES = 1024
RIDGES = 10.0 ** np.arange(-8, 2.5)  # in units of the mean variance of a channel

Array = NDArray[np.float32]
PLACES = np.arange(1, INSIDE + 1)


@dataclass
class Probed:
    """How well the place is read, for each of the splits.

    Attributes:
        r2: the share of the places' variance that is explained, on held-out windows.
        error: how many places the reading is off, on average.
        near: the share of readings of one of 126 places that are at most one off.
        exact: the share that are right.
        read: readings of the first split's held-out windows, shape (windows, 126).
    """

    r2: list[float]
    error: list[float]
    near: list[float]
    exact: list[float]
    read: NDArray[np.float64]

    @property
    def told(self) -> NDArray[np.float32]:
        """Mean, least and greatest of each of the four: shape (4, 3)."""
        kept = (self.r2, self.error, self.near, self.exact)
        return np.array([[np.mean(of), min(of), max(of)] for of in kept], dtype=np.float32)


def probe(x: Array, *, dealt: bool = False) -> Probed:
    """Linear probes of the place in each split.

    Args:
        x: vectors, shape (FOLDS, windows, INSIDE, channels).
        dealt: fit on places dealt at random within each window, and judge on the true ones.
    """
    folds, count, _, width = x.shape
    rows = x.reshape(folds, -1, width)
    middle = rows.mean(axis=(0, 1), dtype=np.float64).astype(np.float32)
    rows = rows - middle  # nearly centred here, exactly for each fit below
    at = np.broadcast_to(PLACES, (folds, count, INSIDE))
    if dealt:
        at = np.random.default_rng(SEED).permuted(at, axis=2)
    at = at.reshape(folds, -1)
    gram, cross, classes, sums = [], [], [], []
    for fold, place in zip(rows, at, strict=True):
        gram.append((fold.T @ fold).astype(np.float64))
        cross.append(fold.T.astype(np.float64) @ (place - PLACES.mean()))
        by_place = np.zeros((INSIDE, width))
        np.add.at(by_place, place - 1, fold)
        classes.append(by_place.T)
        sums.append(fold.sum(axis=0, dtype=np.float64))
    judged = Probed([], [], [], [], np.empty(0))
    each = count * INSIDE
    for split in range(SPLITS):
        test = [2 * split, 2 * split + 1]
        choose = [k % folds for k in (2 * split + 2, 2 * split + 3)]
        fit = [k for k in range(folds) if k not in (*test, *choose)]
        n = len(fit) * each
        mean = sum(sums[k] for k in fit) / n
        g = sum(gram[k] for k in fit) - n * np.outer(mean, mean)
        c = sum(cross[k] for k in fit)
        k_ = sum(classes[k] for k in fit) - n / INSIDE * mean[:, None]
        values, vectors = np.linalg.eigh(g)
        values = np.maximum(values, 0.0)
        unit = max(float(np.trace(g)) / width, 1e-30)
        turned = vectors.T @ np.column_stack([c, k_])

        def weights(
            ridge: float,
            values: NDArray[np.float64] = values,
            vectors: NDArray[np.float64] = vectors,
            turned: NDArray[np.float64] = turned,
            unit: float = unit,
        ) -> NDArray[np.float64]:
            found: NDArray[np.float64] = vectors @ (turned / (values + ridge * unit)[:, None])
            return found

        def read(
            folds_: list[int], w: NDArray[np.float64], mean: NDArray[np.float64] = mean
        ) -> NDArray[np.float64]:
            of = np.concatenate([rows[k] for k in folds_])
            found: NDArray[np.float64] = (of - mean.astype(np.float32)) @ w.astype(np.float32)
            return found.astype(np.float64)

        true = np.tile(PLACES, 2 * count)
        fits = [weights(float(ridge)) for ridge in RIDGES]
        # the regression and the choice of a place each get the ridge that suits them
        told = [read(choose, w[:, :1])[:, 0] + PLACES.mean() for w in fits]
        best = int(np.argmin([np.square(t - true).mean() for t in told]))
        named = [read(choose, w[:, 1:]).argmax(axis=1) + 1 for w in fits]
        best_class = int(np.argmax([(np.abs(t - true) <= 1).mean() for t in named]))
        reading = read(test, fits[best][:, :1])[:, 0] + PLACES.mean()
        place = read(test, fits[best_class][:, 1:]).argmax(axis=1) + 1
        judged.r2.append(1 - float(np.square(reading - true).mean() / true.var()))
        judged.error.append(float(np.abs(reading - true).mean()))
        judged.near.append(float((np.abs(place - true) <= 1).mean()))
        judged.exact.append(float((place == true).mean()))
        if split == 0:
            judged.read = reading.reshape(-1, INSIDE)
    return judged


def stages(
    model: MiniLM, ids: NDArray[np.int64], *, positions: bool
) -> Iterator[tuple[int, str, Array]]:
    """Layer by layer the vectors of the places between the marks: (layer, "before" or "after", x).

    Layer 0 is the sum of the embeddings; "before" and "after" are of its normalisation.
    """
    flat = ids.reshape(-1, LENGTH)
    inside = slice(1, -1)

    def shaped(x: Array) -> Array:
        return x[:, inside].reshape(*ids.shape[:2], INSIDE, -1)

    before = model.summed(flat, positions=positions)
    x = model.embedded(before)
    yield 0, "before", shaped(before)
    yield 0, "after", shaped(x)
    for layer in range(model.layers):
        for start in range(0, len(x), 20):
            part = slice(start, start + 20)
            before[part], x[part] = model.layer(x[part], layer)
        yield layer + 1, "before", shaped(before)
        yield layer + 1, "after", shaped(x)


def features(x: Array) -> Array:
    """Random features of vectors, as an untrained layer with a ReLU would make them."""
    width = x.shape[-1]
    flat = x.reshape(-1, width)
    flat = (flat - flat.mean(axis=0)) / (flat.std(axis=0) + 1e-12)
    rng = np.random.default_rng(SEED)
    w = rng.standard_normal((width, FEATURES), dtype=np.float32) / np.float32(np.sqrt(width))
    shift = rng.standard_normal(FEATURES, dtype=np.float32)
    return np.maximum(flat @ w + shift, 0).reshape(*x.shape[:-1], FEATURES)


def run(
    model: MiniLM, ids: NDArray[np.int64], *, positions: bool = True, more: bool = False
) -> dict[str, list[Probed]]:
    """The probes after each layer of one network: by name, in the order of the layers."""
    found: dict[str, list[Probed]] = {}
    for layer, kind, x in stages(model, ids, positions=positions):
        found.setdefault(kind, []).append(probe(x))
        if more and kind == "after":
            mean = np.broadcast_to(x.mean(axis=2, keepdims=True), x.shape)
            found.setdefault("bag", []).append(probe(np.ascontiguousarray(mean)))
            found.setdefault("dealt", []).append(probe(x, dealt=True))
            found.setdefault("features", []).append(probe(features(x)))
        last = found[kind][-1]
        print(layer, kind, f"R2 {np.mean(last.r2):.4f} error {np.mean(last.error):.2f}", flush=True)
    return found


def measure(dictionaries: Path) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """Arrays and notes to ship (see ``main``), and where they come from."""
    model = MiniLM(np.float32)
    read = texts.all_texts(dictionaries)
    ids = texts.windows(read, model.tokens, folds=FOLDS, each=EACH, length=LENGTH, seed=SEED)
    networks: dict[str, list[dict[str, list[Probed]]]] = {
        "trained": [run(model, ids, more=True)],
        "zeroed": [run(model, ids, positions=False, more=True)],
        "untrained": [run(model.untrained(seed), ids) for seed in SEEDS],
        "tables": [run(model.untrained(seed, own_tables=True), ids) for seed in SEEDS],
    }
    arrays: dict[str, Any] = {}
    shown = [n * EACH + k for n in range(len(read)) for k in range(SHOWN)]
    for network, runs in networks.items():
        for kind in runs[0]:
            name = network if kind == "after" else f"{network} {kind}"
            layers = [_together(same) for same in zip(*(one[kind] for one in runs), strict=True)]
            arrays[f"probe {name}"] = np.stack([layer.told for layer in layers])
            if name in DRAWN:
                arrays[f"read {name}"] = np.stack([layer.read[shown] - PLACES for layer in layers])
    notes = {
        "measures": ["r2", "error", "near", "exact"],
        "spread": ["mean", "least", "greatest"],
        "places": INSIDE,
        "windows": {"all": FOLDS * EACH * len(read), "shown": SHOWN * len(read)},
        "splits": SPLITS,
        "seeds": len(SEEDS),
        "texts": [text.name for text in read],
    }
    source = {
        **model.source,
        **{text.package: text.digest for text in read},
    }
    return arrays, notes, source


def _together(same: tuple[Probed, ...]) -> Probed:
    """Probes of one layer in networks from several seeds: the spread is over splits and seeds."""

    def all_of(key: str) -> list[float]:
        return [one for p in same for one in getattr(p, key)]

    return Probed(all_of("r2"), all_of("error"), all_of("near"), all_of("exact"), read=same[0].read)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--dictionaries",
        type=Path,
        default=texts.DICTIONARIES,
        help="the folder with devil.dict.dz and jargon.dict.dz",
    )
    arrays, notes, source = measure(parser.parse_args().dictionaries)
    shipping.ship_tensors(
        NAME,
        arrays,
        store={name: "int8" for name in arrays if name.startswith("read")},
        notes=notes,
        what="How far a linear probe is off when it reads a word's place after every layer of MiniLM, "
        "as it was trained, with its positions zeroed, never trained, and with nothing but its tables "
        "trained.",
        origin="sentence-transformers/all-MiniLM-L6-v2; King James Bible, The Devil's Dictionary, "
        f"The Jargon File. {texts.LEGEND}",
        licence=f"{LICENCE}; texts: {texts.LICENCE}",
        source=source,
        command="python -m experiments.weights.layers",
    )


if __name__ == "__main__":
    main()
