"""Views in parts: a page loads the code of a figure when the figure nears the window."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import anywidget
import pytest
import traitlets
from alive_books import Built, build, notebook, widget_cells
from built import ROOT, SITE, fresh
from conftest import serve
from playwright.sync_api import Browser, Page

PARTS = ROOT / "_build" / "views"
CHAPTER = "book/sinusoids.html"

WHOLE = """export default { render({ model, el }) { el.textContent = "whole " + model.get("kind"); } };"""
ENTRY = """
import { word } from "./shared.js";
export default { async render({ model, el }) {
  const { say } = await import(`./${model.get("kind")}.js`);
  el.textContent = say(word);
} };"""


class Named(anywidget.AnyWidget):
    """A widget whose module the book has in parts."""

    _esm = WHOLE
    kind = traitlets.Unicode("a").tag(sync=True)


def tiny(folder: Path, *, parts: dict[str, str] | None, **config: Any) -> Built:
    """A page of two such widgets; `parts`: the files of the folder of parts, if there is one."""
    cells, state = widget_cells(Named(kind="a"), Named(kind="b"))
    (folder / "source").mkdir(exist_ok=True)
    (folder / "source" / "whole.js").write_text(WHOLE)
    if parts is not None:
        (folder / "parts").mkdir(exist_ok=True)
        for name, text in parts.items():
            (folder / "parts" / name).write_text(text)
    book = build(
        folder,
        {"index.ipynb": notebook("# Page\n", *cells, state=state)},
        alive_parts={"whole.js": "../parts"},
        **config,
    )
    assert book.error is None, book.error
    return book


def in_parts(note: str = "") -> dict[str, str]:
    plan = {
        "entry": "index.js",
        "always": ["index.js", "shared.js"],
        "trait": "kind",
        "by": {"a": ["a.js"], "b": ["b.js"]},
    }
    return {
        "index.js": ENTRY + note,
        "shared.js": "export const word = 'part';",
        "a.js": "export const say = (word) => `${word} a`;",
        "b.js": "export const say = (word) => `${word} b`;",
        "parts.json": json.dumps(plan),
    }


def folders(book: Built) -> list[str]:
    return [p.name for p in (book.html / "_static" / "alive").iterdir() if (p / "a.js").exists()]


def test_a_page_names_the_parts_and_preloads_what_its_first_figure_needs(
    tmp_path: Path, browser: Browser
) -> None:
    book = tiny(tmp_path, parts=in_parts())
    assert not book.warnings, book.said
    (folder,) = folders(book)
    html = book.page("index")
    assert html.count(f'"alive:{folder}/index.js"') == 2
    preloaded = re.findall(r'rel="modulepreload" href="_static/alive/[0-9a-f]{16}/(\w+)\.js"', html)
    assert sorted(preloaded) == ["a", "index", "shared"]
    server, address = serve(book.html)
    page = browser.new_page()
    page.goto(f"{address}/index.html")
    page.wait_for_selector("html[data-widgets=ready]", state="attached")
    assert page.locator(".live-view").all_inner_texts() == ["part a", "part b"]
    page.close()
    server.shutdown()


def test_parts_that_changed_take_the_place_of_the_old(tmp_path: Path) -> None:
    (old,) = folders(tiny(tmp_path, parts=in_parts()))
    (new,) = folders(tiny(tmp_path, parts=in_parts("// changed"), fresh=True))
    assert old != new


def test_without_parts_the_whole_module_is_used(tmp_path: Path) -> None:
    book = tiny(tmp_path, parts=None)
    assert not book.warnings, book.said
    assert not folders(book)
    (file,) = (book.html / "_static" / "alive").glob("*[0-9a-f].js")
    assert file.read_text() == WHOLE


def test_every_kind_of_view_has_its_part() -> None:
    plan = json.loads(fresh(PARTS / "parts.json").read_text("utf-8"))
    index = (ROOT / "src/posenc/js/index.js").read_text("utf-8")
    kinds = set(re.findall(r"^ {2}(\w+),$", index, re.M))
    always = set(re.findall(r'"(\w+)"', re.search(r"AT_ONCE = \[(.*?)\]", builder(), re.S)[1]))
    assert set(plan["by"]) == kinds - always
    for file in [*plan["always"], *(f for files in plan["by"].values() for f in files)]:
        assert (PARTS / file).is_file(), file


def builder() -> str:
    return (ROOT / "tools" / "build_views.mjs").read_text("utf-8")


@pytest.fixture
def asked(open_page) -> tuple[Page, list[str]]:
    """A chapter as a reader has it, and the modules that it asked for."""
    page = open_page(CHAPTER, awake=False)
    urls = page.evaluate("performance.getEntriesByType('resource').map((r) => r.name)")
    seen = [url for url in urls if url.endswith(".js")]
    page.on("request", lambda request: seen.append(request.url))
    return page, seen


def names(urls: list[str]) -> set[str]:
    found = (re.search(r"/[0-9a-f]{16}/([a-z_]+)-\w+\.js", url) for url in urls)
    return {match[1] for match in found if match}


def test_a_far_figure_waits_with_its_picture_in_place(asked) -> None:
    page, seen = asked
    assert "base" not in names(seen) and "channel" not in names(seen)
    base = page.locator('[data-exhibit="base"]')
    assert base.get_attribute("data-live") == "later"
    assert base.locator(".live-fallback").is_visible()
    assert base.locator(".live-frame").bounding_box()["height"] > 200, "its place is kept"
    images = page.evaluate("performance.getEntriesByType('resource').map((r) => r.name)")
    far = base.locator("img").get_attribute("src").split("/")[-1]
    assert not any(far in url for url in images), "and its picture is not fetched"


def test_it_comes_alive_when_the_reader_comes_near(asked) -> None:
    page, seen = asked
    page.locator('[data-exhibit="base"]').scroll_into_view_if_needed()
    page.wait_for_selector('[data-exhibit="base"][data-ready][data-live=yes]')
    assert "base" in names(seen)
    assert page.locator('[data-exhibit="base"] .live-fallback').is_hidden()


def test_a_phrase_that_sets_it_brings_it(asked) -> None:
    page, seen = asked
    phrase = page.locator('main a.set[href^="#base?"]').first
    phrase.evaluate("e => e.click()")
    page.wait_for_selector('[data-exhibit="base"][data-ready][data-live=yes]')
    assert "base" in names(seen)


def test_a_link_to_a_state_finds_it_so_and_says_what_does_not_fit(open_page) -> None:
    page = open_page(f"{CHAPTER}#heatmap?b=10&t=3&d=banana", awake=False)
    page.wait_for_selector('[data-exhibit="heatmap"][data-ready][data-live=yes]')
    state = page.locator('[data-exhibit="heatmap"]').evaluate(
        "e => e.querySelector('.posenc-view[data-drawn]').posenc.state()"
    )
    assert state["base"] == 10
    assert page.locator('[data-exhibit="heatmap"] .x-note').is_visible()


def test_code_that_does_not_come_leaves_the_picture(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.route("**/base-*.js", lambda route: route.abort())
    page.goto(f"{site}/{CHAPTER}")
    page.wait_for_selector("html[data-widgets=ready]", state="attached")
    base = page.locator('[data-exhibit="base"]')
    base.scroll_into_view_if_needed()
    base.locator(".live-note").wait_for()
    assert "could not be fetched" in base.locator(".live-note").inner_text()
    base.locator("img").wait_for()  # the picture is fetched now
    page.unroute("**/base-*.js")
    page.locator('[data-exhibit="channel"]').scroll_into_view_if_needed()
    page.wait_for_selector('[data-exhibit="channel"][data-live=yes]')
    context.close()


def test_the_site_holds_no_whole_bundle() -> None:
    """No page of the book names a module with every view in it."""
    whole = (ROOT / "src/posenc/static/views.js").read_text("utf-8")
    for file in fresh(SITE / "_static" / "alive").glob("*.js"):
        assert file.read_text("utf-8") != whole
