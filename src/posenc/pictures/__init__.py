"""The printed picture of each exhibit, in matplotlib: for pages without JavaScript, for print,
for search engines, and for notebooks that are only read. Each picture has a function that draws
it from its view's traits and one that says in words what it shows."""

from posenc.pictures.angles import angles, angles_alt
from posenc.pictures.base import base, base_alt
from posenc.pictures.both import both, both_alt
from posenc.pictures.breakhead import breakhead, breakhead_alt
from posenc.pictures.capacity import capacity, capacity_alt
from posenc.pictures.channel import channel, channel_alt
from posenc.pictures.clocks import clocks, clocks_alt
from posenc.pictures.counter import counter, counter_alt
from posenc.pictures.dots import dots, dots_alt
from posenc.pictures.found import found, found_alt
from posenc.pictures.growth import growth, growth_alt
from posenc.pictures.heatmap import heatmap, heatmap_alt
from posenc.pictures.layers import layers, layers_alt
from posenc.pictures.lookback import lookback, lookback_alt
from posenc.pictures.predict import predict_choice, predict_rings, predict_scale, predict_sketch
from posenc.pictures.project import project, project_alt
from posenc.pictures.race import race, race_alt
from posenc.pictures.ruler import ruler, ruler_alt
from posenc.pictures.score import score, score_alt
from posenc.pictures.shuffle import shuffle, shuffle_alt
from posenc.pictures.stepper import stepper, stepper_alt
from posenc.pictures.steps import steps, steps_alt
from posenc.pictures.table import table, table_alt, table_listed, table_shown
from posenc.pictures.terms import terms, terms_alt
from posenc.pictures.waves import waves, waves_alt

__all__ = [
    "angles",
    "angles_alt",
    "base",
    "base_alt",
    "both",
    "both_alt",
    "breakhead",
    "breakhead_alt",
    "capacity",
    "capacity_alt",
    "channel",
    "channel_alt",
    "clocks",
    "clocks_alt",
    "counter",
    "counter_alt",
    "dots",
    "dots_alt",
    "found",
    "found_alt",
    "growth",
    "growth_alt",
    "heatmap",
    "heatmap_alt",
    "layers",
    "layers_alt",
    "lookback",
    "lookback_alt",
    "predict_choice",
    "predict_rings",
    "predict_scale",
    "predict_sketch",
    "project",
    "project_alt",
    "race",
    "race_alt",
    "ruler",
    "ruler_alt",
    "score",
    "score_alt",
    "shuffle",
    "shuffle_alt",
    "stepper",
    "stepper_alt",
    "steps",
    "steps_alt",
    "table",
    "table_alt",
    "table_listed",
    "table_shown",
    "terms",
    "terms_alt",
    "waves",
    "waves_alt",
]
