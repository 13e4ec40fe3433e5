"""The page of claims: all of them, each with the verdict that its numbers ask for, computed anew.

The numbers are those that the chapters' tests compute without the chapters' cells; what follows from
them is written here, claim by claim.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import Tag
from chapter import GLUED, ROOT, Chapter, chapters, said, words
from playwright.sync_api import expect

PAGE = "book/claims.html"
CLAIMS = Chapter("claims")
NUMBERS = [int(n) for n in re.findall(r"(?m)^\| (\d+) \|", CLAIMS.source.read_text("utf-8"))]
VERDICTS = ("true", "true-if", "misleading", "false")
ASKED = re.compile(r"\{glue:text\}`(\w+)\.md::(\w+):s`")


def value(text: str) -> float:
    """A number as the page writes it: "96%", "1,024", "1 × 10⁻¹⁰", "−0.3", "1.2 million"."""
    plain = text.replace("\u2212", "-").replace(",", "").replace("\u00a0", " ")
    power = re.fullmatch(r"([-\d.]+) × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", plain)
    if power:
        raised = power[2].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        return float(power[1]) * 10 ** int(raised)
    found = re.match(r"-?[\d.]+", plain)
    assert found, text
    return float(found[0])


@pytest.fixture(scope="module")
def numbers() -> dict[str, dict[str, str]]:
    """Every number of every chapter, computed anew: chapter, name, text."""
    modules = {name: importlib.import_module(f"test_chapter_{name}") for name in chapters()}
    return {name: module.expected() for name, module in modules.items()}


def rows() -> dict[int, Tag]:
    return {int(str(row["data-claim"])): row for row in CLAIMS.page.select("tr[data-claim]")}


def test_every_claim_is_there_once_in_order_with_a_verdict():
    found = [str(row["data-claim"]) for row in CLAIMS.page.select("tr[data-claim]")]
    assert found == [str(n) for n in NUMBERS]
    assert list(range(1, len(NUMBERS) + 1)) == NUMBERS, "claims are numbered 1, 2, 3 ..."
    for number, row in rows().items():
        assert row["data-verdict"] in VERDICTS, number
        cells = row.select("td")
        assert said(cells[2]).lower().replace(" ", "-") == row["data-verdict"]
        assert re.search(r"\((a|the|widely|comments)[^()]*\)$", said(cells[1])), "its source"
        assert cells[3].select(".pasted-text"), f"a number decides claim {number}"


def test_every_claim_leads_to_the_place_where_it_is_settled():
    for number, row in rows().items():
        (link,) = row.select("td:last-child a")
        page, _, anchor = str(link["href"]).partition("#")
        assert anchor == f"claim-{number}"
        assert row["data-chapter"] == page.removesuffix(".html")
        assert Chapter(page.removesuffix(".html")).page.find(id=anchor) is not None


def test_every_number_is_what_computing_it_anew_gives(numbers):
    source = CLAIMS.source.read_text("utf-8")
    asked = ASKED.findall(source)
    shown = [said(place) for place in CLAIMS.page.select(".pasted-text")]
    assert len(shown) == len(asked) > 50
    for (chapter, name), text in zip(asked, shown, strict=True):
        assert text == words(numbers[chapter][name]), (chapter, name)


def test_the_verdicts_are_those_of_the_chapters():
    """The word in bold in the chapter's own note begins as the verdict does."""
    for number, row in rows().items():
        note = Chapter(str(row["data-chapter"])).page.find(id=f"claim-{number}")
        assert isinstance(note, Tag)
        bold = {said(word).lower().rstrip(",.") for word in note.select("strong")}
        verdict = str(row["data-verdict"]).replace("-", " ")
        short = verdict.removesuffix(" if")
        assert any(word.startswith(short) for word in bold), (number, verdict, bold)


Say = Callable[[str], float]
RULES: dict[int, tuple[str, str, Callable[[Say], Any]]] = {
    1: ("motivation", "true-if", lambda n: n("rounding") < 1e-9 and n("felt_mask") > 10),
    2: ("motivation", "true", lambda n: n("kept") > 0 and n("rounding") < 1e-9),
    3: (
        "naive",
        "true",
        lambda n: n("size_1000") > 100 * n("size_word") and n("index_outside") < 30,
    ),
    4: (
        "naive",
        "true",
        lambda n: n("words_in_gap") > 2 and n("fraction_copy") < 50 < n("wave_copy"),
    ),
    5: ("naive", "misleading", lambda n: n("passed_index") == n("passed_sinusoidal") == 4),
    6: ("sinusoids", "true-if", lambda n: n("formula_gap") < 1e-9),
    7: ("sinusoids", "misleading", lambda n: n("longest_wrong") != n("longest_64")),
    8: ("sinusoids", "true-if", lambda n: n("sorted_gap") == 0),
    9: ("sinusoids", "false", lambda n: n("longest_512") < 62_000 and n("longest_4") < 1000),
    10: ("proof", "true-if", lambda n: n("neighbour_64") > 90 and n("nearest_4") > 1),
    11: ("proof", "misleading", lambda n: n("rise_64") < 20 and n("rising_64") > 30),
    12: ("sinusoids", "true-if", lambda n: n("closest_64_10000") > 0.5),
    13: ("proof", "false", lambda n: n("orthogonal") < 0.1 * n("orthogonal_chance")),
    14: ("naive", "false", lambda n: n("slope_bits") > 1),
    15: ("learned", "false", lambda n: n("sinusoid_outside") < 30 < n("t5_outside")),
    16: (
        "sinusoids",
        "misleading",
        lambda n: (
            n("fast_most") > 100
            and n("mirror_fast") > 60 > 30 > n("mirror_slow")
            and n("far_slow") > 95 > 60 > n("far_fast")
        ),
    ),
    17: ("proof", "true", lambda n: n("theorem_gap") < 1e-9 and n("alone_residual") > 10),
    18: ("proof", "true-if", lambda n: n("mixed_mean") < 50),
    19: (
        "learned",
        "misleading",
        lambda n: n("held_out") > 1 and n("unreached") < 10 < n("reached"),
    ),
    20: ("learned", "true", lambda n: n("minilm_rows") == 512 and n("minilm_width") == 384),
    21: (
        "add",
        "false",
        lambda n: min(n(f"{m}_{x}") for m in ("mini", "whisper") for x in ("word", "place")) > 98,
    ),
    22: (
        "add",
        "true-if",
        lambda n: (
            min(n("mini_centred_within"), n("whisper_centred_within")) > 95
            and n("whisper_raw_within") < 1
        ),
    ),
    23: (
        "add",
        "true",
        lambda n: 1 < n("added_64") < n("added_256") < n("added_1024") < 100,
    ),
    24: ("add", "true-if", lambda n: 2.2 < n("dearer") < 2.3),
    25: ("add", "true", lambda n: n("share_least") > 30 and n("share_most") < 70),
    26: (
        "add",
        "true-if",
        lambda n: (
            n("kept_untrained") > 95
            and n("kept_cut") < 5
            and n("mini_after_4") > 90 > 60 > n("mini_after_6")
        ),
    ),
    27: (
        "proof",
        "true-if",
        lambda n: n("law_sine") > 10 and n("spread_phases") > 10,
    ),
    28: ("sinusoids", "misleading", lambda n: 26 < n("doubling") < 28 and n("ratio_512") < 1.1),
    29: (
        "add",
        "misleading",
        lambda n: n("plain_acc") > 95 < n("scaled_acc") and n("plain_step") < 2 * n("scaled_step"),
    ),
}


def test_every_claim_has_its_rule():
    assert list(RULES) == NUMBERS, (
        "RULES in tests/test_claims.py holds for each row of book/claims.md, in that order: its "
        "chapter, its verdict, and what must be so of the chapter's numbers for the verdict to follow"
    )


@pytest.mark.parametrize("number", RULES)
def test_the_verdict_follows_from_its_number(number, numbers):
    chapter, verdict, holds = RULES[number]
    row = rows()[number]
    assert (row["data-chapter"], row["data-verdict"]) == (chapter, verdict)
    assert holds(lambda name: value(numbers[chapter][name])), f"claim {number} is not {verdict}"


def asked() -> Iterator[tuple[str, str]]:
    """Chapter and name of every number that a text or the rule of a claim asks for."""
    for source in (ROOT / "book").glob("*.md"):
        for role in GLUED.findall(source.read_text("utf-8")):
            page, _, name = role.rpartition(".md::")
            yield page or source.stem, name.removesuffix(":s")
    for chapter, _, holds in RULES.values():
        given = Chapter(chapter).recorded()
        names: list[str] = []
        holds(lambda name, names=names, given=given: names.append(name) or value(given[name]))
        yield from ((chapter, name) for name in names)


def test_every_recorded_number_is_asked_for_somewhere():
    recorded = {(chapter, name) for chapter in chapters() for name in Chapter(chapter).recorded()}
    idle = sorted(".".join(key) for key in recorded - set(asked()))
    assert not idle, f"recorded by a cell, asked for by no text and no rule: {', '.join(idle)}"


# -- the filter


def shown(page) -> list[int]:
    return page.evaluate(
        "() => [...document.querySelectorAll('tr[data-claim]')]"
        ".filter((row) => row.checkVisibility()).map((row) => Number(row.dataset.claim))"
    )


def test_all_are_shown_and_counted_at_first(open_page):
    page = open_page(PAGE)
    assert shown(page) == NUMBERS
    expect(page.locator(".claims-filter output")).to_have_text(f"All {len(NUMBERS)} claims")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_chosen_by_mouse(open_page, verdict):
    page = open_page(PAGE)
    page.locator(f"label:has(input[name=verdict][value='{verdict}'])").click()
    wanted = [n for n, row in rows().items() if row["data-verdict"] == verdict]
    assert shown(page) == wanted
    expect(page.locator(".claims-filter output")).to_have_text(
        f"{len(wanted)} of {len(NUMBERS)} claims"
    )
    assert page.url.endswith(f"#claims?verdict={verdict}")


def test_verdict_and_chapter_together_by_keyboard(open_page):
    page = open_page(PAGE)
    page.locator("input[name=chapter]:checked").focus()
    # in the order of the table, behind "all"
    offered = ["all", *dict.fromkeys(row["data-chapter"] for row in rows().values())]
    for _ in range(offered.index("proof")):
        page.keyboard.press("ArrowRight")
    wanted = [n for n, row in rows().items() if row["data-chapter"] == "proof"]
    assert shown(page) == wanted
    page.locator("input[name=verdict]:checked").focus()
    page.keyboard.press("ArrowRight")
    verdict = page.locator("input[name=verdict]:checked").get_attribute("value")
    assert shown(page) == [n for n in wanted if rows()[n]["data-verdict"] == verdict]


def test_a_link_opens_with_its_choice_and_nonsense_shows_all(open_page):
    page = open_page(f"{PAGE}#claims?verdict=false&chapter=naive")
    both = [
        n
        for n, row in rows().items()
        if row["data-verdict"] == "false" and row["data-chapter"] == "naive"
    ]
    assert shown(page) == both
    page = open_page(f"{PAGE}#claims?verdict=perhaps&chapter=moon")
    assert shown(page) == NUMBERS


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_and_a_finger_can_choose(open_page, width):
    page = open_page(PAGE, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.evaluate(
        "() => [...document.querySelectorAll('.claims-filter label')]"
        ".map((label) => label.getBoundingClientRect().height)"
    )
    assert min(heights) >= 24


def test_it_is_whole_without_javascript(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{PAGE}")
    assert page.locator("tr[data-claim]").count() == len(NUMBERS)
    assert page.locator("tr[data-claim]").last.is_visible()
    assert page.locator(".claims-filter").count() == 0
    context.close()
