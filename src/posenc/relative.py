"""Position inside attention: rotated queries and keys (RoPE), a bias on the score (ALiBi, T5).

Nothing here is added to a word's vector. What these encodings change is the score of a query and a
key, and they change it by the offset between the two. ``js/relative.js`` is the same module in
JavaScript, held equal by a test; :mod:`posenc.attention` applies what is made here.

Notation as everywhere: ``t`` the position of a query, ``s`` that of a key, ``k = t - s`` how far
the key lies back, ``d`` the width of a head, ``i`` a pair of its channels, ``b`` the base,
``omega_i = b^(-2i/d)`` radians per position.

Sources: *RoFormer* is Su et al., "RoFormer: Enhanced Transformer with Rotary Position Embedding"
(2021), equation (34). *ALiBi* is Press, Smith and Lewis, "Train Short, Test Long: Attention with
Linear Biases Enables Input Length Extrapolation" (2022), section 3, and the code published with
it. *T5* is Raffel et al., "Exploring the Limits of Transfer Learning with a Unified Text-to-Text
Transformer" (2020), section 2.1, and the code published with it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posenc import checks
from posenc.checks import Floats, Positions
from posenc.encodings import BASE, channel_map, frequencies

BUCKETS: Final = 32
"""How many buckets T5 sorts offsets into, both directions together."""

MAX_DISTANCE: Final = 128
"""From this distance on, all of T5's offsets share the last bucket of their direction."""

_LARGEST: Final = 1024
"""More buckets than this are refused: a table learned for offsets has a few dozen."""


# -- rotary: queries and keys are turned ----------------------------------------------------------


def rotate(
    x: Floats, positions: Positions, *, base: float = BASE, layout: str = "interleaved"
) -> Floats:
    """Queries or keys turned by their positions: RoPE.

    Pair i of the row at position t is turned by the angle t omega_i, from its first channel towards
    its second: (a, b) becomes (a cos - b sin, a sin + b cos). Turn queries and keys alike, and the
    score of query t and key s depends on where they stand by s - t alone; no length changes.

    It is the turn of :func:`posenc.analysis.shift_matrix` the other way round: ``rotate(x, [t])``
    is ``x @ shift_matrix(-t, d).T``, because the sinusoidal encoding writes an angle as (sin, cos),
    measured from the pair's second channel, and RoPE measures it from the first.

    Args:
        x: shape (..., n, d), d even; leading dimensions are heads, or whatever else they are.
        positions: n positions, one for each row, or the length n for 0 .. n-1.
        base: the base b, above 0.
        layout: which channels make a pair. "interleaved", channels 2i and 2i+1 (RoFormer, GPT-J);
            or "halves", channels i and i + d/2 (GPT-NeoX, LLaMA). Weights trained with one are
            permuted for the other, and are wrong without it.

    Returns:
        The shape of x, float64.

    Source: RoFormer, equation (34). The two forms of it in circulation, a matrix and an elementwise
    product, sometimes turn opposite ways in one text; either alone is consistent, both together
    are not.
    """
    rows = checks.array(x, "x", least=2)
    if not np.isfinite(rows).all():
        raise ValueError("x holds values that are not finite; each must be")
    d = checks.width(rows.shape[-1], "the width of x")
    t = checks.positions(positions)
    if len(t) != rows.shape[-2]:
        raise ValueError(
            f"positions holds {len(t)}, x has shape {rows.shape}; "
            f"each of its {rows.shape[-2]} rows must have a position"
        )
    _, second = channel_map(d, layout=layout)
    angles = t[:, None] * frequencies(d, base=base)
    cos, sin = np.cos(angles), np.sin(angles)
    a, b = rows[..., ~second], rows[..., second]  # in the order of their pairs in either layout
    turned = np.empty_like(rows)
    turned[..., ~second] = a * cos - b * sin
    turned[..., second] = a * sin + b * cos
    return turned


# -- ALiBi: the score pays for distance -----------------------------------------------------------


def alibi_slopes(heads: int) -> Floats:
    """What each head pays for one step of distance.

    For n heads, n a power of two, a geometric series: 2^(-8/n), 2^(-16/n), ..., 2^-8. For any other
    number the slopes of the largest power of two n below it come first, and then, as in the
    published code, the first, third, fifth ... of the slopes for 2n.

    Args:
        heads: how many heads, at least 1.

    Returns:
        Shape (heads,), above 0.

    Source: ALiBi, section 3, and ``get_slopes`` in its code for what is no power of two.
    """
    count = checks.whole(heads, "heads", least=1)
    n = 1 << (count.bit_length() - 1)
    own = np.exp2(-8.0 * np.arange(1, n + 1) / n)
    between = np.exp2(-4.0 * np.arange(1, 2 * (count - n), 2) / n)
    slopes: Floats = np.concatenate([own, between])
    return slopes


def alibi_bias(
    heads: int, n_queries: int, n_keys: int | None = None, *, causal: bool = False
) -> Floats:
    """What ALiBi adds to the scores: minus the head's slope times the distance.

    The paper has the causal form alone, for language models that look back. The symmetric form,
    with the distance to either side, is the usual extension of it to models that look both ways:
    under it a head cannot tell what stands before from what stands after.

    The published code adds slope times s instead of slope times (s - t), which differs by a
    constant in each row; the softmax takes it out again.

    Args:
        heads: how many heads, at least 1; slopes as in :func:`alibi_slopes`.
        n_queries: how many queries, at the positions 0, 1, ...
        n_keys: how many keys, at the same positions; as many as queries by default.
        causal: whether a query may look at no key after it: minus infinity there.

    Returns:
        Shape (heads, n_queries, n_keys): -slope |t - s|, to be added to the scores after they are
        divided by sqrt(d).

    Source: ALiBi, section 3.
    """
    slopes = alibi_slopes(heads)
    offset = _offsets(n_queries, n_keys)
    bias: Floats = 0.0 - slopes[:, None, None] * np.abs(offset)
    if causal:
        bias[:, offset > 0] = -np.inf
    return bias


# -- T5: a learned number for each bucket of offsets ----------------------------------------------


def t5_bucket(
    offset: Any,
    *,
    bidirectional: bool = True,
    buckets: int = BUCKETS,
    max_distance: int = MAX_DISTANCE,
) -> NDArray[np.int64]:
    """The bucket of an offset: one each for near keys, ever wider ones for far keys.

    Let m be the buckets of one direction. The first m/2 of them hold one distance each, 0, 1, ...;
    the others are spaced evenly on a logarithmic scale up to ``max_distance``, and the last holds
    all that is farther. With ``bidirectional``, half of the buckets are for keys before the query
    (and at it), and the other half for keys after it; without, keys after it count as distance 0
    (a causal mask hides them).

    Args:
        offset: key minus query, s - t, as in the published code: one whole number or an array of
            them, of any shape.
        bidirectional: whether the two directions are told apart.
        buckets: how many there are, both directions together; even and at least 4 with
            ``bidirectional``, at least 2 without.
        max_distance: where the last bucket begins at the latest; beyond the distances that have a
            bucket each.

    Returns:
        The shape of ``offset``, whole numbers from 0 to buckets - 1.

    Source: T5, section 2.1, and ``_relative_position_bucket`` in its code. The edges are computed
    here in whole numbers, where the code takes logarithms of floats.
    """
    k = _whole_numbers(offset, "offset")
    directions = 2 if bidirectional else 1
    count = checks.whole(buckets, "buckets")
    if count % directions or not 2 <= count // directions <= _LARGEST:
        even = "an even number" if bidirectional else "a whole number"
        raise ValueError(
            f"buckets={buckets} must be {even} from {2 * directions} to {_LARGEST * directions}"
        )
    own = count // directions
    distance = np.abs(k) if bidirectional else np.maximum(-k, 0)
    edges = np.array(_edges(own, max_distance), dtype=np.float64)
    bucket = np.searchsorted(edges, distance, side="right").astype(np.int64)
    return bucket + own * (k > 0) if bidirectional else bucket


def _edges(own: int, max_distance: int) -> list[int]:
    """The least distance of each bucket of one direction but the first.

    With e = m/2 (rounded down) distances that have a bucket each, bucket e + r begins at the least
    n with e + log(n/e) / log(D/e) (m - e) >= e + r, that is n^(m-e) >= D^r e^(m-e-r).
    """
    exact = own // 2
    far = checks.whole(max_distance, "max_distance", least=1)
    if far <= exact:
        raise ValueError(
            f"max_distance={max_distance} must be above {exact}, "
            f"since the distances below {exact} have a bucket each"
        )
    spread = own - exact
    edges = list(range(1, exact + 1))
    for r in range(1, spread):
        edges.append(_root(far**r * exact ** (spread - r), spread))
    return edges


def _root(n: int, degree: int) -> int:
    """The least whole number whose power of so high a degree is at least n."""
    high = 1 << -(-n.bit_length() // degree)
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        if middle**degree >= n:
            high = middle
        else:
            low = middle
    return high


def t5_bias(
    table: Floats,
    n_queries: int,
    n_keys: int | None = None,
    *,
    bidirectional: bool = True,
    max_distance: int = MAX_DISTANCE,
) -> Floats:
    """What T5 adds to the scores: the learned number of the offset's bucket, one for each head.

    T5 shares one table between all layers, and does not divide its scores by sqrt(d).

    Args:
        table: shape (buckets, heads), as the model stores it.
        n_queries: how many queries, at the positions 0, 1, ...
        n_keys: how many keys, at the same positions; as many as queries by default.
        bidirectional, max_distance: as for :func:`t5_bucket`.

    Returns:
        Shape (heads, n_queries, n_keys).

    Source: T5, section 2.1.
    """
    learned = checks.table(table)
    bucket = t5_bucket(
        _offsets(n_queries, n_keys),
        bidirectional=bidirectional,
        buckets=len(learned),
        max_distance=max_distance,
    )
    bias: Floats = np.moveaxis(learned[bucket], -1, 0)
    return bias


# -- checks ---------------------------------------------------------------------------------------


def _offsets(n_queries: int, n_keys: int | None) -> NDArray[np.int64]:
    """Key minus query, s - t, of shape (n_queries, n_keys)."""
    n = checks.length(n_queries, "n_queries")
    m = n if n_keys is None else checks.length(n_keys, "n_keys")
    return np.arange(m) - np.arange(n)[:, None]


def _whole_numbers(value: Any, name: str) -> NDArray[np.int64]:
    right = "whole numbers: one, or an array of them"
    array = np.asarray(value)
    if array.dtype.kind not in "iuf":
        kind = array.dtype if isinstance(value, np.ndarray) else type(value).__name__
        raise TypeError(f"{name}={checks.shown(value)} is of type {kind}; it must be {right}")
    # From 2^53 on, floats no longer count in ones.
    bad = array[~(np.isfinite(array) & (array == np.floor(array)) & (np.abs(array) < 2.0**53))]
    if bad.size:
        raise ValueError(f"{name} holds {bad.flat[0]:g}; it must be {right}, below 2^53")
    return array.astype(np.int64)
