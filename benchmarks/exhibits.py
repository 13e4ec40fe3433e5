"""Updates of exhibits at their largest, on the built chapters: the dot-product plot, where a move and
a change of all pairs cost differently, the shuffled sentence, whose words travel, and figures that
are computed from the numbers of real models.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks.desk import MOTIVATION, PROOF, Desk, open_awake
from benchmarks.keys import Samples, add, handle, move, press, scrub, slider
from benchmarks.measurement import Aim, Measurement

ROUNDS, WARM, KEYS, FRAMES, MOVES = 3, 10, 40, 80, 20
LARGEST = "dots?L=2048&d=64&b=10000&t=700&k=8"
MANY = "shuffle?text=" + "%20".join(f"word{k}" for k in range(100))
FRAME = 16.7  # ms, at 60 frames a second
ADD, LEARNED = "book/add.html", "book/learned.html"
#: Figures on real models and training runs: page, state, the slider or the mark that is moved in it,
#: and what a step means.
REAL = (
    (
        LEARNED,
        "table?t=200",
        "mark t",
        "another row of MiniLM’s table marked, its cosines drawn anew",
    ),
    (LEARNED, "found?m=16", "kept", "one leading direction of it fewer: shift map and clocks anew"),
    (LEARNED, "breakhead?first=400", "first position", "a real head at other positions"),
    (LEARNED, "growth?at=10", "checkpoint", "another checkpoint of a table in training"),
    (ADD, "race?step=900", "mark step", "another step of all training runs"),
    (ADD, "terms?w=identity", "word size", "words of another size: four terms of all pairs anew"),
    (ADD, "project?apart=0.5", "apart", "a projection on its way from shared to apart"),
    (ADD, "angles?d=400", "of random", "random vectors of another width"),
    (
        ADD,
        "capacity?m=64&d=1024&N=2048",
        "added",
        "another number of vectors added, and told apart",
    ),
    (ADD, "layers?layer=6", "after layer", "another layer probed"),
)
STEPS = 5


def dots(desk: Desk, moved: Samples, changed: Samples) -> None:
    """One round with the dot-product plot at 2,048 positions: t moved, then the base changed."""
    with desk.visit() as context:
        page = context.new_page()
        open_awake(page, f"{desk.address}/{PROOF}#{LARGEST}")
        page.wait_for_timeout(800)
        for knob, samples in (
            (handle(page, "dots", "t"), moved),
            (slider(page, "dots", "base"), changed),
        ):
            press(knob, WARM)
            add(samples, press(knob, KEYS))
            add(samples, {"gaps": scrub(knob, FRAMES)["gaps"]})


def shuffle(desk: Desk, fragment: str, samples: Samples) -> None:
    """One round with the shuffled sentence: the word in its middle moved on and back."""
    with desk.visit() as context:
        page = context.new_page()
        open_awake(page, f"{desk.address}/{MOTIVATION}#{fragment}")
        page.wait_for_timeout(800)
        words = handle(page, "shuffle", "token").filter(visible=True)
        word = words.nth(words.count() // 2).element_handle()
        move(word, 2)
        add(samples, move(word, MOVES))


def real(desk: Desk, path: str, state: str, knob: str) -> Samples:
    """One round with a figure on real models: its mark or slider moved a step at a time."""
    samples = Samples()
    with desk.visit() as context:
        page = context.new_page()
        open_awake(page, f"{desk.address}/{path}#{state}")
        page.wait_for_timeout(800)
        name = state.split("?")[0]
        mark = knob.removeprefix("mark ")
        moved = slider(page, name, knob) if mark == knob else handle(page, name, mark).first
        press(moved, 1)
        add(samples, press(moved, STEPS))
    return samples


def words_moved(name: str, what: str, samples: Samples) -> Iterator[Measurement]:
    """What a move of a word cost, and the frames in which it travelled."""
    yield Measurement(
        f"shuffle_{name}",
        f"one move of a word in {what}: attention and outputs anew (posenc:update)",
        "ms",
        samples["update"],
        Aim("at most", FRAME),
    )
    yield Measurement(
        f"shuffle_{name}_travelling",
        "time between two frames while it travels",
        "ms",
        samples["gaps"],
        Aim("at most", 17),
        parts={"update": median(samples["glides"])},
    )


def measure(desk: Desk) -> Iterator[Measurement]:
    moved, changed, few, many = Samples(), Samples(), Samples(), Samples()
    for _ in range(ROUNDS):
        dots(desk, moved, changed)
        shuffle(desk, "shuffle", few)
        shuffle(desk, MANY, many)
    yield Measurement(
        "dots_t_2048",
        "one move of t on the dot-product plot of 2,048 x 2,048 pairs (posenc:update)",
        "ms",
        moved["update"],
        Aim("at most", 4),
        note="width 64, no graphics processor; the picture of all pairs is not painted again",
    )
    yield Measurement(
        "dots_scrubbing_2048",
        "time between two frames while t moves in each of them",
        "ms",
        moved["gaps"],
        Aim("at most", 17),
    )
    yield Measurement(
        "dots_base_2048",
        "one change of its base: every vector, curve and pair anew (posenc:update)",
        "ms",
        changed["update"],
        Aim("at most", FRAME),
        note="means of blocks of pairs, as many as the picture has pixels",
    )
    yield Measurement(
        "dots_base_scrubbing_2048",
        "time between two frames while the base changes in each of them",
        "ms",
        changed["gaps"],
    )
    yield from words_moved("default", "the sentence the exhibit starts with", few)
    yield from words_moved("100", "a sentence of 100 words", many)
    for path, state, knob, what in REAL:
        name = state.split("?")[0]
        samples = Samples()
        for _ in range(ROUNDS):
            add(samples, real(desk, path, state, knob))
        yield Measurement(
            f"real_{name}",
            f"{what} ({name}, posenc:update)",
            "ms",
            samples["update"],
            Aim("at most", FRAME),
        )
