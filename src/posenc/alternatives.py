"""Encodings that were not chosen: what the sinusoidal one is compared with.

The naive encodings and the counter-examples made of sinusoidal waves are in
:mod:`posenc.encodings`; :mod:`posenc.schemes` lists all of them. Conventions are the same:
positions in, a float64 table of shape (n, d) out, bad input refused.

``js/alternatives.js`` has these formulas in JavaScript, held equal by a test.
"""

from __future__ import annotations

import itertools

import numpy as np

from posenc import checks, draws
from posenc.checks import Floats, Positions
from posenc.encodings import BASE, TURN, Waves, angles, channel_map, evaluate, frequencies, power


def random_frequencies(d_model: int, *, base: float = BASE, seed: int = 0) -> Floats:
    """The frequencies that :func:`random_fourier` draws, in radians per position.

    Args:
        d_model: the width d, positive and even.
        base: the base b, above 0.
        seed: a whole number of at least 0.

    Returns:
        Shape (d/2,): b^(-u) with u uniform between 0 and 1, in the order in which they are drawn.
    """
    d = checks.width(d_model)
    b = checks.base(base)
    u = draws.uniform(_key("random Fourier", seed), d // 2)[0]
    return power(b, -u)


def random_fourier(
    positions: Positions, d_model: int, *, base: float = BASE, seed: int = 0
) -> Floats:
    """The sine and the cosine of d/2 frequencies drawn at random.

    A sine and a cosine of one frequency turn by a fixed angle when t grows by k, whatever the
    frequency is. So a fixed linear map from row t to row t + k exists here too, it is a rotation,
    and the dot product of two rows depends on their offset alone: none of this needs the
    frequencies to be a geometric sequence.

    Frequencies are drawn uniformly on a logarithmic scale between 1/b and 1 (and not from a normal
    distribution, the usual choice for a Gaussian kernel): the sinusoidal encoding spaces its own
    evenly on that scale over that range, so the two differ in the spacing and in nothing else.

    Args:
        positions: a length, or n positions.
        d_model: the width d, positive and even.
        base: the base b, above 0.
        seed: a whole number of at least 0; the same seed gives the same frequencies.

    Returns:
        Shape (n, d), values in [-1, 1], interleaved: channels 2i and 2i + 1 hold the sine and the
        cosine of frequency i. Every row has norm sqrt(d/2).

    Source: Rahimi and Recht, "Random Features for Large-Scale Kernel Machines" (2007): the dot
    product, over d/2, estimates the kernel whose spectrum the frequencies are drawn from.
    """
    pair, cosine = channel_map(d_model)
    omega = random_frequencies(d_model, base=base, seed=seed)
    return evaluate(positions, Waves(omega[pair], cosine))


def triangle(positions: Positions, d_model: int, *, base: float = BASE) -> Floats:
    """The sinusoidal encoding with triangle waves in place of sines and cosines.

    Wavelengths, amplitudes and the quarter turn between the two waves of a pair are the sinusoid's;
    only the shape differs. Between its corners a triangle wave moves in equal steps, but no fixed
    linear map takes row t to row t + k.

    Args:
        positions: a length, or n positions.
        d_model: the width d, positive and even.
        base: the base b, above 0.

    Returns:
        Shape (n, d), values in [-1, 1]. Like its sine, an even channel is 0 at t = 0 and rises;
        like its cosine, an odd one is 1 there.
    """
    pair, cosine = channel_map(d_model)
    omega = frequencies(d_model, base=base)[pair]
    # In turns; a sine is a cosine a quarter of a turn later.
    turns = angles(positions, omega) / TURN - 0.25 * ~cosine
    return np.asarray(1.0 - 4.0 * np.abs(np.rint(turns) - turns), dtype=np.float64)


def random_table(positions: Positions, d_model: int, *, seed: int = 0) -> Floats:
    """A table of independent random numbers: positions that have nothing to do with each other.

    This is where a learned table starts before it is trained.

    Args:
        positions: a length, or n whole positions from -2^53 to 2^53. Between two rows of a table
            there is nothing.
        d_model: the width d, positive, odd or even.
        seed: a whole number of at least 0; the same seed gives the same table. Row t does not
            depend on which other positions are asked for.

    Returns:
        Shape (n, d), values uniform in (-1, 1).

    Raises:
        ValueError: a position is not whole, or its size is above 2^53.
    """
    t = checks.positions(positions)
    d = checks.width(d_model, paired=False)
    bad = t[(t != np.floor(t)) | (np.abs(t) > 2.0**53)]
    if bad.size:
        raise ValueError(
            f"positions holds {bad[0]:g}; a table has whole positions only, from -2^53 to 2^53"
        )
    return 2.0 * draws.uniform(draws.below(_key("random table", seed), t), d) - 1.0


_calls = itertools.count()


def redrawn(positions: Positions, d_model: int, *, seed: int = 0) -> Floats:
    """A random table that is drawn anew at each call: an encoding that is not deterministic.

    Args and errors as for :func:`random_table`.

    Returns:
        Shape (n, d), values uniform in (-1, 1): another table at every call, whatever the seed. In
        a fresh process the first call gives the same table again, so that a book that shows one
        can be built twice.
    """
    fresh = draws.below(_key("redrawn", seed), np.array([float(next(_calls))]))
    return random_table(positions, d_model, seed=int(fresh[0]))


def _key(name: str, seed: int) -> draws.Keys:
    return draws.key(name, checks.seed(seed))
