"""A sentence in every order of its words, as a real encoder reads it: under "Shuffle the sentence"."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from exhibit import OnPage

from posenc import data, exhibits, text
from posenc.arrangements import arrangements, count, kinds, place_of
from posenc.views import Orders
from posenc.views.shuffle import SENTENCES

PAGE = "book/motivation.html"
NOTES = data.notes("minilm-orders")
READ = NOTES["sentences"]


class Real(OnPage):
    """The second view of the exhibit."""

    def ask(self, key: str):
        return self.root.evaluate(
            "(e, key) => e.querySelectorAll('.posenc-view[data-drawn]')[1].posenc[key]()", key
        )

    def finding(self) -> str:
        return self.root.locator(".finding").nth(1).inner_text().replace("\u00a0", " ")

    def canvas(self):
        return self.root.locator(".posenc-view canvas").nth(1)


@pytest.fixture(scope="module")
def still(open_still):
    return Real(open_still(PAGE), "shuffle")


@pytest.fixture
def real(open_page):
    return Real(open_page(PAGE), "shuffle")


def cosines(n: int) -> np.ndarray:
    return data.load("minilm-orders")[f"cosine {n}"]


# -- orders --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sentence", READ)
def test_every_order_is_listed_once_and_found_again(sentence):
    words = sentence.split()
    rows = arrangements(words)
    assert len(rows) == count(words) == len({tuple(row) for row in rows.tolist()})
    assert [place_of(row) for row in rows.tolist()] == list(range(len(rows)))
    assert sorted(rows[-1].tolist()) == sorted(kinds(words).tolist())


def test_too_many_orders_are_refused():
    with pytest.raises(ValueError, match="362,880 orders"):
        arrangements(list("abcdefghi"))


# -- what was measured ---------------------------------------------------------------------------


def test_the_encoder_has_read_the_english_sentences_of_the_figure():
    assert tuple(READ) == SENTENCES[: len(READ)]
    for n, sentence in enumerate(READ):
        words = sentence.split()
        found = cosines(n)
        assert len(found) == count(words)
        first = place_of(kinds(words).tolist())
        assert found[first] == pytest.approx(1, abs=1e-4)
        assert np.delete(found, first).max() < 0.9999, "no other order is the same to it"
        assert NOTES["zeroed"][n]["difference"] < 1e-13
        assert NOTES["zeroed"][n]["cosine"] == pytest.approx(1, abs=1e-13)


def test_backwards_is_the_least_alike_of_the_six_words():
    rows = arrangements(READ[2].split())
    assert rows[cosines(2).argmin()].tolist() == [5, 4, 3, 2, 1, 0]


# -- on the page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(len(READ)))
def test_the_mark_stands_at_the_order_of_the_words(still, n):
    words = READ[n].split()
    order = list(reversed(range(len(words))))
    still.show(f"text={READ[n].replace(' ', '%20')}&order={'.'.join(map(str, order))}")
    place = place_of(kinds(words)[order].tolist())
    cosine = float(cosines(n)[place])
    facts = still.ask("facts")
    assert facts["model_cosine"] == text.fixed(cosine, 3)
    assert facts["model_orders"] == f"{len(cosines(n)):,}"
    assert facts["model_least"] == text.fixed(float(cosines(n).min()), 3)
    assert f"have cosine {text.fixed(cosine, 3)}" in still.finding()
    assert f"all {len(cosines(n)):,} orders have one sentence vector" in still.finding()
    geometry = still.ask("geometry")
    low, x0, x1 = geometry["low"], geometry["x0"], geometry["x1"]
    x = x0 + (cosine - low) / (1 - low) * (x1 - x0)
    assert geometry["mark"]["x"] == pytest.approx(x, abs=0.01)
    dots = [d for d in still.ask("drawn")["discs"] if d["r"] < 4]
    assert len(dots) == len(cosines(n))


def test_another_sentence_has_not_been_read(still):
    still.show("text=two%20words")
    assert "has read the four English sentences" in still.finding()
    assert still.ask("facts") == {}
    assert still.root.locator(".handle-model").is_hidden()


def test_the_keyboard_goes_through_the_orders(real):
    mark = real.root.locator(".handle-model")
    mark.press("Home")
    real.settle()
    assert real.ask("facts")["model_cosine"] == text.fixed(float(cosines(0).min()), 3)
    ranked = np.sort(cosines(0))
    mark.press("ArrowRight")
    real.settle()
    assert real.ask("facts")["model_cosine"] == text.fixed(float(ranked[1]), 3)
    mark.press("End")
    real.settle()
    assert real.ask("facts")["model_cosine"] == "1"
    assert real.ask("state")["order"] == ""


def test_the_mouse_drags_the_mark_and_the_words_follow(real):
    real.show("text=only%20I%20said%20that%20she%20won&order=")
    geometry = real.ask("geometry")
    x, y = geometry["mark"]["x"], geometry["mark"]["y"]
    real.page.mouse.move(*real.point(x, y))
    real.page.mouse.down()
    real.page.mouse.move(*real.point(geometry["x0"] + 100, y))
    real.page.mouse.move(*real.point(geometry["x0"] + 1, y))
    real.page.mouse.up()
    real.settle()
    assert real.ask("state")["order"] == "5.4.3.2.1.0"
    first = real.root.evaluate(
        "e => e.querySelector('.posenc-view[data-drawn]').posenc.state().order"
    )
    assert first == "5.4.3.2.1.0", "the words above follow"
    said = real.root.locator(".handle-model").get_attribute("aria-valuetext")
    assert "won she that said I only" in said


def test_a_finger_moves_it_too(open_page):
    real = Real(open_page(PAGE, phone=True), "shuffle")
    geometry = real.ask("geometry")
    y = geometry["mark"]["y"]
    way = [geometry["mark"]["x"] - 50 * k for k in range(4)]
    real.canvas().scroll_into_view_if_needed()
    real.swipe([real.point(x, y) for x in way])
    assert float(real.ask("facts")["model_cosine"]) < 0.96
    assert real.ask("state")["order"]


def test_the_orders_are_saved_below_the_first_table(real):
    real.show("text=only%20I%20said%20that%20she%20won&order=5.4.3.2.1.0")
    with real.page.expect_download() as loaded:
        real.tool("Data").click()
    first, second = Path(loaded.value.path()).read_text("utf-8").split("\n\n")
    assert first.startswith("place,word,")
    rows = list(csv.DictReader(second.splitlines()))
    words = READ[2].split()
    assert len(rows) == 720
    places = []
    for row in rows:
        order = [int(w) for w in row["order"].split(".")] if row["order"] else range(6)
        assert row["words"] == " ".join(words[w] for w in order)
        places.append(place_of(list(order)))
    found = np.array([float(row["cosine"]) for row in rows])
    np.testing.assert_allclose(found, cosines(2)[places], atol=1e-5)
    assert np.all(np.diff(found) >= 0)
    by = np.array([float(row["largest_difference"]) for row in rows])
    np.testing.assert_allclose(by, data.load("minilm-orders")["difference 2"][places], atol=1e-3)
    zeroed = {float(row["zeroed_largest_difference"]) for row in rows}
    assert zeroed == {NOTES["zeroed"][2]["difference"]}


def test_of_a_sentence_that_was_not_read_one_table_is_saved(real):
    real.show("text=two%20words")
    with real.page.expect_download() as loaded:
        real.tool("Data").click()
    assert Path(loaded.value.path()).read_text("utf-8").count("\n") == 3


# -- printed and in Python -----------------------------------------------------------------------


def test_the_printed_picture_has_all_orders():
    exhibit = exhibits.shuffle(text=READ[3], order="7.6.5.4.3.2.1.0")
    found = cosines(3)
    backwards = float(found[place_of(kinds(READ[3].split())[::-1].tolist())])
    dots, _, line, zeroed = exhibit._picture().axes[3].lines
    step = (1 - found.min()) / 130
    np.testing.assert_allclose(np.sort(dots.get_xdata()), np.sort(found), atol=0.51 * step)
    heaps = set(zip(dots.get_xdata(), dots.get_ydata(), strict=True))
    assert len(heaps) == len(found) == 560, "no dot hides another"
    assert line.get_xdata() == pytest.approx([backwards] * 2)
    assert list(zeroed.get_xdata()) == [1]
    alt = exhibit._alt()
    assert "reads all 560 orders" in alt
    least, most = np.sort(found)[[0, -2]]
    assert f"from {text.fixed(float(least), 3)} to {text.fixed(float(most), 3)}" in alt
    assert f"“rose a is rose a is rose a” marked at {text.fixed(backwards, 3)}" in alt
    assert f"one sentence vector, to {text.number(NOTES['zeroed'][3]['difference'], 2)}" in alt


def test_in_the_first_order_the_picture_marks_what_a_swap_would_do():
    swapped = data.load("minilm-shuffle")["pair"]["on"]["cosine"]
    assert f"“the man bit the dog” marked at {text.fixed(swapped, 3)}" in exhibits.shuffle()._alt()


def test_of_another_sentence_nothing_is_printed():
    exhibit = exhibits.shuffle(text="two words")
    assert len(exhibit._picture().axes) == 3
    assert "MiniLM" not in exhibit._alt()


def test_in_python():
    found = Orders(text=READ[0], order="0.4.2.3.1").reading
    assert found.cosine == pytest.approx(
        data.load("minilm-shuffle")["pair"]["on"]["cosine"], abs=1e-4
    )
    assert found.cosines[found.written] == found.cosines.max() == pytest.approx(1, abs=1e-4)
    assert Orders(text="two words").reading is None
