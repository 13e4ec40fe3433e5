"""The clocks on the built page: turned by every kind of hand, and compared with NumPy."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, png_size, quantity

from posenc import encodings, exhibits, palette, text

PAGE = "book/sinusoids.html"
TURN = 2 * math.pi


@pytest.fixture
def clocks(open_page):
    return OnPage(open_page(PAGE), "clocks")


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "clocks")


def at(open_page, fragment: str, **options) -> OnPage:
    return OnPage(open_page(f"{PAGE}#clocks?{fragment}", **options), "clocks")


def row(t: float, d: int = 32, base: float = 10000) -> np.ndarray:
    return encodings.sinusoidal([t], d, base=base)[0]


def turned(clocks: OnPage, angle: float) -> tuple[float, float]:
    """A point of the window in the direction of an angle from the middle of the large clock."""
    hand = clocks.ask("geometry")["chosen"]
    r = hand["r"] * 0.9
    return clocks.point(hand["x"] + r * math.cos(angle), hand["y"] - r * math.sin(angle))


def take_hold(clocks: OnPage) -> float:
    """Presses the mouse on the tip of the large hand; gives back the angle it stands at."""
    hand = clocks.ask("geometry")["chosen"]
    clocks.page.mouse.move(*clocks.point(hand["tip"]["x"], hand["tip"]["y"]))
    clocks.page.mouse.down()
    return hand["angle"]


# -- what is drawn -------------------------------------------------------------------------------


@pytest.mark.parametrize("fragment", ["t=23", "t=101&d=64&b=10000", "t=8.5&d=16&b=33.5", "d=2&t=4"])
def test_what_is_drawn_is_what_numpy_computes(still, fragment):
    clocks = still.show(fragment)
    state = clocks.ask("state")
    expected = row(state["t"], state["d_model"], state["base"])
    np.testing.assert_allclose(clocks.memory("values"), expected, atol=1e-12)
    hands = clocks.ask("geometry")["hands"]
    assert len(hands) == state["d_model"] // 2
    tips = np.array(
        [[(h["tip"]["x"] - h["x"]) / h["r"], (h["y"] - h["tip"]["y"]) / h["r"]] for h in hands]
    )
    np.testing.assert_allclose(tips, expected.reshape(-1, 2)[:, ::-1], atol=1e-12)


def test_the_cells_of_the_row_have_the_colour_of_their_value(still):
    clocks = still.show("")
    strip = clocks.ask("geometry")["strip"]
    colours = palette.colour_map()
    for j, v in enumerate(row(23)):
        drawn = clocks.pixel(strip["x"] + strip["w"] * (j + 0.5) / 32, strip["y"] + strip["h"] / 2)
        expected = np.array(colours((v + 1) / 2)[:3]) * 255
        assert np.abs(np.array(drawn) - expected).max() < 6, j


@pytest.mark.parametrize("dark", [False, True])
def test_sine_and_cosine_are_the_legs_of_the_large_hand(open_page, dark):
    clocks = at(open_page, "t=5&i=3", dark=dark)  # the angle is 0.89: both legs are long
    hand = clocks.ask("geometry")["chosen"]
    tokens = palette.tokens("dark" if dark else "light")
    middle = clocks.pixel(hand["tip"]["x"], (hand["tip"]["y"] + hand["y"]) / 2 + 12)
    assert "#{:02x}{:02x}{:02x}".format(*middle) == tokens["sin"]
    # the cosine is dashed: six pixels in ten have its colour
    xs = np.linspace(hand["x"] + 3, hand["tip"]["x"] - 3, 60)
    on = sum("#{:02x}{:02x}{:02x}".format(*clocks.pixel(x, hand["y"])) == tokens["cos"] for x in xs)
    assert 25 <= on <= 50


# What a reader reads off the drawing, against NumPy: (fragment, t, width, base, chosen pair).
READ = [
    ("t=23&i=3", 23, 32, 10000, 3),
    ("t=101&d=64&b=100&i=6", 101, 64, 100, 6),
]
reading = pytest.mark.parametrize(("fragment", "t", "d", "base", "i"), READ)


@reading
def test_the_large_reading_is_the_sine_and_the_cosine(still, fragment, t, d, base, i):
    still.show(fragment)
    readings = still.ask("geometry")["big"]["readings"]
    for k, (name, v) in enumerate(zip(("sin", "cos"), row(t, d, base)[2 * i :], strict=False)):
        left, top = readings["x"] + 124 * k, readings["y"]
        assert still.written(left + 38, top + 8) == name
        assert still.written(left + 38, top + 31) == text.fixed(v, 3)
        assert still.coloured(left + 5, top + 5, v)
    wave = encodings.wavelengths(d, base=base)[i]
    words = still.written(readings["x"])
    assert f"clock i = {i}, once round in {quantity(wave)} positions" in words
    assert f"{text.fixed(t / wave, 2)} turns so far" in words
    assert still.written(y=still.ask("geometry")["strip"]["y"] - 15.5).startswith(f"t = {t}")


@reading
def test_each_small_clock_shows_its_wavelength_and_its_two_cells(still, fragment, t, d, base, i):
    still.show(fragment)
    values, waves = row(t, d, base), encodings.wavelengths(d, base=base)
    geometry, words = still.ask("geometry"), still.words()
    cell = geometry["cell"]
    for k, hand in enumerate(geometry["hands"]):
        rim = hand["y"] + hand["r"]
        under = [
            w["words"] for w in words if abs(w["x"] - hand["x"]) < 0.01 and 0 < w["y"] - rim < 34
        ]
        assert under == [quantity(waves[k])], k
        for at in (0, 1):
            x, y = hand["x"] + (at - 0.5) * cell, rim + 5 + cell / 2
            assert still.coloured(x, y, values[2 * k + at]), (k, at)


@reading
def test_each_hand_ends_on_its_rim_at_cosine_and_sine(still, fragment, t, d, base, i):
    still.show(fragment)
    discs, values = still.discs(), row(t, d, base)
    rims = [disc for disc in discs if disc["fill"] is None]
    assert len(rims) == 1 + d // 2
    for rim, pair in zip(rims, [i, *range(d // 2)], strict=True):
        x = rim["x"] + rim["r"] * values[2 * pair + 1]
        y = rim["y"] - rim["r"] * values[2 * pair]
        assert any(
            disc["fill"] and math.hypot(disc["x"] - x, disc["y"] - y) < 1e-6 for disc in discs
        ), pair


@reading
def test_the_shaded_sector_is_the_last_step(still, fragment, t, d, base, i):
    still.show(fragment)
    hand, omega = still.ask("geometry")["chosen"], encodings.frequencies(d, base=base)[i]
    # the canvas lets the paper through: what is read is the wash itself, but for its thinness
    wash = np.array(list(bytes.fromhex(palette.tokens()["pos-wash"][1:7])))

    def shaded(steps_back: float) -> float:
        """The share of points so many steps behind the hand that have the sector's colour."""
        angle = t * omega - steps_back * omega
        points = [
            (
                hand["x"] + q * hand["r"] * math.cos(angle),
                hand["y"] - q * hand["r"] * math.sin(angle),
            )
            for q in (0.3, 0.45, 0.6, 0.75, 0.9)
        ]
        return float(np.mean([np.abs(still.pixel(*p) - wash).max() < 8 for p in points]))

    inside, outside = (0.15, 0.35, 0.5, 0.65, 0.85), (-0.8, -0.5, -0.2, 1.2, 1.5, 1.8, 2.5)
    assert np.mean([shaded(steps) for steps in inside]) > 0.7  # legs and words lie over it
    assert np.mean([shaded(steps) for steps in outside]) < 0.05


# -- hands ---------------------------------------------------------------------------------------


def test_the_large_hand_is_turned_with_the_mouse(clocks):
    omega = encodings.frequencies(32)[3]
    angle = take_hold(clocks)
    for step in np.linspace(0, 1, 9):
        clocks.page.mouse.move(*turned(clocks, angle + step))
    clocks.settle()
    t = clocks.ask("state")["t"]
    assert t == pytest.approx(23 + 1 / omega, abs=0.05), "one radian further"
    drawn = clocks.ask("geometry")["chosen"]["angle"]
    assert (drawn - angle - 1 + math.pi) % TURN - math.pi == pytest.approx(0, abs=0.02)
    clocks.page.mouse.up()
    clocks.settle()
    assert clocks.ask("state")["t"] == round(t), "let go of, it falls to a whole position"
    np.testing.assert_allclose(clocks.memory("values"), row(round(t)), atol=1e-12)


def test_a_fast_hand_goes_round_and_round(open_page):
    clocks = at(open_page, "i=0&t=10")
    angle = take_hold(clocks)
    for step in np.linspace(0, 3 * TURN, 40):
        clocks.page.mouse.move(*turned(clocks, angle + step))
    clocks.page.mouse.up()
    clocks.settle()
    assert clocks.ask("state")["t"] == round(10 + 3 * TURN), "the first clock makes a radian a step"


@pytest.mark.parametrize(("way", "end"), [(-1, 0), (1, 127)])
def test_a_hand_turned_past_the_end_stays_there(open_page, way, end):
    clocks = at(open_page, "i=9&t=60")  # once round in 1,117 positions: 127 are a ninth of that
    angle = take_hold(clocks)
    for step in np.linspace(0, way * 1.4 * TURN, 40):
        clocks.page.mouse.move(*turned(clocks, angle + step))
        clocks.settle()
        assert (clocks.ask("state")["t"] - 60) * way > -0.01, "it never jumps to the other end"
    clocks.page.mouse.up()
    clocks.settle()
    assert clocks.ask("state")["t"] == end


def test_a_press_on_the_face_turns_to_the_nearest_time(clocks):
    omega = encodings.frequencies(32)[3]
    angle = 23 * omega + 0.7
    clocks.page.mouse.click(*turned(clocks, angle))
    clocks.settle()
    assert clocks.ask("state")["t"] == round(23 + 0.7 / omega)


def test_any_clock_can_be_pressed(clocks):
    hands = clocks.ask("geometry")["hands"]
    for k in (0, 9, 15):
        clocks.page.mouse.click(*clocks.point(hands[k]["x"] + 4, hands[k]["y"] + 4))
        clocks.settle()
        assert clocks.ask("state")["pair"] == k
        assert clocks.ask("geometry")["chosen"]["step"] == encodings.frequencies(32)[k]


def test_any_pair_of_cells_can_be_pressed(clocks):
    strip = clocks.ask("geometry")["strip"]
    x, y = clocks.point(strip["x"] + strip["w"] * 13.5 / 16, strip["y"] + 10)
    clocks.page.mouse.click(x, y)
    clocks.settle()
    assert clocks.ask("state")["pair"] == 13


def test_the_keyboard_reaches_every_clock_and_every_position(clocks):
    bank = clocks.handle("bank")
    bank.focus()
    bank.press("ArrowRight")
    assert clocks.ask("state")["pair"] == 4
    bank.press("PageDown")
    assert clocks.ask("state")["pair"] == 12, "a page is a row of the bank"
    bank.press("End")
    bank.press("ArrowLeft")
    clocks.settle()
    assert clocks.ask("state")["pair"] == 14
    assert bank.get_attribute("aria-valuenow") == "14"
    assert f"{encodings.wavelengths(32)[14]:,.0f}" in bank.get_attribute("aria-valuetext")
    hand = clocks.handle("hand")
    hand.focus()
    for key, t in [
        ("ArrowRight", 24),
        ("ArrowDown", 23),
        ("PageUp", 31),
        ("Home", 0),
        ("End", 127),
    ]:
        hand.press(key)
        assert clocks.ask("state")["t"] == t, key
    clocks.settle()
    assert hand.get_attribute("aria-valuetext").startswith("position 127, sine ")


# -- fingers -------------------------------------------------------------------------------------


def test_a_finger_turns_the_hand(open_page):
    clocks = at(open_page, "t=23&i=3", phone=True)
    omega = encodings.frequencies(32)[3]
    angle = clocks.ask("geometry")["chosen"]["angle"]
    before = clocks.page.evaluate("scrollY")
    clocks.canvas().scroll_into_view_if_needed()
    before = clocks.page.evaluate("scrollY")
    clocks.swipe([turned(clocks, angle + step) for step in np.linspace(0, 1.5, 12)])
    assert clocks.ask("state")["t"] == pytest.approx(23 + 1.5 / omega, abs=1)
    assert clocks.page.evaluate("scrollY") == before, "the page stays where it was"


def test_a_tap_chooses_a_clock_and_a_swipe_over_the_bank_scrolls(open_page):
    clocks = at(open_page, "d=64", phone=True)
    hands = clocks.ask("geometry")["hands"]
    x, y = clocks.point(hands[13]["x"], hands[13]["y"])
    clocks.page.touchscreen.tap(x, y)
    clocks.settle()
    assert clocks.ask("state")["pair"] == 13
    before = clocks.page.evaluate("scrollY")
    clocks.swipe([(x, y + 12 * k) for k in range(10)])
    assert clocks.page.evaluate("scrollY") < before - 30
    assert clocks.ask("state")["pair"] == 13, "who scrolls past chooses nothing"


def test_targets_on_a_phone_are_large_enough(open_page):
    clocks = at(open_page, "d=64", phone=True)
    for name in ("hand", "bank"):
        box = clocks.handle(name).bounding_box()
        assert round(box["width"], 3) >= 44
        assert round(box["height"], 3) >= 44
    assert clocks.root.evaluate("e => e.scrollWidth <= e.clientWidth"), "nothing sticks out"


# -- controls, play, links -----------------------------------------------------------------------


def test_width_by_the_buttons(clocks):
    for width in ("64", "16"):
        button = clocks.root.get_by_role("button", name=width, exact=True)
        button.click()
        clocks.settle()
        np.testing.assert_allclose(clocks.memory("values"), row(23, int(width)), atol=1e-12)
        assert "mod-active" in button.get_attribute("class")


def test_fewer_clocks_keep_the_choice_inside_the_bank(still):
    clocks = still.show("d=64&i=31")
    clocks.root.get_by_role("button", name="16", exact=True).click()
    clocks.settle()
    assert clocks.ask("state")["pair"] == 7


def test_a_width_without_a_button_presses_none(still):
    clocks = still.show("d=8&i=1")
    assert clocks.ask("state")["d_model"] == 8
    assert clocks.root.locator(".widget-toggle-button.mod-active").count() == 0


def test_the_base_slider_changes_the_speeds(clocks):
    knob = clocks.slider("base")
    knob.focus()
    knob.press("ArrowLeft")
    clocks.settle()
    base = clocks.ask("state")["base"]
    assert base < 10000
    np.testing.assert_allclose(clocks.memory("values"), row(23, base=base), atol=1e-9)


def test_play_turns_the_hands_smoothly_and_blurs_the_fast_ones(open_page):
    clocks = at(open_page, "t=23", calm=False)
    clocks.root.scroll_into_view_if_needed()
    play = clocks.root.locator(".play")
    play.click()
    clocks.page.wait_for_function(
        "() => { const v = document.querySelector('[data-exhibit=clocks] .posenc-view').posenc;"
        "const t = v.state().t; return t > 24 && t % 1 > 0.2 && t % 1 < 0.8 }"
    )
    sweep = [h["sweep"] for h in clocks.ask("geometry")["hands"]]
    assert sweep[0] > 0.1, "the first hand is a blur"
    assert 0 < sweep[15] < 1e-3, "the last one hardly moves"
    play.click()
    clocks.page.wait_for_function(
        "() => { const v = document.querySelector('[data-exhibit=clocks] .posenc-view').posenc;"
        "return v.geometry().hands[0].sweep === 0 }"
    )
    assert clocks.ask("state")["t"] % 1 == 0, "at rest t is a whole number"


def test_play_begins_again_after_the_last_position(open_page):
    clocks = at(open_page, "t=126", calm=False)
    clocks.root.scroll_into_view_if_needed()
    clocks.root.locator(".play").click()
    clocks.page.wait_for_function(
        "document.querySelector('[data-exhibit=clocks] .posenc-view').posenc.state().t < 10"
    )


def test_turning_the_hand_stops_play(open_page):
    clocks = at(open_page, "t=3", calm=False)
    clocks.root.scroll_into_view_if_needed()
    play = clocks.root.locator(".play")
    play.click()
    clocks.page.wait_for_timeout(200)
    clocks.handle("hand").press("ArrowRight")
    assert play.get_attribute("aria-pressed") == "false"


def test_nothing_blurs_for_a_reader_who_asked_for_less_motion(clocks):
    clocks.handle("hand").press("End")
    clocks.settle()
    assert {h["sweep"] for h in clocks.ask("geometry")["hands"]} == {0}


@pytest.mark.parametrize(
    ("fragment", "note"),
    [
        ("t=-1", "outside"),
        ("t=128", "outside"),
        ("d=66", "outside"),
        ("d=15", "even"),
        ("i=1.5", "whole"),
        ("b=0.5", "outside"),
        ("b=Infinity", "not a number"),
        ("pair=3", "not a setting"),
    ],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    clocks = still.show(fragment)
    assert note in clocks.root.locator(".x-note").inner_text()
    np.testing.assert_allclose(clocks.memory("values"), row(23), atol=1e-12)


def test_reset_and_the_link_tool(open_page):
    page = open_page(f"{PAGE}#clocks?b=77&t=9&d=16&i=2")
    clocks = OnPage(page, "clocks")
    clocks.tool("Link").click()
    page.wait_for_function("location.hash.includes('i=2')")
    again = OnPage(open_page(page.url.split("/", 3)[3]), "clocks")
    assert again.ask("state") == clocks.ask("state")
    clocks.tool("Reset").click()
    clocks.settle()
    np.testing.assert_allclose(clocks.memory("values"), row(23), atol=1e-12)
    assert clocks.ask("state")["pair"] == 3


def test_picture_and_data_are_saved(clocks):
    with clocks.page.expect_download() as saved:
        clocks.tool("Picture").click()
    width, height = png_size(Path(saved.value.path()).read_bytes())
    assert width > 1000
    assert height > 500
    with clocks.page.expect_download() as saved:
        clocks.tool("Data").click()
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert rows[0] == ["i", "wavelength", "turns", "sine", "cosine"]
    table = np.array(rows[1:], dtype=float)
    waves = encodings.wavelengths(32)
    np.testing.assert_allclose(table[:, 1], waves, rtol=1e-12)
    np.testing.assert_allclose(table[:, 2], 23 / waves, rtol=1e-12)
    np.testing.assert_allclose(table[:, 3:].ravel(), row(23), atol=1e-6)


def test_facts_and_sentence_say_what_posenc_computes(still):
    clocks = still.show("t=40&i=2&d=16&b=100")
    waves = encodings.wavelengths(16, base=100)
    sine, cosine = row(40, 16, 100)[4:6]
    assert clocks.ask("facts") == {
        "position": "40",
        "pairs": "8",
        "pair": "2",
        "wavelength": text.fixed(waves[2], 1),
        "slowest": text.fixed(waves[-1], 0),
        "step": text.fixed(360 / waves[2], 1) + "°",
        "turns": text.fixed(40 / waves[2], 2),
        "sine": text.fixed(sine, 3),
        "cosine": text.fixed(cosine, 3),
        "round": str(int(np.sum(waves <= 40))),
    }
    said = clocks.ask("say")
    assert said.startswith("Position 40, clock 2 of 8, once round in ")
    assert said.endswith(f": sine {text.fixed(sine, 3)}, cosine {text.fixed(cosine, 3)}.")


# -- from Python ---------------------------------------------------------------------------------


def test_python_sets_and_reads_the_state():
    clocks = exhibits.clocks()
    assert clocks.state == {"d": 32, "b": 10000.0, "t": 23.0, "i": 3}
    clocks.set(d=64, i=31, t=2.5)
    np.testing.assert_array_equal(clocks.values, row(2.5, 64))
    clocks.d_model = 16
    assert clocks.pair == 7, "the chosen clock stays in the bank"
    assert clocks.d_index == 0
    clocks.d_index = 1
    assert clocks.d_model == 32
    clocks.d_model = 8
    assert clocks.d_index is None


def test_a_longer_run_of_positions_can_be_asked_for():
    clocks = exhibits.clocks(t_max=50_000, t=35_333)
    assert clocks.t == 35_333
    clocks.set(t=50_000)
    with pytest.raises(ValueError, match="t must lie in 0 to 50000"):
        clocks.set(t=50_001)


@pytest.mark.parametrize(
    ("trait", "value"),
    [
        ("base", 0.5),
        ("base", float("nan")),
        ("d_model", 7),
        ("d_model", 66),
        ("pair", -1),
        ("t", -1),
    ],
)
def test_python_refuses_what_cannot_be_shown_and_keeps_what_was(trait, value):
    clocks = exhibits.clocks()
    before = getattr(clocks, trait)
    with pytest.raises(traitlets.TraitError, match=trait):
        setattr(clocks, trait, value)
    assert getattr(clocks, trait) == before


def test_the_printed_picture_has_words():
    data, metadata = exhibits.clocks(t=64, pair=1)._repr_mimebundle_()
    alt = metadata["image/png"]["alt"]
    waves = encodings.wavelengths(32)
    sine, cosine = row(64)[2:4]
    assert f"{int(np.sum(waves <= 64))} of them have made a full turn" in alt
    assert f"the slowest needs {waves[-1]:,.0f} positions" in alt
    assert f"has made {64 / waves[1]:.2f} turns" in alt
    assert f"sine {text.fixed(sine, 3)} and cosine {text.fixed(cosine, 3)}" in alt
    assert len(data["image/png"]) > 10_000
