"""The library's encodings in PyTorch: tables to add or to join, and what acts inside attention.

Tables come from ``posenc`` itself; rotation, bias and buckets are written here for tensors that
need gradients, and the tests in this folder hold them equal to ``posenc.relative``.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from experiments.training.configs import JOINED
from posenc import encodings, relative

VECTOR_SEED = 20


def fixed_table(encoding: str, length: int, d: int) -> Tensor:
    """The rows of an encoding that is not learned, shape (length, d).

    Raises:
        ValueError: there is no such table here.
    """
    if encoding.endswith(" vector"):
        # the scalar times one fixed vector of random numbers, the same in every run
        direction = np.random.default_rng(VECTOR_SEED).standard_normal(d)
        rows = _scalar(encoding.removesuffix(" vector"), length, 1) * direction
    elif encoding in ("index", "fraction"):
        rows = _scalar(encoding, length, d)
    elif encoding == "binary":
        rows = encodings.binary(length, d)
    elif encoding in ("sinusoidal", *JOINED):
        rows = encodings.sinusoidal(length, d)
    else:
        raise ValueError(f"encoding={encoding!r} has no table here; fixed_table must be told of it")
    return torch.tensor(rows, dtype=torch.float32)


def _scalar(encoding: str, length: int, d: int) -> np.ndarray:
    return encodings.index(length, d) if encoding == "index" else encodings.fraction(length, d)


def turns(length: int, d: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines of all angles of RoPE, shape (length, d/2) each."""
    angle = encodings.angles(length, encodings.frequencies(d))
    return tuple(torch.tensor(f(angle), dtype=torch.float32) for f in (np.cos, np.sin))


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turns pair i (channels 2i and 2i + 1) of row t by t omega_i; x of shape (..., n, d)."""
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack((a * cos - b * sin, a * sin + b * cos), dim=-1).flatten(-2)


def alibi(heads: int, length: int) -> Tensor:
    """The bias of ALiBi, shape (heads, length, length): minus the slope times the distance."""
    return torch.tensor(relative.alibi_bias(heads, length), dtype=torch.float32)


def buckets(length: int, *, bidirectional: bool) -> Tensor:
    """The bucket of each pair of positions after T5, shape (length, length)."""
    offset = np.arange(length)[None, :] - np.arange(length)[:, None]
    return torch.tensor(relative.t5_bucket(offset, bidirectional=bidirectional))
