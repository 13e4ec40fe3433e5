/**
 * Predict, then check: what all kinds of question share. The guess is made on the drawing,
 * in ink; Check draws the truth over it in the colour of position and says how the two compare.
 * The truth comes from Python with the page: nothing here computes it.
 */

import { inline } from "./inline.js";
import { setTraits } from "./view.js";

const CHECK = 900; // ms in which the truth is drawn, the token --check

/** The traits of every kind of question. */
export const TRAITS = ["guess", "truth", "answered", "explain"];

/**
 * The traits that follow from an answer: its verdict while it stands, and no answer any more as
 * soon as the guess is changed.
 * @param {(state: object) => string} verdictOf  one sentence that compares guess and truth
 */
export function judge(verdictOf) {
  return (state, changed) => {
    if (changed === "guess" && state.answered) return { answered: false, verdict: "" };
    return { verdict: state.answered ? `${verdictOf(state)} ${state.explain}`.trim() : "" };
  };
}

/** How far the truth is drawn, 0 to 1: at once for a reader who asked for less motion. */
export function progress(view, state) {
  if (!state.answered) {
    view.memory.since = 0;
    return 0;
  }
  if (view.calm) return 1;
  view.memory.since ||= performance.now();
  const u = Math.min(1, (performance.now() - view.memory.since) / CHECK);
  if (u < 1) view.invalidate();
  return 1 - (1 - u) ** 3;
}

/** The question above the drawing. */
export const question = {
  render({ model, el }) {
    el.classList.add("posenc-question");
    const kicker = document.createElement("p");
    kicker.className = "kicker";
    kicker.textContent = "Predict, then check";
    const words = document.createElement("p");
    words.className = "q";
    words.id = `${model.get("name")}-question`;
    el.append(kicker, words);
    const fill = () => words.replaceChildren(inline(model.get("question")));
    model.on("change:question", fill);
    fill();
  },
};

/** The Check button, the verdict beside it, and what a page may ask of the whole. */
export const verdict = {
  render({ model, el }) {
    el.classList.add("posenc-verdict");
    const name = model.get("name");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "act";
    button.textContent = "Check";
    const said = document.createElement("p");
    said.className = "verdict";
    said.setAttribute("role", "status");
    el.append(button, said);

    const stop = new AbortController();
    let frame = 0;
    const follow = () => {
      said.replaceChildren(inline(model.get("verdict")));
      const outer = el.closest("[data-exhibit]");
      if (outer) outer.toggleAttribute("data-answered", model.get("answered"));
    };
    button.addEventListener("click", () => {
      if (!model.get("ready")) said.textContent = model.get("missing");
      else setTraits(model, { answered: true });
    });
    model.on("change:verdict", follow);
    model.on("change:answered", follow);

    const settle = () => {
      const root = el.isConnected && el.closest(".predict");
      if (!root) {
        frame = requestAnimationFrame(settle);
        return;
      }
      const outer = root.closest("[data-exhibit]") ?? root;
      outer.dataset.exhibit = name;
      root.setAttribute("role", "group");
      root.setAttribute("aria-labelledby", `${name}-question`);
      const check = () => {
        if (!root.querySelector(".posenc-view[data-drawn]")) return;
        outer.dataset.ready = "";
        root.removeEventListener("posenc:drawn", check);
      };
      root.addEventListener("posenc:drawn", check, { signal: stop.signal });
      check();
      follow();
    };
    settle();
    return () => {
      cancelAnimationFrame(frame);
      stop.abort();
    };
  },
};
