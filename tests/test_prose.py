"""What the prose says to a figure: every phrase, dragged number and following word, on its page.

A phrase is followed as a reader would, one after the other down the page, and the figure must then
be in the state that it asks for. Unknown settings and unfit values fail the build already; here it
is seen that the figure comes to be so (one setting may limit another), and that every word that
follows a figure is one that the figure computes.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from bs4 import BeautifulSoup
from built import SITE, fresh
from jsonschema import Draft202012Validator
from playwright.sync_api import Page

from posenc import views
from posenc.exhibits.frame import Setting

BOOK = sorted(p.relative_to(SITE).as_posix() for p in (SITE / "book").glob("*.html"))

#: What an open page says of its figures and its prose.
TOOLS = """
const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
const figures = new Map();
for (const model of (await window.sphinxAlive?.models()) ?? []) {
  const rules = model.get("rules");
  if (Array.isArray(rules)) figures.set(model.get("name"), rules);
}
const state = async (name) => Object.fromEntries(await Promise.all(
  (figures.get(name) ?? []).map(async ({ key, model, trait }) => {
    const target = await sphinxAlive.model(model.slice("IPY_MODEL_".length));
    return [key, target.get(trait)];
  })));
const said = (name) =>
  document.querySelector(`[data-exhibit="${name}"] .tools .status`)?.textContent ?? "";
const facts = (name) => Object.assign({}, ...[
  ...document.querySelectorAll(`[data-exhibit="${name}"] .posenc-view`),
].map((view) => view.posenc?.facts() ?? {}));
"""
FOLLOW = f"""async () => {{ {TOOLS}
const found = [];
for (const phrase of document.querySelectorAll('a.set[href^="#"]')) {{
  const name = phrase.hash.slice(1).split("?")[0];
  phrase.click();
  await frame();
  found.push({{ href: phrase.getAttribute("href"), state: await state(name), said: said(name) }});
}}
return found; }}"""
STATE = f"async (name) => {{ {TOOLS} return state(name); }}"
NUMBERS = """() => [...document.querySelectorAll(".scrub")].map((scrub) => ({
  target: scrub.dataset.state, words: scrub.textContent,
  role: scrub.getAttribute("role"), now: scrub.getAttribute("aria-valuenow") }))"""
WORDS = f"""async () => {{ {TOOLS} await frame();
return [...document.querySelectorAll("output.fact")].map((fact) => {{
  const [name, key] = fact.dataset.fact.split("?");
  return {{ target: fact.dataset.fact, words: fact.textContent, computed: facts(name)[key] ?? null }};
}}); }}"""


def same(asked: str, now: Any) -> bool:
    return asked == now if isinstance(now, str) else now is not None and float(asked) == now


def unmet(href: str, state: dict[str, Any]) -> list[str]:
    """What a figure is not, though a link to one of its states asks for it."""
    pairs = parse_qsl(urlsplit(href).fragment.partition("?")[2])
    return [
        f"{href} asks for {key} = {asked}, and the figure has {state.get(key)}"
        for key, asked in pairs
        if not same(asked, state.get(key))
    ]


def amiss(page: Page) -> list[str]:
    """What is wrong with the prose of an open page that nobody has touched."""
    found = [
        f"{n['target']}: cannot be dragged"
        for n in page.evaluate(NUMBERS)
        if n["role"] != "spinbutton" or not re.fullmatch(r"-?[\d.]+", n["now"] or "")
    ]
    found += [
        f"{word['target']}: its figure computes no such word, or another: {word}"
        for word in page.evaluate(WORDS)
        if word["words"] != word["computed"]
    ]
    for phrase in page.evaluate(FOLLOW):
        found += unmet(phrase["href"], phrase["state"])
        if "asks for what the exhibit cannot show" in phrase["said"]:
            found.append(f"{phrase['href']}: {phrase['said']}")
    return found


@pytest.mark.parametrize("name", BOOK)
def test_the_prose_does_what_it_says(open_page, name: str) -> None:
    assert amiss(open_page(name)) == []


@pytest.mark.parametrize("name", BOOK)
def test_numbers_and_words_are_written_as_the_figure_has_them(open_page, name: str) -> None:
    """What stands in the page before any script has run is what stands there after."""
    page = BeautifulSoup(fresh(SITE / name).read_text("utf-8"), "html.parser")
    tied = ".scrub, output.fact"
    written = [tag.get_text() for tag in page.select(tied)]
    assert open_page(name).locator(tied).all_text_contents() == written


SETTINGS = {
    "number": {"min": 1, "max": 10},
    "whole": {"min": 1, "max": 10},
    "even": {"min": 2, "max": 10},
    "choice": {"options": ("one", "three")},
    "text": {"max": 3},
}


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_phrase_may_ask_for_what_python_may_set(kind: str) -> None:
    setting = Setting(views.Heatmap(), "base", "b", kind=kind, **SETTINGS[kind])
    schema = Draft202012Validator(setting.schema())
    taken = []
    for value in (-1, 0, 1, 2, 2.0, 2.5, 3, 10, 10.5, 11, "", "one", "two", "three"):
        try:
            setting.check("b", value)
        except (TypeError, ValueError):
            assert not schema.is_valid(value), value
        else:
            assert schema.is_valid(value), value
            taken.append(value)
    assert 0 < len(taken) < 14


def test_phrases_that_lead_to_another_page_arrive(open_page) -> None:
    links = [
        (name, str(a["href"]))
        for name in BOOK
        for a in BeautifulSoup(fresh(SITE / name).read_text("utf-8"), "html.parser").select("a.set")
        if not str(a["href"]).startswith("#")
    ]
    assert links, "no phrase leads to another page: take this test away"
    for name, href in links:
        page = open_page(f"{name.rpartition('/')[0]}/{href}")
        exhibit = urlsplit(href).fragment.partition("?")[0]
        assert unmet(href, page.evaluate(STATE, exhibit)) == [], name
        assert page.locator(f"[data-exhibit={exhibit}] .x-note").count() == 0, name


def test_what_is_amiss_is_found(browser, site) -> None:
    """A phrase, a number and a word that ask for what is not there, planted into a page."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()

    def plant(route: Any) -> None:
        answer = route.fetch()
        prose = (
            '<a class="set" href="#heatmap?zz=5">x</a> <a class="set" href="#heatmap?d=7">x</a>'
            '<span class="scrub" data-state="heatmap?zz">1</span>'
            '<output class="fact" data-fact="heatmap?zz">1</output></main>'
        )
        text = answer.text()
        assert text.count("</main>") == 1
        route.fulfill(response=answer, body=text.replace("</main>", prose))

    page.route("**/book/sinusoids.html", plant)
    page.goto(f"{site}/book/sinusoids.html")
    page.wait_for_function("document.documentElement.dataset.widgets === 'ready'")
    page.evaluate("sphinxAlive.wake()")
    page.wait_for_function("document.querySelector('[data-exhibit=heatmap][data-ready]')")
    found = "\n".join(amiss(page))
    context.close()
    for what in (
        "heatmap?zz: cannot be dragged",
        "heatmap?zz: its figure computes no such word",
        "#heatmap?zz=5 asks for zz = 5, and the figure has None",
        "#heatmap?d=7 asks for d = 7",
        "#heatmap?d=7: This phrase asks for what the exhibit cannot show",
    ):
        assert what in found
