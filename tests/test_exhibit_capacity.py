"""The exhibit "How much can you add?" on the built page: hills, dots and curve against NumPy."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, percent, png_size

from posenc import codebook, exhibits, text

PAGE = "book/add.html"
ADDED = [1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 90, 128]
STATES = [(16, 1024, 256), (2, 256, 8), (1, 512, 60), (128, 2048, 1024), (50, 300, 33)]


def whole(exhibit: OnPage) -> OnPage:
    """Waits until all products are known and drawn."""
    exhibit.page.wait_for_function(
        "() => document.querySelector('[data-exhibit=capacity] .posenc-view').posenc.memory().whole"
    )
    exhibit.settle()
    return exhibit


@pytest.fixture
def capacity(open_page):
    return whole(OnPage(open_page(PAGE), "capacity").arrive())


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "capacity")


def kept(exhibit: OnPage, expression: str):
    """What the drawing kept, by an expression on its memory m."""
    return exhibit.root.evaluate(
        f"e => {{ const m = e.querySelector('.posenc-view').posenc.memory(); return {expression}; }}"
    )


def finding(exhibit: OnPage) -> str:
    return exhibit.root.locator(".finding").inner_text()


def shown(x: float) -> str:
    return "over 99%" if 0.995 < x < 1 else percent(x)


@pytest.mark.parametrize(("m", "n", "d"), STATES)
def test_what_is_drawn_is_what_numpy_computes(still, m, n, d):
    exhibit = whole(still.show(f"m={m}&N={n}&d={d}"))
    found = codebook.told(m, n, d)
    np.testing.assert_allclose(kept(exhibit, "Array.from(m.now.members)"), found.members)
    np.testing.assert_allclose(kept(exhibit, "Array.from(m.now.others)"), found.others)
    assert kept(exhibit, "m.now.right") == pytest.approx(found.right)
    assert kept(exhibit, "m.now.line") == pytest.approx(found.line)
    for added, share in kept(exhibit, "m.theory"):
        assert share == pytest.approx(codebook.expected(added, n, d))
    dots = dict(kept(exhibit, "m.dots"))
    assert list(dots) == ADDED
    for added in ADDED[::3]:
        assert dots[added] == pytest.approx(codebook.told(added, n, d).right)
    # the marks are where these numbers put them
    box = exhibit.ask("geometry")["share"]
    mark = exhibit.discs()[-1]
    assert mark["x"] == pytest.approx(box["x"] + box["w"] * np.log2(m) / 7)
    assert mark["y"] == pytest.approx(box["y"] + box["h"] * (1 - found.right))
    words = finding(exhibit)
    assert words.startswith(f"{shown(found.right)} of the vectors")
    assert f"(theory: {shown(codebook.expected(m, n, d))})" in words
    assert f"√(m/d) = {text.fixed(np.sqrt(m / d), 2)}" in words


def test_the_hills_hold_all_products_in_sight(still):
    exhibit = whole(still.show("m=16&N=1024&d=256"))
    bars = kept(exhibit, "m.bars.map(b => Array.from(b))")
    for heights in bars:
        widths = np.array(heights) / sum(heights)
        assert widths.max() < 0.25
        assert len(heights) in (32, 64)
    # each hill is a density: equal areas, whatever the numbers
    assert sum(bars[0]) / sum(bars[1]) == pytest.approx(2, rel=0.02)


def test_facts_follow_the_state(still):
    exhibit = whole(still.show("m=8&N=512&d=128"))
    facts = exhibit.ask("facts")
    assert facts["right"] == shown(codebook.told(8, 512, 128).right)
    assert facts["expected"] == shown(codebook.expected(8, 512, 128))
    assert facts["limit"] == text.fixed(codebook.limit(512, 128), 1)
    assert facts["most"] == str(codebook.most(512, 128))


def test_dragging_the_mark_changes_m(capacity):
    box = capacity.handle("m").bounding_box()
    share = capacity.ask("geometry")["share"]
    x, y = box["x"] + 22, box["y"] + 22
    capacity.page.mouse.move(x, y)
    capacity.page.mouse.down()
    capacity.page.mouse.move(x + 2 * share["w"] / 7, y, steps=6)
    capacity.page.mouse.up()
    capacity.settle()
    assert capacity.ask("state")["m"] == 64
    assert kept(capacity, "m.now.right") == pytest.approx(codebook.told(64, 1024, 256).right)


def test_the_keyboard_moves_the_mark_and_the_sliders_follow(capacity):
    mark = capacity.handle("m")
    mark.focus()
    mark.press("PageUp")
    assert capacity.ask("state")["m"] == 32
    mark.press("ArrowLeft")
    assert capacity.ask("state")["m"] == 27
    mark.press("Home")
    mark.press("ArrowRight")
    assert capacity.ask("state")["m"] == 2
    mark.press("End")
    assert capacity.ask("state")["m"] == 128
    width = capacity.slider("width")
    width.focus()
    for _ in range(10):
        width.press("ArrowRight")
    capacity.settle()
    d = capacity.ask("state")["d_model"]
    assert d > 256
    whole(capacity)
    assert kept(capacity, "m.now.right") == pytest.approx(codebook.told(128, 1024, d).right)


def test_a_finger_taps_and_nothing_is_too_wide(open_page):
    exhibit = whole(OnPage(open_page(PAGE, phone=True), "capacity").arrive())
    share = exhibit.ask("geometry")["share"]
    exhibit.page.touchscreen.tap(*exhibit.point(share["x"] + share["w"] * 2 / 7, share["y"] + 60))
    exhibit.settle()
    assert exhibit.ask("state")["m"] == 4
    target = exhibit.handle("m").bounding_box()
    assert min(target["width"], target["height"]) >= 44
    widest = exhibit.root.evaluate(
        "e => Math.max(...[...e.querySelectorAll('*')].map(x => x.getBoundingClientRect().right))"
    )
    assert widest <= 360, "the exhibit is wider than the phone"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("state", ["", "m=128&d=8&N=2048", "m=1", "m=100&d=1024", "m=3&d=20"])
def test_no_word_leaves_the_drawing(open_still, width, state):
    exhibit = whole(OnPage(open_still(PAGE, width=width), "capacity").show(state))
    room = exhibit.root.evaluate("e => e.querySelector('canvas').clientWidth")
    for word in exhibit.words():
        assert word["left"] >= -0.5, word["words"]
        assert word["left"] + word["width"] <= room + 0.5, word["words"]


@pytest.mark.parametrize(
    ("fragment", "note"),
    [("m=129", "outside"), ("d=7", "outside"), ("m=1.5", "whole"), ("t=1", "not a setting")],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    exhibit = still.show(fragment)
    assert note in exhibit.root.locator(".x-note").inner_text()
    assert exhibit.ask("state")["m"] == 16


def test_picture_and_data_are_saved(capacity):
    with capacity.page.expect_download() as saved:
        capacity.tool("Picture").click()
    width, height = png_size(Path(saved.value.path()).read_bytes())
    assert width > 1000
    assert height > 500
    with capacity.page.expect_download() as saved:
        capacity.tool("Data").click()
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert rows[0] == ["m", "told", "expected"]
    numbers = np.array(rows[1:], dtype=float)
    expected = [codebook.expected(int(m), 1024, 256) for m in numbers[:, 0]]
    np.testing.assert_allclose(numbers[:, 2], expected, rtol=1e-9)
    assert numbers[7, 1] == pytest.approx(codebook.told(16, 1024, 256).right)


def test_it_speaks_after_a_rest(capacity):
    capacity.handle("m").press("PageUp")
    capacity.page.wait_for_timeout(700)
    spoken = capacity.root.locator("[aria-live=polite]").first.inner_text()
    assert spoken.startswith(f"{shown(codebook.told(32, 1024, 256).right)} of the vectors")
    assert "*" not in spoken


def test_python_sets_and_reads_the_state():
    exhibit = exhibits.capacity()
    exhibit.set(m=8, N=512, d=64, seed=3)
    assert exhibit.told.right == codebook.told(8, 512, 64, seed=3).right
    assert exhibit.expected == codebook.expected(8, 512, 64)
    assert exhibit.most == codebook.most(512, 64)
    for trait, value in (("m", 0), ("n", 3000), ("d_model", 7), ("seed", 100)):
        before = getattr(exhibit, trait)
        with pytest.raises(traitlets.TraitError, match=trait):
            setattr(exhibit, trait, value)
        assert getattr(exhibit, trait) == before


def test_the_printed_picture_has_words():
    bundle, metadata = exhibits.capacity(m=32)._repr_mimebundle_()
    alt = metadata["image/png"]["alt"]
    assert f"{text.percent(codebook.told(32, 1024, 256).right)} at m = 32" in alt
    assert text.percent(codebook.expected(32, 1024, 256)) in alt
    assert text.fixed(codebook.limit(1024, 256), 1) in alt
    assert len(bundle["image/png"]) > 10_000
