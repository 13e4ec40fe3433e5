"""Live widgets in a real browser: every core ipywidget, anywidgets, links, failures, no JavaScript."""

from __future__ import annotations

import base64
import io
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as w
import pytest
import traitlets
from alive_books import ROOT, Built, Cell, build, notebook, png, view, widget_cells
from conftest import serve
from ipywidgets.widgets.widget import _registry
from playwright.sync_api import Browser, Page

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


class Counter(anywidget.AnyWidget):
    """A button that counts; two of them share one source."""

    _esm = """
    export default {
      render({ model, el }) {
        const button = document.createElement("button");
        button.className = "count";
        const draw = () => { button.textContent = `n=${model.get("n")}`; };
        draw();
        model.on("change:n", draw);
        button.onclick = () => { model.set("n", model.get("n") + 1); model.save_changes(); };
        el.append(button);
      },
    };
    """
    _css = ".count { color: rgb(1, 2, 3); }"
    n = traitlets.Int(0).tag(sync=True)


class Broken(anywidget.AnyWidget):
    """Fails while it draws."""

    _esm = 'export default { render() { throw new Error("drawing went wrong"); } };'


class Unparsed(anywidget.AnyWidget):
    """Fails before anything: its source is not JavaScript."""

    _esm = "export default {{{"


def sound() -> bytes:
    """A tenth of a second of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 1, 8000, 800, "NONE", "not compressed"))
        file.writeframes(b"\x80" * 800)
    return out.getvalue()


def core_classes() -> list[type[w.Widget]]:
    """Every class that ipywidgets registers for the browser."""
    found = []
    for versions in _registry._registry.values():
        for models in versions.values():
            for name in models.values():
                for views in name.values():
                    for view_versions in views.values():
                        found += view_versions.values()
    return [c for c in found if c.__module__.startswith("ipywidgets.")]


def specimen(cls: type[w.Widget]) -> w.Widget:
    """One widget of a class, with something in it to draw."""
    name = cls.__name__
    traits = cls.class_trait_names()
    known: dict[str, dict[str, Any]] = {
        "Accordion": {"titles": ["One", "Two"], "selected_index": 0},
        "Tab": {"titles": ["One", "Two"], "selected_index": 0},
        "Stack": {"selected_index": 0},
        "Image": {"value": base64.b64decode(png())},
        "Audio": {"value": sound(), "format": "wav", "autoplay": False},
        "ColorsInput": {"value": ["red", "blue"]},
        "TagsInput": {"value": ["x", "y"]},
        "HTML": {"value": "<b>bold</b>"},
        "HTMLMath": {"value": r"The sum $\sum_i x_i$ and \(y\)"},
        "Label": {"value": "a label"},
        "Output": {"outputs": ({"output_type": "stream", "name": "stdout", "text": "printed"},)},
        "Button": {"description": "Push", "icon": "check"} if "icon" in traits else {},
    }
    kw = dict(known.get(name, {}))
    if issubclass(cls, w.Box) or name in ("Accordion", "Tab", "Stack"):
        return cls([w.IntSlider(description="inside"), w.Label("second")], **kw)
    if name in ("Link", "DirectionalLink"):
        return cls((w.IntSlider(), "value"), (w.IntSlider(), "value"))
    if "_options_labels" in traits or name == "Combobox":
        kw["options"] = ["a", "b", "c"]
    if "description" in traits and "description" not in kw:
        kw["description"] = name
    return cls(**kw)


@pytest.fixture(scope="module")
def chromium(browser: Browser) -> Browser:
    return browser


class Sight:
    """A page that is open, and all that it said."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.said: list[str] = []
        self.outside: list[str] = []
        page.on("console", lambda m: self.hear(m.type, m.text))
        page.on("pageerror", lambda e: self.said.append(f"uncaught: {e}"))
        page.on("request", lambda r: self.ask(r.url, address))

    def hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.said.append(f"{kind}: {text}")

    def ask(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.outside.append(url)


Open = Callable[..., Sight]
DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>'


@pytest.fixture
def look(chromium: Browser) -> Iterator[Open]:
    """Opens a page of a book and waits until its widgets stand."""
    closers = []

    def open_(
        book: Built, page: str = "index.html", *, scripts: bool = True, **context: Any
    ) -> Sight:
        server, address = serve(book.html)
        ctx = chromium.new_context(
            viewport={"width": 900, "height": 700}, java_script_enabled=scripts, **context
        )
        closers.append((server, ctx))
        sight = Sight(ctx.new_page(), address)
        sight.page.goto(f"{address}/{page}")
        if scripts:
            sight.page.wait_for_selector("html[data-widgets=ready]", state="attached")
        return sight

    yield open_
    for server, ctx in closers:
        ctx.close()
        server.shutdown()


def make(folder: Path, *parts: str | Cell, state: dict[str, Any] | None = None, **kw: Any) -> Built:
    files = {"index.ipynb": notebook("# Page\n", *parts, state=state), "dot.svg": DOT}
    book = build(folder, files, html_favicon="dot.svg", **kw)
    assert book.error is None, book.error
    assert not book.warnings, book.said
    return book


def exhibit(cell: Cell, **meta: Any) -> Cell:
    """A cell's widget with a picture beside it."""
    data, _ = cell.outputs[0]
    return Cell([({**data, "image/png": png(60, 30)}, {"image/png": meta})])


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, list[str]]:
    """A page with one of every core widget that has a view."""
    classes = [
        c
        for c in core_classes()
        if issubclass(c, w.DOMWidget) and c._view_name.default_value  # else a base of others
    ]
    widgets = [specimen(c) for c in classes]
    names = [type(x).__name__ for x in widgets]
    cells, state = widget_cells(*widgets)
    parts: list[str | Cell] = []
    for name, cell in zip(names, cells, strict=True):
        parts += [f"## {name}\n", cell]
    return make(tmp_path_factory.mktemp("every"), *parts, state=state), names


def test_every_core_widget_lives(everything: tuple[Built, list[str]], look: Open) -> None:
    book, names = everything
    assert len(names) > 50
    sight = look(book)
    told = sight.page.evaluate("window.sphinxAlive.ready")
    assert (told["live"], told["failed"]) == (len(names), 0)
    sizes = sight.page.evaluate(
        """[...document.querySelectorAll(".live > .live-view")].map((view) => {
          const {width, height} = view.firstElementChild.getBoundingClientRect();
          return [view.firstElementChild.className, width * height];
        })"""
    )
    assert len(sizes) == len(names)
    empty = [n for n, (_, area) in zip(names, sizes, strict=True) if not area and n != "Video"]
    assert empty == []
    assert sight.said == []
    assert sight.outside == []


def test_every_core_widget_has_names(everything: tuple[Built, list[str]], look: Open) -> None:
    page = look(everything[0]).page
    page.evaluate(AXE)
    found = page.evaluate(
        """axe.run({include: [[".live-view"]]}, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
           .then(({violations}) => violations.flatMap(
             (v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)}`)))"""
    )
    assert found == []


def test_maths_in_a_widget_is_set(everything: tuple[Built, list[str]], look: Open) -> None:
    page = look(everything[0]).page
    page.wait_for_selector(".widget-htmlmath .katex")
    assert page.locator(".widget-htmlmath .katex").count() == 2
    assert page.locator(".widget-htmlmath .katex-error").count() == 0
    page.wait_for_function(  # KaTeX's sheet has come: the MathML is there for the ear alone
        "() => getComputedStyle(document.querySelector('.katex-mathml')).position === 'absolute'",
        timeout=5_000,
    )


def test_links_in_the_browser(tmp_path: Path, look: Open) -> None:
    a, b, c = w.IntSlider(3, description="a"), w.IntSlider(description="b"), w.IntText()
    middle, counter = w.IntSlider(), Counter()
    w.jslink((a, "value"), (b, "value"))
    w.jsdlink((a, "value"), (middle, "value"))  # shown nowhere: the way to the counter
    w.jsdlink((middle, "value"), (counter, "n"))
    w.jsdlink((a, "value"), (c, "value"))
    cells, state = widget_cells(w.VBox([a, b, c]), counter)
    page = look(make(tmp_path, *cells, state=state)).page
    page.get_by_role("slider", name="a", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("slider", name="b", exact=True).get_attribute("aria-valuetext") == "4"
    assert page.locator("input[type=number]").input_value() == "4"
    assert page.locator(".count").inner_text() == "n=4"
    assert page.locator(".count").evaluate("e => getComputedStyle(e).color") == "rgb(1, 2, 3)"


def test_state_is_cut_down(tmp_path: Path) -> None:
    unseen = [w.Text("never shown") for _ in range(5)]
    cells, state = widget_cells(Counter(), Counter(), w.Dropdown(options=["a"], index=None))
    book = make(tmp_path, *cells, state=state)
    html = book.page("index")
    files = {p.name for p in (book.html / "_static" / "alive").iterdir()}
    sources = [p for p in files if len(p) == 19 and p.endswith(".js")]
    assert len(sources) == 1, "two widgets of one class share one source"
    assert html.count(f"alive:{sources[0]}") == 2
    assert "n=${model" not in html
    assert all(text.model_id not in html for text in unseen)
    assert '"index":null' in html, (
        "null may mean something to a widget: only known ones are dropped"
    )
    assert len(html) < 20_000 < len(str(state))


def test_a_source_on_another_host_is_a_warning(tmp_path: Path) -> None:
    counter = Counter()
    cells, state = widget_cells(counter)
    state["state"][counter.model_id]["state"]["_esm"] = "https://cdn.example/w.js"
    book = build(tmp_path, {"index.ipynb": notebook("# P\n", *cells, state=state)})
    assert ["from https://cdn.example/w.js" in line for line in book.warnings] == [True]


def test_a_page_does_not_change_with_its_kernel(tmp_path: Path) -> None:
    """Ids are drawn anew in every run; the page that says the same is the same."""
    htmls = []
    for run in ("one", "two"):
        a, b = w.IntSlider(description="a"), Counter()
        w.jslink((a, "value"), (b, "n"))
        w.jsdlink((a, "max"), (b, "n"))
        w.jsdlink((a, "min"), (b, "n"))
        w.jslink((a, "description"), (w.Text(), "value"))
        cells, state = widget_cells(w.VBox([a, b]))
        htmls.append(make(tmp_path / run, *cells, state=state).page("index"))
        assert a.model_id not in htmls[-1]
    assert htmls[0] == htmls[1]


def test_old_sources_are_swept(tmp_path: Path) -> None:
    cells, state = widget_cells(Counter())
    book = make(tmp_path, *cells, state=state)
    old = book.html / "_static" / "alive" / "0123456789abcdef.js"
    old.write_text("export default {}")
    cells, state = widget_cells(Counter(n=5))
    make(tmp_path, *cells, state=state)
    assert not old.exists()
    assert len([p for p in old.parent.glob("*.js") if len(p.name) == 19]) == 1


def test_picture_gives_way_to_the_live_view(tmp_path: Path, look: Open) -> None:
    cells, state = widget_cells(Counter(n=7))
    cell = exhibit(
        cells[0],
        alt="Seven, as a picture",
        title="Seven <counted>",
        caption="What to notice.",
        exhibit="seven",
        dark=png(60, 30, (0, 0, 90)),
    )
    book = make(tmp_path, cell, state=state)

    still = look(book, scripts=False).page
    place = still.locator("#seven[data-exhibit=seven]")
    assert place.locator(".live-title").inner_text() == "Seven <counted>"
    assert place.locator("figcaption").inner_text() == "What to notice."
    picture = place.get_by_alt_text("Seven, as a picture").and_(still.locator(":visible"))
    assert picture.count() == 1
    picture.scroll_into_view_if_needed()
    still.wait_for_function(
        "() => [...document.images].some(i => i.complete && i.naturalWidth === 60)"
    )
    assert picture.bounding_box() is not None
    assert picture.evaluate("e => [e.width, e.height]") == [60, 30]

    page = look(book).page
    place = page.locator("#seven")
    assert place.get_attribute("data-live") == "yes"
    assert place.locator(".live-fallback").is_hidden()
    assert place.locator(".count").inner_text() == "n=7"


def test_the_page_does_not_jump(tmp_path: Path, look: Open) -> None:
    """A view as high as its picture takes its place without moving what is below."""

    class Tall(anywidget.AnyWidget):
        _esm = """
        await new Promise((resolve) => setTimeout(resolve, 700)); // past the first paint
        export default { render({ el }) { el.style.height = "300px"; el.textContent = "tall"; } };
        """

    cells, state = widget_cells(Tall(layout={"margin": "0"}))
    data, _ = cells[0].outputs[0]
    meta = {"image/png": {"alt": "p", "exhibit": "tall"}}
    cell = Cell([({**data, "image/png": png(400, 300)}, meta)])
    page = look(make(tmp_path, cell, "Words below it.\n", state=state)).page
    assert page.locator("#tall .live-view").inner_text() == "tall"
    height = page.locator("#tall").evaluate("e => e.getBoundingClientRect().height")
    assert 295 < height < 312
    shifted = page.evaluate(
        """new Promise((told) => {
          new PerformanceObserver((list) => told(
            list.getEntries().reduce((sum, entry) => sum + entry.value, 0),
          )).observe({type: "layout-shift", buffered: true});
          setTimeout(() => told(0), 300);
        })"""
    )
    assert shifted < 0.01


def test_dark_picture_follows_the_page(tmp_path: Path, look: Open) -> None:
    cells, state = widget_cells(Broken())
    cell = exhibit(cells[0], alt="it", exhibit="it", dark=png(60, 30, (0, 0, 90)))
    page = look(make(tmp_path, cell, state=state)).page
    shown = "[...document.querySelectorAll('.live-fallback img')].map(e => e.checkVisibility())"
    assert page.evaluate(shown) == [True, False]
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page.evaluate(shown) == [False, True]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_paper_the_picture_stands(tmp_path: Path, look: Open, theme: str) -> None:
    """In print a living figure is its light picture, loaded, with title and caption."""
    cells, state = widget_cells(Counter(n=7))
    words = {"alt": "the picture", "title": "A count", "caption": "Seven of them."}
    cell = exhibit(cells[0], **words, exhibit="seven", dark=png(60, 30, (0, 0, 90)))
    tall = Cell([({"text/html": "<div style='height:9000px'>tall</div>"}, {})])
    page = look(make(tmp_path, tall, cell, state=state)).page
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    picture = page.locator("#seven .live-light")
    assert page.locator("#seven").get_attribute("data-live") == "yes"
    assert not picture.is_visible()
    assert picture.evaluate("i => i.naturalWidth") == 0, "nobody pays for paper before printing"
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function("document.querySelector('#seven .live-light').naturalWidth === 60")
    page.emulate_media(media="print")
    shown = "all => all.map(e => e.checkVisibility())"
    parts = page.locator("#seven :is(.live-title, .live-light, figcaption, .live-dark, .live-view)")
    assert parts.evaluate_all(shown) == [True, True, False, True, False]
    page.emulate_media(media="screen")
    assert parts.evaluate_all(shown) == [False, False, False, False, True]


@pytest.mark.parametrize("kind", ["module", "draw", "parse", "state"])
def test_a_failure_keeps_its_picture_and_its_neighbours(
    tmp_path: Path, look: Open, kind: str
) -> None:
    bad = {"draw": Broken, "parse": Unparsed}.get(kind, Counter)()
    cells, state = widget_cells(w.VBox([w.Label("beside"), bad]), Counter(n=1))
    if kind == "module":
        model = state["state"][bad.model_id]
        model["model_module"] = model["state"]["_view_module"] = "somebody-elses"
    cell = exhibit(cells[0], alt="the picture", title="T", exhibit="bad")
    if kind == "state":
        data, meta = cell.outputs[0]
        cell = Cell([({**data, **view("0" * 32)}, meta)])
        book = build(tmp_path, {"index.ipynb": notebook("# P\n", cell, cells[1], state=state)})
        assert "would stay dead" in book.said
    else:
        book = make(tmp_path, cell, cells[1], state=state)
    sight = look(book)
    page = sight.page
    assert page.locator("#bad").get_attribute("data-live") == "failed"
    assert page.get_by_alt_text("the picture").is_visible()
    note = page.locator("#bad .live-note")
    assert note.is_visible()
    if kind == "module":
        assert "somebody-elses" in note.inner_text()
    assert page.locator("#bad .live-view").count() == 0
    assert page.locator(".count").inner_text() == "n=1", "the neighbour lives"
    assert page.evaluate("window.sphinxAlive.ready.then(({failed, live}) => [failed, live])") == [
        1,
        1,
    ]
    assert any("[sphinx_alive]" in line for line in sight.said)


def test_slow_source_is_waited_for(tmp_path: Path, look: Open) -> None:
    class Slow(anywidget.AnyWidget):
        _esm = """
        await new Promise((resolve) => setTimeout(resolve, 2600));
        export default { render({ el }) { el.textContent = "late but here"; } };
        """

    cells, state = widget_cells(w.VBox([w.VBox([w.VBox([Slow()])])]))
    sight = look(make(tmp_path, exhibit(cells[0], alt="p", exhibit="slow"), state=state))
    assert sight.page.locator("#slow .live-view").inner_text() == "late but here"
    assert sight.page.locator("#slow .live-fallback").is_hidden()
    assert sight.said == []


PAYLOADS = [
    "<img src=x onerror='window.hit=1'>",
    "<script>window.hit=1</script>",
    "<a href='javascript:window.hit=1'>x</a>",
    "<a href=' java\tscript:window.hit=1'>x</a>",
    "<svg><style><img src=x onerror='window.hit=1'></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.hit=1>",
    "<noscript><p title='</noscript><img src=x onerror=window.hit=1>'>",
    "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
    "<b style='background:url(//evil.invalid/x)'>x</b>",
    "<b style='position:fixed;inset:0'>x</b>",
    "<form><input name=attributes></form>",
    "<template><img src=x onerror=window.hit=1></template>",
    "<img src='data:text/html,<script>window.hit=1</script>'>",
    "<img src='data:image/svg+xml,<svg onload=window.hit=1>'>",
]


def test_descriptions_are_sanitised(tmp_path: Path, look: Open) -> None:
    good = (
        "<b class='k' onclick='window.hit=1'>bold</b> <i>it</i> <a href='#here'>l</a> <u>plain</u>"
    )
    sliders = [
        w.IntSlider(description=text, description_allow_html=True) for text in [good, *PAYLOADS]
    ]
    cells, state = widget_cells(w.VBox(sliders))
    # without the page's policy, so that the sanitiser stands alone
    sight = look(make(tmp_path, *cells, state=state, alive_policy=False))
    labels = sight.page.locator(".widget-slider .widget-label")
    assert labels.count() == len(sliders)
    first = labels.nth(0).evaluate("e => e.innerHTML")
    assert first == '<b class="k">bold</b> <i>it</i> <a href="#here">l</a> plain'
    html = labels.evaluate_all("all => all.map(e => e.innerHTML).join('\\n')").lower()
    for word in (
        "onerror",
        "onclick",
        "script",
        "svg",
        "math",
        "iframe",
        "evil",
        "position",
        "form",
        "data:",
    ):
        assert word not in html, f"{word} got through: {html}"
    sight.page.wait_for_timeout(200)
    assert sight.page.evaluate("window.hit") is None
    assert sight.outside == []


class TestPlay:
    """Play runs when asked, rests when nobody can see it, and respects a wish for calm."""

    @pytest.fixture
    def book(self, tmp_path: Path) -> Built:
        play, slider = w.Play(interval=20, max=100_000), w.IntSlider(max=100_000, description="t")
        w.jslink((play, "value"), (slider, "value"))
        cells, state = widget_cells(w.HBox([play, slider]))
        tall = Cell([({"text/html": "<div style='height:3000px'>tall</div>"}, {})])
        return make(tmp_path, *cells, tall, state=state)

    value = "Number(document.querySelector('.noUi-handle').getAttribute('aria-valuenow'))"

    def runs(self, page: Page) -> bool:
        before = page.evaluate(self.value)
        page.wait_for_timeout(250)
        return bool(page.evaluate(self.value) > before)

    def start(self, page: Page) -> None:
        assert not self.runs(page), "nothing moves before it is asked to"
        page.get_by_role("button", name="Play animation").click()
        assert self.runs(page)

    def scroll(self, page: Page, top: int) -> None:
        page.evaluate(f"window.scrollTo({{top: {top}, behavior: 'instant'}})")
        page.wait_for_timeout(150)

    def test_rests_off_screen_and_goes_on(self, book: Built, look: Open) -> None:
        page = look(book).page
        self.start(page)
        self.scroll(page, 2500)
        assert not self.runs(page)
        self.scroll(page, 0)
        assert self.runs(page)
        page.get_by_role("button", name="Pause animation").click()
        self.scroll(page, 2500)
        self.scroll(page, 0)
        assert not self.runs(page), "what the reader has stopped stays stopped"

    def test_calm_readers_are_asked_again(self, book: Built, look: Open) -> None:
        page = look(book, reduced_motion="reduce").page
        self.start(page)
        self.scroll(page, 2500)
        assert not self.runs(page)
        self.scroll(page, 0)
        assert not self.runs(page)

    def test_rests_in_a_hidden_tab(self, book: Built, look: Open) -> None:
        page = look(book).page
        self.start(page)
        hide = """(state) => {
          Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
        page.evaluate(hide, "hidden")
        assert not self.runs(page)
        page.evaluate(hide, "visible")
        assert self.runs(page)

    def test_buttons_say_what_they_do(self, book: Built, look: Open) -> None:
        page = look(book).page
        repeat = page.get_by_role("button", name="Repeat animation")
        assert repeat.get_attribute("aria-pressed") == "false"
        repeat.click()
        assert repeat.get_attribute("aria-pressed") == "true"
        masks = page.locator(".widget-play .live-icon").evaluate_all(
            "all => all.map(e => getComputedStyle(e).maskImage.startsWith('url'))"
        )
        assert masks == [True, True, True]


def test_output_widget_shows_what_was_captured(tmp_path: Path, look: Open) -> None:
    inner = w.IntSlider(description="nested")
    out = w.Output()
    out.outputs = (
        {"output_type": "stream", "name": "stdout", "text": "line\n"},
        {
            "output_type": "display_data",
            "data": {"image/png": png(), "text/plain": "x"},
            "metadata": {},
        },
        {"output_type": "display_data", "data": {"text/html": "<em>html</em>"}, "metadata": {}},
        {"output_type": "display_data", "data": view(inner.model_id), "metadata": {}},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[31mE\x1b[0m: v"]},
    )
    cells, state = widget_cells(out, inner)
    page = look(make(tmp_path, cells[0], state=state)).page
    area = page.locator(".jupyter-widgets-output")
    assert area.locator(".live-stream").inner_text() == "line\n"
    assert area.locator("img").evaluate("e => e.decode().then(() => e.naturalWidth)") == 40
    assert area.locator("em").inner_text() == "html"
    assert area.get_by_role("slider", name="nested").count() == 1
    assert area.locator(".live-error").inner_text() == "E: v"


def test_pages_without_widgets_load_nothing_for_them(tmp_path: Path) -> None:
    book = make(tmp_path, "Only words.\n")
    html = book.page("index")
    for word in ("widgets.js", "widgets.css", "katex", "figures.js", "modulepreload"):
        assert word not in html


def test_widgets_are_within_their_budget() -> None:
    import gzip

    built = ROOT / "site" / "sphinx_alive" / "static" / "alive"
    size = {
        n: len(gzip.compress((built / n).read_bytes(), 9)) for n in ("widgets.js", "widgets.css")
    }
    assert size["widgets.js"] < 105_000, size
    assert size["widgets.css"] < 12_000, size


def test_sliders_are_read_out_as_they_are_seen(tmp_path: Path, look: Open) -> None:
    """A handle says the number its description carries, or else the model's own."""
    carried = w.IntSlider(
        10_000,
        max=20_000,
        step=1_000,
        readout=False,
        description='<i>b</i> base <b class="readout">10,000</b>',
        description_allow_html=True,
    )
    log = w.FloatLogSlider(10_000, base=10, min=1, max=6, step=1, description="size", readout=False)
    small = w.FloatSlider(0.0005, max=0.001, step=0.0001, description="rate", readout=False)
    choice = w.SelectionSlider(options=["low", "high"], description="tide", readout=False)
    span = w.IntRangeSlider(value=(1000, 2000), max=5000, step=500, description="span")
    cells, state = widget_cells(w.VBox([carried, log, small, choice, span]))
    page = look(make(tmp_path, *cells, state=state)).page

    def says(name: str, key: str | None = None) -> str | None:
        handle = page.get_by_role("slider", name=name, exact=True)
        if key:
            handle.focus()
            page.keyboard.press(key)
            page.wait_for_timeout(50)
        return handle.get_attribute("aria-valuetext")

    assert says("b base") == "10,000"
    assert says("b base", "ArrowRight") == "10,000", "until whoever wrote it writes another"
    page.evaluate(
        """async () => {
          const all = await sphinxAlive.models();
          const model = all.find((m) => /readout/.test(m.get("description") ?? ""));
          model.set("description", '<i>b</i> base <b class="readout">11,000</b>');
        }"""
    )
    page.wait_for_timeout(50)
    assert says("b base") == "11,000"
    assert page.locator(".widget-label b.readout").inner_text() == "11,000"
    assert (says("size"), says("size", "ArrowRight")) == ("10,000", "100,000")
    assert (says("rate"), says("rate", "ArrowRight")) == ("0.0005", "0.0006")
    assert (says("tide"), says("tide", "ArrowRight")) == ("low", "high")
    assert (says("span, from"), says("span, to")) == ("1,000", "2,000")
    assert says("span, to", "ArrowRight") == "2,500"
