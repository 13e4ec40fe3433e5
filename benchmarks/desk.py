"""What the parts share: the checkout, its built site behind a server, a browser, a JupyterLab."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import importlib
import sys
import threading
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

if TYPE_CHECKING:
    from lab import Environment, Notebook

CHAPTER = "book/sinusoids.html"  # the chapter that a part looks at when one is enough
PROOF, MOTIVATION = "book/proof.html", "book/motivation.html"
NOTEBOOK = "notebooks/sinusoids.ipynb"
PACKED = {".css", ".html", ".js", ".json", ".svg", ".txt", ".xml"}
FRESH_FOR = 600  # s, as the usual hosts of static pages say


class Host(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as a host of static pages does: text packed with gzip, kept for a while."""

    protocol_version = "HTTP/1.1"
    packed: dict[Path, tuple[int, bytes]]

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Cache-Control", f"max-age={FRESH_FOR}")
        if path.suffix in PACKED and "gzip" in self.headers.get("Accept-Encoding", ""):
            stamp = path.stat().st_mtime_ns
            if self.packed.get(path, (0, b""))[0] != stamp:
                self.packed[path] = (stamp, gzip.compress(body, 6))
            body = self.packed[path][1]
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextlib.contextmanager
def host(folder: Path) -> Iterator[str]:
    """Serves a folder on a free port of this machine; yields the address."""

    class Here(Host):
        packed: dict[Path, tuple[int, bytes]] = {}  # noqa: RUF012, shared by all requests

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, directory=str(folder), **kwargs)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Here)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class Desk:
    """Where the measuring is done. ``close`` puts everything away."""

    def __init__(self, root: Path, playwright: Playwright) -> None:
        self.root = root
        self.playwright = playwright
        self._open = contextlib.ExitStack()
        # tests/ knows how to find a browser and how to make a reader's JupyterLab
        sys.path.insert(0, str(root / "tests"))

    @property
    def site(self) -> Path:
        return self.root / "_build" / "html"

    @property
    def work(self) -> Path:
        """A folder for what the benchmarks themselves make."""
        folder = self.root / "_build" / "bench"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @cached_property
    def address(self) -> str:
        """Address of the built site."""
        if not (self.site / CHAPTER).is_file():
            raise FileNotFoundError(f"{CHAPTER} is not built: run `make book` first")
        return self._open.enter_context(host(self.site))

    @cached_property
    def browser(self) -> Browser:
        """A headless Chromium without a graphics processor, as in the tests."""
        chromium = importlib.import_module("browser")
        flags = [*chromium.FLAGS, "--disable-gpu"]
        browser = self.playwright.chromium.launch(executable_path=chromium.find(), args=flags)
        self._open.callback(browser.close)
        return browser

    @cached_property
    def lab(self) -> tuple[Environment, str]:
        """A reader's environment (see tests/lab.py), and the address of the JupyterLab in it."""
        environment = self.lab_tools.make_environment(self.root, "newest", "jupyterlab")
        address = self._open.enter_context(self.lab_tools.jupyter_lab(environment))
        return environment, address

    @cached_property
    def lab_tools(self) -> Any:
        return importlib.import_module("lab")

    def notebook(self, path: str) -> Notebook:
        """A notebook open in that JupyterLab."""
        opened: Notebook = self.lab_tools.Notebook(self.browser, self.lab[1], path)
        return opened

    @contextlib.contextmanager
    def visit(self) -> Iterator[BrowserContext]:
        """A visitor who was never here: nothing cached, an ordinary window."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 900})
        try:
            yield context
        finally:
            context.close()

    def close(self) -> None:
        self._open.close()


def wait_until(page: Page, expression: str, seconds: float = 60) -> None:
    """Waits until an expression is true in a page; raises TimeoutError when it stays false.

    It asks from outside: the pages' policy forbids the polling that playwright does inside.
    """
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not true after {seconds:g} s: {expression}")
        page.wait_for_timeout(25)


# A page with exhibits is ready when its manager is, and each of them that is near the window: the others
# come when they are. Any other page has none to wait for.
ALL_READY = (
    "() => !document.querySelector('.live') ||"
    " (document.documentElement.dataset.widgets === 'ready' &&"
    " [...document.querySelectorAll('[data-exhibit]')].every("
    " (e) => 'ready' in e.dataset || e.dataset.live === 'later'))"
)


def open_awake(page: Page, address: str) -> None:
    """Opens a page and brings all of its exhibits to life, wherever they are."""
    page.goto(address)
    wait_until(page, ALL_READY)
    page.evaluate("sphinxAlive.wake()")
    wait_until(
        page,
        "() => [...document.querySelectorAll('[data-exhibit]')].every((e) => 'ready' in e.dataset)",
    )
