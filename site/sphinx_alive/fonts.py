"""KaTeX's fonts, cut to the letters that the book's formulas use: a quarter of the bytes or less.

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


class Letters(HTMLParser):
    """Collects the characters that a page's formulas show."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.depth = 0  # of open elements inside a formula, 0 outside

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        formula = "katex-html" in (dict(attrs).get("class") or "").split()
        if tag not in VOID and (self.depth or formula):
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if self.depth and tag not in VOID:
            self.depth -= 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<path/>` in a drawn root opens nothing."""

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.found.update(data)


def letters(htmls: Iterable[str]) -> set[str]:
    """Every character in the formulas of these pages."""
    reader = Letters()
    for html in htmls:
        reader.depth = 0
        reader.feed(html)
    return {char for char in reader.found if not char.isspace()} | BLANKS


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
        if has:
            options = Options(
                layout_features=[], hinting=False, name_IDs=[1, 2], notdef_outline=True
            )
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=has)
            subsetter.subset(font)
            font.flavor = "woff2"
            font.save(part)
    return set(has)


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
    codes = {ord(c) for c in letters(path.read_text(encoding="utf-8") for path in pages(app))}
    faces = []
    for face in FACE.finditer(css):
        name = face["file"].replace(".woff2", ".part.woff2")
        wanted = codes | ALPHABET if face["file"] == "KaTeX_Math-Italic.woff2" else codes
        has = cut(folder / "fonts" / face["file"], folder / "fonts" / name, wanted)
        if has:
            smaller = face[0].replace(face["file"], name)
            faces.append(UNICODES.sub(f"unicode-range:{ranges(has)}", smaller))
    # The last face that has a letter is the one a browser takes it from.
    sheet.write_text(css + MARK + "\n".join(faces) + "\n" if faces else css, encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.add_config_value("alive_katex_cut", True, "html", [bool])
    app.connect("build-finished", cut_fonts)
