"""What can be asked of `make`: one function for each verb, and the list that plain `make` shows."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shlex
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import book, install, serve
from .console import NO_ROOM, Failure, install_failure, run, say
from .install import Checkout

# What `make lint` runs, and the tests too, one by one: (name, command).
# Named one by one, so that an environment of the reader's own in this folder is left alone.
PYTHON_SOURCES = ("src", "site", "tools", "tests", "benchmarks", "experiments")
LINT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff format", ("python", "-m", "ruff", "format", "--check", *PYTHON_SOURCES)),
    ("ruff", ("python", "-m", "ruff", "check", *PYTHON_SOURCES)),
    ("mypy", ("python", "-m", "mypy")),
    ("biome", ("node_modules/.bin/biome", "check", "--error-on-warnings")),
    ("views.js is what src/posenc/js makes", ("node", "tools/build_views.mjs", "--check")),
)
FORMAT: tuple[tuple[str, ...], ...] = (
    ("python", "-m", "ruff", "check", "--fix-only", "--quiet", *PYTHON_SOURCES),
    ("python", "-m", "ruff", "format", *PYTHON_SOURCES),
    ("node_modules/.bin/biome", "check", "--write"),
)
LOCKER = "uv==0.13.9"
LOCKS = ("build", "test", "node")
OUTPUTS = (
    "_build",
    ".house/glued",
    ".house/stamps",
    ".house/logs",
    ".house/ipython",
    ".house/matplotlib",
)
CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", "dist")
INSTALLED = (".venv", "node_modules", ".house")


def prepared(checkout: Checkout, *locks: str) -> None:
    """Bring everything that is installed and bundled up to date."""
    install.python_packages(checkout, locks or ("build",))
    install.javascript_packages(checkout)
    book.build_bundles(checkout)


def child(checkout: Checkout, command: Sequence[str], env: dict[str, str] | None = None) -> int:
    """Run a command of the environment in the foreground, its output as it comes."""
    words = [str(checkout.python) if command[0] == "python" else command[0], *command[1:]]
    if words[0] == "node":
        folder = install.node_folder(checkout)
        words[0] = str(folder / "node") if folder else "node"
    sys.stdout.flush()
    return subprocess.run(words, cwd=checkout.root, env=checkout.env() | (env or {})).returncode


def arguments() -> list[str]:
    """Return the words in ARGS, which make passes on: `make test ARGS="-k heatmap"`."""
    try:
        return shlex.split(os.environ.get("ARGS", ""))
    except ValueError as error:
        raise Failure(f"ARGS cannot be read as words of a command: {error}.") from None


def verb_book(checkout: Checkout) -> int:
    """build the site into _build/html"""
    prepared(checkout)
    book.build_book(checkout)
    return 0


def verb_serve(checkout: Checkout) -> int:
    """show the built site at http://localhost:8000 (or PORT=9000)"""
    serve.serve(checkout.root / "_build" / "html")
    return 0


def verb_test(checkout: Checkout) -> int:
    """build the site, then run every check and test, in a real browser (ARGS="-k words")"""
    prepared(checkout, "build", "test")
    book.build_book(checkout)
    ensure_browser(checkout)
    # one browser and one server for each core; a file's tests stay together, and share theirs
    spread = ["-n", "auto", "--dist", "loadfile"]
    return child(checkout, ["python", "-m", "pytest", *spread, *arguments()])


def verb_notebooks(checkout: Checkout) -> int:
    """write notebooks/ anew from book/"""
    install.python_packages(checkout, ("build",))
    return child(checkout, ["python", "tools/notebooks.py", *arguments()])


def verb_bench(checkout: Checkout) -> int:
    """measure speed and size, into _build/bench.json"""
    prepared(checkout, "build", "test")
    book.build_book(checkout)
    ensure_browser(checkout)
    return child(checkout, ["python", "-m", "benchmarks", *arguments()])


def verb_lint(checkout: Checkout) -> int:
    """check format, style and types of Python and JavaScript"""
    prepared(checkout, "build", "test")
    failed = []
    for name, command in LINT:
        say(f"{name}:")
        if child(checkout, command) != 0:
            failed.append(name)
    if failed:
        raise Failure(f"Not clean: {', '.join(failed)}.", "`make format` mends what can be mended.")
    say("All clean.")
    return 0


def verb_format(checkout: Checkout) -> int:
    """format Python and JavaScript, and mend what the linters can"""
    prepared(checkout, "build", "test")
    for command in FORMAT:
        child(checkout, command)
    return 0


def verb_lock(checkout: Checkout) -> int:
    """resolve requirements/*.in and package.json into lock files (ARGS=--upgrade for newest)"""
    install.python_packages(checkout, ("build",))
    install.javascript_packages(checkout)
    tools = checkout.house / "lock"
    log = checkout.log("lock")
    if not (tools / "bin" / "uv").exists():
        install.remove(tools)
        steps = [
            [sys.executable, "-m", "venv", tools],
            [tools / "bin" / "python", "-m", "pip", "install", "--progress-bar=off", LOCKER],
        ]
        for step in steps:
            env = checkout.env()
            if run(step, label="The resolver", log=log, cwd=checkout.root, env=env) != 0:
                raise install_failure("the resolver", "lock", log)
    for name in LOCKS:
        command = [tools / "bin" / "uv", "pip", "compile", "--quiet", "--universal"]
        command += ["--python-version", "3.11", "--generate-hashes", "--no-header"]
        command += ["--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
        command += [f"requirements/{name}.in", "-o", f"requirements/{name}.txt", *arguments()]
        label = f"requirements/{name}.txt"
        if run(command, label=label, log=log, cwd=checkout.root, env=checkout.env()) != 0:
            book.tail(log)
            raise install_failure(label, "lock", log)
    command = [*install.npm_command(checkout), "install", "--package-lock-only", "--ignore-scripts"]
    label = "package-lock.json"
    if run(command, label=label, log=log, cwd=checkout.root, env=checkout.env()) != 0:
        raise install_failure(label, "lock", log)
    return 0


def verb_clean(checkout: Checkout) -> int:
    """remove what was built; keeps what was installed, and everything you wrote"""
    removed = []
    bundled = [place for made in book.BUNDLES if not made.committed for place in made.outputs]
    for name in (*OUTPUTS, *CACHES, *bundled):
        place = checkout.root / name
        if place.exists():
            install.remove(place)
            removed.append(name)
    for folder, names, _ in os.walk(checkout.root):
        names[:] = [name for name in names if name not in {".git", ".venv", "node_modules"}]
        for name in [name for name in names if name in {"__pycache__", ".ipynb_checkpoints"}]:
            install.remove(Path(folder) / name)
            names.remove(name)
            if "__pycache__" not in removed:
                removed.append("__pycache__")
    say(f"Removed: {', '.join(removed)}." if removed else "There was nothing to remove.")
    if any((checkout.root / name).exists() for name in (".venv", "node_modules")):
        say("Kept what was installed (.venv, node_modules): make distclean removes that too.")
    return 0


def verb_distclean(checkout: Checkout) -> int:
    """remove what was built and what was installed: back to a fresh checkout"""
    verb_clean(checkout)
    removed = []
    for name in INSTALLED:
        if (checkout.root / name).exists():
            install.remove(checkout.root / name)
            removed.append(name)
    say(f"Removed: {', '.join(removed)}." if removed else "Nothing was installed.")
    return 0


def ensure_browser(checkout: Checkout) -> None:
    """Find a Chromium for the tests, or install one; raise Failure when there is no way."""
    script = checkout.root / "tests" / "browser.py"
    log = checkout.log("browser")
    command = [checkout.python, script]
    label = "A browser for the tests"
    if run(command, label=label, log=log, cwd=checkout.root, env=checkout.env()) != 0:
        said = log.read_text("utf-8", "replace").strip().splitlines()
        raise Failure("There is no Chromium to test in, and none could be installed.",
                      said[-1] if said else "", log)  # fmt: skip


VERBS: dict[str, Callable[[Checkout], int]] = {
    "book": verb_book,
    "serve": verb_serve,
    "test": verb_test,
    "notebooks": verb_notebooks,
    "bench": verb_bench,
    "clean": verb_clean,
    "distclean": verb_distclean,
    "format": verb_format,
    "lint": verb_lint,
    "lock": verb_lock,
}
FOR_MAINTAINERS = ("format", "lint", "lock")
# These only read, or run for hours: they neither wait for another make nor make it wait.
UNLOCKED = ("serve",)


def help_text() -> str:
    """Return the list of verbs, a line each."""
    lines = ["Positional encoding, alive. What make can do:", ""]
    for name, function in VERBS.items():
        if name == FOR_MAINTAINERS[0]:
            lines += ["", "For those who work on it:"]
        lines.append(f"  make {name:<10} {function.__doc__}")
    lines += ["", "Python 3.11 or later is all it needs; another one than python3:",
              "  make PYTHON=python3.12 book"]  # fmt: skip
    return "\n".join(lines)


@contextlib.contextmanager
def alone(checkout: Checkout) -> Iterator[None]:
    """Hold the checkout for one make at a time; another one waits, and is told."""
    checkout.house.mkdir(exist_ok=True)
    with (checkout.house / "lock-file").open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.seek(0)
            who = re.sub(r"\D", "", held.read()) or "unknown"
            say(f"Another make is at work in this checkout (process {who}); waiting for it ...")
            fcntl.flock(held, fcntl.LOCK_EX)
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield


def run_verb(root: str | Path, words: Sequence[str]) -> int:
    """Do what was asked; return the exit status. Every trouble ends in a sentence, not a traceback."""
    verb = words[0] if words else "help"
    if verb == "help":
        say(help_text())
        return 0
    if verb not in VERBS or len(words) > 1:
        sys.stderr.write(f"make cannot do {' '.join(words)!r}.\n\n{help_text()}\n")
        return 2
    checkout = Checkout(Path(root).resolve(), verb)
    try:
        with contextlib.nullcontext() if verb in UNLOCKED else alone(checkout):
            return VERBS[verb](checkout)
    except Failure as failure:
        sys.stdout.flush()
        sys.stderr.write(f"\n{failure}\n")
        return 1
    except KeyboardInterrupt:
        sys.stdout.flush()
        sys.stderr.write(f"\nInterrupted. Run `make {verb}` again: it carries on from here.\n")
        return 130
    except Exception as error:
        return unforeseen(checkout, error)


def unforeseen(checkout: Checkout, error: Exception) -> int:
    """Tell an error that nobody foresaw in one sentence, and keep its traceback in a file."""
    text = "".join(traceback.format_exception(error))
    if NO_ROOM.search(text):
        sentence = "The disk is full"
    elif isinstance(error, PermissionError):
        sentence = f"No permission to write {error.filename}"
    else:
        sentence = f"make {checkout.verb} stumbled: {type(error).__name__}: {error}"
    log = checkout.log("stumbled")
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(text, "utf-8")
        where = f"Full log: {log}"
    except OSError:
        where = text
    sys.stdout.flush()
    sys.stderr.write(f"\n{sentence}.\n{where}\n")
    return 1
