"""What a real encoder makes of a sentence in every order of its words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import traitlets as T
from numpy.typing import NDArray

from posenc import attention, data
from posenc.arrangements import kinds, place_of
from posenc.views.base import View
from posenc.views.shuffle import SENTENCES, read_order

NAME = "minilm-orders"
SHORT = 5
"""Sentences of up to so many words come with the figure, longer ones when they are asked for."""


@dataclass(frozen=True)
class Reading:
    """What MiniLM makes of a sentence.

    Attributes:
        cosines: of every order of the words, in the order of
            :func:`posenc.arrangements.arrangements`, the cosine of its sentence vector with that of
            the order as written.
        written, now: the places there of the order as written and of the one in which the words stand.
        zeroed: with the model's positions set to zero, the largest difference of the sentence vectors
            of any order and of the one as written, in any channel.
    """

    cosines: NDArray[np.float32]
    written: int
    now: int
    zeroed: float

    @property
    def cosine(self) -> float:
        """The cosine for the order in which the words stand."""
        return float(self.cosines[self.now])


def read(text: str, order: str = "") -> Reading | None:
    """What MiniLM makes of a sentence; None if it has not read it."""
    notes = data.notes(NAME)
    words = attention.split_words(text)
    known = [attention.split_words(sentence) for sentence in notes["sentences"]]
    if words not in known:
        return None
    n = known.index(words)
    spelt = kinds(words)
    standing = spelt[read_order(order, len(words))]
    return Reading(
        data.load(NAME)[f"cosine {n}"],
        place_of(spelt.tolist()),
        place_of(standing.tolist()),
        notes["zeroed"][n]["difference"],
    )


def part(*, longer: bool) -> bytes:
    """The numbers of the longer sentences, or of the others, as a view is handed them."""
    arrays: dict[str, NDArray[np.float32]] = {}
    for n, sentence in enumerate(data.notes(NAME)["sentences"]):
        if (len(attention.split_words(sentence)) > SHORT) == longer:
            arrays |= {k: v for k, v in data.load(NAME).items() if k.endswith(f" {n}")}
    store = {key: "int16" if key.startswith("cosine") else "int8" for key in arrays}
    return data.pack(arrays, store=store, notes=None if longer else data.notes(NAME))


class Orders(View):
    """The words of ``text`` in an ``order``, as MiniLM reads them: the traits are those of
    :class:`posenc.views.shuffle.Shuffle`, to be linked to it."""

    kind = T.Unicode("orders").tag(sync=True)
    text = T.Unicode(SENTENCES[0]).tag(sync=True)
    order = T.Unicode("").tag(sync=True)
    payload = T.Bytes().tag(sync=True)
    longer = T.Bytes().tag(sync=True)

    @T.default("payload")
    def _payload(self) -> bytes:
        return part(longer=False)

    @T.default("longer")
    def _longer(self) -> bytes:
        return part(longer=True)

    @property
    def reading(self) -> Reading | None:
        """What the encoder makes of the words as they stand; None if it has not read the sentence."""
        return read(self.text, self.order)
