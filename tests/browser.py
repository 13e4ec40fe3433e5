"""Finds a Chromium to test in, and installs one where it can.

`find()` only looks; `ensure()` also installs. Run as a program it ensures one, prints its path, and
ends with the reason and the way out when there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# Nothing that calls home, nothing first-run; the sandbox needs privileges that containers lack.
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)


class NoBrowser(Exception):
    """There is no Chromium, and none could be installed."""


def runs(path: str | Path) -> bool:
    """Tell whether a browser starts at all: a stub that only says what to install does not."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and "Chrom" in said.stdout


def candidates() -> Iterator[str]:
    """Yield the browsers to try; where CHROMIUM names one, no other."""
    named = os.environ.get("CHROMIUM", "").strip()
    if named:
        yield shutil.which(named) or named
        return
    yield from filter(None, map(shutil.which, NAMES))
    yield from (path for path in MAC if Path(path).exists())
    yield from playwrights_own()


def playwrights_own() -> list[str]:
    """Return the browser that playwright has downloaded, if it has."""
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Exception:  # whatever is wrong with it, then there is none
        return []
    return [path] if Path(path).exists() else []


def find() -> str:
    """Return the path of a Chromium that runs.

    Raises NoBrowser with the way out when there is none.
    """
    for path in candidates():
        if runs(path):
            return path
    named = os.environ.get("CHROMIUM", "").strip()
    if named:
        raise NoBrowser(f"CHROMIUM names {named!r}, and that does not run: name one that does.")
    raise NoBrowser(
        "Install Chromium (Debian, Ubuntu: sudo apt install chromium; macOS: brew install chromium), "
        "or name a Chrome that is there: CHROMIUM=/path/to/chrome make test"
    )


def install() -> None:
    """Try to install a Chromium: Debian's where this is root, playwright's otherwise."""
    tries: list[list[list[str]]] = []
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        tries.append([["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]])
    tries.append([[sys.executable, "-m", "playwright", "install", "chromium"]])
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for commands in tries:
        for command in commands:
            print("$", *command, flush=True)
            try:
                status = subprocess.run(command, env=env, stdin=subprocess.DEVNULL).returncode
            except OSError as error:
                print(error, flush=True)
                break
            if status != 0:
                break
        else:
            try:
                find()
            except NoBrowser:
                continue
            return


def ensure() -> str:
    """Return the path of a Chromium that runs, installing one if need be. Raises NoBrowser."""
    try:
        return find()
    except NoBrowser:
        if not os.environ.get("CHROMIUM", "").strip():
            install()
    return find()


if __name__ == "__main__":
    try:
        print(ensure())
    except NoBrowser as trouble:
        print(trouble)
        sys.exit(1)
