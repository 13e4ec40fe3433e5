"""What the tests share: the built book served on this machine, and a browser that looks at it."""

from __future__ import annotations

import functools
import http.server
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from built import SITE, fresh
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, sync_playwright

# The same examples on every run, and no deadline: a loaded machine is not a broken law.
settings.register_profile("laws", deadline=None, derandomize=True, database=None)
settings.load_profile("laws")

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _wait_for_function(
    page: Page,
    expression: str,
    *,
    arg: Any = None,
    timeout: float = 30_000,
    polling: float | str = 50,
) -> None:
    """Waits until an expression is true, asking from outside the page.

    Playwright's own polls with `eval` inside it, and the pages' policy refuses that from the second
    poll on (the first is let through), so that a test would fail by how fast the machine is.
    """
    pause = polling if isinstance(polling, int | float) else 16
    until = time.monotonic() + timeout / 1000
    while not page.evaluate(expression, arg):
        if time.monotonic() > until:
            raise TimeoutError(f"still not true after {timeout:g} ms: {expression}")
        page.wait_for_timeout(pause)


Page.wait_for_function = _wait_for_function  # type: ignore[method-assign, assignment]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map: ClassVar = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".woff2": "font/woff2",
    }

    def log_message(self, *_: Any) -> None:
        pass


def serve(folder: Path) -> tuple[http.server.ThreadingHTTPServer, str]:
    """Serves a folder on a free port; returns the server and its address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Address of the built book."""
    server, address = serve(fresh(SITE))
    yield address
    server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; CHROMIUM names it, `make test` finds or installs one."""
    from browser import find  # tests/browser.py

    path = find()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


class Watch:
    """A page together with what it must not do: speak on the console, ask another host."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.messages: list[str] = []
        self.outside: list[str] = []
        page.on("console", lambda m: self.messages.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: self.messages.append(f"uncaught: {e}"))
        page.on("request", lambda r: self._look(r.url, address))

    def _look(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.outside.append(url)

    def check(self) -> None:
        assert not self.messages, f"the page spoke on the console: {self.messages}"
        assert not self.outside, f"the page asked another host: {self.outside}"


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[OpenPage]:
    """Opens a page of the book, wakes every exhibit on it (or with ``awake=False`` those near the
    window alone, as for a reader), waits until they are alive, and at the end of the test fails if
    the page logged anything or asked another host.

    ``open_page("book/sinusoids.html#heatmap?b=10", phone=True, dark=True, touch=True, calm=True)``
    """
    yield from _opened(browser, site)


@pytest.fixture(scope="module")
def open_still(browser: Browser, site: str) -> Iterator[OpenPage]:
    """As open_page, for one page that the tests of a module share: those that only look."""
    yield from _opened(browser, site)


def _opened(browser: Browser, site: str) -> Iterator[OpenPage]:
    watches: list[Watch] = []
    contexts: list[BrowserContext] = []

    def open_(
        path: str,
        *,
        width: int = 1280,
        height: int = 900,
        phone: bool = False,
        dark: bool = False,
        touch: bool = False,
        calm: bool = True,
        scripts: bool = True,
        ready: bool = True,
        awake: bool = True,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": 360, "height": 740} if phone else {"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            has_touch=touch or phone,
            reduced_motion="reduce" if calm else "no-preference",
            java_script_enabled=scripts,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        watches.append(Watch(page, site))
        page.goto(f"{site}/{path}")
        if scripts and ready:
            page.wait_for_function(
                "document.documentElement.dataset.widgets === 'ready' ||"
                " !document.querySelector('.live')",
                timeout=30_000,
            )
            if awake:
                page.evaluate("window.sphinxAlive?.wake()")
                page.wait_for_function(
                    "[...document.querySelectorAll('[data-exhibit]')].every("
                    "e => 'ready' in e.dataset)",
                    timeout=30_000,
                )
        return page

    yield open_
    for context in contexts:
        context.close()
    for watch in watches:
        watch.check()
