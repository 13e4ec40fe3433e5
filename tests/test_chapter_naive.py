"""The chapter on naive approaches as it was built: its form, and its numbers computed anew.

Encodings, distances and verdicts are written out here from their definitions, not taken from the
chapter's cells nor from the functions they call.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from chapter import Chapter

from posenc import data, learned
from posenc.text import fixed, number, percent

CHAPTER = Chapter("naive")
SHORT = ["I", "love", "this", "course"]
LONG = ["I", "love", "many", "things", "but", "not", "this", "course"]
Table = Callable[[int, int], np.ndarray]


def index(length: int, d: int) -> np.ndarray:
    return np.array([[float(t)] * d for t in range(length)])


def fraction(length: int, d: int) -> np.ndarray:
    return np.array([[t / (length - 1)] * d for t in range(length)])


def binary(length: int, d: int) -> np.ndarray:
    """Digits from the text of the number, the last one first."""
    return np.array([[float(c) for c in f"{t:0{d}b}"[::-1]] for t in range(length)])


def sinusoidal(length: int, d: int) -> np.ndarray:
    pairs = [(t, 10_000 ** (-2 * i / d)) for t in range(length) for i in range(d // 2)]
    both = [f(t * w) for t, w in pairs for f in (math.sin, math.cos)]
    return np.array(both).reshape(length, d)


def clock(length: int, d: int) -> np.ndarray:
    return np.array([[float(t % 10)] * d for t in range(length)])


def distances(rows: np.ndarray, k: int) -> np.ndarray:
    return np.sqrt(np.square(rows[k:] - rows[:-k]).sum(axis=1))


def spread(rows: np.ndarray) -> float:
    """How much distances at one offset differ, over their mean: the worst offset with two pairs."""
    found = [0.0]
    for k in range(1, len(rows) - 1):
        far = distances(rows, k)
        if far.mean() > 1e-9:
            found.append(np.ptp(far) / far.mean())
    return max(found)


def verdicts(table: Table, length: int = 64, d: int = 64) -> dict[str, bool]:
    rows = table(length, d)
    closest = min(np.abs(a - b).max() for a, b in itertools.combinations(rows, 2))
    return {
        "unique": closest > 1e-9,
        "relative": spread(rows) < 1e-4,
        "independent": np.abs(table(2 * length, d)[:length] - rows).max() < 1e-9,
        "deterministic": bool((table(length, d) == rows).all()),
    }


def normalised(x: np.ndarray) -> np.ndarray:
    return np.array([(row - row.mean()) / math.sqrt(row.var()) for row in x])


def cosine_at(words: np.ndarray, t: float) -> float:
    """The mean cosine of two different words when t is added to each of their numbers."""
    moved = words + t
    length = np.linalg.norm(moved, axis=1)
    every = (moved @ moved.T) / np.outer(length, length)
    return float((every.sum() - len(words)) / (len(words) * (len(words) - 1)))


def slope(table: np.ndarray) -> float:
    """The gradient of the head of the chapter, by hand: the derivative of softmax, not differences."""
    draw = np.random.default_rng(1)
    n, d = table.shape
    x = draw.standard_normal((n, d)) + table
    w = draw.standard_normal((d, d)) / math.sqrt(d)
    scores = x @ w @ x.T / math.sqrt(d)
    share = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    pull = (2 * share @ x) @ x.T  # d loss / d share
    pull = share * (pull - (share * pull).sum(axis=1, keepdims=True))  # d loss / d scores
    return float(np.linalg.norm(x.T @ pull @ x / math.sqrt(d)))


def threshold() -> float:
    """The best share of right answers, by trying each threshold on every length."""
    lengths = range(5, 31)
    best = 0.0
    for cut in [m / (n - 1) for n in lengths for m in (1, 2)]:
        right = sum((1 / (n - 1) <= cut) + (2 / (n - 1) > cut) for n in lengths)
        best = max(best, right / (2 * len(lengths)))
    return best


def trained() -> dict[str, str]:
    """What the runs say: from the arrays of the race and the table of the grid."""
    race, grid = data.load("training-race"), data.load("training-grid")
    names = data.notes("training-race")
    task = {name: k for k, name in enumerate(names["tasks"])}
    encoding = {name: k for k, name in enumerate(names["encodings"])}

    def outside(name: str) -> str:
        return percent(race["place_2"][names["placed"].index("copy"), encoding[name], 16:32].mean())

    def mixed(key: str, length: int) -> str:
        return percent(grid["lengths"][key]["by_length"][f"{length}"]["mean"])

    return {
        "scalar_right": percent(race["final"][task["reverse"], encoding["index"]].mean()),
        "scalar_post": percent(grid["norm"]["post, index"]["accuracy"]["mean"]),
        "fraction_alone": percent(race["final"][task["copy"], encoding["fraction vector"]].mean()),
        "index_outside": outside("index vector"),
        "wave_outside": outside("sinusoidal"),
        "fraction_copy": mixed("copy, fraction vector", 16),
        "wave_copy": mixed("copy, sinusoidal", 16),
        "fraction_reverse": mixed("reverse, fraction vector", 32),
        "wave_reverse": mixed("reverse, sinusoidal", 32),
    }


def expected() -> dict[str, str]:
    """Every number that the chapter's cells record: name and text."""
    say: dict[str, str] = {}
    words = np.random.default_rng(0).standard_normal((200, 64))
    for t in (1, 3, 10, 100):
        c = cosine_at(words, t)
        say[f"alike_{t}"] = fixed(c, 4 if c > 0.999 else 2)
    say["words"] = "200"
    say["norm_gap"] = number(1e-9)
    assert np.abs(normalised(words + 100) - normalised(words)).max() < 1e-9
    waved = normalised(words + sinusoidal(101, 64)[100])
    say["norm_waved"] = fixed(np.abs(waved - normalised(words)).max(), 1)
    say["size_word"] = fixed(np.mean([math.sqrt(row @ row) for row in words]), 1)
    say["size_100"], say["size_1000"] = number(100 * 8), number(1000 * 8)

    say |= trained()
    say["this_short"] = fixed(SHORT.index("this") / (len(SHORT) - 1), 2)
    say["this_long"] = fixed(LONG.index("this") / (len(LONG) - 1), 2)
    say["step_short"] = fixed(1 / (len(SHORT) - 1), 2)
    say["step_long"] = fixed(1 / (len(LONG) - 1), 2)
    say["told"] = percent(threshold())
    say["step_5"], say["two_steps_30"] = fixed(1 / 4, 2), fixed(2 / 29, 2)
    say["words_in_gap"] = fixed((len(LONG) - 1) / (len(SHORT) - 1), 2)
    say["old_last"] = fixed(7 / 8, 3)

    flips = [
        sum(a != b for a, b in zip(f"{t:010b}", f"{t + 1:010b}", strict=True)) for t in range(1023)
    ]
    say["flips_mean"] = fixed(sum(flips) / len(flips), 2)
    say["flips_most"], say["flips_7"] = number(max(flips)), number(flips[7])
    say["flips_sum"] = number(2**11 - 2 - 10)
    assert sum(flips) == 2**11 - 2 - 10
    say["step_least"], say["step_most"] = fixed(1, 2), fixed(math.sqrt(max(flips)), 2)
    say["far_apart"] = number(f"{512:b}".count("1"))
    at = np.arange(1024)[:, None] + 0.5
    soft = (1 - np.sin(math.pi * at / 2.0 ** np.arange(10))) / 2
    say["soft_least"] = fixed(distances(soft, 1).min(), 2)
    say["soft_most"] = fixed(distances(soft, 1).max(), 2)
    even = distances(sinusoidal(1024, 64), 1)
    say["even_step"], say["even_spread"] = fixed(even[0], 2), number(1e-12)
    assert np.ptp(even) < 1e-12
    say["slope_bits"] = fixed(slope(binary(16, 8)), 1)
    say["slope_waves"] = fixed(slope(sinusoidal(16, 8)), 1)

    tables = {"index": index, "fraction": fraction, "binary": binary, "sinusoidal": sinusoidal}
    for name, table in tables.items():
        say[f"passed_{name}"] = number(sum(verdicts(table).values()))
    say["largest_index"], say["largest_index_512"] = "63", "511"
    say["spread_binary"] = percent(spread(binary(64, 64)))
    say["moved_fraction"] = fixed(np.abs(fraction(128, 1)[:64] - fraction(64, 1)).max(), 2)
    gram = learned.products("MiniLM", 64)
    far = {
        (t, s): math.sqrt(gram[t, t] + gram[s, s] - 2 * gram[t, s])
        for t in range(64)
        for s in range(t + 1, 64)
    }
    say["rows_minilm"], say["rows_whisper"] = "512", "448"
    say["learned_near"] = fixed(min(far[t, t + 1] for t in range(63)), 2)
    say["learned_far"] = fixed(far[0, 1], 2)
    at = [[far[t, t + k] for t in range(1, 64 - k)] for k in range(1, 63)]
    say["learned_spread"] = percent(max((max(x) - min(x)) / (sum(x) / len(x)) for x in at))
    direction = np.random.default_rng(2).standard_normal(64)
    kept = normalised(words + 0.1 * direction) - normalised(words)
    say["direction_kept"] = fixed(np.abs(kept).max(), 2)
    for name, holds in verdicts(clock, d=8).items():
        say[f"cycle_{name}"] = "holds" if holds else "fails"
    return say


@pytest.fixture(scope="module")
def numbers() -> dict[str, str]:
    return expected()


def test_the_form_of_a_chapter():
    CHAPTER.check_form(exercises=4, predictions=4, sources=3)
    order = ["ruler", "drowned", "onetwo", "counter", "flips", "perfect", "score"]
    assert CHAPTER.exhibits() == order


def test_the_prose_drives_every_exhibit():
    targets = [str(a["href"]) for a in CHAPTER.page.select("a.set")]
    for name in ("ruler", "counter", "score"):
        assert any(target.startswith(f"#{name}?") for target in targets), name


def test_every_cell_records_what_the_definitions_give(numbers):
    assert CHAPTER.recorded() == numbers


def test_every_place_shows_the_number_that_its_source_asks_for(numbers):
    assert len(CHAPTER.asked()) > 50
    CHAPTER.check_places(numbers)


def test_each_number_stands_between_its_own_words():
    assert CHAPTER.check_neighbours() > 35


def test_the_claims_are_settled_with_a_source_and_a_verdict():
    CHAPTER.check_claims([3, 4, 5, 14])


def test_the_verdicts_follow_from_the_numbers():
    """What the claims conclude, from the definitions."""
    assert all(verdicts(index).values()), "claim 5: the index has all four"
    assert verdicts(fraction) == {
        "unique": True, "relative": True, "independent": False, "deterministic": True,
    }  # fmt: skip
    assert not verdicts(binary)["relative"]
    assert all(verdicts(sinusoidal).values())
    assert np.abs(sinusoidal(512, 64)).max() <= 1
    assert slope(binary(16, 8)) > 1, "claim 14: digits leave a gradient"
    assert 0.5 < threshold() < 0.9, "claim 4: better than a coin, far from certain"
    share = {k: float(v.rstrip("%").replace(",", "")) for k, v in trained().items()}
    assert share["scalar_right"] < 21, "claim 3: the plain index is no encoding"
    assert share["scalar_post"] > 1.5 * share["scalar_right"], "unless the norm comes after"
    assert share["index_outside"] < 30 and share["wave_outside"] < 30, "neither goes on"
    assert share["fraction_copy"] < 50 < share["wave_copy"], "claim 4: copying across lengths"
    assert share["fraction_alone"] > 95, "claim 4: at one length a fraction does it"
    assert share["fraction_reverse"] > 50 > share["wave_reverse"], "and where it is the right thing"


def test_predictions_are_checked_against_the_truth():
    states = CHAPTER.predictions()
    scales = sorted(s["truth"] for s in states if s["kind"] == "scale")
    words = np.random.default_rng(0).standard_normal((200, 64))
    assert scales == pytest.approx([cosine_at(words, 10), 100 * threshold()])
    chosen = {s["words"][s["truth"]] for s in states if s["kind"] == "choice"}
    assert chosen == {"About 2", "The index"}


def test_no_result_is_typed_in_the_prose():
    CHAPTER.check_nothing_typed({"1023", "1024", "1000", "7.001"})


def test_no_truth_is_typed():
    CHAPTER.check_no_typed_truth(4)
