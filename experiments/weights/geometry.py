"""Are the vectors of words and of positions orthogonal, and can their sum be taken apart again?

    python -m experiments.weights.geometry

Two trained models, each with a table of words and a table of positions that are added, and against
them random tables. Written as ``token-position``: the histograms of the cosines of every word with
every position, and beside them (as the notes of the file) what the weights themselves give:

    cosines     mean, standard deviation and share within +-0.1, of all pairs, raw and centred; how
                many dimensions random vectors of that spread would have
    lengths     of the vectors: median, and the 5th and 95th of a hundred
    shared      how much of each table's variance its partner's leading directions hold, and how
                much as many directions at random would; cosines of the principal angles
    read        word and position read back from their sum: by dot products, by the nearest row, and
                by a linear map whose words and positions were never seen while it was fitted
    untouched   MiniLM's rows that stand for no word, and what the cosines are without them
    random      the same for random words and positions, over the width
    sinusoids   the same for random words and sinusoids, over the width and before and after the
                words are multiplied by sqrt(d)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments import shipping
from experiments.weights.minilm import LICENCE, MiniLM
from experiments.weights.whisper import LICENCE as WHISPER_LICENCE
from experiments.weights.whisper import Whisper
from posenc import encodings

Array = NDArray[np.float32]
Whole = NDArray[np.intp]

COMMAND = "python -m experiments.weights.geometry"
BINS = 200  # of cosines from -1 to 1
WIDTHS = (4, 8, 16, 32, 64, 128, 256, 384, 512, 1024)
SAMPLES = 1000  # sums that are read back
WORDS = 4000  # of random tables
FIT = 10000  # sums that a linear map is fitted on
RIDGES = (1e-4, 1e-2, 1.0)
LEADING = (10, 20, 50, 100)


def unit(table: Array) -> Array:
    """The rows at length 1."""
    rows: Array = table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12)
    return rows


def centred(table: Array) -> Array:
    """The rows without their mean."""
    rows: Array = table - table.mean(axis=0)
    return rows


def cosines(words: Array, places: Array) -> tuple[dict[str, float], Array]:
    """What the cosines of all pairs are like, and their histogram (shares of all pairs)."""
    total = squares = within = below = 0.0
    count = np.zeros(BINS)
    q = unit(places).T
    size = len(words) * len(places)
    for part in np.array_split(unit(words), 64):
        c = part @ q
        total += float(c.sum(dtype=np.float64))
        squares += float(np.vdot(c, c))
        within += float((np.abs(c) <= 0.1).sum())
        below += float((np.abs(c) <= 0.05).sum())
        bins = np.minimum(((c.ravel() + 1) * 100).astype(np.intp), BINS - 1)
        count += np.bincount(bins, minlength=BINS)
    mean = total / size
    spread = np.sqrt(squares / size - mean**2)
    rms = np.sqrt(squares / size)
    found = {
        "mean": mean,
        "spread": spread,
        "rms": rms,
        "within_0.1": within / size,
        "within_0.05": below / size,
        "as_if_d": 1 / rms**2,
    }
    return {k: float(f"{v:.5g}") for k, v in found.items()}, (count / size).astype(np.float32)


def untouched(model: MiniLM) -> dict[str, Any]:
    """The rows of MiniLM that stand for no word, and the cosines of all rows but them.

    ``alike`` counts the rows whose mean cosine with the positions is as high as theirs: above the
    lowest of them.
    """
    words = model.weight("embeddings.word_embeddings.weight").astype(np.float32)
    places = model.weight("embeddings.position_embeddings.weight").astype(np.float32)
    blank = np.array([model.piece(n).startswith("[unused") for n in range(len(words))])
    mean = unit(words) @ unit(places).mean(axis=0)
    return {
        "rows": int(blank.sum()),
        "mean": float(f"{mean[blank].mean():.4g}"),
        "least": float(f"{mean[blank].min():.4g}"),
        "alike": int((mean >= mean[blank].min()).sum()),
        "others_mean": float(f"{mean[~blank].mean():.4g}"),
        "lengths": lengths(words[blank]),
        "without": cosines(words[~blank], places)[0],
        "without_alike": cosines(words[mean < mean[blank].min()], places)[0],
    }


def lengths(table: Array) -> dict[str, float]:
    """Median length of the rows, and where the middle nine tenths of them lie."""
    values = np.quantile(np.linalg.norm(table, axis=1), (0.05, 0.5, 0.95))
    return {k: float(f"{v:.4g}") for k, v in zip(("low", "median", "high"), values, strict=True)}


def shared(words: Array, places: Array) -> dict[str, Any]:
    """How far the leading directions of the two tables are the same."""
    d = words.shape[1]
    axes, parts = {}, {}
    for name, table in (("words", words), ("places", places)):
        rows = centred(table).astype(np.float64)
        values, vectors = np.linalg.eigh(rows.T @ rows)
        axes[name] = vectors[:, ::-1]
        parts[name] = values[::-1] / values.sum()
    found: dict[str, Any] = {}
    for r in LEADING:
        p, w = axes["places"][:, :r], axes["words"][:, :r]
        angles = np.linalg.svd(p.T @ w, compute_uv=False)
        energy = {n: axes[n] * np.sqrt(np.maximum(parts[n], 0)) for n in axes}
        found[str(r)] = {
            "own_words": float(parts["words"][:r].sum()),
            "own_places": float(parts["places"][:r].sum()),
            "words_in_places": float(((p.T @ energy["words"]) ** 2).sum()),
            "places_in_words": float(((w.T @ energy["places"]) ** 2).sum()),
            "by_chance": r / d,
            "largest_cosine": float(angles[0]),
            "rms_cosine": float(np.sqrt((angles**2).mean())),
            "rms_by_chance": float(np.sqrt(r / d)),
        }
        found[str(r)] = {k: float(f"{v:.4g}") for k, v in found[str(r)].items()}
    means = words.mean(axis=0), places.mean(axis=0)
    found["means"] = {
        "words": float(np.linalg.norm(means[0])),
        "places": float(np.linalg.norm(means[1])),
        "cosine": float(means[0] @ means[1] / np.linalg.norm(means[0]) / np.linalg.norm(means[1])),
    }
    return found


def nearest(guess: Array, table: Array) -> Whole:
    """The row nearest to each guess."""
    half = 0.5 * (table * table).sum(axis=1)
    best = [np.argmax(part @ table.T - half, axis=1) for part in np.array_split(guess, 8)]
    return np.concatenate(best)


def largest(sums: Array, table: Array) -> Whole:
    """The row whose direction has the largest dot product with each sum."""
    q = unit(table).T
    return np.concatenate([np.argmax(part @ q, axis=1) for part in np.array_split(sums, 8)])


def split(n: int, rng: np.random.Generator) -> tuple[Whole, Whole, Whole]:
    """The numbers below n in three disjoint parts: 6, 2 and 2 of ten."""
    order = rng.permutation(n)
    a, b = int(0.6 * n), int(0.8 * n)
    return order[:a], order[a:b], order[b:]


def pairs(words: Whole, places: Whole, n: int, rng: np.random.Generator) -> tuple[Whole, Whole]:
    """n words and n positions, drawn from those given."""
    return rng.choice(words, n), rng.choice(places, n)


def probe(
    words: Array,
    places: Array,
    seen: Callable[[Array], Array],
    target: str,
    rng: np.random.Generator,
) -> float:
    """The share read back by a linear map, on words (or positions) that it was not fitted on.

    A map from the sum to the sought vector, by ridge regression, then the nearest row of the whole
    table. Position is sought on sums of unseen words; the word on sums of unseen positions.
    """
    of_words, of_places = split(len(words), rng), split(len(places), rng)
    sets = []
    for part, n in zip(range(3), (FIT, SAMPLES, SAMPLES), strict=True):
        if target == "position":
            w, t = pairs(of_words[part], np.arange(len(places)), n, rng)
        else:
            w, t = pairs(np.arange(len(words)), of_places[part], n, rng)
        sets.append((seen(words[w] + places[t]).astype(np.float64), w, t))
    table = places if target == "position" else words
    answers = [t if target == "position" else w for _, w, t in sets]
    x, base = sets[0][0], sets[0][0].mean(axis=0)
    y = table[answers[0]].astype(np.float64)
    middle = y.mean(axis=0)
    gram, cross = (x - base).T @ (x - base) / FIT, (x - base).T @ (y - middle) / FIT
    size = np.trace(gram) / len(gram)

    def right(ridge: float, part: int) -> float:
        matrix = np.linalg.solve(gram + ridge * size * np.eye(len(gram)), cross)
        guess = ((sets[part][0] - base) @ matrix).astype(np.float32)
        scores = centred_rows @ guess.T
        # a ridge shrinks the guess: the direction decides, as far as lengths allow it
        found = np.argmax(scores / lengths_of[:, None], axis=0)
        return float((found == answers[part]).mean())

    centred_rows = (table - middle.astype(np.float32)).astype(np.float32)
    lengths_of = np.maximum(np.linalg.norm(centred_rows, axis=1), 1e-12)
    chosen = max(RIDGES, key=lambda ridge: right(ridge, 1))
    return right(chosen, 2)


def read(
    words: Array, places: Array, norm: Callable[[Array], Array] | None = None
) -> dict[str, Any]:
    """How often word and position are read back from their sum, in several ways."""
    rng = np.random.default_rng(0)
    w, t = pairs(np.arange(len(words)), np.arange(len(places)), SAMPLES, rng)
    sums = words[w] + places[t]
    middles = words.mean(axis=0), places.mean(axis=0)
    free = sums - middles[0] - middles[1]
    found: dict[str, Any] = {
        "dot": {
            "word": float((largest(sums, words) == w).mean()),
            "position": float((largest(sums, places) == t).mean()),
        },
        "dot_centred": {
            "word": float((largest(free, centred(words)) == w).mean()),
            "position": float((largest(free, centred(places)) == t).mean()),
        },
        "nearest": {
            "word": float((nearest(sums - middles[1], words) == w).mean()),
            "position": float((nearest(sums - middles[0], places) == t).mean()),
        },
    }
    ways: dict[str, Callable[[Array], Array]] = {"linear": lambda x: x}
    if norm is not None:
        ways["linear_after_norm"] = lambda x: norm(x.astype(np.float64)).astype(np.float32)
    for name, seen in ways.items():
        found[name] = {
            target: probe(words, places, seen, target, np.random.default_rng(1))
            for target in ("word", "position")
        }
    return found


def together(words: Array, places: Array, n: int = 10) -> dict[str, float]:
    """Both sought at once: the nearest of all sums of a word and a position to a given sum.

    Returns:
        share: of n sums whose nearest other sum lies at more than 1% of the position's length.
        closest: the least distance met, in median lengths of a position.
    """
    rng = np.random.default_rng(2)
    w, t = pairs(np.arange(len(words)), np.arange(len(places)), n, rng)
    length = np.median(np.linalg.norm(places, axis=1))
    half = 0.5 * (words * words).sum(axis=1)
    gaps = []
    for a, b in zip(w, t, strict=True):
        rest = words[a] + places[b] - places  # what the word would be, were the position another
        scores = rest @ words.T - half
        squares = (rest * rest).sum(axis=1)[:, None] - 2 * scores
        squares[b, a] = np.inf
        gaps.append(np.sqrt(max(float(squares.min()), 0.0)) / length)
    return {"share": float((np.array(gaps) > 0.01).mean()), "closest": float(min(gaps))}


def at_random(n: int, d: int, rng: np.random.Generator) -> Array:
    """n random vectors whose mean square length is 1."""
    return (rng.standard_normal((n, d)) / np.sqrt(d)).astype(np.float32)


def main() -> None:
    """Measures both models and writes what was found."""
    minilm, whisper = MiniLM(), Whisper()
    models = {
        "MiniLM": (
            minilm.weight("embeddings.word_embeddings.weight").astype(np.float32),
            minilm.weight("embeddings.position_embeddings.weight").astype(np.float32),
            lambda x: minilm.embedded(
                x + minilm.weight("embeddings.token_type_embeddings.weight")[0]
            ),
        ),
        "Whisper": (
            whisper.decoder_tokens.astype(np.float32),
            whisper.decoder_positions.astype(np.float32),
            whisper.first_norm,
        ),
    }
    arrays: dict[str, Array] = {}
    notes: dict[str, Any] = {}
    for name, (words, places, norm) in models.items():
        about: dict[str, Any] = {"words": len(words), "positions": len(places), "d": words.shape[1]}
        about["cosines"] = {}
        for way, change in (("raw", lambda x: x), ("centred", centred)):
            about["cosines"][way], shares = cosines(change(words), change(places))
            print(name, way, about["cosines"][way], flush=True)
            arrays[f"{name.lower()}-{way}"] = shares
        about["lengths"] = {"words": lengths(words), "positions": lengths(places)}
        about["shared"] = shared(words, places)
        print(name, about["lengths"], about["shared"], flush=True)
        about["read"] = read(words, places, norm)
        about["together"] = together(words, places)
        if name == "MiniLM":
            about["untouched"] = untouched(minilm)
        notes[name] = about
        print(name, about, flush=True)
    rng = np.random.default_rng(3)
    notes["random"], notes["sinusoids"] = {}, {}
    for d in WIDTHS:
        words, places = at_random(WORDS, d, rng), at_random(512, d, rng)
        notes["random"][str(d)] = {
            "cosines": cosines(words[:2000], places)[0],
            "read": read(words, places),
        }
        print("random", d, notes["random"][str(d)], flush=True)
        waves = encodings.sinusoidal(512, d).astype(np.float32)
        notes["sinusoids"][str(d)] = {
            "plain": read(words, waves),
            "scaled": read(words * np.float32(np.sqrt(d)), waves),
        }
        print("sinusoids", d, notes["sinusoids"][str(d)], flush=True)
    shipping.ship_tensors(
        "token-position",
        arrays,
        notes=notes,
        what="cosines of every word vector with every position vector of two models, and how well both are read back from their sum.",
        origin="all-MiniLM-L6-v2 (embeddings) and Whisper tiny.en (decoder)",
        licence=f"{LICENCE}; {WHISPER_LICENCE}",
        source={**minilm.source, **{f"whisper_{k}": v for k, v in whisper.source.items()}},
        command=COMMAND,
    )


if __name__ == "__main__":
    main()
