"""Somebody else's book: Jupyter Book's own theme, five lines of configuration, cells that run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from alive_books import ROOT, SITE, write
from conftest import serve
from playwright.sync_api import Browser, Page

HEADER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
    format_version: 0.13
    jupytext_version: 1.19.6
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""

BOOK = {
    "_config.yml": f"""title: Somebody else's book
html:
  favicon: dot.svg
sphinx:
  local_extensions:
    sphinx_alive: {SITE}
""",
    "_toc.yml": "format: jb-book\nroot: index\nchapters:\n- file: live\n- file: charts\n",
    "dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>',
    "index.md": "# A book with $x^2$\n\nWords.\n",
    "live.md": HEADER
    + """# Live

Inline $a$ and a display:

$$ a = b $$ (eq:one)

```{code-cell} ipython3
:tags: [figure]
import ipywidgets as w
a, b = w.IntSlider(3, description="first"), w.IntSlider(description="second")
play = w.Play(value=3, interval=20, max=100)
w.jslink((a, "value"), (b, "value"))
w.jslink((play, "value"), (a, "value"))
w.VBox([play, a, b, w.HTMLMath("so $x^2$")])
```

```{code-cell} ipython3
:tags: [figure]
w.Button(description="Push", icon="check")
```
""",
    "charts.md": HEADER
    + """# Charts

```{code-cell} ipython3
:tags: [figure]
import plotly.graph_objects as go
chart = go.Figure([go.Scatter(x=[0, 1, 2], y=[0, 1, 4], line_color="var(--pst-color-primary)")])
chart.update_layout(meta={"alt": "Squares rise ever faster"}, height=300)
chart
```

<div style="height: 3000px"></div>

```{code-cell} ipython3
:tags: [figure]
chart = go.Figure([go.Heatmap(z=[[1, 2], [3, 4]])])
chart.update_layout(meta={"alt": "Four numbers"}, height=300)
chart
```
""",
}


@dataclass
class Seen:
    page: Page
    said: list[str]
    asked: list[str]
    address: str

    @property
    def outside(self) -> list[str]:
        return [u for u in self.asked if not u.startswith((self.address, "data:", "blob:"))]


def jupyter_book(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Build as `jupyter-book build` does, warnings as errors."""
    command = [sys.executable, "-m", "jupyter_book.cli.main", "build", str(folder), *words]
    code = "from jupyter_book.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *command[3:]],
        capture_output=True,
        text=True,
        timeout=240,
        env={**os.environ, "NO_COLOR": "1", "ALIVE_REPOSITORY": "", "PYTHONWARNINGS": ""},
    )


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book, built once; the folder of its pages."""
    folder = tmp_path_factory.mktemp("adopted")
    write(folder, BOOK)
    done = jupyter_book(folder, "-W", "--keep-going")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder


@pytest.fixture
def see(browser: Browser, adopted: Path) -> Iterator[object]:
    server, address = serve(adopted / "_build" / "html")
    contexts = []

    def open_(path: str, **settings: object) -> Seen:
        context = browser.new_context(viewport={"width": 1100, "height": 800}, **settings)
        contexts.append(context)
        page = context.new_page()
        seen = Seen(page, [], [], address)
        page.on("console", lambda m: m.type in ("error", "warning") and seen.said.append(m.text))
        page.on("pageerror", lambda e: seen.said.append(str(e)))
        page.on("request", lambda r: seen.asked.append(r.url))
        page.goto(f"{address}/{path}")
        return seen

    yield open_
    for context in contexts:
        context.close()
    server.shutdown()


def test_widgets_answer_under_the_policy(see) -> None:
    seen = see("live.html")
    page = seen.page
    page.wait_for_selector("html[data-widgets=ready]", state="attached")
    assert page.evaluate("sphinxAlive.ready.then(({live, failed}) => [live, failed])") == [2, 0]
    page.get_by_role("slider", name="first").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("slider", name="second").get_attribute("aria-valuetext") == "4"
    page.get_by_role("button", name="Play animation").click()
    page.wait_for_function("document.querySelectorAll('.widget-readout')[1].textContent > 10")
    page.wait_for_selector(".widget-htmlmath .katex")
    page.wait_for_timeout(300)
    assert seen.said == []
    assert seen.outside == []
    refused = page.evaluate(
        """new Promise((told) => {
          setTimeout(() => { try { told(!eval("true")); } catch { told(true); } });
        })"""  # a timer of the page itself: what playwright evaluates may do anything
    )
    assert refused, "the policy must not allow eval"


def test_a_page_of_words_is_light(see) -> None:
    seen = see("index.html")
    seen.page.wait_for_load_state("networkidle")
    assert not any("widgets" in url or "plotly" in url for url in seen.asked)
    assert seen.page.locator(".katex").count() > 0
    letters = {url.rsplit("/", 1)[1] for url in seen.asked if "KaTeX" in url}
    assert letters == {"KaTeX_Math-Italic.part.woff2", "KaTeX_Main-Regular.part.woff2"}
    assert seen.said == []
    assert seen.outside == []


def test_charts_are_drawn_when_they_come_near(see) -> None:
    seen = see("charts.html")
    page = seen.page
    page.wait_for_selector("[data-live=yes]", state="attached")
    assert [u for u in seen.asked if "alive/plotly.js" in u]
    assert page.locator(".live-plot[data-live]").count() == 1, "the second is far below"
    page.locator(".live-plot").nth(1).scroll_into_view_if_needed()
    page.wait_for_function("document.querySelectorAll('.live-plot[data-live=yes]').length === 2")
    assert len([u for u in seen.asked if "alive/plotly.js" in u]) == 1, "one library for all"
    assert page.get_by_role("img", name="Squares rise ever faster").count() == 1
    assert seen.said == []
    assert seen.outside == []


def test_charts_follow_light_and_dark(see) -> None:
    page = see("charts.html").page
    page.wait_for_selector("[data-live=yes]", state="attached")
    line = "getComputedStyle(document.querySelector('.live-plot .scatterlayer .js-line')).stroke"
    text = "getComputedStyle(document.querySelector('.live-plot .xtick text')).fill"
    light = page.evaluate(line), page.evaluate(text)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(f"{line} !== '{light[0]}' && {text} !== '{light[1]}'")


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
def test_nothing_lies_on_a_chart_for_good(see, touch: bool) -> None:
    """plotly's buttons come under a mouse and never under a finger."""
    page = see("charts.html", has_touch=touch, is_mobile=touch).page
    page.wait_for_selector("[data-live=yes]", state="attached")
    bar = page.locator(".live-plot .modebar-group").first
    if touch:
        assert page.locator(".live-plot .modebar-btn").count() == 0
    else:
        assert bar.evaluate("e => getComputedStyle(e).opacity") == "0"
        page.locator(".live-plot-chart").first.hover()
        page.wait_for_function(
            "getComputedStyle(document.querySelector('.live-plot .modebar-group')).opacity === '1'"
        )
        titles = page.locator(".live-plot .modebar-btn").evaluate_all(
            "all => all.map(e => e.dataset.title)"
        )
        assert not [t for t in titles if re.search("Lasso|Select|Plotly", str(t))]


def test_charts_are_pictures_on_paper(see) -> None:
    page = see("charts.html").page
    page.wait_for_selector("[data-live=yes]", state="attached")
    picture = page.locator(".live-plot .live-light").first
    assert not picture.is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")  # as the browser says it
    page.wait_for_function("document.querySelector('.live-light').naturalWidth === 1400")
    page.emulate_media(media="print")
    assert picture.is_visible()
    assert not page.locator(".live-plot-chart").first.is_visible()
    assert not page.locator(".live-data").first.is_visible()


def test_charts_without_scripts_leave_their_numbers(see) -> None:
    page = see("charts.html", java_script_enabled=False).page
    picture = page.get_by_role("img", name="Squares rise ever faster")
    assert picture.count() == 1
    assert picture.is_visible()
    assert picture.evaluate("e => e.decode().then(() => e.naturalWidth)") == 1400
    page.get_by_text("The numbers of this figure").first.click()
    assert page.get_by_role("cell", name="4").first.is_visible()
    assert not page.locator(".live-plot-chart").first.is_visible()


def test_building_again_keeps_all_of_it(adopted: Path, see) -> None:
    pages = adopted / "_build" / "html"
    before = (pages / "live.html").read_text("utf-8")
    write(adopted, {"index.md": BOOK["index.md"] + "\nMore words.\n"})
    done = jupyter_book(adopted, "-W", "--keep-going")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "More words." in (pages / "index.html").read_text("utf-8")
    assert (pages / "live.html").read_text("utf-8").count("Content-Security-Policy") == 1
    assert before.count("Content-Security-Policy") == 1
    seen = see("live.html")
    seen.page.wait_for_selector("html[data-widgets=ready]", state="attached")
    assert seen.page.locator(".live-view .widget-slider").count() == 2
    assert seen.said == []


def test_a_cell_that_fails_fails_the_build(tmp_path: Path) -> None:
    book = {**BOOK, "_toc.yml": "format: jb-book\nroot: index\nchapters:\n- file: bad\n"}
    book["bad.md"] = HEADER + "# Bad\n\n```{code-cell} ipython3\n1 / 0\n```\n"
    write(tmp_path, {k: v for k, v in book.items() if k not in ("live.md", "charts.md")})
    done = jupyter_book(tmp_path)  # without -W: the extension itself must see it
    assert done.returncode != 0
    assert "bad.md:1: its cells did not all run" in done.stdout + done.stderr


def test_the_manual_says_how() -> None:
    text = (ROOT / "site" / "sphinx_alive" / "README.md").read_text("utf-8")
    for word in ("local_extensions", "sphinx_alive: site", "npm run build:site"):
        assert word in text
