"""Small, exact edits to the HTML that Sphinx has written for a page.

Sphinx extensions write what cannot be changed from a style sheet: the title without its kicker,
folds that only a script would fold, the same ``id`` on every theorem, links named "#". A parser
finds where the elements stand; the edits are then made in the text itself, so everything else
(maths, pictures, widget state) stays as it was, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Ids that sphinx-proof and sphinx-exercise give to the content of every directive alike.
REPEATED_IDS = frozenset(("proof-content", "exercise-content", "solution-content"))
# So many signs of a formula fit on one line even in a margin.
SHORT = 14
# A letter and its value, as KaTeX keeps the source: b = 10{,}000.
SETTING = re.compile(r"<annotation [^>]*>([A-Za-z]) *= *((?:\d|\{,\}|\.)+)</annotation>")
# The directives of sphinx-proof that state something; what is left is a proof.
KINDS = frozenset(
    [
        "algorithm",
        "assumption",
        "axiom",
        "conjecture",
        "corollary",
        "criterion",
        "definition",
        "example",
        "lemma",
        "notation",
        "observation",
        "property",
        "proposition",
        "remark",
        "theorem",
    ]
)
# What myst-nb writes on the line of a folded cell when the author has said nothing.
STOCK_PROMPT = re.compile(r"^(Show|Hide) code cell (source|content|outputs?)$")
QED = ' <span class="qed" role="img" aria-label="end of proof"></span>'
# What sphinx-thebe leaves on every page, though no cell is run from it, and pandas in every table.
UNWANTED = re.compile(r'<script type="text/x-thebe-config"|<script>kernelName =|<style scoped[ >]')
# Code as Pygments marks it up, and the marks that the style sheet gives a colour (2-text.css).
CODE = re.compile(r'(<div class="highlight"><pre>)(.*?)(</pre>)', re.S)
MARK = re.compile(r'<span class="([a-z][a-z0-9]{0,2})">([^<]*)</span>')
COLOURED = frozenset(
    [
        "k",
        "kn",
        "kd",
        "kc",
        "kr",
        "ow",
        "nt",
        "s",
        "s1",
        "s2",
        "sa",
        "sb",
        "sc",
        "sd",
        "se",
        "sh",
        "si",
        "sr",
        "ss",
        "sx",
        "c",
        "c1",
        "ch",
        "cm",
        "cp",
        "cs",
        "gr",
        "gt",
        "err",
    ]
)
FOLDED = {"source": "the code", "content": "the cell", "output": "the output"}


@dataclass
class Element:
    """An element of the page: its tag, its attributes, and where in the text it stands."""

    tag: str
    attrs: dict[str, str]
    start: int  # offset of its "<"
    inner: int  # offset just after its opening tag
    parent: Element | None = None
    inner_end: int = -1
    end: int = -1
    children: list[Element] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """Its classes, in the order written."""
        return self.attrs.get("class", "").split()

    def walk(self) -> Iterator[Element]:
        """Itself and everything inside, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, name: str) -> Element | None:
        """The first child of this class."""
        return next((child for child in self.children if name in child.classes), None)


class _Reader(HTMLParser):
    """Builds the tree of elements with their offsets."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.lines = [0]
        for match in re.finditer("\n", text):
            self.lines.append(match.end())
        self.root = Element("", {}, 0, 0, inner_end=len(text), end=len(text))
        self.open = [self.root]
        self.feed(text)
        self.close()

    def _here(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._here()
        inner = start + len(self.get_starttag_text() or "")
        element = Element(tag, {k: v or "" for k, v in attrs}, start, inner, self.open[-1])
        self.open[-1].children.append(element)
        if tag in VOID:
            element.inner_end = element.end = inner
        else:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:  # <path/> and the like
            element = self.open.pop()
            element.inner_end = element.end = element.inner

    def handle_endtag(self, tag: str) -> None:
        start = self._here()
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                for element in self.open[depth + 1 :]:  # closed by their parent: <p>, <li>
                    element.inner_end = element.end = start
                self.open[depth].inner_end = start
                self.open[depth].end = start + len(tag) + 3
                del self.open[depth:]
                return


def plain(text: str) -> str:
    """The text of a piece of HTML, without its tags, still escaped, spaces joined."""
    return " ".join(re.sub(r"<[^>]*>", "", text).split())


def plain_code(body: str) -> str:
    """Code without the marks that nobody sees: two kilobytes of a chapter, packed."""

    def unmark(mark: re.Match[str]) -> str:
        return mark[0] if mark[1] in COLOURED else mark[2]

    return CODE.sub(lambda code: code[1] + MARK.sub(unmark, code[2]) + code[3], body)


def _tag(tag: str, attrs: dict[str, str]) -> str:
    written = "".join(f' {name}="{escape(value)}"' for name, value in attrs.items())
    return f"<{tag}{written}>"


class _Editor:
    """Collects the edits of one page; those of a removed element's inside are dropped."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = _Reader(text).root
        self.edits: list[tuple[int, int, str]] = []

    def replace(self, start: int, end: int, by: str) -> None:
        self.edits.append((start, end, by))

    def without(self, element: Element, name: str) -> None:
        """Takes an attribute off an element."""
        attrs = {key: value for key, value in element.attrs.items() if key != name}
        self.replace(element.start, element.inner, _tag(element.tag, attrs))

    def result(self) -> str:
        pieces, at = [], 0
        for start, end, by in sorted(self.edits, key=lambda edit: (edit[0], edit[1])):
            if start < at:
                continue
            pieces += [self.text[at:start], by]
            at = end
        pieces.append(self.text[at:])
        return "".join(pieces)


def rewrite(body: str, kicker: str = "") -> str:
    """The page's HTML as this theme wants it.

    * The title, the kicker above it (``kicker``, text) and a paragraph of class ``dek`` right
      after it become one ``<header class="opening">``; the section number goes, since the kicker
      says it.
    * ``:class: dropdown`` becomes ``<details>``, folded without a script.
    * Headings, equation numbers and figure numbers are links to themselves, in place of a link
      called "#".
    * A short formula stays on one line with its full stop.
    * A row of a table of class ``claims`` says what it is: ``data-claim`` (what its first cell holds),
      ``data-verdict`` (its third) and ``data-chapter`` (the page that its last one leads to).
    * Code has the marks that its colours need, and no others.
    * A folded cell says what it holds; scripts of thebe go; tables of pandas lose the style
      sheet they bring along; empty head cells become plain ones, and those that hold a letter and
      its value are written in letters; sources are items of their list; no ``id`` stands twice.
    """
    page = _Editor(plain_code(body))
    seen: set[str] = set()
    opened = False
    for element in page.root.walk():
        if element.tag == "h1" and not opened:
            opened = True
            _opening(page, element, kicker)
        if "headerlink" in element.classes:
            _self_link(page, element)
        if element.tag == "span" and "math" in element.classes:
            _hold(page, element)
        if "proof" in element.classes and not KINDS.intersection(element.classes):
            _proof(page, element)
        if element.tag == "div" and "dropdown" in element.classes:
            _fold(page, element)
        elif element.tag == "summary":
            _prompt(page, element)
        elif UNWANTED.match(page.text, element.start):
            page.replace(element.start, element.end, "")
        elif element.tag == "th":
            _head_cell(page, element)
        elif element.attrs.get("role") == "doc-biblioentry":  # deprecated; in a list, an item
            attrs = dict(element.attrs, role="listitem")
            page.replace(element.start, element.inner, _tag(element.tag, attrs))
        elif element.tag == "table" and "border" in element.attrs:
            page.without(element, "border")
        elif element.tag == "tr" and "claims" in _table(element).classes:
            _claim(page, element)
        elif element.tag == "section" and element.attrs.get("id") in REPEATED_IDS:
            page.replace(element.start, element.inner, '<div class="said">')
            page.replace(element.inner_end, element.end, "</div>")
            continue
        elif element.tag == "span" and "caption-number" in element.classes:
            _number(page, element)
        if "admonition-title" in element.classes:
            _name(page, element)
        name = element.attrs.get("id", "")
        if name and name in seen:
            page.without(element, "id")
        seen.add(name)
    return page.result()


def _opening(page: _Editor, title: Element, kicker: str) -> None:
    above = f'<p class="kicker">{escape(kicker)}</p>\n' if kicker else ""
    page.replace(title.start, title.start, f'<header class="opening">\n{above}')
    number = title.find("section-number")
    if number:
        page.replace(number.start, number.end, "")
    end = title.end
    siblings = title.parent.children if title.parent else []
    after = siblings[siblings.index(title) + 1 :] if siblings else []
    if after and after[0].tag == "p" and "dek" in after[0].classes:
        end = after[0].end
    page.replace(end, end, "\n</header>")


def _self_link(page: _Editor, link: Element) -> None:
    around = link.parent
    page.replace(link.start, link.end, "")
    if around is None or around.tag == "h1":
        return
    if around.tag in HEADINGS or "eqno" in around.classes:
        number = around.find("section-number")
        start = number.end if number else around.inner
        opening = _tag("a", {"class": "self", "href": link.attrs.get("href", "")})
        page.replace(start, start, opening)
        page.replace(link.start, link.start, "</a>")


def _number(page: _Editor, number: Element) -> None:
    link = number.parent.find("headerlink") if number.parent else None
    if link:
        opening = _tag("a", {"class": "self", "href": link.attrs.get("href", "")})
        page.replace(number.inner, number.inner, opening)
        page.replace(number.inner_end, number.inner_end, "</a>")


def _hold(page: _Editor, maths: Element) -> None:
    """Keeps a short formula on one line, with the full stop or comma that follows it."""
    drawn = next((e for e in maths.walk() if "katex-html" in e.classes), None)
    if drawn is None or len(plain(page.text[drawn.inner : drawn.inner_end])) > SHORT:
        return
    mark = re.compile(r"[.,;:!?)’”]*").match(page.text, maths.end)
    end = mark.end() if mark else maths.end
    page.replace(maths.start, maths.start, '<span class="nb">')
    page.replace(end, end, "</span>")


def _head_cell(page: _Editor, cell: Element) -> None:
    """An empty head cell is no head; and "b = 10,000" as a head is written in letters, since MathML
    does not count as the name of a column."""
    inside = page.text[cell.inner : cell.inner_end]
    if not plain(inside) and "<img" not in inside:
        page.replace(cell.start, cell.inner, _tag("td", cell.attrs))
        page.replace(cell.inner_end, cell.end, "</td>")
        return
    for maths in cell.walk():
        if "math" in maths.classes:
            tex = SETTING.search(page.text, maths.inner, maths.inner_end)
            if tex:
                value = tex[2].replace("{,}", ",")
                page.replace(maths.start, maths.end, f'<i class="m">{tex[1]}</i> = {value}')


def _table(row: Element) -> Element:
    """The table that a row stands in."""
    around = row.parent
    while around is not None and around.tag != "table":
        around = around.parent
    return around or row


def _claim(page: _Editor, row: Element) -> None:
    """Number, verdict and chapter as attributes of the row, its number as its id."""
    cells = [cell for cell in row.children if cell.tag == "td"]
    links = [e for e in cells[-1].walk() if e.tag == "a"] if cells else []
    if not links:
        return  # the head
    number, _, verdict, *_ = (plain(page.text[c.inner : c.inner_end]) for c in cells)
    about = {
        "id": f"row-{number}",
        "data-claim": number,
        "data-verdict": verdict.lower().replace(" ", "-"),
        "data-chapter": links[0].attrs["href"].partition(".html")[0],
    }
    page.replace(row.start, row.inner, _tag("tr", about))


def _name(page: _Editor, title: Element) -> None:
    """ "Theorem 3.1 (The ladder)" is set as "Theorem 3.1 *The ladder.*"."""
    number = title.find("caption-number")
    start = number.end if number else title.inner
    name = re.fullmatch(r"\s*\((.*)\)\s*", page.text[start : title.inner_end], re.DOTALL)
    if number and name and "sd-" not in " ".join(title.classes):
        page.replace(start, title.inner_end, f' <span class="st-name">{name[1]}.</span>')


def _proof(page: _Editor, proof: Element) -> None:
    """The word "Proof." as a head, and the square at the end."""
    inside = [child for child in proof.children if child.tag == "p"]
    if not inside:
        return
    first, last = inside[0], proof.children[-1]
    if page.text.startswith("Proof. ", first.inner):
        page.replace(first.inner, first.inner + 7, '<b class="st-proof">Proof.</b> ')
    if last.tag == "p" and "qed" not in page.text[last.inner : last.inner_end]:
        page.replace(last.inner_end, last.inner_end, QED)


def _fold(page: _Editor, fold: Element) -> None:
    classes = [name for name in fold.classes if name not in ("dropdown", "toggle")]
    attrs = dict(fold.attrs, **{"class": " ".join([*classes, "fold"])})
    if "toggle-shown" in classes:
        attrs["open"] = ""
    page.replace(fold.start, fold.inner, _tag("details", attrs).replace(' open=""', " open"))
    title = fold.find("admonition-title")
    siblings = fold.parent.children if fold.parent else [fold]
    before = siblings[siblings.index(fold) - 1] if siblings.index(fold) else None
    if title and before and "solution" in classes and "exercise" in before.classes:
        page.replace(title.start, title.end, "<summary>Solution</summary>\n")
        page.replace(title.end, title.end, '<div class="fold-body">')
    elif title:
        page.replace(title.start, title.inner, '<summary class="admonition-title">')
        page.replace(title.inner_end, title.end, '</summary>\n<div class="fold-body">')
        for link in title.walk():  # a link inside what folds would be a button in a button
            if link.tag == "a":
                page.replace(link.start, link.inner, "")
                page.replace(link.inner_end, link.end, "")
    else:
        page.replace(fold.inner, fold.inner, '<summary>More</summary><div class="fold-body">')
    page.replace(fold.inner_end, fold.end, "</div></details>")


def _prompt(page: _Editor, summary: Element) -> None:
    shown, hidden = summary.find("collapsed"), summary.find("expanded")
    if not shown or not hidden:
        return
    said = plain(page.text[shown.inner : shown.inner_end])
    stock = STOCK_PROMPT.match(said)
    closing = STOCK_PROMPT.match(plain(page.text[hidden.inner : hidden.inner_end]))
    kind = stock or closing
    what = FOLDED[kind[2].rstrip("s")] if kind else "the code"
    label = "" if stock else f'<span class="cell-what">{said}</span> '
    page.replace(
        summary.start,
        summary.end,
        f'<summary>{label}<span class="cell-do"><span class="collapsed">Show {what}</span>'
        f'<span class="expanded">Hide {what}</span></span></summary>',
    )
