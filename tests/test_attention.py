"""Attention against PyTorch and its own laws; words; a recurrent network."""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posenc import attention as att
from posenc import draws, encodings

REFERENCE = Path(__file__).parent / "reference" / "attention.npz"


@pytest.fixture(scope="module")
def reference():
    with np.load(REFERENCE) as file:
        return dict(file)


CASES = ("plain", "causal", "masked", "heads", "causal heads", "one", "large")


def theirs(reference, name):
    q, k, v = (reference[f"{name}/{what}"] for what in "qkv")
    mask = reference.get(f"{name}/mask")
    if f"{name}/causal" in reference:
        mask = att.causal_mask(q.shape[-2])
    return q, k, v, mask, reference[f"{name}/output"]


@pytest.mark.parametrize("name", CASES)
def test_torch_gives_the_same_output(name, reference):
    q, k, v, mask, output = theirs(reference, name)
    ours = att.attention(q, k, v, mask=mask)
    size = np.abs(v).max()
    assert ours.output.shape == output.shape
    np.testing.assert_allclose(ours.output, output, atol=1e-11 * size, rtol=0)
    # And it is no accident: without the mask, or with another scale, it is something else.
    if name not in ("one", "large"):
        assert np.abs(att.attention(2 * q, k, v, mask=mask).output - output).max() > 1e-3
        if mask is not None:
            assert np.abs(att.attention(q, k, v).output - output).max() > 1e-3


def test_no_case_of_the_reference_is_left_out(reference):
    names = {key.partition("/")[0] for key in reference} - {"origin", "recurrent"}
    assert names == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_weights_are_shares_and_nothing_forbidden_has_one(name, reference):
    q, k, v, mask, _ = theirs(reference, name)
    ours = att.attention(q, k, v, mask=mask)
    assert (ours.weights >= 0).all()
    np.testing.assert_allclose(ours.weights.sum(axis=-1), 1)
    allowed = np.ones_like(ours.scores, dtype=bool) if mask is None else mask
    allowed = np.broadcast_to(allowed, ours.scores.shape)
    assert (ours.weights[~allowed] == 0).all()
    assert (ours.scores[~allowed] == -np.inf).all()
    slow = np.einsum("...nd,...md->...nm", q, k) / math.sqrt(q.shape[-1])
    np.testing.assert_allclose(ours.scores[allowed], slow[allowed], rtol=1e-12, atol=1e-12)


def test_a_batch_is_its_heads_one_by_one(reference):
    q, k, v, mask, _ = theirs(reference, "heads")
    batch = att.attention(q, k, v, mask=mask)
    for at in np.ndindex(q.shape[:2]):
        alone = att.attention(q[at], k[at], v[at], mask=mask[at])
        np.testing.assert_allclose(batch.output[at], alone.output, atol=1e-14)
    shared = att.attention(q, k[0, 0], v[0, 0])
    np.testing.assert_allclose(
        shared.output[1, 2], att.attention(q[1, 2], k[0, 0], v[0, 0]).output, atol=1e-14
    )


# -- order -------------------------------------------------------------------------------------


@given(st.integers(1, 24), st.integers(1, 40), st.integers(0, 2**53), st.randoms())
def test_attention_is_permutation_equivariant(n, d, seed, chance):
    words = [f"w{chance.randrange(n)}" for _ in range(n)]
    x = att.word_vectors(words, d)
    order = np.array(chance.sample(range(n), n))
    head = att.random_head(d, seed=seed)
    straight, shuffled = att.self_attention(x, head), att.self_attention(x[order], head)
    np.testing.assert_allclose(shuffled.output, straight.output[order], atol=1e-12)
    np.testing.assert_allclose(shuffled.weights, straight.weights[np.ix_(order, order)], atol=1e-12)


def test_an_encoding_or_a_causal_mask_breaks_it():
    x = att.word_vectors(att.split_words("the dog bit the man and ran"), 32)
    order = np.array([4, 1, 2, 3, 0, 5, 6])
    head = att.random_head(32, seed=1)
    causal = att.self_attention(x, head, causal=True).output
    assert (
        np.abs(att.self_attention(x[order], head, causal=True).output - causal[order]).max() > 0.1
    )
    table = encodings.sinusoidal(len(x), 32)
    placed = att.self_attention(x + table, head).output
    assert np.abs(att.self_attention(x[order] + table, head).output - placed[order]).max() > 0.1
    # Two words that are the same get the same output, unless they are placed.
    outputs = att.self_attention(x, head).output
    np.testing.assert_allclose(outputs[0], outputs[3], atol=1e-14)
    assert np.abs(placed[0] - placed[3]).max() > 0.1


def test_under_a_causal_mask_a_word_does_not_know_what_follows():
    x = att.word_vectors(["a", "b", "c", "d", "e", "f"], 16)
    head = att.random_head(16, 8)
    whole = att.self_attention(x, head, causal=True)
    part = att.self_attention(x[:3], head, causal=True)
    np.testing.assert_allclose(whole.output[:3], part.output, atol=1e-14)
    np.testing.assert_array_equal(whole.weights > 0, np.tri(6, dtype=bool))
    np.testing.assert_allclose(whole.output[0], x[0] @ head.w_v.T, atol=1e-14)
    assert np.abs(att.self_attention(x[:3], head).output[0] - part.output[0]).max() > 0.01


@pytest.mark.parametrize("k", [0, 1, 3, -2])
def test_the_head_that_looks_back(k):
    head = att.look_back_head(k, 64, base=100)
    x = encodings.sinusoidal(40, 64, base=100)
    scores = att.self_attention(x, head).scores
    seen = [t for t in range(40) if 0 <= t - k < 40]
    assert [int(scores[t].argmax()) for t in seen] == [t - k for t in seen]
    # A query of t is the key of t - k, whose dot product with itself is d/2.
    np.testing.assert_allclose([scores[t, t - k] for t in seen], 32 / 8)


# -- softmax -----------------------------------------------------------------------------------


def test_softmax_of_large_scores():
    np.testing.assert_allclose(
        att.softmax(np.array([[1e300, -1e300], [800.0, 800.0]])), [[1, 0], [0.5, 0.5]]
    )
    np.testing.assert_allclose(
        att.softmax(np.array([1e5, 1e5 + 1])), att.softmax(np.array([0.0, 1.0]))
    )
    np.testing.assert_allclose(att.softmax(np.array([0.0, math.log(3), -np.inf])), [0.25, 0.75, 0])
    np.testing.assert_array_equal(att.softmax(np.array([-1e308, -np.inf])), [1, 0])
    assert att.softmax(np.zeros((0, 0))).shape == (0, 0)
    assert att.softmax(np.array([[1, 2]])).dtype == np.float64


@pytest.mark.parametrize(
    ("scores", "error", "says"),
    [
        (np.array([[0, 1], [-np.inf] * 2]), ValueError, r"row 1 of scores is minus infinity.*at least one key"),
        (np.full((2, 2, 3), -np.inf), ValueError, r"row 0, 0 of scores is minus infinity"),
        (np.array([-np.inf]), ValueError, r"^scores is minus infinity throughout"),
        (np.array([0.0, np.nan]), ValueError, r"scores holds NaN or plus infinity"),
        (np.array([0.0, np.inf]), ValueError, r"scores holds NaN or plus infinity"),
        (np.zeros((2, 0)), ValueError, r"scores has shape \(2, 0\); it must have at least one column"),
        ([1.0, 2.0], TypeError, r"scores is of type list; it must be a real array"),
        (np.array(["a"]), TypeError, r"scores holds values of type"),
        (np.array(1.0), ValueError, r"scores has shape \(\); .* at least 1 dimension$"),
    ],
)  # fmt: skip
def test_softmax_of_what_has_none(scores, error, says):
    with pytest.raises(error, match=says):
        att.softmax(scores)


# -- words -------------------------------------------------------------------------------------


def test_words_are_parted_by_white_space_alone():
    assert att.split_words("") == att.split_words(" \n\t\u3000 ") == []
    assert att.split_words("I love this course") == ["I", "love", "this", "course"]
    assert att.split_words("  a,b  <b>c</b> & d\u2028e\u00a0f\u0085g ") == [
        "a,b", "<b>c</b>", "&", "d", "e", "f", "g",
    ]  # fmt: skip
    family = "👩\u200d👩\u200d👧"  # one emoji, held together by joiners
    assert att.split_words(f"שלום {family} مرحبا") == ["שלום", family, "مرحبا"]
    assert att.split_words("ไทย\u200bภาษา \ufeffa") == ["ไทย", "ภาษา", "a"]
    assert att.split_words("a b c", 2) == ["a", "b"]
    assert att.split_words("a b c", most=0) == []
    assert att.split_words("a b c", most=9) == ["a", "b", "c"]


def test_white_space_is_that_of_unicode_and_two_more():
    parts = {
        chr(c) for c in range(sys.maxunicode + 1) if att.split_words(f"a{chr(c)}b") == ["a", "b"]
    }
    assert parts == set(att.SPACES)
    # Unicode's White_Space: what it calls a separator, and the controls from tab to return and NEL.
    separators = {
        c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c)[0] == "Z"
    }
    assert parts == separators | set("\t\n\v\f\r\x85") | {"\u200b", "\ufeff"}


def test_a_word_has_one_vector_and_two_words_have_two():
    words = ["the", "The", "the", "the.", "costarring", "liquid", "", "cafe\u0301", "café"]
    vectors = att.word_vectors(words, 48)
    assert vectors.shape == (9, 48)
    for a, b in np.ndindex(9, 9):
        assert np.array_equal(vectors[a], vectors[b]) == (words[a] == words[b])
    np.testing.assert_array_equal(att.word_vectors(["x", "the"], 48)[1], vectors[0])
    assert att.word_vectors([], 4).shape == (0, 4)


def test_word_vectors_are_independent_and_normal():
    vectors = att.word_vectors([f"word{n}" for n in range(1000)], 64)
    assert abs(vectors.mean()) < 4 / math.sqrt(vectors.size)
    assert vectors.var() == pytest.approx(1, abs=0.03)
    assert (vectors**4).mean() == pytest.approx(3, abs=0.15)
    # The dot products of different words scatter as those of independent vectors: by sqrt(d).
    dots = (vectors @ vectors.T)[np.triu_indices(1000, 1)]
    assert dots.std() == pytest.approx(8, rel=0.02)
    assert abs(dots.mean()) < 0.1
    columns = np.corrcoef(vectors.T) - np.eye(64)
    assert np.abs(columns).max() < 5 / math.sqrt(1000)


def test_odd_text_has_vectors_too():
    halves = att.word_vectors(["\ud83d\ude00", "😀", "\ud800", "\ufffd", "\udc00x", "a\ud800"], 8)
    np.testing.assert_array_equal(halves[0], halves[1])  # two halves that meet are one character
    np.testing.assert_array_equal(halves[2], halves[3])  # a lone one is what a browser makes of it
    assert np.isfinite(halves).all()
    long = att.word_vectors(["x" * 100_000, "x" * 100_001], 8)
    assert not np.array_equal(long[0], long[1])


# -- one at a time -----------------------------------------------------------------------------


def test_torch_gives_the_same_states(reference):
    x, state, given, states = (
        reference[f"recurrent/{name}"] for name in ("x", "w_state", "w_input", "states")
    )
    np.testing.assert_allclose(att.recurrent_states(x, state, given), states, atol=1e-13)


def test_a_recurrent_state_knows_order_and_nothing_of_what_follows():
    x = att.word_vectors(["a", "b", "c", "d", "e"], 12)
    weights = att.random_recurrence(12, seed=4)
    states = att.recurrent_states(x, *weights)
    np.testing.assert_array_equal(att.recurrent_states(x[:3], *weights), states[:3])
    swapped = att.recurrent_states(x[[1, 0, 2, 3, 4]], *weights)
    assert np.abs(swapped[-1] - states[-1]).max() > 0.01
    assert att.recurrent_states(x[:0], *weights).shape == (0, 12)


# -- weights -----------------------------------------------------------------------------------


def test_random_weights_are_decided_by_their_seed():
    one, same, other = (att.random_head(256, 128, seed=seed) for seed in (3, 3, 4))
    for name in ("w_q", "w_k", "w_v"):
        ours = getattr(one, name)
        np.testing.assert_array_equal(ours, getattr(same, name))
        assert abs(np.corrcoef(ours.ravel(), getattr(other, name).ravel())[0, 1]) < 0.03
        assert ours.shape == (128, 256)
        assert ours.var() * 256 == pytest.approx(1, abs=0.05)
    assert abs(np.corrcoef(one.w_q.ravel(), one.w_k.ravel())[0, 1]) < 0.03
    assert abs(np.corrcoef(one.w_v.ravel(), one.w_k.ravel())[0, 1]) < 0.03
    state, given = att.random_recurrence(64, seed=1)
    assert abs(np.corrcoef(state.ravel(), given.ravel())[0, 1]) < 0.06
    assert att.random_head(6).w_v.shape == (6, 6)


def test_numbers_drawn_do_not_depend_on_how_many_are():
    np.testing.assert_array_equal(draws.normals("a", 9)[:4], draws.normals("a", 4))
    assert (draws.uniform(draws.key("a"), 100_000) < 1).all()
    assert (draws.uniform(draws.key("a"), 100_000) > 0).all()


# -- bad input ---------------------------------------------------------------------------------

ONE = np.ones((2, 3))
BAD = [
    (lambda: att.split_words(b"a"), TypeError, "text=b'a' is of type bytes; it must be a str"),
    (lambda: att.split_words("a", -1), ValueError, "most=-1 is too small"),
    (lambda: att.split_words("a", 1.5), ValueError, "most=1.5 is not whole"),
    (lambda: att.word_vectors("a b", 4), TypeError, "words='a b' is one text; it must be a list of words: split_words(text)"),
    (lambda: att.word_vectors(["a", 1], 4), TypeError, "words[1]=1 must be a str"),
    (lambda: att.word_vectors(["a"], 0), ValueError, "d_model=0 is not positive"),
    (lambda: att.random_head(4, 0), ValueError, "d_head=0 is not positive"),
    (lambda: att.random_head(4, seed=-1), ValueError, "seed=-1 is too small"),
    (lambda: att.random_head(4, seed=2**53 + 2), ValueError, "seed=9007199254740994 is too large; it must be at most 2^53"),
    (lambda: att.random_recurrence(1.5), ValueError, "d_model=1.5 is not whole"),
    (lambda: att.look_back_head(math.nan, 4), ValueError, "k=nan is not finite"),
    (lambda: att.look_back_head(1, 5), ValueError, "d_model=5 is odd"),
    (lambda: att.Head(ONE, np.ones((3, 3)), ONE), ValueError, "w_k has shape (3, 3); it must be (2, 3), the shape of w_q"),
    (lambda: att.Head(ONE, ONE, np.ones((2, 4))), ValueError, "w_v has shape (2, 4); it must be (d_v, 3)"),
    (lambda: att.Head([[1]], ONE, ONE), TypeError, "w_q is of type list"),
    (lambda: att.causal_mask(-1), ValueError, "n=-1 is too small"),
    (lambda: att.attention(ONE, np.ones((2, 4)), ONE), ValueError, "keys has shape (2, 4), queries has shape (2, 3); both must have the same width"),
    (lambda: att.attention(ONE, ONE, np.ones((3, 3))), ValueError, "values has shape (3, 3); it must have a row for each of the 2 keys"),
    (lambda: att.attention(np.ones((2, 2, 3)), np.ones((3, 2, 3)), np.ones((3, 2, 3))), ValueError, "keys has shape (3, 2, 3), queries has shape (2, 2, 3)"),
    (lambda: att.attention(ONE[0], ONE, ONE), ValueError, "queries has shape (3,); it must be a real array of at least 2 dimensions"),
    (lambda: att.attention(ONE, ONE * math.inf, ONE), ValueError, "keys holds values that are not finite"),
    (lambda: att.attention(ONE, ONE, ONE * math.nan), ValueError, "values holds values that are not finite"),
    (lambda: att.attention(ONE * 1e200, ONE * 1e200, ONE), ValueError, "queries times keys overflows"),
    (lambda: att.attention(ONE, ONE, ONE, mask=np.array([[True, True], [False, False]])), ValueError, "row 1 of scores is minus infinity throughout"),
    (lambda: att.attention(ONE, ONE, ONE, mask=np.ones((2, 2))), TypeError, "mask is of type float64; it must be an array of truth values that broadcasts to (2, 2)"),
    (lambda: att.attention(ONE, ONE, ONE, mask=[[True]]), TypeError, "mask is of type list"),
    (lambda: att.attention(ONE, ONE, ONE, mask=np.ones((3, 2), dtype=bool)), ValueError, "mask has shape (3, 2); it must be"),
    (lambda: att.attention(ONE, ONE[:0], ONE[:0]), ValueError, "scores has shape (2, 0)"),
    (lambda: att.self_attention(np.ones((2, 5)), att.random_head(4)), ValueError, "x has shape (2, 5); its width must be 4, that of the head"),
    (lambda: att.self_attention([[1.0]], att.random_head(1)), TypeError, "x is of type list"),
    (lambda: att.recurrent_states(ONE, ONE, ONE), ValueError, "w_state has shape (2, 3); it must be square"),
    (lambda: att.recurrent_states(ONE, np.eye(2), np.eye(2)), ValueError, "w_input has shape (2, 2); it must be (2, 3)"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "says"), BAD, ids=[says[:40] for _, _, says in BAD])
def test_bad_input_is_refused(call, error, says):
    with pytest.raises(error, match=re.escape(says)):
        call()
