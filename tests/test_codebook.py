"""Sums of vectors told apart, the cosine of random directions, and what two models' tables are like."""

from __future__ import annotations

import math

import numpy as np
import pytest

from posenc import codebook, cosines, data


@pytest.mark.parametrize("d", [2, 3, 4, 7, 64, 384, 4096])
def test_the_density_sums_to_what_lies_within(d):
    # along the angle, where nothing is steep
    angle = np.linspace(math.acos(0.7), math.pi - math.acos(0.7), 20_001)
    heights = [cosines.density(math.cos(a), d) * math.sin(a) for a in angle]
    assert cosines.within(0.7, d) == pytest.approx(np.trapezoid(heights, angle), abs=1e-6)
    assert cosines.within(1.0, d) == pytest.approx(1.0)
    assert cosines.within(0.0, d) == 0.0
    assert cosines.between(-0.2, 0.5, d) == pytest.approx(
        (cosines.within(0.2, d) + cosines.within(0.5, d)) / 2
    )


def test_in_three_dimensions_every_cosine_is_as_likely():
    assert cosines.density(0.1, 3) == pytest.approx(0.5)
    assert cosines.density(1.0, 3) == pytest.approx(0.5)
    assert cosines.within(0.25, 3) == pytest.approx(0.25)
    assert cosines.density(1.0, 2) == math.inf


def test_drawn_directions_do_as_foretold():
    dice = np.random.default_rng(4)
    a, b = dice.normal(size=(2, 200_000, 12))
    found = (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    assert found.std() == pytest.approx(cosines.spread(12), rel=0.01)
    assert (np.abs(found) <= 0.1).mean() == pytest.approx(cosines.within(0.1, 12), abs=0.004)


def test_a_codebook_is_fair_and_grows_without_changing():
    book = codebook.vectors(600, 100, seed=1)
    assert set(np.unique(book)) == {-1, 1}
    assert abs(book.mean()) < 0.02
    np.testing.assert_array_equal(book[:50, :33], codebook.vectors(50, 33, seed=1))
    products = book.astype(float) @ book.T / 100
    off = products[~np.eye(600, dtype=bool)]
    assert off.std() == pytest.approx(cosines.spread(100), rel=0.02)


@pytest.mark.parametrize("d", [64, 128, 512])
@pytest.mark.parametrize("m", [1, 2, 5, 16, 64])
def test_theory_says_what_comes_of_adding(m, d):
    found = [codebook.told(m, 1024, d, seed=s).right for s in range(3)]
    assert codebook.expected(m, 1024, d) == pytest.approx(np.mean(found), abs=0.05)


def test_equal_products_are_taken_at_random():
    # with one channel half of all vectors tie: chance is all there is
    assert codebook.told(1, 1024, 1).right == pytest.approx(2 / 1024, rel=0.1)


def test_where_errors_begin():
    for n, d in ((256, 64), (1024, 256), (2048, 1024)):
        last = codebook.most(n, d)
        assert codebook.expected(last, n, d) >= 0.99 > codebook.expected(last + 1, n, d)
        assert 0.35 < last / codebook.limit(n, d) < 0.55
    assert codebook.most(1024, 16) == 0
    assert codebook.most(1024, 1024) == pytest.approx(2 * codebook.most(1024, 512), abs=2)


def test_a_normal_tail_is_right_to_seven_digits():
    for x in (-3.0, 0.0, 0.5, 2.0, 6.0):
        assert codebook.beyond(x) == pytest.approx(math.erfc(x / math.sqrt(2)) / 2, rel=1e-6)


@pytest.mark.parametrize("m", [0, 129, 256, 2.5])
def test_what_cannot_be_added_is_named(m):
    with pytest.raises(ValueError, match="m="):
        codebook.expected(m, 256, 8)


def test_the_shipped_cosines_say_what_the_text_says():
    shares, notes = data.load("token-position"), data.notes("token-position")
    edges = np.arange(201) / 100 - 1
    middles = (edges[1:] + edges[:-1]) / 2
    for model in ("MiniLM", "Whisper"):
        for way in ("raw", "centred"):
            histogram = shares[f"{model.lower()}-{way}"].astype(np.float64)
            about = notes[model]["cosines"][way]
            assert histogram.sum() == pytest.approx(1, abs=1e-5)
            assert histogram @ middles == pytest.approx(about["mean"], abs=5e-4)
            near = histogram[90:110].sum()
            assert near == pytest.approx(about["within_0.1"], abs=1e-5)
            assert about["as_if_d"] == pytest.approx(about["rms"] ** -2, rel=1e-3)
    # MiniLM is more orthogonal than chance once centred, Whisper not at all as it stands
    assert notes["MiniLM"]["cosines"]["centred"]["as_if_d"] > 8 * 384
    assert notes["Whisper"]["cosines"]["raw"]["within_0.1"] < 0.01
    assert notes["Whisper"]["cosines"]["raw"]["mean"] < -0.3
    blank = notes["MiniLM"]["untouched"]
    assert blank["least"] > 0.1 > 4 * blank["others_mean"]
    assert (
        blank["without_alike"]["within_0.1"]
        > 0.98
        > 0.94
        > notes["MiniLM"]["cosines"]["raw"]["within_0.1"]
    )
    ten = notes["MiniLM"]["shared"]["10"]
    assert ten["words_in_places"] < ten["by_chance"] / 10


def test_both_are_read_back_from_the_sum():
    notes = data.notes("token-position")
    for model in ("MiniLM", "Whisper"):
        for way in ("linear", "linear_after_norm"):
            assert min(notes[model]["read"][way].values()) > 0.98
        assert notes[model]["together"]["share"] == 1
    random = {int(d): found["read"]["dot"] for d, found in notes["random"].items()}
    assert random[8]["word"] < 0.1 < 0.99 < random[64]["word"]
    waves = notes["sinusoids"]["512"]
    assert waves["plain"]["dot"]["word"] < 0.05 < 0.99 < waves["scaled"]["dot"]["word"]
    assert waves["plain"]["linear"]["word"] > 0.99
