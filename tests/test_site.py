"""The built book as a whole: every page, in light and dark, on a phone, and without JavaScript."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from built import ROOT, SITE, fresh

PAGES = sorted(p.relative_to(SITE).as_posix() for p in SITE.rglob("*.html")) or ["index.html"]
BOOK = [p for p in PAGES if p.startswith("book/")]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


class Page(HTMLParser):
    """What the checks ask of a page: its ids, its links, its scripts, its pictures."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.policy = ""
        self.handlers: list[str] = []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        a = dict(attributes)
        if a.get("id"):
            self.ids.add(str(a["id"]))
        self.handlers += [name for name in a if name.startswith("on")]
        if tag == "a" and a.get("href"):
            self.links.append(str(a["href"]))
        if tag in ("script", "img", "iframe", "source") and a.get("src"):
            self.loads.append(str(a["src"]))
        if tag == "link" and a.get("href") and a.get("rel") != "canonical":
            self.loads.append(str(a["href"]))
        if tag == "img":
            self.images.append(a)
        if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(a["content"])


@pytest.fixture(scope="session")
def pages() -> dict[str, Page]:
    return {name: Page(fresh(SITE / name)) for name in PAGES}


def test_the_book_has_its_pages() -> None:
    assert {"book/index.html", "book/sinusoids.html"} <= set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(pages: dict[str, Page], name: str) -> None:
    page = pages[name]
    broken = []
    for link in page.links:
        if re.match(r"(https?|mailto):", link):
            continue
        target, fragment = urldefrag(link)
        file = (SITE / name).parent / unquote(target) if target else SITE / name
        if file.is_dir():
            file /= "index.html"
        if not file.exists():
            broken.append(link)
            continue
        anchor = unquote(fragment).split("?")[0]
        if anchor and file.suffix == ".html":
            other = pages[file.resolve().relative_to(SITE.resolve()).as_posix()]
            if anchor not in other.ids:
                broken.append(link)
    assert not broken, f"{name} links to what is not there: {broken}"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_from_the_site_alone(pages: dict[str, Page], name: str) -> None:
    outside = [x for x in pages[name].loads if re.match(r"(https?:)?//", x)]
    assert not outside


@pytest.mark.parametrize("name", [p for p in PAGES if p != "index.html"])
def test_the_policy_is_strict(pages: dict[str, Page], name: str) -> None:
    policy = dict(
        part.strip().split(" ", 1) for part in pages[name].policy.split(";") if part.strip()
    )
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    words = " ".join(policy.values())
    assert not re.search(r"https?:|\*", words), f"the policy names another host: {words}"
    assert not pages[name].handlers, "inline handlers cannot run under the policy"


@pytest.mark.parametrize("name", BOOK)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(open_page, name: str, dark: bool) -> None:
    page = open_page(name, dark=dark)
    # through the debugger, so that the page's own policy is not in the way
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    told = [
        f"{v['id']} ({v['impact']}): {v['help']}: " + "; ".join(n["html"][:120] for n in v["nodes"])
        for v in found["violations"]
    ]
    assert not told, "\n".join(told)


@pytest.mark.parametrize("name", BOOK)
@pytest.mark.parametrize("width", [360, 640, 1280])
def test_nothing_scrolls_sideways(open_page, name: str, width: int) -> None:
    # 640 is a screen of 1280 at a zoom of 200 %
    page = open_page(name, width=width)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{wide} px too wide at {width}"


@pytest.mark.parametrize("name", BOOK)
def test_without_javascript_each_exhibit_is_a_picture_with_words(open_page, name: str) -> None:
    page = open_page(name, scripts=False)
    exhibits = page.locator("[data-exhibit]")
    for k in range(exhibits.count()):
        exhibit = exhibits.nth(k)
        image = exhibit.locator("img").first
        image.scroll_into_view_if_needed()
        assert image.is_visible(), exhibit.get_attribute("data-exhibit")
        alt = image.get_attribute("alt") or ""
        assert len(alt.split()) >= 12, f"says too little: {alt!r}"
        assert image.evaluate("i => i.decode().then(() => i.naturalWidth)") > 300


@pytest.mark.parametrize("name", BOOK)
def test_with_javascript_the_pictures_make_way(open_page, name: str) -> None:
    page = open_page(name)
    for picture in page.locator(".live > .live-fallback").all():
        assert not picture.is_visible()


def test_the_front_page_has_the_letters_of_the_next(browser, site) -> None:
    """It shows no formula and no code; the cut faces of both come when it has nothing else to do."""
    context = browser.new_context()
    page = context.new_page()
    fetched: list[str] = []
    page.on("request", lambda r: fetched.append(r.url) if r.url.endswith(".woff2") else None)
    page.goto(f"{site}/book/index.html")
    page.wait_for_function(
        "['KaTeX_Math', 'KaTeX_Main', 'Plex Mono'].every((name) => [...document.fonts]"
        ".some((face) => face.family.includes(name) && face.status === 'loaded'))"
    )
    assert len(fetched) == len(set(fetched))
    whole = [url for url in fetched if "KaTeX" in url and not url.endswith(".part.woff2")]
    assert not whole, "a whole face where a part would do"
    context.close()


@pytest.mark.parametrize("name", BOOK)
def test_every_control_has_a_name(open_page, name: str) -> None:
    page = open_page(name)
    snapshot = page.locator("body").aria_snapshot()
    nameless = re.findall(
        r"- (button|slider|link|textbox|combobox|radio)(?: \[[^\]]*\])*:?$", snapshot, re.M
    )
    assert not nameless, nameless


def test_one_broken_exhibit_leaves_the_others_alive(browser, site) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()

    def damage(route) -> None:
        answer = route.fetch()
        text = answer.text()
        assert '"kind":"heatmap"' in text.replace(" ", ""), "the page no longer holds the heatmap"
        route.fulfill(
            response=answer,
            body=re.sub(r'"kind":\s*"heatmap"', '"kind": "no-such-view"', text),
        )

    page.route("**/book/sinusoids.html", damage)
    page.goto(f"{site}/book/sinusoids.html")
    page.wait_for_function("document.documentElement.dataset.widgets === 'ready'", timeout=30_000)
    page.evaluate("sphinxAlive.wake()")
    page.wait_for_function(
        "[...document.querySelectorAll('[data-exhibit]')]"
        ".filter(e => e.dataset.exhibit !== 'heatmap').every(e => 'ready' in e.dataset)",
        timeout=30_000,
    )
    heatmap = page.locator('[data-exhibit="heatmap"]')
    assert heatmap.get_attribute("data-ready") is None
    heatmap.scroll_into_view_if_needed()
    heatmap.locator(".live-fallback img").wait_for(state="visible")
    context.close()


def test_the_html_is_valid() -> None:
    checker = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    node = shutil.which("node")  # `make test` puts the right one first
    assert node, "no Node on the PATH: run `make test`"
    files = [str(fresh(SITE / p)) for p in PAGES]
    done = subprocess.run(
        [
            node,
            str(checker),
            "--formatter",
            "json",
            "--config",
            str(ROOT / "tests" / "html.json"),
            *files,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip(), done.stderr
    told = [
        f"{Path(r['filePath']).relative_to(SITE)}:{m['line']}: {m['ruleId']}: {m['message']}"
        for r in json.loads(done.stdout)
        for m in r["messages"]
    ]
    assert not told, "\n".join(told[:40])


def test_the_maths_is_in_the_page(pages: dict[str, Page]) -> None:
    text = (SITE / "book" / "sinusoids.html").read_text("utf-8")
    formulas = re.findall(r"<math[ >].*?</math>", text, re.S)
    assert len(formulas) >= 10
    for formula in formulas[:5]:
        ET.fromstring(formula)
    assert not [x for x in pages["book/sinusoids.html"].loads if "mathjax" in x.lower()]
