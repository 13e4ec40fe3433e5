"""The views: anywidgets that draw. Each knows its traits and nothing of the chapter it is in."""

from posenc.views.base import View
from posenc.views.base_choice import BaseChoice
from posenc.views.channel import Channel
from posenc.views.clocks import Clocks
from posenc.views.heatmap import Heatmap
from posenc.views.predict import Choice, Question, Rings, Scale, Verdict
from posenc.views.waves import Waves

__all__ = [
    "BaseChoice",
    "Channel",
    "Choice",
    "Clocks",
    "Heatmap",
    "Question",
    "Rings",
    "Scale",
    "Verdict",
    "View",
    "Waves",
]
