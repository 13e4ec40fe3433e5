/**
 * Which of these? Words, each a real radio button. Check marks the right one and explains it and
 * the one that was chosen.
 */

import { inline } from "./inline.js";
import { judge } from "./predict.js";
import { setTraits, stateOf, timed } from "./view.js";

const TRAITS = ["guess", "truth", "answered", "explain", "words", "reasons"];

/** How choice and truth compare, in a sentence. */
export function choiceVerdict({ guess, truth, words }) {
  return guess === truth ? "Just so." : `Not this one: it is “${words[truth]}”.`;
}

const fix = judge(choiceVerdict);

export const choice = {
  initialize({ model }) {
    const tidy = (changed) => {
      const state = stateOf(model, TRAITS);
      setTraits(model, { ...fix(state, changed), ready: state.guess >= 0 });
    };
    for (const name of TRAITS) model.on(`change:${name}`, () => tidy(name));
    tidy();
  },
  render({ model, el }) {
    el.classList.add("posenc-view", "posenc-choice");
    const group = document.createElement("div");
    group.setAttribute("role", "radiogroup");
    group.setAttribute("aria-labelledby", `${model.get("name")}-question`);
    el.append(group);
    const { words, reasons } = stateOf(model, ["words", "reasons"]);
    const rows = words.map((word, k) => {
      const row = document.createElement("div");
      row.className = "option";
      const label = document.createElement("label");
      const input = document.createElement("input");
      input.type = "radio";
      input.name = `${model.get("name")}-choice`;
      input.value = String(k);
      input.addEventListener("change", () => setTraits(model, { guess: k }));
      const name = document.createElement("span");
      name.append(inline(word));
      label.append(input, name);
      const why = document.createElement("p");
      why.className = "why";
      why.append(inline(reasons[k]));
      row.append(label, why);
      group.append(row);
      return { row, input, why };
    });
    const show = () => {
      const { guess, truth, answered } = stateOf(model, TRAITS);
      for (const [k, { row, input, why }] of rows.entries()) {
        input.checked = k === guess;
        row.classList.toggle("mine", k === guess);
        row.classList.toggle("truth", answered && k === truth);
        why.hidden = !(answered && (k === truth || k === guess));
      }
    };
    for (const name of ["guess", "answered"]) model.on(`change:${name}`, () => timed(show));
    timed(show);
    el.posenc = {
      state: () => stateOf(model, TRAITS),
      geometry: () => ({}),
      facts: () => ({ guess: words[model.get("guess")] ?? "" }),
      data: () => undefined,
      say: () => words[model.get("guess")] ?? "Nothing chosen yet.",
      memory: () => ({ shown: rows.map(({ row }) => row.className) }),
    };
    let frame = 0;
    const stand = () => {
      if (!el.isConnected) {
        frame = requestAnimationFrame(stand);
        return;
      }
      el.dataset.drawn = "";
      el.dispatchEvent(new CustomEvent("posenc:drawn", { bubbles: true }));
    };
    stand();
    return () => cancelAnimationFrame(frame);
  },
};
