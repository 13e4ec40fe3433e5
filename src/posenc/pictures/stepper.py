"""The printed picture of "The matrix stands still": clock, waves, and the equation in numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from posenc import encodings, palette, text
from posenc.views.stepper import LAST

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from posenc.views.stepper import Stepper

SIZE = (8.76, 3.4)  # inches
DASHES = (0, (6, 3))


def stepper(view: Stepper, theme: str = "light") -> Figure:
    """The two hands with the triangle between them, the two waves, and the solved matrix."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=SIZE)
        clock = figure.add_axes((0.0, 0.02, 0.36, 0.94))
        clock.set(xlim=(-1.35, 1.35), ylim=(-1.35, 1.35), aspect="equal")
        clock.axis("off")
        _clock(clock, view, c)
        waves = figure.add_axes((0.43, 0.5, 0.48, 0.4))
        _waves(waves, view, c)
        equation = figure.add_axes((0.4, 0.0, 0.6, 0.34))
        equation.set(xlim=(0, 10), ylim=(0, 3))
        equation.axis("off")
        _equation(equation, view, c)
    return figure


def _clock(axes: Axes, view: Stepper, c: dict[str, str]) -> None:
    (sine, cosine), (sine_k, cosine_k) = view.at(view.t), view.at(view.t + view.k)
    turn = view.at(view.k)[1]
    foot = (cosine * turn, sine * turn)
    rim = np.linspace(0, 2 * math.pi, 181)
    axes.plot(np.cos(rim), np.sin(rim), color=c["edge"], lw=0.9)
    axes.fill([0, foot[0], cosine_k], [0, foot[1], sine_k], color=c["off-wash"], lw=0)
    start = foot if turn > 0 else (0.0, 0.0)  # the cosine lies on the rest of the hand
    axes.plot([start[0], cosine], [start[1], sine], color=c["pos"], lw=2)
    axes.plot([0, cosine_k], [0, sine_k], color=c["off"], lw=2, ls=DASHES)
    axes.plot([0, foot[0]], [0, foot[1]], color=c["cos"], lw=2.4, ls=(0, (3, 2)))
    axes.plot([foot[0], cosine_k], [foot[1], sine_k], color=c["sin"], lw=2.4)
    axes.plot(cosine, sine, "o", color=c["pos"], ms=8)
    axes.plot(cosine_k, sine_k, "D", color=c["off"], ms=8)
    for (x, y), words, colour in (
        ((cosine, sine), "$t$", "pos"),
        ((cosine_k, sine_k), "$t + k$", "off"),
    ):
        axes.text(1.2 * x, 1.2 * y, words, color=c[colour], ha="center", va="center", size=10)


def _waves(axes: Axes, view: Stepper, c: dict[str, str]) -> None:
    t = np.linspace(0, LAST, 600)
    table = encodings.sinusoidal(t, view.d_model, base=view.base)
    axes.plot(t, table[:, 2 * view.pair], color=c["sin"], lw=1.5)
    axes.plot(t, table[:, 2 * view.pair + 1], color=c["cos"], lw=1.5, ls=(0, (4, 2)))
    axes.axvline(view.t, color=c["pos"], lw=1.6)
    axes.axvline(view.t + view.k, color=c["off"], lw=1.6, ls=DASHES)
    axes.set(xlim=(0, LAST), ylim=(-1.1, 1.1), xlabel="position", yticks=[-1, 0, 1])
    for n, (word, name) in enumerate((("sin", r"$\sin\,\omega t$"), ("cos", r"$\cos\,\omega t$"))):
        y = table[-1, 2 * view.pair + n]
        axes.text(LAST + 1, y, name, color=c[word], va="center", size=9)
    words = f"$t$ = {text.number(view.t)}, $k$ = {text.number(view.k)}, pair $i$ = {view.pair}"
    axes.set_title(words, loc="left", size=9, color=c["ink-2"])


def _equation(axes: Axes, view: Stepper, c: dict[str, str]) -> None:
    """[sine, cosine] at t + k, the matrix, [sine, cosine] at t, in square brackets."""

    def box(left: float, width: float, rows: list[list[float]], words: str, colour: str) -> None:
        for x, way in ((left, 0.15), (left + width, -0.15)):
            axes.plot([x + way, x, x, x + way], [2.9, 2.9, 0.9, 0.9], color=c["ink"], lw=1.2)
        for r, row in enumerate(rows):
            for n, value in enumerate(row):
                of = "sin" if (r + n) % 2 == (len(row) == 2) else "cos"
                right = left + width * (n + 1) / len(row) - 0.25
                y = 2.25 - 0.95 * r
                axes.text(right, y, text.fixed(value, 3), ha="right", color=c[of], size=11)
        axes.text(left + width / 2, 0.25, words, ha="center", size=9, color=c[colour])

    box(0.4, 1.7, [[v] for v in view.at(view.t + view.k)], "at $t + k$", "off")
    axes.text(2.5, 1.8, "=", ha="center", size=11, color=c["ink-2"])
    box(2.9, 3.6, view.matrix().tolist(), "only $k$ inside", "off")
    box(6.8, 1.7, [[v] for v in view.at(view.t)], "at $t$", "pos")


def stepper_alt(view: Stepper) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    (sine, cosine), (sine_k, cosine_k) = view.at(view.t), view.at(view.t + view.k)
    p, q, r, s = (text.fixed(v, 3) for v in view.matrix().ravel())
    wave = encodings.wavelengths(view.d_model, base=view.base)[view.pair]
    turn = math.degrees(2 * math.pi * view.k / wave)
    return (
        f"A clock for pair {view.pair}, once round in {text.number(wave)} positions, with two "
        f"hands: a round one at t = {text.number(view.t)}, where the sine is "
        f"{text.fixed(sine, 3)} and the cosine {text.fixed(cosine, 3)}, and a diamond one at "
        f"t + k for k = {text.number(view.k)}, where they are {text.fixed(sine_k, 3)} and "
        f"{text.fixed(cosine_k, 3)}. Between them lies an angle of {text.fixed(turn, 1)} degrees. "
        f"Beside it the two waves of the pair, marked at both positions. Below, the matrix that "
        f"takes the one pair of numbers to the other, solved from the encodings: {p}, {q}; "
        f"{r}, {s}. It is the same wherever t stands."
    )
