"""The learned table on the built page: its pictures, lengths and cosines, its marks and its hands,
compared with NumPy."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, percent, png_size
from numpy.typing import NDArray

from posenc import analysis, exhibits, palette, pictures, tables, text
from posenc.views.table import NAMES, PICTURES, REACH, width_of

PAGE = "book/learned.html"
Floats = NDArray[np.float64]
DEFAULT = {"table": "minilm", "beside": "sinusoidal", "picture": "components", "t": 127}

SHOWN: list[tuple[str, dict[str, Any]]] = [
    ("", {}),
    (
        "table=whisper+decoder&beside=minilm&picture=cosines&t=224",
        {"table": "whisper decoder", "beside": "minilm", "picture": "cosines", "t": 224},
    ),
    (
        "table=whisper+encoder&beside=random+walk&picture=cosines&t=1400",
        {"table": "whisper encoder", "beside": "random walk", "picture": "cosines", "t": 1400},
    ),
    (
        "table=random+table&beside=whisper+decoder&picture=channels&t=0",
        {"table": "random table", "beside": "whisper decoder", "picture": "channels", "t": 0},
    ),
]
SHOWN.append(("table=random+walk&t=60", {"table": "random walk", "t": 60}))
showing = pytest.mark.parametrize(
    ("fragment", "asked"), SHOWN, ids=[s or "default" for s, _ in SHOWN]
)


def rows(name: str) -> Floats:
    return tables.rows(name, width_of(name))


def lengths(name: str) -> Floats:
    return tables.lengths(name, width_of(name))


def cosines(name: str, t: int) -> Floats:
    units = tables.unit_rows(rows(name))
    return units @ units[t]


class LearnedTable(OnPage):
    def show(self, fragment: str) -> LearnedTable:
        super().show(fragment)
        return self

    def panel(self, nth: int) -> dict[str, Any]:
        return self.ask("geometry")["panels"][nth]

    def picture(self, nth: int) -> tuple[Floats, dict[str, Any]]:
        """The values of a picture, and what else is known of it."""
        told = self.root.evaluate(
            "(e, nth) => { const p = e.querySelector('.posenc-view').posenc.memory().pictures[nth];"
            "return { ...p, values: Array.from(p.values) } }",
            nth,
        )
        return np.array(told["values"]).reshape(told["rows"], told["columns"]), told

    def lines(self, nth: int) -> tuple[Floats, Floats]:
        """The lengths and the curve of t of a panel, in points of the drawing."""
        panel = self.panel(nth)
        strip, plot = panel["strip"], panel["plot"]
        found: list[Floats | None] = [None, None]
        for points in self.curves():
            x, y = points.T
            for k, box in enumerate((strip, plot)):
                inside = (
                    x.min() > box["x"] - 1
                    and x.max() < box["x"] + box["w"] + 1
                    and y.min() > box["y"] - 1
                    and y.max() < box["y"] + box["h"] + 1
                )
                if inside:
                    found[k] = points
        assert found[0] is not None and found[1] is not None
        return found[0], found[1]

    def finding(self) -> str:
        return self.root.locator(".finding").inner_text().replace("\u00a0", " ")


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return LearnedTable(open_still(PAGE), "table").arrive()


@pytest.fixture
def table(open_page):
    return LearnedTable(open_page(PAGE), "table").arrive()


# -- what is drawn ------------------------------------------------------------------------------


@showing
def test_the_pictures_are_means_of_the_rows(still, fragment, asked):
    still.show(fragment)
    of = {**DEFAULT, **asked}
    for nth, name in enumerate((of["table"], of["beside"])):
        values, told = still.picture(nth)
        expected, scale = pictures.table_shown(_view(of), name)
        assert told["scale"] == pytest.approx(scale, rel=1e-6)
        np.testing.assert_allclose(values, expected, atol=2e-6)


def test_the_components_have_the_colours_of_their_values(still):
    still.show("t=500")
    values, told = still.picture(0)
    box = still.panel(0)["heat"]
    looked = 0
    for row in range(20, 200, 3):
        for column in range(0, 20, 2):
            near = values[row - 2 : row + 3, column] / told["scale"]
            if np.ptp(near) > 0.015:
                continue  # a cell is about a pixel high: only where its neighbours are alike
            x = box["x"] + box["w"] * (column + 0.5) / values.shape[1]
            y = box["y"] + box["h"] * (row + 0.5) * told["run"] / 512
            assert still.coloured(x, y, float(np.clip(near[2], -1, 1))), (row, column)
            looked += 1
    assert looked > 5


@showing
def test_the_lengths_and_the_curve_are_those_of_the_table(still, fragment, asked):
    still.show(fragment)
    of = {**DEFAULT, **asked}
    for nth, name in enumerate((of["table"], of["beside"])):
        panel = still.panel(nth)
        strip, plot = still.lines(nth)
        n, sizes = tables.TABLES[name].length, lengths(name)
        heat = panel["heat"]
        np.testing.assert_allclose(
            (strip[:, 1] - heat["y"]) / heat["h"] * n - 0.5, np.arange(n), atol=1e-6
        )
        median = float(np.median(sizes))
        low, high = min(median / 2.2, sizes.min()), max(median * 2.2, sizes.max())
        ends = np.log(low / 1.05), np.log(high * 1.05)
        box = panel["strip"]
        told = np.exp(ends[0] + (strip[:, 0] - box["x"]) / (box["w"] - 5) * (ends[1] - ends[0]))
        np.testing.assert_allclose(told, sizes, rtol=1e-5)
        t = min(of["t"], n - 1)
        box = panel["plot"]
        k = (plot[:, 0] - box["x"]) / box["w"] * 2 * REACH - REACH
        np.testing.assert_allclose(k, np.rint(k), atol=1e-6)
        assert (k[0], k[-1]) == pytest.approx((max(-REACH, -t), min(REACH, n - 1 - t)))
        v = 1 - (plot[:, 1] - box["y"]) / box["h"] * 1.7
        np.testing.assert_allclose(v, cosines(name, t)[np.rint(k).astype(int) + t], atol=1e-6)


@showing
def test_the_finding_says_what_the_offset_explains_and_which_rows_are_odd(still, fragment, asked):
    still.show(fragment)
    of = {**DEFAULT, **asked}
    words = still.finding()
    left, right = (tables.by_offset(rows(name)).explained for name in (of["table"], of["beside"]))
    assert f"explains {percent(left)} of how the cosines differ on the left" in words
    assert f"{percent(right)} on the right" in words
    sizes = lengths(of["table"])
    ratio = float(sizes[of["t"]] / np.median(sizes))
    assert f"Row t = {of['t']:,} is {text.fixed(ratio, 2)} times as long" in words
    odd = tables.odd_lengths(sizes)
    assert ("odd rows" in words) == bool(odd)
    if odd:
        assert words.endswith(f"odd rows: {pictures.table_listed(odd, len(sizes))}.")
        written = " ".join(w["words"] for w in still.words())
        assert len(odd) > 8 or all(f"{t:,}" in written for t in odd[:3])


def test_the_edges_of_training_are_there_to_be_seen(still):
    """Row 127 of MiniLM and row 224 of Whisper's decoder are unlike their neighbours."""
    for name, t in (("minilm", 127), ("whisper decoder", 224)):
        still.show(f"table={name}&t={t}")
        cosine = cosines(name, t)
        assert max(cosine[t - 1], cosine[t + 1]) < 0.65
        assert np.median(np.diag(np.array([cosines(name, s) for s in range(300)]), 1)) > 0.8
        assert still.ask("facts")["cosine"] == text.fixed(cosine[t + 1], 2)


# -- hands --------------------------------------------------------------------------------------


def test_the_mark_is_dragged_and_a_row_is_pressed(table):
    heat = table.panel(0)["heat"]
    box = table.handle("t").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = table.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 3, y + heat["h"] * 100 / 512, steps=4)
    mouse.up()
    table.settle()
    assert abs(table.ask("state")["t"] - 227) <= 1
    mouse.click(*table.point(heat["x"] + 40, heat["y"] + heat["h"] * 300.5 / 512))
    table.settle()
    assert table.ask("state")["t"] == 300
    other = table.panel(1)["heat"]
    mouse.click(*table.point(other["x"] + 40, other["y"] + other["h"] * 10.5 / 512))
    table.settle()
    assert table.ask("state")["t"] == 10


def test_a_cosine_is_read_by_pointing(table):
    plot = table.panel(0)["plot"]
    x, y = table.point(plot["x"] + plot["w"] * (17 + REACH) / (2 * REACH), plot["y"] + 40)
    table.page.mouse.move(x, y)
    table.settle()
    value = cosines("minilm", 127)[127 + 17]
    assert f"{text.fixed(value, 2)} at k = 17" in [w["words"] for w in table.words()]
    assert table.ask("state")["t"] == 127


def test_the_keyboard_moves_t_and_paints_nothing_anew(table):
    painted = "e => e.querySelector('.posenc-view').posenc.memory().painted"
    before = table.root.evaluate(painted)
    table.handle("t").press("ArrowDown")
    table.handle("t").press("PageDown")
    assert table.ask("state")["t"] == 136
    table.handle("t").press("ArrowUp")
    table.handle("t").press("End")
    assert table.ask("state")["t"] == 511
    table.handle("t").press("Home")
    table.settle()
    assert table.ask("state")["t"] == 0
    assert table.handle("t").get_attribute("aria-valuemax") == "511"
    assert table.root.evaluate(painted) == before


def test_a_finger_taps_a_row_and_swipes_past(open_page):
    table = LearnedTable(open_page(PAGE, phone=True), "table").arrive()
    heat = table.panel(0)["heat"]
    table.page.touchscreen.tap(*table.point(heat["x"] + 30, heat["y"] + heat["h"] * 400.5 / 512))
    table.settle()
    assert abs(table.ask("state")["t"] - 400) <= 2
    before, top = table.ask("state")["t"], table.page.evaluate("scrollY")
    x, y = table.point(heat["x"] + 30, heat["y"] + 150)
    table.swipe([(x + n, y - 12 * n) for n in range(10)])
    table.page.wait_for_function("top => scrollY > top + 30", arg=top)
    assert table.ask("state")["t"] == before


@pytest.mark.parametrize("phone", [False, True])
def test_handles_are_large_enough_and_stay_in_the_page(open_page, phone):
    table = LearnedTable(open_page(PAGE, phone=phone), "table").arrive()
    box = table.handle("t").bounding_box()
    assert min(box["width"], box["height"]) >= 44
    assert table.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = table.ask("geometry")["panels"]
    assert (wide[1]["y"] > wide[0]["y"]) == phone


# -- controls, links and tools ------------------------------------------------------------------


def test_menus_and_buttons_are_the_same_state(table):
    chosen, beside = table.root.locator("select").all()
    for menu in (chosen, beside):
        labels = [word.replace("\u00a0", " ") for word in menu.locator("option").all_inner_texts()]
        assert labels == [tables.TABLES[name].label for name in NAMES]
    chosen.select_option(label="Whisper decoder, learned")
    beside.select_option(label="Random walk")
    table.root.get_by_role("radio", name="cosines").or_(
        table.root.get_by_role("button", name="cosines")
    ).first.click()
    table.slider("position").press("ArrowRight")
    table.settle()
    state = table.ask("state")
    assert (state["table"], state["beside"], state["picture"], state["t"], state["t_max"]) == (
        "whisper decoder",
        "random walk",
        "cosines",
        128,
        447,
    )


@pytest.mark.parametrize(
    ("fragment", "note"),
    [
        ("table=bert", "not one of"),
        ("picture=rows", "not one of"),
        ("t=1500", "outside"),
        ("t=1.5", "whole"),
        ("table=whisper+decoder&t=480", "became 447"),
    ],
)
def test_a_link_that_asks_too_much_is_told_so(still, fragment, note):
    still.show(fragment)
    assert note in still.root.locator(".x-note").inner_text()


def test_reset_goes_back(open_page):
    table = LearnedTable(
        open_page(f"{PAGE}#table?table=whisper+decoder&picture=channels&t=9"), "table"
    ).arrive()
    assert table.ask("state")["t"] == 9
    table.tool("Reset").click()
    table.settle()
    state = table.ask("state")
    assert {key: state[key] for key in DEFAULT} == DEFAULT


def test_play_moves_t(open_page):
    table = LearnedTable(open_page(PAGE, calm=False), "table").arrive()
    table.root.locator(".play").click()
    table.page.wait_for_function(
        "() => document.querySelector('[data-exhibit=table] .posenc-view').posenc.state().t >= 135"
    )


def test_picture_and_data_are_saved(table):
    with table.page.expect_download() as saved:
        table.tool("Picture").click()
    width, height = png_size(Path(saved.value.path()).read_bytes())
    assert width > 1000
    assert height > 800
    with table.page.expect_download() as saved:
        table.tool("Data").click()
    told = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert told[0] == ["position", "length", "cosine with row 127"]
    numbers = np.array(told[1:], dtype=float)
    np.testing.assert_array_equal(numbers[:, 0], np.arange(512))
    np.testing.assert_allclose(numbers[:, 1], lengths("minilm"), atol=1e-5)
    np.testing.assert_allclose(numbers[:, 2], cosines("minilm", 127), atol=2e-5)


def test_facts_and_speech_have_computed_numbers(still):
    still.show("t=0")
    sizes = lengths("minilm")
    ratio = text.fixed(sizes[0] / np.median(sizes), 2)
    explained = percent(tables.by_offset(rows("minilm")).explained)
    assert still.ask("facts") == {
        "table": "MiniLM, learned",
        "beside": "Sinusoidal",
        "rows": "512",
        "explained": explained,
        "explained_beside": "100%",
        "length": text.fixed(sizes[0], 2),
        "ratio": ratio,
        "cosine": text.fixed(cosines("minilm", 0)[1], 2),
        "odd": "0, 127, 510 and 511",
    }
    said = still.ask("say")
    assert f"position 0: {ratio} times as long" in said
    assert f"explains {explained}" in said


# -- Python -------------------------------------------------------------------------------------


def _view(of: dict[str, Any]) -> Any:
    exhibit = exhibits.table()
    exhibit.set(**of)
    return exhibit._view


def test_python_sets_and_reads_the_state():
    table = exhibits.table()
    assert table.state == DEFAULT
    table.set(table="whisper decoder", t=447)
    assert table.t_max == 447
    np.testing.assert_allclose(table.values, cosines("whisper decoder", 447))
    np.testing.assert_allclose(table.lengths, lengths("whisper decoder"))
    table.set(table="whisper encoder", t=1400)
    table.table = "minilm"
    assert table.t == 511, "t gives way"
    with pytest.raises(traitlets.TraitError, match="t"):
        table.t = 1500
    with pytest.raises(ValueError, match="picture"):
        table.set(picture="rows")


@pytest.mark.parametrize("picture", PICTURES)
def test_the_printed_picture_shows_the_same_tables(picture):
    view = _view({**DEFAULT, "table": "whisper decoder", "picture": picture, "t": 224})
    figure = pictures.table(view)
    heat = figure.axes[0].images[0].get_array()
    expected, scale = pictures.table_shown(view, "whisper decoder")
    np.testing.assert_allclose(heat, expected / scale)
    if picture == "cosines":
        units = tables.unit_rows(rows("whisper decoder"))
        np.testing.assert_allclose(expected, analysis.gram(analysis.block_means(units, 2)))
    words = pictures.table_alt(view)
    explained = tables.by_offset(rows("whisper decoder")).explained
    assert f"explains {percent(explained)} of how the cosines differ on the left" in words
    assert "Row 224" in words
    assert "odd length: 0." in words
    for theme in ("light", "dark"):
        face = pictures.table(view, theme).get_facecolor()
        paper = palette.tokens(theme)["paper"]
        assert "#" + "".join(f"{round(255 * c):02x}" for c in face[:3]) == paper
