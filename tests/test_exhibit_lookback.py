"""The head that looks back, on the built page: moved by every kind of hand, compared with NumPy."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, png_size

from posenc import attention, exhibits, text
from posenc.views.lookback import WORDS

PAGE = "book/proof.html"
N = len(WORDS)
D = 64


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "lookback")


@pytest.fixture
def head(open_page):
    return OnPage(open_page(PAGE), "lookback")


# -- from the definitions ------------------------------------------------------------------------


def encoded(base: float = 10_000.0) -> np.ndarray:
    """The encoding, sine and cosine of each pair in turn, from its formula."""
    angle = np.arange(N)[:, None] / base ** (np.arange(0, D, 2) / D)
    return np.stack([np.sin(angle), np.cos(angle)], axis=2).reshape(N, D)


def scored(
    matrix: str = "shift", k: int = 3, sharp: float = 16, seed: int = 1, base: float = 10_000.0
) -> tuple[np.ndarray, np.ndarray]:
    """Scores and weights. With a shift, a score is a sum of cosines of the distance less k."""
    if matrix == "random":
        x = encoded(base)
        w_q = attention.random_head(D, seed=seed).w_q
        scores = sharp * (x @ w_q.T) @ x.T / np.sqrt(D)
    else:
        t, s = np.indices((N, N))
        apart = t - s - (k if matrix == "shift" else 0)
        omega = base ** (-np.arange(0, D, 2) / D)
        scores = sharp * np.cos(apart[..., None] * omega).sum(axis=2) / np.sqrt(D)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return scores, e / e.sum(axis=1, keepdims=True)


def spread(values: np.ndarray, first: int = 0) -> float:
    """The most that the values of rows `first` on differ along one diagonal."""
    rows = np.indices((N, N))[0]
    kept = np.where(rows >= first, values, np.nan)
    lines = [np.diagonal(kept, back) for back in range(1 - N, N)]
    return max(np.ptp(line[~np.isnan(line)]) for line in lines if not np.isnan(line).all())


CASES = [
    ("", {}),
    ("k=8&t=2&sharp=4", {"k": 8, "sharp": 4}),
    ("k=0&sharp=1&b=10", {"k": 0, "sharp": 1, "base": 10}),
    ("matrix=identity&k=5", {"matrix": "identity"}),
    ("matrix=random", {"matrix": "random"}),
    ("matrix=random&seed=7&sharp=32&k=6", {"matrix": "random", "seed": 7, "sharp": 32}),
]
cases = pytest.mark.parametrize(("fragment", "of"), CASES)


def finding(head: OnPage) -> str:
    return " ".join(head.root.locator(".finding").inner_text().split())


def points(found: list[dict]) -> np.ndarray:
    return np.array([(p["x"], p["y"]) for p in found])


# -- what is drawn -------------------------------------------------------------------------------


@cases
def test_scores_and_weights_are_what_numpy_computes(still, fragment, of):
    head = still.show(fragment)
    scores, weights = scored(**of)
    np.testing.assert_allclose(head.memory("scores").reshape(N, N), scores, atol=1e-9)
    np.testing.assert_allclose(head.memory("weights").reshape(N, N), weights, atol=1e-9)


@pytest.mark.parametrize("shown", ["weights", "scores"])
@pytest.mark.parametrize("matrix", ["shift", "random"])
def test_cells_have_the_colour_of_their_number(still, matrix, shown):
    head = still.show(f"matrix={matrix}&show={shown}")
    scores, weights = scored(matrix)
    values = weights if shown == "weights" else scores / np.abs(scores).max()
    heat = head.ask("geometry")["heat"]
    for t, s in [(0, 0), (5, 2), (8, 4), (9, 14), (14, 1), (15, 12)]:
        # a corner of the cell: its middle may be under the band
        x = heat["x"] + (s + 0.84) * heat["cell"]
        y = heat["y"] + (t + 0.2) * heat["cell"]
        assert head.coloured(x, y, values[t, s]), (t, s)


@cases
@pytest.mark.parametrize("shown", ["weights", "scores"])
def test_a_dot_for_each_pair_of_words_stands_at_its_distance(still, fragment, of, shown):
    head = still.show(f"{fragment}&show={shown}".lstrip("&"))
    scores, weights = scored(**of)
    values = weights if shown == "weights" else scores
    top = 1.0 if shown == "weights" else np.abs(scores).max()
    low = 0.0 if shown == "weights" else -top
    plot = head.ask("geometry")["plot"]
    t, s = np.indices((N, N))
    x = plot["x"] + (t - s + N - 0.5) * plot["w"] / (2 * N - 1)
    y = plot["y"] + plot["h"] * (1 - (values - low) / (top - low))
    marked = head.ask("state")["t"]
    first = head.ask("state")["k"] if of.get("matrix", "shift") == "shift" else 0
    dots = [d for d in head.discs() if d["r"] < 4]
    mine = [d for d in dots if d["r"] > 2.5]
    np.testing.assert_allclose(
        points(mine), np.stack([x[marked], y[marked]], axis=1), atol=1e-6 * plot["h"]
    )
    hollow = [d for d in dots if d["r"] < 2.5 and d["edge"]]
    full = [d for d in dots if d["r"] < 2.5 and not d["edge"]]
    for found, rows in ((hollow, t < first), (full, t >= first)):
        at = rows & (t != marked)
        expected = np.stack([x[at], y[at]], axis=1)
        np.testing.assert_allclose(
            points(found) if found else np.empty((0, 2)), expected, atol=1e-6 * plot["h"]
        )


def test_with_the_shift_dots_of_one_distance_are_one_dot_and_with_chance_they_are_not(still):
    def apart() -> float:
        dots = points([d for d in head.discs() if d["r"] < 4])
        return max(np.ptp(dots[np.abs(dots[:, 0] - x) < 0.01, 1]) for x in set(dots[:, 0]))

    head = still.show("show=scores")
    height = head.ask("geometry")["plot"]["h"]
    assert apart() < 1e-6
    head.show("show=scores&matrix=identity")
    assert apart() < 1e-6
    head.show("show=scores&matrix=random")
    assert apart() > 0.2 * height


@pytest.mark.parametrize(("k", "t"), [(0, 0), (3, 11), (8, 15)])
def test_the_marks_stand_on_the_band_on_the_row_and_on_the_axis(still, k, t):
    head = still.show(f"k={k}&t={t}")
    geometry = head.ask("geometry")
    heat, plot = geometry["heat"], geometry["plot"]
    grip, below = head.ask("drawn")["diamonds"]
    # on the line of cells (t, t - k): as far right as down, but for k cells
    down, right = (grip["y"] - heat["y"]) / heat["cell"], (grip["x"] - heat["x"]) / heat["cell"]
    assert down - right == pytest.approx(k)
    assert 0 < right < N - k
    assert below["x"] == pytest.approx(plot["x"] + (k + N - 0.5) * plot["w"] / (2 * N - 1))
    (row,) = [d for d in head.discs() if d["r"] == 7]
    assert row["y"] == pytest.approx(heat["y"] + (t + 0.5) * heat["cell"])
    assert head.written(y=row["y"]).endswith(f"t = {t}")


def test_words_stand_at_their_rows_and_the_looker_is_marked(still):
    head = still.show("t=11")
    heat = head.ask("geometry")["heat"]
    colours = {}
    for t, word in enumerate(WORDS):
        y = heat["y"] + (t + 0.5) * heat["cell"]
        (drawn,) = [w for w in head.words() if w["words"] == word and abs(w["y"] - y) < 0.01]
        colours[t] = drawn["colour"]
    assert len(set(colours.values())) == 2
    assert [t for t in colours if colours[t] != colours[0]] == [11]


@cases
def test_the_finding_says_what_numpy_says(still, fragment, of):
    head = still.show(fragment)
    scores, weights = scored(**of)
    t, k = head.ask("state")["t"], head.ask("state")["k"]
    best = int(weights[t].argmax())
    back = t - best
    place = f"{back} back" if back > 0 else f"{-back} ahead" if back < 0 else "itself"
    matrix = of.get("matrix", "shift")
    said = finding(head)
    if matrix == "shift" and t < k:
        assert said.startswith(f"There is no word {k} before {WORDS[t]}: it gives ")
    else:
        assert said.startswith(f"{WORDS[t]} gives ")
    assert f"gives {text.fixed(weights[t, best], 2)} of its attention to" in said
    assert ("itself." if back == 0 else f"{WORDS[best]}, {place}.") in said
    if matrix == "random":
        assert f"differ by up to {spread(scores):.2g}: distance no longer decides" in said
    else:
        inside = spread(weights, k if matrix == "shift" else 0)
        assert f"differ by up to {text.fixed(inside, 2)}: near an end" in said
        told = re.search(r"all scores are equal, to (?:0:|([\d.]+)\s×\s10⁻¹([\d⁰-⁹¹²³]))", said)
        assert told, said  # some tens of 10^-15: rounding
    facts = head.ask("facts")
    assert facts["word"] == WORDS[t]
    assert facts["looked"] == WORDS[best]
    assert facts["back"] == place
    assert facts["weight"] == text.fixed(weights[t, best], 2)
    assert facts["weight_k"] == ("none" if t < k else text.fixed(weights[t, t - k], 2))
    assert facts["spread_weights"] == text.fixed(spread(weights), 2)
    assert head.ask("say") == (
        f"{WORDS[t]}, position {t}, looks most at {WORDS[best]}, {place}, "
        f"weight {text.fixed(weights[t, best], 2)}."
    )
    assert head.written(y=look_line(head)).startswith(f"{WORDS[t]} looks at {WORDS[best]}: ")


def look_line(head: OnPage) -> float:
    return next(w["y"] for w in head.words() if w["words"] == " looks at ")


def test_a_random_matrix_does_not_hear_k(still):
    told = [still.show(f"matrix=random&k={k}").memory("weights") for k in (0, 3, 8)]
    np.testing.assert_array_equal(told[0], told[1])
    np.testing.assert_array_equal(told[0], told[2])


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_everything_is_inside_and_nothing_overlaps(open_page, dark):
    head = OnPage(open_page(f"{PAGE}#lookback?t=15&k=8", phone=True, dark=dark), "lookback")
    geometry = head.ask("geometry")
    width = head.canvas().evaluate("e => e.clientWidth")
    heat, plot = geometry["heat"], geometry["plot"]
    assert heat["x"] + heat["side"] + 7 <= width
    assert plot["x"] + plot["w"] <= width
    assert plot["y"] > heat["y"] + heat["side"] + 40
    for name in ("band", "row", "distance"):
        box = head.handle(name).bounding_box()
        assert min(box["width"], box["height"]) >= 44
    assert head.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# -- by hand -------------------------------------------------------------------------------------


def at(head: OnPage) -> tuple[int, int]:
    state = head.ask("state")
    return state["k"], state["t"]


def test_the_mouse_drags_band_row_and_diamond(head):
    head.show("k=3&t=11")
    cell = head.ask("geometry")["heat"]["cell"]
    head.drag("band", 0, 2 * cell)
    assert at(head) == (5, 11)
    head.drag("band", 3 * cell, 0)
    assert at(head) == (2, 11)
    head.drag("band", -400, 400)
    assert at(head) == (8, 11), "a limit is met by stopping"
    head.drag("row", 30, -6 * cell)
    assert at(head) == (8, 5)
    pitch = head.ask("geometry")["plot"]["pitch"]
    head.drag("distance", -4 * pitch, 0)
    assert at(head) == (4, 5)
    scores, _ = scored(k=4)
    np.testing.assert_allclose(head.memory("scores").reshape(N, N), scores, atol=1e-9)


def test_a_press_on_a_row_chooses_its_word_and_a_hover_only_peeks(head):
    head.show("")
    heat = head.ask("geometry")["heat"]
    cell = heat["cell"]
    head.page.mouse.move(*head.point(heat["x"] + 2.5 * cell, heat["y"] + 5.5 * cell))
    head.settle()
    _, weights = scored()
    line = f"{WORDS[5]} looks at {WORDS[2]}: weight {text.fixed(weights[5, 2], 2)}"
    assert head.written(y=look_line(head)) == line
    assert at(head) == (3, 11)
    head.page.mouse.click(*head.point(heat["x"] - 20, heat["y"] + 6.5 * cell))
    head.settle()
    assert at(head) == (3, 6)


def test_the_keyboard_moves_every_handle(head):
    head.handle("band").press("ArrowDown")
    assert at(head) == (4, 11)
    head.handle("band").press("ArrowUp")
    head.handle("band").press("ArrowLeft")
    assert at(head) == (2, 11)
    head.handle("band").press("End")
    assert at(head) == (8, 11)
    head.handle("distance").press("Home")
    head.handle("distance").press("ArrowRight")
    assert at(head) == (1, 11)
    head.handle("row").press("ArrowDown")
    head.handle("row").press("PageUp")
    assert at(head) == (1, 8)
    head.settle()
    assert head.handle("band").get_attribute("aria-valuetext") == "1 word back"
    spoken = head.handle("row").get_attribute("aria-valuetext")
    assert spoken.startswith(f"{WORDS[8]}, position 8, looks most at {WORDS[7]}, 1 back")


def test_a_finger_drags_the_marks_and_scrolls_on_the_picture(open_page):
    head = OnPage(open_page(f"{PAGE}#lookback?k=3&t=11", phone=True), "lookback")
    cell = head.ask("geometry")["heat"]["cell"]
    x, y = head.middle("band")
    head.swipe([(x, y + n * cell) for n in (0, 1, 2, 3)])
    assert at(head)[0] == 6
    x, y = head.middle("row")
    head.swipe([(x, y - n * cell) for n in (0, 1, 2)])
    assert at(head) == (6, 9)
    heat = head.ask("geometry")["heat"]
    x, y = head.point(heat["x"] + heat["side"] / 4, heat["y"] + heat["side"] / 2)
    before = head.page.evaluate("scrollY")
    head.swipe([(x + n, y - 12 * n) for n in range(12)])
    head.page.wait_for_function("before => scrollY > before", arg=before)
    assert at(head) == (6, 9)
    y = head.point(0, heat["y"] + 2.5 * cell)[1]
    head.page.touchscreen.tap(x, y)
    head.settle()
    assert at(head) == (6, 2)


def test_sliders_and_switches_drive_the_picture_and_follow_it(head):
    head.slider("words back").press("ArrowRight")
    head.slider("the word").press("Home")
    head.slider("sharpness").press("End")
    head.settle()
    assert at(head) == (4, 0)
    assert head.ask("state")["sharpness"] == 32
    _, weights = scored(k=4, sharp=32)
    np.testing.assert_allclose(head.memory("weights").reshape(N, N), weights, atol=1e-9)
    head.root.get_by_role("button", name="random").click()
    head.slider("random seed").press("ArrowRight")
    head.root.get_by_role("button", name="scores").click()
    head.settle()
    state = head.ask("state")
    assert (state["matrix"], state["seed"], state["shown"]) == ("random", 2, "scores")
    scores, _ = scored("random", sharp=32, seed=2)
    np.testing.assert_allclose(head.memory("scores").reshape(N, N), scores, atol=1e-9)
    head.handle("band").press("Home")
    head.settle()
    readout = head.root.locator(".widget-slider.of-k .widget-readout")
    assert readout.inner_text().strip() == "0"


def test_play_moves_k_and_begins_again(open_page):
    head = OnPage(open_page(f"{PAGE}#lookback?k=7", calm=False), "lookback")
    head.canvas().scroll_into_view_if_needed()
    head.root.get_by_role("button", name="Play k").click()
    seen = "e => e.querySelector('.posenc-view[data-drawn]').posenc.state().k"
    for wanted in (8, 0, 1):
        head.page.wait_for_function(
            f"k => ({seen})(document.querySelector('[data-exhibit=lookback]')) === k",
            arg=wanted,
        )
    head.root.get_by_role("button", name="Pause k").click()


# -- links, tools, Python ------------------------------------------------------------------------


def test_link_and_reset(open_page):
    asked = "matrix=random&show=scores&b=100&sharp=8&seed=5&k=6&t=4"
    head = OnPage(open_page(f"{PAGE}#lookback?{asked}"), "lookback")
    state = head.ask("state")
    assert (state["matrix"], state["shown"], state["base"]) == ("random", "scores", 100)
    assert (state["sharpness"], state["seed"]) == (8, 5)
    assert at(head) == (6, 4)
    head.tool("Link").click()
    assert head.page.url.endswith(f"#lookback?{asked}")
    head.tool("Reset").click()
    head.settle()
    assert head.ask("state")["matrix"] == "shift"
    assert head.ask("state")["sharpness"] == 16
    assert at(head) == (3, 11)


@pytest.mark.parametrize(
    ("fragment", "note"),
    [
        ("k=9", "k = 9 is outside 0 to 8"),
        ("t=16", "t = 16 is outside 0 to 15"),
        ("matrix=learned", "is not one of shift, identity, random"),
        ("sharp=0", "sharp = 0 is outside 1 to 32"),
    ],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    still.show(fragment)
    assert note in still.root.locator(".x-note").inner_text()
    assert at(still) == (3, 11)


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
    scores, weights = scored()
    for t, looks, s, looked, back, score, weight in rows[1::37]:
        a, b = int(t), int(s)
        assert (looks, looked, int(back)) == (WORDS[a], WORDS[b], a - b)
        assert float(score) == pytest.approx(scores[a, b], abs=1e-6)
        assert float(weight) == pytest.approx(weights[a, b], abs=1e-6)


def test_python_sets_and_reads_the_state():
    head = exhibits.lookback()
    head.set(k=5, t=9, matrix="shift", sharp=8)
    scores, weights = scored(k=5, sharp=8)
    np.testing.assert_allclose(head.attended.scores, scores, atol=1e-12)
    np.testing.assert_allclose(head.attended.weights, weights, atol=1e-12)
    np.testing.assert_allclose(head.by_distance[5], np.diagonal(weights, -5))
    head.set(matrix="random", seed=3, show="scores")
    scores, _ = scored("random", sharp=8, seed=3)
    np.testing.assert_allclose(head.attended.scores, scores, atol=1e-12)
    np.testing.assert_allclose(head.by_distance[-15], scores[:1, 15])
    own = exhibits.lookback(words=["one", "two", "three"], t=7, k=5)
    assert (own.t, own.k, own.t_max, own.k_max) == (2, 2, 2, 2)


@pytest.mark.parametrize(
    ("trait", "value"),
    [
        ("k", 9),
        ("t", -1),
        ("sharpness", 0.5),
        ("seed", 0),
        ("d_model", 7),
        ("base", 0.5),
        ("words", ["alone"]),
        ("matrix", "learned"),
    ],
)
def test_python_refuses_what_cannot_be_shown_and_keeps_what_was(trait, value):
    head = exhibits.lookback()
    before = getattr(head, trait)
    with pytest.raises(traitlets.TraitError, match=trait):
        setattr(head, trait, value)
    assert getattr(head, trait) == before


@pytest.mark.parametrize("matrix", ["shift", "identity", "random"])
def test_the_printed_picture_has_words(matrix):
    data, metadata = exhibits.lookback(matrix=matrix, t=13, k=4)._repr_mimebundle_()
    scores, weights = scored(matrix, k=4)
    alt = metadata["image/png"]["alt"]
    best = int(weights[13].argmax())
    assert f"“writes” at position 13 gives {text.fixed(weights[13, best], 2)} of its" in alt
    assert f"attention to “{WORDS[best]}”" in alt
    if matrix == "random":
        assert f"the scores differ by up to {text.number(spread(scores), 2)}, the" in alt
    assert f"the weights by up to {text.number(spread(weights), 2)}." in alt
    assert len(data["image/png"]) > 10_000
