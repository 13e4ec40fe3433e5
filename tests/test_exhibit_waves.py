"""The opening figure on the built page: the line moved by every kind of hand, and NumPy beside it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, png_size, quantity

from posenc import encodings, exhibits, palette, text

PAGE = "book/sinusoids.html"


@pytest.fixture
def waves(open_page):
    return OnPage(open_page(PAGE), "waves")


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "waves")


def at(open_page, fragment: str, **options) -> OnPage:
    return OnPage(open_page(f"{PAGE}#waves?{fragment}", **options), "waves")


def heights(t: float, base: float = 10000) -> np.ndarray:
    return encodings.sinusoidal([t], 32, base=base)[0, :20:2]


def kept(waves: OnPage, key: str) -> Any:
    """A plain value that the drawing kept."""
    return waves.root.evaluate(
        "(e, key) => e.querySelector('.posenc-view').posenc.memory()[key]", key
    )


def drawn_at(waves: OnPage, t: float) -> None:
    """Waits until the line has come to a position."""
    waves.page.wait_for_function(
        "t => document.querySelector('[data-exhibit=waves] .posenc-view').posenc.memory().t === t",
        arg=t,
        timeout=5_000,
    )


def place(waves: OnPage, t: float, wave: float = 4.5) -> tuple[float, float]:
    """The point of the drawing at a position, in the row of a wave."""
    plot = waves.ask("geometry")["plot"]
    return plot["x"] + plot["w"] * t / 63, plot["y"] + plot["h"] * (wave + 0.5) / 10


# -- what is drawn -------------------------------------------------------------------------------


@pytest.mark.parametrize(("t", "base"), [(23, 10000), (0, 10000), (63, 10), (41, 250000)])
def test_what_is_drawn_is_what_numpy_computes(still, t, base):
    waves = still.show(f"t={t}&b={base}")
    np.testing.assert_allclose(waves.memory("values"), heights(t, base), atol=1e-12)
    columns = kept(waves, "columns")
    painted = waves.memory("heights").reshape(columns, 10)
    positions = np.linspace(0, 63, columns)
    expected = encodings.sinusoidal(positions, 32, base=base)[:, :20:2]
    np.testing.assert_allclose(painted, expected, atol=1e-6)


@pytest.mark.parametrize("dark", [False, True])
def test_water_land_and_cells_have_the_colour_of_their_value(open_page, dark):
    waves = at(open_page, "t=23", dark=dark)
    colours = palette.colour_map("dark" if dark else "light")
    geometry = waves.ask("geometry")

    def near(x: float, y: float, v: float) -> bool:
        expected = np.array(colours((v + 1) / 2)[:3]) * 255
        return bool(np.abs(np.array(waves.pixel(x, y)) - expected).max() < 8)

    for i, v in enumerate(heights(23)):
        _, y = place(waves, 0, i)
        assert near(geometry["cells"]["x"] + 10, y, v), i
    for t, i in [(5, 3), (27, 3), (15, 2), (45, 4), (50, 6)]:
        v = heights(t)[i]
        x, y = place(waves, t, i)
        assert near(x, y - v * geometry["amp"] / 2, v), (t, i)  # half way up the wave


def test_the_waves_are_painted_once_however_far_the_line_goes(waves):
    before = kept(waves, "painted")
    for _ in range(10):
        waves.handle("line").press("ArrowRight")
        waves.settle()
    assert kept(waves, "t") == 33
    assert kept(waves, "painted") == before
    waves.page.evaluate("location.hash = '#waves?b=100'")
    waves.settle()
    waves.page.wait_for_timeout(100)
    assert kept(waves, "painted") > before


def test_the_line_has_the_colour_of_position(still):
    waves = still.show("")
    x = kept(waves, "x")
    plot = waves.ask("geometry")["plot"]
    assert x == pytest.approx(plot["x"] + plot["w"] * 23 / 63)
    pos = np.array([int(palette.tokens()["pos"][k : k + 2], 16) for k in (1, 3, 5)])
    assert np.abs(np.array(waves.pixel(x - 0.5, plot["y"] - 5)) - pos).max() < 40


# What a reader reads off the drawing, against NumPy.
reading = pytest.mark.parametrize(("t", "base"), [(23, 10000), (41, 250)])


@reading
def test_the_numbers_at_the_right_are_the_heights(still, t, base):
    still.show(f"t={t}&b={base}")
    geometry = still.ask("geometry")
    plot, rise = geometry["plot"], geometry["rise"]
    printed = [
        still.written(geometry["numbers"], plot["y"] + rise * (i + 0.5) + 0.5) for i in range(10)
    ]
    assert printed == [text.fixed(v, 2) for v in heights(t, base)]
    assert still.written(y=plot["y"] - 18.5) == f"t = {t}"


@reading
def test_the_numbers_at_the_left_are_the_wavelengths(still, t, base):
    still.show(f"t={t}&b={base}")
    geometry = still.ask("geometry")
    plot, rise = geometry["plot"], geometry["rise"]
    printed = [still.written(plot["x"] - 10, plot["y"] + rise * (i + 0.5)) for i in range(10)]
    assert printed == [quantity(w) for w in encodings.wavelengths(32, base=base)[:10]]


@reading
def test_the_dots_on_the_line_stand_at_the_heights(still, t, base):
    still.show(f"t={t}&b={base}")
    geometry = still.ask("geometry")
    plot, rise, amp = geometry["plot"], geometry["rise"], geometry["amp"]
    dots = [disc for disc in still.discs() if disc["edge"]]
    np.testing.assert_allclose([d["x"] for d in dots], plot["x"] + plot["w"] * t / 63)
    middles = plot["y"] + rise * (np.arange(10) + 0.5)
    np.testing.assert_allclose(
        (middles - [d["y"] for d in dots]) / amp, heights(t, base), atol=1e-9
    )


# -- hands ---------------------------------------------------------------------------------------


def test_the_line_is_dragged_with_the_mouse(waves):
    waves.page.mouse.move(*waves.point(*place(waves, 23)))
    waves.page.mouse.down()
    for t in (25, 31, 40.4):
        waves.page.mouse.move(*waves.point(*place(waves, t)))
    waves.page.mouse.up()
    waves.settle()
    assert waves.ask("state")["t"] == 40
    np.testing.assert_allclose(waves.memory("values"), heights(40), atol=1e-12)
    assert not waves.root.locator(".hint").is_visible()


def test_a_press_anywhere_brings_the_line(waves):
    waves.page.mouse.click(*waves.point(*place(waves, 52, 1)))
    waves.settle()
    assert waves.ask("state")["t"] == 52
    waves.page.mouse.click(*waves.point(*place(waves, 66, 1)))  # beyond the end
    waves.settle()
    assert waves.ask("state")["t"] in (52, 63)


def test_a_finger_drags_the_line_and_a_swipe_along_it_scrolls(open_page):
    waves = at(open_page, "t=23", phone=True)
    assert waves.root.evaluate("e => e.scrollWidth <= e.clientWidth"), "nothing sticks out"
    line = waves.handle("line")
    assert line.bounding_box()["width"] >= 44
    waves.canvas().scroll_into_view_if_needed()
    x, y = waves.point(*place(waves, 23))
    top = waves.page.evaluate("scrollY")
    waves.swipe([(x + 8 * k, y) for k in range(14)])
    moved = waves.ask("state")["t"]
    plot = waves.ask("geometry")["plot"]
    assert moved == pytest.approx(23 + 63 * 104 / plot["w"], abs=1)
    assert waves.page.evaluate("scrollY") == top
    x, y = waves.point(*place(waves, moved))
    waves.swipe([(x, y - 12 * k) for k in range(12)])
    assert waves.page.evaluate("scrollY") > top + 30, "up and down scrolls the page"
    assert waves.ask("state")["t"] == moved
    waves.page.touchscreen.tap(*waves.point(*place(waves, 10, 8)))
    waves.settle()
    assert waves.ask("state")["t"] == 10


def test_the_keyboard_moves_the_line(waves):
    line = waves.handle("line")
    line.focus()
    for key, t in [("ArrowRight", 24), ("ArrowLeft", 23), ("PageUp", 31), ("Home", 0), ("End", 63)]:
        line.press(key)
        assert waves.ask("state")["t"] == t, key
    waves.settle()
    assert line.get_attribute("role") == "slider"
    assert line.get_attribute("aria-valuenow") == "63"
    assert line.get_attribute("aria-valuetext") == "position 63"


# -- the invitation ------------------------------------------------------------------------------


def test_the_line_glides_once_to_where_it_stands(open_page):
    waves = OnPage(open_page(PAGE, calm=False), "waves")
    seen = waves.page.evaluate(
        """() => new Promise(done => {
          const view = document.querySelector('[data-exhibit=waves] .posenc-view').posenc;
          const seen = [];
          const start = performance.now();
          (function look() {
            seen.push([view.memory().t, view.state().t]);
            if (performance.now() - start < 2600) requestAnimationFrame(look); else done(seen);
          })();
        })"""
    )
    drawn, state = np.array(seen).T
    assert drawn[0] < 20
    assert (np.diff(drawn) >= 0).all(), "it only ever goes forward"
    assert len(np.unique(drawn)) > 5, "and glides"
    assert drawn[-1] == 23
    assert (state == 23).all(), "only the drawing moves, never the state"
    assert waves.root.locator(".hint").is_visible()


def test_a_hand_on_the_line_ends_the_invitation(open_page):
    waves = OnPage(open_page(PAGE, calm=False), "waves")
    waves.handle("line").press("End")
    drawn_at(waves, 63)
    assert not waves.root.locator(".hint").is_visible()


def test_a_link_to_a_state_needs_no_invitation(open_page):
    waves = at(open_page, "t=50", calm=False)
    drawn_at(waves, 50)
    waves.page.wait_for_timeout(700)
    assert kept(waves, "t") == 50


def test_nothing_moves_unasked_for_a_reader_who_asked_for_less_motion(waves):
    assert kept(waves, "t") == 23
    waves.page.wait_for_timeout(700)
    assert kept(waves, "t") == 23


# -- frame, tools, links -------------------------------------------------------------------------


def test_it_stands_without_a_frame_but_has_a_name_and_tools(still):
    waves = still.show("")
    root = waves.root.locator(".exhibit").first
    assert root.evaluate("e => getComputedStyle(e).borderTopWidth") == "0px"
    assert waves.root.locator("h1, h2, h3").count() == 0, "the chapter has its own heading"
    name = waves.root.locator("[aria-labelledby]").first.get_attribute("aria-labelledby")
    assert waves.page.locator(f"#{name}").text_content() == "Read down the line"
    for label in ("Reset", "Link", "Picture", "Data"):
        assert waves.tool(label).is_visible()


@pytest.mark.parametrize(
    ("fragment", "note"),
    [("t=64", "outside"), ("t=2.5", "whole"), ("b=0", "outside"), ("L=3", "not a setting")],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    waves = still.show(fragment)
    assert note in waves.root.locator(".x-note").inner_text()
    np.testing.assert_allclose(waves.memory("values"), heights(23), atol=1e-12)


def test_reset_and_the_link_tool(open_page):
    page = open_page(f"{PAGE}#waves?b=77&t=9")
    waves = OnPage(page, "waves")
    waves.tool("Link").click()
    page.wait_for_function("location.hash.includes('b=77')")
    again = OnPage(open_page(page.url.split("/", 3)[3]), "waves")
    assert again.ask("state") == waves.ask("state")
    waves.tool("Reset").click()
    waves.settle()
    np.testing.assert_allclose(waves.memory("values"), heights(23), atol=1e-12)


def test_picture_and_data_are_saved(waves):
    with waves.page.expect_download() as saved:
        waves.tool("Picture").click()
    width, height = png_size(Path(saved.value.path()).read_bytes())
    assert width > 1000
    assert height > 500
    with waves.page.expect_download() as saved:
        waves.tool("Data").click()
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert rows[0] == ["t", *(f"i{i}" for i in range(10))]
    table = np.array(rows[1:], dtype=float)
    np.testing.assert_array_equal(table[:, 0], np.arange(64))
    np.testing.assert_allclose(table[:, 1:], encodings.sinusoidal(64, 32)[:, :20:2], atol=1e-6)


def test_facts_and_sentence_say_what_posenc_computes(still):
    waves = still.show("t=40&b=100")
    lengths = encodings.wavelengths(32, base=100)
    assert waves.ask("facts") == {
        "position": "40",
        "ratio": text.fixed(lengths[1] / lengths[0], 2),
        "shortest": text.fixed(lengths[0], 2),
        "longest": text.fixed(lengths[9], 1),
    }
    numbers = ", ".join(text.fixed(v, 2) for v in heights(40, 100))
    assert waves.ask("say") == f"Position 40: {numbers}."


# -- from Python ---------------------------------------------------------------------------------


def test_python_sets_and_reads_the_state():
    waves = exhibits.waves()
    assert waves.state == {"b": 10000.0, "t": 23.0}
    waves.set(b=10, t=63)
    np.testing.assert_array_equal(waves.values, heights(63, 10))
    waves.length = 32
    assert waves.t == 31, "the line stays on the picture"


@pytest.mark.parametrize(
    ("trait", "value"),
    [("base", 0), ("base", float("inf")), ("d_model", 7), ("waves", 0), ("length", 1), ("t", 2.5)],
)
def test_python_refuses_what_cannot_be_shown_and_keeps_what_was(trait, value):
    waves = exhibits.waves()
    before = getattr(waves, trait)
    with pytest.raises(traitlets.TraitError, match=trait):
        setattr(waves, trait, value)
    assert getattr(waves, trait) == before


def test_more_waves_than_pairs_are_refused():
    with pytest.raises(traitlets.TraitError, match="width 16 has 8 pairs"):
        exhibits.waves(d_model=16)
    whole = exhibits.waves(d_model=16, waves=8)
    assert "The eight waves of width 16" in whole.foot.notice


def test_the_caption_counts_what_is_shown():
    assert "Ten of the sixteen waves of width 32, over 64 positions" in exhibits.waves().foot.notice
    assert "Six of the 256 waves of width 512" in exhibits.waves(d_model=512, waves=6).foot.notice


def test_the_printed_picture_has_words():
    data, metadata = exhibits.waves(t=11)._repr_mimebundle_()
    alt = metadata["image/png"]["alt"]
    lengths = encodings.wavelengths(32)
    assert "10 of the 16 sine waves" in alt
    assert f"each {lengths[1] / lengths[0]:.2f} times as long" in alt
    assert ", ".join(text.fixed(v, 2) for v in heights(11)) in alt
    assert len(data["image/png"]) > 10_000
