"""Varied prose to try a model on: three public-domain texts that Debian has as packages.

- the King James Bible (1611), from ``bible-kjv`` and ``bible-kjv-text``;
- *The Devil's Dictionary* by Ambrose Bierce (1911), from ``dict-devil``;
- the Jargon File 4.4.7 (2003), from ``dict-jargon``.

A document is a chapter of the first and an entry of the other two. Documents are dealt into folds,
and windows are cut from the documents of one fold set end to end, so that no fold knows a document
of another, and where a window begins has nothing to do with what stands there.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

DICTIONARIES = Path("/usr/share/dictd")
LICENCE = "public domain"
LEGEND = (
    "King James Version: This file is provided for unrestricted use provided that this legend is "
    "included on all tape media and as a part of the software program in whole or part. Users may "
    "copy, modify or distribute this file at will. -- Chip Chapin, September 4, 1989."
)


@dataclass(frozen=True)
class Text:
    """A text in its documents.

    Attributes:
        name, package: what it is and where it comes from.
        documents: in the order of the text, white space made single.
    """

    name: str
    package: str
    documents: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the documents, one a line."""
        return hashlib.sha256("\n".join(self.documents).encode()).hexdigest()


def all_texts(dictionaries: Path = DICTIONARIES) -> list[Text]:
    """The three texts; ``dictionaries`` is the folder with ``devil.dict.dz`` and ``jargon.dict.dz``."""
    return [
        Text("King James Bible", "bible-kjv-text", tuple(_chapters())),
        Text("The Devil's Dictionary", "dict-devil", tuple(_entries(dictionaries, "devil"))),
        Text("The Jargon File", "dict-jargon", tuple(_entries(dictionaries, "jargon"))),
    ]


def _chapters() -> list[str]:
    program = shutil.which("bible")
    if program is None:
        raise FileNotFoundError("there is no program `bible`; on Debian: apt install bible-kjv")
    asked = [program, "-f", "gen1:1-rev22:21"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    chapters: dict[str, list[str]] = {}
    for line in told.splitlines():
        at, verse = line.split(" ", 1)
        chapters.setdefault(at.split(":")[0], []).append(verse)
    return [_single(" ".join(verses)) for verses in chapters.values()]


def _entries(folder: Path, name: str) -> list[str]:
    """What begins at the left margin after an empty line, without the notes of the package."""
    file = folder / f"{name}.dict.dz"
    if not file.exists():
        raise FileNotFoundError(f"there is no {file}; on Debian: apt install dict-{name}")
    told = gzip.decompress(file.read_bytes()).decode("utf-8", "replace")
    entries = re.split(r"\n\n+(?=\S)", told)
    return [_single(entry) for entry in entries if "00-database" not in entry]


def _single(text: str) -> str:
    return " ".join(text.split())


def windows(
    texts: list[Text],
    tokens: Callable[[str], list[int]],
    *,
    folds: int,
    each: int,
    length: int,
    seed: int,
) -> Ints:
    """Windows of word pieces, each between the marks for the beginning and the end.

    Args:
        texts: what to cut them from.
        tokens: makes word pieces of a text, the two marks around them.
        folds, each: so many folds, with so many windows from each text.
        length: of a window with its two marks.
        seed: of the dealing and of the places.

    Returns:
        Shape (folds, texts x each, length).
    """
    rng = np.random.default_rng(seed)
    found = np.empty((folds, len(texts), each, length), dtype=np.int64)
    inside = length - 2
    for n, text in enumerate(texts):
        fold_of = rng.integers(0, folds, len(text.documents))
        for fold in range(folds):
            own = [d for d, f in zip(text.documents, fold_of, strict=True) if f == fold]
            first, *stream, last = [
                *tokens("")[:1],
                *(piece for document in own for piece in tokens(document)[1:-1]),
                *tokens("")[-1:],
            ]
            # places far enough apart that no two windows share a piece
            slots = rng.permutation(len(stream) // (2 * inside))[:each]
            if len(slots) < each:
                raise ValueError(f"{text.name} is too short for {folds} x {each} windows")
            for at, slot in enumerate(slots):
                start = 2 * inside * slot + int(rng.integers(0, inside + 1))
                found[fold, n, at] = [first, *stream[start : start + inside], last]
    return found.reshape(folds, -1, length)
