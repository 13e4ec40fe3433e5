"""Sums of token and position: the algebra, and the real head against what the model says of itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posenc import attention, data, sums

rng = np.random.default_rng(5)


@given(n=st.integers(1, 6), m=st.integers(1, 6), d=st.integers(1, 9), seed=st.integers(0, 99))
def test_the_four_terms_are_the_score_computed_whole(n, m, d, seed):
    dice = np.random.default_rng(seed)
    x, p, y, q = (dice.normal(size=(rows, d)) for rows in (n, n, m, m))
    w_q, w_k = dice.normal(size=(2, 5, d))
    queries, keys = np.stack([x @ w_q.T, p @ w_q.T]), np.stack([y @ w_k.T, q @ w_k.T])
    terms = sums.four_terms(queries, keys)
    own = attention.attention((x + p) @ w_q.T, (y + q) @ w_k.T, y).scores
    np.testing.assert_allclose(terms.sum(axis=0), own, atol=1e-11)
    # each term by its definition, with the matrix between
    w = w_q.T @ w_k / math.sqrt(5)
    for term, (a, b) in zip(terms, ((x, y), (x, q), (p, y), (p, q)), strict=True):
        np.testing.assert_allclose(term, a @ w @ b.T, atol=1e-11)


def test_shares_add_up_and_see_only_what_a_softmax_sees():
    terms = rng.normal(size=(4, 6, 9)) * np.array([3.0, 1.0, 0.1, 2.0])[:, None, None]
    shares = sums.term_shares(terms)
    assert shares.sum() == pytest.approx(1)
    lifted = terms + rng.normal(size=(4, 6, 1))
    np.testing.assert_allclose(sums.term_shares(lifted), shares, atol=1e-12)
    np.testing.assert_allclose(
        attention.softmax(lifted.sum(axis=0)), attention.softmax(terms.sum(axis=0)), atol=1e-12
    )
    # independent terms: the share is the share of the variance
    big = rng.normal(size=(2, 300, 300)) * np.array([1.0, 3.0])[:, None, None]
    np.testing.assert_allclose(sums.term_shares(big), [0.1, 0.9], atol=0.01)
    # one that works against the others
    against = np.stack([2 * terms[0], -terms[0]])
    np.testing.assert_allclose(sums.term_shares(against), [2, -1])
    assert not sums.term_shares(np.ones((4, 3, 3)) * 0.1).any()


@pytest.mark.parametrize("bad", [np.ones((2, 3)), np.ones((3, 2, 2)), np.ones((2, 2, 3))])
def test_queries_and_keys_must_go_together(bad):
    with pytest.raises(ValueError, match="queries"):
        sums.four_terms(bad, np.ones((2, 2, 2)))


# -- the real head -----------------------------------------------------------------------------------

NOTES = data.notes("terms-minilm")


def test_a_real_heads_scores_are_near_the_models_own():
    assert NOTES["difference"] < 0.1  # of scores up to about 30; measured when the file was made
    head = sums.WordHead(data.load("terms-minilm"), NOTES["words"], 2)
    words = ["the", "dog", "bit", "the", "man"]
    assert head.tokens(words) == ["[CLS]", *words, "[SEP]"]
    weights = attention.softmax(head.terms(words).sum(axis=0))
    assert np.diagonal(weights, -1).min() > 0.95, "the head that looks one back"
    assert np.abs(head.terms(words)).max() > 25


def test_words_as_the_model_reads_them():
    head = sums.WordHead(data.load("terms-minilm"), NOTES["words"], 8)
    assert head.tokens(["The", "dog,", "(man)", "Zanzibar"]) == [
        "[CLS]",
        "the",
        "dog",
        "man",
        "[UNK]",
        "[SEP]",
    ]
    with pytest.raises(ValueError, match="at most 12"):
        head.terms(["the"] * 13)


def test_what_the_book_says_of_the_twelve_heads():
    heads = NOTES["heads"]
    assert len(heads) == 12
    shares = np.array([head["shares"] for head in heads])
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-3)
    back = [head["back"] for head in heads]
    assert np.argmax(back) == 2 and back[2] > 0.99
    assert shares[2, 3] > 0.9, "it reads positions"
    assert (shares.argmax(axis=1) == 0).sum() == 10, "ten heads read words above all"
    assert set(np.flatnonzero(shares.argmax(axis=1) == 3)) == {2, 5}
