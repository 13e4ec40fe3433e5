"""Progress that can be watched, logs that are kept, failures told in one sentence."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

# What pip, npm, apt and a bare socket say when there is nobody to talk to.
NO_NETWORK = re.compile(
    r"Failed to establish a new connection|NewConnectionError|Temporary failure in name resolution"
    r"|Temporary failure resolving|Name or service not known|nodename nor servname"
    r"|Network is unreachable|No route to host|Connection refused|Connection reset by peer"
    r"|ConnectTimeoutError|ReadTimeoutError|ProxyError|Cannot connect to proxy"
    r"|Max retries exceeded|getaddrinfo|dns error"
    r"|\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)\b"
    r"|ERR_SOCKET_TIMEOUT",
    re.IGNORECASE,
)
NO_TRUST = re.compile(
    r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError|self.signed certificate"
    r"|unable to get (local )?issuer certificate|UNABLE_TO_GET_ISSUER_CERT|SELF_SIGNED_CERT",
    re.IGNORECASE,
)
NO_ROOM = re.compile(r"No space left on device|ENOSPC|Disk quota exceeded")
NO_MATCH = re.compile(r"DO NOT MATCH THE HASHES|EINTEGRITY")
NO_BUILD = re.compile(r"No matching distribution found for ([^\s(]+)")


class Failure(Exception):
    """A trouble that was foreseen: one sentence, the way out, and where the full story is."""

    def __init__(self, sentence: str, way_out: str = "", log: Path | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.way_out = way_out
        self.log = log

    def __str__(self) -> str:
        lines = [self.sentence]
        if self.way_out:
            lines.append(self.way_out)
        if self.log is not None:
            lines.append(f"Full log: {shown(self.log)}")
        return "\n".join(lines)


def shown(path: Path) -> str:
    """Return a path as a person in the current folder would type it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def say(text: str = "") -> None:
    """Print a line at once, also when the output is a file or a pipe."""
    print(text, flush=True)


def seconds(duration: float) -> str:
    """Return a duration in words a person reads at a glance."""
    if duration < 10:
        return f"{duration:.1f} s"
    if duration < 100:
        return f"{duration:.0f} s"
    return f"{duration // 60:.0f} min {duration % 60:.0f} s"


class Hopeless(Exception):
    """Raised by a reader of a command's output: there is no use in waiting for its end."""


class Progress:
    """One line that says what goes on; rewritten on a terminal, repeated now and then in a file."""

    def __init__(self, label: str, every: float = 10.0) -> None:
        self.label = label
        self.every = every
        self.note = ""
        self.began = time.monotonic()
        self.told = self.began
        self.live = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self.lock = threading.Lock()
        if not self.live:
            say(f"{label} ...")

    def tick(self) -> None:
        """Show where it stands."""
        now = time.monotonic()
        text = f"{self.label} ... {self.note}".rstrip()
        if self.live:
            line = f"{text}  {now - self.began:.0f} s"
            width = shutil.get_terminal_size().columns
            with self.lock:
                sys.stdout.write("\r\033[K" + line[: width - 1])
                sys.stdout.flush()
        elif now - self.told >= self.every:
            self.told = now
            with self.lock:
                say(f"  {self.note or 'still at it'}  ({seconds(now - self.began)})")

    def line(self, text: str) -> None:
        """Print a line of its own without disturbing the one that is rewritten."""
        with self.lock:
            if self.live:
                sys.stdout.write("\r\033[K")
            say(text)

    def end(self, verdict: str = "done") -> None:
        """Leave one lasting line behind."""
        took = seconds(time.monotonic() - self.began)
        self.line(f"{self.label}: {verdict} in {took}")


def run(
    command: Sequence[object],
    *,
    label: str,
    log: Path,
    cwd: Path,
    env: Mapping[str, str],
    read: Callable[[str], str | None] = lambda line: None,
) -> int:
    """Run a command with its output in a log and its progress on one line; return its status.

    label: what is being done; read: turns a line of output into a note for the progress line, or
    None, or raises Hopeless to end the command as failed. The log is begun anew.
    """
    words = [str(word) for word in command]
    log.parent.mkdir(parents=True, exist_ok=True)
    progress = Progress(label)
    with log.open("w", encoding="utf-8", errors="replace") as kept:
        kept.write("$ " + " ".join(words) + "\n")
        kept.flush()
        try:
            process = subprocess.Popen(
                words,
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            kept.write(f"{error}\n")
            progress.end("could not start")
            return 127

        def listen() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                kept.write(line)
                kept.flush()
                try:
                    note = read(line.rstrip())
                except Hopeless:
                    process.terminate()
                    note = "giving up"
                if note is not None:
                    progress.note = note

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        try:
            while process.poll() is None:
                progress.tick()
                listener.join(0.2)
                if not listener.is_alive():
                    process.wait()
            listener.join()
        except BaseException:
            # Ctrl-C reaches the child as well; wait for it, so that nothing writes behind our back.
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
            progress.end("stopped")
            raise
    progress.end("done" if process.returncode == 0 else "failed")
    return process.returncode


def install_failure(what: str, verb: str, log: Path) -> Failure:
    """Return the one sentence for an installation that failed, read off its log.

    what: what was being installed; verb: what was asked of make.
    """
    text = log.read_text("utf-8", "replace") if log.exists() else ""
    again = f"then run `make {verb}` again: it carries on from here."
    if NO_ROOM.search(text):
        return Failure(
            f"The disk is full: {what} could not be installed.",
            f"Make room (about 2 GB), {again}",
            log,
        )
    if NO_TRUST.search(text):
        return Failure(
            f"The package index's certificate is not trusted here: {what} could not be installed.",
            "Point PIP_CERT and NODE_EXTRA_CA_CERTS at your organisation's certificate file, "
            + again,
            log,
        )
    if NO_NETWORK.search(text):
        return Failure(
            f"No network to install from: {what} could not be fetched.",
            "Connect this machine (or name your mirror in PIP_INDEX_URL and npm_config_registry), "
            + again,
            log,
        )
    if NO_MATCH.search(text):
        return Failure(
            f"A download does not match its recorded hash, so {what} were not installed.",
            f"Clear the caches (`pip cache purge`, `npm cache clean --force`), {again}",
            log,
        )
    missing = NO_BUILD.search(text)
    if missing and "(from versions: none)" in text:
        return Failure(
            f"The package index that pip is set to has no {missing.group(1)}.",
            f"See `pip config list` and PIP_INDEX_URL; mend that, {again}",
            log,
        )
    if missing:
        version = ".".join(map(str, sys.version_info[:2]))
        return Failure(
            f"There is no {missing.group(1)} for Python {version} on this kind of machine.",
            f"Try another Python: make PYTHON=python3.12 {verb}",
            log,
        )
    return Failure(f"Installing {what} failed.", f"The log says why; mend that, {again}", log)
