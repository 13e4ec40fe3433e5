"""The encodings against the paper in high precision, other people's code, and their own laws."""

from __future__ import annotations

import itertools
import json
import math
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posenc import encodings as enc

REFERENCE = Path(__file__).parent / "reference"

widths = st.integers(1, 96).map(lambda half: 2 * half)
bases = st.floats(1.0001, 1e12)
layouts = st.sampled_from(enc.LAYOUTS)
spacings = st.sampled_from(enc.SPACINGS)
places = st.floats(-1e5, 1e5)

PAIRED = [
    lambda p, d: enc.sinusoidal(p, d),
    lambda p, d: enc.sinusoidal(p, d, layout="halves", spacing="tensor2tensor"),
    lambda p, d: enc.random_phase(p, d),
    *[lambda p, d, m=m: enc.mistaken(p, d, mistake=m) for m in enc.MISTAKES],
]
SINGLE = [enc.index, enc.sine_only, enc.cosine_only, enc.fraction, enc.binary]


# -- the formula, independently ---------------------------------------------------------------


def exact(t: float, j: int, d: int, base: float, layout: str, spacing: str) -> float:
    """One value of the table with 50 digits, written from the paper and tensor2tensor alone."""
    with mpmath.workdps(50):
        if layout == "interleaved":
            i, cosine = divmod(j, 2)
        else:
            cosine, i = divmod(j, d // 2)
        if spacing == "paper":
            scale = mpmath.power(mpmath.mpf(base), mpmath.mpf(2 * i) / d)
        else:
            step = mpmath.log(mpmath.mpf(base)) / max(d // 2 - 1, 1)
            scale = mpmath.exp(i * step)
        angle = mpmath.mpf(t) / scale
        return float(mpmath.cos(angle) if cosine else mpmath.sin(angle))


@pytest.mark.parametrize("layout", enc.LAYOUTS)
@pytest.mark.parametrize("spacing", enc.SPACINGS)
@pytest.mark.parametrize("base", [1.0001, 2.0, 10.0, 10000.0, 1e6, 1e12, 0.5])
@pytest.mark.parametrize("d", [2, 4, 6, 26, 128])
def test_the_papers_formula_in_high_precision(d, base, spacing, layout):
    positions = np.array([0, 1, 2, 3, 0.5, -3, math.pi, 1e3, 12345.678, 1e6])
    table = enc.sinusoidal(positions, d, base=base, layout=layout, spacing=spacing)
    channels = sorted({0, 1, 2, d // 2 - 1, d // 2, d - 2, d - 1} & set(range(d)))
    for row, t in zip(table, positions, strict=True):
        for j in channels:
            # An angle of 10^6 carries a rounding of 10^6 times 2^-53, twice (omega, product).
            assert row[j] == pytest.approx(
                exact(t, j, d, base, layout, spacing), abs=4e-16 * (abs(t) + 2) / min(base, 1)
            ), (t, j)


def test_torch_gives_the_same_table():
    with np.load(REFERENCE / "torch.npz") as file:
        positions = file["positions"]
        tolerance = 4e-15 * (np.abs(positions)[:, None] + 1)
        for d in (2, 6, 64, 512):
            assert (np.abs(enc.sinusoidal(positions, d) - file[f"d{d}"]) <= tolerance).all(), d
        off = np.abs(enc.sinusoidal(positions, 64, base=100) - file["d64_base100"])
        assert (off <= tolerance).all()


@pytest.mark.parametrize(
    ("name", "layout", "spacing"),
    [
        ("positional_encodings", "interleaved", "paper"),
        ("marian", "halves", "paper"),
        ("whisper", "halves", "tensor2tensor"),
    ],
)
def test_published_libraries_give_the_same_table(name, layout, spacing):
    with np.load(REFERENCE / "libraries.npz") as file:
        theirs = file[name]
    ours = enc.sinusoidal(len(theirs), theirs.shape[1], layout=layout, spacing=spacing)
    # They work in float32: seven digits of an angle that reaches 39.
    np.testing.assert_allclose(ours, theirs, atol=39 * 2.0**-23)
    # And no other combination does.
    for other in enc.LAYOUTS:
        for space in enc.SPACINGS:
            if (other, space) != (layout, spacing):
                wrong = enc.sinusoidal(len(theirs), theirs.shape[1], layout=other, spacing=space)
                assert np.abs(wrong - theirs).max() > 0.1


@pytest.mark.parametrize("name", ["torch.npz", "libraries.npz", "attention.npz"])
def test_reference_files_say_where_they_come_from(name):
    with np.load(REFERENCE / name) as file:
        origin = json.loads(str(file["origin"]))
    assert (REFERENCE / origin["script"]).is_file()
    assert "torch" in origin["versions"]
    assert all(version[0].isdigit() for version in origin["versions"].values())


# -- laws -------------------------------------------------------------------------------------


@given(st.lists(places, max_size=8), widths, bases, layouts, spacings)
def test_every_row_has_norm_sqrt_half_d(positions, d, base, layout, spacing):
    table = enc.sinusoidal(positions, d, base=base, layout=layout, spacing=spacing)
    assert table.shape == (len(positions), d)
    assert table.dtype == np.float64
    np.testing.assert_allclose(np.linalg.norm(table, axis=1), math.sqrt(d / 2), rtol=1e-12)


@given(st.lists(places, min_size=1, max_size=4), widths, bases, spacings)
def test_layouts_are_permutations_of_each_other(positions, d, base, spacing):
    one = enc.sinusoidal(positions, d, base=base, layout="interleaved", spacing=spacing)
    two = enc.sinusoidal(positions, d, base=base, layout="halves", spacing=spacing)
    order = np.concatenate([np.arange(0, d, 2), np.arange(1, d, 2)])
    np.testing.assert_array_equal(one[:, order], two)


@given(widths, layouts)
def test_channel_map_and_channel_of_are_inverse(d, layout):
    pair, cosine = enc.channel_map(d, layout=layout)
    assert sorted(zip(pair.tolist(), cosine.tolist(), strict=True)) == sorted(
        (i, c) for i in range(d // 2) for c in (False, True)
    )
    for j in range(d):
        assert enc.channel_of(int(pair[j]), bool(cosine[j]), d, layout=layout) == j


@given(widths.filter(lambda d: d > 2), st.floats(1.1, 1e8))
def test_wavelengths_are_a_geometric_sequence_from_one_turn(d, base):
    wave = enc.wavelengths(d, base=base)
    assert wave[0] == pytest.approx(2 * math.pi)
    np.testing.assert_allclose(wave[1:] / wave[:-1], base ** (2 / d), rtol=1e-12)
    assert wave[-1] == pytest.approx(2 * math.pi * base ** (1 - 2 / d))
    last = enc.wavelengths(d, base=base, spacing="tensor2tensor")[-1]
    assert last == pytest.approx(2 * math.pi * base if d > 2 else 2 * math.pi)


@given(widths.filter(lambda d: d > 2), st.floats(1.1, 1e8), st.data())
def test_base_for_is_the_inverse_of_the_wavelength(d, base, data):
    i = data.draw(st.integers(1, d // 2 - 1))
    wavelength = float(enc.wavelengths(d, base=base)[i])
    # The root of order 2i/d undoes a power: where it is small, digits are lost.
    assert enc.base_for(wavelength, i, d) == pytest.approx(base, rel=1e-14 * (1 + d / i))


def test_largest_wavelength_is_not_base_turns():
    assert [enc.wavelengths(d)[-1] for d in (4, 64, 512)] == pytest.approx(
        [628.3185307, 47117.2427801, 60611.4771662]
    )


def test_width_two_does_not_divide_by_zero():
    np.testing.assert_array_equal(enc.frequencies(2, spacing="tensor2tensor"), [1.0])
    np.testing.assert_array_equal(
        enc.sinusoidal(5, 2, spacing="tensor2tensor"), enc.sinusoidal(5, 2, spacing="paper")
    )


@pytest.mark.parametrize("encode", [*PAIRED, *SINGLE])
@pytest.mark.parametrize("length", [0, 1, 2, 17])
def test_a_length_is_short_for_its_positions(encode, length):
    table = encode(length, 6)
    assert table.shape == (length, 6)
    assert table.dtype == np.float64
    for same in (range(length), np.arange(length), list(range(length)), float(length)):
        np.testing.assert_array_equal(encode(same, 6), table)
    np.testing.assert_array_equal(encode(np.arange(length, dtype=np.uint8), 6), table)


def test_positions_are_taken_as_they_come():
    np.testing.assert_array_equal(
        enc.sinusoidal([3, Fraction(1, 2), -2.0, np.float32(3)], 8),
        np.stack([enc.sinusoidal([t], 8)[0] for t in (3, 0.5, -2, 3)]),
    )


# -- naive encodings --------------------------------------------------------------------------


def test_index_is_the_position_on_every_channel():
    np.testing.assert_array_equal(enc.index([0, 2.5, -7], 3), [[0] * 3, [2.5] * 3, [-7] * 3])
    assert enc.index(4).shape == (4, 1)


def test_fraction_runs_from_nought_to_one():
    np.testing.assert_allclose(enc.fraction(5)[:, 0], [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(enc.fraction([0, 2], length=9)[:, 0], [0, 0.25])
    np.testing.assert_array_equal(enc.fraction(1), [[0.0]])
    np.testing.assert_allclose(enc.fraction([0.5, 1.5])[:, 0], [0.25, 0.75])
    with pytest.raises(ValueError, match=r"9.*outside a sentence of length 9.*between 0 and 8"):
        enc.fraction([9], length=9)
    with pytest.raises(ValueError, match=r"-1.*outside"):
        enc.fraction([-1])


@given(st.integers(0, 2**53), st.integers(54, 1100))
def test_binary_holds_the_bits(t, d):
    bits = enc.binary([t], d)[0]
    assert set(bits) <= {0.0, 1.0}
    assert sum(int(bit) << j for j, bit in enumerate(bits)) == t


def test_binary_from_seven_to_eight_flips_four_bits():
    seven, eight = enc.binary([7, 8], 4)
    assert np.abs(seven - eight).sum() == 4


def test_the_softened_counter_goes_from_bits_to_waves():
    np.testing.assert_array_equal(enc.softened(256, 8), enc.binary(256, 8))
    t, j = np.arange(-3, 9, 0.25)[:, None], np.arange(6)
    waves = (1 - np.sin(2 * np.pi * (t + 0.5) / 2 ** (j + 1))) / 2
    np.testing.assert_allclose(enc.softened(t[:, 0], 6, softness=1), waves, atol=1e-12)
    # the waves are those of the sinusoidal encoding, read pi times as fast from half a step on
    sines = enc.sinusoidal(np.pi * (t[:, 0] + 0.5), 12, base=2.0**6)[:, ::2]
    np.testing.assert_allclose(1 - 2 * enc.softened(t[:, 0], 6, softness=1), sines, atol=1e-12)
    # on the way each digit keeps its side of one half, and comes nearer to it
    bits = enc.binary(64, 6)
    far = [np.abs(enc.softened(64, 6, softness=s) - 0.5) for s in (0, 0.2, 0.6, 1)]
    for s in (0.2, 0.6, 1):
        np.testing.assert_array_equal(enc.softened(64, 6, softness=s) > 0.5, bits > 0.5)
    for a, b in itertools.pairwise(far):
        assert (a[:, 1:] > b[:, 1:]).all()
        np.testing.assert_allclose(a[:, 0], b[:, 0])


@pytest.mark.parametrize("softness", [-0.1, 1.01, float("nan"), "0.5"])
def test_the_softened_counter_refuses(softness):
    with pytest.raises((ValueError, TypeError), match="softness"):
        enc.softened(4, 2, softness=softness)


@pytest.mark.parametrize(
    ("positions", "d", "says"),
    [
        ([16], 4, r"d_model=4 has too few bits for position 16; it must be at least 5"),
        (17, 4, r"must be at least 5"),
        ([-1], 4, r"-1.*whole positions from 0"),
        ([0.5], 4, r"0\.5.*whole positions"),
    ],
)
def test_binary_refuses_what_has_no_bits(positions, d, says):
    with pytest.raises(ValueError, match=says):
        enc.binary(positions, d)


# -- counter-examples and mistakes ------------------------------------------------------------


def test_sine_only_and_cosine_only_are_what_they_say():
    t = np.array([0.0, 1.0, 10.0])
    omega = 10000.0 ** (-np.arange(6) / 6)
    np.testing.assert_allclose(enc.sine_only(t, 6), np.sin(t[:, None] * omega))
    np.testing.assert_allclose(enc.cosine_only(t, 6), np.cos(t[:, None] * omega))
    np.testing.assert_allclose(enc.cosine_only(-t, 5), enc.cosine_only(t, 5))
    assert enc.sine_only(3, 5, spacing="tensor2tensor")[2, 4] == pytest.approx(math.sin(2 / 10000))


def test_random_phase_keeps_frequencies_and_is_decided_by_its_seed():
    t = np.arange(200)
    table = enc.random_phase(t, 8, seed=3)
    np.testing.assert_array_equal(table, enc.random_phase(t, 8, seed=3))
    assert np.abs(table - enc.random_phase(t, 8, seed=4)).max() > 0.1
    sinusoidal = enc.sinusoidal(t, 8)
    for j in range(8):  # each channel is a mix of its own pair's sine and cosine, of amplitude 1
        pair = sinusoidal[:, [2 * (j // 2), 2 * (j // 2) + 1]]
        mix, *_ = np.linalg.lstsq(pair, table[:, j], rcond=None)
        np.testing.assert_allclose(pair @ mix, table[:, j], atol=1e-10)
        assert np.linalg.norm(mix) == pytest.approx(1)


# Each mistake as the code that makes it, in plain Python, at d = 8.
def _made(name: str, t: float, d: int = 8, base: float = 10000.0) -> list[float]:
    row = [0.0] * d
    if name == "channel as pair":  # the loop of SamLynnEvans/Transformer#25
        for i in range(0, d, 2):
            row[i] = math.sin(t / base ** ((2 * i) / d))
            row[i + 1] = math.cos(t / base ** ((2 * (i + 1)) / d))
    elif name == "doubled twice":
        for i in range(0, d, 2):
            row[i] = math.sin(t / base ** ((2 * i) / d))
            row[i + 1] = math.cos(t / base ** ((2 * i) / d))
    elif name == "off by one":  # maxjcohen/transformer#62
        row[0::2] = [math.sin(t / base ** (j / d)) for j in range(0, d, 2)]
        row[1::2] = [math.cos(t / base ** (j / d)) for j in range(1, d, 2)]
    elif name == "divided the wrong way":
        for i in range(d // 2):
            row[2 * i] = math.sin(t * base ** (2 * i / d))
            row[2 * i + 1] = math.cos(t * base ** (2 * i / d))
    elif name == "floor division":  # zju3dv/LoFTR#41, see below
        for i in range(0, d, 2):
            rate = math.exp(i * (-math.log(base) / d // 2))
            row[i], row[i + 1] = math.sin(t * rate), math.cos(t * rate)
    return row


@pytest.mark.parametrize("d_model", [4, 6, 8, 64])
def test_floor_division_is_what_loftr_wrote(d_model):
    # zju3dv/LoFTR#41, torch written as NumPy. Its channels are the sine and the cosine of two
    # axes of an image, a quarter of d_model for each: half as many frequencies as our pairs.
    div_term = np.exp(
        np.arange(0, d_model//2, 2).astype(float) * (-math.log(10000.0) / d_model//2)
    )  # fmt: skip
    ours = enc.channel_waves(d_model, mistake="floor division").omega[0::2]
    assert div_term.size == math.ceil(d_model / 4)
    np.testing.assert_allclose(ours[: div_term.size], div_term, rtol=1e-12)
    whole = {4: -2}.get(d_model, -1)  # ln 10000 = 9.21: over 8 it is above 1, over 12 below
    np.testing.assert_allclose(ours, np.exp(2.0 * np.arange(d_model // 2) * whole), rtol=1e-12)


@pytest.mark.parametrize("name", enc.MISTAKES)
def test_mistakes_are_the_code_that_makes_them(name):
    t = [0, 1, 2.5, 100, 9999]
    made = np.array([_made(name, x) for x in t])
    table = enc.mistaken(t, 8, mistake=name)
    np.testing.assert_allclose(table, made, atol=1e-7)
    assert np.abs(table - enc.sinusoidal(t, 8)).max() > 0.1
    halves = enc.mistaken(t, 8, mistake=name, layout="halves")
    np.testing.assert_array_equal(halves, table[:, [0, 2, 4, 6, 1, 3, 5, 7]])
    waves = enc.channel_waves(8, mistake=name)
    paired = waves.omega[0::2] == waves.omega[1::2]
    assert paired.all() == enc.MISTAKES[name].keeps_pairs


def test_doubled_twice_is_the_number_that_the_book_prints():
    # The notebook of the book cited in MISTAKES prints the cosine of positions 2 and 10, d = 512.
    two, ten = enc.mistaken([2, 10], 512, mistake="doubled twice")
    assert two @ ten / 256 == pytest.approx(0.8600013, abs=1e-6)
    two, ten = enc.sinusoidal([2, 10], 512)
    assert two @ ten / 256 < 0.75


def test_wavelengths_of_the_mistakes():
    slowest = {
        name: enc.channel_waves(512, mistake=name).wavelengths.max() / (2 * math.pi)
        for name in enc.MISTAKES
    }
    assert slowest["channel as pair"] == pytest.approx(10000 ** (2 * 511 / 512))
    assert slowest["doubled twice"] == pytest.approx(10000 ** (4 * 255 / 512))
    assert slowest["off by one"] == pytest.approx(10000 ** (511 / 512))
    assert slowest["divided the wrong way"] == 1
    assert slowest["floor division"] == pytest.approx(math.exp(2 * 255))


def test_a_wave_too_slow_for_float64_stands_still():
    waves = enc.channel_waves(1024, mistake="floor division")
    assert np.isinf(waves.wavelengths).any()
    assert np.isfinite(enc.mistaken(5, 1024, mistake="floor division")).all()


# -- means ------------------------------------------------------------------------------------


@given(
    st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=3),
    st.integers(1, 60),
    widths,
    st.floats(0.01, 1e8),
    layouts,
    spacings,
)
def test_pixel_mean_is_the_mean(starts, run, d, base, layout, spacing):
    kind = {"base": base, "layout": layout, "spacing": spacing}
    mean = enc.pixel_mean(starts, run, d, **kind)
    slow = np.stack([enc.sinusoidal(t + np.arange(run), d, **kind).mean(axis=0) for t in starts])
    np.testing.assert_allclose(mean, slow, atol=1e-9 / min(base, 1))


@pytest.mark.parametrize("name", enc.MISTAKES)
def test_pixel_mean_of_a_mistake(name):
    mean = enc.pixel_mean([0, 50], 25, 16, mistake=name, layout="halves")
    slow = enc.mistaken(100, 16, mistake=name, layout="halves").reshape(4, 25, 16).mean(axis=1)
    np.testing.assert_allclose(mean, slow[[0, 2]], atol=1e-8)


@pytest.mark.parametrize("run", [1, 2, 3, 1000, 10**9])
@pytest.mark.parametrize("turns", [0, 1, 2, 7])
@pytest.mark.parametrize("near", [0.0, 1e-300, 1e-12, -1e-9, 1e-3])
def test_dirichlet_is_stable_where_both_sines_vanish(run, turns, near):
    omega = turns * 2 * math.pi + near
    with mpmath.workdps(60):
        half = mpmath.mpf(omega) / 2
        bottom = run * mpmath.sin(half)
        expected = 1.0 if bottom == 0 else float(mpmath.sin(run * half) / bottom)
    assert enc.dirichlet(np.array([omega]), run)[0] == pytest.approx(expected, abs=1e-9)


# -- bad input --------------------------------------------------------------------------------

BAD_WIDTHS = [
    (7, ValueError, r"d_model=7 is odd.*such as 6 or 8"),
    (1, ValueError, r"d_model=1 is odd.*such as 2"),
    (0, ValueError, r"d_model=0 is not positive.*positive (even )?whole"),
    (-4, ValueError, r"d_model=-4 is not positive"),
    (2.5, ValueError, r"d_model=2\.5 is not whole"),
    (math.nan, ValueError, r"d_model=nan is not whole"),
    (math.inf, ValueError, r"d_model=inf is not whole"),
    ("8", TypeError, r"d_model='8' is of type str"),
    (None, TypeError, r"d_model=None is of type NoneType"),
    (True, TypeError, r"d_model=True is of type bool"),
    ([8], TypeError, r"d_model=\[8\] is of type list"),
    (8 + 0j, TypeError, r"d_model=\(8\+0j\) is of type complex"),
]
BAD_BASES = [
    (0, ValueError, r"base=0 is not above 0.*such as 10000"),
    (-10.0, ValueError, r"base=-10\.0 is not above 0"),
    (math.nan, ValueError, r"base=nan is not finite"),
    (math.inf, ValueError, r"base=inf is not finite"),
    (10**400, ValueError, r"base=1000.*is too large"),
    ("e", TypeError, r"base='e' is of type str"),
    (True, TypeError, r"base=True is of type bool"),
    (5e-324, ValueError, r"base=.*overflow"),
]
BAD_POSITIONS = [
    (-1, ValueError, r"positions=-1 is a negative length.*pass \[-1\]"),
    (4.5, ValueError, r"positions=4\.5 is not a whole length.*pass \[4\.5\]"),
    (math.nan, ValueError, r"positions=nan is not a whole length"),
    ([0, math.nan], ValueError, r"positions\[1\]=nan is not finite"),
    ([math.inf], ValueError, r"positions\[0\]=inf is not finite"),
    (np.zeros((2, 2)), ValueError, r"positions has 2 dimensions, shape \(2, 2\).*ravel"),
    ([[1], [2, 3]], ValueError, r"positions=.* is ragged"),
    (True, TypeError, r"positions=True is of type bool"),
    ([True, False], TypeError, r"positions=.*truth values"),
    (np.array([True]), TypeError, r"positions=.*bool"),
    ("12", TypeError, r"positions='12' is of type str"),
    (["1"], TypeError, r"positions=\['1'\] holds values of type"),
    ([1j], TypeError, r"positions=\[1j\] holds values of type complex"),
    ([None], TypeError, r"positions=\[None\] holds values of type object"),
    (None, TypeError, r"positions=None is of type NoneType.*length.*array"),
]
BAD_NAMES = [
    ("layout", "halfs", ValueError, r"layout='halfs' is unknown.*\"interleaved\", \"halves\""),
    ("layout", 1, TypeError, r"layout=1 is of type int"),
    ("spacing", "t2t", ValueError, r"spacing='t2t' is unknown.*\"paper\", \"tensor2tensor\""),
    ("spacing", None, TypeError, r"spacing=None is of type NoneType"),
]


@pytest.mark.parametrize("encode", PAIRED)
@pytest.mark.parametrize(("width", "error", "says"), BAD_WIDTHS)
def test_bad_widths_are_refused(encode, width, error, says):
    with pytest.raises(error, match=says):
        encode(4, width)


@pytest.mark.parametrize("encode", SINGLE)
@pytest.mark.parametrize(("width", "error", "says"), BAD_WIDTHS)
def test_single_channels_may_be_odd_but_not_bad(encode, width, error, says):
    if "odd" in says:
        assert encode(2, width).shape == (2, width)
    else:
        with pytest.raises(error, match=says):
            encode(4, width)


@pytest.mark.parametrize(
    "encode", [enc.sinusoidal, enc.sine_only, enc.cosine_only, enc.random_phase]
)
@pytest.mark.parametrize(("base", "error", "says"), BAD_BASES)
def test_bad_bases_are_refused(encode, base, error, says):
    with pytest.raises(error, match=says):
        encode(4, 512, base=base)


@pytest.mark.parametrize("encode", [*PAIRED, *SINGLE])
@pytest.mark.parametrize(("positions", "error", "says"), BAD_POSITIONS)
def test_bad_positions_are_refused(encode, positions, error, says):
    with pytest.raises(error, match=says):
        encode(positions, 8)


@pytest.mark.parametrize(("name", "value", "error", "says"), BAD_NAMES)
def test_unknown_names_are_refused(name, value, error, says):
    with pytest.raises(error, match=says):
        enc.sinusoidal(4, 8, **{name: value})


def test_other_bad_arguments():
    with pytest.raises(ValueError, match=r"mistake='typo' is unknown.*\"off by one\""):
        enc.mistaken(4, 8, mistake="typo")
    with pytest.raises(ValueError, match=r"spacing='tensor2tensor' does not go with mistake"):
        enc.channel_waves(8, spacing="tensor2tensor", mistake="off by one")
    with pytest.raises(ValueError, match=r"run=0 is too small; it must be .* at least 1"):
        enc.pixel_mean(4, 0, 8)
    with pytest.raises(ValueError, match=r"run=1\.5 is not whole"):
        enc.pixel_mean(4, 1.5, 8)
    with pytest.raises(ValueError, match=r"starts\[0\]=nan"):
        enc.pixel_mean([math.nan], 2, 8)
    with pytest.raises(ValueError, match=r"pair=4 is too large; d_model=8 has pairs 0 to 3"):
        enc.channel_of(4, False, 8)
    with pytest.raises(ValueError, match=r"pair=0 is too small"):
        enc.base_for(10.0, 0, 8)
    with pytest.raises(ValueError, match=r"pair=4 is too large; d_model=8 has pairs 1 to 3"):
        enc.base_for(10.0, 4, 8)
    with pytest.raises(ValueError, match=r"wavelength=0 is not above 0"):
        enc.base_for(0, 1, 8)
    with pytest.raises(ValueError, match=r"wavelength=nan is not finite"):
        enc.base_for(math.nan, 1, 8)
    with pytest.raises(ValueError, match=r"wavelength=1000.0 is too large for pair=1"):
        enc.base_for(1000.0, 1, 512)
    with pytest.raises(ValueError, match=r"seed=-1 is too small"):
        enc.random_phase(4, 8, seed=-1)
    with pytest.raises(ValueError, match=r"length=0 is too small"):
        enc.fraction([], length=0)
    with pytest.raises(ValueError, match=r"overflows"):
        enc.mistaken([1e300], 8, mistake="divided the wrong way", base=1e60)
