/** The drawing of the small model with its residual path whole or cut, and of what is read in it. */

import { curve, disc, line, tag, text, textWidth } from "./canvas.js";
import { plural, signed } from "./format.js";

export const DEPTHS = ["Before the first layer", "After the first layer", "After the second layer"];
export const nameOf = (path, weights) => `${path} ${weights}`;
/** The four curves, in the order of their names. */
export const MODELS = [
  { path: "whole", weights: "untrained", words: "with the path, never trained" },
  { path: "whole", weights: "trained", words: "with the path, trained" },
  { path: "cut", weights: "trained", words: "path cut, trained" },
  { path: "cut", weights: "untrained", words: "path cut, never trained" },
];
const TICKS = ["before", "after layer 1", "after layer 2"];
const DASH = [8, 4]; // never trained
const TOP = 14; // CSS pixels down to the heading
const BOX = 30; // height of a part of a layer
const SAMPLE = 34; // length of a line in the key

/** Where everything goes, in CSS pixels, for a stage of this width. */
function lay(view) {
  const width = view.width0;
  const x = 38;
  const w = width - x - 26;
  const spine = TOP + 108;
  const key = spine + 38;
  const rows = placeKey(view, width, key);
  const plot = { x, y: rows.at(-1).y + 44, w, h: 210 };
  return {
    spine,
    key: rows,
    plot,
    toX: (depth) => plot.x + (depth / 2) * plot.w,
    toY: (value) => plot.y + (1 - value) * plot.h,
    height: plot.y + plot.h + 36,
  };
}

/** The names of the curves, one after another, in as many lines as they need. */
function placeKey(view, width, top) {
  const c = view.canvas.getContext("2d");
  let [x, y] = [0, top];
  return MODELS.map((model) => {
    const w = SAMPLE + 8 + textWidth(c, model.words, { size: 12, weight: 600 });
    if (x && x + w > width) [x, y] = [0, y + 22];
    const at = { ...model, x, y };
    x += w + 22;
    return at;
  });
}

export function draw(view, state, found) {
  const geometry = lay(view);
  view.geometry = geometry;
  view.fit(geometry.height);
  drawHeading(view, found);
  drawModel(view, state);
  drawKey(view, state);
  drawReadings(view, state, found);
}

function drawHeading(view, { runs }) {
  const { c, palette } = view;
  const { hex } = palette;
  text(c, "The residual path, whole and cut", 0, TOP, { size: 13, weight: 600, colour: hex.ink });
  const small = view.width0 < 560;
  const what = small
    ? `Small models, ${plural(runs, "run")} each`
    : `Small models of two layers, ${plural(runs, "run")} each; the path around attention is there, or never was`;
  text(c, what, 0, TOP + 18, { size: 11.5, colour: hex["ink-2"] });
}

/** The two layers, above the axis on which they lie: a path straight on, with parts beside it. */
function drawModel(view, { depth, path }) {
  const { c, geometry, palette } = view;
  const { spine, toX } = geometry;
  const { hex } = palette;
  const length = toX(1) - toX(0);
  const whole = path === "whole";
  for (const layer of [0, 1]) {
    const at = (share) => toX(layer) + share * length;
    const [out, back] = [at(0.08), at(0.54)]; // where attention leaves the path, and comes back
    line(c, toX(layer), spine, out, spine, hex.pos, 2.5);
    line(c, back, spine, toX(layer + 1), spine, hex.pos, 2.5);
    if (whole) line(c, out, spine, back, spine, hex.pos, 2.5);
    else drawGap(c, out, back, spine, hex);
    part(view, out, back, ["attention"], whole ? hex["ink-3"] : hex.pos);
    part(view, at(0.6), at(0.94), ["feed-", "forward"], hex["ink-3"]);
    if (whole) sum(c, back, spine, hex);
    sum(c, at(0.94), spine, hex);
  }
  for (const k of [0, 1, 2]) {
    const here = k === Math.round(depth);
    disc(c, toX(k), spine, here ? 6 : 4, here ? hex.pos : hex.paper, hex.pos, 2);
  }
}

/** What is left of the path where it was cut. */
function drawGap(c, out, back, y, hex) {
  const middle = (out + back) / 2;
  line(c, out, y, middle - 7, y, hex.edge, 1.5, [2, 4]);
  line(c, middle + 7, y, back, y, hex.edge, 1.5, [2, 4]);
  for (const x of [middle - 4, middle + 4]) line(c, x - 3, y + 7, x + 3, y - 7, hex.ink, 1.75);
}

/** A part of a layer: it reads from the path and writes back to it. */
function part(view, from, to, words, colour) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const { spine } = geometry;
  const middle = spine - 38;
  const width = Math.min(to - from - 8, 92);
  const left = (from + to - width) / 2;
  curve(
    c,
    [
      [from, spine],
      [from, middle],
      [left, middle],
    ],
    colour,
    1.5,
  );
  curve(
    c,
    [
      [left + width, middle],
      [to, middle],
      [to, spine],
    ],
    colour,
    1.5,
  );
  c.strokeStyle = colour;
  c.lineWidth = 1.25;
  c.strokeRect(left, middle - BOX / 2, width, BOX);
  const lines = width > 74 ? [words.join("")] : words;
  const size = width > 74 ? 11.5 : 10;
  for (const [k, word] of lines.entries())
    text(c, word, left + width / 2, middle + (k - (lines.length - 1) / 2) * 12 + 0.5, {
      size,
      colour: hex["ink-2"],
      align: "center",
      baseline: "middle",
    });
}

/** Where what a part found is added to the path. */
function sum(c, x, y, hex) {
  disc(c, x, y, 5, hex.paper, hex["ink-3"], 1.25);
  line(c, x - 3, y, x + 3, y, hex["ink-3"], 1.25);
  line(c, x, y - 3, x, y + 3, hex["ink-3"], 1.25);
}

const colourOf = ({ hex }, { path }) => (path === "whole" ? hex.pos : hex["ink-2"]);
const chosen = (model, { path, weights }) => model.path === path && model.weights === weights;
const dashOf = ({ weights }) => (weights === "trained" ? [] : DASH);

/** A point of a curve: filled with the path, open without. */
function point(c, palette, model, x, y, r) {
  const colour = colourOf(palette, model);
  disc(c, x, y, r, model.path === "whole" ? colour : palette.hex.paper, colour, 1.5);
}

function drawKey(view, state) {
  const { c, geometry, palette } = view;
  for (const model of geometry.key) {
    const { x, y } = model;
    const now = chosen(model, state);
    const colour = colourOf(palette, model);
    line(c, x, y - 4, x + SAMPLE, y - 4, colour, now ? 2.25 : 1.25, dashOf(model));
    point(c, palette, model, x + SAMPLE / 2, y - 4, now ? 3.5 : 3);
    text(c, model.words, x + SAMPLE + 8, y, { size: 12, weight: now ? 600 : 400, colour });
  }
}

/** R² by depth, with its spread over the runs, for each model. */
function drawReadings(view, state, { probes }) {
  const { c, geometry, palette } = view;
  const { plot, toX, toY } = geometry;
  const { hex } = palette;
  const axis = { size: 11.5, colour: hex["ink-3"] };
  text(c, "*R*² of the place read; bars: least and greatest run", 0, plot.y - 14, {
    size: 11.5,
    colour: hex["ink-2"],
  });
  for (const v of [0, 0.25, 0.5, 0.75, 1]) {
    line(c, plot.x, toY(v), plot.x + plot.w, toY(v), v ? hex.rule : hex.edge);
    text(c, v, plot.x - 10, toY(v), { ...axis, align: "right", baseline: "middle" });
  }
  for (const [depth, words] of TICKS.entries()) {
    const here = depth === Math.round(state.depth);
    text(c, words, depth ? toX(depth) + (depth === 2 ? 26 : 0) : 0, plot.y + plot.h + 22, {
      ...axis,
      align: ["left", "center", "right"][depth],
      weight: here ? 600 : 400,
      colour: here ? hex.ink : hex["ink-3"],
    });
  }
  const x0 = toX(state.depth);
  line(c, x0, plot.y, x0, plot.y + plot.h, hex.edge, 1.25);
  // the chosen one on top
  for (const model of [...MODELS].sort((a, b) => chosen(a, state) - chosen(b, state))) {
    const now = chosen(model, state);
    const colour = colourOf(palette, model);
    const told = probes[nameOf(model.path, model.weights)];
    curve(
      c,
      told.map(([mean], depth) => [toX(depth), toY(mean)]),
      colour,
      now ? 2.25 : 1.25,
      dashOf(model),
    );
    for (const [depth, [mean, , least, most]] of told.entries()) {
      const x = toX(depth);
      if (toY(least) - toY(most) > 1) line(c, x, toY(least), x, toY(most), colour, now ? 2 : 1.25);
      point(c, palette, model, x, toY(mean), now ? 4 : 3);
    }
  }
  const own = probes[nameOf(state.path, state.weights)].map(([mean]) => mean);
  const low = Math.floor(state.depth);
  const share = state.depth - low;
  const value = own[low] * (1 - share) + own[Math.ceil(state.depth)] * share;
  const mark = { x: x0, y: toY(value) };
  disc(c, mark.x, mark.y, 8.5, colourOf(palette, state), hex.paper, 2);
  // beside the mark, where no other curve ends
  const [x, align] = state.depth > 1.5 ? [x0 - 14, "right"] : [x0 + 14, "left"];
  const y = mark.y + (value > 0.15 ? 18 : -18);
  tag(c, signed(own[Math.round(state.depth)], 2), x, y, hex.ink, hex.paper, align);
  geometry.mark = mark;
}
