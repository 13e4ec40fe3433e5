"""One measured number with its spread, its aim, and whether it was met."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Aim:
    """What a number should be: at most or at least a limit."""

    way: Literal["at most", "at least"]
    limit: float

    def met(self, value: float) -> bool:
        return value <= self.limit if self.way == "at most" else value >= self.limit

    def missed_by(self, value: float) -> float:
        """How many times worse than the limit; 1 or less where the aim is met."""
        return value / self.limit if self.way == "at most" else self.limit / value


@dataclass(frozen=True)
class Measurement:
    """The median of some samples, with their 95th percentile.

    ``name`` is the key in bench.json, ``what`` says in words what was measured, ``unit`` is "ms",
    "s", "kB", "MB", "times" or "per second". Where a number is made of medians (a ratio), it has
    one sample.
    """

    name: str
    what: str
    unit: str
    samples: Sequence[float]
    aim: Aim | None = None
    note: str = ""
    parts: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.samples or not all(math.isfinite(x) for x in self.samples):
            raise ValueError(f"{self.name} has no usable samples: {list(self.samples)!r}")

    @property
    def median(self) -> float:
        return statistics.median(self.samples)

    @property
    def p95(self) -> float:
        return percentile(self.samples, 95)

    @property
    def met(self) -> bool | None:
        return None if self.aim is None else self.aim.met(self.median)

    def record(self) -> dict[str, Any]:
        """The measurement as it stands in bench.json."""
        record: dict[str, Any] = {
            "what": self.what,
            "unit": self.unit,
            "median": rounded(self.median),
            "p95": rounded(self.p95),
            "samples": len(self.samples),
        }
        if self.aim is not None:
            record["aim"] = f"{self.aim.way} {self.aim.limit:g} {self.unit}"
            record["met"] = self.met
            if not self.met:
                record["missed_by_factor"] = rounded(self.aim.missed_by(self.median))
        if self.note:
            record["note"] = self.note
        if self.parts:
            record["parts"] = {name: rounded(value) for name, value in self.parts.items()}
        return record


def percentile(samples: Sequence[float], percent: float) -> float:
    """The smallest sample that at least ``percent`` per cent of the samples do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def rounded(value: float) -> float:
    """Four significant digits: more would say more than was measured."""
    return float(f"{value:.4g}")
