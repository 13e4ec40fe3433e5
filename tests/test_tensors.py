"""Arrays as bytes: what goes in comes out, and any safetensors library reads it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from safetensors import numpy as published

from posenc.data import tensors

FINITE = st.floats(-1e6, 1e6, width=32)
SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, max_side=6)


@given(arrays.arrays(np.float32, SHAPES, elements=FINITE))
def test_floats_come_back(table):
    found = tensors.unpack(tensors.pack({"table": table}))["table"]
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, table)


@given(arrays.arrays(np.float64, SHAPES, elements=FINITE), st.sampled_from(["int8", "int16"]))
def test_steps_are_off_by_half_a_step_at_most(table, kind):
    most = {"int8": 127, "int16": 32767}[kind]
    found = tensors.unpack(tensors.pack({"table": table}, store={"table": kind}))["table"]
    largest = np.abs(table).max(initial=0)
    assert np.abs(found - table).max(initial=0) <= 0.5001 * largest / most + 1e-6 * largest


@pytest.mark.parametrize("kind", ["int8", "uint8", "int16", "uint16", "int32"])
def test_whole_numbers_stay_as_they_are(kind):
    limits = np.iinfo(kind)
    given_ = np.array([limits.min, 0, limits.max], dtype=kind)
    found = tensors.unpack(tensors.pack({"n": given_, "other": [1.5]}))["n"]
    assert found.dtype == given_.dtype
    np.testing.assert_array_equal(found, given_)


def test_the_published_library_reads_what_is_written():
    table = np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32)
    steps = np.arange(-3, 4, dtype=np.int16)
    content = tensors.pack({"steps": steps, "table": table}, notes={"what": "a test"})
    found = published.load(content)
    np.testing.assert_array_equal(found["table"], table)
    np.testing.assert_array_equal(found["steps"], steps)


def test_what_the_published_library_writes_is_read():
    table = np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32)
    found = tensors.unpack(published.save({"table": table}))
    np.testing.assert_array_equal(found["table"], table)
    assert tensors.notes(published.save({"table": table})) is None


def test_notes_are_kept():
    content = tensors.pack({"a": [1.0]}, notes={"words": ["naïve", "語"]})
    assert tensors.notes(content) == {"words": ["naïve", "語"]}


@pytest.mark.parametrize(
    ("arrays", "kwargs", "error", "words"),
    [
        ({"a": [np.nan]}, {}, ValueError, "a holds NaN or infinity"),
        ({"a": ["x"]}, {}, TypeError, "a is of type"),
        ({"a": [2**40]}, {}, ValueError, "a has whole numbers beyond 32 bits"),
        ({"a": [1.0]}, {"store": {"b": "int8"}}, ValueError, "store='b' is unknown"),
        ({"a": [1.0]}, {"store": {"a": "int4"}}, ValueError, "must be one of .*int8"),
    ],
)
def test_what_cannot_be_packed_is_refused(arrays, kwargs, error, words):
    with pytest.raises(error, match=words):
        tensors.pack(arrays, **kwargs)


def test_damaged_bytes_are_refused():
    content = tensors.pack({"a": np.ones(5)})
    for damaged, words in (
        (b"", "ends too soon"),
        (content[:20], "ends too soon"),
        (content[:8] + b"[" + content[9:], "not in the safetensors format"),
        (content[:-1], "the array a cannot be read"),
        (content.replace(b"F32", b"F99"), "the array a cannot be read"),
    ):
        with pytest.raises(tensors.PackingError, match=words):
            tensors.unpack(damaged)
