"""The exhibits: what a chapter shows. Each is a function that returns a live figure."""

from posenc.exhibits.base import base
from posenc.exhibits.channel import channel
from posenc.exhibits.clocks import clocks
from posenc.exhibits.frame import Exhibit
from posenc.exhibits.heatmap import heatmap
from posenc.exhibits.predict import Predict, predict_choice, predict_rings, predict_scale
from posenc.exhibits.waves import waves

__all__ = [
    "Exhibit",
    "Predict",
    "base",
    "channel",
    "clocks",
    "heatmap",
    "predict_choice",
    "predict_rings",
    "predict_scale",
    "waves",
]
