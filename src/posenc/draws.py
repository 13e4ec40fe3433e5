"""Numbers that look random and are the same wherever they are drawn: in NumPy and in a page.

Each is a hash of what it is for (a name, a seed, a position, a channel), so it needs no generator
that two languages would have to share, and any one of them can be had without those before it.
``js/draws.js`` is the same module in JavaScript, held equal by a test.

The hash is lowbias32, which mixes 32 bits so that a change of any input bit changes each output bit
with a probability near one half. It is no cipher.

Source: Chris Wellons, "Prospecting for Hash Functions" (2018), and its program hash-prospector.
Normal numbers: Box and Muller, "A Note on the Generation of Random Normal Deviates" (1958).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from posenc.checks import Floats

Keys: TypeAlias = NDArray[np.uint32]
"""Keys as an array of uint32, of any shape."""

_WORD = 1 << 32
_STEP = 0x9E3779B9  # 2^32 over the golden ratio: multiples of it are spread evenly
_START = 0x6A09E667  # any number but 0, which lowbias32 leaves where it is


def mix(words: Keys) -> Keys:
    """lowbias32 of each word, a permutation of the 32-bit numbers.

    Args:
        words: uint32, any shape.

    Returns:
        uint32 of the same shape.
    """
    x = np.array(words, dtype=np.uint32)
    x ^= x >> 16
    x *= np.uint32(0x7FEB352D)
    x ^= x >> 15
    x *= np.uint32(0x846CA68B)
    x ^= x >> 16
    return x


def key(text: str, seed: int = 0) -> Keys:
    """A key of 32 bits for a text and a seed: what the draws below start from.

    Args:
        text: any text; its UTF-8 bytes count. A lone surrogate, which UTF-8 cannot hold, counts as
            U+FFFD, as it does in a browser.
        seed: a whole number from 0 to 2^53.

    Returns:
        Shape (1,).
    """
    # Through UTF-16, the browser's own form: there two halves that meet are one character.
    units = text.encode("utf-16-le", errors="surrogatepass")
    h = _START
    for byte in units.decode("utf-16-le", errors="replace").encode():
        h = _mix(h ^ byte)
    return below(np.array([h], dtype=np.uint32), np.array([float(seed)]))


def _mix(x: int) -> int:
    """lowbias32 of one word: as `mix`, without the cost of an array."""
    x = ((x ^ (x >> 16)) * 0x7FEB352D) % _WORD
    x = ((x ^ (x >> 15)) * 0x846CA68B) % _WORD
    return x ^ (x >> 16)


def below(keys: Keys, numbers: Floats) -> Keys:
    """A key for each whole number, below a key.

    Args:
        keys: uint32, any shape that goes with that of the numbers.
        numbers: whole numbers from -2^53 to 2^53, as float64.

    Returns:
        uint32 of their common shape.
    """
    low = np.mod(numbers, _WORD).astype(np.uint32)
    high = np.mod(np.floor(numbers / _WORD), _WORD).astype(np.uint32)
    return mix(mix(keys ^ low) + high + np.uint32(_STEP))


def uniform(keys: Keys, n: int) -> Floats:
    """n numbers for each key, uniform between 0 and 1, neither of them reached.

    Args:
        keys: uint32, any shape.
        n: how many.

    Returns:
        The shape of the keys, and n.
    """
    steps = np.arange(1, n + 1, dtype=np.uint64) * _STEP % _WORD
    words = mix(np.asarray(keys)[..., None] + steps.astype(np.uint32))
    return (words.astype(np.float64) + 0.5) / _WORD


def normals(text: str, n: int, seed: int = 0) -> Floats:
    """n numbers decided by a text and a seed, normally distributed: mean 0, variance 1.

    Args:
        text: as for :func:`key`. Two keys of 32 bits are taken from it, so that no two texts that
            anyone will meet share their numbers.
        n: how many.
        seed: a whole number from 0 to 2^53.

    Returns:
        Shape (n,). None is beyond 6.8. The first of them do not depend on n.
    """
    size = np.sqrt(-2.0 * np.log(uniform(key(f"size {text}", seed), n)[0]))
    side = np.cos(2.0 * np.pi * uniform(key(f"side {text}", seed), n)[0])
    return np.asarray(size * side, dtype=np.float64)
