"""What adding costs: counted again, matrix by matrix."""

from __future__ import annotations

import pytest

from posenc import cost


def counted(width: int) -> int:
    """The parameters of a layer, from the shapes of its matrices and vectors."""
    square, up, down = (width, width), (4 * width, width), (width, 4 * width)
    matrices = [square] * 4 + [up, down]
    biases = [width] * 4 + [4 * width, width]
    norms = [width] * 4
    return sum(a * b for a, b in matrices) + sum(biases) + sum(norms)


@pytest.mark.parametrize("width", [1, 8, 64, 768])
def test_a_layers_parameters(width):
    assert cost.layer_parameters(width) == counted(width) == 12 * width**2 + 13 * width


def test_concatenating_within_the_width_costs_the_tokens_and_beside_it_the_model():
    add, total, token, project = (cost.price(how, 64, layers=2) for how in cost.WAYS)
    assert total.parameters == add.parameters and total.token == add.token // 2
    assert token.width == 96 and 2.2 < token.parameters / add.parameters < 2.3
    assert project.parameters - add.parameters == 129 * 64


def test_arithmetic_grows_with_the_length_and_the_square_of_the_width():
    assert cost.layer_flops(64, 1) == 24 * 64**2 + 4 * 64
    assert cost.layer_flops(64, 101) - cost.layer_flops(64, 100) == 4 * 64


@pytest.mark.parametrize("bad", [("multiply", 64), ("add", 7), ("add", 0)])
def test_bad_input_is_refused(bad):
    with pytest.raises(ValueError, match=r"how=|d_model="):
        cost.price(*bad)
