"""Writes the reference arrays beside it; README.md says how to run it and what it needs.

Nothing of posenc is imported: these are the numbers that posenc is compared with.
"""

from __future__ import annotations

import importlib.metadata
import json
import math
import platform
from pathlib import Path

import numpy as np
import torch
from positional_encodings.torch_encodings import PositionalEncoding1D
from transformers.models.marian.modeling_marian import MarianSinusoidalPositionalEmbedding
from transformers.models.whisper.modeling_whisper import sinusoids

HERE = Path(__file__).resolve().parent

# Whole, fractional and negative positions, and far ones.
POSITIONS = [0.0, 1.0, 2.0, 0.5, -3.0, 7.25, 100.0, 511.0, 12345.0, 65536.0, 1e6]
WIDTHS = [2, 6, 64, 512]
ROWS, WIDTH = 40, 64


def origin(what: str, *packages: str) -> np.ndarray:
    versions = {name: importlib.metadata.version(name) for name in packages}
    versions["python"] = platform.python_version()
    return np.array(json.dumps({"script": "make_reference.py", "what": what, "versions": versions}))


def usual_recipe(d_model: int, base: float) -> np.ndarray:
    """The table as most PyTorch code writes it: frequencies as the exponential of a logarithm."""
    position = torch.tensor(POSITIONS, dtype=torch.float64)[:, None]
    step = torch.arange(0, d_model, 2, dtype=torch.float64)
    rate = torch.exp(step * (-math.log(base) / d_model))
    table = torch.zeros(len(POSITIONS), d_model, dtype=torch.float64)
    table[:, 0::2] = torch.sin(position * rate)
    table[:, 1::2] = torch.cos(position * rate)
    return table.numpy()


def to_round() -> torch.Tensor:
    """Values in float32 (which is what hardware rounds), among them ties and the smallest."""
    generator = torch.Generator().manual_seed(0)
    mixed = torch.randn(600, generator=generator) * torch.exp(
        8 * torch.randn(600, generator=generator)
    )
    unit = 2 * torch.rand(600, generator=generator) - 1
    whole = torch.cat([torch.arange(250.0, 270.0), torch.arange(2040.0, 2064.0)])
    edge = torch.tensor([0.0, -0.0, 1 / 3, 65504.0, 65519.0, 65520.0, 1e-8, 6e-8, 3e-8, 3.3e38])
    tie = torch.tensor([1 + 2.0**-8, 1 + 3 * 2.0**-8, 1 + 2.0**-11, 1 + 3 * 2.0**-11])
    return torch.cat([mixed, unit, whole, edge, tie, -tie]).to(torch.float32)


def main() -> None:
    values = to_round()
    np.savez_compressed(
        HERE / "torch.npz",
        origin=origin("sin and cos of t * exp(-2i ln(b) / d) in float64; 16-bit rounding", "torch"),
        positions=np.array(POSITIONS),
        **{f"d{d}": usual_recipe(d, 10000.0) for d in WIDTHS},
        d64_base100=usual_recipe(64, 100.0),
        values=values.numpy(),
        float16=values.to(torch.float16).to(torch.float32).numpy(),
        bfloat16=values.to(torch.bfloat16).to(torch.float32).numpy(),
    )
    marian = MarianSinusoidalPositionalEmbedding(ROWS, WIDTH)
    np.savez_compressed(
        HERE / "libraries.npz",
        origin=origin(
            "whole tables of positions 0 .. 39, float32",
            "torch",
            "positional-encodings",
            "transformers",
        ),
        positional_encodings=PositionalEncoding1D(WIDTH)(torch.zeros(1, ROWS, WIDTH))[0].numpy(),
        marian=marian.create_weight().numpy(),
        whisper=sinusoids(ROWS, WIDTH).numpy(),
    )


if __name__ == "__main__":
    main()
