"""Writes what an experiment found into ``src/posenc/data``, with its origin."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict, Unpack

from posenc import data

DATA = Path(__file__).resolve().parent.parent / "src" / "posenc" / "data"


class Origin(TypedDict):
    """What the catalogue says of a file.

    Attributes:
        what: one sentence that says what the numbers are.
        origin, licence: of the model or the text that they were measured on.
        source: package, version, file and SHA-256 of what was read.
        command: what makes the file again.
    """

    what: str
    origin: str
    licence: str
    source: dict[str, str]
    command: str


def ship_json(name: str, found: dict[str, Any], **origin: Unpack[Origin]) -> None:
    """Writes ``NAME.json`` and its entry in the catalogue.

    Args:
        name: the name under which ``posenc.data.load`` finds it.
        found: the numbers, as JSON can hold them.
        **origin: see :class:`Origin`.
    """
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    _ship(f"{name}.json", text.encode(), origin)


def ship_tensors(
    name: str,
    arrays: Mapping[str, Any],
    *,
    store: Mapping[str, str] | None = None,
    notes: Mapping[str, Any] | None = None,
    **origin: Unpack[Origin],
) -> None:
    """Writes ``NAME.safetensors`` and its entry in the catalogue.

    Args:
        name: the name under which ``posenc.data.load`` finds it.
        arrays, store, notes: see :func:`posenc.data.pack`.
        **origin: see :class:`Origin`.
    """
    _ship(f"{name}.safetensors", data.pack(arrays, store=store, notes=notes), origin)


def _ship(file: str, content: bytes, origin: Origin) -> None:
    (DATA / file).write_bytes(content)
    catalogue = DATA / "catalog.json"
    entries = json.loads(catalogue.read_text("utf-8")) if catalogue.exists() else {}
    entries[Path(file).stem] = {
        "file": file,
        "sha256": hashlib.sha256(content).hexdigest(),
        **origin,
    }
    catalogue.write_text(json.dumps(entries, indent=2, sort_keys=True) + "\n", "utf-8")
    print(f"{file}: {len(content) / 1000:.1f} KB")
