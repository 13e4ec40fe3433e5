"""What an encoding does: distances, dot products, shifts, turns, and what 16-bit floats leave.

Functions that take ``d_model, base, spacing`` are about the sinusoidal encoding and use its closed
forms, so they reach a million positions; functions that take ``table`` (a real array of shape
(positions, channels)) work for any encoding, learned ones included. Layout never matters here: it
only permutes channels, and no dot product or distance sees that.

Units: positions and offsets in tokens, angles in radians, distances in the units of the table.
Bad input is refused as everywhere in the package (:mod:`posenc.checks`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posenc import checks
from posenc.checks import Floats, Positions
from posenc.encodings import (
    BASE,
    LAYOUTS,
    TURN,
    channel_map,
    frequencies,
)
from posenc.scorecard import Scorecard as Scorecard  # the analysis of a whole encoding, at length
from posenc.scorecard import scorecard as scorecard

FLOATS: Final = ("float16", "bfloat16")
"""The 16-bit floats that models are run in."""

_CHUNK = 1 << 16


# -- dot products and distances ------------------------------------------------------------------


def row_changes(before: Floats, after: Floats) -> Floats:
    """How far each row has moved, as a share of its length before.

    Args:
        before, after: two tables of the same shape (n, d); no row of ``before`` is zero.

    Returns:
        Shape (n,): the norm of the difference over the norm before.
    """
    old, new = checks.table(before, "before"), checks.table(after, "after")
    if old.shape != new.shape:
        raise ValueError(f"after has shape {new.shape}; it must be {old.shape}, that of before")
    lengths = np.linalg.norm(old, axis=1)
    if not lengths.all():
        raise ValueError(
            f"row {int(np.argmin(lengths))} of before is zero; a share of it means nothing"
        )
    changes: Floats = np.linalg.norm(new - old, axis=1) / lengths
    return changes


def gram(table: Floats) -> Floats:
    """The dot product of every row with every row.

    Args:
        table: shape (n, d).

    Returns:
        Shape (n, n). For the sinusoidal encoding it is constant along each diagonal.
    """
    rows = checks.table(table)
    return rows @ rows.T


def offset_range(table: Floats, k: int) -> tuple[float, float]:
    """The least and the greatest dot product of two rows that are k apart.

    Args:
        table: shape (n, d).
        k: the offset, whole, of either sign, less than n.

    Returns:
        The two; equal (to rounding) where the product depends on the offset alone, as it does for
        the sinusoidal encoding.
    """
    rows = checks.table(table)
    apart = abs(checks.whole(k, "k"))
    if apart >= len(rows):
        raise ValueError(f"k={k} is too far for a table of {len(rows)} rows")
    products = np.einsum("td,td->t", rows[: len(rows) - apart], rows[apart:])
    return float(products.min()), float(products.max())


def block_means(table: Floats, run: int) -> Floats:
    """The mean of each run of consecutive rows, of what is left of them in the last.

    A dot product is linear in both of its vectors, so the gram of these means is the mean of the
    table's gram over blocks of run x run: what a picture shows whose pixels hold several rows.

    Args:
        table: shape (n, d).
        run: how many rows make one, at least 1.

    Returns:
        Shape (ceil(n / run), d).
    """
    rows = checks.table(table)
    starts = np.arange(0, len(rows), checks.whole(run, "run", least=1))
    sums = np.add.reduceat(rows, starts, axis=0)
    counts = np.diff(np.append(starts, len(rows)))
    means: Floats = sums / counts[:, None]
    return means


def dot_by_offset(
    offsets: Positions, d_model: int, *, base: float = BASE, spacing: str = "paper"
) -> Floats:
    """The dot product of the sinusoidal vectors of two positions that are k apart.

    It is the sum over pairs of cos(omega_i k), whatever the positions are: from
    sin a sin b + cos a cos b = cos(a - b).

    Args:
        offsets: a length K (offsets 0 .. K-1), or n offsets k, of either sign, whole or not.
        d_model, base, spacing: as for :func:`posenc.encodings.sinusoidal`.

    Returns:
        Shape (n,); d/2 at k = 0.
    """
    k = checks.positions(offsets, "offsets")
    omega = frequencies(d_model, base=base, spacing=spacing)
    return _by_chunk(k, lambda part: np.cos(part[:, None] * omega).sum(axis=1))


def distance_by_offset(
    offsets: Positions, d_model: int, *, base: float = BASE, spacing: str = "paper"
) -> Floats:
    """The Euclidean distance of the sinusoidal vectors of two positions that are k apart.

    2 sqrt(sum of sin^2(omega_i k / 2)), the same as sqrt(d - 2 dot) without the cancellation.

    Args and result as for :func:`dot_by_offset`; 0 at k = 0, at most 2 sqrt(d/2).
    """
    k = checks.positions(offsets, "offsets")
    omega = frequencies(d_model, base=base, spacing=spacing)
    return _by_chunk(
        k, lambda part: 2.0 * np.sqrt(np.square(np.sin(part[:, None] * omega / 2.0)).sum(axis=1))
    )


def _by_chunk(k: Floats, formula: Callable[[Floats], Floats]) -> Floats:
    """Applies a formula to k a piece at a time, so that memory stays small."""
    result = np.empty(k.size)
    step = 2048
    for at in range(0, k.size, step):
        result[at : at + step] = formula(k[at : at + step])
    return result


def first_rise(
    d_model: int, *, base: float = BASE, spacing: str = "paper", limit: int = 1_000_000
) -> int | None:
    """The first offset at which similarity rises again: dot(k) > dot(k - 1).

    Args:
        d_model, base, spacing: as for :func:`posenc.encodings.sinusoidal`.
        limit: the largest offset looked at, at least 1.

    Returns:
        The offset k, at least 2, or None if there is none up to the limit.
    """
    return _first(lambda dot: np.diff(dot) > 0, 1, d_model, base, spacing, limit)


def first_negative(
    d_model: int, *, base: float = BASE, spacing: str = "paper", limit: int = 1_000_000
) -> int | None:
    """The first offset at which the dot product is negative. Args and result as `first_rise`."""
    return _first(lambda dot: dot[1:] < 0, 1, d_model, base, spacing, limit)


def _first(
    test: Callable[[Floats], NDArray[np.bool_]],
    start: int,
    d_model: int,
    base: float,
    spacing: str,
    limit: int,
) -> int | None:
    """The first offset from start on at which a test of (dot(k-1), dot(k)) holds."""
    last = checks.whole(limit, "limit", least=1)
    step = 1024
    for at in range(start, last + 1, step):
        k = np.arange(at - 1, min(at + step, last + 1), dtype=np.float64)
        hits = np.flatnonzero(test(dot_by_offset(k, d_model, base=base, spacing=spacing)))
        if hits.size:
            return at + int(hits[0])
    return None


# -- shifts --------------------------------------------------------------------------------------


def shift_matrix(
    k: float,
    d_model: int,
    *,
    base: float = BASE,
    layout: str = "interleaved",
    spacing: str = "paper",
) -> Floats:
    """The matrix that moves every sinusoidal vector by k: no position is in it.

    For every t: ``sinusoidal(t + k) = sinusoidal(t) @ shift_matrix(k).T``. Each pair (sin, cos) is
    turned by its own angle omega_i k, so the matrix is orthogonal, its inverse is
    ``shift_matrix(-k)``, and shifts add: ``shift_matrix(k + l) = shift_matrix(k) @ shift_matrix(l)``.

    Args:
        k: the offset, any finite real number.
        d_model, base, layout, spacing: as for :func:`posenc.encodings.sinusoidal`.

    Returns:
        Shape (d, d).

    Source: the angle-addition formulas; the claim is the paper's, section 3.5.
    """
    offset = checks.finite(k, "k")
    d = checks.width(d_model)
    pair, cosine = channel_map(d, layout=checks.choice(layout, "layout", LAYOUTS))
    omega = frequencies(d, base=base, spacing=spacing)
    angle = omega * offset
    sine_at, cosine_at = np.empty(d // 2, dtype=int), np.empty(d // 2, dtype=int)
    sine_at[pair[~cosine]] = np.flatnonzero(~cosine)
    cosine_at[pair[cosine]] = np.flatnonzero(cosine)
    matrix = np.zeros((d, d))
    matrix[sine_at, sine_at] = np.cos(angle)
    matrix[sine_at, cosine_at] = np.sin(angle)
    matrix[cosine_at, sine_at] = -np.sin(angle)
    matrix[cosine_at, cosine_at] = np.cos(angle)
    return matrix


def pair_map(before: Floats, after: Floats) -> Floats:
    """The one 2 x 2 matrix that takes a pair of channels at two positions to the pair at two others.

    It is solved from the values alone (Cramer's rule) and knows no formula, so it can test one:
    from rows t and t + 1 to rows t + k and t + k + 1 of the sinusoidal table it must come out the
    same for every t, namely the pair's block of :func:`shift_matrix`.

    Args:
        before: shape (2, 2), a pair's values (sine, cosine) at two positions, one position a row.
        after: shape (2, 2), what each row becomes.

    Returns:
        Shape (2, 2), the matrix M with ``after = before @ M.T``.

    Raises:
        ValueError: another shape, or rows of ``before`` on one line through zero, which many
            matrices fit.
    """
    given = {"before": checks.table(before, "before"), "after": checks.table(after, "after")}
    for name, rows in given.items():
        if rows.shape != (2, 2):
            raise ValueError(f"{name} has shape {rows.shape}; it must be two rows of one pair each")
    (a, b), (c, d) = given["before"]
    determinant = a * d - b * c
    if determinant == 0:
        raise ValueError(
            f"before={checks.shown(before)} has both rows on one line through zero; "
            "they must point different ways"
        )
    first, second = given["after"]
    columns = [(first * d - second * b) / determinant, (second * a - first * c) / determinant]
    return np.stack(columns, axis=1)


CUTOFF: Final = 1e-10
"""Directions of a table that carry less than this share of its largest are rounding, not signal."""


@dataclass(frozen=True)
class LinearShift:
    """The best linear map from row t to row t + k, and how well it does.

    Attributes:
        matrix: shape (d, d); row t + k is approximately row t @ matrix.T.
        residual: what is left over, relative: the Frobenius norm of the error over that of the
            shifted rows; 0 for a perfect map, 1 for the zero map.
        worst: the largest error of any single value.
        rank: how many directions of the rows that the map is fitted on carry more than
            :data:`CUTOFF` of the largest; the map takes the others to zero.
        condition: their condition number; a large one means that the fit leans on differences
            too small to matter in practice. Beyond 1 / ``CUTOFF`` it is itself rounding.
    """

    matrix: Floats
    residual: float
    worst: float
    rank: int
    condition: float


def best_linear_shift(table: Floats, k: int) -> LinearShift:
    """The least-squares linear map that takes row t of a table to row t + k, for all t at once.

    Args:
        table: shape (n, d), consecutive positions.
        k: the offset, whole, of either sign; more than d rows must remain on either side of it,
            since a map of d^2 numbers fits fewer rows perfectly and proves nothing.

    Returns:
        :class:`LinearShift`.
    """
    rows = checks.table(table)
    offset = checks.whole(k, "k")
    n, d = rows.shape
    if n - abs(offset) <= d:
        raise ValueError(
            f"table has {n} rows, of which k={offset} leaves {max(n - abs(offset), 0)} to fit; "
            f"it must leave more than its width, {d}"
        )
    before, after = _shifted(rows, offset)
    solution, _, rank, singular = np.linalg.lstsq(before, after, rcond=CUTOFF)
    error = before @ solution - after
    return LinearShift(
        matrix=np.asarray(solution.T, dtype=np.float64),
        residual=_relative(error, after),
        worst=float(np.abs(error).max()),
        rank=int(rank),
        condition=float(singular[0] / singular[-1]) if singular[-1] > 0 else math.inf,
    )


def _shifted(rows: Floats, k: int) -> tuple[Floats, Floats]:
    """The rows that have a row k further on, and those rows."""
    n = len(rows)
    return (rows[: n - k], rows[k:]) if k >= 0 else (rows[-k:], rows[: n + k])


def _relative(error: Floats, truth: Floats) -> float:
    scale = float(np.linalg.norm(truth))
    return float(np.linalg.norm(error)) / scale if scale else 0.0


@dataclass(frozen=True)
class TriedShift:
    """A linear map fitted on the first half of a table and tried on the second.

    Attributes:
        shift: the map and how well it fits the first half.
        held_out: what is left over on the second half, of which the fit saw no row; relative, as
            ``shift.residual`` is. A law of the encoding holds there too, a mere fit does not.
        errors: shape (n - |k|,): for each row that has a row k further on, the length of the error
            over the root mean square length of a row of the table.
    """

    shift: LinearShift
    held_out: float
    errors: Floats


def tried_linear_shift(table: Floats, k: int) -> TriedShift:
    """Fits the linear map from row t to row t + k on one half of a table, and tries it on the other.

    A map of d^2 numbers can follow a window of any smooth table. Whether there is one map for every
    t shows on positions that the fit has not seen.

    Args:
        table: shape (n, d), consecutive positions; rows 0 .. n//2 - 1 are fitted.
        k: the offset, whole, of either sign; more than d rows of the half must remain on either
            side of it.

    Returns:
        :class:`TriedShift`.
    """
    rows = checks.table(table)
    offset = checks.whole(k, "k")
    half = len(rows) // 2
    shift = best_linear_shift(rows[:half], offset)
    before, after = _shifted(rows[half:], offset)
    all_before, all_after = _shifted(rows, offset)
    size = float(np.sqrt(np.mean(np.sum(rows**2, axis=1))))
    lengths = np.linalg.norm(all_before @ shift.matrix.T - all_after, axis=1)
    return TriedShift(
        shift=shift,
        held_out=_relative(before @ shift.matrix.T - after, after),
        errors=lengths / size if size else lengths,
    )


# -- closest pairs -------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClosestPair:
    """The two positions whose vectors are nearest to each other.

    Attributes:
        first, second: the positions, first < second.
        distance: the Euclidean distance of their vectors.
    """

    first: int
    second: int
    distance: float

    @property
    def offset(self) -> int:
        """How far apart the two positions are."""
        return self.second - self.first


def closest_pair(
    length: int, d_model: int, *, base: float = BASE, spacing: str = "paper"
) -> ClosestPair:
    """The closest two of the sinusoidal vectors of positions 0 .. length-1.

    Their distance depends on their offset only, so length - 1 offsets are looked at instead of all
    pairs. Each pair of channels adds a square to the squared distance, so an offset is dropped as
    soon as a few channels put it beyond the best one known: a million positions take about a
    second at any width.

    Args:
        length: how many positions, at least 2.
        d_model, base, spacing: as for :func:`posenc.encodings.sinusoidal`.

    Returns:
        :class:`ClosestPair` with first = 0 and second = the offset (the smallest one, where
        several are equally close).
    """
    n = checks.length(length, least=2)
    omega = frequencies(d_model, base=base, spacing=spacing)

    def square(k: Floats, some: Floats) -> Floats:
        squares: Floats = 4.0 * np.square(np.sin(k[:, None] * some / 2.0)).sum(axis=1)
        return squares

    best_offset = 1
    best = float(square(np.ones(1), omega)[0])
    for at in range(2, n, _CHUNK):
        k = np.arange(at, min(at + _CHUNK, n), dtype=np.float64)
        partial = np.zeros(k.size)
        done, step = 0, 1
        while done < omega.size and k.size:
            partial = partial + square(k, omega[done : done + step])
            done, step = done + step, step * 2
            near = partial < best
            k, partial = k[near], partial[near]
        if k.size:
            nearest = int(np.argmin(partial))
            best, best_offset = float(partial[nearest]), int(k[nearest])
    return ClosestPair(0, best_offset, math.sqrt(best))


def closest_rows(table: Floats) -> ClosestPair:
    """The closest two rows of any table, all pairs compared.

    Args:
        table: shape (n, d), n at least 2. The cost grows as n^2 d: fine for some thousand rows.

    Returns:
        :class:`ClosestPair`; rows that are equal give exactly 0.
    """
    rows = checks.table(table, least=2)
    centred = rows - rows.mean(axis=0)
    norms = np.square(centred).sum(axis=1)
    best, pair = math.inf, (0, 1)
    step = max(1, (1 << 22) // len(rows))
    # The quick formula |x|^2 + |y|^2 - 2 x.y cancels badly for near rows, so it only nominates:
    # whatever it cannot rule out is measured by subtraction.
    doubt = 8.0 * np.finfo(np.float64).eps * rows.shape[1] * float(norms.max())
    for at in range(0, len(rows) - 1, step):
        some = slice(at, min(at + step, len(rows)))
        quick = norms[some, None] + norms[None, at:] - 2.0 * centred[some] @ centred[at:].T
        quick[np.tril_indices(quick.shape[0], 0, quick.shape[1])] = math.inf
        for a, b in np.argwhere(quick <= min(float(quick.min()), best) + 2.0 * doubt):
            exact = float(np.square(rows[at + a] - rows[at + b]).sum())
            if exact < best:
                best, pair = exact, (at + int(a), at + int(b))
                if best == 0.0:
                    return ClosestPair(*pair, 0.0)
    return ClosestPair(*pair, math.sqrt(best))


# -- turns ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turns:
    """How far each pair of channels turns while a sequence is read.

    Attributes:
        turns: shape (d/2,), full turns of each pair from position 0 to position L - 1.
        unfinished: how many channels never finish one turn (two for each such pair).
    """

    turns: Floats
    unfinished: int


def turns(length: int, d_model: int, *, base: float = BASE, spacing: str = "paper") -> Turns:
    """The turns that each pair makes between the first and the last position of a sequence.

    Args:
        length: L, at least 1; from position 0 to L - 1 there are L - 1 steps.
        d_model, base, spacing: as for :func:`posenc.encodings.sinusoidal`.

    Returns:
        :class:`Turns`: omega_i (L - 1) / 2 pi for each pair, and the channels for which it is
        below 1.
    """
    n = checks.length(length, least=1)
    made = frequencies(d_model, base=base, spacing=spacing) * (n - 1) / TURN
    return Turns(made, 2 * int(np.count_nonzero(made < 1.0)))


def doubling_width(base: float = BASE) -> float:
    """The width at which neighbouring wavelengths double, as the bits of a binary counter do.

    Neighbouring wavelengths differ by the factor b^(2/d), which is 2 at d = 2 ln b / ln 2.

    Args:
        base: the base b, above 1 (at 1 and below, wavelengths do not grow).

    Returns:
        The width, a real number: 26.6 for the paper's base.
    """
    b = checks.base(base)
    if b <= 1:
        raise ValueError(f"base={b:g} is too small; it must be above 1 for wavelengths to grow")
    return 2.0 * math.log(b) / math.log(2.0)


# -- 16-bit floats -------------------------------------------------------------------------------


def round_to(values: Floats, dtype: str) -> Floats:
    """Values rounded to a 16-bit float, ties to even, and given back as float64.

    Args:
        values: a real array of any shape.
        dtype: "float16" (11 significant bits, up to 65 504) or "bfloat16" (8 significant bits, the
            range of float32).

    Returns:
        The same shape. Values beyond the largest one become infinite, as they do in the hardware.
    """
    name = checks.choice(dtype, "dtype", FLOATS)
    x = np.asarray(values)
    if x.dtype.kind not in "iuf":
        raise TypeError(f"values holds values of type {x.dtype}; it must be a real array")
    x = x.astype(np.float64, copy=False)
    if name == "float16":
        with np.errstate(over="ignore"):
            halves: Floats = x.astype(np.float16).astype(np.float64)
        return halves
    # bfloat16 is float32 without its last 16 bits: 8 significant bits, exponents from -126.
    exponent = np.maximum(np.frexp(x)[1] - 1, -126)
    result = np.ldexp(np.rint(np.ldexp(x, 7 - exponent)), exponent - 7)
    brains: Floats = np.where(
        np.abs(result) > 3.3895313892515355e38, np.copysign(np.inf, result), result
    )
    return brains


@dataclass(frozen=True)
class Rounded:
    """What 16-bit floats leave of a sequence's positions.

    Attributes:
        length: how many positions there are.
        distinct: how many different vectors they have after rounding.
        shared: how many positions share their vector with another position.
        lost: how many positions have no vector left: rounded, they are infinite, and the sine of
            infinity is not a number. They are the last ones, from ``length - lost`` on, and count
            neither as distinct nor as shared.
        first: the first two positions with one vector, or None: the second is the earliest
            position that repeats an earlier one.
    """

    length: int
    distinct: int
    shared: int
    lost: int
    first: tuple[int, int] | None


def rounded(
    length: int,
    d_model: int,
    *,
    base: float = BASE,
    spacing: str = "paper",
    dtype: str = "float16",
    what: str = "table",
) -> Rounded:
    """How many sinusoidal vectors are still different after rounding to 16-bit floats.

    Args:
        length: L, at least 1; a million takes about a second.
        d_model, base, spacing: as for :func:`posenc.encodings.sinusoidal`.
        dtype: "float16" or "bfloat16".
        what: "table", the values of the table are rounded, as when a table is stored; or
            "positions", the position itself is rounded before its sine is taken, as when a model
            computes its encoding in 16 bits.

    Returns:
        :class:`Rounded`.

    Source: rounding positions is a known bug of real systems: openvinotoolkit/openvino#33214.
    """
    n = checks.length(length, least=1)
    omega = frequencies(d_model, base=base, spacing=spacing)
    name = checks.choice(dtype, "dtype", FLOATS)
    if checks.choice(what, "what", ("table", "positions")) == "positions":
        # Beyond 65 504 a float16 is infinite, and an infinite position has no sine.
        finite = int(np.count_nonzero(np.isfinite(round_to(np.arange(n, dtype=np.float64), name))))
        kept = _groups(finite, [lambda at: round_to(at, name)])
        return Rounded(n, kept.distinct, kept.shared, n - finite, kept.first)

    def wave(function: Callable[[Floats], Floats], w: float) -> Callable[[Floats], Floats]:
        return lambda at: round_to(function(at * w), name)

    return _groups(n, [wave(f, float(w)) for w in omega for f in (np.sin, np.cos)])


def _groups(n: int, keys: list[Callable[[Floats], Floats]]) -> Rounded:
    """`Rounded` for positions 0 .. n-1 that are the same where all their keys are equal.

    Positions are split into groups one key at a time, and one that is alone in its group is done:
    after the first few keys there is little left to do.
    """
    at = np.arange(n)
    group = np.zeros(n, dtype=np.int64)
    for key in keys:
        part = np.unique(key(at.astype(np.float64)), return_inverse=True)[1].ravel()
        both = group * (int(part.max()) + 1) + part
        group = np.unique(both, return_inverse=True)[1].ravel()
        shared = np.bincount(group)[group] > 1
        at, group = at[shared], group[shared]
        if not at.size:
            return Rounded(n, n, 0, 0, None)
    distinct = n - at.size + np.unique(group).size
    return Rounded(n, int(distinct), int(at.size), 0, _first_repeat(at, group))


def _first_repeat(at: NDArray[np.int64], group: NDArray[np.int64]) -> tuple[int, int]:
    """The earliest position that is in an earlier one's group, with that earlier one."""
    _, start, inverse = np.unique(group, return_index=True, return_inverse=True)
    repeats = np.flatnonzero(start[inverse.ravel()] != np.arange(at.size))
    second = int(repeats[0])
    return int(at[start[inverse.ravel()[second]]]), int(at[second])
