"""The chapters of the book: numbered, listed on the front page, each with its tests."""

from __future__ import annotations

import re

from chapter import ROOT, chapters

LISTED = re.compile(r"(?m)^(\d+)\. \[.*?\]\((\w+)\.md\)")
NAMED = re.compile(r"\[[Cc]hapter (\d+)\]\((\w+)\.md")


def test_chapters_are_numbered_in_the_order_of_the_contents() -> None:
    assert list(chapters().values()) == list(range(1, len(chapters()) + 1)), (
        "`chapter:` at the head of the pages in _toc.yml does not run from 1"
    )


def test_the_front_page_lists_every_chapter() -> None:
    text = (ROOT / "book" / "index.md").read_text("utf-8")
    listed = {name: int(number) for number, name in LISTED.findall(text)}
    assert listed == chapters(), "the list in book/index.md is not that of _toc.yml"


def test_a_chapter_is_called_by_its_number() -> None:
    pages = {path.name: path.read_text("utf-8") for path in (ROOT / "book").glob("*.md")}
    called = [
        (page, int(n), name) for page, text in pages.items() for n, name in NAMED.findall(text)
    ]
    assert called
    wrong = [call for call in called if call[1] != chapters()[call[2]]]
    assert not wrong, f"these links (page, number, chapter) give another number: {wrong}"


def test_every_chapter_has_its_tests() -> None:
    found = {path.stem for path in (ROOT / "tests").glob("test_chapter_*.py")}
    assert found == {f"test_chapter_{name}" for name in chapters()}, (
        "each chapter NAME of _toc.yml has a tests/test_chapter_NAME.py"
    )
