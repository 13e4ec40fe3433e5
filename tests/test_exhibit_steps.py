"""One at a time, all at once, on the built page: what is drawn against NumPy, by every hand."""

from __future__ import annotations

import csv
import io
import math
import re
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, png_size

from posenc import attention, exhibits, palette, text
from posenc.views.steps import TEXT

PAGE = "book/motivation.html"
D = 16
WORDS = TEXT.split()
INSET = 6


@pytest.fixture
def steps(open_page):
    return OnPage(open_page(PAGE), "steps")


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "steps")


def at(open_page, fragment: str, **options) -> OnPage:
    return OnPage(open_page(f"{PAGE}#steps?{fragment}", **options), "steps")


# -- the two networks, from their definitions ----------------------------------------------------


def chain(words: list[str]) -> np.ndarray:
    """h_t = tanh(W_s h_(t-1) + W_x x_t), from nothing on."""
    w_state, w_input = attention.random_recurrence(D)
    h, states = np.zeros(D), []
    for x in attention.word_vectors(words, D):
        h = np.tanh(w_state @ h + w_input @ x)
        states.append(h)
    return np.array(states)


def weighed(words: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Weights and outputs of softmax(Q K^T / sqrt(d)) V."""
    x, head = attention.word_vectors(words, D), attention.random_head(D)
    e = np.exp((x @ head.w_q.T) @ (x @ head.w_k.T).T / math.sqrt(D))
    weights = e / e.sum(axis=1, keepdims=True)
    return weights, weights @ (x @ head.w_v.T)


def share(x: float) -> str:
    if x < 1e-9:
        return "0%"
    if x < 0.0005:
        return "less than 0.1%"
    return text.percent(x, 1 if x < 0.0995 else 0)


def moved(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return np.linalg.norm(after - before, axis=1) / np.linalg.norm(before, axis=1)


def swapped(n: int, s: int, t: int) -> tuple[list[str], list[int]]:
    order = list(range(n))
    order[s], order[t] = t, s
    return [WORDS[i] for i in order], order


def table(steps: OnPage) -> dict[str, list]:
    """The data tool's columns by name."""
    data = steps.ask("data")
    return dict(zip(data["columns"], zip(*data["rows"], strict=True), strict=True))


def numbers(columns: dict[str, list], name: str) -> np.ndarray:
    """The d columns of a vector, shape (words, d)."""
    return np.array([columns[f"{name}_{j}"] for j in range(D)], dtype=float).T


def column(steps: OnPage, p: int) -> float:
    return INSET + (p + 0.5) * steps.ask("geometry")["pitch"]


def shown(steps: OnPage) -> str:
    return " ".join(steps.root.locator(".finding").inner_text().split())


def blank(steps: OnPage, x: float, y: float) -> bool:
    """Whether nothing is drawn at a point: the canvas is clear there."""
    return max(steps.pixel(x, y)) == 0


# -- what is drawn -------------------------------------------------------------------------------


@pytest.mark.parametrize(("fragment", "n"), [("", 16), ("L=64&t=50&k=3", 64), ("L=2&t=1&k=1", 2)])
def test_states_and_outputs_are_what_numpy_computes(still, fragment, n):
    steps = still.show(fragment)
    columns = table(steps)
    weights, output = weighed(WORDS[:n])
    assert list(columns["word"]) == WORDS[:n]
    np.testing.assert_allclose(numbers(columns, "state"), chain(WORDS[:n]), atol=1e-6)
    np.testing.assert_allclose(numbers(columns, "output"), output, atol=1e-6)
    t = steps.ask("state")["t"]
    np.testing.assert_allclose(np.array(columns["weight"], dtype=float), weights[t], atol=1e-6)


@pytest.mark.parametrize("phone", [False, True])
def test_cells_have_the_colour_of_their_value_and_unread_states_are_blank(open_page, phone):
    steps = at(open_page, "L=12&t=7&k=3", phone=phone)
    geometry = steps.ask("geometry")
    states, outputs = chain(WORDS[:12]), weighed(WORDS[:12])[1]
    outputs = outputs / np.abs(outputs).max()
    for rows, place in ((states, geometry["states"]), (outputs, geometry["outputs"])):
        for p in range(12):
            for j in (1, 6, 14):
                x, y = column(steps, p), place["y"] + (j + 0.5) * geometry["cell"]
                if rows is states and p > 7:
                    assert blank(steps, x, y), (p, j)
                else:
                    assert steps.coloured(x, y, rows[p, j]), (p, j)


def test_every_word_is_written_over_its_column(still):
    for fragment, n in (("L=6&t=3&k=1", 6), ("L=16", 16), ("L=64&t=63&k=9", 64)):
        steps = still.show(fragment)
        names = steps.ask("geometry")["names"]
        lines = [w for w in steps.words() if names["y"] < w["y"] <= names["y"] + names["h"]]
        assert [w["words"] for w in lines] == WORDS[:n]
        for p, line in enumerate(lines):
            assert abs(line["x"] - column(steps, p)) < 5
            assert line["colour"] == palette.tokens()["tok"]


def test_where_words_do_not_fit_the_marked_two_are_written(open_page):
    steps = at(open_page, "L=64&t=40&k=30", phone=True)
    names = steps.ask("geometry")["names"]
    lines = [w for w in steps.words() if names["y"] < w["y"] <= names["y"] + names["h"]]
    assert {w["words"]: round(w["left"] + w["width"] / 2) for w in lines} == {
        WORDS[p]: round(column(steps, p)) for p in (10, 40)
    }


@pytest.mark.parametrize(
    ("fragment", "n", "t", "k"),
    [("", 16, 9, 9), ("L=20&t=12&k=1", 20, 12, 1), ("L=10&t=4&k=8", 10, 4, 4)],
)
def test_the_way_is_drawn_step_by_step_and_straight(still, fragment, n, t, k):
    """Where there are not k words behind t, the way begins at the first."""
    steps = still.show(fragment)
    geometry, off = steps.ask("geometry"), palette.tokens()["off"]
    ways = [c for c in steps.ask("drawn")["curves"] if c["colour"] == off]
    hops, straight = ways[:-1], ways[-1]
    assert len(hops) == k
    for step, hop in enumerate(hops):
        assert not hop["dash"]
        assert hop["points"][0][0] == pytest.approx(column(steps, t - k + step))
        assert hop["points"][-1][0] == pytest.approx(column(steps, t - k + step + 1))
    assert straight["dash"], "the offset has long dashes"
    (x0, y0), (x1, y1) = straight["points"]
    assert (x0, x1) == pytest.approx((column(steps, t - k), column(steps, t)))
    fan = geometry["fan"]
    assert fan["y"] <= y0 < y1 <= fan["y"] + fan["h"], "from the word down to the output"
    counts = [
        w["words"]
        for w in steps.words()
        if w["colour"] == off and geometry["hops"]["y"] < w["y"] < geometry["states"]["y"]
    ]
    assert counts == [str(step) for step in range(1, k + 1)]
    said = " ".join(w["words"] for w in steps.words())
    assert f"step {t + 1} of {n}" in said
    assert f"all {n * n:,} pairs in 1 step" in said
    word = "step" if k == 1 else "steps"
    assert f"way between the two words: {k} {word}" in said
    assert "way between the two words: 1 step" in said
    first, last = WORDS[t - k], WORDS[t]
    assert shown(steps).startswith(
        f"From “{first}” to “{last}” it is {k} {word} along the chain and 1 step through attention."
    )
    assert f"{n} steps in the chain, one after another, and 1 in attention" in shown(steps)
    assert f"for {n * n:,} pairs" in shown(steps)


def test_the_first_word_has_nothing_behind_it(still):
    steps = still.show("t=0")
    assert "no word behind it" in shown(steps)
    assert not [c for c in steps.ask("drawn")["curves"] if c["colour"] == palette.tokens()["off"]]
    assert steps.handle("back").is_hidden()
    assert not steps.ask("drawn")["diamonds"]


@pytest.mark.parametrize("dark", [False, True])
def test_the_marks_have_the_colours_of_position_and_offset(open_page, dark):
    steps = at(open_page, "t=11&k=4", dark=dark)
    tokens = palette.tokens("dark" if dark else "light")
    (diamond,) = steps.ask("drawn")["diamonds"]
    assert diamond["fill"] == tokens["off"]
    assert diamond["x"] == pytest.approx(column(steps, 7))
    (disc,) = [d for d in steps.discs() if d["fill"] == tokens["pos"]]
    assert disc["x"] == pytest.approx(column(steps, 11))
    assert "#{:02x}{:02x}{:02x}".format(*steps.pixel(disc["x"], disc["y"])) == tokens["pos"]


def test_the_lines_of_attention_are_as_dark_as_their_weights(still):
    steps = still.show("L=3&t=0&k=1")
    weights, _ = weighed(WORDS[:3])
    fan = steps.ask("geometry")["fan"]

    def ink(x: float, y: float) -> float:
        """How much ink lies on a row of the drawing around x, as read from the clear canvas."""
        strength = steps.root.evaluate(
            """(e, [x, y]) => {
              const c = e.querySelector('.posenc-view[data-drawn] canvas');
              const copy = document.createElement('canvas');
              copy.width = 9; copy.height = 1;
              const two = copy.getContext('2d', { willReadFrequently: true });
              two.drawImage(c, -Math.round(x) + 4, -Math.round(y));
              return [...two.getImageData(0, 0, 9, 1).data].filter((_, k) => k % 4 === 3)
                .reduce((a, b) => a + b, 0) / 255;
            }""",
            [x, y],
        )
        return float(strength)

    levels = np.round(weights / weights.max() * 10) / 10
    assert len({levels[1, 0], levels[0, 1], levels[1, 2], levels[2, 1]}) > 1, "a way matters"
    # a quarter of the way down no two lines meet
    for source, to in ((0, 0), (1, 1), (2, 2), (0, 1), (1, 0), (1, 2), (2, 1)):
        x = column(steps, source) * 0.75 + column(steps, to) * 0.25
        drawn = ink(x, fan["y"] + 2 + (fan["h"] - 4) / 4)
        assert drawn == pytest.approx(0.06 + 0.74 * levels[to, source], abs=0.035), (source, to)


# -- the sentence changed ------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "t", "k"), [(16, 9, 8), (30, 20, 17), (3, 2, 2)])
def test_two_words_swapped_change_every_later_state_and_no_output(still, n, t, k):
    steps = still.show(f"L={n}&t={t}&k={k}&swap=swap")
    s = t - k
    words, order = swapped(n, s, t)
    columns = table(steps)
    assert list(columns["word"]) == words
    np.testing.assert_allclose(numbers(columns, "state"), chain(words), atol=1e-6)
    change = moved(chain(WORDS[:n]), chain(words))
    np.testing.assert_allclose(np.array(columns["state_change"], float), change, rtol=1e-4)
    assert (change[:s] == 0).all()
    assert (change[s:] > 1e-9).all()
    felt = moved(weighed(WORDS[:n])[1][order], weighed(words)[1])
    assert felt.max() < 1e-12, "attention's vectors went along with their words"
    assert np.array(columns["output_change"], float).max() < 1e-12
    assert f"“{words[s]}” and “{words[t]}” have changed places" in shown(steps)
    assert f"{n - s} of {n} states are different: all from position {s} on." in shown(steps)
    assert f"0 of {n} outputs are different" in shown(steps)
    facts = steps.ask("facts")
    assert (facts["states_changed"], facts["outputs_changed"]) == (str(n - s), "0")


def test_a_difference_that_has_faded_is_not_called_a_change(still):
    steps = still.show("L=64&t=1&k=1&swap=swap")
    words, _ = swapped(64, 0, 1)
    change = moved(chain(WORDS[:64]), chain(words))
    different = int(np.sum(change >= 1e-9))
    assert 10 < different < 64
    assert f"{different} of 64 states are different: all from position 0 on, until" in shown(steps)


def test_the_same_word_twice_is_swapped_without_effect(still):
    assert WORDS[4] == WORDS[8] == "the"
    steps = still.show("t=8&k=4&swap=swap")
    assert "Both words are “the”: to swap them changes nothing" in shown(steps)
    assert not np.array(table(steps)["state_change"], float).any()


@pytest.mark.parametrize(("t", "k"), [(9, 9), (12, 1), (15, 6)])
def test_a_replaced_word_fades_with_distance_in_the_chain_only(still, t, k):
    steps = still.show(f"t={t}&k={k}&swap=replace")
    s = t - k
    words = [*WORDS[:s], "lighthouse", *WORDS[s + 1 : 16]]
    state = moved(chain(WORDS[:16]), chain(words))
    output = moved(weighed(WORDS[:16])[1], weighed(words)[1])
    columns = table(steps)
    assert list(columns["word"]) == words
    np.testing.assert_allclose(np.array(columns["state_change"], float), state, rtol=1e-4)
    np.testing.assert_allclose(np.array(columns["output_change"], float), output, rtol=1e-4)
    assert f"“{WORDS[s]}” at position {s} has become “lighthouse”" in shown(steps)
    assert f"by {share(state[t])} of its length" in shown(steps)
    assert f"its output of attention by {share(output[t])}, which" in shown(steps)
    facts = steps.ask("facts")
    assert (facts["state_change"], facts["output_change"]) == (share(state[t]), share(output[t]))


def test_bars_are_as_high_as_the_changes_and_hollow_where_it_has_not_read(still):
    steps = still.show("L=12&t=4&k=1&swap=replace")
    words = [*WORDS[:3], "lighthouse", *WORDS[4:12]]
    state = moved(chain(WORDS[:12]), chain(words))
    output = moved(weighed(WORDS[:12])[1], weighed(words)[1])
    geometry = steps.ask("geometry")
    most = max(state.max(), output.max())
    for values, row in ((state, geometry["barsAbove"]), (output, geometry["barsBelow"])):
        foot, room = row["y"] + row["h"] - 4, row["h"] - 26
        for p, value in enumerate(values):
            high, x = value / most * room, column(steps, p)
            if high < 3:
                continue
            hollow = values is state and p > 4
            assert blank(steps, x, foot - high / 2) == hollow, p
            assert not blank(steps, x, foot - high + 1.5) or hollow
            assert blank(steps, x, foot - high - 2.5), p
    labels = [w["words"] for w in steps.words() if w["words"].endswith(" at t")]
    assert labels == [f"{share(state[4])} at t", f"{share(output[4])} at t"]


# -- hands ---------------------------------------------------------------------------------------


def grab(steps: OnPage, name: str) -> tuple[float, float]:
    """Presses the mouse on a mark."""
    marks, middle = steps.ask("geometry")["marks"], steps.ask("geometry")["middle"]
    x, y = steps.point(marks["t" if name == "word" else "back"], middle)
    steps.page.mouse.move(x, y)
    steps.page.mouse.down()
    return x, y


def test_the_round_mark_and_the_diamond_are_dragged(steps):
    pitch = steps.ask("geometry")["pitch"]
    x, y = grab(steps, "word")
    for to in np.linspace(x, x + 3 * pitch, 6):
        steps.page.mouse.move(to, y)
    steps.page.mouse.up()
    steps.settle()
    assert (steps.ask("state")["t"], steps.ask("state")["offset"]) == (12, 9)
    x, y = grab(steps, "back")
    for to in np.linspace(x, x + 5 * pitch, 6):
        steps.page.mouse.move(to, y)
    steps.page.mouse.up()
    steps.settle()
    assert (steps.ask("state")["t"], steps.ask("state")["offset"]) == (12, 4)
    x, y = grab(steps, "back")
    steps.page.mouse.move(x + 9 * pitch, y)
    steps.page.mouse.up()
    steps.settle()
    assert steps.ask("state")["offset"] == 1, "it stops behind the round mark"


def test_a_press_on_any_column_reads_up_to_it(steps):
    for p in (0, 7, 15):
        for row in ("states", "names", "outputs"):
            y = steps.ask("geometry")[row]["y"] + 10
            steps.page.mouse.click(*steps.point(column(steps, (p + 1) % 16), y))
            steps.page.mouse.click(*steps.point(column(steps, p), y))
            steps.settle()
            assert steps.ask("state")["t"] == p, (p, row)


def test_the_keyboard_moves_both_marks_the_way_of_its_arrows(steps):
    word, back = steps.handle("word"), steps.handle("back")
    word.focus()
    for key, t in [("ArrowRight", 10), ("ArrowUp", 11), ("PageDown", 3), ("End", 15), ("Home", 0)]:
        word.press(key)
        assert steps.ask("state")["t"] == t, key
    word.press("PageUp")
    steps.settle()
    assert word.get_attribute("aria-valuetext") == f"position 8, “{WORDS[8]}”"
    back.focus()
    # k is 9, and 8 words lie behind: the mark stands on the first
    assert back.get_attribute("aria-valuenow") == "8"
    for key, k in [("ArrowRight", 7), ("ArrowRight", 6), ("ArrowLeft", 7), ("Home", 1), ("End", 8)]:
        back.press(key)
        assert steps.ask("state")["offset"] == k, key
    back.press("ArrowRight")
    steps.settle()
    assert back.get_attribute("aria-valuetext") == f"7 words back, “{WORDS[1]}”"


def test_a_finger_moves_the_marks_and_a_swipe_scrolls(open_page):
    steps = at(open_page, "t=9&k=5", phone=True)
    geometry = steps.ask("geometry")
    pitch = geometry["pitch"]
    x, y = steps.point(geometry["marks"]["t"], geometry["middle"])
    steps.swipe([(x + f * 4 * pitch, y) for f in np.linspace(0, 1, 8)])
    assert steps.ask("state")["t"] == 13
    x, y = steps.point(steps.ask("geometry")["marks"]["back"], geometry["middle"])
    steps.swipe([(x - f * 3 * pitch, y) for f in np.linspace(0, 1, 8)])
    assert steps.ask("state")["offset"] == 8
    before, state = steps.page.evaluate("scrollY"), steps.ask("state")
    x, y = steps.point(geometry["marks"]["t"], geometry["fan"]["y"] + 40)
    steps.swipe([(x, y - 12 * f) for f in range(10)])
    assert steps.page.evaluate("scrollY") > before + 30
    assert steps.ask("state") == state, "who scrolls past changes nothing"


@pytest.mark.parametrize("fragment", ["t=9&k=5", "L=64&t=30&k=1", "L=64&t=63&k=60&swap=swap"])
def test_on_a_phone_targets_are_large_enough_and_apart(open_page, fragment):
    steps = at(open_page, fragment, phone=True)
    boxes = [steps.handle(name).bounding_box() for name in ("word", "back")]
    for box in boxes:
        assert box["width"] >= 44
        assert box["height"] >= 44
    word, back = boxes
    assert back["x"] + back["width"] <= word["x"] + 0.5, "neither lies over the other"
    page = "document.documentElement.scrollWidth <= innerWidth"
    assert steps.page.evaluate(page), "nothing makes the page scroll sideways"


@pytest.mark.parametrize("swap", ["none", "swap", "replace"])
@pytest.mark.parametrize("phone", [False, True])
def test_no_two_words_of_the_drawing_overlap(open_page, phone, swap):
    steps = at(open_page, f"swap={swap}", phone=phone)
    for fragment in ("t=0&k=1", "t=1&k=1", "t=15&k=1", "t=15&k=15", "t=3&k=2", "t=9&k=2",
                     "L=2&t=1&k=1", "L=64&t=1&k=1", "L=64&t=63&k=2", "L=64&t=33&k=9",
                     "L=40&t=22&k=3", "L=64&t=5&k=5", "L=64&t=60&k=8"):  # fmt: skip
        steps.show(f"{fragment}&swap={swap}")
        width = steps.ask("geometry")["width"]
        level = [w for w in steps.words() if not w["turn"]]
        for w in level:
            assert w["left"] >= -1, (fragment, w)
            assert w["left"] + w["width"] <= width + 1, (fragment, w)
        for k, a in enumerate(level):
            for b in level[:k]:
                apart = (
                    a["left"] >= b["left"] + b["width"] - 0.5
                    or b["left"] >= a["left"] + a["width"] - 0.5
                    or abs(a["y"] - b["y"]) >= 11
                )
                assert apart, (fragment, a, b)


# -- controls, play, links -----------------------------------------------------------------------


def test_the_length_keeps_both_marks_inside(steps):
    knob = steps.slider("words")
    knob.focus()
    knob.press("Home")
    steps.settle()
    state = steps.ask("state")
    assert (state["length"], state["t"], state["t_max"]) == (2, 1, 1)
    assert "From “dog” to “bites” it is 1 step" in shown(steps)
    knob.press("End")
    steps.settle()
    assert steps.ask("state")["length"] == 64
    assert "for 4,096 pairs" in shown(steps)


def test_the_buttons_change_the_sentence(steps):
    for label, change in [
        ("two words swapped", "swap"),
        ("one replaced", "replace"),
        ("as written", "none"),
    ]:
        button = steps.root.get_by_role("button", name=label, exact=True)
        button.click()
        steps.settle()
        assert steps.ask("state")["change"] == change
        assert "mod-active" in button.get_attribute("class")


def test_play_reads_on_to_the_end_and_begins_again(open_page):
    steps = at(open_page, "t=13&k=2&L=16", calm=False)
    steps.root.scroll_into_view_if_needed()
    steps.root.locator(".play").click()
    steps.page.wait_for_function(
        "document.querySelector('[data-exhibit=steps] .posenc-view[data-drawn]')"
        ".posenc.state().t === 15"
    )
    steps.page.wait_for_function(
        "document.querySelector('[data-exhibit=steps] .posenc-view[data-drawn]')"
        ".posenc.state().t < 5"
    )
    assert steps.ask("state")["offset"] == 2, "the offset outlives a start without words behind"
    steps.handle("word").press("End")
    assert steps.root.locator(".play").get_attribute("aria-pressed") == "false"


def test_a_state_fills_while_t_moves_on(open_page):
    steps = at(open_page, "t=3&k=1&L=8", calm=False)
    steps.root.scroll_into_view_if_needed()
    steps.handle("word").press("End")
    steps.page.wait_for_function(
        "(() => { const m = document.querySelector('[data-exhibit=steps] .posenc-view[data-drawn]')"
        ".posenc.memory(); return m.read > 6.99 })()"
    )
    steps.page.wait_for_timeout(50)
    y = steps.ask("geometry")["states"]["y"] + 12
    assert not blank(steps, column(steps, 7), y)


@pytest.mark.parametrize(
    ("fragment", "note"),
    [
        ("t=64", "outside"),
        ("t=1.5", "whole"),
        ("k=0", "outside"),
        ("L=1", "outside"),
        ("L=65", "outside"),
        ("swap=yes", "not one of"),
        ("n=3", "not a setting"),
    ],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    steps = still.show(fragment)
    assert note in steps.root.locator(".x-note").inner_text()
    state = steps.ask("state")
    assert (state["t"], state["offset"], state["length"], state["change"]) == (9, 9, 16, "none")


def test_a_position_past_the_end_is_the_last_one(still):
    assert still.show("L=8&t=30&k=2").ask("state")["t"] == 7


def test_link_and_reset(open_page):
    page = open_page(f"{PAGE}#steps?L=20&t=15&k=4&swap=swap")
    steps = OnPage(page, "steps")
    steps.tool("Link").click()
    page.wait_for_function("location.hash.includes('swap=swap')")
    again = OnPage(open_page(page.url.split("/", 3)[3]), "steps")
    assert again.ask("state") == steps.ask("state")
    steps.tool("Reset").click()
    steps.settle()
    state = steps.ask("state")
    assert (state["t"], state["offset"], state["length"], state["change"]) == (9, 9, 16, "none")


def test_picture_and_data_are_saved(steps):
    with steps.page.expect_download() as saved:
        steps.tool("Picture").click()
    width, height = png_size(Path(saved.value.path()).read_bytes())
    assert width > 1000
    assert height > 500
    with steps.page.expect_download() as saved:
        steps.tool("Data").click()
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert rows[0][:5] == ["t", "word", "weight", "state_change", "output_change"]
    assert [row[1] for row in rows[1:]] == WORDS[:16]
    np.testing.assert_allclose(
        np.array([row[5 : 5 + D] for row in rows[1:]], float), chain(WORDS[:16]), atol=1e-6
    )


def test_facts_and_sentence(still):
    steps = still.show("L=20&t=15&k=4")
    assert steps.ask("facts") == {
        "words": "20",
        "steps": "20",
        "pairs": "400",
        "way": "4 steps",
        "word": WORDS[15],
        "earlier": WORDS[11],
        "states_changed": "0",
        "outputs_changed": "0",
        "state_change": "0%",
        "output_change": "0%",
    }
    assert steps.ask("say") == (
        f"Position 15 of 20 words, “{WORDS[15]}”, 4 steps along the chain from “{WORDS[11]}”; "
        "attention takes 1 step."
    )


# -- from Python ---------------------------------------------------------------------------------


def test_python_sets_and_reads_the_state():
    steps = exhibits.steps()
    assert steps.state == {"L": 16, "t": 9.0, "k": 9, "swap": "none"}
    steps.set(L=30, t=20, k=5, swap="swap")
    words, order = swapped(30, 15, 20)
    assert steps.words == words
    assert steps.order == order
    np.testing.assert_allclose(steps.states, chain(words), atol=1e-12)
    np.testing.assert_allclose(steps.attended.output, weighed(words)[1], atol=1e-12)
    states, outputs = steps.changes
    np.testing.assert_allclose(states, moved(chain(WORDS[:30]), chain(words)), atol=1e-12)
    assert outputs.max() < 1e-12
    steps.length = 4
    assert steps.t == 3
    assert steps.back == 3


def test_a_text_of_ones_own():
    steps = exhibits.steps(text="one after another", length=3, t=2, offset=2)
    assert steps.words == ["one", "after", "another"]
    assert steps.length_max == 3
    assert "“one” to “another” it is 2 steps" in steps._repr_mimebundle_()[0]["text/plain"]


@pytest.mark.parametrize(
    ("trait", "value"),
    [
        ("length", 1),
        ("length", 65),
        ("offset", 0),
        ("t", -1),
        ("t", float("nan")),
        ("change", "maybe"),
        ("text", "alone"),
        ("text", "word " * 65),
        ("instead", "two words"),
        ("seed", -1),
    ],
)
def test_python_refuses_what_cannot_be_shown_and_keeps_what_was(trait, value):
    steps = exhibits.steps()
    before = getattr(steps, trait)
    with pytest.raises(traitlets.TraitError, match=trait):
        setattr(steps, trait, value)
    assert getattr(steps, trait) == before


def test_the_printed_picture_has_words():
    data, metadata = exhibits.steps(t=12, offset=7, change="swap")._repr_mimebundle_()
    alt = metadata["image/png"]["alt"]
    assert "filled up to position 12" in alt
    assert "the step 13 of 16" in alt
    assert "256 in all" in alt
    assert re.search(r"it is 7 steps along the chain and 1 step", alt)
    assert "11 of 16 states are different, and 0 of 16 outputs" in alt
    assert len(data["image/png"]) > 10_000
