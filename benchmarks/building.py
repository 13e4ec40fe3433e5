"""How long `make book` takes, installs not counted: clean, unchanged, and with one chapter changed.

It builds a copy, with the environment and node_modules of this checkout, so that neither the site
that is there nor a person at work in it is disturbed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.desk import Desk
from benchmarks.measurement import Measurement

WITHIN = 900  # s
UNCHANGED = 3
# What `make book` does once everything is installed; the lock on the checkout is the copy's own.
BUILD = """
import sys
sys.path.insert(0, "tools")
from pathlib import Path
from workshop import book
from workshop.install import Checkout
checkout = Checkout(Path.cwd(), "book")
book.build_bundles(checkout)
book.build_book(checkout)
"""


def copy(desk: Desk) -> Path:
    """A copy of the checkout as cloned, with links to what is installed."""
    to: Path = desk.lab_tools.checkout_copy(desk.root, desk.work / "checkout")
    for installed in (".venv", "node_modules"):
        (to / installed).symlink_to(desk.root / installed)
    return to


def build(folder: Path) -> float:
    """Builds the book in a copy; seconds. Raises RuntimeError with what it said if it fails."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-B", "-c", BUILD],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=WITHIN,
    )
    took = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"the book could not be built:\n{done.stdout[-3000:]}")
    return took


def measure(desk: Desk) -> Iterator[Measurement]:
    folder = copy(desk)
    try:
        clean = build(folder)
        yield Measurement(
            "build_clean",
            "building everything: bundles, fonts, every cell, every page",
            "s",
            [clean],
            note="one sample",
        )
        unchanged = [build(folder) for _ in range(UNCHANGED)]
        yield Measurement("build_unchanged", "building again with nothing changed", "s", unchanged)
        chapter = folder / "book" / "sinusoids.md"
        chapter.write_text(chapter.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
        yield Measurement(
            "build_one_sentence",
            "building again after one sentence of the chapter has changed",
            "s",
            [build(folder)],
            note="one sample; no cell is executed again",
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
