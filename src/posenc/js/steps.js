/** One at a time, all at once. */

import { text } from "./canvas.js";
import { defineView } from "./view.js";

export const steps = defineView({
  label: "One at a time, all at once",
  traits: ["t"],
  draw(view) {
    const c = view.fit(60);
    text(c, "One at a time, all at once", 8, 30, { size: 13, colour: view.palette.hex.ink });
  },
  say: () => "One at a time, all at once",
});
