/** The matrix stands still. */

import { text } from "./canvas.js";
import { defineView } from "./view.js";

export const stepper = defineView({
  label: "The matrix stands still",
  traits: ["t"],
  draw(view) {
    const c = view.fit(60);
    text(c, "The matrix stands still", 8, 30, { size: 13, colour: view.palette.hex.ink });
  },
  say: () => "The matrix stands still",
});
