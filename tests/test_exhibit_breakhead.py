"""The real head with its clocks as switches: moved by every kind of hand, compared with NumPy."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, png_size

from posenc import data, exhibits, realhead, text

PAGE = "book/learned.html"
KEPT = {name: np.asarray(values, float) for name, values in data.load(realhead.FILE).items()}
WORDS = data.notes(realhead.FILE)["words"]
N = len(WORDS)
MEASURED = data.load("previous-token")


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "breakhead").arrive()


@pytest.fixture
def head(open_page):
    return OnPage(open_page(PAGE), "breakhead").arrive()


# -- from the definitions ------------------------------------------------------------------------


def attention(
    off: tuple[int, ...] = (),
    first: int = 1,
    by: float = 0.0,
    moves: str = "all words",
    past: str = "clocks",
    words: str = "a sentence",
) -> tuple[np.ndarray, np.ndarray]:
    """Scores and weights: each hand a complex number, each word a query and a key of 32 numbers."""
    z = KEPT["hands"][:, 0::2] + 1j * KEPT["hands"][:, 1::2]
    turn = np.exp(1j * KEPT["angles"])
    rows = []
    for t in range(first, first + N):
        if t < 512:
            rows.append(z[t])
        elif past == "clocks":
            rows.append(z[509] * turn ** (t - 509))
        elif past == "line":
            rows.append(z[509] + (t - 509) * (z[509] - z[508]))
        else:
            rows.append(z[509])
    asked = np.array(rows)
    asking = asked * turn**by
    if moves == "all words":
        asked = asking
    at = np.arange(1, N + 1) if words == "a sentence" else np.zeros(N, int)

    def seen(of: np.ndarray, word: str, hand: str) -> np.ndarray:
        of = of.copy()
        of[:, list(off)] = 0
        y = np.stack([of.real, of.imag], axis=2).reshape(N, -1)
        square = (
            KEPT["wordSquare"][at]
            + 2 * np.einsum("nj,nj->n", KEPT["wordCross"][at], y)
            + np.einsum("nj,jk,nk->n", y, KEPT["gram"], y)
        )
        return (KEPT[word][at] + y @ KEPT[hand]) / np.sqrt(square / 384)[:, None]

    queries = seen(asking, "wordQuery", "query") + KEPT["bias"]
    scores = queries @ seen(asked, "wordKey", "key").T / np.sqrt(32)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return scores, e / e.sum(axis=1, keepdims=True)


def previous(weights: np.ndarray) -> float:
    return float(np.mean([weights[t, t - 1] for t in range(1, N)]))


CASES = [
    ("", {}),
    ("h1=off", {"off": (0,)}),
    ("h1=off&h2=off&first=200", {"off": (0, 1), "first": 200}),
    ("h2=off&h3=off&h4=off&h5=off&words=any words", {"off": (1, 2, 3, 4), "words": "any words"}),
    ("by=0.5", {"by": 0.5}),
    ("by=0.5&moves=the one that looks", {"by": 0.5, "moves": "the one that looks"}),
    ("first=500", {"first": 500}),
    ("first=500&past=line", {"first": 500, "past": "line"}),
    ("first=900&past=last row", {"first": 900, "past": "last row"}),
    ("first=900", {"first": 900}),
    ("h1=off&h2=off&h3=off&h4=off&h5=off", {"off": (0, 1, 2, 3, 4)}),
]
cases = pytest.mark.parametrize(("fragment", "of"), CASES)


def finding(head: OnPage) -> str:
    return " ".join(head.root.locator(".finding").inner_text().split())


# -- what is drawn -------------------------------------------------------------------------------


@cases
def test_scores_and_weights_are_what_numpy_computes(still, fragment, of):
    head = still.show(fragment)
    scores, weights = attention(**of)
    np.testing.assert_allclose(head.memory("scores").reshape(N, N), scores, atol=1e-8)
    np.testing.assert_allclose(head.memory("weights").reshape(N, N), weights, atol=1e-8)


@cases
def test_cells_have_the_colour_of_their_weight(still, fragment, of):
    head = still.show(f"{fragment}&t=0".lstrip("&"))
    _, weights = attention(**of)
    heat = head.ask("geometry")["heat"]
    for t, s in [(4, 3), (9, 8), (20, 19), (20, 13), (11, 11), (25, 2), (2, 28)]:
        x = heat["x"] + (s + 0.3) * heat["cell"]
        y = heat["y"] + (t + 0.3) * heat["cell"]
        assert head.coloured(x, y, weights[t, s]), (t, s)


@cases
def test_the_finding_says_what_numpy_says(still, fragment, of):
    head = still.show(fragment)
    _, weights = attention(**of)
    said = finding(head)
    on = 5 - len(of.get("off", ()))
    who = "all five hands" if on == 5 else f"{on} of 5 hands" if on else "no hand"
    told = text.fixed(previous(weights), 2)
    assert said.startswith(f"With {who} on, the word before gets {told} of the attention")
    whole = attention(**{**of, "off": ()})[1]
    assert (f"with all five {text.fixed(previous(whole), 2)}" in said) == (on < 5)
    past = max(0, min(N, of.get("first", 1) + N - 512))
    assert (f"{past} of {N} positions are past the last row, 511" in said) == (past > 0)
    facts = head.ask("facts")
    assert facts["previous"] == told
    assert facts["hands"] == str(on)
    assert facts["invented"] == str(past)
    best = int(weights[12].argmax())
    assert facts["weight"] == text.fixed(weights[12, best], 2)
    if of.get("moves"):
        itself = np.mean([weights[t, t] for t in range(1, N)])
        assert f"gives {text.fixed(itself, 2)} to itself" in said
    assert told in head.ask("say")


@pytest.mark.parametrize("fragment", ["", "h1=off&h4=off", "first=300&t=7&by=0.25"])
def test_the_hands_point_where_the_marked_word_stands(still, fragment):
    head = still.show(fragment)
    state, geometry = head.ask("state"), head.ask("geometry")
    row = KEPT["hands"][state["first"] + state["t"]]
    z = (row[0::2] + 1j * row[1::2]) * np.exp(1j * KEPT["angles"] * state["by"])
    for k, dial in enumerate(geometry["dials"]):
        dx, dy = dial["tip"][0] - dial["x"], dial["y"] - dial["tip"][1]
        assert np.angle((dx + 1j * dy) / z[k]) == pytest.approx(0, abs=1e-6)
    below = head.written(y=geometry["bank"]["y"] + geometry["bank"]["r"] + 32)
    assert below == "".join(state[f"hand{k}"] for k in range(1, 6))


def test_the_distances_are_means_over_pairs(still):
    head = still.show("h1=off")
    _, weights = attention(off=(0,))
    rows = weights[1:]
    expected = [np.diagonal(rows, 1 - back).mean() if back < N else 0 for back in range(1, 20)]
    np.testing.assert_allclose(head.memory("byBack")[N : N + 19], expected, atol=1e-8)


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_everything_is_inside(open_page, dark):
    head = OnPage(open_page(f"{PAGE}#breakhead?t=29", phone=True, dark=dark), "breakhead")
    head.arrive()
    width = head.canvas().evaluate("e => e.clientWidth")
    geometry = head.ask("geometry")
    assert geometry["row"]["x"] + 7 <= width
    assert geometry["plot"]["x"] + geometry["plot"]["w"] <= width
    for word in head.words():
        assert word["left"] >= -1, word
        assert word["left"] + word["width"] <= width + 1, word
    for name in ("hand1", "hand5", "row"):
        box = head.handle(name).bounding_box()
        assert min(box["width"], box["height"]) >= 44
    assert head.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# -- by hand -------------------------------------------------------------------------------------


def switches(head: OnPage) -> str:
    state = head.ask("state")
    return "".join("1" if state[f"hand{k}"] == "on" else "0" for k in range(1, 6))


def test_the_mouse_switches_hands_and_drags_the_row(head):
    head.page.mouse.click(*head.middle("hand1"))
    head.settle()
    assert switches(head) == "01111"
    _, weights = attention(off=(0,))
    np.testing.assert_allclose(head.memory("weights").reshape(N, N), weights, atol=1e-8)
    head.page.mouse.click(*head.middle("hand3"))
    head.page.mouse.click(*head.middle("hand1"))
    head.settle()
    assert switches(head) == "11011"
    cell = head.ask("geometry")["heat"]["cell"]
    x, y = head.middle("row")
    head.page.mouse.move(x, y)
    head.page.mouse.down()
    head.page.mouse.move(x + 3, y + 5 * cell)
    head.page.mouse.up()
    head.settle()
    assert head.ask("state")["t"] == 17
    heat = head.ask("geometry")["heat"]
    head.page.mouse.click(*head.point(heat["x"] + 5, heat["y"] + 3.5 * cell))
    head.settle()
    assert head.ask("state")["t"] == 3


def test_the_keyboard_switches_hands_and_moves_the_row(head):
    head.handle("hand2").press(" ")
    assert switches(head) == "10111"
    head.handle("hand2").press("Enter")
    assert switches(head) == "11111"
    head.handle("hand5").press("ArrowLeft")
    head.handle("hand5").press("ArrowLeft")
    assert switches(head) == "11110"
    head.handle("hand5").press("ArrowRight")
    assert switches(head) == "11111"
    head.handle("row").press("ArrowDown")
    head.handle("row").press("PageDown")
    assert head.ask("state")["t"] == 18
    head.handle("row").press("Home")
    assert head.ask("state")["t"] == 0
    head.handle("hand1").press(" ")
    head.settle()
    spoken = head.handle("hand1").get_attribute("aria-valuetext")
    told = text.fixed(previous(attention(off=(0,))[1]), 2)
    assert spoken.endswith(f"is off; the word before gets {told}")


def test_a_finger_switches_a_hand_and_chooses_a_row(open_page):
    head = OnPage(open_page(PAGE, phone=True), "breakhead").arrive()
    head.page.touchscreen.tap(*head.middle("hand1"))
    head.settle()
    assert switches(head) == "01111"
    heat = head.ask("geometry")["heat"]
    head.canvas().scroll_into_view_if_needed()
    head.page.touchscreen.tap(*head.point(heat["x"] + 20, heat["y"] + 6.5 * heat["cell"]))
    head.settle()
    assert head.ask("state")["t"] == 6


def test_sliders_and_switches_drive_the_picture(head):
    head.slider("moved by").press("End")
    head.root.get_by_role("button", name="the one that looks").click()
    head.settle()
    _, weights = attention(by=1.0, moves="the one that looks")
    np.testing.assert_allclose(head.memory("weights").reshape(N, N), weights, atol=1e-8)
    assert np.diagonal(weights)[1:].mean() > 0.9
    head.slider("moved by").press("Home")
    head.slider("first position").press("End")
    head.root.get_by_role("button", name="last row").click()
    head.root.get_by_role("button", name="any words").click()
    head.settle()
    _, weights = attention(first=1000, past="last row", words="any words")
    np.testing.assert_allclose(head.memory("weights").reshape(N, N), weights, atol=1e-8)


@pytest.mark.parametrize("key", ["ArrowLeft", "ArrowRight"])
def test_the_first_position_stays_whole_however_the_slider_adds(open_page, key):
    """A slider's own steps come to 399.00000000000006, and there is no such row."""
    head = OnPage(open_page(f"{PAGE}#breakhead?first=400"), "breakhead").arrive()
    for presses in range(1, 5):
        head.slider("first position").press(key)
        head.settle()
        first = 400 + (presses if key == "ArrowRight" else -presses)
        assert head.ask("state")["first"] == first
        _, weights = attention(first=first)
        np.testing.assert_allclose(head.memory("weights").reshape(N, N), weights, atol=1e-8)


# -- links, tools, Python ------------------------------------------------------------------------


def test_link_and_reset(head):
    asked = (
        "h1=off&h2=on&h3=off&h4=on&h5=on&first=490&t=4&by=0.25"
        "&moves=the%20one%20that%20looks&past=line&words=any%20words"
    )
    head.show(asked)
    assert switches(head) == "01011"
    head.tool("Link").click()
    assert head.page.url.endswith(f"#breakhead?{asked}")
    head.tool("Reset").click()
    head.settle()
    assert switches(head) == "11111"
    assert head.ask("state")["first"] == 1


@pytest.mark.parametrize(
    ("fragment", "note"),
    [
        ("h1=maybe", "is not one of on, off"),
        ("by=2", "by = 2 is outside 0 to 1"),
        ("first=1001", "first = 1,001 is outside 0 to 1,000"),
        ("past=wrap", "is not one of clocks, line, last row"),
    ],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    still.show(fragment)
    said = still.root.locator(".x-note").inner_text()
    assert note in said or note.replace("1,001", "1001") in said


def test_picture_and_data_are_saved(head):
    with head.page.expect_download() as download:
        head.tool("Picture").click()
    width, height = png_size(Path(download.value.path()).read_bytes())
    assert width > 800
    assert height > 400
    with head.page.expect_download() as download:
        head.tool("Data").click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text())))
    assert rows[0] == ["t", "looks", "s", "looked at", "words back", "score", "weight"]
    assert len(rows) == 1 + N * N
    scores, weights = attention()
    for t, looks, s, looked, back, score, weight in rows[1::37]:
        a, b = int(t) - 1, int(s) - 1
        assert (looks, looked, int(back)) == (WORDS[a], WORDS[b], a - b)
        assert float(score) == pytest.approx(scores[a, b], abs=1e-5)
        assert float(weight) == pytest.approx(weights[a, b], abs=1e-5)


@cases
def test_python_computes_the_same(fragment, of):
    kept = dict(of)
    off = kept.pop("off", ())
    switch = {f"hand{k + 1}": "off" for k in off}
    view = exhibits.breakhead(**kept, **switch)
    scores, weights = attention(**of)
    np.testing.assert_allclose(view.attended().scores, scores, atol=1e-9)
    assert view.previous == pytest.approx(previous(weights))


@pytest.mark.parametrize(
    ("trait", "value"),
    [("hand1", "maybe"), ("t", 30), ("first", 1001), ("by", 1.5), ("past", "wrap"), ("words", "x")],
)
def test_python_refuses_what_cannot_be_shown(trait, value):
    head = exhibits.breakhead()
    with pytest.raises(traitlets.TraitError, match=trait):
        setattr(head, trait, value)


def test_the_printed_picture_has_words():
    pictured, metadata = exhibits.breakhead(hand1="off")._repr_mimebundle_()
    alt = metadata["image/png"]["alt"]
    for off in ((), (0,), (0, 1), (0, 1, 2, 3, 4)):
        assert text.fixed(previous(attention(off=off)[1]), 2) in alt
    assert "with 4 of 5 hands" in alt
    assert len(pictured["image/png"]) > 10_000


# -- what the book says of the head -------------------------------------------------------------


def test_the_measures_say_what_the_text_says():
    heads = np.array(MEASURED["heads"])
    assert np.unravel_index(heads.argmax(), heads.shape) == (MEASURED["layer"], MEASURED["head"])
    assert MEASURED["whole"]["mean"] > 0.99
    assert MEASURED["clocks_alone"]["mean"] > 0.99
    nothing = MEASURED["no_positions"]["mean"]
    assert abs(MEASURED["without_clocks"]["mean"] - nothing) < 0.02
    lost = [1 - w["mean"] for w in MEASURED["without"]]
    assert lost[0] > 0.3 > lost[1] > 0.05 > max(lost[2:])
    long = [1 - w["mean"] for w in MEASURED["without_long"]]
    assert min(long[:3]) > 0.1
    assert MEASURED["half_turned"]["mean"] > 0.99
    assert all(p["mean"] > 0.99 for p in MEASURED["past"]["clocks"])
    assert all(p["mean"] < 0.3 for kind in ("line", "last row") for p in MEASURED["past"][kind])
    periods = np.array(MEASURED["periods"])
    np.testing.assert_allclose(2 * np.pi / KEPT["angles"], periods, atol=0.01)
    assert all(2.5 < ratio < 4 for ratio in periods[1:] / periods[:-1])
    error = data.notes(realhead.FILE)["error"]
    assert max(error.values()) < 0.03


def test_every_row_is_shipped_as_five_hands():
    assert KEPT["hands"].shape == (512, 10)
    assert KEPT["wordQuery"].shape == (N + 1, 32)
    with pytest.raises(ValueError, match="past"):
        realhead.positions(KEPT["hands"], KEPT["angles"], 0, 2, "wrap")


def test_the_shift_test_says_what_the_text_says():
    found = data.load("shift-test")
    rotary = found["rotary"]
    assert all(row["difference"] < 1e-11 * rotary["largest"] for row in rotary["shifts"])
    assert all(row["same_first_guess"] == 1 for row in rotary["shifts"])
    assert rotary["loss"] < 0.6 * rotary["loss_of_chance"]  # it is the model, and it predicts
    learned = found["learned"]
    moved = [row["all"]["cosine"] for row in learned["shifts"]]
    assert moved == sorted(moved, reverse=True)
    assert 0.9 < moved[0] < 0.95
    assert moved[-1] > learned["different_sentences"] + 0.5
    assert all(row["mark_kept"]["cosine"] > row["all"]["cosine"] for row in learned["shifts"])
    assert all(row["all"]["found"] == found["sentences"] for row in learned["shifts"])
