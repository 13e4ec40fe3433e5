"""Every encoding under one name, and the laws of those that encodings.py does not hold."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posenc import alternatives as alt
from posenc import analysis, draws, encodings, schemes

NAMES = (
    "index", "fraction", "binary", "sinusoidal", "sine only", "cosine only", "random phases",
    "random Fourier", "triangle", "random table", "redrawn",
)  # fmt: skip

FIXED = [name for name in NAMES if name != "redrawn"]


def test_names_in_the_books_order():
    assert tuple(schemes.SCHEMES) == NAMES, (
        "src/posenc/schemes.py lists other encodings than NAMES in tests/test_schemes.py, or in "
        "another order: write into NAMES what the menus are to show, in their order"
    )
    for name, scheme in schemes.SCHEMES.items():
        assert scheme.name == name
        assert scheme.label.lower() == name.lower()
        assert scheme.says


def test_rows_are_those_of_the_encoding():
    for name, table in {
        "index": encodings.index(9, 6),
        "fraction": encodings.fraction(9, 6, length=20),
        "binary": encodings.binary(9, 6),
        "sinusoidal": encodings.sinusoidal(9, 6, base=50),
        "sine only": encodings.sine_only(9, 6, base=50),
        "cosine only": encodings.cosine_only(9, 6, base=50),
        "random phases": encodings.random_phase(9, 6, base=50, seed=3),
        "random Fourier": alt.random_fourier(9, 6, base=50, seed=3),
        "triangle": alt.triangle(9, 6, base=50),
        "random table": alt.random_table(9, 6, seed=3),
    }.items():
        np.testing.assert_array_equal(schemes.rows(name, 9, 6, base=50, length=20, seed=3), table)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_scheme_says_of_itself_is_true(name):
    scheme = schemes.SCHEMES[name]
    t = np.arange(40)

    def changes(**asked):
        return not np.array_equal(schemes.rows(name, t, 8), schemes.rows(name, t, 8, **asked))

    if name != "redrawn":
        assert changes(base=50.0) == scheme.based
        assert changes(length=60) == scheme.sized
        assert changes(seed=1) == scheme.seeded
    rows = schemes.rows(name, t, 8)
    assert (np.abs(rows).max() <= 1) == scheme.bounded
    assert (rows == rows[:, :1]).all() == scheme.scalar
    if scheme.paired:
        with pytest.raises(ValueError, match=r"d_model=7 is odd"):
            schemes.rows(name, t, 7)
    else:
        assert schemes.rows(name, t, 7).shape == (40, 7)
    if scheme.whole:
        with pytest.raises(ValueError, match=r"positions holds 0\.5; .* whole positions"):
            schemes.rows(name, [0.5], 8)
    else:
        assert schemes.rows(name, [0.5], 8).shape == (1, 8)


@pytest.mark.parametrize("name", FIXED)
def test_a_row_does_not_depend_on_the_others(name):
    order = np.array([5, 0, 17, 5, 30])
    asked = {"length": 31, "seed": 9}
    table = schemes.rows(name, 31, 8, **asked)
    np.testing.assert_allclose(schemes.rows(name, order, 8, **asked), table[order], atol=1e-15)


def test_only_the_redrawn_table_is_another_at_each_call():
    for name in FIXED:
        np.testing.assert_array_equal(schemes.rows(name, 9, 8), schemes.rows(name, 9, 8))
    tables = [schemes.rows("redrawn", 9, 8) for _ in range(4)]
    for a in range(4):
        for b in range(a):
            assert np.abs(tables[a] - tables[b]).max() > 0.1


# -- who shifts linearly ------------------------------------------------------------------------


def test_who_has_a_linear_shift():
    left = {
        name: analysis.best_linear_shift(schemes.rows(name, 2000, 16, base=100), 5).residual
        for name in NAMES
        if name != "fraction"
    }
    exact = {name for name, residual in left.items() if residual < 1e-9}
    assert exact == {"sinusoidal", "random phases", "random Fourier"}, (
        "other encodings than those named here have a shift matrix: name the new one too, if a "
        "proof says that it has one"
    )
    # A scalar has no way to add 5: a matrix can only stretch it.
    assert min(residual for name, residual in left.items() if name not in exact) > 1e-3


@given(st.integers(1, 20), st.floats(1.1, 1e8), st.integers(0, 2**53), st.floats(-50, 50))
def test_any_frequencies_give_an_exact_shift_matrix(pairs, base, seed, k):
    d = 2 * pairs
    omega = alt.random_frequencies(d, base=base, seed=seed)
    assert omega.shape == (pairs,)
    assert ((omega < 1) & (omega > 1 / base)).all()
    shift = np.zeros((d, d))
    for i, w in enumerate(omega):
        c, s = math.cos(w * k), math.sin(w * k)
        shift[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[c, s], [-s, c]]
    t = np.array([-3.0, 0, 1, 2.5, 1000])
    rows = alt.random_fourier(t, d, base=base, seed=seed)
    np.testing.assert_allclose(
        alt.random_fourier(t + k, d, base=base, seed=seed), rows @ shift.T, atol=1e-11
    )
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), math.sqrt(pairs), rtol=1e-12)


def test_random_fourier_estimates_the_kernel_of_its_spectrum():
    # The mean of cos(omega k) over omega log-uniform between 1/b and 1: an integral, by midpoints.
    u = (np.arange(200_000) + 0.5) / 200_000
    k = np.array([0.0, 1, 5, 30])
    kernel = np.array([np.cos(100.0**-u * offset).mean() for offset in k])
    rows = alt.random_fourier(k, 20_000, base=100, seed=2)
    np.testing.assert_allclose(rows @ rows[0] / 10_000, kernel, atol=0.03)


# -- triangles ----------------------------------------------------------------------------------


def test_triangles_have_the_sinusoids_corners():
    d, base = 6, 50.0
    for i, wave in enumerate(encodings.wavelengths(d, base=base)):
        quarters = np.arange(-8, 9) * wave / 4
        rows = alt.triangle(quarters, d, base=base)[:, 2 * i : 2 * i + 2]
        smooth = encodings.sinusoidal(quarters, d, base=base)[:, 2 * i : 2 * i + 2]
        np.testing.assert_allclose(rows, smooth, atol=1e-12)


@given(st.floats(-1e4, 1e4), st.floats(1.1, 1e6))
def test_triangles_are_the_arcsine_of_the_sinusoid(t, base):
    # arcsin is steep at 1, where the last digit of a sine is worth eight of the angle.
    expected = np.arcsin(encodings.sinusoidal([t], 8, base=base)) * 2 / math.pi
    np.testing.assert_allclose(alt.triangle([t], 8, base=base), expected, atol=1e-7)


# -- random tables ------------------------------------------------------------------------------


def test_a_random_table_is_uniform_and_its_rows_and_columns_independent():
    table = alt.random_table(np.arange(-1000, 1000), 64, seed=5)
    assert abs(table.mean()) < 4 * math.sqrt(1 / 3 / table.size)
    assert table.var() == pytest.approx(1 / 3, rel=0.01)
    counts, _ = np.histogram(table, bins=16, range=(-1, 1))
    expected = table.size / 16
    assert ((counts - expected) ** 2 / expected).sum() < 45  # chi square, 15 degrees
    columns = np.corrcoef(table.T) - np.eye(64)
    assert np.abs(columns).max() < 5 / math.sqrt(2000)
    lags = [np.mean(table[lag:] * table[:-lag]) * 3 for lag in (1, 2, 64)]
    assert np.abs(lags).max() < 4 / math.sqrt(table.size)
    other = alt.random_table(np.arange(-1000, 1000), 64, seed=6)
    assert abs(np.mean(other * table)) * 3 < 4 / math.sqrt(table.size)


def test_a_random_tables_rows_are_distinct_over_a_long_sequence():
    table = alt.random_table(200_000, 4)
    assert len(np.unique(table, axis=0)) == 200_000


def test_the_hash_is_lowbias32():
    """Its own definition, in whole numbers; and a permutation, since every step can be undone."""

    def slow(x):
        x = (x ^ (x >> 16)) * 0x7FEB352D & 0xFFFFFFFF
        x = (x ^ (x >> 15)) * 0x846CA68B & 0xFFFFFFFF
        return x ^ (x >> 16)

    words = np.concatenate([np.arange(50_000), 2**32 - 1 - np.arange(50_000)]).astype(np.uint32)
    mixed = draws.mix(words)
    assert mixed[:3000:7].tolist() == [slow(int(w)) for w in words[:3000:7]]
    assert len(np.unique(mixed)) == 100_000
    # A change of any one bit changes each bit of the result about half of the time.
    for bit in range(32):
        flipped = mixed ^ draws.mix(words ^ np.uint32(1 << bit))
        share = [(flipped >> out & 1).mean() for out in range(32)]
        assert 0.44 < min(share) <= max(share) < 0.56


# -- bad input ----------------------------------------------------------------------------------

BAD = [
    (("sinusoids", 4, 8), {}, ValueError, "name='sinusoids' is unknown; it must be one of \"index\", \"fraction\""),
    ((None, 4, 8), {}, TypeError, "name=None is of type NoneType"),
    (("index", 4, 0), {}, ValueError, "d_model=0 is not positive"),
    (("index", -1, 8), {}, ValueError, "positions=-1 is a negative length"),
    (("index", 4, 8), {"base": 0}, ValueError, "base=0 is not above 0"),
    (("index", 4, 8), {"seed": -1}, ValueError, "seed=-1 is too small"),
    (("index", 4, 8), {"seed": 2**53 + 2}, ValueError, "seed=9007199254740994 is too large; it must be at most 2^53"),
    (("index", 4, 8), {"length": 0}, ValueError, "length=0 is too small"),
    (("fraction", [9], 1), {"length": 9}, ValueError, "positions holds 9, outside a sentence of length 9"),
    (("binary", 17, 4), {}, ValueError, "d_model=4 has too few bits for position 16; it must be at least 5"),
    (("random table", [0.5], 4), {}, ValueError, "positions holds 0.5; a table has whole positions only"),
    (("random table", [2.0**54], 4), {}, ValueError, "a table has whole positions only, from -2^53 to 2^53"),
    (("random Fourier", 4, 512), {"base": 5e-324}, ValueError, "overflow"),
    (("random Fourier", [1e300], 8), {"base": 1e-60}, ValueError, "positions times frequency overflows"),
    (("random phases", [1e300], 8), {"base": 1e-60}, ValueError, "positions times frequency overflows"),
    (("triangle", [1e300], 8), {"base": 1e-60}, ValueError, "positions times frequency overflows"),
    (("triangle", 4, True), {}, TypeError, "d_model=True is of type bool"),
]  # fmt: skip


@pytest.mark.parametrize(("args", "asked", "error", "says"), BAD, ids=[b[-1][:40] for b in BAD])
def test_bad_input_is_refused(args, asked, error, says):
    with pytest.raises(error, match=re.escape(says)):
        schemes.rows(*args, **asked)
