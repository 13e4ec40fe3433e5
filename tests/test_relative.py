"""RoPE, ALiBi and T5's buckets against their own laws and other people's code."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posenc import analysis
from posenc import attention as att
from posenc import relative as rel
from posenc.encodings import LAYOUTS, channel_map

REFERENCE = Path(__file__).parent / "reference" / "relative.npz"

widths = st.integers(1, 48).map(lambda half: 2 * half)
bases = st.floats(1.5, 1e6)
layouts = st.sampled_from(LAYOUTS)
places = st.floats(-1e4, 1e4)
seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def reference():
    with np.load(REFERENCE) as file:
        return dict(file)


def parts(reference, kind):
    """The arrays of one kind, each with what its name says."""
    return [
        (name.split("/")[1:], told) for name, told in reference.items() if name.startswith(kind)
    ]


# -- rotation ----------------------------------------------------------------------------------


@given(widths, bases, layouts, st.lists(places, max_size=6), seeds)
def test_a_rotation_keeps_every_length(d, base, layout, t, seed):
    x = np.random.default_rng(seed).normal(size=(2, len(t), d))
    turned = rel.rotate(x, t, base=base, layout=layout)
    assert turned.shape == x.shape
    np.testing.assert_allclose(
        np.linalg.norm(turned, axis=-1), np.linalg.norm(x, axis=-1), rtol=1e-12
    )
    # And those of each pair on its own.
    pair, _ = channel_map(d, layout=layout)
    for i in range(d // 2):
        one = np.hypot(*np.moveaxis(x[..., pair == i], -1, 0))
        np.testing.assert_allclose(np.hypot(*np.moveaxis(turned[..., pair == i], -1, 0)), one)


@given(widths, bases, layouts, places, places, places, seeds)
def test_a_score_depends_on_the_offset_alone(d, base, layout, t, s, far, seed):
    q, k = np.random.default_rng(seed).normal(size=(2, 1, d))

    def score(at: float, to: float) -> float:
        turned = [rel.rotate(x, [p], base=base, layout=layout) for x, p in ((q, at), (k, to))]
        return float((turned[0] @ turned[1].T).item())

    assert score(t + far, s + far) == pytest.approx(score(t, s), abs=1e-9 * d)
    # Turning the key alone by the offset is all there is to it.
    assert score(0, s - t) == pytest.approx(score(t, s), abs=1e-9 * d)


@given(widths, bases, layouts, places, seeds)
def test_the_rotation_is_the_shift_matrix_turned_back(d, base, layout, t, seed):
    x = np.random.default_rng(seed).normal(size=(3, d))
    back = analysis.shift_matrix(-t, d, base=base, layout=layout)
    np.testing.assert_allclose(
        rel.rotate(x, [t] * 3, base=base, layout=layout), x @ back.T, atol=1e-11
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_direction_and_both_forms_of_the_formula(layout):
    """RoFormer, (34): x times cosines plus (-x_2, x_1, -x_4, x_3 ...) times sines; and (15)."""
    first, second = ([0, 2], [1, 3]) if layout == "interleaved" else ([0, 1], [2, 3])
    x = np.array([[3.0, -1.0, 0.5, 2.0]])
    omega = np.array([1.0, 0.01])  # 10000^(-2i/4)
    for t in (0.0, 1.0, -2.0, 7.5):
        turned = rel.rotate(x, [t], layout=layout)[0]
        cos, sin, swapped = np.empty(4), np.empty(4), np.empty(4)
        cos[first] = cos[second] = np.cos(t * omega)
        sin[first] = sin[second] = np.sin(t * omega)
        swapped[first], swapped[second] = -x[0, second], x[0, first]
        np.testing.assert_allclose(turned, x[0] * cos + swapped * sin, atol=1e-15)
        for i in range(2):
            c, s = math.cos(t * omega[i]), math.sin(t * omega[i])
            matrix = np.array([[c, -s], [s, c]])
            np.testing.assert_allclose(
                turned[[first[i], second[i]]], matrix @ x[0, [first[i], second[i]]], atol=1e-15
            )
        if t:  # the slip in circulation: one of the two the other way round
            assert np.abs(turned - (x[0] * cos - swapped * sin)).max() > 0.1
    # The first channel turns towards the second.
    unit = rel.rotate(np.array([[1.0, 0.0]]), [0.1], layout=layout)[0]
    np.testing.assert_allclose(unit, [math.cos(0.1), math.sin(0.1)], atol=1e-15)


def test_llama_and_gpt_j_turn_the_same_way(reference):
    positions, x = reference["positions"], {}
    told = parts(reference, "rotate/")
    for (d, base, what), array in told:
        if what == "x":
            x[d, base] = array
    assert {what for (_, _, what), _ in told} == {"x", *LAYOUTS}
    for (d, base, what), turned in told:
        if what == "x":
            continue
        ours = rel.rotate(x[d, base], positions, base=float(base), layout=what)
        # Their angles are float32: a rounding of 2^-24 of the position, on values of up to 4.
        off = np.abs(ours - turned).max(axis=(0, 2))
        assert (off <= 2.0**-22 * (positions + 1)).all(), (d, base, what)
        back = rel.rotate(x[d, base], -positions, base=float(base), layout=what)
        assert np.abs(back - turned).max() > 1


def test_a_length_stands_for_its_positions_and_layouts_for_an_order():
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 8))
    np.testing.assert_array_equal(rel.rotate(x, 5), rel.rotate(x, range(5)))
    np.testing.assert_array_equal(rel.rotate(x, 5)[1, 2], rel.rotate(x[1, 2], 5))
    order = [0, 2, 4, 6, 1, 3, 5, 7]
    np.testing.assert_array_equal(
        rel.rotate(x, 5)[..., order], rel.rotate(x[..., order], 5, layout="halves")
    )
    assert rel.rotate(x[..., :0, :], 0).shape == (2, 3, 0, 8)
    np.testing.assert_array_equal(rel.rotate(x, [0] * 5), x)


# -- ALiBi -------------------------------------------------------------------------------------


def test_slopes_of_the_paper():
    np.testing.assert_allclose(rel.alibi_slopes(8), [1 / 2**n for n in range(1, 9)])
    np.testing.assert_allclose(rel.alibi_slopes(16), [2 ** (-n / 2) for n in range(1, 17)])
    np.testing.assert_allclose(rel.alibi_slopes(1), [2**-8])
    np.testing.assert_allclose(rel.alibi_slopes(3), [2**-4, 2**-8, 2**-2])


def test_bloom_and_mpt_have_the_same_slopes(reference):
    told = parts(reference, "alibi/")
    assert {int(heads) for (heads, _), _ in told} >= {1, 2, 3, 6, 12, 20, 71, 112}
    for (heads, whose), theirs in told:
        # In the last row of queries: Bloom multiplies with the position, MPT with the offset.
        ours = rel.alibi_bias(int(heads), 9, causal=True)[:, -1]
        ours = ours - ours[:, :1] if whose == "bloom" else ours
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


@given(st.integers(1, 300))
def test_slopes_are_different_and_those_of_the_power_below_come_first(heads):
    slopes = rel.alibi_slopes(heads)
    n = 2 ** int(math.log2(heads))
    assert len(set(slopes.tolist())) == heads
    assert slopes.min() >= 2**-8 and slopes.max() < 1
    np.testing.assert_array_equal(slopes[:n], rel.alibi_slopes(n))
    assert set(slopes.tolist()) <= set(rel.alibi_slopes(2 * n).tolist())
    # n equal steps of the logarithm
    np.testing.assert_allclose(np.diff(np.log2(slopes[:n])), -8 / n, atol=1e-12)


def test_the_bias_of_each_pair():
    bias = rel.alibi_bias(8, 4, 6)
    assert bias.shape == (8, 4, 6)
    assert bias[0, 1, 4] == bias[0, 3, 0] == -1.5
    assert bias[7, 2, 2] == 0
    np.testing.assert_array_equal(rel.alibi_bias(8, 4), bias[:, :, :4])
    causal = rel.alibi_bias(8, 4, 6, causal=True)
    ahead = np.arange(6) > np.arange(4)[:, None]
    assert (causal[:, ahead] == -np.inf).all()
    np.testing.assert_array_equal(causal[:, ~ahead], bias[:, ~ahead])
    assert rel.alibi_bias(2, 0).shape == (2, 0, 0)


def test_the_published_form_differs_by_a_constant_in_each_row():
    scores = np.random.default_rng(1).normal(size=(4, 7, 7))
    published = rel.alibi_slopes(4)[:, None, None] * np.arange(7.0)
    causal = np.where(att.causal_mask(7), scores + published, -np.inf)
    np.testing.assert_allclose(
        att.softmax(causal), att.softmax(scores + rel.alibi_bias(4, 7, causal=True)), atol=1e-14
    )


# -- T5 ----------------------------------------------------------------------------------------


def test_the_edges_of_the_published_buckets():
    """32 buckets, both directions, up to 128: edges at 8 * 16^(r/8), which is 8 * 2^(r/2)."""
    bucket = rel.t5_bucket(-np.arange(200))
    assert bucket[:8].tolist() == list(range(8))
    begins = [int(np.flatnonzero(bucket == b)[0]) for b in range(16)]
    assert begins == [*range(8), 8, 12, 16, 23, 32, 46, 64, 91]
    assert (bucket[91:] == 15).all()
    np.testing.assert_array_equal(rel.t5_bucket(np.arange(1, 200)), bucket[1:] + 16)
    # One direction: twice as many for it, and the future counts as distance 0.
    past = rel.t5_bucket(-np.arange(200), bidirectional=False)
    assert past[:16].tolist() == list(range(16)) and past.max() == 31
    assert (rel.t5_bucket(np.arange(9), bidirectional=False) == 0).all()


@given(st.integers(2, 64), st.integers(1, 3000), st.booleans(), st.lists(st.integers(-9999, 9999)))
def test_buckets_widen_and_none_is_beyond_the_last(own, more, both, offsets):
    most = own // 2 + more
    buckets = own * (2 if both else 1)
    how = {"bidirectional": both, "buckets": buckets, "max_distance": most}
    bucket = rel.t5_bucket(-np.arange(most + 9), **how)
    assert (np.diff(bucket) >= 0).all() and bucket[0] == 0 and bucket[most] == own - 1
    assert bucket[: own // 2].tolist() == list(range(own // 2))
    told = rel.t5_bucket(np.array(offsets, dtype=int), **how)
    for k, b in zip(offsets, told, strict=True):
        distance = abs(k) if both else max(-k, 0)
        exact = own // 2
        if distance < exact:
            expected = float(distance)
        else:
            grown = math.log(distance / exact) / math.log(most / exact) if distance else 0
            expected = min(exact + grown * (own - exact), own - 1)
        ahead = own if both and k > 0 else 0
        # A logarithm in floats may miss the edge itself, by a hair.
        assert math.floor(expected - 1e-9) <= b - ahead <= math.floor(expected + 1e-9)


def test_the_bias_is_the_table_by_bucket():
    table = np.random.default_rng(2).normal(size=(32, 6))
    bias = rel.t5_bias(table, 5, 300)
    assert bias.shape == (6, 5, 300)
    for h, t, s in ((0, 0, 0), (5, 4, 299), (3, 4, 0), (2, 1, 30)):
        assert bias[h, t, s] == table[int(rel.t5_bucket(s - t)), h]
    np.testing.assert_array_equal(rel.t5_bias(table, 5), bias[:, :, :5])
    past = rel.t5_bias(table, 300, bidirectional=False, max_distance=64)
    assert (past[0, 10, 10:] == table[0, 0]).all()
    assert past[1, 299, 0] == table[31, 1]


# -- attention with them -----------------------------------------------------------------------


@given(st.integers(1, 9), seeds, st.floats(-500, 500))
def test_a_rotated_head_does_not_see_where_it_all_begins(n, seed, far):
    x = np.random.default_rng(seed).normal(size=(n, 8))
    head = att.random_head(8, 4)
    here = att.self_attention(x, head, rotary=n)
    there = att.self_attention(x, head, rotary=np.arange(n) + far)
    np.testing.assert_allclose(here.output, there.output, atol=1e-9)


def test_rotation_and_bias_break_the_equivariance_that_words_alone_have():
    x = att.word_vectors(att.split_words("the dog bit the man"), 16)
    order = np.array([4, 1, 2, 3, 0])
    head = att.random_head(16, seed=1)
    for how in ({"rotary": 5}, {"bias": rel.alibi_bias(8, 5)[0]}):
        straight = att.self_attention(x, head, **how).output
        assert (
            np.abs(att.self_attention(x[order], head, **how).output - straight[order]).max() > 0.1
        )
    # Values are not turned: of one word nothing is left to see.
    np.testing.assert_allclose(
        att.self_attention(x[:1], head, rotary=[7]).output, x[:1] @ head.w_v.T
    )


def test_a_bias_is_added_after_the_scale_and_minus_infinity_forbids():
    x = np.random.default_rng(3).normal(size=(5, 4))
    head = att.random_head(4)
    plain = att.self_attention(x, head)
    bias = rel.alibi_bias(2, 5, causal=True)
    told = att.attention(np.stack([x @ head.w_q.T] * 2), x @ head.w_k.T, x @ head.w_v.T, bias=bias)
    np.testing.assert_allclose(told.scores, plain.scores + bias)
    np.testing.assert_array_equal(
        told.weights > 0, np.broadcast_to(np.tri(5, dtype=bool), (2, 5, 5))
    )
    none = att.self_attention(x, head, causal=True, bias=np.zeros((5, 5)))
    np.testing.assert_array_equal(none.output, att.self_attention(x, head, causal=True).output)


# -- bad input ---------------------------------------------------------------------------------

ROWS = np.ones((2, 4))
BAD = [
    (lambda: rel.rotate([[1.0]], 1), TypeError, "x is of type list; it must be a real array of at least 2 dimensions"),
    (lambda: rel.rotate(ROWS[0], 1), ValueError, "x has shape (4,); it must be"),
    (lambda: rel.rotate(ROWS * math.nan, 2), ValueError, "x holds values that are not finite"),
    (lambda: rel.rotate(ROWS[:, :3], 2), ValueError, "the width of x=3 is odd"),
    (lambda: rel.rotate(ROWS, 3), ValueError, "positions holds 3, x has shape (2, 4); each of its 2 rows must have a position"),
    (lambda: rel.rotate(ROWS, [0, math.inf]), ValueError, "positions[1]=inf is not finite"),
    (lambda: rel.rotate(ROWS, 2, base=0), ValueError, "base=0 is not above 0"),
    (lambda: rel.rotate(ROWS, 2, layout="pairs"), ValueError, "layout='pairs' is unknown"),
    (lambda: rel.alibi_slopes(0), ValueError, "heads=0 is too small"),
    (lambda: rel.alibi_slopes(True), TypeError, "heads=True is of type bool"),
    (lambda: rel.alibi_bias(2, -1), ValueError, "n_queries=-1 is too small"),
    (lambda: rel.alibi_bias(2, 1, 0.5), ValueError, "n_keys=0.5 is not whole"),
    (lambda: rel.t5_bucket(0.5), ValueError, "offset holds 0.5; it must be whole numbers"),
    (lambda: rel.t5_bucket(2**53), ValueError, "offset holds 9.0072e+15; it must be"),
    (lambda: rel.t5_bucket(["a"]), TypeError, "offset=['a'] is of type list"),
    (lambda: rel.t5_bucket(True), TypeError, "offset=True is of type bool"),
    (lambda: rel.t5_bucket(1, buckets=5), ValueError, "buckets=5 must be an even number from 4 to 2048"),
    (lambda: rel.t5_bucket(1, buckets=2), ValueError, "buckets=2 must be an even number from 4"),
    (lambda: rel.t5_bucket(1, buckets=1, bidirectional=False), ValueError, "buckets=1 must be a whole number from 2 to 1024"),
    (lambda: rel.t5_bucket(1, buckets=4096), ValueError, "buckets=4096 must be"),
    (lambda: rel.t5_bucket(1, max_distance=8), ValueError, "max_distance=8 must be above 8, since the distances below 8 have a bucket each"),
    (lambda: rel.t5_bias(np.ones((31, 2)), 3), ValueError, "buckets=31 must be an even number"),
    (lambda: rel.t5_bias(np.ones(32), 3), ValueError, "table has shape (32,)"),
    (lambda: att.attention(ROWS, ROWS, ROWS, bias=np.ones((3, 2))), ValueError, "bias has shape (3, 2); it must be a real array that broadcasts to (2, 2)"),
    (lambda: att.attention(ROWS, ROWS, ROWS, bias=np.array(np.nan)), ValueError, "bias holds NaN or plus infinity"),
    (lambda: att.attention(ROWS, ROWS, ROWS, bias=1.0), TypeError, "bias is of type float; it must be a real array"),
    (lambda: att.attention(ROWS, ROWS, ROWS, bias=np.full((2, 2), -np.inf)), ValueError, "row 0 of scores is minus infinity"),
    (lambda: att.self_attention(ROWS, att.random_head(4, 3), rotary=2), ValueError, "the width of x=3 is odd"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "says"), BAD, ids=[says[:40] for _, _, says in BAD])
def test_bad_input_is_refused(call, error, says):
    with pytest.raises(error, match=re.escape(says)):
        call()
