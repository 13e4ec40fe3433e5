"""What a probe reads after every layer of a real encoder, on the built page: moved by every kind of
hand, compared with the shipped numbers."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, percent, png_size

from posenc import data, exhibits, pictures, text
from posenc.views import Cut
from posenc.views.layers import LAST, MEASURES, NETWORKS

PAGE = "book/add.html"
FOUND = data.load("layers")
PLACES = np.arange(1, 127)
R2, ERROR, NEAR, EXACT = range(4)
WORDS = {
    "trained": "as trained",
    "zeroed": "positions zeroed",
    "untrained": "never trained",
    "tables": "only tables trained",
}
CASES = [
    ("", "trained", 0, "error"),
    ("layer=5", "trained", 5, "error"),
    ("layer=6&by=near", "trained", 6, "near"),
    ("network=zeroed&layer=3", "zeroed", 3, "error"),
    ("network=untrained&layer=4&by=near", "untrained", 4, "near"),
    ("network=tables&layer=6", "tables", 6, "error"),
]
cases = pytest.mark.parametrize(("fragment", "network", "layer", "measure"), CASES)


def probe(network: str, layer: int, measure: int) -> Any:
    return FOUND[f"probe {network}"][layer, measure].astype(float)


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "layers")


@pytest.fixture
def figure(open_page):
    return OnPage(open_page(PAGE), "layers")


# -- what the numbers say ------------------------------------------------------------------------


def test_the_position_lasts_four_layers_and_goes_in_the_last_two():
    r2 = [probe("trained", k, R2)[0] for k in range(LAST + 1)]
    assert min(r2[:5]) > 0.93
    assert r2[5] < 0.75
    assert 0.4 < r2[6] < 0.5
    assert np.all(np.diff(r2) < 0)


def test_without_positions_there_is_nothing_and_untrained_networks_keep_all():
    blind = np.abs(PLACES - PLACES.mean()).mean()
    for layer in range(LAST + 1):
        assert np.abs(probe("zeroed", layer, R2)).max() < 1e-3
        assert probe("zeroed", layer, ERROR) == pytest.approx(blind, abs=0.01)
        assert probe("zeroed", layer, NEAR)[0] < 0.03
        assert probe("untrained", layer, EXACT).min() > 0.9995
        assert probe("trained bag", layer, R2)[0] < 1e-3
        assert probe("trained dealt", layer, R2)[0] < 0.01
        assert probe("trained features", layer, R2)[0] < probe("trained", layer, R2)[0]
    assert probe("untrained", 0, R2)[0] - probe("untrained", LAST, R2)[0] < 0.02


def test_untrained_layers_keep_the_place_under_trained_tables_too():
    """Its tables are the trained ones: nothing is different before the first layer."""
    np.testing.assert_allclose(FOUND["probe tables"][0], FOUND["probe trained"][0], atol=1e-6)
    np.testing.assert_allclose(FOUND["read tables"][0], FOUND["read trained"][0], atol=0.8)
    for layer in range(LAST + 1):
        assert probe("tables", layer, R2).min() > 0.94
        assert probe("tables", layer, NEAR).min() > 0.999
        assert probe("tables", layer, EXACT)[0] > 0.95
    assert probe("trained", LAST, NEAR)[2] < 0.3, "what trained layers do is another thing"


def test_a_spread_holds_its_mean():
    for name, told in FOUND.items():
        if name.startswith("probe"):
            mean, least, most = np.moveaxis(told, 2, 0)
            assert np.all(least <= mean + 1e-6), name
            assert np.all(mean <= most + 1e-6), name


# -- what is drawn -------------------------------------------------------------------------------


@cases
def test_a_dot_for_each_word_stands_at_its_place_and_the_place_read(
    still, fragment, network, layer, measure
):
    still.show(fragment)
    heat = still.ask("geometry")["heat"]
    dots = np.array([(d["x"], d["y"]) for d in still.discs() if d["r"] == 1.7])
    off = FOUND[f"read {network}"][layer]
    read = (PLACES + off).ravel()
    true = np.tile(PLACES, len(off))
    x = heat["x"] + (true - 1) / 125 * heat["w"]
    low, high = 1 - 26, 126 + 26
    y = heat["y"] + (high - read) / (high - low) * heat["h"]
    np.testing.assert_allclose(dots, np.stack([x, y], axis=1), atol=1e-3)
    words = [w["words"] for w in still.words()]
    assert f"R² {text.fixed(float(probe(network, layer, R2)[0]), 3)}" in words


@cases
def test_a_curve_for_each_network_stands_at_its_numbers(still, fragment, network, layer, measure):
    still.show(fragment)
    plot, top = still.ask("geometry")["plot"], still.ask("geometry")["top"]
    curves = still.curves()
    assert len(curves) == len(NETWORKS)
    order = [*(n for n in NETWORKS if n != network), network]
    column = {"error": ERROR, "near": NEAR}[measure]
    for points, name in zip(curves, order, strict=True):
        mean = FOUND[f"probe {name}"][:, column, 0].astype(float)
        np.testing.assert_allclose(
            points[:, 0], plot["x"] + np.arange(7) / 6 * plot["w"], atol=1e-6
        )
        np.testing.assert_allclose(points[:, 1], plot["y"] + (1 - mean / top) * plot["h"])
    (mark,) = [d for d in still.discs() if d["r"] == 8.5]
    assert (mark["x"], mark["y"]) == pytest.approx(tuple(curves[-1][layer]))


@cases
def test_the_finding_and_the_facts_say_what_the_file_says(still, fragment, network, layer, measure):
    still.show(fragment)
    said = still.root.locator(".finding").first.inner_text()
    error = text.fixed(float(probe(network, layer, ERROR)[0]), 1)
    near = percent(probe(network, layer, NEAR)[0])
    where = f"After layer {layer}" if layer else "Embeddings"
    assert said.startswith(f"{where}, {WORDS[network]}: the line is off by {error} places")
    assert f"at most one off for {near} of the words" in said
    facts = still.ask("facts")
    assert facts["error"] == error
    assert facts["near"] == near
    assert facts["r2"] == text.fixed(float(probe(network, layer, R2)[0]), 3)
    assert facts["error_least"] == text.fixed(float(probe(network, layer, ERROR)[1]), 1)
    assert facts["error_most"] == text.fixed(float(probe(network, layer, ERROR)[2]), 1)
    assert facts["blind"] == text.fixed(float(np.abs(PLACES - 63.5).mean()), 1)
    assert still.ask("say") == (
        f"{where}, {WORDS[network]}: off by {error} places on average, named within one place "
        f"for {near}."
    )


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_everything_is_inside(open_page, dark):
    figure = OnPage(open_page(f"{PAGE}#layers?layer=6", phone=True, dark=dark), "layers")
    figure.canvas().scroll_into_view_if_needed()
    figure.settle()
    width = figure.canvas().evaluate("e => e.clientWidth")
    for word in figure.words():
        assert word["left"] >= -0.5, word
        assert word["left"] + word["width"] <= width + 0.5, word
    box = figure.handle("layer").bounding_box()
    assert min(box["width"], box["height"]) >= 44
    assert figure.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# -- by hand -------------------------------------------------------------------------------------


def test_the_mouse_drags_the_mark_and_a_press_on_a_curve_chooses_its_network(figure):
    figure.canvas().scroll_into_view_if_needed()
    figure.settle()
    plot, top = figure.ask("geometry")["plot"], figure.ask("geometry")["top"]
    box = figure.handle("layer").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    figure.page.mouse.move(x, y)
    figure.page.mouse.down()
    figure.page.mouse.move(x + plot["w"] / 4, y - 10)
    figure.page.mouse.move(x + plot["w"] / 2, y - 20)
    figure.page.mouse.up()
    assert figure.ask("state")["layer"] == 3
    error = probe("untrained", 1, ERROR)[0]
    at = figure.point(plot["x"] + plot["w"] / 6, plot["y"] + (1 - error / top) * plot["h"])
    figure.page.mouse.click(*at)
    assert figure.ask("state") == {"layer": 1, "network": "untrained", "measure": "error"}


def test_the_keyboard_moves_the_mark(figure):
    mark = figure.handle("layer")
    mark.press("End")
    assert figure.ask("state")["layer"] == LAST
    mark.press("ArrowLeft")
    figure.settle()
    assert figure.ask("state")["layer"] == LAST - 1
    figure.page.wait_for_timeout(700)
    assert mark.get_attribute("aria-valuetext").startswith("After layer 5, as trained: off by 14.6")


def test_a_finger_drags_the_mark(open_page):
    figure = OnPage(open_page(PAGE, phone=True), "layers")
    figure.handle("layer").scroll_into_view_if_needed()
    figure.settle()
    step = figure.ask("geometry")["plot"]["w"] / 6
    box = figure.handle("layer").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    figure.swipe([(x + n * step, y) for n in (0, 1, 2)])
    assert figure.ask("state")["layer"] == 2


def test_controls_follow_and_the_data_is_saved(figure):
    figure.root.get_by_role("button", name="positions zeroed").click()
    assert figure.ask("state")["network"] == "zeroed"
    figure.root.get_by_role("button", name="place named").click()
    assert figure.ask("state")["measure"] == "near"
    with figure.page.expect_download() as loaded:
        figure.tool("Data").click()
    first = Path(loaded.value.path()).read_text("utf-8").split("\n\n")[0]
    rows = list(csv.reader(io.StringIO(first)))
    assert rows[0] == ["layer", "network", "text", "place", "place read"]
    read = np.array([row[4] for row in rows[1:]], dtype=float).reshape(-1, 126)
    np.testing.assert_allclose(read, PLACES + FOUND["read zeroed"][0], atol=0.006)
    with figure.page.expect_download() as loaded:
        figure.tool("Picture").click()
    assert min(png_size(Path(loaded.value.path()).read_bytes())) > 600


# -- in Python -----------------------------------------------------------------------------------


def test_the_exhibit_in_python():
    figure = exhibits.layers(layer=2, network="untrained")
    assert {key: figure.state[key] for key in ("network", "by", "layer")} == {
        "network": "untrained", "by": "error", "layer": 2,
    }  # fmt: skip
    assert figure.values.shape == (6, 126)
    assert figure.probed.error[0] == pytest.approx(probe("untrained", 2, ERROR)[0])
    assert figure.blind == pytest.approx(31.5)
    figure.set(network="trained", layer=6, by="near")
    assert figure.measure in MEASURES
    with pytest.raises(traitlets.TraitError, match="layer = 7"):
        figure.layer = 7
    alt = pictures.layers_alt(figure._view, Cut())
    assert "off by 21.0 places on average and explain 0.492 of the variance" in alt
    assert pictures.layers(figure._view, Cut(), "dark").axes
