"""The grid on which the JavaScript twin is held equal to NumPy, and the two places to check it.

`export()` writes what NumPy gives as one JSON-able object; `check.mjs` compares a module with it,
in Node (`node_parity`) or in a page (`page_parity`). Both give the same report:
``{"compared": number of values, "worst": largest difference, "failures": [first few, in words]}``.
"""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from posenc import analysis, encodings

HERE = Path(__file__).resolve().parent
MODULE = HERE.parent.parent / "src" / "posenc" / "js" / "encodings.js"

# Float32 is what is displayed: seven digits.
TOLERANCE = 1e-6

WIDTHS = (2, 4, 6, 26, 64, 512, 1024)
BASES = (1e-3, 0.5, 1.0001, 2.0, 10.0, 10000.0, 1e6, 1e12)
POSITIONS = (0.0, 1.0, 0.5, -3.0, 1e3, 12345.678, 99_999.0, 1e6)
# start, step, rows, run: more rows than the twin turns in one go, far out, and long runs.
FILLS = (
    (0, 1, 130, 1),
    (999_870, 1, 130, 1),
    (0, 782, 130, 782),
    (5, 1000, 70, 1000),
    (-7, 3, 9, 2),
)
RUNS = (1, 2, 7, 100, 1000)


def some_channels(d: int) -> list[int]:
    """All channels of a narrow table, and of a wide one both ends, the middle, and a few between."""
    if d <= 26:
        return list(range(d))
    half = d // 2
    return sorted({0, 1, 2, 3, 17, half - 2, half - 1, half, half + 1, half + 9, d - 2, d - 1})


def floats(array: Any) -> Any:
    return np.asarray(array, dtype=np.float64).tolist()


def case(d: int, base: float, layout: str, spacing: str, mistake: str | None) -> dict[str, Any]:
    """One spec with everything that the twin must give for it."""
    kind: dict[str, Any] = {"base": base, "layout": layout, "spacing": spacing}
    channels = some_channels(d)
    positions = list(POSITIONS)
    if mistake is not None:
        kind["mistake"] = mistake
        if mistake == "divided the wrong way" or base < 1:
            # Its frequencies reach b. An angle of 10^10 has lost the digits that are compared:
            # two right answers may differ.
            positions = [t for t in positions if abs(t) * max(base, 1 / base**2) < 1e8]
    waves = encodings.channel_waves(d, **kind)
    far = float(np.abs(waves.omega).max())

    def at(where: list[float], run: int) -> Any:
        means = encodings.pixel_mean(where, run, d, **kind)
        return floats(means[:, channels])

    # The twin turns each wave 63 times before it asks for a sine again: look on both sides of that.
    looked_at = [0, 1, 2, 62, 63, 64, 65, 127, 128, 129]
    fills = [f for f in FILLS if far * (abs(f[0]) + f[1] * f[2]) < 1e8]
    return {
        "spec": {"d": d, **kind},
        "channels": channels,
        "pairs": [
            [int(encodings.channel_map(d, layout=layout)[0][j]), bool(waves.is_cosine[j])]
            for j in channels
        ],
        "omegas": floats(waves.omega[channels]),
        "positions": positions,
        "values": at(positions, 1),
        "means": [{"run": run, "values": at(positions, run)} for run in RUNS],
        "fills": [
            {
                "start": start,
                "step": step,
                "rows": rows,
                "run": run,
                "looked_at": [r for r in looked_at if r < rows],
                "values": at([start + step * r for r in looked_at if r < rows], run),
            }
            for start, step, rows, run in fills
        ],
    }


def closed_forms(d: int, base: float, spacing: str) -> dict[str, Any]:
    """What the twin knows of the encoding as a whole: no layout and no mistake in it."""
    kind: dict[str, Any] = {"base": base, "spacing": spacing}
    offsets = [0.0, 1.0, 2.0, 7.0, 100.0, 2.5, -4.0, 12345.0]
    length = 3000
    pair = analysis.closest_pair(length, d, **kind)
    made = analysis.turns(length, d, **kind)
    return {
        "spec": {"d": d, **kind},
        "frequencies": floats(encodings.frequencies(d, **kind)),
        "wavelengths": floats(encodings.wavelengths(d, **kind)),
        "offsets": offsets,
        "dots": floats(analysis.dot_by_offset(offsets, d, **kind)),
        "distances": floats(analysis.distance_by_offset(offsets, d, **kind)),
        # Every distance in a row, near and far: the twin turns from one to the next.
        "rows": [
            {
                "start": start,
                "distances": floats(
                    analysis.distance_by_offset(start + np.arange(150.0), d, **kind)
                ),
            }
            for start in (0, 999_900)
        ],
        "bases": [
            [i, wavelength, encodings.base_for(wavelength, i, d)]
            for i in sorted({1, d // 4, d // 2 - 1} & set(range(1, d // 2)))
            for wavelength in (7.0, 1000.0)
            if d / (2 * i) < 90
        ],
        "length": length,
        "closest": pair.distance,
        "turns": floats(made.turns),
        "unfinished": made.unfinished,
    }


def sixteen_bits() -> dict[str, Any]:
    generator = np.random.default_rng(0)
    values = np.concatenate(
        [
            generator.normal(size=300) * np.exp(8 * generator.normal(size=300)),
            np.sin(np.arange(300.0)),
            [0, 1, -1, 1 / 3, 65504, 65519, 65520, 1e-8, 6e-8, 3e-8, 3.38e38, 3.4e38, 2e-39, 1e-41],
            [1 + 2.0**-8, 1 + 3 * 2.0**-8, 1 + 2.0**-11, 1 + 3 * 2.0**-11, 2 - 2.0**-30],
        ]
    )
    counts = []
    for length, d, base, dtype, what in itertools.product(
        (1, 3000, 70_000), (2, 4, 16), (2.0, 10000.0), analysis.FLOATS, ("table", "positions")
    ):
        left = analysis.rounded(length, d, base=base, dtype=dtype, what=what)
        counts.append(
            {
                "length": length,
                "spec": {"d": d, "base": base},
                "dtype": dtype,
                "what": what,
                "distinct": left.distinct,
                "shared": left.shared,
                "lost": left.lost,
            }
        )
    return {
        "values": floats(values),
        # JSON has no infinity; what rounds to it is told by a null.
        "rounded": {
            dtype: [x if np.isfinite(x) else None for x in floats(analysis.round_to(values, dtype))]
            for dtype in analysis.FLOATS
        },
        "counts": counts,
    }


def counters() -> list[dict[str, Any]]:
    """The binary counter between bits and waves, between positions too."""
    positions = [0.0, 1.0, 2.0, 7.0, 8.0, 63.0, 255.0, 0.3, 3.5, 7.25, 100.9, -2.0]
    return [
        {
            "softness": softness,
            "positions": positions,
            "values": floats(encodings.softened(positions, 9, softness=softness)),
        }
        # At a corner (3.5 here) a bit is 0, 1 or between by the last digit of pi alone.
        for softness in (1e-3, 0.2, 0.5, 1.0)
    ] + [
        {
            "softness": 0.0,
            "positions": list(range(512)),
            "values": floats(encodings.binary(512, 9)),
        }
    ]


BAD_SPECS = [
    [{"d": 7}, "d=7"],
    [{"d": 0}, "d=0"],
    [{"d": 2.5}, "d=2.5"],
    [{}, "d=undefined"],
    [{"d": 8, "base": 0}, "base=0"],
    [{"d": 8, "base": -1}, "base=-1"],
    [{"d": 8, "base": "10"}, "base=10"],
    [{"d": 8, "layout": "halfs"}, "layout=halfs"],
    [{"d": 8, "spacing": "t2t"}, "spacing=t2t"],
    [{"d": 8, "mistake": "typo"}, "mistake=typo"],
    [{"d": 8, "mistake": "off by one", "spacing": "tensor2tensor"}, "spacing=tensor2tensor"],
]


def export(widths: tuple[int, ...] = WIDTHS, bases: tuple[float, ...] = BASES) -> dict[str, Any]:
    """The whole grid, or a part of it for what has to be quick."""
    plain = [
        case(d, base, layout, spacing, None)
        for d, base, layout, spacing in itertools.product(
            widths, bases, encodings.LAYOUTS, encodings.SPACINGS
        )
    ]
    mistakes = [
        case(d, base, layout, "paper", mistake)
        for d, base, layout, mistake in itertools.product(
            [d for d in widths if d <= 64],
            [b for b in bases if 0.1 < b <= 10000],
            encodings.LAYOUTS,
            encodings.MISTAKES,
        )
    ]
    grid = {
        "tolerance": TOLERANCE,
        "names": {
            "LAYOUTS": list(encodings.LAYOUTS),
            "SPACINGS": list(encodings.SPACINGS),
            "MISTAKES": list(encodings.MISTAKES),
            "FLOATS": list(analysis.FLOATS),
            "BASE": encodings.BASE,
        },
        "cases": plain + mistakes,
        "closed": [
            closed_forms(d, base, spacing)
            for d, base, spacing in itertools.product(
                (2, 4, 8, 64, 512), (1.0001, 2.0, 10000.0, 1e12), encodings.SPACINGS
            )
        ],
        "bits": sixteen_bits(),
        "counters": counters(),
        "bad": BAD_SPECS,
    }
    json.dumps(grid, allow_nan=False)
    return grid


def advice(report: dict[str, Any], js: str, reference: str, cases: str) -> str:
    """What differs, and what to do about it: `reference` is the Python file that is held to."""
    return "\n".join(
        [
            *report["failures"],
            f"Python is the reference: make src/posenc/js/{js} give what {reference} gives.",
            "Should that be what is wrong, mend it, and its twin after it.",
            f"What is compared: {cases}",
        ]
    )


def find_node() -> str:
    """Node beside this Python (where the build puts it), or on the path."""
    own = Path(sys.executable).parent / "node"
    found = str(own) if own.exists() else shutil.which("node")
    if found is None:
        raise FileNotFoundError(
            "no Node: neither beside this Python nor on the path; `make test` installs one"
        )
    return found


def in_node(script: str, *what: Path) -> dict[str, Any]:
    """The report of one of this folder's scripts, run in Node on some files."""
    run = subprocess.run(
        [find_node(), HERE / script, *what],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if run.returncode != 0:
        raise RuntimeError(f"Node failed:\n{run.stderr}")
    report: dict[str, Any] = json.loads(run.stdout)
    return report


def node_parity(grid: dict[str, Any], folder: Path, module: Path = MODULE) -> dict[str, Any]:
    """Compares a module with the grid in Node; the folder takes the grid's file."""
    file = folder / "grid.json"
    file.write_text(json.dumps(grid, allow_nan=False), encoding="utf-8")
    return in_node("node_parity.mjs", module, file)


def page_parity(page: Any, grid: dict[str, Any], module: Path = MODULE) -> dict[str, Any]:
    """Compares a module with the grid in a page: any page that is open over http.

    The module and the checker are answered under the page's own address, so that a strict
    Content-Security-Policy lets them in.

    Args:
        page: a playwright page.
        grid: as `export` gives it.
        module: the twin's file.
    """
    files = {
        "twin.js": ("text/javascript", module.read_text(encoding="utf-8")),
        "check.mjs": ("text/javascript", (HERE / "check.mjs").read_text(encoding="utf-8")),
        "grid.json": ("application/json", json.dumps(grid, allow_nan=False)),
    }

    def answer(route: Any) -> None:
        kind, body = files[route.request.url.rpartition("/")[2]]
        route.fulfill(body=body, content_type=f"{kind}; charset=utf-8")

    page.route("**/posenc-parity/*", answer)
    try:
        report: dict[str, Any] = page.evaluate(
            """async () => {
              const twin = await import("/posenc-parity/twin.js");
              const { check } = await import("/posenc-parity/check.mjs");
              const grid = await (await fetch("/posenc-parity/grid.json")).json();
              return check(twin, grid);
            }"""
        )
    finally:
        page.unroute("**/posenc-parity/*")
    return report
