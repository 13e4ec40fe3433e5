/** Two sentences, one ruler. */

import { text } from "./canvas.js";
import { defineView } from "./view.js";

export const ruler = defineView({
  label: "Two sentences, one ruler",
  traits: ["t"],
  draw(view) {
    const c = view.fit(60);
    text(c, "Two sentences, one ruler", 8, 30, { size: 13, colour: view.palette.hex.ink });
  },
  say: () => "Two sentences, one ruler",
});
