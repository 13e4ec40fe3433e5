"""Watch it learn: a table from noise to structure, in real training runs."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.sliders import of_t, slider
from posenc.views.growth import STORIES, Growth

RATE = 1.5  # checkpoints a second under Play


def growth(name: str = "growth", **traits: object) -> Exhibit:
    """A learned table, the cosines of its rows and a head's attention, through training.

    ``traits`` are those of ``posenc.views.growth.Growth`` (``story``, ``shot``, ``t``); they are
    also the state that Reset goes back to.
    """
    view = Growth(**traits)
    player = Player(rate=RATE, whole=True, value=view.shot, max=view.shot_max, label="training")
    shot = slider("checkpoint", view.shot, 0, view.shot_max)
    t = of_t(view.t, 0, view.t_max)
    story = W.Dropdown(options=list(STORIES), value=view.story, description="run")
    links = [
        W.jslink((view, "story_index"), (story, "index")),
        W.jslink((view, "shot_max"), (shot, "max")),
        W.jslink((view, "shot"), (shot, "value")),
        W.jslink((view, "shot_max"), (player, "max")),
        W.jslink((view, "shot"), (player, "value")),
        W.jslink((view, "t_max"), (t, "max")),
        W.jslink((view, "t"), (t, "value")),
    ]
    return Exhibit(
        name,
        "Watch it learn",
        "Press play, or drag the step along the curve; drag the [row]{pos} of a position.",
        "**Notice** when the picture of cosines takes shape: together with the curve, not before. A "
        "row is changed by the sentences that reach its [position]{pos} and by nothing else, so in "
        "the run with 24 rows the last eight stay what they were, noise.",
        views=[view],
        controls=[controls(player, t, shot, story)],
        links=links,
        state={
            "run": Setting(view, "story", "run", "choice", options=STORIES),
            "at": Setting(view, "shot", "checkpoint", "whole", 0, max(view.shots) - 1),
            "t": Setting(view, "t", "position t", "whole", 0, max(view.rows) - 1),
        },
        picture=lambda: pictures.growth(view),
        alt=lambda: pictures.growth_alt(view),
    )
