"""Limits and lists that a view has twice: in Python, where its traits are checked, and in js/."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from parity.calls import ROOT, Call

from posenc import codebook, encodings, projection
from posenc.views import (
    angles,
    base_choice,
    both,
    breakhead,
    capacity,
    channel,
    clocks,
    counter,
    cut,
    dots,
    found,
    growth,
    heatmap,
    layers,
    lookback,
    orders,
    project,
    race,
    ruler,
    rules,
    shuffle,
    stepper,
    steps,
    table,
    terms,
)

# Module and name in js/; where Python has the same, and under what name. Several names make a list.
HELD: list[tuple[str, str, ModuleType, str]] = [
    ("angles.js", "MODELS", angles, "MODELS"),
    ("angles.js", "WAYS", angles, "WAYS"),
    ("angles.js", "MIN", angles, "MIN_WIDTH"),
    ("angles.js", "MAX", angles, "MAX_WIDTH"),
    ("angles.js", "MOST", angles, "MOST"),
    ("base.js", "MIN_LENGTH", base_choice, "MIN_LENGTH"),
    ("base.js", "MAX_LENGTH", base_choice, "MAX_LENGTH"),
    ("base.js", "EXACT", base_choice, "EXACT"),
    ("base.js", "MAX_BASE", rules, "MAX_BASE"),
    ("both.js", "WIDTHS", both, "WIDTHS"),
    ("both.js", "MAX_K", both, "MAX_K"),
    ("both.js", "NAMES", both, "NAMES"),
    ("breakhead.js", "HANDS", breakhead, "HANDS"),
    ("breakhead.js", "MAX_FIRST", breakhead, "MAX_FIRST"),
    ("breakhead.js", "MOVES", breakhead, "MOVES"),
    ("breakhead.js", "WORDS", breakhead, "WORDS"),
    ("capacity.js", "BOOKS", capacity, "MIN_BOOK MAX_BOOK"),
    ("capacity.js", "WIDTHS", capacity, "MIN_WIDTH MAX_WIDTH"),
    ("channel.js", "NONE", channel, "CORRECT"),
    ("channel.js", "ROWS", channel, "POSITIONS"),
    ("clocks.js", "WIDTHS", clocks, "WIDTHS"),
    ("codebook.js", "TRIED", codebook, "TRIED"),
    ("counter.js", "ROWS", counter, "ROWS"),
    ("cut.js", "PATHS", cut, "PATHS"),
    ("cut.js", "WEIGHTS", cut, "WEIGHTS"),
    ("cut.js", "TASKS", cut, "TASKS"),
    ("cut.js", "ENCODINGS", cut, "ENCODINGS"),
    ("cut.js", "DEEPEST", cut, "DEEPEST"),
    ("dots.js", "NAMES", dots, "NAMES"),
    ("encodings.js", "LAYOUTS", encodings, "LAYOUTS"),
    ("encodings.js", "MISTAKES", encodings, "MISTAKES"),
    ("found_data.js", "NAMES", found, "NAMES"),
    ("found_data.js", "WIDTH", found, "WIDTH"),
    ("found_data.js", "MOST", found, "MOST"),
    ("growth.js", "STORIES", growth, "STORIES"),
    ("growth.js", "BACK", growth, "BACK"),
    ("heatmap.js", "MAX_LENGTH", heatmap, "MAX_LENGTH"),
    ("layers_draw.js", "NETWORKS", layers, "NETWORKS"),
    ("layers_draw.js", "MEASURES", layers, "MEASURES"),
    ("lookback.js", "MATRICES", lookback, "MATRICES"),
    ("lookback.js", "SHOWN", lookback, "SHOWN"),
    ("lookback.js", "MAX_K", lookback, "MAX_K"),
    ("orders.js", "SHORT", orders, "SHORT"),
    ("project.js", "BLOCKS", project, "BLOCKS"),
    ("projection.js", "WIDTH", projection, "WIDTH"),
    ("projection.js", "MANY", projection, "MANY"),
    ("race.js", "ENCODINGS", race, "ENCODINGS"),
    ("race.js", "TASKS", race, "TASKS"),
    ("ruler.js", "CHOICES", ruler, "ENCODINGS"),
    ("ruler_lengths.js", "MIN", ruler, "MIN_LENGTH"),
    ("ruler_lengths.js", "MAX", ruler, "MAX_LENGTH"),
    ("shuffle_data.js", "MOST", shuffle, "MOST"),
    ("shuffle_data.js", "WIDTH", shuffle, "WIDTH"),
    ("shuffle_data.js", "SAME", shuffle, "SAME"),
    ("stepper.js", "OFFSETS", stepper, "OFFSETS"),
    ("stepper_draw.js", "LAST", stepper, "LAST"),
    ("steps.js", "CHANGES", steps, "CHANGES"),
    ("table_data.js", "NAMES", table, "NAMES"),
    ("table_data.js", "PICTURES", table, "PICTURES"),
    ("table_data.js", "REACH", table, "REACH"),
    ("table_data.js", "WIDTH", table, "WIDTH"),
    ("table_data.js", "FULL", table, "FULL"),
    ("terms.js", "MATRICES", terms, "MATRICES"),
    ("terms_data.js", "MOST", terms, "MOST"),
    ("terms_data.js", "WIDTH", terms, "WIDTH"),
]


def held(module: str, name: str, python: ModuleType, names: str) -> Call:
    """That a constant of js/ is what Python has; what fails names both files."""
    values = [getattr(python, each) for each in names.split()]
    gives = values if len(values) > 1 else values[0]
    of = f"{names} in {Path(str(python.__file__)).relative_to(ROOT)}"
    gives = list(gives) if isinstance(gives, dict) else gives
    return Call(module, name, None, gives, of=of, tolerance=0)


def calls() -> list[Call]:
    titles = {"length": stepper.STEPS}
    return [
        *(held(*each) for each in HELD),
        Call("stepper_steps.js", "TITLES", None, titles, of="STEPS in src/posenc/views/stepper.py"),
        # a name in MISTAKES without a formula is no other mistake
        Call(
            "encodings.js",
            "channelOmega",
            (0, {"d": 8, "mistake": "typo"}),
            says="mistake=typo has",
        ),
    ]


SLIPS = {
    "an offset more": ("stepper.js", "OFFSETS = [-16, 32]", "OFFSETS = [-16, 33]"),
    "two tasks in another order": ("race.js", '"order", "majority"]', '"majority", "order"]'),
    "a finer rounding": ("shuffle_data.js", "SAME = 1e-12", "SAME = 1e-13"),
    "a list in another order": ("angles.js", '["raw", "centred"]', '["centred", "raw"]'),
    "a step of the proof left out": ("stepper_steps.js", '  "split the angle",\n', ""),
}
