"""Positional encodings: positions in, array out.

This module has the naive encodings, the sinusoidal one and its counter-examples;
:mod:`posenc.alternatives` has the others, and nothing else in the book computes an encoding. Their
twins in JavaScript, ``js/encodings.js`` and ``js/alternatives.js``, are held equal by tests.

Notation, the same in the whole book: ``t`` a position, ``d`` the width (``d_model``), ``i`` a pair
(0 .. d/2-1), ``j`` a channel (0 .. d-1), ``b`` the base, ``omega_i = b^(-2i/d)`` the frequency of
pair ``i`` in radians per position. Never ``i`` for a channel.

Conventions of every function here:

- ``positions`` is a length (an int L stands for 0 .. L-1) or any one-dimensional array of finite
  real numbers, negative and fractional ones included. An array of more dimensions is refused: the
  result is always a table of shape (n, d_model), one row for each position, float64.
- bad input is refused by :mod:`posenc.checks`: ``ValueError`` for a value out of range,
  ``TypeError`` for a value of the wrong kind.

Sources: *the paper* is Vaswani et al., "Attention Is All You Need" (2017), section 3.5.
*tensor2tensor* is the code published with it, ``get_timing_signal_1d`` in
``tensor2tensor/layers/common_attention.py``, which lays out and spaces its waves differently.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posenc import checks, draws
from posenc.checks import Floats, Positions

BASE: Final = 10000.0
"""The paper's base."""

LAYOUTS: Final = ("interleaved", "halves")
"""sin, cos, sin, cos, ... (the paper) or all sines, then all cosines (tensor2tensor)."""

SPACINGS: Final = ("paper", "tensor2tensor")
"""omega_i = b^(-2i/d) (the paper) or b^(-i / (d/2 - 1)) (tensor2tensor)."""

TURN: Final = 2.0 * math.pi


# -- naive encodings -----------------------------------------------------------------------------


def index(positions: Positions, d_model: int = 1) -> Floats:
    """The position itself, on every channel.

    Args:
        positions: a length, or n positions.
        d_model: the width d, positive, odd or even.

    Returns:
        Shape (n, d): row t holds t, d times.
    """
    t = checks.positions(positions)
    return np.repeat(t[:, None], checks.width(d_model, paired=False), axis=1)


def fraction(positions: Positions, d_model: int = 1, *, length: int | None = None) -> Floats:
    """The position as a fraction of the sentence: 0 at its first token, 1 at its last.

    Args:
        positions: a length, or n positions between 0 and length - 1.
        d_model: the width d, positive, odd or even.
        length: the length L of the sentence. By default the shortest that holds the positions, so
            that ``fraction(L)`` and ``fraction(range(L))`` are the same table.

    Returns:
        Shape (n, d): row t holds t / (L - 1), d times; a sentence of one token holds 0.

    Raises:
        ValueError: a position lies outside the sentence, where its fraction would leave [0, 1].
    """
    t = checks.positions(positions)
    width = checks.width(d_model, paired=False)
    if length is None:
        last = float(math.floor(t.max())) if t.size else 0.0
        if t.size and t.max() > last:
            last += 1.0
    else:
        last = float(checks.length(length, least=1) - 1)
    outside = t[(t < 0) | (t > last)]
    if outside.size:
        raise ValueError(
            f"positions holds {outside[0]:g}, outside a sentence of length {last + 1:g}; "
            f"every position must be between 0 and {last:g}"
        )
    return np.repeat((t / max(last, 1.0))[:, None], width, axis=1)


def binary(positions: Positions, d_model: int) -> Floats:
    """The position in binary: channel j holds bit j, the fastest bit first.

    Args:
        positions: a length, or n whole positions from 0 to 2^d - 1.
        d_model: the width d, the number of bits, positive, odd or even.

    Returns:
        Shape (n, d), every value 0 or 1: channel j holds floor(t / 2^j) mod 2.

    Raises:
        ValueError: a position is negative, not whole, above 2^53, or needs more than d bits.
    """
    t = checks.positions(positions)
    width = checks.width(d_model, paired=False)
    bad = t[(t < 0) | (t != np.floor(t)) | (t > 2.0**53)]
    if bad.size:
        raise ValueError(
            f"positions holds {bad[0]:g}; a binary code needs whole positions from 0 to 2^53"
        )
    if t.size and t.max() >= 2.0 ** min(width, 1000):
        need = int(t.max()).bit_length()
        raise ValueError(
            f"d_model={width} has too few bits for position {t.max():g}; it must be at least {need}"
        )
    # Exact in float64: a division by a power of two only moves the exponent.
    shift = 2.0 ** np.minimum(np.arange(width), 1000)
    return np.mod(np.floor(t[:, None] / shift), 2.0)


def softened(positions: Positions, d_model: int, *, softness: float = 0.0) -> Floats:
    """The binary counter with the corners of its digits rounded off, up to plain sine waves.

    Bit j is a square wave: 2^j positions of 0, then 2^j positions of 1. Put its jumps half way
    between two positions, and it is 1 where the sine of theta = pi (t + 1/2) / 2^j is negative.
    Here the jump is rounded: the value is (1 - s) / 2 with s the sine of the angle whose tangent
    is tan(theta) / softness.

    Args:
        positions: a length, or n positions; between two whole ones the waves go on.
        d_model: the width d, the number of digits, positive, odd or even.
        softness: from 0, the bits of :func:`binary`, to 1, one sine wave a digit, of the same
            period 2^(j+1): with omega_j = pi / 2^j, (1 - sin(omega_j (t + 1/2))) / 2.

    Returns:
        Shape (n, d), values in [0, 1], the fastest digit first. With softness 0 it equals
        ``binary`` at every whole position from 0 to 2^d - 1; a corner itself, half way between two
        positions, has the value 1/2.
    """
    t = checks.positions(positions)
    width = checks.width(d_model, paired=False)
    soft = checks.finite(softness, "softness", "a number from 0 to 1")
    if not 0.0 <= soft <= 1.0:
        raise ValueError(f"softness={softness} must be a number from 0 to 1")
    theta = math.pi * (t[:, None] + 0.5) / 2.0 ** np.minimum(np.arange(width), 1000)
    sine = np.sin(theta)
    size = np.hypot(sine, soft * np.cos(theta))
    return (1.0 - np.divide(sine, size, out=np.zeros_like(sine), where=size > 0)) / 2.0


# -- the sinusoidal encoding ---------------------------------------------------------------------


def frequencies(d_model: int, *, base: float = BASE, spacing: str = "paper") -> Floats:
    """The frequency of each pair, in radians per position.

    Args:
        d_model: the width d, positive and even.
        base: the base b, above 0.
        spacing: "paper", omega_i = b^(-2i/d); or "tensor2tensor", omega_i = b^(-i / (d/2 - 1)),
            which reaches 1/b exactly (with d = 2 its divisor is taken as 1, as in its code).

    Returns:
        Shape (d/2,), omega_0 = 1 first.

    Source: the paper, section 3.5; tensor2tensor, ``get_timing_signal_1d``.
    """
    d = checks.width(d_model)
    b = checks.base(base)
    i = np.arange(d // 2, dtype=np.float64)
    if checks.choice(spacing, "spacing", SPACINGS) == "paper":
        return power(b, -2.0 * i / d)
    return power(b, -i / max(d // 2 - 1, 1))


def power(b: float, exponent: Floats) -> Floats:
    """b to each exponent; refused where float64 overflows, which only extreme bases reach."""
    with np.errstate(over="ignore"):
        result = np.power(b, exponent)
    if not np.isfinite(result).all():
        raise ValueError(
            f"base={b:g} gives frequencies that overflow; it must be a number nearer to 1"
        )
    return result


def wavelengths(d_model: int, *, base: float = BASE, spacing: str = "paper") -> Floats:
    """The wavelength of each pair: positions per full turn, 2 pi / omega_i.

    Args, errors and source as for :func:`frequencies`.

    Returns:
        Shape (d/2,), 2 pi first. With the paper's spacing the last is 2 pi b^(1 - 2/d), which is
        below 2 pi b.
    """
    return TURN / frequencies(d_model, base=base, spacing=spacing)


def base_for(wavelength: float, pair: int, d_model: int) -> float:
    """The base at which a pair has a given wavelength: the inverse of :func:`wavelengths`.

    Args:
        wavelength: in positions, above 0.
        pair: the pair i, from 1 to d/2 - 1; pair 0 has the wavelength 2 pi at every base.
        d_model: the width d, at least 4 and even.

    Returns:
        (wavelength / 2 pi)^(d / 2i), with the paper's spacing.
    """
    d = checks.width(d_model)
    i = checks.whole(pair, "pair", least=1)
    if i >= d // 2:
        raise ValueError(f"pair={pair} is too large; d_model={d} has pairs 1 to {d // 2 - 1} here")
    length = checks.finite(wavelength, "wavelength", "a finite number of positions above 0")
    if length <= 0:
        raise ValueError(
            f"wavelength={wavelength} is not above 0; it must be a number of positions above 0"
        )
    try:
        return float((length / TURN) ** (d / (2 * i)))
    except OverflowError:
        raise ValueError(
            f"wavelength={wavelength} is too large for pair={i} of d_model={d}: "
            f"no float64 is a base that gives it; it must be smaller, or the pair a later one"
        ) from None


def channel_map(
    d_model: int, *, layout: str = "interleaved"
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Which pair each channel belongs to, and whether it is the pair's cosine.

    Args:
        d_model: the width d, positive and even.
        layout: "interleaved", channel j is in pair j // 2 and odd channels are cosines; or
            "halves", channel j is in pair j mod d/2 and the second half are cosines.

    Returns:
        ``(pair, is_cosine)``, each of shape (d,).
    """
    d = checks.width(d_model)
    j = np.arange(d)
    if checks.choice(layout, "layout", LAYOUTS) == "interleaved":
        return j // 2, j % 2 == 1
    return j % (d // 2), j >= d // 2


def channel_of(pair: int, is_cosine: bool, d_model: int, *, layout: str = "interleaved") -> int:
    """The channel j that holds the sine or the cosine of a pair: the inverse of `channel_map`.

    Args:
        pair: the pair i, from 0 to d/2 - 1.
        is_cosine: whether its cosine is asked for.
        d_model: the width d, positive and even.
        layout: "interleaved" or "halves".
    """
    d = checks.width(d_model)
    i = checks.whole(pair, "pair", least=0)
    if i >= d // 2:
        raise ValueError(f"pair={pair} is too large; d_model={d} has pairs 0 to {d // 2 - 1}")
    if checks.choice(layout, "layout", LAYOUTS) == "interleaved":
        return 2 * i + int(is_cosine)
    return i + (d // 2) * int(is_cosine)


def sinusoidal(
    positions: Positions,
    d_model: int,
    *,
    base: float = BASE,
    layout: str = "interleaved",
    spacing: str = "paper",
) -> Floats:
    """The sinusoidal encoding: for each pair i the sine and the cosine of omega_i t.

    Args:
        positions: a length, or n positions.
        d_model: the width d, positive and even.
        base: the base b, above 0.
        layout: "interleaved" (the paper) or "halves" (tensor2tensor); see :func:`channel_map`.
        spacing: "paper" or "tensor2tensor"; see :func:`frequencies`.

    Returns:
        Shape (n, d), values in [-1, 1]; every row has norm sqrt(d/2).

    Source: the paper, section 3.5: PE(t, 2i) = sin(t / b^(2i/d)), PE(t, 2i+1) = cos(the same).
    """
    return evaluate(positions, channel_waves(d_model, base=base, layout=layout, spacing=spacing))


# -- the well-known mistakes ---------------------------------------------------------------------


@dataclass(frozen=True)
class Mistake:
    """A way to get the formula wrong that is found in published code.

    Attributes:
        name: the name by which :func:`mistaken` knows it.
        says: what the code does, in a sentence.
        formula: the frequency it gives to channel j of pair i, in LaTeX, with c = 0 for the sine
            and c = 1 for the cosine of the pair, so that j = 2i + c in the paper's layout.
        found: where it was found, as GitHub "owner/repository#number" (an issue or pull request
            that reports it) or "owner/repository" (a book's code).
        keeps_pairs: whether sine and cosine of a pair still share their frequency.
    """

    name: str
    says: str
    formula: str
    found: tuple[str, ...]
    keeps_pairs: bool


MISTAKES: Final[dict[str, Mistake]] = {
    m.name: m
    for m in (
        Mistake(
            "channel as pair",
            "The channel j is put where the pair i belongs, so sine and cosine turn at different "
            "speeds and the slowest channels are far too slow.",
            r"b^{-2j/d}",
            # The last two loop over i = 0, 2, 4, ... and write 2i/d for the sine but 2(i+1)/d for
            # the cosine: in terms of the channel that is 2j/d for both, this very table.
            (
                "jadore801120/attention-is-all-you-need-pytorch#32",
                "shenweichen/DeepCTR#379",
                "DongjunLee/transformer-tensorflow#6",
                "SamLynnEvans/Transformer#25",
                "YutaroOgawa/pytorch_advanced#79",
            ),
            False,
        ),
        Mistake(
            "doubled twice",
            "The loop already steps i by two and the exponent doubles it again, so the wavelengths "
            "climb twice as fast.",
            r"b^{-4i/d}",
            ("Denis2054/Transformers-for-NLP-2nd-Edition",),
            True,
        ),
        Mistake(
            "off by one",
            "The cosine takes its exponent from its own channel, 2i+1 in place of 2i, so it turns "
            "a little slower than its sine.",
            r"b^{-j/d}",
            ("maxjcohen/transformer#62",),
            False,
        ),
        Mistake(
            "divided the wrong way",
            "The position is multiplied by b^(2i/d) where it should be divided by it, so the waves "
            "get faster along the row, not slower.",
            r"b^{2i/d}",
            ("goodfire-ai/spd#88",),
            True,
        ),
        Mistake(
            "floor division",
            "Half of d is written d//2, and -log(b) / d//2 is read from the left: Python divides "
            "by d, then by 2, and rounds down to a whole number. So each pair is slower than the "
            "last by the same factor, whatever d is: e squared once 2d exceeds log(b).",
            r"e^{2i \lfloor -\ln(b)/(2d) \rfloor}",
            # There for the two axes of an image, a quarter of the d channels for each wave (the
            # sine or the cosine of one axis), so its loop runs over half as many pairs as ours.
            ("zju3dv/LoFTR#41",),
            True,
        ),
    )
}
"""The mistakes that :func:`mistaken` can make, by name."""


def mistaken(
    positions: Positions,
    d_model: int,
    *,
    mistake: str,
    base: float = BASE,
    layout: str = "interleaved",
) -> Floats:
    """The table that a well-known mistake produces in place of the sinusoidal one.

    Args:
        positions: a length, or n positions.
        d_model: the width d, positive and even.
        mistake: a name in :data:`MISTAKES`.
        base: the base b, above 0.
        layout: the mistakes are made in the paper's formula, so j there is always 2i or 2i + 1;
            the layout only says in which order the channels are then stored.

    Returns:
        Shape (n, d), values in [-1, 1].

    Raises:
        ValueError: also when the mistake makes a frequency so large that it overflows.
    """
    name = checks.choice(mistake, "mistake", MISTAKES)
    return evaluate(positions, channel_waves(d_model, base=base, layout=layout, mistake=name))


@dataclass(frozen=True)
class Waves:
    """One wave for each channel: its frequency and whether it is a cosine.

    Attributes:
        omega: shape (d,), radians per position.
        is_cosine: shape (d,).
    """

    omega: Floats
    is_cosine: NDArray[np.bool_]

    @property
    def wavelengths(self) -> Floats:
        """Shape (d,), positions per full turn; infinite where a frequency is too small to hold."""
        with np.errstate(divide="ignore", over="ignore"):
            return TURN / self.omega


def channel_waves(
    d_model: int,
    *,
    base: float = BASE,
    layout: str = "interleaved",
    spacing: str = "paper",
    mistake: str | None = None,
) -> Waves:
    """The wave on each channel of the sinusoidal encoding, or of one of its mistakes.

    Args:
        d_model: the width d, positive and even.
        base: the base b, above 0.
        layout: "interleaved" or "halves".
        spacing: "paper" or "tensor2tensor"; a mistake is one in the paper's formula.
        mistake: a name in :data:`MISTAKES`, or None for the formula itself.

    Returns:
        :class:`Waves` with d channels.
    """
    d = checks.width(d_model)
    b = checks.base(base)
    pair, cosine = channel_map(d, layout=layout)
    omega = frequencies(d, base=b, spacing=spacing)[pair]
    if mistake is None:
        return Waves(omega, cosine)
    name = checks.choice(mistake, "mistake", MISTAKES)
    if spacing != "paper":
        raise ValueError(
            f"spacing={checks.shown(spacing)} does not go with mistake={checks.shown(name)}; "
            f'it must be "paper", the formula in which the mistake is made'
        )
    i = pair.astype(np.float64)
    j = 2.0 * i + cosine
    if name == "channel as pair":
        omega = power(b, -2.0 * j / d)
    elif name == "doubled twice":
        omega = power(b, -4.0 * i / d)
    elif name == "off by one":
        omega = power(b, -j / d)
    elif name == "divided the wrong way":
        omega = power(b, 2.0 * i / d)
    else:
        omega = power(math.e, 2.0 * i * (-math.log(b) / d // 2))
    return Waves(omega, cosine)


# -- counter-examples ----------------------------------------------------------------------------


def _graded(d: int, base: float, spacing: str) -> Floats:
    """d frequencies over the range that d/2 pairs would span: b^(-j/d), or b^(-j/(d-1))."""
    return frequencies(2 * d, base=base, spacing=spacing)


def sine_only(
    positions: Positions, d_model: int, *, base: float = BASE, spacing: str = "paper"
) -> Floats:
    """A counter-example: d sines of d different frequencies and no cosine.

    No fixed linear map takes row t to row t + k: sin(omega (t + k)) needs cos(omega t).

    Args:
        positions: a length, or n positions.
        d_model: the width d, positive, odd or even.
        base: the base b, above 0.
        spacing: "paper", channel j has frequency b^(-j/d); or "tensor2tensor", b^(-j/(d-1)).

    Returns:
        Shape (n, d), values in [-1, 1].
    """
    d = checks.width(d_model, paired=False)
    return evaluate(positions, Waves(_graded(d, base, spacing), np.zeros(d, dtype=bool)))


def cosine_only(
    positions: Positions, d_model: int, *, base: float = BASE, spacing: str = "paper"
) -> Floats:
    """A counter-example: d cosines of d different frequencies and no sine.

    It cannot even tell t from -t. Args and result as for :func:`sine_only`.
    """
    d = checks.width(d_model, paired=False)
    return evaluate(positions, Waves(_graded(d, base, spacing), np.ones(d, dtype=bool)))


def random_phase(
    positions: Positions,
    d_model: int,
    *,
    base: float = BASE,
    layout: str = "interleaved",
    spacing: str = "paper",
    seed: int = 0,
) -> Floats:
    """A counter-example: the sinusoidal encoding with each channel's phase drawn at random.

    The two waves of a pair keep their common frequency, so a fixed linear map from row t to row
    t + k still exists (it is no longer a rotation), but the dot product of two rows depends on
    both positions and no longer on their offset alone.

    Args:
        positions, d_model, base, layout, spacing: as for :func:`sinusoidal`.
        seed: a whole number of at least 0; the same seed gives the same phases.

    Returns:
        Shape (n, d), values in [-1, 1]: channel j of pair i holds sin(omega_i t + phi_j) with
        phi_j uniform between 0 and 2 pi.
    """
    waves = channel_waves(d_model, base=base, layout=layout, spacing=spacing)
    phase = TURN * draws.uniform(draws.key("random phases", checks.seed(seed)), waves.omega.size)
    return np.sin(angles(positions, waves.omega) + phase)


# -- exact means: what a pixel that holds many positions shows -----------------------------------


def pixel_mean(
    starts: Positions,
    run: int,
    d_model: int,
    *,
    base: float = BASE,
    layout: str = "interleaved",
    spacing: str = "paper",
    mistake: str | None = None,
) -> Floats:
    """The exact mean of each channel over runs of consecutive positions.

    The mean of sin(omega t), ..., sin(omega (t + m - 1)) is sin(omega (t + (m-1)/2)) times
    sin(m omega / 2) / (m sin(omega / 2)) (the Dirichlet kernel), and the same holds for cosines:
    no sum is taken, so a pixel that holds a thousand positions costs what one position costs.

    Args:
        starts: a length, or the n positions at which the runs start.
        run: how many positions m each run holds: t, t + 1, ..., t + m - 1; at least 1.
        d_model, base, layout, spacing, mistake: as for :func:`channel_waves`.

    Returns:
        Shape (n, d), values in [-1, 1].
    """
    t = checks.positions(starts, "starts")
    m = checks.whole(run, "run", least=1)
    waves = channel_waves(d_model, base=base, layout=layout, spacing=spacing, mistake=mistake)
    return dirichlet(waves.omega, m) * evaluate(t + (m - 1) / 2.0, waves)


# pi as a sum of two floats, so that a multiple of pi can be taken off without losing digits.
_PI_HIGH = 3.141592653589793
_PI_LOW = 1.2246467991473532e-16


def dirichlet(omega: Floats, run: int) -> Floats:
    """The factor by which averaging over m consecutive positions shrinks a wave.

    Args:
        omega: frequencies in radians per position, any shape.
        run: m, at least 1.

    Returns:
        The shape of omega: sin(m omega / 2) / (m sin(omega / 2)), 1 at omega = 0, in [-1, 1].
    """
    m = checks.whole(run, "run", least=1)
    # Both sines vanish at multiples of pi. Near one, take it off first: what is left is small and
    # exact, and the quotient of the two small sines is as exact as they are.
    half = np.asarray(omega, dtype=np.float64) / 2.0
    turns = np.rint(half / np.pi)
    x = (half - turns * _PI_HIGH) - turns * _PI_LOW
    sign = np.where((turns * (m - 1)) % 2 == 0, 1.0, -1.0)
    bottom = m * np.sin(x)
    flat = bottom == 0
    return np.where(flat, 1.0, np.sin(m * x) / np.where(flat, 1.0, bottom)) * sign


def angles(positions: Positions, omega: Floats) -> Floats:
    """The angle of each wave at each position, in radians.

    Args:
        positions: a length, or n positions.
        omega: frequencies in radians per position, shape (d,).

    Returns:
        Shape (n, d). Refused where float64 overflows.
    """
    with np.errstate(over="ignore"):
        angle = checks.positions(positions)[:, None] * omega
    if not np.isfinite(angle).all():
        raise ValueError(
            "positions times frequency overflows; positions and base must be less extreme"
        )
    return angle


def evaluate(positions: Positions, waves: Waves) -> Floats:
    """The value of each wave at each position: shape (n, d), values in [-1, 1]."""
    angle = angles(positions, waves.omega)
    # One sine call and one cosine call over contiguous halves beat a masked call over all.
    result = np.empty_like(angle)
    cosine = waves.is_cosine
    result[:, ~cosine] = np.sin(angle[:, ~cosine])
    result[:, cosine] = np.cos(angle[:, cosine])
    return result
