"""Tables of positions, learned and made: what is in them, and whether clocks drive them.

Two real tables come with the package, as far as their leading directions hold them (the scripts in
``experiments/weights`` made the files): the learned positions of an encoder, MiniLM, and those of
the decoder of Whisper. Beside them stand tables that are made: Whisper's encoder, whose positions
are a formula, the sinusoidal encoding, a random walk and a random table.

The question that :func:`clocks` answers is whether one linear map takes every row to the next. If so
its eigenvalues are hands of clocks: a hand that turns by the same angle at each step and keeps its
length. A picture of principal components cannot answer it, since a random walk has smooth waves
there too. A map that is fitted on one half of the positions and tried on the other can.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posenc import alternatives, analysis, checks, data, encodings
from posenc.checks import Floats

Complexes = NDArray[np.complex128]

FITS: Final = ("first half", "all rows")
"""The rows that :func:`clocks` may fit its map on."""

_REAL_EIGENVALUE: Final = 1e-9
"""An eigenvalue with a smaller imaginary part than this is real: what it drives turns no hand."""


# -- the tables ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """One table of the figures.

    Attributes:
        name: its key in :data:`TABLES`.
        label: its name for people, as a menu shows it.
        says: what it is, in one line.
        length: how many positions it has.
        first, last: the positions from the first to the last whose rows belong to one course; the
            others are set apart when a map is fitted (see :func:`odd_rows`).
        file: of a learned table, the name of its data; None of a table that is made.
    """

    name: str
    label: str
    says: str
    length: int
    first: int
    last: int
    file: str | None = None


_ALL = (
    Table(
        "minilm",
        "MiniLM, learned",
        "the learned positions of all-MiniLM-L6-v2, an encoder of sentences",
        512,
        1,
        509,
        "minilm-positions",
    ),
    Table(
        "whisper decoder",
        "Whisper decoder, learned",
        "the learned positions of the decoder of Whisper tiny.en, which writes down speech",
        448,
        3,
        447,
        "whisper-positions",
    ),
    Table(
        "whisper encoder",
        "Whisper encoder, sinusoids",
        "the positions of the encoder of Whisper tiny.en, which are sinusoids and never learn",
        1500,
        0,
        1499,
    ),
    Table("sinusoidal", "Sinusoidal", "the sinusoidal encoding of the paper", 512, 0, 511),
    Table(
        "random walk", "Random walk", "each row is the one before it and a random step", 512, 0, 511
    ),
    Table("random table", "Random table", "independent random numbers, drawn once", 512, 0, 511),
)

TABLES: Final[dict[str, Table]] = {table.name: table for table in _ALL}
"""Every table by its name."""

LEARNED: Final = tuple(table.name for table in _ALL if table.file)
"""The tables that a model learned."""

ENCODER: Final = {"d_model": 384, "layout": "halves", "spacing": "tensor2tensor"}
"""The formula of Whisper's encoder: tensor2tensor's, all sines before all cosines."""


def rows(name: str, d_model: int) -> Floats:
    """The rows of a table, in coordinates that serve for every angle and product.

    Args:
        name: a key of :data:`TABLES`.
        d_model: the width of a table that is made, positive and even. A learned table has its own:
            that of its file, in the coordinates of its leading directions.

    Returns:
        Shape (length, width). Of a learned table the part of each row that lies in its leading
        directions; :func:`channels` gives its channels, and :func:`lengths` the length of the whole
        row. Whisper's encoder has the 384 channels that it has.
    """
    table = TABLES[checks.choice(name, "name", TABLES)]
    d = checks.width(d_model)
    if table.file:
        return _learned(table.file)
    if name == "whisper encoder":
        return encodings.sinusoidal(table.length, **ENCODER)  # type: ignore[arg-type]
    if name == "sinusoidal":
        return encodings.sinusoidal(table.length, d)
    if name == "random walk":
        return random_walk(table.length, d)
    return alternatives.random_table(table.length, d)


@cache
def _learned(file: str) -> Floats:
    kept = data.load(file)
    coordinates: Floats = kept["directions"].astype(np.float64) * kept["lengths"][:, None]
    return coordinates


def lengths(name: str, d_model: int) -> Floats:
    """The length of each row of a table; of a learned one that of the whole row, exactly.

    Args:
        name, d_model: as for :func:`rows`.

    Returns:
        Shape (length,).
    """
    table = TABLES[checks.choice(name, "name", TABLES)]
    if table.file:
        exact: Floats = data.load(table.file)["lengths"].astype(np.float64)
        return exact
    return np.asarray(np.linalg.norm(rows(name, d_model), axis=1))


def course(name: str, d_model: int) -> tuple[Floats, float]:
    """The rows of a table that belong to one course, and the sum of squares of their variation.

    Args:
        name, d_model: as for :func:`rows`.

    Returns:
        Rows first .. last of :func:`rows`, and the sum of the squares of the differences of the
        whole rows from their mean, which of a learned table is more than its leading directions
        hold: what :func:`clocks` wants as ``squares``.
    """
    table = TABLES[checks.choice(name, "name", TABLES)]
    some = slice(table.first, table.last + 1)
    part = rows(name, d_model)[some]
    whole = float(np.square(lengths(name, d_model)[some]).sum())
    return part, whole - len(part) * float(np.square(part.mean(axis=0)).sum())


def channels(name: str) -> Floats:
    """The channels of a learned table, rebuilt from its leading directions.

    Args:
        name: "minilm" or "whisper decoder".

    Returns:
        Shape (length, 384). ``posenc.data.notes`` of its file tells, under ``kept``, which share of
        the squares of the unit rows the directions hold.
    """
    file = _file(name)
    rebuilt: Floats = _learned(file) @ data.load(file)["basis"].astype(np.float64)
    return rebuilt


def random_walk(length: int, d_model: int, *, seed: int = 0) -> Floats:
    """A table in which each row is the one before it and a random step: smooth, and nothing else.

    Args:
        length: how many positions, at least 1.
        d_model: the width d, positive, odd or even.
        seed: as for :func:`posenc.alternatives.random_table`, whose rows are the steps.

    Returns:
        Shape (length, d_model).
    """
    n = checks.length(length, least=1)
    walk: Floats = np.cumsum(alternatives.random_table(n, d_model, seed=seed), axis=0)
    return walk


# -- cosines and lengths -------------------------------------------------------------------------


def unit_rows(table: Floats) -> Floats:
    """The rows of a table at length one.

    Args:
        table: shape (n, d), no row zero.

    Returns:
        The same shape; the product of two of its rows is the cosine of the two in the table.
    """
    given = checks.table(table)
    sizes = np.linalg.norm(given, axis=1)
    if not sizes.all():
        raise ValueError(f"row {int(np.argmin(sizes))} of table is zero; it has no direction")
    units: Floats = given / sizes[:, None]
    return units


@dataclass(frozen=True)
class ByOffset:
    """The cosines of all pairs of rows, gathered by their offset.

    Attributes:
        mean, least, greatest: shape (n,), over the pairs at each offset from 0 to n - 1.
        explained: the share of the variance of the cosines, over all pairs of two different rows,
            that the offset alone explains: 1 where it decides, 0 where it says nothing. (With the
            pairs of a row with itself a random table would come to 0.4 by these alone.)
    """

    mean: Floats
    least: Floats
    greatest: Floats
    explained: float


def by_offset(table: Floats) -> ByOffset:
    """How far the cosine of two rows depends on their offset alone.

    Args:
        table: shape (n, d), n at least 3, no row zero.

    Returns:
        :class:`ByOffset`.
    """
    units = unit_rows(checks.table(table, least=3))
    cosines = units @ units.T
    n = len(units)
    diagonals = [np.diagonal(cosines, k) for k in range(n)]
    mean = np.array([d.mean() for d in diagonals])
    within = sum(
        float(np.square(d - m).sum()) for d, m in zip(diagonals[1:], mean[1:], strict=True)
    )
    pairs = cosines[np.triu_indices(n, 1)]
    total = float(np.square(pairs - pairs.mean()).sum())
    return ByOffset(
        mean=mean,
        least=np.array([d.min() for d in diagonals]),
        greatest=np.array([d.max() for d in diagonals]),
        explained=1.0 - within / total if total else 1.0,
    )


ODD: Final = 1.2
"""How many times longer or shorter than the median a row must be to be called odd."""


def odd_rows(table: Floats) -> list[int]:
    """The positions whose rows are much longer or shorter than the median row: by :data:`ODD`.

    Args:
        table: shape (n, d).

    Returns:
        The positions, in order.
    """
    return odd_lengths(np.linalg.norm(checks.table(table), axis=1))


def odd_lengths(sizes: Floats) -> list[int]:
    """:func:`odd_rows`, from the lengths of the rows.

    Args:
        sizes: shape (n,), positive.

    Returns:
        The positions, in order.
    """
    given = np.asarray(sizes, dtype=np.float64)
    middle = float(np.median(given))
    return [int(t) for t in np.flatnonzero((given > ODD * middle) | (given * ODD < middle))]


# -- components ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Components:
    """A table in its principal components.

    Attributes:
        scores: shape (n, m), the rows less their mean, in the m leading directions. The sign of a
            column means nothing.
        shares: shape (m,), the share of the variance that each direction carries.
    """

    scores: Floats
    shares: Floats


def components(table: Floats, m: int, *, squares: float | None = None) -> Components:
    """The m directions that carry most of a table's variance.

    Args:
        table: shape (n, d).
        m: how many, from 1 to the smaller of n and d.
        squares: the sum of squares that the shares are shares of; by default that of the table less
            its mean row.

    Returns:
        :class:`Components`.
    """
    given = checks.table(table, least=2)
    most = checks.whole(m, "m", least=1)
    if most > min(given.shape):
        raise ValueError(f"m={most} is too many; a table of shape {given.shape} has no more "
                         f"than {min(given.shape)} components")  # fmt: skip
    left, sizes, _ = np.linalg.svd(given - given.mean(axis=0), full_matrices=False)
    carried = np.square(sizes)
    whole = float(carried.sum()) if squares is None else checks.finite(squares, "squares")
    return Components(left[:, :most] * sizes[:most], carried[:most] / (whole or 1.0))


# -- clocks --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hand:
    """One eigenvalue of a shift map, and the hand that it drives.

    Attributes:
        value: the eigenvalue, of a pair of conjugates the one above the axis.
        period: in how many steps it comes round: 2 pi over its angle. Infinite for a real positive
            eigenvalue, which turns nothing, and 2 for a real negative one, which flips.
        modulus: by how much it grows at each step; a clock's hand keeps its length, at 1.
        share: how much of the table's variance can be read off where it points. Hands that move
            alike share what they say, so the shares may add up to more than the whole.
        reading: shape (n,), where the hand points at each row: of length 1 on the root mean square,
            and turned so that an even hand of this period starts at 1. What turns nothing has real
            readings, which end higher than they begin.
        unevenness: the standard deviation of its length over the mean; 0 for a clock.
    """

    value: complex
    period: float
    modulus: float
    share: float
    reading: Complexes
    unevenness: float

    @property
    def turns(self) -> bool:
        """Whether it is a hand at all: a real eigenvalue only grows, shrinks or flips."""
        return math.isfinite(self.period) and self.value.imag > 0


@dataclass(frozen=True)
class Clocks:
    """The best linear map from a row to the next, on m components, and what drives it.

    Sizes of errors are relative to the rows that were to be hit: 0 for a perfect map, 1 for one that
    always answers with the mean row.

    Attributes:
        carried: the share of the table's variance that the m components carry.
        matrix: shape (m, m), the map: next = row @ matrix.T, in scores.
        fitted: its error on the rows that it was fitted on.
        held_out: the error of the map of the first half, on the second half.
        still: the error on the second half of not moving at all: a map that does no better has not
            found what moves the rows.
        hands: by period, fastest first, those that turn nothing last.
    """

    carried: float
    matrix: Floats
    fitted: float
    held_out: float
    still: float
    hands: tuple[Hand, ...]


def clocks(
    table: Floats, m: int, fit: str = "first half", *, squares: float | None = None
) -> Clocks:
    """The clocks of a table: what its best shift map by one row says on m principal components.

    Args:
        table: shape (n, d), consecutive positions.
        m: how many components, from 1; the first half of the rows must be more than m + 1.
        fit: one of :data:`FITS`. "held_out" and "still" are of the second half in either case.
        squares: as for :func:`components`.

    Returns:
        :class:`Clocks`.
    """
    kept = components(table, m, squares=squares)
    scores = kept.scores
    tried = analysis.tried_linear_shift(scores, 1)
    shift = tried.shift
    if checks.choice(fit, "fit", FITS) == "all rows":
        shift = analysis.best_linear_shift(scores, 1)
    return Clocks(
        carried=float(kept.shares.sum()),
        matrix=shift.matrix,
        fitted=shift.residual,
        held_out=tried.held_out,
        still=standing_still(scores[len(scores) // 2 :], 1),
        hands=hands(scores, shift.matrix, carried=float(kept.shares.sum())),
    )


def standing_still(table: Floats, k: int) -> float:
    """How far row t + k is from row t, relative to the size of the rows t + k.

    Args:
        table: shape (n, d).
        k: the offset, whole, from 1 to n - 1.

    Returns:
        A size as that of ``posenc.analysis.LinearShift.residual``.
    """
    given = checks.table(table, least=2)
    offset = checks.whole(k, "k", least=1)
    if offset >= len(given):
        raise ValueError(f"k={offset} is too far for a table of {len(given)} rows")
    size = float(np.linalg.norm(given[offset:]))
    return float(np.linalg.norm(given[offset:] - given[:-offset])) / size if size else 0.0


def foretold(scores: Floats, matrix: Floats, k: int) -> float:
    """The error of a map of one step when it is applied k times, on the second half of the rows.

    Args:
        scores: shape (n, m).
        matrix: shape (m, m), next = row @ matrix.T.
        k: how many steps, whole, from 1, fewer than half the rows.

    Returns:
        A size relative to the rows that were to be hit, as :attr:`Clocks.held_out`.
    """
    given = checks.table(scores, "scores", least=4)
    offset = checks.whole(k, "k", least=1)
    half = given[len(given) // 2 :]
    if offset >= len(half):
        raise ValueError(f"k={offset} is too far for half a table of {len(given)} rows")
    many = np.linalg.matrix_power(matrix, offset)
    after = half[offset:]
    return float(np.linalg.norm(half[:-offset] @ many.T - after) / np.linalg.norm(after))


def hands(scores: Floats, matrix: Floats, *, carried: float = 1.0) -> tuple[Hand, ...]:
    """The hands that a linear map turns, and where they point at each row.

    A row is a sum of eigenvectors of the map; in the next row each of them is multiplied by its
    eigenvalue, which for a pair of conjugates is a turn by one angle and a factor.

    Args:
        scores: shape (n, m).
        matrix: shape (m, m), next = row @ matrix.T.
        carried: the share of the variance of the table that the scores carry.

    Returns:
        One :class:`Hand` for each pair of conjugate eigenvalues and for each real one.
    """
    given = checks.table(scores, "scores")
    values, vectors = np.linalg.eig(matrix)
    readings = np.linalg.solve(vectors, given.T.astype(np.complex128))
    whole = float(np.square(given).sum()) or 1.0
    found: list[Hand] = []
    for value, reading in zip(values, readings, strict=True):
        eigenvalue = complex(value)
        real = abs(eigenvalue.imag) < _REAL_EIGENVALUE
        if not real and eigenvalue.imag < 0:
            continue
        found.append(
            Hand(
                value=complex(eigenvalue.real, 0.0) if real else eigenvalue,
                period=_period(eigenvalue, real),
                modulus=abs(eigenvalue),
                share=carried * _read_off(given, reading, real) / whole,
                reading=_shown(reading, eigenvalue, real),
                unevenness=float(np.abs(reading).std() / (np.abs(reading).mean() or 1.0)),
            )
        )
    return tuple(sorted(found, key=lambda hand: (not hand.turns, hand.period, -hand.modulus)))


def _read_off(scores: Floats, reading: Complexes, real: bool) -> float:
    """The sum of squares of the scores that a linear reading of a hand gives back."""
    told = np.stack([reading.real] if real else [reading.real, reading.imag], axis=1)
    orthonormal, _ = np.linalg.qr(told)
    return float(np.square(orthonormal.T @ scores).sum())


def _period(value: complex, real: bool) -> float:
    if real:
        return math.inf if value.real >= 0 else 2.0
    return 2.0 * math.pi / math.atan2(value.imag, value.real)


def _shown(reading: Complexes, value: complex, real: bool) -> Complexes:
    """A reading at length 1 on the root mean square, turned to where an even hand starts at 1.

    What turns nothing is made to end higher than it begins.
    """
    size = float(np.sqrt(np.mean(np.square(np.abs(reading))))) or 1.0
    if real:
        sign = -1.0 if reading.real[-1] < reading.real[0] else 1.0
        return np.asarray(sign * reading.real / size, dtype=np.complex128)
    turn = np.exp(-1j * np.angle(value) * np.arange(len(reading)))
    lead = complex(np.sum(reading * turn))
    return np.asarray(reading / size * np.exp(-1j * np.angle(lead)))


ROWS: Final = ("lengths", "directions")
BASIS: Final = ("basis",)
"""What :func:`payload` may hold of a table: its rows in its leading directions, and what turns them
back into channels."""


def payload(*names: str, parts: tuple[str, ...] = ROWS) -> bytes:
    """What a view of learned tables is handed: arrays of their files, as ``posenc.data.pack`` has
    them.

    Args:
        names: of learned tables.
        parts: :data:`ROWS`, :data:`BASIS` or both.

    Returns:
        The bytes; the arrays are called "NAME lengths", "NAME directions" and "NAME basis".
    """
    arrays: dict[str, Any] = {}
    store: dict[str, str] = {}
    for name in names:
        file = _file(name)
        for key, values in data.load(file).items():
            if key not in parts:
                continue
            arrays[f"{name} {key}"] = values
            if key != "lengths":
                store[f"{name} {key}"] = "int8"
    return data.pack(arrays, store=store)


def _file(name: str) -> str:
    """The data file of a learned table."""
    file = TABLES[checks.choice(name, "name", LEARNED)].file
    assert file
    return file


def facts(name: str) -> dict[str, Any]:
    """What the weights themselves gave, at full precision, for a learned table.

    Args:
        name: "minilm" or "whisper decoder".

    Returns:
        The notes of its data file; its keys are listed in ``experiments/weights/tables.py``.
    """
    found: dict[str, Any] = data.notes(_file(name))
    return found
