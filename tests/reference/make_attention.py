"""Writes attention.npz beside it; README.md says how to run it and what it needs.

Nothing of posenc is imported: these are the numbers that posenc is compared with.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import scaled_dot_product_attention

HERE = Path(__file__).resolve().parent

# For each case: shapes of queries, keys and values, their size, and the mask.
CASES = {
    "plain": ((5, 4), (5, 4), (5, 4), 1.0, None),
    "causal": ((6, 8), (6, 8), (6, 8), 1.0, "causal"),
    "masked": ((5, 4), (7, 4), (7, 3), 1.0, "random"),
    "heads": ((2, 3, 5, 4), (2, 3, 6, 4), (2, 3, 6, 2), 1.0, "random"),
    "causal heads": ((3, 6, 4), (3, 6, 4), (3, 6, 4), 1.0, "causal"),
    "one": ((1, 1), (1, 1), (1, 2), 1.0, None),
    # Scores near 10^5, whose exponentials overflow in any float.
    "large": ((5, 16), (6, 16), (6, 4), 200.0, None),
}


def main() -> None:
    generator = torch.Generator().manual_seed(0)
    arrays: dict[str, np.ndarray] = {}
    for name, (*shapes, size, kind) in CASES.items():
        q, k, v = (size * torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes)
        mask = None
        if kind == "random":
            mask = torch.rand(*q.shape[:-1], k.shape[-2], generator=generator) < 0.6
            mask[..., 0] = True  # no query may be left without a key
        output = scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=kind == "causal")
        if kind == "causal":
            arrays[f"{name}/causal"] = np.array(True)
        elif mask is not None:
            arrays[f"{name}/mask"] = mask.numpy()
        for what, tensor in (("q", q), ("k", k), ("v", v), ("output", output)):
            arrays[f"{name}/{what}"] = tensor.numpy()
    recurrent = torch.nn.RNN(3, 4, bias=False, nonlinearity="tanh", dtype=torch.float64)
    x = torch.randn(9, 3, generator=generator, dtype=torch.float64)
    with torch.no_grad():
        for weight in recurrent.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator, dtype=torch.float64))
        states, _ = recurrent(x)
    versions = {"torch": importlib.metadata.version("torch"), "python": platform.python_version()}
    what = "scaled_dot_product_attention and RNN (no bias, tanh) in float64"
    np.savez_compressed(
        HERE / "attention.npz",
        origin=np.array(
            json.dumps({"script": "make_attention.py", "what": what, "versions": versions})
        ),
        **arrays,
        **{
            "recurrent/x": x.numpy(),
            "recurrent/w_input": recurrent.weight_ih_l0.detach().numpy(),
            "recurrent/w_state": recurrent.weight_hh_l0.detach().numpy(),
            "recurrent/states": states.numpy(),
        },
    )


if __name__ == "__main__":
    main()
