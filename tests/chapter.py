"""What the tests of all chapters share: a chapter as it was built, beside the source it came from.

The tests compute every number anew and compare it at its place; this module only finds the places.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import jupytext
import yaml
from bs4 import BeautifulSoup, Tag
from built import ROOT, SITE, fresh

from posenc.text import number

BLOCKS = ["p", "li", "td", "th"]
GLUED = re.compile(r"\{glue:text\}`([^`]+)`")


def said(tag: Tag | None) -> str:
    """What a part of the page says, spaces joined, every kind of space the same."""
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


def words(text: str) -> str:
    return " ".join(text.split())


def brief(x: float, digits: int) -> str:
    """So many significant digits, in the house's style."""
    return number(float(f"{x:.{digits}g}"))


def figures(text: str) -> list[str]:
    """All numbers in a text, in their order, as they are written."""
    return re.findall(r"−?\d[\d,]*(?:\.\d+)?%?", re.sub(r",(?=\D|$)", " ", text))


def plain(recorded: str) -> str:
    """What the glue roles make of a recorded text: they read it as a literal where they can."""
    try:
        return str(ast.literal_eval(recorded))
    except (SyntaxError, ValueError):
        return recorded


def chapters() -> dict[str, int]:
    """The chapters of the book and their numbers, in the order of its table of contents."""
    found = {}
    for entry in yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))["chapters"]:
        source = (ROOT / f"{entry['file']}.md").read_text("utf-8")
        header = yaml.safe_load(source.split("---")[1]) if source.startswith("---") else {}
        if "chapter" in header:
            found[entry["file"].rpartition("/")[2]] = header["chapter"]
    return found


class Chapter:
    """A chapter of the book: its source in ``book/``, its page and its records in ``_build``."""

    def __init__(self, name: str) -> None:
        self.source = ROOT / "book" / f"{name}.md"
        self.built = SITE / "book" / f"{name}.html"
        self.glue = ROOT / "_build" / "jupyter_execute" / "book" / f"{name}.glue.json"

    # -- the source

    def cells(self, kind: str) -> Iterator[str]:
        """The cells of a kind, "markdown" or "code", as they are written."""
        for cell in jupytext.read(self.source, fmt="md:myst").cells:
            if cell.cell_type == kind:
                yield cell.source

    def asked(self) -> list[str]:
        """The names of the numbers that the text asks for, place by place."""
        return [name for cell in self.cells("markdown") for name in GLUED.findall(cell)]

    # -- the page

    @cached_property
    def html(self) -> str:
        return fresh(self.built).read_text("utf-8")

    @cached_property
    def page(self) -> Tag:
        """The text of the page, without scripts, code, and the second voice of its formulas."""
        main = BeautifulSoup(self.html, "html.parser").find("main")
        assert isinstance(main, Tag)
        for unread in main.select("script, pre, .katex-html, annotation"):
            unread.decompose()
        return main

    def scripts(self, kind: str) -> list[Any]:
        """The data of a kind that the built page carries."""
        built = BeautifulSoup(self.html, "html.parser")
        return [json.loads(str(tag.string)) for tag in built.select(f'script[type="{kind}"]')]

    def plots(self) -> list[dict[str, Any]]:
        """The plotly figures, as the page draws them."""
        built = BeautifulSoup(self.html, "html.parser")
        return [json.loads(str(tag.string)) for tag in built.select(".live-plot script")]

    def exhibits(self) -> list[str]:
        """The names of exhibits and predictions, in the order of the page."""
        return [str(tag["data-exhibit"]) for tag in self.page.select("[data-exhibit]")]

    def predictions(self) -> list[dict[str, Any]]:
        """The state of the view of every prediction: its ``kind``, its ``truth``, what it offers."""
        (saved,) = self.scripts("application/vnd.jupyter.widget-state+json")
        states = [model["state"] for model in saved["state"].values()]
        return [state for state in states if "truth" in state]

    def claim(self, which: int) -> str:
        """What the admonition of a claim says."""
        block = self.page.find(id=f"claim-{which}")
        assert isinstance(block, Tag), f"no claim-{which}"
        assert "claim" in block["class"]
        return said(block)

    def alt(self, name: str) -> str:
        """The alternative text of an exhibit's picture."""
        image = self.page.select_one(f"[data-exhibit={name}] .live-fallback img")
        assert image is not None, name
        return str(image["alt"])

    def caption(self, name: str) -> str:
        return said(self.page.select_one(f"[data-exhibit={name}] figcaption"))

    # -- what holds for every chapter

    def recorded(self) -> dict[str, str]:
        """What the cells recorded, as the roles show it: name and text."""
        glued = json.loads(fresh(self.glue).read_text("utf-8"))
        return {name: plain(output["data"]["text/plain"]) for name, output in glued.items()}

    def check_places(self, numbers: dict[str, str]) -> None:
        """Every place of the page shows the number that its source asks for."""
        asked = self.asked()
        places = self.page.select(".pasted-text")
        shown = [(name, said(place)) for name, place in zip(asked, places, strict=True)]
        assert shown == [(name, words(numbers[name])) for name in asked]

    def check_neighbours(self) -> int:
        """The words next to each number on the page are those next to it in the source.

        Returns how many numbers had words to compare.
        """
        compared = 0
        places = iter(self.page.select(".pasted-text"))
        for source in self.cells("markdown"):
            for role in GLUED.finditer(source):
                place = next(places)
                block = place.find_parent(BLOCKS)
                assert block is not None
                before = re.search(r"\b([A-Za-z]+) $", source[: role.start()])
                after = re.match(r"[,.;:)]* ([A-Za-z]+)\b", source[role.end() :])
                value = re.escape(said(place))
                pattern = (rf"\b{before[1]} " if before else "") + value
                pattern += rf" ?[,.;:)]* {after[1]}\b" if after else ""
                assert re.search(pattern, said(block)), (pattern, said(block))
                compared += bool(before or after)
        return compared

    def check_claims(self, claims: Iterable[int]) -> None:
        """These claims and no others, each with its source, its verdict and a deciding number."""
        found = sorted(int(str(t["id"]).removeprefix("claim-")) for t in self.page.select(".claim"))
        assert found == sorted(claims)
        for which in found:
            text = self.claim(which)
            assert text.startswith(f"Claim {which}, tested")
            block = self.page.find(id=f"claim-{which}")
            assert isinstance(block, Tag)
            assert block.find("em") is not None, "the claim itself, in italics"
            assert re.search(
                r"\([^()]*(answer|article|tutorials|paper|deck|comments|thread)", text
            ), text
            assert re.search(r"True|False|Misleading", text), text
            assert block.select(".pasted-text"), f"a number decides claim {which}"

    def check_form(self, *, exercises: int, predictions: int, sources: int) -> None:
        """Objectives first, exercises with folded solutions, folded answers, summary, sources."""
        page = self.page
        objectives = page.select_one(".objectives")
        assert objectives is not None
        assert len(objectives.select("li")) >= 4
        assert objectives.sourceline < page.select("h2")[0].sourceline
        solutions = page.select(".solution.admonition")
        assert len(page.select(".exercise.admonition")) == len(solutions) == exercises
        for solution in solutions:
            fold = solution if solution.name == "details" else solution.find("details")
            assert isinstance(fold, Tag)
            assert not fold.has_attr("open")
        answers = [d for d in page.select("details") if said(d).startswith("Answer")]
        assert len(answers) == predictions
        assert not any(answer.has_attr("open") for answer in answers)
        assert {"Summary", "Further reading"} <= {said(h) for h in page.select("h2")}
        listed = page.select("[role=doc-biblioentry], .citation, .footbib, .bibliography li")
        assert len(listed) >= sources
        unresolved = r"\{(glue|set|scrub|fact|cite|eq|prf|ref)[:\w]*\}|\?\?\?|:::"
        assert not re.search(unresolved, said(page))

    def check_nothing_typed(self, chosen: Iterable[str]) -> None:
        """Numbers of four digits and more, or with two decimals, come from a cell.

        What remains are parameters that the text chooses (a base, a position) and years.
        """
        for source in self.cells("markdown"):
            text = re.sub(
                r"<[^<>]*>`|\{(?:glue|cite|eq|prf)[:\w]*\}`[^`]*`|^:name:.*$",
                " ",
                source,
                flags=re.M,
            )
            for found in re.findall(r"(?<![\w.])\d[\d,]*(?:\{,\}\d+)*(?:\.\d+)?", text):
                bare = re.sub(r"[{},]", "", found)
                long = len(bare.split(".")[0]) >= 4 or len((bare + ".").split(".")[1]) >= 2
                assert not long or bare in chosen, f"{found} is typed, not computed: {source[:300]}"

    def check_no_typed_truth(self, expected: int) -> None:
        """What a prediction is checked against is an expression, not a number in the source."""
        asked = 0
        for source in self.cells("code"):
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.keyword) and node.arg in ("truth", "turns"):
                    asked += 1
                    assert not isinstance(node.value, (ast.Constant, ast.List, ast.Tuple))
        assert asked == expected
