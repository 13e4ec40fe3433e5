"""`make bench`: measures, writes _build/bench.json, prints a table.

A part that cannot be measured is named in the file with its reason, the others go on, and the
command ends with 1. An aim that is missed is told, and is no failure of the command.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks import report
from benchmarks.desk import Desk

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "_build" / "bench.json"
SOME_RESULTS = ROOT / "_build" / "bench-parts.json"  # so that a look at one part leaves the whole
PARTS = {
    "updates": "one update of the heatmap, and Plotly's",
    "exhibits": "the dot-product plot at 2,048 x 2,048, the shuffled sentence at 100 words",
    "wire": "bytes on the wire",
    "answer": "time until the first exhibit answers",
    "kernel": "round trips and memory in JupyterLab",
    "building": "building the book",
}


def processor() -> str:
    """The name of the processor, as far as the system tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def commit() -> str:
    """The commit that was measured, "+" added where files differ from it; empty without git."""
    words = ["git", "describe", "--always", "--dirty=+", "--abbrev=12"]
    try:
        said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.stdout.strip() if said.returncode == 0 else ""


def measure(parts: Sequence[str]) -> dict[str, Any]:
    """Measures the parts named, one after the other."""
    results: dict[str, Any] = {"commit": commit(), "machine": {}, "measurements": {}, "failed": {}}
    with sync_playwright() as playwright:
        desk = Desk(ROOT, playwright)
        try:
            results["machine"] = {
                "processor": processor(),
                "cores": os.cpu_count(),
                "system": platform.platform(terse=True),
                "python": platform.python_version(),
                "browser": f"Chromium {desk.browser.version}",
                "load_before": round(os.getloadavg()[0], 2),
            }
            for part in parts:
                start = time.monotonic()
                print(f"{PARTS[part]} ...", flush=True)
                try:
                    for found in importlib.import_module(f"benchmarks.{part}").measure(desk):
                        results["measurements"][found.name] = found.record()
                except Exception as error:  # whatever it is, the other parts are still measured
                    why = f"{type(error).__name__}: {error}"
                    results["failed"][part] = why
                    print(f"  could not be measured: {why}", file=sys.stderr, flush=True)
                print(f"  {time.monotonic() - start:.0f} s", flush=True)
        finally:
            desk.close()
    return results


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"some of: {', '.join(PARTS)}; all by default")
    parser.add_argument(
        "--markdown", action="store_true", help="only print the last results as a table for README"
    )
    asked = parser.parse_args(words)
    if asked.markdown:
        print(report.markdown(json.loads(RESULTS.read_text("utf-8"))), end="")
        return 0
    unknown = [part for part in asked.parts if part not in PARTS]
    if unknown:
        parser.error(f"no part is called {unknown[0]!r}; there are {', '.join(PARTS)}")
    results = measure(asked.parts or list(PARTS))
    file = SOME_RESULTS if asked.parts else RESULTS
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print()
    print(report.plain(results))
    print(f"\nWritten to {file.relative_to(ROOT)}")
    return 1 if results["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
