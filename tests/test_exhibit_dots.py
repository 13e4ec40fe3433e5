"""The dot-product exhibit on the built page: its curves, its picture of all pairs, its marks and
its hands, compared with NumPy."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, png_size
from numpy.typing import NDArray

from posenc import analysis, encodings, exhibits, learned, palette, pictures, schemes, text
from posenc.pictures.dots import block_means
from posenc.views.dots import LABELS, NAMES

PAGE = "book/proof.html"
Floats = NDArray[np.float64]
MINUS = "\N{MINUS SIGN}"

# Fragments, and what they ask for.
SHOWN = [
    ("", {}),
    ("scheme=index&L=40&d=8&t=30&k=-12", {"scheme": "index", "L": 40, "d": 8, "t": 30, "k": -12}),
    (
        "scheme=sine+only&b=100&d=16&t=3&k=40",
        {"scheme": "sine only", "b": 100, "d": 16, "t": 3, "k": 40},
    ),
    (
        "scheme=random+table&L=100&t=99&k=-99",
        {"scheme": "random table", "L": 100, "t": 99, "k": -99},
    ),
    ("L=2048&d=64&t=700&k=-300", {"L": 2048, "d": 64, "t": 700, "k": -300}),
    (
        "scheme=random+phases&L=1000&d=10&b=50&t=0&k=999",
        {"scheme": "random phases", "L": 1000, "d": 10, "b": 50, "t": 0, "k": 999},
    ),
]
showing = pytest.mark.parametrize(
    ("fragment", "asked"), SHOWN, ids=[s or "default" for s, _ in SHOWN]
)
FORMULAS = [name for name in NAMES if name not in learned.TABLES]
DEFAULT = {"scheme": "sinusoidal", "L": 64, "d": 32, "b": 10000, "t": 24, "k": 8}


def table(asked: dict[str, Any]) -> Floats:
    of = {**DEFAULT, **asked}
    return schemes.rows(of["scheme"], of["L"], of["d"], base=of["b"], length=of["L"])


def written(value: float, rows: Floats) -> str:
    """A product in the decimals of its table: none for whole numbers and from 1,000 on."""
    scale = float((rows**2).sum(axis=1).max())
    whole = bool(np.all(rows == np.rint(rows)))
    return text.fixed(value, 0 if whole or scale >= 1000 else 1 if scale >= 100 else 2)


class Dots(OnPage):
    """The exhibit, with its plot read back into offsets and products."""

    def show(self, fragment: str) -> Dots:
        super().show(fragment)
        return self

    def read(self, points: Floats) -> tuple[Floats, Floats]:
        """Offsets and products of points of the plot."""
        geometry, last = self.ask("geometry"), self.ask("state")["length"] - 1
        plot, high, low = geometry["plot"], geometry["high"], geometry["low"]
        x, y = points.T
        k = (x - plot["x"]) / plot["w"] * 2 * last - last
        return k, high - (y - plot["y"]) / plot["h"] * (high - low)

    def bold(self) -> tuple[Floats, Floats]:
        return self.read(self.curves()[-1])

    def grey(self) -> list[tuple[Floats, Floats]]:
        """The curves behind, from the canvas that they are kept on."""
        drawn = self.root.evaluate(
            "e => e.querySelector('.posenc-view').posenc.memory().layer.drawn.curves"
            ".map(c => c.points)"
        )
        return [self.read(np.array(points)) for points in drawn]

    def pairs(self) -> tuple[int, Floats]:
        """How many positions a cell of the picture holds along a side, and its values."""
        run, blocks, values = self.root.evaluate(
            "e => { const p = e.querySelector('.posenc-view').posenc.memory().pairs;"
            "return [p.run, p.blocks, Array.from(p.values)] }"
        )
        return run, np.array(values).reshape(blocks, blocks)

    def painted(self) -> int:
        return int(
            self.root.evaluate("e => e.querySelector('.posenc-view').posenc.memory().painted")
        )

    def finding(self) -> str:
        return self.root.locator(".finding").inner_text().replace("\u00a0", " ")

    def at(self) -> tuple[int, int]:
        state = self.ask("state")
        return state["t"], state["k"]

    def centre(self, handle: str) -> tuple[float, float]:
        """The middle of a handle, as a point of the window."""
        self.canvas().scroll_into_view_if_needed()
        box = self.handle(handle).bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, handle: str, dx: float, dy: float) -> None:
        x, y = self.centre(handle)
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + dx, y + dy, steps=4)
        mouse.up()
        self.settle()

    def cell(self, t: int, s: int) -> tuple[float, float]:
        """The middle of a cell of the picture, as a point of the drawing."""
        heat, n = self.ask("geometry")["heat"], self.ask("state")["length"]
        return heat["x"] + heat["w"] * (s + 0.5) / n, heat["y"] + heat["h"] * (t + 0.5) / n


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return Dots(open_still(PAGE), "dots")


@pytest.fixture
def dots(open_page):
    exhibit = Dots(open_page(PAGE), "dots")
    exhibit.canvas().scroll_into_view_if_needed()  # out of sight it rests
    return exhibit


# -- what is drawn ------------------------------------------------------------------------------


@showing
def test_the_bold_curve_is_the_row_of_products(still, fragment, asked):
    still.show(fragment)
    of, rows = {**DEFAULT, **asked}, table(asked)
    products = rows @ rows[of["t"]]
    k, v = still.bold()
    at = np.rint(k).astype(int)
    np.testing.assert_allclose(k, at, atol=1e-6)
    np.testing.assert_allclose(v, products[of["t"] + at], atol=1e-9 * np.abs(products).max())
    assert at[0] == -of["t"]
    assert at[-1] == of["L"] - 1 - of["t"]
    # where a pixel holds several offsets, none that stands out is left out
    assert v.min() == pytest.approx(products.min(), abs=1e-9 * np.abs(products).max())
    assert v.max() == pytest.approx(products.max())
    if of["L"] <= 128:
        assert len(at) == of["L"]


@showing
def test_the_curves_behind_are_those_of_other_positions(still, fragment, asked):
    still.show(fragment)
    of, rows = {**DEFAULT, **asked}, table(asked)
    curves = still.grey()
    if of["L"] <= 100:
        assert len(curves) == of["L"]
    starts = [round(-k[0]) for k, _ in curves]
    assert starts[0] == 0
    assert starts[-1] == of["L"] - 1, "both ends are among them"
    assert max(np.diff(starts)) <= -(-of["L"] // 12), "and they are spread evenly"
    for (k, v), t in zip(curves, starts, strict=True):
        products = rows @ rows[t]
        at = np.rint(k).astype(int)
        np.testing.assert_allclose(v, products[t + at], atol=1e-9 * np.abs(rows @ rows.T).max())
    count = "all " + f"{of['L']:,}" if len(curves) == of["L"] else f"{len(curves)} of {of['L']:,}"
    assert still.written(y=14).find(f"grey: {count} positions") > 0


@showing
def test_the_picture_is_the_mean_of_all_pairs_in_each_cell(still, fragment, asked):
    still.show(fragment)
    rows = table(asked)
    run, values = still.pairs()
    n = len(rows)
    assert (run > 1) == (n > 400)
    words = f"every pair, in means of {run} × {run}" if run > 1 else "every pair of positions"
    assert words in [w["words"] for w in still.words()]
    gram = rows @ rows.T
    cuts = np.arange(0, n, run)
    counts = np.diff(np.append(cuts, n))
    sums = np.add.reduceat(np.add.reduceat(gram, cuts, axis=0), cuts, axis=1)
    expected = sums / np.outer(counts, counts)
    np.testing.assert_allclose(values, expected, atol=1e-9 * np.abs(gram).max())


@pytest.mark.parametrize("name", FORMULAS)
def test_every_scheme_has_the_colours_of_its_products(still, name):
    still.show(f"scheme={name}&L=24&d=8&t=12&k=3")
    rows = table({"scheme": name, "L": 24, "d": 8})
    gram = rows @ rows.T
    scale = np.abs(gram).max()
    for t, s in [(2, 21), (20, 6), (5, 18), (17, 1), (23, 22), (9, 4)]:
        assert still.coloured(*still.cell(t, s), gram[t, s] / scale), (t, s)
    # the key says what the ends of the colours mean, the exact largest value among them
    end = f"{float(f'{scale:.3g}'):,.4g}"
    words = [w["words"] for w in still.words()]
    assert end in words
    assert MINUS + end in words


@pytest.mark.parametrize("name", FORMULAS)
def test_the_finding_says_whether_the_pairs_agree(still, name):
    still.show(f"scheme={name}&L=48&d=16&t=20&k=-7")
    rows = table({"scheme": name, "L": 48, "d": 16})
    diagonal = np.diag(rows @ rows.T, -7)
    words = still.finding()
    assert words.startswith(f"At k = {MINUS}7 ")
    if name in ("sinusoidal", "random Fourier"):
        assert np.ptp(diagonal) < 1e-9
        assert f"all 41 pairs give {written(diagonal[0], rows)}; spread 0." in words
    else:
        assert np.ptp(diagonal) > 0.1
        low, high = written(diagonal.min(), rows), written(diagonal.max(), rows)
        spread = written(np.ptp(diagonal), rows)
        assert f"of the 41 pairs runs from {low} to {high}: spread {spread}." in words


@pytest.mark.parametrize(
    ("fragment", "length", "d", "b"),
    [
        ("L=64&d=32", 64, 32, 1e4),
        ("L=2048&d=64", 2048, 64, 1e4),
        ("L=200&d=128&b=2&t=100&k=-5", 200, 128, 2.0),
        ("L=128&d=512&b=1000000", 128, 512, 1e6),
    ],
)
def test_the_first_rise_and_the_first_negative_are_marked(still, fragment, length, d, b):
    still.show(fragment)
    k = still.ask("state")["k"]
    words = still.finding()
    marks = np.array([(q["x"], q["y"]) for q in still.discs() if q["r"] == 3.5]).reshape(-1, 2)
    offsets, values = still.read(marks)
    expected = []
    for found, name in (
        (analysis.first_rise(d, base=b), "first rises again"),
        (analysis.first_negative(d, base=b), "first falls below zero"),
    ):
        beyond = f", beyond these {length:,} positions" if found >= length else ""
        assert f"{name} at k = {found:,}{beyond}" in words
        if found < length:
            expected.append(found)
    # on the side that the diamond leaves free, on the curve
    np.testing.assert_allclose(offsets, np.array(expected) * (1 if k < 0 else -1), atol=1e-6)
    np.testing.assert_allclose(values, analysis.dot_by_offset(expected, d, base=b), atol=1e-9 * d)
    written_there = [w["words"] for w in still.words()]
    for found, word in zip(expected, ("rises again at", "below 0 at"), strict=False):
        assert f"{word} {found:,}" in written_there


def test_no_rise_is_marked_where_the_curve_is_not_the_sinusoids(still):
    still.show("scheme=random+table")
    assert not [q for q in still.discs() if q["r"] == 3.5]
    assert "rises" not in still.finding()


@showing
def test_the_marks_stand_where_t_and_k_point(still, fragment, asked):
    still.show(fragment)
    of, rows = {**DEFAULT, **asked}, table(asked)
    t, k, last = of["t"], of["k"], of["L"] - 1
    geometry = still.ask("geometry")
    axis, heat = geometry["axis"], geometry["heat"]
    on_curve, on_axis, on_heat = [(q["x"], q["y"]) for q in still.ask("drawn")["diamonds"]]
    value = float(rows[t] @ rows[t + k])
    offset, product = still.read(np.array([on_curve]))
    assert offset[0] == pytest.approx(k, abs=1e-6)
    assert product[0] == pytest.approx(value, abs=1e-9 * max(1, abs(value)))
    assert on_axis == pytest.approx((axis["x"] + axis["w"] * (t + k) / last, axis["y"]))
    x, y = still.cell(t, t + k)
    assert on_heat == pytest.approx((x, heat["y"] - 14))
    rounds = [(q["x"], q["y"]) for q in still.discs() if q["r"] == 8.5]
    assert rounds[0] == pytest.approx((axis["x"] + axis["w"] * t / last, axis["y"]))
    assert rounds[1] == pytest.approx((heat["x"] - 14, y))
    words = [w["words"] for w in still.words()]
    assert words.count(f"t = {t:,}") == 2
    assert f"t + k = {t + k:,}" in words
    said = f"{MINUS if k < 0 else ''}{abs(k):,}"
    assert f"{written(value, rows)} at k = {said}" in words


@showing
def test_the_stripes_are_the_two_vectors_and_their_product(still, fragment, asked):
    still.show(fragment)
    of, rows = {**DEFAULT, **asked}, table(asked)
    a, b = rows[of["t"]], rows[of["t"] + of["k"]]
    bands = still.root.evaluate(
        "e => e.querySelector('.posenc-view').posenc.memory().bands.map(b => Array.from(b))"
    )
    np.testing.assert_allclose(bands, [a, b, a * b], atol=1e-12 * max(1, np.abs(a * b).max()))
    words = [w["words"] for w in still.words()]
    assert f"PE({of['t']:,})" in words
    assert f"PE({of['t'] + of['k']:,})" in words
    assert f"= {written(float(a @ b), rows)}" in words
    # and they have the colours of their values
    box = still.ask("geometry")["stripes"]
    reach = max(1.0, float(np.abs(rows).max()))
    for n, band in enumerate((a / reach, b / reach, a * b / reach**2)):
        for j in (0, len(a) // 3, len(a) - 1):
            x = box["x"] + box["w"] * (j + 0.5) / len(a)
            assert still.coloured(x, box["y"] + n * (box["h"] + box["gap"]) + 9, band[j]), (n, j)


def test_more_channels_than_pixels_are_drawn_as_their_means(open_page):
    dots = Dots(open_page(PAGE, phone=True), "dots").show("d=512")
    rows = table({"d": 512})
    bands = dots.root.evaluate(
        "e => e.querySelector('.posenc-view').posenc.memory().bands.map(b => Array.from(b))"
    )
    across = -(-512 // len(bands[0]))
    assert across >= 2
    cuts = np.arange(0, 512, across)
    counts = np.diff(np.append(cuts, 512))
    for band, vector in zip(bands, (rows[24], rows[32], rows[24] * rows[32]), strict=True):
        np.testing.assert_allclose(band, np.add.reduceat(vector, cuts) / counts, atol=1e-12)


# -- learned tables -----------------------------------------------------------------------------

# Fragments, and what they ask for.
LEARNED = [
    ("scheme=MiniLM&L=512&t=100&k=8", "MiniLM", 512, 100, 8),
    ("scheme=Whisper&L=64&t=3&k=40", "Whisper", 64, 3, 40),
    ("scheme=MiniLM&L=20&t=0&k=0", "MiniLM", 20, 0, 0),
]
real = pytest.mark.parametrize(("fragment", "name", "length", "t", "k"), LEARNED)


@real
def test_the_curves_of_a_learned_table(still, fragment, name, length, t, k):
    still.show(fragment)
    gram = learned.products(name, length)
    offsets, v = still.bold()
    at = np.rint(offsets).astype(int)
    np.testing.assert_allclose(v, gram[t][t + at], atol=1e-9)
    assert (at[0], at[-1]) == (-t, length - 1 - t)
    starts = [round(-offsets[0]) for offsets, _ in still.grey()]
    for (offsets, v), other in zip(still.grey(), starts, strict=True):
        np.testing.assert_allclose(v, gram[other][other + np.rint(offsets).astype(int)], atol=1e-9)
    assert len(starts) == length if length <= 128 else len(starts) >= 40
    # the axis has room for all but the rows that stand far out
    geometry = still.ask("geometry")
    assert geometry["high"] == pytest.approx(1.1 * learned.scale(gram))
    on_curve = still.ask("drawn")["diamonds"][0]
    offset, product = still.read(np.array([(on_curve["x"], on_curve["y"])]))
    assert offset[0] == pytest.approx(k)
    assert product[0] == pytest.approx(min(gram[t, t + k], geometry["high"]))
    words = [w["words"] for w in still.words()]
    assert f"{text.fixed(gram[t, t + k], 3)} at k = {k}" in words


@real
def test_the_picture_of_a_learned_table(still, fragment, name, length, t, k):
    still.show(fragment)
    gram = learned.products(name, length)
    scale = learned.scale(gram)
    run, values = still.pairs()
    np.testing.assert_allclose(values, block_means(gram, run), atol=1e-9)
    # where a cell is several pixels wide, and no mark lies on it
    for row, column in [(12, length - 3), (length // 2, 5), (length - 1, 1), (17, 15)]:
        if length <= 64:
            shown = float(np.clip(values[row, column] / scale, -1, 1))
            assert still.coloured(*still.cell(row, column), shown), (row, column)
    words = [w["words"] for w in still.words()]
    end = f"{float(f'{scale:.3g}'):,.4g}"
    assert {end, MINUS + end} <= set(words)


@real
def test_the_directions_of_a_learned_table(still, fragment, name, length, t, k):
    still.show(fragment)
    rows, gram = learned.components(name, length), learned.products(name, length)
    bands = still.root.evaluate(
        "e => e.querySelector('.posenc-view').posenc.memory().bands.map(b => Array.from(b))"
    )
    a, b = rows[t], rows[t + k]
    np.testing.assert_allclose(bands, [a, b, a * b], atol=1e-12)
    words = [w["words"] for w in still.words()]
    assert "direction by direction" in words
    assert f"≈ {text.fixed(gram[t, t + k], 3)}" in words
    box = still.ask("geometry")["stripes"]
    usual = np.delete(rows, learned.outlying(gram), axis=0)
    reach = np.abs(usual).max()
    for j in (0, 7, 20):
        x = box["x"] + box["w"] * (j + 0.5) / len(a)
        assert still.coloured(x, box["y"] + 9, float(np.clip(a[j] / reach, -1, 1)))


@real
def test_what_is_said_of_a_learned_table(still, fragment, name, length, t, k):
    still.show(fragment)
    gram = learned.products(name, length)
    diagonal = np.diagonal(gram, k)
    words = still.finding()
    low, high = text.fixed(diagonal.min(), 3), text.fixed(diagonal.max(), 3)
    assert f"runs from {low} to {high}" in words
    table = learned.TABLES[name]
    assert f"The table of {name} has {table.rows} rows of 384 numbers and no more." in words
    for row in learned.outlying(gram):
        assert f"{text.fixed(gram[row, row], 3)} at t = {row}" in words
    facts = still.ask("facts")
    assert facts["value"] == text.fixed(gram[t, t + k], 3)
    assert facts["largest"] == text.fixed(learned.scale(gram), 3)
    assert f"dot product {facts['value']}, over all {len(diagonal)} pairs" in still.ask("say")


def test_a_learned_table_has_its_own_width_and_an_end(dots):
    width = dots.root.locator(".widget-slider").filter(has_text="width").locator(".noUi-target")
    dots.show("L=2048&d=64")
    dots.root.locator("select").select_option(label="Whisper decoder (learned)")
    dots.settle()
    state = dots.ask("state")
    assert (state["scheme"], state["length"], state["d_model"]) == ("Whisper", 448, 384)
    assert width.get_attribute("disabled") is not None
    dots.root.locator("select").select_option(label="Index")
    dots.settle()
    state = dots.ask("state")
    assert (state["length"], state["d_model"]) == (448, 64), "the width that was chosen is back"
    assert width.get_attribute("disabled") is None
    dots.show("scheme=MiniLM&L=1000&d=16")
    state = dots.ask("state")
    assert (state["length"], state["d_model"]) == (512, 384)
    note = dots.root.locator(".x-note").inner_text()
    assert "L = 1,000" in note and "d = 16" in note, note


def test_the_numbers_of_learned_tables_are_fetched_when_they_are_chosen(open_page):
    page = open_page(PAGE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    dots = Dots(page, "dots")
    dots.show("scheme=index")
    assert not [url for url in asked if url.endswith(".bin")]
    dots.show("scheme=MiniLM")
    assert len([url for url in asked if url.endswith(".bin")]) == 1
    dots.show("scheme=Whisper")
    assert len([url for url in asked if url.endswith(".bin")]) == 1


def test_hands_move_through_a_learned_table(dots):
    dots.show("scheme=MiniLM&L=64&t=20&k=5")
    dots.handle("t").press("ArrowRight")
    dots.handle("k").press("PageUp")
    dots.settle()
    t, k = dots.at()
    assert (t, k) == (21, 13)
    assert dots.ask("facts")["value"] == text.fixed(learned.products("MiniLM", 64)[21, 34], 3)


@pytest.mark.parametrize("name", learned.TABLES)
def test_the_printed_picture_of_a_learned_table(name):
    dots = exhibits.dots(scheme=name, length=600, t=100, k=8)
    assert dots.length == learned.TABLES[name].rows
    view = dots._view
    gram = learned.products(name)
    np.testing.assert_array_equal(dots.values, gram[100])
    assert dots.range == (np.diagonal(gram, 8).min(), np.diagonal(gram, 8).max())
    figure = pictures.dots(view)
    left, right = figure.axes
    bold = max(left.lines, key=lambda line: line.get_linewidth())
    np.testing.assert_array_equal(bold.get_ydata(), gram[100])
    assert np.abs(right.images[0].get_array()).max() <= 1
    words = pictures.dots_alt(view)
    assert f"for the first {dots.length} rows of the table that {name} learned" in words
    assert f"{text.fixed(gram[100, 108], 3)} at k = 8" in words
    rows = ", ".join(str(t) for t in learned.outlying(gram))
    assert f"beyond the colours: {rows}." in words
    dots.scheme = "index"
    assert dots.d_model == 32


# -- cost ---------------------------------------------------------------------------------------


def test_a_move_of_t_or_k_paints_nothing_of_the_picture_again(dots):
    dots.show("L=2048&d=64&t=700&k=-300")
    before = dots.painted()
    for handle, key in (("t", "ArrowRight"), ("k", "PageUp"), ("row", "PageDown")):
        dots.handle(handle).press(key)
        dots.settle()
    assert dots.at() == (709, -292)
    assert dots.painted() == before
    dots.slider("width").press("ArrowLeft")
    dots.settle()
    assert dots.painted() == before + 1


# -- hands --------------------------------------------------------------------------------------


def test_the_round_mark_moves_t_and_the_curve_stays(dots):
    axis = dots.ask("geometry")["axis"]
    before = dict(zip(*(x.tolist() for x in dots.bold()), strict=True))
    dots.drag("t", axis["w"] * 20 / 63, 60)
    assert dots.at() == (44, 8)
    k, v = dots.bold()
    assert k[0] == pytest.approx(-44)
    shared = {round(at): value for at, value in before.items()}
    for at, value in zip(np.rint(k), v, strict=True):
        if int(at) in shared:
            assert value == pytest.approx(shared[int(at)], abs=1e-9)


def test_the_diamond_moves_k_and_reads_the_value(dots):
    plot = dots.ask("geometry")["plot"]
    dots.drag("k", -plot["w"] * 20 / 126, 40)
    assert dots.at() == (24, -12)
    value = analysis.dot_by_offset([-12], 32)[0]
    words = [w["words"] for w in dots.words()]
    assert f"{text.fixed(value, 2)} at k = {MINUS}12" in words
    assert dots.handle("k").get_attribute("aria-valuetext") == (
        f"offset {MINUS}12, dot product {text.fixed(value, 2)}"
    )
    dots.drag("k", -3 * plot["w"], 0)
    assert dots.at() == (24, -24), "it stops at the first position"


def test_the_marks_of_the_picture_move_too(dots):
    side = dots.ask("geometry")["heat"]["w"] / 64
    dots.drag("row", 0, 10 * side)
    assert dots.at() == (34, 8)
    dots.drag("column", -12 * side, 0)
    assert dots.at() == (34, -4)


def test_a_pair_is_pressed_and_another_peeked_at(dots):
    rows = table({})
    x, y = dots.point(*dots.cell(10, 50))
    dots.page.mouse.click(x, y)
    dots.settle()
    assert dots.at() == (10, 40)
    x, y = dots.point(*dots.cell(60, 5))
    dots.page.mouse.move(x, y)
    dots.settle()
    assert dots.at() == (10, 40), "a hover only peeks"
    words = [w["words"] for w in dots.words()]
    assert {"PE(60)", "PE(5)", f"= {text.fixed(rows[60] @ rows[5], 2)}"} <= set(words)
    plot = dots.ask("geometry")["plot"]
    x, y = dots.point(plot["x"] + plot["w"] * (63 - 5) / 126, plot["y"] + 20)
    dots.page.mouse.move(x, y)
    dots.settle()
    words = [w["words"] for w in dots.words()]
    assert f"{text.fixed(analysis.dot_by_offset([5], 32)[0], 2)} at k = {MINUS}5" in words
    dots.page.mouse.click(x, y)
    dots.settle()
    assert dots.at() == (10, -5)


def test_a_peek_ends_where_the_table_ends(dots):
    dots.page.mouse.move(*dots.point(*dots.cell(60, 50)))
    dots.settle()
    assert "PE(60)" in [w["words"] for w in dots.words()]
    dots.show("L=32&t=10&k=5")
    words = [w["words"] for w in dots.words()]
    assert "PE(60)" not in words
    assert {"PE(10)", "PE(15)"} <= set(words)
    assert not [word for word in words if "NaN" in word]


def test_the_keyboard_moves_every_handle(dots):
    dots.handle("t").press("ArrowRight")
    dots.handle("t").press("PageUp")
    assert dots.at() == (33, 8)
    dots.handle("k").press("ArrowLeft")
    dots.handle("k").press("PageDown")
    assert dots.at() == (33, -1)
    dots.handle("k").press("Home")
    assert dots.at() == (33, -33)
    dots.handle("column").press("End")
    assert dots.at() == (33, 30)
    dots.handle("row").press("ArrowDown")
    assert dots.at()[0] == 34, "the position axis of the picture runs downwards"
    dots.handle("row").press("ArrowUp")
    dots.settle()
    assert dots.handle("row").get_attribute("aria-valuenow") == "33"
    assert dots.handle("k").get_attribute("aria-valuemin") == "-33"
    assert dots.handle("k").get_attribute("aria-valuemax") == "30"


def test_k_gives_way_at_the_end_and_comes_back(dots):
    handle = dots.handle("t")
    handle.press("End")
    assert dots.at() == (63, 0)
    handle.press("ArrowLeft")
    handle.press("ArrowLeft")
    assert dots.at() == (61, 2)
    handle.press("Home")
    assert dots.at() == (0, 8)
    dots.handle("k").press("ArrowRight")
    handle.press("End")
    handle.press("Home")
    assert dots.at() == (0, 9), "it comes back to what the reader chose last"


def test_a_finger_presses_a_pair_and_drags_both_marks(open_page):
    dots = Dots(open_page(PAGE, phone=True), "dots")
    x, y = dots.point(*dots.cell(40, 20))
    dots.page.touchscreen.tap(x, y)
    dots.settle()
    t, k = dots.at()
    assert abs(t - 40) <= 1
    assert abs(t + k - 20) <= 1
    dots.show("t=20&k=5")
    geometry = dots.ask("geometry")
    x, y = dots.centre("t")
    dots.swipe([(x + n * geometry["axis"]["w"] * 5 / 63, y + n) for n in range(5)])
    assert dots.at() == (40, 5)
    x, y = dots.centre("k")
    dots.swipe([(x - n * geometry["plot"]["w"] * 4 / 126, y) for n in range(5)])
    assert dots.at() == (40, -11)


def test_a_swipe_over_the_picture_scrolls_and_changes_nothing(open_page):
    dots = Dots(open_page(PAGE, phone=True), "dots")
    x, y = dots.point(*dots.cell(50, 30))
    before, top = dots.at(), dots.page.evaluate("scrollY")
    dots.swipe([(x + n, y - 12 * n) for n in range(12)])
    dots.page.wait_for_function("top => scrollY > top + 30", arg=top)
    assert dots.at() == before


@pytest.mark.parametrize("phone", [False, True])
def test_handles_are_large_enough_and_stay_in_the_page(open_page, phone):
    dots = Dots(open_page(PAGE, phone=phone), "dots").show("t=63&k=0")
    for name in ("t", "k", "row", "column"):
        box = dots.handle(name).bounding_box()
        assert min(box["width"], box["height"]) >= 44
    assert dots.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# -- controls, links and tools ------------------------------------------------------------------


def test_the_menu_chooses_the_encoding_and_disables_a_base_it_has_not(dots):
    menu = dots.root.locator("select")
    base = dots.root.locator(".widget-slider").filter(has_text="base").locator(".noUi-target")
    labels = list(LABELS.values())
    assert labels[-2:] == ["MiniLM (learned)", "Whisper decoder (learned)"]
    offered = menu.locator("option").all_inner_texts()
    assert [word.replace("\u00a0", " ") for word in offered] == labels
    assert base.get_attribute("disabled") is None
    menu.select_option(label="Index")
    dots.canvas().scroll_into_view_if_needed()
    dots.settle()
    assert dots.ask("state")["scheme"] == "index"
    rows = table({"scheme": "index"})
    np.testing.assert_allclose(dots.pairs()[1], rows @ rows.T)
    assert base.get_attribute("disabled") is not None
    menu.select_option(label="Triangle")
    dots.settle()
    assert base.get_attribute("disabled") is None


def test_the_sliders_are_the_same_state(dots):
    dots.slider("position").press("ArrowRight")
    dots.slider("offset").press("ArrowLeft")
    assert dots.at() == (25, 7)
    dots.slider("length").press("ArrowLeft")
    dots.slider("width").press("ArrowLeft")
    dots.slider("base").press("ArrowLeft")
    dots.settle()
    state = dots.ask("state")
    assert (state["length"], state["d_model"]) == (32, 16)
    assert 9000 < state["base"] < 10000
    rows = encodings.sinusoidal(32, 16, base=state["base"])
    np.testing.assert_allclose(dots.pairs()[1], rows @ rows.T, atol=1e-9)
    assert dots.at() == (25, 6), "a shorter table leaves less room for k"
    for _ in range(2):
        dots.slider("width").press("ArrowRight")
        dots.slider("length").press("ArrowRight")
    dots.settle()
    state = dots.ask("state")
    assert (state["length"], state["d_model"]) == (128, 64), (
        "whole, whatever the slider makes of it"
    )


def test_binary_takes_as_many_channels_as_its_bits_need(still):
    still.show("scheme=binary&L=1000&d=2")
    assert still.ask("state")["d_model"] == 10
    assert "d = 2 does not fit" in still.root.locator(".x-note").inner_text()


@pytest.mark.parametrize(
    ("fragment", "note"),
    [
        ("scheme=redrawn", "not one of"),
        ("L=15", "outside"),
        ("L=2049", "outside"),
        ("d=7", "even"),
        ("b=0", "outside"),
        ("k=1.5", "whole"),
        ("t=60&k=8", "became 3"),
    ],
)
def test_a_link_that_asks_too_much_is_told_so(still, fragment, note):
    still.show(fragment)
    assert note in still.root.locator(".x-note").inner_text()


def test_reset_goes_back(open_page):
    dots = Dots(open_page(f"{PAGE}#dots?scheme=index&L=100&t=99&k=-50"), "dots")
    assert dots.at() == (99, -50)
    dots.tool("Reset").click()
    dots.settle()
    state = dots.ask("state")
    now = [state[name] for name in ("scheme", "length", "d_model", "base", "t", "k")]
    assert now == list(DEFAULT.values())


def test_play_moves_t(open_page):
    dots = Dots(open_page(PAGE, calm=False), "dots")
    dots.canvas().scroll_into_view_if_needed()
    dots.root.locator(".play").click()
    dots.page.wait_for_function(
        "() => document.querySelector('[data-exhibit=dots] .posenc-view').posenc.state().t >= 27"
    )
    dots.handle("t").press("ArrowRight")
    assert dots.root.locator(".play").get_attribute("aria-pressed") == "false"


def test_picture_and_data_are_saved(dots):
    dots.show("scheme=sine+only&L=20&d=6&t=12&k=3")
    rows = table({"scheme": "sine only", "L": 20, "d": 6})
    with dots.page.expect_download() as saved:
        dots.tool("Picture").click()
    width, height = png_size(Path(saved.value.path()).read_bytes())
    assert width > 1000
    assert height > 800
    with dots.page.expect_download() as saved:
        dots.tool("Data").click()
    told = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert told[0] == ["k", "PE(12).PE(12+k)", "pairs", "least", "greatest"]
    numbers = np.array(told[1:], dtype=float)
    np.testing.assert_array_equal(numbers[:, 0], np.arange(-12, 8))
    np.testing.assert_allclose(numbers[:, 1], rows @ rows[12], atol=1e-12)
    diagonals = [np.diag(rows @ rows.T, k) for k in range(-12, 8)]
    np.testing.assert_array_equal(numbers[:, 2], [len(d) for d in diagonals])
    np.testing.assert_allclose(numbers[:, 3], [d.min() for d in diagonals], atol=1e-12)
    np.testing.assert_allclose(numbers[:, 4], [d.max() for d in diagonals], atol=1e-12)


def test_facts_and_speech_have_computed_numbers(still):
    still.show("scheme=sine+only&d=64&t=10&k=4")
    rows = table({"scheme": "sine only", "d": 64})
    diagonal = np.diag(rows @ rows.T, 4)
    assert still.ask("facts") == {
        "value": written(diagonal[10], rows),
        "pairs": "60",
        "least": written(diagonal.min(), rows),
        "greatest": written(diagonal.max(), rows),
        "spread": written(np.ptp(diagonal), rows),
        "largest": written((rows**2).sum(axis=1).max(), rows),
        "first_rise": f"{analysis.first_rise(64):,}",
        "first_negative": f"{analysis.first_negative(64):,}",
    }
    said = still.ask("say")
    assert f"Position 10, offset 4: dot product {written(diagonal[10], rows)}" in said
    assert f"from {written(diagonal.min(), rows)} to {written(diagonal.max(), rows)}" in said
    assert "the same for all 60 pairs" in still.show("d=64&t=10&k=4").ask("say")


# -- Python -------------------------------------------------------------------------------------


def test_python_sets_and_reads_the_state():
    dots = exhibits.dots()
    assert dots.state == DEFAULT
    dots.set(scheme="index", L=100, t=90, k=-20)
    np.testing.assert_array_equal(dots.table, encodings.index(100, 32))
    np.testing.assert_allclose(dots.values, 32 * 90 * np.arange(100))
    assert dots.range == (0, 32 * 99 * 79)
    dots.t = 5
    assert dots.k == -5, "k gives way"
    dots.t = 50
    assert dots.k == -20, "and comes back"
    dots.k = 10_000
    assert dots.k == 49
    dots.set(scheme="binary", L=2048)
    dots.d_model = 4
    assert dots.d_model == 12
    assert exhibits.dots(t=30, k=-3).state["k"] == -3


@pytest.mark.parametrize(
    ("trait", "value"),
    [("length", 15), ("length", 4096), ("d_model", 7), ("base", 0.5), ("scheme", "redrawn")],
)
def test_python_refuses_what_cannot_be_shown(trait, value):
    dots = exhibits.dots()
    before = getattr(dots, trait)
    with pytest.raises(traitlets.TraitError, match=trait):
        setattr(dots, trait, value)
    assert getattr(dots, trait) == before


@pytest.mark.parametrize("asked", [asked for _, asked in SHOWN])
def test_the_printed_picture_shows_the_same_pairs(asked):
    dots = exhibits.dots()
    dots.set(**asked)
    of, rows = {**DEFAULT, **asked}, table(asked)
    figure = pictures.dots(dots._view)
    left, right = figure.axes
    bold = max(left.lines, key=lambda line: line.get_linewidth())
    np.testing.assert_allclose(bold.get_xdata(), np.arange(of["L"]) - of["t"])
    np.testing.assert_allclose(bold.get_ydata(), rows @ rows[of["t"]])
    shown = right.images[0].get_array()
    assert shown.shape[0] <= 256
    assert np.abs(shown).max() <= 1 + 1e-12
    words = pictures.dots_alt(dots._view)
    diagonal = np.diag(rows @ rows.T, of["k"])
    assert f"{written(rows[of['t']] @ rows[of['t'] + of['k']], rows)} at k = " in words
    if len(diagonal) == 1:
        assert "no other pair" in words
    elif np.ptp(diagonal) < 1e-9:
        assert f"all {len(diagonal):,} pairs" in words
    else:
        assert f"{written(diagonal.min(), rows)} to {written(diagonal.max(), rows)}" in words


def test_one_pair_alone_says_nothing_of_the_picture():
    """At the last offset there is one pair; the diagonals of a binary counter still change colour."""
    dots = exhibits.dots()
    dots.set(scheme="binary", L=64, t=0, k=63)
    words = pictures.dots_alt(dots._view)
    assert "no other pair" in words
    assert "its diagonals change colour" in words


def test_the_printed_picture_is_in_both_themes():
    view = exhibits.dots()._view
    for theme in ("light", "dark"):
        face = pictures.dots(view, theme).get_facecolor()
        paper = palette.tokens(theme)["paper"]
        assert "#" + "".join(f"{round(255 * c):02x}" for c in face[:3]) == paper
