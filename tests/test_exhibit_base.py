"""The exhibit "Choose the base" on the built page: turns, distances and 16 bits against NumPy."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, png_size, quantity

from posenc import analysis, encodings, exhibits, text

PAGE = "book/sinusoids.html"
STATES = [(64, 512, 10000), (4, 4096, 100), (8, 4096, 1.05), (16, 1000, 1), (128, 64, 1e6)]


@pytest.fixture
def base(open_page):
    return OnPage(open_page(PAGE), "base")


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "base")


def kept(exhibit: OnPage, expression: str):
    """What the drawing kept, by an expression on its memory m."""
    return exhibit.root.evaluate(
        f"e => {{ const m = e.querySelector('.posenc-view').posenc.memory(); return {expression}; }}"
    )


def finish(exhibit: OnPage) -> None:
    """Waits until all distances are known, and in 16 bits all rows compared."""
    exhibit.canvas().scroll_into_view_if_needed()
    exhibit.page.wait_for_function(
        "() => { const v = document.querySelector('[data-exhibit=base] .posenc-view').posenc;"
        "const m = v.memory();"
        "return m.whole && (v.state().precision === 'exact' || m.all.kept); }"
    )


def finding(exhibit: OnPage) -> str:
    return exhibit.root.locator(".finding").inner_text()


@pytest.mark.parametrize(("d", "length", "b"), STATES)
def test_what_is_drawn_is_what_numpy_computes(still, d, length, b):
    exhibit = still.show(f"d={d}&L={length}&b={b:.12g}")
    finish(exhibit)
    np.testing.assert_allclose(
        kept(exhibit, "Array.from(m.waves)"), encodings.wavelengths(d, base=b), rtol=1e-12
    )
    distances = np.array(kept(exhibit, "Array.from(m.scan.distances.subarray(0, m.scan.done))"))
    offsets = np.arange(1, length)
    expected = analysis.distance_by_offset(offsets, d, base=b)
    np.testing.assert_allclose(distances[: length - 1], expected, atol=1e-9)
    closest = analysis.closest_pair(length, d, base=b)
    assert kept(exhibit, "m.all.closest.offset") == closest.offset
    assert kept(exhibit, "m.all.closest.distance") == pytest.approx(closest.distance, abs=1e-9)
    unfinished = analysis.turns(length, d, base=b).unfinished
    assert kept(exhibit, "m.all.unfinished") == unfinished
    assert exhibit.ask("facts")["unfinished"] == str(unfinished)
    said = "all" if unfinished == 0 else f"{unfinished} of {d} channels"
    assert said in finding(exhibit)


@pytest.mark.parametrize("dtype", analysis.FLOATS)
@pytest.mark.parametrize(("d", "length", "b"), [(64, 2048, 10000), (4, 20000, 100)])
def test_what_sixteen_bits_leave(still, dtype, d, length, b):
    exhibit = still.show(f"d={d}&L={length}&b={b}&float={dtype}")
    finish(exhibit)
    for what in ("table", "positions"):
        expected = analysis.rounded(length, d, base=b, dtype=dtype, what=what)
        assert kept(exhibit, f"m.all.kept.{what}.distinct") == expected.distinct
    positions = analysis.rounded(length, d, base=b, dtype=dtype, what="positions").distinct
    assert exhibit.ask("facts")["positions"] == f"{positions:,}"
    if positions < length:
        assert f"counted in {dtype} leave {positions:,}" in finding(exhibit)


def test_the_grain_of_a_float_is_where_it_is(still):
    exhibit = still.show("L=70000&float=float16")
    finish(exhibit)
    for part in kept(exhibit, "m.grains.map(g => ({...g, step: String(g.step)}))"):
        at = np.arange(part["from"], min(part["to"], part["from"] + 4096))
        with np.errstate(over="ignore"):
            stored = at.astype(np.float16).astype(np.float64)
        if part["step"] == "Infinity":
            assert np.isinf(stored).any()
            continue
        assert np.array_equal(stored, at) == (part["step"] == "1")
        exact = at[stored == at]
        if len(exact) > 1:
            assert np.diff(exact).min() == float(part["step"])


def test_dots_are_filled_where_they_turn_and_open_where_they_do_not(still):
    base = still.show("")
    box = base.ask("geometry")["waves"]
    waves = encodings.wavelengths(64)
    pitch = (box["h"] - 16) / 31
    brightness = {}
    for i in (4, 24):
        x = box["x"] + box["w"] * np.log10(waves[i]) / 7
        brightness[i] = sum(base.pixel(x, box["y"] + 8 + i * pitch))
    turns = analysis.turns(512, 64).turns
    assert turns[4] > 1 > turns[24]
    assert brightness[4] < 200, "a filled dot is ink"
    assert brightness[24] > 600, "an open dot is paper"


# What a reader reads off the drawing, against NumPy: (width, length, base).
reading = pytest.mark.parametrize(
    ("d", "length", "b"), [(64, 512, 10000), (4, 4096, 100), (32, 300, 50)]
)


def on_axis(box: dict[str, float], positions: np.ndarray) -> np.ndarray:
    return box["x"] + box["w"] * np.log10(positions) / 7


@reading
def test_a_dot_is_filled_exactly_where_its_pair_turns_at_least_once(still, d, length, b):
    still.show(f"d={d}&L={length}&b={b}")
    finish(still)
    dots = still.discs()[: d // 2]
    waves = encodings.wavelengths(d, base=b)
    box = still.ask("geometry")["waves"]
    np.testing.assert_allclose([dot["x"] for dot in dots], on_axis(box, waves))
    turns = analysis.turns(length, d, base=b).turns
    assert [dot["fill"] == dot["edge"] for dot in dots] == list(turns >= 1)
    if (d, length, b) == (64, 512, 10000):
        assert turns[15] > 1 > turns[16], "the border lies between two pairs"


@reading
def test_the_large_number_counts_the_channels_that_never_turn(still, d, length, b):
    still.show(f"d={d}&L={length}&b={b}")
    finish(still)
    box = still.ask("geometry")["waves"]
    x, y = box["x"] + box["w"] - 6, box["y"]
    unfinished = analysis.turns(length, d, base=b).unfinished
    assert still.written(x, y + 34) == str(unfinished)
    assert still.written(x, y + 53) == f"of {d} channels never"
    assert still.written(x, y + 70) == f"finish a turn ({text.percent(unfinished / d)})"
    words = [w["words"] for w in still.words()]
    assert f"L = {length:,}" in words
    assert f"b = {b:,}" in words
    assert f"longest wave {quantity(encodings.wavelengths(d, base=b)[-1])}" in words


@reading
def test_the_curve_of_distances_and_its_lowest_point(still, d, length, b):
    still.show(f"d={d}&L={length}&b={b}")
    finish(still)
    distances = analysis.distance_by_offset(np.arange(1, length), d, base=b)
    box = still.ask("geometry")["distance"]
    top = 2 * np.sqrt(d / 2)  # opposite vectors of this length

    def height(y: np.ndarray) -> np.ndarray:
        return (box["y"] + box["h"] - y) / box["h"] * top

    joined, floor = still.curves()
    single = len(joined)
    assert single > 20
    np.testing.assert_allclose(joined[:, 0], on_axis(box, np.arange(1, single + 1)))
    np.testing.assert_allclose(height(joined[:, 1]), distances[:single], atol=1e-9)
    # further right a pixel holds many offsets, and the line follows the least of them
    edges = 10 ** ((floor[:, 0, None] + [-0.5, 0.5] - box["x"]) / box["w"] * 7)
    offsets = np.arange(1, length)
    for (low, high), drawn in zip(edges[1:], height(floor[1:, 1]), strict=True):
        inside = distances[(offsets >= low) & (offsets < high)]
        assert drawn == pytest.approx(inside.min(), abs=1e-9)

    closest = analysis.closest_pair(length, d, base=b)
    label = next(w for w in still.words() if w["words"].startswith("closest"))
    named = "neighbours" if closest.offset == 1 else f"k = {closest.offset:,}"
    assert label["words"] == f"closest: {named}, {quantity(closest.distance)}"
    assert abs(label["x"] - on_axis(box, np.array(closest.offset))) < 13


def test_dragging_the_upright_line_changes_the_length(base):
    decade = base.ask("geometry")["waves"]["w"] / 7
    base.drag("line", decade)
    length = base.ask("state")["length"]
    assert length == pytest.approx(5120, rel=0.05)
    finish(base)
    assert base.ask("facts")["unfinished"] == str(analysis.turns(length, 64).unfinished)


def test_dragging_the_last_dot_swings_the_base(base):
    decade = base.ask("geometry")["waves"]["w"] / 7
    base.drag("column", -2 * decade)
    b = base.ask("state")["base"]
    longest = encodings.wavelengths(64)[-1] / 100
    assert b == pytest.approx(encodings.base_for(longest, 31, 64), rel=0.1)
    finish(base)
    np.testing.assert_allclose(
        kept(base, "Array.from(m.waves)"), encodings.wavelengths(64, base=b), rtol=1e-12
    )
    base.drag("column", -5 * decade)
    assert base.ask("state")["base"] == 1, "the base stops at 1"


def test_a_finger_drags_the_length(open_page):
    exhibit = OnPage(open_page(PAGE, phone=True), "base")
    box = exhibit.ask("geometry")["waves"]
    x, y = exhibit.point(box["x"] + box["w"] * 3 / 7, box["y"] + box["h"] * 0.9)
    exhibit.page.touchscreen.tap(x, y)
    exhibit.settle()
    assert exhibit.ask("state")["length"] == pytest.approx(1000, rel=0.05)
    for name in ("line", "column"):
        target = exhibit.handle(name).bounding_box()
        assert min(target["width"], target["height"]) >= 44, name
    widest = exhibit.root.evaluate(
        "e => Math.max(...[...e.querySelectorAll('*')].map(x => x.getBoundingClientRect().right))"
    )
    assert widest <= 360, "the exhibit is wider than the phone"


def test_the_keyboard_moves_the_handles(base):
    line = base.handle("line")
    line.focus()
    line.press("ArrowRight")
    assert base.ask("state")["length"] > 512
    line.press("ArrowLeft")
    assert base.ask("state")["length"] == 512
    line.press("PageUp")
    assert base.ask("state")["length"] == 1024
    line.press("End")
    assert base.ask("state")["length"] == 131072
    line.press("Home")
    assert base.ask("state")["length"] == 8
    swing = base.handle("column")
    swing.press("PageDown")
    assert base.ask("state")["base"] == 1000
    swing.press("Home")
    swing.press("ArrowRight")
    assert 1 < base.ask("state")["base"] < 1.3
    base.settle()
    assert swing.get_attribute("aria-valuemin") == "1"


def test_play_sweeps_the_base(open_page):
    exhibit = OnPage(open_page(f"{PAGE}#base?b=2", calm=False), "base")
    exhibit.root.scroll_into_view_if_needed()
    exhibit.root.locator(".play").click()
    exhibit.page.wait_for_function(
        "document.querySelector('[data-exhibit=base] .posenc-view').posenc.state().base > 4"
    )
    exhibit.root.locator(".play").click()
    exhibit.settle()
    state = exhibit.ask("state")
    assert 10 ** state["exponent"] == pytest.approx(state["base"], rel=0.01)


def test_a_long_sequence_is_looked_at_in_pieces_and_says_so(open_page):
    """Whatever is announced is true of what has been looked at so far."""
    exhibit = OnPage(open_page(PAGE), "base")
    exhibit.canvas().scroll_into_view_if_needed()
    seen = exhibit.root.evaluate(
        """async e => {
          const view = e.querySelector('.posenc-view');
          e.querySelector('.handle-line').dispatchEvent(
            new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
          const seen = [];
          for (let n = 0; n < 4000; n++) {
            await new Promise(requestAnimationFrame);
            const m = view.posenc.memory();
            const { offset, looked } = m.all.closest;
            seen.push([looked, offset, e.querySelector('.finding').textContent]);
            if (m.whole && looked === 131071) return seen;
          }
        }"""
    )
    assert seen is not None, "the search never ended"
    unfinished = [s for s in seen if 511 < s[0] < 131071]
    assert unfinished, "131,071 offsets were looked at within one frame"
    for looked, _, words in unfinished:
        assert f"so far (offsets up to {looked:,} of 131,071)" in words
    assert "so far" not in seen[-1][2]
    assert seen[-1][1] == analysis.closest_pair(131072, 64).offset


def test_pointing_at_an_offset_reads_its_distance(base):
    box = base.ask("geometry")["distance"]
    x, y = base.point(box["x"] + box["w"] / 7, box["y"] + 60)
    before = base.pixel(box["x"] + box["w"] / 7, box["y"] + 60)
    base.page.mouse.move(x, y)
    base.settle()
    dashes = [base.pixel(box["x"] + box["w"] / 7, box["y"] + 60 + dy) for dy in range(8)]
    assert any(sum(p) < sum(before) - 100 for p in dashes), "no line under the pointer"


@pytest.mark.parametrize(
    ("fragment", "note"),
    [
        ("b=0.5", "outside"),
        ("b=NaN", "not a number"),
        ("L=7", "outside"),
        ("L=100.5", "whole"),
        ("d=9", "even"),
        ("float=float32", "not one of"),
        ("j=3", "not a setting"),
    ],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    exhibit = still.show(fragment)
    assert note in exhibit.root.locator(".x-note").inner_text()
    np.testing.assert_allclose(
        kept(exhibit, "Array.from(m.waves)"), encodings.wavelengths(64), rtol=1e-12
    )


def test_reset_and_link_lead_back(open_page):
    page = open_page(f"{PAGE}#base?b=77&L=99&d=8&float=bfloat16")
    exhibit = OnPage(page, "base")
    exhibit.tool("Link").click()
    page.wait_for_function("location.hash.includes('b=77')")
    again = OnPage(open_page(page.url.split("/", 3)[3]), "base")
    assert again.ask("state") == exhibit.ask("state")
    exhibit.tool("Reset").click()
    exhibit.settle()
    state = exhibit.ask("state")
    assert (state["base"], state["length"], state["d_model"]) == (10000, 512, 64)
    assert state["precision"] == "exact"


def test_picture_and_data_are_saved(base):
    with base.page.expect_download() as saved:
        base.tool("Picture").click()
    width, height = png_size(Path(saved.value.path()).read_bytes())
    assert width > 1000
    assert height > 800
    with base.page.expect_download() as saved:
        base.tool("Data").click()
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert rows[0] == ["pair", "wavelength", "turns"]
    numbers = np.array(rows[1:], dtype=float)
    np.testing.assert_allclose(numbers[:, 1], encodings.wavelengths(64), rtol=1e-12)
    np.testing.assert_allclose(numbers[:, 2], analysis.turns(512, 64).turns, rtol=1e-12)


def test_it_speaks_after_a_rest(base):
    base.handle("line").press("PageUp")
    base.page.wait_for_timeout(700)
    spoken = base.root.locator("[aria-live=polite]").first.inner_text()
    assert f"{analysis.turns(1024, 64).unfinished} of 64 channels" in spoken
    assert f"{analysis.closest_pair(1024, 64).distance:.2f} apart" in spoken
    assert "*" not in spoken


def test_python_sets_and_reads_the_state():
    exhibit = exhibits.base()
    assert exhibit.turns.unfinished == analysis.turns(512, 64).unfinished
    exhibit.set(b=100, d=4, L=4096, float="bfloat16")
    assert exhibit.exponent == pytest.approx(2)
    assert exhibit.closest == analysis.closest_pair(4096, 4, base=100)
    assert exhibit.rounded("positions") == analysis.rounded(
        4096, 4, base=100, dtype="bfloat16", what="positions"
    )
    exhibit.exponent = 3
    assert exhibit.base == 1000
    exhibit.base = 1234.5
    assert exhibit.base == 1234.5, "setting a base does not round it"


@pytest.mark.parametrize(
    ("trait", "value"),
    [("base", 0.5), ("base", 1e7), ("length", 7), ("length", 10**6), ("d_model", 3)],
)
def test_python_refuses_what_cannot_be_shown_and_keeps_what_was(trait, value):
    exhibit = exhibits.base()
    before = getattr(exhibit, trait)
    with pytest.raises(traitlets.TraitError, match=trait):
        setattr(exhibit, trait, value)
    assert getattr(exhibit, trait) == before


def test_the_printed_picture_has_words():
    exhibit = exhibits.base(length=4096, d_model=4, base=100, precision="bfloat16")
    data, metadata = exhibit._repr_mimebundle_()
    alt = metadata["image/png"]["alt"]
    closest = analysis.closest_pair(4096, 4, base=100)
    assert f"{text.number(closest.offset)} positions apart" in alt
    assert text.number(closest.distance) in alt
    positions = analysis.rounded(4096, 4, base=100, dtype="bfloat16", what="positions")
    assert text.number(positions.distinct) in alt
    assert len(data["image/png"]) > 10_000
