"""The matrix stands still, on the built page: its hands, waves, matrix and proof against NumPy."""

from __future__ import annotations

import csv
import io
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, png_size
from numpy.typing import NDArray

from posenc import analysis, encodings, exhibits, palette, pictures
from posenc.text import fixed

PAGE = "book/proof.html"
WIDTH = 16
LAST = 63
LIGHT = palette.tokens()

Vector = NDArray[np.float64]


@pytest.fixture(scope="module")
def still(open_still):
    """One page for all tests that begin by asking for a state."""
    return OnPage(open_still(PAGE, width=1280, height=1000), "stepper")


@pytest.fixture(scope="module")
def phone(open_still):
    return OnPage(open_still(PAGE, phone=True), "stepper")


def pair(t: float, i: int = 1) -> Vector:
    """Sine and cosine of pair i at t."""
    return encodings.sinusoidal([t], WIDTH)[0][2 * i : 2 * i + 2]


def block(k: float, i: int = 1) -> Vector:
    """The pair's block of the shift matrix, from the closed form."""
    return analysis.shift_matrix(k, WIDTH)[2 * i : 2 * i + 2, 2 * i : 2 * i + 2]


def omega(i: int = 1) -> float:
    return float(encodings.frequencies(WIDTH)[i])


def three(values: Any) -> list[str]:
    return [fixed(float(v), 3) for v in np.ravel(values)]


def matrix(figure: OnPage) -> list[str]:
    """The four numbers of the matrix as they are written in the equation."""
    return equation(figure)[2:6]


def equation(figure: OnPage) -> list[str]:
    """The numbers of the equation as they are written: at t + k, the matrix, at t."""
    top = figure.ask("geometry")["equation"]["y"]
    numbers = [w["words"] for w in figure.words() if w["y"] > top]
    return [w for w in numbers if re.fullmatch(r"−?\d\.\d{3}", w)]


def state(figure: OnPage) -> tuple[float, int, int, int]:
    now = figure.ask("state")
    return now["t"], now["k"], now["pair"], now["step"]


def finding(figure: OnPage) -> str:
    return figure.root.locator(".finding").inner_text()


STATES = [
    ("", 8, 3, 1),
    ("t=20.5&k=-7&i=0", 20.5, -7, 0),
    ("t=31&k=32&i=2&step=4", 31, 32, 2),
    ("t=63&k=0&i=5&step=3", 63, 0, 5),
]
drawn = pytest.mark.parametrize(("fragment", "t", "k", "i"), STATES)


# -- what is drawn -------------------------------------------------------------------------------


@drawn
def test_the_equation_is_in_the_numbers_that_numpy_computes(still, fragment, t, k, i):
    still.show(fragment)
    expected = [*three(pair(t + k, i)), *three(block(k, i)), *three(pair(t, i))]
    assert equation(still) == expected
    np.testing.assert_allclose(still.memory("matrix"), block(k, i).ravel(), atol=1e-11)


def test_the_colour_of_a_number_says_sine_or_cosine(still):
    still.show("")
    top = still.ask("geometry")["equation"]["y"]
    numbers = [w for w in still.words() if w["y"] > top and re.search(r"\.\d{3}$", w["words"])]
    names = ["sin", "cos", "cos", "sin", "sin", "cos", "sin", "cos"]
    assert [w["colour"] for w in numbers] == [LIGHT[name] for name in names]


@drawn
def test_the_hands_end_where_their_positions_point(still, fragment, t, k, i):
    still.show(fragment)
    clock = still.ask("geometry")["clock"]

    def tip(at: float) -> Vector:
        sine, cosine = pair(at, i)
        return np.array([clock["x"] + clock["r"] * cosine, clock["y"] - clock["r"] * sine])

    rounds = [d for d in still.discs() if d["fill"] == LIGHT["pos"]]
    diamonds = still.ask("drawn")["diamonds"]
    assert len(rounds) == len(diamonds) == 2  # on the clock, and on the waves
    np.testing.assert_allclose([rounds[0]["x"], rounds[0]["y"]], tip(t), atol=1e-6)
    np.testing.assert_allclose([diamonds[0]["x"], diamonds[0]["y"]], tip(t + k), atol=1e-6)
    assert all(d["fill"] == LIGHT["off"] for d in diamonds)
    waves = still.ask("geometry")["waves"]
    assert rounds[1]["x"] == pytest.approx(waves["x"] + waves["w"] * t / LAST)
    assert diamonds[1]["x"] == pytest.approx(waves["x"] + waves["w"] * (t + k) / LAST)


@drawn
def test_the_waves_are_those_of_the_pair_and_meet_both_positions(still, fragment, t, k, i):
    still.show(fragment)
    box = still.ask("geometry")["waves"]

    def y_of(value: Any) -> Any:
        return box["y"] + box["h"] * (1 - np.asarray(value)) / 2

    curves = {c["colour"]: c for c in still.ask("drawn")["curves"]}
    for n, name in enumerate(("sin", "cos")):
        points = np.array(curves[LIGHT[name]]["points"])
        positions = (points[:, 0] - box["x"]) / box["w"] * LAST
        assert positions[0] == pytest.approx(0, abs=1e-9)
        assert positions[-1] == pytest.approx(LAST)
        expected = encodings.sinusoidal(positions, WIDTH)[:, 2 * i + n]
        np.testing.assert_allclose(points[:, 1], y_of(expected), atol=1e-6)
        assert bool(curves[LIGHT[name]]["dash"]) == (name == "cos")
        for at in (t, t + k):
            spot = (box["x"] + box["w"] * at / LAST, float(y_of(pair(at, i)[n])))
            mark = "fill" if name == "sin" else "edge"  # a sine is a full dot, a cosine a ring
            assert any(
                d[mark] == LIGHT[name] and math.dist((d["x"], d["y"]), spot) < 1e-6
                for d in still.discs()
            ), (name, at)


@pytest.mark.parametrize(("t", "k", "i"), [(8, 3, 1), (30, -4, 0), (50, 10, 1)])
def test_step_two_draws_both_angles_turn_by_turn(still, t, k, i):
    still.show(f"t={t}&k={k}&i={i}&step=2")
    clock = still.ask("geometry")["clock"]
    arcs = {c["colour"]: np.array(c["points"]) for c in still.ask("drawn")["curves"]}
    for name, start, turn in (("pos", 0, omega(i) * t), ("off", omega(i) * t, omega(i) * k)):
        x, y = arcs[LIGHT[name]].T
        angle = np.unwrap(np.arctan2(clock["y"] - y, x - clock["x"]))
        assert angle[-1] - angle[0] == pytest.approx(turn, abs=1e-6)
        assert math.cos(angle[0] - start) == pytest.approx(1)


@pytest.mark.parametrize("t", [2, 8, 15.5])
def test_from_step_three_on_the_triangle_has_the_matrix_for_its_sides(still, t):
    still.show(f"t={t}&k=3&step=3")
    clock = still.ask("geometry")["clock"]
    centre = np.array([clock["x"], clock["y"]])

    def tip(at: float) -> Vector:
        sine, cosine = pair(at)
        return centre + clock["r"] * np.array([cosine, -sine])

    foot = centre + math.cos(3 * omega()) * (tip(t) - centre)
    assert math.dist(foot, tip(t + 3)) == pytest.approx(clock["r"] * math.sin(3 * omega()))
    sine = np.array(still.pixel(*(0.35 * foot + 0.65 * tip(t + 3))))
    assert np.abs(sine - [int(LIGHT["sin"][n : n + 2], 16) for n in (1, 3, 5)]).max() < 40
    along = [still.pixel(*(centre + u * (foot - centre))) for u in np.linspace(0.2, 0.9, 40)]
    cosine = np.array([int(LIGHT["cos"][n : n + 2], 16) for n in (1, 3, 5)])
    on = sum(bool(np.abs(np.array(p) - cosine).max() < 60) for p in along)
    assert 14 <= on <= 36  # dashed
    still.show(f"t={t}&k=3&step=1")
    assert np.abs(np.array(still.pixel(*(0.4 * foot + 0.6 * tip(t + 3)))) - sine).max() > 60


# -- the test of the matrix ----------------------------------------------------------------------


def test_the_matrix_is_solved_again_at_every_position_and_does_not_change(still):
    still.show("t=3&k=5")
    assert "so far at 1 position" in finding(still)
    visited = [3, 4, 4.5, 17, 40.2, 58, 17]
    for t in visited:
        still.show(f"t={t}&k=5")
        assert matrix(still) == three(block(5))
    words = finding(still)
    assert f"at {len(set(visited))} positions" in words
    assert "0.000000000" in words
    change = re.search(r"\((\d) × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", words.replace("\u00a0", " "))
    assert change is not None
    exponent = int(change[2].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))
    assert -17 <= exponent <= -13
    assert still.ask("facts")["visited"] == f"{len(set(visited))} positions"
    still.show("t=17&k=6")  # another matrix: the count begins again
    assert "so far at 1 position" in finding(still)


def test_an_encoding_that_is_no_rotation_would_be_found_out(open_page):
    figure = OnPage(open_page(PAGE), "stepper").show("t=10")
    figure.page.evaluate("() => { const { sin } = Math; Math.sin = (x) => sin(x) + 1e-4 * x * x }")
    figure.show("t=11")
    figure.show("t=30")
    change = re.search(r"Largest change of any entry: (\d+\.\d{9})", finding(figure))
    assert change is not None
    assert float(change[1]) > 1e-4


# -- moved by hand -------------------------------------------------------------------------------


def drag(figure: OnPage, start: tuple[float, float], *way: tuple[float, float]) -> None:
    """A mouse that takes hold of a point of the drawing, visits others and lets go."""
    mouse = figure.page.mouse
    mouse.move(*figure.point(*start))
    mouse.down()
    for to in way:
        mouse.move(*figure.point(*to), steps=4)
    mouse.up()
    figure.settle()


def on_clock(figure: OnPage, angle: float, part: float = 1) -> tuple[float, float]:
    clock = figure.ask("geometry")["clock"]
    r = clock["r"] * part
    return clock["x"] + r * math.cos(angle), clock["y"] - r * math.sin(angle)


def mark(figure: OnPage, name: str) -> tuple[float, float]:
    place = figure.ask("geometry")[name]
    return place["x"], place["y"]


def test_the_round_hand_turns_t_and_leaves_the_matrix_alone(still):
    still.show("t=8&k=3")
    before = matrix(still)
    angle = 8 * omega()
    # a whole turn and a bit, in steps that a hand makes
    way = [on_clock(still, angle + u, 0.8) for u in np.linspace(0, 7, 15)[1:]]
    drag(still, mark(still, "handT"), *way)
    t, k, _, _ = state(still)
    assert k == 3
    assert t == pytest.approx(8 + 7 / omega(), abs=0.25)
    assert t == round(t, 1)
    assert matrix(still) == before == three(block(3))
    assert equation(still)[6:] == three(pair(t))


def test_the_diamond_hand_sets_whole_offsets_and_the_matrix_follows(still):
    still.show("t=20&k=3")
    angle = 23 * omega()
    turns = np.linspace(0, 5 * omega(), 6)[1:]
    drag(still, mark(still, "handK"), *[on_clock(still, angle + u) for u in turns])
    assert state(still)[:2] == (20, 8)
    assert matrix(still) == three(block(8))
    drag(still, mark(still, "handK"), *[on_clock(still, 28 * omega() - u) for u in turns * 2])
    assert state(still)[:2] == (20, -2)
    assert matrix(still) == three(block(-2))


def test_hands_that_reach_the_end_stop_there(still):
    still.show("t=58&k=3")
    angle = 58 * omega()
    turns = [*np.linspace(0, 3, 8)[1:], *np.linspace(3, 2.2, 3)[1:]]
    drag(still, mark(still, "handT"), *[on_clock(still, angle + u) for u in turns])
    # stopped at 60 however far the hand went on, and turned back from there at once
    assert state(still)[0] == pytest.approx(60 - 0.8 / omega(), abs=0.25)


def test_the_marks_on_the_axis_move_the_same_numbers(still):
    still.show("t=8&k=3")
    waves = still.ask("geometry")["waves"]
    x, y = mark(still, "markT")
    drag(still, (x, y), (x + 20 * waves["scale"], y + 3))
    assert state(still)[:2] == (28, 3)
    x, y = mark(still, "markK")
    drag(still, (x, y), (x + 9.2 * waves["scale"], y - 2))
    assert state(still)[:2] == (28, 12)
    x, y = mark(still, "markK")
    drag(still, (x, y), (waves["x"] + waves["w"] + 30, y))  # past the end
    assert state(still)[:2] == (28, 32)
    x, y = mark(still, "markT")
    drag(still, (x, y), (waves["x"] + waves["w"] + 30, y))
    assert state(still)[:2] == (31, 32)
    assert matrix(still) == three(block(32))
    still.show("t=50&k=3")  # where the axis ends before the offsets do
    x, y = mark(still, "markK")
    drag(still, (x, y), (waves["x"] + waves["w"] + 30, y))
    assert state(still)[:2] == (50, 13)


def test_every_handle_by_keyboard(still):
    still.show("t=8.4&k=3")
    for name in ("hand-t", "axis-t"):
        still.show("t=8.4&k=3")
        handle = still.handle(name)
        for key, t in [
            ("ArrowRight", 9),
            ("PageUp", 17),
            ("End", 60),
            ("ArrowUp", 60),
            ("Home", 0),
        ]:
            handle.press(key)
            still.settle()
            assert state(still)[:2] == (t, 3), (name, key)
        sine, cosine = three(pair(0))
        assert handle.get_attribute("aria-valuetext") == f"t 0, sine {sine}, cosine {cosine}"
        assert handle.get_attribute("aria-valuemax") == "60"
    for name in ("hand-k", "axis-k"):
        still.show("t=8&k=3")
        handle = still.handle(name)
        for key, k in [("ArrowLeft", 2), ("PageDown", -6), ("Home", -8), ("End", 32)]:
            handle.press(key)
            still.settle()
            assert state(still)[:2] == (8, k), (name, key)
        assert handle.get_attribute("aria-valuetext") == "k 32, from 8 to 40"


def test_sliders_and_handles_are_one_state(still):
    still.show("t=8&k=3&i=1")
    for _ in range(3):
        still.slider("position").press("ArrowRight")
    still.slider("offset").press("ArrowRight")
    still.slider("pair").press("ArrowRight")
    still.settle()
    assert state(still)[:3] == (pytest.approx(8.3), 4, 2)
    assert equation(still)[2:6] == three(block(4, 2))
    still.handle("axis-t").press("End")
    still.settle()
    assert still.root.locator(".of-t .widget-readout").inner_text() == "59.0"


def test_an_offset_that_would_leave_the_axis_moves_the_position(still):
    still.show("t=60&k=3")
    still.slider("offset").press("End")
    still.settle()
    assert state(still)[:2] == (31, 32)
    still.slider("offset").press("Home")
    still.slider("position").press("Home")
    still.settle()
    assert state(still)[:2] == (16, -16)


def test_play_moves_t_and_the_matrix_stands_still(open_page):
    figure = OnPage(open_page(PAGE, calm=False), "stepper").show("t=2&k=7")
    play = figure.root.get_by_role("button", name="Play t")
    play.click()
    figure.page.wait_for_function(
        "document.querySelector('[data-exhibit=stepper] .posenc-view[data-drawn]')"
        ".posenc.memory().visited > 5"
    )
    seen = matrix(figure)
    figure.root.get_by_role("button", name="Pause t").click()
    figure.settle()
    t = state(figure)[0]
    assert t > 2
    assert t == int(t)  # at rest on a whole number
    assert seen == matrix(figure) == three(block(7))
    assert "0.000000000" in finding(figure)


def test_a_finger_moves_the_marks_and_scrolls_the_rest(phone):
    phone.show("t=8&k=3")
    waves = phone.ask("geometry")["waves"]
    x, y = mark(phone, "markT")
    phone.swipe([phone.point(x + d, y) for d in (0, 8, 16, 10 * waves["scale"])])
    phone.settle()
    assert state(phone)[:2] == (pytest.approx(18, abs=0.15), 3)
    x, y = mark(phone, "markK")
    phone.swipe([phone.point(x + d, y) for d in (0, 8, 16, 12 * waves["scale"])])
    phone.settle()
    assert state(phone)[1] == 15
    phone.show("t=8&k=3")
    angle = 8 * omega()
    hand = [phone.point(*on_clock(phone, angle + u)) for u in (0, 0.3, 0.6, 0.9)]
    phone.swipe(hand)
    phone.settle()
    assert state(phone)[0] == pytest.approx(8 + 0.9 / omega(), abs=0.2)
    before, y0 = state(phone), phone.page.evaluate("scrollY")
    x, y = on_clock(phone, angle + math.pi, 0.5)
    phone.swipe([phone.point(x, y - d) for d in (0, 30, 60, 90)])
    phone.page.wait_for_function("y => scrollY !== y", arg=y0)
    assert state(phone) == before


# -- the proof -----------------------------------------------------------------------------------

FORMULAS = [
    ["sin ω(t + k)cos ω(t + k)"],
    ["ω(t + k) = ωt + ωk"],
    [
        "sin(ωt + ωk) = cos ωk sin ωt + sin ωk cos ωt",
        "cos(ωt + ωk) = −sin ωk sin ωt + cos ωk cos ωt",
    ],
    ["cos ωksin ωk−sin ωkcos ωksin ωtcos ωt"],
    ["Mk = cos ωksin ωk−sin ωkcos ωk"],
]


def lines(figure: OnPage, part: str) -> list[list[str]]:
    return figure.root.evaluate(
        "(e, part) => [...e.querySelectorAll('.st-rows > li')].map(row =>"
        "[...row.querySelectorAll(`.${part} .line`)].map(line => line.textContent))",
        part,
    )


def shown_rows(figure: OnPage) -> list[bool]:
    rows = figure.root.locator(".st-rows > li")
    return [rows.nth(n).locator(".st-sym").is_visible() for n in range(rows.count())]


def test_the_proof_in_symbols(still):
    still.show("")
    assert lines(still, "st-sym") == FORMULAS


@drawn
def test_the_proof_in_the_readers_own_numbers(still, fragment, t, k, i):
    still.show(fragment)
    w = omega(i)
    (st, ct), (sk, ck) = three(pair(t, i)), three(pair(k, i))
    (stk, ctk), minus = three(pair(t + k, i)), fixed(-pair(k, i)[0], 3)
    angles = [fixed(w * at, 3) for at in (t + k, t, k)]
    rows = lines(still, "st-num")
    assert rows[0] == [stk + ctk]
    assert rows[1] == ["{} = {} + {} radians".format(*angles)]
    assert rows[2] == [
        f"{stk} = {ck} · {st} + {sk} · {ct}",
        f"{ctk} = {minus} · {st} + {ck} · {ct}",
    ]
    assert rows[3] == [ck + sk + minus + ck + st + ct]
    assert rows[4] == [f"{ck}{sk}{minus}{ck}every line is dashed: only k"]


def test_each_line_of_the_proof_is_true(still):
    """What the reader reads adds up, whatever wrote it."""
    still.show("t=20.5&k=-7&i=0&step=5")
    for line in lines(still, "st-num")[2]:
        left, right = (side.replace("−", "-") for side in line.split(" = "))
        total = sum(math.prod(map(float, term.split(" · "))) for term in right.split(" + "))
        assert float(left) == pytest.approx(total, abs=2e-3)


def test_colour_says_sine_or_cosine_and_the_line_below_t_or_k(still):
    still.show("step=5")
    numbers = still.root.evaluate(
        """e => [...e.querySelectorAll('.st-rows > li')].map(row => [...row.querySelectorAll('.n')]
             .map(n => { const s = getComputedStyle(n); return [s.color, s.borderBottomStyle,
                                                              s.borderBottomColor]; }))"""
    )

    def css(name: str) -> str:
        return "rgb({}, {}, {})".format(*(int(LIGHT[name][n : n + 2], 16) for n in (1, 3, 5)))

    sine, cosine, of_t, of_k = css("sin"), css("cos"), css("pos"), css("off")
    assert [n[0] for n in numbers[0]] == [sine, cosine]
    assert [n[0] for n in numbers[3]] == [cosine, sine, sine, cosine, sine, cosine]
    assert [n[1] for n in numbers[3]] == ["dashed"] * 4 + ["solid"] * 2
    assert [n[2] for n in numbers[3]] == [of_k] * 4 + [of_t] * 2
    assert [n[1] for n in numbers[4]] == ["dashed"] * 4  # no t in the matrix


def test_back_next_a_click_and_the_arrow_keys_go_through_the_steps(still):
    still.show("")
    root = still.root
    back = root.get_by_role("button", name="Back", exact=True)
    onward = root.get_by_role("button", name="Next step")
    assert back.is_disabled()
    for step in range(2, 6):
        onward.click()
        still.settle()
        assert state(still)[3] == step
        assert shown_rows(still) == [n < step for n in range(5)]
        assert root.locator("[aria-current=step]").inner_text().startswith(str(step))
    assert onward.is_disabled()
    back.click()
    still.settle()
    assert state(still)[3] == 4
    root.get_by_role("button", name="Split the angle").click()
    still.settle()
    assert state(still)[3] == 2
    head = root.get_by_role("button", name="Split the angle")
    for key, step in [
        ("ArrowRight", 3),
        ("ArrowDown", 4),
        ("ArrowLeft", 3),
        ("End", 5),
        ("Home", 1),
    ]:
        head.press(key) if key == "ArrowRight" else still.page.keyboard.press(key)
        still.settle()
        assert state(still)[3] == step, key
        focused = still.page.evaluate("document.activeElement.getAttribute('aria-current')")
        assert focused == "step"
    assert still.page.url.split("#")[0].endswith(PAGE)  # the arrow keys turned no page
    onward.focus()
    for _ in range(4):
        still.page.keyboard.press("Enter")
        still.settle()
    assert state(still)[3] == 5  # the last press left a disabled button: the focus went on
    assert still.page.evaluate("document.activeElement.textContent") == "Back"


# -- symbols and figure --------------------------------------------------------------------------


def dim(figure: OnPage) -> set[str]:
    """The symbols that stepped back, as step:text."""
    found = figure.root.evaluate(
        """e => [...e.querySelectorAll('.st-rows > li')].flatMap((row, n) =>
             [...row.querySelectorAll('.st-sym .sy.dim')].map(s => `${n + 1}:${s.textContent}`))"""
    )
    return set(found)


def strength(figure: OnPage, name: str) -> float:
    """How strongly a wave is drawn, 0 to 1: on its line, not where it is crossed or in a gap."""
    points = next(
        np.array(c["points"])
        for c in figure.ask("drawn")["curves"]
        if c["colour"] == LIGHT[name] and len(c["points"]) > 200
    )
    some = points[len(points) // 3 : len(points) // 3 + 40 : 2].tolist()
    alphas = figure.root.evaluate(
        """(e, points) => {
          const c = e.querySelector('.posenc-view[data-drawn] canvas');
          const k = c.width / c.clientWidth;
          return points.map(([x, y]) => {
            const one = document.createElement('canvas');
            one.width = one.height = 1;
            const copy = one.getContext('2d', { willReadFrequently: true });
            copy.drawImage(c, -Math.round(x * k), -Math.round(y * k));
            return copy.getImageData(0, 0, 1, 1).data[3];
          });
        }""",
        some,
    )
    return float(np.percentile(alphas, 70)) / 255


def test_pointing_at_a_symbol_lights_what_belongs_to_it(still):
    still.show("step=5")
    assert dim(still) == set()
    row = still.root.locator(".st-rows > li").nth(2)
    row.locator(".st-sym .sy", has_text="sin").first.hover()
    still.settle()
    assert still.ask("memory")["lit"] == "sin"
    assert "3:cos" in dim(still)
    assert "3:t" in dim(still)
    assert "3:sin" not in dim(still)
    assert strength(still, "sin") > 0.9
    assert strength(still, "cos") < 0.3
    row.locator(".st-sym .sy", has_text="t").first.hover()
    still.settle()
    assert still.ask("memory")["lit"] == "t"
    assert strength(still, "sin") < 0.3
    # a number lights what it is: the sine at t, and not the sine at t + k
    row.locator(".n.of-t").first.hover()
    still.settle()
    assert still.ask("memory")["lit"] == "sin t"
    rows = still.root.locator(".st-rows > li")
    assert rows.nth(0).locator(".n.dim").count() == 2
    assert rows.nth(3).locator(".n:not(.dim)").count() == 1
    still.page.mouse.move(5, 5)
    still.settle()
    assert still.ask("memory")["lit"] is None
    assert dim(still) == set()
    assert strength(still, "cos") > 0.9


def test_pointing_at_the_matrix_in_the_drawing_lights_it_in_the_proof(still):
    still.show("step=4")
    place = next(p for p in still.ask("geometry")["parts"] if p["light"] == "M")
    still.page.mouse.move(*still.point(place["x"] + place["w"] / 2, place["y"] + 5))
    still.settle()
    assert still.ask("memory")["lit"] == "M"
    matrix_symbols = still.root.locator(".st-rows > li").nth(3).locator(".only-k .sy")
    assert matrix_symbols.count() > 8
    assert still.root.locator(".only-k .sy.dim").count() == 0
    assert "4:t" in dim(still)
    still.page.mouse.move(5, 5)
    still.settle()
    assert still.ask("memory")["lit"] is None


def test_a_formula_is_one_stop_and_the_arrows_walk_its_symbols(still):
    still.show("step=2")
    formula = still.root.locator(".st-rows > li").nth(1).locator(".st-sym")
    formula.focus()
    lit = []
    for _ in range(4):
        still.page.keyboard.press("ArrowRight")
        still.settle()
        lit.append(still.ask("memory")["lit"])
    assert lit == ["w", "t", "k", "w"]
    assert state(still)[3] == 2  # the step stays
    here = formula.locator(".here")
    assert formula.get_attribute("aria-activedescendant") == here.get_attribute("id")
    assert here.get_attribute("aria-label") == "the frequency omega"
    said = still.root.locator(".proof-steps > .sr")
    assert said.inner_text() == "the frequency omega is lit"
    still.page.keyboard.press("ArrowLeft")
    still.page.keyboard.press("Escape")
    still.settle()
    assert still.ask("memory")["lit"] is None
    assert formula.locator(".here").count() == 0
    still.page.keyboard.press("End")
    still.page.keyboard.press("Tab")  # to the next row's button: nothing stays lit
    still.settle()
    assert still.ask("memory")["lit"] is None


# -- the frame -----------------------------------------------------------------------------------


def test_facts_and_sentence_are_the_numbers_of_the_state(still):
    still.show("t=20.5&k=-7&i=0&step=3")
    facts = still.ask("facts")
    assert facts["position"] == "20.5"
    assert facts["offset"] == "−7"
    assert facts["target"] == "13.5"
    assert [facts["sine"], facts["cosine"]] == three(pair(20.5, 0))
    assert [facts["sine_there"], facts["cosine_there"]] == three(pair(13.5, 0))
    assert [facts["sine_k"], facts["cosine_k"]] == three(pair(-7, 0))
    assert facts["angle"] == f"{fixed(math.degrees(-7), 1)}°"
    assert facts["wavelength"] == "6.28"
    said = still.ask("say")
    assert "step 3: open each sum" in said
    assert "; ".join([", ".join(three(row)) for row in block(-7, 0)]) in said


def test_reset_link_data_and_picture(open_page):
    figure = OnPage(open_page(PAGE), "stepper").show("t=11&k=4&i=2&step=3")
    page = figure.page
    figure.handle("axis-t").press("ArrowRight")
    figure.tool("Link").click()
    assert page.url.endswith("#stepper?i=2&k=4&t=12&step=3")
    with page.expect_download() as found:
        figure.tool("Data").click()
    rows = list(csv.reader(io.StringIO(Path(found.value.path()).read_text())))
    assert rows[0] == ["t", "sin", "cos", "m00", "m01", "m10", "m11"]
    table = np.array(rows[1:], dtype=np.float64)
    assert table.shape == (64, 7)
    np.testing.assert_allclose(table[:, 1:3], encodings.sinusoidal(64, WIDTH)[:, 4:6], atol=1e-12)
    np.testing.assert_allclose(table[:, 3:] - block(4, 2).ravel(), 0, atol=1e-11)
    with page.expect_download() as found:
        figure.tool("Picture").click()
    wide, high = png_size(Path(found.value.path()).read_bytes())
    assert wide > 1000
    assert high > 500
    figure.tool("Reset").click()
    figure.settle()
    assert state(figure) == (8, 3, 1, 1)


def test_a_link_that_does_not_fit_says_so(still):
    still.show("t=60&k=20")
    assert state(still)[:2] == (43, 20)
    assert "t = 60 does not fit the rest" in still.root.locator(".x-note").inner_text()
    still.show("t=64")
    assert "t = 64 is outside 0 to 63" in still.root.locator(".x-note").inner_text()
    still.show("")
    assert still.root.locator(".x-note").count() == 0


@pytest.mark.parametrize("fragment", ["step=5", "t=31&k=32&step=5", "i=7&k=1&step=3"])
def test_on_a_phone_everything_stands_in_its_column(phone, fragment):
    phone.show(fragment)
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    width = phone.canvas().evaluate("c => c.clientWidth")
    overflow = phone.root.evaluate(
        """e => [...e.querySelectorAll('.proof-steps .line, .proof-steps button')].filter(line => {
          const range = document.createRange();
          range.selectNodeContents(line);
          const box = range.getBoundingClientRect();
          return box.width && box.right > e.getBoundingClientRect().right + 0.5;
        }).map(line => line.textContent)"""
    )
    assert overflow == []
    for name in ("handT", "handK", "markT", "markK"):
        x, _ = mark(phone, name)
        assert 10 <= x <= width - 5, name
    for handle in ("hand-t", "hand-k", "axis-t", "axis-k"):
        box = phone.handle(handle).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) > 43.9
    heads = phone.root.locator(".st-head")
    assert all((heads.nth(n).bounding_box() or {})["height"] >= 44 for n in range(5))


def test_hands_that_cover_each_other_can_both_be_taken(still):
    still.show("t=8&k=3&i=7")
    one, two = (still.handle(f"hand-{n}").bounding_box() for n in "tk")
    assert one is not None
    assert two is not None
    centres = [(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2) for b in (one, two)]
    assert math.dist(*centres) >= 43


def test_from_python():
    figure = exhibits.stepper()
    assert figure.state == {"i": 1, "k": 3, "t": 8.0, "step": 1}
    figure.set(k=-12)
    assert (figure.t, figure.t_min, figure.t_max) == (12.0, 12.0, 63.0)
    figure.set(i=5, t=40.5)
    np.testing.assert_allclose(figure.matrix(), block(-12, 5), atol=1e-11)
    with pytest.raises(traitlets.TraitError, match="'k' trait"):
        figure.k = 1.5
    for name, value in [("t", 64), ("k", 33), ("pair", -1), ("step", 6)]:
        with pytest.raises(traitlets.TraitError, match=name) as refused:
            setattr(exhibits.stepper(), name, value)
        assert "cannot be shown" in str(refused.value)


def test_the_printed_picture_says_its_own_numbers():
    figure = exhibits.stepper(t=20.5, k=-7, pair=0)
    words = pictures.stepper_alt(figure._view)
    for values in (pair(20.5, 0), pair(13.5, 0), block(-7, 0)):
        for number in three(values):
            assert number in words
    assert fixed(math.degrees(-7), 1) in words
    drawn = pictures.stepper(figure._view)
    written = [t.get_text() for axes in drawn.axes for t in axes.texts]
    assert [w for w in written if re.fullmatch(r"−?\d\.\d{3}", w)] == [
        *three(pair(13.5, 0)),
        *three(block(-7, 0)),
        *three(pair(20.5, 0)),
    ]
