"""The twins beside js/encodings.js give what NumPy gives, in Node and in a page."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import serve
from parity import calls, grid

CASES = {
    path.stem: importlib.import_module(f"parity.cases.{path.stem}")
    for path in sorted((Path(__file__).parent / "parity" / "cases").glob("*.py"))
}
SLIPS = [(name, slip) for name, cases in CASES.items() for slip in cases.SLIPS]


@pytest.fixture(scope="module")
def asked() -> dict[str, list[calls.Call]]:
    return {name: cases.calls() for name, cases in CASES.items()}


def home(name: str) -> str:
    return f"tests/parity/cases/{name}.py"


def agree(report: dict[str, Any], expected: list[calls.Call], name: str) -> None:
    if report["failures"]:
        call = expected[report["first"]]
        pytest.fail(grid.advice(report, call.module, call.reference, home(name)))
    assert report["compared"] >= len(expected) > 0


@pytest.mark.parametrize("name", CASES)
def test_twin_in_node(name, asked, tmp_path):
    agree(calls.compare(asked[name], tmp_path), asked[name], name)


@pytest.fixture(scope="module")
def host(browser):
    server, address = serve(calls.JS)
    yield lambda: (page := browser.new_page(), page.goto(address))[0]
    server.shutdown()


@pytest.mark.parametrize("name", CASES)
def test_twin_in_a_page(name, asked, host):
    page = host()
    agree(calls.compare_in_page(asked[name], page), asked[name], name)
    page.close()


def test_what_a_comment_says_is_in_python_too_is_compared(asked):
    """Every constant of js/ with a comment "as in views/..." is held equal by a call."""
    compared = {(call.module, call.function) for call in asked["limits"]}
    told = re.compile(r"const \[?([A-Z_, ]+)\]? = .*// .*\bas in views/")
    found = {
        (path.name, name)
        for path in calls.JS.glob("*.js")
        for names in told.findall(path.read_text(encoding="utf-8"))
        for name in names.split(", ")
    }
    assert found - compared == set()
    assert len(found) > 10


@pytest.mark.parametrize(("name", "slip"), SLIPS, ids=[f"{n}: {s}" for n, s in SLIPS])
def test_a_slip_in_the_twin_is_caught(name, slip, asked, tmp_path):
    module, right, wrong = CASES[name].SLIPS[slip]
    js = calls.slipped(tmp_path, module, right, wrong, home(name))
    assert calls.compare(asked[name], tmp_path, js)["failures"], calls.unnoticed(module, home(name))


def test_the_reference_of_every_module_is_there(asked):
    """What a failure sends its reader to."""
    made = [call for each in asked.values() for call in each]
    assert set(calls.REFERENCES) <= {call.module for call in made}
    for call in made:
        if call.of or call.module not in calls.REFERENCES:
            assert (calls.ROOT / call.reference.rpartition(" in ")[2]).is_file(), call.module
