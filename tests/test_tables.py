"""Tables of positions: what the shipped numbers say of the learned ones, and the tools that say it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from posenc import alternatives, data, encodings, tables

LEARNED = ("minilm", "whisper decoder")
USED = {"minilm": 10, "whisper decoder": 15}


def test_every_table_has_its_rows_and_a_course_within_them():
    for name, table in tables.TABLES.items():
        rows = tables.rows(name, 8)
        assert len(rows) == len(tables.lengths(name, 8)) == table.length
        assert 0 <= table.first < table.last < table.length
        course, squares = tables.course(name, 8)
        assert len(course) == table.last - table.first + 1
        assert squares > 0
        if not table.file:
            assert squares == pytest.approx(np.square(course - course.mean(axis=0)).sum())
            np.testing.assert_allclose(tables.lengths(name, 8), np.linalg.norm(rows, axis=1))
    with pytest.raises(ValueError, match="'nothing' is unknown"):
        tables.rows("nothing", 8)


def test_the_walk_goes_by_the_steps_of_the_random_table():
    walk = tables.random_walk(9, 5, seed=3)
    np.testing.assert_allclose(walk[0], alternatives.random_table(9, 5, seed=3)[0])
    np.testing.assert_allclose(np.diff(walk, axis=0), alternatives.random_table(9, 5, seed=3)[1:])


def test_whispers_encoder_is_the_formula_of_tensor2tensor():
    found = tables.facts("whisper decoder")["encoder"]
    assert found["rows"] == tables.TABLES["whisper encoder"].length
    assert found["largest_difference"] < 1.001 * 2.0**-12  # half a step of float16 just below 1
    assert found["largest_difference_of_the_paper"] > 1.9
    np.testing.assert_array_equal(
        tables.rows("whisper encoder", 2),
        encodings.sinusoidal(1500, 384, layout="halves", spacing="tensor2tensor"),
    )


@pytest.mark.parametrize("name", LEARNED)
def test_the_shipped_table_says_what_the_full_one_says(name):
    """Every number that a text may quote, computed again from what is shipped."""
    about, file = tables.TABLES[name], tables.TABLES[name].file
    facts, kept = tables.facts(name), data.load(file)
    directions = kept["directions"].astype(float)
    assert np.square(directions).sum() / len(directions) == pytest.approx(facts["kept"], abs=1e-3)
    basis = kept["basis"].astype(float)
    np.testing.assert_allclose(basis @ basis.T, np.eye(len(basis)), atol=0.01)
    missing = np.square(tables.lengths(name, 2)).sum() - np.square(tables.channels(name)).sum()
    assert 0 < missing / np.square(tables.lengths(name, 2)).sum() < 1.3 * (1 - facts["kept"])

    course, squares = tables.course(name, 2)
    shares = tables.components(course, 16, squares=squares).shares
    np.testing.assert_allclose(shares, facts["variance"][:16], atol=1e-3)
    for fit in tables.FITS:
        for m in (8, USED[name]):
            now = tables.clocks(course, m, fit, squares=squares)
            then = facts["clocks"][fit][str(m)]
            for key in ("carried", "fitted", "held_out", "still"):
                assert getattr(now, key) == pytest.approx(then[key], abs=0.004), (fit, m, key)
            for hand, other in zip(now.hands, then["hands"], strict=True):
                if other["period"] is None:
                    assert math.isinf(hand.period)
                else:
                    assert hand.period == pytest.approx(other["period"], rel=0.04)
                assert hand.modulus == pytest.approx(other["modulus"], abs=0.005)
                assert hand.share == pytest.approx(other["share"], abs=0.01)
    lengths = tables.lengths(name, 2)
    assert {str(t) for t in tables.odd_lengths(lengths)} == set(facts["odd"])
    for t, length in facts["odd"].items():
        assert lengths[int(t)] == pytest.approx(length, rel=1e-4)
    for key, (first, last) in facts["rows"].items():
        part = slice(first, last + 1)
        assert float(np.median(lengths[part])) == pytest.approx(facts["lengths"][key], rel=1e-4)
        explained = tables.by_offset(tables.rows(name, 2)[part]).explained
        assert explained == pytest.approx(facts["explained"][key], abs=0.02), key
    by = tables.by_offset(tables.rows(name, 2)[about.first : about.last + 1])
    for k, cosine in facts["cosines"].items():
        assert by.mean[int(k)] == pytest.approx(cosine, abs=0.03), k


def test_five_clocks_three_times_as_slow_as_one_another():
    found = tables.facts("minilm")
    hands = found["clocks_of_runs"]["beyond"]["hands"]
    periods = np.array([hand["period"] for hand in hands])
    ratios = periods[1:] / periods[:-1]
    assert len(periods) == 5
    assert np.all(np.abs(ratios[:3] - 3) < 0.05)
    assert ratios[3] < 4
    assert all(abs(hand["modulus"] - 1) < 0.004 for hand in hands)
    variance = found["variance_of_runs"]["beyond"]
    assert variance[9] > 20 * variance[10], "ten components and then a cliff"


def test_the_map_beats_standing_still_where_there_are_clocks_and_not_on_a_walk():
    for name, m in USED.items():
        course, squares = tables.course(name, 2)
        found = tables.clocks(course, m, squares=squares)
        assert found.held_out < found.still / 7
        assert found.held_out < 1.3 * found.fitted
    walk, squares = tables.course("random walk", 32)
    minilm = tables.facts("minilm")["clocks"]["first half"]["10"]
    for m in (4, 8, 10, 16):
        found = tables.clocks(walk, m, squares=squares)
        assert found.held_out > 1.5 * found.still, "worse than not moving"
    found = tables.clocks(walk, 10, squares=squares)
    assert found.carried > minilm["carried"], "though its components carry more"
    assert found.fitted < minilm["fitted"], "and its map fits better"
    nothing = tables.clocks(*_course("random table"))
    assert nothing.held_out > 1


def _course(name):
    return tables.course(name, 32)[0], 10


def test_the_sinusoids_clocks_do_not_show_in_its_first_components():
    course, squares = tables.course("sinusoidal", 32)
    few, most = (tables.clocks(course, m, squares=squares) for m in (10, 20))
    assert few.held_out > 0.15
    assert most.held_out < 0.02
    own = encodings.wavelengths(32)
    told = np.array([hand.period for hand in most.hands if hand.turns])
    for wave in own[:6]:
        assert np.abs(told / wave - 1).min() < 1e-3, "its own wavelengths come out"
    early = np.array([hand.period for hand in few.hands if hand.turns])
    assert np.abs(early / own[0] - 1).min() > 0.1


def test_offset_explains_all_of_a_sinusoid_and_nothing_of_a_random_table():
    assert tables.by_offset(encodings.sinusoidal(200, 16)).explained == pytest.approx(1)
    by = tables.by_offset(alternatives.random_table(300, 64))
    assert by.explained < 0.02
    assert by.mean[0] == pytest.approx(1)
    assert by.least[1] <= by.mean[1] <= by.greatest[1]


def test_clocks_of_a_table_made_of_clocks():
    t = np.arange(300)
    waves = [np.exp(2j * np.pi * t / period) for period in (7, 31.5)]
    table = np.stack(
        [w for z, a in zip(waves, (2, 1), strict=True) for w in (a * z.real, a * z.imag)], 1
    )
    found = tables.clocks(table + 5.0, 4)
    assert [hand.period for hand in found.hands] == pytest.approx([7, 31.5], rel=0.02)
    assert [hand.share for hand in found.hands] == pytest.approx([0.8, 0.2], abs=0.01)
    assert found.carried == pytest.approx(1)
    assert found.held_out < 0.02
    for hand, wave in zip(found.hands, waves, strict=True):
        assert np.abs(hand.reading - wave).max() < 0.25
        assert hand.unevenness < 0.04
    half = found.matrix
    scores = tables.components(table + 5.0, 4).scores
    assert tables.foretold(scores, half, 1) == pytest.approx(found.held_out)
    assert tables.foretold(scores, half, 40) < 0.6


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: tables.components(np.ones((5, 3)), 4), "m=4 is too many"),
        (lambda: tables.clocks(np.ones((12, 3)), 3, "some"), "fit='some' is unknown"),
        (lambda: tables.standing_still(np.ones((4, 2)), 4), "k=4 is too far"),
        (lambda: tables.foretold(np.ones((8, 2)), np.eye(2), 4), "k=4 is too far"),
        (lambda: tables.unit_rows(np.zeros((2, 2))), "row 0 of table is zero"),
        (lambda: tables.channels("sinusoidal"), "'sinusoidal' is unknown"),
        (lambda: tables.facts("sinusoidal"), "'sinusoidal' is unknown"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_a_view_is_handed_the_numbers_of_the_files():
    arrays = data.tensors.unpack(tables.payload(*LEARNED, parts=tables.ROWS + tables.BASIS))
    for name in LEARNED:
        for key, values in data.load(tables.TABLES[name].file).items():
            np.testing.assert_allclose(arrays[f"{name} {key}"], values, atol=1e-6)
    assert not [key for key in data.tensors.unpack(tables.payload("minilm")) if "basis" in key]
    assert max(len(tables.payload(name)) for name in LEARNED) < 15_000
    assert len(tables.payload(*LEARNED, parts=tables.BASIS)) < 20_000
