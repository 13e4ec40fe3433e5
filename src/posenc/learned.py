"""Two position tables that real models learned: what their rows say to each other.

A learned table has no formula. It has as many rows as its model was given, and past the last there
is none; its width is that of its model. So these are no entries of :data:`posenc.schemes.SCHEMES`,
which answers for any position and width.

What is here are the dot products of all pairs of rows, and with them all distances, from a small file
for each table (``experiments/weights/learned.py`` made them): each row in the table's strongest directions, and
what those leave out of the products of near rows. :func:`precision` says how far that is from the
table as it is. ``js/learned.js`` is the twin of this module, held equal by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posenc import checks, data
from posenc.checks import Floats

BAND: Final = 3
"""Offsets from 0 whose products are kept whole."""

STORE: Final = {"band": "int8", "peak": "int16"}
"""What the files keep in steps; see :func:`posenc.data.pack`."""

OUTLYING: Final = 2.0
"""A row whose product with itself is more than this many times the median is left out of a scale."""


@dataclass(frozen=True)
class Learned:
    """One table that a model learned.

    Attributes:
        name: its key in :data:`TABLES`.
        label: its name for people, as a menu shows it.
        says: what it is, in one line.
        rows: how many positions it has.
        width: how many channels its model gives each.
        file: the name of its file in :func:`posenc.data.catalog`.
    """

    name: str
    label: str
    says: str
    rows: int
    width: int
    file: str


TABLES: Final[dict[str, Learned]] = {
    table.name: table
    for table in (
        Learned(
            "MiniLM",
            "MiniLM (learned)",
            "the table that an encoder of sentences learned, in its own directions",
            512,
            384,
            "learned-minilm",
        ),
        Learned(
            "Whisper",
            "Whisper decoder (learned)",
            "the table that a writer of speech learned, in its own directions",
            448,
            384,
            "learned-whisper",
        ),
    )
}
"""The learned tables by name."""


@dataclass(frozen=True)
class Precision:
    """How far what is here is from the table as its model has it, and two numbers of that table.

    Attributes:
        product: the largest error of a product of two rows.
        product_rms: its root mean square over all pairs.
        median_own: the median product of a row with itself, to compare them with.
        distance: the largest error of the distance of two rows, as a share of it.
        kept: the share of the table's sum of squares that :func:`components` holds.
        closest: the smallest distance of two rows of the table itself.
        largest: its largest value, sign aside.
    """

    product: float
    product_rms: float
    median_own: float
    distance: float
    kept: float
    closest: float
    largest: float


def precision(name: str) -> Precision:
    """What was measured when the file was made. Args as for :func:`products`."""
    return Precision(**data.notes(_table(name).file))


def components(name: str, length: int | None = None) -> Floats:
    """The first rows of a table in its own directions, the strongest first.

    Args:
        name: a key of :data:`TABLES`.
        length: how many rows, from 1 to all of them; all by default.

    Returns:
        Shape (length, 36). Turning a table into other directions changes no product.
    """
    return _read(name)[0][: _rows(name, length)]


def products(name: str, length: int | None = None) -> Floats:
    """The dot product of every row with every row.

    Args:
        name: a key of :data:`TABLES`.
        length: how many rows, from 1 to all of them; all by default.

    Returns:
        Shape (length, length).

    Raises:
        ValueError: the table has fewer rows; the message says how many.
    """
    n = _rows(name, length)
    return _read(name)[1][:n, :n]


def peaks(name: str, length: int | None = None) -> tuple[Floats, NDArray[np.int64]]:
    """The largest value of each row, its sign left aside, and the channel that holds it.

    Args as for :func:`products`. The values are exact to a step of 1/32767 of the largest.

    Returns:
        ``(values, channels)``, each of shape (length,).
    """
    n = _rows(name, length)
    arrays = _arrays(name)
    values = arrays["peak"][:n].astype(np.float64)
    return values, arrays["channel"][:n].astype(np.int64)


def scale(gram: Floats) -> float:
    """The largest product of a row with itself, without the few rows that stand far out.

    A table that was learned has such rows (MiniLM's first is five times as long as the others), and
    colours or an axis that reached to them would show nothing of the rest.

    Args:
        gram: all products, as :func:`products` gives them.
    """
    own = np.diagonal(gram)
    usual: Floats = own[own <= OUTLYING * np.median(own)]
    return float(usual.max())


def outlying(gram: Floats) -> list[int]:
    """The rows that :func:`scale` leaves out."""
    return np.flatnonzero(np.diagonal(gram) > scale(gram)).tolist()


@cache
def payload() -> bytes:
    """The files of all tables in one, as a view is handed them."""
    arrays = {
        f"{table.name}.{part}": array
        for table in TABLES.values()
        for part, array in data.load(table.file).items()
    }
    store = {name: STORE[part] for name in arrays if (part := name.partition(".")[2]) in STORE}
    return data.pack(arrays, store=store)


def products_from(arrays: Mapping[str, Any]) -> tuple[Floats, Floats]:
    """The components and the products of one table, from the arrays of its file."""
    scores = arrays["scores"].astype(np.float64)
    kept: Floats = (scores * arrays["steps"].astype(np.float64)[:, None]).T
    gram: Floats = kept @ kept.T
    n = len(gram)
    for k in range(BAND):
        at = np.arange(n - k)
        left_out = arrays["band"][k, : n - k].astype(np.float64)
        gram[at, at + k] += left_out
        if k:
            gram[at + k, at] += left_out
    return kept, gram


@cache
def _arrays(name: str) -> dict[str, Any]:
    """The arrays of one table as a page reads them, to the last digit."""
    every = data.tensors.unpack(payload())
    return {
        key.partition(".")[2]: array for key, array in every.items() if key.startswith(f"{name}.")
    }


@cache
def _read(name: str) -> tuple[Floats, Floats]:
    made = products_from(_arrays(name))
    for array in made:
        array.setflags(write=False)  # it is the same for all who ask
    return made


def _table(name: str) -> Learned:
    return TABLES[checks.choice(name, "name", TABLES)]


def _rows(name: str, length: int | None) -> int:
    table = _table(name)
    if length is None:
        return table.rows
    n = checks.length(length, least=1)
    if n > table.rows:
        raise ValueError(
            f"length={n} is past the last row of {table.name}; "
            f"it must be at most {table.rows}, the rows that its model has"
        )
    return n
