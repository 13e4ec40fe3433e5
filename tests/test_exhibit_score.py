"""The scorecard on the built page: every verdict pressed by every kind of hand, and compared with
distances and changes that this file computes pair by pair."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
import traitlets
from alive_books import ROOT, build, notebook, widget_cells
from conftest import serve
from exhibit import OnPage, png_size

from posenc import exhibits, learned, pictures, schemes
from posenc.scorecard import READINGS
from posenc.views.score import Score

PAGE = "book/naive.html"
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
PROPERTIES = READINGS[:-1]
NAMED = {
    "unique": "unique",
    "relative": "consistent distances",
    "independent": "independent of the length",
    "deterministic": "deterministic",
    "largest": "largest value",
}


class Card(OnPage):
    """The scorecard of an open page."""

    def settle(self) -> None:
        super().settle()
        self.page.wait_for_function(
            'name => document.querySelector(`[data-exhibit="${name}"] .posenc-view[data-drawn]`)'
            ".posenc.memory().left === 0",
            arg=self.name,
        )
        self.page.wait_for_function(
            'name => !document.querySelector(`[data-exhibit="${name}"] .scores`)'
            ".textContent.includes('not here yet')",
            arg=self.name,
        )
        super().settle()

    def cell(self, scheme: str, reading: str):
        return self.root.locator(f'button[data-scheme="{scheme}"][data-reading="{reading}"]')

    def table(self) -> dict[str, dict[str, tuple[str, str]]]:
        """What is written in each cell: (word, number)."""
        cells = self.root.evaluate(
            "e => [...e.querySelectorAll('.scores button')].map(b => [b.dataset.scheme,"
            "b.dataset.reading, b.querySelector('.word').textContent,"
            "b.querySelector('.number').textContent])"
        )
        rows: dict[str, dict[str, tuple[str, str]]] = {}
        for scheme, reading, word, number in cells:
            rows.setdefault(scheme, {})[reading] = (word, number)
        return rows

    def opened(self) -> tuple[str, str]:
        state = self.ask("state")
        return state["scheme"], state["reading"]

    def finding(self) -> str:
        return plain(self.root.locator(".stage + .finding, .finding:not(.sum)").inner_text())

    def summary(self) -> str:
        return plain(self.root.locator(".finding.sum").inner_text())


def plain(words: str) -> str:
    return " ".join(words.split())


def value(word: str) -> float:
    """A number of the table as a float."""
    word = word.rstrip("%").removesuffix(" rows").replace(",", "").replace("\u2212", "-")
    return float(re.sub(r" · 10\^(-\d+)", r"e\1", word))


def measured(name: str, length: int, d: int, base: float) -> dict[str, tuple[bool | None, float]]:
    """Verdict and number of each reading, all pairs of rows compared at once."""
    if name in learned.TABLES:
        return measured_table(name, length)
    rows = schemes.rows(name, length, d, base=base, length=length)
    again = schemes.rows(name, length, d, base=base, length=length)
    twice = schemes.rows(name, 2 * length, d, base=base, length=2 * length)
    far = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    spread = [np.ptp(np.diagonal(far, k)) / np.diagonal(far, k).mean() for k in range(1, length)]
    closest = far[np.triu_indices(length, 1)].min()
    moved, changed = np.abs(twice[:length] - rows).max(), np.abs(again - rows).max()
    return {
        "unique": (closest > 1e-6, closest),
        "relative": (max(spread) < 1e-4, 100 * max(spread)),
        "independent": (moved < 1e-6, moved),
        "deterministic": (changed < 1e-6, changed),
        "largest": (None, np.abs(rows).max()),
    }


def measured_table(name: str, length: int) -> dict[str, tuple[bool | None, float]]:
    """The same of a learned table."""
    far = distances(name, length)
    spread = [np.ptp(np.diagonal(far, k)) / np.diagonal(far, k).mean() for k in range(1, length)]
    rows = learned.TABLES[name].rows
    enough = 2 * length <= rows
    return {
        "unique": (True, far[np.triu_indices(length, 1)].min()),
        "relative": (False, 100 * max(spread)),
        "independent": (enough, 0 if enough else rows),
        "deterministic": (True, 0),
        "largest": (None, learned.peaks(name, length)[0].max()),
    }


def distances(name: str, length: int) -> np.ndarray:
    gram = learned.products(name, length)
    own = np.diagonal(gram)
    return np.sqrt(np.maximum(own[:, None] + own - 2 * gram, 0))


@pytest.fixture(scope="module")
def still(open_still):
    return Card(open_still(PAGE), "score")


@pytest.fixture
def card(open_page):
    found = Card(open_page(PAGE), "score")
    found.canvas().scroll_into_view_if_needed()
    found.settle()
    return found


# -- the table -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length", "d", "base"),
    [
        (64, 64, 10000.0),
        (16, 8, 10.0),
        (16, 8, 900.0),
        (33, 26, 300.0),
        (256, 128, 1.0),
        (512, 10, 1e6),
    ],
)
def test_every_verdict_and_number(still, length, d, base):
    table = still.show(f"L={length}&d={d}&b={base}").table()
    assert list(table) == [*schemes.SCHEMES, *learned.TABLES]
    for name, cells in table.items():
        assert list(cells) == list(READINGS)
        if name in learned.TABLES and length > learned.TABLES[name].rows:
            assert cells["unique"][0] == f"needs more than {learned.TABLES[name].rows} rows"
            continue
        for reading, (holds, number) in measured(name, length, d, base).items():
            word, shown = cells[reading]
            assert word == {True: "yes", False: "no", None: ""}[holds], (name, reading)
            if name == "redrawn" and reading != "largest":
                continue  # other numbers in every process, and that is its point
            if holds and reading not in ("unique", "largest"):
                assert shown == ("0%" if reading == "relative" else "0")
            else:
                assert value(shown) == pytest.approx(number, rel=0.06), (name, reading)


def test_the_cells_say_what_they_show(still):
    still.show("")
    for name in ("fraction, independent of the length: no 0.50", "index, largest value: 63"):
        assert still.root.get_by_role("button", name=name, exact=True).count() == 1, name
    # the form of the mark says it too
    marks = still.root.evaluate(
        "e => ['index', 'fraction'].map(s => getComputedStyle(e.querySelector("
        "`[data-scheme=${s}][data-reading=independent] .mark`)).borderTopWidth)"
    )
    assert marks[0] == "6px", "filled"
    assert float(marks[1].rstrip("px")) < 2, "open"


@pytest.mark.parametrize(("length", "d"), [(64, 64), (512, 32)])
def test_the_list_is_not_enough_and_it_says_so(still, length, d):
    still.show(f"L={length}&d={d}")
    words = still.summary()
    assert "All four properties hold for index, sinusoidal and random Fourier." in words
    assert f"index reach {length - 1:,}, and {2 * length - 1:,} in a sentence twice" in words
    facts = still.ask("facts")
    assert facts["passing"] == "index, sinusoidal and random Fourier"
    assert facts["passes"] == "3"
    assert facts["index_largest"] == f"{length - 1:,}"
    assert facts["index_longer"] == f"{2 * length - 1:,}"


def test_an_odd_width_and_too_few_bits_are_said_in_the_row(still):
    table = still.show("L=64&d=5&scheme=binary&property=relative").table()
    assert table["binary"]["unique"][0] == "needs 7 bits"
    paired = [name for name, scheme in schemes.SCHEMES.items() if scheme.paired]
    assert len(paired) == 4
    for name in paired:
        assert table[name]["unique"][0] == "needs an even width"
    assert still.cell("binary", "unique").is_visible()
    assert not still.cell("binary", "relative").is_visible()
    assert "To count 128 positions, twice L, takes 7 bits; the width gives 5." in still.finding()
    assert "hold for index." in still.summary()
    assert table["sine only"]["relative"][0] == "no"
    # six bits count to 63, and a sentence twice as long needs seven
    assert still.show("L=64&d=6").table()["binary"]["unique"][0] == "needs 7 bits"
    assert still.show("L=64&d=7").table()["binary"]["unique"][0] == "yes"


# -- the evidence --------------------------------------------------------------------------------


def title(name: str, reading: str, word: str) -> str:
    return f"{name}, {NAMED[reading]}: {word}"


@pytest.mark.parametrize(
    ("name", "length", "d"),
    [("sinusoidal", 20, 8), ("index", 20, 8), ("random table", 8, 16), ("binary", 20, 8)],
)
def test_the_closest_two_rows_are_drawn(still, name, length, d):
    still.show(f"L={length}&d={d}&scheme={name.replace(' ', '%20')}&property=unique")
    rows = schemes.rows(name, length, d)
    far = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    pairs = [(k, t) for k in range(1, length) for t in range(length - k)]
    least = min(far[t, t + k] for k, t in pairs)
    k, first = next((k, t) for k, t in pairs if np.isclose(far[t, t + k], least))
    words = [w["words"] for w in still.words()]
    assert title(name, "unique", "yes") in words
    assert {f"t = {first}", f"t = {first + k}", "difference"} <= set(words)
    geometry = still.ask("geometry")
    a, b = rows[first], rows[first + k]
    most = max(1, np.abs([a, b, b - a]).max())
    assert geometry["most"] == pytest.approx(most)
    assert (name == "random table") == (most > 1), "the colours reach beyond 1 for one of them"
    for box, row in zip(geometry["stripes"], (a, b, b - a), strict=True):
        for j in range(d):
            x = box["x"] + box["w"] * (j + 0.5) / d
            assert still.coloured(x, box["y"] + box["h"] / 2, row[j] / most), (j, row)
    apart = next(w for w in words if w.endswith(" apart"))
    assert value(apart.removesuffix(" apart")) == pytest.approx(least, rel=0.02)
    assert f"t = {first} and t = {first + k}, are {apart}" in still.finding()


def shown_curve(still: Card, at: int = 0) -> np.ndarray:
    """The numbers of a drawn curve, read off the plot's own axes."""
    geometry = still.ask("geometry")
    box = geometry["box"]
    x, y = still.curves()[at].T
    positions = (x - box["x"]) / box["w"] * geometry["last"]
    np.testing.assert_allclose(positions, np.arange(len(x)), atol=1e-6)
    return (1 - (y - box["y"]) / box["h"]) * geometry["most"]


@pytest.mark.parametrize("name", ["binary", "sine only", "triangle", "random phases"])
def test_the_distance_is_drawn_at_the_worst_offset(still, name):
    still.show(f"L=40&d=16&b=100&scheme={name.replace(' ', '%20')}&property=relative")
    rows = schemes.rows(name, 40, 16, base=100)
    far = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    spread = [np.ptp(np.diagonal(far, k)) / np.diagonal(far, k).mean() for k in range(1, 40)]
    k = 1 + int(np.argmax(spread))
    curve = np.diagonal(far, k)
    np.testing.assert_allclose(shown_curve(still), curve, atol=1e-9)
    words = "".join(w["words"] for w in still.words())
    assert title(name, "relative", "no") in words
    assert f"k = {k}, the worst offset" in words
    box = still.ask("geometry")["box"]
    named = {}
    for place in (int(np.argmin(curve)), int(np.argmax(curve))):
        number = re.search(rf"t = {place}: ([\d.]+)", words)
        assert number, (place, words)
        named[place] = value(number[1].rstrip("."))
        assert named[place] == pytest.approx(curve[place], rel=0.05)
        x = box["x"] + box["w"] * place / (len(curve) - 1)
        y = box["y"] + box["h"] * (1 - curve[place] / curve.max())
        assert any(np.allclose((q["x"], q["y"]), (x, y), atol=0.01) for q in still.discs())
    said = still.finding()
    assert f"At the offset k = {k} the distance" in said
    assert "it depends on where one stands" in said


@pytest.mark.parametrize("name", ["index", "fraction", "sinusoidal", "random Fourier"])
def test_a_consistent_distance_is_a_flat_line(still, name):
    still.show(f"L=40&d=16&scheme={name.replace(' ', '%20')}&property=relative")
    rows = schemes.rows(name, 40, 16)
    line = shown_curve(still)
    np.testing.assert_allclose(line, np.linalg.norm(rows[1] - rows[0]), atol=1e-9)
    assert len(line) == 39
    assert not still.discs(), "no place is worse than another"
    assert "wherever one stands" in still.finding()


@pytest.mark.parametrize(
    ("name", "property_", "holds"),
    [
        ("fraction", "independent", False),
        ("sinusoidal", "independent", True),
        ("index", "deterministic", True),
    ],
)
def test_a_row_is_drawn_before_and_after(still, name, property_, holds):
    still.show(f"L=24&d=4&scheme={name}&property={property_}")
    rows = schemes.rows(name, 24, 4, length=24)
    after = schemes.rows(name, 48, 4, length=48) if property_ == "independent" else rows
    change = np.abs(after[:24] - rows)
    t = 23 if holds else int(np.unravel_index(change.argmax(), change.shape)[0])
    words = [w["words"] for w in still.words()]
    assert f"t = {t}" in words
    geometry = still.ask("geometry")
    for box, row in zip(geometry["stripes"], (rows[t], after[t]), strict=True):
        for j in range(4):
            x = box["x"] + box["w"] * (j + 0.5) / 4
            assert still.coloured(x, box["y"] + box["h"] / 2, row[j] / geometry["most"])
    if holds:
        assert "no change" in words
    else:
        assert f"changes by {change.max():.2f}" in words
        assert "j = 0: 1, then 0.489" in words  # 23/23, then 23/47
        assert f"holds 1 in a sentence of 24 positions and {23 / 47:.3f} in one" in still.finding()


def test_two_calls_to_a_redrawn_table_are_drawn_side_by_side(still):
    still.show("L=24&d=4&scheme=redrawn&property=deterministic")
    words = [w["words"] for w in still.words()]
    assert {"first call", "second call"} <= set(words)
    said = next(w for w in words if w.startswith("j = "))
    j, first, second = re.fullmatch(r"j = (\d): (.+), then (.+)", said).groups()
    assert abs(value(first) - value(second)) > 1
    boxes = still.ask("geometry")["stripes"]
    for box, word in zip(boxes, (first, second), strict=True):
        # beside its middle, where the frame that marks the channel is not
        x = box["x"] + box["w"] * (int(j) + 0.5) / 4
        assert still.coloured(x, box["y"] + box["h"] / 2, value(word))
    assert f"says {first} when first asked and {second} the second time" in still.finding()
    still.show("L=24&d=4&scheme=redrawn&property=independent")
    assert "that is chance, not length" in still.finding()


@pytest.mark.parametrize("name", ["index", "fraction", "sine only"])
def test_the_largest_values_are_drawn_for_both_lengths(still, name):
    still.show(f"L=20&d=8&scheme={name.replace(' ', '%20')}&property=largest")
    once = np.abs(schemes.rows(name, 20, 8, length=20)).max(axis=1)
    longer = np.abs(schemes.rows(name, 40, 8, length=40)).max(axis=1)
    np.testing.assert_allclose(shown_curve(still, 0), longer, atol=1e-9)
    np.testing.assert_allclose(shown_curve(still, 1), once, atol=1e-9)
    (disc,) = still.discs()
    box = still.ask("geometry")["box"]
    assert disc["x"] == pytest.approx(box["x"] + box["w"] * int(np.argmax(once)) / 39)


# -- learned tables ------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "length"), [("MiniLM", 64), ("Whisper", 200)])
def test_the_closest_two_rows_of_a_learned_table(still, name, length):
    still.show(f"L={length}&d=7&scheme={name}&property=unique")
    far, rows = distances(name, length), learned.components(name, length)
    np.fill_diagonal(far, np.inf)
    first, second = sorted(int(x) for x in np.unravel_index(far.argmin(), far.shape))
    words = [w["words"] for w in still.words()]
    assert {f"t = {first}", f"t = {second}", "difference"} <= set(words)
    assert "the closest two rows, direction by direction" in words
    geometry = still.ask("geometry")
    a, b = rows[first], rows[second]
    assert geometry["most"] == pytest.approx(np.abs([a, b, b - a]).max())
    for box, row in zip(geometry["stripes"], (a, b, b - a), strict=True):
        for j in (0, 5, 17):
            x = box["x"] + box["w"] * (j + 0.5) / len(row)
            assert still.coloured(x, box["y"] + box["h"] / 2, row[j] / geometry["most"])
    # the number is that of the table itself
    apart = next(w for w in words if w.endswith(" apart"))
    assert value(apart.removesuffix(" apart")) == pytest.approx(far.min(), abs=0.006)
    if name == "MiniLM":
        assert far.min() == pytest.approx(learned.precision(name).closest, rel=2e-3)


def test_the_distances_and_largest_values_of_a_learned_table(still):
    still.show("L=100&scheme=MiniLM&property=relative")
    far = distances("MiniLM", 100)
    np.testing.assert_allclose(shown_curve(still), np.diagonal(far, 1), atol=1e-6)
    assert "from t = 0: it depends on where one stands" in still.finding()
    still.show("L=300&scheme=MiniLM&property=largest")
    values, channels = learned.peaks("MiniLM")
    np.testing.assert_allclose(shown_curve(still, 0), values, atol=1e-6)
    np.testing.assert_allclose(shown_curve(still, 1), values[:300], atol=1e-6)
    assert f"channel j = {channels[0]}; in all its 512 rows" in still.finding()


def test_past_the_last_row_there_is_an_error(still):
    table = still.show("L=256&scheme=Whisper&property=independent").table()
    assert table["Whisper"]["independent"] == ("no", "448 rows")
    assert table["MiniLM"]["independent"] == ("yes", "0")
    words = [w["words"] for w in still.words()]
    assert "512 positions, and a vector for the first 448 of them" in words
    assert {"last row t = 447", "an error"} <= {w.replace("\u00a0", " ") for w in words}
    geometry = still.ask("geometry")
    assert (geometry["rows"], geometry["twice"]) == (448, 512)
    assert "asks for more rows than Whisper has: past its 448" in still.finding()
    table = still.show("L=512&scheme=Whisper&property=unique").table()
    assert table["Whisper"]["unique"][0] == "needs more than 448 rows"
    assert "asks for a row past its last, and that is an error" in still.finding()
    assert table["MiniLM"]["independent"] == ("no", "512 rows")


def test_the_scorecard_does_not_wait_for_the_learned_tables(browser, site):
    page = browser.new_page()
    page.route("**/*.bin", lambda route: route.abort())
    page.goto(f"{site}/{PAGE}")
    card = Card(page, "score")
    card.root.scroll_into_view_if_needed()
    page.wait_for_function(
        "() => document.querySelector('[data-exhibit=score] .scores')"
        "?.textContent.includes('not here yet')"
    )
    assert card.table()["sinusoidal"]["relative"][0] == "yes"
    page.unroute("**/*.bin")
    card.cell("MiniLM", "unique").click()
    card.settle()
    assert card.table()["MiniLM"]["unique"][0] == "yes"
    assert card.opened() == ("MiniLM", "unique")
    page.close()


# -- hands ---------------------------------------------------------------------------------------


def test_the_mouse_opens_a_verdict(card):
    card.cell("triangle", "relative").click()
    card.settle()
    assert card.opened() == ("triangle", "relative")
    assert card.cell("triangle", "relative").get_attribute("aria-pressed") == "true"
    assert card.cell("index", "largest").get_attribute("aria-pressed") == "false"
    assert card.root.locator(".scores [aria-pressed=true]").count() == 1
    assert title("triangle", "relative", "no") in [w["words"] for w in card.words()]


def test_a_finger_opens_a_verdict_and_the_table_fits_the_phone(open_page):
    page = open_page(PAGE, phone=True)
    card = Card(page, "score")
    card.cell("fraction", "independent").scroll_into_view_if_needed()
    card.settle()
    card.cell("fraction", "independent").tap()
    card.settle()
    assert card.opened() == ("fraction", "independent")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    over = card.root.evaluate(
        "e => [...e.querySelectorAll('.scores :is(th, button)')].filter(x => x.offsetParent &&"
        "x.scrollWidth > x.clientWidth + 1).map(x => x.textContent)"
    )
    assert not over, f"cut off: {over}"
    height = card.cell("index", "unique").bounding_box()["height"]
    assert height >= 40
    assert not card.cell("redrawn", "unique").locator(".number").is_visible(), "words alone"
    # a swipe over the table scrolls, and opens nothing
    box = card.cell("binary", "unique").bounding_box()
    top = page.evaluate("scrollY")
    x, y = box["x"] + 10, box["y"] + 10
    card.swipe([(x, y - 12 * k) for k in range(12)])
    assert page.evaluate("scrollY") > top + 30
    assert card.opened() == ("fraction", "independent")


def test_the_keyboard_walks_through_the_table(card):
    card.cell("index", "largest").focus()
    keys = [
        ("ArrowDown", ("fraction", "largest")),
        ("ArrowLeft", ("fraction", "deterministic")),
        ("Home", ("fraction", "unique")),
        ("ArrowLeft", ("fraction", "unique")),
        ("ArrowRight", ("fraction", "relative")),
        ("PageDown", ("Whisper", "relative")),
        ("ArrowDown", ("Whisper", "relative")),
        ("End", ("Whisper", "largest")),
        ("ArrowRight", ("Whisper", "largest")),
        ("ArrowUp", ("MiniLM", "largest")),
        ("PageUp", ("index", "largest")),
    ]
    for key, there in keys:
        card.page.keyboard.press(key)
        card.settle()
        assert card.opened() == there, key
        focused = card.page.evaluate(
            "[document.activeElement.dataset.scheme, document.activeElement.dataset.reading]"
        )
        assert tuple(focused) == there, key
    # one stop of the Tab key
    assert card.root.locator(".scores button[tabindex='0']").count() == 1
    card.page.keyboard.press("Tab")
    assert not card.page.evaluate("document.activeElement.closest('.scores') !== null")


def test_the_keyboard_keeps_its_column_past_a_row_that_says_what_it_needs(open_page):
    card = Card(open_page(f"{PAGE}#score?d=5&scheme=fraction&property=deterministic"), "score")
    card.canvas().scroll_into_view_if_needed()
    card.settle()
    card.cell("fraction", "deterministic").focus()
    card.page.keyboard.press("ArrowDown")
    card.settle()
    assert card.opened() == ("binary", "deterministic")
    assert card.page.evaluate("document.activeElement.innerText").endswith("needs 7 bits")
    for _ in range(2):
        card.page.keyboard.press("ArrowDown")
        card.settle()
    assert card.opened() == ("sine only", "deterministic")


def test_the_sliders_move_it(card):
    for label in ("length", "width", "base"):
        knob = card.slider(label)
        knob.focus()
        knob.press("ArrowLeft")
    card.settle()
    state = card.ask("state")
    assert (state["length"], state["d_model"]) == (32, 32)
    assert state["base"] < 10000
    table = card.table()
    for name in ("sinusoidal", "triangle", "binary"):
        for reading in ("unique", "relative"):
            holds, number = measured(name, 32, 32, state["base"])[reading]
            word, shown = table[name][reading]
            assert word == ("yes" if holds else "no")
            expected = 0 if holds and reading == "relative" else number
            assert value(shown) == pytest.approx(expected, rel=0.06)


def test_a_phrase_of_the_chapter_opens_its_verdict(card):
    phrases = card.page.locator("a.set[href*='score?']").all()
    assert phrases
    for phrase in phrases:
        scheme, reading = re.search(
            r"scheme=(.+)&property=(\w+)", phrase.get_attribute("href")
        ).groups()
        phrase.click()
        card.settle()
        assert card.opened() == (scheme.replace("%20", " "), reading)


def test_it_speaks_the_finding(card):
    card.cell("fraction", "independent").click()
    spoken = card.root.locator("[aria-live=polite]").first
    card.page.wait_for_function(
        "() => document.querySelector('[data-exhibit=score] [aria-live=polite]')"
        ".textContent.includes('fraction holds 1')"
    )
    assert "*" not in spoken.text_content()
    assert "{" not in spoken.text_content()


# -- tools, links --------------------------------------------------------------------------------


def test_a_link_restores_the_state_and_reset_goes_back(open_page):
    page = open_page(f"{PAGE}#score?L=16&d=10&b=50&scheme=random%20phases&property=unique")
    card = Card(page, "score")
    card.settle()
    state = card.ask("state")
    assert (state["length"], state["d_model"], state["base"]) == (16, 10, 50)
    assert card.opened() == ("random phases", "unique")
    card.tool("Link").click()
    page.wait_for_function("location.hash.includes('scheme=random%20phases')")
    card.tool("Reset").click()
    card.settle()
    assert card.opened() == ("index", "largest")
    assert card.ask("state")["length"] == 64


@pytest.mark.parametrize(
    ("fragment", "note"),
    [("scheme=nonsense", "not one of"), ("property=bounded", "not one of"), ("L=3", "outside")],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    still.show(fragment)
    assert note in still.root.locator(".x-note").inner_text()
    assert still.opened() == ("index", "largest")


def test_picture_and_data_are_saved(card):
    card.page.evaluate("location.hash = '#score?L=12&d=3'")
    card.settle()
    with card.page.expect_download() as saved:
        card.tool("Picture").click()
    _, height = png_size(Path(saved.value.path()).read_bytes())
    table = card.root.locator(".scores").bounding_box()["height"]
    assert height > 2 * table, "the table is in it, at twice the screen's resolution"
    with card.page.expect_download() as saved:
        card.tool("Data").click()
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert rows[0][:4] == ["scheme", "property", "verdict", "number"]
    found = {(r[0], r[1]): r[2:] for r in rows[1:]}
    assert len(found) == (len(schemes.SCHEMES) + len(learned.TABLES)) * len(READINGS)
    assert found["sinusoidal", "unique"][0] == "needs an even width"
    assert found["binary", "unique"][0] == "needs 5 bits"
    for name in ("index", "fraction", "cosine only", "random table", *learned.TABLES):
        for reading, (holds, number) in measured(name, 12, 3, 10000.0).items():
            verdict, shown = found[name, reading][:2]
            assert verdict == {True: "yes", False: "no", None: ""}[holds]
            scale = 100 if reading == "relative" else 1
            assert scale * float(shown) == pytest.approx(number, abs=1e-6)


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(open_page, dark):
    card = Card(open_page(f"{PAGE}#score?d=5", dark=dark), "score")
    card.settle()
    card.page.evaluate(AXE)
    report = card.page.evaluate("axe.run('[data-exhibit=score]')")
    assert not [(v["id"], [n["html"] for n in v["nodes"]]) for v in report["violations"]]


# -- Python, and encodings of the reader's own ----------------------------------------------------


def mine(length: int, d: int) -> np.ndarray:
    """Positions modulo ten, on every channel."""
    return (np.arange(length)[:, None] % 10) * np.ones(d)


def test_python_sets_and_reads_the_state():
    made = exhibits.score()
    assert list(made.cards) == [*schemes.SCHEMES, *learned.TABLES]
    made.set(L=16, d=5, scheme="binary", property="unique")
    assert made.cards["sinusoidal"] == "needs an even width"
    assert made.cards["binary"].unique.number == 1
    assert made.state == {"L": 16, "d": 5, "b": 10000.0, "scheme": "binary", "property": "unique"}


@pytest.mark.parametrize(
    ("trait", "bad"),
    [
        ("length", 3),
        ("length", 513),
        ("d_model", 0),
        ("base", 0.5),
        ("scheme", "learned"),
        ("reading", "bounded"),
    ],
)
def test_python_refuses_what_cannot_be_shown_and_keeps_what_was(trait, bad):
    made = exhibits.score()
    before = getattr(made, trait)
    with pytest.raises(traitlets.TraitError):
        setattr(made, trait, bad)
    assert getattr(made, trait) == before


def test_own_encodings_follow_length_and_width():
    made = exhibits.score(extra={"mine": mine}, length=16, d_model=4)
    (row,) = made.extra
    assert (row["name"], row["length"], row["d_model"]) == ("mine", 16, 4)
    assert row["scores"]["unique"] == {
        "holds": False,
        "number": 0,
        "places": [0, 10],
        "values": [0],
        "evidence": [[0.0] * 4, [0.0] * 4],
    }
    assert not made.cards["mine"].unique.holds
    made.length = 8
    assert made.extra[0]["scores"]["unique"]["holds"]
    made.set(scheme="mine", property="relative")
    assert made.scheme == "mine"


def test_an_own_encoding_that_fails_later_says_so_in_its_row():
    def even_only(length, d):
        if d % 2:
            raise RuntimeError("I need pairs")
        return mine(length, d)

    made = exhibits.score(extra={"even": even_only, "mine": mine})
    made.d_model = 7
    even, other = made.extra
    assert even["problem"] == "even cannot be scored. RuntimeError: I need pairs"
    assert other["scores"]["deterministic"]["holds"]
    assert "even cannot be scored" in pictures.score_alt(made._view)
    made.d_model = 8
    assert "scores" in made.extra[0], "and it is back when it can be"


@pytest.mark.parametrize(
    ("extra", "error", "says"),
    [
        ({"mine": lambda n, d: np.ones((n, d + 1))}, ValueError, r"mine cannot be scored.*mine\(64, 64\) has shape \(64, 65\)"),
        ({"mine": lambda n: np.ones((n, 4))}, ValueError, r"mine cannot be scored. TypeError.*positional"),
        ({"mine": lambda n, d: [[0.0] * d] * n}, ValueError, r"mine\(64, 64\) is of type list"),
        ({"mine": lambda n, d: np.full((n, d), np.nan)}, ValueError, r"not finite"),
        ({"mine": 3}, TypeError, r"extra\['mine'\] is of type int; it must be a function"),
        ({"index": mine}, ValueError, r"extra names 'index', a scheme of the book"),
        ({"MiniLM": mine}, ValueError, r"extra names 'MiniLM', a learned table of the book"),
        ({7: mine}, TypeError, r"extra has the key 7"),
        ([mine], TypeError, r"extra=.* is of type list; it must be a mapping"),
    ],
)  # fmt: skip
def test_what_is_no_encoding_is_refused_by_name(extra, error, says):
    with pytest.raises(error, match=says):
        exhibits.score(extra=extra)


@pytest.fixture(scope="module")
def brought(browser, tmp_path_factory):
    """A page with a scorecard that has rows of its own, and one of them has failed."""

    def fails(length, d):
        if length > 100:
            raise ValueError("no table so long")
        return mine(length, d)

    made = exhibits.score(extra={"mine": mine, "short": fails}, length=32, d_model=8)
    made.length = 64  # twice as long is too long for one of them
    cells, state = widget_cells(made)
    built = build(
        tmp_path_factory.mktemp("own"), {"index.ipynb": notebook("# Page\n", *cells, state=state)}
    )
    assert built.error is None and not built.warnings, built.said
    server, address = serve(built.html)
    page = browser.new_page(viewport={"width": 900, "height": 900})
    page.goto(f"{address}/index.html")
    page.wait_for_selector("[data-exhibit=score] .posenc-view[data-drawn] canvas")
    yield Card(page, "score")
    page.close()
    server.shutdown()


def test_own_rows_stand_below_the_books(brought):
    brought.settle()
    table = brought.table()
    assert list(table) == [*schemes.SCHEMES, *learned.TABLES, "mine", "short"]
    assert [table["mine"][reading][0] for reading in PROPERTIES] == ["no", "no", "yes", "yes"]
    assert table["mine"]["largest"][1] == "9"
    assert table["short"]["unique"][0] == "failed"
    brought.cell("mine", "unique").click()
    brought.settle()
    assert brought.finding() == "Two rows of mine are the same: t = 0 and t = 10."
    brought.cell("mine", "relative").click()
    brought.settle()
    rows = mine(64, 8)
    far = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    spread = [
        np.ptp(np.diagonal(far, k)) / np.diagonal(far, k).mean() for k in range(1, 63) if k % 10
    ]
    offsets = [k for k in range(1, 63) if k % 10]
    worst = offsets[int(np.argmax(spread))]
    np.testing.assert_allclose(shown_curve(brought), np.diagonal(far, worst), atol=1e-9)
    brought.cell("short", "unique").click()
    brought.settle()
    assert "ValueError: no table so long" in brought.finding()


def test_without_a_kernel_an_own_row_does_not_pretend(brought):
    knob = brought.slider("length")
    knob.focus()
    knob.press("ArrowLeft")
    brought.settle()
    assert brought.table()["mine"]["unique"][0] == "needs the kernel"
    assert brought.table()["index"]["largest"][1] == "31"
    knob.press("ArrowRight")
    brought.settle()
    assert brought.table()["mine"]["unique"][0] == "no"


# -- the printed picture -------------------------------------------------------------------------


def test_the_printed_picture_and_its_words():
    made = exhibits.score(length=16, d_model=8)
    figure = pictures.score(made._view)
    words = [t.get_text() for t in figure.axes[0].texts]
    passed = sum(getattr(card, p).holds for card in made.cards.values() for p in PROPERTIES)
    assert words.count("yes") == passed
    assert words.count("yes") + words.count("no") == 4 * len(made.cards)
    assert "15" in words
    alt = pictures.score_alt(made._view)
    assert "All four properties hold for index, sinusoidal and random Fourier" in alt
    assert "fraction: unique yes, consistent distances yes, independent of length no" in alt
    assert "needs an even width" in pictures.score_alt(Score(d_model=7))
    long = Score(length=512)
    assert "Whisper: needs more than 448 rows" in pictures.score_alt(long)
    words = [t.get_text() for t in pictures.score(long).axes[0].texts]
    assert "MiniLM (learned)" in words and "512 rows" in words
