/**
 * Marks that can be taken hold of: each is a real element with role="slider" laid over the
 * drawing, so mouse, touch, keyboard and screen reader meet the same thing. It survives redraws,
 * so focus is never lost.
 */

const SLOP = 6; // px that a finger may wander and still have tapped

/**
 * Whether a finger that came down at one point and is now at another is dragging something rather
 * than scrolling the page: scrolling goes up or down, so only a sideways way counts.
 */
export function sideways([x0, y0], [x, y]) {
  return Math.abs(x - x0) >= SLOP && Math.abs(x - x0) > Math.abs(y - y0);
}

/** Where a pointer is, in CSS pixels from the corner of an element. */
export function pointIn(element, { clientX, clientY }) {
  const box = element.getBoundingClientRect();
  return [clientX - box.left, clientY - box.top];
}

/** Whether a point lies in a box, or no more than `air` beside it; in none before there is a drawing. */
export const within = (box, px, py, air = 0) =>
  box !== undefined &&
  px >= box.x - air &&
  px <= box.x + box.w + air &&
  py >= box.y - air &&
  py <= box.y + box.h + air;

const STEP_KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/**
 * @param {object} o
 *   label: name for a screen reader; vertical: true when up and down move it on screen;
 *   range(): [min, max]; value(): number; say(): spoken value;
 *   place(): {x, y, w, h} in CSS pixels of the stage, or null to hide;
 *   move(value): sets it; drag(x, y): sets it from a point of the stage; page: big step
 *   invert: true when arrow down increases the value (a position axis that runs downwards)
 *   release(event): called when the hand lets go; of type pointercancel if the page scrolls instead
 *   press(x, y): called when a hand comes down, before it moves (a pen marks where it touches)
 *   key(event): true when it has dealt with a key itself (a handle with two ways to go)
 */
export function createHandle(stage, o) {
  const el = document.createElement("div");
  el.className = `handle handle-${o.name}`;
  el.tabIndex = 0;
  el.setAttribute("role", "slider");
  el.setAttribute("aria-label", o.label);
  if (o.vertical) el.setAttribute("aria-orientation", "vertical");
  stage.append(el);

  const at = (event) => pointIn(stage, event);
  let held = null;
  let touched = null; // where a finger came down that may yet turn out to scroll the page
  el.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const scrolls = event.pointerType === "touch" && getComputedStyle(el).touchAction === "pan-y";
    touched = scrolls ? at(event) : null;
    el.setPointerCapture(event.pointerId);
    held = event.pointerId;
    el.classList.add("held");
    event.preventDefault();
    el.focus({ preventScroll: true });
    o.press?.(...at(event));
  });
  el.addEventListener("pointermove", (event) => {
    if (held !== event.pointerId || (touched && !sideways(touched, at(event)))) return;
    touched = null;
    o.drag(...at(event));
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
    el.addEventListener(end, (event) => {
      if (held !== null) o.release?.(event);
      held = null;
      el.classList.remove("held");
    });
  el.addEventListener("keydown", (event) => {
    if (o.key?.(event)) return event.preventDefault();
    const [min, max] = o.range();
    const page = o.page ?? 8;
    const sign = o.invert ? -1 : 1;
    const vertical = event.key === "ArrowUp" || event.key === "ArrowDown";
    let next;
    if (STEP_KEYS[event.key])
      next = o.step
        ? o.step(STEP_KEYS[event.key] * (vertical ? sign : 1))
        : o.value() + STEP_KEYS[event.key] * (vertical ? sign : 1);
    else if (event.key === "PageUp" || event.key === "PageDown") {
      const way = (event.key === "PageUp" ? 1 : -1) * sign;
      next = o.step ? o.step(way * page) : o.value() + way * page;
    } else if (event.key === "Home") next = min;
    else if (event.key === "End") next = max;
    else return;
    event.preventDefault();
    o.move(Math.max(min, Math.min(max, next)));
  });

  return {
    el,
    /** Follows the drawing: called after every redraw. */
    update() {
      const place = o.place();
      el.hidden = !place;
      if (!place) return;
      el.style.transform = `translate(${place.x}px, ${place.y}px)`;
      el.style.width = `${place.w}px`;
      el.style.height = `${place.h}px`;
      const [min, max] = o.range();
      const attributes = { valuemin: min, valuemax: max, valuenow: o.value(), valuetext: o.say() };
      for (const [name, value] of Object.entries(attributes)) {
        const now = String(value);
        if (el.getAttribute(`aria-${name}`) !== now) el.setAttribute(`aria-${name}`, now);
      }
    },
  };
}
