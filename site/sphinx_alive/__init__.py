"""Live figures, maths and a strict policy for Jupyter Book 1 and any Sphinx site with myst-nb.

Add ``sphinx_alive`` to the extensions of a book and its widgets answer on the static pages, without
a kernel, a server or another host. Each module does one job and can be read on its own:

=============  ===================================================================================
`widgets`      widget views keep their picture and come alive; the state is cut down
`parts`        a widget's module in parts, so that a page loads what its figures need
`figures`      plotly figures with one shared plotly.js, and a text alternative
`stills`       their pictures, for paper and for pages without JavaScript
`maths`        KaTeX at build time
`fonts`        KaTeX's fonts, cut to the letters of the book
`links`        roles that tie a phrase or a number in the prose to a figure
`settings`     what they ask for, against what the figure says it has
`checks`       a build that cannot lie: a figure that is due and missing fails the build
`policy`       Content-Security-Policy on every page; nothing from another host
`launch`       links that open a page's notebook on Binder and Colab
`tidy`         what the default theme loads and the policy would refuse
=============  ===================================================================================

README.md in this folder is the manual.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from . import assets, checks, figures, fonts, launch, links, maths, parts, policy, tidy, widgets

__version__ = "0.1.0"

PARTS = (assets, widgets, parts, figures, maths, fonts, links, checks, launch, tidy, policy)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register every part with Sphinx. Raises `ExtensionError` if the bundles were not built."""
    app.setup_extension("myst_nb")
    for part in PARTS:
        part.setup(app)
    return {
        "version": __version__,
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
