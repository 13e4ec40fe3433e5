"""The cosines of word and position vectors of a trained model, against those of random vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets as T

from posenc import cosines, data
from posenc.checks import Floats
from posenc.views.base import View, bind_choice
from posenc.views.rules import checked

MODELS = ("MiniLM", "Whisper")
WAYS = ("raw", "centred")
MIN_WIDTH, MAX_WIDTH = 3, 4096  # js/angles.js has the same
MOST = 0.6  # cosine at the end of the axis
STATS = ("mean", "spread", "rms", "within_0.1", "as_if_d")
FILE = "token-position"


def payload() -> bytes:
    """Histograms and numbers of all models, raw and centred, as the view is handed them."""
    shares = data.load(FILE)
    keys = [(model, way) for model in MODELS for way in WAYS]
    about = [[measured(model, way)[key] for key in STATS] for model, way in keys]
    return data.pack(
        {
            "shares": np.array([shares[f"{model.lower()}-{way}"] for model, way in keys]),
            "about": np.array(about, dtype=np.float32),
        }
    )


def measured(model: str, way: str) -> dict[str, float]:
    """What the cosines of a model are like: mean, spread, root mean square, share within 0.1."""
    found: dict[str, float] = data.notes(FILE)[model]["cosines"][way]
    return found


class Angles(View):
    """The cosines of all words with all positions of a ``model``, ``way`` "raw" or "centred".

    Against them those of random directions in ``d_model`` dimensions. ``at`` is the cosine whose
    hundredth is read.
    """

    kind = T.Unicode("angles").tag(sync=True)
    model = T.Enum(list(MODELS), "MiniLM").tag(sync=True)
    model_index = T.Int(0).tag(sync=True)
    way = T.Enum(list(WAYS), "raw").tag(sync=True)
    way_index = T.Int(0).tag(sync=True)
    d_model = T.CInt(384).tag(sync=True)
    at = T.CFloat(0.13).tag(sync=True)
    payload = T.Bytes().tag(sync=True)

    @T.default("payload")
    def _numbers(self) -> bytes:
        return payload()

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        bind_choice(self, "model")
        bind_choice(self, "way")

    @property
    def shares(self) -> Floats:
        """The share of all pairs in each of 200 equal bins of cosines from -1 to 1."""
        found: Floats = data.load(FILE)[f"{self.model.lower()}-{self.way}"].astype(np.float64)
        return found

    @property
    def about(self) -> dict[str, Any]:
        """See :func:`measured`."""
        return measured(self.model, self.way)

    @property
    def bin(self) -> int:
        """The bin that is read."""
        return min(199, int(np.floor((self.at + 1) * 100 + 1e-6)))

    @property
    def random(self) -> float:
        """The share of pairs of random directions with a cosine within 0.1."""
        return cosines.within(0.1, self.d_model)

    _valid_d_model = checked("d_model", whole=True, low=MIN_WIDTH, high=MAX_WIDTH)
    _valid_at = checked("at", low=-MOST, high=MOST)
