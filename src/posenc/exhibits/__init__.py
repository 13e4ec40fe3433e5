"""The exhibits: what a chapter shows. Each is a function that returns a live figure."""

from posenc.exhibits.angles import angles
from posenc.exhibits.base import base
from posenc.exhibits.both import both
from posenc.exhibits.breakhead import breakhead
from posenc.exhibits.capacity import capacity
from posenc.exhibits.channel import channel
from posenc.exhibits.clocks import clocks
from posenc.exhibits.counter import counter
from posenc.exhibits.dots import dots
from posenc.exhibits.found import found
from posenc.exhibits.frame import Exhibit
from posenc.exhibits.growth import growth
from posenc.exhibits.heatmap import heatmap
from posenc.exhibits.layers import layers
from posenc.exhibits.lookback import lookback
from posenc.exhibits.predict import (
    Predict,
    predict_choice,
    predict_rings,
    predict_scale,
    predict_sketch,
)
from posenc.exhibits.project import project
from posenc.exhibits.race import race
from posenc.exhibits.ruler import ruler
from posenc.exhibits.score import score
from posenc.exhibits.shuffle import shuffle
from posenc.exhibits.stepper import stepper
from posenc.exhibits.steps import steps
from posenc.exhibits.table import table
from posenc.exhibits.terms import terms
from posenc.exhibits.waves import waves

__all__ = [
    "Exhibit",
    "Predict",
    "angles",
    "base",
    "both",
    "breakhead",
    "capacity",
    "channel",
    "clocks",
    "counter",
    "dots",
    "found",
    "growth",
    "heatmap",
    "layers",
    "lookback",
    "predict_choice",
    "predict_rings",
    "predict_scale",
    "predict_sketch",
    "project",
    "race",
    "ruler",
    "score",
    "shuffle",
    "stepper",
    "steps",
    "table",
    "terms",
    "waves",
]
