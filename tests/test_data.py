"""The shipped evidence: whole, small, with its origin, and saying what the book says of it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from posenc import data
from posenc.data import tensors

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "posenc" / "data"
MOST_IN_ALL, MOST_IN_ONE = 2_000_000, 150_000  # bytes


def test_every_file_is_in_the_catalogue_and_every_entry_has_its_file():
    files = {path.name for path in FOLDER.iterdir() if path.is_file()}
    listed = {entry.file for entry in data.catalog().values()}
    assert {file for file in files if not file.endswith(".py")} - {"catalog.json"} == listed


def test_the_files_are_small():
    sizes = {path.name: path.stat().st_size for path in FOLDER.iterdir() if path.is_file()}
    assert sum(sizes.values()) < MOST_IN_ALL
    assert max(sizes.values()) < MOST_IN_ONE, sizes


def test_what_is_kept_of_the_training_runs_was_made_from_the_runs_that_are_kept():
    kept = hashlib.sha256((ROOT / "experiments/training/runs.parquet").read_bytes()).hexdigest()
    entries = [v for k, v in data.catalog().items() if k.startswith("training-")]
    assert len(entries) == 4
    assert {entry.source["sha256"] for entry in entries} == {kept}


@pytest.mark.parametrize("name", sorted(data.catalog()))
def test_each_entry_says_where_its_numbers_come_from(name):
    entry = data.catalog()[name]
    assert entry.sha256 == hashlib.sha256((FOLDER / entry.file).read_bytes()).hexdigest()
    assert entry.what.endswith(".")
    assert entry.origin and entry.licence
    # a second source has keys of its own beside these
    assert set(entry.source) >= {"package", "version", "file", "sha256"}
    for key, value in entry.source.items():
        assert not key.endswith("sha256") or re.fullmatch(r"[0-9a-f]{64}", value)
    module = re.fullmatch(r"python -m (experiments[.\w]+)", entry.command)
    assert module, entry.command
    assert (ROOT / (module[1].replace(".", "/") + ".py")).exists()
    folder = ROOT / "experiments" / module[1].split(".")[1]
    wanted = (folder / "requirements.txt").read_text("utf-8")
    assert f"{entry.source['package']}=={entry.source['version']}" in wanted
    content = (FOLDER / entry.file).read_bytes()
    assert data.raw(name) == content
    if entry.file.endswith(".json"):
        assert data.load(name) == json.loads(content)
    else:
        assert data.load(name).keys() == tensors.unpack(content).keys()


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """The package's data in another folder, to be damaged."""
    copy = tmp_path / "data"
    shutil.copytree(FOLDER, copy)
    monkeypatch.setattr(data, "_HERE", copy)
    for kept in (data.load, data.raw, data.notes):
        kept.cache_clear()
    yield copy
    for kept in (data.load, data.raw, data.notes):
        kept.cache_clear()


def test_a_damaged_file_is_named(elsewhere):
    name, entry = next(iter(data.catalog().items()))
    (elsewhere / entry.file).write_bytes(b"{}")
    with pytest.raises(
        data.DataError, match=rf"{re.escape(entry.file)} is damaged.*{entry.command}"
    ):
        data.load(name)


def test_a_missing_file_is_named(elsewhere):
    name, entry = next(iter(data.catalog().items()))
    (elsewhere / entry.file).unlink()
    with pytest.raises(data.DataError, match=rf"{re.escape(entry.file)} is missing"):
        data.load(name)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"x": {"file": "x"}}', b'{"x": 1}'])
def test_a_damaged_catalogue_is_named(elsewhere, content):
    (elsewhere / "catalog.json").write_bytes(content)
    with pytest.raises(data.DataError, match=r"catalog\.json is damaged"):
        data.catalog()


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(
        ValueError, match=r'name=\'nothing\' is unknown; it must be one of .*"minilm-shuffle"'
    ):
        data.load("nothing")


def test_what_is_said_of_the_shuffled_sentences():
    found = data.load("minilm-shuffle")
    for row in found["sentences"]:
        assert len(row["on"]["cosine"]) == len(row["off"]["cosine"]) == found["shuffles"]
        assert row["words"] == len(row["sentence"].split())
        # without positions the vector of the shuffled words is the same to rounding ...
        assert max(row["off"]["difference"]) < 1e-12 * max(1, row["off"]["largest"])
        # ... and with them it never is
        assert min(row["on"]["difference"]) > 0.01
    every = np.concatenate([row["on"]["cosine"] for row in found["sentences"]])
    assert every.max() < 0.999
    # yet order is a small part of it: shuffled words stay closer than other sentences are
    assert every.min() > found["different_sentences"]["mean_cosine"]
