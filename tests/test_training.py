"""The training runs as data: the plan, and results that are whole or not there. No PyTorch."""

from __future__ import annotations

import json
import sys
import types
from dataclasses import replace

import pytest

from experiments.training import configs, store, sweep
from experiments.training.configs import Run


def test_no_run_is_planned_twice_and_every_study_has_some():
    runs = configs.sweep()
    assert len({run.key for run in runs}) == len(runs)
    for study in configs.STUDIES:
        assert list(configs.STUDIES[study]()), study


def test_every_encoding_meets_every_task_with_five_seeds():
    core = {(run.task, run.encoding, run.seed) for run in configs.STUDIES["core"]()}
    wanted = {(t, e, s) for t in configs.TASKS[:4] for e in configs.ENCODINGS for s in range(5)}
    assert core == wanted
    text = {(run.encoding, run.seed) for run in configs.STUDIES["text"]()}
    assert {seed for _, seed in text} == {0, 1, 2}


def test_a_key_tells_all_runs_apart_and_does_not_depend_on_what_they_are_for():
    run = Run("core", "copy", "rope")
    assert run.key == replace(run, study="other").key
    for field, value in (("seed", 1), ("lr", 3e-4), ("residual", False), ("norm", "post")):
        assert replace(run, **{field: value}).key != run.key


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"task": "sort"}, "task='sort' is unknown; it must be one of reverse"),
        ({"encoding": "sine"}, "encoding='sine' is unknown"),
        ({"norm": "batch"}, "norm='batch' is unknown"),
        ({"shortest": 17}, "shortest=17 must be from 1 to length=16"),
        ({"d_model": 20}, "d_model=20 must be a multiple of 8"),
    ],
)
def test_a_run_that_cannot_be_is_refused(fields, words):
    with pytest.raises(ValueError, match=words):
        Run(**{"study": "test", "task": "copy", "encoding": "none", **fields})


def test_a_run_from_words():
    run = configs.from_text(["task=copy", "encoding=index vector", "lr=0.01", "residual=False"])
    assert (run.encoding, run.lr, run.residual, run.study) == (
        "index vector",
        0.01,
        False,
        "by hand",
    )
    for words, said in (
        (["task=copy"], "encoding=... is missing"),
        (["task=copy", "encoding=none", "lr"], "'lr' is not NAME=VALUE"),
        (["task=copy", "encoding=none", "depth=3"], "'depth=3' is not NAME=VALUE"),
        (["task=copy", "encoding=none", "steps=many"], "'many' is not of type int"),
    ):
        with pytest.raises(ValueError, match=said):
            configs.from_text(words)


@pytest.fixture
def counted(monkeypatch):
    """Training that only counts how often it is asked for."""
    asked: list[str] = []
    fake = types.ModuleType("experiments.training.run")
    fake.train = lambda run: asked.append(run.key) or {"key": run.key}
    monkeypatch.setitem(sys.modules, "experiments.training.run", fake)
    return asked


def test_what_has_its_result_is_not_run_again(counted, tmp_path):
    run = Run("test", "copy", "none")
    assert not store.done(run, tmp_path)
    for _ in range(3):
        assert sweep.once(run, tmp_path) == run.key
    assert counted == [run.key]
    assert store.read(run, tmp_path) == {"key": run.key}


def test_half_a_result_is_no_result(counted, tmp_path):
    run = Run("test", "copy", "none")
    (tmp_path / f"{run.key}.123.part").write_text('{"key": ')
    assert not store.done(run, tmp_path)
    store.sweep_parts(tmp_path)
    assert not list(tmp_path.iterdir())
    sweep.once(run, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"{run.key}.json"]
    assert json.loads((tmp_path / f"{run.key}.json").read_text()) == {"key": run.key}


def test_the_plan_is_said(tmp_path, capsys):
    assert sweep.main(["--plan", "--study", "text", "--results", str(tmp_path)]) == 0
    assert "text" in capsys.readouterr().out
