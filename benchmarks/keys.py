"""Keys pressed on an exhibit in a page, each alone or one in every frame, and what they cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import ElementHandle, Locator, Page

HERE = Path(__file__).resolve().parent

Samples = dict[str, list[float]]


def script(name: str) -> str:
    """One of the functions in this folder that are given to a browser."""
    source = (HERE / name).read_text("utf-8").strip().rstrip(";")
    return f"({source})"


def slider(page: Page, exhibit: str, label: str) -> Locator:
    """The knob of an exhibit's slider, by a word of its label."""
    row = page.locator(f'[data-exhibit="{exhibit}"] .widget-slider').filter(has_text=label)
    return row.first.locator(".noUi-handle")


def handle(page: Page, exhibit: str, name: str) -> Locator:
    """A mark of an exhibit's drawing that can be dragged."""
    return page.locator(f'[data-exhibit="{exhibit}"] .handle-{name}')


def press(knob: Locator, count: int) -> Samples:
    """Presses arrow keys, each once the page is at rest; milliseconds of each step."""
    samples: Samples = knob.evaluate(script("press_keys.js"), count)
    return samples


def scrub(knob: Locator, frames: int) -> Samples:
    """Presses an arrow key in every frame; milliseconds between frames, and of each update."""
    samples: Samples = knob.evaluate(script("scrub.js"), frames)
    return samples


def move(word: ElementHandle, count: int) -> Samples:
    """Moves a word one place by its arrow keys; milliseconds of the frames until it rests."""
    samples: Samples = word.evaluate(script("move_word.js"), count)
    return samples


def add(samples: Samples, more: dict[str, Any]) -> None:
    """Puts more samples to those that are there."""
    for name, values in more.items():
        samples.setdefault(name, []).extend(values)
