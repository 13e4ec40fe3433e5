"""The design tokens: every number that tokens.css quotes, computed again."""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parent.parent / "src" / "posenc" / "static" / "tokens.css"
TEXT = CSS.read_text("utf-8")
MEANINGS = ("pos", "off", "tok", "sin", "cos")
MODES = ("light", "dark")

# Machado, Oliveira and Fernandes 2009, severity 1, applied to linear RGB.
SIGHTS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}

Vector = tuple[float, float, float]


def blocks() -> dict[str, dict[str, str]]:
    """The tokens of each block, by the name in its marker."""
    parts = re.split(r"/\* @block ([a-z-]+) \*/", TEXT)[1:]
    return {
        name: dict(re.findall(r"^ *--([a-z0-9-]+): ([^;]+);$", body, re.MULTILINE))
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


BLOCKS = blocks()


def linear(colour: str) -> Vector:
    """Linear RGB of #rrggbb."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return r, g, b


def oklab(rgb: Vector) -> Vector:
    """OKLab (Ottosson 2020) of linear RGB."""
    r, g, b = rgb
    l, m, s = (  # noqa: E741
        math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b),
        math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b),
        math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b),
    )
    return (
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    )


def seen(colour: str, sight: str = "normal") -> Vector:
    """OKLab of a colour as an eye of this kind sees it."""
    rgb = linear(colour)
    r, g, b = (
        min(1.0, max(0.0, sum(m * c for m, c in zip(row, rgb, strict=True))))
        for row in SIGHTS[sight]
    )
    return oklab((r, g, b))


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio."""

    def luminance(colour: str) -> float:
        r, g, b = linear(colour)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def distance(one: str, other: str) -> float:
    """Smallest OKLab distance (x 100) over the four kinds of sight."""
    return min(100 * math.dist(seen(one, sight), seen(other, sight)) for sight in SIGHTS)


def test_format_is_what_python_parses() -> None:
    """One property a line, colours as hex, a marker before each block, nothing else inside."""
    for name in ("light", "dark", "dark-auto", "print", "type", "space", "motion", "still"):
        assert BLOCKS[name], name
    inside = re.sub(r"/\*.*?\*/", "", TEXT, flags=re.DOTALL)
    declared = [line for line in inside.splitlines() if line.strip().startswith("--")]
    assert len(declared) == sum(map(len, BLOCKS.values()))
    for mode in MODES:
        for name, value in BLOCKS[mode].items():
            for colour in value.split():
                assert re.fullmatch(r"#[0-9a-f]{6}([0-9a-f]{2})?", colour), (mode, name, colour)


def test_blocks_agree() -> None:
    assert BLOCKS["dark"] == BLOCKS["dark-auto"]
    assert BLOCKS["dark"].keys() == BLOCKS["light"].keys()
    assert BLOCKS["print"].keys() == BLOCKS["light"].keys()


def quoted(pattern: str) -> list[tuple[str, ...]]:
    found = re.findall(pattern, TEXT, re.MULTILINE)
    assert found, pattern
    return found


def test_quoted_contrasts() -> None:
    rows = quoted(r"^ \*   --([a-z0-9-]+) +([\d.]+) \( ?([\d.]+)\) +([\d.]+) \( ?([\d.]+)\)$")
    assert [row[0] for row in rows] == [
        "ink", "ink-2", "ink-3", "edge", "pos", "off", "tok", "sin", "cos",
    ]  # fmt: skip
    for name, *numbers in rows:
        computed = [
            contrast(BLOCKS[mode][name], BLOCKS[mode][ground])
            for mode in MODES
            for ground in ("paper", "wash")
        ]
        assert [float(n) for n in numbers] == [round(c, 1) for c in computed], name


def test_quoted_distances() -> None:
    rows = quoted(r"^ \*   (\w+) / (\w+) +([\d.]+) +([\d.]+)$")
    assert [set(row[:2]) for row in rows] == [set(p) for p in itertools.combinations(MEANINGS, 2)]
    for one, other, *numbers in rows:
        computed = [round(distance(BLOCKS[m][one], BLOCKS[m][other]), 1) for m in MODES]
        assert [float(n) for n in numbers] == computed, (one, other)


@pytest.mark.parametrize("mode", MODES)
def test_text_is_legible(mode: str) -> None:
    """AA: 4.5 for what is read, on paper and on wash; 3 for the edges of controls."""
    tokens = BLOCKS[mode]
    for name in ("ink", "ink-2", "ink-3", *MEANINGS):
        for ground in ("paper", "wash"):
            assert contrast(tokens[name], tokens[ground]) >= 4.5, (name, ground)
    assert contrast(tokens["edge"], tokens["paper"]) >= 3
    assert contrast(tokens["paper"], tokens["ink"]) >= 7


@pytest.mark.parametrize("mode", [*MODES, "print"])
def test_print_and_washes(mode: str) -> None:
    """A washed word stays legible: ink on the wash of position and of offset over the paper."""
    tokens = BLOCKS[mode]
    for name in ("pos-wash", "off-wash"):
        colour, alpha = tokens[name][:7], int(tokens[name][7:], 16) / 255
        assert colour == tokens[name.removesuffix("-wash")]
        mixed = "#" + "".join(
            f"{round(int(colour[i : i + 2], 16) * alpha + int(tokens['paper'][i : i + 2], 16) * (1 - alpha)):02x}"
            for i in (1, 3, 5)
        )
        assert contrast(tokens["ink"], mixed) >= 7, name


@pytest.mark.parametrize("mode", MODES)
def test_offset_is_far_from_the_other_meanings(mode: str) -> None:
    """The colour of k: far from the others, from the text, and from the whole map."""
    tokens = BLOCKS[mode]
    for name in ("pos", "tok", "sin", "cos", "ink"):
        assert distance(tokens["off"], tokens[name]) >= 10, name
    stops = tokens["map"].split()
    nearest = min(distance(tokens["off"], stop) for stop in stops)
    claimed = re.search(r"stays (\d+) \(light\) and (\d+) \(dark\)\s+\*?\s*from every stop", TEXT)
    assert claimed
    assert math.floor(nearest) == int(claimed[1 + MODES.index(mode)])


@pytest.mark.parametrize("mode", MODES)
def test_no_two_meanings_coincide(mode: str) -> None:
    for one, other in itertools.combinations(MEANINGS, 2):
        assert distance(BLOCKS[mode][one], BLOCKS[mode][other]) >= 6, (one, other)


@pytest.mark.parametrize("mode", MODES)
class TestMap:
    """The diverging map: 17 stops."""

    def stops(self, mode: str) -> list[str]:
        return BLOCKS[mode]["map"].split()

    def test_zero_is_the_paper(self, mode: str) -> None:
        stops = self.stops(mode)
        assert len(stops) == 17
        assert stops[8] == BLOCKS[mode]["paper"]

    def test_steps_are_equal(self, mode: str) -> None:
        """Neighbouring stops are equally far apart, within a quarter of the mean step."""
        labs = [seen(stop) for stop in self.stops(mode)]
        steps = [100 * math.dist(a, b) for a, b in itertools.pairwise(labs)]
        mean = sum(steps) / len(steps)
        assert all(abs(step - mean) <= 0.25 * mean for step in steps), steps

    def test_lightness_is_symmetric_and_monotone(self, mode: str) -> None:
        """Strength reads before sign: -x is as light as x, and further from zero is darker
        (lighter on a dark page)."""
        light = [seen(stop)[0] for stop in self.stops(mode)]
        assert all(abs(a - b) <= 0.015 for a, b in zip(light, light[::-1], strict=True)), light
        side = light[8:] if mode == "light" else [-value for value in light[8:]]
        assert all(a > b for a, b in itertools.pairwise(side))

    @pytest.mark.parametrize("sight", SIGHTS)
    def test_sign_survives(self, mode: str, sight: str) -> None:
        """Water and land stay apart for every kind of sight, at the ends and half way."""
        stops = self.stops(mode)
        for low, high, least in ((0, 16, 15), (4, 12, 15)):
            apart = 100 * math.dist(seen(stops[low], sight), seen(stops[high], sight))
            assert apart >= least, (low, high, apart)
