"""What Jupyter Book's defaults put on every page though it is of no use there, taken off again."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

#: Parts of a script's address or text that tell it: thebe runs cells on somebody else's server and
#: loads itself from another host; require.js served stock widgets, which are not used here.
UNWANTED = ("thebe", "THEBE_JS_URL", "require.min.js", "require.js/", "html-manager", "embed-amd")


def unwanted(asset: Any, words: tuple[str, ...]) -> bool:
    """Is this script or style sheet one of those? State and data blocks never are."""
    attributes = getattr(asset, "attributes", {})
    if str(attributes.get("type", "")).endswith("json"):
        return False
    text = f"{getattr(asset, 'filename', asset)} {attributes.get('body', '')}"
    return any(word in text for word in words)


def page_context(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    words = (*UNWANTED, *app.config.alive_unwanted)
    for key in ("script_files", "css_files"):
        files = context.get(key)
        if files is not None:
            files[:] = [asset for asset in files if not unwanted(asset, words)]


def set_mode(app: Sphinx, config: Config) -> None:
    """The default theme complains in the console of a book that says nothing of light and dark."""
    config.html_context.setdefault("default_mode", "auto")


def setup(app: Sphinx) -> None:
    app.connect("config-inited", set_mode)
    app.add_config_value("alive_unwanted", [], "html", [list, tuple])
    app.connect("html-page-context", page_context, priority=950)
