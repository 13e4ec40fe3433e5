"""chart_room: the look of the book.

A theme for Jupyter Book 1 (Sphinx) with its own page, style sheet and script. It inherits from
``sphinx_book_theme`` because Jupyter Book counts on that theme's directives, and loads none of
its files: no Bootstrap, no icon font, no inline handlers.

    sphinx:
      local_extensions: {chart_room: site}
      config: {html_theme: chart_room}

``make`` runs ``python -m chart_room.build`` first, which cuts the fonts.
"""

from __future__ import annotations

import hashlib
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from . import contents, markup, sources

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

HERE = Path(__file__).resolve().parent
# The title and the text are what a reader sees first; the other faces may come a moment later.
PRELOAD = ("source-serif-display.woff2", "source-serif-roman.woff2")
# Files that other extensions add to every page and that this theme makes needless.
DROPPED = (
    "pygments.css", "basic.css", "styles/pydata", "styles/sphinx-book", "proof.css",
    "exercise.css", "mystnb.", "togglebutton", "copybutton", "clipboard", "sphinx-thebe",
    "sphinx-design", "design-tabs", "scripts/sphinx-book", "documentation_options", "doctools",
    "sphinx_highlight",
)  # fmt: skip
DROPPED_INLINE = (
    "DOCUMENTATION_OPTIONS.", "let toggle", "var toggle", "const thebe", "const THEBE",
    "window.MathJax",
)  # fmt: skip
PARENTS = ("sphinx_book_theme", "pydata_sphinx_theme")


class MarginNotes(SphinxPostTransform):
    """Puts each margin note and the block before it into one container of class ``noted``.

    A note says something about what has just been said, so it follows it in the source, for a
    screen reader and on a phone; the style sheet sets it beside it where there is a margin.
    """

    default_priority = 800
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for note in list(self.document.findall(_is_note)):
            if isinstance(note, nodes.sidebar) and note.children:
                title = note.children[0]
                if isinstance(title, nodes.title) and not title.astext().strip():
                    note.remove(title)
            parent = note.parent
            at = parent.index(note)
            before = parent[at - 1] if at else None
            after = parent[at + 1] if at + 1 < len(parent) else None
            if isinstance(before, nodes.container) and "noted" in before["classes"]:
                parent.remove(note)
                before.append(note)
            elif isinstance(before, (nodes.paragraph, nodes.bullet_list, nodes.enumerated_list)):
                parent.remove(note)
                noted = nodes.container("", classes=["noted"])
                parent.replace(before, noted)
                noted += [before, note]
            elif isinstance(after, nodes.paragraph):  # the first thing of a section
                parent.remove(note)
                noted = nodes.container("", classes=["noted"])
                parent.replace(after, noted)
                noted += [after, note]
            else:
                noted = nodes.container("", classes=["noted", "alone"])
                parent.replace(note, noted)
                noted += note


def _is_note(node: nodes.Node) -> bool:
    return isinstance(
        node, (nodes.sidebar, nodes.Admonition, nodes.figure, nodes.container)
    ) and "margin" in node.get("classes", ())


def _dropped(asset: Any) -> bool:
    name = getattr(asset, "filename", asset)
    if not name:  # an inline script
        body = getattr(asset, "attributes", {}).get("body", "")
        return str(body).lstrip().startswith(DROPPED_INLINE)
    path = str(name).removeprefix("_static/")
    return path.startswith(DROPPED) or "://" in path


def _ours(builder: Builder) -> TypeGuard[StandaloneHTMLBuilder]:
    """Does this build write HTML, with this theme?"""
    return isinstance(builder, StandaloneHTMLBuilder) and builder.theme.name == "chart_room"


def add_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Gives the layout its chart, and the body and the lists of files as this theme wants them."""
    if not _ours(app.builder):
        return
    names = str(context.get("theme_bar_pages", "")).split(",")
    chart = contents.chart(app.builder, pagename, [name.strip() for name in names if name.strip()])
    chart.preload = list(PRELOAD)
    context["chart"] = chart
    if '<table class="claims' in context.get("body", ""):
        app.add_js_file("claims.js", loading_method="defer")
    for kind in ("css_files", "script_files"):
        context[kind] = [asset for asset in context[kind] if not _dropped(asset)]
    if isinstance(context.get("body"), str):
        word = context.get("theme_chapter_word", "Chapter")
        kicker = f"{word} {chart.number}" if chart.number else ""
        context["body"] = markup.rewrite(context["body"], kicker)


def place_assets(app: Sphinx) -> None:
    """Brings the theme's own files up to date; the fonts must have been cut before."""
    from . import build  # here, so that `python -m chart_room.build` does not meet itself

    if not _ours(app.builder):
        return
    missing = build.missing()
    if missing:
        raise ExtensionError(
            f"chart_room: no {', '.join(missing)} in its static folder; "
            "run `make` (or `python -m chart_room.build` with `site` on PYTHONPATH) first"
        )
    build.assemble()


def rewrite_all(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """All pages, if what they show of one another has changed since the last build."""
    now = contents.shape(env)
    before = getattr(env, "chart_room_shape", None)
    env.chart_room_shape = now  # type: ignore[attr-defined]
    return [] if before is None or before == now else sorted(env.found_docs)


def front(app: Sphinx, exception: Exception | None) -> None:
    """The address of the site itself, where the first page is elsewhere: a page that leads there.

    It would be written anyhow, bare, and a browser would look in vain for the book's mark.
    """
    if exception or not _ours(app.builder) or app.config.root_doc == "index":
        return
    where = escape(app.builder.get_target_uri(app.config.root_doc))
    mark = app.config.html_favicon
    icon = f"_static/{Path(mark).name}" if mark else "_static/dial.svg"
    title = escape(re.sub(r"<[^>]*>", "", app.config.html_title or app.config.project))
    Path(app.outdir, "index.html").write_text(
        f'<!DOCTYPE html>\n<html lang="{escape(app.config.language or "en")}">\n<head>\n'
        f'<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<link rel="icon" href="{escape(icon)}">\n'
        f'<meta http-equiv="refresh" content="0; url={where}">\n</head>\n'
        f'<body>\n<p><a href="{where}">{title}</a></p>\n</body>\n</html>\n',
        encoding="utf-8",
    )


def sweep(app: Sphinx, exception: Exception | None) -> None:
    """Takes the parent themes' files out of the built site: megabytes that no page asks for."""
    if exception or not _ours(app.builder):
        return
    target = Path(app.outdir, "_static")
    for parent in (Path(d) for d in app.builder.theme.get_theme_dirs()):
        if parent.name not in PARENTS:
            continue
        names = {path.relative_to(parent / "static") for path in (parent / "static").rglob("*")}
        for name in sorted(names, reverse=True):  # what a folder holds before the folder
            path = target / name
            if path.is_file() and not (HERE / "static" / name).exists():
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()


def _digest() -> str:
    """A digest of the theme's own sources."""
    digest = hashlib.sha256()
    for kind in ("*.py", "*.html", "*.conf", "css/*", "js/*"):
        for path in sorted(HERE.glob(kind)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the theme."""
    app.add_html_theme("chart_room", str(HERE))
    # Part of what a page is made of: when the theme changes, every page is written anew.
    app.add_config_value("chart_room_digest", _digest(), "html")
    app.add_js_file("page.js", loading_method="defer")
    app.add_post_transform(MarginNotes)
    sources.setup(app)
    app.connect("builder-inited", place_assets)
    app.connect("env-updated", rewrite_all)
    app.connect("html-page-context", add_context, priority=900)
    app.connect("build-finished", front, priority=100)  # before others look at all pages
    app.connect("build-finished", sweep, priority=900)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
