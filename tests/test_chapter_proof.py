"""The chapter on relative distance as it was built: its form, and its numbers computed anew.

No number is taken from the chapter's cells. The encodings, the shift matrix and the dot products are
written out here from their definitions; only the schemes that are drawn at random come from the
library, since a draw has no definition to write out.
"""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from chapter import Chapter, said

from posenc import learned, schemes
from posenc.text import fixed, number, percent

CHAPTER = Chapter("proof")


def omegas(d: int) -> np.ndarray:
    """The frequencies of all pairs at base 10,000."""
    return 10_000 ** (-2.0 * np.arange(d // 2) / d)


def encoded(t: np.ndarray, d: int) -> np.ndarray:
    """The table, interleaved: shape (positions, d)."""
    angle = np.asarray(t, dtype=float)[:, None] * omegas(d)
    return np.stack([np.sin(angle), np.cos(angle)], axis=2).reshape(len(angle), d)


def dots(offsets: np.ndarray, d: int) -> np.ndarray:
    """Dot products measured on two rows, the first of them at position 1,000."""
    here = encoded(np.array([1000]), d)[0]
    return encoded(1000 + np.asarray(offsets), d) @ here


def turned(k: float, d: int) -> np.ndarray:
    """The shift matrix, block by block."""
    m = np.zeros((d, d))
    for i, w in enumerate(omegas(d)):
        c, s = math.cos(w * k), math.sin(w * k)
        m[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[c, s], [-s, c]]
    return m


def residual(rows: np.ndarray, k: int) -> float:
    """What the best linear map leaves over: the part of the later rows outside the earlier columns."""
    before, after = rows[:-k], rows[k:]
    basis, strength, _ = np.linalg.svd(before, full_matrices=False)
    basis = basis[:, strength > 1e-10 * strength[0]]
    return float(np.linalg.norm(after - basis @ (basis.T @ after)) / np.linalg.norm(after))


def explained(scores: np.ndarray) -> float:
    """The share of variance between diagonals."""
    n = len(scores)
    offset = np.subtract.outer(np.arange(n), np.arange(n)).ravel() + n - 1
    count = np.bincount(offset)
    mean = np.bincount(offset, scores.ravel()) / count
    return float(
        (count * (mean - scores.mean()) ** 2).sum() / ((scores - scores.mean()) ** 2).sum()
    )


def mixed() -> np.ndarray:
    rows = encoded(np.arange(64), 64)
    found = []
    for seed in range(100):
        draw = np.random.default_rng(seed)
        w_q, w_k = draw.standard_normal((2, 64, 64)) / 8
        found.append(explained((w_q @ rows.T).T @ (w_k @ rows.T)))
    return np.array(found)


def off_diagonal(rows: np.ndarray) -> np.ndarray:
    unit = rows / np.sqrt(np.square(rows).sum(axis=1))[:, None]
    every = unit @ unit.T
    return every[~np.eye(len(rows), dtype=bool)]


def of_minilm() -> dict[str, str]:
    """What is said of MiniLM's table, from the products of its rows alone."""
    gram = learned.products("MiniLM")
    own = np.diagonal(gram)
    eighth = np.diagonal(gram, 8)
    say = {
        "learned_k": "8",
        "learned_rows": "512",
        "learned_directions": "10",
        "learned_least": fixed(eighth.min(), 3),
        "learned_greatest": fixed(eighth.max(), 3),
        "learned_own": fixed(np.median(own), 3),
        "learned_first": number(np.sqrt(own[0] / np.median(own)), 2),
    }
    # products around the mean, and their eigenvectors: the rows in their strongest directions
    inner = gram[1:510, 1:510]
    around = inner - inner.mean(axis=0) - inner.mean(axis=1)[:, None] + inner.mean()
    values, vectors = np.linalg.eigh(around)
    scores = vectors[:, -10:] * np.sqrt(values[-10:])
    say["learned_share"] = percent(values[-10:].sum() / np.trace(around))
    for k in (1, 8):
        first, second = scores[:254], scores[254:]
        best = np.linalg.pinv(first[:-k]) @ first[k:]
        size = np.linalg.norm(second[k:])
        say[f"learned_held_{k}"] = percent(np.linalg.norm(second[:-k] @ best - second[k:]) / size)
        say[f"learned_still_{k}"] = percent(np.linalg.norm(second[:-k] - second[k:]) / size)
    return say


def expected() -> dict[str, str]:
    """Every number that the chapter's cells record: name and text."""
    say: dict[str, str] = {}
    k = np.array([1, 8, -5, 1000])
    assert np.abs(turned(3, 64)[2:4, 2:4] - turned(-3, 64)[2:4, 2:4]).astype(bool).sum() == 2
    say["backwards"] = "Two"
    say["theorem_pairs"] = number(500 * k.size)
    say["theorem_far"] = "100,000"
    say["theorem_gap"] = "1 × 10⁻¹⁰".replace(" ", "\u00a0")
    starts = np.random.default_rng(0).integers(0, 100_000, 200)
    for step in k:
        there = encoded(starts, 64) @ turned(step, 64).T
        assert np.abs(there - encoded(starts + step, 64)).max() < 1e-10

    table = encoded(np.arange(512), 64)
    strength = np.sqrt(np.linalg.eigvalsh(table.T @ table).clip(0))
    assert (strength > 1e-5 * strength.max()).sum() <= 64
    u, s, vt = np.linalg.svd(table[:-8], full_matrices=False)
    keep = s > 1e-10 * s[0]
    fitted = ((vt[keep].T / s[keep]) @ (u[:, keep].T @ table[8:])).T
    whole = np.linalg.svd(table, compute_uv=False)
    say["fit_directions"] = number(int((whole > 1e-10 * whole[0]).sum()))
    say["fit_cutoff"] = number(1e-10)
    say["fit_gap"] = fixed(np.abs(fitted - turned(8, 64)).max(), 1)
    angle = np.arange(512)[:, None] * 10_000 ** (-np.arange(64) / 64)
    say["alone_residual"] = percent(residual(np.sin(angle), 8))

    say |= of_minilm()

    say["least_64"] = percent(dots(np.arange(65), 64).min() / 32)
    for d in (4, 16, 64, 512):
        curve = dots(np.arange(10_000), d)
        say[f"rise_{d}"] = number(next(k for k in range(2, 9999) if curve[k] > curve[k - 1]))
        say[f"negative_{d}"] = number(next(k for k in range(1, 9999) if curve[k] < 0))
        say[f"rising_{d}"] = percent(np.mean(curve[1:512] > curve[:511]))
    for d in (4, 64, 512):
        say[f"neighbour_{d}"] = percent(dots(np.arange(2), d)[1] / (d / 2))
    positive = dots(np.arange(2000), 64) > 0
    say["positive_64"] = number(
        int(say["negative_64"]) + int(positive[int(say["negative_64"]) :].argmax())
    )
    far = dots(np.arange(512, 1024), 4)
    say["back_4"], say["back_4_at"] = percent(far.max() / 2, 1), number(512 + int(far.argmax()))
    say["neighbour_base_2"] = percent(np.cos(2 ** (-np.arange(256) / 256)).mean())
    narrow = dots(np.arange(512), 4)[1:]
    say["nearest_4"] = number(int(narrow.argmax()) + 1)
    say["nearest_4_share"] = percent(narrow.max() / 2)
    near = off_diagonal(table)
    chance = off_diagonal(np.random.default_rng(0).standard_normal((512, 64)))
    say["orthogonal"] = percent(np.mean(np.abs(near) < 0.1), 1)
    say["orthogonal_chance"] = percent(np.mean(np.abs(chance) < 0.1))
    say["cosine_mean"] = fixed(near.mean(), 2)
    slow = np.arange(64) * omegas(64)[-1]
    sine, cosine = np.sin(slow), np.cos(slow)
    say["cosine_columns"] = fixed(sine @ cosine / math.sqrt((sine @ sine) * (cosine @ cosine)), 2)

    for name, key in (
        ("sinusoidal", "sinusoidal"),
        ("sine only", "sine"),
        ("cosine only", "cosine"),
        ("random phases", "phases"),
        ("random Fourier", "fourier"),
        ("triangle", "triangle"),
        ("random table", "table"),
    ):
        rows = schemes.rows(name, 1024, 32)
        left = residual(rows, 8)
        say[f"law_{key}"] = "rounding" if left < 1e-9 else percent(left, 1)
        products = np.einsum("td,td->t", rows[8:], rows[:-8])
        spread = np.ptp(products) / np.mean(np.linalg.norm(rows, axis=1) ** 2)
        say[f"spread_{key}"] = "rounding" if spread < 1e-9 else percent(spread)

    shares = mixed()
    say["mixed_mean"] = percent(shares.mean())
    say["mixed_spread"] = percent(shares.std())
    say["mixed_shift"] = percent(explained(table[:64] @ turned(-3, 64).T @ table[:64].T))
    assert say["mixed_shift"] == "100%"
    say["mixed_noise"] = percent(126 / 4095)  # 127 diagonals, 64^2 scores, one mean
    say["mixed_draws"] = "100"

    few = encoded(np.arange(16), 64)
    score = few @ (turned(-3, 64) @ few[8]) / 8
    say["look_words"], say["look_sharp"], say["look_even"] = "16", "16", percent(1 / 16)
    say["look_plain"] = percent(np.exp(score[5]) / np.exp(score).sum())
    say["look_sharpened"] = percent(np.exp(16 * score[5]) / np.exp(16 * score).sum())

    w, p = 0.3, 1.0
    mix = np.array([[1, 0], [math.cos(p), math.sin(p)]])
    c, s_ = math.cos(2 * w), math.sin(2 * w)
    skewed = mix @ np.array([[c, s_], [-s_, c]]) @ np.linalg.inv(mix)
    say["skewed_product"] = fixed(np.linalg.det(skewed), 0)
    say["skewed_gap"] = fixed(np.abs(skewed.T @ skewed - np.eye(2)).max(), 2)
    here = encoded(np.array([100]), 64)[0]
    after, before = encoded(np.array([103, 97]), 64) @ (turned(1, 64) @ here)
    say["score_ahead"], say["score_behind"] = fixed(after, 2), fixed(before, 2)
    return say


@pytest.fixture(scope="module")
def numbers() -> dict[str, str]:
    return expected()


def test_the_form_of_a_chapter():
    CHAPTER.check_form(exercises=4, predictions=5, sources=7)
    names = CHAPTER.exhibits()
    order = ["stepper", "backwards", "ripples", "dots", "turning", "both", "phases"]
    order += ["lookback", "mixed"]
    assert names == order


def test_the_prose_drives_every_exhibit():
    targets = [str(a["href"]) for a in CHAPTER.page.select("a.set")]
    for name in ("stepper", "dots", "both", "lookback"):
        assert any(target.startswith(f"#{name}?") for target in targets), name


def test_every_cell_records_what_the_definitions_give(numbers):
    assert CHAPTER.recorded() == numbers


def test_every_place_shows_the_number_that_its_source_asks_for(numbers):
    assert len(CHAPTER.asked()) > 60
    CHAPTER.check_places(numbers)


def test_each_number_stands_between_its_own_words():
    assert CHAPTER.check_neighbours() > 40


def test_the_claims_are_settled_with_a_source_and_a_verdict():
    CHAPTER.check_claims([10, 11, 13, 17, 18, 27])
    assert "nearly true for small steps" in CHAPTER.claim(17)


def test_theorem_and_proofs_stand_in_their_environments():
    heads = [said(head) for head in CHAPTER.page.select(".proof .admonition-title")]
    assert sum("Theorem" in head for head in heads) == 1
    assert sum("Proposition" in head for head in heads) == 3
    assert sum("Corollary" in head for head in heads) == 1
    assert len(CHAPTER.page.select(".st-proof")) == 5


def test_the_verdicts_follow_from_the_numbers(numbers):
    assert int(numbers["rise_64"]) < int(numbers["negative_64"]), "it falls, rises, turns negative"
    assert (
        numbers["law_phases"] == numbers["law_fourier"] == numbers["law_sinusoidal"] == "rounding"
    )
    assert "rounding" not in {numbers[f"law_{k}"] for k in ("sine", "cosine", "triangle", "table")}
    assert numbers["spread_sinusoidal"] == numbers["spread_fourier"] == "rounding"
    assert numbers["spread_phases"] != "rounding"
    for d in (64, 512):
        assert dots(np.arange(1, 512), d).argmax() == 0, "claim 10: the neighbour is nearest"
    assert numbers["nearest_4"] != "1"


def test_predictions_are_checked_against_the_truth():
    asked = {}
    for state in CHAPTER.predictions():
        asked.setdefault(state["kind"], []).append(state)
    assert sorted(asked) == ["choice", "scale", "sketch"]
    (sketch,) = asked["sketch"]
    assert sketch["truth"] == pytest.approx(dots(np.arange(65), 64).tolist(), abs=1e-9)
    negative, share = sorted(asked["scale"], key=lambda s: -s["truth"])
    assert negative["truth"] == next(k for k in range(1, 9999) if dots(np.array([k]), 512)[0] < 0)
    assert share["truth"] == pytest.approx(100 * mixed().mean(), rel=1e-9)
    chosen = {re.sub(r"\W.*", "", s["words"][s["truth"]]) for s in asked["choice"]}
    assert chosen == {"Two", "Yes"}


def test_no_result_is_typed_in_the_prose():
    CHAPTER.check_nothing_typed({"10000", "511", "1024"})


def test_no_truth_is_typed():
    CHAPTER.check_no_typed_truth(5)
