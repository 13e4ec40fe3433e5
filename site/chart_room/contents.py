"""The contents of the book, as the bar, the margin and the foot of a page show them.

Read from Sphinx's own table of contents, so a chapter that is not in it does not exist here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.environment import BuildEnvironment


@dataclass
class Entry:
    """One line of the contents. ``title`` and ``dek`` are HTML, ``number`` is text or empty."""

    title: str
    url: str
    number: str = ""
    dek: str = ""
    current: bool = False
    sections: list[Entry] = field(default_factory=list)
    pages: list[Entry] = field(default_factory=list)


@dataclass
class Part:
    """A group of pages under one caption (empty for none)."""

    caption: str
    pages: list[Entry]


@dataclass
class Chart:
    """Where a page stands in the book. ``title`` is text, escaped for HTML.

    ``book`` is the book's title as HTML: that of its first page, if it says the same.
    """

    parts: list[Part] = field(default_factory=list)
    book: str = ""
    title: str = ""
    number: str = ""
    description: str = ""
    prev: Entry | None = None
    next: Entry | None = None
    bar_pages: list[Entry] = field(default_factory=list)
    preload: list[str] = field(default_factory=list)


def number(env: BuildEnvironment, docname: str) -> str:
    """The number of a page as text ("3"), or "" for a page that has none.

    `chapter: 3` at the head of the page goes before the number from the table of contents, which
    cannot know of chapters that are still to be written.
    """
    told = env.metadata.get(docname, {}).get("chapter")
    if told is not None:
        return str(told)
    secnumber = env.toc_secnumbers.get(docname, {}).get("")
    return ".".join(map(str, secnumber)) if secnumber else ""


def dek(env: BuildEnvironment, docname: str) -> nodes.paragraph | None:
    """The paragraph of class ``dek`` that follows the title of a page, if there is one."""
    for title in env.get_doctree(docname).findall(nodes.title):
        after = title.next_node(siblings=True, descend=False)
        if isinstance(after, nodes.paragraph) and "dek" in after["classes"]:
            return after
        return None
    return None


def inline(builder: StandaloneHTMLBuilder, node: nodes.Element) -> str:
    """The children of a title or a paragraph as HTML, without links, anchors and numbers."""
    title = nodes.title("", "", *(child.deepcopy() for child in node.children))
    for link in list(title.findall(nodes.reference)):
        link.parent.replace(link, link.children)
    return builder.render_partial(title)["title"].strip()


def _sections(builder: StandaloneHTMLBuilder, docname: str) -> list[Entry]:
    """The first level of sections of a page, each a link inside it."""
    toc = builder.env.tocs.get(docname)
    if toc is None or not toc.children:
        return []
    inside = [child for child in toc.children[0].children if isinstance(child, nodes.bullet_list)]
    entries = []
    for item in (item for group in inside for item in group.children):
        if not isinstance(item, nodes.list_item):
            continue
        link = next(item.findall(nodes.reference), None)
        if link is not None and link.get("anchorname"):
            entries.append(Entry(inline(builder, link), link["anchorname"]))
    return entries


def _pages(builder: StandaloneHTMLBuilder, here: str, inside: str, depth: int = 3) -> list[Part]:
    """The pages that the toctrees of ``inside`` name, seen from the page ``here``."""
    env = builder.env
    parts: list[Part] = []
    if depth == 0 or inside not in env.tocs:
        return parts
    for tree in env.tocs[inside].findall(addnodes.toctree):
        pages = []
        for title, ref in tree["entries"]:
            if "://" in ref:
                pages.append(Entry(nodes.Text(title or ref).astext(), ref))
            elif ref in env.titles and ref != inside:
                below = _pages(builder, here, ref, depth - 1)
                pages.append(
                    Entry(
                        inline(builder, env.titles[ref]),
                        builder.get_relative_uri(here, ref) or "#",
                        number(env, ref),
                        current=ref == here,
                        sections=_sections(builder, ref) if ref == here else [],
                        pages=[page for part in below for page in part.pages],
                    )
                )
        if pages:
            parts.append(Part(tree.get("caption") or "", pages))
    return parts


def _neighbour(builder: StandaloneHTMLBuilder, here: str, docname: str | None) -> Entry | None:
    env = builder.env
    if docname is None or docname not in env.titles:
        return None
    said = dek(env, docname)
    return Entry(
        inline(builder, env.titles[docname]),
        builder.get_relative_uri(here, docname) or "#",
        number(env, docname),
        inline(builder, said) if said is not None else "",
    )


def chart(builder: StandaloneHTMLBuilder, here: str, bar_pages: list[str]) -> Chart:
    """Everything the layout needs to know about the place of page ``here`` in the book."""
    env = builder.env
    found = Chart(parts=_pages(builder, here, env.config.root_doc))
    first = env.titles.get(env.config.root_doc)
    if first is not None and first.astext() == env.config.html_title:
        found.book = inline(builder, first)
    else:
        found.book = escape(env.config.html_title, quote=False)
    found.bar_pages = [
        Entry(
            inline(builder, env.titles[name]),
            builder.get_relative_uri(here, name) or "#",
            current=name == here,
        )
        for name in bar_pages
        if name in env.titles
    ]
    if here in env.titles:
        found.title = escape(env.titles[here].astext(), quote=False)
        found.number = number(env, here)
        said = dek(env, here)
        found.description = said.astext() if said is not None else ""
        relations = env.collect_relations().get(here)
        if relations:
            found.prev = _neighbour(builder, here, relations[1])
            found.next = _neighbour(builder, here, relations[2])
    return found


def shape(env: BuildEnvironment) -> list[tuple[str, str, str, str]]:
    """What every page shows of the others: if it changes, all pages are written anew."""
    found = []
    for docname in sorted(env.found_docs):
        if docname in env.titles:
            said = dek(env, docname)
            found.append(
                (
                    docname,
                    env.titles[docname].astext(),
                    number(env, docname),
                    said.astext() if said is not None else "",
                )
            )
    return found
