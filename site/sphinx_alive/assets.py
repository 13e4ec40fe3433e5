"""The extension's own files in the site: style sheets on every page, scripts where they are used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

STATIC = Path(__file__).parent / "static"
BUILT = STATIC / "alive"


def add_static_path(app: Sphinx, config: Config) -> None:
    """Let Sphinx copy ``static/`` to ``_static/`` of the site."""
    if not (BUILT / "widgets.js").is_file():
        raise ExtensionError(
            f"sphinx_alive: its browser bundles are missing from {BUILT}; "
            "build them with `node site/sphinx_alive/build.mjs` (or `npm run build:site`)"
        )
    # Before the book's own folders, so that a book may put its own file over one of these.
    config.html_static_path = [str(STATIC), *config.html_static_path]


def page_has(doctree: nodes.document | None, kind: type[nodes.Node]) -> bool:
    """Does a page hold a node of this kind? Pages without a doctree (search, index) do not."""
    return doctree is not None and next(doctree.findall(kind), None) is not None


def page_context(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doc: Any
) -> None:
    """Tell themes that the extension is at work: ``sphinx_alive`` is its version."""
    from . import __version__

    context["sphinx_alive"] = __version__


def setup(app: Sphinx) -> None:
    app.connect("config-inited", add_static_path)
    app.connect("html-page-context", page_context)
    app.add_css_file("alive/alive.css", priority=300)
