"""The race on the built page: moved by every kind of hand, and compared with the runs themselves."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, percent

from posenc import cost, data, exhibits

PAGE = "book/add.html"
RUNS = data.load("training-race")
NOTES = data.notes("training-race")
TASKS, ENCODINGS = NOTES["tasks"], NOTES["encodings"]


def standing(task: str, encoding: str, step: float) -> np.ndarray:
    """The accuracy of each seed at the last point of its curve that is not after the step."""
    a, b = TASKS.index(task), ENCODINGS.index(encoding)
    at = max(k for k, s in enumerate(RUNS["steps"][a]) if s <= step)
    return RUNS["curve"][a, b, :, at].astype(float)


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "race")


@pytest.fixture
def race(open_page):
    found = OnPage(open_page(PAGE), "race")
    found.arrive()
    return found


STATES = [
    ("task=reverse&step=130&of=none,sinusoidal,learned&see=learned", "reverse", 130, "learned"),
    ("task=copy&step=1000&of=rope,alibi,t5&see=alibi", "copy", 1000, "alibi"),
    ("task=majority&step=1&of=none,index vector&see=none", "majority", 1, "none"),
]
reading = pytest.mark.parametrize(("fragment", "task", "step", "focus"), STATES)


@reading
def test_a_bar_is_the_mean_of_the_seeds_and_each_seed_a_dot(still, fragment, task, step, focus):
    still.show(fragment.replace(" ", "%20"))
    geometry = still.ask("geometry")
    names = geometry["names"]
    means = [standing(task, name, step).mean() for name in names]
    np.testing.assert_allclose(still.memory("now"), means, atol=1e-6)
    bars = geometry["bars"]
    for row, (name, mean) in enumerate(zip(names, means, strict=True)):
        y = bars["y"] + (row + 0.5) * 25
        assert still.written(y=y) == f"{name}{percent(mean)}"
        dots = sorted((d["x"] - bars["x"]) / bars["w"] for d in still.discs() if d["y"] == y)
        np.testing.assert_allclose(dots, sorted(standing(task, name, step)), atol=1e-6)


@reading
def test_the_curve_of_the_encoding_is_the_mean_of_its_runs(still, fragment, task, step, focus):
    still.show(fragment.replace(" ", "%20"))
    plot = still.ask("geometry")["plot"]
    a, b = TASKS.index(task), ENCODINGS.index(focus)
    x, y = still.curves()[-1].T
    last = RUNS["steps"][a].max()
    np.testing.assert_allclose((x - plot["x"]) / plot["w"] * last, RUNS["steps"][a], atol=1e-6)
    mean = RUNS["curve"][a, b].mean(axis=0)
    np.testing.assert_allclose(1 - (y - plot["y"]) / plot["h"], mean, atol=1e-6)


@reading
def test_what_is_said_is_what_the_runs_say(still, fragment, task, step, focus):
    still.show(fragment.replace(" ", "%20"))
    now = standing(task, focus, step)
    facts = still.ask("facts")
    assert facts["accuracy"] == percent(now.mean())
    assert (facts["low"], facts["high"]) == (percent(now.min()), percent(now.max()))
    passed = RUNS["passes"][TASKS.index(task), ENCODINGS.index(focus)]
    assert facts["passed"] == str((passed >= 0).sum())
    assert focus in still.ask("say") and percent(now.mean()) in still.ask("say")


def test_places_are_those_of_the_runs_and_missing_rows_are_said(still):
    still.show("task=reverse&see=sinusoidal&of=sinusoidal")
    panels = still.ask("geometry")["panels"]
    b = ENCODINGS.index("sinusoidal")
    for panel, times in zip(panels, NOTES["times"], strict=True):
        wanted = RUNS[f"place_{times}"][NOTES["placed"].index("reverse"), b]
        np.testing.assert_allclose(panel["values"], wanted, atol=1e-6)
    still.show("task=reverse&see=learned&of=learned")
    assert [w["words"] for w in still.words()].count("no rows for these") == 2
    still.show("task=order&see=learned&of=learned")
    assert any("one answer for the whole" in w["words"] for w in still.words())


@pytest.mark.parametrize("width", [8, 64, 1024])
def test_the_price_is_what_counting_says(still, width):
    still.show(f"d={width}")
    wanted = [cost.price(how, width).parameters for how in cost.WAYS]
    np.testing.assert_array_equal(still.memory("prices"), wanted)


def test_the_step_moves_by_key_and_by_mouse(race):
    race.show("task=reverse&step=200")
    handle = race.handle("step")
    handle.focus()
    race.page.keyboard.press("ArrowRight")
    race.settle()
    assert race.ask("state")["step"] == pytest.approx(210)
    race.page.keyboard.press("End")
    race.settle()
    assert race.ask("state")["step"] == race.ask("state")["step_max"] == RUNS["steps"][0].max()
    plot = race.ask("geometry")["plot"]
    x, y = race.point(plot["x"] + plot["w"] / 4, plot["y"] + 20)
    race.page.mouse.click(x, y)
    race.settle()
    assert race.ask("state")["step"] == pytest.approx(RUNS["steps"][0].max() / 4, rel=0.02)


def test_an_encoding_is_chosen_by_mouse_by_key_and_by_its_name(race):
    race.show("of=none,sinusoidal,learned&see=none")
    bars = race.ask("geometry")["bars"]
    x, y = race.point(bars["x"] + 30, bars["y"] + 25 * 2.5)
    race.page.mouse.click(x, y)
    race.settle()
    assert race.ask("state")["focus"] == "learned"
    race.handle("focus").focus()
    race.page.keyboard.press("ArrowUp")
    race.settle()
    assert race.ask("state")["focus"] == "sinusoidal"
    race.root.locator("select").nth(1).select_option("rope")
    race.settle()
    assert race.ask("state")["focus"] == "rope"


def test_switches_show_and_hide(race):
    race.show("of=none,sinusoidal")
    race.root.get_by_role("button", name="rope", exact=True).click()
    race.settle()
    assert race.ask("state")["shown"] == "none,sinusoidal,rope"
    race.root.get_by_role("button", name="none", exact=True).click()
    race.settle()
    assert race.ask("geometry")["names"] == ["sinusoidal", "rope"]


def test_the_table_for_others_holds_every_run_in_sight(race, tmp_path):
    race.show("task=copy&of=rope,t5")
    with race.page.expect_download() as download:
        race.tool("Data").click()
    path = tmp_path / "race.csv"
    download.value.save_as(path)
    rows = list(csv.DictReader(io.StringIO(Path(path).read_text("utf-8"))))
    seeds, points = NOTES["seeds"], RUNS["steps"].shape[1]
    assert len(rows) == 2 * seeds * points
    a, b = TASKS.index("copy"), ENCODINGS.index("t5")
    last = [float(r["accuracy"]) for r in rows if r["encoding"] == "t5" and r["seed"] == "0"]
    np.testing.assert_allclose(last, RUNS["curve"][a, b, 0], atol=1e-4)


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_and_nothing_is_written_outside(open_page, width):
    page = open_page(PAGE, width=width)
    race = OnPage(page, "race")
    race.show("task=reverse&of=" + ",".join(ENCODINGS).replace(" ", "%20"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    stage = race.canvas().bounding_box()
    for word in race.words():
        assert word["left"] >= -1 and word["left"] + word["width"] <= stage["width"] + 1, word


def test_python_side_says_the_same():
    made = exhibits.race(task="copy", step=400)
    assert made.values.shape == (len(ENCODINGS), NOTES["seeds"])
    np.testing.assert_allclose(
        made.values[ENCODINGS.index("rope")], standing("copy", "rope", 400), atol=1e-6
    )
    made.set(of="rope,none", see="rope")
    assert made.shown == "none,rope" and made.on_rope and not made.on_sinusoidal
    assert percent(standing("copy", "rope", 400).mean()) in made._alt()
    with pytest.raises(traitlets.TraitError, match="shown names 'sine', which is unknown"):
        made.shown = "sine"


@pytest.mark.parametrize("part", ["encodings", "tasks"])
def test_runs_of_other_encodings_or_tasks_are_refused(part, monkeypatch):
    other = NOTES | {part: [*NOTES[part][:-1], "rotor"]}
    monkeypatch.setattr(data, "notes", lambda name: other)
    with pytest.raises(ValueError, match=rf"the {part} .*rotor, and the view knows .*race\.js"):
        exhibits.race()
