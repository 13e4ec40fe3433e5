"""The scorecard: verdicts, numbers and places, against pairs of rows compared one by one."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from posenc import encodings as enc
from posenc import schemes
from posenc.scorecard import READINGS, needs, of_scheme, scorecard

# What the book says of each of its schemes.
VERDICTS = {
    "index": (True, True, True, True),
    "fraction": (True, True, False, True),
    "binary": (True, False, True, True),
    "sinusoidal": (True, True, True, True),
    "sine only": (True, False, True, True),
    "cosine only": (True, False, True, True),
    "random phases": (True, False, True, True),
    "random Fourier": (True, True, True, True),
    "triangle": (True, False, True, True),
    "random table": (True, False, True, True),
    "redrawn": (True, False, False, False),
}


def holds(card):
    return tuple(getattr(card, reading).holds for reading in READINGS[:-1])


def test_every_scheme_of_the_book_has_its_verdicts():
    asked = {name: holds(of_scheme(name, 48, 16)) for name in schemes.SCHEMES.keys() - VERDICTS}
    assert list(VERDICTS) == list(schemes.SCHEMES), (
        "VERDICTS in tests/test_scorecard.py has a row for each encoding of src/posenc/schemes.py, "
        "in that order: unique, relative, independent, deterministic. "
        f"Without a row: {asked or 'none'}; add what is right, which may be what is computed there"
    )


@pytest.mark.parametrize("name", VERDICTS)
@pytest.mark.parametrize(("length", "d"), [(48, 16), (9, 64), (200, 8)])
def test_verdicts(name, length, d):
    assert holds(of_scheme(name, length, max(d, 9) if name == "binary" else d)) == VERDICTS[name]


def test_the_index_passes_all_four_and_grows():
    small, large = of_scheme("index", 64), of_scheme("index", 512)
    assert small.passes and large.passes
    assert (small.largest.number, large.largest.number) == (63, 511)
    assert small.largest.values == (63, 127)
    assert small.largest.holds is None
    assert not of_scheme("fraction", 64).passes


def test_verdicts_of_other_functions():
    dice = np.random.default_rng(0)
    assert holds(scorecard(lambda n, d: dice.normal(size=(n, d)), 48, 16)) == (
        True,
        False,
        False,
        False,
    )
    assert holds(scorecard(lambda n, d: np.ones((n, d)), 48, 16)) == (False, True, True, True)
    cycle = scorecard(lambda n, d: enc.binary(np.arange(n) % 32, d), 48, 16)
    assert holds(cycle) == (False, False, True, True)
    assert cycle.unique.places == (0, 32)
    assert holds(scorecard(lambda n, d: np.zeros((n, d)), 5, 2)) == (False, True, True, True)


def by_hand(name, length, d, base):
    """Each number and place, from every pair of rows in turn."""
    rows = schemes.rows(name, length, d, base=base, length=length)
    twice = schemes.rows(name, 2 * length, d, base=base, length=2 * length)
    far = {
        (t, t + k): math.dist(rows[t], rows[t + k])
        for k in range(1, length)
        for t in range(length - k)
    }
    least = min(far.values())
    spread = {}
    for k in range(1, length):
        these = [far[t, t + k] for t in range(length - k)]
        spread[k] = (max(these) - min(these)) / np.mean(these)
    change = np.abs(rows - twice[:length])
    return rows, twice, far, least, spread, change


@pytest.mark.parametrize("name", [name for name in VERDICTS if name != "redrawn"])
@pytest.mark.parametrize(("length", "d", "base"), [(12, 6, 10000.0), (30, 8, 3.0), (3, 4, 10.0)])
def test_numbers_and_places(name, length, d, base):
    rows, twice, far, least, spread, change = by_hand(name, length, d, base)
    card = of_scheme(name, length, d, base=base)

    first, second = card.unique.places
    assert card.unique.number == pytest.approx(least)
    assert far[first, second] == pytest.approx(least)
    # the first of those that are equal: by offset, then by position
    equal = sorted((b - a, a) for (a, b), x in far.items() if math.isclose(x, least))
    assert equal[0] == (second - first, first)
    np.testing.assert_array_equal(card.unique.evidence, [rows[first], rows[second]])

    k, low, high = card.relative.places
    worst = max(spread.values())
    assert card.relative.number == pytest.approx(worst, abs=1e-7)
    assert spread[k] == pytest.approx(worst, abs=1e-4)
    these = [far[t, t + k] for t in range(length - k)]
    np.testing.assert_allclose(card.relative.evidence[0], these)
    assert card.relative.values == pytest.approx((min(these), max(these)))
    assert (these[low], these[high]) == pytest.approx((min(these), max(these)))

    t, j = card.independent.places
    assert card.independent.number == pytest.approx(change.max())
    assert change[t, j] == pytest.approx(change.max())
    assert card.independent.values == (rows[t, j], twice[t, j])
    np.testing.assert_array_equal(card.independent.evidence, [rows[t], twice[t]])
    assert card.deterministic.number == 0

    t, j = card.largest.places
    assert card.largest.number == np.abs(rows).max()
    assert abs(rows[t, j]) == pytest.approx(card.largest.number)
    assert card.largest.values == (np.abs(rows).max(), np.abs(twice).max())
    np.testing.assert_array_equal(card.largest.evidence[0], np.abs(rows).max(axis=1))
    np.testing.assert_array_equal(card.largest.evidence[1], np.abs(twice).max(axis=1))


def test_among_equals_the_first_is_named():
    sinusoid = of_scheme("sinusoidal", 40, 8).relative
    assert sinusoid.places == (1, 0, 0), "no offset is worse, no position nearer than another"
    # 0 and 1 differ in one digit, as do many others; 31 and 32 in all six
    assert of_scheme("binary", 64, 8).unique.places == (0, 1)
    assert of_scheme("binary", 64, 8).relative.places == (1, 0, 31)
    nothing = of_scheme("sinusoidal", 40, 8).independent
    assert nothing.places == (39, 0), "where nothing changes, the last position stands for all"


def test_a_redrawn_table_is_compared_with_itself_anew():
    card = of_scheme("redrawn", 16, 4)
    t, j = card.deterministic.places
    one, two = card.deterministic.values
    assert abs(one - two) == card.deterministic.number > 1
    assert card.deterministic.evidence[0][j] == one
    assert card.deterministic.evidence[1][j] == two
    assert 0 <= t < 16


def test_a_function_that_fills_one_array_again_is_read_in_time():
    buffer = np.zeros((32, 4))
    dice = np.random.default_rng(1)

    def fill(n, d):
        buffer[:] = dice.normal(size=buffer.shape)
        return buffer[:n]

    assert not scorecard(fill, 16, 4).deterministic.holds


def test_numbers_in_the_sentences():
    card = scorecard(enc.fraction, 11, 4)
    assert card.unique.number == pytest.approx(0.2)
    assert card.independent.number == pytest.approx(1 - 10 / 21)
    assert "0.2 apart" in card.unique.says
    assert "0.524" in card.independent.says
    assert card.deterministic.number == 0


@pytest.mark.parametrize("name", schemes.SCHEMES)
@pytest.mark.parametrize("d", [1, 2, 3, 4, 5, 6, 7, 8])
@pytest.mark.parametrize("length", [4, 8, 9, 64])
def test_needs_says_beforehand_what_would_be_refused(name, d, length):
    lack = needs(name, length, d)
    if lack is None:
        of_scheme(name, length, d)
        return
    with pytest.raises(ValueError, match=r"d_model"):
        of_scheme(name, length, d)
    if name == "binary":
        bits = int(lack.split()[0])
        assert needs(name, length, bits) is None
        assert needs(name, length, bits - 1) == lack
    else:
        assert lack == "an even width" and d % 2


@pytest.mark.parametrize(
    ("encoding", "error", "says"),
    [
        ("sinusoidal", TypeError, r"encoding is of type str; it must be a function"),
        (lambda n, d: np.ones((n, d + 1)), ValueError, r"encoding\(8, 4\) has shape \(8, 5\)"),
        (lambda n, d: np.ones(n), ValueError, r"encoding\(8, 4\) has shape \(8,\)"),
        (lambda n, d: [[0.0] * d] * n, TypeError, r"encoding\(8, 4\) is of type list"),
        (lambda n, d: np.full((n, d), np.nan), ValueError, r"encoding\(8, 4\) holds .* not finite"),
        (lambda n, d: np.ones((min(n, 8), d)), ValueError, r"encoding\(16, 4\) has shape \(8, 4\)"),
    ],
)
def test_what_is_no_encoding_is_refused(encoding, error, says):
    with pytest.raises(error, match=says):
        scorecard(encoding, 8, 4)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"length": 2}, r"length=2 is too small"),
        ({"length": 5, "tolerance": -1}, r"tolerance=-1.0 is negative"),
        ({"length": 5, "d_model": 0}, r"d_model=0 is not positive"),
    ],
)
def test_bad_arguments(bad, says):
    with pytest.raises(ValueError, match=says):
        scorecard(enc.index, **bad)


def test_a_stricter_tolerance_is_obeyed():
    tiny = scorecard(lambda n, d: np.arange(n)[:, None] * np.full(d, 1e-6) + 1, 8, 1)
    assert tiny.unique.holds
    loose = scorecard(
        lambda n, d: np.arange(n)[:, None] * np.full(d, 1e-6) + 1, 8, 1, tolerance=1e-3
    )
    assert not loose.unique.holds


def test_the_same_verdicts_at_every_length_and_width():
    for (name, verdicts), length, d in itertools.product(VERDICTS.items(), (16, 128), (32, 128)):
        assert holds(of_scheme(name, length, d)) == verdicts, (name, length, d)
