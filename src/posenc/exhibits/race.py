"""The price and the race: real training runs of every encoding, side by side."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Player, Setting, controls
from posenc.exhibits.sliders import log_slider, slider
from posenc.views.race import ENCODINGS, MAX_WIDTH, TASKS, Race, switch


def race(name: str = "race", **traits: object) -> Exhibit:
    """Accuracy through training, with its spread over seeds, and the price of concatenating.

    ``traits`` are those of ``posenc.views.race.Race`` (``task``, ``step``, ``focus``, ``shown``,
    ``d_model``); they are also the state that Reset goes back to.
    """
    view = Race(**traits)
    player = Player(rate=120, whole=False, value=view.step, min=1, max=view.step_max, label="step")
    task = W.Dropdown(options=list(TASKS), value=view.task, description="task")
    step = slider("step", view.step, 1, view.step_max)
    focus = W.Dropdown(options=list(ENCODINGS), value=view.focus, description="look at")
    width = log_slider("<i>d</i> width", view.d_model, 2, 3, 10, 1)
    switches = [
        W.ToggleButton(value=getattr(view, switch(key)), description=key) for key in ENCODINGS
    ]
    chips = controls(*switches)
    chips.add_class("chips")
    links = [
        W.jslink((view, "task_index"), (task, "index")),
        W.jslink((view, "focus_index"), (focus, "index")),
        W.jslink((view, "step_max"), (step, "max")),
        W.jslink((view, "step"), (step, "value")),
        W.jslink((view, "step_max"), (player, "max")),
        W.jslink((view, "step"), (player, "value")),
        W.jslink((view, "d_model"), (width, "value")),
        *(
            W.jslink((view, switch(key)), (button, "value"))
            for key, button in zip(ENCODINGS, switches, strict=True)
        ),
    ]
    return Exhibit(
        name,
        "The price and the race",
        "Press play and watch them learn; press a name to look at one encoding closely.",
        "**Notice** who learns and who does not, and then how far the dots of a row lie apart: each is "
        "the same training from other random numbers. The dashed line is what a model can reach that "
        "sees the words and not their order. Below, the same runs asked for longer sentences than "
        "they were trained on, and what each way of combining costs.",
        views=[view],
        controls=[controls(player, step, task, focus, width), chips],
        links=links,
        state={
            "task": Setting(view, "task", "task", "choice", options=TASKS),
            "see": Setting(view, "focus", "encoding", "choice", options=ENCODINGS),
            "of": Setting(view, "shown", "encodings shown", "text", max=200),
            "step": Setting(view, "step", "step of training", "number", 1, max(view.lasts)),
            "d": Setting(
                view,
                "d_model",
                "width d",
                "even",
                2,
                MAX_WIDTH,
                steps=[2**n for n in range(3, 11)],
                control=width,
            ),
        },
        picture=lambda: pictures.race(view),
        alt=lambda: pictures.race_alt(view),
    )
