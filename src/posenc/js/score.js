/** The scorecard. */

import { text } from "./canvas.js";
import { defineView } from "./view.js";

export const score = defineView({
  label: "The scorecard",
  traits: ["t"],
  draw(view) {
    const c = view.fit(60);
    text(c, "The scorecard", 8, 30, { size: 13, colour: view.palette.hex.ink });
  },
  say: () => "The scorecard",
});
