"""How long one update of the heatmap takes, at two sizes, and what Plotly takes for the same.

Ours is measured on the built chapter: an arrow key on the slider of the base, through slider, link
and view to the picture. `posenc:update` is the view's own measure around recomputing and drawing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.desk import CHAPTER, Desk, host, open_awake, wait_until
from benchmarks.keys import Samples, add, press, scrub, slider
from benchmarks.measurement import Aim, Measurement

SMALL, LARGE = (128, 512), (100_000, 1024)
ROUNDS, WARM, KEYS, PLOTLY_TIMES, FRAMES = 3, 10, 40, 20, 80
HERE = Path(__file__).resolve().parent


def ours(desk: Desk, small: Samples, large: Samples) -> dict[str, float]:
    """One round with our heatmap on the chapter, in both sizes.

    Returns the place and size of the picture in CSS pixels.
    """
    with desk.visit() as context:
        page = context.new_page()
        open_awake(page, f"{desk.address}/{CHAPTER}")
        for (length, width), samples in ((LARGE, large), (SMALL, small)):
            page.evaluate(f"location.hash = 'heatmap?L={length}&d={width}&b=10000'")
            page.wait_for_timeout(800)
            knob = slider(page, "heatmap", "base")
            press(knob, WARM)
            add(samples, press(knob, KEYS))
            add(samples, {"gaps": scrub(knob, FRAMES)["gaps"]})
        view = "document.querySelector('[data-exhibit=heatmap] .posenc-view').posenc"
        box: dict[str, float] = page.evaluate(f"{view}.geometry().box")
    return box


def plotly(desk: Desk, address: str, task: dict[str, float | bool], samples: Samples) -> None:
    """One round with Plotly.react, on a page with nothing else."""
    with desk.visit() as context:
        page = context.new_page()
        page.goto(address)
        wait_until(page, "() => typeof measure === 'function'")
        page.evaluate("task => start(task)", task)
        page.evaluate("n => measure(n)", WARM)
        add(samples, page.evaluate("n => measure(n)", PLOTLY_TIMES))
        add(samples, {"gaps": page.evaluate("n => scrub(n)", FRAMES)})


def plotly_folder(desk: Desk) -> Path:
    """The files of Plotly's page."""
    folder = desk.work / "plotly"
    folder.mkdir(exist_ok=True)
    shutil.copy(HERE / "plotly_page.html", folder / "index.html")
    shutil.copy(desk.root / "src/posenc/js/encodings.js", folder)
    shutil.copy(desk.root / "node_modules/plotly.js/dist/plotly-cartesian.min.js", folder)
    return folder


def measure(desk: Desk) -> Iterator[Measurement]:
    small, large, theirs, whole = Samples(), Samples(), Samples(), Samples()
    with host(plotly_folder(desk)) as address:
        for _ in range(ROUNDS):  # in turns, so that whatever else the machine does hits all alike
            box = ours(desk, small, large)
            same: dict[str, float | bool] = {"length": SMALL[0], "d": SMALL[1]}
            same |= {"width": box["w"], "height": box["h"]}
            plotly(desk, address, same, theirs)
            plotly(desk, address, {**same, "whole": True}, whole)
    where = f"picture of {box['w']:.0f} x {box['h']:.0f} px, no graphics processor"
    yield Measurement(
        "update_128x512",
        "one update of a recomputed 128 x 512 heatmap (posenc:update)",
        "ms",
        small["update"],
        Aim("at most", 4),
        note=f"{where}; it recomputes the table and draws picture, row and column",
    )
    yield Measurement(
        "update_128x512_all",
        "the same with slider and links: all the page's own work for one key",
        "ms",
        small["work"],
    )
    yield Measurement(
        "update_128x512_to_frame",
        "the same from the key until the next frame has begun",
        "ms",
        small["frame"],
        note="a screen shows a frame every 16.7 ms, so this cannot be shorter than what is left",
    )
    yield Measurement(
        "scrubbing_128x512",
        "time between two frames while a key is pressed in each of them",
        "ms",
        small["gaps"],
        Aim("at most", 17),
        note="60 frames a second are 16.7 ms",
    )
    yield Measurement(
        "plotly_128x512",
        "Plotly.react with the same data",
        "ms",
        theirs["update"],
        note="plotly.js from node_modules (cartesian build), same colours, size and recomputing",
        parts={"recomputing": median(theirs["computed"])},
    )
    yield Measurement(
        "plotly_128x512_to_frame",
        "Plotly.react from the change until the next frame has begun",
        "ms",
        theirs["frame"],
    )
    yield Measurement(
        "plotly_scrubbing_128x512",
        "time between two frames while Plotly.react is called in each of them",
        "ms",
        theirs["gaps"],
    )
    yield Measurement(
        "plotly_ratio",
        "Plotly.react against our update, medians",
        "times",
        [median(theirs["update"]) / median(small["update"])],
        Aim("at least", 20),
        note="ours draws the row, the column and the cursors too, Plotly the picture alone",
    )
    yield Measurement(
        "plotly_whole_128x512",
        "Plotly.react of what ours draws: picture, row and column",
        "ms",
        whole["update"],
    )
    yield Measurement(
        "plotly_whole_ratio",
        "Plotly.react of picture, row and column against our update, medians",
        "times",
        [median(whole["update"]) / median(small["update"])],
    )
    yield Measurement(
        "update_100000x1024",
        "the same update at 100,000 x 1,024",
        "ms",
        large["update"],
    )
    yield Measurement(
        "size_ratio",
        "100,000 x 1,024 against 128 x 512, medians",
        "times",
        [median(large["update"]) / median(small["update"])],
        Aim("at most", 1.5),
    )
