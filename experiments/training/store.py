"""Where results wait: one file for each run, written whole or not at all, then one Parquet file,
which the repository keeps of the runs that the book was written from.

A run that has its file is done. A run that was killed has none, and is run again from its start;
none takes more than a minute or two.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from experiments.training.configs import Run

RESULTS = Path(__file__).resolve().parent / "results"
KEPT = Path(__file__).resolve().parent / "runs.parquet"
"""The runs that the book's numbers come from, without those that keep snapshots: they are large, few
and made in minutes."""


def path_of(run: Run, folder: Path = RESULTS) -> Path:
    return folder / f"{run.key}.json"


def done(run: Run, folder: Path = RESULTS) -> bool:
    """Has the run its result? (A file is only ever there whole.)"""
    return path_of(run, folder).exists()


def keep(run: Run, result: dict[str, Any], folder: Path = RESULTS) -> None:
    """Writes a result beside its place and moves it there in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{run.key}.{os.getpid()}.part"
    with beside.open("w", encoding="utf-8") as file:
        json.dump(result, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path_of(run, folder))


def read(run: Run, folder: Path = RESULTS) -> dict[str, Any]:
    """The result of a run.

    Raises:
        FileNotFoundError: it has not been run.
    """
    found: dict[str, Any] = json.loads(path_of(run, folder).read_text("utf-8"))
    return found


def sweep_parts(folder: Path = RESULTS) -> None:
    """Removes what runs that were killed left behind."""
    for part in folder.glob("*.part"):
        part.unlink()


def to_parquet(runs: Iterable[Run], target: Path, folder: Path = RESULTS) -> int:
    """All results that there are as one table: a row for each run, its fields, versions and time as
    columns, and the measured numbers as JSON. Runs with snapshots are left out. Returns the number of
    rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = []
    for run in runs:
        if run.snapshots or not done(run, folder):
            continue
        result = read(run, folder)
        rest = {k: v for k, v in result.items() if k not in ("run", "key", "versions")}
        rows.append(
            {
                **result["run"],
                "key": result["key"],
                "seconds": rest.pop("seconds"),
                **{f"version_{k}": v for k, v in result["versions"].items()},
                "measured": json.dumps(rest),
            }
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), target, compression="zstd", compression_level=19)
    return len(rows)


def unpack(table: Path, folder: Path = RESULTS) -> int:
    """The other way: each row's result into the folder, unless it is there. Returns how many were
    written.

    Raises:
        FileNotFoundError: there is no such table.
    """
    import pyarrow.parquet as pq

    written = 0
    for row in pq.read_table(table).to_pylist():
        run = Run(**{field.name: row[field.name] for field in fields(Run)})
        if done(run, folder):
            continue
        versions = {
            name.removeprefix("version_"): value
            for name, value in row.items()
            if name.startswith("version_")
        }
        measured = json.loads(row["measured"]) | {"seconds": row["seconds"]}
        keep(run, {"run": asdict(run), "key": run.key, "versions": versions, **measured}, folder)
        written += 1
    return written
