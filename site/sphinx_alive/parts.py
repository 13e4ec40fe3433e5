"""A widget's module in parts, so that a page loads what its figures need and not the whole.

In a notebook a widget carries all its code as one text. A book that has the same code in parts, as
esbuild's `splitting` makes them, names the folder in its settings::

    alive_parts:
      src/library/static/views.js: _build/views   # the text as widgets carry it: its parts

The folder holds modules that import each other by relative paths, and ``parts.json``, which says
which of them to load with a page: ``{"entry": FILE, "always": [FILE], "trait": NAME, "by": {VALUE:
[FILE]}}``, where ``by`` lists what more a widget needs whose trait has that value. The pages name the
entry; the rest is the entry's affair. Where the folder is missing, the whole module is used.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
PLAN = "parts.json"


@dataclass(frozen=True)
class Parts:
    """One module in parts, as it lies in the site below ``_static/alive/``."""

    folder: str
    entry: str
    always: tuple[str, ...]
    trait: str
    by: dict[str, tuple[str, ...]]

    @property
    def address(self) -> str:
        """The entry, below ``_static/alive/``."""
        return f"{self.folder}/{self.entry}"

    def needed(self, states: Iterable[dict[str, Any]]) -> list[str]:
        """What widgets in these states load at once, in the order of its use."""
        files = list(self.always)
        for state in states:
            files += self.by.get(str(state.get(self.trait)), ())
        return [f"{self.folder}/{file}" for file in dict.fromkeys(files)]


def read(app: Sphinx, place: Path) -> Parts | None:
    """Put the modules of a folder into the site; None, with a word, where there are none."""
    try:
        plan = json.loads((place / PLAN).read_text("utf-8"))
        parts = Parts(
            folder="",
            entry=str(plan["entry"]),
            always=tuple(plan["always"]),
            trait=str(plan["trait"]),
            by={str(value): tuple(files) for value, files in plan["by"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        LOGGER.info("sphinx_alive: no parts in %s (%s): pages load the whole module", place, error)
        return None
    modules = sorted(place.glob("*.js"))
    total = hashlib.sha256()
    for module in modules:
        total.update(module.name.encode() + b"\0" + module.read_bytes())
    folder = total.hexdigest()[:16]
    target = Path(app.outdir, "_static", "alive", folder)
    if not target.is_dir():
        fresh = target.with_name(f"{folder}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        for module in modules:
            shutil.copyfile(module, fresh / module.name)
        fresh.rename(target)
    return Parts(folder, parts.entry, parts.always, parts.trait, parts.by)


def parts_of(app: Sphinx, text: str) -> Parts | None:
    """The parts of a widget's module, if the book has it in parts."""
    known: dict[str, Parts | None] | None = getattr(app, "_alive_parts", None)
    if known is None:
        known = {}
        for whole, folder in app.config.alive_parts.items():
            file = Path(app.confdir, whole)
            if not file.is_file():
                LOGGER.warning("alive_parts: %s is not a file", file, type="alive", subtype="parts")
                continue
            known[file.read_text("utf-8")] = read(app, Path(app.confdir, folder))
        app._alive_parts = known  # type: ignore[attr-defined]
    return known.get(text)


def setup(app: Sphinx) -> None:
    app.add_config_value("alive_parts", {}, "html", [dict])
