/**
 * Play: moves a number while it can be seen. ipywidgets' own Play counts whole steps on a timer
 * that never rests; this one follows the screen's frames, stops off-screen and when the tab is
 * hidden, and under prefers-reduced-motion takes one whole step at a time.
 */

import { setTraits } from "./view.js";

const CALM_PAUSE = 600; // ms between whole steps for readers who asked for less motion
const SVG =
  '<svg viewBox="0 0 16 16" aria-hidden="true"><path class="go" d="M5 3.2 12.6 8 5 12.8z"/><path class="halt" d="M5 3.5v9M11 3.5v9"/></svg>';

export const player = {
  render({ model, el }) {
    el.classList.add("posenc-player");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "play";
    button.innerHTML = SVG; // a constant, nothing of the reader's
    el.append(button);
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    let frame = 0;
    let last = 0;
    let visible = true;
    let own = false;
    let carry = 0;

    const label = () => {
      const playing = model.get("playing");
      button.setAttribute("aria-pressed", String(playing));
      button.setAttribute("aria-label", `${playing ? "Pause" : "Play"} ${model.get("label")}`);
      button.title = button.getAttribute("aria-label");
    };
    const move = (value) => {
      own = true;
      setTraits(model, { value });
      own = false;
    };
    const tick = (now) => {
      frame = 0;
      if (!model.get("playing") || !visible) {
        last = 0;
        return;
      }
      const [min, max] = [model.get("min"), model.get("max")];
      const elapsed = last ? Math.min(100, now - last) : 0;
      last = now;
      const whole = calm.matches || model.get("whole");
      carry += calm.matches ? elapsed / CALM_PAUSE : (elapsed / 1000) * model.get("rate");
      const by = whole ? Math.floor(carry) : carry;
      carry -= by;
      if (by) {
        const next = model.get("value") + by;
        move(next > max ? min : next);
      }
      frame = requestAnimationFrame(tick);
    };
    const go = () => {
      label();
      if (model.get("playing") && visible && !frame) {
        last = 0;
        frame = requestAnimationFrame(tick);
      }
    };
    const halt = () => {
      // come to rest on a whole number; a fraction that a link asked for is left alone
      if (!model.get("playing") && !Number.isInteger(model.get("value")))
        move(Math.round(model.get("value")));
    };
    button.addEventListener("click", () => setTraits(model, { playing: !model.get("playing") }));
    model.on("change:playing", () => {
      go();
      halt();
    });
    model.on("change:value", () => {
      // the reader took hold of the number: stop
      if (!own && model.get("playing")) setTraits(model, { playing: false });
    });
    const sight = new IntersectionObserver(([entry]) => {
      visible = entry.isIntersecting;
      if (visible) go();
    });
    const find = requestAnimationFrame(() => sight.observe(el.closest(".exhibit") ?? el));
    label();
    return () => {
      cancelAnimationFrame(frame);
      cancelAnimationFrame(find);
      sight.disconnect();
    };
  },
};
