"""The exhibit "What is i?" on the built page: every channel and every mistake against NumPy."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import traitlets
from exhibit import OnPage, png_size, quantity

from posenc import encodings, exhibits, palette, text
from posenc.views.channel import CORRECT, MISTAKES, POSITIONS

PAGE = "book/sinusoids.html"


@pytest.fixture
def channel(open_page):
    return OnPage(open_page(PAGE), "channel")


@pytest.fixture(scope="module")
def still(open_still):
    """A page for tests that only look."""
    return OnPage(open_still(PAGE), "channel")


def kept(exhibit: OnPage, expression: str):
    """What the drawing kept, by an expression on its memory m."""
    return exhibit.root.evaluate(
        f"e => {{ const m = e.querySelector('.posenc-view').posenc.memory(); return {expression}; }}"
    )


def table(exhibit: OnPage, which: str) -> np.ndarray:
    """The values of the right or of the wrong picture, as drawn."""
    return np.array(kept(exhibit, f"Array.from(m.{which}.values)")).reshape(POSITIONS, -1)


def waves(exhibit: OnPage, which: str) -> np.ndarray:
    """The wavelengths on the ladder, the right ones or those shown."""
    return np.array(kept(exhibit, f"Array.from(m.survey.{which})"))


def finding(exhibit: OnPage) -> str:
    return exhibit.root.locator(".finding").inner_text()


def formula(exhibit: OnPage) -> str:
    """The formula as it is written, superscripts after ^, without the marks of the letters."""
    pieces = kept(exhibit, "m.formula[0]")
    words = "".join(
        ("^" if height > 0 else "_" if height < 0 else "") + piece
        for step in pieces
        for piece, height, *_ in step
        if piece
    )
    return words.replace("*", "")


def test_what_is_drawn_is_what_numpy_computes(still):
    channel = still.show("")
    np.testing.assert_allclose(
        table(channel, "right"), encodings.sinusoidal(POSITIONS, 16), atol=1e-6
    )
    expected = np.repeat(encodings.wavelengths(16), 2)
    np.testing.assert_allclose(waves(channel, "shown"), expected, rtol=1e-12)


def test_the_picture_and_the_rungs_stand_where_their_values_are(still):
    channel = still.show("")
    geometry = channel.ask("geometry")
    values = encodings.sinusoidal(POSITIONS, 16)
    box, colours = geometry["table"], palette.colour_map()
    for t, j in [(2, 1), (9, 3), (14, 9), (20, 4)]:
        at = channel.pixel(
            box["x"] + box["w"] * (j + 0.5) / 16, box["y"] + box["h"] * (t + 0.5) / POSITIONS
        )
        expected = np.array(colours((values[t, j] + 1) / 2)[:3]) * 255
        assert np.abs(np.array(at) - expected).max() < 6, (t, j)
    # between the two dots of pair 6 its rung is ink, at the height of its wavelength
    ladder = geometry["ladder"]
    low, high = 0, 5  # the decades that hold 6.28 and 19 869
    height = (np.log10(encodings.wavelengths(16)[6]) - low) / (high - low)
    x = ladder["x"] + ladder["w"] * 13 / 16
    y = ladder["y"] + ladder["h"] * (1 - height)
    ink = tuple(int(palette.tokens()["ink"][k : k + 2], 16) for k in (1, 3, 5))
    assert any(
        max(abs(a - b) for a, b in zip(channel.pixel(x, y + dy), ink, strict=True)) < 24
        for dy in (-1, 0, 1)
    )


@pytest.mark.parametrize("layout", encodings.LAYOUTS)
def test_each_mistake_is_drawn_beside_and_over_the_right_one(open_page, layout):
    exhibit = OnPage(open_page(f"{PAGE}#channel?layout={layout}&j=5&d=12"), "channel")
    right = encodings.channel_waves(12, layout=layout)
    for name in encodings.MISTAKES:
        exhibit.root.get_by_role("button", name=name, exact=True).click()
        exhibit.settle()
        wrong = encodings.channel_waves(12, layout=layout, mistake=name)
        np.testing.assert_allclose(waves(exhibit, "shown"), wrong.wavelengths, rtol=1e-12)
        np.testing.assert_allclose(waves(exhibit, "right"), right.wavelengths, rtol=1e-12)
        np.testing.assert_allclose(
            table(exhibit, "wrong"),
            encodings.mistaken(POSITIONS, 12, mistake=name, layout=layout),
            atol=1e-6,
        )
        same = int(np.isclose(wrong.wavelengths, right.wavelengths, rtol=1e-12).sum())
        said = finding(exhibit)
        assert f"{same} of 12 channels" in said
        pairs = encodings.MISTAKES[name].keeps_pairs
        assert ("still share theirs" in said) == pairs, said
        assert ("no longer share one" in said) == (not pairs), said


def test_the_finding_quotes_the_slowest_wave(still):
    exhibit = still.show("mistake=channel%20as%20pair")
    slowest = encodings.channel_waves(16, mistake="channel as pair").wavelengths.max()
    assert f"{slowest / 1e6:.1f} million" in finding(exhibit)
    assert f"instead of {encodings.wavelengths(16)[-1]:,.0f}" in finding(exhibit)


def test_the_formula_has_its_numbers_put_in(channel):
    assert formula(channel) == "PE(t)_6 = sin(t / b^2i/d) = sin(t / 10,000^2·3/16) = sin(t / 31.6)"
    divisor = 1 / encodings.frequencies(16)[3]
    assert f"{divisor:.1f}" == "31.6"
    channel.root.get_by_role("button", name="channel as pair").click()
    channel.settle()
    assert "b^2j/d" in formula(channel)
    assert "10,000^2·6/16) = sin(t / 1,000)" in formula(channel)


# What a reader reads off the drawing, against NumPy: (fragment, width, base, layout, channel, t).
READ = [
    ("", 16, 10000, "interleaved", 6, 5),
    ("d=12&b=100&layout=halves&j=8&t=4", 12, 100, "halves", 8, 4),
]
reading = pytest.mark.parametrize(("fragment", "d", "b", "layout", "j", "t"), READ)


def readout(exhibit: OnPage) -> dict[str, str]:
    """The rows at the right of the ladder: what a row is about, and what it says."""
    geometry = exhibit.ask("geometry")
    left, top = geometry["beside"]["x"], geometry["ladder"]["y"]
    rows: dict[float, list[str]] = {}
    for w in exhibit.words():
        if w["x"] >= left - 0.01 and w["y"] > top:
            rows.setdefault(w["y"], []).append(w["words"])
    return {label: "".join(words) for label, *words in rows.values()}


def channels_of(j: int, d: int, layout: str) -> tuple[int, bool, list[int]]:
    """Pair and function of a channel, and the two channels of that pair, sine first."""
    half = d // 2
    pair, cosine = (j // 2, bool(j % 2)) if layout == "interleaved" else (j % half, j >= half)
    both = [2 * pair, 2 * pair + 1] if layout == "interleaved" else [pair, pair + half]
    return pair, cosine, both


@reading
def test_the_two_waves_of_the_pair_are_drawn_through_their_dots(
    still, fragment, d, b, layout, j, t
):
    still.show(fragment)
    box = still.ask("geometry")["beside"]
    middle, amp, cell = box["x"] + box["w"] / 2, box["w"] / 2 - 8, box["h"] / POSITIONS
    pair, _, both = channels_of(j, d, layout)
    dots = [q for q in still.discs() if q["x"] >= box["x"] and q["y"] <= box["y"] + box["h"]]
    tokens = palette.tokens()
    waves = still.curves()
    assert len(waves) == 2
    for cosine, channel in enumerate(both):
        colour = tokens["cos" if cosine else "sin"]
        own = [q for q in dots if q["edge"] == colour]
        assert all((q["fill"] == colour) != cosine for q in own), "sine filled, cosine open"
        at = [(q["y"] - box["y"]) / cell - 0.5 for q in own]
        np.testing.assert_allclose(at, np.arange(POSITIONS), atol=1e-9)
        values = encodings.sinusoidal(POSITIONS, d, base=b, layout=layout)[:, channel]
        np.testing.assert_allclose([(q["x"] - middle) / amp for q in own], values, atol=1e-9)
        x, y = waves[cosine].T
        positions = (y - box["y"]) / cell - 0.5
        seen = positions >= 0
        values = encodings.sinusoidal(positions[seen], d, base=b, layout=layout)[:, channel]
        np.testing.assert_allclose((x[seen] - middle) / amp, values, atol=1e-9)
    words = [w["words"] for w in still.words()]
    assert f"the two waves of pair i = {pair}" in words
    assert f"sin, channel {both[0]}" in words
    assert f"cos, channel {both[1]}" in words


@reading
def test_ladder_and_readout_name_the_wavelength(still, fragment, d, b, layout, j, t):
    still.show(fragment)
    waves = encodings.channel_waves(d, base=b, layout=layout).wavelengths
    pair, cosine, _ = channels_of(j, d, layout)
    assert [w["words"] for w in still.words() if w["words"].startswith("λ")] == [
        f"λ = {quantity(waves[j])}"
    ]
    reckoned = f"{j} // 2 = " if layout == "interleaved" else f"{j} mod {d // 2} = "
    assert readout(still) == {
        "channel j": str(j),
        "pair i": f"{reckoned}{pair}",
        "function": "cosine, the second of its pair" if cosine else "sine, the first of its pair",
        "wavelength λ": f"{quantity(waves[j])} positions to a turn",
    }
    value = encodings.sinusoidal([t], d, base=b, layout=layout)[0, j]
    words = "".join(w["words"] for w in still.words())
    assert f"At t = {t} this is {text.fixed(value, 3)}." in words
    # the dots of the ladder, one for each channel, on the logarithm of the wavelength
    box = still.ask("geometry")["ladder"]
    low, high = np.floor(np.log10(waves.min())), np.ceil(np.log10(waves.max()))
    dots = [q for q in still.discs() if q["y"] >= box["y"] - 9][-d:]
    np.testing.assert_allclose(
        [q["x"] for q in dots], box["x"] + box["w"] * (np.arange(d) + 0.5) / d
    )
    heights = [(box["y"] + box["h"] - q["y"]) / box["h"] for q in dots]
    np.testing.assert_allclose(heights, (np.log10(waves) - low) / (high - low), atol=1e-9)


def test_a_channel_that_a_mistake_leaves_alone_is_not_called_wrong(still):
    right = encodings.channel_waves(16).wavelengths
    wrong = encodings.channel_waves(16, mistake="off by one").wavelengths
    assert wrong[6] == pytest.approx(right[6], rel=1e-12)
    still.show("mistake=off%20by%20one&j=6")
    assert readout(still)["should be"] == "as it is"
    assert "which the mistake (off by one) does not touch" in still.ask("say")
    assert "is right" not in still.ask("say")
    still.show("mistake=off%20by%20one&j=7")
    assert readout(still)["wavelength λ"] == f"{quantity(wrong[7])} positions to a turn"
    assert readout(still)["should be"] == quantity(right[7])
    said = still.ask("say")
    assert f"wavelength {quantity(wrong[7])} positions by mistake (off by one)" in said
    assert f"where {quantity(right[7])} is right" in said
    labels = [w["words"] for w in still.words() if w["words"].startswith(("λ", "right"))]
    assert labels == [f"λ = {quantity(wrong[7])}", f"right: {quantity(right[7])}"]


def test_pointing_at_a_column_reads_it(channel):
    box = channel.ask("geometry")["table"]
    x, y = channel.point(box["x"] + box["w"] * 9.5 / 16, box["y"] + box["h"] * 0.5)
    channel.page.mouse.click(x, y)
    channel.settle()
    state = channel.ask("state")
    assert (state["channel"], state["t"]) == (9, POSITIONS // 2)
    assert channel.ask("facts")["pair"] == "4"
    assert channel.ask("facts")["function"] == "cosine"


def test_the_ladder_is_a_handle_too(channel):
    ladder = channel.ask("geometry")["ladder"]
    x, y = channel.point(ladder["x"] + ladder["w"] * 2.5 / 16, ladder["y"] + 60)
    channel.page.mouse.move(x, y)
    channel.page.mouse.down()
    channel.page.mouse.move(x + ladder["w"] * 10 / 16, y, steps=4)
    channel.page.mouse.up()
    assert channel.ask("state")["channel"] == 12


def test_dragging_the_tag_moves_the_channel(channel):
    cell = channel.ask("geometry")["table"]["w"] / 16
    channel.handle("column").scroll_into_view_if_needed()
    box = channel.handle("column").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    channel.page.mouse.move(x, y)
    channel.page.mouse.down()
    channel.page.mouse.move(x + 4 * cell, y, steps=4)
    channel.page.mouse.up()
    assert channel.ask("state")["channel"] == 10


def test_a_finger_points(open_page):
    exhibit = OnPage(open_page(PAGE, phone=True), "channel")
    box = exhibit.ask("geometry")["table"]
    x, y = exhibit.point(box["x"] + box["w"] * 3.5 / 16, box["y"] + box["h"] * 0.25)
    exhibit.page.touchscreen.tap(x, y)
    exhibit.settle()
    assert exhibit.ask("state")["channel"] == 3


def test_targets_are_large_enough_on_a_phone(open_page):
    exhibit = OnPage(open_page(PAGE, phone=True), "channel")
    for name in ("column", "row"):
        box = exhibit.handle(name).bounding_box()
        assert box["width"] >= 40 or box["height"] >= 44, name
    widest = exhibit.root.evaluate(
        "e => Math.max(...[...e.querySelectorAll('*')].map(x => x.getBoundingClientRect().right))"
    )
    assert widest <= 360, "the exhibit is wider than the phone"


def test_the_keyboard_moves_the_handles(channel):
    column = channel.handle("column")
    column.focus()
    column.press("ArrowRight")
    assert channel.ask("state")["channel"] == 7
    column.press("End")
    assert channel.ask("state")["channel"] == 15
    channel.settle()
    assert column.get_attribute("aria-valuenow") == "15"
    assert "cosine of pair 7" in column.get_attribute("aria-valuetext")
    row = channel.handle("row")
    row.press("ArrowDown")
    assert channel.ask("state")["t"] == 6, "the position axis runs downwards"


def test_a_narrower_table_keeps_the_channel_inside(channel):
    channel.handle("column").press("End")
    knob = channel.slider("width")
    knob.focus()
    knob.press("ArrowLeft")
    channel.settle()
    assert channel.ask("state")["d_model"] == 14
    assert channel.ask("state")["channel"] == 13


def test_halves_pair_a_channel_half_a_width_away(still):
    exhibit = still.show("layout=halves&j=11")
    assert exhibit.ask("facts")["pair"] == "3"
    assert exhibit.ask("facts")["function"] == "cosine"
    np.testing.assert_allclose(
        table(exhibit, "right"), encodings.sinusoidal(POSITIONS, 16, layout="halves"), atol=1e-6
    )


@pytest.mark.parametrize(
    ("fragment", "note"),
    [
        ("j=-1", "outside"),
        ("j=x", "not a number"),
        ("d=5", "even"),
        ("mistake=%3Cb%3E", "not one of"),
        ("t=24", "outside"),
        ("b=", "not a number"),
    ],
)
def test_a_broken_link_falls_back_with_a_note(still, fragment, note):
    exhibit = still.show(fragment)
    assert note in exhibit.root.locator(".x-note").inner_text()
    np.testing.assert_allclose(
        table(exhibit, "right"), encodings.sinusoidal(POSITIONS, 16), atol=1e-6
    )


def test_reset_goes_back(open_page):
    exhibit = OnPage(open_page(f"{PAGE}#channel?d=8&mistake=off%20by%20one&j=2"), "channel")
    exhibit.tool("Reset").click()
    exhibit.settle()
    state = exhibit.ask("state")
    assert (state["d_model"], state["mistake"], state["channel"]) == (16, CORRECT, 6)


def test_picture_and_data_are_saved(open_page):
    exhibit = OnPage(open_page(f"{PAGE}#channel?mistake=doubled%20twice"), "channel")
    with exhibit.page.expect_download() as saved:
        exhibit.tool("Picture").click()
    width, height = png_size(Path(saved.value.path()).read_bytes())
    assert width > 1000
    assert height > 800
    with exhibit.page.expect_download() as saved:
        exhibit.tool("Data").click()
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert rows[0] == ["j", "pair", "function", "wavelength", "doubled twice"]
    assert [row[2] for row in rows[1:3]] == ["sin", "cos"]
    right = encodings.channel_waves(16).wavelengths
    wrong = encodings.channel_waves(16, mistake="doubled twice").wavelengths
    np.testing.assert_allclose([float(row[3]) for row in rows[1:]], right, rtol=1e-12)
    np.testing.assert_allclose([float(row[4]) for row in rows[1:]], wrong, rtol=1e-12)


def test_it_speaks_one_sentence_after_a_rest(channel):
    channel.handle("column").press("ArrowRight")
    channel.page.wait_for_timeout(500)
    spoken = channel.root.locator("[aria-live=polite]").first.inner_text()
    value = encodings.sinusoidal([5], 16)[0, 7]
    assert "Channel 7: cosine of pair 3" in spoken
    assert f"{value:.3f}" in spoken


def test_python_sets_and_reads_the_state():
    exhibit = exhibits.channel()
    assert (exhibit.pair, exhibit.is_cosine) == (3, False)
    exhibit.set(j=11, layout="halves", mistake="floor division")
    assert (exhibit.pair, exhibit.is_cosine) == (3, True)
    assert exhibit.mistake_index == MISTAKES.index("floor division")
    expected = encodings.mistaken(POSITIONS, 16, mistake="floor division", layout="halves")
    np.testing.assert_array_equal(exhibit.values, expected)
    exhibit.d_model = 8
    assert exhibit.channel == 7, "the marked channel stays in the table"


@pytest.mark.parametrize(
    ("trait", "value"),
    [("base", 0), ("d_model", 7), ("d_model", 128), ("channel", -1), ("t", 24), ("mistake", "x")],
)
def test_python_refuses_what_cannot_be_shown_and_keeps_what_was(trait, value):
    exhibit = exhibits.channel()
    before = getattr(exhibit, trait)
    with pytest.raises(traitlets.TraitError, match=trait):
        setattr(exhibit, trait, value)
    assert getattr(exhibit, trait) == before


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_printed_picture_has_words(mistake):
    data, metadata = exhibits.channel(mistake=mistake)._repr_mimebundle_()
    alt = metadata["image/png"]["alt"]
    assert "the sine of pair 3" in alt
    assert "16 channels" in alt
    if mistake != CORRECT:
        wrong = encodings.channel_waves(16, mistake=mistake).wavelengths
        same = int(np.isclose(wrong, encodings.channel_waves(16).wavelengths, rtol=1e-12).sum())
        assert mistake in alt
        assert f"{same} of 16 channels keep" in alt
    assert len(data["image/png"]) > 10_000
