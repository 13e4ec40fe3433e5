/** Why both?. */

import { text } from "./canvas.js";
import { defineView } from "./view.js";

export const both = defineView({
  label: "Why both?",
  traits: ["t"],
  draw(view) {
    const c = view.fit(60);
    text(c, "Why both?", 8, 30, { size: 13, colour: view.palette.hex.ink });
  },
  say: () => "Why both?",
});
