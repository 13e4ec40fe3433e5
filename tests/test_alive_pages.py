"""What sphinx_alive makes of a page at build time: maths, links, policy, checks, launch links."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alive_books import PLOTLY, ROOT, SITE, Built, Cell, build, notebook, png, view
from sphinx.errors import ExtensionError

if str(SITE) not in sys.path:
    sys.path.insert(0, str(SITE))

from sphinx_alive import checks, figures, fonts, launch, maths, policy, stills, tidy, widgets

WAVES = Cell(
    [({"image/png": png(), **view("a" * 32)}, {"image/png": {"alt": "", "exhibit": "waves"}})]
)
STATE: dict[str, Any] = {
    "version_major": 2,
    "version_minor": 0,
    "state": {
        "a" * 32: {
            "model_module": "@jupyter-widgets/controls",
            "model_module_version": "2.0.0",
            "model_name": "LabelModel",
            "state": {"value": "alive"},
        }
    },
}

SETTINGS = {
    "b": {"type": "number", "minimum": 1, "maximum": 1e6},
    "d": {"type": "integer", "multipleOf": 2},
    "wave": {"enum": ["sine", "off beat"]},
    "text": {"type": "string", "maxLength": 3},
}


def told_waves() -> Cell:
    """The cell WAVES, which also says what can be set."""
    ((data, _),) = WAVES.outputs
    told = {"alt": "", "exhibit": "waves", "settings": SETTINGS}
    return Cell([(data, {"image/png": told})])


def page(folder: Path, *parts: str | Cell, **config: Any) -> Built:
    return build(folder, {"index.ipynb": notebook("# Page\n", *parts, state=STATE)}, **config)


def glued(text: str, key: str) -> Cell:
    """A cell that glues `text` under `key`, as myst-nb's own glue does."""
    data = {"application/papermill.record/text/plain": text}
    return Cell(
        [(data, {"scrapbook": {"mime_prefix": "application/papermill.record/", "name": key}})]
    )


class TestMaths:
    def test_html_and_mathml_without_scripts(self, tmp_path: Path) -> None:
        book = page(tmp_path, "Inline $x_i$ and\n\n$$a = b$$\n")
        html = book.page("index")
        assert book.warnings == []
        assert html.count('class="katex-mathml"') == 2
        assert html.count('class="katex-html" aria-hidden="true"') == 2
        assert 'class="katex-display"' in html
        assert "alive/katex/katex.css" in html
        assert not re.search("<script[^>]*mathjax", html, re.IGNORECASE)

    def test_sheet_and_fonts_are_in_the_site(self, tmp_path: Path) -> None:
        book = page(tmp_path, "$x$\n")
        folder = book.html / "_static" / "alive" / "katex"
        named = set(re.findall(r"fonts/[\w.-]+\.woff2", (folder / "katex.css").read_text()))
        assert named == {f"fonts/{p.name}" for p in (folder / "fonts").iterdir()}
        assert len(named) > 10

    def test_equations_are_numbered_once_and_referred_to(self, tmp_path: Path) -> None:
        text = "$$a$$ (one)\n\n\\begin{align}b &= c \\\\ d &= e\\end{align}\n\nSee {eq}`one`.\n"
        html = page(tmp_path, text, extensions=["sphinx_alive"]).page("index")
        assert re.findall(r'<span class="eqno">\((\d)\)', html) == ["1", "2"]
        assert re.search(r'href="#equation-one"[^>]*>\(1\)</a>', html)
        assert "eqn-num" not in html, "KaTeX counts on its own beside Sphinx"

    def test_lines_of_a_display(self) -> None:
        assert maths.display_tex("a", False) == "a"
        assert maths.display_tex(r"a \\ b", False) == r"\begin{split}a \\ b\end{split}"
        assert maths.display_tex("a\n\nb", False) == r"\begin{aligned}a\\ b\end{aligned}"
        assert (
            maths.display_tex(r"\begin{align}a\end{align}", True) == r"\begin{align*}a\end{align*}"
        )
        assert maths.display_tex(r"\begin{pmatrix}a \\ b\end{pmatrix}", False).count("begin") == 1

    def test_a_formula_that_cannot_be_set_is_a_warning_with_its_line(self, tmp_path: Path) -> None:
        book = build(tmp_path, {"index.md": "# Page\n\nOne.\n\nTwo $\\nosuch{x}$.\n"})
        (line,) = book.warnings
        assert "index.md:5: WARNING: KaTeX: Undefined control sequence: \\nosuch" in line
        assert "math-error" in book.page("index")

    def test_macros_and_marked_symbols(self, tmp_path: Path) -> None:
        text = r"$\pos + \htmlClass{tok}{x} + \htmlData{part=angle}{\omega}$"
        book = page(tmp_path, text, alive_katex_macros={r"\pos": r"\htmlClass{pos}{t}"})
        html = book.page("index")
        assert book.warnings == []
        assert 'class="enclosing pos"' in html
        assert 'class="enclosing tok"' in html
        assert 'data-part="angle"' in html

    def test_other_html_is_not_trusted(self, tmp_path: Path) -> None:
        html = page(tmp_path, r"$\href{javascript:alert(1)}{x}$ $\htmlStyle{color:red}{y}$").page(
            "index"
        )
        assert "javascript" not in re.sub(r"<annotation.*?</annotation>", "", html)
        assert 'style="color:red"' not in html

    def test_wide_formulas_can_be_reached_by_keyboard(self, tmp_path: Path) -> None:
        wide = " + ".join(f"x_{{{n}}}" for n in range(30))
        html = page(tmp_path, f"$$a$$\n\n$${wide}$$\n").page("index")
        assert re.findall(r'<div class="math[^>]*>', html)[0].count("tabindex") == 0
        assert re.findall(r'<div class="math[^>]*>', html)[1].count('tabindex="0"') == 1

    def test_a_child_that_hangs_is_given_up(self, tmp_path: Path) -> None:
        stuck = tmp_path / "katex.mjs"
        stuck.write_text("await new Promise(() => setInterval(() => {}, 1000));")
        katex = maths.Katex("node", str(stuck), timeout=1.5)
        with pytest.raises(ExtensionError, match=r"failed on 'x\^2': no answer within 1.5 s"):
            katex.render("x^2", False, {})
        assert katex.child is None

    def test_a_child_that_dies_says_why(self, tmp_path: Path) -> None:
        katex = maths.Katex("node", str(tmp_path / "gone.mjs"), timeout=20)
        with pytest.raises(ExtensionError, match="ERR_MODULE_NOT_FOUND"):
            katex.render("x", False, {})

    def test_without_node_the_way_out_is_named(self) -> None:
        katex = maths.Katex("no-such-node", "katex.mjs", timeout=5)
        with pytest.raises(ExtensionError, match="alive_node"):
            katex.render("x", False, {})

    def test_another_renderer_may_be_chosen(self, tmp_path: Path) -> None:
        html = page(tmp_path, "$x$", html_math_renderer="mathjax", alive_checks=False).page("index")
        assert "katex" not in html


class TestLinks:
    text = (
        "Go {set}`set **b** to $10$ <waves?b=10&d=32>`, drag {scrub}`64 <waves?d>`, "
        "it is {fact}``{glue:text}`w` <waves?wavelength>``.\n"
    )

    def test_roles_become_html(self, tmp_path: Path) -> None:
        book = page(tmp_path, glued("'12.5'", "w"), self.text, WAVES)
        html = book.page("index")
        assert book.warnings == []
        assert re.search(
            r'<a class="set" href="#waves\?b=10&amp;d=32">set <strong>b</strong> to <span class="math',
            html,
        )
        assert '<span class="scrub" data-state="waves?d">64</span>' in html
        assert re.search(
            r'<output class="fact" data-fact="waves\?wavelength"><span class="pasted-text">12\.5</span></output>',
            html,
        )

    @pytest.mark.parametrize(
        "bad",
        [
            "{set}`no target`",
            "{set}`no value <waves?b>`",
            "{set}`two <waves?b=1=2>`",
            "{set}`space <waves?b=1 2>`",
            "{scrub}`a value too many <waves?d=3>`",
            "{scrub}`64 <?d>`",
            "{fact}`1 <waves>`",
        ],
    )
    def test_malformed_targets_are_warnings(self, tmp_path: Path, bad: str) -> None:
        book = page(tmp_path, f"Text {bad} goes on.\n", WAVES)
        (line,) = book.warnings
        assert "write a phrase and then a target" in line
        assert re.search(r"index\.ipynb:\d+", line)

    def test_unknown_exhibits_are_warnings(self, tmp_path: Path) -> None:
        book = page(tmp_path, "{set}`x <wavs?b=1>`\n", WAVES)
        (line,) = book.warnings
        assert "no page of the book shows an exhibit of that name (there are: waves)" in line

    def test_states_that_the_exhibit_has(self, tmp_path: Path) -> None:
        text = (
            "{set}`all <waves?b=1e3&d=64&wave=off%20beat&text=1>`, {set}`least <waves?b=1>`, "
            "{scrub}`64 <waves?d>`, {scrub}`1 <waves?b>`, {fact}`1 <waves?anything>`.\n"
        )
        assert page(tmp_path, text, told_waves()).warnings == []

    @pytest.mark.parametrize(
        ("bad", "says"),
        [
            ("{set}`x <waves?b=10&zz=5>`", "'zz' is no setting of it (it has: b, d, text, wave)"),
            ("{set}`x <waves?b=ten>`", "b: 'ten' is not of type 'number'"),
            ("{set}`x <waves?b=nan>`", "b: 'nan' is not of type 'number'"),
            ("{set}`x <waves?b=0.5>`", "b: 0.5 is less than the minimum of 1"),
            ("{set}`x <waves?d=64&b=1e7>`", "is greater than the maximum of"),
            ("{set}`x <waves?d=2.5>`", "d: 2.5 is not of type 'integer'"),
            ("{set}`x <waves?d=7>`", "d: 7.0 is not a multiple of 2"),
            ("{set}`x <waves?wave=cosine>`", "wave: 'cosine' is not one of"),
            ("{set}`x <waves?text=four>`", "text: 'four' is too long"),
            ("{scrub}`64 <waves?c>`", "'c' is no setting of it"),
            ("{scrub}`64 <waves?wave>`", "wave is no number"),
        ],
    )
    def test_states_that_it_has_not_are_warnings(self, tmp_path: Path, bad: str, says: str) -> None:
        (line,) = page(tmp_path, f"Text {bad} goes on.\n", told_waves()).warnings
        assert says in line
        assert re.search(r"index\.ipynb:\d+", line)

    def test_a_state_is_checked_on_the_page_where_the_link_leads(self, tmp_path: Path) -> None:
        text = "# Index\n\n```{toctree}\nwaves\n```\n\n{set}`there <waves?zz=1>`\n"
        waves = notebook("# Waves\n", told_waves(), state=STATE)
        (line,) = build(tmp_path, {"index.md": text, "waves.ipynb": waves}).warnings
        assert "index.md:7" in line
        assert "'zz' is no setting of it" in line

    def test_a_state_on_another_page(self, tmp_path: Path) -> None:
        files = {
            "index.md": "# Index\n\n```{toctree}\nsub/waves\n```\n\n{set}`there <waves?b=1>`\n",
            "sub/waves.ipynb": notebook(
                "# Waves\n", "{set}`here <waves?b=1>`\n", WAVES, state=STATE
            ),
        }
        book = build(tmp_path, files)
        assert book.warnings == []
        assert 'href="sub/waves.html#waves?b=1"' in book.page("index")
        assert 'href="#waves?b=1"' in book.page("sub/waves")
        files["index.md"] = files["index.md"].replace(
            "{set}`there <waves?b=1>`", "{scrub}`1 <waves?b>`"
        )
        again = build(tmp_path, files)
        assert ["only {set} may lead there" in line for line in again.warnings] == [True]

    def test_a_name_that_went_away_is_noticed(self, tmp_path: Path) -> None:
        files = {
            "index.md": "# Index\n\n```{toctree}\nwaves\n```\n\n{set}`there <waves?b=1>`\n",
            "waves.ipynb": notebook("# Waves\n", WAVES, state=STATE),
        }
        assert build(tmp_path, files).warnings == []
        files["waves.ipynb"] = notebook("# Waves\n", "Gone.")
        assert "no page of the book shows" in build(tmp_path, files).said

    def test_elsewhere_they_are_text(self, tmp_path: Path) -> None:
        book = page(tmp_path, glued("'12.5'", "w"), self.text, builder="text")
        said = (book.html / "index.txt").read_text()
        assert "drag 64, it is 12.5." in said


def policies(pages: dict[Path, str]) -> dict[Path, list[str]]:
    return {path: policy.META.findall(html) for path, html in pages.items()}


class TestPolicy:
    def test_each_page_names_its_own_inline_scripts(self, tmp_path: Path) -> None:
        files = {
            "index.md": "# A\n\n```{raw} html\n<script>let a = 1 < 2;</script>\n```\n\n```{toctree}\nb\n```\n",
            "b.md": "# B\n",
        }
        book = build(tmp_path, files)
        digest = base64.b64encode(hashlib.sha256(b"let a = 1 < 2;").digest()).decode()
        assert f"'sha256-{digest}'" in book.page("index")
        assert digest not in book.page("b")
        for name in ("index", "b", "search", "genindex"):
            html = book.page(name)
            assert html.count("Content-Security-Policy") == 1
            assert "unsafe-eval" not in html
            assert html.index("Content-Security-Policy") < html.index("<script")

    def test_building_again_changes_nothing(self, tmp_path: Path) -> None:
        files = {"index.md": "# A\n\n```{toctree}\nb\n```\n", "b.md": "# B\n"}
        first = build(tmp_path, files)
        before = {p: p.read_text() for p in first.html.rglob("*.html")}
        build(tmp_path, files)
        build(tmp_path, {"index.md": files["index.md"] + "\nMore.\n", "b.md": "# B\n"})
        after = {p: p.read_text() for p in first.html.rglob("*.html")}
        assert policies(after) == policies(before)
        assert all(html.count("Content-Security-Policy") == 1 for html in after.values())

    @pytest.mark.parametrize(
        "html",
        [
            '<script src="https://cdn.example/x.js"></script>',
            '<SCRIPT SRC="//cdn.example/x.js"></SCRIPT>',
            '<link rel="stylesheet" href="https://cdn.example/x.css">',
            '<link rel="preconnect" href="https://cdn.example">',
            '<img src="http://cdn.example/x.png">',
            '<img srcset="a.png 1x, https://cdn.example/b.png 2x">',
            '<iframe src="https://cdn.example/"></iframe>',
            '<video poster="https://cdn.example/p.png"></video>',
            "<style>@import 'https://cdn.example/x.css';</style>",
            '<p style="background: url(https://cdn.example/x.png)">x</p>',
            '<object data="https://cdn.example/x.pdf"></object>',
        ],
    )
    def test_another_host_fails_the_build(self, tmp_path: Path, html: str) -> None:
        book = build(tmp_path, {"index.md": f"# A\n\n```{{raw}} html\n{html}\n```\n"})
        assert isinstance(book.error, ExtensionError)
        assert re.search(
            r"index\.html: <\w+> loads from another host: .*cdn\.example", str(book.error)
        )

    @pytest.mark.parametrize(
        "html",
        [
            '<a href="https://example.org/">a link is no load</a>',
            '<link rel="canonical" href="https://example.org/">',
            '<img src="data:image/png;base64,AAAA">',
            '<script type=\'application/json\'>{"src": "https://example.org/x.js"}</script>',
            "<!-- <script src='https://example.org/x.js'></script> -->",
        ],
    )
    def test_what_loads_nothing_is_left_alone(self, tmp_path: Path, html: str) -> None:
        book = build(tmp_path, {"index.md": f"# A\n\n```{{raw}} html\n{html}\n```\n"})
        assert book.error is None

    def test_a_host_may_be_allowed(self, tmp_path: Path) -> None:
        text = '# A\n\n```{raw} html\n<img src="https://pics.example/x.png">\n```\n'
        book = build(tmp_path, {"index.md": text}, alive_hosts=["https://pics.example"])
        assert book.error is None
        assert "img-src 'self' data: blob: https://pics.example;" in book.page("index")

    def test_a_look_alike_is_not_allowed(self) -> None:
        hosts = ["https://pics.example"]
        assert policy.allowed("https://pics.example/x.png", hosts)
        assert policy.allowed("//pics.example/x.png", hosts)
        assert not policy.allowed("https://pics.example.evil/x.png", hosts)
        assert not policy.allowed("https://evil.example/?https://pics.example/", hosts)

    def test_handlers_are_named_too(self) -> None:
        read = policy.read('<button onclick="go()">x</button>')
        written = policy.policy(read)
        assert "'unsafe-hashes'" in written
        assert policy.source_hash("go()") in written

    def test_folders_of_others_are_left(self, tmp_path: Path) -> None:
        source = tmp_path / "source" / "extra" / "lab"
        source.mkdir(parents=True)
        (source / "index.html").write_text("<head></head><script>eval(1)</script>")
        book = build(
            tmp_path, {"index.md": "# A\n"}, html_extra_path=["extra"], alive_policy_leave=["lab"]
        )
        assert "Content-Security" not in (book.html / "lab" / "index.html").read_text()


class TestChecks:
    def fails(self, book: Built, *words: str) -> None:
        assert isinstance(book.error, ExtensionError), book.said
        for word in words:
            assert word in str(book.error)

    @pytest.mark.parametrize("tag", ["figure", "exhibit"])
    @pytest.mark.parametrize(
        "outputs", [(), [({"text/plain": "<Figure>"}, {})], [({"text/html": "<p>no</p>"}, {})]]
    )
    def test_a_figure_that_is_due_and_missing(self, tmp_path: Path, tag: str, outputs: Any) -> None:
        book = page(tmp_path, Cell(outputs, tags=[tag]))
        self.fails(book, "index.ipynb:", f"tagged '{tag}' and shows no figure")

    def test_a_figure_that_is_due_and_there(self, tmp_path: Path) -> None:
        cell = Cell([({"image/png": png()}, {})], tags=["figure"])
        assert page(tmp_path, cell).error is None

    def test_a_figure_that_is_hidden_is_missing(self, tmp_path: Path) -> None:
        cell = Cell([({"image/png": png()}, {})], tags=["figure", "remove-output"])
        self.fails(page(tmp_path, cell), "shows no figure")

    def test_an_error_on_a_page(self, tmp_path: Path) -> None:
        self.fails(page(tmp_path, Cell(error="ValueError")), "the cell ended in an error")

    def test_an_error_that_is_meant(self, tmp_path: Path) -> None:
        cell = Cell(error="ValueError", tags=["raises-exception"])
        assert page(tmp_path, cell).error is None

    def test_two_exhibits_of_one_name(self, tmp_path: Path) -> None:
        self.fails(page(tmp_path, WAVES, WAVES), "2 exhibits on one page are called 'waves'")

    def test_a_trace_that_cannot_be_drawn(self, tmp_path: Path) -> None:
        pie = {"data": [{"type": "pie", "values": [1]}], "layout": {"meta": {"alt": "a pie"}}}
        self.fails(
            page(tmp_path, Cell([({PLOTLY: pie}, {})])), "plotly trace 'pie'", "scatter, bar"
        )

    def test_it_fails_again_when_nothing_is_read_again(self, tmp_path: Path) -> None:
        files = {
            "index.md": "# Index\n\n```{toctree}\nlies\n```\n",
            "lies.ipynb": notebook("# Lies\n", Cell(tags=["figure"])),
        }
        self.fails(build(tmp_path, files), "lies.ipynb")
        self.fails(build(tmp_path, files), "lies.ipynb")
        files["lies.ipynb"] = notebook("# Lies\n", "Mended.")
        assert build(tmp_path, files).error is None

    def test_a_page_that_is_gone_lies_no_more(self, tmp_path: Path) -> None:
        lies = notebook("# Lies\n", WAVES, WAVES, "{set}`x <wavs?a=1>`", state=STATE)
        files = {"index.md": "# Index\n\n```{toctree}\nlies\n```\n", "lies.ipynb": lies}
        # A build that fails is begun afresh by Sphinx; one that only warns goes on from here.
        book = build(tmp_path, files, alive_checks=False)
        assert book.error is None
        assert ["<wavs?a=1>" in line for line in book.warnings] == [True]
        (tmp_path / "source" / "lies.ipynb").unlink()
        book = build(tmp_path, {"index.md": "# Index\n"})
        assert book.error is None
        assert book.warnings == []

    def test_a_page_that_did_not_run(self, tmp_path: Path) -> None:
        book = page(tmp_path, "Words.\n")
        env = book.app.env
        env.nb_metadata["index"]["exec_data"] = {"succeeded": False}  # type: ignore[attr-defined]
        with pytest.raises(ExtensionError, match=r"index\.ipynb:1: its cells did not all run"):
            checks.finish(book.app, None)

    def test_a_widget_without_its_state(self, tmp_path: Path) -> None:
        files = {"index.ipynb": notebook("# P\n", Cell([(view("b" * 32), {})]), state=STATE)}
        assert "would stay dead on the page" in build(tmp_path, files).said


class TestFigures:
    def figure(self, **layout: Any) -> dict[str, Any]:
        values = base64.b64encode(struct.pack("<3d", 1, 2.5, 4)).decode()
        trace = {
            "type": "scatter",
            "x": [0, 1, 2],
            "y": {"dtype": "f8", "bdata": values},
            "name": "rise",
        }
        template = {
            "data": {"scatter": [{}], "pie": [{}]},
            "layout": {"colorway": ["red"], "geo": {}},
        }
        return {
            "data": [trace],
            "layout": {"template": template, "meta": {"alt": "A line that rises"}, **layout},
        }

    def test_a_figure_and_its_numbers(self, tmp_path: Path) -> None:
        book = page(tmp_path, Cell([({PLOTLY: self.figure(height=300)}, {})]))
        html = book.page("index")
        assert book.warnings == []
        assert 'role="img" aria-label="A line that rises" style="height:300px"' in html
        assert "<caption>rise (3 points)</caption>" in html
        assert '<tr><th scope="row">1</th><td>2.5</td></tr>' in html
        assert '"pie"' not in html
        assert '"geo"' not in html
        assert html.count("alive/figures.js") == 1
        assert "alive/plotly.js" not in html, "the library is fetched when a figure comes near"
        kinds = re.findall(
            r'<img class="(live-\w+)" [^>]*alt="A line that rises" width="700"', html
        )
        assert kinds == ["live-light", "live-dark"], "its picture, drawn when the book was built"

    def test_the_picture_shows_what_the_figure_holds(self) -> None:
        figure = self.figure(
            xaxis={"type": "log", "range": [0, 2], "title": {"text": "far"}},
            yaxis={"title": "high", "tickvals": [0, 5], "ticktext": ["none", "five"]},
            annotations=[{"text": "<b>here</b>", "x": 1, "y": 3, "showarrow": False}],
            shapes=[{"type": "line", "x0": 1, "x1": 1, "y0": 0, "y1": 1, "yref": "paper"}],
        )
        figure["data"][0]["line"] = {"color": "var(--sea)", "dash": "dot"}
        figure["data"] += [
            {"type": "scatter", "x": [1, 2], "y": [3, 4], "line": {"color": "rgb(255, 0, 0)"}},
            {"type": "bar", "x": [10, 20], "y": [5, 6], "marker": {"color": "#00ff00"}},
        ]
        (axes,) = stills.draw(figure, figures.numbers).axes
        rise, plain, shape = axes.lines
        assert (list(rise.get_xdata()), list(rise.get_ydata())) == ([0, 1, 2], [1, 2.5, 4])
        assert rise.get_color() == stills.INKS["light"][0], "a custom property is a grey here"
        assert rise.get_linestyle() not in ("-", "None")
        assert (list(plain.get_xdata()), list(plain.get_ydata())) == ([1, 2], [3, 4])
        assert plain.get_color() == (1, 0, 0, 1)
        assert list(shape.get_xdata()) == [1, 1]
        rods = [(p.get_x() + p.get_width() / 2, p.get_height()) for p in axes.patches]
        assert rods == [(10, 5), (20, 6)]
        assert (axes.get_xscale(), axes.get_yscale()) == ("log", "linear")
        assert axes.get_xlim() == (1, 100)
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("far", "high")
        assert [tick.get_text() for tick in axes.get_yticklabels()] == ["none", "five"]
        (note,) = axes.texts
        assert (note.get_text(), note.get_position()) == ("here", (10, 3))

    def test_a_heatmap_is_drawn_cell_by_cell(self) -> None:
        scale = [[0, "rgb(0,0,0)"], [1, "#ffffff"]]
        trace = {"type": "heatmap", "z": [[1, 2], [3, None]], "colorscale": scale, "zmin": 1}
        axes = stills.draw({"data": [trace]}, figures.numbers).axes[0]
        (mesh,) = axes.collections
        values = mesh.get_array()
        assert values.filled(-1).tolist() == [[1, 2], [3, -1]]
        assert mesh.get_cmap()(0.0)[:3] == (0, 0, 0)
        assert mesh.get_clim() == (1, 3)

    def test_the_same_figure_is_the_same_picture(self) -> None:
        first, again = (stills.png(stills.draw(self.figure(), figures.numbers)) for _ in "ab")
        assert first == again
        assert widgets.png_size(first) == (1400, 900)

    def test_what_cannot_be_drawn_is_said(self, tmp_path: Path) -> None:
        figure = self.figure(xaxis2={"anchor": "y"})
        book = page(tmp_path, Cell([({PLOTLY: figure}, {})]))
        (line,) = book.warnings
        assert "several pairs of axes" in line
        assert "live-fallback" not in book.page("index")
        assert "<caption>rise (3 points)</caption>" in book.page("index")

    def test_without_matplotlib_the_numbers_stay(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in [n for n in sys.modules if n.split(".")[0] == "matplotlib"]:
            monkeypatch.setitem(sys.modules, name, None)
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        book = page(tmp_path, Cell([({PLOTLY: self.figure()}, {})]))
        (line,) = book.warnings
        assert "matplotlib is not installed" in line
        assert "<caption>rise (3 points)</caption>" in book.page("index")

    def test_without_words_it_is_a_warning(self, tmp_path: Path) -> None:
        figure = self.figure()
        del figure["layout"]["meta"]
        book = page(tmp_path, Cell([({PLOTLY: figure}, {})]))
        assert ["no text alternative" in line for line in book.warnings] == [True]

    def test_its_picture_is_kept(self, tmp_path: Path) -> None:
        cell = Cell(
            [({PLOTLY: self.figure(), "image/png": png()}, {"image/png": {"alt": "drawn"}})]
        )
        html = page(tmp_path, cell).page("index")
        assert re.search(
            r'<figure class="live-fallback"><span class="live-frame" [^>]*><img [^>]*alt="drawn"',
            html,
        )

    def test_long_tables_are_thinned_and_say_so(self) -> None:
        trace = {"x": list(range(1000)), "y": list(range(1000)), "name": "long"}
        table = figures.trace_table(trace, "long", 40)
        assert table.count("<tr>") == 41
        assert "1000 points, some of them" in table
        assert ">999<" in table

    def test_a_table_is_headed_by_the_axes_and_writes_numbers_out(self) -> None:
        trace = {"x": [0.5, 1.0], "y": [1117.4, 0.00123456], "name": "one"}
        layout = {"xaxis": {"title": {"text": "pair"}}, "yaxis": {"title": "length"}}
        table = figures.trace_table(trace, "one", 40, layout)
        assert '<th scope="col">pair</th><th scope="col">length</th>' in table
        assert "<td>1,117</td>" in table
        assert "<td>0.001235</td>" in table

    def test_a_heatmap_as_a_table(self) -> None:
        table = figures.trace_table({"type": "heatmap", "z": [[1, 2], [3, 4]]}, "map", 40)
        assert "map (2 × 2)" in table
        assert '<tr><th scope="row">1</th><td>3</td><td>4</td></tr>' in table

    def test_typed_arrays(self) -> None:
        raw = base64.b64encode(struct.pack("<6h", *range(6))).decode()
        value = {"dtype": "i2", "bdata": raw, "shape": "2, 3"}
        assert figures.numbers(value) == [[0, 1, 2], [3, 4, 5]]
        with pytest.raises(ValueError, match="dtype 'c8'"):
            figures.numbers({"dtype": "c8", "bdata": ""})


class TestLaunch:
    @pytest.mark.parametrize(
        ("value", "found"),
        [
            ("https://github.com/o/r.git", ("github.com", "o/r")),
            ("https://github.com/o/r", ("github.com", "o/r")),
            ("https://token@github.com/o/r.git", ("github.com", "o/r")),
            ("git@github.com:o/r.git", ("github.com", "o/r")),
            ("ssh://git@gitlab.com/o/r.x", ("gitlab.com", "o/r.x")),
            ("o/r", ("github.com", "o/r")),
            ("/srv/git/r.git", None),
            ("file:///srv/git/r.git", None),
            ("https://git.example.org/o/r", None),
            ("https://github.com.evil.example/o/r", None),
        ],
    )
    def test_addresses(self, value: str, found: tuple[str, str] | None, tmp_path: Path) -> None:
        assert launch.repository(tmp_path, {"ALIVE_REPOSITORY": value}) == found

    def test_git_is_asked_last(self, tmp_path: Path) -> None:
        env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
        for words in (
            ["init", "-q", "-b", "trunk"],
            ["remote", "add", "origin", "git@github.com:g/h.git"],
        ):
            subprocess.run(["git", "-C", str(tmp_path), *words], check=True, env=env)
        assert launch.repository(tmp_path, {}) == ("github.com", "g/h")
        assert launch.repository(tmp_path, {"GITHUB_REPOSITORY": "o/r"}) == ("github.com", "o/r")
        assert launch.repository(tmp_path, {"ALIVE_REPOSITORY": "nowhere"}) is None

    def test_somebody_elses_forge(self, tmp_path: Path) -> None:
        env = {"GITHUB_REPOSITORY": "o/r", "GITHUB_SERVER_URL": "https://git.firm.example"}
        assert launch.repository(tmp_path, env) is None

    def test_no_git_no_links(self, tmp_path: Path) -> None:
        assert launch.git(tmp_path / "gone", "remote") is None
        assert launch.branch(tmp_path, {}) == "main"
        assert launch.branch(tmp_path, {"ALIVE_BRANCH": "draft"}) == "draft"

    def test_links_lead_to_the_notebook(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ALIVE_REPOSITORY", "https://github.com/o/r")
        monkeypatch.setenv("ALIVE_BRANCH", "a/b")
        layout = "{% for l in launch_links %}[{{ l.name }} {{ l.href }}]{% endfor %}"
        files = {
            "index.ipynb": notebook("# P\n", Cell(), "```{toctree}\nwords\nlone\n```\n"),
            "words.md": "# Words\n",
            "lone.ipynb": notebook("# Lone\n", Cell()),
            "notebooks/index.ipynb": notebook("# P\n"),
            "_t/layout.html": layout,
        }
        book = build(tmp_path, files, templates_path=["_t"])
        assert book.page("index") == (
            "[Binder https://mybinder.org/v2/gh/o/r/a%2Fb?urlpath=lab/tree/notebooks/index.ipynb]"
            "[Colab https://colab.research.google.com/github/o/r/blob/a%2Fb/notebooks/index.ipynb]"
        )
        assert book.page("words") == "", "no notebook, no links"
        assert book.page("lone") == "", "its notebook is not there"


class TestTidy:
    def test_junk_goes_and_the_rest_stays(self) -> None:
        class Asset:
            def __init__(self, filename: str | None, **attributes: str) -> None:
                self.filename, self.attributes = filename, attributes

        junk = [
            Asset(None, body="const THEBE_JS_URL = 'https://x'"),
            Asset("_static/sphinx-thebe.js"),
            Asset("https://cdn.example/require.js/2.3.4/require.min.js"),
        ]
        good = [
            Asset("_static/doctools.js"),
            Asset(None, type=widgets.STATE, body='{"text": "thebe"}'),
            "plain.js",
        ]
        assert [tidy.unwanted(a, tidy.UNWANTED) for a in junk] == [True] * 3
        assert [tidy.unwanted(a, tidy.UNWANTED) for a in good] == [False] * 3


class TestPictures:
    def test_a_still_picture_keeps_its_words(self, tmp_path: Path) -> None:
        meta = {"alt": "Alt & text", "title": "T", "caption": "C", "exhibit": "still"}
        html = page(tmp_path, Cell([({"image/png": png(50, 25)}, {"image/png": meta})])).page(
            "index"
        )
        assert 'id="still"' in html
        assert 'alt="Alt &amp; text" width="50" height="25"' in html
        assert '<p class="live-title">T</p>' in html

    def test_a_dense_picture_says_its_size(self, tmp_path: Path) -> None:
        meta = {"alt": "x", "width": 25, "height": 12}
        html = page(tmp_path, Cell([({"image/png": png(50, 24)}, {"image/png": meta})])).page(
            "index"
        )
        assert 'width="25" height="12"' in html

    def test_a_name_that_is_no_name(self, tmp_path: Path) -> None:
        cell = Cell([({"image/png": png()}, {"image/png": {"alt": "x", "exhibit": "two words"}})])
        book = page(tmp_path, cell)
        assert ["exhibit name 'two words'" in line for line in book.warnings] == [True]
        assert "two words" not in book.page("index")

    def test_other_formats_get_one_picture(self, tmp_path: Path) -> None:
        meta = {"alt": "x", "dark": png(9, 9)}
        cell = Cell([({"image/png": png(), **view("a" * 32)}, {"image/png": meta})])
        book = page(tmp_path, cell, builder="latex")
        tex = next(book.html.glob("*.tex")).read_text()
        assert tex.count("includegraphics") == 1

    def test_words_can_not_leave_their_place(self, tmp_path: Path) -> None:
        meta = {"alt": '"><script>x</script>', "title": "<b>", "caption": "</figcaption><i>"}
        html = page(tmp_path, Cell([({"image/png": png()}, {"image/png": meta})])).page("index")
        assert "<script>x" not in html
        assert "&lt;b&gt;" in html
        assert "&lt;/figcaption&gt;&lt;i&gt;" in html

    def test_pictures_become_lighter_and_look_the_same(self) -> None:
        from PIL import Image

        wide = Image.linear_gradient("L").resize((300, 200)).convert("RGB")
        out = io.BytesIO()
        wide.save(out, "PNG", compress_level=0)
        small = widgets.lighter(out.getvalue())
        assert len(small) < len(out.getvalue()) / 2
        again = Image.open(io.BytesIO(small)).convert("RGB")
        pairs = zip(wide.tobytes(), again.tobytes(), strict=True)
        assert max(abs(a - b) for a, b in pairs) <= 2
        assert widgets.lighter(small) == small
        glass = Image.new("RGBA", (40, 40), (1, 2, 3, 128))
        out = io.BytesIO()
        glass.save(out, "PNG")
        assert widgets.lighter(out.getvalue()) == out.getvalue()

    @pytest.mark.parametrize("data", [b"", b"GIF89a" + b"\0" * 30])
    def test_what_is_no_png(self, data: bytes) -> None:
        with pytest.raises(ValueError, match="not a PNG"):
            widgets.png_size(data)


def test_the_bundles_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sphinx_alive import assets

    monkeypatch.setattr(assets, "BUILT", tmp_path / "nowhere")
    with pytest.raises(ExtensionError, match=r"node site/sphinx_alive/build\.mjs"):
        build(tmp_path, {"index.md": "# A\n"})


def test_no_word_of_the_books_subject() -> None:
    """The extension serves any book."""
    words = re.compile(r"positional|encoding of pos|posenc|sinusoid|transformer", re.IGNORECASE)
    for path in (SITE / "sphinx_alive").rglob("*"):
        if path.suffix in (".py", ".js", ".mjs", ".css", ".md") and "static" not in path.parts:
            assert not words.search(path.read_text("utf-8")), path


def test_pages_are_read_and_written_side_by_side(tmp_path: Path) -> None:
    """What pages show and ask for comes together again when several processes read them."""
    names = [f"p{n}" for n in range(12)]
    # The first page is written before the writers part ways: KaTeX has been started by then.
    files = {"index.md": "# Index\n\n$y$\n\n```{toctree}\n" + "\n".join(names) + "\n```\n"}
    for n, name in enumerate(names):
        meta = {"alt": "", "exhibit": f"waves{n}"}
        cell = Cell([({"image/png": png(), **view("a" * 32)}, {"image/png": meta})])
        text = f"$x_{{{n}}}$ {{set}}`next <waves{(n + 1) % 12}?b=1>`\n"
        late = Cell(tags=["figure"]) if n == 7 else "Well.\n"
        files[f"{name}.ipynb"] = notebook(f"# {name}\n", text, cell, late, state=STATE)
    book = build(tmp_path, files, jobs=3)
    assert book.warnings == []
    assert str(book.error).count("shows no figure") == 1
    assert "p7.ipynb" in str(book.error)
    for n, name in enumerate(names):
        html = book.page(name)
        assert html.count("katex-mathml") == 1
        assert f'href="p{(n + 1) % 12}.html#waves{(n + 1) % 12}?b=1"' in html


class TestFonts:
    def test_each_page_gets_the_letters_it_uses(self, tmp_path: Path) -> None:
        files = {"index.md": "# A Zebra\n\n$x + \\omega$ and `code`\n"}
        book = build(tmp_path, files)
        folder = book.html / "_static" / "alive" / "katex"
        whole = (folder / "fonts" / "KaTeX_Math-Italic.woff2").stat().st_size
        assert (folder / "fonts" / "KaTeX_Math-Italic.part.woff2").stat().st_size < whole * 0.7
        css = (folder / "katex.css").read_text("utf-8")
        before, after = css.split(fonts.MARK)
        assert before.count("@font-face") == 20
        (italic,) = [line for line in after.splitlines() if "Math-Italic.part" in line]
        assert italic.endswith("unicode-range:U+20,U+41-5A,U+61-7A,U+A0,U+3C9}")
        (plain,) = [line for line in after.splitlines() if "Main-Regular.part" in line]
        assert plain.endswith("unicode-range:U+20,U+2B,U+A0}")
        assert "Main-Bold" not in after, "no formula sets anything in it"
        build(tmp_path, {"index.md": "# A\n\n$y$\n"})
        again = (folder / "katex.css").read_text("utf-8")
        assert again.startswith(before + fonts.MARK)
        assert again.count(fonts.MARK) == 1
        assert "U+3C9" not in again.split(fonts.MARK)[1]

    def test_letters_are_those_of_formulas(self) -> None:
        html = (
            '<p>No</p><span class="katex"><span class="katex-mathml">M</span>'
            '<span class="katex-html" aria-hidden="true"><span>a<svg><path d="x"/></svg></span>'
            '<span class="mathnormal">&lt; b<span class="textbf">c</span>d</span></span></span>'
            "<p>No<br>more</p>"
        )
        css = ".katex .mathnormal,.katex .x{font-family:KaTeX_Math;font-style:italic}"
        known = fonts.styles(css + ".katex .textbf{font-weight:bold}.katex .a .b{font-style:no}")
        assert fonts.letters([html, "<p>Z</p>"], known) == {
            fonts.PLAIN: {"a"},
            ("KaTeX_Math", "italic", "400"): {"<", "b", "d"},
            ("KaTeX_Math", "italic", "700"): {"c"},
        }

    def test_classes_are_read_from_katex_s_own_sheet(self) -> None:
        sheet = ROOT / "node_modules" / "katex" / "dist" / "katex.min.css"
        known = fonts.styles(sheet.read_text("utf-8"))
        assert known["mathnormal"] == {"family": "KaTeX_Math", "style": "italic"}
        assert known["mathbf"] == {"family": "KaTeX_Main", "weight": "700"}
        assert known["textit"] == {"style": "italic"}
        assert known["mathbb"] == {"family": "KaTeX_AMS"}

    def test_ranges(self) -> None:
        assert fonts.ranges([0x43, 0x41, 0x42, 0x58]) == "U+41-43,U+58"

    def test_they_may_stay_whole(self, tmp_path: Path) -> None:
        book = build(tmp_path, {"index.md": "# A\n\n$x$\n"}, alive_katex_cut=False)
        folder = book.html / "_static" / "alive" / "katex"
        assert not list(folder.rglob("*.part.woff2"))
        assert fonts.MARK not in (folder / "katex.css").read_text("utf-8")
