/** The binary counter. */

import { text } from "./canvas.js";
import { defineView } from "./view.js";

export const counter = defineView({
  label: "The binary counter",
  traits: ["t"],
  draw(view) {
    const c = view.fit(60);
    text(c, "The binary counter", 8, 30, { size: 13, colour: view.palette.hex.ink });
  },
  say: () => "The binary counter",
});
