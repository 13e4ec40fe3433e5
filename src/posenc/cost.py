"""What it costs to add positions, and what to put them beside the tokens: parameters and arithmetic.

Counted for the plain encoder layer of Vaswani et al. (2017), section 3: queries, keys, values and
output of width d, a feed-forward part four times as wide, biases and two layer normalisations.
Fixed encodings have no parameters. ``js/cost.js`` is the twin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from posenc import checks

WAYS: Final = ("add", "concat total", "concat token", "concat project")
"""Add; concatenate within the width (half tokens, half positions); concatenate beside the whole width
(half a width more); concatenate a whole width more and project back to the width."""

WIDE: Final = 4


@dataclass(frozen=True)
class Price:
    """What one way of combining costs.

    Attributes:
        width: of what the layers read.
        token: the width left to the tokens' own vectors.
        parameters: of all layers and of the projection, without the table of tokens.
        flops: of one forward pass for one token of a sequence, a multiplication and an addition
            counted as two.
    """

    width: int
    token: int
    parameters: int
    flops: int


def widths(how: str, d_model: int) -> tuple[int, int, int]:
    """The widths of token, position and layers: ``widths("concat token", 64)`` gives (64, 32, 96)."""
    d = checks.width(d_model)
    half = d // 2
    return {
        "add": (d, d, d),
        "concat total": (half, half, d),
        "concat token": (d, half, d + half),
        "concat project": (d, d, d),
    }[checks.choice(how, "how", WAYS)]


def layer_parameters(width: int) -> int:
    """The parameters of one layer of a width: 12 d^2 + 13 d."""
    d = checks.width(width, "width", paired=False)
    attention = 4 * (d * d + d)
    wide = 2 * WIDE * d * d + WIDE * d + d
    norms = 2 * 2 * d
    return attention + wide + norms


def layer_flops(width: int, length: int) -> int:
    """The arithmetic of one layer for one token of a sequence, norms and softmax left out.

    2 (4 d^2 + 2 * 4 d^2) for the matrices, and 4 L d for scores and weighted sum.
    """
    d = checks.width(width, "width", paired=False)
    n = checks.length(length, least=1)
    return 2 * (4 + 2 * WIDE) * d * d + 4 * n * d


def price(how: str, d_model: int, *, layers: int = 2, length: int = 16) -> Price:
    """Parameters and arithmetic of one way to combine tokens and positions.

    Args:
        how: one of WAYS.
        d_model: the width d that adding would have, even.
        layers: how many there are.
        length: of the sequence that attention looks over.
    """
    token, position, width = widths(how, d_model)
    many = checks.whole(layers, "layers", least=1)
    project = (token + position + 1) * width if how == "concat project" else 0
    work = 2 * (token + position) * width if how == "concat project" else 0
    if how == "add":
        work = width  # one addition a channel
    return Price(
        width,
        token,
        many * layer_parameters(width) + project,
        many * layer_flops(width, length) + work,
    )
