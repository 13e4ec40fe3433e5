"""Writes relative.npz beside it; README.md says how to run it and what it needs.

Nothing of posenc is imported: these are the numbers that posenc is compared with.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
from pathlib import Path

import numpy as np
import torch
from transformers import LlamaConfig
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.gptj import modeling_gptj
from transformers.models.llama import modeling_llama
from transformers.models.mpt.modeling_mpt import build_mpt_alibi_tensor
from transformers.models.t5.modeling_t5 import T5Attention

HERE = Path(__file__).resolve().parent

# Positions that a query or a key may have, one row each.
POSITIONS = [0, 1, 2, 3, 17, 100, 511, 2047]
HEADS = [1, 2, 3, 4, 6, 8, 12, 16, 20, 71, 112]
# Offsets at which buckets are asked for: every near one, and some far ones.
OFFSETS = [*range(-1100, 1101), -100_000, 100_000]
# Buckets, the farthest distance, and whether the directions are told apart: T5's own, and others.
SORTINGS = [
    (32, 128, True), (32, 128, False), (64, 256, True), (320, 800, True), (20, 1000, False),
    (8, 40, True), (6, 100, True), (5, 64, False),
]  # fmt: skip


def rotated(generator: torch.Generator) -> dict[str, np.ndarray]:
    """Queries turned as LLaMA turns them (halves) and as GPT-J does (pairs), two bases."""
    made: dict[str, np.ndarray] = {"positions": np.array(POSITIONS)}
    for d, base in ((2, 10000.0), (8, 10000.0), (64, 500000.0)):
        x = torch.randn(1, 2, len(POSITIONS), d, generator=generator)
        at = torch.tensor([POSITIONS])
        config = LlamaConfig(
            hidden_size=2 * d,
            num_attention_heads=2,
            head_dim=d,
            max_position_embeddings=4096,
            rope_parameters={"rope_type": "default", "rope_theta": base},
        )
        cos, sin = modeling_llama.LlamaRotaryEmbedding(config)(x, at)
        halves, _ = modeling_llama.apply_rotary_pos_emb(x, x, cos, sin)
        made[f"rotate/{d}/{base:g}/x"] = x[0].numpy()
        made[f"rotate/{d}/{base:g}/halves"] = halves[0].numpy()
        if base == 10000.0:  # GPT-J has no other
            table = modeling_gptj.create_sinusoidal_positions(4096, d)[at]
            sin, cos = torch.split(table, d // 2, dim=-1)
            by_place = x.transpose(1, 2)  # GPT-J has the heads after the positions
            pairs = modeling_gptj.apply_rotary_pos_emb(by_place, sin, cos).transpose(1, 2)
            made[f"rotate/{d}/{base:g}/interleaved"] = pairs[0].numpy()
    return made


def linear() -> dict[str, np.ndarray]:
    """The biases of BLOOM (slope times position) and of MPT (minus slope times distance back)."""
    made = {}
    for heads in HEADS:
        bloom = build_alibi_tensor(torch.ones(1, 9), heads, torch.float32)
        made[f"alibi/{heads}/bloom"] = bloom[:, 0].numpy()
        made[f"alibi/{heads}/mpt"] = build_mpt_alibi_tensor(heads, 9)[:, 0].numpy()
    return made


def buckets() -> dict[str, np.ndarray]:
    made = {"offsets": np.array(OFFSETS)}
    for count, most, both in SORTINGS:
        told = T5Attention._relative_position_bucket(
            torch.tensor(OFFSETS), bidirectional=both, num_buckets=count, max_distance=most
        )
        made[f"t5/{count}/{most}/{int(both)}"] = told.to(torch.int16).numpy()
    return made


def main() -> None:
    generator = torch.Generator().manual_seed(0)
    versions = {name: importlib.metadata.version(name) for name in ("torch", "transformers")}
    versions["python"] = platform.python_version()
    what = "rotary (Llama, GPT-J), ALiBi (Bloom, MPT) and T5's buckets, float32"
    np.savez_compressed(
        HERE / "relative.npz",
        origin=np.array(
            json.dumps({"script": "make_relative.py", "what": what, "versions": versions})
        ),
        **rotated(generator),
        **linear(),
        **buckets(),
    )


if __name__ == "__main__":
    main()
