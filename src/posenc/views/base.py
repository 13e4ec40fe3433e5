"""What every view shares on the Python side: one module of JavaScript, one style sheet.

A view is an anywidget. Its look and its behaviour live in ``posenc/js`` (bundled into
``static/views.js``); Python declares the traits and checks what is put into them. The trait
``kind`` tells the bundle which view to draw.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets as T

STATIC = Path(__file__).resolve().parent.parent / "static"


def _style() -> str:
    """The design tokens and the look of the exhibits, as one style sheet."""
    return "\n".join((STATIC / name).read_text("utf-8") for name in ("tokens.css", "views.css"))


class View(anywidget.AnyWidget):
    """Base of all views. ``kind`` is the name under which ``js/index.js`` knows the drawing.

    A view that shows the numbers of a real model has a trait ``payload`` with their bytes
    (``data.raw`` or ``data.pack``), or several traits with a part each. A page of the book keeps each
    in a file of its own, which is fetched when the figure comes near the window and its state needs
    it; ``js/view.js`` waits for them.
    """

    _esm = (STATIC / "views.js").read_text("utf-8")
    _css = _style()
    kind = T.Unicode().tag(sync=True)
    #: What a page may fetch later; see site/sphinx_alive/README.md.
    _alive_later = T.List(T.Unicode()).tag(sync=True)

    @T.default("_alive_later")
    def _can_wait(self) -> list[str]:
        return [name for name, trait in self.traits().items() if isinstance(trait, T.Bytes)]


def bind_choice(view: Any, name: str) -> None:
    """Keeps the trait ``NAME_index`` equal to the place of trait ``name`` in its list of words.

    A Dropdown or ToggleButtons synchronises its ``index``, never its value, so a jslink needs
    the place in the list. The JavaScript side does the same when there is no kernel.
    """
    words = list(view.traits()[name].values)
    index = f"{name}_index"

    def from_word(change: Any) -> None:
        setattr(view, index, words.index(change["new"]))

    def from_index(change: Any) -> None:
        if 0 <= change["new"] < len(words):
            setattr(view, name, words[change["new"]])

    view.observe(from_word, name)
    view.observe(from_index, index)
    setattr(view, index, words.index(getattr(view, name)))
