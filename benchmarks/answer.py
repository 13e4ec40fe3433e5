"""How long a reader waits: from navigation until the first exhibit is alive and answers a key.

Each time a visitor who was never here; the host is this machine, so it is the page's own work that
is measured, and then once more as a middling phone on a slow line would have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.desk import CHAPTER, Desk, wait_until
from benchmarks.measurement import Measurement

VISITS, PHONE_VISITS = 9, 3
# What Lighthouse calls a slow line and a middling phone.
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
SLOWER = 4
WATCH = (Path(__file__).resolve().parent / "watch_answer.js").read_text("utf-8")


def visit(desk: Desk, *, phone: bool = False) -> dict[str, float]:
    """One first visit; milliseconds since navigation of first paint, ready and answered."""
    with desk.visit() as context:
        page = context.new_page()
        if phone:
            wire = context.new_cdp_session(page)
            wire.send("Network.enable")
            wire.send("Network.emulateNetworkConditions", LINE)
            wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.add_init_script(WATCH)
        page.goto(f"{desk.address}/{CHAPTER}", wait_until="commit")
        wait_until(page, "() => globalThis.answered !== undefined")
        times: Any = page.evaluate("() => globalThis.answered")
        if "failed" in times:
            raise RuntimeError(times["failed"])
        return {key: float(value) for key, value in times.items()}


def measure(desk: Desk) -> Iterator[Measurement]:
    visit(desk)  # the host packs its files once
    visits = [visit(desk) for _ in range(VISITS)]
    yield Measurement(
        "first_paint",
        "from navigation until the chapter shows its first words",
        "ms",
        [v["paint"] for v in visits],
    )
    yield Measurement(
        "first_ready",
        "from navigation until the first exhibit is alive (data-ready)",
        "ms",
        [v["ready"] for v in visits],
    )
    yield Measurement(
        "first_answer",
        "from navigation until the first exhibit has answered a key with a new drawing",
        "ms",
        [v["answer"] for v in visits],
    )
    phones = [visit(desk, phone=True) for _ in range(PHONE_VISITS)]
    yield Measurement(
        "first_answer_phone",
        "the same on a slow line (1.6 Mbit/s, 150 ms) with a processor four times slower",
        "ms",
        [v["answer"] for v in phones],
        parts={
            key: sorted(v[key] for v in phones)[PHONE_VISITS // 2] for key in ("paint", "ready")
        },
    )
