"""Distances, shifts, turns and 16-bit floats: closed forms against brute force, and the laws."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posenc import analysis as ana
from posenc import encodings as enc
from posenc import schemes

REFERENCE = Path(__file__).parent / "reference"

widths = st.integers(1, 64).map(lambda half: 2 * half)
bases = st.floats(1.0001, 1e12)
layouts = st.sampled_from(enc.LAYOUTS)
spacings = st.sampled_from(enc.SPACINGS)
places = st.floats(-1e4, 1e4)


# -- shifts -----------------------------------------------------------------------------------


@given(st.lists(places, min_size=1, max_size=5), places, widths, bases, layouts, spacings)
def test_shift_theorem(positions, k, d, base, layout, spacing):
    kind = {"base": base, "layout": layout, "spacing": spacing}
    t = np.array(positions)
    moved = enc.sinusoidal(t, d, **kind) @ ana.shift_matrix(k, d, **kind).T
    np.testing.assert_allclose(moved, enc.sinusoidal(t + k, d, **kind), atol=1e-10)


@given(places, places, widths, bases, layouts)
def test_shifts_add_and_turn_without_stretching(k, m, d, base, layout):
    first = ana.shift_matrix(k, d, base=base, layout=layout)
    second = ana.shift_matrix(m, d, base=base, layout=layout)
    np.testing.assert_allclose(first @ first.T, np.eye(d), atol=1e-12)
    np.testing.assert_allclose(first.T, ana.shift_matrix(-k, d, base=base, layout=layout))
    both = ana.shift_matrix(k + m, d, base=base, layout=layout)
    np.testing.assert_allclose(first @ second, both, atol=1e-10)


def test_the_shift_matrix_is_built_of_two_by_two_turns():
    angle = 3 * enc.frequencies(4)
    expected = np.zeros((4, 4))
    for i, a in enumerate(angle):
        expected[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [
            [math.cos(a), math.sin(a)],
            [-math.sin(a), math.cos(a)],
        ]
    np.testing.assert_allclose(ana.shift_matrix(3, 4), expected)


@given(st.floats(-100, 100), st.integers(-32, 32), st.integers(0, 3), st.floats(2.0, 1e4))
def test_the_map_of_a_pair_is_its_block_of_the_shift_matrix_wherever_it_is_solved(t, k, pair, base):
    channels = slice(2 * pair, 2 * pair + 2)
    table = enc.sinusoidal([t, t + 1, t + k, t + k + 1], 8, base=base)[:, channels]
    block = ana.shift_matrix(k, 8, base=base)[channels, channels]
    # the rounding of the angle, made larger by how little two neighbours of a slow pair differ
    slow = 1 / enc.frequencies(8, base=base)[pair]
    np.testing.assert_allclose(ana.pair_map(table[:2], table[2:]), block, atol=2e-13 * (1 + slow))


def test_the_map_of_a_pair_is_solved_like_any_two_equations():
    dice = np.random.default_rng(5)
    for before, after in dice.normal(size=(50, 2, 2, 2)):
        expected = np.linalg.solve(before, after).T
        np.testing.assert_allclose(ana.pair_map(before, after), expected, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (np.ones((2, 2)), np.eye(2), "before=.* one line through zero"),
        (np.eye(3), np.eye(2), r"before has shape \(3, 3\)"),
        (np.eye(2), np.ones((2, 3)), r"after has shape \(2, 3\)"),
        (np.eye(2), np.full((2, 2), np.nan), "after holds values that are not finite"),
    ],
)
def test_a_map_that_cannot_be_solved_is_refused(before, after, says):
    with pytest.raises(ValueError, match=says):
        ana.pair_map(before, after)


@pytest.mark.parametrize("k", [1, 7, -5])
def test_best_linear_shift_finds_the_shift_matrix(k):
    table = enc.sinusoidal(3000, 8, base=100)
    fit = ana.best_linear_shift(table, k)
    assert fit.residual < 1e-13
    assert fit.worst < 1e-12
    assert fit.rank == 8
    np.testing.assert_allclose(fit.matrix, ana.shift_matrix(k, 8, base=100), atol=1e-10)
    if k > 0:
        np.testing.assert_allclose(table[:-k] @ fit.matrix.T, table[k:], atol=1e-10)


def test_who_has_a_linear_shift_and_who_has_not():
    residual = {
        name: ana.best_linear_shift(encode(4000, 16), 3).residual
        for name, encode in {
            "sinusoidal": lambda n, d: enc.sinusoidal(n, d, base=100),
            "random phase": lambda n, d: enc.random_phase(n, d, base=100),
            "sine only": lambda n, d: enc.sine_only(n, d, base=100),
            "cosine only": lambda n, d: enc.cosine_only(n, d, base=100),
            "channel as pair": lambda n, d: enc.mistaken(n, d, base=10, mistake="channel as pair"),
            "doubled twice": lambda n, d: enc.mistaken(n, d, base=10, mistake="doubled twice"),
        }.items()
    }
    has = {name for name, left in residual.items() if left < 1e-10}
    assert has == {"sinusoidal", "random phase", "doubled twice"}
    assert min(left for name, left in residual.items() if name not in has) > 0.2


def test_a_fit_with_too_few_rows_is_refused():
    with pytest.raises(ValueError, match=r"table has 20 rows, of which k=4 leaves 16.*width, 16"):
        ana.best_linear_shift(enc.sinusoidal(20, 16), 4)
    with pytest.raises(ValueError, match=r"k=-30 leaves 0"):
        ana.best_linear_shift(enc.sinusoidal(20, 16), -30)


@pytest.mark.parametrize("k", [8, -8, 0])
def test_a_shift_is_tried_where_it_was_not_fitted(k):
    table = schemes.rows("sine only", 256, 8, base=20)
    tried = ana.tried_linear_shift(table, k)
    first, second = table[:128], table[128:]
    n = 128 - abs(k)
    a, b = (first[:n], first[-n:]) if k >= 0 else (first[-n:], first[:n])
    x = np.linalg.lstsq(a, b, rcond=ana.CUTOFF)[0]
    np.testing.assert_allclose(tried.shift.matrix, x.T)
    a, b = (second[:n], second[-n:]) if k >= 0 else (second[-n:], second[:n])
    left = np.linalg.norm(a @ x - b) / np.linalg.norm(b)
    assert tried.held_out == pytest.approx(left, rel=1e-6)
    assert tried.errors.shape == (256 - abs(k),)
    at = 200 if k >= 0 else 200 - abs(k)  # the error of row 200
    size = np.sqrt((table**2).sum(axis=1).mean())
    off = np.linalg.norm(table[200] @ x - table[200 + k]) / size
    assert tried.errors[at] == pytest.approx(off, rel=1e-6, abs=1e-12)


def test_a_law_holds_where_it_was_not_fitted_and_a_fit_does_not():
    """Who has one matrix for every t: with cosines beside the sines, whatever their phases."""
    tried = {
        name: ana.tried_linear_shift(schemes.rows(name, 256, 16, base=100), 8)
        for name in schemes.SCHEMES
    }
    law = {name for name, it in tried.items() if it.held_out < 1e-6}
    assert law == {"sinusoidal", "random phases"}
    # its frequencies, drawn at random, lie close together: the law is there, and hard to find
    assert tried["random Fourier"].shift.residual < 1e-10
    assert tried["random Fourier"].shift.condition > 1e10
    rest = tried.keys() - law - {"random Fourier"}
    assert min(tried[name].shift.residual for name in rest) > 0.05
    # a wave without its partner can be followed over a window, at a price
    for name in ("sine only", "cosine only"):
        assert tried[name].shift.residual < 0.5
        assert tried[name].held_out > 1e3


def test_the_law_is_exact_and_a_fit_only_as_good_as_its_rows():
    """At base 10,000 the slow channels hardly move, so least squares cannot tell them apart."""
    table = enc.sinusoidal(256, 32)
    tried = ana.tried_linear_shift(table, 8)
    assert tried.shift.residual < 1e-10 < 1e-6 < tried.held_out
    assert tried.shift.rank < 32
    assert np.linalg.cond(ana.shift_matrix(8, 32)) == pytest.approx(1)
    np.testing.assert_allclose(table[:-8] @ ana.shift_matrix(8, 32).T, table[8:], atol=1e-13)


def test_index_has_no_linear_shift_without_a_constant():
    table = schemes.rows("index", 256, 1)
    assert ana.best_linear_shift(table, 8).residual > 0.01
    with_one = np.hstack([table, np.ones((256, 1))])
    fit = ana.best_linear_shift(with_one, 8)
    assert fit.residual < 1e-14
    np.testing.assert_allclose(fit.matrix, [[1, 8], [0, 1]], atol=1e-9)


def test_half_a_table_must_leave_enough_to_fit():
    with pytest.raises(ValueError, match=r"table has 20 rows, of which k=4 leaves 16"):
        ana.tried_linear_shift(enc.sinusoidal(40, 16), 4)


# -- dot products and distances ---------------------------------------------------------------


@given(places, places, widths, bases, layouts, spacings)
def test_dot_product_depends_on_the_offset_alone(t, k, d, base, layout, spacing):
    one, two = enc.sinusoidal([t, t + k], d, base=base, layout=layout, spacing=spacing)
    closed = ana.dot_by_offset([k], d, base=base, spacing=spacing)[0]
    assert one @ two == pytest.approx(closed, abs=1e-9 * d)
    far = ana.distance_by_offset([k], d, base=base, spacing=spacing)[0]
    assert np.linalg.norm(one - two) == pytest.approx(far, abs=1e-9 * d)
    assert far**2 == pytest.approx(d - 2 * closed, abs=1e-9 * d)


@given(st.integers(1, 40), widths, bases, layouts, spacings)
def test_gram_is_constant_along_its_diagonals(n, d, base, layout, spacing):
    gram = ana.gram(enc.sinusoidal(n, d, base=base, layout=layout, spacing=spacing))
    dots = ana.dot_by_offset(n, d, base=base, spacing=spacing)
    offsets = np.abs(np.arange(n)[:, None] - np.arange(n))
    np.testing.assert_allclose(gram, dots[offsets], atol=1e-10 * d)
    np.testing.assert_allclose(np.diag(gram), d / 2)


def test_row_changes_are_shares_of_the_length_before():
    before = np.array([[3.0, 4.0], [0.0, 2.0], [1.0, 0.0]])
    after = np.array([[3.0, 4.0], [0.0, -1.0], [1.0, 0.5]])
    np.testing.assert_allclose(ana.row_changes(before, after), [0, 1.5, 0.5])


def test_gram_of_the_mistake_that_splits_pairs_is_not():
    gram = ana.gram(enc.mistaken(64, 64, mistake="off by one"))
    assert np.ptp(np.diag(gram, 5)) > 0.1


@pytest.mark.parametrize("k", [0, 1, -1, 7, -7, 19])
def test_offset_range_is_that_of_the_diagonal(k):
    table = np.random.default_rng(3).normal(size=(20, 5))
    diagonal = np.diag(table @ table.T, k)
    assert ana.offset_range(table, k) == pytest.approx((diagonal.min(), diagonal.max()))


def test_offset_range_of_the_sinusoid_is_one_value():
    least, greatest = ana.offset_range(enc.sinusoidal(500, 64), 8)
    assert greatest - least < 1e-12 * 32
    assert least == pytest.approx(ana.dot_by_offset([8], 64)[0])


@pytest.mark.parametrize("run", [1, 2, 3, 7, 20, 50])
def test_gram_of_block_means_is_the_mean_of_the_gram(run):
    table = np.random.default_rng(4).normal(size=(20, 5))
    gram, means = table @ table.T, ana.block_means(table, run)
    cuts = range(0, 20, run)
    expected = [[gram[r : r + run, c : c + run].mean() for c in cuts] for r in cuts]
    np.testing.assert_allclose(means @ means.T, expected, atol=1e-12)


@pytest.mark.parametrize("d", [4, 64, 512])
@pytest.mark.parametrize("base", [100.0, 10000.0])
def test_first_rise_and_first_negative_by_looking(d, base):
    dots = ana.dot_by_offset(40_000, d, base=base)
    rise = next(k for k in range(1, len(dots)) if dots[k] > dots[k - 1])
    assert ana.first_rise(d, base=base) == rise
    assert ana.first_rise(d, base=base, limit=rise) == rise
    assert ana.first_rise(d, base=base, limit=rise - 1) is None
    negative = int(np.flatnonzero(dots < 0)[0])
    assert ana.first_negative(d, base=base) == negative
    assert ana.first_negative(d, base=base, limit=negative - 1) is None


# -- closest pairs ----------------------------------------------------------------------------


@pytest.mark.parametrize("d", [2, 4, 6, 8, 32])
@pytest.mark.parametrize("base", [1.5, 10.0, 10000.0, 1e9])
@pytest.mark.parametrize("spacing", enc.SPACINGS)
@pytest.mark.parametrize("length", [2, 3, 45, 500])
def test_closest_pair_by_comparing_all(length, d, base, spacing):
    pair = ana.closest_pair(length, d, base=base, spacing=spacing)
    table = enc.sinusoidal(length, d, base=base, spacing=spacing)
    nearest = min(np.linalg.norm(table[k:] - table[:-k], axis=1).min() for k in range(1, length))
    assert pair.distance == pytest.approx(nearest, rel=1e-6, abs=1e-9)
    assert np.linalg.norm(table[pair.first] - table[pair.second]) == pytest.approx(
        pair.distance, rel=1e-6, abs=1e-9
    )
    assert 0 <= pair.first < pair.second < length
    assert ana.closest_rows(table).distance == pytest.approx(nearest, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("d", [4, 8])
def test_closest_pair_among_a_million(d):
    # Every offset, without pruning, by the slow way.
    k = np.arange(1, 1_000_000)
    slow = sum(4 * np.sin(k * w / 2) ** 2 for w in enc.frequencies(d))
    pair = ana.closest_pair(1_000_000, d)
    assert pair.offset == k[slow.argmin()]
    assert pair.distance == pytest.approx(math.sqrt(slow.min()))


@pytest.mark.parametrize("d", [4, 8])
def test_closest_pair_looks_at_the_last_offset(d):
    offset = ana.closest_pair(1_000_000, d).offset
    assert offset > 100_000
    assert ana.closest_pair(offset + 1, d).offset == offset
    assert ana.closest_pair(offset, d).offset < offset


def test_closest_rows_of_any_table():
    generator = np.random.default_rng(1)
    for n, d in [(2, 1), (50, 3), (700, 5), (3000, 2)]:
        # Far from the origin the quick formula loses all its digits; the answer must not.
        table = generator.normal(size=(n, d)) + 1e5
        pair = ana.closest_rows(table)
        some = itertools.combinations(range(n), 2) if n < 100 else None
        if some is not None:
            best = min(np.linalg.norm(table[a] - table[b]) for a, b in some)
        else:
            best = min(np.linalg.norm(table[k:] - table[:-k], axis=1).min() for k in range(1, n))
        assert pair.distance == pytest.approx(best, rel=1e-12)
        assert np.linalg.norm(table[pair.first] - table[pair.second]) == pair.distance
    table[2999] = table[11]
    assert ana.closest_rows(table) == ana.ClosestPair(11, 2999, 0.0)
    assert ana.closest_rows(np.zeros((3, 2))).distance == 0


# -- turns ------------------------------------------------------------------------------------


def test_turns_counts_whole_circles():
    made = ana.turns(512, 512)
    angle = 511 * 10000.0 ** (-2 * np.arange(256) / 512)
    np.testing.assert_allclose(made.turns, angle / (2 * math.pi))
    assert made.unfinished == 2 * np.count_nonzero(angle < 2 * math.pi) == 266
    assert ana.turns(1, 8).unfinished == 8
    # Six steps of one radian do not close a circle, seven do.
    assert [ana.turns(n, 2).unfinished for n in (7, 8)] == [2, 0]


def test_neighbouring_wavelengths_double_at_one_width():
    assert ana.doubling_width() == pytest.approx(26.575424759)
    assert ana.doubling_width(2) == 2
    ratio = {d: np.divide(*enc.wavelengths(d)[[1, 0]]) for d in (26, 28)}
    assert ratio[28] < 2 < ratio[26]
    with pytest.raises(ValueError, match=r"base=1 is too small; it must be above 1"):
        ana.doubling_width(1)


# -- 16-bit floats ----------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ana.FLOATS)
def test_rounding_is_that_of_torch(dtype):
    with np.load(REFERENCE / "torch.npz") as file:
        np.testing.assert_array_equal(ana.round_to(file["values"], dtype), file[dtype])


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_bfloat16_rounds_to_the_nearest(x):
    ours = float(ana.round_to(np.array([x]), "bfloat16")[0])
    # The other way round: bfloat16 is the upper half of float32's bits.
    bits = int(np.float32(x).view(np.uint32))
    nearest = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    with np.errstate(over="ignore"):
        assert ours == float(np.uint32(nearest).view(np.float32))


def brute(length: int, d: int, base: float, dtype: str, what: str) -> ana.Rounded:
    t = np.arange(length, dtype=np.float64)
    if what == "positions":
        rows = ana.round_to(t, dtype)[:, None]
    else:
        rows = ana.round_to(enc.sinusoidal(t, d, base=base), dtype) + 0.0
    seen: dict[bytes, list[int]] = {}
    first, lost = None, 0
    for at, row in enumerate(rows):
        if not np.isfinite(row).all():  # and the sine of infinity is NaN
            lost += 1
            continue
        same = seen.setdefault(row.tobytes(), [])
        if same and first is None:
            first = (same[0], at)
        same.append(at)
    shared = sum(len(same) for same in seen.values() if len(same) > 1)
    return ana.Rounded(length, len(seen), shared, lost, first)


@pytest.mark.parametrize("dtype", ana.FLOATS)
@pytest.mark.parametrize("what", ["table", "positions"])
@pytest.mark.parametrize(
    ("length", "d", "base"),
    [(1, 4, 1e4), (600, 2, 1e4), (5000, 4, 2.0), (3000, 4, 1e4), (3000, 2, 3.0), (70000, 2, 9.0)],
)
def test_rounded_by_comparing_all(length, d, base, what, dtype):
    ours = ana.rounded(length, d, base=base, dtype=dtype, what=what)
    assert ours == brute(length, d, base, dtype, what)


def test_whole_positions_run_out_in_sixteen_bits():
    assert ana.rounded(2049, 64, what="positions").shared == 0
    assert ana.rounded(2050, 64, what="positions").first == (2048, 2049)
    assert ana.rounded(300, 64, what="positions", dtype="bfloat16").first == (256, 257)


@pytest.mark.parametrize("dtype", ana.FLOATS)
def test_a_position_that_becomes_infinite_has_no_vector(dtype):
    length = 70_000
    left = ana.rounded(length, 2, what="positions", dtype=dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        sines = np.sin(ana.round_to(np.arange(float(length)), dtype))
    numbers = np.isfinite(sines)
    assert left.lost == np.count_nonzero(~numbers)
    assert left.distinct == np.unique(sines[numbers]).size
    if dtype == "float16":  # from halfway between the largest float16 and the next power of two
        assert length - left.lost == (65_504 + 2**16) // 2 == 65_520
        assert left.distinct == 7168
    else:
        assert left.lost == 0


# -- bad input --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ask",
    [
        lambda **kw: ana.dot_by_offset(3, **kw),
        lambda **kw: ana.distance_by_offset(3, **kw),
        lambda **kw: ana.shift_matrix(1, **kw),
        lambda **kw: ana.closest_pair(5, **kw),
        lambda **kw: ana.turns(5, **kw),
        lambda **kw: ana.rounded(5, **kw),
        ana.first_rise,
        ana.first_negative,
    ],
)
@pytest.mark.parametrize(
    ("bad", "error", "says"),
    [
        ({"d_model": 3}, ValueError, r"d_model=3 is odd"),
        ({"d_model": "4"}, TypeError, r"d_model='4'"),
        ({"d_model": 4, "base": -1}, ValueError, r"base=-1 is not above 0"),
        ({"d_model": 4, "spacing": "even"}, ValueError, r"spacing='even' is unknown"),
    ],
)
def test_the_encodings_arguments_are_checked_here_too(ask, bad, error, says):
    with pytest.raises(error, match=says):
        ask(**bad)


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (lambda: ana.shift_matrix(math.inf, 4), ValueError, r"k=inf is not finite"),
        (lambda: ana.shift_matrix("1", 4), TypeError, r"k='1' is of type str"),
        (lambda: ana.shift_matrix(1, 4, layout="x"), ValueError, r"layout='x' is unknown"),
        (lambda: ana.best_linear_shift(np.ones((9, 2)), 1.5), ValueError, r"k=1\.5 is not whole"),
        (lambda: ana.best_linear_shift([[1.0]], 1), TypeError, r"table is of type list"),
        (lambda: ana.row_changes(np.ones((2, 2)), np.ones((3, 2))), ValueError, "after has shape"),
        (lambda: ana.row_changes(np.eye(2) - [0, 1], np.eye(2)), ValueError, "row 1 of before"),
        (lambda: ana.gram(np.ones(3)), ValueError, r"table has shape \(3,\)"),
        (
            lambda: ana.offset_range(np.ones((3, 2)), -3),
            ValueError,
            "k=-3 is too far for a table of 3",
        ),
        (lambda: ana.block_means(np.ones((3, 2)), 0), ValueError, "run=0"),
        (lambda: ana.gram(np.array([["a"]])), TypeError, r"table holds values of type <U1"),
        (lambda: ana.gram(np.array([[np.nan]])), ValueError, r"table holds values that are not"),
        (lambda: ana.closest_pair(1, 4), ValueError, r"length=1 is too small.*at least 2"),
        (lambda: ana.closest_pair(2.5, 4), ValueError, r"length=2\.5 is not whole"),
        (lambda: ana.closest_rows(np.ones((1, 4))), ValueError, r"at least 2 rows"),
        (lambda: ana.turns(0, 4), ValueError, r"length=0 is too small"),
        (lambda: ana.turns(True, 4), TypeError, r"length=True is of type bool"),
        (lambda: ana.first_rise(4, limit=0), ValueError, r"limit=0 is too small"),
        (lambda: ana.rounded(5, 4, dtype="f8"), ValueError, r"dtype='f8' is unknown.*bfloat16"),
        (lambda: ana.rounded(5, 4, what="all"), ValueError, r"what='all' is unknown"),
        (
            lambda: ana.round_to(np.array(["x"]), "float16"),
            TypeError,
            r"values holds values of type",
        ),
        (lambda: ana.dot_by_offset([math.nan], 4), ValueError, r"offsets\[0\]=nan"),
    ],
)
def test_bad_arguments(ask, error, says):
    with pytest.raises(error, match=says):
        ask()
