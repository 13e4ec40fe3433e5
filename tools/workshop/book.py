"""Builds the site: bundles first, then Jupyter Book, and only what has changed.

Three digests decide. `library`: what a cell can import; when it changes, the stored results of
cells are void, because jupyter-cache compares nothing but the cells' own source. `pages`: what
shapes every page (theme, extensions, settings, titles and labels that other pages point to); when it
changes, all pages are made again from stored results. `book`: all of it; when it is unchanged, there
is nothing to do.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .console import Failure, run, say
from .install import Checkout, node_folder, remove
from .stamps import digest, walk

ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
TROUBLE = re.compile(
    r"(?:^|: )(?:WARNING|ERROR|CRITICAL|SEVERE): |^(?:Extension|Theme|Configuration) error"
)
# What nbclient says of a cell that failed, and Sphinx of an extension that did.
FAILED_CELL = re.compile(
    r"An error occurred while executing the following cell:\n(.*?)(?=\n \[mystnb|\nException occurred|\nThe above exception|\Z)",
    re.S,
)
BROKEN = re.compile(r"Exception occurred:\n(.*?)(?=\nThe full traceback|\Z)", re.S)
# What another page can point to or show: headings, labels, names of figures and equations.
OUTLINE = re.compile(r"^(#{1,6} .*|\([\w:.-]+\)=.*|:(?:label|name): .*|.*\{#[\w:.-]+.*\}.*)$", re.M)
# Variables that site/sphinx_alive/launch.py makes launch links from.
SETTINGS = re.compile(r"^(ALIVE_\w+|READTHEDOCS_GIT_\w+|GITHUB_(REPOSITORY|REF_NAME|SERVER_URL))$")


@dataclass(frozen=True)
class Bundle:
    """Something built from sources before the pages are: made again when an input changes."""

    name: str
    label: str
    command: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    committed: bool = False


BUNDLES = (
    Bundle(
        "views",
        "Views of posenc",
        ("node", "tools/build_views.mjs"),
        ("src/posenc/js", "tools/build_views.mjs", "package-lock.json"),
        # Readers who install with pip have no Node, so the first travels with the checkout.
        ("src/posenc/static/views.js", "_build/views"),
        committed=True,
    ),
    Bundle(
        "site",
        "Widget manager of the site",
        ("node", "site/sphinx_alive/build.mjs"),
        ("site/sphinx_alive/js", "site/sphinx_alive/build.mjs", "package-lock.json"),
        ("site/sphinx_alive/static",),
    ),
    Bundle(
        "theme",
        "Fonts of the theme",
        ("python", "-m", "chart_room.build"),
        (
            "site/chart_room",
            "src/posenc/static/tokens.css",
            "package-lock.json",
            "requirements/build.txt",
        ),
        ("site/chart_room/static",),
        {"PYTHONPATH": "site"},
    ),
)


def bundle_digest(root: Path, bundle: Bundle) -> str:
    """Return the digest of a bundle's sources and of what was made of them."""
    return digest(root, bundle.inputs, skip=bundle.outputs) + digest(root, bundle.outputs)


def is_built(checkout: Checkout, bundle: Bundle) -> bool:
    """Tell whether inputs and outputs of a bundle are as they were left."""
    root = checkout.root
    stamp = checkout.stamp(f"bundle-{bundle.name}")
    return stamp.matches(bundle_digest(root, bundle)) and all(
        (root / place).exists() for place in bundle.outputs
    )


def build_bundle(checkout: Checkout, bundle: Bundle) -> bool:
    """Build one bundle unless inputs and outputs are as they were left; tell whether it was built."""
    root = checkout.root
    if is_built(checkout, bundle):
        return False
    stamp = checkout.stamp(f"bundle-{bundle.name}")
    stamp.clear()
    env = checkout.env() | {key: str(root / place) for key, place in bundle.env.items()}
    program = bundle.command[0]
    if program == "python":
        program = str(checkout.python)
    elif program == "node":
        folder = node_folder(checkout)
        program = str(folder / "node") if folder else "node"
    log = checkout.log(f"bundle-{bundle.name}")
    command = [program, *bundle.command[1:]]
    if run(command, label=bundle.label, log=log, cwd=root, env=env) != 0:
        tail(log)
        raise Failure(
            f"{bundle.label}: `{' '.join(bundle.command)}` failed.",
            f"Mend what it names above, then run `make {checkout.verb}` again.",
            log,
        )
    missing = [place for place in bundle.outputs if not (root / place).exists()]
    if missing:
        raise Failure(f"{bundle.label}: built without an error, but {missing[0]} is not there.")
    stamp.write(bundle_digest(root, bundle))
    return True


def tail(log: Path, count: int = 25) -> None:
    """Print the end of a log."""
    for line in log.read_text("utf-8", "replace").splitlines()[-count:]:
        say("  " + ANSI.sub("", line))


def bundles_of(checkout: Checkout) -> list[Bundle]:
    """Return the bundles whose sources are in this checkout."""
    return [bundle for bundle in BUNDLES if (checkout.root / bundle.inputs[0]).exists()]


def build_bundles(checkout: Checkout) -> None:
    """Build what is out of date: the views, the widget manager, the theme's fonts."""
    for bundle in bundles_of(checkout):
        build_bundle(checkout, bundle)


def library_digest(checkout: Checkout) -> str:
    """Return the digest of all that a cell can import, and of the Python it runs on."""
    version = ".".join(map(str, sys.version_info[:2]))
    # What lies in book/ and is no page may be read by a cell: a picture, a table, a module.
    beside = [
        str(file.relative_to(checkout.root))
        for file in walk(checkout.root / "book")
        if file.suffix not in {".md", ".bib"}
    ]
    return digest(
        checkout.root,
        ["src/posenc", "requirements/build.txt", "pyproject.toml", *beside],
        skip=["src/posenc/js"],
        extra=[version],
    )


def outline(page: Path) -> str:
    """Return what other pages can show of this one or point to in it."""
    return "\n".join(OUTLINE.findall(page.read_text("utf-8", "replace")))


def remote(root: Path) -> str:
    """Return git's remotes and branch, which launch links are made from; empty without git."""
    said = []
    for words in (["remote", "-v"], ["rev-parse", "--abbrev-ref", "HEAD"]):
        try:
            asked = subprocess.run(
                ["git", *words], cwd=root, capture_output=True, text=True, timeout=20
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        said.append(asked.stdout)
    return "\n".join(said)


def pages_digest(checkout: Checkout) -> str:
    """Return the digest of all that shapes every page."""
    root = checkout.root
    pages = [file for file in walk(root / "book") if file.suffix == ".md"]
    extra = [f"{page.relative_to(root)}\n{outline(page)}" for page in pages]
    extra += [str(file.relative_to(root)) for file in walk(root / "notebooks")]
    extra += [f"{key}={os.environ[key]}" for key in sorted(os.environ) if SETTINGS.match(key)]
    extra.append(remote(root))
    bibliographies = [
        str(file.relative_to(root)) for file in walk(root / "book") if file.suffix == ".bib"
    ]
    locks = ("requirements/build.txt", "package-lock.json")
    return digest(
        root,
        [
            "_config.yml",
            "_toc.yml",
            *locks,
            "site",
            "src/posenc/static",
            "_build/views",
            *bibliographies,
        ],
        extra=extra,
    )


def site_digest(site: Path) -> str:
    """Return the digest of which files a site has, and of what size: quick, and enough to see a
    file missing or cut short."""
    total = hashlib.sha256()
    for file in walk(site):
        total.update(f"{file.relative_to(site)} {file.stat().st_size}\n".encode())
    return total.hexdigest()


def expected_pages(root: Path) -> list[str]:
    """Return the documents that _toc.yml lists."""
    text = (root / "_toc.yml").read_text("utf-8")
    return re.findall(r"(?m)^\s*(?:-\s+)?(?:root|file):\s*['\"]?([^'\"#\s]+)", text)


def digests(checkout: Checkout) -> dict[str, str]:
    """Return the three digests that decide what is made again."""
    library, pages = library_digest(checkout), pages_digest(checkout)
    everything = digest(checkout.root, ["book"], extra=[library, pages])
    return {"library": library, "pages": pages, "book": everything}


def build_book(checkout: Checkout) -> None:
    """Bring _build/html up to date with the sources; a warning is a failure."""
    root = checkout.root
    build, site = root / "_build", root / "_build" / "html"
    now = digests(checkout)
    stamps = {name: checkout.stamp(name) for name in now}
    if stamps["book"].matches(f"{now['book']} {site_digest(site)}"):
        say("The book: nothing has changed since it was built.")
        tell(checkout)
        return
    # Without the stamp the last build failed or was interrupted. Sphinx reports a page's warnings
    # only when it reads the page, so after a failure all pages are read again.
    afresh = not stamps["book"].read()
    if not stamps["library"].matches(now["library"]):
        remove(build / ".jupyter_cache")
        afresh = True
    if not stamps["pages"].matches(now["pages"]):
        afresh = True
    stamps["book"].clear()
    if afresh:
        remove(build / ".doctrees")
        remove(site)
    stamps["library"].write(now["library"])
    stamps["pages"].write(now["pages"])
    jupyter_book(checkout, afresh)
    for page in expected_pages(root):
        if not (site / page).with_suffix(".html").is_file():
            raise Failure(
                f"_toc.yml lists {page}, and the build left no page for it.",
                f"Is book/{Path(page).name}.md there, and not under exclude_patterns?",
                checkout.log("book"),
            )
    stamps["book"].write(f"{now['book']} {site_digest(site)}")
    tell(checkout)


def jupyter_book(checkout: Checkout, afresh: bool) -> None:
    """Run Jupyter Book; raise Failure on an error, on a warning, on a cell that failed."""
    root, log = checkout.root, checkout.log("book")
    troubles: list[str] = []
    executed: list[str] = []

    def read(line: str) -> str | None:
        text = ANSI.sub("", line).replace(f"{root}/", "").strip()
        if TROUBLE.search(text) and text not in troubles:
            troubles.append(text)
        page, _, told = text.partition(": ")
        if told.startswith("Executed notebook in"):
            executed.append(page)
        if told.startswith("Executing notebook"):
            return f"executing {page}"
        if text.startswith("reading sources... ["):
            return f"reading {text.split()[-1]}"
        if text.startswith("writing output... ["):
            return f"wrote {text.split()[-1]}"
        return None

    command = [checkout.venv / "bin" / "jupyter-book", "build", root, "-W", "--keep-going"]
    label = "The book" if afresh else "The book (what changed)"
    status = run(command, label=label, log=log, cwd=root, env=checkout.env(), read=read)
    if status == 0 and not troubles:
        if executed:
            say(f"  executed: {', '.join(executed)}")
        return
    for line in story(ANSI.sub("", log.read_text("utf-8", "replace")), troubles):
        say(f"  {line}")
    count = len(troubles)
    named = "one warning or error" if count == 1 else f"{count} warnings and errors"
    raise Failure(
        f"The book was not built: {named if count else f'Jupyter Book ended with {status}'}.",
        f"Mend what is named above, then run `make {checkout.verb}` again.",
        log,
    )


def story(text: str, troubles: list[str], most: int = 40) -> list[str]:
    """Return what a person needs of a failed build's output: which page, which cell, what it said.

    text: the log without colours; troubles: its warnings and errors; most: lines of each part.
    """
    lines = troubles[:most]
    if len(troubles) > most:
        lines.append(f"... and {len(troubles) - most} more")
    cells = dict.fromkeys(cell.strip() for cell in FAILED_CELL.findall(text))
    for cell in cells:
        shown = cell.splitlines()
        lines += ["", *(["..."] if len(shown) > most else []), *shown[-most:]]
    broken = BROKEN.search(text)
    if broken and not cells:
        lines += ["", *broken.group(1).strip().splitlines()[-most:]]
    if not troubles and not cells and not broken:
        lines += text.splitlines()[-25:]
    return lines


def tell(checkout: Checkout) -> None:
    """Say where the site is and how to open it."""
    files = list(walk(checkout.root / "_build" / "html"))
    size = sum(file.stat().st_size for file in files) / 1e6
    pages = len(expected_pages(checkout.root))
    say(f"The site is in _build/html: {pages} pages, {size:.1f} MB. Open it with: make serve")
