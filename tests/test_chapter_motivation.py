"""The chapter Motivation as it was built: its form, and its numbers computed anew.

Attention, encoders and recurrent networks are written out here from their definitions. What comes
from the library are draws, which have no definition to write out: word vectors and random weights.
"""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest
from chapter import ROOT, Chapter

from posenc import attention, data
from posenc.text import fixed, number, percent

CHAPTER = Chapter("motivation")
ROUNDING = 1e-12
D = 64
MINILM = json.loads((ROOT / "src/posenc/data/minilm-shuffle.json").read_text("utf-8"))


# -- from the definitions ------------------------------------------------------------------------


def attended(q: np.ndarray, k: np.ndarray, v: np.ndarray, causal: bool = False) -> np.ndarray:
    """softmax(Q K^T / sqrt(d_k)) V, row by row; a causal row ends at its own position."""
    rows = []
    for t, query in enumerate(q):
        seen = t + 1 if causal else len(k)
        e = np.exp(k[:seen] @ query / math.sqrt(len(query)))
        rows.append((e / e.sum()) @ v[:seen])
    return np.array(rows)


def normalised(x: np.ndarray) -> np.ndarray:
    return (x - x.mean(axis=1)[:, None]) / np.sqrt(x.var(axis=1))[:, None]


def encoder(
    x: np.ndarray, *, layers: int = 6, heads: int = 4, seed: int = 0, causal: bool = False
) -> np.ndarray:
    """As the chapter describes it, with the weights that it draws."""
    rng = np.random.default_rng(seed)
    d = x.shape[1]
    for _ in range(layers):
        w = rng.standard_normal((3, heads, d, d // heads)) / math.sqrt(d)
        found = [attended(x @ w[0, h], x @ w[1, h], x @ w[2, h], causal) for h in range(heads)]
        x = normalised(x + np.concatenate(found, axis=1))
        up = rng.standard_normal((d, 2 * d)) / math.sqrt(d)
        down = rng.standard_normal((2 * d, d)) / math.sqrt(2 * d)
        x = normalised(x + np.where(x @ up > 0, x @ up, 0) @ down)
    return x


def chain(x: np.ndarray, w_state: np.ndarray, w_input: np.ndarray) -> np.ndarray:
    h, states = np.zeros(len(w_state)), []
    for row in x:
        h = np.tanh(w_state @ h + w_input @ row)
        states.append(h)
    return np.array(states)


def head(x: np.ndarray, seed: int) -> np.ndarray:
    w = attention.random_head(x.shape[1], seed=seed)
    return attended(x @ w.w_q.T, x @ w.w_k.T, x @ w.w_v.T)


def moved(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return np.sqrt(np.square(after - before).sum(axis=1) / np.square(before).sum(axis=1))


def sinusoidal(length: int, d: int) -> np.ndarray:
    angle = np.arange(length)[:, None] * 10_000 ** (-2.0 * np.arange(d // 2) / d)
    return np.stack([np.sin(angle), np.cos(angle)], axis=2).reshape(length, d)


def vector(text: str) -> np.ndarray:
    return encoder(attention.word_vectors(text.split(), D)).mean(axis=0)


def by_hand() -> tuple[list[list[float]], list[list[float]], list[float]]:
    """The three words of the example: weights, outputs, and the scores of the first."""
    words = [(2.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
    scores = [[(a[0] * b[0] + a[1] * b[1]) / math.sqrt(2) for b in words] for a in words]
    weights = [[math.exp(s) / sum(map(math.exp, row)) for s in row] for row in scores]
    out = [
        [sum(w * x[j] for w, x in zip(row, words, strict=True)) for j in (0, 1)] for row in weights
    ]
    return weights, out, scores[0]


def encoders() -> dict[str, float]:
    """Mean changes over a hundred models, plainly, with sinusoids, and under a mask."""
    rng = np.random.default_rng(1)
    plain, sinusoids, mask = [], [], []
    for seed in range(100):
        x = rng.standard_normal((int(rng.integers(2, 65)), D))
        order = rng.permutation(len(x))
        table = sinusoidal(len(x), D)
        model = {"seed": seed, "heads": (1, 2, 4, 8)[seed % 4]}
        # a tenth of the models is enough to see that nothing changes; the means need all of them
        if seed % 10 == 0:
            first, then = encoder(x, **model), encoder(x[order], **model)
            plain.append(moved(first[order], then).max())
            plain.append(np.abs(first.mean(axis=0) - then.mean(axis=0)).max())
        sinusoids.append(
            moved(encoder(x + table, **model)[order], encoder(x[order] + table, **model)).mean()
        )
        mask.append(
            moved(
                encoder(x, **model, causal=True)[order], encoder(x[order], **model, causal=True)
            ).mean()
        )
    return {
        "plain": max(plain),
        "sinusoids": float(np.mean(sinusoids)),
        "mask": float(np.mean(mask)),
    }


def networks() -> dict[str, np.ndarray]:
    """What a replaced word changes later, and what two swapped ones do, in 200 networks."""
    rng = np.random.default_rng(2)
    fade, reach, kept, carried = [], [], [], []
    for seed in range(200):
        weights = attention.random_recurrence(16, seed)
        x = rng.standard_normal((33, 16))
        new = np.vstack([rng.standard_normal((1, 16)), x[1:]])
        fade.append(moved(chain(x, *weights), chain(new, *weights)))
        reach.append(moved(head(x, seed), head(new, seed)))
        x, order = x[:16], list(range(16))
        a, b = sorted(rng.choice(16, 2, replace=False))
        order[a], order[b] = b, a
        change = moved(chain(x, *weights), chain(x[order], *weights))
        assert not change[:a].any()
        kept.append(change[a:].min())
        carried.append(moved(head(x, seed)[order], head(x[order], seed)).max())
    assert max(carried) < ROUNDING
    return {"fade": np.mean(fade, axis=0), "reach": np.mean(reach, axis=0), "kept": min(kept)}


def masked(layers: int) -> int:
    """How many of 16 words get another output when the first two change places."""
    x = np.random.default_rng(3).standard_normal((16, D))
    order = [1, 0, *range(2, 16)]
    first = encoder(x, layers=layers, causal=True)[order]
    return int(np.sum(moved(first, encoder(x[order], layers=layers, causal=True)) > ROUNDING))


def probes() -> dict[str, str]:
    """The mean errors of the probe, on the texts it was not fitted to."""
    rng = np.random.default_rng(4)
    vocabulary = rng.standard_normal((500, D))
    text = vocabulary[rng.integers(1, 500, (600, 32))]
    w = rng.standard_normal((3, 4, 1, D, 16)) / 8
    features = rng.standard_normal((D, 256)) / 8
    t = np.arange(32.0)

    def error(rows: np.ndarray) -> float:
        rows = np.concatenate([rows, np.ones((600, 32, 1))], axis=2)
        known = rows[:400].reshape(400 * 32, -1)
        fit = np.linalg.solve(known.T @ known, known.T @ np.tile(t, 400))
        return float(np.abs(rows[400:] @ fit - t).mean())

    say = {}
    marked = text.copy()
    marked[:, 0] = vocabulary[0]
    for kind, causal in (("open", False), ("causal", True)):
        for name, words in (("", text), ("_marked", marked)):
            found = []
            for q, k, v in w[:, :, 0].swapaxes(0, 1):
                scores = np.einsum("nld,nmd->nlm", words @ q, words @ k) / 4
                e = np.exp(scores) * (np.tri(32) if causal else 1)
                found.append(np.einsum("nlm,nmd->nld", e / e.sum(axis=2)[..., None], words @ v))
            rows = np.concatenate(found, axis=2)
            say[f"error_{kind}{name}_linear"] = fixed(error(rows), 1)
            say[f"error_{kind}{name}_features"] = fixed(error(np.maximum(rows @ features, 0)), 1)
    return say


def brain(x: np.ndarray) -> np.ndarray:
    """Rounded to bfloat16 by its bits: the upper half of a float32, ties to even."""
    bits = x.astype(np.float32).view(np.uint32).astype(np.uint64)
    kept = (bits + np.uint64(0x7FFF) + ((bits >> np.uint64(16)) & np.uint64(1))) >> np.uint64(16)
    return (kept << np.uint64(16)).astype(np.uint32).view(np.float32)


def expected() -> dict[str, str]:
    """Every number that the chapter's cells record: name and text."""
    say: dict[str, str] = {}
    weights, out, scores = by_hand()
    for s in range(3):
        say[f"score_{s}"] = fixed(scores[s], 2)
        say[f"raised_{s}"] = fixed(math.exp(scores[s]), 2)
        for t in range(3):
            say[f"weight_{t}_{s}"] = fixed(weights[t][s], 2)
    for t in range(3):
        for j in range(2):
            say[f"out_{t}_{j}"] = fixed(out[t][j], 2)
    say["turned_0"], say["turned_1"] = say["out_0_0"], say["out_0_1"]

    models = encoders()
    assert models["plain"] < ROUNDING
    say["shuffled"], say["rounding"] = "100", number(ROUNDING)
    say["felt_sinusoids"] = percent(models["sinusoids"])
    say["felt_mask"] = percent(models["mask"])
    off = [x for row in MINILM["sentences"] for x in row["off"]["difference"]]
    on = [x for row in MINILM["sentences"] for x in row["on"]["cosine"]]
    assert max(off) < ROUNDING
    say["real_count"], say["real_sentences"] = number(len(off)), number(len(MINILM["sentences"]))
    say["real_on"] = fixed(sum(on) / len(on), 2)
    say["real_others"] = fixed(MINILM["different_sentences"]["mean_cosine"], 2)
    every = data.load("minilm-orders")["cosine 2"]
    say["real_orders"], say["real_least"] = number(len(every)), fixed(float(every.min()), 2)
    say["real_pair"] = fixed(MINILM["pair"]["on"]["cosine"], 2)

    say["gap_share"] = fixed(np.abs(vector("very good") - vector("very very good")).max(), 2)
    assert np.abs(vector("dog bites man") - vector("man bites dog")).max() < ROUNDING
    assert np.abs(vector("tick tock") - vector("tick tock tick tock")).max() < ROUNDING

    say["steps_pairs"] = "256"
    # products of (L, d) with (d, d), and of (L, L) with (L, d)
    weigh, pair = 64 * 512 * 512, 64 * 64 * 512
    say["work_attention"], say["work_chain"] = number(3 * weigh + 2 * pair), number(2 * weigh)
    say["work_pairs"] = number(2 * pair)
    say["even_length"] = "512"  # L^2 d = L d^2 where L = d
    say["networks"] = "200"
    found = networks()
    for k in (1, 4, 8, 16):
        say[f"fade_{k}"] = percent(found["fade"][k], 1 if k > 4 else 0)
    for k in (1, 16):
        say[f"reach_{k}"] = percent(found["reach"][k])
    say["kept"] = percent(found["kept"], 2)

    say["felt_1"], say["felt_2"] = number(masked(1)), number(masked(2))
    say |= probes()
    say["blind"] = fixed(sum(abs(t - 15.5) for t in range(32)) / 32, 1)
    say["share_right"] = "512"
    assert all(round(1 / (1 / (t + 1)) - 1) == t for t in range(512))
    shares = 1 / np.arange(1.0, 4097)
    for kind, stored in (("float16", shares.astype(np.float16)), ("bfloat16", brain(shares))):
        say[f"share_{kind}"] = number(next(t for t in range(4095) if stored[t] == stored[t + 1]))
    say["share_step"] = number(float(f"{1 / (100 * 101):.1g}"))
    grid = data.load("training-grid")
    for key, encoding in (("none", "none"), ("waves", "sinusoidal")):
        say[f"decoder_{key}"] = percent(grid["causal"][encoding]["accuracy"]["mean"])
    say["decoder_bag"] = percent(grid["ceilings"]["copy, causal"]["16"])
    return say


@pytest.fixture(scope="module")
def numbers() -> dict[str, str]:
    return expected()


# -- what the chapter holds ----------------------------------------------------------------------


def test_the_form_of_a_chapter():
    CHAPTER.check_form(exercises=4, predictions=4, sources=9)
    assert CHAPTER.exhibits() == ["shuffle", "turned", "bag", "steps", "faded", "masked"]
    theorem = CHAPTER.page.find(id="thm-equivariance")
    assert theorem is not None
    assert len(CHAPTER.page.select(".proof.admonition, .proof")) >= 4


def test_the_prose_drives_every_exhibit():
    targets = [str(a["href"]) for a in CHAPTER.page.select("a.set")]
    for name in ("shuffle", "steps"):
        assert sum(target.startswith(f"#{name}?") for target in targets) >= 3, name
    assert CHAPTER.page.select(".scrub")
    assert CHAPTER.page.select("output.fact")


def test_every_cell_records_what_the_definitions_give(numbers):
    assert CHAPTER.recorded() == numbers


def test_every_place_shows_the_number_that_its_source_asks_for(numbers):
    assert len(CHAPTER.asked()) > 70
    CHAPTER.check_places(numbers)


def test_each_number_stands_between_its_own_words():
    assert CHAPTER.check_neighbours() > 30


def test_the_claims_are_settled_with_a_source_and_a_verdict(numbers):
    CHAPTER.check_claims([1, 2])
    first = CHAPTER.claim(1)
    assert re.search(r"True of encoders.*False under a causal mask", first)
    assert f"{numbers['real_count']} shuffles" in first
    grid = data.load("training-grid")
    bag = grid["ceilings"]["copy, causal"]["16"]
    none, waves = (grid["causal"][name]["accuracy"] for name in ("none", "sinusoidal"))
    assert bag < none["least"] and none["most"] < 0.6 < waves["least"], (
        "more than a bag, and little"
    )
    assert "True , both halves" in CHAPTER.claim(2) or "True, both halves" in CHAPTER.claim(2)


def test_the_verdicts_follow_from_the_numbers(numbers):
    """What the text concludes from the table of errors, and from the two networks."""
    error = {
        k.removeprefix("error_"): float(v) for k, v in numbers.items() if k.startswith("error")
    }
    blind = float(numbers["blind"])
    for name in ("open_linear", "open_features", "causal_linear"):
        assert error[name] >= blind, f"{name}: no better than knowing nothing"
    for name in ("open_marked_linear", "open_marked_features"):
        assert blind - 0.3 < error[name] < blind, f"{name}: very slightly better"
    for name in ("causal_features", "causal_marked_linear", "causal_marked_features"):
        assert error[name] < blind - 1, f"{name}: something gets through"
    assert error["causal_marked_features"] < error["causal_features"], "a mark to count from helps"
    share = {k: float(numbers[k].rstrip("%")) for k in ("fade_1", "fade_16", "reach_1", "reach_16")}
    assert share["fade_1"] > 100 * share["fade_16"]
    assert abs(share["reach_1"] - share["reach_16"]) <= 1, "distance plays no part"
    assert min(x for row in MINILM["sentences"] for x in row["on"]["difference"]) > ROUNDING


def test_predictions_are_checked_against_the_truth():
    states = CHAPTER.predictions()
    (scale,) = [s for s in states if s["kind"] == "scale"]
    assert scale["truth"] == pytest.approx(100 * networks()["fade"][8], rel=1e-6)
    chosen = {s["words"][s["truth"]] for s in states if s["kind"] == "choice"}
    assert chosen == {
        "The same two numbers",
        "“very good” and “very very good”",
        "Those two",
    }


def test_no_result_is_typed_in_the_prose():
    # powers of two in a solution
    CHAPTER.check_nothing_typed({"1024", "2048"})


def test_no_truth_is_typed():
    CHAPTER.check_no_typed_truth(4)


def test_the_caption_of_the_first_figure_quotes_the_real_encoder():
    caption = CHAPTER.caption("shuffle")
    on, off = (MINILM["pair"][key]["cosine"] for key in ("on", "off"))
    assert f"the same sentence vector (cosine {off:.3f})" in caption
    assert f"With its positions the cosine is {on:.3f}." in caption
    assert off == pytest.approx(1, abs=1e-12)


def test_the_exhibit_of_steps_is_described_with_its_numbers():
    alt = CHAPTER.alt("steps")
    assert "filled up to position 9, “man”, the step 10 of 16" in alt
    assert "256 in all" in alt
    assert "From “dog” to “man” it is 9 steps along the chain and 1 step through attention" in alt


# -- the theorem, where a proof could be wrong ---------------------------------------------------


def test_the_steps_of_the_proof():
    """Each line of the proof of equivariance, on numbers."""
    rng = np.random.default_rng(5)
    n, d = 7, 5
    p = np.eye(n)[rng.permutation(n)]
    q, k, v = rng.standard_normal((3, n, d))
    s = q @ k.T
    np.testing.assert_allclose((p @ q) @ (p @ k).T, p @ s @ p.T, atol=1e-12)
    a = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    e = np.exp(p @ s @ p.T)
    np.testing.assert_allclose(e / e.sum(axis=1, keepdims=True), p @ a @ p.T, atol=1e-12)
    np.testing.assert_array_equal(p.T @ p, np.eye(n))
    np.testing.assert_allclose(p @ a @ p.T @ p @ v, p @ (a @ v), atol=1e-12)


def test_what_the_solutions_say():
    """Doubling a sentence changes nothing; only the identity leaves the mask as it is."""
    rng = np.random.default_rng(6)
    x = rng.standard_normal((5, D))
    np.testing.assert_allclose(encoder(np.vstack([x, x]))[:5], encoder(x), atol=1e-12)
    mask = np.tri(4)
    for order in np.array(np.meshgrid(*[range(4)] * 4)).reshape(4, -1).T:
        if len(set(order)) == 4:
            p = np.eye(4)[order]
            assert ((p @ mask @ p.T == mask).all()) == (list(order) == [0, 1, 2, 3])


def test_one_head_reads_every_position_off_a_mark():
    mark = np.zeros((300, 1))
    mark[0] = 1
    nothing = np.zeros((300, 1))
    share = attended(nothing, nothing, mark, causal=True)[:, 0]
    np.testing.assert_allclose(1 / share, np.arange(1, 301))
