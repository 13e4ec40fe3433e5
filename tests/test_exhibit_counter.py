"""The binary counter on the built page: moved by every kind of hand, and compared with NumPy."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, png_size

from posenc import exhibits, palette, text

PAGE = "book/naive.html"
INK = palette.tokens("light")


def digits(t: np.ndarray | int, d: int, softness: float = 0.0) -> np.ndarray:
    """Softened digits, the fastest first: bits by whole-number arithmetic, the rest from waves."""
    t, j = np.asarray(t, dtype=float)[..., None], np.arange(d)
    if softness == 0:
        return np.floor((t + 0.5) / 2**j) % 2
    turn = 2 * np.pi * (t + 0.5) / 2 ** (j + 1)
    rounded = np.sin(np.arctan2(np.sin(turn), softness * np.cos(turn)))
    return 0.5 - rounded / 2


def steps(d: int, softness: float = 0.0) -> np.ndarray:
    return np.sqrt((np.diff(digits(np.arange(2**d), d, softness), axis=0) ** 2).sum(axis=1))


def flips(t: int) -> int:
    return (t ^ (t + 1)).bit_count()


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "counter")


@pytest.fixture
def counter(open_page):
    return OnPage(open_page(PAGE), "counter")


# What a reader reads off the drawing: the link, and what it asks for.
STATES = [
    ("", {"d": 6, "soft": 0, "from": 0, "t": 7}),
    ("d=8&soft=0.4&from=100&t=111", {"d": 8, "soft": 0.4, "from": 100, "t": 111}),
    ("d=3&soft=1&t=2", {"d": 3, "soft": 1, "from": 0, "t": 2}),
]
reading = pytest.mark.parametrize(("fragment", "of"), STATES)


def rows_of(of: dict) -> np.ndarray:
    return of["from"] + np.arange(min(32, 2 ** of["d"]))


@reading
def test_cells_have_the_colour_of_their_value(still, fragment, of):
    still.show(fragment)
    values = digits(rows_of(of), of["d"], of["soft"])
    np.testing.assert_allclose(still.memory("values"), values.ravel(), atol=1e-9)
    geometry = still.ask("geometry")
    box, pitch, rise = geometry["box"], geometry["pitch"], geometry["rise"]
    for r in (1, 4, len(values) - 1):
        for j in range(of["d"]):
            # the fastest digit at the right; beside the wave, which is where the value is
            side = 0.15 if values[r, j] > 0.5 else 0.85
            x = box["x"] + pitch * (of["d"] - 1 - j + side)
            assert still.coloured(x, box["y"] + rise * (r + 0.5), values[r, j] - 0.5), (r, j)


@reading
def test_the_wave_of_each_column_is_its_digit_between_positions_too(still, fragment, of):
    still.show(fragment)
    geometry = still.ask("geometry")
    box, pitch, rise = geometry["box"], geometry["pitch"], geometry["rise"]
    curves = still.curves()
    assert len(curves) == of["d"]
    for j, points in enumerate(curves):
        x, y = points.T
        t = of["from"] + (y - box["y"]) / rise - 0.5
        assert t[-1] - t[0] == pytest.approx(len(rows_of(of)), abs=0.1)
        middle = box["x"] + pitch * (of["d"] - 1 - j + 0.5)
        drawn = 0.5 + (x - middle) / (2 * (pitch / 2 - 5))
        np.testing.assert_allclose(drawn, digits(t, of["d"], of["soft"])[:, j], atol=1e-9)


@reading
def test_the_digits_above_are_those_of_t_and_of_the_next(still, fragment, of):
    still.show(fragment)
    geometry = still.ask("geometry")
    box, pitch, d = geometry["box"], geometry["pitch"], of["d"]
    words = still.words()
    for k, t in enumerate((of["t"], of["t"] + 1)):
        y = geometry["digits"][k] - 12
        vector = digits(t, d, of["soft"])
        for j, v in enumerate(vector):
            x = box["x"] + pitch * (d - 1 - j + 0.5)
            (word,) = (w["words"] for w in words if w["y"] == y and abs(w["x"] - x) < 0.01)
            assert word == (f"{v:.2f}" if of["soft"] else f"{v:.0f}"), (t, j)
        label = next(w for w in words if w["y"] == y and w["x"] < box["x"])
        assert label["words"] == ("t = " if k == 0 else "t + 1 = ") + f"{t}"
        assert label["colour"] == INK["off" if k else "pos"]
    # diamonds between them, as large as what changes
    change = np.abs(digits(of["t"] + 1, d, of["soft"]) - digits(of["t"], d, of["soft"]))
    drawn = still.ask("drawn")["diamonds"]
    marked = [q for q in drawn if q["x"] < box["x"] + box["w"]]
    expected = {j: c for j, c in enumerate(change) if c > 0.02}
    assert len(marked) == len(expected)
    for q, (j, c) in zip(marked, expected.items(), strict=True):
        assert q["x"] == pytest.approx(box["x"] + pitch * (d - 1 - j + 0.5))
        assert q["r"] == pytest.approx(1.5 + 4 * c)
    assert f"{flips(of['t'])} of {d}" in [w["words"] for w in words]


@reading
def test_each_bar_is_as_long_as_its_step(still, fragment, of):
    still.show(fragment)
    geometry = still.ask("geometry")
    box, bars, rise = geometry["box"], geometry["bars"], geometry["rise"]
    unit = bars["w"] / np.sqrt(of["d"])
    made = steps(of["d"], of["soft"])
    np.testing.assert_allclose(
        still.memory("steps"), made[rows_of(of)[0] :][: len(rows_of(of))], atol=1e-9
    )
    grey = tuple(int(INK["ink-3"][k : k + 2], 16) for k in (1, 3, 5))
    for p in rows_of(of)[[0, 1, 4, -2]].tolist():
        y = box["y"] + rise * (p + 1 - of["from"])
        end = bars["x"] + float(made[p] * unit)
        assert still.pixel(end - 3, y) == grey, p
        assert still.pixel(end + 3, y) != grey, p
    tips = [q for q in still.ask("drawn")["diamonds"] if q["x"] > bars["x"]]
    assert len(tips) == 1
    assert tips[0]["fill"] == INK["off"]
    assert tips[0]["x"] == pytest.approx(bars["x"] + made[of["t"]] * unit)
    assert tips[0]["y"] == pytest.approx(box["y"] + rise * (of["t"] + 1 - of["from"]))
    assert still.written(tips[0]["x"] + 11) == text.fixed(made[of["t"]], 2)


def test_waves_with_their_cosines_all_step_alike(still):
    still.show("soft=1&d=5&t=3")
    t, j = np.arange(32)[:, None], np.arange(5)
    angle = np.pi * (t + 0.5) / 2**j
    both = np.hstack([np.sin(angle), np.cos(angle)]) / 2
    apart = np.linalg.norm(np.diff(both, axis=0), axis=1)
    assert np.ptp(apart) < 1e-9
    bars, box = still.ask("geometry")["bars"], still.ask("geometry")["box"]
    at = bars["x"] + apart[0] * bars["w"] / np.sqrt(5)
    label = next(w for w in still.words() if "cosine" in w["words"])
    assert label["x"] == pytest.approx(at)
    colour = np.array([int(INK["cos"][k : k + 2], 16) for k in (1, 3, 5)])
    # the line is dashed, and may lie between two pixels
    seen = [
        still.pixel(float(at) + dx, box["y"] + y) for y in range(100, 107) for dx in (-0.5, 0.5)
    ]
    assert min(np.abs(np.array(p) - colour).max() for p in seen) < 40
    words = still.root.locator(".finding").inner_text()
    assert f"all would be {text.fixed(apart[0], 2)} long" in words
    assert still.ask("facts")["with_cosines"] == text.fixed(apart[0], 2)
    # sines alone do not
    alone = steps(5, 1)
    assert np.ptp(alone) > 0.2
    assert f"between {text.fixed(alone.min(), 2)} and {text.fixed(alone.max(), 2)}" in words


def test_the_finding_says_what_is_true(still):
    still.show("")
    words = still.root.locator(".finding").inner_text()
    mean = np.mean([flips(t) for t in range(63)])
    assert "000111 to 001000, 4 of 6 digits flip" in words
    assert "are 2.00 apart" in words
    assert f"{mean:.2f} digits on average" in words
    assert f"{steps(6).min():.2f} to {steps(6).max():.2f}" in words
    still.show("soft=0.4&t=31&d=7")
    words = still.root.locator(".finding").inner_text()
    soft, hard = steps(7, 0.4), steps(7)
    assert f"move by {soft[31]:.2f}; the digits moved by {hard[31]:.2f}" in words
    assert f"All 127 steps now lie between {soft.min():.2f} and {soft.max():.2f}" in words
    assert f"between {hard.min():.2f} and {hard.max():.2f}" in words
    facts = still.ask("facts")
    assert (facts["flips"], facts["step"]) == ("6", f"{soft[31]:.2f}")
    assert (facts["digits"], facts["next"]) == ("0011111", "0100000")
    assert (facts["shortest"], facts["longest"]) == (f"{soft.min():.2f}", f"{soft.max():.2f}")
    still.show("t=15&d=4")
    assert "1111 is the last: 4 digits count 16" in still.root.locator(".finding").inner_text()
    assert still.ask("drawn")["diamonds"] == []


@pytest.mark.parametrize(
    ("fragment", "note"),
    [("d=2", "outside 3 to 8"), ("soft=1.5", "outside 0 to 1"), ("t=3.5", "whole")],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    still.show(fragment)
    assert note in still.root.locator(".x-note").inner_text()
    np.testing.assert_allclose(still.memory("values"), digits(np.arange(32), 6).ravel())


def test_by_mouse_and_keyboard(counter):
    geometry = counter.ask("geometry")
    box, rise = geometry["box"], geometry["rise"]
    row = geometry["rowTag"]
    x, y = counter.point(row["x"] + row["w"] / 2, row["y"] + row["h"] / 2)
    counter.page.mouse.move(x, y)
    counter.page.mouse.down()
    counter.page.mouse.move(x, y + 8 * rise, steps=5)
    counter.page.mouse.up()
    assert counter.ask("state")["t"] == 15
    counter.page.mouse.click(*counter.point(box["x"] + 20, box["y"] + 3.5 * rise))
    assert counter.ask("state")["t"] == 3
    handle = counter.handle("row")
    handle.press("ArrowDown")
    handle.press("PageDown")
    assert counter.ask("state")["t"] == 12
    handle.press("End")
    counter.settle()
    state = counter.ask("state")
    assert (state["t"], state["start"]) == (63, 32), "the window follows the marked row"
    assert handle.get_attribute("aria-valuenow") == "63"
    assert "111111" in handle.get_attribute("aria-valuetext")
    np.testing.assert_allclose(counter.memory("values"), digits(np.arange(32, 64), 6).ravel())
    handle.press("Home")
    assert counter.ask("state")["start"] == 0
    # the sliders above are the same state
    counter.slider("softness").press("End")
    counter.slider("digits").press("ArrowLeft")
    counter.slider("position").press("ArrowRight")
    counter.settle()
    state = counter.ask("state")
    assert (state["softness"], state["bits"], state["t"], state["t_max"]) == (1, 5, 1, 31)
    np.testing.assert_allclose(
        counter.memory("values"), digits(np.arange(32), 5, 1).ravel(), atol=1e-9
    )
    counter.tool("Link").click()
    counter.page.wait_for_function("location.hash.includes('soft=1')")
    assert "d=5" in counter.page.url
    with counter.page.expect_download() as saved:
        counter.tool("Data").click()
    table = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert table[0] == ["t", *(f"j{j}" for j in range(5)), "flips", "step"]
    numbers = np.array(table[1:-1], dtype=float)
    np.testing.assert_allclose(numbers[:, 1:6], digits(np.arange(31), 5, 1), atol=1e-6)
    np.testing.assert_array_equal(numbers[:, 6], [flips(t) for t in range(31)])
    np.testing.assert_allclose(numbers[:, 7], steps(5, 1), atol=1e-6)
    with counter.page.expect_download() as saved:
        counter.tool("Picture").click()
    width, height = png_size(Path(saved.value.path()).read_bytes())
    assert min(width, height) > 800
    counter.tool("Reset").click()
    counter.settle()
    state = counter.ask("state")
    assert (state["t"], state["bits"], state["softness"], state["start"]) == (7, 6, 0, 0)


def comes_to(page, trait: str, value: object) -> None:
    """Waits for the state that a touch leads to: it is on its way when a tap returns."""
    page.wait_for_function(
        "([trait, value]) => document.querySelector('[data-exhibit=counter] .posenc-view')"
        ".posenc.state()[trait] === value",
        arg=[trait, value],
    )


def test_by_a_finger_and_without_one_it_scrolls(open_page):
    page = open_page(PAGE, phone=True)
    counter = OnPage(page, "counter")
    geometry = counter.ask("geometry")
    box, rise, row = geometry["box"], geometry["rise"], geometry["rowTag"]
    x, y = counter.point(row["x"] + row["w"] / 2, row["y"] + row["h"] / 2)
    counter.swipe([(x, y + k * rise / 2) for k in range(13)])
    comes_to(page, "t", 13)
    page.touchscreen.tap(*counter.point(box["x"] + 30, box["y"] + 24.5 * rise))
    comes_to(page, "t", 24)
    before, top = counter.ask("state"), page.evaluate("scrollY")
    x, y = counter.point(box["x"] + box["w"] / 2, box["y"] + box["h"] / 2)
    counter.swipe([(x + k, y - 12 * k) for k in range(12)])
    page.wait_for_function("top => scrollY > top + 30", arg=top)
    assert counter.ask("state") == before
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # nothing is written outside the drawing, nor one word over another
    for fragment in ("d=8&t=127", "d=8&t=254&soft=0.3", "d=3&t=3&soft=1"):
        counter.show(fragment)
        assert all(-1 <= w["x"] <= 329 for w in counter.words())


def test_play_counts_and_rests_when_the_row_is_taken(open_page):
    counter = OnPage(open_page(PAGE, calm=False), "counter")
    counter.canvas().scroll_into_view_if_needed()
    play = counter.root.locator(".play")
    play.click()
    counter.page.wait_for_function(
        "() => document.querySelector('[data-exhibit=counter] .posenc-view').posenc.state().t > 8"
    )
    counter.handle("row").press("ArrowDown")
    assert play.get_attribute("aria-pressed") == "false"


def test_it_speaks_one_sentence_after_a_rest(counter):
    counter.handle("row").press("ArrowUp")
    spoken = counter.root.locator(".posenc-view [aria-live=polite]")
    counter.page.wait_for_function(
        "() => document.querySelector('[data-exhibit=counter] .posenc-view [aria-live]')"
        ".textContent.includes('Position 6')"
    )
    assert "000110; 1 digit flip" in spoken.inner_text()


def test_python_sets_reads_and_refuses():
    counter = exhibits.counter()
    counter.set(d=5, soft=1, t=30)
    assert counter.t_max == 31
    np.testing.assert_allclose(counter.values, digits(np.arange(32), 5, 1), atol=1e-12)
    np.testing.assert_allclose(counter.steps, steps(5, 1), atol=1e-12)
    counter.bits = 4
    assert counter.t == 15, "the marked row stays in the count"
    counter.set(d=8, t=200)
    assert counter.start == 170
    counter.start = 50
    assert counter.t == 81, "a window that is set takes the row along"
    for trait, value in (("softness", 1.1), ("softness", float("nan")), ("bits", 2), ("t", -1)):
        before = getattr(counter, trait)
        with pytest.raises(traitlets.TraitError, match=trait):
            setattr(counter, trait, value)
        assert getattr(counter, trait) == before


@pytest.mark.parametrize("softness", [0, 0.3, 1])
def test_the_printed_picture_has_words(softness):
    data, metadata = exhibits.counter(softness=softness)._repr_mimebundle_()
    alt = metadata["image/png"]["alt"]
    assert "From position 7 to 8 4 of 6 digits flip" in alt
    made = steps(6, softness)
    assert f"from {made.min():.2f} to {made.max():.2f}" in alt
    assert (f"{np.sqrt(6):.2f} for the digits" in alt) == (softness > 0)
    assert len(data["image/png"]) > 10_000
