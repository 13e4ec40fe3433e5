"""Widget views: what stands on the page until they live, and the state they start from.

myst-nb keeps one form of an output. Here a widget view keeps its picture too: the cell's output is
wrapped in ``<div class="live">`` holding a ``<figure class="live-fallback">`` and the view's
``<script>``; static/alive/widgets.js draws the view and takes the picture away.

An output says what its picture is in its metadata::

    {"image/png": {"alt": ..., "title": ..., "caption": ..., "exhibit": NAME, "dark": BASE64}}

All keys may be missing. With `exhibit` the wrapper gets that name as its id and ``data-exhibit``;
with `settings` the phrases that set it are checked (`settings.py`).
"""

from __future__ import annotations

import base64
import dataclasses
import gzip
import hashlib
import io
import json
import re
import shutil
import struct
from binascii import a2b_base64
from collections import deque
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxTranslator

from .parts import parts_of

LOGGER = logging.getLogger(__name__)

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
PICTURE = "image/png"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")

#: A synced trait in which an anywidget lists its traits of bytes that it can wait for.
LATER = "_alive_later"
SOURCE = re.compile(r"\b[0-9a-f]{16}(?:\.(?:js|css|bin)\b|(?=/))")

CORE = ("@jupyter-widgets/base", "@jupyter-widgets/controls", "@jupyter-widgets/output")
LINKS = ("LinkModel", "DirectionalLinkModel")
MODEL_KEYS = (
    "_model_module",
    "_model_module_version",
    "_model_name",
    "_view_module_version",
)


class live(nodes.General, nodes.Element):  # noqa: N801 -- docutils names its nodes in lower case
    """A live figure: pictures (light, and dark if there is one) and the view to be drawn.

    Attributes: `view` (dict, the widget-view mime), `exhibit`, `title`, `caption` (str or None).
    """


class picture(nodes.General, nodes.Element):  # noqa: N801
    """A still picture with the metadata of its output, where no view goes with it."""


# ------------------------------------------------------------------- reading outputs (parse time)


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG in CSS pixels, from its header; density above 96 dpi is honoured.

    Raises ValueError if `data` is not a PNG.
    """
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        raise ValueError("not a PNG: its first bytes are not a PNG's signature and header")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def lighter(data: bytes) -> bytes:
    """The same PNG in a palette of 256 colours, a third of the bytes, if that is smaller.

    A drawing seldom has more colours than that, and a reader with JavaScript sees it for a moment.
    What is partly transparent, or has a palette already, stays as it is; so does everything where
    Pillow is not installed.
    """
    try:
        from PIL import Image
    except ImportError:
        return data
    with Image.open(io.BytesIO(data)) as image:
        if image.mode == "P":
            return data
        if "A" in image.getbands() and any(image.getchannel("A").histogram()[:255]):
            return data
        small = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return min(data, out.getvalue(), key=len)


def picture_nodes(renderer: Any, data: Any) -> list[nodes.Element] | None:
    """The image of an output, with its alt text, size and dark twin. None: leave it to myst-nb."""
    meta = data.output_metadata.get(PICTURE)
    if not isinstance(meta, dict) or not meta.keys() & {
        "alt",
        "title",
        "caption",
        "exhibit",
        "dark",
    }:
        return None
    try:
        raw = a2b_base64(data.content)
        width, height = png_size(raw)
    except ValueError as error:
        renderer.logger.warning(f"{PICTURE} output: {error}", subtype="picture", line=data.line)
        return []
    small = base64.b64encode(lighter(raw)).decode()
    light = renderer.render_image(dataclasses.replace(data, content=small))[0]
    match meta:
        case {"width": int(wide), "height": int(high)} if wide > 0 and high > 0:
            width, height = wide, high  # Jupyter's own keys, for a picture denser than the screen
    light["alt"] = str(meta.get("alt", ""))
    light["alive"] = {
        "width": width,
        "height": height,
        "title": meta.get("title"),
        "caption": meta.get("caption"),
        "exhibit": meta.get("exhibit"),
        "settings": meta.get("settings"),
    }
    found = [light]
    if meta.get("dark"):
        raw = lighter(a2b_base64(meta["dark"]))
        uri = renderer.write_file(
            [f"{hashlib.sha256(raw).hexdigest()}.png"], raw, overwrite=False, exists_ok=True
        )
        found.append(nodes.image(uri=uri, alt=light["alt"], alive_dark=True))
    return found


class PicturePlugin:
    """A myst-nb mime renderer: myst-nb itself drops the alt text and all the rest."""

    mime_priority_overrides = ()

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        if inline or data.mime_type != PICTURE or not active(renderer):
            return None
        return picture_nodes(renderer, data)


class ViewPlugin:
    """Keep a widget view as a node of ours, so that the page knows what it holds."""

    mime_priority_overrides = ()

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        if inline or data.mime_type != VIEW or not active(renderer):
            return None
        return [live(view=dict(data.content), exhibit=None, title=None, caption=None)]


def active(renderer: Any) -> bool:
    """Is this build one that uses the extension? (Renderers are shared by the whole process.)"""
    env = getattr(renderer.renderer, "sphinx_env", None)
    return env is not None and "sphinx_alive" in env.app.extensions


# ---------------------------------------------------------------- putting them together (per format)


def bundles(document: nodes.document) -> Iterator[tuple[nodes.container, dict[str, nodes.Element]]]:
    """Each output of the document with its forms: mime type to the container of its nodes."""
    for bundle in list(document.findall(nodes.container)):
        if bundle.get("nb_element") == "mime_bundle":
            yield bundle, {form["mime_type"]: form for form in bundle.children}


class Wrap(SphinxPostTransform):
    """HTML: join a view and its picture. Runs before myst-nb keeps only one of them."""

    default_priority = 3  # myst-nb's SelectMimeType is 4
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for bundle, forms in bundles(self.document):
            images = [
                node
                for node in (forms[PICTURE].children if PICTURE in forms else ())
                if isinstance(node, nodes.image)
            ]
            told = next((image["alive"] for image in images if "alive" in image), None)
            if VIEW in forms and isinstance(forms[VIEW].children[0], live):
                wrapper = forms[VIEW].children[0]
            elif told is not None:
                wrapper = picture()
            else:
                continue
            wrapper.source, wrapper.line = bundle.source, bundle.line
            if told:
                wrapper["title"], wrapper["caption"] = told["title"], told["caption"]
                wrapper["exhibit"] = self.name(told["exhibit"], bundle)
            wrapper += images
            bundle.replace_self([wrapper])

    def name(self, name: Any, bundle: nodes.Element) -> str | None:
        """A name that can be an id and stand before the `?` of a state link."""
        if name is None or (isinstance(name, str) and NAME.match(name)):
            return name
        LOGGER.warning(
            "exhibit name %r: use a letter, then letters, digits, - and _",
            name,
            location=bundle,
            type="alive",
            subtype="exhibit",
        )
        return None


class Plain(SphinxPostTransform):
    """Other formats: one picture, the light one."""

    default_priority = 3

    def run(self, **kwargs: Any) -> None:
        if self.app.builder.format == "html":
            return
        for image in list(self.document.findall(nodes.image)):
            if image.get("alive_dark"):
                image.parent.remove(image)


# ---------------------------------------------------------------------------------- writing HTML


def image_html(translator: Any, image: nodes.image, size: dict[str, Any], kind: str) -> str:
    """``<img>`` with its size, so that the page does not move when the picture arrives."""
    uri = image["uri"]
    if uri in translator.builder.images:
        uri = f"{translator.builder.imgpath}/{translator.builder.images[uri]}"
    return (
        f'<img class="{kind}" src="{escape(uri)}" alt="{escape(image.get("alt", ""))}"'
        f' width="{size["width"]}" height="{size["height"]}" loading="lazy" decoding="async" fetchpriority="low">'
    )


def fallback_html(translator: Any, node: nodes.Element) -> str:
    """The figure that stands until the view does, and for good where there is no JavaScript."""
    images = list(node.findall(nodes.image))
    size = next((image["alive"] for image in images if "alive" in image), None)
    if size is None:
        if not images:
            return ""
        body = "".join(
            f'<img src="{escape(translator.builder.imgpath)}/'
            f'{escape(translator.builder.images.get(i["uri"], i["uri"]))}" alt="{escape(i.get("alt", ""))}">'
            for i in images
        )
        return f'<figure class="live-fallback">{body}</figure>'
    paired = any(image.get("alive_dark") for image in images)
    parts = ['<figure class="live-fallback">']
    if node.get("title"):
        parts.append(f'<p class="live-title">{escape(str(node["title"]))}</p>')
    parts.append(f'<span class="live-frame" style="--w:{size["width"]};--h:{size["height"]}">')
    for image in images:
        kind = (
            "live-dark" if image.get("alive_dark") else "live-light" if paired else "live-picture"
        )
        parts.append(image_html(translator, image, size, kind))
    parts.append("</span>")
    if node.get("caption"):
        parts.append(f"<figcaption>{escape(str(node['caption']))}</figcaption>")
    parts.append("</figure>")
    return "".join(parts)


def visit_live(translator: SphinxTranslator, node: live) -> None:
    name = node.get("exhibit")
    named = f' data-exhibit="{name}" id="{name}"' if name else ""
    fallback = fallback_html(translator, node) or (
        '<noscript><p class="live-note">This figure needs JavaScript.</p></noscript>'
    )
    view = json.dumps(node["view"], separators=(",", ":")).replace("</", "<\\/")
    translator.body.append(
        f'<div class="live"{named}>\n{fallback}\n<script type="{VIEW}">{view}</script>\n</div>\n'
    )
    raise nodes.SkipNode


def visit_picture(translator: SphinxTranslator, node: picture) -> None:
    name = node.get("exhibit")
    html = fallback_html(translator, node)
    translator.body.append(f'<div class="live-still" id="{name}">{html}</div>' if name else html)
    raise nodes.SkipNode


def visit_other(translator: SphinxTranslator, node: nodes.Element) -> None:
    """Formats without live figures: pictures inside, if any, are written as such."""


def depart_other(translator: SphinxTranslator, node: nodes.Element) -> None:
    pass


# --------------------------------------------------------------------------------- the page's state


def references(value: Any) -> Iterator[str]:
    """Ids of the widgets that a piece of state refers to."""
    if isinstance(value, str):
        for prefix in ("IPY_MODEL_", "anywidget:"):
            if value.startswith(prefix):
                yield value[len(prefix) :]
    elif isinstance(value, dict):
        if isinstance(value.get(VIEW), dict):  # captured by an Output widget
            yield value[VIEW].get("model_id", "")
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def reachable(models: dict[str, Any], shown: Iterable[str]) -> list[str]:
    """Ids of what the shown views need: what they hold, and what is linked to any of it.

    In an order that comes from the page alone, whatever the ids are.
    """
    links = {
        name: [ref for ref in references(model["state"]) if ref in models]
        for name, model in models.items()
        if model.get("model_name") in LINKS
    }
    rank: dict[str, int] = {}
    queue = deque(name for name in shown if name in models)
    while queue:
        while queue:
            name = queue.popleft()
            if name not in rank:
                rank[name] = len(rank)
                queue += [ref for ref in references(models[name]["state"]) if ref in models]
        found = [n for n, ends in links.items() if n not in rank and any(e in rank for e in ends)]
        queue += sorted(found, key=lambda n: link_order(models[n]["state"], links[n], rank))
    return list(rank)


def link_order(state: dict[str, Any], ends: list[str], rank: dict[str, int]) -> tuple[Any, ...]:
    """What tells one link from another: whom it joins, and by which traits."""
    traits = [str(end[-1:]) for end in (state.get("source", ()), state.get("target", ()))]
    return *(rank.get(end, len(rank)) for end in ends), *traits


def without_defaults(model: dict[str, Any]) -> dict[str, Any]:
    """A model's state less what the browser's own defaults say. Only where they say the same."""
    state: dict[str, Any] = model["state"]
    kind = model.get("model_name", "")
    dropped = {
        key for key in ("_view_count", "tabbable", "tooltip", "_css") if state.get(key, 0) is None
    }
    if model.get("model_module") in CORE:
        dropped |= {key for key in MODEL_KEYS if key in state}
        if kind == "LayoutModel" or kind.endswith("StyleModel"):
            dropped |= {key for key, value in state.items() if value is None}
        if state.get("_dom_classes", 0) == []:
            dropped.add("_dom_classes")
    return {key: value for key, value in state.items() if key not in dropped}


def is_empty(model: dict[str, Any]) -> bool:
    """A layout or style that says nothing: nobody misses it."""
    kind = model.get("model_name", "")
    return (
        model.get("model_module") in CORE
        and (kind == "LayoutModel" or kind.endswith("StyleModel"))
        and not {key for key in model["state"] if not key.startswith("_")}
    )


def write_source(app: Sphinx, content: bytes, suffix: str, form: bytes | None = None) -> str:
    """Write a source once to ``_static/alive/``, named by its content; returns the file's name.

    `form`: what is written in its place, the same content packed.
    """
    name = f"{hashlib.sha256(content).hexdigest()[:16]}.{suffix}"
    path = Path(app.outdir, "_static", "alive", name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if form is None else form)
    return name


def hoist(app: Sphinx, model: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Move the bytes that an anywidget can wait for out of its model, each to a file of its own.

    A file is packed with gzip where that makes it smaller: few hosts pack what is not text.
    Returns the files by trait: ``{"payload": {"file": NAME, "packed": True}}``.
    """
    can_wait = model["state"].pop(LATER, None) or ()
    found: dict[str, dict[str, Any]] = {}
    kept = []
    for buffer in model.get("buffers") or ():
        match buffer:
            case {"path": [str(trait)], "encoding": "base64", "data": str(data)} if (
                trait in can_wait and data
            ):
                raw = base64.b64decode(data)
                small = gzip.compress(raw, 9, mtime=0)
                packed = len(small) < 0.95 * len(raw)
                file = write_source(app, raw, "bin", small if packed else None)
                found[trait] = {"file": file, "packed": packed}
            case _:
                kept.append(buffer)
    model.pop("buffers", None)
    if kept:
        model["buffers"] = kept
    return found


def shrink(
    app: Sphinx, state: dict[str, Any], shown: Iterable[str]
) -> tuple[dict[str, Any], set[str]]:
    """The state of a page, cut down to what its views need, sources moved to files.

    Returns the new state and the names of the files (in ``_static/alive/``) that it refers to.
    """
    models: dict[str, Any] = state["state"]
    files: set[str] = set()
    small: dict[str, Any] = {}
    first = set(reachable(models, list(shown)[:1]))
    for name in reachable(models, shown):
        model = models[name]
        slim = {**model, "state": without_defaults(model)}
        if model.get("model_module") == "anywidget" and (later := hoist(app, slim)):
            slim["later"] = later
            files |= {entry["file"] for entry in later.values()}
        for key, suffix in (("_esm", "js"), ("_css", "css")):
            text = slim["state"].get(key)
            if model.get("model_module") == "anywidget" and isinstance(text, str) and text:
                if re.match(r"https?://\S+\Z", text):
                    LOGGER.warning(
                        "a widget takes its %s from %s, which the page's policy refuses",
                        key,
                        text,
                        type="alive",
                        subtype="host",
                    )
                    continue
                parts = parts_of(app, text)
                if parts:
                    # the first figure of a page is seldom far: what it draws with comes at once
                    files.update(parts.needed([slim["state"]] if name in first else []))
                    slim["state"][key] = f"alive:{parts.address}"
                    continue
                file = write_source(app, text.encode(), suffix)
                files.add(file)
                if suffix == "css":
                    del slim["state"][key]  # linked from the page's head
                else:
                    slim["state"][key] = f"alive:{file}"
        small[name] = slim
    linked = {
        ref
        for model in small.values()
        if model.get("model_name") in LINKS
        for ref in references(model["state"])
    }
    empty = {name for name, model in small.items() if is_empty(model) and name not in linked}
    for model in small.values():
        for key in ("layout", "style"):
            if any(ref in empty for ref in references(model["state"].get(key))):
                del model["state"][key]
    slimmed = {name: model for name, model in small.items() if name not in empty}
    return {**state, "state": slimmed}, files


def renumbered(ids: Iterable[str], *texts: str) -> list[str]:
    """The texts with these ids written as w0, w1 ...: a kernel draws new ones in every run.

    So a page changes when what it says changes, and is 2 KB lighter.
    """
    short = {name: f"w{n}" for n, name in enumerate(ids)}
    if not short:
        return list(texts)
    pattern = re.compile("|".join(map(re.escape, short)))
    return [pattern.sub(lambda found: short[found[0]], text) for text in texts]


def page_context(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give a page with live figures its state and its scripts, and other pages neither."""
    scripts = context.get("script_files", [])
    states = [s for s in scripts if getattr(s, "attributes", {}).get("type") == STATE]
    shown = [node["view"]["model_id"] for node in doctree.findall(live)] if doctree else []
    ours = [s for s in scripts if str(getattr(s, "filename", "")).endswith("alive/widgets.js")]
    if not shown:
        for script in [*states, *ours]:
            scripts.remove(script)
        return
    assert doctree is not None
    missing = set(shown)
    for script in states:
        state = json.loads(script.attributes["body"])
        missing -= state["state"].keys()
        slim, files = shrink(app, state, shown)
        text = json.dumps(slim, separators=(",", ":"), ensure_ascii=False)
        body, context["body"] = renumbered(slim["state"], text, context["body"])
        script.attributes["body"] = body.replace("</", "<\\/").replace("<!--", "<\\u0021--")
        for file in sorted(files):
            if file.endswith(".css"):
                app.add_css_file(f"alive/{file}", priority=450)
        context["metatags"] = context.get("metatags", "") + "".join(
            f'<link rel="modulepreload" href="{escape(context["pathto"](f"_static/alive/{file}", 1))}">\n'
            for file in sorted(files)
            if file.endswith(".js")
        )
    for name in sorted(missing):
        LOGGER.warning(
            "the widget %s is shown but its state was not saved: it would stay dead on the page",
            name,
            location=page,
            type="alive",
            subtype="state",
        )
    app.add_css_file("alive/widgets.css", priority=310)
    app.add_js_file("alive/pictures.js", type="module", priority=400)


def sweep(app: Sphinx, error: Exception | None) -> None:
    """Take away the sources that no page refers to any more, left by earlier builds."""
    if error is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static", "alive")
    files = {
        path.name
        for path in folder.glob("*")
        if SOURCE.match(f"{path.name}/" if path.is_dir() else path.name)
    }
    for page in Path(app.outdir).rglob("*.html"):
        if not files:
            return
        files -= set(SOURCE.findall(page.read_text(encoding="utf-8", errors="replace")))
    for name in files:
        place = folder / name
        shutil.rmtree(place) if place.is_dir() else place.unlink()


def use_own_manager(app: Sphinx, config: Config) -> None:
    """Instead of the scripts from other hosts that myst-nb adds to pages with widgets."""
    config["nb_ipywidgets_js"] = {"alive/widgets.js": {"type": "module"}}


def setup(app: Sphinx) -> None:
    from myst_nb.core.render import load_mime_renders

    renderers = load_mime_renders()
    for plugin in (PicturePlugin, ViewPlugin):
        if plugin not in renderers:
            renderers.append(plugin)
    app.connect("config-inited", use_own_manager)
    app.add_node(
        live,
        html=(visit_live, None),
        latex=(visit_other, depart_other),
        text=(visit_other, depart_other),
        man=(visit_other, depart_other),
        texinfo=(visit_other, depart_other),
    )
    app.add_node(picture, html=(visit_picture, None))
    app.add_post_transform(Wrap)
    app.add_post_transform(Plain)
    app.connect("html-page-context", page_context, priority=900)
    app.connect("build-finished", sweep)
