"""Why both?, on the built page: every fit made again with NumPy, every mark where it belongs."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, png_size

from posenc import exhibits, schemes, text

PAGE = "book/proof.html"
NAMES = [name for name in schemes.SCHEMES if name != "redrawn"]
ROUNDING = 1e-9  # what is less says no more than that it is rounding
LADDER = (
    "e => Object.fromEntries(Object.entries(e.querySelector('.posenc-view[data-drawn]')"
    ".posenc.memory().ladder).map(([name, it]) => [name, it.problem ? null : "
    "{fitted: it.fitted, heldOut: it.heldOut, rank: it.shift.rank, matrix: [...it.shift.matrix],"
    "errors: [...it.errors], proof: it.proof && [...it.proof]}]))"
)


class Both(OnPage):
    def ladder(self) -> dict:
        """What each encoding came to, once all are computed."""
        self.page.wait_for_function(
            "() => document.querySelector('[data-exhibit=both] .posenc-view[data-drawn]')"
            ".posenc.memory().complete"
        )
        self.settle()
        return self.root.evaluate(LADDER)

    def finding(self) -> str:
        return " ".join(self.root.locator(".finding").inner_text().split())


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return Both(open_still(PAGE), "both")


@pytest.fixture
def both(open_page):
    return Both(open_page(PAGE), "both")


# -- the fits, made again ------------------------------------------------------------------------


class Fit:
    """The best linear map on the first half of a table, from its definition."""

    def __init__(self, name: str, k: int, length: int, d: int, base: float) -> None:
        self.table = schemes.rows(name, length, d, base=base)
        half = length // 2
        self.x, _, self.rank, singular = np.linalg.lstsq(
            self.table[: half - k], self.table[k:half], rcond=1e-10
        )
        self.condition = singular[0] / max(singular[-1], 1e-300)
        made = self.table[: length - k] @ self.x
        self.error = made - self.table[k:]
        self.made = made
        size = np.sqrt((self.table**2).sum(axis=1).mean())
        self.errors = np.linalg.norm(self.error, axis=1) / size

        def left(rows: slice) -> float:
            return float(np.linalg.norm(self.error[rows]) / np.linalg.norm(self.table[k:][rows]))

        self.fitted, self.held_out = left(slice(0, half - k)), left(slice(half, None))


OF = {"k": 8, "length": 256, "d": 16, "base": 100.0}
CASES = [
    ("", OF),
    ("L=128&d=8&b=10&k=3", {"k": 3, "length": 128, "d": 8, "base": 10}),
    ("b=10000&d=32&k=1", {"k": 1, "length": 256, "d": 32, "base": 10_000}),
    ("L=1024&d=32&k=24", {"k": 24, "length": 1024, "d": 32, "base": 100}),
    ("d=2&k=0", {"k": 0, "length": 256, "d": 2, "base": 100}),
]
cases = pytest.mark.parametrize(("fragment", "of"), CASES)


def fit(name: str, of: dict) -> Fit | None:
    if name == "binary" and 2 ** of["d"] < of["length"]:
        return None
    return Fit(name, **of)


def magnitude(x: float) -> str:
    """A size as the figure writes it."""
    if x and (x < 1e-4 or x >= 1e5):
        body, exponent = f"{x:.1e}".split("e")
        raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{body}\u00a0×\u00a010{raised}"
    return f"{round(x):,}" if x >= 100 else f"{float(f'{x:.2g}'):g}"


def same(ours: float, theirs: float) -> bool:
    """Equal to the digits that a fit with a poor condition leaves; or both rounding."""
    if max(ours, theirs) < ROUNDING:
        return True
    return ours == pytest.approx(theirs, rel=1e-3)


# -- what is drawn -------------------------------------------------------------------------------


@cases
def test_the_ladder_is_what_numpy_computes(still, fragment, of):
    found = still.show(fragment).ladder()
    assert list(found) == NAMES or set(found) == set(NAMES)
    for name in NAMES:
        own = fit(name, of)
        if own is None:
            assert found[name] is None
            continue
        assert same(found[name]["fitted"], own.fitted), name
        assert same(found[name]["heldOut"], own.held_out), name
        assert found[name]["rank"] == own.rank, name


@cases
def test_marks_stand_where_their_numbers_say(still, fragment, of):
    still.show(fragment)
    still.ladder()
    ladder = still.ask("geometry")["ladder"]
    left, right = ladder["x"] + ladder["label"], ladder["x"] + ladder["w"] - ladder["number"]

    def x(value: float) -> float:
        decade = min(max(math.log10(max(value, 1e-300)), -16), 8)
        return left + (decade + 16) / 24 * (right - left)

    for at, name in enumerate(NAMES):
        own = fit(name, of)
        y = ladder["y"] + (at + 0.5) * ladder["rise"]
        words = [w["words"] for w in still.words() if abs(w["y"] - y) < 0.01]
        assert words[0] == schemes.SCHEMES[name].label
        marks = [d for d in still.discs() if abs(d["y"] - y) < 0.01 and d["x"] > ladder["x"]]
        if own is None:
            assert words[1:] == ["needs more channels"]
            assert not marks
            continue
        hollow, full = marks
        assert hollow["edge"]
        assert not full["edge"]
        for mark, value in ((full, own.fitted), (hollow, own.held_out)):
            if value < ROUNDING:
                assert mark["x"] < x(ROUNDING) + 1, name
            else:
                assert mark["x"] == pytest.approx(x(value), abs=0.5), name
        if own.held_out > ROUNDING:
            assert words[1] == magnitude(own.held_out), name
        else:
            assert "10⁻¹" in words[1] or words[1] == "0", name


@pytest.mark.parametrize("scheme", ["sine only", "sinusoidal", "triangle", "index"])
@pytest.mark.parametrize(("t", "j"), [(40, 0), (100, 3)])
def test_one_channel_now_and_later_and_where_the_matrix_puts_it(still, scheme, t, j):
    still.show(f"scheme={scheme}&t={t}&j={j}")
    own = fit(scheme, OF)
    plane = still.ask("geometry")["plane"]
    low, high = own.table[:, j].min(), own.table[:, j].max()
    room = 0.07 * (high - low)

    def point(now: np.ndarray, later: np.ndarray) -> np.ndarray:
        across = (np.asarray(now) - low + room) / (high - low + 2 * room)
        up = (np.asarray(later) - low + room) / (high - low + 2 * room)
        x = plane["x"] + plane["w"] * across
        return np.stack([x, plane["y"] + plane["h"] * (1 - up)], axis=-1)

    n, k = 128 - 8, 8
    dots = [(d["x"], d["y"]) for d in still.discs() if d["r"] == 2.2]
    np.testing.assert_allclose(dots, point(own.table[:n, j], own.table[k : k + n, j]), atol=0.01)
    made = [(d["x"], d["y"]) for d in still.ask("drawn")["diamonds"] if d["r"] == 3.4]
    np.testing.assert_allclose(made, point(own.table[:n, j], own.made[:n, j]), atol=0.01)
    geometry = still.ask("geometry")
    here, there = geometry["here"], geometry["there"]
    np.testing.assert_allclose(
        (here["x"], here["y"]), point(own.table[t, j], own.table[t + k, j]), atol=0.01
    )
    np.testing.assert_allclose(
        (there["x"], there["y"]), point(own.table[t, j], own.made[t, j]), atol=0.01
    )
    # the other mark: as high now, elsewhere later
    other = geometry["other"]
    now, later = own.table[:n, j], own.table[k : k + n, j]
    span = high - low
    twins = (abs(now - own.table[t, j]) <= 0.02 * span) & (
        abs(later - own.table[t + k, j]) > 0.2 * span
    )
    if twins.any():
        away = np.where(twins, abs(now - own.table[t, j]), np.inf)
        assert away[other] == pytest.approx(away.min())
    else:
        assert other is None


def test_a_sine_alone_collapses_and_with_its_cosine_it_turns(still):
    """The reason, drawn: the true values form a ring, and only with both can a matrix follow it."""

    def spans() -> tuple[float, float]:
        dots = np.array([d["y"] for d in still.discs() if d["r"] == 2.2])
        made = np.array([d["y"] for d in still.ask("drawn")["diamonds"] if d["r"] == 3.4])
        return np.std(dots), np.std(made)

    still.show("scheme=sine only&j=0&d=2")
    true, made = spans()
    assert made < 0.25 * true
    still.show("scheme=sinusoidal&j=0&d=2")
    true, made = spans()
    assert made == pytest.approx(true, rel=1e-6)
    assert still.ask("geometry")["other"] is not None


@pytest.mark.parametrize("scheme", ["sine only", "sinusoidal", "fraction"])
def test_stripes_have_the_colours_of_their_rows(still, scheme):
    still.show(f"scheme={scheme}&t=60&j=7")
    own = fit(scheme, OF)
    stripes = still.ask("geometry")["stripes"]
    rows = [own.table[60], own.made[60], own.table[68], own.error[60]]
    span = max(1, abs(own.table[[60, 68]]).max())
    for line, values in enumerate(rows):
        y = stripes["y"] + line * stripes["stripe"] + (6 if line == 3 else 0) + 9
        for j in (0, 3, 9, 15):
            x = stripes["x"] + (j + 0.5) * stripes["w"] / 16
            assert still.coloured(x, y, float(np.clip(values[j] / span, -1, 1))), (line, j)


@pytest.mark.parametrize(
    ("scheme", "base"), [("sine only", 100), ("sinusoidal", 10_000), ("random table", 100)]
)
def test_the_error_along_the_positions(still, scheme, base):
    still.show(f"scheme={scheme}&b={base}&t=200")
    own = fit(scheme, {**OF, "base": base})
    box = still.ask("geometry")["errors"]
    x = box["x"] + np.arange(248) / 255 * box["w"]

    def y(value: np.ndarray) -> np.ndarray:
        decade = np.clip(np.log10(np.maximum(value, 1e-300)), -17, 8)
        return box["y"] + box["h"] * (8 - decade) / 25

    curves = still.curves()
    ours = curves[-1]
    np.testing.assert_allclose(ours[:, 0], x, atol=0.01)
    seen = own.errors > ROUNDING
    assert seen.any()
    np.testing.assert_allclose(ours[seen, 1], y(own.errors[seen]), atol=0.05)
    assert (ours[~seen, 1] > y(10 * ROUNDING)).all()
    assert len(curves) == (2 if scheme == "sinusoidal" else 1)
    if scheme == "sinusoidal":  # the proof's own matrix: rounding at every t
        assert len(curves[0]) == 248
        assert (curves[0][:, 1] >= y(np.array(1e-14))).all()
    assert still.written(x=None, y=box["y"] - 44) == "how far off the matrix is"


FINDINGS = [
    ("scheme=sine only", "No matrix does it for every t."),
    ("scheme=cosine only&k=1", "No matrix does it for every t."),
    ("scheme=random table", "No matrix does it for every t."),
    ("scheme=sinusoidal", "One matrix serves every t."),
    ("scheme=random phases", "One matrix serves every t."),
    ("scheme=sinusoidal&b=10000&d=32", "The fit is perfect and yet drifts: these rows hardly"),
    ("scheme=random Fourier", "The fit is perfect and yet drifts: these rows hardly"),
]


@pytest.mark.parametrize(("fragment", "verdict"), FINDINGS)
def test_the_finding_says_what_numpy_says(still, fragment, verdict):
    still.show(fragment)
    state = still.ask("state")
    of = {
        "k": state["k"],
        "length": state["length"],
        "d": state["d_model"],
        "base": state["base"],
    }
    own = fit(state["scheme"], of)
    said = still.finding()
    label = schemes.SCHEMES[state["scheme"]].label
    assert said.startswith(f"{label}: the best matrix for k = {of['k']}, fitted on positions 0 to")
    assert verdict in said
    facts = still.ask("facts")
    assert facts["rank"] == str(own.rank)
    for value, fact, phrase in (
        (own.fitted, facts["fitted"], "of a row's size there"),
        (own.held_out, facts["held_out"], "on positions 128 to 255, which it never saw"),
    ):
        told = fact.replace("\u00a0", " ")
        assert f"{told} {phrase}" in said
        if value > ROUNDING:
            assert fact == magnitude(value)
        else:
            assert "10⁻¹" in fact
    if own.rank < of["d"]:
        assert f"rank {own.rank} of {of['d']}" in still.written()
    if "own matrix" in said:
        assert "10⁻¹" in facts["proof"]
    assert still.ask("say").startswith(f"{label}: off by {facts['fitted']} where fitted")


def test_an_index_can_only_be_multiplied(still):
    still.show("scheme=index")
    own = fit("index", OF)
    factor = own.x[:, 0].sum()
    assert f"a matrix can only multiply, here by {factor:.3f}." in still.finding()
    t = np.arange(120)
    assert factor == pytest.approx((t * (t + 8)).sum() / (t**2).sum())


def test_an_encoding_that_needs_more_channels_says_so(still):
    still.show("scheme=binary&d=2")
    assert still.finding().startswith("Binary cannot write 256 positions in 2 channels")
    assert still.ask("facts")["fitted"] == "none"
    assert still.handle("t").is_hidden()
    box = still.ask("geometry")["errors"]
    still.page.mouse.click(*still.point(200, still.ask("geometry")["ladder"]["y"] + 240))
    assert box["y"] > 0
    still.show("scheme=binary&d=8")
    assert still.handle("t").is_visible()
    assert still.finding().startswith("Binary: the best matrix")


@pytest.mark.parametrize("fragment", ["", "scheme=random%20table&L=1024&d=32&t=900&k=24"])
def test_on_a_phone_everything_is_inside(open_page, fragment):
    both = Both(open_page(f"{PAGE}#both?{fragment}", phone=True), "both")
    both.ladder()
    width = both.canvas().evaluate("e => e.clientWidth")
    geometry = both.ask("geometry")
    for part in ("plane", "ladder", "stripes", "errors"):
        assert geometry[part]["x"] + geometry[part]["w"] <= width
    for name in ("scheme", "t", "k", "channel"):
        box = both.handle(name).bounding_box()
        assert min(box["width"], box["height"]) >= 44
    t, k = both.handle("t").bounding_box(), both.handle("k").bounding_box()
    assert k["y"] + k["height"] <= t["y"], "both can be taken hold of"
    assert both.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# -- by hand -------------------------------------------------------------------------------------


def at(both: Both) -> tuple[str, int, int, int]:
    state = both.ask("state")
    return state["scheme"], state["k"], state["t"], state["channel"]


def test_the_mouse_drags_every_handle(both):
    both.show("")
    geometry = both.ask("geometry")
    step = geometry["errors"]["w"] / 255
    both.drag("t", 20 * step)
    assert at(both) == ("sine only", 8, 60, 0)
    both.drag("k", 6 * step)
    assert at(both) == ("sine only", 14, 60, 0)
    both.drag("k", 100 * step)
    assert at(both)[1] == 24, "a limit is met by stopping"
    both.drag("channel", 5 * geometry["stripes"]["w"] / 16)
    assert at(both) == ("sine only", 24, 60, 5)
    both.drag("scheme", 0, -geometry["ladder"]["rise"])
    assert at(both) == ("sinusoidal", 24, 60, 5)
    found = both.ladder()["sinusoidal"]
    own = fit("sinusoidal", {**OF, "k": 24})
    np.testing.assert_allclose(
        np.array(found["matrix"]).reshape(16, 16), own.x.T, atol=1e-8 * own.condition
    )


def test_presses_choose_an_encoding_a_channel_and_a_position(both):
    both.show("")
    geometry = both.ask("geometry")
    ladder, stripes, box = (geometry[part] for part in ("ladder", "stripes", "errors"))
    both.page.mouse.click(
        *both.point(ladder["x"] + 300, ladder["y"] + (NAMES.index("triangle") + 0.5) * 26)
    )
    both.page.mouse.click(*both.point(stripes["x"] + 11.5 * stripes["w"] / 16, stripes["y"] + 30))
    both.page.mouse.click(*both.point(box["x"] + box["w"] * 150 / 255, box["y"] + 80))
    both.settle()
    assert at(both) == ("triangle", 8, 150, 11)


def test_the_keyboard_moves_every_handle(both):
    both.handle("scheme").press("ArrowDown")
    assert at(both)[0] == "cosine only"
    both.handle("scheme").press("Home")
    both.handle("scheme").press("PageDown")
    assert at(both)[0] == "sinusoidal"
    both.handle("t").press("ArrowRight")
    both.handle("t").press("PageUp")
    both.handle("k").press("ArrowLeft")
    both.handle("channel").press("End")
    both.handle("channel").press("ArrowLeft")
    assert at(both) == ("sinusoidal", 7, 49, 14)
    both.handle("t").press("End")
    assert at(both)[2] == 255 - 7
    both.handle("k").press("End")
    assert at(both)[1:3] == (24, 255 - 24), "t gives way: there must be a row t + k"
    both.settle()
    assert both.handle("scheme").get_attribute("aria-valuetext").startswith("Sinusoidal: off by")
    assert both.handle("k").get_attribute("aria-valuetext") == "offset 24"


def test_a_finger_drags_the_marks_and_scrolls_on_the_picture(open_page):
    both = Both(open_page(f"{PAGE}#both?t=40", phone=True), "both")
    step = both.ask("geometry")["errors"]["w"] / 255
    x, y = both.middle("t")
    both.swipe([(x + f * 50 * step, y) for f in (0, 0.3, 0.7, 1)])
    assert at(both)[2] == pytest.approx(90, abs=1)
    x, y = both.middle("k")
    both.swipe([(x + f * 10 * step, y) for f in (0, 0.3, 0.7, 1)])
    assert at(both)[1] == pytest.approx(18, abs=1)
    chosen = at(both)
    plane = both.ask("geometry")["plane"]
    x, y = both.point(plane["x"] + 60, plane["y"] + 200)
    before = both.page.evaluate("scrollY")
    both.swipe([(x + n, y - 12 * n) for n in range(12)])
    both.page.wait_for_function("before => scrollY > before", arg=before)
    assert at(both) == chosen
    ladder = both.ask("geometry")["ladder"]
    x, y = both.point(160, ladder["y"] + 0.5 * ladder["rise"])
    both.page.touchscreen.tap(x, y)
    both.settle()
    assert at(both)[0] == "index"


def test_sliders_and_buttons_drive_the_picture(both):
    both.slider("offset").press("ArrowRight")
    both.slider("position").press("Home")
    both.slider("length").press("End")
    both.slider("base").press("Home")
    both.root.get_by_role("button", name="32", exact=True).click()
    both.settle()
    state = both.ask("state")
    assert (state["k"], state["t"], state["length"], state["d_model"]) == (9, 0, 1024, 32)
    assert state["base"] == pytest.approx(10**0.3)
    found = both.ladder()
    of = {"k": 9, "length": 1024, "d": 32, "base": state["base"]}
    for name in ("sine only", "triangle", "random Fourier"):
        own = fit(name, of)
        assert same(found[name]["fitted"], own.fitted)
        assert same(found[name]["heldOut"], own.held_out)


def test_play_moves_k(open_page):
    both = Both(open_page(f"{PAGE}#both?k=23", calm=False), "both")
    both.canvas().scroll_into_view_if_needed()
    both.root.get_by_role("button", name="Play k").click()
    for wanted in (24, 0, 1):
        both.page.wait_for_function(
            "k => document.querySelector('[data-exhibit=both] .posenc-view[data-drawn]')"
            ".posenc.state().k === k",
            arg=wanted,
        )
    both.root.get_by_role("button", name="Pause k").click()


# -- links, tools, Python ------------------------------------------------------------------------


def test_link_and_reset(open_page):
    asked = "scheme=triangle&L=512&d=10&b=50&k=3&t=300&j=9"
    both = Both(open_page(f"{PAGE}#both?{asked}"), "both")
    state = both.ask("state")
    assert at(both) == ("triangle", 3, 300, 9)
    assert (state["length"], state["d_model"], state["base"]) == (512, 10, 50)
    assert state["d_index"] is None
    both.tool("Link").click()
    assert both.page.url.endswith(f"#both?{asked}")
    both.tool("Reset").click()
    both.settle()
    assert at(both) == ("sine only", 8, 40, 0)


@pytest.mark.parametrize(
    ("fragment", "note"),
    [
        ("scheme=redrawn", "is not one of index"),
        ("k=25", "k = 25 is outside 0 to 24"),
        ("d=3", "d = 3 is odd"),
        ("L=64", "L = 64 is outside 128 to 1,024"),
        ("t=300", "t = 300 does not fit the rest, so it became 247"),
    ],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    still.show(fragment)
    assert note in still.root.locator(".x-note").inner_text()


def test_picture_and_data_are_saved(both):
    with both.page.expect_download() as download:
        both.tool("Picture").click()
    width, height = png_size(Path(download.value.path()).read_bytes())
    assert width > 800
    assert height > 500
    with both.page.expect_download() as download:
        both.tool("Data").click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text())))
    assert rows[0] == ["encoding", "fitted", "held out", "rank", "condition", "largest error"]
    assert [row[0] for row in rows[1:]] == NAMES
    for name, fitted, held_out, rank, _, _ in rows[1:]:
        own = fit(name, OF)
        assert same(float(fitted), own.fitted)
        assert same(float(held_out), own.held_out)
        assert int(rank) == own.rank


def test_python_sets_and_reads_the_state():
    both = exhibits.both()
    assert both.state == {
        "scheme": "sine only", "L": 256, "d": 16, "b": 100.0, "k": 8, "t": 40, "j": 0,
    }  # fmt: skip
    both.set(scheme="cosine only", L=128, d=8, b=10, k=3, t=120, j=7)
    own = fit("cosine only", {"k": 3, "length": 128, "d": 8, "base": 10})
    assert both.tried.shift.residual == pytest.approx(own.fitted)
    assert both.tried.held_out == pytest.approx(own.held_out, rel=1e-6)
    np.testing.assert_allclose(both.tried.errors, own.errors, rtol=1e-6)
    both.k = 20
    assert both.t == 127 - 20
    both.d_model = 2
    assert both.channel == 1
    assert both.d_index == 0
    assert both.ladder["binary"] is None
    assert both.ladder["sinusoidal"].held_out < 1e-12


@pytest.mark.parametrize(
    ("trait", "value"),
    [
        ("scheme", "redrawn"),
        ("k", 25),
        ("t", -1),
        ("channel", 40),
        ("length", 129),
        ("length", 64),
        ("d_model", 34),
        ("base", 0.5),
    ],
)
def test_python_refuses_what_cannot_be_shown_and_keeps_what_was(trait, value):
    both = exhibits.both()
    before = getattr(both, trait)
    with pytest.raises(traitlets.TraitError, match=trait):
        setattr(both, trait, value)
    assert getattr(both, trait) == before


@pytest.mark.parametrize("scheme", ["sine only", "binary"])
def test_the_printed_picture_has_words(scheme):
    d = 2 if scheme == "binary" else 16
    data, metadata = exhibits.both(scheme=scheme, d_model=d)._repr_mimebundle_()
    alt = metadata["image/png"]["alt"]
    own = fit("sine only", {**OF, "d": d})
    told = f"Sine only {text.number(own.fitted, 2)} and "
    assert told in alt
    assert ("Binary needs more channels" in alt) == (d == 2)
    assert "the best matrix from row t to row t + 8, fitted on the first half of 256" in alt
    assert len(data["image/png"]) > 10_000
