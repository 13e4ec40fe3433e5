/**
 * The binary counter: positions downwards, one digit a column, the fastest at the right as numbers
 * are written. Above stand the digits of the marked position and of the next; beside each row is
 * the length of the step that leads on from it. Over the cells runs each column's wave, so that
 * rounding its corners can be watched.
 */

import { clamp, curve, diamond, line, tag, text } from "./canvas.js";
import { distanceByOffset, softened } from "./encodings.js";
import { plural, signed, thousands } from "./format.js";
import { defineView } from "./view.js";

const TRAITS = ["t", "bits", "softness", "start", "t_max"];
export const ROWS = 32; // as in views/counter.py
const MIDDLE = 0.5; // of a digit: what is painted is how far it is from there
const CLOSE = 0.5; // CSS pixels between two points of a wave

const rowsOf = ({ bits }) => Math.min(ROWS, 2 ** bits);
const lastOf = ({ bits }) => 2 ** bits - 1;

/** The vector of position t: one value a digit, the fastest first. */
const vectorOf = (t, bits, softness) =>
  Float64Array.from({ length: bits }, (_, j) => softened(t, j, softness));
const digitsOf = (t, bits) => [...vectorOf(t, bits, 0)].reverse().join("");

/** How far position t is from the next. */
function stepOf(t, bits, softness) {
  const next = vectorOf(t + 1, bits, softness);
  return Math.hypot(...vectorOf(t, bits, softness).map((v, j) => next[j] - v));
}
const flipsOf = (t, bits) => Math.round(stepOf(t, bits, 0) ** 2);

/** Shortest, longest and mean of what is asked at every step of the count. */
function over(bits, ask) {
  const all = Array.from({ length: 2 ** bits - 1 }, (_, t) => ask(t));
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  return { low: Math.min(...all), high: Math.max(...all), mean, count: all.length };
}

/**
 * The length of a step where every wave has its cosine beside it, the same for all positions. Wave
 * j turns by pi / 2^j a position, so this is the sinusoidal encoding of base 2^d and width 2d at
 * the offset pi; half of it, because a digit runs from 0 to 1 and not from -1 to 1.
 */
const stepWithCosines = (bits) => distanceByOffset(Math.PI, { d: 2 * bits, base: 2 ** bits }) / 2;

/** Where everything goes, in CSS pixels, for a stage of this width. */
function lay(width, state) {
  const small = width < 560;
  const left = small ? 54 : 78;
  const pitch = Math.floor(Math.min(small ? 30 : 46, (small ? 168 : 330) / state.bits));
  const rows = rowsOf(state);
  const rise = small ? 10 : rows < ROWS ? 14 : 12;
  const digits = small ? [42, 72] : [52, 92];
  const top = small ? 104 : 130;
  const w = pitch * state.bits;
  const bars = left + w + (small ? 16 : 34);
  return {
    small,
    pitch,
    rise,
    digits,
    box: { x: left, y: top, w, h: rise * rows },
    bars: { x: bars, w: width - bars - (small ? 34 : 60) },
    height: top + rise * rows + 30,
  };
}

function draw(view, state) {
  const geometry = lay(view.width0, state);
  view.fit(geometry.height);
  view.geometry = geometry;
  const { box, rise } = geometry;
  const { bits, softness, start } = state;
  const rows = rowsOf(state);
  const last = lastOf(state);
  const values = new Float64Array(rows * bits);
  for (let r = 0; r < rows; r++) values.set(vectorOf(start + r, bits, softness), r * bits);
  const known = Array.from({ length: Math.min(rows, last - start) }, (_, r) => start + r);
  const at = {
    t: clamp(state.t, start, start + rows - 1),
    yOf: (p) => box.y + rise * (p - start),
    // the fastest digit stands at the right
    xOf: (j) => box.x + geometry.pitch * (bits - 1 - j),
    ends: state.t === last,
  };
  Object.assign(view.memory, {
    values,
    steps: Float64Array.from(known, (p) => stepOf(p, bits, softness)),
    hard: Float64Array.from(known, (p) => stepOf(p, bits, 0)),
    flips: known.map((p) => flipsOf(p, bits)),
  });
  drawCells(view, state, at);
  drawRows(view, state, at);
  drawSteps(view, state, at);
  drawDigits(view, state, at);
}

/** The cells, and over them the wave of each column. */
function drawCells(view, { bits, softness, start }, { yOf, xOf }) {
  const { c, geometry, memory, palette } = view;
  const { box, pitch, rise, small } = geometry;
  const { hex, css } = palette;
  const rows = memory.values.length / bits;
  for (let r = 0; r < rows; r++)
    for (let j = 0; j < bits; j++) {
      c.fillStyle = css(memory.values[r * bits + j] - MIDDLE);
      c.fillRect(xOf(j), yOf(start + r), pitch, rise);
    }
  for (let j = 1; j < bits; j++)
    line(c, xOf(j) + pitch, box.y, xOf(j) + pitch, box.y + box.h, hex.paper);
  const amp = pitch / 2 - (small ? 3 : 5);
  for (let j = 0; j < bits; j++) {
    const points = [];
    for (let y = CLOSE / 2; y < box.h; y += CLOSE) {
      const v = softened(start + y / rise - 0.5, j, softness);
      points.push([xOf(j) + pitch / 2 + 2 * (v - MIDDLE) * amp, box.y + y]);
    }
    curve(c, points, hex.ink, 1.25);
  }
  const quiet = { size: 11, colour: hex["ink-3"], align: "center" };
  for (let j = 0; j < bits; j++)
    text(c, 2 ** (j + 1), xOf(j) + pitch / 2, box.y + box.h + 16, quiet);
  text(c, "period", box.x - 8, box.y + box.h + 16, { ...quiet, align: "right" });
}

/** The marked row and the next, on cells and bars alike. */
function drawRows(view, state, { t, yOf, ends }) {
  const { c, geometry, palette } = view;
  const { box } = geometry;
  const { hex } = palette;
  const to = box.x + box.w + 6;
  if (!ends)
    for (const [hue, width] of [
      [hex.paper, 4],
      [hex.off, 1.75],
    ])
      line(c, box.x - 6, yOf(t + 2), to, yOf(t + 2), hue, width, [8, 4]);
  for (const y of [yOf(t), yOf(t + 1)])
    for (const [hue, width] of [
      [hex.paper, 4],
      [hex.pos, 1.75],
    ])
      line(c, box.x - 6, y, to, y, hue, width);
  const every = geometry.small ? 8 : 4;
  for (let p = state.start; p < state.start + rowsOf(state); p++)
    if (p % every === 0 && Math.abs(p - t) > 1)
      text(c, thousands(p), box.x - 8, yOf(p + 0.5), {
        size: 11,
        colour: hex["ink-3"],
        align: "right",
        baseline: "middle",
      });
  const y = yOf(t + 0.5);
  const mark = tag(c, `*t* = ${thousands(t)}`, box.x - 6, y, hex.pos, hex.paper, "right");
  const tall = 44;
  geometry.rowTag = { x: mark.left - 2, y: y - tall / 2, w: mark.width + 4, h: tall };
}

/** Beside each row the length of the step to the next: of the digits, and of what they are now. */
function drawSteps(view, state, { t, yOf, ends }) {
  const { c, geometry, memory, palette } = view;
  const { box, bars, small } = geometry;
  const { hex } = palette;
  const { bits, softness, start } = state;
  const most = Math.sqrt(bits);
  const to = (length) => bars.x + (bars.w * length) / most;
  const quiet = { size: 11, colour: hex["ink-3"], align: "center" };
  for (let n = 0; n <= most; n++) {
    line(c, to(n), box.y - 2, to(n), box.y + box.h, n ? hex.rule : hex.edge);
    text(c, n, to(n), box.y + box.h + 16, quiet);
  }
  const thick = small ? 5 : 6;
  const bar = (p, length, colour) => {
    c.fillStyle = colour;
    c.fillRect(bars.x, yOf(p + 1) - thick / 2, to(length) - bars.x, thick);
  };
  memory.steps.forEach((length, r) => {
    const p = start + r;
    const now = p === t;
    if (softness) bar(p, memory.hard[r], hex.rule);
    bar(p, length, now ? hex.off : hex["ink-3"]);
    if (memory.flips[r] > 2 && !now)
      text(c, memory.flips[r], to(memory.hard[r]) + 5, yOf(p + 1) + 0.5, {
        ...quiet,
        align: "left",
        baseline: "middle",
        colour: hex["ink-2"],
      });
  });
  if (softness === 1) {
    const x = to(stepWithCosines(bits));
    line(c, x, box.y - 4, x, box.y + box.h, hex.paper, 4);
    line(c, x, box.y - 4, x, box.y + box.h, hex.cos, 1.75, [4, 3]);
    geometry.withCosines = x;
    if (!small)
      text(c, "with a cosine beside each wave", x, box.y - 10, { ...quiet, colour: hex.cos });
  }
  if (!ends) {
    const length = memory.steps[t - start];
    const [x, y] = [to(length), yOf(t + 1)];
    diamond(c, x, y, small ? 6 : 7, hex.off, hex.paper, 2);
    text(c, signed(length, 2), x + 11, y + 0.5, {
      size: small ? 12 : 13,
      weight: 600,
      colour: hex.off,
      halo: hex.paper,
      baseline: "middle",
    });
  }
  geometry.most = most;
}

/** The digits of the marked position and of the next, and between them those that change. */
function drawDigits(view, state, { t, xOf, ends }) {
  const { c, geometry, palette } = view;
  const { box, bars, digits, pitch, small } = geometry;
  const { hex } = palette;
  const { bits, softness } = state;
  const half = pitch / 2;
  const quiet = { size: 11, colour: hex["ink-3"], align: "center" };
  for (let j = 0; j < bits; j++) text(c, 2 ** j, xOf(j) + half, 12, quiet);
  if (!small) text(c, "worth", box.x - 8, 12, { ...quiet, align: "right" });
  const now = vectorOf(t, bits, softness);
  const next = vectorOf(t + 1, bits, softness);
  const write = (vector, y) => {
    for (const [j, v] of vector.entries()) {
      const words = softness ? v.toFixed(pitch < 26 ? 1 : 2) : String(Math.round(v));
      text(c, words, xOf(j) + half, y, {
        size: softness ? (small ? 12 : 16) : small ? 22 : 30,
        serif: true,
        colour: hex.ink,
        align: "center",
        baseline: "middle",
      });
    }
  };
  const label = { size: small ? 12 : 13, weight: 600, align: "right", baseline: "middle" };
  const [above, below] = digits.map((y) => y - (small ? 10 : 12));
  write(now, above);
  text(c, `${small ? "" : "*t* = "}${thousands(t)}`, box.x - 8, above, {
    ...label,
    colour: hex.pos,
  });
  if (ends) return;
  write(next, below);
  text(c, `${small ? "" : "*t* + 1 = "}${thousands(t + 1)}`, box.x - 8, below, {
    ...label,
    colour: hex.off,
  });
  for (const [j, v] of now.entries()) {
    const change = Math.abs(next[j] - v);
    if (change > 0.02)
      diamond(c, xOf(j) + half, (above + below) / 2, 1.5 + 4 * change, hex.off, null);
  }
  const flips = flipsOf(t, bits);
  text(c, `${flips} of ${bits}`, bars.x, above, {
    size: small ? 18 : 26,
    serif: true,
    colour: hex.ink,
    baseline: "middle",
  });
  text(c, flips === 1 ? "digit flips" : "digits flip", bars.x, below, {
    size: 13,
    colour: hex["ink-2"],
    baseline: "middle",
  });
  text(c, "length of the step", bars.x, box.y - 10, { ...quiet, align: "left" });
}

/** Keeps t within the count and within the window, as views/counter.py does. */
function fix(state, changed) {
  const count = 2 ** state.bits;
  const rows = rowsOf(state);
  let t = clamp(Math.round(state.t), 0, count - 1);
  let start = clamp(Math.round(state.start), 0, count - rows);
  if (changed === "start") t = clamp(t, start, start + rows - 1);
  else start = clamp(start, Math.min(t + 2, count) - rows, t);
  return { t_max: count - 1, t, start: Math.max(0, start) };
}

const rowAt = (view, y) => {
  const { box, rise } = view.geometry;
  const { start } = view.state;
  return clamp(start + Math.floor((y - box.y) / rise), start, start + rowsOf(view.state) - 1);
};

/** Follows a hand; one that goes beyond the window takes the window along. */
function dragTo(view, y) {
  const { box, rise } = view.geometry;
  const { start } = view.state;
  const t = start + Math.floor((y - box.y) / rise);
  view.set({ t: clamp(t, 0, lastOf(view.state)) });
}

export const counter = defineView({
  label:
    "A binary counter, positions downwards and one digit a column, with the digits of the marked position and of the next above and the length of every step beside",
  traits: TRAITS,
  glide: ["softness"],
  fix,
  draw,
  handles: (view) => [
    {
      name: "row",
      label: "Marked row: position t",
      vertical: true,
      invert: true,
      range: () => [0, lastOf(view.state)],
      value: () => view.state.t,
      say: () => `position ${thousands(view.state.t)}, ${digitsOf(view.state.t, view.state.bits)}`,
      place: () => view.geometry.rowTag,
      move: (t) => view.set({ t }),
      drag: (_x, y) => dragTo(view, y),
    },
  ],
  pointer: {
    hit(view, x, y) {
      const { box, bars } = view.geometry;
      return x >= box.x && x <= bars.x + bars.w && y >= box.y && y <= box.y + box.h ? "row" : null;
    },
    drag: (view, _region, _x, y) => view.set({ t: rowAt(view, y) }),
  },
  finding: ({ t, bits, softness }) => {
    if (t === lastOf({ bits }))
      return `**${digitsOf(t, bits)}** is the last: ${bits} digits count ${thousands(2 ** bits)} positions, and the next would need one more.`;
    const hard = over(bits, (p) => stepOf(p, bits, 0));
    const flips = flipsOf(t, bits);
    const names = `From **${thousands(t)}** to **${thousands(t + 1)}**`;
    if (!softness) {
      const mean = over(bits, (p) => flipsOf(p, bits)).mean;
      return `${names}, ${digitsOf(t, bits)} to ${digitsOf(t + 1, bits)}, **${flips} of ${bits} digits** ${flips === 1 ? "flips" : "flip"}, and the two vectors are **${signed(Math.sqrt(flips), 2)}** apart. A step of this count flips ${signed(mean, 2)} digits on average, and its length is anything from ${signed(hard.low, 2)} to ${signed(hard.high, 2)}.`;
    }
    const soft = over(bits, (p) => stepOf(p, bits, softness));
    const cosines =
      softness === 1
        ? ` With a [cosine beside each wave]{cos} all would be **${signed(stepWithCosines(bits), 2)}** long.`
        : "";
    return `${names} the ${softness === 1 ? "waves" : "softened digits"} move by **${signed(stepOf(t, bits, softness), 2)}**; the digits moved by ${signed(Math.sqrt(flips), 2)}. All ${soft.count} steps now lie between **${signed(soft.low, 2)}** and **${signed(soft.high, 2)}**, where those of the digits lie between ${signed(hard.low, 2)} and ${signed(hard.high, 2)}.${cosines}`;
  },
  say: ({ t, bits, softness }) => {
    if (t === lastOf({ bits })) return `Position ${thousands(t)}, the last: ${digitsOf(t, bits)}.`;
    return `Position ${thousands(t)}, ${digitsOf(t, bits)}; ${plural(flipsOf(t, bits), "digit")} ${flipsOf(t, bits) === 1 ? "flips" : "flip"} on the way to ${thousands(t + 1)}, a step of ${signed(stepOf(t, bits, softness), 2)}.`;
  },
  facts: ({ t, bits, softness }) => {
    const hard = over(bits, (p) => stepOf(p, bits, 0));
    const soft = over(bits, (p) => stepOf(p, bits, softness));
    const next = t < lastOf({ bits });
    return {
      positions: thousands(2 ** bits),
      digits: digitsOf(t, bits),
      next: next ? digitsOf(t + 1, bits) : "",
      flips: next ? String(flipsOf(t, bits)) : "0",
      flips_mean: signed(over(bits, (p) => flipsOf(p, bits)).mean, 2),
      step: next ? signed(stepOf(t, bits, softness), 2) : "",
      shortest: signed(soft.low, 2),
      longest: signed(soft.high, 2),
      shortest_bits: signed(hard.low, 2),
      longest_bits: signed(hard.high, 2),
      with_cosines: signed(stepWithCosines(bits), 2),
    };
  },
  data: ({ bits, softness }) => {
    const columns = ["t", ...Array.from({ length: bits }, (_, j) => `j${j}`), "flips", "step"];
    const rows = function* () {
      for (let t = 0; t < 2 ** bits; t++) {
        const step = t < 2 ** bits - 1;
        yield [
          t,
          ...Array.from(vectorOf(t, bits, softness), (v) => v.toFixed(6)),
          step ? flipsOf(t, bits) : "",
          step ? stepOf(t, bits, softness).toFixed(6) : "",
        ];
      }
    };
    return { columns, rows: rows() };
  },
});
