"""All encodings of the book under one roof: a name, what it needs, and its rows.

Tables that a model learned have no formula and end at a last row; they are in
:mod:`posenc.learned`.

``js/schemes.js`` is the same list in JavaScript, held equal by a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from posenc import alternatives, checks, encodings
from posenc.checks import Floats, Positions
from posenc.encodings import BASE


@dataclass(frozen=True)
class _Asked:
    """What an encoding may use beside positions and width; each takes what it needs."""

    base: float
    length: int | None
    seed: int


@dataclass(frozen=True)
class Scheme:
    """One encoding of the book.

    Attributes:
        name: its key in :data:`SCHEMES`.
        label: its name for people, as a menu shows it.
        says: what it is, in one line.
        encode: positions, width and what was asked for in; table out.
        paired: whether its channels come in pairs, so that the width must be even.
        whole: whether positions must be whole.
        sized: whether it depends on the length of the sentence.
        based: whether it depends on the base.
        seeded: whether it depends on the seed.
        bounded: whether its values stay in [-1, 1].
        scalar: whether it is one number, repeated on every channel.
    """

    name: str
    label: str
    says: str
    encode: Callable[[Positions, int, _Asked], Floats]
    paired: bool = False
    whole: bool = False
    sized: bool = False
    based: bool = False
    seeded: bool = False
    bounded: bool = True
    scalar: bool = False


_ALL = (
    Scheme(
        "index",
        "Index",
        "the position itself, on every channel",
        lambda t, d, _: encodings.index(t, d),
        bounded=False,
        scalar=True,
    ),
    Scheme(
        "fraction",
        "Fraction",
        "the position as a fraction of the sentence, from 0 to 1, on every channel",
        lambda t, d, asked: encodings.fraction(t, d, length=asked.length),
        sized=True,
        scalar=True,
    ),
    Scheme(
        "binary",
        "Binary",
        "the position in binary, the fastest bit first",
        lambda t, d, _: encodings.binary(t, d),
        whole=True,
    ),
    Scheme(
        "sinusoidal",
        "Sinusoidal",
        "the sine and the cosine of each of d/2 frequencies",
        lambda t, d, asked: encodings.sinusoidal(t, d, base=asked.base),
        paired=True,
        based=True,
    ),
    Scheme(
        "sine only",
        "Sine only",
        "the sine of each of d frequencies, and no cosine",
        lambda t, d, asked: encodings.sine_only(t, d, base=asked.base),
        based=True,
    ),
    Scheme(
        "cosine only",
        "Cosine only",
        "the cosine of each of d frequencies, and no sine",
        lambda t, d, asked: encodings.cosine_only(t, d, base=asked.base),
        based=True,
    ),
    Scheme(
        "random phases",
        "Random phases",
        "the sinusoidal encoding with each channel's phase drawn at random",
        lambda t, d, asked: encodings.random_phase(t, d, base=asked.base, seed=asked.seed),
        paired=True,
        based=True,
        seeded=True,
    ),
    Scheme(
        "random Fourier",
        "Random Fourier",
        "the sine and the cosine of each of d/2 frequencies drawn at random",
        lambda t, d, asked: alternatives.random_fourier(t, d, base=asked.base, seed=asked.seed),
        paired=True,
        based=True,
        seeded=True,
    ),
    Scheme(
        "triangle",
        "Triangle",
        "the sinusoidal encoding with triangle waves in place of sines and cosines",
        lambda t, d, asked: alternatives.triangle(t, d, base=asked.base),
        paired=True,
        based=True,
    ),
    Scheme(
        "random table",
        "Random table",
        "independent random numbers, drawn once",
        lambda t, d, asked: alternatives.random_table(t, d, seed=asked.seed),
        whole=True,
        seeded=True,
    ),
    Scheme(
        "redrawn",
        "Redrawn",
        "a random table, drawn anew each time it is asked for",
        lambda t, d, asked: alternatives.redrawn(t, d, seed=asked.seed),
        whole=True,
        seeded=True,
    ),
)

SCHEMES: Final[dict[str, Scheme]] = {scheme.name: scheme for scheme in _ALL}
"""Every encoding by its name, in the book's order."""


def rows(
    name: str,
    positions: Positions,
    d_model: int,
    *,
    base: float = BASE,
    length: int | None = None,
    seed: int = 0,
) -> Floats:
    """The rows of an encoding, whichever it is.

    Args:
        name: a key of :data:`SCHEMES`.
        positions: a length, or n positions; whole ones where the scheme is ``whole``.
        d_model: the width d, positive; even where the scheme is ``paired``.
        base: the base b, above 0; used where the scheme is ``based``.
        length: the length of the sentence, used where the scheme is ``sized``. By default the
            shortest that holds the positions.
        seed: a whole number from 0 to 2^53; used where the scheme is ``seeded``.

    Returns:
        Shape (n, d).

    Raises:
        ValueError: as the encoding itself does; "binary" for instance, when position t does not fit
            into d bits, names the width that would do.
    """
    scheme = SCHEMES[checks.choice(name, "name", SCHEMES)]
    asked = _Asked(
        base=checks.base(base),
        length=None if length is None else checks.length(length, least=1),
        seed=checks.seed(seed),
    )
    return scheme.encode(positions, d_model, asked)
