"""A sentence in every order of its words, as a real encoder reads it: under "Shuffle the sentence"."""

from __future__ import annotations

import math

import numpy as np
import pytest
from exhibit import OnPage

from posenc import data, text
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


def test_in_python():
    view = Orders(text=READ[0], order="0.4.2.3.1")
    assert view.read
    assert view.cosine == pytest.approx(
        data.load("minilm-shuffle")["pair"]["on"]["cosine"], abs=1e-4
    )
    other = Orders(text="two words")
    assert not other.read
    with pytest.raises(ValueError, match="MiniLM has read"):
        _ = other.cosines
    assert math.isclose(view.cosines.max(), 1, abs_tol=1e-4)
