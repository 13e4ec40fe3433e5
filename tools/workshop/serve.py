"""A small server for the built site: right types, gzip, one folder, this machine only."""

from __future__ import annotations

import gzip
import http.server
import os
import socket
import sys
import urllib.parse
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from .console import Failure, say

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".inv": "application/octet-stream",
    ".ipynb": "application/x-ipynb+json",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
PACKED = (".css", ".csv", ".html", ".ipynb", ".js", ".json", ".md", ".mjs", ".svg", ".txt", ".xml")
FIRST_PORT, PORTS_TRIED = 8000, 100


@lru_cache(maxsize=256)
def packed(path: str, modified: int) -> bytes:
    """Return a file's bytes, gzipped; kept until the file changes (modified: its mtime, ns)."""
    return gzip.compress(Path(path).read_bytes(), 6, mtime=0)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files of one folder; gzips text for who accepts it; lets nothing be cached unasked."""

    protocol_version = "HTTP/1.1"
    extensions_map = TYPES | {"": "application/octet-stream"}

    def do_GET(self) -> None:
        self.answer(body=True)

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def answer(self, *, body: bool) -> None:
        """Answer a request for a file, a folder (its index.html), or something that is not there."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            parts = urllib.parse.urlsplit(self.path)
            if not parts.path.endswith("/"):
                self.send_response(HTTPStatus.MOVED_PERMANENTLY)
                self.send_header("Location", urllib.parse.quote(parts.path) + "/")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            path = path / "index.html"
        try:
            content, modified = path.read_bytes(), path.stat().st_mtime_ns
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND, "There is no such page here")
            return
        zipped = path.suffix in PACKED and "gzip" in self.headers.get("Accept-Encoding", "")
        if zipped:
            content = packed(str(path), modified)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        if path.suffix in PACKED:
            self.send_header("Vary", "Accept-Encoding")
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of what went well."""

    def log_error(self, format: str, *args: object) -> None:
        """Name what was asked for and is not there."""
        sys.stderr.write(f"  {self.path}: {format % args}\n")


class Server(http.server.ThreadingHTTPServer):
    """Answers several requests at once, so that one that waits holds up no other."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over a browser that went away in the middle; show anything else."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def open_server(folder: Path, port: int | None = None) -> Server:
    """Return a server for a folder on 127.0.0.1.

    port: this one and no other (0: any free one); None: the first free one from 8000 on.
    Raises Failure when none is free.
    """

    def handler(*args: object) -> Handler:
        return Handler(*args, directory=str(folder))  # type: ignore[arg-type]

    wanted = [port] if port is not None else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for number in wanted:
        if port is None and in_use(number):
            continue
        try:
            return Server(("127.0.0.1", number), handler)
        except (OSError, OverflowError):
            continue
    if port is not None:
        raise Failure(f"Port {port} cannot be used.", "Leave out PORT=... and a free one is found.")
    last = FIRST_PORT + PORTS_TRIED - 1
    raise Failure(f"Ports {FIRST_PORT} to {last} are all taken.", "Try: make serve PORT=9000")


def in_use(port: int) -> bool:
    """Tell whether somebody already answers on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def serve(folder: Path) -> None:
    """Serve the built site until Ctrl-C. PORT in the environment asks for one port."""
    if not (folder / "index.html").is_file():
        raise Failure("There is no site yet.", "Build it first: make book")
    asked = os.environ.get("PORT", "").strip()
    if asked and not asked.isdigit():
        raise Failure(f"PORT must be a whole number such as 8000; got {asked!r}.")
    with open_server(folder, int(asked) if asked else None) as server:
        say(f"The book is at http://localhost:{server.server_address[1]}/  (stop with Ctrl-C)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("\nStopped.")
