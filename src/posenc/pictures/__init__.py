"""The printed picture of each exhibit, in matplotlib: for pages without JavaScript, for print,
for search engines, and for notebooks that are only read. Each picture has a function that draws
it from its view's traits and one that says in words what it shows."""

from posenc.pictures.base import base, base_alt
from posenc.pictures.channel import channel, channel_alt
from posenc.pictures.clocks import clocks, clocks_alt
from posenc.pictures.heatmap import heatmap, heatmap_alt
from posenc.pictures.predict import predict_choice, predict_rings, predict_scale
from posenc.pictures.waves import waves, waves_alt

__all__ = [
    "base",
    "base_alt",
    "channel",
    "channel_alt",
    "clocks",
    "clocks_alt",
    "heatmap",
    "heatmap_alt",
    "predict_choice",
    "predict_rings",
    "predict_scale",
    "waves",
    "waves_alt",
]
