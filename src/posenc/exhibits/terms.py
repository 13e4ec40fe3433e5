"""The exhibit "The four terms": what content and position each bring to a score of attention."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Setting, controls
from posenc.exhibits.sliders import slider
from posenc.views.terms import MATRICES, MAX_K, MAX_SEED, MAX_SIZE, MOST, Terms

LONGEST = 240  # characters of a sentence
LABELS = {
    "identity": "the identity",
    "random": "a random matrix",
    "shift": "the shift by \N{MINUS SIGN}k",
    "minilm2": "MiniLM’s head 2: looks one back",
    "minilm8": "MiniLM’s head 8: reads all four",
    "minilm1": "MiniLM’s head 1: reads words",
}
OWN = "your own"


def terms(name: str = "terms", **traits: object) -> Exhibit:
    """A head's scores as four terms with a fader each, their sum, and its softmax.

    ``traits`` are those of ``posenc.views.terms.Terms`` (``text``, ``matrix``, ``k``, ``seed``,
    ``size``, the faders ``cc``, ``cp``, ``pc``, ``pp``, and the pair ``t``, ``s``); they are also the
    state that Reset goes back to.
    """
    view = Terms(**traits)
    sentence = W.Text(
        value=view.text, description="sentence", placeholder=f"type up to {MOST} words"
    )
    choice = W.Dropdown(
        options=[*view.sentences, OWN], index=view.sentence_index, description="or take"
    )
    matrix = W.Dropdown(
        options=[(LABELS[key], key) for key in MATRICES],
        value=view.matrix,
        description="<i>W</i> between query and key",
        description_allow_html=True,
    )
    matrix.add_class("of-scheme")
    matrix.add_class("of-head")
    k = slider("<i>k</i> of the shift", view.k, 0, MAX_K)
    k.add_class("of-k")
    size = slider("word size", view.size, 0, MAX_SIZE, 0.05, ",.2f")
    links = [
        W.jslink((view, "text"), (sentence, "value")),
        W.jslink((view, "sentence_index"), (choice, "index")),
        W.jslink((view, "matrix_index"), (matrix, "index")),
        W.jslink((view, "k"), (k, "value")),
        W.jslink((view, "no_k"), (k, "disabled")),
        W.jslink((view, "size"), (size, "value")),
        W.jslink((view, "no_size"), (size, "disabled")),
    ]

    def fader(trait: str, label: str) -> Setting:
        return Setting(view, trait, label, "number", 0, 1)

    return Exhibit(
        name,
        "The four terms",
        "Pull the faders under the four pictures, and watch what is left of the attention.",
        "**Notice** that the score of two sums is a sum of four scores: (*x* + *p*) *W* (*y* + *q*), "
        "opened, and each can be looked at alone. The crossed terms come in stripes, because over a "
        "short sentence the slow channels of a position hardly change: what a word makes of them, it "
        "makes of them anywhere. In a trained model heads divide the work. The one that looks one "
        "word back reads little but positions out of the sum from which most others read words. "
        "(What all words share, biases and the like, is counted with the content.)",
        views=[view],
        controls=[controls(sentence, choice), controls(matrix, k, size)],
        links=links,
        state={
            "text": Setting(view, "text", "sentence", "text", max=LONGEST),
            "w": Setting(view, "matrix", "matrix", "choice", options=MATRICES),
            "k": Setting(view, "k", "offset k", "whole", 0, MAX_K),
            "seed": Setting(view, "seed", "seed of the random matrix", "whole", 1, MAX_SEED),
            "size": Setting(view, "size", "size of the words", "number", 0, MAX_SIZE),
            "cc": fader("cc", "content to content"),
            "cp": fader("cp", "content to position"),
            "pc": fader("pc", "position to content"),
            "pp": fader("pp", "position to position"),
            "t": Setting(view, "t", "position that looks", "whole", 0, MOST + 1),
            "s": Setting(view, "s", "position looked at", "whole", 0, MOST + 1),
        },
        picture=lambda: pictures.terms(view),
        alt=lambda: pictures.terms_alt(view),
    )
