"""What is to be learnt: sequences and answers, and how well one can do without knowing places.

Answers are -1 where nothing is asked. Every task but ``text`` draws its tokens evenly.

- reverse: position t of n gives the token of position n - 1 - t (asks for an absolute place).
- copy: the token three back (asks for a relative place); the first three are not asked.
- order: does token 0 stand before token 1? Each is there once (one answer for the sequence).
- majority: are there more tokens above 7 than below 8? (needs no place; ties are redrawn).
- text: the next character of the King James Bible.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache

import numpy as np
from numpy.typing import NDArray

from experiments.training.configs import VOCABULARY

Ints = NDArray[np.int64]

BACK = 3


def draw(task: str, rng: np.random.Generator, n: int, length: int) -> tuple[Ints, Ints]:
    """n sequences, shape (n, length), and their answers: the same shape, or (n,)."""
    if task == "text":
        return _excerpts(rng, n, length)
    x = rng.integers(0, VOCABULARY, (n, length))
    if task == "reverse":
        return x, x[:, ::-1].copy()
    if task == "copy":
        y = np.full_like(x, -1)
        y[:, BACK:] = x[:, :-BACK]
        return x, y
    if task == "order":
        x = rng.integers(2, VOCABULARY, (n, length))
        places = np.argsort(rng.random((n, length)), axis=1)[:, :2]
        np.put_along_axis(x, places, np.array([[0, 1]]), axis=1)
        return x, (places[:, 0] < places[:, 1]).astype(np.int64)
    if task != "majority":
        raise ValueError(f"task={task!r} has no sequences here; draw must be told of it")
    half = VOCABULARY // 2
    while (tie := 2 * (x >= half).sum(axis=1) == length).any():
        x[tie] = rng.integers(0, VOCABULARY, (int(tie.sum()), length))
    return x, (2 * (x >= half).sum(axis=1) > length).astype(np.int64)


def order_apart(rng: np.random.Generator, n: int, length: int, apart: int) -> tuple[Ints, Ints]:
    """Sequences of the task ``order`` whose two tokens stand ``apart`` places from each other."""
    x = rng.integers(2, VOCABULARY, (n, length))
    first = rng.integers(0, length - apart, (n, 1))
    y = rng.integers(0, 2, n)
    np.put_along_axis(x, first, 1 - y[:, None], axis=1)
    np.put_along_axis(x, first + apart, y[:, None], axis=1)
    return x, y


def classes(task: str) -> int:
    """How many answers there are to choose from."""
    return 2 if task in ("order", "majority") else vocabulary(task)


def vocabulary(task: str) -> int:
    """How many tokens there are."""
    return len(alphabet()) if task == "text" else VOCABULARY


def pooled(task: str) -> bool:
    """Is there one answer for a whole sequence?"""
    return task in ("order", "majority")


def ceiling(task: str, length: int, *, causal: bool = False, n: int = 20_000) -> float:
    """The best accuracy of a guess that sees which tokens there are and not where.

    It knows the token at the place that is asked for, and the bag of the others (under a causal
    mask, of those before it): for reverse and copy the best guess is the most frequent of them.
    """
    if task == "majority":
        return 1.0
    if task == "order":
        return 0.5
    rng = np.random.default_rng(0)
    x, y = draw(task, rng, n, length)
    right = []
    for t in range(length):
        if y[0, t] < 0:
            continue
        others = x[:, :t] if causal else np.delete(x, t, axis=1)
        counts = np.stack([(others == token).sum(axis=1) for token in range(VOCABULARY)])
        right.append((counts.max(axis=0) / others.shape[1]).mean())
    return float(np.mean(right))


@cache
def alphabet() -> str:
    """The characters of the text."""
    return "".join(sorted(set(_text())))


def verses() -> list[str]:
    """The verses of the text, in order."""
    return [verse for verse in _text().splitlines() if verse]


@cache
def _text() -> str:
    """The whole text, a verse a line, as Debian's packages bible-kjv and bible-kjv-text give it."""
    program = shutil.which("bible")
    if program is None:
        raise FileNotFoundError("there is no program `bible`; on Debian: apt install bible-kjv")
    asked = [program, "-f", "gen1:1-rev22:21"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return re.sub(r"^\S+ ", "", told, flags=re.M)


@cache
def _codes() -> tuple[Ints, Ints]:
    """The text as numbers: the first nine tenths to train on, the rest to evaluate on."""
    known = {c: i for i, c in enumerate(alphabet())}
    codes = np.array([known[c] for c in _text()], dtype=np.int64)
    cut = len(codes) * 9 // 10
    return codes[:cut], codes[cut:]


def _excerpts(rng: np.random.Generator, n: int, length: int) -> tuple[Ints, Ints]:
    return excerpts(rng, n, length, held_out=False)


def excerpts(rng: np.random.Generator, n: int, length: int, *, held_out: bool) -> tuple[Ints, Ints]:
    """Pieces of the text and, for each character, the one after it."""
    codes = _codes()[held_out]
    starts = rng.integers(0, len(codes) - length - 1, n)
    pieces = codes[starts[:, None] + np.arange(length + 1)]
    return pieces[:, :-1], pieces[:, 1:]
