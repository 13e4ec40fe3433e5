"""What a sum of token and position becomes in a score of attention: four terms.

``js/sums.js`` is the same module in JavaScript, held equal by a test.

A score compares what a query reads with what a key reads. Both read a sum of content and position,
and the product of two sums has four terms (Dai et al. 2019, "Transformer-XL", section 3.3; Ke, He and
Liu 2021, "Rethinking Positional Encoding in Language Pre-training").
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posenc import checks
from posenc.checks import Floats

TERMS: Final = ("cc", "cp", "pc", "pp")
"""The four terms: the part of the query, then the part of the key; c content, p position."""


def four_terms(queries: Floats, keys: Floats) -> Floats:
    """The scores of a head, term by term.

    The query of position t is a sum of two parts, and so is the key of position s; their product is
    the sum of four products. Whatever the matrices of the head are, this is exact.

    Args:
        queries: shape (2, n, d), the content parts of the queries and their position parts.
        keys: shape (2, m, d), the same of the keys.

    Returns:
        Shape (4, n, m), in the order of :data:`TERMS`, each over sqrt(d) as scores are.
    """
    q = checks.array(queries, "queries", least=3)
    k = checks.array(keys, "keys", least=3)
    if q.ndim != 3 or k.ndim != 3 or q.shape[0] != 2 or k.shape[0] != 2 or q.shape[2] != k.shape[2]:
        raise ValueError(
            f"queries has shape {q.shape}, keys has shape {k.shape}; they must be (2, n, d) and "
            f"(2, m, d), content before position"
        )
    terms: Floats = np.einsum("and,bmd->abnm", q, k).reshape(4, q.shape[1], k.shape[1])
    return terms / math.sqrt(q.shape[2])


def term_shares(terms: Floats) -> Floats:
    """How much of the variance of the scores within their rows each term carries.

    What is the same along a row is taken off first: the softmax of a row does not see it. A term's
    share is its covariance with the sum, over the variance of the sum, so that shares add up to one.
    A negative share belongs to a term that works against the others.

    Args:
        terms: shape (terms, n, m).

    Returns:
        Shape (terms,); zeros where the sum does not vary at all.
    """
    parts = checks.array(terms, "terms", least=3)
    parts = parts - parts.mean(axis=2, keepdims=True)
    whole = parts.sum(axis=0)
    varies = float(np.square(whole).sum())
    # what is left of equal numbers is rounding, and has no shares
    if varies <= 1e-24 * max(1.0, float(np.square(np.asarray(terms)).sum())):
        return np.zeros(len(parts))
    shares: Floats = (parts * whole).sum(axis=(1, 2)) / varies
    return shares


def moved_weight(before: Floats, after: Floats) -> float:
    """How much of the attention went elsewhere: the mean over rows of half the sum of differences.

    Args:
        before, after: shape (n, m), rows that sum to one.

    Returns:
        A number from 0 (the same) to 1 (nothing looks where it did).
    """
    a, b = (checks.array(x, name, least=2) for x, name in ((before, "before"), (after, "after")))
    return float(np.abs(a - b).sum(axis=1).mean() / 2) if a.size else 0.0


# -- a real head -------------------------------------------------------------------------------------

BEGINS, ENDS, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_MARKS = re.compile(r"^[^\w\[]+|[^\w\]]+$")


class WordHead:
    """A head of MiniLM's first layer, for words of a small vocabulary.

    The model normalises the sum of a word's vector and a position's before a head reads it, and the
    spread of the sum is the divisor. So content and position of a query are the kept products of
    the head's weights with word and position, over the spread of their sum. What all queries share
    (biases, and the vector of the first sentence of two) is counted as content.

    Args:
        arrays: of ``posenc.data.load("terms-minilm")``.
        words: its vocabulary, in the notes of that file.
        head: which head, counted from 0.
    """

    def __init__(
        self, arrays: Mapping[str, NDArray[np.generic]], words: Sequence[str], head: int
    ) -> None:
        self._at = {word: at for at, word in enumerate(words)}
        self._inverse = np.asarray(arrays["inverse"], dtype=np.float64)
        self._parts = [
            [np.asarray(arrays[f"{part}{head}{kind}"], dtype=np.float64) for kind in "wps"]
            for part in "qk"
        ]

    def tokens(self, words: Sequence[str]) -> list[str]:
        """The words as the model reads them: small letters, no marks around them, a beginning and an
        end; one that is not in the vocabulary is read as unknown."""
        plain = [_MARKS.sub("", word).lower() for word in words]
        inside = [word if word in self._at else UNKNOWN for word in plain]
        return [BEGINS, *inside, ENDS]

    def parts(self, words: Sequence[str]) -> tuple[Floats, Floats]:
        """Queries and keys, each of shape (2, n, 32), for :func:`four_terms`."""
        at = [self._at[word] for word in self.tokens(words)]
        n = len(at)
        if n > self._inverse.shape[1]:
            most = self._inverse.shape[1] - 2
            raise ValueError(f"words has {len(words)} words; it must have at most {most}")
        scale = self._inverse[at, np.arange(n)][:, None]
        made = [
            np.stack([word[at] * scale + shared, position[:n] * scale])
            for word, position, shared in self._parts
        ]
        return made[0], made[1]

    def terms(self, words: Sequence[str]) -> Floats:
        """The four terms of the scores, shape (4, n, n), beginning and end counted in n."""
        return four_terms(*self.parts(words))
