"""Writes what an experiment found into ``src/posenc/data``, with its origin."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "src" / "posenc" / "data"


def ship_json(
    name: str,
    found: dict[str, Any],
    *,
    what: str,
    origin: str,
    licence: str,
    source: dict[str, str],
    command: str,
) -> None:
    """Writes ``NAME.json`` and its entry in the catalogue.

    Args:
        name: the name under which ``posenc.data.load`` finds it.
        found: the numbers, as JSON can hold them.
        what: one sentence that says what the numbers are.
        origin, licence: of the model or the text that they were measured on.
        source: package, version, file and SHA-256 of what was read.
        command: what makes the file again.
    """
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    (DATA / f"{name}.json").write_text(text, "utf-8")
    catalogue = DATA / "catalog.json"
    entries = json.loads(catalogue.read_text("utf-8")) if catalogue.exists() else {}
    entries[name] = {
        "file": f"{name}.json",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "what": what,
        "origin": origin,
        "licence": licence,
        "source": source,
        "command": command,
    }
    catalogue.write_text(json.dumps(entries, indent=2, sort_keys=True) + "\n", "utf-8")
    print(f"{name}: {len(text) / 1000:.1f} KB")
