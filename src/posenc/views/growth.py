"""A learned position table through a real training run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import traitlets as T

from posenc import data
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import checked

NAME = "training-growth"
STORIES = ("reverse", "copy, 24 rows", "text")
BACK = 3


@dataclass(frozen=True)
class Shot:
    """One checkpoint: ``step``, ``table`` (rows, channels) and ``map`` (query, key)."""

    step: int
    table: Floats
    map: Floats

    @property
    def cosines(self) -> Floats:
        """The cosine of every two rows, shape (rows, rows)."""
        unit = self.table / np.linalg.norm(self.table, axis=1, keepdims=True)
        cosines: Floats = unit @ unit.T
        return cosines


def _sizes(axis: int) -> list[int]:
    """How many checkpoints (axis 0) or rows (axis 1) the tables of each story have."""
    return [data.load(NAME)[f"table_{n}"].shape[axis] for n in range(len(STORIES))]


class Growth(View):
    """The ``shot``-th checkpoint of a ``story``; position ``t`` is marked."""

    kind = T.Unicode("growth").tag(sync=True)
    payload = T.Bytes().tag(sync=True)
    story = T.Enum(list(STORIES), "reverse").tag(sync=True)
    story_index = T.Int(0).tag(sync=True)
    shot = T.CInt(5).tag(sync=True)
    t = T.CInt(5).tag(sync=True)
    shot_max = T.Int(1).tag(sync=True)  # follow from the story, for the sliders
    t_max = T.Int(15).tag(sync=True)
    shots = T.List(T.Int()).tag(sync=True)
    rows = T.List(T.Int()).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        traits.setdefault("payload", data.raw(NAME))
        super().__init__(**traits)
        self.shots, self.rows = _sizes(0), _sizes(1)
        bind_choice(self, "story")
        self.observe(self._fix, ["story", "shot", "t"])
        self._fix(None)

    def _fix(self, change: object) -> None:
        """Keeps checkpoint and position in the story, as the browser does."""
        n = STORIES.index(self.story)
        with self.hold_trait_notifications():
            self.shot_max = self.shots[n] - 1
            self.t_max = self.rows[n] - 1
            self.shot = min(self.shot, self.shot_max)
            self.t = min(self.t, self.t_max)

    @property
    def about(self) -> dict[str, Any]:
        """The run: task, lengths, the head whose attention is shown, the step at which it passes."""
        about: dict[str, Any] = data.notes(NAME)["stories"][STORIES.index(self.story)]
        return about

    def at(self, shot: int) -> Shot:
        """A checkpoint of the story."""
        n = STORIES.index(self.story)
        found = data.load(NAME)
        scale = float(found[f"scale_{n}"][shot])
        return Shot(
            int(found[f"steps_{n}"][shot]),
            found[f"table_{n}"][shot].astype(np.float64) * scale,
            found[f"map_{n}"][shot].astype(np.float64),
        )

    @property
    def values(self) -> Floats:
        """The table at the checkpoint, shape (rows, channels)."""
        return self.at(self.shot).table

    @property
    def curve(self) -> tuple[Floats, Floats]:
        """Steps and accuracy of the run, shape (80,) each."""
        n = STORIES.index(self.story)
        found = data.load(NAME)
        return found[f"curve_steps_{n}"].astype(float), found[f"curve_{n}"].astype(float)

    @property
    def target(self) -> float | None:
        """The share of the head's attention on the place that the task asks for; None for text."""
        looked = self.at(self.shot).map
        last = len(looked) - 1
        if self.about["task"] == "reverse":
            return float(np.mean([looked[t, last - t] for t in range(last + 1)]))
        if self.about["task"] == "copy":
            return float(np.mean([looked[t, t - BACK] for t in range(BACK, last + 1)]))
        return None

    def moved(self, low: int, high: int) -> float:
        """How far rows low .. high - 1 have come since the first checkpoint, as a share of what they
        were."""
        before, now = self.at(0).table[low:high], self.values[low:high]
        return float(np.linalg.norm(now - before) / np.linalg.norm(before))

    _valid_shot = checked("shot", whole=True, low=0, high=lambda: max(_sizes(0)) - 1)
    _valid_t = checked("t", whole=True, low=0, high=lambda: max(_sizes(1)) - 1)
