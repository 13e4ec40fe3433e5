"""The chapter Sinusoids as it was built: what it must hold, and its numbers computed anew.

No number is taken from the chapter's cells or from the functions that they call. Each is computed
here with NumPy, from the definition, and compared at its place: what every cell recorded under every
name, what every place of the page shows for the name that its source asks for, what the alternative
texts say of the figures as they stand, and what is in the drawings' data.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from typing import Any

import numpy as np
import pytest
from bs4 import Tag
from chapter import Chapter, brief, figures, said

from posenc import data, encodings, exhibits
from posenc.text import fixed, number, percent

CHAPTER = Chapter("sinusoids")
MILLION = 1_000_000


@pytest.fixture(scope="module")
def page() -> Tag:
    return CHAPTER.page


# -- the numbers, from their definitions ---------------------------------------------------------


def wavelength(i: int, d: int, b: float = 10_000) -> float:
    """A full turn over the frequency b^(-2i/d)."""
    return 2 * math.pi * b ** (2 * i / d)


def omegas(d: int, b: float = 10_000) -> np.ndarray:
    """The frequencies b^(-2i/d) of all pairs."""
    return b ** (-2.0 * np.arange(d // 2) / d)


def encoded(t: Any, d: int, b: float = 10_000) -> np.ndarray:
    """The table, interleaved, as the formula says: shape (positions, d)."""
    angle = np.asarray(t, dtype=float)[:, None] * omegas(d, b)
    return np.stack([np.sin(angle), np.cos(angle)], axis=2).reshape(len(angle), d)


def unfinished(length: int, d: int, b: float = 10_000) -> int:
    """Channels whose wave is longer than the steps from the first position to the last."""
    return sum(2 for i in range(d // 2) if wavelength(i, d, b) > length - 1)


@functools.cache
def distances(length: int, d: int, b: float = 10_000) -> np.ndarray:
    """The distance of two vectors k apart, for k = 1 .. length - 1, pair by pair."""
    k = np.arange(1.0, length)
    square = np.zeros(k.size)
    for w in omegas(d, b):
        square += 4 * np.sin(k * (w / 2)) ** 2
    return np.sqrt(square)


def brain(x: np.ndarray) -> np.ndarray:
    """Rounded to bfloat16 by its bits: the upper half of a float32, ties to even."""
    bits = x.astype(np.float32).view(np.uint32).astype(np.uint64)
    kept = (bits + np.uint64(0x7FFF) + ((bits >> np.uint64(16)) & np.uint64(1))) >> np.uint64(16)
    return (kept << np.uint64(16)).astype(np.uint32).view(np.float32)


def half(x: np.ndarray) -> np.ndarray:
    """Rounded to float16 by NumPy."""
    with np.errstate(over="ignore"):
        return x.astype(np.float16).astype(np.float32)


KINDS = {"float16": half, "bfloat16": brain}


@functools.cache
def sharing(d: int, kind: str) -> int:
    """How many of a million positions share their rounded vector with another one."""
    left = np.arange(MILLION)
    group = np.zeros(MILLION, dtype=np.int64)
    for w, wave in itertools.product(omegas(d), (np.sin, np.cos)):
        words16 = (KINDS[kind](wave(left * w)) + np.float32(0)).view(np.uint32).astype(np.int64)
        _, group = np.unique((group << 32) | words16, return_inverse=True)
        alone = np.bincount(group)[group] == 1
        left, group = left[~alone], group[~alone]
        if not left.size:
            return 0
        _, group = np.unique(group, return_inverse=True)
    return int(left.size)


# -- what the chapter holds ----------------------------------------------------------------------


def test_the_exhibits_stand_in_their_order():
    names = CHAPTER.exhibits()
    assert [n for n in names if n in {"waves", "clocks", "heatmap", "channel", "base"}] == [
        "waves", "clocks", "heatmap", "channel", "base",
    ]  # fmt: skip
    assert [n for n in names if n in {"rings", "longest", "sixteen"}] == [
        "rings", "longest", "sixteen",
    ]  # fmt: skip


def test_the_form_of_a_chapter(page):
    CHAPTER.check_form(exercises=3, predictions=3, sources=7)
    text = said(page)
    for name in ("Vaswani", "Gehring", "Su", "Tensor2tensor", "Press", "Shaw", "Rush", "Zhang"):
        assert name.lower() in text.lower(), name


def test_the_prose_drives_every_exhibit(page):
    targets = [a["href"] for a in page.select("a.set")]
    for name in ("clocks", "heatmap", "channel", "base"):
        assert any(f"#{name}?" in target for target in targets), name
    assert len(page.select(".scrub")) >= 2
    assert len(page.select("output.fact")) >= 3


# -- numbers -------------------------------------------------------------------------------------


def by_hand() -> np.ndarray:
    """The first 4096 positions at width 64, one number at a time, as a program would write it."""
    return np.array(
        [
            [
                (math.cos if j % 2 else math.sin)(t / 10_000 ** (2 * (j // 2) / 64))
                for j in range(64)
            ]
            for t in range(4096)
        ]
    )


def expected() -> dict[str, str]:
    """Every number that the chapter's cells record, computed anew: name and text."""
    say: dict[str, str] = {}
    gap = np.abs(by_hand() - encodings.sinusoidal(4096, 64)).max()
    assert gap < 1e-12
    say["formula_gap"] = brief(gap, 2)
    say["formula_count"] = number(4096 * 64)

    say["full_turns"] = number(32 - unfinished(64, 64) // 2)
    say["no_full_turn"] = number(unfinished(64, 64) // 2)
    for length, d in ((64, 64), (512, 64), (512, 512)):
        say[f"unfinished_{length}_{d}"] = number(unfinished(length, d))

    parts = np.sin(np.arange(3000)[:, None] * omegas(64) / 2) ** 2
    fast, slow = parts[:, :16].sum(axis=1), parts[:, 16:].sum(axis=1)
    share = np.append(1.0, fast[1:] / (fast + slow)[1:])
    slow_grows = next(k for k in range(3000) if slow[k + 1] < slow[k])
    say["fast_share"] = percent(share[1], 2)
    say["fast_grows"] = number(next(k for k in range(3000) if fast[k + 1] < fast[k]))
    say["slow_grows"] = number(slow_grows)
    say["fast_share_64"] = percent(share[64], 1)
    say["fast_share_slow"] = percent(share[slow_grows], 1)
    say["fast_most"] = number(next(k for k in range(3000) if share[k + 1] < 0.5))

    say["pairs"] = number(32)
    say["shortest"] = fixed(2 * math.pi, 2)
    say["longest"] = number(round(wavelength(31, 64)))
    say["longest_base_10"] = brief(wavelength(31, 64, 10), 3)
    paper = encodings.sinusoidal(512, 64)
    halves = encodings.sinusoidal(512, 64, layout="halves")
    by_sorting = np.hstack([paper[:, 0::2], paper[:, 1::2]])
    say["sorted_gap"] = number(float(np.abs(by_sorting - halves).max()))
    assert say["sorted_gap"] == "0"
    dots = np.abs(paper @ paper.T - halves @ halves.T).max()
    assert dots < 1e-12
    say["dots_gap"] = brief(dots, 1)
    # tensor2tensor spreads d/2 exponents from 0 to 1, both included
    say["longest_t2t"] = number(round(2 * math.pi * 10_000))
    say["t2t_longer"] = percent(10_000 ** (1 - 62 / 64) - 1)

    for d in (4, 64, 512):
        longest = wavelength(d // 2 - 1, d)
        say[f"longest_{d}"] = number(round(longest))
        say[f"share_{d}"] = percent(longest / (2 * math.pi * 10_000), 1)
    for d in (8, 26, 28, 64, 512):
        say[f"ratio_{d}"] = brief(wavelength(1, d) / wavelength(0, d), 3)
    say["doubling"] = brief(2 * math.log2(10_000), 3)

    # the channel j where the pair belongs: column 2 has the exponent 4/64
    wrong = [2 * math.pi * 10_000 ** (2 * j / 64) for j in range(64)]
    angle = np.arange(512)[:, None] / 10_000 ** (2 * np.arange(64) / 64)
    norms = np.linalg.norm(np.where(np.arange(64) % 2, np.cos(angle), np.sin(angle)), axis=1)
    say["column_2"] = fixed(wavelength(1, 64), 2)
    say["column_2_wrong"] = fixed(wrong[2], 2)
    say["longest_wrong"] = f"{wrong[-1] / 1e6:.0f} million"
    say["stuck_right"] = number(unfinished(64, 64))
    say["stuck_wrong"] = number(sum(w > 63 for w in wrong))
    say["norm_right"] = fixed(math.sqrt(32), 2)
    say["norm_low"] = fixed(norms.min(), 2)
    say["norm_high"] = fixed(norms.max(), 2)

    for b in (10, MILLION):
        say[f"finish_{b}"] = number(32 - unfinished(512, 64, b) // 2)
    # At a width of 512 offsets up to 20,000 are enough to see that the cell's search over a million
    # found nothing nearer: had it, its number would be smaller than this one.
    for d, b in itertools.product((4, 16, 64, 512), (10, 100, 10_000, MILLION)):
        near = distances(MILLION if d < 512 else 20_000, d, b)
        say[f"closest_{d}_{b}"] = fixed(near.min(), 2) if near.min() > 0.1 else brief(near.min(), 2)
        if d >= 64:
            assert near.argmin() == 0, "the closest two are neighbours"
    say["wide_closest"] = "are neighbours"
    say["worst_offset"] = number(int(distances(MILLION, 4, 100).argmin()) + 1)
    say["neighbours_from"] = number(18)
    assert distances(MILLION, 16).argmin() > 0
    assert all(distances(60_000, d).argmin() == 0 for d in range(18, 66, 2))
    alike = distances(512, 64, 1.5)
    say["alike_offset"] = number(int(alike.argmin()) + 1)
    say["alike_distance"] = fixed(alike.min(), 2)
    say["alike_neighbours"] = fixed(alike[0], 2)

    for kind, rounded in KINDS.items():
        positions = rounded(np.arange(MILLION, dtype=float))
        finite = positions[np.isfinite(positions)]
        repeat = int(np.flatnonzero(np.diff(finite) == 0)[0]) + 1
        say[f"{kind}_repeat"] = number(repeat)
        say[f"{kind}_distinct"] = number(np.unique(finite).size)
        say[f"{kind}_shared_16"] = number(sharing(16, kind))
        if kind == "bfloat16":
            say["bfloat16_earlier"] = number(int(finite[repeat]))
        else:
            say["float16_first_lost"] = number(finite.size)
    for kind, d in (("float16", 4), ("bfloat16", 4), ("bfloat16", 6), ("bfloat16", 8)):
        say[f"{kind}_shared_{d}"] = brief(sharing(d, kind), 3)

    for j, value in enumerate((math.sin(3), math.cos(3), math.sin(0.3), math.cos(0.3))):
        say[f"small_{j}"] = fixed(value, 3)
    fitting = (511 / (2 * math.pi)) ** (64 / 62)
    say["fitting_base"] = fixed(fitting, 2)
    say["fitting_longest"] = number(round(wavelength(31, 64, fitting)))
    assert say["fitting_longest"] == "511"
    say["fitting_unfinished"] = number(unfinished(512, 64, float(f"{fitting:.3g}")))
    say["sort_gap"] = say["sort_inverse_gap"] = "0"
    return say | band_numbers()


PARTS = ("fast", "middle", "slow")


def band_numbers() -> dict[str, str]:
    """What trained models of 64 tokens do with a band of waves taken out, or alone."""
    grid = data.load("training-grid")
    say = {"bands_runs": "5"}
    spreads = []
    for row, task, which in (
        ("copy", "copy", ""),
        ("mirror", "reverse", ""),
        ("near", "order", "1"),
        ("far", "order", "16"),
    ):
        bands = grid["bands"][task]
        say[f"{row}_all"] = percent(bands["nothing"][which]["mean"])
        say[f"{row}_guess"] = percent(grid["ceilings"][task]["64"])
        for gone in ("nothing", *PARTS, *(f"all but {band}" for band in PARTS)):
            spreads.append(bands[gone][which]["sd"])
        for band in PARTS:
            say[f"{row}_no_{band}"] = percent(bands[band][which]["mean"])
            say[f"{row}_{band}"] = percent(bands[f"all but {band}"][which]["mean"])
    waves = [wavelength(i, 64) for i in range(32)]
    say["pairs_fast"] = number(sum(wave <= 16 for wave in waves))
    say["pairs_middle"] = number(sum(16 < wave <= 64 for wave in waves))
    say["pairs_slow"] = number(sum(wave > 64 for wave in waves))
    say["bands_spread"] = percent(max(spreads))
    return say


@pytest.fixture(scope="module")
def numbers() -> dict[str, str]:
    return expected()


def test_every_cell_records_what_the_definitions_give(numbers):
    assert CHAPTER.recorded() == numbers


def test_every_place_shows_the_number_that_its_source_asks_for(numbers):
    assert len(CHAPTER.asked()) > 80
    CHAPTER.check_places(numbers)


def test_each_number_stands_between_its_own_words():
    assert CHAPTER.check_neighbours() > 60


def test_all_seven_claims_are_settled_with_a_source_and_a_verdict():
    CHAPTER.check_claims([6, 7, 8, 9, 12, 16, 28])


def test_claim_9_holds_for_the_code_published_with_the_paper():
    for d in range(4, 130, 2):
        longest = encodings.wavelengths(d, spacing="tensor2tensor")[-1]
        assert longest == pytest.approx(2 * math.pi * 10_000, rel=1e-12)
    assert encodings.wavelengths(2, spacing="tensor2tensor") == pytest.approx([2 * math.pi])


def test_claim_16_stands_on_models_with_some_of_their_frequencies_removed():
    assert "base 10,000" in CHAPTER.claim(16)
    grid = data.load("training-grid")
    for task in ("copy", "reverse"):
        bands, guess = grid["bands"][task], grid["ceilings"][task]["64"]
        assert bands["all but fast"][""]["least"] > bands["all but middle"][""]["most"]
        assert bands["all but slow"][""]["most"] < 2 * guess < 0.3, "slow waves tell no exact place"
        assert bands["slow"][""]["least"] > bands["fast"][""]["most"], "without them little is lost"
    order = grid["bands"]["order"]
    alone = [order["all but slow"][apart]["mean"] for apart in ("1", "2", "4", "16")]
    assert alone == sorted(alone), "better the further apart"
    rows = encoded(np.arange(64), 64)
    waves = np.repeat([wavelength(i, 64) for i in range(32)], 2)
    for gone in (waves <= 16, (waves > 16) & (waves <= 64), waves > 64):
        for out in (gone, ~gone):
            kept = np.where(out, rows.mean(axis=0), rows)
            sizes = np.linalg.norm(kept, axis=1)
            assert 5 / 6 < sizes.mean() / np.sqrt(32) <= 1, "up to a sixth shorter"
    for apart in ("8", "16", "32"):
        assert order["all but slow"][apart]["least"] > 0.95, "and alone they tell the order"
    assert max(told["mean"] for told in order["all but fast"].values()) < 0.6, "fast ones do not"


def test_the_base_that_fits_is_the_base_that_the_prose_sets(page, numbers):
    links = [a["href"] for s in page.select(".solution.admonition") for a in s.select("a.set")]
    assert {link.split("?")[0] for link in links} == {"#heatmap", "#base"}
    for link in links:
        b = re.search(r"[?&]b=([\d.]+)", link)
        assert b is not None
        assert float(b[1]) == float(f"{float(numbers['fitting_base']):.3g}")
        assert unfinished(512, 64, float(b[1])) == int(numbers["fitting_unfinished"])


def test_the_mistakes_name_their_sources(page):
    links = {a["href"] for a in page.select("a[href^='https://github.com/']")}
    for mistake in encodings.MISTAKES.values():
        assert mistake.found, mistake.name
        for place in mistake.found:
            repository, _, which = place.partition("#")
            end = f"/issues/{which}" if which else ""
            assert f"https://github.com/{repository}{end}" in links


# -- figures -------------------------------------------------------------------------------------


def alts() -> dict[str, list[str]]:
    """The numbers in the alternative texts of the exhibits as they stand at first."""
    crossed = [fixed(math.sin(23 * w), 2) for w in omegas(32)[:10]]
    turn = 23 / wavelength(3, 32)
    calm = sum(wavelength(i, 64) > 64 for i in range(32)) / 32
    return {
        "waves": [
            *("10", "16", "32", "10,000", "64", fixed(wavelength(0, 32), 2)),
            *(fixed(wavelength(9, 32), 0), fixed(10_000 ** (2 / 32), 2), "23", *crossed),
        ],
        "clocks": [
            *("16", "32", "10,000", "23", str(sum(wavelength(i, 32) <= 23 for i in range(16)))),
            *(fixed(wavelength(15, 32), 0), "3", fixed(wavelength(3, 32), 1), fixed(turn, 2)),
            fixed(math.sin(2 * math.pi * turn), 3),
            *(fixed(math.cos(2 * math.pi * turn), 3), "23"),
        ],
        "heatmap": ["0", "63", "64", "10,000", percent(calm), "23", "12"],
        "channel": [
            *("24", "16", "10,000", "6", "3", number(wavelength(3, 16)), "8"),
            number(wavelength(7, 16)),
        ],
        "base": [
            *("32", "10,000", number(wavelength(0, 64)), number(wavelength(31, 64)), "512"),
            *(str(unfinished(512, 64)), "64", number(float(distances(512, 64).min()))),
        ],
    }


@pytest.mark.parametrize("name", ["waves", "clocks", "heatmap", "channel", "base"])
def test_the_alternative_text_says_what_the_figure_shows(name):
    text = CHAPTER.alt(name)
    assert figures(text) == alts()[name], text
    assert not re.search(r"\de[+-]\d|-\d", text), "numbers in the house's style"


def test_alternative_texts_keep_the_house_style_everywhere():
    for figure in (
        exhibits.clocks(base=1e6),
        exhibits.heatmap(base=1e6, length=2048, t=1999),
        exhibits.waves(base=1e6, t=11),
    ):
        words_ = figure._repr_mimebundle_()[1]["image/png"]["alt"]
        assert "1,000,000" in words_
        assert not re.search(r"\de[+-]\d|-\d", words_), words_


def test_captions_hold_for_the_figures_they_stand_under():
    # the heatmap: width 64, base 10,000, 64 positions; its right-hand half begins at pair 16
    caption = CHAPTER.caption("heatmap")
    assert "no wave in the right-hand half makes more than an eighth of a turn" in caption
    assert max(63 / wavelength(i, 64) for i in range(16, 32)) < 1 / 8
    # the waves: the top differs from one position to the next, the bottom tells end from end
    caption = CHAPTER.caption("waves")
    assert "tell the left end of the picture from the right" in caption
    rows = encoded(range(64), 32)[:, 0::2]
    assert np.abs(np.diff(rows[:, 0])).mean() > 0.5
    for i in (8, 9):
        assert np.abs(np.diff(rows[:, i])).max() < 0.05
        assert abs(rows[-1, i] - rows[0, i]) > 0.3
    # choose the base: widths from 32 on
    caption = CHAPTER.caption("base")
    assert "neighbours in every width offered here from 32 on" in caption
    for d in (32, 64, 128, 256, 512):
        assert distances(131_072, d).argmin() == 0


def test_predictions_are_checked_against_the_truth():
    asked = {state["kind"]: state for state in CHAPTER.predictions()}
    assert sorted(asked) == ["choice", "rings", "scale"]
    assert asked["rings"]["truth"] == sum(wavelength(i, 64) <= 63 for i in range(32))
    turns = [63 / wavelength(i, 64) for i in range(32)]
    assert asked["rings"]["turns"] == pytest.approx(turns, rel=1e-12)
    assert asked["scale"]["truth"] == pytest.approx(wavelength(1, 4), rel=1e-12)
    positions = brain(np.arange(300.0))
    repeat = int(np.flatnonzero(np.diff(positions) == 0)[0]) + 1
    choice = asked["choice"]
    assert choice["words"][choice["truth"]] == str(repeat)


def test_the_ladders_are_the_wavelengths():
    (plot,) = CHAPTER.plots()
    *ladders, limit = plot["data"]
    assert [trace["name"] for trace in ladders] == [f"d = {d}" for d in (4, 8, 16, 32, 64)]
    for trace, d in zip(ladders, (4, 8, 16, 32, 64), strict=True):
        assert trace["x"] == list(range(d // 2))
        assert trace["y"] == pytest.approx([wavelength(i, d) for i in range(d // 2)], rel=1e-12)
        assert trace["y"] == pytest.approx(encodings.wavelengths(d).tolist(), rel=1e-15)
    assert set(limit["y"]) == {10_000 * 2 * math.pi}


def test_the_plotly_figure_says_what_it_shows(page):
    plot = page.select_one(".live-plot")
    assert plot is not None
    said_of_it = next(
        str(tag.get("aria-label") or tag.get("alt"))
        for tag in [plot, *plot.find_all(True)]
        if tag.get("aria-label") or tag.get("alt")
    )
    widths = (4, 8, 16, 32, 64)
    ends = [fixed(wavelength(d // 2 - 1, d), 0) for d in widths]
    numbers_said = figures(said_of_it.replace("2π", ""))
    assert numbers_said == [*map(str, widths), *ends, fixed(10_000 * 2 * math.pi, 0)]


# -- and none of them typed ----------------------------------------------------------------------


def test_no_result_is_typed_in_the_prose():
    CHAPTER.check_nothing_typed({"10000", "99936", "1000000", "0111", "1000"})


def test_no_truth_is_typed():
    CHAPTER.check_no_typed_truth(3)
