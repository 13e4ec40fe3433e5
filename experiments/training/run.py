"""One training run, from its configuration to its numbers.

python -m experiments.training.run task=copy encoding=rope seed=3
"""

from __future__ import annotations

import json
import platform
import sys
import time
from dataclasses import asdict
from typing import Any

import numpy as np
import torch

from experiments.training import tasks
from experiments.training.configs import TASKS, Run, from_text
from experiments.training.model import Model, TooLong, loss_of
from posenc import __version__, encodings

POINTS = 80  # of a curve
WARM_UP = 100
FINAL_RATE = 0.1  # of the learning rate, at the end of the cosine
JUDGED = 4096  # sequences of the evaluation at the end
TEXTS = 128  # and of the text
GLANCED = 256  # and of each point of a curve
PROBED = 768
CHECKPOINTS = 14
APART = (1, 2, 4, 8, 16, 32)  # places between the two tokens of ``order``
SHOWN = 10  # sequences whose attention is averaged for a snapshot


def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def rate_at(step: int, run: Run) -> float:
    """The learning rate: up in a line, then down a cosine to a tenth."""
    if step < WARM_UP:
        return run.lr * (step + 1) / WARM_UP
    share = (step - WARM_UP) / max(1, run.steps - WARM_UP)
    return run.lr * (FINAL_RATE + (1 - FINAL_RATE) * 0.5 * (1 + np.cos(np.pi * share)))


def sequences(run: Run, rng: np.random.Generator, n: int, length: int, *, held_out: bool):
    """Sequences and answers as tensors."""
    if run.task == "text":
        x, y = tasks.excerpts(rng, n, length, held_out=held_out)
    else:
        x, y = tasks.draw(run.task, rng, n, length)
    return torch.from_numpy(x).to(device()), torch.from_numpy(y).to(device())


def untrained(run: Run) -> Model:
    """The model as it is before the first step."""
    torch.manual_seed(run.seed)
    model = Model(run, tasks.vocabulary(run.task), tasks.classes(run.task), tasks.pooled(run.task))
    return model.to(device())


def train(run: Run) -> dict[str, Any]:
    """Trains and measures; the same run gives the same numbers on the same kind of machine."""
    torch.set_num_threads(1)
    begun = time.perf_counter()
    model = untrained(run)
    optimiser = torch.optim.AdamW(model.parameters(), lr=run.lr, weight_decay=0.01, fused=True)
    rng = np.random.default_rng([run.seed, tasks_seed(run)])
    glance = sequences(
        run, np.random.default_rng([7, tasks_seed(run)]), GLANCED, run.length, held_out=True
    )
    marks = np.unique(np.linspace(1, run.steps, POINTS).round().astype(int))
    kept = set(snapshot_steps(run)) if run.snapshots else set()
    snapshots: dict[str, list[Any]] = {"step": [], "table": [], "attention": []}
    curve: dict[str, list[float]] = {"step": [], "loss": [], "accuracy": []}
    if run.snapshots:
        take_snapshot(model, glance[0], 0, snapshots)
    for step in range(1, run.steps + 1):
        length = int(rng.integers(run.shortest, run.length + 1))
        x, y = sequences(run, rng, run.batch, length, held_out=False)
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step - 1, run)
        optimiser.zero_grad(set_to_none=True)
        loss = loss_of(model(x), y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if step in marks:
            with torch.no_grad():
                scores = model(glance[0])
            curve["step"].append(step)
            curve["loss"].append(round(float(loss_of(scores, glance[1])), 4))
            curve["accuracy"].append(float(np.nanmean(accuracy(scores, glance[1]))))
        if step in kept:
            take_snapshot(model, glance[0], step, snapshots)
    trained = time.perf_counter() - begun
    found = {
        "curve": curve,
        "passes": first_pass(curve),
        "by_position": evaluate(run, model),
        "parameters": sum(p.numel() for p in model.parameters()),
    }
    if run.task in ("reverse", "copy") and run.norm != "none":
        found["probes"] = {"trained": probes(run, model), "untrained": probes(run, untrained(run))}
    if run.encoding == "sinusoidal" and run.task != "text" and run.length > max(APART):
        found["bands"] = bands(run, model)
    if run.encoding in ("concat total", "concat token"):
        found["shares"] = {"trained": shares(model), "untrained": shares(untrained(run))}
    if run.snapshots:
        found["snapshots"] = snapshots
    found["seconds"] = round(time.perf_counter() - begun, 2)
    found["seconds_training"] = round(trained, 2)
    return {"run": asdict(run), "key": run.key, "versions": versions(), **found}


def tasks_seed(run: Run) -> int:
    """A number for each task, so that data do not depend on the encoding."""
    return TASKS.index(run.task)  # so a new task goes to the end of TASKS


def versions() -> dict[str, str]:
    return {
        "torch": torch.__version__,
        "numpy": np.__version__,
        "posenc": __version__,
        "python": platform.python_version(),
        "device": str(device()),
    }


def accuracy(scores: torch.Tensor, y: torch.Tensor) -> np.ndarray:
    """The share of right answers, position by position (one number for a pooled task); NaN where
    nothing is asked."""
    right = (scores.argmax(-1) == y).double()
    right[y < 0] = float("nan")
    return right.nanmean(dim=0).cpu().numpy().reshape(-1)


def first_pass(curve: dict[str, list[float]]) -> int | None:
    """The first step of the curve with an accuracy of 95 %."""
    for step, share in zip(curve["step"], curve["accuracy"], strict=True):
        if share >= 0.95:
            return int(step)
    return None


def evaluate(run: Run, model: Model) -> dict[str, Any]:
    """Accuracy (for the text, loss) by position at 1, 2 and 4 times the length (text: 8)."""
    found: dict[str, Any] = {}
    lengths = [run.length * k for k in (1, 2, 4, 8)[: 4 if run.task == "text" else 3]]
    if run.shortest != run.length:
        least, most = run.shortest, run.length
        lengths = [
            least,
            (least + most) // 2,
            most,
            5 * most // 4,
            3 * most // 2,
            2 * most,
            4 * most,
        ]
    for length in lengths:
        rng = np.random.default_rng([11, length, tasks_seed(run)])
        n = TEXTS * 512 // max(length, 128) if run.task == "text" else JUDGED
        x, y = sequences(run, rng, n, length, held_out=True)
        try:
            with torch.no_grad():
                parts = [
                    judged(run, model(x[at : at + 256]), y[at : at + 256])
                    for at in range(0, len(x), 256)
                ]
        except TooLong as error:
            found[str(length)] = {"error": str(error)}
            continue
        found[str(length)] = [round(float(a), 5) for a in np.mean(parts, axis=0)]
    return found


def judged(run: Run, scores: torch.Tensor, y: torch.Tensor) -> np.ndarray:
    """Accuracy by position; of the text the loss, in bits a character."""
    if run.task != "text":
        return accuracy(scores, y)
    loss = torch.nn.functional.cross_entropy(scores.transpose(1, 2), y, reduction="none")
    return loss.double().mean(dim=0).numpy(force=True) / np.log(2)


def probes(run: Run, model: Model) -> list[dict[str, float]]:
    """How well a linear map reads the position, before the first layer and after each.

    Ridge regression on two thirds of the sequences, its strength chosen on half of the rest and its
    R^2 taken on the other half; on the vectors as they are and after layer normalisation.
    """
    rng = np.random.default_rng([13, tasks_seed(run)])
    x, _ = sequences(run, rng, PROBED, run.length, held_out=True)
    with torch.no_grad():
        states = [s.double().cpu().numpy() for s in model.states(x)]
    found = []
    for rows in states:
        centred = rows - rows.mean(axis=-1, keepdims=True)
        normed = centred / np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + 1e-5)
        found.append({"raw": probe(rows), "normed": probe(normed)})
    return found


def probe(rows: np.ndarray) -> float:
    """R^2 of the position read from vectors of shape (sequences, length, width)."""
    n, length, width = rows.shape
    cut = [2 * n // 3, 5 * n // 6]
    t = np.tile(np.arange(length) - (length - 1) / 2, n).reshape(n, length)
    parts = [(r.reshape(-1, width), p.reshape(-1)) for r, p in zip(
        np.split(rows, cut), np.split(t, cut), strict=True)]  # fmt: skip
    (fit, told), (choose, chosen), (test, asked) = parts
    mean = fit.mean(axis=0)
    gram = (fit - mean).T @ (fit - mean)
    right = (fit - mean).T @ told
    size = np.trace(gram) / width + 1e-12
    maps = [
        np.linalg.solve(gram + s * size * np.eye(width), right) for s in 10.0 ** np.arange(-6, 3)
    ]
    best = min(maps, key=lambda w: np.square((choose - mean) @ w - chosen).mean())
    return round(float(1 - np.square((test - mean) @ best - asked).mean() / asked.var()), 5)


def bands(run: Run, model: Model) -> dict[str, Any]:
    """Accuracy at the training length with a band of the sinusoid's waves taken out, and with the
    band alone left in.

    What is taken out is set to its mean over the positions, so that the model reads numbers of a
    size that it knows. The bands: waves up to a quarter of the text, up to the whole text, and those
    that never finish in it. For ``order``, by how far apart the two tokens stand.
    """
    rng = np.random.default_rng([17, tasks_seed(run)])
    asked = {"": sequences(run, rng, 1024, run.length, held_out=True)}
    if run.task == "order":
        asked = {}
        for apart in APART:
            x, y = tasks.order_apart(rng, 1024, run.length, apart)
            asked[str(apart)] = torch.from_numpy(x).to(device()), torch.from_numpy(y).to(device())
    waves = encodings.wavelengths(run.d_model)
    part_of = {
        "fast": waves <= run.length / 4,
        "middle": (waves > run.length / 4) & (waves <= run.length),
        "slow": waves > run.length,
    }
    gone = {"nothing": np.zeros(len(waves), bool)}
    gone |= part_of | {f"all but {name}": ~part for name, part in part_of.items()}
    rows = model.positions(run.length)
    found: dict[str, Any] = {"pairs": {name: int(part.sum()) for name, part in part_of.items()}}
    for name, part in gone.items():
        channels = torch.from_numpy(np.repeat(part, 2)).to(device())
        model._rows[run.length] = torch.where(channels, rows.mean(dim=0), rows)
        with torch.no_grad():
            found[name] = {
                which: round(float(np.nanmean(accuracy(model(x), y))), 5)
                for which, (x, y) in asked.items()
            }
    model._rows[run.length] = rows
    return found


def shares(model: Model) -> dict[str, list[float]]:
    """What part of the squared weights of queries, keys and values reads the position, by head."""
    layer = model.layers[0].attention
    token = model.tokens.weight.shape[1]
    weights = layer.qkv.weight.detach().square()
    parts = weights.view(3, -1, layer.size, weights.shape[1])
    share = parts[..., token:].sum(dim=(2, 3)) / parts.sum(dim=(2, 3))
    return {
        name: [round(float(s), 4) for s in row]
        for name, row in zip(("query", "key", "value"), share, strict=True)
    }


def snapshot_steps(run: Run) -> list[int]:
    """Where tables and attention are kept: closer together at the beginning."""
    steps = np.geomspace(20, run.steps, CHECKPOINTS).round().astype(int)
    return sorted({int(s) for s in steps})


def take_snapshot(model: Model, x: torch.Tensor, step: int, into: dict[str, list[Any]]) -> None:
    """The table as it is, and the attention of each head, averaged over a few sequences."""
    keep: list[torch.Tensor] = []
    with torch.no_grad():
        model.states(x[:SHOWN], keep)
    into["step"].append(step)
    if model.run.encoding == "learned":
        into["table"].append(model.table.detach().cpu().numpy().round(5).tolist())
    maps = torch.stack(keep).mean(dim=1)  # layer, head, query, key
    into["attention"].append(maps.cpu().numpy().round(4).tolist())


def main(words: list[str]) -> int:
    try:
        run = from_text(words)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    json.dump(train(run), sys.stdout)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
