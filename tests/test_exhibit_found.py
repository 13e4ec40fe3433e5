"""The clocks of a learned table on the built page: eigenvalues, hands, waves and the test of the map,
compared with NumPy."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, percent, png_size, quantity
from numpy.typing import NDArray

from posenc import exhibits, palette, pictures, tables, text
from posenc.views.found import MOST, NAMES

PAGE = "book/learned.html"
Floats = NDArray[np.float64]
DEFAULT = {"table": "minilm", "m": 10, "fit": "first half", "hand": 1, "t": 40}

SHOWN: list[tuple[str, dict[str, Any]]] = [
    ("", {}),
    (
        "table=whisper+decoder&m=15&fit=all+rows&hand=6&t=300",
        {"table": "whisper decoder", "m": 15, "fit": "all rows", "hand": 6, "t": 300},
    ),
    ("table=random+walk&hand=2&t=0", {"table": "random walk", "hand": 2, "t": 0}),
    ("table=sinusoidal&m=16&hand=0&t=511", {"table": "sinusoidal", "m": 16, "hand": 0, "t": 511}),
    ("table=random+table&m=7&hand=15&t=5", {"table": "random table", "m": 7, "hand": 15, "t": 5}),
]
showing = pytest.mark.parametrize(
    ("fragment", "asked"), SHOWN, ids=[s or "default" for s, _ in SHOWN]
)


def view(asked: dict[str, Any]) -> Any:
    exhibit = exhibits.found()
    exhibit.set(**{**DEFAULT, **asked})
    return exhibit._view


class Found(OnPage):
    def show(self, fragment: str) -> Found:
        super().show(fragment)
        self.whole()
        return self

    def whole(self) -> Found:
        """Waits until all tables have been tried."""
        self.page.wait_for_function(
            "e => e.querySelector('.posenc-view').posenc.memory().complete",
            arg=self.root.element_handle(),
        )
        self.settle()
        return self

    def hands(self) -> list[dict[str, Any]]:
        return self.root.evaluate(
            "e => e.querySelector('.posenc-view').posenc.memory().clocks.hands.map(h =>"
            "({ ...h, x: Array.from(h.x), y: Array.from(h.y) }))"
        )

    def finding(self) -> str:
        return self.root.locator(".finding").inner_text().replace("\u00a0", " ")

    def value(self, key: str) -> Any:
        return self.ask("state")[key]


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return Found(open_still(PAGE), "found").arrive()


@pytest.fixture
def found(open_page):
    page = Found(open_page(PAGE), "found")
    page.arrive()
    return page.whole()


# -- what is drawn ------------------------------------------------------------------------------


@showing
def test_the_eigenvalues_stand_where_numpy_has_them(still, fragment, asked):
    still.show(fragment)
    clocks = view(asked).clocks
    plane, points = still.ask("geometry")["plane"], still.ask("geometry")["points"]
    assert len(points) == len(clocks.hands)
    unit = 0.43 * plane["w"]
    middle = np.array([plane["x"] + plane["w"] / 2, plane["y"] + plane["h"] / 2])
    for point, hand in zip(points, clocks.hands, strict=True):
        told = (np.array(point) - middle) / unit
        np.testing.assert_allclose(told, [hand.value.real, -hand.value.imag], atol=1e-4)
    ring = [d for d in still.discs() if d["r"] == pytest.approx(unit) and not d["fill"]]
    assert len(ring) == 1
    assert (ring[0]["x"], ring[0]["y"]) == pytest.approx(tuple(middle))


@showing
def test_the_hands_point_where_their_readings_do(still, fragment, asked):
    still.show(fragment)
    of = {**DEFAULT, **asked}
    py = view(asked)
    clocks = py.clocks
    hands = still.hands()
    geometry = still.ask("geometry")
    unit = 0.72 * geometry["bank"]["r"]
    words = [w["words"] for w in still.words()]
    tips = {(round(d["x"], 2), round(d["y"], 2)) for d in still.discs() if d["r"] in (4, 5)}
    for k, (hand, other) in enumerate(zip(clocks.hands, hands, strict=True)):
        np.testing.assert_allclose(other["x"], hand.reading.real, atol=2e-3)
        np.testing.assert_allclose(other["y"], hand.reading.imag, atol=2e-3)
        assert other["share"] == pytest.approx(hand.share, abs=1e-4)
        x, y = py.values[k]
        far = unit * float(np.hypot(x, y))
        pull = min(1.0, geometry["bank"]["r"] / far) if far else 1.0
        cx, cy = geometry["centres"][k]
        tip = cx + x * unit * pull, cy - y * unit * pull
        assert min(abs(a - tip[0]) + abs(b - tip[1]) for a, b in tips) < 0.5
        if hand.turns:
            assert quantity(hand.period) in words
        assert percent(hand.share) in words
    t = f"t = {of['t']:,}"
    assert t in words


@showing
def test_the_wave_is_the_chosen_hand_at_every_position(still, fragment, asked):
    still.show(fragment)
    py = view(asked)
    chosen = py.clocks.hands[py.chosen]
    box = still.ask("geometry")["wave"]
    n = len(chosen.reading)
    waves = [c for c in still.curves() if len(c) == n]
    assert len(waves) == 1 + chosen.turns
    values = [(box["y"] + box["h"] / 2 - c[:, 1]) / (box["h"] / 2) * box["reach"] for c in waves]
    np.testing.assert_allclose(values[-1], chosen.reading.real, atol=2e-3)
    if chosen.turns:
        even = np.cos(2 * np.pi * np.arange(n) / chosen.period)
        np.testing.assert_allclose(values[0], even, atol=2e-2)
    np.testing.assert_allclose(
        (waves[-1][:, 0] - box["x"]) / box["w"] * (n - 1), np.arange(n), atol=1e-6
    )


@showing
def test_every_table_is_tried_on_rows_its_map_never_saw(still, fragment, asked):
    still.show(fragment)
    py = view(asked)
    ladder = still.ask("geometry")["ladder"]
    words = [w["words"] for w in still.words()]
    left, right = ladder["x"] + ladder["label"], ladder["x"] + ladder["w"] - ladder["number"]
    diamonds = still.ask("drawn")["diamonds"]
    for k, name in enumerate(NAMES):
        other = py.clocks_of(name)
        both = f"{text.fixed(other.held_out, 2)} / {text.fixed(other.still, 2)}"
        assert both in words, name
        y = ladder["y"] + (k + 0.5) * ladder["rise"]
        x = left + (right - left) * min(other.still, 1.5) / 1.5
        assert [d for d in diamonds if abs(d["x"] - x) < 0.1 and abs(d["y"] - y) < 0.1], name
        x = left + (right - left) * min(other.held_out, 1.5) / 1.5
        assert [d for d in still.discs() if abs(d["x"] - x) < 0.1 and abs(d["y"] - y) < 0.1], name


@showing
def test_the_finding_judges_the_map(still, fragment, asked):
    still.show(fragment)
    py = view(asked)
    clocks = py.clocks
    words = still.finding()
    turning = sum(hand.turns for hand in clocks.hands)
    assert f"{py.m} components carry {percent(clocks.carried)} of the variance" in words
    assert f"turns {turning} hand" in words
    assert f"errs by {text.fixed(clocks.held_out, 2)} of their size" in words
    assert f"not moving by {text.fixed(clocks.still, 2)}" in words
    judged = {
        "minilm": "has found what moves the rows",
        "whisper decoder": "has found what moves the rows",
        "sinusoidal": "has found what moves the rows",
        "random walk": "does worse than none",
        "random table": "knows no more than the mean row",
    }
    assert judged[py.table] in words


# -- hands --------------------------------------------------------------------------------------


def test_an_eigenvalue_a_hand_and_a_table_are_pressed(found):
    mouse = found.page.mouse
    points = found.ask("geometry")["points"]
    mouse.click(*found.point(*points[0]))
    found.settle()
    assert found.value("hand") == 0
    cx, cy = found.ask("geometry")["centres"][3]
    mouse.click(*found.point(cx + 20, cy + 10))
    found.settle()
    assert found.value("hand") == 3
    ladder = found.ask("geometry")["ladder"]
    mouse.click(*found.point(ladder["x"] + 60, ladder["y"] + 3.5 * ladder["rise"]))
    found.settle()
    assert found.value("table") == "random walk"
    wave = found.ask("geometry")["wave"]
    mouse.click(*found.point(wave["x"] + wave["w"] * 100 / 511, wave["y"] + 30))
    found.settle()
    assert abs(found.value("t") - 100) <= 1


def test_the_marks_are_dragged(found):
    mouse = found.page.mouse
    points = found.ask("geometry")["points"]
    x, y = found.point(*points[1])
    mouse.move(x, y)
    mouse.down()
    mouse.move(*found.point(points[0][0] + 2, points[0][1]), steps=5)
    mouse.up()
    found.settle()
    assert found.value("hand") == 0
    wave, mark = found.ask("geometry")["wave"], found.ask("geometry")["tMark"]
    x, y = found.point(mark["x"], mark["y"])
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + wave["w"] * 200 / 508, y + 4, steps=5)
    mouse.up()
    found.settle()
    assert abs(found.value("t") - 240) <= 1


def test_the_keyboard_moves_every_handle(found):
    found.handle("hand").press("ArrowRight")
    assert found.value("hand") == 2
    found.handle("hand").press("End")
    found.settle()
    assert found.value("hand") == 4
    assert found.handle("hand").get_attribute("aria-valuemax") == "4"
    assert "period" in found.handle("hand").get_attribute("aria-valuetext")
    found.handle("t").press("ArrowRight")
    found.handle("t").press("PageUp")
    assert found.value("t") == 57
    found.handle("t").press("Home")
    assert found.value("t") == 1
    found.handle("rung").press("ArrowDown")
    found.settle()
    assert found.value("table") == "whisper decoder"
    assert found.value("t") == 3, "the rows before it are set apart"
    found.handle("rung").press("End")
    found.settle()
    assert found.value("table") == "random table"


def test_a_finger_taps_a_hand_and_swipes_past(open_page):
    found = Found(open_page(PAGE, phone=True), "found")
    found.arrive()
    found.whole()
    cx, cy = found.ask("geometry")["centres"][4]
    found.page.touchscreen.tap(*found.point(cx, cy))
    found.settle()
    assert found.value("hand") == 4
    mark = found.ask("geometry")["tMark"]
    x, y = found.point(mark["x"], mark["y"])
    found.swipe([(x + 12 * n, y) for n in range(6)])
    assert found.value("t") > 100
    before, top = found.ask("state"), found.page.evaluate("scrollY")
    x, y = found.point(*found.ask("geometry")["centres"][2])
    found.swipe([(x + n, y - 12 * n) for n in range(12)])
    found.page.wait_for_function("top => scrollY > top + 30", arg=top)
    assert found.ask("state") == before


@pytest.mark.parametrize("phone", [False, True])
def test_handles_are_large_enough_and_stay_in_the_page(open_page, phone):
    found = Found(open_page(PAGE, phone=phone), "found")
    found.arrive()
    found.show("table=whisper+decoder&m=16&t=447")
    for name in ("hand", "t", "rung"):
        box = found.handle(name).bounding_box()
        assert min(box["width"], box["height"]) >= 44, name
    assert found.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# -- cost ---------------------------------------------------------------------------------------


def test_a_move_of_t_computes_nothing_anew(found):
    kept = "e => e.querySelector('.posenc-view').posenc.memory().cloudKey"
    before = found.root.evaluate(kept)
    found.handle("t").press("PageUp")
    found.settle()
    assert found.root.evaluate(kept) == before
    found.slider("kept").press("ArrowRight")
    found.settle()
    assert found.value("m") == 11
    assert found.root.evaluate(kept) != before


# -- controls, links and tools ------------------------------------------------------------------


def test_menu_slider_and_buttons_are_the_same_state(found):
    menu = found.root.locator("select")
    labels = [word.replace("\u00a0", " ") for word in menu.locator("option").all_inner_texts()]
    assert labels == [tables.TABLES[name].label for name in NAMES]
    menu.select_option(label="Sinusoidal")
    found.slider("kept").press("ArrowLeft")
    found.slider("position").press("ArrowRight")
    found.root.get_by_role("radio", name="all rows").or_(
        found.root.get_by_role("button", name="all rows")
    ).first.click()
    found.settle()
    state = found.ask("state")
    assert (state["table"], state["m"], state["fit"], state["t"]) == (
        "sinusoidal",
        9,
        "all rows",
        41,
    )
    assert (state["t_min"], state["t_max"]) == (0, 511)


@pytest.mark.parametrize(
    ("fragment", "note"),
    [
        ("table=whisper+encoder", "not one of"),
        ("m=1", "outside"),
        ("m=17", "outside"),
        ("hand=1.5", "whole"),
        ("fit=half", "not one of"),
        ("t=0", "became 1"),
    ],
)
def test_a_link_that_asks_too_much_is_told_so(still, fragment, note):
    still.show(fragment)
    assert note in still.root.locator(".x-note").inner_text()


def test_reset_goes_back(open_page):
    found = Found(open_page(f"{PAGE}#found?table=random+walk&m=4&hand=0&t=300"), "found")
    found.arrive()
    assert found.value("t") == 300
    found.tool("Reset").click()
    found.settle()
    state = found.ask("state")
    assert {key: state[key] for key in DEFAULT} == DEFAULT


def test_play_moves_t(open_page):
    found = Found(open_page(PAGE, calm=False), "found")
    found.arrive()
    found.root.locator(".play").click()
    found.page.wait_for_function(
        "() => document.querySelector('[data-exhibit=found] .posenc-view').posenc.state().t >= 43"
    )


def test_picture_and_data_are_saved(found):
    with found.page.expect_download() as saved:
        found.tool("Picture").click()
    width, height = png_size(Path(saved.value.path()).read_bytes())
    assert width > 1000
    assert height > 1000
    with found.page.expect_download() as saved:
        found.tool("Data").click()
    told = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    hands = view({}).clocks.hands
    assert told[0][:2] == ["position", f"period {hands[0].period:.2f} across"]
    assert len(told[0]) == 1 + 2 * len(hands)
    numbers = np.array(told[1:], dtype=float)
    np.testing.assert_array_equal(numbers[:, 0], np.arange(1, 510))
    for k, hand in enumerate(hands):
        np.testing.assert_allclose(numbers[:, 1 + 2 * k], hand.reading.real, atol=1e-3)
        np.testing.assert_allclose(numbers[:, 2 + 2 * k], hand.reading.imag, atol=1e-3)


def test_facts_and_speech_have_computed_numbers(still):
    still.show("hand=3")
    clocks = view({}).clocks
    hand = clocks.hands[3]
    assert still.ask("facts") == {
        "table": "MiniLM, learned",
        "components": "10",
        "carried": percent(clocks.carried),
        "hands": "5",
        "fastest": quantity(clocks.hands[0].period),
        "slowest": quantity(clocks.hands[4].period),
        "fitted": text.fixed(clocks.fitted, 3),
        "held_out": text.fixed(clocks.held_out, 3),
        "still": text.fixed(clocks.still, 3),
        "period": quantity(hand.period),
        "modulus": text.fixed(hand.modulus, 3),
        "share": percent(hand.share),
        "unevenness": percent(hand.unevenness),
    }
    said = still.ask("say")
    assert f"Hand 4 of 5: period {quantity(hand.period)}" in said
    assert f"errs by {text.fixed(clocks.held_out, 2)}" in said


# -- Python -------------------------------------------------------------------------------------


def test_python_sets_and_reads_the_state():
    found = exhibits.found()
    assert found.state == DEFAULT
    assert len(found.clocks.hands) == 5
    assert found.values.shape == (5, 2)
    found.set(table="whisper decoder", m=15, t=447)
    assert (found.t_min, found.t_max) == (3, 447)
    found.table = "minilm"
    found.t = 0
    assert found.t == 1
    found.hand = 15
    assert found.chosen == len(found.clocks.hands) - 1
    for trait, value in (
        ("m", 1),
        ("m", MOST + 1),
        ("hand", 16),
        ("t", 512),
        ("table", "whisper encoder"),
    ):
        with pytest.raises(traitlets.TraitError, match=trait):
            setattr(found, trait, value)


@pytest.mark.parametrize("asked", [asked for _, asked in SHOWN])
def test_the_printed_picture_shows_the_same_clocks(asked):
    py = view(asked)
    figure = pictures.found(py)
    plane, wave, ladder = figure.axes
    clocks = py.clocks
    marks = {
        (round(float(x), 9), round(float(y), 9))
        for line in plane.lines
        if len(line.get_xdata()) == 1
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }
    for hand in clocks.hands:
        assert (round(hand.value.real, 9), round(hand.value.imag, 9)) in marks
    np.testing.assert_allclose(wave.lines[0].get_ydata(), clocks.hands[py.chosen].reading.real)
    dots = [line.get_xdata()[0] for line in ladder.lines if line.get_marker() == "o"]
    np.testing.assert_allclose(dots, [py.clocks_of(name).held_out for name in NAMES])
    words = pictures.found_alt(py)
    assert f"{text.fixed(clocks.held_out, 2)} against {text.fixed(clocks.still, 2)}" in words
    assert ("worse than not moving" in words) == (py.table == "random walk")
    for theme in ("light", "dark"):
        face = pictures.found(py, theme).get_facecolor()
        paper = palette.tokens(theme)["paper"]
        assert "#" + "".join(f"{round(255 * c):02x}" for c in face[:3]) == paper
