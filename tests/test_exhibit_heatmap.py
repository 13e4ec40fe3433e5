"""The heatmap exhibit on the built page: moved by every kind of hand, and compared with NumPy."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, png_size, quantity

from posenc import encodings, exhibits, palette, text

PAGE = "book/sinusoids.html"


def shown(exhibit: OnPage) -> np.ndarray:
    """The values in the picture, row by row as drawn."""
    memory = exhibit.root.evaluate(
        "e => { const m = e.querySelector('.posenc-view').posenc.memory();"
        "return {rows: m.rows, columns: m.columns, values: Array.from(m.values)} }"
    )
    return np.array(memory["values"]).reshape(memory["rows"], memory["columns"])


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "heatmap")


@pytest.fixture
def heat(open_page):
    return OnPage(open_page(PAGE), "heatmap")


def test_what_is_drawn_is_what_numpy_computes(still):
    heat = still.show("")
    np.testing.assert_allclose(shown(heat), encodings.sinusoidal(64, 64), atol=1e-6)


def test_pixels_have_the_colour_of_their_value(still):
    heat = still.show("")
    table = encodings.sinusoidal(64, 64)
    box = heat.ask("geometry")["box"]
    colours = palette.colour_map()
    for t, j in [(2, 40), (10, 5), (33, 30), (50, 3), (60, 63)]:
        x = box["x"] + box["w"] * (j + 0.5) / 64
        y = box["y"] + box["h"] * (t + 0.5) / 64
        expected = np.array(colours((table[t, j] + 1) / 2)[:3]) * 255
        assert np.abs(np.array(heat.pixel(x, y)) - expected).max() < 6, (t, j)


def test_the_link_to_a_state_restores_it_and_draws_it(open_page):
    page = open_page(f"{PAGE}#heatmap?L=32&d=16&b=10&layout=halves&from=1000&t=1007&j=3")
    heat = OnPage(page, "heatmap")
    state = heat.ask("state")
    assert (state["length"], state["d_model"], state["base"]) == (32, 16, 10)
    assert (state["start"], state["t"], state["channel"]) == (1000, 1007, 3)
    expected = encodings.sinusoidal(np.arange(1000, 1032), 16, base=10, layout="halves")
    np.testing.assert_allclose(shown(heat), expected, atol=1e-6)


# What a reader reads off the drawing, against NumPy.
READ = [
    ("", {"length": 64, "d": 64, "b": 10000, "layout": "interleaved", "t": 23, "j": 12}),
    (
        "L=32&d=16&b=100&layout=halves&from=1000&t=1007&j=11",
        {"length": 32, "d": 16, "b": 100, "layout": "halves", "t": 1007, "j": 11, "start": 1000},
    ),
]
reading = pytest.mark.parametrize(("fragment", "of"), READ)


def rows_at(positions: np.ndarray | list[int], of: dict) -> np.ndarray:
    return encodings.sinusoidal(positions, of["d"], base=of["b"], layout=of["layout"])


@reading
def test_the_wave_beside_is_the_marked_column(still, fragment, of):
    still.show(fragment)
    geometry = still.ask("geometry")
    box, beside = geometry["box"], geometry["beside"]
    middle, amp = beside["x"] + beside["w"] / 2, beside["w"] / 2 - 8
    x, y = still.curves()[-1].T
    positions = of.get("start", 0) + (y - box["y"]) / box["h"] * of["length"] - 0.5
    assert positions[-1] - positions[0] == pytest.approx(of["length"], abs=1)
    seen = positions >= 0
    drawn = (x[seen] - middle) / amp
    np.testing.assert_allclose(drawn, rows_at(positions[seen], of)[:, of["j"]], atol=1e-9)
    # its dots, and the marked one on both curves
    dots = [q for q in still.discs() if q["x"] > beside["x"]]
    first = of.get("start", 0)
    positions = np.arange(first, first + of["length"])
    *each, marked = dots
    if each:
        assert len(each) == of["length"]
        drawn = [(q["x"] - middle) / amp for q in each]
        np.testing.assert_allclose(drawn, rows_at(positions, of)[:, of["j"]], atol=1e-9)
    value = rows_at([of["t"]], of)[0, of["j"]]
    assert (marked["x"] - middle) / amp == pytest.approx(value, abs=1e-9)
    at = box["y"] + box["h"] * (of["t"] - first + 0.5) / of["length"]
    assert marked["y"] == pytest.approx(at)


@reading
def test_the_curves_above_are_the_marked_row(still, fragment, of):
    still.show(fragment)
    geometry = still.ask("geometry")
    box, above = geometry["box"], geometry["above"]
    middle, amp = above["y"] + above["h"] / 2, above["h"] / 2 - 5
    vector = rows_at([of["t"]], of)[0]
    half = of["d"] // 2
    channels = np.arange(of["d"])
    sines = channels % 2 == 0 if of["layout"] == "interleaved" else channels < half
    sine, cosine, _ = still.curves()
    for points, own in ((sine, channels[sines]), (cosine, channels[~sines])):
        x, y = points.T
        np.testing.assert_allclose(x, box["x"] + box["w"] * (own + 0.5) / of["d"])
        np.testing.assert_allclose((middle - y) / amp, vector[own], atol=1e-9)


@reading
def test_the_corner_shows_the_value_and_its_formula(still, fragment, of):
    still.show(fragment)
    geometry = still.ask("geometry")
    x, y = geometry["beside"]["x"] + 4, geometry["above"]["y"]
    value = rows_at([of["t"]], of)[0, of["j"]]
    half = of["d"] // 2
    pair, cosine = divmod(of["j"], 2)
    if of["layout"] == "halves":
        cosine, pair = divmod(of["j"], half)
    omega = encodings.frequencies(of["d"], base=of["b"])[pair]
    assert still.written(x, y + 27) == text.fixed(value, 3)
    name = "cos" if cosine else "sin"
    assert still.written(y=y + 49) == f"{name} {of['t']:,} · {omega:.3g}"
    wave = encodings.wavelengths(of["d"], base=of["b"])[pair]
    assert still.written(x, y + 69) == f"pair i = {pair}, wavelength {quantity(wave)}"


@reading
def test_the_tags_name_the_marked_row_and_column(still, fragment, of):
    still.show(fragment)
    box = still.ask("geometry")["box"]
    row = next(w for w in still.words() if w["words"] == f"t = {of['t']:,}")
    first = of.get("start", 0)
    assert row["y"] == pytest.approx(
        box["y"] + box["h"] * (of["t"] - first + 0.5) / of["length"] + 0.5
    )
    column = next(w for w in still.words() if w["words"] == f"j = {of['j']}")
    assert abs(column["x"] - box["x"] - box["w"] * (of["j"] + 0.5) / of["d"]) < 26


def test_a_cell_that_holds_many_positions_shows_their_exact_mean(still):
    heat = still.show("L=100000&d=64&b=10000&t=5")
    values = shown(heat)
    run = int(heat.root.evaluate("e => e.querySelector('.posenc-view').posenc.memory().down"))
    assert run > 100
    for r in (0, 7, len(values) - 2):
        block = encodings.sinusoidal(np.arange(r * run, (r + 1) * run), 64)
        np.testing.assert_allclose(values[r], block.mean(axis=0), atol=1e-6)


@pytest.mark.parametrize(
    ("fragment", "note"),
    [
        ("b=-3", "outside"),
        ("b=NaN", "not a number"),
        ("d=7", "even"),
        ("d=1e9", "outside"),
        ("t=1.5", "whole"),
        ("layout=%3Cimg%20src%3Dx%3E", "not one of"),
        ("nonsense=1", "not a setting"),
        ("b=", "not a number"),
    ],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    heat = still.show(fragment)
    assert note in heat.root.locator(".x-note").inner_text()
    np.testing.assert_allclose(shown(heat), encodings.sinusoidal(64, 64), atol=1e-6)


def test_a_row_outside_the_window_is_moved_and_told(open_page):
    heat = OnPage(open_page(f"{PAGE}#heatmap?L=64&from=1000&t=5"), "heatmap")
    assert heat.ask("state")["t"] == 1000
    note = heat.root.locator(".x-note")
    assert "t = 5" in note.inner_text()
    note.get_by_role("button", name="Dismiss").click()
    assert note.count() == 0


def test_the_finding_is_what_posenc_computes(still):
    heat = still.show("L=512&d=128&b=500")
    unfinished = 2 * int(np.sum(511 / encodings.wavelengths(128, base=500) < 1))
    words = heat.root.locator(".finding").inner_text()
    assert f"{unfinished} of 128 channels" in words
    assert f"{encodings.wavelengths(128, base=500)[-1]:,.0f} positions" in words


def test_a_swipe_over_the_picture_scrolls_and_changes_nothing(open_page):
    page = open_page(PAGE, phone=True)
    heat = OnPage(page, "heatmap")
    box = heat.ask("geometry")["box"]
    x, y = heat.point(box["x"] + box["w"] / 2, box["y"] + box["h"] / 2)
    before, top = heat.ask("state"), page.evaluate("scrollY")
    heat.swipe([(x + k, y - 12 * k) for k in range(12)])
    assert page.evaluate("scrollY") > top + 30
    assert heat.ask("state") == before


@pytest.mark.parametrize("phone", [False, True])
def test_a_link_to_a_state_ends_at_its_figure(open_page, phone):
    page = open_page(f"{PAGE}#base?b=10", phone=phone)
    page.wait_for_timeout(1500)
    top = page.locator("#base").bounding_box()["y"]
    assert 0 <= top < 160, f"the figure stands {top:.0f} px below the top of the window"


def test_a_link_to_no_figure_says_so(open_page):
    page = open_page(f"{PAGE}#nosuch?b=10")
    assert "nosuch" in page.locator("main > .lost").inner_text()


def test_the_mouse_moves_both_cursors(heat):
    box = heat.ask("geometry")["box"]
    x, y = heat.point(box["x"] + box["w"] * 0.755, box["y"] + box["h"] * 0.505)
    heat.page.mouse.move(x - 40, y - 40)
    heat.page.mouse.down()
    heat.page.mouse.move(x, y, steps=5)
    heat.page.mouse.up()
    state = heat.ask("state")
    assert state["channel"] == int(0.755 * 64)
    assert state["t"] == int(0.505 * 64)


def test_a_finger_moves_the_row_mark(open_page):
    heat = OnPage(open_page(PAGE, phone=True), "heatmap")
    box = heat.ask("geometry")["box"]
    x, y = heat.point(box["x"] + box["w"] * 0.3, box["y"] + box["h"] * 0.8)
    heat.page.touchscreen.tap(x, y)
    heat.settle()
    state = heat.ask("state")
    assert abs(state["t"] - 0.8 * 64) <= 1
    assert abs(state["channel"] - 0.3 * 64) <= 1


def test_the_keyboard_moves_the_handles(heat):
    row = heat.handle("row")
    row.focus()
    before = heat.ask("state")["t"]
    row.press("ArrowDown")
    assert heat.ask("state")["t"] == before + 1, "the position axis runs downwards"
    row.press("ArrowUp")
    row.press("PageDown")
    assert heat.ask("state")["t"] == before + 8
    row.press("End")
    assert heat.ask("state")["t"] == 63
    heat.settle()
    assert row.get_attribute("aria-valuenow") == "63"
    column = heat.handle("column")
    column.press("Home")
    column.press("ArrowRight")
    assert heat.ask("state")["channel"] == 1


def test_scrolling_reaches_the_far_positions(heat):
    scroll = heat.handle("scroll")
    scroll.focus()
    scroll.press("End")
    heat.settle()
    state = heat.ask("state")
    assert state["start"] == 131072 - 64
    expected = encodings.sinusoidal(np.arange(131072 - 64, 131072), 64)
    np.testing.assert_allclose(shown(heat), expected, atol=1e-6)


def test_the_slider_beside_it_is_the_same_state(heat):
    knob = heat.slider("base")
    knob.focus()
    knob.press("ArrowLeft")
    heat.settle()
    base = heat.ask("state")["base"]
    assert base < 10000
    np.testing.assert_allclose(shown(heat), encodings.sinusoidal(64, 64, base=base), atol=1e-6)


def test_halves_by_the_buttons(heat):
    heat.root.get_by_role("button", name="halves").click()
    heat.settle()
    np.testing.assert_allclose(
        shown(heat), encodings.sinusoidal(64, 64, layout="halves"), atol=1e-6
    )


def test_play_moves_t_and_stops_when_the_reader_takes_hold(open_page):
    heat = OnPage(open_page(PAGE, calm=False), "heatmap")
    heat.root.scroll_into_view_if_needed()
    before = heat.ask("state")["t"]
    play = heat.root.locator(".play")
    play.click()
    heat.page.wait_for_function(
        "t => document.querySelector('[data-exhibit=heatmap] .posenc-view')"
        ".posenc.state().t >= t + 3",
        arg=before,
    )
    heat.handle("row").press("ArrowDown")
    assert play.get_attribute("aria-pressed") == "false"


def test_play_rests_off_screen(open_page):
    heat = OnPage(open_page(PAGE, calm=False), "heatmap")
    heat.root.locator(".play").click()
    heat.page.evaluate("scrollTo(0, 0)")
    heat.page.wait_for_function(
        "document.querySelector('[data-exhibit=heatmap]').getBoundingClientRect().top > innerHeight"
    )
    heat.page.wait_for_timeout(300)
    first = heat.ask("state")["t"]
    heat.page.wait_for_timeout(700)
    assert heat.ask("state")["t"] == first


def test_reset_goes_back(open_page):
    heat = OnPage(open_page(f"{PAGE}#heatmap?b=10&d=8&L=16&t=2&j=1"), "heatmap")
    heat.tool("Reset").click()
    heat.settle()
    np.testing.assert_allclose(shown(heat), encodings.sinusoidal(64, 64), atol=1e-6)
    assert heat.ask("state")["t"] == 23


def test_the_link_tool_writes_a_link_that_leads_back(open_page):
    page = open_page(f"{PAGE}#heatmap?b=77&t=9")
    heat = OnPage(page, "heatmap")
    heat.tool("Link").click()
    page.wait_for_function("location.hash.includes('b=77')")
    again = OnPage(open_page(page.url.split("/", 3)[3]), "heatmap")
    assert again.ask("state") == heat.ask("state")


def test_picture_and_data_are_saved(heat):
    with heat.page.expect_download() as saved:
        heat.tool("Picture").click()
    width, height = png_size(Path(saved.value.path()).read_bytes())
    assert width > 1000
    assert height > 500
    with heat.page.expect_download() as saved:
        heat.tool("Data").click()
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert rows[0][:3] == ["t", "j0", "j1"]
    table = np.array(rows[1:], dtype=float)
    np.testing.assert_array_equal(table[:, 0], np.arange(64))
    np.testing.assert_allclose(table[:, 1:], encodings.sinusoidal(64, 64), atol=1e-6)


def test_each_redraw_is_measured(heat):
    heat.page.evaluate("performance.clearMeasures()")
    heat.handle("row").press("ArrowDown")
    heat.settle()
    assert heat.page.evaluate("performance.getEntriesByName('posenc:update').length") >= 1


def test_it_speaks_one_sentence_after_a_rest(heat):
    heat.handle("row").press("ArrowDown")
    heat.page.wait_for_timeout(500)
    spoken = heat.root.locator("[aria-live=polite]").first.inner_text()
    value = encodings.sinusoidal([24], 64)[0, 12]
    assert "Position 24, channel 12" in spoken
    assert f"{abs(value):.3f}" in spoken


def test_python_sets_and_reads_the_state():
    heat = exhibits.heatmap()
    heat.base = 100
    assert heat.base == 100
    np.testing.assert_array_equal(heat.values, encodings.sinusoidal(64, 64, base=100))
    heat.set(L=32, d=8, t=31)
    assert heat.values.shape == (32, 8)
    assert heat.state["t"] == 31
    heat.length = 16
    assert heat.t == 15, "the marked row stays in the table"


@pytest.mark.parametrize(
    ("trait", "value"),
    [("base", -1), ("base", float("nan")), ("d_model", 7), ("d_model", 0), ("length", 0)],
)
def test_python_refuses_what_cannot_be_shown_and_keeps_what_was(trait, value):
    heat = exhibits.heatmap()
    before = getattr(heat, trait)
    with pytest.raises(traitlets.TraitError, match=trait):
        setattr(heat, trait, value)
    assert getattr(heat, trait) == before


def test_set_is_all_or_nothing():
    heat = exhibits.heatmap()
    before = heat.state
    with pytest.raises(ValueError, match="must be even"):
        heat.set(b=10, d=9)
    with pytest.raises(KeyError, match="it has L, d, b"):
        heat.set(base=10)
    assert heat.state == before


def test_the_printed_picture_has_words():
    data, metadata = exhibits.heatmap()._repr_mimebundle_()
    alt = metadata["image/png"]["alt"]
    waves = encodings.wavelengths(64)
    assert f"{np.mean(waves > 64):.0%}" in alt
    assert "64 channels" in alt
    assert len(data["image/png"]) > 10_000
