"""The notebooks: generated from book/, without outputs, able to run by themselves."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
sys.path.insert(0, str(ROOT / "tools"))

import notebooks as tool  # noqa: E402 -- tools/ is no package

HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
    format_version: 0.13
    jupytext_version: 1.19.6
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def book(folder: Path, text: str, name: str = "page") -> Path:
    """A small book in a folder, with one page."""
    (folder / "book").mkdir(exist_ok=True)
    (folder / "_config.yml").write_text(
        "sphinx:\n  config:\n    alive_katex_macros:\n"
        '      "\\\\t": "\\\\htmlClass{k-pos}{t}"\n      "\\\\S": "\\\\htmlClass{k-sin}{\\\\sin}"\n'
    )
    (folder / "pyproject.toml").write_text('[project]\nname = "posenc"\n')
    (folder / "src/posenc/static").mkdir(parents=True, exist_ok=True)
    (folder / "src/posenc/static/tokens.css").write_text("")
    (folder / "requirements").mkdir(exist_ok=True)
    (folder / "requirements/build.txt").write_text("numpy==1\n")
    (folder / "book/references.bib").write_text(
        "@article{one, author={Ada Lee and Bo Kim}, title={One}, journal={J}, year={2001}}\n"
        "@article{three, author={Cy Su and Di Wu and Ed Fox}, title={Three}, journal={J}, year={2003}}\n"
    )
    page = folder / "book" / f"{name}.md"
    page.write_text(HEADER + text, "utf-8")
    return page


def converted(folder: Path, text: str) -> list[Any]:
    """The cells of a one-page book, after the one that installs."""
    made = tool.convert(book(folder, text), folder)
    assert made is not None
    return list(json.loads(made)["cells"][1:])


CODE = "```{code-cell} ipython3\n1 + 1\n```\n"


# -- what is committed ---------------------------------------------------------------------------


def test_there_are_notebooks():
    assert {path.stem for path in NOTEBOOKS} >= {"sinusoids"}


def test_notebooks_are_what_the_book_generates():
    said = tool.differences(tool.generate(ROOT), ROOT / "notebooks")
    assert not said, "run `make notebooks`:\n" + "\n".join(said[:60])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_clean(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    text = path.read_text("utf-8")
    assert not re.search(r"/work/|/tmp/|/home/|pypi|pythonhosted|npmjs", text)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_speaks_markdown_only(path):
    for cell in read(path).cells:
        if cell.cell_type != "markdown":
            continue
        left = re.search(
            r"\{(set|scrub|fact|glue|eq|cite|prf|ref|margin)[:\w]*\}|^:::|^```\{|\\htmlClass"
            r"|\\[tSC](?![A-Za-z])|^\([\w-]+\)=|^\{\.",
            cell.source,
            re.M,
        )
        assert left is None, f"{left.group()!r} is left over in: {cell.source[:200]}"


def test_exercises_are_left_open():
    cells = read(ROOT / "notebooks/sinusoids.ipynb").cells
    found = 0
    for cell, following in pairwise(cells):
        if re.match(r"\*\*Exercise \d", cell.source):
            found += 1
            assert following.cell_type == "code"
            assert re.fullmatch(r"# Your answer to exercise \d\s*", following.source)
    assert found == 3
    assert not any("Solution" in cell.source for cell in cells)
    source = (ROOT / "book/sinusoids.md").read_text("utf-8")
    assert source.count("{solution}") == 3


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path):
    from nbclient import NotebookClient

    notebook = read(path)
    NotebookClient(notebook, timeout=240, kernel_name="python3").execute(cwd=str(path.parent))
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        assert not [o for o in outputs if o.output_type in ("error", "stream")], cell.source
        if "exhibit" in cell.metadata.get("tags", ()):
            kinds = {kind for output in outputs for kind in output.get("data", {})}
            assert "application/vnd.jupyter.widget-view+json" in kinds, cell.source
        if "figure" in cell.metadata.get("tags", ()):
            kinds = {kind for output in outputs for kind in output.get("data", {})}
            assert "application/vnd.plotly.v1+json" in kinds, cell.source


# -- the cell that installs ----------------------------------------------------------------------


class Guard:
    """Runs the first cell of a notebook in a folder, with or without posenc, and records pip."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: str = ""):
        self.calls: list[list[str]] = []
        self.cell = tmp_path / "cell.py"
        self.cell.write_text(tool.INSTALL.format(repository=repository), "utf-8")
        self.patch = monkeypatch
        record = lambda command, **kwargs: self.calls.append([str(word) for word in command])  # noqa: E731
        monkeypatch.setattr(subprocess, "run", record)

    def run(self, folder: Path, *, present: bool) -> list[list[str]]:
        import importlib.util

        self.patch.chdir(folder)
        self.patch.setattr(
            importlib.util, "find_spec", lambda name: SimpleNamespace() if present else None
        )
        runpy.run_path(str(self.cell))
        return self.calls


def test_the_guard_is_the_first_cell_of_every_notebook():
    for path in NOTEBOOKS:
        first = read(path).cells[0]
        assert first.source == tool.INSTALL.format(repository=tool.repository(ROOT)).rstrip()


def test_nothing_is_installed_where_the_library_is(tmp_path, monkeypatch):
    assert Guard(tmp_path, monkeypatch).run(ROOT / "notebooks", present=True) == []


def test_the_library_is_installed_from_the_checkout(tmp_path, monkeypatch):
    (call,) = Guard(tmp_path, monkeypatch).run(ROOT / "notebooks", present=False)
    assert call[:4] == [sys.executable, "-m", "pip", "install"]
    assert call[-2:] == [str(ROOT), "plotly"]


def test_or_from_the_repository_of_the_book(tmp_path, monkeypatch):
    guard = Guard(tmp_path, monkeypatch, "https://example.org/book")
    (tmp_path / "alone").mkdir()
    (call,) = guard.run(tmp_path / "alone", present=False)
    assert "posenc @ git+https://example.org/book" in call


def test_or_says_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "alone").mkdir()
    guard = Guard(tmp_path, monkeypatch)
    with pytest.raises(ModuleNotFoundError, match="copy of the book's repository"):
        guard.run(tmp_path / "alone", present=False)
    assert guard.calls == []


# -- the generator -------------------------------------------------------------------------------


def test_a_page_without_code_is_no_notebook(tmp_path):
    assert tool.convert(book(tmp_path, "# Only words\n"), tmp_path) is None


def test_roles_become_text(tmp_path):
    text = (
        "# Page\n\n{set}`Go to *ten* <heat?b=10>` and {scrub}`64 <heat?d>`, "
        "{kbd}`Tab`, {cite:t}`one` and {cite:p}`one,three`. [Elsewhere](other.md#there)\n\n"
        "$$\nx = \\t + \\S(\\t)\n$$ (eq-x)\n\nSee {eq}`eq-x` and $\\t\\,k$.\n\n"
    )
    first = converted(tmp_path, text + CODE)[0]["source"]
    assert "Go to *ten* and **64**, <kbd>Tab</kbd>" in first
    assert "Lee and Kim [2001] and [Lee and Kim, 2001; Su et al., 2003]" in first
    assert ". Elsewhere\n" in first
    assert "$$\nx = t + \\sin (t)\n\\tag{1}\n$$" in first
    assert "See (1) and $t\\,k$." in first


def test_directives_become_text(tmp_path):
    text = (
        "(start)=\n# Page\n\n{.dek}\nA line.\n\n% a remark\n\n"
        "::::{prf:theorem} Name\n:label: thm\nIt holds.\n:::{margin}\nAside.\n:::\n::::\n\n"
        "As {prf:ref}`thm` says.\n\n:::{admonition} Answer\n:class: dropdown\nYes.\n:::\n\n"
        "```{bibliography}\n```\n\nSee {cite:p}`one`.\n\n```python\n{set}`as it is`\n```\n\n"
    )
    first = converted(tmp_path, text + CODE)[0]["source"]
    assert first.startswith("# Page\n\nA line.")
    assert "remark" not in first
    assert "**Theorem 1.** *Name.*\n\nIt holds.\n\n> Aside." in first
    assert "As Theorem 1 says." in first
    assert "<details><summary>Answer</summary>\n\nYes.\n\n</details>" in first
    assert "{set}`as it is`" in first  # a listing is left alone


def test_glued_numbers_are_filled_in_and_remembered(tmp_path, monkeypatch):
    text = (
        "# Page\n\n```{code-cell} ipython3\n:tags: [remove-cell]\n"
        "from posenc.text import glue\nglue(longest=60611.477, name='0.50')\n```\n\n"
        "{glue:text}`longest`, {glue:text}`name`, {fact}``{glue:text}`longest` <heat?longest>``.\n"
    )
    cells = converted(tmp_path, text)
    assert cells[2]["source"] == "60,611, 0.50, 60,611."
    assert cells[1]["metadata"] == {"jupyter": {"source_hidden": True}, "tags": ["remove-cell"]}

    def never(*_: Any) -> None:
        raise AssertionError("executed a second time")

    monkeypatch.setattr(tool, "execute", never)
    assert converted(tmp_path, text + "\nMore words.\n")[2]["source"].endswith("More words.")


def test_an_edit_elsewhere_leaves_a_cell_its_id(tmp_path):
    before = converted(tmp_path, "# Page\n\nOne.\n\n" + CODE + "\nTwo.\n\n" + CODE)
    after = converted(tmp_path, "# Page\n\nAnother.\n\n" + CODE + "\nTwo.\n\n" + CODE)
    same = [a["id"] == b["id"] for a, b in zip(before, after, strict=True)]
    assert same == [False, True, True, True]
    assert len({cell["id"] for cell in before}) == len(before)  # though two cells are alike


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{glue:text}`nothing`\n\n", "no cell glues 'nothing'"),
        ("{cite:p}`nobody`\n\n", "no entry 'nobody'"),
        ("{eq}`nowhere`\n\n", "no such equation"),
        ("{prf:ref}`nowhere`\n\n", "no such label"),
        ("{strange}`x`\n\n", "does not know"),
        ("```{strange} x\n```\n\n", "does not know"),
        (":::{margin}\nleft open\n\n", "is not closed"),
    ],
)
def test_what_cannot_be_turned_is_named(tmp_path, text, says):
    with pytest.raises(tool.Trouble, match=says):
        converted(tmp_path, "# Page\n\n" + text + "+++\n\n" + CODE)


def test_a_page_without_the_header_is_named(tmp_path):
    page = book(tmp_path, "")
    page.write_text("# Page\n\n" + CODE, "utf-8")
    with pytest.raises(tool.Trouble, match="has code cells and no full jupytext header"):
        tool.convert(page, tmp_path)


def test_numbers_are_made_anew_with_other_packages(tmp_path):
    book(tmp_path, "")
    before = tool.behind_the_numbers(tmp_path)
    (tmp_path / "requirements/build.txt").write_text("numpy==2\n")
    assert tool.behind_the_numbers(tmp_path) != before


def test_a_cell_that_fails_is_named(tmp_path):
    page = book(tmp_path, "# Page\n\n```{code-cell} ipython3\nglue = 1 / 0\n```\n")
    with pytest.raises(tool.Trouble, match="ZeroDivisionError"):
        tool.convert(page, tmp_path)


def test_check_shows_the_difference(tmp_path):
    book(tmp_path, "# Page\n\nAs it was.\n\n" + CODE)
    wanted = tool.generate(tmp_path)
    folder = tmp_path / "notebooks"
    assert tool.write(wanted, folder) == ["wrote page.ipynb"]
    assert tool.write(wanted, folder) == []
    assert tool.differences(wanted, folder) == []

    path = folder / "page.ipynb"
    path.write_text(path.read_text("utf-8").replace("As it was.", "Edited by hand."), "utf-8")
    (folder / "left.ipynb").write_text("{}", "utf-8")
    said = tool.differences(wanted, folder)
    assert "notebooks/left.ipynb: no page of book/ generates it" in said
    assert "-Edited by hand." in said
    assert "+As it was." in said
    path.unlink()
    assert "notebooks/page.ipynb: missing" in tool.differences(wanted, folder)
    assert tool.write(wanted, folder) == ["removed left.ipynb", "wrote page.ipynb"]
