"""When one matrix on the sum can do what two do on the parts."""

from __future__ import annotations

import numpy as np
import pytest

from posenc import projection


@pytest.mark.parametrize("k", range(1, 5))
@pytest.mark.parametrize("m", range(1, 5))
def test_one_matrix_is_enough_exactly_where_the_spaces_fit_side_by_side(k, m):
    case = projection.case(k, m)
    together = np.vstack([case.words, case.places])
    assert np.linalg.matrix_rank(case.words) == k
    assert np.linalg.matrix_rank(case.places) == m
    assert np.linalg.matrix_rank(together) == min(k + m, 4)
    worst = projection.single(case).error.max()
    assert worst < 1e-8 if k + m <= 4 else worst > 1e-3


@pytest.mark.parametrize("k", range(1, 5))
def test_a_shared_projection_is_adding_whatever_the_spaces(k):
    case = projection.case(k, 4, shared=True)
    sums = case.words[:, None] + case.places[None]
    np.testing.assert_allclose(sums @ case.a.T, case.wanted, atol=1e-12)
    assert projection.single(case).error.max() < 1e-8


def test_what_is_wanted_is_the_product_with_the_blocks_side_by_side():
    case = projection.case(3, 2)
    blocks = np.hstack([case.a, case.b])
    for n, t in ((0, 0), (5, 11), (11, 3)):
        long = np.concatenate([case.words[n], case.places[t]])
        np.testing.assert_allclose(blocks @ long, case.wanted[n, t], atol=1e-12)


@pytest.mark.parametrize("bad", [(0, 1), (1, 5), (1.5, 1)])
def test_bad_input_is_refused(bad):
    with pytest.raises(ValueError, match="_directions="):
        projection.case(*bad)
