"""Bytes on the wire: a first visit to the chapter, then a second page, from a host that packs text
with gzip, for a visitor who was never here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from benchmarks.desk import ALL_READY, CHAPTER, Desk, wait_until
from benchmarks.measurement import Aim, Measurement

FIRST, SECOND = 450, 60  # kB
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


def pages(desk: Desk) -> list[str]:
    """The other pages of the book, as they lie below the site."""
    found = sorted(path.relative_to(desk.site) for path in (desk.site / "book").glob("*.html"))
    return [path.as_posix() for path in found if path.as_posix() != CHAPTER]


def measure(desk: Desk) -> Iterator[Measurement]:
    with desk.visit() as context:
        page = context.new_page()
        meter = Meter.on(page)
        read(page, f"{desk.address}/{CHAPTER}")
        plotly = [url for url in meter.files if "plotly" in url]
        yield Measurement(
            "first_visit",
            "bytes of a first visit to the chapter, gzip, without plotly",
            "kB",
            [meter.total / 1000],
            Aim("at most", FIRST),
            note="plotly was asked for: " + ", ".join(plotly) if plotly else "",
            parts=meter.parts(),
        )
        meter.clear()
        page.evaluate(
            "async () => { for (let y = 0; y < document.body.scrollHeight; y += 400) {"
            " scrollTo({top: y, behavior: 'instant'});"
            " await new Promise((r) => setTimeout(r, 40)); } }"
        )
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(SETTLE)
        yield Measurement(
            "read_to_the_end",
            "what reading the chapter to its end adds, plotly among it",
            "kB",
            [meter.total / 1000],
            parts=meter.parts(),
        )
    seconds: dict[str, Meter] = {}
    for other in pages(desk):
        with desk.visit() as context:
            page = context.new_page()
            meter = Meter.on(page)
            read(page, f"{desk.address}/{CHAPTER}")
            meter.clear()
            read(page, f"{desk.address}/{other}")
            seconds[other] = meter
    largest = max(seconds.values(), key=lambda meter: meter.total)
    yield Measurement(
        "second_page",
        "bytes of a second page, the largest of the book's others",
        "kB",
        [largest.total / 1000],
        Aim("at most", SECOND),
        note=", ".join(f"{name} {meter.total / 1000:.1f}" for name, meter in seconds.items()),
        parts=largest.parts(),
    )
