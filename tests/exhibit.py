"""How a test takes hold of an exhibit on a page: its state, its drawing, its handles."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page

from posenc import palette, text

ASK = "(e, key) => e.querySelector('.posenc-view[data-drawn]').posenc[key]()"


class OnPage:
    """One exhibit of an open page."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.root: Locator = page.locator(f'[data-exhibit="{name}"]')

    def ask(self, key: str) -> Any:
        """state, facts, geometry, drawn or say of the first view."""
        return self.root.evaluate(ASK, key)

    def show(self, fragment: str) -> OnPage:
        """Asks for a state by a link within the page, and waits until it is drawn.

        What the link leaves open is as at first, whatever was shown before.
        """
        self.page.evaluate(
            "hash => new Promise(done => {"
            "addEventListener('hashchange', done, { once: true });"
            "if (location.hash === hash) dispatchEvent(new Event('hashchange'));"
            "else location.hash = hash; })",
            f"#{self.name}?{fragment}",
        )
        return self.arrive()

    def arrive(self) -> OnPage:
        """Brings the exhibit into the window, and waits for its numbers and its drawing."""
        self.root.scroll_into_view_if_needed()
        self.page.wait_for_function(
            "e => e.dataset.live !== 'later' && 'ready' in e.dataset",
            arg=self.root.element_handle(),
        )
        self.canvas().scroll_into_view_if_needed()
        self.settle()
        return self

    def words(self) -> list[dict[str, Any]]:
        """What is written in the drawing: {words, x, y, colour}, in the order of writing."""
        return self.ask("drawn")["words"]

    def written(self, x: float | None = None, y: float | None = None) -> str:
        """All that is written at x, on the line y, put together; either may be left open."""
        return "".join(
            w["words"]
            for w in self.words()
            if (x is None or abs(w["x"] - x) < 0.01) and (y is None or abs(w["y"] - y) < 0.01)
        )

    def discs(self) -> list[dict[str, Any]]:
        """The discs of the drawing: {x, y, r, fill, edge}, in the order of drawing."""
        return self.ask("drawn")["discs"]

    def curves(self) -> list[NDArray[np.float64]]:
        """The points (x, y) of each curve of the drawing that has any."""
        found = [np.array(c["points"], dtype=np.float64) for c in self.ask("drawn")["curves"]]
        return [points for points in found if len(points)]

    def memory(self, key: str) -> NDArray[np.float64]:
        """A typed array that the drawing kept, as NumPy."""
        numbers = self.root.evaluate(
            "(e, key) => Array.from("
            "e.querySelector('.posenc-view[data-drawn]').posenc.memory()[key])",
            key,
        )
        return np.array(numbers, dtype=np.float64)

    def settle(self) -> None:
        """Waits until a drawing follows its state: two frames after the last change, and the numbers
        that the state needs are there."""
        self.page.wait_for_function(
            "e => [...e.querySelectorAll('.posenc-view')].every(v => !v.posenc?.missing?.())",
            arg=self.root.element_handle(),
        )
        self.page.evaluate(
            "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => "
            "requestAnimationFrame(r))))"
        )

    def handle(self, name: str) -> Locator:
        return self.root.locator(f".handle-{name}")

    def middle(self, handle: str) -> tuple[float, float]:
        """The middle of a handle, as a point of the window (scrolled into sight)."""
        self.handle(handle).scroll_into_view_if_needed()
        box = self.handle(handle).bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, handle: str, right: float, down: float = 0) -> None:
        """Takes a handle at its middle with the mouse, carries it so far and lets go."""
        x, y = self.middle(handle)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + right, y + down, steps=6)
        self.page.mouse.up()
        self.settle()

    def canvas(self) -> Locator:
        return self.root.locator(".posenc-view canvas").first

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the drawing, in CSS pixels, as a point of the window (scrolled into sight)."""
        self.canvas().scroll_into_view_if_needed()
        box = self.canvas().bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y

    def swipe(self, points: Sequence[tuple[float, float]]) -> None:
        """A finger that comes down at the first point of the window, goes on, and lifts."""
        session = self.page.context.new_cdp_session(self.page)
        for k, (x, y) in enumerate(points):
            session.send(
                "Input.dispatchTouchEvent",
                {"type": "touchMove" if k else "touchStart", "touchPoints": [{"x": x, "y": y}]},
            )
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self.page.wait_for_timeout(100)

    def pixel(self, x: float, y: float) -> tuple[int, int, int]:
        """The colour drawn at a point given in CSS pixels of the drawing."""
        r, g, b = self.root.evaluate(
            """(e, [x, y]) => {
              const c = e.querySelector('.posenc-view[data-drawn] canvas');
              const k = c.width / c.clientWidth;
              // read from a copy of the one pixel: Chromium warns of many reads from a canvas
              const one = document.createElement('canvas');
              one.width = one.height = 1;
              const copy = one.getContext('2d', { willReadFrequently: true });
              copy.drawImage(c, -Math.round(x * k), -Math.round(y * k));
              return [...copy.getImageData(0, 0, 1, 1).data].slice(0, 3);
            }""",
            [x, y],
        )
        return r, g, b

    def coloured(self, x: float, y: float, value: float) -> bool:
        """Whether a point of the (light) drawing has the colour of a value."""
        expected = np.array(palette.colour_map()((value + 1) / 2)[:3]) * 255
        return bool(np.abs(np.array(self.pixel(x, y)) - expected).max() < 6)

    def slider(self, label: str) -> Locator:
        """The handle of an ordinary ipywidgets slider, by the letter or word of its label."""
        row = self.root.locator(".widget-slider").filter(has_text=label).first
        return row.locator(".noUi-handle").first

    def tool(self, label: str) -> Locator:
        return self.root.locator(".tools").get_by_role("button", name=label, exact=True)


def percent(share: float, places: int = 0) -> str:
    """A share as a page writes it: a tie goes up, as JavaScript rounds; Python's goes to the even."""
    step = Decimal(1).scaleb(-places)
    up = Decimal(100 * float(share)).quantize(step, ROUND_HALF_UP)
    return f"{text.fixed(float(up), places)}%"


def quantity(x: float) -> str:
    """A positive quantity as the figures write it: 0.0089, 6.28, 35.3, 4,712, 1.2 million."""
    if x < 0.01:
        return f"{x:.2g}"
    if x >= 1e6:
        return f"{text.fixed(x / 1e6, 1)} million"
    return text.fixed(x, 0 if x >= 100 else 1 if x >= 10 else 2)


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG, read from its header."""
    assert data[:8] == base64.b64decode("iVBORw0KGgo="), "not a PNG"
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
