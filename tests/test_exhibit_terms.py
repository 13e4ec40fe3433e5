"""The four terms, on the built page: what is drawn against NumPy, by every hand, with any text."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, percent, png_size

from posenc import attention, data, encodings, exhibits, sums, text

PAGE = "book/add.html"
D = 64
DOG = "the dog bit the man"
ROSE = "a rose is a rose is a rose"
TERMS = ("cc", "cp", "pc", "pp")
NAMES = ("content", "position")


@pytest.fixture
def terms(open_page):
    return OnPage(open_page(f"{PAGE}#terms?w=identity"), "terms").arrive()


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "terms")


def link(**state: object) -> str:
    return "&".join(f"{key}={quote(str(value), safe='')}" for key, value in state.items())


# -- the terms, from their definition ----------------------------------------------------------------


def turned(k: int) -> np.ndarray:
    """The matrix that takes PE(t) to PE(t - k), pair by pair."""
    m = np.zeros((D, D))
    for i in range(D // 2):
        a = k * 10000.0 ** (-2 * i / D)
        m[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [
            [math.cos(a), -math.sin(a)],
            [math.sin(a), math.cos(a)],
        ]
    return m


def expected(sentence=DOG, w="identity", k=1, seed=1, size=0.5, **faders):
    """Words, the four terms times their faders, and the softmax of their sum."""
    words = sentence.split()[:12]
    if w.startswith("minilm"):
        head = sums.WordHead(
            data.load("terms-minilm"), data.notes("terms-minilm")["words"], int(w[6:])
        )
        own = head.terms(words)
        words = head.tokens(words)
    else:
        x = size * attention.word_vectors(words, D)
        p = encodings.sinusoidal(len(words), D)
        matrix = {
            "identity": np.eye(D),
            "random": attention.random_head(D, seed=seed).w_q,
            "shift": turned(k),
        }[w]
        pairs = ((x, x), (x, p), (p, x), (p, p))
        own = np.stack([(a @ matrix.T) @ b.T / 8 for a, b in pairs])
    faded = own * np.array([float(faders.get(term, 1)) for term in TERMS])[:, None, None]
    scores = faded.sum(axis=0)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return words, own, faded, e / e.sum(axis=1, keepdims=True)


def shares(faded):
    """Each term's covariance with the score along the rows, over the variance of the score."""
    flat = [(term - term.mean(axis=1, keepdims=True)).ravel() for term in faded]
    whole = np.sum(flat, axis=0)
    return np.array([part @ whole for part in flat]) / (whole @ whole)


def drawn(exhibit: OnPage, key: str) -> np.ndarray:
    """What the drawing was made from: faded, sum, weights, shares."""
    found = exhibit.root.evaluate(
        """(e, key) => {
          const value = e.querySelector('.posenc-view').posenc.memory().data[key];
          return key === 'faded' ? value.map((v) => Array.from(v)) : Array.from(value);
        }""",
        key,
    )
    return np.array(found)


def finding(exhibit: OnPage) -> str:
    said = exhibit.root.locator(".finding").inner_text()
    return said.replace("\u2068", "").replace("\u2069", "").replace("\u00a0", " ")


STATES = [
    {},
    {"w": "random", "seed": 7},
    {"w": "shift", "k": 2, "size": 0.25, "text": ROSE},
    {"cc": 0, "cp": 0.5, "pc": 0.25, "size": 4},
    {"w": "minilm2", "t": 3, "s": 2},
    {"w": "minilm8", "pp": 0.4, "text": ROSE},
    {"w": "minilm1", "text": "The cat SAW a Zanzibar."},
    {"size": 0, "t": 1},
    {"text": " ".join(f"w{n}" for n in range(30))},
]


def asked(state: dict[str, object]) -> dict[str, object]:
    """A state as `expected` takes it."""
    return {
        "sentence" if key == "text" else key: value
        for key, value in state.items()
        if key not in {"t", "s"}
    }


@pytest.mark.parametrize("state", STATES, ids=lambda s: link(**s)[:40] or "first")
def test_terms_sum_and_softmax_are_what_numpy_computes(still, state):
    still.show(link(**state))
    words, _, faded, weights = expected(**asked(state))
    n = len(words)
    np.testing.assert_allclose(drawn(still, "faded").reshape(4, n, n), faded, atol=1e-9)
    np.testing.assert_allclose(drawn(still, "sum").reshape(n, n), faded.sum(axis=0), atol=1e-9)
    np.testing.assert_allclose(drawn(still, "weights").reshape(n, n), weights, atol=1e-9)
    share = shares(faded)
    np.testing.assert_allclose(drawn(still, "shares"), share, atol=1e-9)
    facts = still.ask("facts")
    assert [facts[term] for term in TERMS] == [percent(x) for x in share]
    said = finding(still)
    assert f"content → content carries {percent(share[0])}, content → position" in said
    assert f"position → content {percent(share[2])} and position → position " in said
    assert int(facts["words"]) == n


@pytest.mark.parametrize("state", STATES[:5], ids=lambda s: link(**s)[:40] or "first")
def test_the_expansion_is_exact_and_the_faders_move_what_they_move(still, state):
    still.show(link(**state))
    weights = expected(**asked(state))[3]
    if not any(term in state for term in TERMS):
        assert "The four add up to the scores computed whole: the largest difference is" in (
            finding(still)
        )
        assert "× 10⁻¹" in finding(still).replace("\u00a0", " ")
        assert "× 10⁻¹" in still.ask("facts")["gap"].replace("\u00a0", " ")
        assert still.ask("facts")["moved"] == "0%"
        return
    _, _, _, before = expected(**{k: v for k, v in asked(state).items() if k not in TERMS})
    by = np.abs(weights - before).sum(axis=1).mean() / 2
    assert by > 0.05
    assert f"The faders send {percent(by)} of the attention elsewhere" in finding(still)
    assert still.ask("facts")["moved"] == percent(by)


@pytest.mark.parametrize("state", STATES[:5], ids=lambda s: link(**s)[:40] or "first")
def test_cells_have_the_colour_of_their_value(still, state):
    still.show(link(**state))
    words, own, faded, weights = expected(**asked(state))
    span = max(np.abs(own).max(), np.abs(own.sum(axis=0)).max())
    geometry = still.ask("geometry")
    cell = geometry["cell"]
    shown = [*faded / span, faded.sum(axis=0) / span, weights]
    for box, values in zip(geometry["maps"], shown, strict=True):
        for t, s in ((0, 0), (4, 1), (0, len(words) - 1), (len(words) - 1, 3)):
            x, y = box["x"] + (s + 0.5) * cell, box["y"] + (t + 0.5) * cell
            assert still.coloured(x, y, values[t, s]), (box, t, s)


def test_the_pair_is_written_out(still):
    still.show(link(t=2, s=1, pc=0.5))
    _, _, faded, weights = expected(pc=0.5)
    a, b, c, d = (float(term[2, 1]) for term in faded)
    assert b < 0 < a
    line = still.written(y=still.ask("geometry")["equation"])
    assert line == (
        f"bit looks at dog: {a:.2f} − {-b:.2f} + {c:.2f} + {d:.2f} = {a + b + c + d:.2f}, "
        f"attention {weights[2, 1]:.2f}"
    )
    facts = still.ask("facts")
    assert (facts["word"], facts["looked"]) == ("bit", "dog")
    assert facts["score"] == f"{a + b + c + d:.2f}"
    assert facts["weight"] == f"{weights[2, 1]:.2f}"
    said = still.ask("say")
    assert said.startswith(f"bit looks at dog: content to content {a:.2f}, content to position −")


def test_the_real_heads_do_what_their_names_say(still):
    still.show("w=minilm2")
    n = 7
    weights = drawn(still, "weights").reshape(n, n)
    assert np.diagonal(weights, -1).min() > 0.95
    assert drawn(still, "shares")[3] > 0.9
    still.show("w=minilm1")
    assert drawn(still, "shares")[0] > 0.7
    still.show("w=minilm8")
    assert np.abs(drawn(still, "shares")).min() > 0.05
    # positions alone: the head that looks one back goes on doing so, but for the first word, which
    # has only the mark of the beginning behind it; words alone: it does not
    still.show("w=minilm2&cc=0&cp=0&pc=0")
    back = np.diagonal(drawn(still, "weights").reshape(n, n), -1)
    assert back[1:].min() > 0.98 and back[0] < 0.5
    still.show("w=minilm2&cp=0&pc=0&pp=0")
    assert np.diagonal(drawn(still, "weights").reshape(n, n), -1).mean() < 0.5


# -- hands ---------------------------------------------------------------------------------------


def test_the_mouse_drags_a_fader_and_the_picture_fades(terms):
    x, y = terms.middle("pp")
    track = terms.ask("geometry")["faders"][3]
    mouse = terms.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x - 20, y)
    mouse.move(x - 0.75 * (track["right"] - track["left"]), y + 3)
    mouse.up()
    terms.settle()
    assert terms.ask("state")["pp"] == pytest.approx(0.25, abs=0.02)
    _, _, faded, _ = expected(pp=terms.ask("state")["pp"])
    np.testing.assert_allclose(drawn(terms, "faded").reshape(4, 5, 5), faded, atol=1e-9)
    assert f"× {terms.ask('state')['pp']:.2f}" in terms.written(x=track["x"], y=track["y"])
    mouse.move(*terms.middle("pp"))
    mouse.down()
    mouse.move(x - 900, y)
    mouse.up()
    assert terms.ask("state")["pp"] == 0, "a limit is met by stopping"


def test_the_keyboard_moves_every_handle(terms):
    for term in TERMS:
        fader = terms.handle(term)
        fader.press("ArrowLeft")
        assert terms.ask("state")[term] == pytest.approx(0.95)
        fader.press("PageDown")
        assert terms.ask("state")[term] == pytest.approx(0.7)
        fader.press("Home")
        fader.press("ArrowRight")
        assert terms.ask("state")[term] == pytest.approx(0.05)
        fader.press("End")
        assert terms.ask("state")[term] == 1
        terms.settle()
        assert fader.get_attribute("aria-valuetext") == "100%"
    terms.handle("row").press("ArrowDown")
    terms.handle("column").press("End")
    terms.handle("column").press("ArrowLeft")
    assert (terms.ask("state")["t"], terms.ask("state")["s"]) == (3, 3)
    terms.settle()
    assert terms.handle("row").get_attribute("aria-valuetext") == "the, position 3"


def test_a_press_chooses_a_pair_in_any_picture_and_a_hover_only_peeks(terms):
    geometry = terms.ask("geometry")
    cell = geometry["cell"]
    for m, (t, s) in enumerate(((0, 4), (1, 3), (4, 4), (3, 0), (2, 2), (4, 0))):
        box = geometry["maps"][m]
        terms.page.mouse.click(
            *terms.point(box["x"] + (s + 0.5) * cell, box["y"] + (t + 0.5) * cell)
        )
        assert (terms.ask("state")["t"], terms.ask("state")["s"]) == (t, s)
    box = geometry["maps"][1]
    terms.page.mouse.move(*terms.point(box["x"] + 2.5 * cell, box["y"] + 1.5 * cell))
    terms.settle()
    assert terms.written(y=geometry["equation"]).startswith("dog looks at bit: ")
    assert (terms.ask("state")["t"], terms.ask("state")["s"]) == (4, 0)


def test_the_marks_are_dragged(terms):
    cell = terms.ask("geometry")["cell"]
    for name, way in (("row", (0, cell)), ("column", (2 * cell, 0))):
        x, y = terms.middle(name)
        terms.page.mouse.move(x, y)
        terms.page.mouse.down()
        terms.page.mouse.move(x + way[0], y + way[1], steps=3)
        terms.page.mouse.up()
    assert (terms.ask("state")["t"], terms.ask("state")["s"]) == (3, 3)


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_a_finger_pulls_the_faders_and_nothing_is_outside(open_page, dark):
    page = open_page(f"{PAGE}#terms?w=minilm8", phone=True, dark=dark)
    terms = OnPage(page, "terms").arrive()
    x, y = terms.middle("cc")
    track = terms.ask("geometry")["faders"][0]
    run = track["right"] - track["left"]
    terms.swipe([(x, y), (x - run / 4, y), (x - run / 2, y)])
    assert terms.ask("state")["cc"] == pytest.approx(0.5, abs=0.06)
    terms.page.evaluate("scrollBy(0, -200)")
    box = terms.ask("geometry")["maps"][3]
    x, y = terms.point(box["x"] + 30, box["y"] + 60)
    before = page.evaluate("scrollY"), terms.ask("state")["t"]
    terms.swipe([(x, y - 12 * n) for n in range(10)])
    page.wait_for_function("before => scrollY > before", arg=before[0])
    assert terms.ask("state")["t"] == before[1]
    page.touchscreen.tap(*terms.point(box["x"] + 5, box["y"] + 5))
    assert (terms.ask("state")["t"], terms.ask("state")["s"]) == (0, 0)
    width = terms.canvas().evaluate("e => e.clientWidth")
    geometry = terms.ask("geometry")
    assert max(box["x"] for box in geometry["maps"]) + geometry["side"] <= width
    for word in terms.words():
        assert word["left"] >= -1 and (word["turn"] or word["left"] + word["width"] <= width + 1)
    for name in (*TERMS, "row", "column"):
        size = terms.handle(name).bounding_box()
        assert min(size["width"], size["height"]) >= 24
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# -- what a reader types -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "n"),
    [
        ("", 0),
        ("one", 1),
        ("<b>bold</b> **star** *x* [a]{tok} \\back", 5),
        ("הכלב נשך, את האיש! والكلب", 5),
        ("🐕 bit 👨‍👩‍👧 & 100%", 5),
        ("w" * 200, 1),
    ],
)
def test_any_text_is_read_as_it_is_written(still, written, n):
    for w in ("identity", "minilm8"):
        still.show(link(text=written, w=w))
        count = n + 2 if w == "minilm8" else n
        assert int(still.ask("facts")["words"]) == count
        assert still.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if not count:
            assert finding(still) == "There are no words: type a sentence, or choose one."
    assert ("read as unknown" in finding(still)) == (written not in {"", "one"})


def test_typing_choosing_and_switching(terms):
    field = terms.root.get_by_placeholder("type up to 12 words")
    field.fill("the cat saw the ship")
    terms.settle()
    words, _, faded, _ = expected("the cat saw the ship")
    np.testing.assert_allclose(drawn(terms, "faded").reshape(4, 5, 5), faded, atol=1e-9)
    chosen = terms.root.locator("select").first
    assert chosen.evaluate("e => e.selectedIndex") == 4, "your own"
    chosen.select_option(index=1)
    assert terms.ask("state")["text"] == ROSE
    heads = terms.root.locator("select").nth(1)
    k = terms.slider("of the shift")
    assert k.get_attribute("aria-disabled") == "true" or terms.ask("state")["no_k"]
    heads.select_option(index=2)
    terms.settle()
    assert not terms.ask("state")["no_k"]
    k.press("ArrowRight")
    assert terms.ask("state")["k"] == 2
    heads.select_option(index=3)
    terms.arrive()
    words, _, faded, _ = expected(ROSE, w="minilm2")
    np.testing.assert_allclose(
        drawn(terms, "faded").reshape(4, len(words), len(words)), faded, atol=1e-9
    )
    assert terms.ask("state")["no_size"]


# -- links, tools, Python ------------------------------------------------------------------------


def test_link_reset_picture_and_data(terms):
    terms.show("w=random&seed=3&cc=0.25&t=1&s=4")
    terms.tool("Link").click()
    for part in ("w=random", "seed=3", "cc=0.25", "t=1", "s=4"):
        assert part in terms.page.url.rpartition("?")[2].split("&")
    with terms.page.expect_download() as download:
        terms.tool("Data").click()
    rows = list(csv.reader(Path(download.value.path()).read_text("utf-8").splitlines()))
    head = next(at for at, row in enumerate(rows) if row[:2] == ["t", "looks"])
    _, _, faded, weights = expected(w="random", seed=3, cc=0.25)
    table = rows[head + 1 :]
    assert len(table) == 25
    for row in table:
        t, s = int(row[0]), int(row[2])
        assert (row[1], row[3]) == (DOG.split()[t], DOG.split()[s])
        numbers = [*faded[:, t, s], faded[:, t, s].sum(), weights[t, s]]
        np.testing.assert_allclose([float(x) for x in row[4:]], numbers, atol=1e-6)
    with terms.page.expect_download() as download:
        terms.tool("Picture").click()
    width, height = png_size(Path(download.value.path()).read_bytes())
    assert width > 800 and height > 600
    terms.tool("Reset").click()
    terms.settle()
    state = terms.ask("state")
    assert (state["matrix"], state["cc"], state["t"], state["s"]) == ("identity", 1, 2, 1)


@pytest.mark.parametrize(
    ("fragment", "note"),
    [
        ("cc=1.5", "cc = 1.5 is outside 0 to 1"),
        ("w=learned", "is not one of identity, random, shift, minilm2"),
        ("k=9", "k = 9 is outside 0 to 4"),
    ],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    still.show(fragment)
    assert note in still.root.locator(".x-note").inner_text()


def test_the_python_side_computes_the_same():
    for state in STATES:
        given = {{"w": "matrix"}.get(key, key): value for key, value in state.items()}
        figure = exhibits.terms(**given)
        words, own, faded, weights = expected(**asked(state))
        assert figure.words == words
        np.testing.assert_allclose(figure.terms, own, atol=1e-9)
        np.testing.assert_allclose(figure.weights, weights, atol=1e-9)
        np.testing.assert_allclose(figure.shares, shares(faded), atol=1e-9)
        assert figure.gap < 1e-12
        alt = figure._alt()
        assert f"position to position {text.percent(float(shares(faded)[3]))}." in alt
        t = min(figure.t, len(words) - 1)
        best = int(weights[t].argmax())
        assert f"“{words[t]}” gives {weights[t, best]:.2f} to “{words[best]}”." in alt
        figure._picture()


def test_bad_values_are_refused():
    figure = exhibits.terms()
    with pytest.raises(ValueError, match="cc must lie in 0 to 1; got 2"):
        figure.set(cc=2)
    with pytest.raises(traitlets.TraitError, match=r"size = 9\.0 cannot be shown"):
        figure.size = 9
    with pytest.raises(traitlets.TraitError):
        figure.matrix = "learned"
    figure.set(text="two words", t=9)
    assert (figure.t, figure.s) == (1, 1)
    figure.text = ""
    assert figure._alt() == "There are no words, and so no scores."
    figure._picture()
