"""Predict, then check, on the built page: answered by every kind of hand, held against NumPy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from exhibit import OnPage
from playwright.sync_api import Page

from posenc import analysis, exhibits, palette
from posenc.text import number

PAGE = "book/sinusoids.html"
TURNS = analysis.turns(64, 64).turns
FULL = int(np.count_nonzero(TURNS >= 1))
LONGEST = 2 * math.pi * 10_000 ** (1 - 2 / 4)  # of width 4, from the formula


class Asked(OnPage):
    """One question of an open page."""

    def get(self, key: str) -> Any:
        """One thing that the drawing keeps."""
        return self.root.evaluate(
            "(e, key) => e.querySelector('.posenc-view').posenc.memory()[key]", key
        )

    def check(self) -> None:
        self.root.get_by_role("button", name="Check").click()
        self.settle()

    @property
    def verdict(self) -> str:
        return self.root.locator(".verdict").inner_text()

    @property
    def answered(self) -> bool:
        return self.root.get_attribute("data-answered") is not None

    def guess(self) -> str:
        return str(self.ask("facts")["guess"])


def asked(page: Page, name: str) -> Asked:
    question = Asked(page, name)
    question.root.scroll_into_view_if_needed()
    question.settle()
    return question


def to_ring(rings: Asked, count: int) -> tuple[float, float]:
    """The point of the window at which a press means `count` clocks."""
    place = rings.ask("geometry")
    row, rest = divmod(count - 1, place["per"])
    return rings.point((rest + 1) * place["pitch"], row * 68 + 28)


def to_value(scale: Asked, value: float) -> tuple[float, float]:
    """The point of the window at which a press means `value`, on the axis 1 to a million."""
    place = scale.ask("geometry")
    return scale.point(place["pad"] + place["width"] * math.log10(value) / 6, 58)


# -- rings ---------------------------------------------------------------------------------------


def test_rings_show_nothing_before_they_are_asked(open_page):
    rings = asked(open_page(PAGE), "rings")
    assert not rings.memory("values").any()
    assert not rings.answered
    assert rings.verdict == ""


def test_rings_fill_as_far_as_the_clocks_turn(open_page):
    rings = asked(open_page(PAGE), "rings")
    rings.check()
    np.testing.assert_allclose(rings.memory("values"), np.minimum(1, TURNS), atol=1e-9)
    assert rings.answered
    assert rings.verdict.startswith(f"{FULL} of 32. You said 16: too many.")
    assert str(np.count_nonzero(TURNS < 0.05)) in rings.verdict

    place = rings.ask("geometry")
    magenta = [int(palette.tokens()["pos"][k : k + 2], 16) for k in (1, 3, 5)]
    empty = [0, 0, 0]  # nothing drawn: the page shows through
    for ring, colour in [(0, magenta), (FULL - 1, magenta), (FULL, empty), (31, empty)]:
        seen = rings.pixel((ring % place["per"] + 0.5) * place["pitch"], 28)
        assert np.abs(np.subtract(seen, colour)).max() < 8, ring


def test_a_new_guess_takes_the_answer_away(open_page):
    rings = asked(open_page(PAGE), "rings")
    rings.check()
    rings.page.mouse.click(*to_ring(rings, 20))
    rings.settle()
    assert not rings.answered
    assert rings.verdict == ""
    assert not rings.memory("values").any()


def test_rings_by_mouse(open_page):
    rings = asked(open_page(PAGE), "rings")
    rings.page.mouse.click(*to_ring(rings, FULL))
    rings.settle()
    assert rings.get("guess") == FULL
    rings.check()
    assert f"{FULL} of 32. Just so." in rings.verdict
    # dragged by its end
    x, y = to_ring(rings, FULL)
    rings.page.mouse.move(x, y + 19)
    rings.page.mouse.down()
    rings.page.mouse.move(*to_ring(rings, 25), steps=4)
    rings.page.mouse.up()
    rings.settle()
    assert rings.get("guess") == 25


def test_rings_by_keyboard(open_page):
    rings = asked(open_page(PAGE), "rings")
    handle = rings.handle("line")
    for key, expected in [("ArrowRight", 17), ("PageDown", 9), ("Home", 0), ("End", 32)]:
        handle.press(key)
        rings.settle()
        assert rings.get("guess") == expected, key
    assert handle.get_attribute("aria-valuenow") == "32"
    assert handle.get_attribute("aria-valuetext") == "32 clocks"
    rings.root.get_by_role("button", name="Check").press("Enter")
    rings.settle()
    assert "You said 32: too many." in rings.verdict


def test_rings_by_finger_in_two_rows(open_page):
    rings = asked(open_page(PAGE, phone=True), "rings")
    assert rings.ask("geometry")["rows"] == 2
    rings.page.touchscreen.tap(*to_ring(rings, 20))
    rings.settle()
    assert rings.get("guess") == 20
    assert rings.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_slider_is_the_same_guess(open_page):
    rings = asked(open_page(PAGE), "rings")
    rings.slider("my guess").press("ArrowLeft")
    rings.settle()
    assert rings.get("guess") == 15
    rings.handle("line").press("Home")
    rings.settle()
    assert rings.root.locator(".widget-readout").first.inner_text() == "0"


# -- scale ---------------------------------------------------------------------------------------


def test_the_truth_is_drawn_where_it_belongs(open_page):
    scale = asked(open_page(PAGE), "longest")
    assert scale.get("truthX") is None
    scale.check()
    place = scale.ask("geometry")
    expected = place["pad"] + place["width"] * math.log10(LONGEST) / 6
    assert scale.get("truthX") == pytest.approx(expected, abs=0.01)
    assert scale.verdict.startswith(f"{number(round(LONGEST))} positions.")
    assert "too small" in scale.verdict


def test_an_even_scale_is_as_fine_as_its_axis(open_page):
    """A guess between 0 and 1 moves by hundredths, by key and by hand, and the slider follows."""
    scale = asked(open_page("book/naive.html"), "drowned")
    assert scale.guess() == "0.20"
    scale.handle("line").press("ArrowRight")
    scale.settle()
    assert scale.guess() == "0.21"
    place = scale.ask("geometry")
    scale.page.mouse.click(*scale.point(place["pad"] + 0.73 * place["width"], 58))
    scale.settle()
    assert scale.guess() == "0.73"
    assert scale.root.locator(".widget-readout").inner_text() == "0.73"


def test_a_scale_by_mouse_keyboard_and_slider(open_page):
    scale = asked(open_page(PAGE), "longest")
    scale.page.mouse.click(*to_value(scale, LONGEST))
    scale.settle()
    scale.check()
    assert "Just so." in scale.verdict
    scale.handle("line").press("End")
    scale.settle()
    assert scale.guess() == "1,000,000"
    scale.check()
    assert f"{number(round(1e6 / LONGEST))} times too large" in scale.verdict
    scale.handle("line").press("ArrowLeft")
    scale.settle()
    assert scale.guess() == "870,000"  # a hundredth of the axis: 10^(-6/100)
    scale.slider("my guess").press("Home")
    scale.settle()
    assert scale.guess() == "1"


def test_a_scale_by_finger(open_page):
    scale = asked(open_page(PAGE, phone=True), "longest")
    scale.page.touchscreen.tap(*to_value(scale, 100))
    scale.settle()
    assert float(scale.guess()) == pytest.approx(100, rel=0.1)


# -- choice --------------------------------------------------------------------------------------


def repeated() -> str:
    first = analysis.rounded(1_000_000, 64, dtype="bfloat16", what="positions").first
    assert first is not None
    return number(first[1])


def test_a_choice_must_be_made_before_it_is_checked(open_page):
    choice = asked(open_page(PAGE), "sixteen")
    choice.check()
    assert choice.verdict == "Choose an answer first."
    assert not choice.answered


def test_the_right_choice(open_page):
    choice = asked(open_page(PAGE), "sixteen")
    choice.root.get_by_role("radio", name=repeated(), exact=True).check()
    choice.check()
    assert choice.verdict == "Just so."
    assert choice.answered
    assert choice.root.locator(".why:visible").count() == 1


def test_a_wrong_choice_by_keyboard_is_explained_beside_the_right_one(open_page):
    choice = asked(open_page(PAGE), "sixteen")
    radios = choice.root.get_by_role("radio")
    radios.first.focus()
    radios.first.press("ArrowDown")
    assert radios.nth(1).is_checked()
    choice.check()
    assert choice.verdict == f"Not this one: it is “{repeated()}”."
    assert choice.root.locator(".why:visible").count() == 2
    assert choice.root.locator(".option.truth").inner_text().startswith(repeated())
    radios.nth(2).check()
    assert choice.root.locator(".why:visible").count() == 0


def test_a_choice_by_finger(open_page):
    choice = asked(open_page(PAGE, phone=True), "sixteen")
    label = choice.root.locator("label").filter(has_text="There is none")
    label.tap()
    assert choice.guess() == "There is none"
    box = label.bounding_box()
    assert box is not None
    assert box["height"] >= 44


# -- without JavaScript, and from Python ---------------------------------------------------------


@pytest.mark.parametrize("name", ["rings", "longest", "sixteen"])
def test_without_javascript_the_question_stands_and_the_answer_is_folded(open_page, name):
    page = open_page(PAGE, scripts=False)
    figure = page.locator(f'[data-exhibit="{name}"] figure')
    question = figure.locator("figcaption").inner_text()
    assert question.endswith("?")
    assert (figure.locator("img").get_attribute("alt") or "").startswith(question[:40])
    answer = page.locator(f'[data-exhibit="{name}"]').locator(
        "xpath=following::details[contains(., 'Answer')][1]"
    )
    assert answer.get_attribute("open") is None
    expected = {"rings": str(FULL), "longest": number(round(LONGEST)), "sixteen": repeated()}
    answer.locator("summary").click()
    assert expected[name] in answer.inner_text()


def test_the_traits_hold_what_the_cell_computed():
    rings = exhibits.predict_rings("clocks", "How many?", turns=TURNS)
    assert rings.view.truth == FULL
    assert rings.guess == 16
    rings.guess = 9
    assert rings.view.guess == 9
    scale = exhibits.predict_scale("where", "Where?", truth=LONGEST, low=1, high=1e6)
    assert scale.view.truth == LONGEST
    assert scale.guess == 1000


def test_the_printed_question_does_not_give_the_answer_away():
    made = exhibits.predict_scale("where", "Where is it?", truth=LONGEST, low=1, high=1e6)
    data, metadata = made._repr_mimebundle_()
    words = metadata["image/png"]
    assert words["exhibit"] == "where"
    assert words["caption"] == "Where is it?"
    assert words["alt"].startswith("Where is it?")
    assert "628" not in words["alt"] + data["text/plain"]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: exhibits.predict_rings("1", "Why?", turns=[1]), "name='1'"),
        (lambda: exhibits.predict_rings("a", " ", turns=[1]), "question"),
        (lambda: exhibits.predict_rings("a", "Why?", turns=[]), "turns has 0"),
        (lambda: exhibits.predict_rings("a", "Why?", turns=[1] * 65), "1 to 64"),
        (lambda: exhibits.predict_rings("a", "Why?", turns=[1, 2]), "fastest"),
        (lambda: exhibits.predict_rings("a", "Why?", turns=[math.nan]), "turns"),
        (lambda: exhibits.predict_rings("a", "Why?", turns=[1], guess=2), "guess=2"),
        (lambda: exhibits.predict_scale("a", "Why?", truth=5, low=0, high=9), "above 0"),
        (lambda: exhibits.predict_scale("a", "Why?", truth=5, low=9, high=1), "no axis"),
        (lambda: exhibits.predict_scale("a", "Why?", truth=50, low=1, high=9), "truth=50"),
        (
            lambda: exhibits.predict_scale("a", "Why?", truth=5, low=1, high=9, marks={"x": 10}),
            "x=10",
        ),
        (
            lambda: exhibits.predict_choice("a", "Why?", options=[(1, "1", "")], truth=1),
            "two at least",
        ),
        (
            lambda: exhibits.predict_choice(
                "a", "Why?", options=[(1, "1", ""), (2, "2", "")], truth=3
            ),
            "truth=3",
        ),
    ],
)
def test_bad_input_is_refused_by_name(make, says):
    with pytest.raises(ValueError, match=says):
        make()


def test_an_even_axis_can_be_asked_for():
    made = exhibits.predict_scale("a", "Why?", truth=5, low=0, high=10, log=False)
    assert made.guess == 5
