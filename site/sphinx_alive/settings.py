"""What the prose asks of a figure, held against the settings that the figure says it has.

A figure says so in the metadata of its picture, each setting with its JSON Schema::

    {"image/png": {"exhibit": "waves", "settings": {"b": {"type": "number", "minimum": 1},
                                                    "wave": {"enum": ["sine", "cosine"]}}}}

In a phrase a value is written as in an address; where it reads as a number it is one, unless the
schema wants a text.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator

NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\Z", re.IGNORECASE)

Settings = dict[str, dict[str, Any]]


def of(told: dict[str, Any]) -> Settings | None:
    """The settings in a picture's metadata; None where it says nothing of them."""
    settings = told.get("settings")
    return settings if isinstance(settings, dict) else None


def in_phrase(settings: Settings, pairs: str) -> list[str]:
    """What is wrong with a state, as in ``b=10&wave=sine``."""
    found = []
    for key, word in parse_qsl(pairs, keep_blank_values=True):
        if key not in settings:
            found.append(unknown(settings, key))
            continue
        schema = settings[key]
        numeric = NUMBER.match(word) and schema.get("type") in ("number", "integer")
        value = float(word) if numeric else word
        found += [
            f"{key}: {error.message}" for error in Draft202012Validator(schema).iter_errors(value)
        ]
    return found


def in_number(settings: Settings, key: str) -> list[str]:
    """What is wrong with a number to drag that sets this key."""
    if key not in settings:
        return [unknown(settings, key)]
    if settings[key].get("type") not in ("number", "integer"):
        return [f"{key} is no number, and only a number can be dragged"]
    return []


def unknown(settings: Settings, key: str) -> str:
    return f"{key!r} is no setting of it (it has: {', '.join(settings) or 'none'})"
