"""What the book keeps of the sweep: small files in ``src/posenc/data``.

    python -m experiments.training.summary

Reads the results that ``sweep`` left, and writes all but the largest to ``runs.parquet`` here, from
which ``sweep --kept`` begins. Where a run is missing,
nothing is written, and the runs are named. What is kept of several seeds is every seed, or their mean
with their standard deviation and how many there are.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from experiments import shipping
from experiments.training import configs, store, tasks
from experiments.training.configs import ENCODINGS, Run

Result = dict[str, Any]

RACE_TASKS = ("reverse", "copy", "order", "majority")
TIMES = (1, 2, 4)
LENGTH = 16


class Found:
    """The results of a folder, by study."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.missing: dict[str, Run] = {}
        self.studies: set[str] = set()
        self.versions: set[str] = set()

    def of(self, study: str, **fields: Any) -> list[Result]:
        """The results of a study whose runs have these fields, in the order of the plan."""
        found = []
        self.studies.add(study)
        for run in configs.STUDIES[study]():
            if any(getattr(run, name) != value for name, value in fields.items()):
                continue
            if store.done(run, self.folder):
                result = store.read(run, self.folder)
                self.versions.add(json.dumps(result["versions"], sort_keys=True))
                found.append(result)
            else:
                self.missing.setdefault(run.key, run)
        return found


def final(result: Result, length: int) -> float:
    """The accuracy at a length, over all places that are asked; NaN past a learned table."""
    places = result["by_position"][str(length)]
    if isinstance(places, dict):
        return float("nan")
    return float(np.nanmean(np.array(places, dtype=float)))


def spread(values: Iterable[float]) -> dict[str, float | int | None]:
    """Mean, standard deviation (of a sample), smallest, largest and number; None where there is none."""
    known = [v for v in values if v is not None and not np.isnan(v)]
    if not known:
        return {"mean": None, "sd": None, "least": None, "most": None, "n": 0}
    return {
        "mean": round(float(np.mean(known)), 5),
        "sd": round(float(np.std(known, ddof=1)), 5) if len(known) > 1 else None,
        "least": round(float(np.min(known)), 5),
        "most": round(float(np.max(known)), 5),
        "n": len(known),
    }


def passes(results: list[Result]) -> dict[str, Any]:
    """How many runs reach 95 %, and the median step at which those that do reach it."""
    steps = [r["passes"] for r in results if r["passes"] is not None]
    return {
        "passed": len(steps),
        "of": len(results),
        "median_step": float(np.median(steps)) if steps else None,
    }


def race(found: Found) -> tuple[dict[str, Any], dict[str, Any]]:
    """Curves and final numbers of every encoding on every task: arrays and notes.

    Arrays: ``steps`` (task, 80), ``curve`` (task, encoding, seed, 80), ``final`` and ``passes``
    (task, encoding, seed; -1 where a run never passes), ``place_1``, ``place_2`` and ``place_4``
    (task, encoding, position), the mean accuracy over seeds at 1, 2 and 4 times the length for
    ``notes["placed"]``, -1 where nothing is asked or there is no row, ``ceiling`` (task, 3) and
    ``parameters`` (encoding).
    """
    by = defaultdict(list)
    for result in found.of("core"):
        by[result["run"]["task"], result["run"]["encoding"]].append(result)
    seeds = len(configs.seeds("core"))
    shape = (len(RACE_TASKS), len(ENCODINGS), seeds)
    points = max(len(r["curve"]["step"]) for results in by.values() for r in results)
    curve = np.zeros((*shape, points))
    finals, passed = np.zeros(shape), np.full(shape, -1)
    steps = np.zeros((len(RACE_TASKS), points), dtype=int)
    placed = ("reverse", "copy")
    places = {k: np.full((len(placed), len(ENCODINGS), LENGTH * k), -1.0) for k in TIMES}
    for (a, task), (b, encoding) in (
        (x, y) for x in enumerate(RACE_TASKS) for y in enumerate(ENCODINGS)
    ):
        for c, result in enumerate(by[task, encoding]):
            curve[a, b, c] = result["curve"]["accuracy"]
            steps[a] = result["curve"]["step"]
            finals[a, b, c] = final(result, LENGTH)
            passed[a, b, c] = -1 if result["passes"] is None else result["passes"]
        if task in placed:
            for k in TIMES:
                each = [r["by_position"][str(LENGTH * k)] for r in by[task, encoding]]
                if isinstance(each[0], list):
                    mean = np.mean(np.array(each, dtype=float), axis=0)
                    places[k][placed.index(task), b] = np.where(np.isnan(mean), -1, mean)
    arrays = {
        "steps": steps.astype(np.int16),
        "curve": curve,
        "final": finals,
        "passes": passed.astype(np.int16),
        "ceiling": np.array(
            [[tasks.ceiling(task, LENGTH * k) for k in TIMES] for task in RACE_TASKS]
        ),
        "parameters": np.array(
            [by["reverse", encoding][0]["parameters"] for encoding in ENCODINGS], dtype=np.int32
        ),
        **{f"place_{k}": places[k] for k in TIMES},
    }
    notes = {
        "tasks": list(RACE_TASKS),
        "encodings": list(ENCODINGS),
        "placed": list(placed),
        "seeds": seeds,
        "length": LENGTH,
        "times": list(TIMES),
        "width": Run("", "copy", "none").d_model,
    }
    return arrays, notes


def grouped(results: list[Result], *fields: str) -> dict[str, list[Result]]:
    """Results by the values of some of their fields, as "value, value"."""
    by: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by[", ".join(str(result["run"][name]) for name in fields)].append(result)
    return dict(by)


def told(results: list[Result]) -> dict[str, Any]:
    """Accuracy at the training length, and how often and when 95 % is reached."""
    length = results[0]["run"]["length"]
    return {"accuracy": spread(final(r, length) for r in results), **passes(results)}


def past_training(result: Result, length: int) -> float:
    """The accuracy at a length, over the places that training never reached; NaN past a learned table."""
    places = result["by_position"][str(length)]
    if isinstance(places, dict):
        return float("nan")
    return float(np.nanmean(np.array(places[result["run"]["length"] :], dtype=float)))


def lengths_told(results: list[Result]) -> dict[str, Any]:
    """Accuracy by length, of runs that were trained on several: over all places, and over new ones."""
    return {
        **passes(results),
        "new_places": {
            length: spread(past_training(r, int(length)) for r in results)
            for length in results[0]["by_position"]
            if int(length) > results[0]["run"]["length"]
        },
        "by_length": {
            length: spread(final(r, int(length)) for r in results)
            for length in results[0]["by_position"]
        },
    }


def probed(results: list[Result]) -> dict[str, Any]:
    """R^2 of position probes before the first layer and after each, trained and untrained."""
    found: dict[str, Any] = {}
    for which in ("trained", "untrained"):
        for kind in ("raw", "normed"):
            found[f"{which} {kind}"] = [
                spread(r["probes"][which][depth][kind] for r in results)
                for depth in range(len(results[0]["probes"][which]))
            ]
    return found


def banded(results: list[Result]) -> dict[str, Any]:
    """Accuracy with bands of waves taken out, and with one band alone; see ``run.bands``."""
    bands = [r["bands"] for r in results]
    return {
        "pairs": bands[0]["pairs"],
        **{
            gone: {which: spread(b[gone][which] for b in bands) for which in bands[0][gone]}
            for gone in bands[0]
            if gone != "pairs"
        },
        **told(results),
    }


def grid(found: Found) -> dict[str, Any]:
    """Everything that is a number with a spread; see the keys."""
    core = [r for task in ("reverse", "copy") for r in found.of("core", task=task)]
    whole = found.of("core", encoding="concat total") + found.of("core", encoding="concat token")
    cut = found.of("cut")
    made: dict[str, Any] = {
        "core": {k: told(v) for k, v in grouped(found.of("core"), "task", "encoding").items()},
        "probes": {k: probed(v) for k, v in grouped(core, "task", "encoding").items()},
        "bands": {k: banded(v) for k, v in grouped(found.of("waves"), "task").items()},
        "shares": {
            k: {
                which: {
                    part: spread(s for r in v for s in r["shares"][which][part])
                    for part in ("query", "key", "value")
                }
                for which in ("trained", "untrained")
            }
            for k, v in grouped(whole, "task", "encoding").items()
        },
        "ceilings": {
            task: {str(LENGTH * k): round(tasks.ceiling(task, LENGTH * k), 4) for k in TIMES}
            for task in RACE_TASKS
        }
        | {"copy, causal": {str(LENGTH): round(tasks.ceiling("copy", LENGTH, causal=True), 4)}},
    }
    for study, fields, how in (
        ("width", ("d_model", "encoding"), told),
        ("causal", ("encoding",), told),
        ("norm", ("norm", "encoding"), told),
        ("scale", ("encoding", "token_scale", "position_scale"), told),
        ("scale longer", ("encoding", "token_scale", "position_scale"), told),
        ("lengths", ("task", "encoding"), lengths_told),
        ("rate", ("task", "encoding", "lr"), told),
        ("longer", ("task", "encoding"), told),
        ("longest", ("task", "encoding"), told),
    ):
        made[study] = {k: how(v) for k, v in grouped(found.of(study), *fields).items()}
    made["width parameters"] = {
        k: v[0]["parameters"] for k, v in grouped(found.of("width"), "d_model", "encoding").items()
    }
    made["cut"] = {
        k: {**told(v), "probes": probed(v)} for k, v in grouped(cut, "task", "encoding").items()
    }
    return made


def language(found: Found) -> dict[str, Any]:
    """Bits a character by position, at 1, 2, 4 and 8 times the length of training."""
    by = grouped(found.of("text"), "encoding")
    blocks: dict[str, Any] = {}
    for encoding, results in by.items():
        blocks[encoding] = {}
        for length, places in results[0]["by_position"].items():
            if isinstance(places, dict):
                blocks[encoding][length] = places
                continue
            each = np.array([r["by_position"][length] for r in results])
            starts = range(0, int(length), 16)
            blocks[encoding][length] = {
                "mean": round(float(each.mean()), 4),
                "sd": round(float(each.mean(axis=1).std(ddof=1)), 4) if len(each) > 1 else None,
                "from": list(starts),
                "blocks": [round(float(each[:, s : s + 16].mean()), 4) for s in starts],
            }
        blocks[encoding]["seeds"] = len(results)
    return {"length": 64, "block": 16, "encodings": blocks, "text": LEGEND}


LEGEND = (
    "King James Version, as Debian's packages bible-kjv and bible-kjv-text give it. Legend of the "
    "text: This file is provided for unrestricted use provided that this legend is included on all "
    "tape media and as a part of the software program in whole or part. Users may copy, modify or "
    "distribute this file at will. Chip Chapin, September 4, 1989."
)


STORIES = {
    "reverse": {"task": "reverse", "position_scale": 1 / 8},
    "copy, 24 rows": {"task": "copy", "position_scale": 1 / 8, "rows": 24},
    "text": {"task": "text"},
}
FEW = 7  # checkpoints of a story with long sequences, whose tables and maps are large


def growth(found: Found) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """Tables and attention through training, of the featured runs that have a learned table.

    Arrays, for story n: ``steps_n`` (checkpoint), ``table_n`` (checkpoint, row, channel) as a share
    of ``scale_n`` (checkpoint), ``map_n`` (checkpoint, query, key) of the head that ends with its
    attention most on one place, averaged over ten sequences, ``curve_n`` and ``curve_steps_n`` (80).
    """
    arrays: dict[str, Any] = {}
    how: dict[str, str] = {}
    stories = []
    for n, (name, fields) in enumerate(STORIES.items()):
        (result,) = found.of("featured", encoding="learned", **fields)
        shots, run = result["snapshots"], result["run"]
        many = len(shots["step"])
        kept = (
            range(many) if run["length"] < 32 else np.linspace(0, many - 1, FEW).round().astype(int)
        )
        tables = np.array(shots["table"])[list(kept)]
        attention = np.array(shots["attention"])[list(kept)]  # checkpoint, layer, head, query, key
        sharp = attention[-1].max(axis=-1).mean(axis=-1)
        layer, head = np.unravel_index(int(sharp.argmax()), sharp.shape)
        scale = np.abs(tables).max(axis=(1, 2))
        arrays |= {
            f"steps_{n}": np.array(shots["step"], dtype=np.int16)[list(kept)],
            f"table_{n}": tables / scale[:, None, None],
            f"scale_{n}": scale,
            f"map_{n}": attention[:, layer, head],
            f"curve_{n}": np.array(result["curve"]["accuracy"]),
            f"curve_steps_{n}": np.array(result["curve"]["step"], dtype=np.int16),
        }
        how |= {f"{kind}_{n}": "int8" for kind in ("table", "map")} | {f"curve_{n}": "int16"}
        stories.append(
            {
                "name": name,
                **{k: run[k] for k in ("task", "seed", "shortest", "length", "position_scale")},
                "layer": int(layer) + 1,
                "head": int(head) + 1,
                "passes": result["passes"],
            }
        )
    return arrays, {"stories": stories}, how


def missing(found: Found) -> str:
    """Which planned runs have no result, in words; empty where all have theirs.

    A summary of some of the runs would take the place of one of all of them, so it is not made.
    """
    for study in configs.STUDIES:
        found.of(study)
    found.studies.clear()
    if not found.missing:
        return ""
    by_study = Counter(run.study for run in found.missing.values())
    told = ", ".join(f"{study} ({many})" for study, many in by_study.items())
    return (
        f"{len(found.missing)} runs have no result in {found.folder}: {told}; run the sweep first"
    )


def unread(found: Found) -> str:
    """Which studies no part of the summary has asked for, in words; empty where there are none."""
    left = ", ".join(sorted(set(configs.STUDIES) - found.studies))
    return left and f"no part of the summary reads the studies {left}"


def origin(found: Found, table: Path) -> dict[str, Any]:
    """What every file says of where it comes from."""
    # without the build's own label, as requirements.txt names it: "2.13.0+cpu" is 2.13.0
    versions = sorted({json.loads(told)["torch"].partition("+")[0] for told in found.versions})
    return {
        "origin": "the training runs of this book",
        "licence": "MIT",
        "source": {
            "package": "torch",
            "version": ", ".join(versions),
            "file": table.name,
            "sha256": hashlib.sha256(table.read_bytes()).hexdigest(),
        },
        "command": "python -m experiments.training.summary",
    }


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Ship what the book keeps of the sweep.")
    parser.add_argument("--results", type=Path, default=store.RESULTS)
    found = Found(parser.parse_args(words).results)
    if said := missing(found):
        print(said, file=sys.stderr)
        return 1
    (race_arrays, race_notes), table_of_numbers = race(found), grid(found)
    texts, (growth_arrays, growth_notes, growth_store) = language(found), growth(found)
    if said := unread(found):
        print(said, file=sys.stderr)
        return 1
    rows = store.to_parquet(configs.sweep(), store.KEPT, found.folder)
    about = origin(found, store.KEPT)
    shipping.ship_tensors(
        "training-race",
        race_arrays,
        store={"curve": "int8", **{f"place_{k}": "int8" for k in TIMES}},
        notes=race_notes,
        what="Accuracy of small transformers with every encoding of the book on four tasks: through "
        "training, at its end, and by position at one, two and four times the training length.",
        **about,
    )
    shipping.ship_json(
        "training-grid",
        table_of_numbers,
        what="What changes the outcome of the training runs: width, scales, norm placement, the "
        "residual path, lengths, steps, learning rates; probes, bands of waves and shares of weights, "
        "with their spread.",
        **about,
    )
    shipping.ship_json(
        "training-text",
        texts,
        what="Bits a character of small language models by position, up to eight times the length "
        "of training.",
        **about,
    )
    shipping.ship_tensors(
        "training-growth",
        growth_arrays,
        store=growth_store,
        notes=growth_notes,
        what="Learned position tables and the attention of one head through training.",
        **about,
    )
    print(f"{rows} runs read")
    if len(found.versions) > 1:
        print("made with different versions:", *sorted(found.versions), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
