/**
 * Presses arrow keys on the slider of `interact`, each after the picture of the one before is
 * there. Given to a browser as a function of the number of keys; returns, in milliseconds, the time
 * from each key until a frame shows another picture.
 */
async (count) => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const box = document.querySelector(".widget-interact");
  const handle = box.querySelector(".noUi-handle");
  const picture = () => {
    const image = box.querySelector("img");
    return image?.complete && image.naturalWidth ? image.src : null;
  };
  const trips = [];
  for (let k = 0; k < count; k++) {
    for (let rest = 0; rest < 10; rest++) await frame();
    const before = picture();
    const key = k % 20 < 10 ? "ArrowLeft" : "ArrowRight";
    const start = performance.now();
    handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    while (picture() === null || picture() === before) {
      if (performance.now() - start > 20_000) throw new Error("no new picture within 20 s");
      await frame();
    }
    await frame();
    trips.push(performance.now() - start);
  }
  return trips;
};
