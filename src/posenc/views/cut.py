"""What a probe reads in a small model, with the path around attention whole and cut."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import traitlets as T

from posenc import data
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import checked

NAME = "training-grid"
TASKS = ("reverse", "copy")
ENCODINGS = ("sinusoidal", "learned")
PATHS = ("whole", "cut")
WEIGHTS = ("trained", "untrained")
DEEPEST = 2
"""The last layer; depth 0 is what goes into the first."""

TOLD = ("mean", "sd", "least", "most")
"""What is told of the runs."""


class Cut(View):
    """What a linear probe reads at a ``depth`` of a model of two layers: of a model that was trained to
    say a sequence backwards or the token three back (``task``), with an ``encoding``, whose ``path``
    around attention is whole or was cut before training, before or after it (``weights``)."""

    kind = T.Unicode("cut").tag(sync=True)
    depth = T.CInt(DEEPEST).tag(sync=True)
    path = T.Enum(list(PATHS), "whole").tag(sync=True)
    path_index = T.Int(0).tag(sync=True)
    weights = T.Enum(list(WEIGHTS), "trained").tag(sync=True)
    weights_index = T.Int(0).tag(sync=True)
    task = T.Enum(list(TASKS), "reverse").tag(sync=True)
    task_index = T.Int(0).tag(sync=True)
    encoding = T.Enum(list(ENCODINGS), "sinusoidal").tag(sync=True)
    encoding_index = T.Int(0).tag(sync=True)
    payload = T.Bytes().tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.payload = _payload()
        for name in ("path", "weights", "task", "encoding"):
            bind_choice(self, name)

    def read(self, path: str, weights: str) -> Floats:
        """R^2 of the places for this task and encoding, before the first layer and after each: of the
        runs from several seeds ``TOLD``, shape (3, 4)."""
        return _read(self.task, self.encoding, path, weights)

    @property
    def values(self) -> Floats:
        """The same for the path and the weights chosen."""
        return self.read(self.path, self.weights)

    def trained(self, path: str) -> dict[str, Any]:
        """How the runs with this path did at their task: accuracy, and how many passed."""
        return _trained(self.task, self.encoding, path)

    _valid_depth = checked("depth", whole=True, low=0, high=DEEPEST)


def _trained(task: str, encoding: str, path: str) -> dict[str, Any]:
    runs: dict[str, Any] = data.load(NAME)["cut" if path == "cut" else "core"]
    found: dict[str, Any] = runs[f"{task}, {encoding}"]
    return found


def _read(task: str, encoding: str, path: str, weights: str) -> Floats:
    found = data.load(NAME)
    key = f"{task}, {encoding}"
    probes = found["cut"][key]["probes"] if path == "cut" else found["probes"][key]
    # the vectors as they are: what the path carries
    return np.array([[depth[name] for name in TOLD] for depth in probes[f"{weights} raw"]])


@cache
def _payload() -> bytes:
    """What the drawing needs of the file, which holds much else."""
    models = [[[(t, e, p) for p in PATHS] for e in ENCODINGS] for t in TASKS]
    return data.pack(
        {
            "r2": [[[[_read(*m, w) for w in WEIGHTS] for m in e] for e in t] for t in models],
            "accuracy": [
                [[[_trained(*m)["accuracy"][n] for n in TOLD] for m in e] for e in t]
                for t in models
            ],
            "passed": [[[_trained(*m)["passed"] for m in e] for e in t] for t in models],
        },
        notes={"runs": _trained(TASKS[0], ENCODINGS[0], PATHS[0])["of"]},
    )
