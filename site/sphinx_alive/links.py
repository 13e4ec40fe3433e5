"""Roles that tie the prose to a figure: a phrase that sets it, a number that is dragged or follows.

======================================  ==========================================================
``{set}`phrase <NAME?b=10&d=32>```      a link to that state of the exhibit NAME
``{scrub}`64 <NAME?d>```                a number that sets the exhibit's `d` when dragged
``{fact}``{glue:text}`x` <NAME?f>````   a number that follows the exhibit's fact `f`
======================================  ==========================================================

Here they become HTML; the exhibit itself finds and drives them. A name that no page of the book
shows is a warning, and so is a state that the exhibit does not have, where it says which it has
(`settings`). Facts are computed in the browser: only there can they be looked for.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from . import settings

LOGGER = logging.getLogger(__name__)

NAME = r"[A-Za-z][A-Za-z0-9_-]*"
VALUE = r"[^\s&=?#<>]+"
CONTENT = re.compile(r"(?P<body>.+?)\s*<(?P<target>[^<>]+)>\s*\Z", re.DOTALL)
PAIRS = re.compile(rf"(?P<name>{NAME})\?(?P<state>{NAME}={VALUE}(?:&{NAME}={VALUE})*)\Z")
KEY = re.compile(rf"(?P<name>{NAME})\?(?P<state>{NAME})\Z")

#: kind of role: what its target looks like, an example, and whether it holds inline markup
KINDS = {
    "set": (PAIRS, "set the base <waves?b=10>", True),
    "scrub": (KEY, "64 <waves?d>", False),
    "fact": (KEY, "6.28 <waves?wavelength>", True),
}


class state(nodes.Inline, nodes.TextElement):  # noqa: N801
    """A phrase or number tied to an exhibit. Attributes: `kind`, `exhibit`, `target`."""


class StateRole(SphinxRole):
    """One of the three roles; its content may hold inline markup where `KINDS` says so."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        pattern, example, nested = KINDS[self.name]
        content = CONTENT.match(self.text.strip())
        target = pattern.match(content["target"].strip()) if content else None
        if content is None or target is None:
            LOGGER.warning(
                "{%s}`%s`: write a phrase and then a target, as in {%s}`%s`",
                self.name,
                self.text,
                self.name,
                example,
                location=(self.env.docname, self.lineno),
                type="alive",
                subtype="links",
            )
            return [nodes.inline(text=content["body"] if content else self.text)], []
        node = state(kind=self.name, exhibit=target["name"], target=target[0])
        node.source, node.line = self.get_source_info()
        messages: list[nodes.system_message] = []
        if nested:
            children, messages = self.inliner.parse(
                content["body"], self.lineno, self.inliner, self.inliner.parent
            )
            node += children
        else:
            node += nodes.Text(content["body"])
        return [node], messages


def href(translator: Any, node: state) -> str:
    """The fragment of a state, on this page or on the one that shows the exhibit."""
    here = (
        translator.docnames[-1]
        if hasattr(translator, "docnames")
        else translator.builder.current_docname
    )
    page = page_of(translator.builder.env.alive_exhibits, here, node["exhibit"])
    if page in (here, None):
        return f"#{node['target']}"
    return f"{translator.builder.get_relative_uri(here, page)}#{node['target']}"


def visit_state(translator: Any, node: state) -> None:
    target = escape(node["target"])
    opening = {
        "set": lambda: f'<a class="set" href="{escape(href(translator, node))}">',
        "scrub": lambda: f'<span class="scrub" data-state="{target}">',
        "fact": lambda: f'<output class="fact" data-fact="{target}">',
    }
    translator.body.append(opening[node["kind"]]())


def depart_state(translator: Any, node: state) -> None:
    translator.body.append({"set": "</a>", "scrub": "</span>", "fact": "</output>"}[node["kind"]])


def plain(translator: Any, node: nodes.Element) -> None:
    """Elsewhere they are the text that they hold."""


# ------------------------------------------------ what each page shows and asks for, kept in the env

#: page: exhibit: its settings, None where it does not say
Shown = dict[str, dict[str, settings.Settings | None]]


def page_of(shown: Shown, here: str, exhibit: str) -> str | None:
    """The page to which a link to an exhibit leads: this one if it shows it; None if none does."""
    return next((page for page in (here, *sorted(shown)) if exhibit in shown.get(page, {})), None)


def tables(env: BuildEnvironment) -> tuple[dict[str, Any], dict[str, Any]]:
    """(exhibits shown, states asked for), page by page."""
    if not hasattr(env, "alive_exhibits"):
        env.alive_exhibits = {}  # type: ignore[attr-defined]
        env.alive_states = {}  # type: ignore[attr-defined]
    return env.alive_exhibits, env.alive_states  # type: ignore[attr-defined]


def collect(app: Sphinx, doctree: nodes.document) -> None:
    shown, asked = tables(app.env)
    page = app.env.docname
    shown[page] = {
        image["alive"]["exhibit"]: settings.of(image["alive"])
        for image in doctree.findall(nodes.image)
        if isinstance(image.get("alive"), dict) and image["alive"].get("exhibit")
    }
    asked[page] = [
        (node["kind"], node["exhibit"], node["target"], getattr(node, "line", None))
        for node in doctree.findall(state)
    ]


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    for table in tables(env):
        table.pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    for table, theirs in zip(tables(env), tables(other), strict=True):
        table.update({name: theirs[name] for name in docnames if name in theirs})


def trouble(shown: Shown, here: str, kind: str, exhibit: str, target: str) -> str:
    """What is wrong with a phrase, number or word on a page; nothing if the text is empty."""
    page = page_of(shown, here, exhibit)
    if page is None:
        known = {name for names in shown.values() for name in names}
        return (
            "no page of the book shows an exhibit of that name"
            f" (there are: {', '.join(sorted(known)) or 'none'})"
        )
    if kind != "set" and page != here:
        return "that exhibit is on another page; only {set} may lead there"
    had = shown[page][exhibit]
    if had is None or kind == "fact":
        return ""
    look = settings.in_phrase if kind == "set" else settings.in_number
    return "; ".join(look(had, target.partition("?")[2]))


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Every state must lead to an exhibit that has it; what follows one must be on its page."""
    shown, asked = tables(env)
    for page, states in asked.items():
        for kind, exhibit, target, line in states:
            if wrong := trouble(shown, page, kind, exhibit, target):
                LOGGER.warning(
                    "{%s} <%s>: %s",
                    kind,
                    target,
                    wrong,
                    location=(page, line),
                    type="alive",
                    subtype="links",
                )


def setup(app: Sphinx) -> None:
    for kind in KINDS:
        app.add_role(kind, StateRole())
    other = (plain, plain)
    app.add_node(
        state, html=(visit_state, depart_state), latex=other, text=other, man=other, texinfo=other
    )
    app.connect("builder-inited", lambda app: tables(app.env) and None)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-check-consistency", check)
