"""A build that cannot lie: what is missing, double or broken fails it, with file and line.

A cell says that a figure is due with one of the tags in `alive_due` (``figure``, ``exhibit``). Without
a tag, an output that holds a figure's mime type must leave a figure on the page. An error on a page
always fails, unless the cell is tagged ``raises-exception``.

Troubles are kept in the environment, page by page: a build that repeats nothing still fails.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)

VIEW = "application/vnd.jupyter.widget-view+json"
PLOTLY = "application/vnd.plotly.v1+json"
PICTURES = ("image/png", "image/svg+xml", "image/jpeg", "image/gif")
FIGURES = (VIEW, PLOTLY, *PICTURES)


def report(app: Sphinx, where: str, what: str) -> None:
    """Note a trouble found in the finished site."""
    app.__dict__.setdefault("_alive_troubles", []).append(f"{where}: {what}")


def lose(renderer: Any, line: int | None, what: str) -> None:
    """Note, while a page is read, an output that cannot be shown."""
    renderer.renderer.document.attributes.setdefault("alive_lost", []).append((line, what))


def forms(output: nodes.Element) -> list[set[str]]:
    """The mime types of each output of a cell that left something on the page."""
    return [
        {form["mime_type"] for form in bundle.children if form.children}
        for bundle in output.findall(nodes.container)
        if bundle.get("nb_element") == "mime_bundle"
    ]


def troubles(doctree: nodes.document, due: tuple[str, ...]) -> list[tuple[int | None, str]]:
    """(line, what is wrong) for each cell of a page that shows less than it should."""
    found: list[tuple[int | None, str]] = list(doctree.attributes.get("alive_lost", ()))
    names: Counter[str] = Counter()
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") != "cell_code":
            continue
        tags = set(cell.get("cell_metadata", {}).get("tags", ()))
        shown = forms(cell)
        asked = sorted(tags & set(due))
        if asked and not any(kinds & set(FIGURES) for kinds in shown):
            found.append((cell.line, f"the cell is tagged {asked[0]!r} and shows no figure"))
        if "raises-exception" not in tags and any(
            "traceback" in block["classes"] for block in cell.findall(nodes.literal_block)
        ):
            found.append((cell.line, "the cell ended in an error"))
    for image in doctree.findall(nodes.image):
        told = image.get("alive")
        if isinstance(told, dict) and told.get("exhibit"):
            names[told["exhibit"]] += 1
    found += [
        (None, f"{count} exhibits on one page are called {name!r}")
        for name, count in names.items()
        if count > 1
    ]
    return found


def table(env: BuildEnvironment) -> dict[str, list[tuple[int | None, str]]]:
    if not hasattr(env, "alive_troubles"):
        env.alive_troubles = {}  # type: ignore[attr-defined]
    return env.alive_troubles  # type: ignore[attr-defined, no-any-return]


def collect(app: Sphinx, doctree: nodes.document) -> None:
    found = troubles(doctree, tuple(app.config.alive_due))
    table(app.env)[app.env.docname] = found


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    table(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    theirs = table(other)
    table(env).update({name: theirs[name] for name in docnames if name in theirs})


def failed_pages(env: BuildEnvironment) -> list[str]:
    """Pages whose cells did not all run."""
    data: dict[str, Any] = getattr(env, "nb_metadata", {})
    return [
        page
        for page, told in sorted(data.items())
        if (told.get("exec_data") or {}).get("succeeded") is False
    ]


def finish(app: Sphinx, error: Exception | None) -> None:
    """Say all that is wrong, then fail the build."""
    if error is not None or not app.config.alive_checks:
        return
    found = list(app.__dict__.pop("_alive_troubles", []))
    for page, items in sorted(table(app.env).items()):
        path = app.env.doc2path(page, base=False)
        found += [f"{path}:{line or 1}: {what}" for line, what in items]
    found += [
        f"{app.env.doc2path(page, base=False)}:1: its cells did not all run"
        for page in failed_pages(app.env)
    ]
    if found:
        lines = "\n  ".join(found)
        raise ExtensionError(f"sphinx_alive: the site is not as it should be\n  {lines}")


def setup(app: Sphinx) -> None:
    app.add_config_value("alive_checks", True, "html", [bool])
    app.add_config_value("alive_due", ["figure", "exhibit"], "env", [list, tuple])
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("build-finished", finish, priority=950)
