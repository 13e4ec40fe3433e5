/**
 * Moves a word one place on and back again by arrow keys, each time until it has come to rest. Given
 * to a browser as a function of the word and the number of moves; returns milliseconds:
 *   update  the view's User Timing measure of the frame that answers the key: all computed anew
 *   glides  the same of the frames that follow, in which the words travel
 *   gaps    from one of these frames to the next
 */
async (word, count) => {
  word.closest("[data-exhibit]").scrollIntoView({ block: "start", behavior: "instant" });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const drawn = () => performance.getEntriesByName("posenc:update").map((e) => e.duration);
  const samples = { update: [], glides: [], gaps: [] };
  for (let k = 0; k < count; k++) {
    for (let rest = 0; rest < 3; rest++) await frame();
    performance.clearMeasures("posenc:update");
    const key = k % 2 ? "ArrowLeft" : "ArrowRight";
    word.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    let last = await frame();
    let before = 0;
    for (let still = 0; still < 3; ) {
      const now = await frame();
      const updates = drawn().length;
      if (updates > before) {
        samples.gaps.push(now - last);
        still = 0;
      } else still++;
      before = updates;
      last = now;
    }
    const [first, ...others] = drawn();
    if (first === undefined) throw new Error(`move ${k} of ${count} drew nothing`);
    samples.update.push(first);
    samples.glides.push(...others);
  }
  return samples;
};
