"""Just enough attention to see what an encoding does to it, and a recurrent network beside it.

Nothing here is trained. Words get fixed random vectors and heads random weights, the same on every
machine (:mod:`posenc.draws`), because what the book shows with them holds for *any* weights.
``js/attention.js`` is the same module in JavaScript, held equal by a test.

Vectors are rows, a weight matrix of shape (out, in) takes row x to ``x @ w.T``, as
``torch.nn.Linear`` does.

Source: *the paper* is Vaswani et al., "Attention Is All You Need" (2017), section 3.2.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from posenc import checks, draws
from posenc.analysis import shift_matrix
from posenc.checks import Floats, Positions
from posenc.encodings import BASE
from posenc.relative import rotate

Mask: TypeAlias = NDArray[np.bool_]
"""True where a query may look at a key."""

SPACES: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\u200b\ufeff"
)
"""What parts words: the characters that Unicode calls white space, and two more that print nothing
and would make words that look equal differ: U+200B, which parts words in scripts without spaces,
and U+FEFF, which some programs put before a text. Joiners stay, since they hold emoji together."""

_PARTS = re.compile(f"[{SPACES}]+")


# -- words ---------------------------------------------------------------------------------------


def split_words(text: str, most: int | None = None) -> list[str]:
    """The words of a text: what stands between white space, as it is written.

    Args:
        text: any text. Punctuation, markup, emoji and right-to-left script are kept as they are.
        most: how many words to give at most, at least 0; all of them by default.

    Returns:
        The words in the order in which they are stored; none is empty.
    """
    if not isinstance(text, str):
        raise TypeError(
            f"text={checks.shown(text)} is of type {type(text).__name__}; it must be a str"
        )
    words = [word for word in _PARTS.split(text) if word]
    return words if most is None else words[: checks.whole(most, "most", least=0)]


def word_vectors(words: Iterable[str], d_model: int) -> Floats:
    """A vector for each word, decided by its spelling and by nothing else.

    Every distinct spelling has a random vector of its own, and one spelling has the same vector
    wherever it stands: that is all that the book's arguments about order need. Nothing in these
    vectors was learned, and words of like meaning are no nearer to each other than others.

    Args:
        words: n words, such as :func:`split_words` gives.
        d_model: the width d, positive, odd or even.

    Returns:
        Shape (n, d), entries normally distributed with mean 0 and variance 1.
    """
    if isinstance(words, str):
        raise TypeError(
            f"words={checks.shown(words)} is one text; it must be a list of words: split_words(text)"
        )
    items = list(words)
    for at, word in enumerate(items):
        if not isinstance(word, str):
            raise TypeError(f"words[{at}]={checks.shown(word)} must be a str")
    d = checks.width(d_model, paired=False)
    vectors = np.empty((len(items), d))
    for row, word in zip(vectors, items, strict=True):
        row[:] = draws.normals(f"word {word}", d)
    return vectors


# -- attention -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attended:
    """What attention did.

    Attributes:
        scores: shape (..., n, m), the dot product of query and key over sqrt(d_k), with the bias
            if there is one; minus infinity where the mask forbids to look.
        weights: shape (..., n, m), the softmax of each row of scores: at least 0, every row sums
            to 1.
        output: shape (..., n, d_v), for each query the mean of the values with its weights.
    """

    scores: Floats
    weights: Floats
    output: Floats


@dataclass(frozen=True)
class Head:
    """The weights of one attention head.

    Attributes:
        w_q, w_k: shape (d_k, d): they make queries and keys, ``x @ w_q.T`` and ``x @ w_k.T``.
        w_v: shape (d_v, d): it makes values.
    """

    w_q: Floats
    w_k: Floats
    w_v: Floats

    def __post_init__(self) -> None:
        for name in ("w_q", "w_k", "w_v"):
            object.__setattr__(self, name, checks.table(getattr(self, name), name))
        d_k, d = self.w_q.shape
        if self.w_k.shape != (d_k, d):
            raise ValueError(
                f"w_k has shape {self.w_k.shape}; it must be {(d_k, d)}, the shape of w_q"
            )
        if self.w_v.shape[1] != d:
            raise ValueError(
                f"w_v has shape {self.w_v.shape}; it must be (d_v, {d}), as wide as w_q"
            )


def random_head(d_model: int, d_head: int | None = None, seed: int = 0) -> Head:
    """A head with random weights.

    Args:
        d_model: the width d of what it reads, positive.
        d_head: the width of its queries, keys and values, positive; d by default.
        seed: a whole number of at least 0; the same seed gives the same weights.

    Returns:
        :class:`Head`, its three matrices of shape (d_head, d), entries normally distributed with
        variance 1/d, so that vectors with entries of variance 1 give queries with the same.
    """
    d = checks.width(d_model, paired=False)
    width = d if d_head is None else checks.width(d_head, "d_head", paired=False)
    return Head(*(_random_matrix(f"head {name}", width, d, seed) for name in "qkv"))


def look_back_head(k: int, d_model: int, *, base: float = BASE) -> Head:
    """A head that looks k positions back, made by hand for sinusoidal encodings.

    Its queries are the encodings shifted by -k (:func:`posenc.analysis.shift_matrix`), its keys and
    values are the encodings themselves. So query t is the key of position t - k, and no key gives
    it a higher score. Possibility, not behaviour: no training is made to find these weights.

    Args:
        k: how far back, any finite number; a negative one looks ahead.
        d_model: the width d, positive and even.
        base: the base b of the encoding, above 0.
    """
    d = checks.width(d_model)
    return Head(shift_matrix(-checks.finite(k, "k"), d, base=base), np.eye(d), np.eye(d))


def softmax(scores: Floats) -> Floats:
    """The softmax along the last axis: exp(score) over the sum of exp(score).

    The largest score of a row is taken off first, which changes nothing and keeps any finite score
    from overflowing.

    Args:
        scores: shape (..., m), real; minus infinity counts as forbidden and gets weight 0.

    Returns:
        The same shape; the numbers of a row are at least 0 and sum to 1.

    Raises:
        ValueError: a row has nothing but minus infinity, or there is NaN or plus infinity.
    """
    x = checks.array(scores, "scores", least=1)
    if np.isnan(x).any() or (x == np.inf).any():
        raise ValueError("scores holds NaN or plus infinity; each must be finite or minus infinity")
    if x.shape[-1] == 0:
        if x.size == 0 and 0 in x.shape[:-1]:
            return x
        raise ValueError(f"scores has shape {x.shape}; it must have at least one column")
    most = x.max(axis=-1, keepdims=True)
    _refuse_forbidden(most == -np.inf)
    with np.errstate(under="ignore"):
        grown = np.exp(x - most)
    weights: Floats = grown / grown.sum(axis=-1, keepdims=True)
    return weights


def _refuse_forbidden(forbidden: Mask) -> None:
    """Refuses rows (..., n, 1) in which everything is forbidden."""
    bad = np.argwhere(forbidden[..., 0])
    if len(bad):
        at = ", ".join(str(place) for place in bad[0].tolist())
        where = f"row {at} of scores" if at else "scores"
        raise ValueError(
            f"{where} is minus infinity throughout: it may look at nothing; "
            f"a mask must leave at least one key to every query"
        )


def causal_mask(n: int) -> Mask:
    """The mask under which a position sees itself and what came before it.

    Args:
        n: how many positions, at least 0.

    Returns:
        Shape (n, n), True where key s is not after query t, that is s <= t.
    """
    return np.tri(checks.length(n, "n"), dtype=np.bool_)


def attention(
    queries: Floats,
    keys: Floats,
    values: Floats,
    *,
    mask: Mask | None = None,
    bias: Floats | None = None,
) -> Attended:
    """Scaled dot-product attention: softmax(Q K^T / sqrt(d_k)) V.

    Without mask and bias, nothing in it depends on where a row stands. Permute the keys and values alike, and the output
    stays; permute the queries, and the output is permuted alike. In floats this holds up to
    rounding, since the same sums are taken in another order.

    Args:
        queries: shape (..., n, d_k).
        keys: shape (..., m, d_k).
        values: shape (..., m, d_v).
        mask: shape (..., n, m) or one that broadcasts to it, True where a query may look. Leading
            dimensions are heads, or whatever else they are; they broadcast.
        bias: what is added to the scores, of the same shape as a mask, such as
            :func:`posenc.relative.alibi_bias` gives; minus infinity forbids as the mask does.

    Returns:
        :class:`Attended`.

    Raises:
        ValueError: shapes that do not go together, values that are not finite, or a query that may
            look at no key.

    Source: the paper, equation (1). Equal to ``torch.nn.functional.scaled_dot_product_attention``.
    """
    q, k, v = (
        _finite(checks.array(array, name, least=2), name)
        for array, name in ((queries, "queries"), (keys, "keys"), (values, "values"))
    )
    if q.shape[-1] < 1 or k.shape[-1] != q.shape[-1]:
        raise ValueError(
            f"keys has shape {k.shape}, queries has shape {q.shape}; "
            f"both must have the same width, at least 1"
        )
    if v.shape[-2] != k.shape[-2]:
        raise ValueError(
            f"values has shape {v.shape}; it must have a row for each of the {k.shape[-2]} keys"
        )
    for name, array in (("keys", k), ("values", v)):
        if not _broadcast(array.shape[:-2], q.shape[:-2]):
            raise ValueError(
                f"{name} has shape {array.shape}, queries has shape {q.shape}; "
                f"what stands before the last two must be alike"
            )
    with np.errstate(over="ignore", invalid="ignore"):
        scores: Floats = q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1])
    if not np.isfinite(scores).all():
        raise ValueError("queries times keys overflows; both must be smaller")
    if bias is not None:
        scores = scores + _checked_bias(bias, scores.shape)
    if mask is not None:
        scores = np.where(_checked_mask(mask, scores.shape), scores, -np.inf)
    weights = softmax(scores)
    return Attended(scores, weights, weights @ v)


def self_attention(
    x: Floats,
    head: Head,
    *,
    causal: bool = False,
    bias: Floats | None = None,
    rotary: Positions | None = None,
    base: float = BASE,
) -> Attended:
    """One head reading a sequence: every position attends to all, or to those not after it.

    Without a mask, a bias or a rotation it is permutation equivariant: ``self_attention(x[p], head).output`` is
    ``self_attention(x, head).output[p]`` for every permutation p, up to rounding. Each of the three
    breaks this, since it asks where a row stands.

    Args:
        x: shape (n, d).
        head: weights for width d.
        causal: whether :func:`causal_mask` is applied.
        bias: what is added to the scores: shape (n, n), as for :func:`attention`.
        rotary: the positions, n of them or the length n, by which queries and keys are turned
            (:func:`posenc.relative.rotate`); they are not turned by default. The head's d_k must
            be even then.
        base: the base b of that turn.

    Returns:
        :class:`Attended`.
    """
    rows = checks.table(x, "x", least=0)
    d = head.w_q.shape[1]
    if rows.shape[1] != d:
        raise ValueError(f"x has shape {rows.shape}; its width must be {d}, that of the head")
    queries, keys = rows @ head.w_q.T, rows @ head.w_k.T
    if rotary is not None:
        queries, keys = (rotate(made, rotary, base=base) for made in (queries, keys))
    return attention(
        queries,
        keys,
        rows @ head.w_v.T,
        mask=causal_mask(len(rows)) if causal else None,
        bias=bias,
    )


# -- one at a time -------------------------------------------------------------------------------


def random_recurrence(d_model: int, seed: int = 0) -> tuple[Floats, Floats]:
    """Random weights for :func:`recurrent_states`.

    Args:
        d_model: the width d, positive.
        seed: a whole number of at least 0; the same seed gives the same weights.

    Returns:
        ``(w_state, w_input)``, each of shape (d, d), entries normally distributed with variance
        1/d.
    """
    d = checks.width(d_model, paired=False)
    state, given = (_random_matrix(f"recurrence {name}", d, d, seed) for name in ("state", "input"))
    return state, given


def recurrent_states(x: Floats, w_state: Floats, w_input: Floats) -> Floats:
    """The states of a simple recurrent network: h_t = tanh(W_s h_(t-1) + W_x x_t).

    State t takes t + 1 steps, each of which needs the one before; order is built in.

    Args:
        x: shape (n, d_x), one row for each step.
        w_state: W_s, shape (d, d).
        w_input: W_x, shape (d, d_x).

    Returns:
        Shape (n, d): the state after each step. The state before the first is 0.

    Source: Elman, "Finding Structure in Time" (1990).
    """
    rows = checks.table(x, "x", least=0)
    state = checks.table(w_state, "w_state")
    given = checks.table(w_input, "w_input")
    d = len(state)
    if state.shape != (d, d):
        raise ValueError(f"w_state has shape {state.shape}; it must be square")
    if given.shape != (d, rows.shape[1]):
        raise ValueError(
            f"w_input has shape {given.shape}; it must be {(d, rows.shape[1])}, "
            f"from the width of x to that of w_state"
        )
    states = np.empty((len(rows), d))
    last = np.zeros(d)
    for t, row in enumerate(rows):
        last = np.tanh(state @ last + given @ row)
        states[t] = last
    return states


# -- checks --------------------------------------------------------------------------------------


def _random_matrix(name: str, n: int, d: int, seed: int) -> Floats:
    """Shape (n, d), normally distributed with variance 1/d."""
    return draws.normals(name, n * d, checks.seed(seed)).reshape(n, d) / math.sqrt(d)


def _finite(array: Floats, name: str) -> Floats:
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds values that are not finite; each must be")
    return array


def _broadcast(shape: tuple[int, ...], other: tuple[int, ...]) -> bool:
    try:
        np.broadcast_shapes(shape, other)
    except ValueError:
        return False
    return True


def _checked_bias(bias: object, shape: tuple[int, ...]) -> Floats:
    right = f"a real array that broadcasts to {shape}"
    added = checks.array(bias, "bias")
    if np.isnan(added).any() or (added == np.inf).any():
        raise ValueError("bias holds NaN or plus infinity; each must be finite or minus infinity")
    try:
        return np.broadcast_to(added, shape)
    except ValueError:
        raise ValueError(f"bias has shape {added.shape}; it must be {right}") from None


def _checked_mask(mask: Any, shape: tuple[int, ...]) -> Mask:
    right = f"an array of truth values that broadcasts to {shape}, True where a query may look"
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_:
        kind = str(getattr(mask, "dtype", type(mask).__name__))
        raise TypeError(f"mask is of type {kind}; it must be {right}")
    try:
        return np.broadcast_to(mask, shape)
    except ValueError:
        raise ValueError(f"mask has shape {mask.shape}; it must be {right}") from None
