/**
 * The dot product of two positions, three times over: as curves over the offset k, one for each
 * position t, which fall on one line when the product knows the distance only; as a picture of all
 * pairs, whose diagonals are then constant; and as the two vectors of one pair.
 *
 * Cost follows the screen and the change: a move of t or k lays down what is painted already and
 * asks for one row of products.
 */

import { clamp, textWidth } from "./canvas.js";
import { drawAxis, drawCurve, drawGrid, drawOffset, drawOthers, drawTurns } from "./dots_curve.js";
import { drawMarks, drawPairs, drawStripes } from "./dots_pairs.js";
import { othersOf, rangeOf, rowOf, tableOf, turnsOf } from "./dots_table.js";
import { axisWord, offsetWord, product } from "./dots_words.js";
import { plural, thousands } from "./format.js";
import { within } from "./handles.js";
import { learnedCalled, TABLES, take } from "./learned.js";
import { SCHEMES } from "./schemes.js";
import { defineView } from "./view.js";

const TRAITS = [
  "scheme",
  "length",
  "d_model",
  "d_kept",
  "base",
  "t",
  "k",
  "k_kept",
  "t_max",
  "k_min",
  "no_base",
  "no_width",
];
const FIXED = "\u00a0"; // a space at which no line ends
const MARGIN = 10; // CSS pixels at the right of the picture, for half a diamond
const HANDLE = 44; // CSS pixels: the least that a finger can hold
// a table redrawn at each call gives a position no vector, and so no product
const OFFERED = [...SCHEMES.filter(({ name }) => name !== "redrawn"), ...TABLES];
export const NAMES = OFFERED.map(({ name }) => name);

/** Where everything goes, in CSS pixels, for a stage of this width. */
function lay(view, state, table) {
  const width = view.width0;
  const small = width < 640;
  const c = view.canvas.getContext("2d");
  const least = table.learned ? -0.01 : -Math.round(table.scale);
  const axis = textWidth(c, axisWord(least), { size: 11.5 });
  const left = Math.ceil(Math.max(30, axis + 12));
  const bold = { size: 12, weight: 600 };
  const widest = [1, 0.987].map((share) => `= ${product(-table.scale * share, table)}`);
  const value = Math.max(...widest.map((word) => textWidth(c, word, { ...bold, size: 14 })));
  const name = textWidth(c, `PE(${thousands(state.length)})`, bold);
  const names = Math.max(name, textWidth(c, "product", bold));
  const side = small ? width - 36 : clamp(Math.round(width * 0.39), 240, 400);
  const heat = { x: width - side - MARGIN, y: small ? 416 : 62, w: side, h: side };
  const bottom = heat.y + side;
  const plotEnd = small ? width - 8 : heat.x - 58;
  const axisY = small ? 316 : bottom;
  const stripes = { x: Math.ceil(names) + 10, y: bottom + 66, h: 18, gap: 6 };
  stripes.w = Math.floor(width - stripes.x - value - 10);
  return {
    small,
    plot: { x: left, y: 30, w: plotEnd - left, h: axisY - 64 - 30 },
    axis: { x: left, y: axisY, w: plotEnd - left },
    heat,
    stripes,
    says: OFFERED.find(({ name }) => name === state.scheme).says,
    height: stripes.y + 3 * stripes.h + 2 * stripes.gap + 8,
  };
}

function draw(view, state) {
  const { memory } = view;
  take(view.model.get("payload"));
  const table = tableOf(memory, state);
  const geometry = lay(view, state, table);
  const c = view.fit(geometry.height);
  const { plot, axis, heat } = geometry;
  const last = state.length - 1;
  const others = othersOf(memory, table);
  const range = rangeOf(memory, table, state.k);
  const values = rowOf(memory, table, state.t);
  const high = table.scale * 1.1;
  const low = Math.min(1.06 * others.least, -0.05 * high);
  const inPlot = (v) => clamp(v, low, high); // where a mark stands whose value is beyond the axis
  Object.assign(geometry, {
    high,
    low,
    xOf: (k) => plot.x + (plot.w * (k + last)) / (2 * last),
    yOf: (v) => plot.y + (plot.h * (high - v)) / (high - low),
    inPlot,
    onAxis: (t) => axis.x + (axis.w * t) / last,
    cell: heat.w / state.length,
  });
  view.geometry = geometry;
  if (view.peek && !inTable(view.peek, state)) view.peek = null;
  const at = { c, state, values, range, table };
  drawGrid(view, at);
  drawOthers(view, at, others);
  drawCurve(view, at);
  if (state.scheme === "sinusoidal") drawTurns(view, at);
  drawOffset(view, at);
  drawAxis(view, at);
  drawPairs(view, at);
  drawMarks(view, at);
  drawStripes(view, at);
}

/** Whether what was pointed at is there still: t or the length may have changed since. */
const inTable = ({ t, s, k }, { length, t: row }) =>
  s === undefined ? row + k >= 0 && row + k < length : Math.max(t, s) < length;

/** Squares around the marks that can be dragged, large enough for a finger. */
const hold = ({ x, y }) => ({
  x: x - HANDLE / 2,
  y: y - HANDLE / 2,
  w: HANDLE,
  h: HANDLE,
});

/**
 * Keeps t in the table, and t + k too: where t leaves no room, k gives way, and comes back to what
 * the reader chose (k_kept) when there is room again; so does the width for a learned table, which
 * has its own and ends at its last row. Keeps the channels enough for the bits of all positions. As
 * views/dots.py does.
 */
function fix(state, changed) {
  const entry = OFFERED.find(({ name }) => name === state.scheme);
  const table = learnedCalled(state.scheme);
  // a slider on a logarithmic scale may give a hair more or less than a whole number
  const length = Math.min(Math.round(state.length), table?.rows ?? Number.POSITIVE_INFINITY);
  const bits = Math.ceil(Math.log2(length));
  const least = state.scheme === "binary" ? bits + (bits % 2) : 2;
  const asked = changed === "d_model" ? state.d_model : state.d_kept;
  const own = Math.max(2 * Math.round(asked / 2), least);
  const d_kept = table ? state.d_kept : own;
  const d_model = table ? table.width : own;
  const t_max = length - 1;
  const t = clamp(Math.round(state.t), 0, t_max);
  const inside = (k) => clamp(Math.round(k), -t, t_max - t);
  const given = changed === "k" && state.k !== inside(state.k_kept);
  const k_kept = given ? inside(state.k) : state.k_kept;
  const no_base = !entry.based;
  const fixed = { length, d_model, d_kept, no_base, no_width: table !== undefined, t_max };
  return { ...fixed, k_min: -t_max, t, k_kept, k: inside(k_kept) };
}

const kAt = ({ geometry: { plot }, state }, x) => {
  const last = state.length - 1;
  return Math.round(((x - plot.x) / plot.w) * 2 * last - last);
};
const tAt = ({ geometry: { axis }, state }, x) =>
  clamp(Math.round(((x - axis.x) / axis.w) * (state.length - 1)), 0, state.length - 1);
const pairAt = ({ geometry: { heat, cell }, state }, x, y) => ({
  t: clamp(Math.floor((y - heat.y) / cell), 0, state.length - 1),
  s: clamp(Math.floor((x - heat.x) / cell), 0, state.length - 1),
});
const kRange = ({ t, t_max }) => [-t, t_max - t];

/** The product that t and k point at, with what is known of its offset. */
function reading(state, view) {
  const { memory } = view;
  take(view.model.get("payload"));
  const table = tableOf(memory, state);
  const value = rowOf(memory, table, state.t)[state.t + state.k];
  return {
    table,
    value,
    pairs: state.length - Math.abs(state.k),
    ...rangeOf(memory, table, state.k),
    write: (v) => product(v, table),
  };
}

/** What else there is to know of a learned table. */
function aboutLearned({ learned, outlying, gram, n }, write) {
  const { name, rows, width } = learned;
  const own = outlying.map(
    (t) => `**${write(gram[t * (n + 1)])}** at [*t* = ${thousands(t)}]{pos}`,
  );
  const beyond = own.length
    ? ` Beyond the colours: the product of a row with itself is ${listed(own)}.`
    : "";
  return ` The table of ${name} has ${rows} rows of ${width} numbers and no more.${beyond}`;
}

const listed = (items) =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

function finding(state, view) {
  const { table, value, pairs, least, greatest, spread, write } = reading(state, view);
  const at = `At [**${offsetWord(state.k)}**]{off}`;
  const all = pairs === 1 ? "the only pair gives" : `all ${thousands(pairs)} pairs give`;
  if (spread)
    return `${at} the product of the ${thousands(pairs)} pairs runs from **${write(least)}** to **${write(greatest)}**: spread **${write(spread)}**. It depends on where you stand.${table.learned ? aboutLearned(table, write) : ""}`;
  const same = `${at} ${all} **${write(value)}**; spread **0**.`;
  if (state.scheme !== "sinusoidal") return same;
  const { rise, negative } = turnsOf(view.memory, state);
  const last = state.length - 1;
  const where = (k) => (k === null ? "nowhere" : `at *k*${FIXED}=${FIXED}**${thousands(k)}**`);
  const beyond = (k) => (k > last ? `, beyond these ${plural(state.length, "position")}` : "");
  return `${same} The curve first rises again ${where(rise)}${beyond(rise)}, and first falls below zero ${where(negative)}${beyond(negative)}.`;
}

export const dots = defineView({
  label:
    "Dot products of pairs of positions: curves over the offset k, one for each position t, beside a picture of all pairs, and the two vectors of one pair",
  traits: TRAITS,
  choices: { scheme: NAMES },
  payload: (state) => learnedCalled(state.scheme) !== undefined,
  fix,
  draw,
  handles: (view) => [
    {
      name: "t",
      label: "Position t, on the axis of positions",
      range: () => [0, view.state.t_max],
      value: () => view.state.t,
      say: () => `position ${thousands(view.state.t)}`,
      place: () => hold(view.geometry.round),
      move: (t) => view.set({ t }),
      drag: (x) => view.set({ t: tAt(view, x) }),
    },
    {
      name: "k",
      label: "Offset k, on the curve",
      range: () => kRange(view.state),
      value: () => view.state.k,
      say: () => spokenOffset(view),
      place: () => hold(view.geometry.diamond),
      move: (k) => view.set({ k }),
      drag: (x) => view.set({ k: clamp(kAt(view, x), ...kRange(view.state)) }),
    },
    {
      name: "row",
      label: "Position t, row of the picture of all pairs",
      vertical: true,
      invert: true,
      range: () => [0, view.state.t_max],
      value: () => view.state.t,
      say: () => `position ${thousands(view.state.t)}`,
      place: () => hold(view.geometry.rowMark),
      move: (t) => view.set({ t }),
      drag: (_x, y) => view.set({ t: pairAt(view, 0, y).t }),
    },
    {
      name: "column",
      label: "Offset k, by the column t + k of the picture of all pairs",
      range: () => kRange(view.state),
      value: () => view.state.k,
      say: () => spokenOffset(view),
      place: () => hold(view.geometry.columnMark),
      move: (k) => view.set({ k }),
      drag: (x) => view.set({ k: pairAt(view, x, 0).s - view.state.t }),
    },
  ],
  pointer: {
    hit(view, x, y) {
      const { plot, axis, heat } = view.geometry;
      if (within(heat, x, y)) return "pair";
      if (within(plot, x, y)) return "offset";
      if (within({ ...axis, y: axis.y - 22, h: 44 }, x, y)) return "position";
      return null;
    },
    drag(view, region, x, y) {
      if (region === "pair") {
        const { t, s } = pairAt(view, x, y);
        view.set({ t });
        view.set({ k: s - t });
      } else if (region === "offset") view.set({ k: clamp(kAt(view, x), ...kRange(view.state)) });
      else view.set({ t: tAt(view, x) });
    },
    peek(view, x, y) {
      const region = this.hit(view, x, y);
      if (region === "pair") return pairAt(view, x, y);
      if (region === "offset") return { k: clamp(kAt(view, x), ...kRange(view.state)) };
      return null;
    },
  },
  finding,
  say: (state, view) => {
    const { value, pairs, least, greatest, spread, write } = reading(state, view);
    const others = spread
      ? `over all ${plural(pairs, "pair")} at this offset it runs from ${write(least)} to ${write(greatest)}`
      : `the same for all ${plural(pairs, "pair")} at this offset`;
    return `Position ${thousands(state.t)}, offset ${thousands(state.k)}: dot product ${write(value)}, ${others}.`;
  },
  facts: (state, view) => {
    const { table, value, pairs, least, greatest, spread, write } = reading(state, view);
    const { rise, negative } = turnsOf(view.memory, state);
    const place = (k) => (k === null ? "none" : thousands(k));
    return {
      value: write(value),
      pairs: thousands(pairs),
      least: write(least),
      greatest: write(greatest),
      spread: spread ? write(spread) : "0",
      largest: write(table.scale),
      first_rise: place(rise),
      first_negative: place(negative),
    };
  },
  data: (state) => {
    const memory = {};
    const table = tableOf(memory, state);
    const values = rowOf(memory, table, state.t);
    const rows = function* () {
      for (let k = -state.t; k <= state.t_max - state.t; k++) {
        const { least, greatest } = rangeOf(memory, table, k);
        yield [k, values[state.t + k], state.length - Math.abs(k), least, greatest];
      }
    };
    return {
      columns: ["k", `PE(${state.t}).PE(${state.t}+k)`, "pairs", "least", "greatest"],
      rows: rows(),
    };
  },
});

const spokenOffset = (view) => {
  const { value, write } = reading(view.state, view);
  return `offset ${thousands(view.state.k)}, dot product ${write(value)}`;
};
