/**
 * Which printed pictures a page fetches: those that the reader would otherwise see missing. A figure
 * in the window that has not come alive after a moment shows its picture, and so does one that has
 * failed; nobody pays for the pictures of figures that live. alive.css keeps their places.
 *
 * A file of its own, before the widget manager, because it matters most while that is on its way.
 */
import { forPaper } from "./paper.js";

const PATIENCE = 700; // ms

const waiting = new Map();
const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    clearTimeout(waiting.get(target));
    if (isIntersecting) {
      waiting.set(
        target,
        setTimeout(() => {
          watcher.unobserve(target);
          target.dataset.picture = "";
        }, PATIENCE),
      );
    }
  }
});
for (const place of document.querySelectorAll(".live, .live-plot")) {
  watcher.observe(place);
  place.addEventListener("alive:live", () => {
    clearTimeout(waiting.get(place));
    watcher.unobserve(place);
  });
}
forPaper();
