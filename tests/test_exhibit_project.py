"""Concatenate, then project, on the built page: moved by every kind of hand, compared with NumPy."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from exhibit import OnPage

from posenc import exhibits, projection

PAGE = "book/add.html"


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "project")


@pytest.fixture
def project(open_page):
    return OnPage(open_page(PAGE), "project")


STATES = [
    ("apart=0&word=2&t=3&words=2&places=2", 2, 3, 2, 2, False),
    ("apart=1&word=0&t=11&words=3&places=2", 0, 11, 3, 2, False),
    ("apart=1&word=11&t=0&words=4&places=4&blocks=one%20for%20both", 11, 0, 4, 4, True),
]
reading = pytest.mark.parametrize(("fragment", "word", "t", "k", "m", "shared"), STATES)


@reading
def test_one_product_and_the_sum_of_two_are_the_same_four_numbers(
    still, fragment, word, t, k, m, shared
):
    still.show(fragment)
    case = projection.case(k, m, shared=shared)
    long = np.concatenate([case.words[word], case.places[t]])
    wanted = np.hstack([case.a, case.b]) @ long
    np.testing.assert_allclose(still.memory("joined"), wanted, atol=1e-9)
    np.testing.assert_allclose(still.memory("added"), wanted, atol=1e-9)
    shown = [f"{v:.1f}".replace("-", "−").replace("−0.0", "0.0") for v in wanted]
    geometry = still.ask("geometry")
    box = geometry["result"] if "apart=1" in fragment else geometry["ax"]
    x = box["x"] + geometry["cell"]["w"] / 2 - 0.5
    column = [w["words"] for w in still.words() if abs(w["x"] - x) < 0.01 and w["y"] > box["y"]]
    assert column[-4:] == shown or column[:4] == shown


@reading
def test_the_map_shows_what_one_matrix_misses(still, fragment, word, t, k, m, shared):
    still.show(fragment)
    error = projection.single(projection.case(k, m, shared=shared)).error
    geometry = still.ask("geometry")
    box, pitch = geometry["map"], geometry["pitch"]
    for n, s in ((1, 1), (5, 8), (9, 5)):
        if n == word or s == t:
            continue
        x, y = box["x"] + (s + 0.3) * pitch, box["y"] + (n + 0.3) * pitch
        value = 0.0 if error[n, s] < 1e-6 else float(np.clip(error[n, s], 0.06, 1))
        assert still.coloured(x, y, value), (n, s)
    worst = error.max()
    assert still.ask("facts")["worst"] == ("0%" if worst < 1e-6 else f"{100 * worst:.0f}%")


def test_cells_and_marks_are_moved_by_mouse_and_keys(project):
    project.show("word=2&t=3")
    geometry = project.ask("geometry")
    box, pitch = geometry["map"], geometry["pitch"]
    project.page.mouse.click(*project.point(box["x"] + 7.5 * pitch, box["y"] + 9.5 * pitch))
    project.settle()
    assert (project.ask("state")["t"], project.ask("state")["word"]) == (7, 9)
    for name, key, trait, value in (
        ("place", "ArrowRight", "t", 8),
        ("word", "ArrowUp", "word", 8),
        ("place", "Home", "t", 0),
    ):
        project.handle(name).focus()
        project.page.keyboard.press(key)
        project.settle()
        assert project.ask("state")[trait] == value


def test_a_finger_moves_the_place(open_page):
    page = open_page(PAGE, phone=True, touch=True)
    project = OnPage(page, "project")
    project.show("word=2&t=0")
    geometry = project.ask("geometry")
    box, pitch = geometry["map"], geometry["pitch"]
    y = box["y"] + 2.5 * pitch
    project.swipe([project.point(box["x"] + pitch * (k + 0.5), y) for k in (0, 2, 5, 9)])
    project.settle()
    assert project.ask("state")["t"] == 9


def test_the_blocks_slide_apart_by_slider(project):
    project.show("apart=0")
    before = project.ask("geometry")["b"]
    project.slider("apart").focus()
    project.page.keyboard.press("End")
    project.page.wait_for_function(
        "e => e.querySelector('.posenc-view[data-drawn]').posenc.geometry().b.y > 150",
        arg=project.root.element_handle(),
    )
    after = project.ask("geometry")["b"]
    assert after["x"] < before["x"] and after["y"] > before["y"]


def test_the_table_for_others_holds_every_pair(project, tmp_path):
    project.show("words=3&places=3")
    with project.page.expect_download() as download:
        project.tool("Data").click()
    path = tmp_path / "project.csv"
    download.value.save_as(path)
    rows = list(csv.DictReader(io.StringIO(Path(path).read_text("utf-8"))))
    error = projection.single(projection.case(3, 3)).error
    assert len(rows) == 144
    for row in rows[::17]:
        assert float(row["error"]) == pytest.approx(
            error[int(row["word"]), int(row["t"])], rel=1e-3
        )


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("apart", [0, 1])
def test_it_fits(open_page, width, apart):
    page = open_page(PAGE, width=width)
    project = OnPage(page, "project")
    project.show(f"apart={apart}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    stage = project.canvas().bounding_box()
    for word in project.words():
        assert word["left"] >= -1 and word["left"] + word["width"] <= stage["width"] + 1, word


def test_python_side_says_the_same():
    made = exhibits.project(word=1, t=2, word_directions=3, place_directions=2)
    case = projection.case(3, 2)
    np.testing.assert_allclose(
        made.values, case.a @ case.words[1] + case.b @ case.places[2], atol=1e-12
    )
    made.set(blocks="one for both")
    assert "nothing but rounding" in made._alt()
