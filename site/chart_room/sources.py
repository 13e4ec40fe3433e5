"""A bibliography of its own for every chapter.

sphinxcontrib-bibtex keeps one list of citations for the whole book: two pages that list the same
source collide, and a citation leads to whichever list came first. Its way out is to write a prefix
before every key of a page and into its list. Authors should not have to, so it is done here, as the
page is read: ``{cite:p}`vaswani2017` `` on a page that has a list leads to that page's list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LIST = re.compile(r"^(?P<fence>`{3,}|:{3,})\{bibliography\}.*$", re.M)
CITED = re.compile(r"(?P<role>\{cite(?::\w+)?\}`)(?P<keys>[^`]+)`")


def own(app: Sphinx, docname: str, source: list[str]) -> None:
    """Give the citations and the list of a page a prefix that is the page's alone."""
    if not LIST.search(source[0]):
        return
    prefix = re.sub(r"\W+", "-", docname) + "-"

    def named(match: re.Match[str]) -> str:
        keys = ",".join(prefix + key.strip() for key in match["keys"].split(","))
        return f"{match['role']}{keys}`"

    text = CITED.sub(named, source[0])
    source[0] = LIST.sub(rf"\g<0>\n:keyprefix: {prefix}\n:labelprefix: {prefix}", text)


def setup(app: Sphinx) -> None:
    """Register with Sphinx; without sphinxcontrib-bibtex nothing will match."""
    app.connect("source-read", own)
