"""The residual path whole and cut, in a small model, under "Does it last?": moved by every kind of hand,
compared with the numbers of the training runs."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, percent

from posenc import data, exhibits, pictures, text
from posenc.data import tensors
from posenc.views import Cut
from posenc.views.cut import DEEPEST, ENCODINGS, PATHS, TASKS, WEIGHTS

PAGE = "book/add.html"
GRID = data.load("training-grid")
DEPTHS = ("Before the first layer", "After the first layer", "After the second layer")
CASES = [
    ("", "reverse", "sinusoidal", "whole", "trained", 2),
    ("path=cut&depth=1", "reverse", "sinusoidal", "cut", "trained", 1),
    ("path=cut&weights=untrained", "reverse", "sinusoidal", "cut", "untrained", 2),
    ("task=copy&weights=untrained&depth=0", "copy", "sinusoidal", "whole", "untrained", 0),
    ("task=copy&encoding=learned&path=cut", "copy", "learned", "cut", "trained", 2),
]
cases = pytest.mark.parametrize(("fragment", "task", "encoding", "path", "weights", "depth"), CASES)


def runs(task: str, encoding: str, path: str) -> dict:
    return GRID["core" if path == "whole" else "cut"][f"{task}, {encoding}"]


def told(task: str, encoding: str, path: str, weights: str, name: str = "mean") -> np.ndarray:
    """One number of the runs at each depth, straight from the file of the training runs."""
    key = f"{task}, {encoding}"
    probes = GRID["probes"][key] if path == "whole" else GRID["cut"][key]["probes"]
    return np.array([depth[name] for depth in probes[f"{weights} raw"]])


class Small(OnPage):
    """The second view of the exhibit."""

    def ask(self, key: str):
        return self.root.evaluate(
            "(e, key) => e.querySelectorAll('.posenc-view[data-drawn]')[1].posenc[key]()", key
        )

    def finding(self) -> str:
        return self.root.locator(".finding").nth(1).inner_text()

    def canvas(self):
        return self.root.locator(".posenc-view canvas").nth(1)

    def at(self, depth: int, r2: float) -> tuple[float, float]:
        """Where a value stands in the drawing."""
        plot = self.ask("geometry")["plot"]
        return plot["x"] + depth / 2 * plot["w"], plot["y"] + (1 - r2) * plot["h"]


@pytest.fixture(scope="module")
def still(open_still):
    return Small(open_still(PAGE), "layers")


@pytest.fixture
def small(open_page):
    return Small(open_page(PAGE), "layers").arrive()


# -- what was measured ---------------------------------------------------------------------------


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_path_keeps_the_place_and_without_it_attention_must_carry_it(task, encoding):
    last = {(p, w): told(task, encoding, p, w)[-1] for p in PATHS for w in WEIGHTS}
    assert last["whole", "untrained"] > 0.98
    assert last["whole", "trained"] < last["whole", "untrained"]
    assert last["cut", "untrained"] < 0.01
    assert last["cut", "trained"] > 0.4
    assert np.all(told(task, encoding, "cut", "untrained", "most")[1:] < 0.5)


def test_the_page_is_handed_no_more_than_it_shows():
    payload = Cut().payload
    assert len(payload) < 1500 < len(data.raw("training-grid"))
    held = tensors.unpack(payload)
    assert tensors.notes(payload) == {"runs": 5}
    for t, task in enumerate(TASKS):
        for e, encoding in enumerate(ENCODINGS):
            for p, path in enumerate(PATHS):
                done = runs(task, encoding, path)
                assert held["passed"][t, e, p] == done["passed"]
                for n, name in enumerate(("mean", "sd", "least", "most")):
                    assert held["accuracy"][t, e, p, n] == np.float32(done["accuracy"][name])
                    for w, weights in enumerate(WEIGHTS):
                        np.testing.assert_array_equal(
                            held["r2"][t, e, p, w, :, n],
                            told(task, encoding, path, weights, name).astype(np.float32),
                        )


# -- what is drawn -------------------------------------------------------------------------------


@cases
def test_a_curve_for_each_model_stands_at_its_numbers(
    still, fragment, task, encoding, path, weights, depth
):
    still.show(fragment)
    # the parts of a layer are polylines too, of two bends
    curves = [c for c in still.curves() if np.ptp(c[:, 0]) > still.ask("geometry")["plot"]["w"] - 1]
    assert len(curves) == len(PATHS) * len(WEIGHTS)
    drawn = sorted(tuple(map(tuple, c)) for c in curves)
    true = sorted(
        tuple(still.at(k, r2) for k, r2 in enumerate(told(task, encoding, p, w)))
        for p in PATHS
        for w in WEIGHTS
    )
    np.testing.assert_allclose(drawn, true, atol=1e-3)
    own = told(task, encoding, path, weights)
    np.testing.assert_allclose(curves[-1], [still.at(k, r2) for k, r2 in enumerate(own)], atol=1e-3)
    (mark,) = [d for d in still.discs() if d["r"] == 8.5]
    assert (mark["x"], mark["y"]) == pytest.approx(still.at(depth, own[depth]), abs=1e-3)
    assert text.fixed(own[depth], 2) in [w["words"] for w in still.words()]


@cases
def test_the_finding_and_the_facts_say_what_the_runs_did(
    still, fragment, task, encoding, path, weights, depth
):
    still.show(fragment)
    mean, sd, least, most = (
        text.fixed(told(task, encoding, path, weights, name)[depth], 2)
        for name in ("mean", "sd", "least", "most")
    )
    how = "trained" if weights == "trained" else "never trained"
    begins = f"{DEPTHS[depth]}, path {path}, {how}: R² {mean}"
    assert still.finding().startswith(f"{begins}, from {least} to {most} in 5 runs.")
    done = runs(task, encoding, path)
    right, passed = percent(done["accuracy"]["mean"]), f"{done['passed']} of 5"
    if depth and weights == "trained":
        assert f"{right} of its answers are right, and {passed} runs pass 95%" in still.finding()
    facts = still.ask("facts")
    assert [facts[f"cut_{name}"] for name in ("r2", "sd", "least", "most")] == [
        mean, sd, least, most,
    ]  # fmt: skip
    assert (facts["cut_right"], facts["cut_passed"]) == (right, passed)
    assert still.ask("say") == f"{begins}."


def test_the_model_above_the_plot_shows_its_path_or_the_cut(still):
    still.show("path=whole")
    spine = still.ask("geometry")["spine"]
    sums = [d for d in still.discs() if d["y"] == spine and d["r"] == 5]
    assert len(sums) == 4, "each part of each layer adds to the path"
    still.show("path=cut")
    sums = [d for d in still.discs() if d["y"] == spine and d["r"] == 5]
    assert len(sums) == 2, "attention has nothing to add to"
    nodes = [d["x"] for d in still.discs() if d["y"] == spine and d["r"] != 5]
    np.testing.assert_allclose(nodes, [still.at(k, 0)[0] for k in range(DEEPEST + 1)])


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_everything_is_inside(open_page, dark):
    page = open_page(f"{PAGE}#layers?path=cut&encoding=learned", phone=True, dark=dark)
    small = Small(page, "layers").arrive()
    width = small.canvas().evaluate("e => e.clientWidth")
    for word in small.words():
        assert word["left"] >= -0.5, word
        assert word["left"] + word["width"] <= width + 0.5, word
    box = small.handle("depth").bounding_box()
    assert min(box["width"], box["height"]) > 43.9


# -- by hand -------------------------------------------------------------------------------------


def test_the_mouse_drags_the_mark_and_a_press_on_a_curve_chooses_its_model(small):
    small.drag("depth", -small.ask("geometry")["plot"]["w"] / 2, 20)
    assert small.ask("state")["depth"] == 1
    assert small.ask("state")["weights"] == "trained"
    lost = told("reverse", "sinusoidal", "cut", "untrained")
    small.page.mouse.click(*small.point(*small.at(1, lost[1])))
    small.settle()
    state = small.ask("state")
    assert (state["path"], state["weights"], state["depth"]) == ("cut", "untrained", 1)
    # where all of them lie on one another, the chosen one stays
    small.page.mouse.click(*small.point(*small.at(0, 1.0)))
    small.settle()
    state = small.ask("state")
    assert (state["path"], state["weights"], state["depth"]) == ("cut", "untrained", 0)


def test_the_keyboard_moves_the_mark(small):
    mark = small.handle("depth")
    mark.press("Home")
    assert small.ask("state")["depth"] == 0
    mark.press("ArrowRight")
    small.settle()
    assert small.ask("state")["depth"] == 1
    own = text.fixed(told("reverse", "sinusoidal", "whole", "trained")[1], 2)
    said = mark.get_attribute("aria-valuetext")
    assert said == f"After the first layer, path whole, trained: R² {own}"


def test_a_finger_drags_the_mark(open_page):
    small = Small(open_page(PAGE, phone=True), "layers").arrive()
    step = small.ask("geometry")["plot"]["w"] / 2
    x, y = small.middle("depth")
    small.swipe([(x - n * step, y) for n in (0, 0.5, 1)])
    assert small.ask("state")["depth"] == 1


def test_controls_follow_and_both_tables_are_saved(small):
    for name, key, value in (
        ("cut", "path", "cut"),
        ("say the token three back", "task", "copy"),
        ("learned table", "encoding", "learned"),
    ):
        small.root.get_by_role("button", name=name, exact=True).click()
        assert small.ask("state")[key] == value
    with small.page.expect_download() as loaded:
        small.tool("Data").click()
    first, second = Path(loaded.value.path()).read_text("utf-8").split("\n\n")
    assert first.startswith("layer,network,text,place,place read\n")
    rows = list(csv.DictReader(io.StringIO(second)))
    assert len(rows) == 12
    for row in rows:
        assert (row["task"], row["encoding"]) == ("copy", "learned")
        for column, name in (
            ("R2 mean", "mean"),
            ("sd", "sd"),
            ("least", "least"),
            ("most", "most"),
        ):
            true = told("copy", "learned", row["path"], row["weights"], name)
            assert float(row[column]) == pytest.approx(true[int(row["layers"])], abs=1e-5)


# -- in Python -----------------------------------------------------------------------------------


def test_the_small_model_in_python():
    figure = exhibits.layers(path="cut", task="copy", layer=2)
    assert figure.state["path"] == "cut"
    assert figure.state["task"] == "copy"
    assert figure.layer == 2
    figure.set(depth=1, weights="untrained", encoding="learned")
    cut = Cut(path="cut", weights="untrained", task="copy", encoding="learned")
    np.testing.assert_array_equal(cut.values[:, 0], told("copy", "learned", "cut", "untrained"))
    assert cut.trained("cut") == runs("copy", "learned", "cut")
    with pytest.raises(traitlets.TraitError, match="depth = 3"):
        cut.depth = 3
    with pytest.raises(ValueError, match="path must be one of whole, cut"):
        figure.set(path="none")
    alt = pictures.layers_alt(figure._view, Cut())
    means = (text.fixed(x, 2) for x in told("reverse", "sinusoidal", "cut", "trained"))
    assert f"path cut, trained {', '.join(means)};" in alt
