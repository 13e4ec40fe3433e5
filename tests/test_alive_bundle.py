"""The browser bundles of sphinx_alive: the same bytes each time, and a stop where a package changed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from alive_books import ROOT, SITE

MODULES = ROOT / "node_modules"


def bundle(folder: Path, package: str, file: str, change: Callable[[str], str]) -> Path:
    """A copy of the extension whose node_modules differ from ours in one file; its folder."""
    copy = folder / "site" / "sphinx_alive"
    shutil.copytree(
        SITE / "sphinx_alive", copy, ignore=shutil.ignore_patterns("static", "__pycache__")
    )
    shutil.copy(ROOT / "package.json", folder)
    (folder / "node_modules").mkdir()
    for path in MODULES.iterdir():
        if path.name == package.split("/")[0]:
            shutil.copytree(path, folder / "node_modules" / path.name)
        else:
            (folder / "node_modules" / path.name).symlink_to(path)
    changed = folder / "node_modules" / package / file
    changed.write_text(change(changed.read_text("utf-8")), "utf-8")
    return copy


def run(copy: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", str(copy / "build.mjs")], capture_output=True, text=True, timeout=120
    )


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    copy = bundle(tmp_path, "anywidget", "dist/index.js", lambda text: text)
    done = run(copy)
    assert done.returncode == 0, done.stderr
    ours, theirs = (root / "static" / "alive" for root in (SITE / "sphinx_alive", copy))
    names = {p.relative_to(ours) for p in ours.rglob("*") if p.is_file()}
    assert names == {p.relative_to(theirs) for p in theirs.rglob("*") if p.is_file()}
    assert [n for n in names if (ours / n).read_bytes() != (theirs / n).read_bytes()] == []
    assert not (copy / "static.new").exists()


@pytest.mark.parametrize(
    ("package", "file", "before", "after", "word"),
    [
        (
            "anywidget",
            "dist/index.js",
            'define(["@jupyter-widgets/base"], widget_default)',
            'define("anywidget", ["@jupyter-widgets/base"], widget_default)',
            "AMD footer",
        ),
        (
            "anywidget",
            "dist/index.js",
            "throwAnywidgetError(result.error)",
            "showError(result.error)",
            "report of a module that failed",
        ),
        ("backbone", "backbone.js", "_.once(", "_.debounce(", "now uses debounce"),
        (
            "@jupyter-widgets/controls",
            "lib/widget_box.js",
            "this.$el = $(this.luminoWidget.node);",
            "this.$el = $(this.luminoWidget.node); this.$el.fadeIn();",
            "now uses fadeIn",
        ),
        (
            "@jupyter-widgets/controls",
            "lib/widget_box.js",
            "} from '@lumino/widgets'",
            ", DockPanel } from '@lumino/widgets'",
            'No matching export in "js/lumino.js" for import "DockPanel"',
        ),
        ("katex", "dist/katex.min.css", "woff2)", "woff3)", "KaTeX's style sheet"),
    ],
)
def test_a_package_that_changed_stops_the_bundling(
    tmp_path: Path, package: str, file: str, before: str, after: str, word: str
) -> None:
    def change(text: str) -> str:
        if before not in text:  # then this test would prove nothing
            raise AssertionError(f"{package}/{file} no longer says {before!r}")
        return text.replace(before, after) + "\n" + ("DockPanel;" if "DockPanel" in after else "")

    copy = bundle(tmp_path, package, file, change)
    shutil.copytree(SITE / "sphinx_alive" / "static", copy / "static")
    done = run(copy)
    assert done.returncode != 0
    assert word in done.stderr
    assert (copy / "static" / "alive" / "widgets.js").exists(), "what was there is left as it was"
