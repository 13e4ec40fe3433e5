"""The exhibit "How orthogonal?" on the built page: histogram, density and shares against NumPy."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, percent, png_size

from posenc import cosines, data, exhibits, text
from posenc.views.angles import MODELS, WAYS, measured

PAGE = "book/add.html"


@pytest.fixture
def angles(open_page):
    return OnPage(open_page(PAGE), "angles").arrive()


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "angles")


def finding(exhibit: OnPage) -> str:
    return exhibit.root.locator(".finding").inner_text()


def shown(x: float) -> str:
    if 0 < x < 0.001:
        return "under 0.1%"
    if 0.9995 <= x < 1:
        return "over 99.9%"
    return percent(x, 1 if x < 0.1 or x > 0.99 else 0)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("d", [3, 64, 384, 4096])
def test_what_is_drawn_is_what_numpy_computes(still, model, way, d):
    exhibit = still.show(f"model={model}&vectors={way}&d={d}")
    shares = data.load("token-position")[f"{model.lower()}-{way}"]
    np.testing.assert_allclose(exhibit.memory("shares"), shares, rtol=1e-6)
    random = exhibit.memory("random")
    at = np.linspace(-0.6, 0.6, len(random))
    expected = [cosines.density(float(x), d) / 100 for x in at]
    np.testing.assert_allclose(random, expected, rtol=1e-9, atol=1e-300)
    # the heights of the curve are those of the axis
    geometry = exhibit.ask("geometry")
    plot, top = geometry["plot"], geometry["top"]
    assert top == pytest.approx(1.08 * max(shares.max(), random.max()), rel=1e-6)
    x, y = exhibit.curves()[-1].T
    np.testing.assert_allclose(y, plot["y"] + plot["h"] * (1 - random / top), atol=1e-6)
    np.testing.assert_allclose(x, plot["x"] + plot["w"] * (at + 0.6) / 1.2, atol=1e-6)
    about = measured(model, way)
    words = finding(exhibit)
    assert f"{shown(about['within_0.1'])} have a cosine within ±0.1" in words
    assert shown(cosines.within(0.1, d)) in words
    assert f"in {text.number(round(about['as_if_d']))} dimensions" in words


def test_the_facts_are_those_of_the_state(still):
    exhibit = still.show("model=Whisper&d=100&cos=-0.33")
    about = measured("Whisper", "raw")
    facts = exhibit.ask("facts")
    shares = data.load("token-position")["whisper-raw"]
    assert facts["within"] == shown(about["within_0.1"])
    assert facts["random"] == shown(cosines.within(0.1, 100))
    assert facts["spread"] == "0.100"
    assert facts["mean"] == text.fixed(about["mean"], 3)
    assert facts["share"] == shown(float(shares[67]))
    assert exhibit.ask("geometry")["bin"] == 67


def test_dragging_the_span_sets_the_width(angles):
    box = angles.handle("width").bounding_box()
    plot = angles.ask("geometry")["plot"]
    angles.page.mouse.move(box["x"] + 22, box["y"] + 22)
    angles.page.mouse.down()
    x, _ = angles.point(plot["x"] + plot["w"] * 0.75, 0)  # cosine 0.3
    angles.page.mouse.move(x, box["y"] + 22, steps=5)
    angles.page.mouse.up()
    angles.settle()
    assert angles.ask("state")["d_model"] == pytest.approx(11, abs=1)


def test_the_keyboard_moves_both_handles(angles):
    width = angles.handle("width")
    width.focus()
    width.press("ArrowRight")
    assert angles.ask("state")["d_model"] == 457
    width.press("Home")
    assert angles.ask("state")["d_model"] == 3
    width.press("ArrowRight")
    assert angles.ask("state")["d_model"] == 4
    width.press("End")
    assert angles.ask("state")["d_model"] == 4096
    read = angles.handle("bin")
    read.focus()
    read.press("ArrowLeft")
    angles.settle()
    assert angles.ask("state")["at"] == pytest.approx(0.12)
    assert angles.ask("geometry")["bin"] == 112
    read.press("Home")
    angles.settle()
    assert angles.ask("state")["at"] == pytest.approx(-0.6)
    assert read.get_attribute("aria-valuetext") == "cosine −0.60 to −0.59"


def test_pointing_reads_a_hundredth(angles):
    plot = angles.ask("geometry")["plot"]
    x, y = angles.point(plot["x"] + plot["w"] * (0.205 + 0.6) / 1.2, plot["y"] + 40)
    angles.page.mouse.move(x, y)
    angles.settle()
    assert angles.ask("geometry")["bin"] == 120
    assert angles.ask("state")["at"] == pytest.approx(0.13)
    angles.page.mouse.down()
    angles.page.mouse.up()
    angles.settle()
    assert angles.ask("state")["at"] == pytest.approx(0.2)


def test_a_finger_moves_it_and_nothing_is_too_wide(open_page):
    exhibit = OnPage(open_page(PAGE, phone=True), "angles").arrive()
    plot = exhibit.ask("geometry")["plot"]
    x, y = exhibit.point(plot["x"] + plot["w"] * (-0.305 + 0.6) / 1.2, plot["y"] + plot["h"] - 20)
    exhibit.page.touchscreen.tap(x, y)
    exhibit.settle()
    assert exhibit.ask("state")["at"] == pytest.approx(-0.31)
    for name in ("width", "bin"):
        target = exhibit.handle(name).bounding_box()
        assert min(target["width"], target["height"]) >= 44, name
    widest = exhibit.root.evaluate(
        "e => Math.max(...[...e.querySelectorAll('*')].map(x => x.getBoundingClientRect().right))"
    )
    assert widest <= 360, "the exhibit is wider than the phone"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("state", ["", "model=Whisper", "vectors=centred&d=3", "d=4096&cos=0.59"])
def test_no_word_leaves_the_drawing(open_still, width, state):
    exhibit = OnPage(open_still(PAGE, width=width), "angles").show(state)
    room = exhibit.root.evaluate("e => e.querySelector('canvas').clientWidth")
    for word in exhibit.words():
        assert word["left"] >= -0.5, word["words"]
        assert word["left"] + word["width"] <= room + 0.5, word["words"]


@pytest.mark.parametrize(
    ("fragment", "note"),
    [
        ("d=2", "outside"),
        ("cos=0.7", "outside"),
        ("model=BERT", "not one of"),
        ("t=1", "not a setting"),
    ],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    exhibit = still.show(fragment)
    assert note in exhibit.root.locator(".x-note").inner_text()
    assert exhibit.ask("state")["d_model"] == 384


def test_picture_and_data_are_saved(angles):
    with angles.page.expect_download() as saved:
        angles.tool("Picture").click()
    width, height = png_size(Path(saved.value.path()).read_bytes())
    assert width > 1000
    assert height > 600
    with angles.page.expect_download() as saved:
        angles.tool("Data").click()
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert rows[0] == ["from", "to", "model", "random"]
    numbers = np.array(rows[1:], dtype=float)
    np.testing.assert_allclose(numbers[:, 2], data.load("token-position")["minilm-raw"], rtol=1e-6)
    expected = [cosines.between(a, b, 384) for a, b in np.clip(numbers[:, :2], -1, 1)]
    np.testing.assert_allclose(numbers[:, 3], expected, atol=1e-12)


def test_python_sets_and_reads_the_state():
    exhibit = exhibits.angles()
    exhibit.set(model="Whisper", vectors="centred", d=100, cos=0.25)
    assert exhibit.random == cosines.within(0.1, 100)
    assert exhibit.about == measured("Whisper", "centred")
    assert exhibit.bin == 125
    for trait, value in (("d_model", 2), ("at", 0.7), ("model", "BERT")):
        before = getattr(exhibit, trait)
        with pytest.raises(traitlets.TraitError, match=trait):
            setattr(exhibit, trait, value)
        assert getattr(exhibit, trait) == before


def test_the_printed_picture_has_words():
    bundle, metadata = exhibits.angles(model="Whisper")._repr_mimebundle_()
    about = measured("Whisper", "raw")
    alt = metadata["image/png"]["alt"]
    assert f"mean {text.fixed(about['mean'], 3)}" in alt
    assert f"{text.percent(about['within_0.1'], 1)} of the pairs within 0.1" in alt
    assert text.percent(cosines.within(0.1, 384), 1) in alt
    assert len(bundle["image/png"]) > 10_000
