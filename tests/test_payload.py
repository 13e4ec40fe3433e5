"""Bytes that a figure waits for: kept in a file of their own, fetched when the figure nears the
window or is asked for, drawn when they are there; and what is said when they do not come.
"""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import pytest
import traitlets
from alive_books import ROOT, STATE, Built, Cell, build, notebook, png, widget_cells
from conftest import serve
from playwright.sync_api import Browser, Page, Route

from posenc import data
from posenc.views.base import View

FAR = "\n\n".join(["A line of the page."] * 400) + "\n"
DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>'
TABLE = np.linspace(-1, 1, 600).reshape(20, 30)

# Two views as a chapter has them: one draws nothing without its numbers, the other needs them at
# one state only. The sum of a row is what a test can read.
SOURCE = """
import { defineView } from "%s";
const sum = (view, row) => {
  const { shape, values } = view.tensors.table;
  return values.slice(row * shape[1], (row + 1) * shape[1]).reduce((a, b) => a + b, 0);
};
const view = (payload) => defineView({
  label: "A sum",
  traits: ["row", "real"],
  payload,
  draw(view, state) {
    view.fit(80);
    view.memory.count = (view.memory.count ?? 0) + 1;
    view.memory.sum = state.real || payload === true ? sum(view, state.row) : -1;
  },
  say: (state, view) => `row ${state.row} sums to ${view.memory.sum.toFixed(3)}`,
  finding: (state, view) => `It is ${view.memory.sum.toFixed(3)}`,
  facts: (state, view) => ({
    sum: state.real || payload === true ? sum(view, state.row).toFixed(3) : "-1",
  }),
  data: (state, view) => ({ columns: ["sum"], rows: [[sum(view, state.row)]] }),
});
const views = {
  always: view(true),
  chosen: view((state) => state.real),
  parts: defineView({
    label: "Two sums",
    traits: ["real"],
    payload: { payload: true, more: (state) => state.real },
    draw: (view) => view.fit(80),
    say: (state, view) => Object.keys(view.tensors).join(" and "),
    facts: (_state, view) => ({ has: Object.keys(view.tensors).join(" and ") }),
  }),
};
export default {
  initialize: (context) => views[context.model.get("kind")].initialize(context),
  render: (context) => views[context.model.get("kind")].render(context),
};
"""


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The views above with js/view.js, as one module."""
    source = SOURCE % (ROOT / "src/posenc/js/view.js").as_posix()
    esbuild = ROOT / "node_modules" / ".bin" / "esbuild"
    made = subprocess.run(
        [esbuild, "--bundle", "--format=esm", "--target=es2022", "--log-level=error"],
        input=source,
        capture_output=True,
        text=True,
        cwd=tmp_path_factory.mktemp("views"),
        check=True,
    )
    return made.stdout


def make_view(module: str, kind: str, **traits: Any) -> Any:
    class Sum(View):
        _esm = module
        row = traitlets.Int(0).tag(sync=True)
        real = traitlets.Bool(False).tag(sync=True)
        payload = traitlets.Bytes().tag(sync=True)

    return Sum(kind=kind, payload=data.pack({"table": TABLE}), **traits)


def pictured(cell: Cell, name: str) -> Cell:
    content, _ = cell.outputs[0]
    return Cell([({**content, "image/png": png(300, 200)}, {"image/png": {"exhibit": name}})])


def make(folder: Path, *parts: str | Cell, state: dict[str, Any]) -> Built:
    files = {"index.ipynb": notebook("# Page\n", *parts, state=state), "dot.svg": DOT}
    book = build(folder, files, html_favicon="dot.svg")
    assert book.error is None and not book.warnings, book.said
    return book


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, module: str) -> Built:
    """Far down: a figure that always needs its numbers, and one that needs them when asked."""
    views = [make_view(module, kind) for kind in ("always", "chosen")]
    cells, state = widget_cells(*views)
    far, chosen = (
        pictured(cell, name) for cell, name in zip(cells, ("far", "chosen"), strict=True)
    )
    return make(tmp_path_factory.mktemp("later"), FAR, far, FAR, chosen, state=state)


@dataclass
class Sight:
    """An open page, what it fetched of such bytes, and what it said."""

    page: Page
    fetched: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def place(self, name: str) -> Any:
        return self.page.locator(f'[data-exhibit="{name}"]')

    def wait(self, expression: str) -> None:
        self.page.wait_for_function(expression, timeout=5000)

    def ask(self, name: str, what: str) -> Any:
        return self.place(name).evaluate(
            "(e, what) => e.querySelector('.posenc-view').posenc[what]()", what
        )


Look = Callable[..., Sight]


@pytest.fixture
def look(browser: Browser, book: Built) -> Iterator[Look]:
    closers = []

    def open_(
        *,
        gate: Callable[[Route], None] | None = None,
        scripts: bool = True,
        html: Path = book.html,
    ) -> Sight:
        server, address = serve(html)
        context = browser.new_context(
            viewport={"width": 900, "height": 600}, java_script_enabled=scripts
        )
        closers.append((server, context))
        sight = Sight(context.new_page())
        page = sight.page
        page.on("request", lambda r: r.url.endswith(".bin") and sight.fetched.append(r.url))
        page.on("console", lambda m: m.type == "error" and sight.said.append(m.text))
        page.on("pageerror", lambda e: sight.said.append(str(e)))
        if gate:
            page.route("**/*.bin", gate)
        page.goto(f"{address}/index.html")
        if scripts:
            page.wait_for_selector("html[data-widgets=ready]", state="attached")
        return sight

    yield open_
    for server, context in closers:
        context.close()
        server.shutdown()


def bins(book: Built) -> list[Path]:
    return sorted((book.html / "_static" / "alive").glob("*.bin"))


def test_the_bytes_are_a_file_of_their_own_written_once(book: Built) -> None:
    (file,) = bins(book)  # two figures, the same numbers
    raw = data.pack({"table": TABLE})
    assert gzip.decompress(file.read_bytes()) == raw
    assert len(file.read_bytes()) < len(raw)
    html = book.page("index")
    assert html.count(file.name) == 2
    assert base64.b64encode(raw).decode()[:60] not in html
    assert "_alive_later" not in html


def test_bytes_that_nothing_can_wait_for_stay_in_the_page(tmp_path: Path) -> None:
    class Plain(anywidget.AnyWidget):
        _esm = (
            "export default { render({ model, el }) {"
            " el.textContent = model.get('numbers').byteLength; } };"
        )
        numbers = traitlets.Bytes(b"12345").tag(sync=True)

    cells, state = widget_cells(Plain())
    built = make(tmp_path, *cells, state=state)
    assert not bins(built)
    assert base64.b64encode(b"12345").decode() in built.page("index")


def test_what_does_not_get_smaller_is_not_packed(tmp_path: Path, module: str) -> None:
    view = make_view(module, "always")
    view.payload = noise = np.random.default_rng(0).bytes(4000)
    cells, state = widget_cells(view)
    (file,) = bins(make(tmp_path, *cells, state=state))
    assert file.read_bytes() == noise


def test_files_that_no_page_needs_any_more_are_swept(tmp_path: Path, module: str) -> None:
    view = make_view(module, "always")
    cells, state = widget_cells(view)
    (old,) = bins(make(tmp_path, *cells, state=state))
    view.payload = data.pack({"table": -TABLE})
    cells, state = widget_cells(view)
    (new,) = bins(make(tmp_path, *cells, state=state))
    assert new.name != old.name


def test_far_away_a_figure_keeps_its_picture_and_fetches_nothing(look: Look) -> None:
    sight = look()
    told = sight.page.evaluate("window.sphinxAlive.ready")
    assert (told["live"], told["later"], told["failed"]) == (1, 1, 0), sight.said
    far = sight.place("far")
    assert far.get_attribute("data-live") == "later"
    assert far.locator(".live-fallback").is_visible()
    assert far.locator("[data-waiting]").count() == 1
    assert sight.ask("far", "facts") == {}
    assert sight.ask("far", "say") == ""
    assert far.locator(".finding").count() == 0
    assert not sight.fetched and not sight.said


def test_near_the_window_it_comes_alive(look: Look) -> None:
    sight = look()
    # one window's height ahead, and not before
    top = sight.place("far").evaluate("e => e.getBoundingClientRect().top + scrollY")
    sight.page.evaluate("y => scrollTo({ top: y, behavior: 'instant' })", top - 600 * 2 - 150)
    sight.page.wait_for_timeout(300)
    assert not sight.fetched
    sight.page.evaluate("y => scrollTo({ top: y, behavior: 'instant' })", top - 600 * 2 + 150)
    sight.wait("document.querySelector('#far').dataset.live === 'yes'")
    assert len(sight.fetched) == 1
    far = sight.place("far")
    assert far.locator(".live-fallback").is_hidden()
    assert far.locator("[data-waiting]").count() == 0
    assert sight.ask("far", "facts") == {"sum": f"{TABLE[0].sum():.3f}"}
    assert sight.ask("far", "say") == f"row 0 sums to {TABLE[0].sum():.3f}"
    assert far.locator(".finding").text_content() == f"It is {TABLE[0].sum():.3f}"
    assert not sight.said


def test_a_state_that_is_asked_for_fetches_from_afar(look: Look) -> None:
    sight = look()
    sight.page.evaluate(
        "async () => { for (const m of await sphinxAlive.models())"
        " if (m.get('kind') === 'always') m.set('row', 7); }"
    )
    sight.wait("document.querySelector('#far').dataset.live === 'yes'")
    assert sight.ask("far", "facts") == {"sum": f"{TABLE[7].sum():.3f}"}


def test_numbers_that_only_one_state_needs_are_fetched_for_that_state(look: Look) -> None:
    held: list[Route] = []
    sight = look(gate=lambda route: held.append(route))
    chosen = sight.place("chosen")
    assert chosen.get_attribute("data-live") == "yes", "it draws without them"
    chosen.scroll_into_view_if_needed()
    sight.wait("document.querySelector('#far').dataset.live === 'later'")
    sight.page.wait_for_timeout(200)
    assert sight.ask("chosen", "facts") == {"sum": "-1"}
    assert not sight.fetched
    sight.page.evaluate(
        "async () => { for (const m of await sphinxAlive.models())"
        " if (m.get('kind') === 'chosen') m.set('real', true); }"
    )
    assert sight.ask("chosen", "facts") == {}, "nothing is claimed before the numbers are there"
    sight.page.wait_for_timeout(100)
    assert chosen.locator(".finding").text_content() == "It is -1.000", "the last drawing stands"
    held[0].continue_()
    said = f"It is {TABLE[0].sum():.3f}"
    sight.wait(f"document.querySelector('#chosen .finding').textContent === '{said}'")
    assert sight.ask("chosen", "facts") == {"sum": f"{TABLE[0].sum():.3f}"}
    assert sight.ask("chosen", "data")["columns"] == ["sum"]
    assert len(sight.fetched) == 1


def test_of_numbers_in_parts_a_state_fetches_those_it_needs(
    look: Look, tmp_path: Path, module: str
) -> None:
    class Parts(View):
        _esm = module
        kind = traitlets.Unicode("parts").tag(sync=True)
        real = traitlets.Bool(False).tag(sync=True)
        payload = traitlets.Bytes(data.pack({"table": TABLE})).tag(sync=True)
        more = traitlets.Bytes(data.pack({"other": TABLE[:3]})).tag(sync=True)

    asked: list[Route] = []

    def gate(route: Route) -> None:
        asked.append(route)
        if len(asked) == 1:
            route.continue_()

    (cell,), state = widget_cells(Parts())
    built = make(tmp_path, pictured(cell, "parts"), state=state)
    sight = look(html=built.html, gate=gate)
    sight.wait("document.querySelector('#parts').dataset.live === 'yes'")
    assert sight.ask("parts", "facts") == {"has": "table"}
    assert len(sight.fetched) == 1
    sight.page.evaluate(
        "async () => { for (const m of await sphinxAlive.models())"
        " if (m.get('kind') === 'parts') m.set('real', true); }"
    )
    assert sight.ask("parts", "facts") == {}, "nothing is claimed before the numbers are there"
    while len(asked) < 2:
        sight.page.wait_for_timeout(20)
    assert sight.ask("parts", "facts") == {}
    asked[1].continue_()
    sight.wait("document.querySelector('#parts .posenc-view').posenc.facts().has")
    assert sight.ask("parts", "facts") == {"has": "table and other"}
    assert len(sight.fetched) == 2 and not sight.said


def test_numbers_that_do_not_come_leave_the_picture_and_a_line(look: Look) -> None:
    lost = [True]

    def gate(route: Route) -> None:
        route.abort() if lost[0] else route.continue_()

    sight = look(gate=gate)
    far = sight.place("far")
    far.scroll_into_view_if_needed()
    note = far.locator(".live-note")
    note.wait_for()
    assert "could not be fetched" in note.inner_text()
    assert far.locator(".live-fallback").is_visible()
    assert far.get_attribute("data-live") == "later"
    note.get_by_role("button", name="Try again").click()
    note.wait_for()
    lost[0] = False
    far.get_by_role("button", name="Try again").click()
    sight.wait("document.querySelector('#far').dataset.live === 'yes'")
    assert far.locator(".live-note").count() == 0
    assert sight.ask("far", "facts") == {"sum": f"{TABLE[0].sum():.3f}"}


def test_a_drawing_that_stands_stays_when_its_other_numbers_do_not_come(look: Look) -> None:
    sight = look(gate=lambda route: route.fulfill(status=404))
    told = sight.page.evaluate(
        """async () => {
          const view = document.querySelector('#chosen .posenc-view');
          const said = new Promise((done) =>
            addEventListener('posenc:trouble', (event) => done(event.detail), true));
          for (const m of await sphinxAlive.models())
            if (m.get('kind') === 'chosen') m.set('real', true);
          return said;
        }"""
    )
    assert "could not be fetched" in told
    chosen = sight.place("chosen")
    assert chosen.get_attribute("data-live") == "yes"
    assert chosen.locator("canvas").is_visible()


def test_the_picture_is_swapped_without_moving_the_lines_that_are_read(look: Look) -> None:
    held: list[Route] = []
    sight = look(gate=lambda route: held.append(route))
    page = sight.page
    # the reader passes the figure, and it comes alive when it is above the window
    sight.place("far").scroll_into_view_if_needed()
    while not held:
        page.wait_for_timeout(20)
    page.evaluate("scrollBy({ top: 1500, behavior: 'instant' })")
    page.wait_for_timeout(100)
    line = "[...document.querySelectorAll('p')].find((p) => p.getBoundingClientRect().top > 100)"
    before = page.evaluate(f"(window.line = {line}).getBoundingClientRect().top")
    held[0].continue_()
    sight.wait("document.querySelector('#far').dataset.live === 'yes'")
    page.wait_for_timeout(100)
    assert abs(page.evaluate("window.line.getBoundingClientRect().top") - before) < 1


def test_on_paper_and_without_scripts_the_picture_stands(look: Look) -> None:
    sight = look()
    sight.page.emulate_media(media="print")
    assert sight.place("far").locator(".live-fallback").is_visible()
    assert look(scripts=False).place("far").locator(".live-fallback").is_visible()


def test_with_a_kernel_the_bytes_are_simply_there(module: str) -> None:
    view = make_view(module, "always")
    state = view.get_state()
    assert state["payload"] == data.pack({"table": TABLE})
    assert state["_alive_later"] == ["payload"]
    assert View(kind="none").get_state()["_alive_later"] == []
    assert json.dumps(STATE)
