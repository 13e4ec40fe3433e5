"""Stamps: what was done, with which inputs, so that it is not done again until they change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SKIPPED = {"__pycache__", "node_modules", ".ipynb_checkpoints", ".DS_Store", ".ruff_cache"}


def walk(place: Path, skip: Iterable[Path] = ()) -> Iterator[Path]:
    """Yield the files at or below a place in a fixed order; a place that is missing has none."""
    left_out = set(skip)
    if place in left_out or place.name in SKIPPED:
        return
    if place.is_file():
        yield place
    elif place.is_dir():
        for child in sorted(place.iterdir()):
            yield from walk(child, left_out)


def digest(
    root: Path, places: Iterable[str], *, skip: Iterable[str] = (), extra: Iterable[str] = ()
) -> str:
    """Return a SHA-256 over names and contents of all files at or below some places.

    root: what the places are relative to; skip: places below them that do not count;
    extra: strings that count too (a version, a setting).
    """
    total = hashlib.sha256()
    for text in extra:
        total.update(text.encode() + b"\0")
    left_out = [root / place for place in skip]
    for place in places:
        for file in walk(root / place, left_out):
            total.update(str(file.relative_to(root)).encode() + b"\0")
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


@dataclass(frozen=True)
class Stamp:
    """One remembered digest, in a file that is only ever written whole."""

    file: Path

    def read(self) -> str:
        """Return what was remembered, or an empty string."""
        try:
            return self.file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def matches(self, value: str) -> bool:
        """Tell whether this very value was remembered."""
        return bool(value) and self.read() == value

    def write(self, value: str) -> None:
        """Remember a value: call it only after the work has succeeded."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        beside = self.file.with_name(self.file.name + ".new")
        beside.write_text(value + "\n", "utf-8")
        beside.replace(self.file)

    def clear(self) -> None:
        """Forget: call it before the work begins, so that an interrupted one is done again."""
        self.file.unlink(missing_ok=True)
