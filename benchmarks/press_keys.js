/**
 * Presses arrow keys on a slider or a handle, each once the page is at rest, and times what follows.
 * Given to a browser as a function of the element and the number of keys; returns milliseconds:
 *   update  the view's own User Timing measure around recomputing and drawing
 *   work    that, and the slider's and links' handling of the key
 *   frame   from the key until the first frame after the drawing has begun
 */
async (knob, count) => {
  knob.closest("[data-exhibit]").scrollIntoView({ block: "start", behavior: "instant" });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const samples = { update: [], work: [], frame: [] };
  for (let k = 0; k < count; k++) {
    for (let rest = 0; rest < 3; rest++) await frame();
    performance.clearMeasures("posenc:update");
    const key = k % 20 < 10 ? "ArrowLeft" : "ArrowRight";
    const start = performance.now();
    knob.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    const handled = performance.now() - start;
    // The view has asked for its frame before us, so it has drawn when we are called; on a machine
    // that is busy, or just after a jump on the page, it may come later.
    let drawn = [];
    for (let patience = 0; !drawn.length; patience++) {
      if (patience > 120) throw new Error(`key ${k} of ${count} drew nothing`);
      await frame();
      drawn = performance.getEntriesByName("posenc:update").filter((e) => e.startTime >= start);
    }
    await frame();
    samples.frame.push(performance.now() - start);
    const update = drawn.reduce((sum, entry) => sum + entry.duration, 0);
    samples.update.push(update);
    samples.work.push(handled + update);
  }
  return samples;
};
