"""Shuffle the sentence, on the built page: what is drawn against NumPy, by every hand, with any text."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, png_size

from posenc import attention, encodings, exhibits, text

PAGE = "book/motivation.html"
D = 16
DOG = "the dog bit the man"
ROSE = "a rose is a rose is a rose"
EMOJI = '🐕 bit 👨‍👩‍👧 & 100% #1 + a=b "quoted" it\'s'
MARKUP = "<b>bold</b> <script>alert(1)</script> **star** *x* [a]{tok} \\back"
HEBREW = "הכלב נשך, את האיש! والكلب"
HUNDRED = " ".join(f"w{k}" for k in range(100))


@pytest.fixture
def shuffle(open_page):
    return OnPage(open_page(PAGE), "shuffle")


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "shuffle")


def link(**state: object) -> str:
    return "&".join(f"{key}={quote(str(value), safe='')}" for key, value in state.items())


# -- attention, from its definition --------------------------------------------------------------


def attended(words, order, encoding="none", mask="none", seed=0):
    """Weights and outputs, row p for the word that stands at place p."""
    x = attention.word_vectors([words[w] for w in order], D)
    n = len(order)
    if encoding == "index":
        x = x + np.arange(n)[:, None]
    if encoding == "sinusoidal":
        x = x + encodings.sinusoidal(n, D)
    head = attention.random_head(D, seed=seed)
    scores = (x @ head.w_q.T) @ (x @ head.w_k.T).T / math.sqrt(D)
    if mask == "causal":
        scores[np.triu_indices(n, 1)] = -np.inf
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = e / e.sum(axis=1, keepdims=True)
    return weights, weights @ (x @ head.w_v.T)


def changed(words, order, **how):
    """For each word as written, its output in this order less its output in the first."""
    first = attended(words, range(len(words)), **how)[1]
    now = attended(words, order, **how)[1]
    change = np.empty_like(now)
    change[list(order)] = now - first[list(order)]
    return change


def number(x: float) -> str:
    """A difference as the figure writes it where it is no rounding."""
    return f"{x:.1g}" if x < 0.01 else f"{x:.2f}"


# -- what the page shows -------------------------------------------------------------------------


def drawn(exhibit: OnPage, key: str) -> np.ndarray:
    """What the drawing was made from: weights, outputs, change, order."""
    values = exhibit.root.evaluate(
        "(e, key) => Array.from(e.querySelector('.posenc-view').posenc.memory().data[key])", key
    )
    return np.array(values)


def order_of(exhibit: OnPage) -> list[int]:
    """The words as the handles stand on the screen, line by line: by place when written."""
    tokens = exhibit.ask("geometry")["tokens"]
    return sorted(range(len(tokens)), key=lambda w: (tokens[w]["y"], tokens[w]["x"]))


def sentence(exhibit: OnPage) -> list[str]:
    """The words that are written in the row of words."""
    tokens = exhibit.ask("geometry")["tokens"]
    return [tokens[w]["word"] for w in order_of(exhibit)]


def finding(exhibit: OnPage) -> str:
    return (
        exhibit.root.locator(".finding")
        .first.inner_text()
        .replace("\u2068", "")
        .replace("\u2069", "")
    )


def token(exhibit: OnPage, w: int):
    """The handle of the word written at w, wherever it stands now."""
    number = exhibit.root.evaluate(
        """(e, w) => {
          const view = e.querySelector('.posenc-view').posenc;
          const { x, y } = view.geometry().tokens[w];
          const all = [...e.querySelectorAll('.handle-token:not([hidden])')];
          return all.findIndex((h) => h.style.transform === `translate(${x}px, ${y}px)`);
        }""",
        w,
    )
    assert number >= 0
    return exhibit.root.locator(".handle-token:not([hidden])").nth(number)


def middle(exhibit: OnPage, w: int) -> tuple[float, float]:
    box = exhibit.ask("geometry")["slots"][w]
    return box["x"] + box["w"] / 2, box["y"] + box["h"] / 2


STATES = [
    {},
    {"order": "0.4.2.3.1"},
    {"order": "4.3.2.1.0", "encoding": "index"},
    {"order": "0.4.2.3.1", "encoding": "sinusoidal", "seed": 7},
    {"order": "1.0.2.3.4", "mask": "causal"},
    {"order": "2.0.1.4.3", "encoding": "sinusoidal", "mask": "causal"},
    {"text": ROSE, "order": "7.6.5.4.3.2.1.0"},
    {"text": HUNDRED, "order": ".".join(map(str, [*range(50, 100), *range(50)]))},
    {"text": HEBREW, "order": "4.0.1.2.3", "encoding": "index"},
]


@pytest.mark.parametrize("state", STATES, ids=lambda s: link(**s)[:40] or "first")
def test_weights_outputs_and_changes_are_what_numpy_computes(still, state):
    still.show(link(**state))
    words = state.get("text", DOG).split()
    order = [int(w) for w in state.get("order", "").split(".") if w] or list(range(len(words)))
    how = {key: state[key] for key in ("encoding", "mask", "seed") if key in state}
    weights, outputs = attended(words, order, **how)
    change = changed(words, order, **how)
    n = len(words)
    np.testing.assert_allclose(drawn(still, "weights").reshape(n, n), weights, atol=1e-9)
    np.testing.assert_allclose(drawn(still, "outputs").reshape(n, D), outputs, atol=1e-9)
    np.testing.assert_allclose(drawn(still, "change").reshape(n, D), change, atol=1e-9)
    assert order_of(still) == order
    moved = sum(p != w for p, w in enumerate(order))
    facts = still.ask("facts")
    assert facts["moved"] == str(moved)
    assert facts["sentence"] == " ".join(words[w] for w in order)
    if not moved:
        assert "in the order in which they were written" in finding(still)
        return
    assert f"{moved} of {n} words stand elsewhere" in finding(still)
    largest = np.abs(change).max()
    if state.get("encoding") or state.get("mask"):
        assert largest > 0.01
        assert f"in the first order: {number(largest)}, of “" in finding(still)
        assert facts["difference"] == number(largest)
        assert facts["vectors"] == "different vectors"
        assert "the causal mask hides" in finding(still) or "encoding makes" in finding(still)
    else:
        assert largest < 1e-12
        assert "The outputs are the same vectors, in another order." in finding(still)
        own = np.abs(drawn(still, "change")).max()
        assert own < 1e-12
        # rounding is shown as what it is, and not as nothing
        assert ("which is rounding" in finding(still)) == (own > 0)
        assert facts["difference"] == text.number(float(own), 2) or own == 0
        assert facts["vectors"] == "the same vectors"


@pytest.mark.parametrize("state", STATES[1:6], ids=lambda s: link(**s))
def test_cells_have_the_colour_of_their_value(still, state):
    still.show(link(**state))
    words, order = DOG.split(), [int(w) for w in state["order"].split(".")]
    how = {key: state[key] for key in ("encoding", "mask", "seed") if key in state}
    weights, outputs = attended(words, order, **how)
    geometry = still.ask("geometry")
    box, cell = geometry["map"], geometry["map"]["cell"]
    top = float(
        still.root.evaluate("e => e.querySelector('.posenc-view').posenc.memory().data.topWeight")
    )
    assert weights.max() <= top * (1 + 1e-9)
    for p in range(5):
        for q in range(5):
            x, y = box["x"] + (q + 0.15) * cell, box["y"] + (p + 0.15) * cell
            if state.get("mask") and q > p:
                assert len({still.pixel(x, y), still.pixel(x + 9, y)}) == 1
                assert not still.coloured(x, y, 0), "hidden is not the same as not looked at"
            else:
                assert still.coloured(x, y, weights[p, q] / top), (p, q)
    change = changed(words, order, **how)
    for name, table in (("outputs", outputs), ("change", change[order])):
        strip = geometry[name]
        top = float(
            still.root.evaluate(
                "(e, key) => e.querySelector('.posenc-view').posenc.memory().data[key]",
                {"outputs": "topOutput", "change": "topChange"}[name],
            )
        )
        for p, j in [(0, 0), (1, 7), (2, 15), (4, 3)]:
            x, y = strip["x"] + (j + 0.5) * strip["channel"], strip["y"] + (p + 0.4) * strip["row"]
            assert still.coloured(x, y, table[p, j] / top), (name, p, j)


def test_numbers_in_cells_and_beside_rows_are_the_values(still):
    still.show(link(order="1.0.2.3.4", mask="causal"))
    order = [1, 0, 2, 3, 4]
    weights, _ = attended(DOG.split(), order, mask="causal")
    largest = np.abs(changed(DOG.split(), order, mask="causal")).max(axis=1)
    geometry = still.ask("geometry")
    box, change = geometry["map"], geometry["change"]
    for p in range(5):
        y = box["y"] + (p + 0.5) * box["cell"] - 0.75
        row = [
            w["words"] for w in still.words() if abs(w["y"] - y) < 0.1 and w["words"][1:2] == "."
        ]
        assert sorted(row) == sorted(f"{v:.2f}" for v in weights[p, : p + 1])
        beside = still.written(
            change["x"] + change["w"] + 7, change["y"] + (p + 0.5) * change["row"]
        )
        assert beside == (number(largest[order[p]]) if largest[order[p]] > 1e-12 else "0")


def test_equal_words_have_equal_outputs_until_an_encoding_parts_them(still):
    still.show("")
    assert "The outputs of both “the” are the same: nothing tells them apart." in finding(still)
    still.show("encoding=index")
    _, outputs = attended(DOG.split(), range(5), encoding="index")
    apart = np.abs(outputs[0] - outputs[3]).max()
    assert f"The outputs of both “the” are up to {number(apart)} apart." in finding(still)
    assert still.ask("facts")["twins"] == number(apart)
    # each keeps its number, by where it was written
    still.show("order=3.1.2.0.4")
    marks = [w["words"] for w in still.words() if w["words"] in {"1", "2"} and w["y"] < 60]
    assert sorted(marks) == ["1", "2"]
    assert order_of(still) == [3, 1, 2, 0, 4]


# -- hands ---------------------------------------------------------------------------------------


def drag(shuffle: OnPage, w: int, to: int, after: bool) -> None:
    """Drags one word onto the left or right half of another."""
    x0, y0 = shuffle.point(*middle(shuffle, w))
    box = shuffle.ask("geometry")["slots"][to]
    x1, y1 = shuffle.point(box["x"] + box["w"] * (0.8 if after else 0.2), box["y"] + 20)
    mouse = shuffle.page.mouse
    mouse.move(x0, y0)
    mouse.down()
    mouse.move((x0 + x1) / 2, y1, steps=4)
    mouse.move(x1, y1, steps=4)
    mouse.up()
    shuffle.settle()


def test_a_word_is_dragged_to_another_place(shuffle):
    shuffle.settle()
    drag(shuffle, 1, 4, after=True)
    assert shuffle.ask("state")["order"] == "0.2.3.4.1"
    assert sentence(shuffle) == ["the", "bit", "the", "man", "dog"]
    drag(shuffle, 4, 0, after=False)
    assert shuffle.ask("state")["order"] == "4.0.2.3.1"
    drag(shuffle, 4, 1, after=True)
    drag(shuffle, 1, 2, after=False)
    assert shuffle.ask("state")["order"] == "", "in order again"


def test_a_word_follows_the_hand_and_glides_to_its_place(open_page):
    shuffle = OnPage(open_page(PAGE, calm=False), "shuffle")
    shuffle.settle()
    x, y = shuffle.point(*middle(shuffle, 1))
    mouse = shuffle.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 33, y + 12, steps=3)
    shuffle.settle()
    held, slot = (shuffle.ask("geometry")[key][1] for key in ("tokens", "slots"))
    assert held["x"] != pytest.approx(slot["x"], abs=3) or held["y"] != pytest.approx(slot["y"])
    assert held["y"] == pytest.approx(12, abs=0.01), "it is where the hand is"
    mouse.up()
    shuffle.page.wait_for_function(
        "() => { const g = document.querySelector('[data-exhibit=shuffle] .posenc-view').posenc"
        ".geometry(); return g.tokens.every((t, w) => t.x === g.slots[w].x && t.y === g.slots[w].y) }"
    )


@pytest.mark.parametrize("calm", [True, False])
def test_rows_and_columns_slide_only_where_motion_is_welcome(open_page, calm):
    shuffle = OnPage(open_page(PAGE, calm=calm), "shuffle")
    shuffle.settle()
    seen = shuffle.root.evaluate(
        """(e) => new Promise((done) => {
          const view = e.querySelector('.posenc-view').posenc;
          const seen = [];
          const look = () => {
            seen.push(view.geometry().at[1][2]);
            if (seen.length > 400 || (seen.length > 5 && seen.at(-1) === 4)) done(seen);
            else requestAnimationFrame(look);
          };
          e.querySelector('.act-swap').click();
          look();
        })"""
    )
    assert seen[-1] == 4
    between = [p for p in seen if 1 < p < 4]
    assert bool(between) == (not calm)
    assert between == sorted(between)
    shuffle.settle()
    box = shuffle.ask("geometry")["map"]
    weights, _ = attended(DOG.split(), [0, 4, 2, 3, 1])
    x, y = box["x"] + 4.15 * box["cell"], box["y"] + 1.15 * box["cell"]
    assert shuffle.coloured(x, y, weights[1, 4] / 0.5), "and rest where they belong"


def test_a_finger_drags_sideways_and_scrolls_the_page_otherwise(open_page):
    shuffle = OnPage(open_page(PAGE, phone=True), "shuffle")
    shuffle.settle()
    x0, y0 = shuffle.point(*middle(shuffle, 0))
    last = shuffle.ask("geometry")["slots"][2]
    x1, _ = shuffle.point(last["x"] + last["w"], last["y"] + 20)
    shuffle.swipe([(x0, y0), (x0 + 10, y0), ((x0 + x1) / 2, y0), (x1, y0)])
    assert shuffle.ask("state")["order"] == "1.2.0.3.4"
    before = shuffle.ask("state")["order"]
    x0, y0 = shuffle.point(*middle(shuffle, 3))
    shuffle.swipe([(x0, y0), (x0, y0 - 30), (x0 + 4, y0 - 90), (x0 + 60, y0 - 160)])
    shuffle.settle()
    assert shuffle.ask("state")["order"] == before
    assert shuffle.page.evaluate("scrollY") > 0
    # two taps swap: nobody has to drag
    for w in (1, 4):
        x, y = shuffle.point(*middle(shuffle, w))
        shuffle.page.touchscreen.tap(x, y)
        shuffle.settle()
    assert shuffle.ask("state")["order"] == "4.2.0.3.1"


def test_arrows_move_the_word_that_has_the_focus(shuffle):
    shuffle.settle()
    token(shuffle, 1).focus()
    press = shuffle.page.keyboard.press
    spoken = "document.activeElement.getAttribute('aria-valuetext')"
    for key, order in [
        ("ArrowRight", "0.2.1.3.4"),
        ("ArrowRight", "0.2.3.1.4"),
        ("ArrowLeft", "0.2.1.3.4"),
        ("Home", "1.0.2.3.4"),
        ("End", "0.2.3.4.1"),
        ("ArrowRight", "0.2.3.4.1"),
    ]:
        press(key)
        shuffle.settle()
        assert shuffle.ask("state")["order"] == order, key
        place = order.split(".").index("1") + 1
        assert shuffle.page.evaluate(spoken) == f"dog, place {place} of 5"
    # Tab goes along the sentence as it stands
    press("Shift+Tab")
    assert shuffle.page.evaluate(spoken) == "man, place 4 of 5"
    press("Shift+Tab")
    assert shuffle.page.evaluate(spoken) == "the (2 of 2), place 3 of 5"
    press("Enter")
    shuffle.settle()
    assert shuffle.page.evaluate(spoken).endswith("taken: press another word to swap the two")
    press("Shift+Tab")
    press(" ")
    shuffle.settle()
    assert shuffle.ask("state")["order"] == "0.3.2.4.1"
    assert shuffle.page.evaluate(spoken) == "bit, place 3 of 5"
    press("Enter")
    press("Escape")
    shuffle.settle()
    assert shuffle.page.evaluate(spoken) == "bit, place 3 of 5"


def test_buttons_swap_shuffle_and_sort_back(shuffle):
    button = lambda act: shuffle.root.locator(f".act-{act}")  # noqa: E731
    swap = button("swap")
    assert swap.inner_text().replace("\u2068", "").replace("\u2069", "") == "Swap “dog” and “man”"
    assert button("sort").get_attribute("aria-disabled") == "true"
    swap.click()
    shuffle.settle()
    assert sentence(shuffle) == ["the", "man", "bit", "the", "dog"]
    assert shuffle.ask("state")["order"] == exhibits.shuffle().swapped
    swap.click()
    shuffle.settle()
    assert shuffle.ask("state")["order"] == ""
    for _ in range(4):
        last = sentence(shuffle)
        button("shuffle").click()
        shuffle.settle()
        assert sentence(shuffle) != last
        assert sorted(order_of(shuffle)) == [0, 1, 2, 3, 4]
    button("sort").click()
    shuffle.settle()
    assert sentence(shuffle) == DOG.split()
    assert shuffle.page.evaluate("document.activeElement.className") == "act-sort", "focus is kept"


@pytest.mark.parametrize("words", [ROSE, "no way", "go go go", HEBREW])
def test_the_page_swaps_the_words_that_the_library_swaps(still, words):
    still.show(link(text=words))
    still.root.locator(".act-swap").click()
    still.settle()
    assert still.ask("state")["order"] == exhibits.shuffle(text=words).swapped


def test_words_are_handles_that_a_finger_can_hit(phone):
    shuffle = phone.show(link(text="a I b of the"))
    handles = shuffle.root.locator(".handle-token:not([hidden])")
    assert handles.count() == 5
    for k in range(5):
        box = handles.nth(k).bounding_box()
        assert box["width"] >= 44
        assert box["height"] >= 44
        assert handles.nth(k).get_attribute("role") == "slider"
        assert handles.nth(k).get_attribute("aria-valuenow") == str(k + 1)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert shuffle.page.evaluate(overflow) <= 0


def test_a_cell_under_the_pointer_is_named(shuffle):
    shuffle.show("mask=causal")
    box = shuffle.ask("geometry")["map"]
    weights, _ = attended(DOG.split(), range(5), mask="causal")
    y = box["y"] + box["size"] + 17
    for p, q, says in [
        (2, 1, f"bit looks at dog: {weights[2, 1]:.3f}"),
        (1, 4, "dog may not look at man"),
    ]:
        at = shuffle.point(box["x"] + (q + 0.5) * box["cell"], box["y"] + (p + 0.5) * box["cell"])
        shuffle.page.mouse.move(*at)
        shuffle.settle()
        assert shuffle.written(y=y) == says


# -- any text ------------------------------------------------------------------------------------


def box_of(shuffle: OnPage):
    return shuffle.root.locator(".widget-text input")


def test_a_sentence_is_typed_and_the_figure_lives(shuffle):
    field = box_of(shuffle)
    assert field.input_value() == DOG
    shuffle.root.locator(".act-swap").click()
    shuffle.settle()
    field.focus()
    shuffle.page.keyboard.press("End")
    shuffle.page.keyboard.type(" twice")
    shuffle.settle()
    words = f"{DOG} twice".split()
    assert sentence(shuffle) == words, "a new text starts in its own order"
    weights, _ = attended(words, range(6))
    np.testing.assert_allclose(drawn(shuffle, "weights").reshape(6, 6), weights, atol=1e-9)
    choice = shuffle.root.locator(".widget-dropdown select")
    assert choice.evaluate("s => s.selectedIndex") == 5, "your own words"
    choice.select_option(label=ROSE)
    shuffle.settle()
    assert field.input_value() == ROSE
    assert sentence(shuffle) == ROSE.split()
    choice.select_option(label="your own words")
    shuffle.settle()
    assert field.input_value() == ROSE, "nothing is lost"
    field.fill("")
    shuffle.settle()
    assert shuffle.written(0, 28) == "No words yet: type a sentence above."
    assert finding(shuffle) == "There are no words: type a sentence, or choose one."
    assert shuffle.root.locator(".handle-token:not([hidden])").count() == 0
    for act in ("swap", "shuffle", "sort"):
        shuffle.root.locator(f".act-{act}").click(force=True)
    field.fill("harbour")
    shuffle.settle()
    assert sentence(shuffle) == ["harbour"]
    assert finding(shuffle) == "One word has only one order: add a second one."
    shuffle.tool("Reset").click()
    shuffle.settle()
    assert (field.input_value(), sentence(shuffle)) == (DOG, DOG.split())


@pytest.fixture(scope="module")
def phone(open_still):
    """A telephone, for tests that only look."""
    return OnPage(open_still(PAGE, phone=True), "shuffle")


@pytest.mark.parametrize("words", [EMOJI, MARKUP, HEBREW], ids=["emoji", "markup", "hebrew"])
@pytest.mark.parametrize("device", ["still", "phone"])
def test_any_text_is_shown_as_it_is(request, words, device):
    shuffle = request.getfixturevalue(device).show(link(text=words))
    assert box_of(shuffle).input_value() == words
    shown = sentence(shuffle)
    for short, word in zip(shown, words.split(), strict=True):
        assert short == word or (short.endswith("…") and word.startswith(short[:-1]))
    assert sum(short != word for short, word in zip(shown, words.split(), strict=True)) <= 1
    assert shuffle.root.locator(".posenc-view script, .finding i, .finding span").count() == 0
    shuffle.show(
        link(text=words, order="1.0." + ".".join(map(str, range(2, len(shown)))), encoding="index")
    )
    change = changed(words.split(), [1, 0, *range(2, len(shown))], encoding="index")
    assert f"of “{words.split()[int(np.abs(change).max(axis=1).argmax())]}”" in finding(shuffle)
    assert shuffle.root.locator(".finding i, .finding span, .finding b b").count() == 0
    for box in shuffle.ask("geometry")["tokens"]:
        assert box["x"] + box["w"] <= shuffle.canvas().bounding_box()["width"] + 0.5


def test_a_word_from_right_to_left_keeps_its_full_stop_on_the_left(still):
    """Ink at both ends of “.אב”: the point of a Hebrew word stands left of it, of a Latin one right."""

    def heights(words):
        still.show(link(text=words))
        box = still.ask("geometry")["tokens"][0]
        ink = next(w for w in still.words() if w["words"] == words)
        row = (
            box["y"] + box["h"] / 2 - 3
        )  # above the foot of the letters: a full stop leaves it free
        paper = still.pixel(box["x"] + 4, row)
        inked = [
            x
            for x in np.arange(ink["left"], ink["left"] + ink["width"], 0.5)
            if still.pixel(float(x), row) != paper
        ]
        return inked[0] - ink["left"], ink["left"] + ink["width"] - inked[-1]

    left, right = heights("ממ.")
    assert left > right + 3
    left, right = heights("mm.")
    assert right > left + 3


def test_a_very_long_word_gets_an_ellipsis(phone):
    word = "loremipsum" * 100
    shuffle = phone.show(link(text=f"a {word} b"))
    one, two, three = sentence(shuffle)
    assert (one, three) == ("a", "b")
    assert two.endswith("…")
    assert word.startswith(two[:-1])
    assert len(two) > 8
    assert drawn(shuffle, "weights").shape == (9,)


def test_a_hundred_words_are_shown_and_those_beyond_are_counted(still):
    words = " ".join(f"w{k}" for k in range(140))
    shuffle = still.show(link(text=words))
    assert len(sentence(shuffle)) == 128
    assert "12 words beyond the first 128 are left out." in finding(shuffle)
    weights, _ = attended(words.split()[:128], range(128))
    np.testing.assert_allclose(drawn(shuffle, "weights").reshape(128, 128), weights, atol=1e-9)
    # labels thin out: none lies on another
    geometry = shuffle.ask("geometry")
    box = geometry["map"]
    beside = [
        w for w in shuffle.words() if w["y"] >= box["y"] and w["x"] < box["x"] and not w["turn"]
    ]
    gaps = np.diff(sorted(w["y"] for w in beside))
    assert len(beside) > 15
    assert gaps.min() >= 12
    # tokens wrap
    width = shuffle.canvas().bounding_box()["width"]
    assert all(b["x"] + b["w"] <= width for b in geometry["tokens"])
    assert len({b["y"] for b in geometry["tokens"]}) > 5


# -- the state -----------------------------------------------------------------------------------


def test_a_link_leads_back_to_any_sentence(open_page):
    page = open_page(PAGE)
    shuffle = OnPage(page, "shuffle")
    shuffle.root.get_by_role("button", name="sinusoidal").click()
    shuffle.root.get_by_role("button", name="causal").click()
    for words in (DOG, MARKUP, HEBREW, "a\tb  c", EMOJI):
        box_of(shuffle).fill(words)
        shuffle.settle()
        shuffle.root.locator(".act-shuffle").click()
        shuffle.settle()
        state, order = shuffle.ask("state"), order_of(shuffle)
        assert state["text"] == words
        shuffle.tool("Link").click()
        page.wait_for_function("location.hash.startsWith('#shuffle?text=')")
        fragment = page.evaluate("location.hash")
        shuffle.tool("Reset").click()
        shuffle.settle()
        assert shuffle.ask("state")["mask"] == "none"
        shuffle.show(fragment.removeprefix("#shuffle?"))
        assert (shuffle.ask("state"), order_of(shuffle)) == (state, order)
        assert box_of(shuffle).input_value() == words
        assert shuffle.root.locator(".x-note").count() == 0
    other = OnPage(open_page(f"{PAGE}{fragment}"), "shuffle")
    other.settle()
    assert (other.ask("state"), order_of(other)) == (state, order)
    assert box_of(other).input_value() == EMOJI


@pytest.mark.parametrize(
    ("fragment", "says"),
    [
        ("order=0.1", "order = “0.1” does not fit the rest"),
        ("order=0.0.1.2.3", "order = “0.0.1.2.3” does not fit the rest"),
        ("order=zebra", "order = “zebra” does not fit the rest"),
        ("order=0.1.2.3.5", "order = “0.1.2.3.5” does not fit the rest"),
        ("order=-1.0.1.2.3", "order = “-1.0.1.2.3” does not fit the rest"),
        ("text=a%00b", "text holds a control character"),
        ("text=a%1Bb", "text holds a control character"),
        (f"text={'x' * 2001}", "text has 2,001 characters, and a link holds 2,000"),
        ("encoding=binary", "encoding = “binary” is not one of none, index, sinusoidal"),
        ("mask=1", "mask = “1” is not one of none, causal"),
        ("seed=-1", "seed = -1 is outside 0 to 2,147,483,647"),
    ],
)
def test_a_bad_link_is_answered_and_shows_the_default(still, fragment, says):
    still.show(fragment)
    assert says in still.root.locator(".x-note").inner_text()
    assert sentence(still) == DOG.split()
    assert order_of(still) == [0, 1, 2, 3, 4]
    still.show("order=4.3.2.1.0")
    assert still.root.locator(".x-note").count() == 0


def test_what_no_link_can_hold_is_said(shuffle):
    box_of(shuffle).fill("very " * 500)
    shuffle.settle()
    before = shuffle.page.url
    shuffle.tool("Link").click()
    status = shuffle.root.locator(".tools .status")
    status.filter(has_text="No link can lead here: text has").wait_for()
    assert shuffle.page.url == before


def test_a_screen_reader_hears_the_sentence_and_the_difference(shuffle):
    shuffle.root.locator(".act-swap").click()
    said = shuffle.root.locator(".posenc-view p.sr").first
    said.filter(
        has_text="the man bit the dog. 2 of 5 words stand elsewhere than at first."
    ).wait_for(state="attached")
    assert "Encoding none, mask none. Largest difference of the outputs: 0" in said.inner_text()
    assert "the man bit the dog" in shuffle.canvas().get_attribute("aria-label")
    shuffle.root.get_by_role("button", name="index").click()
    by = np.abs(changed(DOG.split(), [0, 4, 2, 3, 1], encoding="index")).max()
    said.filter(has_text=f"Largest difference of the outputs: {number(by)}.").wait_for(
        state="attached"
    )


def test_the_numbers_can_be_saved(shuffle):
    shuffle.show(link(text='say "a, b" twice', order="1.0.2.3", mask="causal"))
    with shuffle.page.expect_download() as download:
        shuffle.tool("Data").click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
    head, *body = rows
    words, order = ["say", '"a,', 'b"', "twice"], [1, 0, 2, 3]
    assert head[:4] == ["place", "word", "first_place", "largest_difference"]
    assert [row[1] for row in body] == [words[w] for w in order]
    assert [int(row[2]) for row in body] == order
    weights, outputs = attended(words, order, mask="causal")
    numbers = np.array([row[4:] for row in body], dtype=float)
    np.testing.assert_allclose(numbers, np.hstack([weights, outputs]), atol=1e-6)
    largest = np.abs(changed(words, order, mask="causal")).max(axis=1)
    got = np.array([float(row[3]) for row in body])
    np.testing.assert_allclose(got, largest[order], rtol=1e-3, atol=1e-12)
    with shuffle.page.expect_download() as download:
        shuffle.tool("Picture").click()
    width, height = png_size(Path(download.value.path()).read_bytes())
    assert width > 1200
    assert height > 800


# -- in Python -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES, ids=lambda s: link(**s)[:40] or "first")
def test_the_library_compares_as_numpy_does(state):
    exhibit = exhibits.shuffle(**state)
    words = state.get("text", DOG).split()
    order = [int(w) for w in state.get("order", "").split(".") if w] or list(range(len(words)))
    how = {key: state[key] for key in ("encoding", "mask", "seed") if key in state}
    compared = exhibit.compared()
    np.testing.assert_allclose(compared.now.output, attended(words, order, **how)[1], atol=1e-12)
    np.testing.assert_allclose(compared.change, changed(words, order, **how), atol=1e-12)
    assert exhibit.shuffled == [words[w] for w in order]


def test_the_printed_picture_says_what_it_shows():
    exhibit = exhibits.shuffle()
    largest = np.abs(changed(DOG.split(), [0, 4, 2, 3, 1])).max()
    alt = exhibit._alt()
    assert "for “the dog bit the man”, as written, and for “the man bit the dog”" in alt
    assert "2 of 5 words stand elsewhere" in alt
    assert "the same vectors in another order" in alt
    assert largest < 1e-12
    exhibit.set(order="1.0.2.3.4", mask="causal")
    by = np.abs(changed(DOG.split(), [1, 0, 2, 3, 4], mask="causal")).max()
    assert f"it is {text.number(float(by), 2)}: the outputs are different vectors" in exhibit._alt()
    figure = exhibit._picture()
    first, now, change = (axes.images[0].get_array() for axes in figure.axes[:3])
    np.testing.assert_allclose(first, attended(DOG.split(), range(5), mask="causal")[0])
    np.testing.assert_allclose(now, attended(DOG.split(), [1, 0, 2, 3, 4], mask="causal")[0])
    expected = changed(DOG.split(), [1, 0, 2, 3, 4], mask="causal")[[1, 0, 2, 3, 4]]
    np.testing.assert_allclose(change, expected, atol=1e-12)
    names = [label.get_text() for label in figure.axes[1].get_yticklabels()]
    assert names == ["dog", "the", "bit", "the", "man"]


@pytest.mark.filterwarnings("error::UserWarning")
@pytest.mark.parametrize(
    "words", ["", "one", HUNDRED, EMOJI, MARKUP, HEBREW, "$x$ _y_ " + "z" * 400]
)
def test_the_picture_prints_any_text(words):
    exhibit = exhibits.shuffle(text=words)
    bundle = exhibit._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert len(data["image/png"]) > 500


def test_settings_of_text_are_checked():
    exhibit = exhibits.shuffle()
    exhibit.set(text="a b c", order="2.0.1")
    assert exhibit.shuffled == ["c", "a", "b"]
    assert exhibit.sentence_index == len(exhibit.sentences)
    for value, error, says in [
        (3, TypeError, "text must be a text; got 3"),
        ("x" * 2001, ValueError, "at most 2,000 characters; got 2,001"),
        ("a\x00b", ValueError, "no control characters; got '\\x00' at 1"),
    ]:
        with pytest.raises(error, match=says.replace("\\", "\\\\")):
            exhibit.set(text=value)
    for bad in ("0.1", "0.0.1", "a.b.c", "0.1.3", "²"):
        with pytest.raises(traitlets.TraitError, match="it must name each place from 0 to 2 once"):
            exhibit.set(order=bad)
    assert exhibit.order == "2.0.1", "nothing is lost"
    exhibit.text = ROSE
    assert exhibit.order == ""
    assert exhibit.sentence_index == exhibit.sentences.index(ROSE)
    exhibit.sentence_index = 0
    assert exhibit.text == DOG


def test_a_sentence_on_a_real_encoder_goes_into_the_caption():
    assert exhibits.shuffle().foot.notice + " So." == exhibits.shuffle(measured="So.").foot.notice
