"""A strict Content-Security-Policy on every page, and nothing on any page from another host.

Both are done on the finished HTML, whatever theme and extensions wrote it: the policy names the
hash of each inline script that is really there, and the check reads what a browser would load.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

from .checks import report

LOGGER = logging.getLogger(__name__)

#: Types of `<script>` that a browser runs or obeys; all others are data.
RUN = {"", "module", "text/javascript", "application/javascript", "importmap", "speculationrules"}

#: What a browser fetches by itself: attributes, element by element.
FETCHED = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "img": ("src", "srcset"),
    "image": ("href", "xlink:href"),
    "input": ("src",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
FETCHED_LINKS = {
    "apple-touch-icon",
    "dns-prefetch",
    "icon",
    "manifest",
    "mask-icon",
    "modulepreload",
    "preconnect",
    "prefetch",
    "preload",
    "stylesheet",
}
ELSEWHERE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
CSS_URL = re.compile(r"(?:url\(\s*|@import\s+)['\"]?((?:https?:)?//[^'\")\s]+)", re.IGNORECASE)
META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="[^"]*">\n?')
HEAD = re.compile(r"<head\b[^>]*>\s*")


@dataclass
class Page:
    """What a page would run and load."""

    scripts: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    outside: list[tuple[str, str]] = field(default_factory=list)  # element, address


class Reader(HTMLParser):
    """Reads a page as a browser does, as far as scripts and addresses go."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.page = Page()
        self.script: list[str] | None = None
        self.style: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        for name, value in values.items():
            if name.startswith("on") and value:
                self.page.handlers.append(value)
            if name == "style":
                self.addresses(tag, value)
        if tag == "script" and "src" not in values:
            self.script = [] if values.get("type", "").strip().lower() in RUN else None
        if tag == "style":
            self.style = []
        if tag == "link" and FETCHED_LINKS & set(values.get("rel", "").lower().split()):
            self.fetched(tag, values.get("href", ""))
        for name in FETCHED.get(tag, ()):
            parts = values.get(name, "").split(",") if name == "srcset" else [values.get(name, "")]
            for part in parts:
                self.fetched(tag, part.strip().split(" ")[0])

    def fetched(self, tag: str, address: str) -> None:
        if ELSEWHERE.match(address):
            self.page.outside.append((tag, address))

    def addresses(self, tag: str, css: str) -> None:
        self.page.outside += [(tag, address) for address in CSS_URL.findall(css)]

    def handle_data(self, data: str) -> None:
        if self.script is not None:
            self.script.append(data)
        elif self.style is not None:
            self.style.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self.script is not None:
            body = "".join(self.script)
            if body.strip():
                self.page.scripts.append(body)
            self.script = None
        if tag == "style" and self.style is not None:
            self.addresses(tag, "".join(self.style))
            self.style = None


def read(html: str) -> Page:
    """What the page `html` would run and load."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.page


def source_hash(script: str) -> str:
    """The CSP source of an inline script: sha256 of its text as a browser sees it."""
    text = script.replace("\r\n", "\n").replace("\r", "\n")
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy(page: Page, hosts: tuple[str, ...] = ()) -> str:
    """The policy of one page. `hosts` are other hosts that the book allows, if any."""
    hashes = sorted({source_hash(script) for script in page.scripts})
    if page.handlers:  # attributes such as onclick run only with their own hashes allowed
        hashes += ["'unsafe-hashes'", *sorted({source_hash(text) for text in page.handlers})]
    also = "".join(f" {host}" for host in hosts)
    script = " ".join(["'self'", *hashes]) + also
    return "; ".join(
        [
            f"default-src 'self'{also}",
            f"script-src {script}",
            f"style-src 'self' 'unsafe-inline'{also}",
            f"img-src 'self' data: blob:{also}",
            f"media-src 'self' data: blob:{also}",
            f"font-src 'self'{also}",
            f"connect-src 'self'{also}",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        ]
    )


def with_policy(html: str, page: Page, hosts: tuple[str, ...] = ()) -> str:
    """The page with its policy as the first thing in its head; an older one is replaced."""
    bare = META.sub("", html)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(page, hosts)}">\n'
    return HEAD.sub(lambda head: f"{head[0]}{meta}", bare, count=1)


def pages(app: Sphinx, leave: Sequence[str] = ()) -> Iterator[Path]:
    """Every HTML page of the built site, but not what a library brings along: `leave` are folders."""
    for path in sorted(Path(app.outdir).rglob("*.html")):
        where = path.relative_to(app.outdir)
        if not any(where.is_relative_to(folder) for folder in ("_static", "_sources", *leave)):
            yield path


def allowed(address: str, hosts: Sequence[str]) -> bool:
    """Does an address (``https://...`` or ``//...``) lie on one of these hosts?"""
    full = f"https:{address.strip()}" if address.strip().startswith("//") else address.strip()
    return any(full == host or full.startswith(f"{host.rstrip('/')}/") for host in hosts)


def apply(app: Sphinx, error: Exception | None) -> None:
    """Write each page's policy; report what would be fetched from elsewhere."""
    if error is not None or app.builder.format != "html" or not app.config.alive_policy:
        return
    hosts = tuple(app.config.alive_hosts)
    for path in pages(app, app.config.alive_policy_leave):
        html = path.read_text(encoding="utf-8")
        page = read(html)
        where = path.relative_to(app.outdir).as_posix()
        for tag, address in page.outside:
            if not allowed(address, hosts):
                report(app, where, f"<{tag}> loads from another host: {address}")
        new = with_policy(html, page, hosts)
        if new != html:
            path.write_text(new, encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.add_config_value("alive_policy", True, "html", [bool])
    app.add_config_value("alive_policy_leave", [], "html", [list, tuple])
    app.add_config_value("alive_hosts", [], "html", [list, tuple])
    app.connect("build-finished", apply, priority=800)
