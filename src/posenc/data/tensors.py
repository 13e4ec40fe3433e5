"""Arrays as bytes, in the safetensors format: what a data file holds and what a view is handed.

The format is eight bytes for the length of a header, a header in JSON, and the numbers, so that
NumPy alone reads it and so do thirty lines of JavaScript (``js/tensors.js``): neither a reader's
kernel nor a page needs a package for it. Written here, it is read by every safetensors library.

A float array may be kept as ``int8`` or ``int16``: whole multiples of one step. The step stands in
the header under ``step:NAME``, and :func:`unpack` multiplies it out again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posenc import checks

Arrays = dict[str, NDArray[Any]]

_CODES: Final = {"F32": "<f4", "I8": "i1", "U8": "u1", "I16": "<i2", "U16": "<u2", "I32": "<i4"}
_NAMES: Final = {np.dtype(kind): code for code, kind in _CODES.items()}
_STEPS: Final = {"int8": 127, "int16": 32767}
_META: Final = "__metadata__"


class PackingError(ValueError):
    """Bytes that are not what :func:`pack` writes."""


def pack(
    arrays: Mapping[str, Any],
    *,
    store: Mapping[str, str] | None = None,
    notes: Mapping[str, Any] | None = None,
) -> bytes:
    """Several named arrays as bytes.

    Args:
        arrays: real arrays of any shape. Floats are kept as float32; int8, uint8, int16, uint16 and
            int32 as they are, and other whole numbers as int32.
        store: for a float array, ``"int8"`` or ``"int16"``: keep whole multiples of its largest
            absolute value / 127 or / 32767. The error is at most half a step.
        notes: what else belongs to them, as JSON can hold it (sentences, names).

    Raises:
        ValueError: an array with NaN or infinity, or whole numbers beyond 32 bits; a name in
            ``store`` without an array.
        TypeError: an array that is not of real numbers.
    """
    how = dict(store or {})
    for name in how:
        checks.choice(name, "store", arrays)
        checks.choice(how[name], f"store[{name!r}]", _STEPS)
    meta: dict[str, str] = {}
    kept: Arrays = {}
    for name, given in arrays.items():
        array = np.asarray(given)
        if array.dtype.kind not in "iuf":
            raise TypeError(f"{name} is of type {array.dtype}; it must hold real numbers")
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds NaN or infinity; every number must be finite")
        if name in how:
            most = _STEPS[how[name]]
            step = float(np.abs(array).max(initial=0.0)) / most or 1.0
            meta[f"step:{name}"] = repr(step)
            array = np.rint(array / step).astype(how[name])
        elif array.dtype.kind == "f":
            array = array.astype("<f4")
        elif array.dtype not in _NAMES:
            if array.size and (array.max() > 2**31 - 1 or array.min() < -(2**31)):
                raise ValueError(f"{name} has whole numbers beyond 32 bits; keep them as floats")
            array = array.astype("<i4")
        kept[name] = array
    if notes is not None:
        meta["notes"] = json.dumps(notes, ensure_ascii=False, separators=(",", ":"))
    return _written(kept, meta)


def _written(kept: Arrays, meta: dict[str, str]) -> bytes:
    """Header and numbers; wide numbers first, so that each array starts where it may be read."""
    header: dict[str, Any] = {_META: meta} if meta else {}
    parts: list[bytes] = []
    at = 0
    for name, array in sorted(kept.items(), key=lambda item: -item[1].itemsize):
        little = array.astype(array.dtype.newbyteorder("<"))
        parts.append(little.tobytes())
        end = at + len(parts[-1])
        header[name] = {
            "dtype": _NAMES[np.dtype(little.dtype)],
            "shape": list(array.shape),
            "data_offsets": [at, end],
        }
        at = end
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(parts)


def _header(content: bytes) -> tuple[dict[str, Any], int]:
    """The header, and where the numbers begin."""
    size = int.from_bytes(content[:8], "little")
    try:
        if len(content) < 8 or 8 + size > len(content):
            raise ValueError("it ends too soon")
        header = json.loads(content[8 : 8 + size])
        if not isinstance(header, dict):
            raise ValueError("its header is no JSON object")
    except ValueError as error:
        raise PackingError(f"these bytes are not in the safetensors format: {error}") from None
    return header, 8 + size


def unpack(content: bytes) -> Arrays:
    """The arrays of :func:`pack` by name; what was kept in steps comes back as float32.

    Raises:
        PackingError: the bytes are not in the format, or end too soon.
    """
    header, start = _header(content)
    meta = header.pop(_META, {})
    found: Arrays = {}
    for name, entry in header.items():
        try:
            first, end = entry["data_offsets"]
            numbers = np.frombuffer(content[start + first : start + end], _CODES[entry["dtype"]])
            array = numbers.reshape(entry["shape"])
        except (KeyError, TypeError, ValueError) as error:
            raise PackingError(f"the array {name} cannot be read: {error!r}") from None
        step = meta.get(f"step:{name}")
        found[name] = array if step is None else (array * float(step)).astype(np.float32)
    return found


def notes(content: bytes) -> Any:
    """The notes that were packed with the arrays; None if there are none."""
    text = _header(content)[0].get(_META, {}).get("notes")
    return None if text is None else json.loads(text)
