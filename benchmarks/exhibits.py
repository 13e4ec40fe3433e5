"""Updates of the dot-product plot at its largest: what a move costs, and what a change of all pairs
costs, on the built chapter.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.desk import ALL_READY, PROOF, Desk, wait_until
from benchmarks.keys import Samples, add, handle, press, scrub, slider
from benchmarks.measurement import Aim, Measurement

ROUNDS, WARM, KEYS, FRAMES = 3, 10, 40, 80
LARGEST = "dots?L=2048&d=64&b=10000&t=700&k=8"
FRAME = 16.7  # ms, at 60 frames a second


def dots(desk: Desk, moved: Samples, changed: Samples) -> None:
    """One round with the dot-product plot at 2,048 positions: t moved, then the base changed."""
    with desk.visit() as context:
        page = context.new_page()
        page.goto(f"{desk.address}/{PROOF}#{LARGEST}")
        wait_until(page, ALL_READY)
        page.wait_for_timeout(800)
        for knob, samples in (
            (handle(page, "dots", "t"), moved),
            (slider(page, "dots", "base"), changed),
        ):
            press(knob, WARM)
            add(samples, press(knob, KEYS))
            add(samples, {"gaps": scrub(knob, FRAMES)["gaps"]})


def measure(desk: Desk) -> Iterator[Measurement]:
    moved, changed = Samples(), Samples()
    for _ in range(ROUNDS):
        dots(desk, moved, changed)
    yield Measurement(
        "dots_t_2048",
        "one move of t on the dot-product plot of 2,048 x 2,048 pairs (posenc:update)",
        "ms",
        moved["update"],
        Aim("at most", 4),
        note="width 64, no graphics processor; the picture of all pairs is not painted again",
    )
    yield Measurement(
        "dots_scrubbing_2048",
        "time between two frames while t moves in each of them",
        "ms",
        moved["gaps"],
        Aim("at most", 17),
    )
    yield Measurement(
        "dots_base_2048",
        "one change of its base: every vector, curve and pair anew (posenc:update)",
        "ms",
        changed["update"],
        Aim("at most", FRAME),
        note="means of blocks of pairs, as many as the picture has pixels",
    )
    yield Measurement(
        "dots_base_scrubbing_2048",
        "time between two frames while the base changes in each of them",
        "ms",
        changed["gaps"],
    )
