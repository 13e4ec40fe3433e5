"""What is in two learned tables of positions: their clocks, their cosines, their odd rows.

    python -m experiments.weights.tables

Writes the tables as far as their leading directions hold them, and beside them (as the notes of the
file) what the weights themselves give at full precision:

    kept        share of the squares of the unit rows that the shipped directions hold
    variance    shares of the variance of the rows of one course, by principal component
    clocks      for each number of components: the errors of the shift map, and each hand's period,
                modulus, share and unevenness; fitted on the first half, or on all rows
    foretold    the error of the map of the first half, k steps ahead, and that of standing still
    explained   by how much the offset alone explains the cosine of two rows: of all, and of runs
    cosines     mean cosine at some offsets
    lengths     median length of the rows, of all and of runs; length of each odd row
    alike       cosine of pairs of rows that tell where training began anew
"""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments import shipping
from experiments.weights.minilm import LICENCE, MiniLM
from experiments.weights.whisper import LICENCE as WHISPER_LICENCE
from experiments.weights.whisper import Whisper
from posenc import encodings, tables
from posenc.checks import Floats

COMMAND = "python -m experiments.weights.tables"
SHOWN = 32  # principal components whose share is told
OFFSETS = (1, 2, 4, 8, 16, 32, 50, 100)
COMPONENTS = (4, 6, 8, 10, 12, 15, 16)


def measure(table: Floats, name: str, runs: dict[str, tuple[int, int]], m: int) -> dict[str, Any]:
    """The numbers of one table, at full precision.

    Args:
        table: shape (n, 384), the weights.
        name: its name in ``posenc.tables.TABLES``.
        runs: by name, the first and the last position of runs to be looked at alone.
        m: the number of components at which the map is tried far ahead.
    """
    about = tables.TABLES[name]
    course = table[about.first : about.last + 1]
    lengths = np.linalg.norm(table, axis=1)
    spans = {"all": (0, len(table) - 1), "course": (about.first, about.last), **runs}
    pieces = {key: table[first : last + 1] for key, (first, last) in spans.items()}
    scores = tables.components(course, m).scores
    matrix = tables.clocks(course, m).matrix
    half = scores[len(scores) // 2 :]
    return {
        "rows": {key: list(span) for key, span in spans.items()},
        "variance": rounded(tables.components(course, SHOWN).shares),
        "variance_of_runs": {
            key: rounded(tables.components(table[a : b + 1], SHOWN).shares)
            for key, (a, b) in runs.items()
        },
        "clocks": {
            fit: {str(count): told(tables.clocks(course, count, fit)) for count in COMPONENTS}
            for fit in tables.FITS
        },
        "clocks_of_runs": {
            key: told(tables.clocks(table[a : b + 1], m if b - a > 100 else 8, "all rows"))
            for key, (a, b) in runs.items()
        },
        "foretold": {
            str(k): {
                "map": rounded(tables.foretold(scores, matrix, k)),
                "still": rounded(tables.standing_still(half, k)),
            }
            for k in OFFSETS
        },
        "explained": {
            key: rounded(tables.by_offset(part).explained) for key, part in pieces.items()
        },
        "explained_centred": {
            key: rounded(tables.by_offset(part - part.mean(axis=0)).explained)
            for key, part in pieces.items()
        },
        "cosines": {str(k): rounded(tables.by_offset(course).mean[k]) for k in OFFSETS},
        "lengths": {
            key: rounded(np.median(np.linalg.norm(p, axis=1))) for key, p in pieces.items()
        },
        "odd": {str(t): rounded(lengths[t]) for t in tables.odd_rows(table)},
    }


def told(found: tables.Clocks) -> dict[str, Any]:
    """What is kept of the clocks of a table."""
    return {
        "carried": rounded(found.carried),
        "fitted": rounded(found.fitted),
        "held_out": rounded(found.held_out),
        "still": rounded(found.still),
        "hands": [
            {
                "period": rounded(hand.period) if np.isfinite(hand.period) else None,
                "modulus": rounded(hand.modulus),
                "share": rounded(hand.share),
                "unevenness": rounded(hand.unevenness),
            }
            for hand in found.hands
        ],
    }


def rounded(value: Any) -> Any:
    """To five digits: more say nothing."""
    if isinstance(value, np.ndarray):
        return [rounded(v) for v in value]
    return float(f"{float(value):.5g}")


def alike(table: Floats, pairs: list[tuple[int, int]]) -> dict[str, float]:
    """The cosines of pairs of rows, by "a b"."""
    units = tables.unit_rows(table)
    return {f"{a} {b}": rounded(units[a] @ units[b]) for a, b in pairs}


def ship(name: str, table: Floats, m: int, found: dict[str, Any], **origin: Any) -> None:
    """Writes a table as its lengths and the m leading directions of its unit rows."""
    units = tables.unit_rows(table)
    left, sizes, basis = np.linalg.svd(units, full_matrices=False)
    kept = float(np.square(sizes[:m]).sum() / np.square(sizes).sum())
    file = tables.TABLES[name].file
    assert file
    shipping.ship_tensors(
        file,
        {
            "lengths": np.linalg.norm(table, axis=1),
            "directions": left[:, :m] * sizes[:m],
            "basis": basis[:m],
        },
        store={"directions": "int8", "basis": "int8"},
        notes={"kept": rounded(kept), **found},
        command=COMMAND,
        **origin,
    )


def main() -> None:
    """Ships the learned tables of MiniLM and of Whisper's decoder, each with what is measured of it.

    Whisper's file also says how far the encoder's stored table is from the sinusoidal formula.
    """
    model = MiniLM()
    learned = model.weight("embeddings.position_embeddings.weight")
    minilm = measure(
        learned,
        "minilm",
        # 126 is the last position before the one at which a text of 128 pieces is cut off
        {"trained last": (1, 126), "beyond": (128, 509)},
        m=10,
    )
    pairs = [
        (126, 127),
        (127, 128),
        (126, 128),
        (125, 126),
        (128, 129),
        (510, 511),
        (0, 1),
        (0, 127),
    ]
    minilm["alike"] = alike(learned, pairs)
    ship(
        "minilm",
        learned,
        20,
        minilm,
        what="The learned positions of MiniLM: the exact length of each row, its direction as far as "
        "20 leading directions hold it, and what the full table measures.",
        origin="sentence-transformers/all-MiniLM-L6-v2",
        licence=LICENCE,
        source=model.source,
    )
    whisper = Whisper()
    decoder = whisper.decoder_positions
    found = measure(
        decoder, "whisper decoder", {"before 220": (3, 219), "after 230": (230, 447)}, m=15
    )
    found["alike"] = alike(
        decoder,
        [(a, b) for a in (1, 2, 3) for b in (100, 223 + a, 224 + a, 225 + a)]
        + [(223, 224), (224, 225), (225, 226), (0, 224), (0, 1), (220, 221), (100, 101)],
    )
    encoder = whisper.encoder_positions
    formula = encodings.sinusoidal(len(encoder), **tables.ENCODER)  # type: ignore[arg-type]
    halves = encodings.sinusoidal(len(encoder), encoder.shape[1], layout="halves")
    found["encoder"] = {
        "rows": len(encoder),
        "largest_difference": rounded(np.abs(encoder - formula).max()),
        "largest_difference_as_float16": rounded(
            np.abs(encoder - formula.astype(np.float16).astype(np.float64)).max()
        ),
        "largest_difference_of_the_paper": rounded(np.abs(encoder - halves).max()),
    }
    ship(
        "whisper decoder",
        decoder,
        24,
        found,
        what="The learned positions of the decoder of Whisper tiny.en: the exact length of each row, "
        "its direction as far as 24 leading directions hold it, what the full table measures, and how "
        "far the encoder's positions are from tensor2tensor's formula.",
        origin="openai/whisper-tiny.en",
        licence=WHISPER_LICENCE,
        source=whisper.source,
    )


if __name__ == "__main__":
    main()
