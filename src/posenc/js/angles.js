/**
 * How orthogonal? The cosines of all words with all positions of a trained model as a histogram, and
 * over it the exact density for random directions in d dimensions. Under the axis two spans: one
 * standard deviation of the random ones, whose end can be dragged (it is 1 / sqrt(d)), and the root
 * mean square of the real ones.
 */

import { clamp, curve, disc, line, niceStep, tag, text, textWidth } from "./canvas.js";
import { between, density, spread, within } from "./cosines.js";
import { signed, thousands } from "./format.js";
import { defineView } from "./view.js";

const TRAITS = ["model", "model_index", "way", "way_index", "d_model", "at"];
export const MODELS = ["MiniLM", "Whisper"];
export const WAYS = ["raw", "centred"];
export const [MIN, MAX] = [3, 4096]; // as in views/angles.py
export const MOST = 0.6; // cosine at the end of the axis
const NEAR = 0.1; // what is called nearly orthogonal
const BINS = 200;
const OWN = 384; // dimensions of both models
const STATS = ["mean", "spread", "rms", "within", "asIf"];

/** A share, to a digit more where it is next to nothing or next to all. */
function percent(x) {
  if (x > 0 && x < 0.001) return "under 0.1%";
  if (x >= 0.9995 && x < 1) return "over 99.9%";
  return `${signed(100 * x, x < 0.1 || x > 0.99 ? 1 : 0)}%`;
}
const binOf = (at) => clamp(Math.floor((at + 1) * 100 + 1e-6), 0, BINS - 1);
const edge = (bin) => bin / 100 - 1;

/** The numbers of the model that is shown: shares by bin, and what they are like. */
function real(view, state) {
  const row = MODELS.indexOf(state.model) * WAYS.length + WAYS.indexOf(state.way);
  const { shares, about } = view.tensors;
  const stats = STATS.map((name, k) => [name, about.values[row * STATS.length + k]]);
  return {
    shares: shares.values.subarray(row * BINS, (row + 1) * BINS),
    ...Object.fromEntries(stats),
  };
}

function lay(width) {
  const small = width < 560;
  const x = small ? 4 : 8;
  const plot = { x, y: small ? 62 : 48, w: width - 2 * x, h: small ? 210 : 250 };
  return { small, plot, spans: plot.y + plot.h + 44, height: plot.y + plot.h + 106 };
}

function draw(view, state) {
  const geometry = lay(view.width0);
  const c = view.fit(geometry.height);
  view.geometry = geometry;
  const { plot, small } = geometry;
  const { hex } = view.palette;
  const found = real(view, state);
  const d = Math.round(state.d_model);
  const xOf = (v) => plot.x + (plot.w * (v + MOST)) / (2 * MOST);
  const steps = Math.round(plot.w / 3);
  const at = Array.from({ length: steps + 1 }, (_, k) => -MOST + (2 * MOST * k) / steps);
  const curveOf = (n) => at.map((v) => density(v, n) / 100);
  const random = curveOf(d);
  const top = Math.max(...found.shares, ...random) * 1.08;
  const yOf = (v) => plot.y + plot.h * (1 - v / top);
  Object.assign(geometry, { top });
  view.memory.random = Float64Array.from(random);
  view.memory.shares = Float64Array.from(found.shares);

  // nearly orthogonal
  c.fillStyle = hex.wash;
  c.fillRect(xOf(-NEAR), plot.y - 8, xOf(NEAR) - xOf(-NEAR), plot.h + 8);
  const axis = { size: 11, colour: hex["ink-3"], align: "center" };
  line(c, plot.x, plot.y + plot.h, plot.x + plot.w, plot.y + plot.h, hex.edge);
  const step = small ? 0.2 : 0.1;
  const ends = Math.round(MOST / step);
  for (let k = -ends; k <= ends; k++) {
    const v = k * step;
    line(c, xOf(v), plot.y + plot.h, xOf(v), plot.y + plot.h + 5, hex.edge);
    const last = Math.abs(Math.abs(v) - MOST) < 1e-9;
    const align = last ? (v < 0 ? "left" : "right") : "center";
    text(c, signed(v, 1), xOf(v), plot.y + plot.h + 18, { ...axis, align });
  }
  const grid = niceStep(top, 4);
  for (let v = grid; v < top; v += grid) {
    line(c, plot.x, yOf(v), plot.x + plot.w, yOf(v), hex.rule, 0.75);
    text(c, `${Number((100 * v).toPrecision(2))}%`, plot.x, yOf(v) - 3, {
      ...axis,
      align: "left",
      halo: hex.paper,
    });
  }

  // the model
  c.fillStyle = hex.tok;
  c.globalAlpha = 0.3;
  const outline = [];
  const [from, to] = [binOf(-MOST), binOf(MOST - 0.005)];
  for (let b = from; b <= to; b++) {
    const [x0, x1] = [xOf(edge(b)), xOf(edge(b + 1))];
    const y = yOf(found.shares[b]);
    c.fillRect(x0, y, x1 - x0, plot.y + plot.h - y);
    outline.push([x0, y], [x1, y]);
  }
  c.globalAlpha = 1;
  curve(c, outline, hex.tok, 1.25);
  // random directions: as many dimensions as the model has, and as many as asked for
  const points = (values) => values.map((v, k) => [xOf(at[k]), yOf(Math.min(v, top))]);
  if (d !== OWN) curve(c, points(curveOf(OWN)), hex["ink-3"], 1, [2, 3]);
  curve(c, points(random), hex.ink, 2);

  drawTitle(view, state, found, d);
  drawBin(view, state, { found, d, xOf, yOf });
  drawSpans(view, { found, d, xOf });
}

/** Who is who, in one line or two, and the shares within the band. */
function drawTitle(view, state, found, d) {
  const { c, geometry, palette } = view;
  const { small } = geometry;
  const { hex } = palette;
  const size = small ? 12 : 13;
  const model = `${state.model}, ${state.way}: ${percent(found.within)} within ±0.1`;
  const random = `random, *d* = ${thousands(d)}: ${percent(within(NEAR, d))}`;
  text(c, model, 0, 14, { size, weight: 600, colour: hex.tok });
  text(c, random, small ? 0 : view.width, small ? 32 : 14, {
    size,
    weight: 600,
    colour: hex.ink,
    align: small ? "left" : "right",
  });
}

/** The hundredth that is read: its share in both. */
function drawBin(view, state, { found, d, xOf, yOf }) {
  const { c, geometry, palette } = view;
  const { plot } = geometry;
  const { hex } = palette;
  const bin = view.peek?.bin ?? binOf(state.at);
  const middle = xOf(edge(bin) + 0.005);
  const expected = between(edge(bin), edge(bin + 1), d);
  line(c, middle, plot.y - 6, middle, plot.y + plot.h, hex["ink-2"], 1, [2, 3]);
  disc(c, middle, yOf(found.shares[bin]), 4, hex.tok, hex.paper);
  disc(c, middle, Math.max(plot.y, yOf(expected)), 4, hex.paper, hex.ink, 1.75);
  const left = middle > plot.x + plot.w * 0.62;
  const o = { size: 12, align: left ? "right" : "left", halo: hex.paper };
  const x = middle + (left ? -10 : 10);
  const named = `${signed(edge(bin), 2)} to ${signed(edge(bin + 1), 2)}`;
  text(c, named, x, plot.y + 6, { ...o, weight: 600, colour: hex.ink });
  text(c, `${state.model} ${percent(found.shares[bin])}`, x, plot.y + 22, {
    ...o,
    colour: hex.tok,
  });
  text(c, `random ${percent(expected)}`, x, plot.y + 38, { ...o, colour: hex.ink });
  Object.assign(geometry, {
    bin,
    binTag: { x: clamp(middle - 22, 0, view.width - 44), y: plot.y - 10, w: 44, h: 44 },
  });
}

/** One standard deviation of the random ones, to be dragged, and the same of the model. */
function drawSpans(view, { found, d, xOf }) {
  const { c, geometry, palette } = view;
  const { spans, small } = geometry;
  const { hex } = palette;
  const wide = Math.min(spread(d), MOST);
  const span = (half, middle, y, colour) => {
    const [a, b] = [xOf(Math.max(-MOST, middle - half)), xOf(Math.min(MOST, middle + half))];
    line(c, a, y, b, y, colour, 2);
    for (const x of [a, b]) line(c, x, y - 5, x, y + 5, colour, 2);
    return b;
  };
  const x = span(wide, 0, spans, hex.ink);
  disc(c, x, spans, 6, hex.ink, hex.paper, 2);
  const words = `1/√*d* = ${signed(spread(d), 3)}`;
  const room = textWidth(c, words, { size: 11.5, weight: 600 }) + 24;
  const right = x + room < view.width;
  const y = right ? spans : spans - 18;
  tag(c, words, right ? x + 14 : view.width, y, hex.ink, hex.paper, right ? "left" : "right");
  geometry.widthTag = { x: clamp(x - 22, 0, view.width - 44), y: spans - 22, w: 44, h: 44 };
  const below = spans + 34;
  const end = span(found.spread, found.mean, below, hex.tok);
  disc(c, xOf(found.mean), below, 3.5, hex.tok, hex.paper);
  const told = `mean ${signed(found.mean, 3)}, spread ${signed(found.spread, 3)}`;
  text(c, told, end + 10, below + 0.5, {
    size: small ? 11 : 12,
    colour: hex.tok,
    baseline: "middle",
  });
  geometry.xOfMean = xOf(found.mean);
}

function finding(state, view) {
  const found = real(view, state);
  const d = state.d_model;
  const other = within(NEAR, d);
  const alike = Math.round(found.asIf);
  const tail = `By the root mean square of its cosines (${signed(found.rms, 3)}) the model is as orthogonal as random vectors in **${thousands(alike)}** dimensions; it has ${OWN}.`;
  return `Of all pairs of a [word]{tok} and a [position]{pos} in ${state.model}, ${state.way}, **${percent(found.within)}** have a cosine within ±0.1; of random vectors in ${thousands(d)} dimensions **${percent(other)}**. ${tail}`;
}

/** So many dimensions that one standard deviation is x. */
const dimensions = (x) => clamp(Math.round(1 / Math.max(x, 1e-3) ** 2), MIN, MAX);

function nextWidth(d, by) {
  const next = Math.round(d * 2 ** (by / 4));
  return next === d ? d + Math.sign(by) : next;
}

const valueAt = (view, x) => {
  const { plot } = view.geometry;
  return clamp(((x - plot.x) / plot.w) * 2 * MOST - MOST, -MOST, MOST);
};
/** The middle of the hundredth under x. */
const hundredth = (v) => clamp(Math.floor(v * 100 + 1e-6) / 100, -MOST, MOST - 0.01);

export const angles = defineView({
  label:
    "Histogram of the cosines of all words with all positions of a trained model, and the density of the cosine of random directions",
  traits: TRAITS,
  choices: { model: MODELS, way: WAYS },
  payload: true,
  glide: ["d_model"],
  fix: (state) => ({
    d_model: clamp(Math.round(state.d_model), MIN, MAX),
    at: clamp(Math.round(state.at * 100) / 100, -MOST, MOST - 0.01),
  }),
  draw,
  handles: (view) => [
    {
      name: "width",
      label: "Dimensions d of the random vectors, by the spread of their cosines",
      page: 4,
      invert: true,
      range: () => [MIN, MAX],
      value: () => view.state.d_model,
      say: () => `${thousands(view.state.d_model)} dimensions`,
      step: (by) => nextWidth(view.state.d_model, by),
      place: () => view.geometry.widthTag,
      move: (d) => view.set({ d_model: Math.round(d) }),
      drag: (x) => view.set({ d_model: dimensions(Math.abs(valueAt(view, x))) }),
    },
    {
      name: "bin",
      label: "Cosine that is read",
      page: 10,
      range: () => [-60, 59],
      value: () => Math.round(100 * view.state.at),
      say: () => `cosine ${signed(view.state.at, 2)} to ${signed(view.state.at + 0.01, 2)}`,
      place: () => view.geometry.binTag,
      move: (k) => view.set({ at: Math.round(k) / 100 }),
      drag: (x) => view.set({ at: hundredth(valueAt(view, x)) }),
    },
  ],
  pointer: {
    hit(view, _x, y) {
      const { plot } = view.geometry;
      return y >= plot.y - 8 && y <= plot.y + plot.h + 22 ? "bin" : null;
    },
    drag: (view, _, x) => view.set({ at: hundredth(valueAt(view, x)) }),
    peek(view, x, y) {
      return this.hit(view, x, y) ? { bin: binOf(hundredth(valueAt(view, x))) } : null;
    },
  },
  finding,
  say: (state, view) => finding(state, view).replace(/\*\*|\[|\]\{\w+\}/g, ""),
  facts: (state, view) => {
    const found = real(view, state);
    const bin = binOf(state.at);
    return {
      model: state.model,
      d: thousands(state.d_model),
      within: percent(found.within),
      random: percent(within(NEAR, state.d_model)),
      spread: signed(spread(state.d_model), 3),
      mean: signed(found.mean, 3),
      real_spread: signed(found.spread, 3),
      as_if: thousands(found.asIf),
      share: percent(found.shares[bin]),
      random_share: percent(between(edge(bin), edge(bin + 1), state.d_model)),
    };
  },
  data: (state, view) => {
    const { shares } = real(view, state);
    return {
      columns: ["from", "to", "model", "random"],
      rows: Array.from(shares, (share, b) => [
        edge(b),
        edge(b + 1),
        share,
        between(Math.max(-1, edge(b)), Math.min(1, edge(b + 1)), state.d_model),
      ]),
    };
  },
});
