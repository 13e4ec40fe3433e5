/** One curve for every position. */

import { text } from "./canvas.js";
import { defineView } from "./view.js";

export const dots = defineView({
  label: "One curve for every position",
  traits: ["t"],
  draw(view) {
    const c = view.fit(60);
    text(c, "One curve for every position", 8, 30, { size: 13, colour: view.palette.hex.ink });
  },
  say: () => "One curve for every position",
});
