"""The views: anywidgets that draw. Each knows its traits and nothing of the chapter it is in."""

from posenc.views.angles import Angles
from posenc.views.base import View
from posenc.views.base_choice import BaseChoice
from posenc.views.both import Both
from posenc.views.breakhead import BreakHead
from posenc.views.capacity import Capacity
from posenc.views.channel import Channel
from posenc.views.clocks import Clocks
from posenc.views.counter import Counter
from posenc.views.cut import Cut
from posenc.views.dots import Dots
from posenc.views.found import Found
from posenc.views.growth import Growth
from posenc.views.heatmap import Heatmap
from posenc.views.layers import Layers
from posenc.views.lookback import LookBack
from posenc.views.orders import Orders
from posenc.views.predict import Choice, Question, Rings, Scale, Sketch, Verdict
from posenc.views.project import Project
from posenc.views.race import Race
from posenc.views.ruler import Ruler
from posenc.views.score import Score
from posenc.views.shuffle import Shuffle
from posenc.views.stepper import Stepper
from posenc.views.steps import Steps
from posenc.views.table import LearnedTable
from posenc.views.terms import Terms
from posenc.views.waves import Waves

__all__ = [
    "Angles",
    "BaseChoice",
    "Both",
    "BreakHead",
    "Capacity",
    "Channel",
    "Choice",
    "Clocks",
    "Counter",
    "Cut",
    "Dots",
    "Found",
    "Growth",
    "Heatmap",
    "Layers",
    "LearnedTable",
    "LookBack",
    "Orders",
    "Project",
    "Question",
    "Race",
    "Rings",
    "Ruler",
    "Scale",
    "Score",
    "Shuffle",
    "Sketch",
    "Stepper",
    "Steps",
    "Terms",
    "Verdict",
    "View",
    "Waves",
]
