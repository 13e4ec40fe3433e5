/**
 * Presses an arrow key on a slider or a handle in every frame, as a hand that holds it down. Given
 * to a browser as a function of the element and the number of frames; returns milliseconds:
 *   gaps    from one frame to the next
 *   update  the views' own User Timing measures around recomputing and drawing
 */
async (knob, count) => {
  knob.closest("[data-exhibit]").scrollIntoView({ block: "start", behavior: "instant" });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  performance.clearMeasures("posenc:update");
  const gaps = [];
  let last = await frame();
  for (let k = 0; k < count; k++) {
    const key = k % 80 < 40 ? "ArrowLeft" : "ArrowRight";
    knob.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    const now = await frame();
    gaps.push(now - last);
    last = now;
  }
  return { gaps, update: performance.getEntriesByName("posenc:update").map((e) => e.duration) };
};
