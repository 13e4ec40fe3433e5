"""Builds the theme's static folder: ``python -m chart_room.build`` (with ``site`` on PYTHONPATH).

1. Cuts the fonts of the npm packages ``@fontsource*`` down to the letters and the axis ranges the
   book uses, and writes the ``@font-face`` rules, with fallbacks of the same width so that nothing
   moves when a face arrives. Skipped when nothing that goes in has changed.
2. Joins the design tokens, those rules and ``css/`` into one style sheet, and copies ``js/``.

The same input gives the same bytes. The folder is not kept in git.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
STATIC = HERE / "static"
FONTS = STATIC / "fonts"
STAMP = FONTS / "stamp.json"
TOKENS = ROOT / "src" / "posenc" / "static" / "tokens.css"

# ASCII; the Latin letters of names in a bibliography; punctuation, signs and spaces of careful
# English; arrows and signs that stand in running text. What a face lacks is left out.
# fmt: off
LATIN = [
    *range(0x20, 0x7F), *range(0xA0, 0x100), 0x131, 0x152, 0x153, 0x2BC, 0x2C6, 0x2DC,
    *range(0x2009, 0x200B), 0x200D, *range(0x2010, 0x2016), *range(0x2018, 0x201F),
    0x2020, 0x2022, 0x2026, 0x202F, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x2122,
    *range(0x2190, 0x2194), 0x2212, 0x2215, 0x221A, 0x221E, 0x2248, 0x2260, 0x2264, 0x2265,
]
# fmt: on
CODE = [*range(0x20, 0x7F), 0xA0, 0xB0, 0xB1, 0xB7, 0xD7, 0x2018, 0x2019, 0x2026, 0x2192, 0x2212]
GREEK = [*range(0x391, 0x3CA)]

# Average widths, in em, of SAMPLE set in the system faces that stand in until ours arrive,
# measured on Liberation Serif and Liberation Sans 1.07.4, which have the widths of Times New Roman
# and Arial.
SAMPLE = (
    "Give every position a bank of clocks, each slower than the one before, and write down where "
    "the hands point. A position is a whole number, and a network does not take kindly to whole "
    "numbers. So keep the columns and round the corners: let every bit become a wave."
)
TIMES_WIDTH = 0.4089
ARIAL_WIDTH = 0.4519


@dataclass(frozen=True)
class Face:
    """One file to serve: from where, which letters, which ranges of its axes, and its CSS."""

    name: str
    package: str
    file: str
    family: str
    letters: list[int]
    weight: str
    style: str = "normal"
    axes: dict[str, float | tuple[float, float]] = field(default_factory=dict)
    unicode_range: str = ""
    usual: bool = True  # is it on every chapter?

    @property
    def source(self) -> Path:
        """The package's file."""
        return ROOT / "node_modules" / self.package / "files" / self.file

    @property
    def target(self) -> Path:
        """The file served."""
        return FONTS / f"{self.name}.woff2"


SERIF = "@fontsource-variable/source-serif-4"
SANS = "@fontsource-variable/instrument-sans"
MONO = "@fontsource/ibm-plex-mono"
# Source Serif has a design for each size. One file with both axes weighs 90 kB; three files, each
# at the size it is used at, 74 kB and look the same.
FACES = (
    Face("source-serif-roman", SERIF, "source-serif-4-latin-opsz-normal.woff2", "Source Serif",
         LATIN, "400 600", axes={"wght": (400, 600), "opsz": 20}),
    Face("source-serif-head", SERIF, "source-serif-4-latin-opsz-normal.woff2",
         "Source Serif Head", LATIN, "400 600", axes={"wght": (400, 600), "opsz": 30}),
    Face("source-serif-display", SERIF, "source-serif-4-latin-opsz-normal.woff2",
         "Source Serif Display", LATIN, "340", axes={"wght": 340, "opsz": 60}),
    Face("source-serif-display-italic", SERIF, "source-serif-4-latin-opsz-italic.woff2",
         "Source Serif Display", CODE, "340", "italic", axes={"wght": 340, "opsz": 60},
         usual=False),
    Face("source-serif-italic", SERIF, "source-serif-4-latin-opsz-italic.woff2", "Source Serif",
         LATIN, "400", "italic", axes={"wght": 400, "opsz": 20}),
    Face("source-serif-greek", SERIF, "source-serif-4-greek-opsz-normal.woff2", "Source Serif",
         GREEK, "400", axes={"wght": 400, "opsz": 20}, unicode_range="U+370-3FF",
         usual=False),
    Face("instrument-sans", SANS, "instrument-sans-latin-wght-normal.woff2", "Instrument Sans",
         LATIN, "400 600", axes={"wght": (400, 600)}),
    Face("plex-mono", MONO, "ibm-plex-mono-latin-400-normal.woff2", "Plex Mono", CODE, "400"),
)  # fmt: skip


def _fingerprint() -> str:
    """A digest of everything that the cut fonts depend on.

    Raises:
        SystemExit: a package is not installed.
    """
    import fontTools

    digest = hashlib.sha256(fontTools.version.encode())
    digest.update(Path(__file__).read_bytes())
    for face in FACES:
        if not face.source.is_file():
            raise SystemExit(
                f"chart_room: {face.package} is not installed (no {face.file}); run `npm ci` first"
            )
        digest.update(face.source.read_bytes())
    return digest.hexdigest()


def _cut(face: Face) -> tuple[float, float, float]:
    """Writes one face; returns the width of SAMPLE, the ascent and the descent, in em."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(face.source, recalcTimestamp=False)
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum"]
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # the licence stays in the file
    options.notdef_outline = True
    options.drop_tables += ["BASE"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=face.letters)
    cutter.subset(font)
    if face.axes:
        font = instancer.instantiateVariableFont(font, dict(face.axes))
    font.flavor = "woff2"
    font.save(face.target)
    letters, units = font.getBestCmap(), font["head"].unitsPerEm
    known = [ord(letter) for letter in SAMPLE if ord(letter) in letters]
    width = sum(font["hmtx"][letters[code]][0] for code in known) / max(len(known), 1) / units
    return width, font["hhea"].ascent / units, -font["hhea"].descent / units


def _rules(measured: dict[str, tuple[float, float, float]]) -> str:
    """The ``@font-face`` rules of all faces and of the two fallbacks."""
    rules = []
    for face in FACES:
        reach = f" unicode-range: {face.unicode_range};" if face.unicode_range else ""
        rules.append(
            f'@font-face {{ font-family: "{face.family}"; '
            f'src: url(fonts/{face.name}.woff2) format("woff2"); font-weight: {face.weight}; '
            f"font-style: {face.style}; font-display: swap;{reach} }}"
        )
    serif = (TIMES_WIDTH, ("Times New Roman", "Liberation Serif", "Tinos"))
    sans = (ARIAL_WIDTH, ("Arial", "Liberation Sans", "Arimo"))
    for family, name, (width, local) in (
        ("Source Serif", "source-serif-roman", serif),
        ("Source Serif Head", "source-serif-head", serif),
        ("Source Serif Display", "source-serif-display", serif),
        ("Instrument Sans", "instrument-sans", sans),
    ):
        ours, ascent, descent = measured[name]
        scale = ours / width
        sources = ", ".join(f'local("{face}")' for face in local)
        rules.append(
            f'@font-face {{ font-family: "{family} Fallback"; src: {sources}; '
            f"size-adjust: {scale:.1%}; ascent-override: {ascent / scale:.1%}; "
            f"descent-override: {descent / scale:.1%}; line-gap-override: 0%; }}"
        )
    return "\n".join(rules) + "\n"


def cut_fonts(force: bool = False) -> bool:
    """Cuts the fonts if anything has changed; says whether it did.

    Args:
        force: cut them even if nothing has changed.
    """
    now = _fingerprint()
    if not force and not missing() and STAMP.is_file():
        known = json.loads(STAMP.read_text())
        if known["from"] == now:
            return False
    shutil.rmtree(FONTS, ignore_errors=True)
    FONTS.mkdir(parents=True)
    measured = {face.name: _cut(face) for face in FACES}
    (FONTS / "fonts.css").write_text(_rules(measured))
    for package in sorted({face.package for face in FACES}):
        licence = ROOT / "node_modules" / package / "LICENSE"
        shutil.copyfile(licence, FONTS / f"LICENSE-{package.split('/')[-1]}.txt")
    STAMP.write_text(json.dumps({"from": now}) + "\n")
    return True


def missing() -> list[str]:
    """The names of the font files that are not there."""
    wanted = [face.target for face in FACES] + [FONTS / "fonts.css"]
    return [path.name for path in wanted if not path.is_file()]


def _put(path: Path, content: bytes) -> None:
    """Writes a file only if it would change, so that nothing is rebuilt for nothing."""
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def assemble() -> None:
    """Joins the style sheet and copies the scripts. Cheap: done at the start of every build."""
    sheets = [TOKENS, FONTS / "fonts.css", *sorted((HERE / "css").glob("*.css"))]
    _put(STATIC / "chart_room.css", "\n".join(s.read_text("utf-8") for s in sheets).encode())
    for source in sorted((HERE / "js").iterdir()):
        _put(STATIC / source.name, source.read_bytes())


def main() -> None:
    """The command."""
    done = cut_fonts()
    assemble()
    total = sum(face.target.stat().st_size for face in FACES if face.usual)
    print(f"chart_room: fonts {'cut' if done else 'unchanged'}, {total / 1000:.0f} kB on a chapter")


if __name__ == "__main__":
    main()
