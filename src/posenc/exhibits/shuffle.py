"""The exhibit of the shuffled sentence: attention's outputs follow their words, whatever the order."""

from __future__ import annotations

import ipywidgets as W

from posenc import pictures
from posenc.exhibits.frame import Exhibit, Setting, controls
from posenc.exhibits.sliders import toggle
from posenc.views.orders import Orders
from posenc.views.shuffle import ENCODINGS, MASKS, Shuffle

OWN = "your own words"
LONGEST = 2000  # characters of a text in a link
NOTICE = (
    "**Notice** that rows and columns travel with their [words]{tok}, and that the table of changes "
    "stays empty: without an encoding the head cannot tell one order from another. Add an encoding, "
    "or hide what comes later with the causal mask, and it fills. The word vectors and the head are "
    "random: nothing in the tables is trained, and nothing needs to be, because this holds for any "
    "vectors and any weights. Below them a trained encoder reads the same words: drag its mark to "
    "put them into the order that it finds most like the first, or least."
)


def shuffle(name: str = "shuffle", *, measured: str = "", **traits: object) -> Exhibit:
    """A sentence to shuffle, above the weights and outputs of one attention head, and above what
    MiniLM makes of it, if it is one of those that it has read in every order.

    Args:
        name: the exhibit's name in links.
        measured: one more sentence for the caption: what a real encoder does with shuffled words,
            its numbers computed by whoever gives it.
        **traits: those of ``posenc.views.shuffle.Shuffle`` (``text``, ``order``, ``encoding``,
            ``mask``, ``seed``); they are also the state that Reset goes back to.
    """
    view = Shuffle(**traits)
    real = Orders(text=view.text, order=view.order)
    sentence = W.Text(
        value=view.text, description="sentence", placeholder="type a sentence, in any script"
    )
    choice = W.Dropdown(
        options=[*view.sentences, OWN], index=view.sentence_index, description="or take"
    )
    encoding = toggle("encoding", ENCODINGS, view.encoding)
    mask = toggle("mask", MASKS, view.mask)
    links = [
        W.jslink((view, "text"), (sentence, "value")),
        W.jslink((view, "sentence_index"), (choice, "index")),
        W.jslink((view, "encoding_index"), (encoding, "index")),
        W.jslink((view, "mask_index"), (mask, "index")),
        W.jslink((view, "text"), (real, "text")),
        W.jslink((view, "order"), (real, "order")),
    ]
    return Exhibit(
        name,
        "Shuffle the sentence",
        "Drag a [word]{tok} to another place, or press two of them to swap.",
        f"{NOTICE} {measured}".strip(),
        views=[view, real],
        controls=[controls(sentence, choice, encoding, mask)],
        links=links,
        state={
            "text": Setting(view, "text", "sentence", "text", max=LONGEST),
            "order": Setting(view, "order", "order of the words", "text", max=LONGEST),
            "encoding": Setting(view, "encoding", "encoding", "choice", options=ENCODINGS),
            "mask": Setting(view, "mask", "mask", "choice", options=MASKS),
            "seed": Setting(view, "seed", "seed of the head", "whole", 0, 2**31 - 1),
        },
        picture=lambda: pictures.shuffle(view),
        alt=lambda: pictures.shuffle_alt(view),
    )
