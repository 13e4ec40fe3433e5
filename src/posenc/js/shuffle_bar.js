/** The three buttons under the words. */

import { clipped } from "./shuffle_data.js";

/** @param {{swap: () => void, shuffle: () => void, sort: () => void}} acts */
export function createBar(stage, acts) {
  const el = document.createElement("div");
  el.className = "shuffle-bar";
  el.setAttribute("role", "group");
  el.setAttribute("aria-label", "Order of the words");
  const add = (act, label) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `act-${act}`;
    button.append(label);
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") acts[act]();
    });
    el.append(button);
    return button;
  };
  // a button that is switched off keeps the focus, so it is only called so
  const allow = (button, allowed) => button.setAttribute("aria-disabled", String(!allowed));
  const label = document.createElement("span");
  const buttons = [add("swap", label), add("shuffle", "Shuffle"), add("sort", "Sort back")];
  stage.append(el);
  return {
    el,
    /** Follows the drawing: where it stands, what Swap would swap, whether there is a way back. */
    update({ y, pair, moved }) {
      el.style.transform = `translateY(${y}px)`;
      const words = pair ? swapping(pair) : "Swap two";
      if (label.textContent !== words) label.textContent = words;
      allow(buttons[0], pair);
      allow(buttons[1], pair);
      allow(buttons[2], moved);
    },
  };
}

/** Quoted words in their own directions. */
const swapping = (pair) =>
  `Swap ${pair.map((word) => `“\u2068${clipped(word, 12)}\u2069”`).join(" and ")}`;
