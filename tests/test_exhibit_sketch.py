"""Draw it before you see it, on the built page: drawn by every kind of hand, checked with NumPy."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from exhibit import OnPage
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page

from posenc import analysis, exhibits, palette, pictures
from posenc.text import fixed

PAGE = "book/proof.html"
NAME = "ripples"
N = 65
TRUTH = analysis.dot_by_offset(N, 64)
LIGHT = palette.tokens()


class Drawn(OnPage):
    """The question of an open page."""

    def check(self) -> None:
        self.root.get_by_role("button", name="Check").click()
        self.settle()

    @property
    def verdict(self) -> str:
        return self.root.locator(".verdict").inner_text()

    @property
    def answered(self) -> bool:
        return self.root.get_attribute("data-answered") is not None

    def guess(self) -> NDArray[np.float64]:
        return np.array(self.ask("state")["guess"])

    def sketches(self) -> Locator:
        return self.root.get_by_role("radio")

    def at(self, k: float, value: float) -> tuple[float, float]:
        """The point of the window that means this value at this offset."""
        box = self.ask("geometry")["box"]
        low, high = (self.ask("state")[end] for end in ("low", "high"))
        share = (value - low) / (high - low)
        x = box["x"] + box["w"] * k / (N - 1)
        return self.point(x, box["y"] + box["h"] - 4 - share * (box["h"] - 8))

    def clear(self) -> Drawn:
        """Begins again, whatever was drawn before."""
        button = self.root.get_by_role("button", name="Clear")
        button.scroll_into_view_if_needed()
        if button.is_enabled():
            button.click()
        self.settle()
        return self

    def draw(self, points: list[tuple[float, float]]) -> None:
        """Draws with the mouse through these (offset, value)."""
        mouse = self.page.mouse
        mouse.move(*self.at(*points[0]))
        mouse.down()
        for point in points[1:]:
            mouse.move(*self.at(*point), steps=3)
        mouse.up()
        self.settle()


def opened(page: Page) -> Drawn:
    figure = Drawn(page, NAME)
    figure.root.scroll_into_view_if_needed()
    figure.settle()
    return figure


@pytest.fixture(scope="module")
def one(open_still):
    return opened(open_still(PAGE))


@pytest.fixture
def ripples(one):
    return one.clear()


@pytest.fixture(scope="module")
def pocket(open_still):
    return opened(open_still(PAGE, phone=True))


def curves(figure: OnPage) -> dict[str, NDArray[np.float64]]:
    """The curves of the drawing by their colour's token, as offsets and values."""
    box, state = figure.ask("geometry")["box"], figure.ask("state")
    names = {colour: name for name, colour in LIGHT.items()}
    found = {}
    for curve in figure.ask("drawn")["curves"]:
        x, y = np.array(curve["points"], dtype=np.float64).T
        values = state["low"] + (box["y"] + box["h"] - 4 - y) / (box["h"] - 8) * (
            state["high"] - state["low"]
        )
        found[names[curve["colour"]]] = np.array([(x - box["x"]) / box["w"] * (N - 1), values])
    return found


# -- drawing -------------------------------------------------------------------------------------


def test_nothing_is_drawn_before_a_hand_does(ripples):
    assert curves(ripples) == {}
    np.testing.assert_array_equal(ripples.guess(), TRUTH[:1])
    assert "Draw here, from the dot" in ripples.written()
    assert ripples.verdict == ""
    (dot,) = ripples.discs()
    x, y = ripples.at(0, TRUTH[0])
    np.testing.assert_allclose(ripples.point(dot["x"], dot["y"]), (x, y), atol=0.5)
    assert dot["fill"] == LIGHT["ink"]
    # nor anywhere in what can be seen or heard: the least value of the truth, as it would be said
    assert fixed(TRUTH.min(), 1) not in ripples.root.inner_text() + ripples.ask("say")


def test_the_mouse_draws_what_it_is_moved_along(ripples):
    way = [(0.0, 32.0), (16.0, 0.0), (40.0, 8.0), (64.0, -16.0)]
    ripples.draw(way)
    k, v = np.array(way).T
    drawn = ripples.guess()
    assert drawn.size == N
    # half a place to either side is the same place to the hand
    np.testing.assert_allclose(drawn, np.interp(np.arange(N), k, v), atol=1.7)
    np.testing.assert_allclose(curves(ripples)["ink"], [np.arange(N), drawn], atol=1e-6)
    assert "pos" not in curves(ripples)


def test_a_stroke_that_begins_further_on_is_joined_to_the_end(ripples):
    ripples.draw([(0, 32), (10, 20)])
    assert ripples.guess().size == 11
    ripples.draw([(30, 0), (34, 0)])
    drawn = ripples.guess()
    assert drawn.size == 35
    np.testing.assert_allclose(drawn[10:31], np.linspace(drawn[10], drawn[30], 21), atol=1e-9)
    # and what was drawn can be drawn over, without losing the rest
    ripples.draw([(5, -8), (8, -8)])
    again = ripples.guess()
    np.testing.assert_allclose(again[5:9], -8, atol=0.3)
    np.testing.assert_array_equal(again[9:], drawn[9:])
    np.testing.assert_array_equal(again[:5], drawn[:5])


def test_a_quick_stroke_leaves_no_hole(ripples):
    page = ripples.page
    page.mouse.move(*ripples.at(1, 30))
    page.mouse.down()
    page.mouse.move(*ripples.at(50, 2))
    page.mouse.up()
    ripples.settle()
    np.testing.assert_allclose(
        ripples.guess()[1:], np.interp(np.arange(1, 51), [1, 50], [30, 2]), atol=0.4
    )


def test_the_arrow_keys_choose_a_place_and_set_it(ripples):
    pen = ripples.handle("pen")
    state = ripples.ask("state")
    step = (state["high"] - state["low"]) / 48
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight", "ArrowRight"):
        pen.press(key)
    ripples.settle()
    np.testing.assert_allclose(ripples.guess(), 32 - step * np.array([0, 2, 3, 3, 3]), atol=1e-9)
    assert pen.get_attribute("aria-valuetext") == f"k 4, guess {fixed(32 - 3 * step, 1)}"
    assert pen.get_attribute("role") == "slider"
    for key in ("ArrowLeft", "ArrowUp", "PageDown"):
        pen.press(key)
    ripples.settle()
    np.testing.assert_allclose(ripples.guess(), 32 - step * np.array([0, 2, 3, 8, 3]), atol=1e-9)
    assert len(ripples.discs()) == 2  # the dot to start from, and the place of the keys
    pen.press("End")
    ripples.settle()
    drawn = ripples.guess()
    assert drawn.size == N
    np.testing.assert_allclose(drawn[4:], drawn[4])
    for _ in range(60):
        pen.press("ArrowUp")
    ripples.settle()
    assert ripples.guess()[-1] == state["high"]  # the end of the axis stops it
    ripples.root.get_by_role("button", name="Check").press("Enter")
    ripples.settle()
    assert ripples.answered


def test_a_finger_draws_inside_and_scrolls_outside(pocket):
    pocket.clear()
    # first downwards, as a scrolling finger would
    way = [(0.5, 30), (0.5, 10), (2, -10), (30, 5), (64, 12)]
    y0 = pocket.page.evaluate("scrollY")
    points = [pocket.at(*point) for point in way]
    y0 = pocket.page.evaluate("scrollY")
    pocket.swipe(points)
    pocket.settle()
    assert pocket.page.evaluate("scrollY") == y0
    drawn = pocket.guess()
    assert drawn.size == N
    assert drawn[30] == pytest.approx(5, abs=1)
    assert drawn[64] == pytest.approx(12, abs=1)
    words = pocket.root.locator(".q").bounding_box()
    assert words is not None
    x, y = words["x"] + 60, words["y"] + words["height"] / 2
    pocket.swipe([(x, y - d) for d in (0, 30, 60, 90)])
    pocket.page.wait_for_function("y => scrollY !== y", arg=y0)
    np.testing.assert_array_equal(pocket.guess(), drawn)


# -- sketches ------------------------------------------------------------------------------------


def shapes(figure: OnPage) -> dict[str, NDArray[np.float64]]:
    return {s["words"]: np.array(s["y"]) for s in figure.ask("state")["sketches"]}


def test_a_sketch_is_a_guess_like_any_other(ripples):
    known = shapes(ripples)
    assert len(known) == 3
    for n, (words, y) in enumerate(known.items()):
        ripples.sketches().nth(n).check()
        ripples.settle()
        np.testing.assert_array_equal(ripples.guess(), y)
        np.testing.assert_allclose(curves(ripples)["ink"][1], y, atol=1e-6)
        assert ripples.ask("facts")["guess"] == words
    ripples.draw([(20, 0), (24, 0)])  # drawn over: no longer the sketch
    assert ripples.root.locator("input:checked").count() == 0
    assert ripples.ask("facts")["guess"] == "my own curve"


def test_sketches_by_keyboard_and_their_little_pictures(ripples):
    radios = ripples.sketches()
    radios.first.focus()
    radios.first.press("ArrowRight")
    ripples.settle()
    assert radios.nth(1).is_checked()
    for n, y in enumerate(shapes(ripples).values()):
        points = ripples.root.locator("label polyline").nth(n).get_attribute("points") or ""
        height = np.array([float(p.split(",")[1]) for p in points.split()])
        # the same shape, upside down as on a screen
        assert np.corrcoef(height, -y)[0, 1] > 0.999


# -- the answer ----------------------------------------------------------------------------------


def test_too_little_cannot_be_checked(ripples):
    ripples.draw([(0, 32), (20, 10)])
    ripples.check()
    assert ripples.verdict == "Draw to the right edge first, or choose a sketch."
    assert not ripples.answered
    assert "pos" not in curves(ripples)


def first_rise() -> int:
    return int(np.flatnonzero(np.diff(TRUTH) > 0)[0]) + 1


def test_the_truth_is_drawn_over_the_guess_and_compared(ripples):
    # far off at the first place, which counts, as the given one does not
    ripples.draw([(1, -31), (2, 24), (30, 6), (64, 20)])
    ripples.check()
    drawn = ripples.guess()
    both = curves(ripples)
    np.testing.assert_allclose(both["pos"], [np.arange(N), TRUTH], atol=1e-6)
    np.testing.assert_allclose(both["ink"][1], drawn, atol=1e-6)
    off = np.abs(drawn - TRUTH)[1:].mean()
    gaps = {words: np.abs(y - TRUTH).mean() for words, y in shapes(ripples).items()}
    nearest = min(gaps, key=lambda words: gaps[words])
    assert ripples.verdict.startswith(
        f"Off by {fixed(off, 1)} on average. The truth first rises at k = {first_rise()}. "
        f"Of the sketches “{nearest}” comes nearest."
    )
    assert first_rise() == analysis.first_rise(64)
    for name, colour in (("my guess", "ink"), ("the truth", "pos")):
        (label,) = [w for w in ripples.words() if w["words"] == name]
        assert label["colour"] == LIGHT[colour]
    # the names keep off both lines
    box = ripples.ask("geometry")["box"]
    for w in ripples.words():
        if w["words"] not in ("my guess", "the truth"):
            continue
        for curve in ripples.ask("drawn")["curves"]:
            near = [y for x, y in curve["points"] if abs(x - w["x"]) < 24]
            assert all(not w["y"] - 9 < y < w["y"] + 1 for y in near), w["words"]
        assert box["y"] <= w["y"] <= box["y"] + box["h"]


def test_the_nearest_sketch_is_told_so_and_a_new_guess_takes_the_answer_away(ripples):
    gaps = [np.abs(y - TRUTH).mean() for y in shapes(ripples).values()]
    ripples.sketches().nth(int(np.argmin(gaps))).check()
    ripples.check()
    assert "You chose the sketch that comes nearest." in ripples.verdict
    assert ripples.answered
    ripples.sketches().nth(int(np.argmax(gaps))).check()
    ripples.settle()
    assert not ripples.answered
    assert ripples.verdict == ""
    assert "pos" not in curves(ripples)
    ripples.check()
    off = fixed(np.abs(list(shapes(ripples).values())[int(np.argmax(gaps))] - TRUTH)[1:].mean(), 1)
    assert f"Off by {off} on average" in ripples.verdict
    assert ripples.ask("facts")["off"] == off


def test_the_truth_comes_from_the_left_where_motion_is_welcome(open_page):
    ripples = opened(open_page(PAGE, calm=False))
    ripples.sketches().first.check()
    ripples.root.get_by_role("button", name="Check").click()
    ask = (
        "document.querySelector('[data-exhibit=ripples] .posenc-view[data-drawn]')"
        ".posenc.memory().shown"
    )
    ripples.page.wait_for_function(f"{ask} > 0")
    ripples.page.wait_for_function(f"{ask} === {N}")
    np.testing.assert_allclose(curves(ripples)["pos"][1], TRUTH, atol=1e-6)


def test_clear_begins_again(ripples):
    ripples.sketches().first.check()
    ripples.check()
    ripples.clear()
    np.testing.assert_array_equal(ripples.guess(), TRUTH[:1])
    assert ripples.root.get_by_role("button", name="Clear").is_disabled()
    assert not ripples.answered


# -- phone, print, Python ------------------------------------------------------------------------


def test_on_a_phone_nothing_is_cut_off(pocket):
    assert pocket.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for n in range(3):
        box = pocket.sketches().nth(n).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    width = pocket.canvas().evaluate("c => c.clientWidth")
    assert all(0 <= w["x"] <= width for w in pocket.words())


def test_without_javascript_the_empty_plot_stands(open_page):
    page = open_page(PAGE, scripts=False)
    figure = page.locator(f'[data-exhibit="{NAME}"] figure')
    alt = figure.locator("img").get_attribute("alt") or ""
    assert "waiting for a curve" in alt
    assert "swings without end" in alt
    assert fixed(TRUTH.min(), 1) not in alt


def made(**changes: Any) -> exhibits.Predict:
    given = {"truth": [3, 2, 1, 2], "low": 0, "high": 4, **changes}
    return exhibits.predict_sketch("curve", "How does it go on?", **given)


def test_from_python():
    question = made(sketches={"down": [3, 2, 1, 0]})
    assert question.guess == [3]
    assert not question.view.ready
    question.guess = [3, 1, 1, 1]
    assert question.view.guess == [3, 1, 1, 1]
    assert question.view.x == [0, 1, 2, 3]
    assert made(x=[1, 2, 4, 8], start=2).view.guess == [2]


def test_the_picture_is_empty_but_for_the_dot():
    axes = pictures.predict_sketch(made(quantity="height").view).axes[0]
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert len(dots) == 1
    np.testing.assert_array_equal(np.ravel(dots[0].get_data()), [0, 3])
    assert all(len(np.ravel(line.get_xdata())) <= 2 for line in axes.lines)
    assert axes.get_title(loc="left") == "height"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"low": 4, "high": 0}, "low=4 and high=0 make no axis"),
        ({"truth": [1, 2]}, "truth has 2 values; it must have 3 to 1000"),
        ({"truth": [1, 2, 9]}, "'truth' has 9, off the axis; it must be in 0 to 4"),
        ({"truth": [1, 2, np.nan]}, "truth"),
        ({"x": [0, 1, 2]}, "'x' has 3 numbers; it must have 4"),
        ({"x": [0, 1, 1, 2]}, "x must rise"),
        ({"start": -1}, "'start' has -1, off the axis"),
        ({"sketches": {"up": [1, 2, 3]}}, "'up' has 3 numbers; it must have 4"),
        ({"sketches": {"up": [1, 2, 3, 5]}}, "'up' has 5, off the axis"),
    ],
)
def test_bad_input_is_refused_by_name(changes, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        made(**changes)
