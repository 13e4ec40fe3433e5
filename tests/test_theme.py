"""The theme, on a small book that uses everything it draws: built once, looked at in a browser."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Watch, serve
from playwright.sync_api import Browser, BrowserContext, Page, expect

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
sys.path.insert(0, str(ROOT / "site"))

# The command `jupyter-book`, in this Python.
START = "from jupyter_book.cli.main import main; main()"
PAGES = ("intro", "harbour", "tides", "lights", "claims", "search", "genindex", "prf-prf")

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The HTML of the small book; its warnings are errors."""
    folder = tmp_path_factory.mktemp("theme")
    source = folder / "book"
    shutil.copytree(ROOT / "tests" / "theme_book", source)
    config = source / "_config.yml"
    config.write_text(config.read_text().replace("../../site", str(ROOT / "site")))
    done = subprocess.run(
        [sys.executable, "-c", START, "build", "-W", "--keep-going", str(source)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return source / "_build" / "html"


@pytest.fixture(scope="session")
def address(built: Path) -> Iterator[str]:
    server, where = serve(built)
    yield where
    server.shutdown()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Open]:
    """Opens a page of the small book; afterwards it must have been silent and kept to itself."""
    watches: list[Watch] = []
    contexts: list[BrowserContext] = []

    def open_(
        path: str, *, width: int = 1280, height: int = 800, dark: bool = False, scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        watches.append(Watch(page, address))
        page.goto(f"{address}/{path}")
        if scripts:
            page.evaluate("document.fonts.ready")
        return page

    yield open_
    for watch in watches:
        watch.check()
    for context in contexts:
        context.close()


def problems(page: Page) -> list[str]:
    """What axe finds wrong, all rules on."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{v['id']}: {v['help']}: {[n['html'][:160] for n in v['nodes']][:4]}"
        for v in found["violations"]
    ]


# ------------------------------------------------------------------------------- what is written


@pytest.mark.parametrize("name", ["tides", "lights"])
def test_each_page_cites_into_its_own_bibliography(built: Path, name: str) -> None:
    html = (built / f"{name}.html").read_text("utf-8")
    cited = re.findall(
        r'<a class="reference internal" href="([^"]+)" title="Nathaniel Bowditch', html
    )
    assert len(cited) == 1
    assert cited[0].startswith("#"), "a citation stays on its page"
    assert html.count(f'id="{cited[0][1:]}"') == 1


def test_nothing_of_the_parent_themes(built: Path) -> None:
    """No Bootstrap, no icon font, no script or sheet but ours; none of their files in the site."""
    for path in built.glob("*.html"):
        if path.name == "index.html":
            continue  # Jupyter Book's redirection to the first page
        html = path.read_text("utf-8")
        files = set(re.findall(r'(?:src|href)="[^"]*?_static/([^"?]+)', html))
        extra = {"documentation_options.js", "doctools.js", "sphinx_highlight.js",
                 "searchtools.js", "language_data.js", "sections.js", "search.js"}  # fmt: skip
        own = {"chart_room.css", "page.js", "dial.svg", "fonts/source-serif-display.woff2",
               "fonts/source-serif-roman.woff2"}  # fmt: skip
        assert files == own | (extra if path.stem == "search" else set()), path.name
        assert "://" not in re.sub(r'<a [^>]*href="https?://[^"]*"|xmlns="[^"]*"', "", html)
    static = {p.name for p in (built / "_static").rglob("*")}
    assert not static & {
        "bootstrap.js",
        "fontawesome.js",
        "fa-solid-900.woff2",
        "webpack-macros.html",
    }


def test_faces_of_a_chapter_are_light(built: Path) -> None:
    """What a chapter loads; Greek letters and a slanted title are for pages that have them."""
    from chart_room.build import FACES

    fonts = built / "_static" / "fonts"
    sizes = {face.name: (fonts / f"{face.name}.woff2").stat().st_size for face in FACES}
    assert sum(sizes[face.name] for face in FACES if face.usual) <= 130_000, sizes
    assert {p.name for p in fonts.glob("LICENSE-*.txt")} == {
        "LICENSE-ibm-plex-mono.txt", "LICENSE-instrument-sans.txt", "LICENSE-source-serif-4.txt",
    }  # fmt: skip


def test_one_inline_script_the_same_everywhere(built: Path) -> None:
    """A policy can name it by its digest; and no inline handlers."""
    seen = set()
    for name in PAGES:
        html = (built / f"{name}.html").read_text("utf-8")
        inline = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
        assert len(inline) == 1, name
        seen.update(inline)
        assert not re.search(r"<[^>]+\son[a-z]+=", html), name
    assert len(seen) == 1


def test_no_id_and_no_title_twice(built: Path) -> None:
    for name in PAGES:
        html = (built / f"{name}.html").read_text("utf-8")
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), (name, sorted(i for i in ids if ids.count(i) > 1))
        assert len(re.findall(r"<h1[ >]", html)) == 1, name


def test_the_html_is_valid(built: Path) -> None:
    checker = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    node = shutil.which("node")  # `make test` puts the right one first
    assert node, "no Node on the PATH: run `make test`"
    files = [str(built / f"{name}.html") for name in PAGES]
    done = subprocess.run(
        [node, str(checker), "--config", str(ROOT / "tests" / "html.json"), *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


def test_only_what_is_written_is_in_the_contents(visit: Open) -> None:
    page = visit("tides.html")
    chapters = page.locator("#chart-contents > ol > li > a")
    assert chapters.all_inner_texts() == [
        "Harbour",
        "Tides",
        "Lights that can be seen from a very long way off",
        "Claims, tested",
    ]
    assert page.locator("#chart-contents .toc-no").all_inner_texts() == ["1", "2", "5"]
    assert page.locator(".toc-here a").all_inner_texts() == [
        "The whole table",
        "Code and what comes out of it",
        "Your turn",
    ]
    assert page.locator(".bar-tools a").all_inner_texts() == ["Claims, tested", "Search"]
    assert page.locator("[aria-current=page]").all_inner_texts() == ["Tides"]


def test_opening_and_turning(visit: Open) -> None:
    page = visit("tides.html")
    expect(page.locator(".opening .kicker")).to_have_text("Chapter 2")
    expect(page.locator(".opening h1")).to_have_text("Tides")
    expect(page.locator(".opening .dek")).to_have_text(re.compile("^Every tide"))
    assert page.title() == "Tides · A small chart"
    expect(page.locator("meta[name=description]")).to_have_attribute(
        "content", re.compile("^Every tide")
    )
    expect(page.locator(".turn .prev")).to_have_text(re.compile("Previous, chapter 1\\s+Harbour"))
    expect(page.locator(".turn .next em")).to_have_text(re.compile("^A title that needs two"))
    expect(page.locator(".turn .next span")).to_have_text("Next, chapter 5")
    expect(page.locator(".bar-title i, .bar-title em")).to_have_text("chart")
    front = visit("intro.html")
    expect(front.locator(".kicker, .turn .prev")).to_have_count(0)
    assert front.title() == "A small chart"


def test_cells_say_what_they_hold(visit: Open) -> None:
    page = visit("tides.html")
    fold = page.locator("details.hide").first
    expect(fold.locator("summary")).to_have_text(re.compile("The same table, as an array"))
    expect(fold.locator(".cell-do .collapsed")).to_be_visible()
    expect(fold.locator("pre")).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator("pre")).to_be_visible()
    expect(fold.locator(".cell-do .expanded")).to_have_text("Hide the code")


def test_folds_need_no_script(visit: Open) -> None:
    page = visit("tides.html", scripts=False)
    solution = page.locator("details.solution")
    expect(solution.locator("summary")).to_have_text("Solution")
    expect(solution.get_by_text("Nearer to 100, by far.")).to_be_hidden()
    solution.locator("summary").click()
    expect(solution.get_by_text("Nearer to 100, by far.")).to_be_visible()
    expect(page.locator("details.warning summary")).to_have_text("Warning")


def test_statements_and_proofs(visit: Open) -> None:
    page = visit("tides.html")
    head = page.locator("#def-one .admonition-title")
    expect(head).to_have_text("Definition 2.1 Sinusoidal encoding.")
    first = page.locator("#def-one .said p").first
    assert head.bounding_box()["y"] - first.bounding_box()["y"] < 12  # type: ignore[index]
    proof = page.locator(".proof:has(.st-proof)")
    expect(proof.locator(".qed")).to_have_count(1)
    assert proof.locator(".qed").bounding_box()["width"] > 4  # type: ignore[index]


# ------------------------------------------------------------------------------------- landmarks


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(visit: Open, name: str, dark: bool) -> None:
    page = visit(f"{name}.html" + ("?q=tide" if name == "search" else ""), dark=dark)
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    assert problems(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_on_a_phone_with_the_contents_and_the_search_open(visit: Open, dark: bool) -> None:
    page = visit("tides.html", width=360, height=740, dark=dark)
    page.get_by_role("button", name="Contents").click()
    assert problems(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("tide")
    expect(page.locator(".search-found a").first).to_be_visible()
    assert problems(page) == []


def test_landmarks(visit: Open) -> None:
    page = visit("tides.html")
    for role, names in {
        "banner": 1,
        "main": 1,
        "contentinfo": 1,
        "navigation": 3,
    }.items():
        expect(page.get_by_role(role)).to_have_count(names)  # type: ignore[arg-type]
    for name in ("Contents", "Page tools", "Previous and next page"):
        expect(page.get_by_role("navigation", name=name)).to_have_count(1)


# -------------------------------------------------------------------------------------- keyboard


def test_skip_link_is_first_and_leads_to_the_text(visit: Open) -> None:
    page = visit("tides.html")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text("Skip to the text")
    expect(focused).to_be_in_viewport()
    assert "inset" not in focused.evaluate("e => getComputedStyle(e).clipPath")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("keys", ["Control+k", "/"])
def test_search_opens_and_escape_closes(visit: Open, keys: str) -> None:
    page = visit("tides.html")
    page.keyboard.press(keys)
    dialog = page.get_by_role("dialog", name="Search the book")
    expect(dialog).to_be_visible()
    expect(page.locator("#chart-q")).to_be_focused()
    expect(page.locator("#chart-q")).to_have_value("")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_search_as_you_type(visit: Open) -> None:
    page = visit("tides.html")
    page.get_by_role("link", name="Search").click()
    page.keyboard.type("pier")
    # settled: until then it may show what the first letters alone have found
    expect(page.locator(".search-found")).to_have_attribute("aria-busy", "false")
    found = page.locator(".search-found a")
    expect(found).to_have_count(1)
    expect(page.locator(".search-said")).to_have_text("1 place.")
    page.keyboard.press("ArrowDown")
    expect(found.first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/lights.html*")
    page.wait_for_function("CSS.highlights.get('found')?.size === 1")
    page.keyboard.press("Escape")
    assert page.evaluate("CSS.highlights.size") == 0


def test_search_keeps_the_hand_where_it_is(visit: Open) -> None:
    """An answer that comes while a reader stands on a place found earlier leaves them there."""
    page = visit("tides.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("pie")
    expect(page.locator(".search-found")).to_have_attribute("aria-busy", "false")
    page.keyboard.press("ArrowDown")
    found = page.locator(".search-found a")
    address = found.first.get_attribute("href")
    page.evaluate(
        "{const field = document.querySelector('#chart-q'); field.value = 'pier';"
        " field.dispatchEvent(new Event('input', {bubbles: true}))}"
    )
    expect(page.locator(".search-found")).to_have_attribute("aria-busy", "false")
    expect(page.locator(f'.search-found a[href="{address}"]')).to_be_focused()
    page.evaluate(
        "{const field = document.querySelector('#chart-q'); field.value = 'nothing-like-it';"
        " field.dispatchEvent(new Event('input', {bubbles: true}))}"
    )
    expect(found).to_have_count(0)
    expect(page.locator("#chart-q")).to_be_focused()


def test_search_leads_to_sections_and_leaves_code_out(visit: Open) -> None:
    """A word in a section leads there; a word of the code only, to the page, without a line of it."""
    page = visit("lights.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("nearer")
    first = page.locator(".search-found a").first
    expect(first.locator("b")).to_have_text("A third level")
    expect(first.locator("span")).to_have_text("Tides")
    expect(first.locator("small")).to_have_text(re.compile("[Nn]earer"))
    assert str(first.get_attribute("href")).endswith("tides.html#a-third-level")
    page.locator("#chart-q").fill("arange")
    expect(page.locator(".search-found b")).to_have_text(["Tides"])
    expect(page.locator(".search-found small")).to_have_count(0)


def test_search_page(visit: Open) -> None:
    page = visit("tides.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("pier")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=pier")
    expect(page.locator("#search-results .search-summary")).to_have_text(re.compile("found 1 page"))
    expect(page.locator("#search-results li .context")).to_have_text(
        re.compile("at the end of a pier")
    )
    page.locator(".search-sections a").click()
    page.wait_for_url("**/lights.html#one-light")
    page.wait_for_function("CSS.highlights.get('found')?.size === 1")


def test_the_page_of_results_leads_to_sections_too(visit: Open) -> None:
    page = visit("search.html?q=nearer")
    link = page.locator(".search-sections a").first
    expect(link).to_have_text("A third level")
    expect(page.locator(".search-sections .context").first).to_have_text(re.compile("[Nn]earer"))
    link.click()
    page.wait_for_url("**/tides.html#a-third-level")
    page.goto(page.url.replace("tides.html#a-third-level", "search.html?q=arange"))
    expect(page.locator("#search-results .search-summary")).to_have_text(re.compile("found 1 page"))
    expect(page.locator("#search-results > ul > li > a")).to_have_text(re.compile("Tides$"))
    expect(page.locator("#search-results .context")).to_have_count(0)


def test_search_has_no_answer(visit: Open) -> None:
    page = visit("tides.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("submarine")
    expect(page.locator(".search-said")).to_have_text("Nothing found.")


def test_arrows_turn_the_page_except_in_controls(visit: Open) -> None:
    page = visit("tides.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("a")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    page.locator(".bar-theme").focus()
    page.keyboard.press("ArrowRight")
    page.locator("summary").first.focus()
    page.keyboard.press("ArrowRight")
    page.locator("body").evaluate("b => b.ownerDocument.activeElement.blur()")
    page.keyboard.press("Alt+Shift+ArrowRight")
    page.wait_for_timeout(200)
    assert page.url.endswith("/tides.html")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/lights.html")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/tides.html")


def test_a_slider_in_the_text_keeps_its_arrows(visit: Open) -> None:
    page = visit("tides.html")
    page.evaluate(
        """() => {
          const mark = document.querySelector(".scrub");
          mark.setAttribute("role", "slider");
          mark.tabIndex = 0;
          mark.focus();
        }"""
    )
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(200)
    assert page.url.endswith("/tides.html")


# ----------------------------------------------------------------------------------- light, dark


def test_the_choice_is_kept_and_auto_comes_back(visit: Open) -> None:
    page = visit("tides.html")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "light")
    expect(root).to_have_attribute("data-mode", "auto")
    page.get_by_role("button", name="Dark page").click()
    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).to_have_attribute("data-mode", "dark")
    page.goto(page.url.replace("tides", "lights"))
    expect(root).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Light page").click()
    expect(root).to_have_attribute("data-mode", "auto")
    page.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_without_scripts_the_system_decides(visit: Open, dark: bool) -> None:
    page = visit("tides.html", dark=dark, scripts=False)
    paper = "rgb(17, 23, 30)" if dark else "rgb(252, 252, 250)"
    expect(page.locator("body")).to_have_css("background-color", paper)
    expect(page.locator(".bar-theme")).to_be_hidden()
    assert not page.locator(".toc a").first.is_hidden()


# ---------------------------------------------------------------------------------------- layout


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 360, 768, 1000, 1280, 1440])
def test_nothing_scrolls_sideways(visit: Open, name: str, width: int) -> None:
    assert overflow(visit(f"{name}.html", width=width)) <= 0


@pytest.mark.parametrize("width", [640, 1280])
def test_letters_twice_as_large(visit: Open, width: int) -> None:
    """WCAG 1.4.4: at 200 % of the text size nothing is cut off sideways."""
    page = visit("tides.html", width=width)
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.reload()
    expect(page.locator("html")).to_have_css("font-size", "32px")
    assert overflow(page) <= 0
    for box in (page.locator(".bar"), page.locator("h1")):
        assert box.evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_three_widths(visit: Open) -> None:
    page = visit("tides.html")
    box = {
        name: page.locator(selector).first.bounding_box()
        for name, selector in {
            "text": "p.lead",
            "wide": ".live",
            "note": ".noted > .margin",
        }.items()
    }
    text, wide, note = box["text"], box["wide"], box["note"]
    assert text
    assert wide
    assert note
    assert (text["width"], wide["width"], note["width"]) == (616, 876, 216)
    assert note["x"] + note["width"] == wide["x"] + wide["width"]


def test_notes_never_overlap(visit: Open) -> None:
    page = visit("tides.html")
    first, second = (note.bounding_box() for note in page.locator(".noted > .margin").all()[:2])
    assert first
    assert second
    assert second["y"] >= first["y"] + first["height"]


def test_contents_on_a_phone(visit: Open) -> None:
    page = visit("tides.html", width=360, height=740)
    contents = page.locator("#chart-contents")
    expect(contents).to_be_hidden()
    page.get_by_role("button", name="Contents").click()
    expect(contents).to_be_visible()
    for target in page.locator(".bar :is(a, button)").all():
        if target.is_visible():
            box = target.bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= 24
    contents.get_by_role("link", name="Your turn").click()
    expect(contents).to_be_hidden()
    assert page.url.endswith("#your-turn")


@pytest.mark.parametrize("width", [360, 1280])
def test_reading_position(visit: Open, width: int) -> None:
    page = visit("tides.html", width=width)
    read = "Number(document.documentElement.style.getPropertyValue('--read'))"
    page.wait_for_function(f"{read} < 0.1")
    page.evaluate("document.getElementById('code-and-what-comes-out-of-it').scrollIntoView()")
    page.wait_for_function(f"{read} > 0.3 && {read} < 0.7")
    assert page.locator(".toc-here [aria-current=location]").all_text_contents() == [
        "Code and what comes out of it"
    ]
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_function(f"{read} === 1")


def test_print(visit: Open) -> None:
    """On paper: no bar, no contents, ink on white even from a dark page, folds as they were."""
    page = visit("tides.html", dark=True)
    page.emulate_media(media="print")
    for gone in (".bar", ".toc", ".turn", ".skip"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator("body")).to_have_css("color", "rgb(23, 33, 44)")
    expect(page.locator("details.hide").first).to_be_hidden()
    expect(page.locator("details.solution summary")).to_be_visible()
    expect(page.get_by_text("Nearer to 100, by far.")).to_be_hidden()
    assert page.pdf()[:4] == b"%PDF"


def test_a_wide_table_shows_that_it_scrolls(visit: Open) -> None:
    """On a phone: a shadow at the edge with more behind it, and the keyboard reaches it."""
    page = visit("tides.html", width=320)
    box = page.locator(".pst-scrollable-table-container").first
    box.evaluate("e => { e.querySelector('table').style.width = '60rem'; }")
    page.evaluate("dispatchEvent(new Event('load'))")
    expect(box).to_have_attribute("tabindex", "0")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "document.querySelector('.pst-scrollable-table-container').scrollLeft > 0"
    )
    assert page.url.endswith("/tides.html"), "the arrow belongs to the table"
    expect(box).to_have_css("background-image", re.compile(r"(linear-gradient\(.*){4}"))
    expect(box).to_have_css("background-attachment", "local, local, scroll, scroll")


@pytest.mark.parametrize("name", ["", "tides.html", "search.html", "genindex.html"])
def test_every_page_names_its_mark(visit: Open, address: str, name: str) -> None:
    """No browser has to ask for a /favicon.ico that is not there."""
    context = visit("intro.html").context
    page = context.new_page()
    page.goto(f"{address}/{name}")
    page.wait_for_load_state("networkidle")
    mark = page.locator("link[rel=icon]").get_attribute("href")
    reply = page.request.get(page.evaluate("href => new URL(href, location).href", mark))
    assert reply.ok
    assert "<svg" in reply.text()


def test_the_address_of_the_site_leads_to_the_first_page(built: Path, visit: Open) -> None:
    html = (built / "index.html").read_text("utf-8")
    assert '<link rel="icon" href="_static/dial.svg">' in html
    page = visit("", scripts=False)
    page.wait_for_url("**/intro.html")


def test_faces_fetched_early_are_used_at_once(browser: Browser, address: str) -> None:
    """On a slow line too, the browser has nothing to say about them."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    watch = Watch(page, address)
    line = {"offline": False, "latency": 300, "downloadThroughput": 60_000}
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {**line, "uploadThroughput": 60_000})
    page.goto(f"{address}/tides.html")
    page.wait_for_timeout(5_000)  # it speaks a few seconds after the page has loaded
    context.close()
    watch.check()


def test_faces_come_from_the_site_and_nothing_moves(visit: Open) -> None:
    page = visit("tides.html")
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    )
    for family in ("Source Serif", "Source Serif Head", "Source Serif Display", "Instrument Sans"):
        assert any(family in name for name in loaded), (family, loaded)
    shift = page.evaluate(
        """() => new Promise(resolve => {
          let sum = 0;
          new PerformanceObserver(list => {
            for (const entry of list.getEntries()) sum += entry.value;
          }).observe({type: "layout-shift", buffered: true});
          setTimeout(() => resolve(sum), 300);
        })"""
    )
    assert shift < 0.1


def test_a_page_from_a_folder_on_disk(browser: Browser, built: Path) -> None:
    """The theme's script is no module, so it works where browsers refuse modules."""
    context = browser.new_context()
    page = context.new_page()
    page.goto((built / "tides.html").as_uri())
    page.get_by_role("button", name="Dark page").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Control+k")
    page.keyboard.type("pier")
    expect(page.locator(".search-found a")).to_have_count(1)
    context.close()


# ------------------------------------------------------------------------------- edits to the HTML


class TestRewrite:
    """chart_room.markup, piece by piece."""

    def test_untouched_text_stays_byte_for_byte(self) -> None:
        from chart_room.markup import rewrite

        html = '<p>a &amp; b<br/>\n<svg><path d="M0 0"/></svg> 1 &lt; 2 <script>"<div id=x>"</script></p>'
        assert rewrite(html) == html

    def test_opening(self) -> None:
        from chart_room.markup import rewrite

        html = (
            '<section id="a">\n<h1><span class="section-number">3. </span>A <em>b</em>'
            '<a class="headerlink" href="#a" title="x">#</a></h1>\n<p class="dek">c</p>\n<p>d</p></section>'
        )
        assert rewrite(html, "Chapter 3") == (
            '<section id="a">\n<header class="opening">\n<p class="kicker">Chapter 3</p>\n'
            '<h1>A <em>b</em></h1>\n<p class="dek">c</p>\n</header>\n<p>d</p></section>'
        )

    def test_code_keeps_the_marks_that_have_a_colour(self) -> None:
        from chart_room.markup import rewrite

        html = (
            '<div class="highlight"><pre><span></span><span class="k">def</span>'
            '<span class="w"> </span><span class="nf">f</span><span class="p">():</span>\n'
            '</pre></div><p><span class="n">n</span></p>'
        )
        assert rewrite(html) == (
            '<div class="highlight"><pre><span></span><span class="k">def</span> f():\n'
            '</pre></div><p><span class="n">n</span></p>'
        )

    def test_every_colour_of_code_is_known_to_the_markup(self) -> None:
        from chart_room.markup import COLOURED

        css = (ROOT / "site" / "chart_room" / "css" / "2-text.css").read_text("utf-8")
        named = re.findall(r"\.highlight :is\(([^)]*)\)", css)
        classes = {c for names in named for c in re.findall(r"\.([a-z][a-z0-9]*)\b", names)}
        assert classes == COLOURED

    def test_heading_is_its_own_link(self) -> None:
        from chart_room.markup import rewrite

        html = '<h2>A <code>b</code><a class="headerlink" href="#a-b" title="x">#</a></h2>'
        assert rewrite(html) == '<h2><a class="self" href="#a-b">A <code>b</code></a></h2>'

    def test_nested_folds(self) -> None:
        from chart_room.markup import rewrite

        html = (
            '<div class="note dropdown admonition" id="n"><p class="admonition-title">One</p>'
            '<div class="dropdown admonition"><p class="admonition-title">Two <a href="#x">three</a></p>'
            "<p>four</p></div></div>"
        )
        assert re.sub(r"\s+", " ", rewrite(html)) == (
            '<details class="note admonition fold" id="n"><summary class="admonition-title">One'
            '</summary> <div class="fold-body"><details class="admonition fold">'
            '<summary class="admonition-title">Two three</summary> <div class="fold-body">'
            "<p>four</p></div></details></div></details>"
        )

    def test_repeated_ids_go(self) -> None:
        from chart_room.markup import rewrite

        html = (
            '<div class="proof lemma admonition" id="a"><section id="proof-content"><p>x</p></section></div>'
            '<div class="proof lemma admonition" id="a"><section id="proof-content"><p>y</p></section></div>'
        )
        out = rewrite(html)
        assert out.count('id="a"') == 1
        assert "proof-content" not in out
        assert out.count('<div class="said">') == 2

    def test_short_formulas_keep_their_full_stop(self) -> None:
        from chart_room.markup import rewrite

        def maths(tex: str) -> str:
            return f'<span class="math"><span class="katex-html"><b>{tex}</b></span></span>'

        short, long = maths("b &gt; 1"), maths("0, 1, 2, 3, 4, 5, 6, 7")
        assert rewrite(f"<p>{short}), and</p>") == f'<p><span class="nb">{short}),</span> and</p>'
        assert rewrite(f"<p>{long}, and</p>") == f"<p>{long}, and</p>"

    def test_head_cells(self) -> None:
        from chart_room.markup import rewrite

        maths = '<span class="math"><annotation encoding="x">{}</annotation></span>'
        assert rewrite('<th class="head"><p></p></th>') == '<td class="head"><p></p></td>'
        assert rewrite("<th>a</th>") == "<th>a</th>"
        set_to = rewrite("<th><p>" + maths.format("b = 10{,}000") + "</p></th>")
        assert set_to == '<th><p><i class="m">b</i> = 10,000</p></th>'
        other = "<th>" + maths.format(r"\pi = 3") + "</th>"
        assert rewrite(other) == other

    def test_prompts(self) -> None:
        from chart_room.markup import rewrite

        cell = (
            '<details class="admonition hide above-input">\n<summary aria-label="Toggle hidden content">\n'
            '<p class="collapsed admonition-title">{}</p>\n<p class="expanded admonition-title">{}</p>\n</summary>'
        )
        stock = rewrite(cell.format("Show code cell output", "Hide code cell output"))
        assert "Show the output" in stock
        assert "cell-what" not in stock
        named = rewrite(cell.format("A &lt; B", "Hide code cell source"))
        assert '<span class="cell-what">A &lt; B</span>' in named
        assert "Hide the code" in named


def test_missing_font_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where a font package is missing the build says which, and what to do."""
    from chart_room import build

    monkeypatch.setattr(build, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match=r"@fontsource.*is not installed.*npm ci"):
        build.cut_fonts()
