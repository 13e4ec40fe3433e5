"""Where a linear probe reads the words of real texts, after every layer of a real encoder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import traitlets as T
from numpy.typing import NDArray

from posenc import data
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import checked

NAME = "layers"
NETWORKS = ("trained", "zeroed", "untrained", "tables")
MEASURES = ("error", "near")
LAST = 6
"""The last layer; layer 0 is the embeddings."""

Spread = tuple[float, float, float]


@dataclass(frozen=True)
class Probed:
    """How well a probe reads the place on texts that it has not seen.

    Each is a mean, the least and the greatest over the ways to deal the texts (and, of untrained
    networks, over seeds).

    Attributes:
        r2: the share of the places' variance that the reading explains.
        error: how many places the reading is off, on average.
        near, exact: where one of all places has to be named, how often it is at most one off, and
            how often it is right.
    """

    r2: Spread
    error: Spread
    near: Spread
    exact: Spread


class Layers(View):
    """What a probe reads after ``layer`` layers of a ``network``: MiniLM as trained, with its table
    of positions zeroed, a network of its shape that was never trained, or that network under the
    tables of MiniLM (``tables``).

    ``measure`` is what is shown of every layer: the mean error of a line through all places, or how
    often a probe that names one place is at most one off.
    """

    kind = T.Unicode("layers").tag(sync=True)
    layer = T.CInt(0).tag(sync=True)
    network = T.Enum(list(NETWORKS), "trained").tag(sync=True)
    network_index = T.Int(0).tag(sync=True)
    measure = T.Enum(list(MEASURES), "error").tag(sync=True)
    measure_index = T.Int(0).tag(sync=True)
    payload = T.Bytes().tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.payload = data.raw(NAME)
        bind_choice(self, "network")
        bind_choice(self, "measure")

    @property
    def places(self) -> NDArray[np.int64]:
        """The true places, 1 .. 126: between the mark for the beginning and that for the end."""
        return np.arange(1, data.notes(NAME)["places"] + 1)

    @property
    def blind(self) -> float:
        """The mean error of one who always says "in the middle"."""
        return float(np.abs(self.places - self.places.mean()).mean())

    @property
    def values(self) -> Floats:
        """The places that the probe reads in some held-out texts, shape (texts, places)."""
        off: Floats = data.load(NAME)[f"read {self.network}"][self.layer]
        return off + self.places

    @property
    def probed(self) -> Probed:
        """How the probe does after this layer of this network."""
        return self.probed_of(self.network, self.layer)

    def probed_of(self, network: str, layer: int) -> Probed:
        """The same for any probe in the data file (``"trained before"`` is before the last
        normalisation of a layer)."""
        return Probed(
            *(
                (float(mean), float(least), float(greatest))
                for mean, least, greatest in data.load(NAME)[f"probe {network}"][layer]
            )
        )

    _valid_layer = checked("layer", whole=True, low=0, high=LAST)
