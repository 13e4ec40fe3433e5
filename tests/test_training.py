"""The training runs as data: the plan, and results that are whole or not there. No PyTorch."""

from __future__ import annotations

import json
import sys
import types
from dataclasses import replace
from pathlib import Path

import pytest

from experiments.training import configs, store, summary, sweep
from experiments.training.configs import Run
from posenc import data


def test_no_run_is_planned_twice_and_every_study_has_some():
    runs = configs.sweep()
    assert len({run.key for run in runs}) == len(runs)
    for study in configs.STUDIES:
        assert list(configs.STUDIES[study]()), study


def test_every_encoding_meets_every_task_with_five_seeds():
    core = {(run.task, run.encoding, run.seed) for run in configs.STUDIES["core"]()}
    wanted = {(t, e, s) for t in configs.TASKS[:4] for e in configs.ENCODINGS for s in range(5)}
    assert core >= wanted, f"not planned: {sorted(wanted - core)[:5]} ..."
    text = {(run.encoding, run.seed) for run in configs.STUDIES["text"]()}
    assert {seed for _, seed in text} >= {0, 1, 2}


def test_a_run_is_called_after_the_study_that_plans_it():
    for study, planned in configs.STUDIES.items():
        assert {run.study for run in planned()} == {study}


def test_a_key_tells_all_runs_apart_and_does_not_depend_on_what_they_are_for():
    run = Run("core", "copy", "rope")
    assert run.key == replace(run, study="other").key
    for field, value in (("seed", 1), ("lr", 3e-4), ("residual", False), ("norm", "post")):
        assert replace(run, **{field: value}).key != run.key


def test_keys_stay_what_they_were(monkeypatch):
    """All results are kept under them: if this fails, what has been run would be run again."""
    changed = "a key changed, and with it all results are lost: was that meant? If so, raise RECIPE"
    assert Run("core", "copy", "rope").key == "87b01db6b55308eb", changed
    learned = Run("core", "text", "learned", 2, causal=True, length=64, shortest=64)
    assert learned.key == "0b8f36db366dd9d6", changed
    monkeypatch.setattr(configs, "RECIPE", configs.RECIPE + 1)
    assert Run("core", "copy", "rope").key != "87b01db6b55308eb", "another recipe, and the same key"


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
        (["task=copy", "encoding=none", "causal=true"], "'true' is not of type bool"),
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


def test_the_plan_is_said(counted, tmp_path, capsys):
    planned = list(configs.STUDIES["text"]())
    sweep.once(planned[0], tmp_path)
    assert sweep.main(["--plan", "--study", "text", "--results", str(tmp_path)]) == 0
    assert capsys.readouterr().out.split() == ["text", "1", "of", str(len(planned)), "done"]


def test_some_of_the_runs_make_no_summary(counted, tmp_path, capsys):
    """What is shipped was made from all runs; a summary of a few would take its place."""
    shipped = sorted(
        (path.name, path.stat().st_mtime_ns) for path in Path(data.__file__).parent.iterdir()
    )
    for run in configs.STUDIES["text"]():
        store.keep(run, {"versions": {"torch": "0"}}, tmp_path)
    assert summary.main(["--results", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "core (280)" in said and "text" not in said and "run the sweep first" in said
    assert shipped == sorted(
        (path.name, path.stat().st_mtime_ns) for path in Path(data.__file__).parent.iterdir()
    )


def test_a_study_that_no_part_of_the_summary_reads_is_told(tmp_path):
    found = summary.Found(tmp_path)
    for study in configs.STUDIES:
        if study != "cut":
            found.of(study)
    assert summary.unread(found) == "no part of the summary reads the studies cut"
