"""Tells whether the built book is what its sources make, and which of them changed since."""

from __future__ import annotations

from . import book
from .install import Checkout
from .stamps import walk

# What a page comes from, beside the inputs of the bundles.
SOURCES = (
    "book",
    "src/posenc",
    "site",
    "notebooks",
    "_config.yml",
    "_toc.yml",
    "pyproject.toml",
    "requirements/build.txt",
)


def staleness(checkout: Checkout) -> str:
    """Say why _build/html is not what the sources make; nothing where it is."""
    site, stamp = checkout.root / "_build" / "html", checkout.stamp("book")
    if not (site / "index.html").exists():
        return "the book is not built: run `make book`"
    if not stamp.read():
        return "the last build of the book failed or was interrupted: run `make book`"
    bundles = book.bundles_of(checkout)
    made = f"{book.digests(checkout)['book']} {book.site_digest(site)}"
    if stamp.matches(made) and all(book.is_built(checkout, bundle) for bundle in bundles):
        return ""
    newer = changed_since(checkout, stamp.file.stat().st_mtime)
    if not newer:
        return (
            "_build/html is not what the sources make (a file is gone, or the branch is another): "
            "run `make book`"
        )
    more = f" and {len(newer) - 1} more" if len(newer) > 1 else ""
    return f"_build/html is older than {newer[0]}{more}: run `make book`"


def changed_since(checkout: Checkout, moment: float) -> list[str]:
    """Return the sources that were written after a moment."""
    root = checkout.root
    bundles = book.bundles_of(checkout)
    inputs = [place for bundle in bundles for place in bundle.inputs]
    outputs = [root / place for bundle in bundles for place in bundle.outputs]
    return sorted(
        {
            str(file.relative_to(root))
            for place in (*SOURCES, *inputs)
            for file in walk(root / place, outputs)
            if file.stat().st_mtime > moment
        }
    )
