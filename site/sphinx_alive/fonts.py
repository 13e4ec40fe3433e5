"""KaTeX's fonts, cut to the letters that the book's formulas set in each: a fraction of the bytes.

The whole fonts stay where they are. Beside each, a smaller face of the same family names its letters
(`unicode-range`); a browser asks for the whole one only when something, a widget's formula perhaps,
uses another letter. Needs fontTools and brotli at build time; without them nothing is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from string import ascii_letters

from sphinx.application import Sphinx
from sphinx.util import logging

from .maths import RENDERER
from .policy import pages

LOGGER = logging.getLogger(__name__)

FACE = re.compile(r"@font-face\{[^}]*url\(fonts/(?P<file>[\w-]+\.woff2)\)[^}]*\}")
BLANKS = {" ", "\N{NO-BREAK SPACE}"}
#: Figures write their variables in the face of formulas, and only the browser knows which.
ALPHABET = {ord(c) for c in ascii_letters}
MARK = "\n/* the letters of this book */\n"
UNICODES = re.compile(r"unicode-range:[^;}]*")
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


#: Family, style and weight, as a style sheet writes them.
Face = tuple[str, str, str]
PLAIN: Face = ("KaTeX_Main", "normal", "400")
STYLED = re.compile(r"([^{}@]+)\{([^{}]*)\}")
SIMPLE = re.compile(r"\.katex \.([\w-]+)\Z")
PROPERTY = re.compile(r"(?:^|;)font-(family|style|weight):\"?(\w+)")


def styles(css: str) -> dict[str, dict[str, str]]:
    """Which class of a formula's parts changes which property of its font, from KaTeX's sheet."""
    found: dict[str, dict[str, str]] = {}
    for selectors, body in STYLED.findall(css):
        changes = dict(PROPERTY.findall(body))
        if changes.get("weight") == "bold":
            changes["weight"] = "700"
        for selector in selectors.split(",") if changes else ():
            if simple := SIMPLE.match(selector.strip()):
                found.setdefault(simple[1], {}).update(changes)
    return found


class Letters(HTMLParser):
    """Collects the characters that a page's formulas show, by the face they are set in."""

    def __init__(self, known: dict[str, dict[str, str]]) -> None:
        super().__init__()
        self.known = known
        self.found: dict[Face, set[str]] = {}
        self.open: list[Face] = []  # the faces of the open elements inside a formula

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if tag in VOID or not (self.open or "katex-html" in classes):
            return
        family, style, weight = self.open[-1] if self.open else PLAIN
        for name in classes:
            changes = self.known.get(name, {})
            family = changes.get("family", family)
            style = changes.get("style", style)
            weight = changes.get("weight", weight)
        self.open.append((family, style, weight))

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag not in VOID:
            self.open.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<path/>` in a drawn root opens nothing."""

    def handle_data(self, data: str) -> None:
        if self.open:
            self.found.setdefault(self.open[-1], set()).update(data)


def letters(htmls: Iterable[str], known: dict[str, dict[str, str]]) -> dict[Face, set[str]]:
    """Every character in the formulas of these pages, by the face it is set in."""
    reader = Letters(known)
    for html in htmls:
        reader.open = []
        reader.feed(html)
    inked = {
        face: {char for char in chars if not char.isspace()} for face, chars in reader.found.items()
    }
    return {face: chars for face, chars in inked.items() if chars}


def wanted(face: Face, found: dict[Face, set[str]]) -> set[int]:
    """What a font must hold: its letters and the blanks; nothing if no formula is set in it.

    The fonts of tall signs are chosen by more than a class, and tiny: they hold what any formula shows.
    """
    size = face[0].startswith("KaTeX_Size")
    chars = set().union(*found.values()) if size else found.get(face, set())
    codes = {ord(char) for char in chars}
    if face == ("KaTeX_Math", "italic", "400"):
        codes |= ALPHABET
    return codes | {ord(char) for char in BLANKS} if codes else set()


def ranges(codes: Iterable[int]) -> str:
    """Code points as CSS writes them: `U+41-43,U+58`."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in runs)


def cut(whole: Path, part: Path, codes: set[int]) -> set[int]:
    """Write the part of a font that holds `codes`; returns those that the font has."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    with TTFont(whole, recalcTimestamp=False) as font:
        has = codes & font.getBestCmap().keys()
        if has - {ord(char) for char in BLANKS}:
            options = Options(
                layout_features=[], hinting=False, name_IDs=[1, 2], notdef_outline=True
            )
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=has)
            subsetter.subset(font)
            font.flavor = "woff2"
            font.save(part)
            return set(has)
    return set()


def cut_fonts(app: Sphinx, error: Exception | None) -> None:
    """Cut each of KaTeX's fonts in the built site, and name the parts in its style sheet."""
    if error is not None or app.builder.format != "html" or not app.config.alive_katex_cut:
        return
    if app.config.html_math_renderer != RENDERER:
        return
    try:
        import brotli  # noqa: F401 -- fontTools writes woff2 with it
        import fontTools.subset  # noqa: F401
    except ImportError:
        LOGGER.info("sphinx_alive: without fontTools and brotli KaTeX's fonts stay whole")
        return
    folder = Path(app.outdir, "_static", "alive", "katex")
    sheet = folder / "katex.css"
    css = sheet.read_text(encoding="utf-8").split(MARK)[0]
    found = letters((path.read_text(encoding="utf-8") for path in pages(app)), styles(css))
    faces = []
    for face in FACE.finditer(css):
        name = face["file"].replace(".woff2", ".part.woff2")
        said = dict(PROPERTY.findall(face[0].removeprefix("@font-face{")))
        codes = wanted((said["family"], said["style"], said["weight"]), found)
        has = cut(folder / "fonts" / face["file"], folder / "fonts" / name, codes)
        if has:
            smaller = face[0].replace(face["file"], name)
            faces.append(UNICODES.sub(f"unicode-range:{ranges(has)}", smaller))
    # The last face that has a letter is the one a browser takes it from.
    sheet.write_text(css + MARK + "\n".join(faces) + "\n" if faces else css, encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.add_config_value("alive_katex_cut", True, "html", [bool])
    app.connect("build-finished", cut_fonts)
