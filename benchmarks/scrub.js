/**
 * Presses an arrow key on the heatmap's base slider in every frame, as a hand that holds it down.
 * Given to a browser as a function of the number of frames; returns the milliseconds between them.
 */
async (count) => {
  const root = document.querySelector('[data-exhibit="heatmap"]');
  root.scrollIntoView({ block: "start", behavior: "instant" });
  const sliders = [...root.querySelectorAll(".widget-slider")];
  const handle = sliders.find((s) => s.textContent.includes("base")).querySelector(".noUi-handle");
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const gaps = [];
  let last = await frame();
  for (let k = 0; k < count; k++) {
    const key = k % 80 < 40 ? "ArrowLeft" : "ArrowRight";
    handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    const now = await frame();
    gaps.push(now - last);
    last = now;
  }
  return gaps;
};
