"""Training runs side by side, and the price of what was joined to the tokens."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import traitlets as T

from posenc import cost, data
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import checked

NAME = "training-race"
TASKS = ("reverse", "copy", "order", "majority")
ENCODINGS = (
    "none",
    "index",
    "fraction",
    "index vector",
    "fraction vector",
    "binary",
    "sinusoidal",
    "learned",
    "concat total",
    "concat token",
    "concat project",
    "rope",
    "alibi",
    "t5",
)
MAX_WIDTH = 1024


def switch(encoding: str) -> str:
    """The trait that says whether an encoding is shown."""
    return "on_" + encoding.replace(" ", "_")


def _same(part: str, known: tuple[str, ...]) -> None:
    """Raises ValueError unless the data file names the same, in the same order."""
    found = tuple(data.notes(NAME)[part])
    if found != known:
        raise ValueError(
            f"the file {NAME} holds the {part} {', '.join(found)}, and the view knows "
            f"{', '.join(known)}: {part.upper()} in views/race.py and js/race.js must be those of the "
            "file, in its order"
        )


class Race(View):
    """Runs on a ``task``, as they stand after ``step`` steps; ``focus`` is the one looked at closely.

    ``shown`` names the encodings in sight, with commas between; a switch for each (``on_rope`` ...)
    says the same. ``d_model`` is the width at which the price is told.
    """

    kind = T.Unicode("race").tag(sync=True)
    payload = T.Bytes().tag(sync=True)
    task = T.Enum(list(TASKS), "reverse").tag(sync=True)
    task_index = T.Int(0).tag(sync=True)
    focus = T.Enum(list(ENCODINGS), "sinusoidal").tag(sync=True)
    focus_index = T.Int(0).tag(sync=True)
    shown = T.Unicode(
        "none,fraction vector,sinusoidal,learned,concat total,concat token,concat project"
    ).tag(sync=True)
    step = T.CFloat(130.0).tag(sync=True)
    step_max = T.Int(1000).tag(sync=True)
    lasts = T.List(T.Int()).tag(sync=True)
    d_model = T.CInt(64).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        self.add_traits(**{switch(name): T.Bool(False).tag(sync=True) for name in ENCODINGS})
        traits.setdefault("payload", data.raw(NAME))
        super().__init__(**traits)
        _same("encodings", ENCODINGS)
        _same("tasks", TASKS)
        self.lasts = [int(steps.max()) for steps in self.runs["steps"]]
        bind_choice(self, "task")
        bind_choice(self, "focus")
        self.observe(self._fix, ["task", "step", "shown", *map(switch, ENCODINGS)])
        self._fix(None)

    def _fix(self, change: Any) -> None:
        """Keeps switches and their list, task and number of steps together, as the browser does."""
        by_switch = change is not None and change["name"].startswith("on_")
        with self.hold_trait_notifications():
            self.step_max = self.lasts[TASKS.index(self.task)]
            self.step = min(max(self.step, 1.0), float(self.step_max))
            listed = self.shown.split(",")
            for name in ENCODINGS:
                if not by_switch:
                    setattr(self, switch(name), name in listed)
            self.shown = ",".join(name for name in ENCODINGS if getattr(self, switch(name)))

    @cached_property
    def runs(self) -> dict[str, Any]:
        """The arrays of the data file: see ``experiments/training/summary.py``."""
        found: dict[str, Any] = data.load(NAME)
        return found

    @property
    def values(self) -> Floats:
        """Accuracy of every encoding and seed after ``step`` steps, shape (encoding, seed)."""
        a = TASKS.index(self.task)
        steps = self.runs["steps"][a]
        at = max(int(np.searchsorted(steps, self.step, side="right")) - 1, 0)
        values: Floats = self.runs["curve"][a, :, :, at].astype(np.float64)
        return values

    @property
    def prices(self) -> dict[str, cost.Price]:
        """What each way of combining costs at ``d_model``."""
        return {how: cost.price(how, self.d_model) for how in cost.WAYS}

    _valid_step = checked("step", low=0)
    _valid_d_model = checked("d_model", even=True, low=2, high=MAX_WIDTH)

    @T.validate("shown")
    def _valid_shown(self, proposal: Any) -> str:
        names = [name for name in str(proposal["value"]).split(",") if name]
        for name in names:
            if name not in ENCODINGS:
                raise T.TraitError(
                    f"shown names {name!r}, which is unknown; known are {', '.join(ENCODINGS)}"
                )
        return ",".join(names)
