"""Writes notebooks/ from book/: the same chapters as notebooks to work in, exercises left open.

    python tools/notebooks.py            writes notebooks/ anew
    python tools/notebooks.py --check    fails, with a diff, unless notebooks/ is what book/ generates

Only pages with code become notebooks. They hold no outputs, and the same book gives the same bytes.
What only a page can show is turned into what a notebook can: a phrase that sets a figure becomes
plain text, a glued number the number itself, a theorem a bold heading and its text, a citation
author and year. The numbers come from executing the page's own cells, which is done once for each
version of cells and library, and remembered in .house/.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import hashlib
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import yaml

ROOT = Path(__file__).resolve().parent.parent
RECORD = "application/papermill.record/text/plain"
CLOSED = {
    "hide-input",
    "hide-cell",
    "remove-input",
    "remove-cell",
}  # cells whose source a page does not open with

INSTALL = """\
# Makes this notebook run by itself where the book's library is not installed: in Colab, say.
import importlib.util
import pathlib
import subprocess
import sys

if importlib.util.find_spec("posenc") is None:
    repository = {repository!r}
    checkout = pathlib.Path("..").resolve()
    if (checkout / "pyproject.toml").is_file():
        source = str(checkout)
    elif repository:
        source = "posenc @ git+" + repository
    else:
        raise ModuleNotFoundError(
            "This notebook needs the book's library, posenc. Open it in the folder notebooks/ of "
            "a copy of the book's repository, or install the library from one: "
            "pip install PATH_OF_THE_COPY plotly"
        )
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", source, "plotly"], check=True
    )
    importlib.invalidate_caches()
"""


class Trouble(Exception):
    """Something in book/ that cannot be turned into a notebook; the message says where and why."""


# ------------------------------------------------------------------------------------- the numbers


def behind_the_numbers(root: Path) -> str:
    """A digest of what a chapter's numbers depend on besides its cells: the library, its data,
    and the versions of the packages it stands on."""
    library = root / "src" / "posenc"
    files = [
        path
        for path in library.rglob("*")
        if path.is_file() and path.suffix not in {".js", ".pyc"} and path.name != "views.css"
    ]
    total = hashlib.sha256()
    for path in [*sorted(files), root / "requirements" / "build.txt"]:
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def glued_numbers(notebook: Any, page: Path, root: Path) -> dict[str, str]:
    """What the cells of a page glue, name -> text, by executing them (or from the last time).

    Raises Trouble if a cell fails.
    """
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    if not any("glue" in source for source in cells):
        return {}
    key = hashlib.sha256(json.dumps([cells, behind_the_numbers(root)]).encode()).hexdigest()
    kept = root / ".house" / "glued" / f"{page.stem}.json"
    try:
        memory = json.loads(kept.read_text("utf-8"))
        if memory["key"] == key:
            return dict(memory["glued"])
    except (OSError, ValueError, KeyError):
        pass
    glued = execute(notebook, page)
    kept.parent.mkdir(parents=True, exist_ok=True)
    beside = kept.with_suffix(".new")
    beside.write_text(json.dumps({"key": key, "glued": glued}, ensure_ascii=False), "utf-8")
    beside.replace(kept)
    return glued


def execute(notebook: Any, page: Path) -> dict[str, str]:
    """Runs a copy of a notebook and collects what it glues."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    ran = deepcopy(notebook)
    try:
        client = NotebookClient(ran, timeout=300, kernel_name="python3")
        client.execute(cwd=str(page.parent))
    except CellExecutionError as error:
        raise Trouble(f"{page.name}: a cell failed\n{error}") from None
    glued: dict[str, str] = {}
    for cell in ran.cells:
        for output in cell.get("outputs", ()):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            if name and RECORD in output.get("data", {}):
                glued[name] = _said(output["data"][RECORD])
    return glued


def _said(record: str) -> str:
    """A glued text as the roles of myst-nb show it: a quoted string loses its quotes."""
    try:
        value = ast.literal_eval(record)
    except (SyntaxError, ValueError):
        return record
    return value if isinstance(value, str) else str(value)


# ---------------------------------------------------------------------------------- the references


class Library:
    """The bibliography: entries of references.bib as short citations and as a list."""

    def __init__(self, path: Path) -> None:
        from pybtex.database import BibliographyData, parse_file

        self.data = parse_file(str(path)) if path.is_file() else BibliographyData()
        self.cited: list[str] = []

    def entry(self, key: str, where: str) -> Any:
        """One entry; remembers that it was cited. Raises Trouble if there is none."""
        if key not in self.data.entries:
            raise Trouble(f"{where}: no entry {key!r} in references.bib")
        if key not in self.cited:
            self.cited.append(key)
        return self.data.entries[key]

    def names(self, entry: Any) -> str:
        """Surnames as they stand in a text: "Su et al.", "Lee and Kim"."""
        from pybtex.richtext import Text

        last = [
            str(Text.from_latex(" ".join([*person.prelast_names, *person.last_names])))
            for person in entry.persons["author"]
        ]
        if len(last) > 2:
            return f"{last[0]} et al."
        return " and ".join(last)

    def short(self, keys: list[str], where: str, textual: bool) -> str:
        """[Su et al., 2021] or, in the flow of a sentence, Su et al. [2021]."""
        said = []
        for key in keys:
            entry = self.entry(key, where)
            year, names = entry.fields.get("year", ""), self.names(entry)
            said.append(f"{names} [{year}]" if textual else f"{names}, {year}")
        return " and ".join(said) if textual else f"[{'; '.join(said)}]"

    def listed(self) -> str:
        """What was cited so far as a Markdown list, by author."""
        from pybtex.backends.markdown import Backend
        from pybtex.style.formatting.unsrt import Style

        style = Style(abbreviate_names=False)
        backend = Backend()
        entries = [self.data.entries[key] for key in self.cited]
        entries.sort(key=lambda entry: (self.names(entry), entry.fields.get("year", "")))
        texts = [
            " ".join(made.text.render(backend).split()) for made in style.format_entries(entries)
        ]
        # pybtex escapes more than Markdown needs; addresses would be unreadable
        return "\n".join("- " + re.sub(r"\\([-.()\[\]!#+])", r"\1", text) for text in texts)


# ------------------------------------------------------------------------------------- the Markdown

FENCE = re.compile(r"^(?P<fence>:{3,}|`{3,})\{(?P<name>[\w:-]+)\}[ \t]*(?P<title>.*)$")
CODE_FENCE = re.compile(r"^(`{3,}|~{3,})")
OPTION = re.compile(r"^:([\w-]+):[ \t]*(.*)$")
TARGET = re.compile(r"^\([\w:.-]+\)=\s*$")
ATTRIBUTES = re.compile(r"^\{[.#%][^}]*\}\s*$")
ROLE = re.compile(r"\{(?P<name>[a-zA-Z][\w:-]*)\}(?P<ticks>`+)(?P<body>.+?)(?P=ticks)(?!`)", re.S)
ANGLED = re.compile(r"^(?P<words>.*?)\s*<(?P<target>[^<>]+)>\s*$", re.S)
LINK = re.compile(r"(?<!!)\[(?P<words>[^\]]*)\]\((?P<target>(?:#|[\w./-]+\.md)[^)\s]*)\)")
NOTE = {"margin", "sidebar", "note", "tip", "warning", "important", "seealso", "attention", "hint"}
STATEMENTS = {
    "definition", "proposition", "theorem", "lemma", "corollary", "remark", "example", "property",
    "observation", "conjecture", "axiom", "algorithm", "criterion", "assumption",
}  # fmt: skip


@dataclass
class Page:
    """One page on its way to becoming a notebook."""

    name: str
    glued: dict[str, str]
    library: Library
    macros: dict[str, str]
    titles: dict[str, str] = field(default_factory=dict)  # label -> how the text calls it
    equations: dict[str, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    exercises: int = 0

    # -- labels are collected first, because a text refers forwards too

    def collect(self, text: str) -> None:
        """Numbers the equations, statements and exercises of the page, in order."""
        kind, title = "", ""
        for line in text.splitlines():
            fence = FENCE.match(line)
            option = OPTION.match(line)
            equation = re.match(r"^\$\$\s*\(([\w:.-]+)\)\s*$", line)
            if fence:
                kind, title = fence["name"].removeprefix("prf:"), fence["title"].strip()
                if kind in STATEMENTS or kind == "exercise":
                    self.counts[kind] += 1
            elif option and option[1] in ("label", "name") and kind:
                if kind in STATEMENTS or kind == "exercise":
                    self.titles[option[2].strip()] = f"{kind.capitalize()} {self.counts[kind]}"
                elif kind == "math":
                    self.equations[option[2].strip()] = len(self.equations) + 1
                elif title:
                    self.titles[option[2].strip()] = title
            elif equation:
                self.equations[equation[1]] = len(self.equations) + 1
        self.counts.clear()

    def where(self) -> str:
        return f"book/{self.name}.md"

    # -- roles

    def roles(self, text: str) -> str:
        """Text with each role replaced by what a notebook can show; code spans are left alone."""

        def replaced(match: re.Match[str]) -> str:
            return self.role(match["name"], match["body"].strip())

        return ROLE.sub(replaced, text)

    def role(self, name: str, body: str) -> str:
        """What one role becomes."""
        angled = ANGLED.match(body)
        words = angled["words"] if angled else body
        if name in ("set", "fact"):
            return self.roles(words)
        if name == "scrub":
            return f"**{words}**"
        if name.startswith("glue"):
            if body not in self.glued:
                raise Trouble(f"{self.where()}: {{{name}}}`{body}`: no cell glues {body!r}")
            return self.glued[body]
        if name in ("eq", "math:numref"):
            if body not in self.equations:
                raise Trouble(f"{self.where()}: {{eq}}`{body}`: there is no such equation")
            return f"({self.equations[body]})"
        if name.startswith("cite"):
            keys = [key.strip() for key in body.split(",")]
            return self.library.short(keys, self.where(), textual=name.endswith(":t"))
        if name in ("ref", "prf:ref", "numref"):
            target = angled["target"] if angled else body
            if angled:
                return words
            if target not in self.titles:
                raise Trouble(f"{self.where()}: {{{name}}}`{body}`: there is no such label")
            return self.titles[target]
        if name in ("doc", "term", "abbr"):
            return words if angled else body.rpartition("/")[2]
        if name == "kbd":
            return f"<kbd>{body}</kbd>"
        if name == "math":
            return f"${self.plain_maths(body)}$"
        raise Trouble(f"{self.where()}: {{{name}}} is a role that tools/notebooks.py does not know")

    # -- maths

    def plain_maths(self, text: str) -> str:
        """LaTeX without the book's macros, which MathJax in a notebook does not know."""
        for name, meaning in self.macros.items():
            bare = re.sub(r"\\htmlClass\{[^{}]*\}\{((?:[^{}]|\{[^{}]*\})*)\}", r"\1", meaning)
            after = r"(?![A-Za-z])" if name[-1].isalpha() else ""
            text = re.sub(re.escape(name) + after, lambda _, b=bare: _spaced(b), text)  # type: ignore[misc]
        return text

    # -- blocks

    def blocks(self, lines: list[str]) -> Iterator[str]:
        """Lines of Markdown with each directive replaced."""
        at = 0
        while at < len(lines):
            line = lines[at]
            fence = FENCE.match(line)
            if fence:
                end = closing(lines, at, fence["fence"])
                if end is None:
                    raise Trouble(f"{self.where()}: {line.strip()} is not closed")
                yield from self.directive(
                    fence["name"], fence["title"].strip(), lines[at + 1 : end]
                )
                at = end + 1
                continue
            code = CODE_FENCE.match(line)
            if code:  # a listing: as it is
                end = closing(lines, at, code[1])
                end = len(lines) - 1 if end is None else end
                yield from lines[at : end + 1]
                at = end + 1
                continue
            if line.strip().startswith("$$"):
                end = at
                while end + 1 < len(lines) and not re.match(r"^\$\$", lines[end + 1]):
                    end += 1
                yield from self.equation(lines[at : end + 2])
                at = end + 2
                continue
            if not (TARGET.match(line) or ATTRIBUTES.match(line) or line.startswith("%")):
                yield self.prose(line)
            at += 1

    def prose(self, line: str) -> str:
        """One line of prose: roles, links to other pages of the book, maths."""
        line = LINK.sub(lambda m: m["words"], line)
        line = self.roles(line)
        return re.sub(r"(?<!\\)\$(.+?)(?<!\\)\$", lambda m: f"${self.plain_maths(m[1])}$", line)

    def equation(self, lines: list[str]) -> Iterator[str]:
        """A displayed equation; one with a label keeps a number."""
        body = [self.plain_maths(line) for line in lines]
        label = re.match(r"^\$\$\s*\(([\w:.-]+)\)\s*$", body[-1])
        if label:
            body[-1] = "$$"
            body.insert(len(body) - 1, rf"\tag{{{self.equations[label[1]]}}}")
        yield from body

    def directive(self, name: str, title: str, lines: list[str]) -> Iterator[str]:
        """What one directive becomes."""
        options: dict[str, str] = {}
        if lines and lines[0].strip() == "---":
            end = next(k for k in range(1, len(lines)) if lines[k].strip() == "---")
            options = {
                k: str(v) for k, v in (yaml.safe_load("\n".join(lines[1:end])) or {}).items()
            }
            lines = lines[end + 1 :]
        while lines and (option := OPTION.match(lines[0])):
            options[option[1]] = option[2].strip()
            lines = lines[1:]
        title = self.prose(title)
        kind = name.removeprefix("prf:")
        inner = [*self.blocks(trimmed(lines))]
        yield ""
        if kind in STATEMENTS:
            self.counts[kind] += 1
            named = f" *{title}.*" if title else ""
            yield f"**{kind.capitalize()} {self.counts[kind]}.**{named}"
            yield ""
            yield from inner
        elif kind == "proof":
            yield "*Proof.*"
            yield from inner
            yield ""
            yield "∎"
        elif kind in ("exercise", "exercise-start"):
            self.counts["exercise"] += 1
            named = f" *{title}.*" if title else ""
            yield f"**Exercise {self.counts['exercise']}.**{named}"
            yield ""
            yield from inner
            yield OPEN
        elif kind in ("solution", "solution-start", "exercise-end", "solution-end"):
            pass  # exercises are left open: the page has the solution, folded
        elif kind in ("contents", "tableofcontents", "toctree"):
            pass
        elif kind == "bibliography":
            yield self.library.listed()
        elif kind == "math":
            label = options.get("label")
            yield "$$"
            yield from (self.plain_maths(line) for line in trimmed(lines))
            if label:
                yield rf"\tag{{{self.equations[label]}}}"
            yield "$$"
        elif "dropdown" in options.get("class", "").split():
            yield f"<details><summary>{title or kind.capitalize()}</summary>"
            yield ""
            yield from inner
            yield ""
            yield "</details>"
        elif kind in NOTE or kind == "admonition":
            if title:
                yield f"> **{title}**"
                yield ">"
            elif kind not in ("margin", "sidebar"):
                yield f"> **{kind.capitalize()}**"
                yield ">"
            yield from (f"> {line}".rstrip() for line in inner)
        else:
            raise Trouble(
                f"{self.where()}: {{{name}}} is a directive that tools/notebooks.py does not know"
            )
        yield ""

    def markdown(self, text: str) -> str:
        """A cell of MyST as Markdown."""
        made = "\n".join(self.blocks(text.splitlines()))
        return re.sub(r"\n{3,}", "\n\n", made).strip()


OPEN = "\x00"  # where an exercise waits for the reader's own cell


def _spaced(meaning: str) -> str:
    """A macro's meaning, with a space after a command that a letter may follow."""
    return meaning + " " if re.search(r"\\[A-Za-z]+$", meaning) else meaning


def trimmed(lines: list[str]) -> list[str]:
    """Lines without the empty ones around them."""
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return lines[start:end]


def closing(lines: list[str], at: int, fence: str) -> int | None:
    """The line that closes the fence opened at a line; fences of the same length may nest."""
    depth = 0
    mark = re.escape(fence[0])
    for k in range(at + 1, len(lines)):
        if re.match(rf"^{mark}{{{len(fence)},}}\s*$", lines[k]):
            if depth == 0:
                return k
            depth -= 1
        elif fence[0] == ":" and re.match(rf"^{mark}{{{len(fence)},}}\{{", lines[k]):
            depth += 1
    return None


# --------------------------------------------------------------------------------------- the notebook


def cell_id(source: str, kind: str, seen: Counter[str]) -> str:
    """An id that depends on what the cell holds, so that an edit elsewhere leaves it alone."""
    key = hashlib.sha256(f"{kind}\0{source}".encode()).hexdigest()[:10]
    seen[key] += 1
    return key if seen[key] == 1 else f"{key}-{seen[key]}"


def repository(root: Path) -> str:
    """The book's repository as pyproject.toml names it, or an empty string."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project.get("urls", {}).get("Repository", ""))


def macros(root: Path) -> dict[str, str]:
    """The book's LaTeX macros, from _config.yml."""
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8")) or {}
    found = config.get("sphinx", {}).get("config", {}).get("alive_katex_macros", {})
    return {str(name): str(meaning) for name, meaning in found.items()}


def convert(page: Path, root: Path) -> str | None:
    """The notebook of a page as text; None for a page without code."""
    source = jupytext.read(page, fmt="md:myst")
    if not any(cell.cell_type == "code" for cell in source.cells):
        return None
    # jupytext fills in a missing header when it reads, Sphinx does not: look at the page itself
    header = re.match(r"---\n(.*?)\n---\n", page.read_text("utf-8"), re.S)
    if header is None or "text_representation" not in header[1]:
        raise Trouble(
            f"{page.relative_to(root)} has code cells and no full jupytext header, so the book would "
            "not run them; copy the header that CONTRIBUTING.md shows (Add a chapter)"
        )
    glued = glued_numbers(source, page, root)
    library = Library(root / "book" / "references.bib")
    made = Page(page.stem, glued, library, macros(root))
    made.collect("\n".join(c.source for c in source.cells if c.cell_type == "markdown"))

    cells: list[Any] = []
    seen: Counter[str] = Counter()

    def add(kind: str, text: str, metadata: dict[str, Any] | None = None) -> None:
        new: Callable[..., Any] = getattr(nbformat.v4, f"new_{kind}_cell")
        cells.append(new(text, metadata=metadata or {}, id=cell_id(text, kind, seen)))

    hidden = {"source_hidden": True}
    add("code", INSTALL.format(repository=repository(root)).rstrip(), {"jupyter": hidden})
    for cell in source.cells:
        if cell.cell_type == "code":
            tags = list(cell.metadata.get("tags", ()))
            metadata: dict[str, Any] = {"tags": tags} if tags else {}
            if CLOSED & set(tags):
                metadata["jupyter"] = hidden
            add("code", cell.source.rstrip(), metadata)
        elif cell.cell_type == "markdown":
            parts = made.markdown(cell.source).split(OPEN)
            for number, part in enumerate(parts):
                if part.strip():
                    add("markdown", part.strip())
                if number < len(parts) - 1:
                    made.exercises += 1
                    add("code", f"# Your answer to exercise {made.exercises}\n")
    notebook = nbformat.v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        },
    )
    nbformat.validate(notebook)
    # as JupyterLab writes them: keys sorted, one space, a newline at the end
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def generate(root: Path) -> dict[str, str]:
    """All notebooks, name -> text."""
    made = {}
    for page in sorted((root / "book").glob("*.md")):
        text = convert(page, root)
        if text is not None:
            made[f"{page.stem}.ipynb"] = text
    return made


# -------------------------------------------------------------------------------------- the command


def readable(text: str) -> list[str]:
    """A notebook as lines that a diff can be read in: each cell with its kind and its source."""
    try:
        cells = json.loads(text)["cells"]
    except (ValueError, KeyError, TypeError):
        return text.splitlines()
    lines: list[str] = []
    for cell in cells:
        about = {k: v for k, v in cell.items() if k not in ("source", "cell_type")}
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        lines += [
            f"--- {cell['cell_type']} {json.dumps(about, sort_keys=True)}",
            *source.splitlines(),
        ]
    return lines


def differences(wanted: dict[str, str], folder: Path) -> list[str]:
    """How a folder differs from the notebooks that it should hold, as lines to read."""
    said: list[str] = []
    present = {path.name for path in folder.glob("*.ipynb")}
    for name in sorted(present - wanted.keys()):
        said.append(f"notebooks/{name}: no page of book/ generates it")
    for name, text in sorted(wanted.items()):
        if name not in present:
            said.append(f"notebooks/{name}: missing")
            continue
        found = (folder / name).read_text("utf-8")
        if found == text:
            continue
        diff = list(
            difflib.unified_diff(
                readable(found),
                readable(text),
                f"notebooks/{name}",
                f"book/{Path(name).stem}.md",
                lineterm="",
                n=1,
            )
        )
        said += diff or [f"notebooks/{name}: differs in its metadata or its layout only"]
    return said


def write(wanted: dict[str, str], folder: Path) -> list[str]:
    """Writes what has changed, removes what no page generates; returns the names touched."""
    folder.mkdir(exist_ok=True)
    touched = []
    for path in sorted(folder.glob("*.ipynb")):
        if path.name not in wanted:
            path.unlink()
            touched.append(f"removed {path.name}")
    for name, text in sorted(wanted.items()):
        path = folder / name
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            touched.append(f"wrote {name}")
    return touched


def main(arguments: list[str]) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Write notebooks/ from book/.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if notebooks/ is out of date"
    )
    check = parser.parse_args(arguments).check
    try:
        wanted = generate(ROOT)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    folder = ROOT / "notebooks"
    if check:
        said = differences(wanted, folder)
        if said:
            print("\n".join(said))
            print("\nnotebooks/ is not what book/ generates. Run: make notebooks")
            return 1
        print(f"notebooks/ is what book/ generates: {', '.join(sorted(wanted))}")
        return 0
    touched = write(wanted, folder)
    print("\n".join(touched) if touched else "notebooks/ is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
