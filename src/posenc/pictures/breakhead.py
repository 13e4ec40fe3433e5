"""The printed picture of "Break a head": who looks at whom, and the word before without each hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posenc import palette, realhead, text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from posenc.views.breakhead import BreakHead


def without(view: BreakHead) -> list[tuple[str, float]]:
    """The mean attention on the word before: as it stands, and with the fastest hands off in turn."""
    found = [("as it stands", view.previous)]
    n = len(view.on)
    for off in range(n + 1):
        on = [k >= off for k in range(n)]
        label = "all on" if off == 0 else "all off" if off == n else f"fastest {off} off"
        found.append((label, realhead.on_previous(view.attended(on).weights)))
    return found


def breakhead(view: BreakHead, theme: str = "light") -> Figure:
    """The picture of the view as it stands."""
    import matplotlib
    from matplotlib.figure import Figure

    c = palette.tokens(theme)
    weights = view.attended().weights
    n = len(view.spelt)
    at = np.arange(n)
    words = list(view.spelt) if view.words == "a sentence" else ["any word"] * n
    with matplotlib.rc_context(palette.style(theme)):
        figure = Figure(figsize=(8.76, 4.9))
        left, right = figure.subplots(1, 2, gridspec_kw={"wspace": 0.42, "width_ratios": [1.5, 1]})
        left.imshow(weights, cmap=palette.colour_map(theme), vmin=-1, vmax=1)
        left.axhspan(view.t - 0.5, view.t + 0.5, fill=False, ec=c["pos"], lw=1.4)
        left.set_yticks(at, words, color=c["tok"], size=7)
        left.get_yticklabels()[view.t].set_color(c["pos"])
        left.set_xticks(at[::5], [str(view.first + k) for k in at[::5]])
        left.set_xlabel("position of the word looked at")
        left.tick_params(length=0)
        bars = without(view)
        y = np.arange(len(bars))
        right.barh(y, [v for _, v in bars], color=[c["pos"], *[c["off"]] * (len(bars) - 1)])
        for k, (_, value) in enumerate(bars):
            right.text(value + 0.03, k, text.fixed(value, 2), va="center", size=8)
        right.set_yticks(y, [label for label, _ in bars])
        right.invert_yaxis()
        right.set_xlim(0, 1.2)
        right.set_xlabel("attention on the word before")
        right.set_box_aspect(1.1)
    return figure


def breakhead_alt(view: BreakHead) -> str:
    """What the picture shows, in words, with this view's own numbers."""
    weights = view.attended().weights
    n = len(view.spelt)
    best = int(weights[view.t].argmax())
    back = view.t - best
    place = f"{back} back" if back > 0 else f"{-back} ahead" if back < 0 else "itself"
    told = dict(without(view))
    on = sum(view.on)
    return (
        f"Attention of a head of MiniLM among {n} words from position {view.first} on, as a heatmap, "
        f"with {on} of {len(view.on)} hands of its positions switched on: the word before gets "
        f"{text.fixed(view.previous, 2)} on the mean. The word at position {view.first + view.t} "
        f"looks most at the one {place}, with weight {text.fixed(weights[view.t, best], 2)}. "
        f"Beside it the attention on the word before as hands are switched off, fastest first: "
        f"all on {text.fixed(told['all on'], 2)}, one off {text.fixed(told['fastest 1 off'], 2)}, "
        f"two off {text.fixed(told['fastest 2 off'], 2)}, all off {text.fixed(told['all off'], 2)}."
    )
