"""Numbers in the prose: their style, and that myst_nb finds what is glued."""

from __future__ import annotations

import math

import nbformat
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from posenc import text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (7, "7"),
        (1000, "1,000"),
        (-1234567, "\u22121,234,567"),
        (np.int64(1024), "1,024"),
        (60611.477, "60,611"),
        (628.3185, "628.3"),
        (6.0, "6"),
        (-0.25, "\u22120.25"),
        (0.1 + 0.2, "0.3"),
        (9.99996, "10"),
        (999.96, "1,000"),
        (0.00012345, "0.0001234"),
        (0.000099999, "1\u00a0\u00d7\u00a010\u207b\u2074"),
        (2.2e-16, "2.2\u00a0\u00d7\u00a010\u207b\u00b9\u2076"),
        (-1e15, "\u22121\u00a0\u00d7\u00a010\u00b9\u2075"),
        (np.float32(0.5), "0.5"),
        (-0.0, "0"),
    ],
)
def test_number(value, written):
    assert text.number(value) == written


def test_number_to_fewer_digits():
    assert text.number(26.5754, 3) == "26.6"
    assert text.number(60611.477, 1) == "60,611"


def test_fixed_and_percent():
    assert text.fixed(-0.5, 3) == "\u22120.500"
    assert text.fixed(-0.0001, 2) == "0.00"
    assert text.fixed(1234.5, 1) == "1,234.5"
    assert text.percent(0.5234) == "52%"
    assert text.percent(0.5234, 1) == "52.3%"


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (lambda: text.number(math.nan), ValueError, "value=nan is not finite"),
        (lambda: text.number("5"), TypeError, "value='5' is of type str"),
        (lambda: text.number(True), TypeError, "value=True is of type bool"),
        (lambda: text.number(1.0, 0), ValueError, "digits=0 is too small"),
        (lambda: text.fixed(1.0, -1), ValueError, "places=-1 is too small"),
        (lambda: text.glue(), TypeError, "nothing to glue; pass name=value"),
        (lambda: text.glue(rate=math.inf), ValueError, "rate=inf is not finite"),
        (
            lambda: text.glue(rows=[1]),
            TypeError,
            r"rows=\[1\] is of type list; it must be a string",
        ),
    ],
)
def test_bad_numbers(ask, error, says):
    with pytest.raises(error, match=says):
        ask()


def bundles(gluing) -> list[tuple[dict, dict]]:
    """What a kernel would send for a cell: (data, metadata) of each display."""
    InteractiveShell.instance()
    with capture_output() as captured:
        gluing()
    assert not captured.stdout
    return [(output.data, output.metadata) for output in captured.outputs]


def test_glue_emits_what_myst_nb_emits():
    from myst_nb import glue

    ours = bundles(lambda: text.glue(wave=628.3185, name="two words"))
    theirs = bundles(lambda: [glue("wave", text.number(628.3185), display=False)])
    assert len(ours) == 2
    # The same keys and metadata; the text itself stands without quotes.
    assert ours[0][0].keys() == theirs[0][0].keys()
    assert ours[0][1] == theirs[0][1]
    assert list(ours[0][0].values()) == ["628.3"]
    assert list(ours[1][0].values()) == ["two words"]


@pytest.mark.parametrize(
    "value",
    ["0.50", "two words", "60,611", "1e3", "(1, 2)", "'quoted'", "\u22123", "007", "None"],
)
def test_the_role_of_myst_nb_gives_the_text_back(value):
    from myst_nb.core.variables import format_plain_text
    from myst_nb.ext.glue import extract_glue_data_cell

    ((data, metadata),) = bundles(lambda: text.glue(key=value))
    cell = nbformat.v4.new_code_cell(
        outputs=[nbformat.v4.new_output("display_data", data=data, metadata=metadata)]
    )
    ((key, output),) = extract_glue_data_cell(cell)
    assert key == "key"
    assert not cell.outputs
    assert format_plain_text(output["data"]["text/plain"], "s") == value
