"""Watch it learn, on the built page: moved by every kind of hand, and compared with the runs."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, percent

from posenc import data, exhibits

PAGE = "book/learned.html"
RUNS = data.load("training-growth")
STORIES = data.notes("training-growth")["stories"]
NAMES = [story["name"] for story in STORIES]


def table(n: int, shot: int) -> np.ndarray:
    return RUNS[f"table_{n}"][shot].astype(float) * float(RUNS[f"scale_{n}"][shot])


def cosines(rows: np.ndarray) -> np.ndarray:
    lengths = np.sqrt(np.square(rows).sum(axis=1))
    return rows @ rows.T / lengths[:, None] / lengths[None, :]


def moved(n: int, shot: int, low: int, high: int) -> float:
    first, now = table(n, 0)[low:high], table(n, shot)[low:high]
    return float(np.sqrt(np.square(now - first).sum() / np.square(first).sum()))


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "growth")


@pytest.fixture
def growth(open_page):
    found = OnPage(open_page(PAGE), "growth")
    found.arrive()
    return found


@pytest.mark.parametrize("n", range(len(NAMES)))
@pytest.mark.parametrize("end", [False, True])
def test_pictures_are_the_table_its_cosines_and_the_attention(still, n, end):
    shot = len(RUNS[f"steps_{n}"]) - 1 if end else 0
    still.show(f"run={NAMES[n].replace(' ', '%20')}&at={shot}")
    np.testing.assert_allclose(still.memory("table"), RUNS[f"table_{n}"][shot].ravel(), atol=1e-6)
    np.testing.assert_allclose(still.memory("map"), RUNS[f"map_{n}"][shot].ravel(), atol=1e-6)
    wanted = cosines(table(n, shot))
    np.testing.assert_allclose(still.memory("cosines"), wanted.ravel(), atol=1e-5)
    box = still.ask("geometry")["cosines"]
    many = len(wanted)
    for t, s in ((0, 0), (1, many - 1), (many // 2, many // 3)):
        x = box["x"] + box["w"] * (s + 0.5) / many
        y = box["y"] + box["h"] * (t + 0.4) / many
        if abs(t - still.ask("state")["t"]) > 1:
            assert still.coloured(x, y, wanted[t, s]), (t, s)


def test_rows_that_no_sequence_reached_are_marked_and_have_hardly_moved(still):
    n = NAMES.index("copy, 24 rows")
    last = len(RUNS[f"steps_{n}"]) - 1
    still.show(f"run=copy,%2024%20rows&at={last}")
    assert any("no sequence reached" in w["words"] for w in still.words())
    facts = still.ask("facts")
    assert facts["reached"] == percent(moved(n, last, 0, 16))
    assert facts["unreached"] == percent(moved(n, last, 16, 24))
    assert moved(n, last, 16, 24) < 0.05 < 0.5 < moved(n, last, 0, 16)
    still.show("run=reverse")
    assert not any("no sequence reached" in w["words"] for w in still.words())


def test_what_is_said_is_what_the_run_says(still):
    n = NAMES.index("reverse")
    last = len(RUNS[f"steps_{n}"]) - 1
    still.show(f"run=reverse&at={last}")
    looked = RUNS[f"map_{n}"][last]
    aim = float(np.mean([looked[t, 15 - t] for t in range(16)]))
    facts = still.ask("facts")
    assert facts["target"] == percent(aim)
    near = np.diagonal(cosines(table(n, last)), 1).mean()
    assert facts["neighbours"] == f"{near:.2f}".replace("-", "−")
    assert facts["step"] == f"{RUNS[f'steps_{n}'][last]:,}"


def test_the_step_and_the_row_move_by_key_and_by_mouse(growth):
    growth.show("run=reverse&at=3&t=4")
    growth.handle("step").focus()
    growth.page.keyboard.press("ArrowRight")
    growth.settle()
    assert growth.ask("state")["shot"] == 4
    plot = growth.ask("geometry")["plot"]
    growth.page.mouse.click(*growth.point(plot["x"] + plot["w"] - 2, plot["y"] + 30))
    growth.settle()
    assert growth.ask("state")["shot"] == growth.ask("state")["shot_max"]
    growth.handle("row").focus()
    growth.page.keyboard.press("ArrowDown")
    growth.settle()
    assert growth.ask("state")["t"] == 5
    box = growth.ask("geometry")["table"]
    growth.page.mouse.click(*growth.point(box["x"] + box["w"] / 2, box["y"] + box["h"] * 10.5 / 16))
    growth.settle()
    assert growth.ask("state")["t"] == 10


def test_a_finger_moves_the_step(open_page):
    page = open_page(PAGE, phone=True, touch=True)
    growth = OnPage(page, "growth")
    growth.show("run=reverse&at=2")
    plot = growth.ask("geometry")["plot"]
    y = plot["y"] + plot["h"] / 2
    at = [plot["x"] + plot["w"] * share for share in (0.3, 0.5, 0.7, 0.9)]
    growth.swipe([growth.point(x, y) for x in at])
    growth.settle()
    assert growth.ask("state")["shot"] > 8


def test_another_run_keeps_checkpoint_and_row_inside(growth):
    growth.show("run=text&at=6&t=60")
    growth.root.locator("select").first.select_option("reverse")
    growth.settle()
    state = growth.ask("state")
    assert state["t"] == 15 and state["shot"] == 6
    assert state["t_max"] == 15 and state["shot_max"] == len(RUNS["steps_0"]) - 1


def test_the_table_for_others_is_the_learned_table(growth, tmp_path):
    growth.show("run=reverse&at=5")
    with growth.page.expect_download() as download:
        growth.tool("Data").click()
    path = tmp_path / "growth.csv"
    download.value.save_as(path)
    rows = list(csv.reader(io.StringIO(Path(path).read_text("utf-8"))))[1:]
    values = np.array(rows, dtype=float)
    np.testing.assert_allclose(values[:, 1:], table(0, 5), atol=1e-4)


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits(open_page, width):
    page = open_page(PAGE, width=width)
    growth = OnPage(page, "growth")
    growth.show("run=copy,%2024%20rows")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    stage = growth.canvas().bounding_box()
    for word in growth.words():
        assert word["left"] >= -1 and word["left"] + word["width"] <= stage["width"] + 1, word


def test_python_side_says_the_same():
    made = exhibits.growth(story="copy, 24 rows", shot=14, t=20)
    np.testing.assert_allclose(made.values, table(1, 14), atol=1e-9)
    assert made.t == 20 and made.t_max == 23
    made.set(run="reverse")
    assert made.t == 15
    assert "step" in made._alt() and "Rows 16 to 23" not in made._alt()


def test_what_no_run_has_is_refused():
    made = exhibits.growth()
    shots, rows = zip(*(RUNS[f"table_{n}"].shape[:2] for n in range(len(STORIES))), strict=True)
    for trait, many in (("shot", max(shots)), ("t", max(rows))):
        with pytest.raises(traitlets.TraitError, match=f"{trait} = {many} .* 0 to {many - 1}$"):
            setattr(made, trait, many)
