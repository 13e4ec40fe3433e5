/** An attention head that looks k back. */

import { text } from "./canvas.js";
import { defineView } from "./view.js";

export const lookback = defineView({
  label: "An attention head that looks k back",
  traits: ["t"],
  draw(view) {
    const c = view.fit(60);
    text(c, "An attention head that looks k back", 8, 30, {
      size: 13,
      colour: view.palette.hex.ink,
    });
  },
  say: () => "An attention head that looks k back",
});
