"""Small files from real models and real training runs, each with its origin.

    >>> from posenc import data
    >>> sorted(data.catalog())
    ['learned-minilm', 'learned-whisper', 'minilm-shuffle']

The scripts in ``experiments/`` made them; ``Entry.command`` makes one again. Nothing is fetched.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from posenc import checks
from posenc.data import tensors
from posenc.data.tensors import PackingError, pack

__all__ = ["DataError", "Entry", "PackingError", "catalog", "load", "notes", "pack", "raw"]

_HERE = files(__name__)


class DataError(RuntimeError):
    """A file of the package is missing or is not what the catalogue says."""


@dataclass(frozen=True)
class Entry:
    """Where the numbers of one file come from.

    Attributes:
        name: what :func:`load` calls it.
        file: its name in the package, and its ``sha256``.
        what: one sentence that says what the numbers are.
        origin, licence: of the model or the text that they were measured on.
        source: package, version, file and SHA-256 of the weights.
        command: what makes the file again.
    """

    name: str
    file: str
    sha256: str
    what: str
    origin: str
    licence: str
    source: dict[str, str]
    command: str


def catalog() -> dict[str, Entry]:
    """All files by name.

    Raises:
        DataError: the catalogue itself is missing or damaged.
    """
    try:
        listed = json.loads(_read("catalog.json"))
        return {name: Entry(name=name, **entry) for name, entry in sorted(listed.items())}
    except (ValueError, TypeError, AttributeError) as error:
        raise DataError(
            f"posenc/data/catalog.json is damaged ({error}); install posenc anew"
        ) from None


@cache
def raw(name: str) -> bytes:
    """The bytes of one file, as a view is handed them.

    Args:
        name: one of :func:`catalog`.

    Raises:
        ValueError: there is no such file; the message lists those there are.
        DataError: the file is missing, or is not the one that the catalogue describes.
    """
    entries = catalog()
    entry = entries[checks.choice(name, "name", entries)]
    content = _read(entry.file)
    found = hashlib.sha256(content).hexdigest()
    if found != entry.sha256:
        raise DataError(
            f"posenc/data/{entry.file} is damaged: its SHA-256 is {found[:12]}…, and should be "
            f"{entry.sha256[:12]}…; install posenc anew, or make it again: {entry.command}"
        )
    return content


@cache
def load(name: str) -> Any:
    """The numbers of one file; do not change them in place. Errors are those of :func:`raw`.

    Returns:
        Of a file of arrays (``.safetensors``), a dictionary of arrays by name, those kept in steps
        as float32; of any other, what Python reads in its JSON.
    """
    content = raw(name)
    if catalog()[name].file.endswith(".safetensors"):
        return tensors.unpack(content)
    return json.loads(content)


@cache
def notes(name: str) -> Any:
    """What stands beside the arrays of a file of arrays (sentences, names). Errors as in :func:`raw`."""
    return tensors.notes(raw(name))


def _read(file: str) -> bytes:
    try:
        return (_HERE / file).read_bytes()
    except OSError:
        raise DataError(f"posenc/data/{file} is missing; install posenc anew") from None
