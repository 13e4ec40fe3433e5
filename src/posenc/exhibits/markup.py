"""The little markup of titles, instructions and captions, for where there is no JavaScript.

``*t*`` is a mathematical letter, ``[sines]{sin}`` a word in the colour of its meaning,
``**Notice**`` strong. ``js/inline.js`` draws the same markup live.
"""

from __future__ import annotations

import re

_PATTERN = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*|\[(.+?)\]\{(?:pos|off|tok|sin|cos)\}")


def plain(source: str) -> str:
    """The text without its marks: ``"[sines]{sin} of *t*"`` -> ``"sines of t"``."""
    previous = None
    while previous != source:
        previous = source
        source = _PATTERN.sub(lambda m: next(g for g in m.groups() if g is not None), source)
    return source
