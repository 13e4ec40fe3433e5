"""The chapter "Add or concatenate" as it was built: its form, and its numbers computed anew.

What is computed is written out here from its definition; what was measured is read from the files of
the runs and set in the chapter's words, without the chapter's cells.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from chapter import Chapter

from posenc import codebook, data
from posenc.text import fixed, number, percent

CHAPTER = Chapter("add")
GRID = data.load("training-grid")
EXHIBITS = {"race", "terms", "project", "layers", "angles", "capacity"}
WAYS = {
    "add": "sinusoidal",
    "learned": "learned",
    "total": "concat total",
    "token": "concat token",
    "project": "concat project",
}


def layer(d: int) -> int:
    """The weights of a layer, matrix by matrix."""
    return 4 * d * d + 4 * d + 4 * d * d + 4 * d + 4 * d * d + d + 4 * d


def work(d: int, length: int) -> int:
    """Multiplications and additions of a layer for one token."""
    return 2 * 12 * d * d + 2 * 2 * length * d


def room() -> dict[str, str]:
    """How many directions sinusoidal vectors need."""
    t = np.arange(512)[:, None]
    angle = t * 10_000.0 ** (-2 * np.arange(256) / 512)
    table = np.hstack([np.sin(angle), np.cos(angle)])
    strength = np.linalg.eigvalsh(table.T @ table)[::-1]
    kept = np.cumsum(strength) / strength.sum()
    needed = {share: int((kept < share).sum()) + 1 for share in (0.9, 0.99)}
    return {
        "room_width": "512",
        "room_length": "512",
        "room_90": number(needed[0.9]),
        "room_99": number(needed[0.99]),
        "room_share": percent(needed[0.99] / 512),
        "one_pairs": number(1000),
        "one_error": number(1e-9),
        "crowded_sum": "70",
    }


def price() -> dict[str, str]:
    wide = 512 + 256
    project = (512 + 512 + 1) * 512
    flops = 6 * work(wide, 512) / (6 * work(512, 512) + 512)
    return {
        "dearer": fixed(layer(wide) / layer(512), 2),
        "dearer_99": fixed(layer(512 + int(room()["room_99"])) / layer(512), 2),
        "dearer_flops": fixed(flops, 2),
        "weights_add": number(round(6 * layer(512) / 1e6, 1)),
        "weights_token": number(round(6 * layer(wide) / 1e6, 1)),
        "weights_project": percent(project / (6 * layer(512)), 1),
        "token_total": "256",
        "ex_grow": fixed(layer(768 + 384) / layer(768), 2),
        "ex_even": number(min(k for k in range(1, 200) if layer(768 + k) >= 1.1 * layer(768))),
        "ex_rank": "3",
    }


def step(told: dict, never: str) -> str:
    return never if told["median_step"] is None else number(int(told["median_step"]))


def spread(told: dict) -> str:
    return f"{percent(told['mean'])} ± {percent(told['sd'])}"


def race() -> dict[str, str]:
    core = GRID["core"]
    say = {
        "race_seeds": number(core["reverse, sinusoidal"]["of"]),
        "acc_none": percent(core["reverse, none"]["accuracy"]["mean"]),
        "bag": percent(GRID["ceilings"]["reverse"]["16"], 1),
    }
    for key, encoding in WAYS.items():
        say[f"steps_{key}"] = step(core[f"reverse, {encoding}"], "never")
        say[f"w16_{key}_weights"] = number(GRID["width parameters"][f"16, {encoding}"])
        for d in (16, 24):
            told = GRID["width"][f"{d}, {encoding}"]
            say[f"w{d}_{key}"] = spread(told["accuracy"])
            say[f"w{d}_{key}_pass"] = f"{told['passed']} of {told['of']}"
            say[f"w{d}_{key}_step"] = step(told, "none")
    return say


def shares() -> dict[str, str]:
    found = GRID["shares"]
    say = {
        f"{which}_{part}": spread(found["reverse, concat total"][which][part])
        for which in ("trained", "untrained")
        for part in ("query", "key", "value")
    }
    every = [
        found[f"{task}, concat total"]["trained"][part]
        for task in ("reverse", "copy")
        for part in ("query", "key", "value")
    ]
    return say | {
        "share_heads": number(found["reverse, concat total"]["trained"]["query"]["n"]),
        "share_least": percent(min(part["least"] for part in every)),
        "share_most": percent(max(part["most"] for part in every)),
        "share_control": percent(found["majority, concat total"]["trained"]["query"]["mean"]),
    }


def probes() -> dict[str, str]:
    whole, cut = GRID["probes"]["reverse, sinusoidal"], GRID["cut"]["reverse, sinusoidal"]
    index = GRID["probes"]["reverse, index"]
    learned = GRID["cut"]["reverse, learned"]
    return {
        "cut_acc": percent(cut["accuracy"]["mean"]),
        "cut_sd": percent(cut["accuracy"]["sd"]),
        "cut_passed": f"{cut['passed']} of {cut['of']}",
        "cut_learned_passed": f"{learned['passed']} of {learned['of']}",
        "cut_learned_step": step(learned, "never"),
        "probe_none": fixed(abs(GRID["probes"]["reverse, none"]["trained raw"][2]["mean"]), 2),
        "kept_trained": percent(whole["trained raw"][2]["mean"]),
        "kept_trained_cut": percent(cut["probes"]["trained raw"][2]["mean"]),
        "kept_untrained": percent(whole["untrained raw"][2]["mean"], 1),
        "kept_cut": percent(abs(cut["probes"]["untrained raw"][2]["mean"])),
        "index_raw": fixed(index["trained raw"][0]["mean"], 2),
        "index_normed": fixed(abs(index["trained normed"][0]["mean"]), 2),
    }


def layers() -> dict[str, str]:
    """What a linear probe reads after the layers of MiniLM and of its controls."""
    found, notes = data.load("layers"), data.notes("layers")
    r2, error, exact = (notes["measures"].index(name) for name in ("r2", "error", "exact"))
    places = np.arange(126)
    trained, never, tables = (found[f"probe {name}"] for name in ("trained", "untrained", "tables"))
    return {
        "probe_places": "126",
        "probe_windows": number(600),
        **{f"mini_after_{n}": percent(trained[n, r2, 0]) for n in (0, 4, 5, 6)},
        "zeroed_most": fixed(np.abs(found["probe zeroed"][:, r2, 0]).max(), 3),
        "never_first": percent(never[0, r2, 0]),
        "never_last": percent(never[6, r2, 0]),
        **{f"tables_after_{n}": percent(tables[n, r2, 0]) for n in (1, 6)},
        "exact_tables": percent(tables[:, exact, 0].min()),
        "exact_never": percent(never[:, exact, 0].min()),
        "exact_first": percent(trained[0, exact, 0]),
        "exact_last": percent(trained[6, exact, 0]),
        "error_first": fixed(trained[0, error, 0], 1),
        "error_last": fixed(trained[6, error, 0], 1),
        "error_blind": fixed(np.abs(places - places.mean()).mean(), 1),
    }


def result(told: dict) -> str:
    """The share of right answers, and how many runs passed."""
    return f"{percent(told['accuracy']['mean'])} ({told['passed']} of {told['of']})"


SLOW = {
    "add": "sinusoidal",
    "learned": "learned",
    "index": "index vector",
    "rope": "rope",
    "alibi": "alibi",
    "t5": "t5",
}


def patience() -> dict[str, str]:
    """Other learning rates, more steps, and where layer normalisation stands."""
    say = {}
    for key, encoding in SLOW.items():
        rates = {"low": "0.0003", "high": "0.003"}
        for which, rate in rates.items():
            say[f"rate_{key}_{which}"] = result(GRID["rate"][f"reverse, {encoding}, {rate}"])
        say[f"rate_{key}_usual"] = result(GRID["core"][f"reverse, {encoding}"])
        for study in ("longer", "longest"):
            run = GRID[study].get(f"reverse, {encoding}")
            say[f"{study}_{key}"] = result(run) if run else "–"
    plain = {"no": "none", "scalar": "index", "fraction": "fraction"}
    for key, encoding in plain.items() | {
        (k, SLOW[k]) for k in ("add", "learned", "index", "rope")
    }:
        say[f"norm_{key}_pre"] = result(GRID["core"][f"reverse, {encoding}"])
        for norm in ("post", "none"):
            say[f"norm_{key}_{norm}"] = result(GRID["norm"][f"{norm}, {encoding}"])
    copying = {
        "": GRID["core"]["copy, alibi"],
        "_longer": GRID["longer"]["copy, alibi"],
        "_longest": GRID["longest"]["copy, alibi"],
    }
    biases = [GRID["longest"][f"reverse, {encoding}"] for encoding in ("alibi", "t5")]
    return (
        say
        | {f"copy_alibi{k}": percent(v["accuracy"]["mean"]) for k, v in copying.items()}
        | {
            "copy_alibi_limit": percent((10 * 17 / 32 + 3) / 13),
            "longest_runs": "3",
            "longest_least": percent(min(told["accuracy"]["least"] for told in biases)),
            "longest_most": percent(max(told["accuracy"]["most"] for told in biases)),
        }
    )


def scales() -> dict[str, str]:
    factors = {"64th": 1 / 64, "8th": 1 / 8, "one": 1.0, "eight": 8.0}

    def cell(encoding: str, token: float, position: float, study: str = "scale") -> str:
        return result(GRID[study][f"{encoding}, {token}, {position}"])

    lost = {
        ("64th", "one"), ("64th", "eight"), ("8th", "eight"), ("one", "64th"),
        ("eight", "64th"), ("eight", "8th"), ("eight", "one"),
    }  # fmt: skip
    more = {"sinusoidal": lost | {("8th", "64th"), ("one", "8th")}, "learned": lost}
    say = {
        f"s_{encoding[0]}_{a}_{b}": cell(encoding, token, position)
        for encoding in ("sinusoidal", "learned")
        for a, token in factors.items()
        for b, position in factors.items()
    } | {
        f"l_{encoding[0]}_{a}_{b}": cell(encoding, factors[a], factors[b], "scale longer")
        for encoding, pairs in more.items()
        for a, b in pairs
    }
    plain = GRID["scale"]["sinusoidal, 0.125, 1.0"]
    scaled = GRID["scale"]["sinusoidal, 1.0, 1.0"]
    return say | {
        "norm_word_before": fixed(1, 1),
        "norm_word_after": fixed(8, 1),
        "norm_position": fixed(math.sqrt(32), 1),
        "plain_acc": percent(plain["accuracy"]["mean"]),
        "plain_passed": f"{plain['passed']} of {plain['of']}",
        "plain_step": step(plain, "none"),
        "scaled_acc": percent(scaled["accuracy"]["mean"]),
        "scaled_passed": f"{scaled['passed']} of {scaled['of']}",
        "scaled_step": step(scaled, "none"),
        "quiet_learned": cell("learned", 1.0, 1 / 64),
        "loud_learned": cell("learned", 1.0, 1.0),
        "scale_seeds": number(scaled["of"]),
        "long_seeds": "3",
        "long_step": step(GRID["scale longer"]["learned, 0.125, 8.0"], "none"),
    }


def terms() -> dict[str, str]:
    """What the four terms carry in the heads of MiniLM's first layer."""
    notes = data.notes("terms-minilm")
    shares = np.array([head["shares"] for head in notes["heads"]])
    weight = np.array([head["back"] for head in notes["heads"]])
    back = int(weight.argmax())
    return {
        "head_weight": percent(weight[back], 1),
        "head_places": percent(shares[back, 3]),
        "head_words": percent(shares[:, 0].max()),
        "head_words_least": percent(shares[shares.argmax(axis=1) == 0, 0].min()),
        "heads_of": number(len(shares)),
        "heads_words": number(int((shares.argmax(axis=1) == 0).sum())),
        "crossed": percent(np.abs(shares[:, 1:3]).max()),
        "verses": number(notes["verses"]),
    }


def geometry() -> dict[str, str]:
    """What was measured of words and positions in two models, and what chance gives."""
    found = data.notes("token-position")
    mini, whisper, chance = found["MiniLM"], found["Whisper"], found["random"]
    say = {}
    for key, model in (("mini", mini), ("whisper", whisper)):
        for way, told in model["cosines"].items():
            say[f"{key}_{way}_within"] = percent(told["within_0.1"], 2)
        say[f"{key}_word"] = percent(model["read"]["linear"]["word"], 1)
        say[f"{key}_place"] = percent(model["read"]["linear"]["position"], 1)
    for d in (16, 64, 384):
        say[f"chance_{d}_within"] = percent(chance[f"{d}"]["cosines"]["within_0.1"])
    for d in (16, 32, 64):
        read = chance[f"{d}"]["read"]["linear"]
        say[f"chance_{d}_word"] = percent(read["word"])
        say[f"chance_{d}_place"] = percent(read["position"])
    shared = mini["shared"]["10"]
    return say | {
        "mini_centred_as": number(round(1 / mini["cosines"]["centred"]["rms"] ** 2)),
        "whisper_raw_mean": fixed(whisper["cosines"]["raw"]["mean"], 2),
        "mini_pairs": number(round(30_522 * 512 / 1e6, 1)),
        "mini_d": "384",
        "mini_words": number(30_522),
        "mini_places": "512",
        "own_places": percent(shared["own_places"]),
        "words_there": percent(shared["words_in_places"], 1),
        "unused_mean": fixed(mini["untouched"]["mean"], 2),
        "words_chance": percent(10 / 384, 1),
        "means_mini": fixed(mini["shared"]["means"]["cosine"], 2),
        "means_whisper": fixed(whisper["shared"]["means"]["cosine"], 2),
        "book_of": number(1024),
        **{f"added_{d}": number(codebook.most(1024, d)) for d in (64, 256, 1024)},
        "limit_256": fixed(256 / (2 * math.log(1024)), 1),
    }


def expected() -> dict[str, str]:
    """Every number that the chapter's cells record: name and text."""
    return {
        **terms(),
        **layers(),
        **geometry(),
        **room(),
        **price(),
        **race(),
        **shares(),
        **probes(),
        **patience(),
        **scales(),
    }


@pytest.fixture(scope="module")
def numbers() -> dict[str, str]:
    return expected()


def test_the_form_of_a_chapter():
    CHAPTER.check_form(exercises=4, predictions=3, sources=5)
    assert set(CHAPTER.exhibits()) >= EXHIBITS
    assert len(CHAPTER.page.select(".proof")) >= 5


def test_every_cell_records_what_the_definitions_give(numbers):
    assert CHAPTER.recorded() == numbers


def test_every_place_shows_the_number_that_its_source_asks_for(numbers):
    assert len(CHAPTER.asked()) > 100
    CHAPTER.check_places(numbers)


def test_each_number_stands_between_its_own_words():
    assert CHAPTER.check_neighbours() > 40


def test_the_claims_are_settled_with_a_source_and_a_verdict():
    CHAPTER.check_claims([21, 22, 23, 24, 25, 26, 29])


def test_the_verdicts_follow_from_the_numbers():
    core = GRID["core"]
    for key in ("add", "total", "token", "project"):
        assert core[f"reverse, {WAYS[key]}"]["passed"] == core["reverse, none"]["of"], key
    assert core["reverse, none"]["accuracy"]["most"] < GRID["ceilings"]["reverse"]["16"] + 0.01
    width = GRID["width"]
    assert width["16, sinusoidal"]["passed"] < width["16, concat total"]["passed"] == 5
    assert width["24, sinusoidal"]["passed"] == 5, "claim 24: where there is room, adding does it"
    assert 2.2 < layer(768) / layer(512) < 2.3
    for task in ("reverse", "copy"):
        for part in ("query", "key", "value"):
            told = GRID["shares"][f"{task}, concat total"]["trained"][part]
            assert told["least"] > 0.3 and told["most"] < 0.7, "claim 25: no head reads one only"
    whole, cut = (
        told["untrained raw"][2]["mean"]
        for told in (
            GRID["probes"]["reverse, sinusoidal"],
            GRID["cut"]["reverse, sinusoidal"]["probes"],
        )
    )
    assert whole > 0.95 and cut < 0.05, "claim 26: untrained, the path keeps it"
    kept = GRID["cut"]["reverse, sinusoidal"]["probes"]["trained raw"][2]["mean"]
    assert kept > 0.5, "claim 26: trained, attention carries it"
    control = GRID["shares"]["majority, concat total"]["trained"]["query"]["mean"]
    assert (
        abs(control - 0.5)
        < 0.02
        < GRID["shares"]["reverse, concat total"]["trained"]["query"]["mean"] - 0.5
    )
    found, r2 = data.load("layers"), data.notes("layers")["measures"].index("r2")
    assert found["probe trained"][4, r2, 0] > 0.9 > 0.6 > found["probe trained"][6, r2, 0]
    assert np.abs(found["probe zeroed"][:, r2]).max() < 0.01
    assert found["probe untrained"][6, r2, 0] > 0.7
    assert found["probe tables"][:, r2].min() > found["probe trained"][4, r2, 0]
    pairs = data.notes("token-position")
    for model in ("MiniLM", "Whisper"):
        assert min(pairs[model]["read"]["linear"].values()) > 0.98, "claim 21"
        assert pairs[model]["cosines"]["centred"]["within_0.1"] > 0.95, "claim 22, centred"
    assert pairs["Whisper"]["cosines"]["raw"]["within_0.1"] < 0.01, "claim 22, as they are"
    assert pairs["random"]["16"]["read"]["linear"]["word"] < 0.5, "claim 21, narrow"
    assert 3 < codebook.most(1024, 1024) / codebook.most(1024, 256) < 5, "claim 23: with the width"


def test_more_steps_help_where_the_chapter_says_so():
    longer = {k: v["accuracy"]["mean"] for k, v in GRID["scale longer"].items()}
    bag = GRID["ceilings"]["reverse"]["16"]
    assert longer["learned, 1.0, 0.015625"] > 0.95 < longer["sinusoidal, 1.0, 0.125"]
    assert min(longer["sinusoidal, 0.015625, 1.0"], longer["sinusoidal, 0.125, 8.0"]) > 0.9
    assert 0.5 < longer["sinusoidal, 8.0, 1.0"] < 0.95
    told = {
        "sinusoidal, 0.125, 0.015625", "sinusoidal, 1.0, 0.015625",
        "sinusoidal, 8.0, 0.015625", "sinusoidal, 8.0, 0.125",
        "learned, 8.0, 0.015625", "learned, 8.0, 0.125",
    }  # fmt: skip
    assert {k for k, v in longer.items() if 0.1 < v < bag + 0.01} == told, "positions not heard"
    deaf = {"sinusoidal, 0.015625, 8.0", "learned, 0.015625, 8.0"}
    assert {k for k, v in longer.items() if v < 0.08} == deaf, "words not heard"


def test_rates_steps_and_norms_do_what_the_chapter_says():
    def mean(study: str, name: str) -> float:
        return GRID[study][name]["accuracy"]["mean"]

    bag = GRID["ceilings"]["reverse"]["16"]
    assert mean("rate", "reverse, index vector, 0.0003") < bag < 0.99
    assert mean("rate", "reverse, index vector, 0.003") > 0.99
    assert mean("rate", "reverse, rope, 0.0003") < 0.5 < 0.95 < mean("longer", "reverse, rope")
    for encoding in ("sinusoidal", "learned"):
        for rate in ("0.0003", "0.003"):
            told = GRID["rate"][f"reverse, {encoding}, {rate}"]
            assert told["passed"] == told["of"]
    for encoding in ("alibi", "t5"):
        usual, longest = (
            mean("core", f"reverse, {encoding}"),
            mean("longest", f"reverse, {encoding}"),
        )
        assert usual < mean("longer", f"reverse, {encoding}") < longest, "the biases climb"
        assert longest < 0.7, "and are not there"
    for study, name in (
        ("core", "copy, alibi"),
        ("longer", "copy, alibi"),
        ("longest", "copy, alibi"),
    ):
        assert GRID[study][name]["accuracy"]["most"] < (10 * 17 / 32 + 3) / 13, "no run may pass it"
    for encoding in ("index", "fraction"):
        assert abs(mean("core", f"reverse, {encoding}") - bag) < 0.02, "exactly no encoding"
        assert bag + 0.05 < mean("norm", f"post, {encoding}") < 0.6
    for encoding in ("sinusoidal", "learned"):
        assert {GRID["norm"][f"{n}, {encoding}"]["passed"] for n in ("post", "none")} == {5}
    assert {GRID["norm"][f"{n}, rope"]["passed"] for n in ("post", "none")} == {0}
    for encoding in ("index", "fraction"):
        assert mean("norm", f"none, {encoding}") > 0.9


def test_nothing_is_typed_that_could_be_computed():
    settings = {"0.0003", "0.001", "0.003", "4000", "16000"}  # rates and steps of the runs
    CHAPTER.check_nothing_typed({"1024", "1000", "2.25"} | settings)
    CHAPTER.check_no_typed_truth(3)
