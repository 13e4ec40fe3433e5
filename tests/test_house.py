"""The house: what make offers, how it fails, what it does twice and what it does not."""

from __future__ import annotations

import ast
import base64
import gzip
import hashlib
import io
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "tools"
sys.path.insert(0, str(TOOLS))

import browser  # noqa: E402
from workshop import book, console, install, serve, stale, verbs  # noqa: E402
from workshop.console import Failure  # noqa: E402
from workshop.install import Checkout  # noqa: E402

# A package index that refuses: nobody listens on the discard port of this machine.
NOBODY = "http://127.0.0.1:9"
OFFLINE = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_FIND_LINKS": "",
    "PIP_INDEX_URL": f"{NOBODY}/simple",
    "PIP_RETRIES": "0",
    "npm_config_registry": NOBODY,
}


def house(
    root: Path, *words: str, make: bool = False, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run tools/house.py, or make, in a checkout."""
    command = ["make", f"PYTHON={sys.executable}"] if make else [sys.executable, "tools/house.py"]
    return subprocess.run(
        [*command, *words],
        cwd=root,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=280,
    )


def wheel(folder: Path, version: str) -> str:
    """Write a wheel of a package `tiny` by hand; return the line that locks it."""
    info = f"tiny-{version}.dist-info"
    files = {
        "tiny.py": f"version = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        record += f"{name},sha256={digest.decode()},{len(text)}\n"
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    folder.mkdir(exist_ok=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    file = folder / f"tiny-{version}-py3-none-any.whl"
    file.write_bytes(packed.getvalue())
    return f"tiny=={version} --hash=sha256:{hashlib.sha256(packed.getvalue()).hexdigest()}\n"


def copy_house(root: Path) -> Path:
    """Copy the door and what stands behind it into an empty checkout."""
    root.mkdir(parents=True, exist_ok=True)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(TOOLS, root / "tools", ignore=ignore, dirs_exist_ok=True)
    shutil.copy(ROOT / "Makefile", root)
    (root / "requirements").mkdir(exist_ok=True)
    return root


# ---- what make offers --------------------------------------------------------------------------


def test_plain_make_lists_every_verb_with_a_line() -> None:
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    for verb, function in verbs.VERBS.items():
        assert re.search(rf"(?m)^  make {verb}\s+\S.{{10,}}$", said.stdout), verb
        assert function.__doc__ in said.stdout
    wanted = {"book", "test", "serve", "notebooks", "bench", "clean"}
    assert wanted <= set(verbs.VERBS)


def test_the_makefile_knows_every_verb() -> None:
    listed = re.search(r"(?m)^VERBS = (.*)$", (ROOT / "Makefile").read_text("utf-8"))
    assert listed and set(listed.group(1).split()) == set(verbs.VERBS)


def test_an_unknown_verb_is_answered_with_the_list() -> None:
    said = house(ROOT, "bok")
    assert said.returncode == 2
    assert "make cannot do 'bok'" in said.stderr and "make book" in said.stderr


# ---- prerequisites -----------------------------------------------------------------------------


@pytest.mark.parametrize("found", [(2, 7), (3, 8), (3, 9), (3, 10)])
def test_a_python_too_old_is_told_in_one_sentence(
    found: tuple[int, int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    door = runpy.run_path(str(TOOLS / "house.py"))
    monkeypatch.setattr(sys, "version_info", (*found, 18, "final", 0))
    monkeypatch.setitem(door["newer_python"].__globals__, "version_of", lambda name: (3, 12))
    assert door["main"](["book"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(
        rf"Python 3\.11 or later is needed; found {found[0]}\.{found[1]}; "
        r"try: make PYTHON=python3[\d.]* book\n",
        said.err,
    )


def test_a_python_too_old_with_no_newer_one_about(monkeypatch: pytest.MonkeyPatch) -> None:
    door = runpy.run_path(str(TOOLS / "house.py"))
    monkeypatch.setitem(door["newer_python"].__globals__, "version_of", lambda name: (3, 9))
    said = door["refusal"]((3, 9, 18), "test")
    assert "found 3.9" in said and "install one" in said and "make PYTHON=python3.12 test" in said


def test_the_door_parses_on_old_pythons() -> None:
    tree = ast.parse((TOOLS / "house.py").read_text("utf-8"), feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef)
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert node.returns is None and not any(a.annotation for a in node.args.args)


def test_no_python_at_all() -> None:
    said = subprocess.run(
        ["make", "PYTHON=python-of-nobody", "book"], cwd=ROOT, capture_output=True, text=True
    )
    assert said.returncode != 0
    assert "Python 3.11 or later is needed, and there is no python-of-nobody here" in said.stderr
    assert "make PYTHON=" in said.stderr


def test_no_network_is_told_in_one_sentence_and_repaired(tmp_path: Path) -> None:
    root = copy_house(tmp_path / "checkout")
    lock = root / "requirements" / "build.txt"
    lock.write_text(wheel(tmp_path / "wheels", "1.0"), "utf-8")
    said = house(root, "book", make=True, **OFFLINE)
    text = said.stdout + said.stderr
    assert said.returncode != 0
    assert "No network to install from" in text and "make book" in text
    assert "Traceback" not in text
    log = re.search(r"Full log: (\S+)", text)
    assert log and (root / log.group(1)).stat().st_size > 0
    # The same command, once there is something to install from, carries on.
    checkout = Checkout(root)
    with pytest.MonkeyPatch.context() as patch:
        wheels_only(patch, tmp_path / "wheels")
        install.python_packages(checkout, ["build"])
    assert tiny_version(checkout) == "1.0"


def test_no_network_for_npm_is_told_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stub npm that would go on for minutes, as the real one does when no name resolves."""
    stubs = tmp_path / "bin"
    stubs.mkdir()
    script(stubs / "node", "echo v24.9.0")
    failed = "npm http fetch GET https://nowhere.invalid/x attempt 1 failed with EAI_AGAIN"
    script(stubs / "npm", f"for i in $(seq 400); do echo '{failed}'; sleep 0.2; done")
    monkeypatch.setenv("PATH", f"{stubs}{os.pathsep}{os.environ['PATH']}")
    checkout = Checkout(tmp_path)
    (tmp_path / "package.json").write_text("{}", "utf-8")
    (tmp_path / "package-lock.json").write_text("{}", "utf-8")
    began = time.monotonic()
    with pytest.raises(Failure, match="No network to install from: the JavaScript packages"):
        install.javascript_packages(checkout)
    assert time.monotonic() - began < 80
    assert not (tmp_path / "node_modules" / ".house").exists()


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ("Failed to establish a new connection: [Errno 111]", "No network to install from"),
        ("npm error code ENOTFOUND", "No network to install from"),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("SSLError(SSLCertVerificationError(1, 'x'))", "certificate is not trusted"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "does not match its recorded hash"),
        ("npm error code EINTEGRITY", "does not match its recorded hash"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "There is no numpy==2.4.6"),
        ("(from versions: none)\nNo matching distribution found for a==1", "set to has no a==1"),
        ("error: subprocess-exited-with-error", "failed"),
    ],
)
def test_what_an_installation_fails_of(log: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "pip.log"
    file.write_text(log, "utf-8")
    failure = console.install_failure("the packages", "book", file)
    assert sentence in failure.sentence
    assert "make" in failure.way_out and failure.log == file
    assert "\n" not in failure.sentence


@pytest.mark.parametrize(
    ("version", "will_do"),
    [
        ("v20.20.2", False),
        ("v22.21.1", False),
        ("v22.22.0", True),
        ("v23.11.0", False),
        ("v24.7.0", False),
        ("v24.19.0", True),
        ("v25.0.0", True),
        ("nonsense", False),
        ("", False),
    ],
)
def test_which_node_will_do(version: str, will_do: bool) -> None:
    assert install.new_enough(version) is will_do


# ---- environments that are whole, and others ------------------------------------------------------


def script(file: Path, body: str) -> None:
    """Write a program of the shell."""
    file.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    file.chmod(0o755)


def wheels_only(patch: pytest.MonkeyPatch, wheels: Path) -> None:
    """Let pip look into one folder and nowhere else."""
    for name, value in OFFLINE.items():
        patch.setenv(name, value)
    patch.setenv("PIP_NO_INDEX", "1")
    patch.setenv("PIP_FIND_LINKS", str(wheels))


def tiny_version(checkout: Checkout) -> str:
    """Return which version of the test's package the environment holds."""
    command = [checkout.python, "-c", "import tiny; print(tiny.version)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def small_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A checkout with a real environment that holds one small package."""
    folder = tmp_path_factory.mktemp("house")
    root = copy_house(folder / "checkout")
    with pytest.MonkeyPatch.context() as patch:
        wheels_only(patch, folder / "wheels")
        line = wheel(folder / "wheels", "1.0")
        (root / "requirements" / "build.txt").write_text(line, "utf-8")
        checkout = Checkout(root)
        install.python_packages(checkout, ["build"])
        yield checkout


def test_an_environment_that_is_whole_is_left_alone(
    small_house: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tiny_version(small_house) == "1.0"
    monkeypatch.setattr(install, "run", refuse)
    install.python_packages(small_house, ["build"])


def refuse(*words: Any, **options: Any) -> int:
    raise AssertionError(f"ran {words} with nothing to do")


@pytest.mark.parametrize("harm", ["interrupted", "no base stamp", "no python", "python fails"])
def test_an_environment_that_is_not_whole_is_made_anew(small_house: Checkout, harm: str) -> None:
    left_over = small_house.venv / "left-over"
    left_over.write_text("of the old one", "utf-8")
    if harm == "interrupted":
        small_house.venv_stamp("installing").write("build")
    elif harm == "no base stamp":
        small_house.venv_stamp("base").clear()
    elif harm == "no python":
        small_house.python.unlink()
    else:
        small_house.python.unlink()
        script(small_house.python, "exit 1")
    install.python_packages(small_house, ["build"])
    assert not left_over.exists()
    assert tiny_version(small_house) == "1.0"
    assert not install.half_made(small_house)


def test_a_new_lock_is_installed_over_the_old_one(small_house: Checkout) -> None:
    lock = small_house.root / "requirements" / "build.txt"
    before = lock.read_text("utf-8")
    kept = small_house.venv / "kept"
    kept.write_text("", "utf-8")
    wheels = small_house.root.parent / "wheels"
    try:
        lock.write_text(wheel(wheels, "1.1"), "utf-8")
        install.python_packages(small_house, ["build"])
        assert tiny_version(small_house) == "1.1"
        assert kept.exists()
    finally:
        lock.write_text(before, "utf-8")
        kept.unlink()
    install.python_packages(small_house, ["build"])
    assert tiny_version(small_house) == "1.0"


def test_a_download_that_was_tampered_with_is_refused(small_house: Checkout) -> None:
    lock = small_house.root / "requirements" / "build.txt"
    before = lock.read_text("utf-8")
    wheels = small_house.root.parent / "wheels"
    line = wheel(wheels, "1.2")
    try:
        lock.write_text(line[:-5] + "0000\n", "utf-8")
        with pytest.raises(Failure, match="does not match its recorded hash"):
            install.python_packages(small_house, ["build"])
    finally:
        lock.write_text(before, "utf-8")
    install.python_packages(small_house, ["build"])
    assert tiny_version(small_house) == "1.0"


def test_an_environment_belongs_to_its_folder(small_house: Checkout, tmp_path: Path) -> None:
    moved = Checkout(tmp_path / "moved")
    shutil.copytree(small_house.root, moved.root, symlinks=True)
    assert not install.half_made(small_house)
    assert install.half_made(moved)


def test_settings_of_the_shell_stay_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("PIP_USER", "1")
    env = Checkout(ROOT).env()
    assert "PYTHONPATH" not in env and "PIP_USER" not in env
    assert str(ROOT / ".venv" / "bin") in env["PATH"].split(os.pathsep)[:2]


def test_a_second_make_waits_for_the_first(tmp_path: Path) -> None:
    root = copy_house(tmp_path / "checkout")
    checkout = Checkout(root)
    with verbs.alone(checkout):
        command = [sys.executable, "tools/house.py", "clean"]
        second = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
        assert second.stdout is not None
        told = second.stdout.readline()
        assert f"Another make is at work in this checkout (process {os.getpid()})" in told
        assert second.poll() is None
    assert second.wait(60) == 0
    second.stdout.close()


# ---- what is done again, and what is not ----------------------------------------------------------


@pytest.fixture
def bundled(tmp_path: Path) -> tuple[Checkout, book.Bundle]:
    """A bundle that counts how often it is built."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("a", "utf-8")
    (tmp_path / "make.py").write_text(
        "import pathlib, sys\n"
        "count = pathlib.Path('count')\n"
        "count.write_text((count.read_text() if count.exists() else '') + '|')\n"
        "text = pathlib.Path('in/a.txt').read_text()\n"
        "sys.exit('no b please') if text == 'b' else pathlib.Path('out').write_text(text)\n",
        "utf-8",
    )
    checkout = Checkout(tmp_path)
    checkout.python.parent.mkdir(parents=True)
    checkout.python.symlink_to(sys.executable)
    return checkout, book.Bundle("x", "Something", ("python", "make.py"), ("in",), ("out",))


def test_a_bundle_is_built_when_its_inputs_or_outputs_change(
    bundled: tuple[Checkout, book.Bundle],
) -> None:
    checkout, bundle = bundled
    source, made, count = (checkout.root / name for name in ("in/a.txt", "out", "count"))
    assert book.build_bundle(checkout, bundle) is True
    assert book.build_bundle(checkout, bundle) is False
    source.write_text("c", "utf-8")
    assert book.build_bundle(checkout, bundle) is True
    assert made.read_text("utf-8") == "c"
    made.write_text("cut sho", "utf-8")
    assert book.build_bundle(checkout, bundle) is True
    assert made.read_text("utf-8") == "c"
    made.unlink()
    assert book.build_bundle(checkout, bundle) is True
    assert count.read_text("utf-8") == "||||"


def test_a_bundle_that_fails_is_not_taken_for_built(
    bundled: tuple[Checkout, book.Bundle], capsys: pytest.CaptureFixture[str]
) -> None:
    checkout, bundle = bundled
    book.build_bundle(checkout, bundle)
    source = checkout.root / "in" / "a.txt"
    source.write_text("b", "utf-8")
    for _ in range(2):
        with pytest.raises(Failure, match=r"Something: `python make.py` failed"):
            book.build_bundle(checkout, bundle)
    assert "no b please" in capsys.readouterr().out
    source.write_text("a", "utf-8")
    assert book.build_bundle(checkout, bundle) is True


class Pages:
    """A small checkout with a book in it, and a stand-in for Jupyter Book that counts."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.checkout, self.builds, self.fails = Checkout(root), [], False
        for name, text in {
            "_config.yml": "title: a book\n",
            "_toc.yml": "format: jb-book\nroot: book/index\nchapters:\n  - file: book/one\n",
            "book/index.md": "# Front\n\nWords.\n",
            "book/one.md": "# One\n\n(here)=\n## Part\n\nWords.\n",
            "book/references.bib": "@book{a, title={A}}\n",
            "requirements/build.txt": "numpy==2.4.6\n",
            "site/look/theme.py": "x = 1\n",
            "src/posenc/encodings.py": "x = 1\n",
            "src/posenc/js/index.js": "x = 1;\n",
            "src/posenc/static/views.js": "x = 1;\n",
        }.items():
            self.write(name, text)
        patch.setattr(book, "jupyter_book", self.stand_in)
        self.builds: list[bool]

    def write(self, name: str, text: str) -> None:
        file = self.checkout.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def stand_in(self, checkout: Checkout, afresh: bool) -> None:
        self.builds.append(afresh)
        for name in ("html/book/index.html", "html/book/one.html", "html/index.html"):
            self.write(f"_build/{name}", "<p>")
        for name in (".doctrees/env", ".jupyter_cache/one"):
            if not (checkout.root / "_build" / name).exists():
                self.write(f"_build/{name}", "")
        if self.fails:
            raise Failure("The book was not built.")

    def build(self) -> str:
        """Build; return "nothing", "changed" (what changed) or "afresh", "+cache" if it was kept."""
        mark = self.checkout.root / "_build" / ".jupyter_cache" / "mark"
        if mark.parent.exists():
            mark.write_text("", "utf-8")
        before = len(self.builds)
        book.build_book(self.checkout)
        if len(self.builds) == before:
            return "nothing"
        return ("afresh" if self.builds[-1] else "changed") + ("+cache" if mark.exists() else "")


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pages:
    made = Pages(tmp_path, monkeypatch)
    assert made.build() == "afresh"
    assert made.build() == "nothing"
    return made


@pytest.mark.parametrize(
    ("file", "text", "done"),
    [
        ("book/one.md", "# One\n\n(here)=\n## Part\n\nOther words.\n", "changed+cache"),
        ("book/one.md", "# Another title\n\n(here)=\n## Part\n\nWords.\n", "afresh+cache"),
        ("book/one.md", "# One\n\n(there)=\n## Part\n\nWords.\n", "afresh+cache"),
        ("book/references.bib", "@book{b, title={B}}\n", "afresh+cache"),
        ("book/new.md", "# New\n", "afresh+cache"),
        ("_config.yml", "title: another book\n", "afresh+cache"),
        ("site/look/theme.py", "x = 2\n", "afresh+cache"),
        ("notebooks/one.ipynb", "{}", "afresh+cache"),
        ("src/posenc/encodings.py", "x = 2\n", "afresh"),
        ("src/posenc/static/views.js", "x = 2;\n", "afresh"),
        ("requirements/build.txt", "numpy==2.5.5\n", "afresh"),
        ("book/table.csv", "1,2\n", "afresh"),
        ("src/posenc/js/index.js", "x = 2;\n", "nothing"),
        ("tests/test_one.py", "x = 2\n", "nothing"),
        ("README.md", "Words.\n", "nothing"),
    ],
)
def test_what_a_change_makes_again(pages: Pages, file: str, text: str, done: str) -> None:
    pages.write(file, text)
    assert pages.build() == done
    assert pages.build() == "nothing"


def test_a_page_that_is_gone_leaves_no_page_behind(pages: Pages) -> None:
    stale = pages.checkout.root / "_build" / "html" / "book" / "old.html"
    pages.write("book/old.md", "# Old\n")
    pages.build()
    stale.write_text("<p>", "utf-8")
    (pages.checkout.root / "book" / "old.md").unlink()
    assert pages.build() == "afresh+cache"
    assert not stale.exists()


def test_after_a_failure_every_page_is_read_again(pages: Pages) -> None:
    """Sphinx tells a page's warnings only when it reads the page: a second run must not pass."""
    pages.write("book/one.md", "# One\n\n{ref}`nowhere`\n")
    pages.fails = True
    for _ in range(2):
        with pytest.raises(Failure):
            pages.build()
    assert pages.builds[-1] is True
    pages.fails = False
    assert pages.build() == "afresh+cache"
    assert pages.build() == "nothing"


def test_a_site_that_was_damaged_is_built_again(pages: Pages) -> None:
    (pages.checkout.root / "_build" / "html" / "book" / "one.html").write_text("", "utf-8")
    assert pages.build() == "changed+cache"


def test_launch_links_follow_the_environment(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIVE_REPOSITORY", "somebody/else")
    assert pages.build() == "afresh+cache"


def test_a_page_that_the_toc_lists_and_nobody_wrote(pages: Pages) -> None:
    toc = "format: jb-book\nroot: book/index\nchapters:\n  - file: book/one\n  - file: book/two\n"
    pages.write("_toc.yml", toc)
    with pytest.raises(Failure, match="lists book/two"):
        pages.build()


def test_a_book_older_than_its_sources_is_told_apart(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a test looks at a site that may have been built from other words, it asks here."""
    monkeypatch.setattr(book, "BUNDLES", ())

    def said() -> str:
        return stale.staleness(pages.checkout)

    assert said() == ""
    stamp = pages.checkout.stamp("book").file
    for name in ("book/one.md", "book/references.bib"):
        pages.write(name, "Other words.\n")
        os.utime(pages.checkout.root / name, (stamp.stat().st_mtime + 9,) * 2)
    assert said() == "_build/html is older than book/one.md and 1 more: run `make book`"
    pages.build()
    os.utime(stamp, (stamp.stat().st_mtime + 99,) * 2)
    assert said() == ""
    (pages.checkout.root / "book/references.bib").unlink()
    assert "not what the sources make" in said()
    pages.fails = True
    with pytest.raises(Failure):
        pages.build()
    assert "failed or was interrupted" in said()
    install.remove(pages.checkout.root / "_build")
    assert "is not built" in said()


def test_a_view_that_was_not_bundled_makes_the_book_old(pages: Pages) -> None:
    checkout = pages.checkout
    views = next(bundle for bundle in book.BUNDLES if bundle.name == "views")
    pages.write("_build/views/a.js", "x = 1;\n")
    pages.build()
    stamp = checkout.stamp("bundle-views")
    stamp.write(book.bundle_digest(checkout.root, views))
    assert stale.staleness(checkout) == ""
    pages.write("src/posenc/js/index.js", "x = 2;\n")
    os.utime(checkout.root / "src/posenc/js/index.js", (2**31, 2**31))
    assert "older than src/posenc/js/index.js:" in stale.staleness(checkout)


def test_a_failed_cell_is_told_with_its_source_and_its_error() -> None:
    cell = "------------------\n1/0\n------------------\n\n\nZeroDivisionError: division by zero"
    said = f"An error occurred while executing the following cell:\n{cell}\n"
    log = (
        f"Traceback (most recent call last):\n  File 'x'\nnbclient.CellExecutionError: {said}\n"
        " [mystnb.exec]\n\nException occurred:\n  File 'y'\nExecutionError: book/one.md\n"
        "The full traceback has been saved\nTraceback (most recent call last):\n"
        f"CellExecutionError: {said}\nThe above exception was the direct cause\n"
    )
    told = "\n".join(book.story(log, ["book/one.md: WARNING: Executing notebook failed"]))
    assert told.count("1/0") == 1 and told.count("ZeroDivisionError") == 1
    assert "book/one.md: WARNING" in told and "Traceback" not in told


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        ("book/one.md:3: WARNING: undefined label: 'nope'", 0),
        ("book/one.md:9: ERROR: stderr was found in the cell outputs", 0),
        ("all is well", 1),
    ],
)
def test_a_warning_is_a_failure_whatever_the_status(
    printed: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout = Checkout(tmp_path)
    (checkout.venv / "bin").mkdir(parents=True)
    script(checkout.venv / "bin" / "jupyter-book", f'echo "{printed}"; exit {status}')
    with pytest.raises(Failure, match="The book was not built"):
        book.jupyter_book(checkout, afresh=True)
    assert printed in capsys.readouterr().out


def test_clean_removes_what_was_made_and_nothing_else(tmp_path: Path) -> None:
    root = copy_house(tmp_path / "checkout")
    made = ["_build/html/index.html", "site/sphinx_alive/static/a.js", ".pytest_cache/x"]
    made += ["src/posenc/__pycache__/a.pyc", ".house/stamps/book"]
    kept = ["book/index.md", "src/posenc/static/views.js", ".venv/bin/x", "node_modules/a/b.js"]
    kept += ["notebooks/one.ipynb", "node_modules/a/__pycache__/c"]
    for name in (*made, *kept):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x", "utf-8")
    said = house(root, "clean")
    assert said.returncode == 0, said.stderr
    assert not [name for name in made if (root / name).exists()]
    assert not [name for name in kept if not (root / name).exists()]
    assert "_build" in said.stdout and "make distclean" in said.stdout
    assert house(root, "distclean").returncode == 0
    assert not (root / ".venv").exists() and not (root / "node_modules").exists()
    assert (root / "book" / "index.md").exists()


def test_an_error_that_nobody_foresaw_is_a_sentence_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stumble(checkout: Checkout) -> int:
        raise RuntimeError("a shoelace")

    monkeypatch.setitem(verbs.VERBS, "book", stumble)
    assert verbs.run_verb(tmp_path, ["book"]) == 1
    said = capsys.readouterr().err
    assert "make book stumbled: RuntimeError: a shoelace" in said and "Traceback" not in said
    assert "Traceback" in (tmp_path / ".house" / "logs" / "stumbled.log").read_text("utf-8")


# ---- the server and the browser ---------------------------------------------------------------------


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    folder = tmp_path / "html"
    (folder / "book").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>é</title>" + "x" * 999, "utf-8")
    for name in ("a.js", "a.mjs", "a.woff2", "a.css", "book/index.html", "book/ü.html"):
        (folder / name).write_text("x", "utf-8")
    (tmp_path / "secret.txt").write_text("no", "utf-8")
    with serve.open_server(folder, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", folder
        server.shutdown()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/a.js", "text/javascript; charset=utf-8"),
        ("/a.mjs", "text/javascript; charset=utf-8"),
        ("/a.css?v=1", "text/css; charset=utf-8"),
        ("/a.woff2", "font/woff2"),
        ("/book", "text/html; charset=utf-8"),
        ("/book/%C3%BC.html", "text/html; charset=utf-8"),
    ],
)
def test_the_server_names_types(served: tuple[str, Path], path: str, kind: str) -> None:
    with urllib.request.urlopen(served[0] + path) as answer:
        assert answer.headers["Content-Type"] == kind


def test_the_server_gzips_text_for_who_accepts_it(served: tuple[str, Path]) -> None:
    page = (served[1] / "index.html").read_bytes()
    with urllib.request.urlopen(served[0] + "/") as plain:
        assert plain.headers["Content-Encoding"] is None and plain.read() == page
    asked = urllib.request.Request(served[0] + "/", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as packed:
        body = packed.read()
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(body) < len(page) and gzip.decompress(body) == page
    (served[1] / "index.html").write_text("new", "utf-8")
    with urllib.request.urlopen(asked) as again:
        assert gzip.decompress(again.read()) == b"new"


@pytest.mark.parametrize("path", ["/no.html", "/../secret.txt", "/%2e%2e/secret.txt", "/a.js/b"])
def test_the_server_serves_its_folder_only(served: tuple[str, Path], path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(served[0] + path)
    assert refused.value.code == 404
    refused.value.close()


def test_the_server_finds_a_free_port_and_refuses_a_taken_one(tmp_path: Path) -> None:
    with serve.open_server(tmp_path) as first:
        port = first.server_address[1]
        assert port >= serve.FIRST_PORT
        threading.Thread(target=first.serve_forever, daemon=True).start()
        with serve.open_server(tmp_path) as second:
            assert second.server_address[1] > port
        with pytest.raises(Failure, match=f"Port {port} cannot be used"):
            serve.open_server(tmp_path, port)
        first.shutdown()


@pytest.mark.parametrize("port", ["abc", "80.5", "-1"])
def test_a_port_that_is_none(port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index.html").write_text("", "utf-8")
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Failure, match="PORT must be a whole number"):
        serve.serve(tmp_path)


def test_serving_a_site_that_was_never_built(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="There is no site yet") as trouble:
        serve.serve(tmp_path)
    assert "make book" in trouble.value.way_out


def test_a_browser_that_does_not_run_is_no_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = tmp_path / "chromium"
    script(stub, "echo 'install me with snap'; exit 1")
    monkeypatch.setenv("CHROMIUM", str(stub))
    with pytest.raises(browser.NoBrowser, match=r"CHROMIUM names .*: name one that does"):
        browser.ensure()
    script(stub, "echo Chromium 156.0")
    assert browser.find() == str(stub)


def test_without_a_browser_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "candidates", lambda: iter(()))
    with pytest.raises(browser.NoBrowser, match="Install Chromium"):
        browser.find()


# ---- what is committed ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", verbs.LOCKS)
def test_locks_are_exact_hashed_and_name_no_index(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    assert "://" not in text and "--index-url" not in text and "--find-links" not in text
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", text.replace("\\\n", " "))
    pins = [entry for entry in entries if entry.strip() and not entry.startswith("#")]
    assert pins
    for entry in pins:
        words = entry.split("--hash=")
        requirement = Requirement(words[0].strip())
        assert re.fullmatch(r"==[^*]+", str(requirement.specifier)), entry
        hashes = [word.strip() for word in words[1:]]
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", word) for word in hashes), entry


def test_tests_run_with_what_the_book_was_built_with() -> None:
    def pins(name: str) -> set[str]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
        return set(re.findall(r"(?m)^([A-Za-z0-9][\w.-]*==\S+)", text))

    assert pins("build") <= pins("test")


def test_the_javascript_lock_is_exact_and_names_no_registry() -> None:
    text = (ROOT / "package-lock.json").read_text("utf-8")
    lock = json.loads(text)
    assert '"resolved"' not in text
    assert not re.search(r"registry\.|\.tgz\b", text)
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all("integrity" in entry and "version" in entry for entry in packages.values())
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))
    asked = wanted.get("dependencies", {}) | wanted["devDependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked
    # npm leaves out what it could not see for other kinds of machine; then `npm ci` fails there.
    for name, entry in packages.items():
        for optional in entry.get("optionalDependencies", {}):
            assert f"node_modules/{optional}" in packages, f"{name} needs {optional} somewhere"


def test_a_readers_requirements_are_a_kernel_and_no_more() -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    asked = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    assert asked.pop() == "."
    found = {Requirement(line).name: Requirement(line).specifier for line in asked}
    assert set(found) == {
        "numpy", "matplotlib", "ipywidgets", "anywidget", "plotly", "jupyterlab",
    }  # fmt: skip
    assert found["numpy"].contains("2.0.0") and not found["numpy"].contains("1.26.4")
    built = (ROOT / "requirements" / "test.txt").read_text("utf-8")
    for name, specifier in found.items():
        versions = re.findall(rf"(?m)^{name}==([\d.]+)", built)
        assert versions and all(specifier.contains(version) for version in versions), name


def test_binder_reads_the_python_version() -> None:
    assert re.fullmatch(r"python-3\.1[1-3]\n", (ROOT / "runtime.txt").read_text("utf-8"))
    assert not (ROOT / "binder").exists() and not (ROOT / ".binder").exists()


def test_notebooks_are_committed_without_outputs() -> None:
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert notebooks
    for file in notebooks:
        for cell in json.loads(file.read_text("utf-8"))["cells"]:
            assert not cell.get("outputs"), f"{file.name}: {cell['source'][:80]}"
            assert cell.get("execution_count") is None


def test_a_wheel_of_posenc_carries_what_it_shows(tmp_path: Path) -> None:
    env = Checkout(ROOT).env()
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as archive:
        names = set(archive.namelist())
    package = ROOT / "src" / "posenc"
    for file in package.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts and "js" not in file.parts:
            assert f"posenc/{file.relative_to(package)}" in names, file
    assert not [name for name in names if name.startswith("posenc/js/")]


@pytest.mark.parametrize(("name", "command"), verbs.LINT, ids=[name for name, _ in verbs.LINT])
def test_sources_are_clean(name: str, command: tuple[str, ...]) -> None:
    checkout = Checkout(ROOT)
    words = [sys.executable if command[0] == "python" else command[0], *command[1:]]
    said = subprocess.run(
        words, cwd=ROOT, env=checkout.env(), capture_output=True, text=True, timeout=280
    )
    assert said.returncode == 0, f"{name}:\n{said.stdout[-4000:]}{said.stderr[-4000:]}"
