"""Tiny books for the tests of sphinx_alive: written, built, and opened in a browser.

Notebooks are made with their outputs in them, so that most books build without a kernel.
"""

from __future__ import annotations

import base64
import json
import struct
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import nbformat
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"
if str(SITE) not in sys.path:
    sys.path.insert(0, str(SITE))

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
PLOTLY = "application/vnd.plotly.v1+json"


def png(width: int = 40, height: int = 20, colour: tuple[int, int, int] = (200, 40, 40)) -> str:
    """A PNG of one colour, base64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = (b"\0" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
    return base64.b64encode(data + chunk(b"IEND", b"")).decode()


@dataclass
class Cell:
    """A code cell that has been run: the outputs are (mime bundle, metadata)."""

    outputs: Sequence[tuple[dict[str, Any], dict[str, Any]]] = ()
    tags: Sequence[str] = ()
    source: str = "show()"
    error: str | None = None


def notebook(*parts: str | Cell, state: dict[str, Any] | None = None) -> str:
    """A notebook of Markdown (str) and cells, with the state of its widgets, as JSON."""
    cells = []
    for part in parts:
        if isinstance(part, str):
            cells.append(nbformat.v4.new_markdown_cell(part))
            continue
        outputs = [
            nbformat.v4.new_output("display_data", data=data, metadata=meta)
            for data, meta in part.outputs
        ]
        if part.error:
            outputs.append(
                nbformat.v4.new_output(
                    "error", ename=part.error, evalue="said so", traceback=[part.error]
                )
            )
        cell = nbformat.v4.new_code_cell(part.source, outputs=outputs, execution_count=1)
        cell.metadata["tags"] = list(part.tags)
        cells.append(cell)
    book = nbformat.v4.new_notebook(cells=cells)
    book.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    book.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    if state is not None:
        book.metadata["widgets"] = {STATE: state}
    return nbformat.writes(book)


def view(model_id: str) -> dict[str, Any]:
    return {VIEW: {"version_major": 2, "version_minor": 0, "model_id": model_id}}


def widget_cells(*widgets: Any) -> tuple[list[Cell], dict[str, Any]]:
    """A cell for each ipywidget, and the state of all that live in this process."""
    from ipywidgets.embed import embed_data

    data = embed_data(views=list(widgets), drop_defaults=False)
    return [Cell([({VIEW: spec}, {})]) for spec in data["view_specs"]], data["manager_state"]


@dataclass
class Built:
    """A book after its build."""

    html: Path
    said: str
    error: Exception | None
    app: Sphinx

    def page(self, name: str) -> str:
        return (self.html / f"{name}.html").read_text("utf-8")

    @property
    def warnings(self) -> list[str]:
        return [line for line in self.said.splitlines() if "WARNING" in line or "ERROR" in line]


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files, but leave those alone that are as they should be: Sphinx looks at their times."""
    for name, text in files.items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")


def build(
    folder: Path,
    files: dict[str, str],
    *,
    builder: str = "html",
    fresh: bool = False,
    jobs: int = 1,
    **config: Any,
) -> Built:
    """Build a book of `files` below `folder` with Sphinx in this process, without running cells."""
    source, out = folder / "source", folder / builder
    source.mkdir(parents=True, exist_ok=True)
    write(source, files)
    said = StringIO()
    settings: dict[str, Any] = {
        "extensions": ["sphinx_alive"],
        "root_doc": next(iter(files)).split(".")[0],
        "nb_execution_mode": "off",
        "myst_enable_extensions": ["dollarmath", "amsmath"],
        "html_theme": "basic",
        "exclude_patterns": ["notebooks"],
        **config,
    }
    error: Exception | None = None
    with patch_docutils(source), docutils_namespace():
        app = Sphinx(
            source,
            None,
            out,
            folder / "doctrees",
            builder,
            settings,
            status=None,
            warning=said,
            freshenv=fresh,
            parallel=jobs,
        )
        app.confdir = source  # type: ignore[assignment]
        try:
            app.build()
        except Exception as trouble:
            error = trouble
    return Built(out, said.getvalue(), error, app)


def dump(value: Any) -> str:
    return json.dumps(value)
