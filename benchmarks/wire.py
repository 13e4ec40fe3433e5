"""Bytes on the wire: each chapter as a reader's first page and as the page turned to from the one
before it, from a host that packs text with gzip, for a visitor who was never here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from benchmarks.desk import ALL_READY, Desk, wait_until
from benchmarks.measurement import Aim, Measurement

FIRST, SECOND = 450, 60  # kB
FRONT = "book/index.html"
NUMBER = re.compile(r"^chapter: (\d+)$", re.M)
SETTLE = 1500  # ms without doing anything, for what loads late


@dataclass
class Meter:
    """Counts what a page receives, head and body as they came over the wire, by kind."""

    kinds: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    _asked: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def on(cls, page: Page) -> Meter:
        meter = cls()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.responseReceived", meter._received)
        wire.on("Network.loadingFinished", meter._finished)
        return meter

    def _received(self, event: dict[str, Any]) -> None:
        response = event["response"]
        if not response["url"].startswith("http"):
            return  # data: and blob: travel inside what was already counted
        cached = response.get("fromDiskCache") or response.get("fromPrefetchCache")
        if not cached:
            self._asked[event["requestId"]] = (event["type"].lower(), response["url"])

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._asked:
            kind, url = self._asked.pop(event["requestId"])
            self.kinds[kind] += int(event["encodedDataLength"])
            self.files[url] += int(event["encodedDataLength"])

    @property
    def total(self) -> int:
        return sum(self.kinds.values())

    def parts(self) -> dict[str, float]:
        """kB by kind, the largest first."""
        return {kind: size / 1000 for kind, size in self.kinds.most_common() if size}

    def clear(self) -> None:
        self.kinds.clear()
        self.files.clear()


def read(page: Page, address: str) -> None:
    """Opens a page and waits until all that comes by itself has come."""
    page.goto(address, wait_until="networkidle")
    wait_until(page, ALL_READY)
    page.wait_for_timeout(SETTLE)


def chapters(desk: Desk) -> list[tuple[int, str]]:
    """The numbers of the chapters and their pages below the site, in the book's order."""
    found = []
    for source in (desk.root / "book").glob("*.md"):
        number = NUMBER.search(source.read_text("utf-8").partition("\n---\n")[0])
        if number:
            found.append((int(number[1]), f"book/{source.stem}.html"))
    return sorted(found)


def visit(desk: Desk, *paths: str) -> Meter:
    """What the last of some pages costs a visitor who has read the others before it."""
    with desk.visit() as context:
        page = context.new_page()
        meter = Meter.on(page)
        for path in paths:
            meter.clear()
            read(page, f"{desk.address}/{path}")
        return meter


def read_to_the_end(desk: Desk, path: str) -> Meter:
    """What scrolling through a chapter adds to having opened it: the code, the numbers and the
    pictures of what comes near the window, at a reader's pace."""
    with desk.visit() as context:
        page = context.new_page()
        meter = Meter.on(page)
        read(page, f"{desk.address}/{path}")
        meter.clear()
        page.evaluate(
            "async () => { for (let y = 0; y < document.body.scrollHeight; y += 400) {"
            " scrollTo({top: y, behavior: 'instant'});"
            " await new Promise((r) => setTimeout(r, 150)); } }"
        )
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(SETTLE)
        waiting = page.locator('[data-live="later"]').count()
        if waiting:
            raise RuntimeError(f"{waiting} figures of {path} were passed and are not alive")
        return meter


def measure(desk: Desk) -> Iterator[Measurement]:
    before = FRONT
    firsts, seconds = [], []
    for number, path in chapters(desk):
        name = path.removeprefix("book/").removesuffix(".html")
        meter = visit(desk, path)
        plotly = [url for url in meter.files if "plotly" in url]
        firsts.append(
            Measurement(
                f"first_visit_{name}",
                f"bytes of a first visit to chapter {number} ({name}), gzip, without plotly",
                "kB",
                [meter.total / 1000],
                Aim("at most", FIRST),
                note="plotly was asked for: " + ", ".join(plotly) if plotly else "",
                parts=meter.parts(),
            )
        )
        meter = visit(desk, before, path)
        seconds.append(
            Measurement(
                f"second_page_{name}",
                f"bytes of chapter {number} ({name}) as a second page",
                "kB",
                [meter.total / 1000],
                Aim("at most", SECOND),
                note=f"after {before}",
                parts=meter.parts(),
            )
        )
        before = path
    yield from firsts
    yield from seconds
    for number, path in chapters(desk):
        name = path.removeprefix("book/").removesuffix(".html")
        meter = read_to_the_end(desk, path)
        drawn_by_plotly = sum(size for url, size in meter.files.items() if "plotly" in url)
        yield Measurement(
            f"read_to_the_end_{name}",
            f"what reading chapter {number} ({name}) to its end adds",
            "kB",
            [meter.total / 1000],
            note=f"plotly among it: {drawn_by_plotly / 1000:.0f} kB" if drawn_by_plotly else "",
            parts=meter.parts(),
        )
