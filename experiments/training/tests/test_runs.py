"""What needs PyTorch: the library's formulas in tensors, one run, and the sweep when it is killed.

    python -m pytest experiments/training/tests

`make test` does not run these: the book is built and tested without PyTorch.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from experiments.training import encodings, store, sweep, tasks
from experiments.training.configs import ENCODINGS, HEADS, Run
from experiments.training.model import Model, TooLong
from experiments.training.run import probe, train
from posenc import encodings as library
from posenc import relative

ROOT = Path(__file__).resolve().parents[3]
SHORT = Run("test", "copy", "sinusoidal", steps=12, d_model=16)


# -- the formulas


@pytest.mark.parametrize("encoding", ["index", "fraction", "binary", "sinusoidal"])
def test_tables_are_the_librarys(encoding):
    rows = encodings.fixed_table(encoding, 24, 16).numpy()
    np.testing.assert_allclose(rows, getattr(library, encoding)(24, 16), rtol=1e-6)


def test_a_vector_is_the_scalar_times_one_direction():
    rows = encodings.fixed_table("index vector", 9, 16).numpy()
    np.testing.assert_allclose(rows, np.arange(9)[:, None] * rows[1], rtol=1e-6)


def test_rotation_is_the_librarys():
    x = np.random.default_rng(0).standard_normal((2, 3, 20, 16))
    ours = encodings.rotate(torch.tensor(x).float(), *encodings.turns(20, 16)).numpy()
    np.testing.assert_allclose(ours, relative.rotate(x, np.arange(20)), atol=1e-5)


def test_bias_and_buckets_are_the_librarys():
    np.testing.assert_allclose(
        encodings.alibi(HEADS, 12).numpy(), relative.alibi_bias(HEADS, 12), rtol=1e-6
    )
    offset = np.arange(200)[None, :] - np.arange(200)[:, None]
    for both in (True, False):
        np.testing.assert_array_equal(
            encodings.buckets(200, bidirectional=both).numpy(),
            relative.t5_bucket(offset, bidirectional=both),
        )


# -- the model


def model(**fields) -> Model:
    torch.manual_seed(0)
    run = replace(SHORT, **fields)
    return Model(run, 16, 16, False).eval()


@pytest.mark.parametrize("encoding", ["none", "index", "fraction"])
def test_a_constant_on_every_channel_is_no_encoding_before_layer_norm(encoding):
    x = torch.from_numpy(tasks.draw("copy", np.random.default_rng(0), 4, 16)[0])
    order = torch.randperm(16)
    with torch.no_grad():
        plain, moved = (model(encoding=encoding)(part) for part in (x, x[:, order]))
    assert (plain[:, order] - moved).abs().max() < 1e-4


@pytest.mark.parametrize(
    "encoding", [e for e in ENCODINGS if e not in ("none", "index", "fraction")]
)
def test_every_other_encoding_tells_orders_apart(encoding):
    x = torch.from_numpy(tasks.draw("copy", np.random.default_rng(0), 4, 16)[0])
    made = model(encoding=encoding)
    if encoding == "t5":
        torch.nn.init.normal_(made.layers[0].attention.bias)  # it begins at zero
    order = torch.randperm(16)
    with torch.no_grad():
        assert (made(x)[:, order] - made(x[:, order])).abs().max() > 1e-3


def test_the_causal_mask_hides_what_comes_after():
    x = torch.from_numpy(tasks.draw("copy", np.random.default_rng(0), 4, 16)[0])
    other = x.clone()
    other[:, 9:] = (other[:, 9:] + 1) % 16
    made = model(encoding="rope", causal=True)
    with torch.no_grad():
        assert (made(x) - made(other))[:, :9].abs().max() < 1e-6


def test_a_learned_table_ends():
    with pytest.raises(TooLong, match="17 positions, and the table has 16 rows"):
        model(encoding="learned")(torch.zeros(1, 17, dtype=torch.long))


def test_concatenating_and_projecting_is_adding_two_projections():
    made = model(encoding="concat project")
    x = torch.arange(16)[None]
    weight, half = made.project.weight, SHORT.d_model
    rows = encodings.fixed_table("sinusoidal", 16, half)
    with torch.no_grad():
        summed = made.tokens(x) @ weight[:, :half].T + rows @ weight[:, half:].T + made.project.bias
        assert (made.embed(x) - summed).abs().max() < 1e-5


# -- one run


def test_the_same_run_gives_the_same_numbers():
    first, second = train(SHORT), train(SHORT)
    for result in (first, second):
        result.pop("seconds"), result.pop("seconds_training")
    assert json.dumps(first) == json.dumps(second)
    assert json.dumps(train(replace(SHORT, seed=1))["curve"]) != json.dumps(first["curve"])


def test_what_fails_past_the_last_row_is_said_and_not_a_number():
    result = train(replace(SHORT, encoding="learned"))
    assert isinstance(result["by_position"]["16"], list)
    assert "the table has 16 rows" in result["by_position"]["32"]["error"]


def test_a_probe_finds_a_position_that_is_there_and_none_that_is_not():
    noise = np.random.default_rng(0).standard_normal((600, 16, 8))
    assert probe(noise) < 0.02
    assert probe(noise + np.arange(16)[:, None]) > 0.9


def test_the_ceiling_of_a_bag_is_what_counting_says():
    x, y = tasks.draw("copy", np.random.default_rng(3), 4000, 16)
    hits = []
    for row, answers in zip(x, y, strict=True):
        others = np.delete(row, 9)
        best = np.bincount(others, minlength=16).argmax()
        hits.append(best == answers[9])
    assert abs(np.mean(hits) - tasks.ceiling("copy", 16)) < 0.03


# -- the sweep, killed


def wait_for(condition, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


CHILD = """
import sys
from pathlib import Path
from experiments.training import sweep
from experiments.training.tests.test_runs import some
log = Path(sys.argv[1])
sweep.perform(some(), log / "results", jobs=2)
"""


def some() -> list[Run]:
    return [replace(SHORT, seed=seed, steps=60) for seed in range(8)]


def test_a_sweep_that_is_killed_goes_on_with_what_is_left(tmp_path):
    folder = tmp_path / "results"
    command = [sys.executable, "-c", CHILD, str(tmp_path)]
    begun = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)
    wait_for(lambda: len(list(folder.glob("*.json"))) >= 2)
    os.killpg(begun.pid, signal.SIGKILL)
    begun.wait()
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.json")}
    assert 2 <= len(before) < 8
    for run in some():
        if store.done(run, folder):
            assert store.read(run, folder)["key"] == run.key, "a result is there whole"
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    after = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.json")}
    assert len(after) == 8
    assert all(after[name] == at for name, at in before.items()), "a run was run twice"
    assert not list(folder.glob("*.part"))


def test_a_cluster_that_loses_a_worker_still_finishes(tmp_path):
    from dask.distributed import LocalCluster

    with LocalCluster(
        n_workers=3, threads_per_worker=1, dashboard_address=None, processes=True
    ) as cluster:
        work = threading.Thread(
            target=sweep.perform,
            args=(some(), tmp_path),
            kwargs={"scheduler": cluster.scheduler_address},
        )
        work.start()
        wait_for(lambda: len(list(tmp_path.glob("*.json"))) >= 1)
        os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
        work.join(timeout=240)
        assert not work.is_alive()
    assert all(store.done(run, tmp_path) for run in some())


def test_results_become_one_table(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    run = replace(SHORT, steps=2)
    store.keep(run, train(run), tmp_path)
    assert store.to_parquet([run, replace(run, seed=9)], tmp_path / "t.parquet", tmp_path) == 1
    (row,) = parquet.read_table(tmp_path / "t.parquet").to_pylist()
    assert row["encoding"] == "sinusoidal" and row["seed"] == 0 and row["version_torch"]
    assert json.loads(row["measured"])["curve"]["step"]
    other = tmp_path / "other"
    assert store.unpack(tmp_path / "t.parquet", other) == 1
    assert store.read(run, other) == store.read(run, tmp_path)
    assert store.unpack(tmp_path / "t.parquet", other) == 0, "what is there stays"
