"""The learned tables: their products of rows, and what was measured of them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from posenc import data, learned, scorecard
from posenc.data import tensors

NAMES = tuple(learned.TABLES)


def distances(gram):
    own = np.diagonal(gram)
    return np.sqrt(np.maximum(own[:, None] + own - 2 * gram, 0))


@pytest.mark.parametrize("name", NAMES)
def test_the_products_are_those_of_vectors(name):
    table, gram = learned.TABLES[name], learned.products(name)
    assert gram.shape == (table.rows, table.rows)
    np.testing.assert_array_equal(gram, gram.T)
    own = np.diagonal(gram)
    assert (np.abs(gram) <= np.sqrt(np.outer(own, own)) + 1e-12).all()
    rows = learned.components(name)
    assert np.abs(rows @ rows.T - gram)[np.triu_indices(table.rows, learned.BAND)].max() == 0
    assert np.square(rows).sum() / own.sum() == pytest.approx(
        learned.precision(name).kept, rel=1e-4
    )
    # the strongest direction first
    assert (np.diff(np.square(rows).sum(axis=0))[:16] < 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_as_near_to_the_table_as_a_screen_can_show(name):
    told, gram = learned.precision(name), learned.products(name)
    assert np.median(np.diagonal(gram)) == pytest.approx(told.median_own, rel=1e-3)
    # a figure of 240 pixels' height shows nothing of an error of a hundredth
    assert told.product < 0.013 * told.median_own
    assert told.product_rms < 0.002 * told.median_own
    assert told.distance < 0.02
    far = distances(gram)[np.triu_indices(len(gram), 1)]
    assert far.min() == pytest.approx(told.closest, rel=2e-3)
    assert learned.peaks(name)[0].max() == pytest.approx(told.largest, rel=1e-4)


def test_a_part_of_a_table_is_its_first_rows():
    whole = learned.products("MiniLM")
    np.testing.assert_array_equal(learned.products("MiniLM", 40), whole[:40, :40])
    assert learned.components("Whisper", 9).shape[0] == 9
    values, channels = learned.peaks("MiniLM", 7)
    assert values.shape == channels.shape == (7,)
    assert channels.min() >= 0 and channels.max() < 384
    # a value is no longer than its row, and no shorter than the mean of its squares
    own = np.diagonal(whole)[:7]
    assert (values**2 <= own).all() and (values**2 >= own / 384).all()


def test_what_is_said_of_rows_that_stand_out():
    gram = learned.products("MiniLM")
    assert learned.outlying(gram) == [0, 127, 510, 511]
    own = np.sqrt(np.diagonal(gram))
    assert own[0] > 4.5 * np.median(own)
    assert learned.outlying(learned.products("MiniLM", 64)) == [0]
    assert learned.outlying(learned.products("Whisper")) == [0]
    assert learned.scale(np.eye(3)) == 1
    assert learned.outlying(np.eye(3)) == []


def test_a_view_is_handed_what_python_reads():
    arrays = tensors.unpack(learned.payload())
    assert {key.partition(".")[0] for key in arrays} == set(NAMES)
    for table in learned.TABLES.values():
        for part, array in data.load(table.file).items():
            np.testing.assert_allclose(arrays[f"{table.name}.{part}"], array, rtol=1e-6)
    with pytest.raises(ValueError, match="read-only"):
        learned.products("MiniLM")[0, 0] = 1


# -- scorecards --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("length", [3, 20, 200, 448])
def test_the_scorecard_of_a_table(name, length):
    card, table = scorecard.of_table(name, length), learned.TABLES[name]
    gram = learned.products(name, length)
    far = distances(gram)
    pairs = np.triu_indices(length, 1)
    first, second = card.unique.places
    assert card.unique.holds and card.unique.number == far[pairs].min() == far[first, second]
    k, low, high = card.relative.places
    spreads = [np.ptp(np.diagonal(far, k)) / np.diagonal(far, k).mean() for k in range(1, length)]
    assert not card.relative.holds
    assert card.relative.number == pytest.approx(max(spreads))
    assert card.relative.values == (far[low, low + k], far[high, high + k])
    assert card.deterministic.holds
    values, channels = learned.peaks(name)
    t, j = card.largest.places
    assert card.largest.number == values[:length].max() == values[t]
    assert j == channels[t]
    assert card.largest.values[1] == values[: 2 * length].max()
    assert card.independent.holds == (2 * length <= table.rows)
    if not card.independent.holds:
        assert card.independent.places == (table.rows,)
        assert f"{2 * length} positions and the table {table.rows} rows" in card.independent.says
    assert not card.passes


def test_past_the_last_row_is_an_error():
    assert scorecard.needs_of_table("Whisper", 448) is None
    assert scorecard.needs_of_table("Whisper", 449) == "more than 448 rows"
    with pytest.raises(
        ValueError, match=r"length=449 is past the last row of Whisper; it must be at most 448"
    ):
        scorecard.of_table("Whisper", 449)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: learned.products("MiniLM", 513), ValueError, "length=513 is past the last row of MiniLM; it must be at most 512, the rows that its model has"),
        (lambda: learned.products("MiniLM", 0), ValueError, "length=0 is too small"),
        (lambda: learned.products("BERT"), ValueError, "name='BERT' is unknown; it must be one of \"MiniLM\", \"Whisper\""),
        (lambda: learned.components("MiniLM", 1.5), ValueError, "length=1.5 is not whole"),
        (lambda: learned.peaks("Whisper", 512), ValueError, "length=512 is past the last row of Whisper"),
        (lambda: scorecard.of_table("MiniLM", 2), ValueError, "length=2 is too small"),
    ],
)  # fmt: skip
def test_bad_input_is_refused(call, error, says):
    with pytest.raises(error, match=re.escape(says)):
        call()
