"""The ruler on the built page: moved by every kind of hand, and compared with NumPy."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, png_size

from posenc import exhibits, palette

PAGE = "book/naive.html"
INK = palette.tokens("light")
OWN = [
    ["I", "love", "this", "course"],
    ["I", "love", "many", "things", "but", "not", "this", "course"],
]
MORE = ["and", "so", "on"]


def places(scheme: str, length: int) -> np.ndarray:
    """Where the words of a sentence stand."""
    t = np.arange(length)
    return t * 1.0 if scheme == "index" else t / (length - 1)


def words_of(which: int, length: int) -> list[str]:
    return (OWN[which] + MORE * 30)[:length]


def few(x: float) -> str:
    if x == int(x):
        return f"{int(x)}"
    return f"{x:.3f}" if x < 0.1 else f"{x:.2f}"


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "ruler")


@pytest.fixture
def ruler(open_page):
    return OnPage(open_page(PAGE), "ruler")


def lengths(ruler: OnPage) -> tuple[int, ...]:
    state = ruler.ask("state")
    return tuple(state[name] for name in ("first", "second", "trained", "t"))


# What a reader reads off the drawing: the link, and what it asks for.
STATES = [
    ("", {"scheme": "index", "a": 4, "b": 8, "trained": 8, "t": 2}),
    ("scheme=fraction", {"scheme": "fraction", "a": 4, "b": 8, "trained": 8, "t": 2}),
    ("b=12&t=3", {"scheme": "index", "a": 4, "b": 12, "trained": 8, "t": 3}),
    (
        "scheme=fraction&a=20&b=64&trained=30&t=19",
        {"scheme": "fraction", "a": 20, "b": 64, "trained": 30, "t": 19},
    ),
]
reading = pytest.mark.parametrize(("fragment", "of"), STATES)


def on_screen(still: OnPage, of: dict, which: int) -> np.ndarray:
    """Where the words should stand in the drawing, in CSS pixels."""
    plot = still.ask("geometry")["plot"]
    most = max(of["a"], of["b"], of["trained"]) - 1 if of["scheme"] == "index" else 1
    return plot["x"] + plot["w"] * places(of["scheme"], of["ab"[which]]) / most


@reading
def test_every_word_is_a_bead_at_its_value(still, fragment, of):
    still.show(fragment)
    edges = still.ask("geometry")["edges"]
    discs = still.discs()
    most = places(of["scheme"], of["trained"])[-1]
    for which, edge in enumerate(edges):
        at = on_screen(still, of, which)
        beads = sorted((q for q in discs if q["y"] == edge), key=lambda q: q["x"])
        np.testing.assert_allclose([q["x"] for q in beads], at)
        marked = beads.pop(of["t"])
        assert (marked["fill"], marked["r"]) == (INK["pos"], 8)
        # those that training never showed are hollow
        values = np.delete(places(of["scheme"], len(at)), of["t"])
        hollow = [q["fill"] == INK["paper"] for q in beads]
        np.testing.assert_array_equal(hollow, values > most)


@reading
def test_the_words_hang_where_they_belong(still, fragment, of):
    still.show(fragment)
    geometry = still.ask("geometry")
    written = still.words()
    for which, edge in enumerate(geometry["edges"]):
        length = of["ab"[which]]
        at, said = on_screen(still, of, which), words_of(which, length)
        way = 1 if which else -1
        levels = {edge + way * level for level in geometry["levels"]}
        hung = [
            w for w in written if w["y"] in levels and w["colour"] in (INK["tok"], INK["ink-3"])
        ]
        assert hung
        for w in hung:
            # a word at an end may step back into the drawing
            near = [n for n, x in enumerate(at) if abs(x - w["x"]) < 25 and said[n] == w["words"]]
            assert near, w
            own = [n < len(OWN[which]) for n in near]
            assert (w["colour"] == INK["tok"]) in own
        assert said[of["t"]] in [w["words"] for w in hung if abs(w["x"] - at[of["t"]]) < 25]
        if length <= 8:
            assert len(hung) == length, "there is room for all of them"


@reading
def test_the_headings_give_the_value_and_the_step(still, fragment, of):
    still.show(fragment)
    said = still.words()
    for which, y in enumerate(still.ask("geometry")["heads"]):
        at = places(of["scheme"], of["ab"[which]])
        line = {w["words"]: w["colour"] for w in said if w["y"] == y}
        assert line[f"t = {of['t']} is {few(at[of['t']])}"] == INK["pos"]
        assert line[f"a step is {few(at[1])}"] == INK["off"]


@reading
def test_the_step_is_drawn_and_shaded_on_both_sides(still, fragment, of):
    still.show(fragment)
    geometry = still.ask("geometry")
    drawn = still.ask("drawn")["diamonds"]
    step = None
    for which, edge in enumerate(geometry["edges"]):
        at = on_screen(still, of, which)
        start = min(of["t"], len(at) - 2)
        (mark,) = [q for q in drawn if q["y"] == edge + (14 if which else -14)]
        assert mark["fill"] == INK["off"]
        assert mark["x"] == pytest.approx((at[start] + at[start + 1]) / 2)
        # the shade is as wide as a step of the first sentence, on both sides
        step = at[start + 1] - at[start] if step is None else step
        end = geometry["plot"]["x"] + geometry["plot"]["w"]
        right = min(at[start] + step, end)
        shade = geometry["shades"][which]
        assert (shade["x"], shade["x"] + shade["w"]) == pytest.approx((at[start], right))
        if right < end - 30 and step > 20:
            y = edge + (4 if which else -17)
            inside, outside = (still.pixel(float(right + dx), y) for dx in (-3, 3))
            assert inside != outside
    spans = places(of["scheme"], of["a"])[1] / places(of["scheme"], of["b"])[1]
    label = f"{few(round(spans, 9))} {'word' if round(spans, 9) == 1 else 'words'}"
    if geometry["shades"][1]["w"] > 80:  # where it is one word, step and shade say so
        assert (label in [w["words"] for w in still.words()]) == (round(spans, 9) != 1)
    assert still.ask("facts")["span"] == label


@reading
def test_bars_and_mark_stand_at_the_lengths(still, fragment, of):
    still.show(fragment)
    geometry = still.ask("geometry")
    axis = geometry["lengths"]
    ink = {
        name: tuple(int(INK[name][k : k + 2], 16) for k in (1, 3, 5)) for name in ("tok", "edge")
    }
    pitch = axis["w"] / 64
    said = still.words()
    for which, y in enumerate(axis["rows"]):
        length = of["ab"[which]]
        for n in {0, length - 1, min(length, len(OWN[which])) - 1} - {of["trained"] - 1}:
            colour = ink["tok" if n < len(OWN[which]) else "edge"]
            assert still.pixel(axis["x"] + pitch * (n + 0.5), y) == colour
        assert f"L = {length}" in [w["words"] for w in said if abs(w["y"] - y) < 1]
        assert geometry["ends"][which]["x"] == pytest.approx(axis["x"] + pitch * length + 3)
    assert f"trained to {of['trained']}" in [w["words"] for w in said]


def test_the_finding_says_what_is_true(still):
    def finding(fragment: str) -> str:
        still.show(fragment)
        return still.root.locator(".finding").inner_text()

    words = finding("scheme=fraction&t=3")
    assert "A difference of 0.33 is 1 word in the first sentence and 2.33 words in the" in words
    assert f"Position 3 reads 1 in the one and {3 / 7:.2f} in the other" in words
    assert "finer" not in words
    words = finding("scheme=fraction&b=40&trained=16&a=14")
    assert f"A difference of {1 / 13:.3f} is 1 word in the first sentence and 3 words" in words
    assert f"A step of {1 / 39:.3f} is finer than any that a sentence of up to 16" in words
    assert "Both sentences have 10 words, so a step is 0.11" in finding("scheme=fraction&a=10&b=10")
    words = finding("b=30")
    assert "A step is 1 in both sentences, and position 2 reads 2 in both" in words
    assert "ends at 29: 22 words of it stand" in words
    assert still.ask("facts") == {
        "position": "2",
        "step_first": "1",
        "step_second": "1",
        "span": "1 word",
        "value_first": "2",
        "value_second": "2",
        "largest": "29",
        "unseen": "22 words",
    }
    assert "never seen in training" in [w["words"] for w in still.words()]
    words = finding("b=9")
    assert "1 word of it stands at a value" in words
    words = finding("b=12&trained=20")
    assert "ends at 11, and training showed nothing above 19" in words
    assert "never seen in training" not in [w["words"] for w in still.words()]


@pytest.mark.parametrize(
    ("fragment", "note"),
    [("scheme=log", "not one of"), ("a=1", "outside 2 to 64"), ("t=9", "became 3")],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    still.show(fragment)
    assert note in still.root.locator(".x-note").inner_text()
    assert lengths(still)[:2] == (4, 8)


def test_by_mouse_keyboard_and_controls(ruler):
    pitch = ruler.ask("geometry")["lengths"]["w"] / 64
    step = ruler.ask("geometry")["plot"]["w"] / 7
    ruler.drag("t1", step)
    assert lengths(ruler) == (4, 8, 8, 3)
    ruler.drag("t2", -2 * step)
    assert lengths(ruler) == (4, 8, 8, 1)
    ruler.drag("second", 20 * pitch)
    assert lengths(ruler) == (4, 28, 8, 1)
    ruler.drag("first", 6 * pitch)
    ruler.drag("trained", 12 * pitch)
    assert lengths(ruler) == (10, 28, 20, 1)
    edge = ruler.ask("geometry")["edges"][0]
    plot = ruler.ask("geometry")["plot"]
    ruler.page.mouse.click(*ruler.point(plot["x"] + plot["w"] * 5.3 / 27, edge - 30))
    assert lengths(ruler)[3] == 5
    # each mark by the keyboard, and what it says
    for name, key, now in (
        ("t1", "ArrowRight", (10, 28, 20, 6)),
        ("t2", "Home", (10, 28, 20, 0)),
        ("t1", "End", (10, 28, 20, 9)),
        ("first", "PageDown", (2, 28, 20, 1)),
        ("second", "ArrowLeft", (2, 27, 20, 1)),
        ("trained", "ArrowUp", (2, 27, 21, 1)),
    ):
        ruler.handle(name).press(key)
        assert lengths(ruler) == now, (name, key)
    ruler.settle()
    assert ruler.handle("second").get_attribute("aria-valuetext") == "27 words"
    assert "“love”, by index 1" in ruler.handle("t1").get_attribute("aria-valuetext")
    # the controls above are the same state
    ruler.root.get_by_role("button", name="fraction").click()
    ruler.slider("first").press("ArrowRight")
    ruler.slider("second").press("ArrowRight")
    ruler.slider("trained to").press("ArrowLeft")
    ruler.slider("position").press("Home")
    ruler.settle()
    assert ruler.ask("state")["encoding"] == "fraction"
    assert lengths(ruler) == (3, 28, 20, 0)
    ruler.page.wait_for_function(
        "() => document.querySelector('[data-exhibit=ruler] .posenc-view [aria-live]')"
        ".textContent.includes('Position 0 by fraction')"
    )
    ruler.tool("Link").click()
    ruler.page.wait_for_function("location.hash.includes('scheme=fraction')")
    assert "a=3" in ruler.page.url
    assert "b=28" in ruler.page.url
    with ruler.page.expect_download() as saved:
        ruler.tool("Data").click()
    table = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert table[0] == ["sentence", "t", "word", "index", "fraction"]
    assert [row[2] for row in table[1:]] == words_of(0, 3) + words_of(1, 28)
    numbers = np.array([row[3:] for row in table[1:]], dtype=float)
    for k, scheme in enumerate(("index", "fraction")):
        both = np.concatenate([places(scheme, 3), places(scheme, 28)])
        np.testing.assert_allclose(numbers[:, k], both, atol=1e-6)
    with ruler.page.expect_download() as saved:
        ruler.tool("Picture").click()
    assert min(png_size(Path(saved.value.path()).read_bytes())) > 800
    ruler.tool("Reset").click()
    ruler.settle()
    assert lengths(ruler) == (4, 8, 8, 2)
    assert ruler.ask("state")["encoding"] == "index"


def comes_to(page, trait: str, value: object) -> None:
    """Waits for the state that a touch leads to: it is on its way when a tap returns."""
    page.wait_for_function(
        "([trait, value]) => document.querySelector('[data-exhibit=ruler] .posenc-view')"
        ".posenc.state()[trait] === value",
        arg=[trait, value],
    )


def test_by_a_finger_and_without_one_it_scrolls(open_page):
    page = open_page(PAGE, phone=True)
    ruler = OnPage(page, "ruler")
    ruler.canvas().scroll_into_view_if_needed()
    geometry = ruler.ask("geometry")
    plot, edges = geometry["plot"], geometry["edges"]
    page.touchscreen.tap(*ruler.point(plot["x"] + plot["w"] / 7, edges[1] + 32))
    comes_to(page, "t", 1)
    pitch = geometry["lengths"]["w"] / 64
    box = ruler.handle("second").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    ruler.swipe([(x + 2 * k * pitch, y) for k in range(9)])
    comes_to(page, "second", 24)
    ruler.settle()
    before, top = lengths(ruler), page.evaluate("scrollY")
    x, y = ruler.point(plot["x"] + plot["w"] * 0.6, edges[1] + 30)
    ruler.swipe([(x + k, y - 12 * k) for k in range(12)])
    page.wait_for_function("top => scrollY > top + 30", arg=top)
    assert lengths(ruler) == before
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for name in ("t1", "t2", "first", "second", "trained"):
        target = ruler.handle(name).bounding_box()
        assert min(target["width"], target["height"]) >= 44
    # no two words that hang on one side and one level touch
    for fragment in ("", "scheme=fraction", "scheme=fraction&a=12&b=64&t=7", "a=64&b=5"):
        ruler.show(fragment)
        for side in (0, 1):
            hung, widths = page.evaluate(
                """side => {
                  const view = document.querySelector('[data-exhibit=ruler] .posenc-view');
                  const { words, hung } = view.posenc.memory().sides[side];
                  const c = document.createElement('canvas').getContext('2d');
                  c.font = '500 12px "Instrument Sans"';
                  return [hung, words.map(w => c.measureText(w).width)];
                }""",
                side,
            )
            kept = [(p["level"], p["x"], w) for p, w in zip(hung, widths, strict=True) if p]
            for n, (level, x, wide) in enumerate(kept):
                for other, at, room in kept[:n]:
                    assert level != other or abs(x - at) > (wide + room) / 2 + 2


def test_between_index_and_fraction_the_words_travel(open_page):
    page = open_page(PAGE, calm=False)
    ruler = OnPage(page, "ruler")
    ruler.canvas().scroll_into_view_if_needed()
    ruler.root.get_by_role("button", name="fraction").click()
    last = ruler.ask("geometry")["plot"]
    end = last["x"] + last["w"]
    page.wait_for_function(
        "end => { const q = document.querySelector('[data-exhibit=ruler] .posenc-view').posenc;"
        "return Math.abs(q.memory().sides[0].xs[3] - end) < 0.01 }",
        arg=end,
    )


def test_python_sets_reads_and_refuses():
    ruler = exhibits.ruler(sentences=["One two three", "Hm"])
    ruler.set(scheme="fraction", a=3, b=6, t=1)
    np.testing.assert_allclose(ruler.at(0), [0, 0.5, 1])
    np.testing.assert_allclose(ruler.at(1), np.arange(6) / 5)
    assert ruler.step(1) == pytest.approx(0.2)
    assert ruler.words(0) == ["One", "two", "three"]
    assert ruler.words(1) == ["Hm", "and", "so", "on", "and", "so"]
    ruler.first = 2
    ruler.t = 1
    ruler.encoding = "index"
    assert ruler.encoding_index == 0
    np.testing.assert_array_equal(ruler.at(0), [0, 1])
    for trait, value in (
        ("first", 1),
        ("second", 65),
        ("trained", 65),
        ("encoding", "log"),
        ("sentences", ["", "a b"]),
        ("sentences", ["a b"]),
    ):
        before = getattr(ruler, trait)
        with pytest.raises(traitlets.TraitError, match=trait):
            setattr(ruler, trait, value)
        assert getattr(ruler, trait) == before


@pytest.mark.parametrize("scheme", ["index", "fraction"])
def test_the_printed_picture_has_words(scheme):
    data, metadata = exhibits.ruler(encoding=scheme)._repr_mimebundle_()
    alt = metadata["image/png"]["alt"]
    first, second = places(scheme, 4), places(scheme, 8)
    assert f"encoded by {scheme}" in alt
    assert f"in steps of {few(first[1])}, its word 2 at {few(first[2])}" in alt
    assert f"in steps of {few(second[1])}, its word 2 at {few(second[2])}" in alt
    spans = few(round(first[1] / second[1], 9))
    assert f"A step of the first is {spans} step" in alt
    assert len(data["image/png"]) > 10_000
