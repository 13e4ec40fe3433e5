/** Shuffle the sentence. */

import { text } from "./canvas.js";
import { defineView } from "./view.js";

export const shuffle = defineView({
  label: "Shuffle the sentence",
  traits: ["t"],
  draw(view) {
    const c = view.fit(60);
    text(c, "Shuffle the sentence", 8, 30, { size: 13, colour: view.palette.hex.ink });
  },
  say: () => "Shuffle the sentence",
});
