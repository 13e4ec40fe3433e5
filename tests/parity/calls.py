"""Calls to the JavaScript twins, each with what NumPy gives: the grids of `tests/parity/cases`.

A file of cases has a function ``calls() -> list[Call]`` and a dictionary ``SLIPS``: for each slip
that a hand could make, the module, what is written there, and what it would become. To hold one
more module equal, add a file of cases: `tests/test_parity_calls.py` finds it.

`compare` runs the calls in Node and `compare_in_page` in a page. Both report
``{"compared": number of values, "worst": largest difference, "failures": [first few, in words],
"first": which call the first of them is about}``.
"""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from parity.grid import in_node

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
JS = ROOT / "src" / "posenc" / "js"

TOLERANCE = 1e-9

#: Where the twin of a module has another name than its own.
REFERENCES = {
    "alternatives.js": "src/posenc/alternatives.py or encodings.py",
    "leastsquares.js": "numpy.linalg",
    "tensors.js": "src/posenc/data/tensors.py",
}


@dataclass(frozen=True)
class Call:
    """One call to a twin.

    Attributes:
        module: its file in js/.
        function: what it exports; a value that is no function where `args` is None.
        args: the arguments; arrays arrive as Float64Arrays, row by row.
        gives: what NumPy gives: numbers and arrays, texts, truth values, lists and dictionaries of
            them. Arrays are compared row by row, numbers to the tolerance (relative above 1).
        says: instead, how the message of the RangeError begins that the twin throws.
        tolerance: the largest difference that is no failure.
        of: the name and the file in Python that give it, where that is not the module's twin.
    """

    module: str
    function: str
    args: tuple[Any, ...] | None
    gives: Any = None
    says: str | None = None
    tolerance: float = TOLERANCE
    of: str | None = None

    @property
    def reference(self) -> str:
        """What the module is held to."""
        return self.of or REFERENCES.get(self.module, f"src/posenc/{Path(self.module).stem}.py")


def told(value: Any) -> Any:
    """A value as JSON holds it: {"floats": [...]} for an array, {"float": "inf"} for infinity,
    {"bytes": [...]} for bytes, which arrive as a DataView."""
    if isinstance(value, bytes):
        return {"bytes": list(value)}
    if isinstance(value, np.ndarray):
        return {"floats": [told(float(x)) for x in value.ravel()]}
    if isinstance(value, np.generic):
        return told(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    if isinstance(value, dict):
        return {key: told(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [told(item) for item in value]
    return value


def exported(calls: list[Call]) -> str:
    """The calls as the text that calls.mjs reads."""
    return json.dumps(
        [
            {
                "module": call.module,
                "name": call.function,
                "args": told(call.args),
                "gives": told(call.gives),
                "says": call.says,
                "tolerance": call.tolerance,
                "of": call.of or "NumPy",
            }
            for call in calls
        ],
        allow_nan=False,
    )


def with_slip(module: Path, right: str, wrong: str, home: str) -> str:
    """The text of a module with a slip in it; `home` is the test file that tells of the slip."""
    source = module.read_text(encoding="utf-8")
    found = source.count(right)
    assert found == 1, (
        f"src/posenc/js/{module.name} says {right!r} {found} times, not once: "
        f"write into SLIPS of {home} what it says now, so that the slip can still be made"
    )
    return source.replace(right, wrong)


def unnoticed(module: str, home: str) -> str:
    """What to do when nothing differs after a slip."""
    return (
        f"with this slip src/posenc/js/{module} still gives what NumPy gives: "
        f"add to {home} a case in which it matters"
    )


def slipped(folder: Path, module: str, right: str, wrong: str, home: str) -> Path:
    """A copy of js/ in a folder, with a slip in one of its modules."""
    source = with_slip(JS / module, right, wrong, home)
    copy = folder / "js"
    shutil.copytree(JS, copy)
    # Node takes a .js file for an ES module where a package says so, as the book's own does.
    (copy / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (copy / module).write_text(source, encoding="utf-8")
    return copy


def compare(calls: list[Call], folder: Path, js: Path = JS) -> dict[str, Any]:
    """Compares a folder of modules with NumPy in Node; `folder` takes the file of calls."""
    file = folder / "calls.json"
    file.write_text(exported(calls), encoding="utf-8")
    return in_node("calls.mjs", js, file)


def compare_in_page(calls: list[Call], page: Any) -> dict[str, Any]:
    """Compares in a page that is open at a server whose root is js/."""
    files = {
        "calls_check.mjs": (HERE / "calls_check.mjs").read_text(encoding="utf-8"),
        "calls.json": exported(calls),
    }

    def answer(route: Any) -> None:
        name = route.request.url.rpartition("/")[2]
        kind = "application/json" if name.endswith(".json") else "text/javascript"
        route.fulfill(body=files[name], content_type=f"{kind}; charset=utf-8")

    page.route("**/posenc-parity/*", answer)
    try:
        report: dict[str, Any] = page.evaluate(
            """async () => {
              const { check } = await import("/posenc-parity/calls_check.mjs");
              const calls = await (await fetch("/posenc-parity/calls.json")).json();
              return check(calls, (file) => import(`/${file}`));
            }"""
        )
    finally:
        page.unroute("**/posenc-parity/*")
    return report
