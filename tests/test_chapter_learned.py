"""The chapter "Learned or fixed" as it was built: its form, and its numbers computed anew.

What was measured on real weights and in training runs is read from the files and set in the chapter's
words, without the chapter's cells; the tables and the runs have tests of their own.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from chapter import Chapter

from posenc import data, tables
from posenc.text import fixed, number, percent

CHAPTER = Chapter("learned")
EXHIBITS = ["table", "found", "breakhead", "growth"]
GRID, TEXT = data.load("training-grid"), data.load("training-text")
RACE, NAMES = data.load("training-race"), data.notes("training-race")
GROWN, STORIES = data.load("training-growth"), data.notes("training-growth")["stories"]
KINDS = {
    "index": "index vector",
    "fraction": "fraction vector",
    "sinusoid": "sinusoidal",
    "rope": "rope",
    "alibi": "alibi",
    "t5": "t5",
}
DECODERS = ("none", "sinusoidal", "learned", "rope", "alibi", "t5")


def weights() -> dict[str, str]:
    """What the two learned tables say."""
    minilm, whisper = tables.facts("minilm"), tables.facts("whisper decoder")
    odd, usual = minilm["odd"], minilm["lengths"]
    fit = minilm["clocks"]["first half"]["10"]
    decoder = whisper["clocks"]["first half"]["15"]
    hands = [h for h in minilm["clocks"]["all rows"]["10"]["hands"] if math.isfinite(h["period"])]
    periods = sorted(h["period"] for h in hands)
    ratio = np.array(periods[1:]) / np.array(periods[:-1])
    walk = tables.clocks(tables.random_walk(512, 32), 10)
    written = [fixed(p, 1) if p < 100 else fixed(p, 0) for p in periods]
    return {
        "minilm_rows": "512",
        "decoder_rows": "448",
        "encoder_rows": number(1500),
        "encoder_gap": number(whisper["encoder"]["largest_difference"], 2),
        "near_minilm": fixed(minilm["cosines"]["1"], 2),
        "near_whisper": fixed(whisper["cosines"]["1"], 2),
        "eight_minilm": fixed(minilm["cosines"]["8"], 2),
        "sixteen_minilm": fixed(minilm["cosines"]["16"], 2),
        "explained_minilm": percent(minilm["explained"]["all"]),
        "explained_whisper": percent(whisper["explained"]["all"]),
        "length_usual": fixed(usual["course"], 2),
        "length_127": fixed(odd["127"], 2),
        "length_before": fixed(usual["trained last"], 3),
        "length_after": fixed(usual["beyond"], 3),
        "times_0": fixed(odd["0"] / usual["course"], 1),
        "minilm_width": "384",
        "carried": percent(sum(minilm["variance"][:10])),
        "held_out": percent(fit["held_out"]),
        "still": percent(fit["still"]),
        "hands": number(len(hands)),
        "periods": f"{', '.join(written[:-1])} and {written[-1]}",
        "ratio_low": fixed(ratio.min(), 1),
        "ratio_high": fixed(ratio.max(), 1),
        "modulus_low": fixed(min(h["modulus"] for h in hands), 3),
        "eight_map": percent(minilm["foretold"]["8"]["map"]),
        "eight_still": percent(minilm["foretold"]["8"]["still"]),
        "walk_held": percent(walk.held_out),
        "walk_still": percent(walk.still),
        "whisper_held": percent(decoder["held_out"]),
        "whisper_still": percent(decoder["still"]),
    }


def looked() -> dict[str, str]:
    """What the head that looks one back does with its clocks switched off, between and past rows."""
    told = data.load("previous-token")
    row = told["heads"][told["layer"]]
    past = {
        way: {entry["beyond"]: entry["mean"] for entry in entries}
        for way, entries in told["past"].items()
    }
    half = told["looker_moved"][2]
    assert half["by"] == 0.5
    return {
        "look_head": number(int(np.argmax(row))),
        "look_whole": percent(told["whole"]["mean"], 1),
        "look_others": percent(sorted(row)[-2]),
        "look_alike": percent(told["alike"]["mean"]),
        "look_sentences": "12",
        "look_blank": percent(told["no_positions"]["mean"]),
        "look_rest": percent(told["without_clocks"]["mean"]),
        "look_clocks": percent(told["clocks_alone"]["mean"], 1),
        **{f"look_without_{n}": percent(told["without"][n - 1]["mean"]) for n in (1, 2)},
        "look_without_two": percent(told["from_fastest"][1]["mean"]),
        "look_long_3": percent(told["without_long"][2]["mean"]),
        "look_long_4": percent(told["without_long"][3]["mean"]),
        "look_past_fitted": percent(past["clocks as fitted"][300]),
        "look_random": percent(told["random_planes"]["mean"]),
        "look_random_least": percent(told["random_planes"]["least"]),
        "look_planes": number(told["random_planes"]["planes"]),
        "look_half": percent(told["half_turned"]["mean"], 1),
        "look_itself": percent(half["itself"]["mean"]),
        "look_previous": percent(half["previous"]["mean"]),
        "look_past_clocks": percent(past["clocks"][300]),
        "look_past_line": percent(past["line"][300]),
        "look_past_row": percent(past["last row"][300]),
    }


def shifted() -> dict[str, str]:
    """What moving every position does to a learned table, and to a model that rotates."""
    told = data.load("shift-test")
    learned, rotary = told["learned"], told["rotary"]
    first = learned["shifts"][0]
    say = {}
    for entry in learned["shifts"]:
        say[f"shift_all_{entry['shift']}"] = fixed(entry["all"]["cosine"], 2)
        say[f"shift_kept_{entry['shift']}"] = fixed(entry["mark_kept"]["cosine"], 2)
    return say | {
        "shift_row0": percent(
            (first["mark_kept"]["cosine"] - first["all"]["cosine"]) / (1 - first["all"]["cosine"])
        ),
        "shift_apart": fixed(learned["different_sentences"], 2),
        "shift_found": number(learned["shifts"][-1]["all"]["found"]),
        "shift_sentences": "12",
        "shift_rounding": number(1e-11),
        "shift_largest": fixed(rotary["largest"], 0),
        "shift_far": number(max(entry["shift"] for entry in rotary["shifts"])),
    }


def table_of(n: int, shot: int) -> np.ndarray:
    return GROWN[f"table_{n}"][shot].astype(float) * float(GROWN[f"scale_{n}"][shot])


def near(rows: np.ndarray) -> float:
    unit = rows / np.linalg.norm(rows, axis=1)[:, None]
    return float((unit[1:] * unit[:-1]).sum(axis=1).mean())


def grown() -> dict[str, str]:
    """What became of the tables in training."""
    copying = [story["name"] for story in STORIES].index("copy, 24 rows")
    first, last = table_of(copying, 0), table_of(copying, 14)

    def moved(part: slice) -> float:
        return float(np.linalg.norm(last[part] - first[part]) / np.linalg.norm(first[part]))

    def aim(shot: int) -> float:
        looked = GROWN[f"map_{copying}"][shot].astype(float)
        return float(np.mean([looked[t, t - 3] for t in range(3, len(looked))]))

    text = [story["name"] for story in STORIES].index("text")
    end = table_of(text, 6)
    a, b = end[1], end[62]
    return {
        "grown_longest": "16",
        "reached": percent(moved(slice(0, 16))),
        "unreached": percent(moved(slice(16, 24))),
        "aim_end": percent(aim(14)),
        "aim_early": percent(aim(9)),
        "step_early": number(int(GROWN[f"steps_{copying}"][9])),
        "step_end": number(int(GROWN[f"steps_{copying}"][14])),
        "text_first": fixed(near(table_of(text, 0)), 2),
        "text_last": fixed(near(end), 2),
        "text_ends": fixed(a @ b / np.linalg.norm(a) / np.linalg.norm(b), 2),
    }


def past() -> dict[str, str]:
    """What the runs say past the length of their training."""
    say = {}
    for key, length in itertools.product(list(KINDS)[:3], (16, 20, 24, 32, 64)):
        told = GRID["lengths"][f"reverse, {KINDS[key]}"]["by_length"][f"{length}"]
        say[f"reverse_{key}_{length}"] = percent(told["mean"])
    for key, encoding in KINDS.items():
        copying = GRID["lengths"][f"copy, {encoding}"]
        say[f"copy_{key}_16"] = percent(copying["by_length"]["16"]["mean"])
        for length in (20, 24, 32, 64):
            say[f"new_{key}_{length}"] = percent(copying["new_places"][f"{length}"]["mean"])
    places = RACE["place_2"][NAMES["placed"].index("copy")]
    say["sinusoid_inside"] = percent(places[NAMES["encodings"].index("sinusoidal"), 3:16].mean())
    for key in ("sinusoid", "rope", "t5"):
        which = NAMES["encodings"].index(KINDS[key])
        say[f"{key}_outside"] = percent(places[which, 16:].mean())
    for encoding in DECODERS:
        for length in (64, 128, 256, 512):
            told = TEXT["encodings"][encoding][f"{length}"]
            say[f"text_{encoding}_{length}"] = (
                fixed(told["mean"], 2) if "mean" in told else "no rows"
            )
    return say | {
        "bag_32": percent(GRID["ceilings"]["copy"]["32"]),
        "text_sd": fixed(max(TEXT["encodings"][name]["64"]["sd"] or 0 for name in DECODERS), 2),
        "text_seeds": number(TEXT["encodings"]["sinusoidal"]["seeds"]),
        "text_train": number(TEXT["length"]),
        "text_sd_far": fixed(
            max(TEXT["encodings"][name]["512"].get("sd") or 0 for name in DECODERS), 2
        ),
        "new_sd": percent(
            max(
                told["sd"]
                for encoding in KINDS.values()
                for told in GRID["lengths"][f"copy, {encoding}"]["new_places"].values()
            )
        ),
        "alibi_causal": percent(GRID["causal"]["alibi"]["accuracy"]["mean"]),
        "lengths_seeds": number(GRID["lengths"]["copy, sinusoidal"]["of"]),
    }


def exercises() -> dict[str, str]:
    drift = np.arange(100) - 49.5
    still = math.sqrt(np.square(np.diff(drift)).sum() / np.square(drift[1:]).sum())
    return {
        "ex_period": "6",
        "ex_modulus": "0.9",
        "ex_after": percent(0.9**12),
        "ex_drift": percent(still, 1),
    }


def expected() -> dict[str, str]:
    """Every number that the chapter's cells record: name and text."""
    return {**weights(), **looked(), **shifted(), **grown(), **past(), **exercises()}


@pytest.fixture(scope="module")
def numbers() -> dict[str, str]:
    return expected()


def test_the_form_of_a_chapter():
    CHAPTER.check_form(exercises=4, predictions=3, sources=6)
    assert [name for name in CHAPTER.exhibits() if name in EXHIBITS] == EXHIBITS


def test_every_cell_records_what_the_definitions_give(numbers):
    assert CHAPTER.recorded() == numbers


def test_every_place_shows_the_number_that_its_source_asks_for(numbers):
    assert len(CHAPTER.asked()) > 100
    CHAPTER.check_places(numbers)


def test_each_number_stands_between_its_own_words():
    assert CHAPTER.check_neighbours() > 40


def test_the_claims_are_settled_with_a_source_and_a_verdict():
    CHAPTER.check_claims([15, 19, 20])


def test_the_verdicts_follow_from_the_numbers():
    places = RACE["place_2"][NAMES["placed"].index("copy")]
    waves = places[NAMES["encodings"].index("sinusoidal")]
    assert waves[3:16].mean() > 0.9 and waves[16:].mean() < 0.3, "claim 15"
    for name in ("rope", "t5"):
        assert places[NAMES["encodings"].index(name), 16:].mean() > waves[16:].mean() + 0.2
    copied = {k: v["by_length"]["32"]["mean"] for k, v in GRID["lengths"].items()}
    assert copied["copy, sinusoidal"] < 0.6 < copied["copy, t5"]
    new = {k: v["new_places"]["32"]["mean"] for k, v in GRID["lengths"].items()}
    assert new["copy, sinusoidal"] < 0.2 < 0.6 < new["copy, t5"]
    assert copied["reverse, fraction vector"] > 0.5 > copied["reverse, sinusoidal"]
    told = TEXT["encodings"]
    assert told["alibi"]["512"]["mean"] < told["alibi"]["64"]["mean"] + 0.1, "it goes on"
    assert told["sinusoidal"]["512"]["mean"] > told["sinusoidal"]["64"]["mean"] + 1, "it does not"
    assert "error" in told["learned"]["128"], "claim 19: the table ends"
    moved = data.load("shift-test")
    cosines = [entry["all"]["cosine"] for entry in moved["learned"]["shifts"]]
    assert 0.5 < min(cosines) < max(cosines) < 0.95, "a learned table notices"
    assert max(entry["difference"] for entry in moved["rotary"]["shifts"]) < 1e-11, "RoPE does not"
    head = data.load("previous-token")
    assert head["whole"]["mean"] > 0.99 and head["clocks_alone"]["mean"] > 0.99
    assert head["without_clocks"]["mean"] < 0.25, "without its clocks the head is blind"
    assert head["without"][0]["mean"] < head["random_planes"]["mean"] < head["without"][2]["mean"]
    fit = tables.facts("minilm")["clocks"]["first half"]["10"]
    assert 0.01 < fit["held_out"] < 0.2 < fit["still"], "near a map, and none exactly"
    walk = tables.clocks(tables.random_walk(512, 32), 10)
    assert walk.held_out > walk.still, "the walk's map does worse than standing still"


def test_nothing_is_typed_that_could_be_computed():
    CHAPTER.check_no_typed_truth(3)
