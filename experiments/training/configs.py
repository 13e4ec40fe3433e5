"""Configurations are data: what one run is, and which runs the sweep holds. No PyTorch here."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

TASKS: Final = ("reverse", "copy", "order", "majority", "text")
ADDED: Final = (
    "none",
    "index",
    "fraction",
    "index vector",
    "fraction vector",
    "binary",
    "sinusoidal",
    "learned",
)
"""Encodings that are added to the tokens. A "vector" is the scalar times a fixed random vector."""
JOINED: Final = ("concat total", "concat token", "concat project")
"""Sinusoids beside the tokens: half of the width each; half a width more; or as wide as the tokens
and then projected back to the width."""
RELATIVE: Final = ("rope", "alibi", "t5")
"""Encodings that act inside attention."""
ENCODINGS: Final = ADDED + JOINED + RELATIVE
NORMS: Final = ("pre", "post", "none")

RECIPE: Final = 1
"""To be raised by one whenever the model, the tasks or the training change so that the same
configuration gives other numbers: no earlier result counts any more."""

SEEDS: Final = {"text": 3, "scale longer": 3, "longest": 3}
"""Seeds of the studies that take long; every other study has :data:`USUAL_SEEDS`."""
USUAL_SEEDS: Final = 5

VOCABULARY: Final = 16
HEADS: Final = 4


@dataclass(frozen=True)
class Run:
    """One training run; two runs with the same fields give the same numbers.

    Attributes:
        study: what the run is for; it does not change what is computed.
        task: one of TASKS; see tasks.py.
        encoding: one of ENCODINGS.
        seed: of the weights and of the data.
        d_model: the width d of the tokens' vectors ("concat total": of tokens and positions).
        norm: where layer normalisation stands.
        residual: False cuts the path around attention.
        causal: whether attention looks at no later token.
        steps, lr, batch: of the optimiser.
        length: of the training sequences; evaluation is at 1, 2 and 4 times it.
        shortest: if it is not ``length``, lengths are drawn between the two, batch by batch.
        token_scale, position_scale: factors on the tokens' vectors (standard normal at the start)
            and on the encoding (a learned table begins with the sinusoid's mean square, 1/2).
        rows: of a learned table; 0 stands for ``length``.
        snapshots: whether tables and attention are kept through training.
    """

    study: str
    task: str
    encoding: str
    seed: int = 0
    d_model: int = 64
    norm: str = "pre"
    residual: bool = True
    causal: bool = False
    steps: int = 1000
    lr: float = 1e-3
    batch: int = 32
    length: int = 16
    shortest: int = 16
    token_scale: float = 1.0
    position_scale: float = 1.0
    rows: int = 0
    snapshots: bool = False

    def __post_init__(self) -> None:
        for name, value, known in (
            ("task", self.task, TASKS),
            ("encoding", self.encoding, ENCODINGS),
            ("norm", self.norm, NORMS),
        ):
            if value not in known:
                raise ValueError(
                    f"{name}={value!r} is unknown; it must be one of {', '.join(known)}"
                )
        if not 1 <= self.shortest <= self.length:
            raise ValueError(
                f"shortest={self.shortest} must be from 1 to length={self.length}, both included"
            )
        if self.d_model < 8 or self.d_model % 8:
            raise ValueError(
                f"d_model={self.d_model} must be a multiple of 8: four heads, channels in pairs"
            )

    @property
    def key(self) -> str:
        """What the run is kept under: a digest of all that changes its numbers.

        A field at its default is left out, so that a field that is added later, with a default that
        changes nothing, leaves the keys of what has been run as they are.
        """
        usual = {field.name: field.default for field in fields(self)}
        told = {k: v for k, v in asdict(self).items() if k != "study" and v != usual[k]}
        told["recipe"] = RECIPE
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def table_rows(self) -> int:
        """The rows of a learned table."""
        return self.rows or self.length


def from_text(pairs: list[str]) -> Run:
    """A run from words such as ``task=copy seed=3``.

    Raises:
        ValueError: a word without "=", an unknown field, or a value that is not of its type.
    """
    kinds = {field.name: type(field.default) for field in fields(Run)}
    kinds |= {"study": str, "task": str, "encoding": str}
    given: dict[str, Any] = {"study": "by hand"}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name not in kinds:
            raise ValueError(f"{pair!r} is not NAME=VALUE with a NAME of {', '.join(kinds)}")
        try:
            given[name] = _flag(value) if kinds[name] is bool else kinds[name](value)
        except ValueError:
            raise ValueError(f"{pair!r}: {value!r} is not of type {kinds[name].__name__}") from None
    for name in ("task", "encoding"):
        if name not in given:
            raise ValueError(f"{name}=... is missing")
    return Run(**given)


def _flag(word: str) -> bool:
    if word not in ("True", "False"):
        raise ValueError(word)
    return word == "True"


def seeds(study: str) -> range:
    """The seeds of a study."""
    return range(SEEDS.get(study, USUAL_SEEDS))


STEPS: Final = {"reverse": 1000, "copy": 1000, "order": 500, "majority": 200, "text": 1500}


def _core() -> Iterator[Run]:
    """Every encoding on every task."""
    for seed, task, encoding in itertools.product(seeds("core"), TASKS[:4], ENCODINGS):
        yield Run("core", task, encoding, seed, steps=STEPS[task])


def _causal() -> Iterator[Run]:
    """Copying under a causal mask, where no encoding is an encoding of a kind."""
    for seed, encoding in itertools.product(
        seeds("causal"), ("none", "sinusoidal", "learned", *RELATIVE)
    ):
        yield Run("causal", "copy", encoding, seed, causal=True, steps=1500)


def _text() -> Iterator[Run]:
    for seed, encoding in itertools.product(
        seeds("text"), ("none", "sinusoidal", "learned", *RELATIVE)
    ):
        yield Run(
            "text", "text", encoding, seed, causal=True, steps=STEPS["text"], length=64, shortest=64
        )


SCALES: Final = (1 / 64, 1 / 8, 1.0, 8.0)
"""Of tokens and of positions: 1/8 is what an initial 1/sqrt(d) gives, 8 is sqrt(d)."""


def _scale() -> Iterator[Run]:
    """Scales of tokens against scales of positions."""
    for seed, encoding, token, position in itertools.product(
        seeds("scale"), ("sinusoidal", "learned"), SCALES, SCALES
    ):
        yield Run("scale", "reverse", encoding, seed, token_scale=token, position_scale=position)


def _scale_longer() -> Iterator[Run]:
    """Four times the steps for the pairs of scales that do not get there in a thousand."""
    lost = {
        "sinusoidal": (
            (1 / 64, 1),
            (1 / 64, 8),
            (1 / 8, 1 / 64),
            (1 / 8, 8),
            (1, 1 / 64),
            (1, 1 / 8),
        ),
        "learned": ((1 / 64, 1), (1 / 64, 8), (1 / 8, 8), (1, 1 / 64)),
    }
    loud = tuple((8, position) for position in SCALES[:3])
    for seed, encoding in itertools.product(seeds("scale longer"), lost):
        for token, position in lost[encoding] + loud:
            yield Run(
                "scale longer", "reverse", encoding, seed, steps=4000,
                token_scale=float(token), position_scale=float(position),
            )  # fmt: skip


def _width() -> Iterator[Run]:
    """Adding against concatenating where width is scarce."""
    for seed, width, encoding in itertools.product(
        seeds("width"), (16, 24), ("sinusoidal", "learned", *JOINED)
    ):
        yield Run("width", "reverse", encoding, seed, d_model=width)


def _norm() -> Iterator[Run]:
    """Layer normalisation after each part, and none at all."""
    for seed, norm, encoding in itertools.product(
        seeds("norm"),
        ("post", "none"),
        ("none", "index", "fraction", "index vector", "sinusoidal", "learned", "rope"),
    ):
        yield Run("norm", "reverse", encoding, seed, norm=norm)


def _cut() -> Iterator[Run]:
    """Attention without the path around it."""
    for seed, task, encoding in itertools.product(
        seeds("cut"), ("reverse", "copy"), ("sinusoidal", "learned")
    ):
        yield Run("cut", task, encoding, seed, residual=False)


def _lengths() -> Iterator[Run]:
    """Training on lengths 8 to 16 together."""
    for seed, task, encoding in itertools.product(
        seeds("lengths"),
        ("reverse", "copy"),
        ("index vector", "fraction vector", "sinusoidal", "learned", *RELATIVE),
    ):
        yield Run("lengths", task, encoding, seed, shortest=8)


def _rate() -> Iterator[Run]:
    """A third and three times the learning rate, before anything is called a loser."""
    asked = [("reverse", e) for e in ("sinusoidal", "learned", "index vector", *RELATIVE)]
    asked += [("copy", e) for e in ("sinusoidal", "learned", "alibi")]
    for seed, lr, (task, encoding) in itertools.product(seeds("rate"), (3e-4, 3e-3), asked):
        yield Run("rate", task, encoding, seed, lr=lr)


def _longer() -> Iterator[Run]:
    """Four times the steps, for what does not get there."""
    for seed in seeds("longer"):
        yield Run("longer", "majority", "index vector", seed, steps=4 * STEPS["majority"])
        for task, encoding in (
            *(("reverse", e) for e in ("index vector", *RELATIVE)),
            ("copy", "alibi"),
        ):
            yield Run("longer", task, encoding, seed, steps=4000)


def _longest() -> Iterator[Run]:
    """Sixteen times the steps, for what does not get there in four times either."""
    for seed, (task, encoding) in itertools.product(
        seeds("longest"), (("copy", "alibi"), ("reverse", "alibi"), ("reverse", "t5"))
    ):
        yield Run("longest", task, encoding, seed, steps=16_000)


def _waves() -> Iterator[Run]:
    """Sinusoids over 64 places, for what each band of waves does in a trained model."""
    for seed, task in itertools.product(seeds("waves"), ("order", "copy", "reverse")):
        yield Run("waves", task, "sinusoidal", seed, length=64, shortest=64)


def _featured() -> Iterator[Run]:
    """A few runs whose tables and attention are kept through training."""
    for task in ("reverse", "copy"):
        yield Run("featured", task, "learned", 0, snapshots=True)
        yield Run("featured", task, "sinusoidal", 0, snapshots=True)
    yield Run("featured", "copy", "learned", 0, shortest=8, rows=24, snapshots=True)
    yield Run("featured", "reverse", "learned", 0, position_scale=1 / 64, snapshots=True)
    yield Run("featured", "reverse", "learned", 0, position_scale=1 / 8, snapshots=True)
    yield Run("featured", "copy", "learned", 0, position_scale=1 / 64, snapshots=True)
    yield Run(
        "featured", "copy", "learned", 0, shortest=8, rows=24, position_scale=1 / 8, snapshots=True
    )
    yield Run(
        "featured", "text", "learned", 0, causal=True, steps=STEPS["text"], length=64, shortest=64,
        position_scale=1 / 8, snapshots=True,
    )  # fmt: skip


STUDIES: Final = {
    "core": _core,
    "featured": _featured,
    "width": _width,
    "cut": _cut,
    "lengths": _lengths,
    "causal": _causal,
    "scale": _scale,
    "norm": _norm,
    "text": _text,
    "waves": _waves,
    "rate": _rate,
    "longer": _longer,
    "scale longer": _scale_longer,
    "longest": _longest,
}


def sweep(studies: list[str] | None = None) -> list[Run]:
    """All runs of the book, in the order in which they are run, none of them twice."""
    seen: dict[str, Run] = {}
    for name in studies or STUDIES:
        if name not in STUDIES:
            raise ValueError(f"study={name!r} is unknown; it must be one of {', '.join(STUDIES)}")
        for run in STUDIES[name]():
            seen.setdefault(run.key, run)
    return list(seen.values())
