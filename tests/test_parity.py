"""The formula in two languages: js/encodings.js gives what NumPy gives, in Node and in a page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from conftest import serve
from parity import calls, grid


@pytest.fixture(scope="module")
def exported() -> dict[str, Any]:
    return grid.export()


def agree(report: dict[str, Any]) -> None:
    reference = "src/posenc/encodings.py (or, for distances, turns and 16 bits, analysis.py)"
    advice = grid.advice(report, "encodings.js", reference, "tests/parity/grid.py and check.mjs")
    assert not report["failures"], advice
    assert report["worst"] <= grid.TOLERANCE
    # Fewer would mean that a part of the grid was never looked at.
    assert report["compared"] > 300_000


def test_twin_in_node(exported, tmp_path):
    agree(grid.node_parity(exported, tmp_path))


def test_twin_in_a_page(exported, browser):
    server, address = serve(grid.MODULE.parent)
    try:
        page = browser.new_page()
        page.goto(address)
        agree(grid.page_parity(page, exported))
        # And as the file is served, with the type that its name gives it.
        value = page.evaluate("import('/encodings.js').then((E) => E.value(1, 0, { d: 4 }))")
        assert value == pytest.approx(0.8414709848)
        page.close()
    finally:
        server.shutdown()


# Each a slip that a hand could make in the twin: what is written, what it would become.
SLIPS = {
    "exponent without its two": ("(-2 * i) / d", "-i / d"),
    "channel in place of pair": ("[j >> 1, (j & 1) === 1]", "[j, (j & 1) === 1]"),
    "sine and cosine swapped": ("(j & 1) === 1", "(j & 1) === 0"),
    "halves read as interleaved": ("j >= d / 2]", "j % 2 === 1]"),
    "tensor2tensor by d/2": ("d / 2 - 1, 1", "d / 2, 1"),
    "first position of a run, not its middle": ("t + (m - 1) / 2", "t"),
    "Dirichlet without its m": ("const bottom = m * Math.sin(x)", "const bottom = Math.sin(x)"),
    "turned the wrong way": ("b * turnC[s] - a * turnS[s]", "b * turnC[s] + a * turnS[s]"),
    "float32 sums": ("const waves = new Float64Array(2", "const waves = new Float32Array(2"),
    "off by one of the other kind": ("base ** (-at / d)", "base ** ((-at - 1) / d)"),
    "doubled once": ("(-4 * i) / d", "(-2 * i) / d"),
    "dot product of sines": ("sum + Math.cos(w * k)", "sum + Math.sin(w * k)"),
    "distances turned the wrong way": ("y = y * c - x * s", "y = y * c + x * s"),
    "base by the other root": ("(d / (2 * i))", "((2 * i) / d)"),
    "rounds ties up": ("x / grain + ROUNDER - ROUNDER", "Math.floor(x / grain + 0.5)"),
    "corners on the positions": ("(t + 0.5)) / 2 ** j", "t) / 2 ** j"),
    "softness on the sine": ("softness * Math.cos(theta)", "softness * Math.sin(theta)"),
    "turns of L steps": ("(w * (L - 1)) / TURN", "(w * L) / TURN"),
}


@pytest.fixture(scope="module")
def small() -> dict[str, Any]:
    return grid.export(widths=(2, 6, 26), bases=(2.0, 10000.0))


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_the_twin_is_caught(slip, small, tmp_path):
    broken = tmp_path / "encodings.js"
    source = calls.with_slip(grid.MODULE, *SLIPS[slip], "tests/test_parity.py")
    broken.write_text(source, encoding="utf-8")
    report = grid.node_parity(small, tmp_path, module=broken)
    assert report["failures"], calls.unnoticed("encodings.js", "tests/parity/grid.py")


FORMULA = re.compile(r"\*\*\s*\(*-\s*2|pow(er)?\([^,()]+,\s*\(*-\s*2|exp\(.*log\(")


def test_no_other_source_carries_the_formula():
    """One formula, two languages: who raises something to -2i/d elsewhere has written a third."""
    root = grid.MODULE.parent.parent
    homes = {root / "encodings.py", grid.MODULE}
    sources = {*root.rglob("*.py"), *(root / "js").rglob("*.js")} - homes
    assert len(sources) > 5
    third = [
        f"{path.relative_to(root)}: {line.strip()}"
        for path in sources
        for line in path.read_text(encoding="utf-8").splitlines()
        if FORMULA.search(line)
    ]
    assert not third, (
        "the formula stands outside encodings.py and encodings.js; ask these two for the number:\n"
        + "\n".join(third)
    )


@pytest.mark.parametrize(
    "line",
    [
        "b ** (-2 * i / d)",
        "base ** ((-2 * i) / d)",
        "Math.pow(b, -2 * i / d)",
        "np.power(b, -2.0 * i / d)",
        "exp(-i * log(b))",
    ],
)
def test_the_formula_is_known_when_seen(line):
    assert FORMULA.search(line)
