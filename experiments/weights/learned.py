"""The products of all pairs of rows of two learned position tables, in 78 KB.

    python -m experiments.weights.learned

MiniLM's encoder learned 512 rows of 384 numbers, Whisper's decoder 448. The dot-product plot and the
scorecard show products and distances of rows, and largest values. For these the rows themselves are
not needed: what is kept is each row in the table's strongest directions (its singular vectors), in
whole steps, and what that leaves out of the products of a row with itself, with the next and with
the one after. How far that is from the products of the table as it is, is measured here and shipped
with it.
"""

from __future__ import annotations

from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from experiments import shipping
from experiments.weights import minilm, whisper
from posenc import data
from posenc.learned import BAND, STORE, TABLES, products_from

Floats = NDArray[np.float64]


class Said(TypedDict):
    """What the catalogue says of one file beside its source."""

    what: str
    origin: str
    licence: str


DIRECTIONS = 36
ROUNDING = {"MiniLM": 1e-4, "Whisper": 3.6e-5}
"""The step of a direction times the root mean square of the rows in it: the strongest are kept
finest, because an error in one of them meets the largest numbers in a product."""


def compressed(table: Floats, rounding: float) -> dict[str, NDArray[np.generic]]:
    """The arrays that :func:`posenc.learned.products_from` reads."""
    left, strength, _ = np.linalg.svd(table, full_matrices=False)
    rows = left[:, :DIRECTIONS] * strength[:DIRECTIONS]
    size = np.sqrt(np.square(rows).mean(axis=0))
    steps = np.minimum(rounding / size, 200 * rounding / size[0]).astype(np.float32)
    scores = np.rint(rows / steps.astype(np.float64)).astype(np.int16)
    kept = scores * steps.astype(np.float64)
    left_out = table @ table.T - kept @ kept.T
    band = np.zeros((BAND, len(table)))
    for k in range(BAND):
        band[k, : len(table) - k] = np.diagonal(left_out, k)
    sizes = np.abs(table)
    return {
        "scores": scores.T,
        "steps": steps,
        "band": band,
        "peak": sizes.max(axis=1),
        "channel": sizes.argmax(axis=1).astype(np.int16),
    }


def errors(table: Floats, products: Floats, kept: Floats) -> dict[str, float]:
    """How far the products that are shipped are from those of the table."""
    true = table @ table.T
    own = np.diagonal(true)
    off = np.abs(products - true)
    pairs = np.triu_indices(len(table), 1)

    def distances(gram: Floats) -> Floats:
        size = np.diagonal(gram)
        far: Floats = np.sqrt(size[:, None] + size - 2 * gram)[pairs]
        return far

    far = distances(true)
    return {
        "product": float(off.max()),
        "product_rms": float(np.sqrt(np.square(off).mean())),
        "median_own": float(np.median(own)),
        "distance": float((np.abs(distances(products) - far) / far).max()),
        "kept": float(np.square(kept).sum() / own.sum()),
        "closest": float(far.min()),
        "largest": float(np.abs(table).max()),
    }


def ship(
    name: str, table: Floats, model: minilm.MiniLM | whisper.Whisper, **said: Unpack[Said]
) -> None:
    """Writes the file of one table, with its errors as they are after the file is read again."""
    assert table.shape == (TABLES[name].rows, TABLES[name].width)
    arrays = compressed(table, ROUNDING[name])
    kept, products = products_from(data.tensors.unpack(data.pack(arrays, store=STORE)))
    found = errors(table, products, kept)
    print(name, found)
    shipping.ship_tensors(
        TABLES[name].file,
        arrays,
        store=STORE,
        notes=found,
        source=model.source,
        command="python -m experiments.weights.learned",
        **said,
    )


def main() -> None:
    what = "dot products of all pairs of rows, and the largest value of each row."
    encoder, decoder = minilm.MiniLM(), whisper.Whisper()
    ship(
        "MiniLM",
        encoder.weight("embeddings.position_embeddings.weight"),
        encoder,
        what=f"The position table that MiniLM's encoder learned: {what}",
        origin="sentence-transformers/all-MiniLM-L6-v2",
        licence=minilm.LICENCE,
    )
    ship(
        "Whisper",
        decoder.decoder_positions,
        decoder,
        what=f"The position table that Whisper's decoder learned: {what}",
        origin="openai/whisper-tiny.en",
        licence=whisper.LICENCE,
    )


if __name__ == "__main__":
    main()
