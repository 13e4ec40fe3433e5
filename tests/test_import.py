"""`import posenc` is light, and each part of it arrives when it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import posenc

HEAVY = (
    "matplotlib",
    "plotly",
    "torch",
    "ipywidgets",
    "anywidget",
    "IPython",
    "traitlets",
    "scipy",
)


def loaded(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has after running some code."""
    tell = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\n{tell}"], check=True, capture_output=True, text=True
    )
    return set(run.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import posenc",
        "import posenc; posenc.sinusoidal(4, 8); posenc.analysis.turns(4, 8)",
        "import posenc; posenc.text.number(1.5)",
        "from posenc import encodings, analysis, checks, text, sinusoidal",
        "from posenc import alternatives, attention, draws, learned, realhead, relative, schemes",
    ],
)
def test_the_maths_needs_numpy_alone(code):
    modules = loaded(code)
    assert "posenc" in modules
    assert not modules & set(HEAVY)


def test_import_alone_does_not_even_load_numpy():
    assert "numpy" not in loaded("import posenc")


def test_parts_arrive_when_asked_for():
    assert posenc.sinusoidal(3, 4).shape == (3, 4)
    assert posenc.encodings.BASE == 10000
    assert set(posenc.__all__) <= set(dir(posenc))
    with pytest.raises(AttributeError, match="no attribute 'sinusoid'"):
        _ = posenc.sinusoid


def test_views_bring_their_widgets():
    assert {"anywidget", "ipywidgets"} <= loaded("import posenc; posenc.views; posenc.exhibits")
