/**
 * Prose that drives an exhibit: links to a state (`a.set`), numbers to drag (`.scrub`) and
 * computed words that follow (`output.fact`), found anywhere in the document by the exhibit's name.
 */

import { parameter } from "./format.js";
import { parseFragment, readState } from "./state.js";

const DRAG = 6; // px of sideways drag for one step

export function wireProse(exhibit, signal) {
  const { root, name } = exhibit;
  const phrases = [...document.querySelectorAll("a.set[href]")].filter((a) =>
    parseFragment(a.getAttribute("href"), name),
  );
  for (const phrase of phrases) wirePhrase(exhibit, phrase, phrases, signal);
  const scrubs = [...document.querySelectorAll(".scrub[data-state]")].filter((s) =>
    s.dataset.state.startsWith(`${name}?`),
  );
  for (const scrub of scrubs) wireScrub(exhibit, scrub, signal);
  const facts = [...document.querySelectorAll("output.fact[data-fact]")].filter((f) =>
    f.dataset.fact.startsWith(`${name}?`),
  );

  let asked = 0;
  const update = () => {
    asked = 0;
    const state = exhibit.read();
    for (const phrase of phrases)
      if (phrase.posencUsed)
        phrase.classList.toggle(
          "on",
          Object.entries(phrase.posencUsed).every(
            ([k, v]) => Math.abs(state[k] - v) < 1e-9 || state[k] === v,
          ),
        );
    for (const scrub of scrubs) showScrub(exhibit, scrub, state);
    const words = facts.length ? exhibit.facts() : {};
    for (const fact of facts) {
      const word = words[fact.dataset.fact.slice(name.length + 1)];
      if (word !== undefined && fact.textContent !== word) fact.textContent = word;
    }
  };
  const ask = () => {
    if (!asked) asked = requestAnimationFrame(update);
  };
  root.addEventListener("posenc:state", ask, { signal });
  root.addEventListener("posenc:drawn", ask, { signal });
}

function wirePhrase(exhibit, phrase, all, signal) {
  phrase.addEventListener(
    "click",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return; // a new tab is a new tab
      event.preventDefault();
      const { patch, problems } = readState(
        exhibit.rules,
        parseFragment(phrase.getAttribute("href"), exhibit.name),
      );
      if (problems.length)
        exhibit.tell(`This phrase asks for what the exhibit cannot show: ${problems.join("; ")}`);
      for (const other of all) {
        other.posencUsed = null;
        other.classList.remove("on");
      }
      phrase.posencUsed = patch;
      phrase.classList.add("on");
      bring(exhibit, phrase);
      exhibit.glide(patch);
    },
    { signal },
  );
}

/** Brings the drawing into sight if it is not, and leaves a way back to the sentence. */
function bring(exhibit, phrase) {
  const drawing = exhibit.root.querySelector(".stage") ?? exhibit.root;
  const box = drawing.getBoundingClientRect();
  const seen = Math.min(box.bottom, innerHeight) - Math.max(box.top, 56);
  if (seen >= Math.min(box.height, innerHeight - 56) * 0.6) return;
  const y = scrollY;
  exhibit.show();
  exhibit.tell("", {
    label: "Back to the sentence",
    run: () => {
      scrollTo({ top: y });
      phrase.focus({ preventScroll: true });
      exhibit.tell("");
    },
  });
}

function ruleOf(exhibit, scrub) {
  return exhibit.rules.find((r) => r.key === scrub.dataset.state.slice(exhibit.name.length + 1));
}

function showScrub(exhibit, scrub, state) {
  const rule = ruleOf(exhibit, scrub);
  if (!rule) return;
  const words = parameter(state[rule.key]);
  if (scrub.textContent !== words) scrub.textContent = words;
  scrub.setAttribute("aria-valuenow", String(state[rule.key]));
  scrub.setAttribute("aria-valuetext", words);
}

/** The next value of a number in the prose: along its list of steps, or one per cent of its scale. */
function nudge(rule, value, by) {
  const bounded = (x) => Math.min(rule.max, Math.max(rule.min, x));
  if (rule.steps) {
    const here = rule.steps.findIndex((s) => s >= value);
    return rule.steps[
      Math.min(rule.steps.length - 1, Math.max(0, (here < 0 ? rule.steps.length - 1 : here) + by))
    ];
  }
  if (!rule.log) return bounded(value + by);
  const next = value * 10 ** (by * 0.05);
  const power = 10 ** Math.max(0, Math.floor(Math.log10(next)) - 1);
  const tidy = Math.round(next / power) * power;
  return bounded(tidy === value ? value + Math.sign(by) : tidy);
}

function wireScrub(exhibit, scrub, signal) {
  const rule = ruleOf(exhibit, scrub);
  if (!rule) return;
  scrub.tabIndex = 0;
  scrub.setAttribute("role", "spinbutton");
  scrub.setAttribute("aria-label", rule.label);
  scrub.setAttribute("aria-valuemin", String(rule.min));
  scrub.setAttribute("aria-valuemax", String(rule.max));
  showScrub(exhibit, scrub, exhibit.read());
  const step = (by) => exhibit.apply({ [rule.key]: nudge(rule, exhibit.read()[rule.key], by) });
  const width = rule.steps ? DRAG * 4 : DRAG;
  let start = null;
  let done = 0;
  scrub.addEventListener(
    "pointerdown",
    (event) => {
      start = event.clientX;
      done = 0;
      scrub.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  scrub.addEventListener(
    "pointermove",
    (event) => {
      if (start === null) return;
      const steps = Math.trunc((event.clientX - start) / width);
      if (steps !== done) step(steps - done);
      done = steps;
    },
    { signal },
  );
  const release = () => {
    start = null;
  };
  scrub.addEventListener("pointerup", release, { signal });
  scrub.addEventListener("pointercancel", release, { signal });
  scrub.addEventListener(
    "keydown",
    (event) => {
      const by = {
        ArrowUp: 1,
        ArrowRight: 1,
        ArrowDown: -1,
        ArrowLeft: -1,
        PageUp: 10,
        PageDown: -3,
      }[event.key];
      if (by) step(by);
      else if (event.key === "Home") exhibit.apply({ [rule.key]: rule.min });
      else if (event.key === "End") exhibit.apply({ [rule.key]: rule.max });
      else return;
      event.preventDefault();
    },
    { signal },
  );
}
