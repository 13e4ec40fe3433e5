/**
 * How much can you add? On one side the dot products of a sum of m vectors with every vector of the
 * codebook, as two hills: those in the sum, and the others. On the other the share of the members
 * that is told by taking the m largest, against m: what theory expects as a curve, what comes out of
 * adding as dots. The dot at m can be dragged.
 *
 * The products of the codebook are worked out a few milliseconds at a time, and so are the dots; a sum
 * of more vectors than are known yet is shown by its theory until they are.
 */

import { clamp, curve, disc, line, niceStep, tag, text, textWidth } from "./canvas.js";
import { beyond, expected, limit, most, Products, TRIED, told } from "./codebook.js";
import { signed, thousands } from "./format.js";
import { defineView } from "./view.js";

const TRAITS = ["m", "n", "d_model", "seed"];
export const BOOKS = [256, 2048]; // as in views/capacity.py
export const WIDTHS = [8, 1024];
const BUDGET = 3; // ms of each frame for products not yet known
const ADDED = [1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 90, 128]; // where the adding is done
const POINTS = 57; // of the curve
const BARS = 64;
const ROOT = Math.sqrt(2 * Math.PI);

const percent = (x) => (x > 0.995 && x < 1 ? "over 99%" : `${Math.round(100 * x)}%`);
const loud = (m, d) => Math.sqrt(m / d); // the spread of the others

/** What is known of a codebook: its products, and what came out of adding, by m. */
function known(view, { n, d_model: d, seed }) {
  const key = [n, d, seed].join(" ");
  const { memory } = view;
  if (memory.key !== key) {
    const steps = Array.from({ length: POINTS }, (_, k) => 2 ** ((7 * k) / (POINTS - 1)));
    const whole = [...new Set(steps.map((m) => Math.round(m)))];
    Object.assign(memory, {
      key,
      products: new Products(n, d, seed),
      outcome: null,
      shares: new Map(),
      theory: whole.map((m) => [m, expected(m, n, d)]),
      most: most(n, d),
    });
  }
  return memory;
}

/** Whether the products that sums of m need are known. */
const ready = (memory, m) => memory.products.done >= Math.floor(TRIED / m) * m;

/** What came out of adding m at a time; null while its products are still being worked out. */
function outcome(memory, m) {
  if (memory.outcome?.m !== m) {
    if (!ready(memory, m)) return null;
    memory.outcome = { m, ...told(m, memory.products) };
    memory.shares.set(m, memory.outcome.right);
  }
  return memory.outcome;
}

/** Works on the dots until all are there or the time is up; true when all are. */
function advance(memory, milliseconds) {
  const until = performance.now() + milliseconds;
  memory.products.advance(TRIED, milliseconds);
  for (const m of ADDED) {
    if (memory.shares.has(m) || !ready(memory, m)) continue;
    if (performance.now() >= until) break;
    memory.shares.set(m, told(m, memory.products).right);
  }
  memory.dots = ADDED.filter((m) => memory.shares.has(m)).map((m) => [m, memory.shares.get(m)]);
  return memory.dots.length === ADDED.length;
}

/** All that a state needs, whatever it takes: for words at rest. */
function complete(view, state) {
  const memory = known(view, state);
  memory.products.advance();
  return outcome(memory, state.m);
}

function lay(width) {
  const small = width < 620;
  const gap = small ? 0 : 54;
  const half = small ? width - 8 : (width - gap) / 2 - 8;
  const hills = { x: 4, y: 40, w: half, h: small ? 150 : 236 };
  const share = small
    ? { x: 34, y: hills.y + hills.h + 84, w: width - 46, h: 190 }
    : { x: 4 + half + gap, y: 40, w: width - (4 + half + gap) - 12, h: 236 };
  return { small, hills, share, height: share.y + share.h + 48 };
}

function draw(view, state) {
  const geometry = lay(view.width0);
  view.fit(geometry.height);
  view.geometry = geometry;
  const memory = known(view, state);
  const whole = advance(memory, BUDGET);
  memory.whole = whole;
  memory.now = outcome(memory, state.m);
  drawHills(view, state);
  drawShare(view, state);
  if (!whole) view.invalidate();
  else if (memory.announced !== memory.key) {
    memory.announced = memory.key;
    view.el.dispatchEvent(new CustomEvent("posenc:state", { bubbles: true }));
  }
}

/** Shares of the values by bar, as a density. */
function heights(values, low, high, count) {
  const bars = new Float64Array(count);
  const wide = (high - low) / count;
  for (const v of values) {
    const bar = Math.floor((v - low) / wide);
    if (bar >= 0 && bar < count) bars[bar] += 1;
  }
  return bars.map((held) => held / (values.length * wide));
}

/** Products are whole numbers, all odd or all even: bars as wide as their steps, or several. */
function barsOf(m, d) {
  const step = 2 / d;
  const span = 2 * Math.max(0.75, 3.6 * loud(m, d)) + 1;
  const wide = step * Math.max(1, Math.ceil(span / BARS / step));
  const low = (1 - BARS * wide) / 2;
  // edges between two values that can occur
  const parity = (((m * d) % 2) + 2) % 2;
  const grid = (parity - 1) / d;
  const from = grid + Math.round((low - grid) / step) * step;
  return { low: from, high: from + BARS * wide };
}

function drawHills(view, state) {
  const { c, geometry, palette, memory } = view;
  const { hills: box, small } = geometry;
  const { hex } = palette;
  const { m, n, d_model: d } = state;
  const { low, high } = barsOf(m, d);
  const xOf = (v) => box.x + (box.w * (v - low)) / (high - low);
  const spreads = [loud(m, d), loud(Math.max(m - 1, 0), d)];
  const bell = (v, middle, s) => Math.exp(-(((v - middle) / s) ** 2) / 2) / s / ROOT;
  const shown = memory.now && [memory.now.others, memory.now.members];
  const bars = shown?.map((values, k) => heights(values, low, high, k ? BARS / 2 : BARS));
  memory.bars = bars;
  const own = (k) => 1 / spreads[k] / ROOT;
  // each hill on a scale of its own: the others are many more
  const tops = [0, 1].map((k) => Math.max(m > 1 || !k ? own(k) : 0, ...(bars?.[k] ?? [])) * 1.12);
  const title = { size: small ? 12 : 12.5, weight: 600, colour: hex.ink };
  text(c, "dot product with the sum, over *d*", box.x, 16, title);
  line(c, box.x, box.y + box.h, box.x + box.w, box.y + box.h, hex.edge);
  const step = niceStep(high - low, small ? 5 : 6);
  for (let k = Math.ceil(low / step); k * step <= high; k++) {
    const x = xOf(k * step);
    if (x < box.x + 8 || x > box.x + box.w - 8) continue;
    line(c, x, box.y + box.h, x, box.y + box.h + 5, hex.edge);
    text(c, signed(k * step, step < 1 ? 1 : 0), x, box.y + box.h + 19, {
      size: 11,
      colour: hex["ink-3"],
      align: "center",
    });
  }
  const colours = [hex["ink-3"], hex.pos];
  const curves = [hex["ink-2"], hex.pos];
  for (const k of [0, 1]) {
    const yOf = (v) => box.y + box.h * (1 - v / tops[k]);
    if (bars) {
      c.fillStyle = colours[k];
      c.globalAlpha = k ? 0.5 : 0.35;
      const count = bars[k].length;
      const wide = (high - low) / count;
      for (let b = 0; b < count; b++) {
        const [x0, x1] = [xOf(low + b * wide), xOf(low + (b + 1) * wide)];
        const y = yOf(bars[k][b]);
        c.fillRect(x0, y, x1 - x0, box.y + box.h - y);
      }
      c.globalAlpha = 1;
    }
    if (k && m === 1) continue; // nothing else in the sum: all products are 1
    const points = Array.from({ length: 121 }, (_, p) => {
      const v = low + ((high - low) * p) / 120;
      return [xOf(v), yOf(bell(v, k, spreads[k]))];
    });
    curve(c, points, curves[k], 1.5, k ? [] : [5, 3]);
  }
  const names = { size: small ? 11.5 : 12.5, weight: 600, halo: hex.paper, baseline: "middle" };
  const there = `${thousands(n - m)} not in it`;
  const here = `${thousands(m)} in the sum`;
  const apart = xOf(1) - xOf(0);
  const beside = apart > (textWidth(c, there, names) + textWidth(c, here, names)) / 2 + 12;
  const left = beside ? xOf(0) : box.x + 2;
  const right = beside ? xOf(1) : box.x + box.w - 2;
  text(c, there, left, box.y - 4, {
    ...names,
    align: beside ? "center" : "left",
    colour: hex["ink-2"],
  });
  text(c, here, right, box.y - 4, {
    ...names,
    align: beside ? "center" : "right",
    colour: hex.pos,
  });
  if (memory.now) {
    const x = clamp(xOf(memory.now.line), box.x, box.x + box.w);
    memory.line = memory.now.line;
    line(c, x, box.y + 8, x, box.y + box.h, hex.ink, 1.25, [2, 3]);
    const rightward = x < box.x + box.w * 0.6;
    text(c, "the *m* largest →", rightward ? x + 5 : x - 5, box.y + box.h - 12, {
      size: 11.5,
      colour: hex.ink,
      align: rightward ? "left" : "right",
      halo: hex.paper,
    });
  }
}

function drawShare(view, state) {
  const { c, geometry, palette, memory } = view;
  const { share: box, small } = geometry;
  const { hex } = palette;
  const { m, n, d_model: d } = state;
  const xOf = (v) => box.x + (box.w * Math.log2(v)) / 7;
  const yOf = (v) => box.y + box.h * (1 - v);
  const title = small ? "told apart" : "share of the sum told apart, against *m*";
  text(c, title, box.x - (small ? 30 : 24), box.y - 24, {
    size: small ? 12 : 12.5,
    weight: 600,
    colour: hex.ink,
  });
  const axis = { size: 11, colour: hex["ink-3"] };
  for (const v of [0, 0.25, 0.5, 0.75, 1]) {
    line(c, box.x, yOf(v), box.x + box.w, yOf(v), v ? hex.rule : hex.edge);
    if (v * 100 !== 25 && v * 100 !== 75)
      text(c, `${100 * v}%`, box.x - 5, yOf(v), { ...axis, align: "right", baseline: "middle" });
  }
  for (let k = 0; k <= 7; k++) {
    line(c, xOf(2 ** k), yOf(0), xOf(2 ** k), yOf(0) + 5, hex.edge);
    text(c, String(2 ** k), xOf(2 ** k), yOf(0) + 19, { ...axis, align: "center" });
  }
  text(c, "vectors added, *m*", box.x + box.w, yOf(0) + 38, { ...axis, align: "right" });

  const bound = limit(n, d);
  memory.limit = bound;
  if (bound >= 1 && bound <= TRIED) {
    const x = xOf(bound);
    line(c, x, box.y - 4, x, yOf(0), hex["ink-2"], 1.25, [6, 4]);
    const words = `*d* / (2 ln *N*) = ${signed(bound, 1)}`;
    const o = { size: 11.5, colour: hex["ink-2"], halo: hex.paper };
    const rightward = x + textWidth(c, words, o) + 6 < box.x + box.w;
    text(c, words, rightward ? x + 6 : x - 6, yOf(0) - 8, {
      ...o,
      align: rightward ? "left" : "right",
    });
  }
  curve(
    c,
    memory.theory.map(([k, v]) => [xOf(k), yOf(v)]),
    hex.ink,
    1.75,
  );
  for (const [k, v] of memory.dots) disc(c, xOf(k), yOf(v), 3, hex.paper, hex["ink-2"], 1.25);
  const right = memory.now?.right ?? expected(m, n, d);
  const [x, y] = [xOf(m), yOf(right)];
  line(c, x, y, x, yOf(0), hex.pos, 1);
  disc(c, x, y, 7, hex.pos, hex.paper, 2);
  const words = `*m* = ${m}: ${percent(right)}`;
  const half = textWidth(c, words, { size: 11.5, weight: 600 }) / 2 + 6;
  const low = y + 30 < yOf(0) - 20;
  tag(
    c,
    words,
    clamp(x, box.x + half - 24, view.width - half),
    low ? y + 22 : y - 22,
    hex.pos,
    hex.paper,
  );
  geometry.mTag = {
    x: clamp(x - 22, 0, view.width - 44),
    y: y - 22,
    w: 44,
    h: 44,
  };
}

/** What came of adding, what theory says, and how far it goes. */
function finding(state, view) {
  const { m, n, d_model: d } = state;
  const memory = known(view, state);
  const now = outcome(memory, m);
  const theory = expected(m, n, d);
  const sums = Math.floor(TRIED / m);
  const bound = limit(n, d);
  const last =
    memory.most >= TRIED
      ? `All up to ${TRIED} can be added with 99 in 100 told.`
      : `Up to **${memory.most}** can be added with 99 in 100 told; at *d*\u00a0/\u00a0(2\u00a0ln\u00a0*N*)\u00a0=\u00a0${signed(bound, 1)} the loudest of the others is as loud as a member.`;
  const of = `${sums === 1 ? "a sum" : `${sums} sums`} of [${thousands(m)}]{pos}, picked from ${thousands(n)} vectors in ${thousands(d)} dimensions`;
  const hit = now
    ? `**${percent(now.right)}** of the vectors in ${of}, are told again (theory: ${percent(theory)}).`
    : `Theory expects **${percent(theory)}** of the vectors in ${of}, to be told again.`;
  return `${hit} The products of the others spread by √(*m*/*d*) = ${signed(loud(m, d), 2)}. ${last}`;
}

const mAt = (view, x) => {
  const { share } = view.geometry;
  return clamp(Math.round(2 ** ((7 * (x - share.x)) / share.w)), 1, TRIED);
};

function next(m, by) {
  const moved = Math.round(m * 2 ** (by / 4));
  return moved === m ? m + Math.sign(by) : moved;
}

export const capacity = defineView({
  label:
    "The dot products of a sum of vectors with those in it and with the others, and the share that is told apart against the number added",
  traits: TRAITS,
  fix: (state) => ({
    m: clamp(Math.round(state.m), 1, TRIED),
    n: clamp(Math.round(state.n), ...BOOKS),
    d_model: clamp(Math.round(state.d_model), ...WIDTHS),
  }),
  draw,
  handles: (view) => [
    {
      name: "m",
      label: "Number m of vectors in the sum",
      page: 4,
      range: () => [1, TRIED],
      value: () => view.state.m,
      say: () => `${view.state.m} added`,
      step: (by) => next(view.state.m, by),
      place: () => view.geometry.mTag,
      move: (m) => view.set({ m: Math.round(m) }),
      drag: (x) => view.set({ m: mAt(view, x) }),
    },
  ],
  pointer: {
    hit(view, x, y) {
      const { share } = view.geometry;
      const inside = x >= share.x - 12 && y >= share.y - 12 && y <= share.y + share.h + 24;
      return inside ? "m" : null;
    },
    drag: (view, _, x) => view.set({ m: mAt(view, x) }),
  },
  finding,
  say: (state, view) => {
    complete(view, state);
    return finding(state, view).replace(/\*\*|\*|\[|\]\{\w+\}/g, "");
  },
  facts: (state, view) => {
    const { m, n, d_model: d } = state;
    const now = outcome(known(view, state), m);
    return {
      m: String(m),
      n: thousands(n),
      d: thousands(d),
      right: now ? percent(now.right) : "\u2026",
      expected: percent(expected(m, n, d)),
      spread: signed(loud(m, d), 2),
      limit: signed(limit(n, d), 1),
      most: String(known(view, state).most),
      beaten: signed(beyond(1 / loud(m, d)) * (n - m), 1),
    };
  },
  data: (state, view) => {
    const memory = known(view, state);
    advance(memory, Number.POSITIVE_INFINITY);
    const { n, d_model: d } = state;
    return {
      columns: ["m", "told", "expected"],
      rows: memory.dots.map(([m, right]) => [m, right, expected(m, n, d)]),
    };
  },
});
