"""The same picture through a kernel: ipywidgets' interact with matplotlib, in JupyterLab; our own
heatmap beside it, in the same notebook; and the memory of a kernel that has run the chapter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.desk import NOTEBOOK, Desk
from benchmarks.keys import press, script, slider
from benchmarks.measurement import Measurement

INTERACT = """
import matplotlib.pyplot as plt
from ipywidgets import FloatLogSlider, interact
from posenc import sinusoidal

@interact(base=FloatLogSlider(value=10_000, base=10, min=0.3, max=6, step=0.02))
def show(base):
    fig, ax = plt.subplots(figsize=(8, 4))
    ax.imshow(sinusoidal(128, 512, base=base), aspect="auto", cmap="BrBG", vmin=-1, vmax=1)
    plt.show()
"""
OURS = "from posenc import exhibits\nexhibits.heatmap(length=128, d_model=512)"
TRIPS, WARM, KEYS = 20, 3, 40
RSS = "__import__('psutil').Process().memory_info().rss"


def write_notebook(path: Path, sources: list[str]) -> None:
    """Writes a notebook of code cells."""
    blank: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
    }
    cells = [{**blank, "id": f"cell-{k}", "source": source} for k, source in enumerate(sources)]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = {"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(book), "utf-8")


def measure(desk: Desk) -> Iterator[Measurement]:
    environment, _ = desk.lab
    write_notebook(environment.copy / "round_trip.ipynb", [INTERACT, OURS])
    notebook = desk.notebook("round_trip.ipynb")
    try:
        notebook.run_all()
        notebook.page.wait_for_selector('[data-exhibit="heatmap"][data-ready]')
        notebook.show(0)
        notebook.page.evaluate(script("round_trip.js"), WARM)
        trips: list[float] = notebook.page.evaluate(script("round_trip.js"), TRIPS)
        notebook.show(1)
        knob = slider(notebook.page, "heatmap", "base")
        press(knob, WARM)
        ours = press(knob, KEYS)
    finally:
        notebook.close()
    yield Measurement(
        "interact_round_trip",
        "interact with matplotlib in JupyterLab: from the key until the new picture is shown",
        "ms",
        trips,
        note="128 x 512, imshow 8 x 4 inches, kernel on the same machine",
    )
    yield Measurement(
        "ours_in_jupyterlab_to_frame",
        "our heatmap in the same notebook, from the key until the next frame has begun",
        "ms",
        ours["frame"],
        parts={"posenc:update": median(ours["update"])},
    )
    yield Measurement(
        "interact_ratio",
        "interact against ours, from the key to the picture, medians",
        "times",
        [median(trips) / median(ours["frame"])],
        parts={"against the update alone": median(trips) / median(ours["update"])},
    )
    yield from memory(desk)


def memory(desk: Desk) -> Iterator[Measurement]:
    """Resident memory of the chapter's kernel, before and after its cells have run."""
    notebook = desk.notebook(NOTEBOOK)
    try:
        before = notebook.python(RSS)
        notebook.run_all()
        after = notebook.python(RSS)
    finally:
        notebook.close()
    yield Measurement(
        "kernel_memory",
        "resident memory of the notebook's kernel after the chapter has run",
        "MB",
        [after / 1e6],
        parts={"before its first cell": before / 1e6},
    )
