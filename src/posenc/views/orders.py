"""What a real encoder makes of a sentence in every order of its words."""

from __future__ import annotations

import numpy as np
import traitlets as T
from numpy.typing import NDArray

from posenc import attention, data
from posenc.arrangements import kinds, place_of
from posenc.views.base import View
from posenc.views.shuffle import SENTENCES, read_order

NAME = "minilm-orders"


class Orders(View):
    """The words of ``text`` in an ``order``, as MiniLM reads them: the traits are those of
    :class:`posenc.views.shuffle.Shuffle`, to be linked to it."""

    kind = T.Unicode("orders").tag(sync=True)
    text = T.Unicode(SENTENCES[0]).tag(sync=True)
    order = T.Unicode("").tag(sync=True)
    payload = T.Bytes().tag(sync=True)

    @T.default("payload")
    def _payload(self) -> bytes:
        return data.raw(NAME)

    @property
    def read(self) -> bool:
        """Whether the encoder has read this sentence."""
        return self._sentence() >= 0

    def _sentence(self) -> int:
        words = attention.split_words(self.text)
        known = [attention.split_words(text) for text in data.notes(NAME)["sentences"]]
        return known.index(words) if words in known else -1

    @property
    def cosines(self) -> NDArray[np.float32]:
        """Of every order of the words, in the order of :func:`posenc.arrangements.arrangements`, the
        cosine of its sentence vector with that of the order as written.

        Raises:
            ValueError: the encoder has not read this sentence.
        """
        n = self._sentence()
        if n < 0:
            raise ValueError(
                f"text = {self.text!r}: MiniLM has read {', '.join(data.notes(NAME)['sentences'])}"
            )
        found: NDArray[np.float32] = data.load(NAME)[f"cosine {n}"]
        return found

    @property
    def cosine(self) -> float:
        """The cosine for the order in which the words stand."""
        spelt = kinds(attention.split_words(self.text))
        standing = read_order(self.order, len(spelt))
        return float(self.cosines[place_of(spelt[standing].tolist())])
