/** The lengths of the two sentences of the ruler as bars that can be dragged, each on a whole number. */

import { clamp, line, tag, text } from "./canvas.js";
import { plural } from "./format.js";

export const [MIN, MAX] = [2, 64]; // as in views/ruler.py
export const NAMES = ["first", "second"];
const TARGET = 44; // CSS pixels, the least side of what a finger takes hold of

/** The lengths as bars, one cell a word, and how long the longest sentence in training was. */
export function drawLengths(view, state) {
  const { c, geometry, palette } = view;
  const { lengths: place, small } = geometry;
  const { hex } = palette;
  const xOf = (length) => place.x + (place.w * length) / MAX;
  const pitch = place.w / MAX;
  const axis = { size: 11, colour: hex["ink-3"] };
  const bottom = place.end - 6;
  for (let n = 0; n <= MAX; n += 8) {
    if (small && n % 16) continue;
    line(c, xOf(n), bottom, xOf(n), bottom + 4, hex.edge);
    if (Math.abs(xOf(n) - xOf(state.trained)) > (small ? 62 : 68))
      text(c, n, xOf(n), bottom + 18, { ...axis, align: n ? "center" : "left" });
  }
  line(c, place.x, bottom, xOf(MAX), bottom, hex.edge);
  for (const [which, name] of NAMES.entries()) {
    const y = place.rows[which];
    const { own } = view.memory.sides[which];
    for (let n = 0; n < state[name]; n++) {
      c.fillStyle = n < own ? hex.tok : hex.edge;
      c.fillRect(xOf(n), y - 6, Math.max(1, pitch - 1), 12);
    }
    if (!small)
      text(c, `${name} sentence`, 0, y, {
        size: 12,
        colour: hex["ink-2"],
        baseline: "middle",
      });
  }
  const x = xOf(state.trained);
  line(c, x, place.rows[0] - 14, x, bottom + 8, hex.paper, 4);
  line(c, x, place.rows[0] - 14, x, bottom + 8, hex.ink, 1.5, [2, 3]);
  const middle = clamp(x, place.x + 44, view.width - 46);
  const mark = tag(c, `trained to ${state.trained}`, middle, bottom + 15, hex.ink, hex.paper);
  geometry.trainedTag = { x: mark.left, y: bottom + 15, w: mark.width };
  geometry.ends = NAMES.map((name, which) => {
    const y = place.rows[which];
    const end = xOf(state[name]) + 3;
    const mark = tag(c, `*L* = ${state[name]}`, end, y, hex.tok, hex.paper, "left");
    return { x: mark.left, y, w: mark.width };
  });
}

/** The length at a point of the lengths' axis. */
function lengthAt(view, x) {
  const { lengths } = view.geometry;
  return clamp(Math.round(((x - lengths.x) / lengths.w) * MAX), MIN, MAX);
}

/** A target around a mark, at least as large as a fingertip. */
export function around(x, y, w = 0) {
  const wide = Math.max(TARGET, w);
  return { x: x + w / 2 - wide / 2, y: y - TARGET / 2, w: wide, h: TARGET };
}

/** A length that is dragged by its tag; the hand keeps its distance from the end of the bar. */
export function lengthHandle(view, name, label, tagOf) {
  let grip = null;
  return {
    name,
    label,
    range: () => [MIN, MAX],
    value: () => view.state[name],
    say: () => plural(view.state[name], "word"),
    place: () => around(tagOf().x, tagOf().y, tagOf().w),
    move: (length) => view.set({ [name]: length }),
    press: (x) => {
      const { lengths } = view.geometry;
      grip = x - (lengths.x + (lengths.w * view.state[name]) / MAX);
    },
    drag: (x) => view.set({ [name]: lengthAt(view, x - (grip ?? 0)) }),
    release: () => {
      grip = null;
    },
  };
}
