"""Arrays out of the bytes of a safetensors file."""

from __future__ import annotations

from typing import Any

import numpy as np
from parity.calls import Call

from posenc.data import tensors

dice = np.random.default_rng(31)
FLOATS = dice.standard_normal((3, 5))
PACKED = tensors.pack(
    {
        "single": FLOATS,
        "small": FLOATS,
        "fine": FLOATS,
        "eight": np.arange(7, dtype=np.uint8),
        "short": np.array([-300, 300], dtype=np.int16),
        "whole": np.array([[2**31 - 1], [-5]]),
        "empty": np.zeros((0, 4)),
    },
    store={"small": "int8", "fine": "int16"},
    notes={"words": ["naïve", "語"], "count": 2},
)


def arrays(content: bytes) -> dict[str, Any]:
    """What JavaScript is to find: shape and values of each array."""
    return {
        name: {"shape": list(array.shape), "values": array.astype(np.float64)}
        for name, array in tensors.unpack(content).items()
    }


def calls() -> list[Call]:
    return [
        Call("tensors.js", "unpack", (PACKED,), arrays(PACKED)),
        Call("tensors.js", "notesOf", (PACKED,), tensors.notes(PACKED)),
        Call("tensors.js", "notesOf", (tensors.pack({"a": [1.0]}),), None),
        Call("tensors.js", "unpack", (PACKED[:40],), says="these bytes are not"),
        Call("tensors.js", "unpack", (PACKED[:-1],), says="the array"),
        Call("tensors.js", "unpack", (b"",), says="these bytes are not"),
    ]


SLIPS = {
    "no step": ("tensors.js", "n * Number(step)", "n"),
    "a header that is not skipped": ("tensors.js", "start: 8 + size", "start: size"),
}
