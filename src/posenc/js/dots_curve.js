/** The curves of the dot-product exhibit, and under them the positions with t and t + k. */

import { clamp, curve, diamond, disc, line, niceStep, text, textWidth } from "./canvas.js";
import { turnsOf } from "./dots_table.js";
import { axisWord, offsetWord, product } from "./dots_words.js";
import { dotByOffset } from "./encodings.js";
import { thousands } from "./format.js";

const GREY = 0.3; // strength of one curve in grey: where all of them coincide they add up to a line

/** Title, hairlines with their values, and the offsets underneath. */
export function drawGrid(view, { c, state }) {
  const { plot, small, high, low, xOf, yOf } = view.geometry;
  const { hex } = view.palette;
  const title = { size: small ? 12 : 12.5, weight: 600 };
  let x = 0;
  for (const [word, colour] of [
    ["PE(", hex.ink],
    ["*t*", hex.pos],
    [") \u00b7 PE(", hex.ink],
    ["*t*", hex.pos],
    [" + ", hex.ink],
    ["*k*", hex.off],
    [")", hex.ink],
  ])
    x += text(c, word, x, 14, { ...title, colour });
  const quiet = { size: 11.5, colour: hex["ink-3"] };
  const step = niceStep(high - low, 4);
  for (let v = Math.ceil(low / step) * step; v <= high; v += step) {
    line(c, plot.x, yOf(v), plot.x + plot.w, yOf(v), Math.abs(v) < step / 2 ? hex.edge : hex.rule);
    const word = axisWord(Math.abs(v) < step / 2 ? 0 : v);
    text(c, word, plot.x - 8, yOf(v), { ...quiet, align: "right", baseline: "middle" });
  }
  line(c, xOf(0), plot.y, xOf(0), plot.y + plot.h + 4, hex.rule);
  const last = state.length - 1;
  const every = niceStep(2 * last, small ? 5 : 8);
  for (let k = -Math.floor(last / every) * every; k <= last; k += every) {
    line(c, xOf(k), plot.y + plot.h, xOf(k), plot.y + plot.h + 4, hex.edge);
    const word = k ? thousands(k) : "*k* = 0";
    const most = view.width - textWidth(c, word, quiet) / 2;
    text(c, word, Math.min(xOf(k), most), plot.y + plot.h + 17, { ...quiet, align: "center" });
  }
}

/**
 * The points of a curve over consecutive offsets, no more than the screen can show: where a pixel
 * holds several offsets, the first, the least, the greatest and the last of them.
 */
export function points(values, first, xOf, yOf) {
  const pitch = xOf(1) - xOf(0);
  if (pitch >= 0.5) return Array.from(values, (v, n) => [xOf(first + n), yOf(v)]);
  const out = [];
  const step = Math.max(1, Math.round(1 / pitch));
  for (let n = 0; n < values.length; ) {
    const end = Math.min(values.length, n + step);
    let [low, high] = [n, n];
    for (let m = n; m < end; m++) {
      if (values[m] < values[low]) low = m;
      if (values[m] > values[high]) high = m;
    }
    let before = -1;
    for (const m of [n, Math.min(low, high), Math.max(low, high), end - 1]) {
      if (m > before) out.push([xOf(first + m), yOf(values[m])]);
      before = m;
    }
    n = end;
  }
  return out;
}

/** Draws within the plot: the curve of a row that stands far out leaves it. */
function inside(c, { x, y, w, h }, work) {
  c.save();
  c.beginPath();
  c.rect(x - 4, y - 2, w + 8, h + 2);
  c.clip();
  work();
  c.restore();
}

/** The curves of other positions, on a canvas of their own that moves of t and k lay down again. */
export function drawOthers(view, { c, state, table }, others) {
  const { memory, palette, geometry, ratio } = view;
  const { plot, xOf, yOf, low } = geometry;
  const key = [table.key, plot.w, plot.h, plot.x, low, ratio].join();
  if (memory.layerKey !== key) {
    memory.layerKey = key;
    memory.layer ??= document.createElement("canvas");
    memory.layer.width = Math.ceil((plot.x + plot.w) * ratio);
    memory.layer.height = Math.ceil((plot.y + plot.h) * ratio);
    memory.layer.drawn = { words: [], discs: [], diamonds: [], curves: [] };
    const on = memory.layer.getContext("2d");
    on.setTransform(ratio, 0, 0, ratio, 0, 0);
    on.globalAlpha = GREY;
    inside(on, plot, () => {
      for (const { t, values } of others.curves)
        curve(on, points(values, -t, xOf, yOf), palette.hex.edge, 1);
    });
  }
  c.drawImage(memory.layer, 0, 0, memory.layer.width / ratio, memory.layer.height / ratio);
  const { length } = state;
  const count = others.curves.length;
  const words =
    count === length
      ? `grey: all ${thousands(count)} positions`
      : `grey: ${count} of ${thousands(length)} positions`;
  text(c, words, plot.x + plot.w, 14, { size: 11.5, colour: palette.hex["ink-3"], align: "right" });
}

/** The curve of the chosen position. */
export function drawCurve(view, { c, state, values }) {
  const { plot, xOf, yOf } = view.geometry;
  const { hex } = view.palette;
  const path = points(values, -state.t, xOf, yOf);
  const pitch = xOf(1) - xOf(0);
  const bold = pitch < 0.5 ? 1.25 : 2.25;
  inside(c, plot, () => {
    curve(c, path, hex.paper, bold + 2.5);
    curve(c, path, hex.ink, bold);
    if (pitch > 8) for (const [x, y] of path) disc(c, x, y, 2.5, hex.ink);
  });
}

/** Where the sinusoidal curve first rises again and first turns negative, on the side free of k. */
export function drawTurns(view, { c, state }) {
  const { plot, xOf, yOf, small } = view.geometry;
  const { hex } = view.palette;
  const turns = turnsOf(view.memory, state);
  const side = state.k < 0 ? 1 : -1;
  const label = { size: small ? 11 : 11.5, colour: hex["ink-2"], halo: hex.paper };
  const shown = [
    ["rise", turns.rise, (k) => `rises again at ${thousands(k)}`],
    ["negative", turns.negative, (k) => `below 0 at ${thousands(k)}`],
  ].filter(([, k]) => k !== null && k < state.length);
  view.geometry.turns = {};
  for (const [n, [name, k, words]] of shown.entries()) {
    const x = xOf(side * k);
    const y = yOf(dotByOffset(k, { d: state.d_model, base: state.base }));
    const top = plot.y + 10 + 17 * n;
    const wide = textWidth(c, words(k), label);
    const outward = side > 0 ? x + 6 + wide < plot.x + plot.w : x - 6 - wide > plot.x;
    const way = outward ? side : -side;
    line(c, x, top - 6, x, y - 4, hex["ink-3"]);
    disc(c, x, y, 3.5, hex.paper, hex.ink, 1.5);
    text(c, words(k), x + 6 * way, top + 2, { ...label, align: way > 0 ? "left" : "right" });
    view.geometry.turns[name] = { x, y };
  }
}

/** The highest point of the curve between two places, so that a label may stand clear of it. */
function topWithin(view, { state, values, from, to }) {
  const { plot, xOf, yOf } = view.geometry;
  const pitch = xOf(1) - xOf(0);
  const kOf = (x) => Math.round((x - plot.x) / pitch) - (state.length - 1);
  const first = clamp(kOf(from), -state.t, state.k);
  const last = clamp(kOf(to), state.k, state.length - 1 - state.t);
  let top = plot.y + plot.h;
  for (let k = first; k <= last; k++) top = Math.min(top, yOf(values[state.t + k]));
  return top;
}

/** The diamond on the curve, its stem, and how far the other pairs at this offset lie apart. */
export function drawOffset(view, { c, state, values, range, table }) {
  const { plot, xOf, yOf, inPlot } = view.geometry;
  const { hex } = view.palette;
  const v = values[state.t + state.k];
  const [x, y] = [xOf(state.k), yOf(inPlot(v))];
  line(c, x, plot.y + plot.h, x, y, hex.off, 1.5, [9, 5]);
  const [low, high] = [yOf(inPlot(range.least)), yOf(inPlot(range.greatest))];
  if (low - high > 3) {
    for (const [colour, w] of [
      [hex.paper, 4],
      [hex.off, 1.5],
    ]) {
      line(c, x, low, x, high, colour, w);
      for (const end of [low, high]) line(c, x - 6, end, x + 6, end, colour, w);
    }
  }
  diamond(c, x, y, 8.5, hex.off, hex.paper, 2);
  const words = `${product(v, table)} at ${offsetWord(state.k)}`;
  const label = { size: 12.5, weight: 600, colour: hex.off, halo: hex.paper };
  const wide = textWidth(c, words, label);
  const right = state.k < 0 ? x - 14 - wide < plot.x : x + 14 + wide < plot.x + plot.w + 8;
  const [from, to] = right ? [x, x + 16 + wide] : [x - 16 - wide, x];
  const clear = topWithin(view, { state, values, from, to });
  text(c, words, right ? x + 12 : x - 12, Math.max(plot.y + 2, clear - 9), {
    ...label,
    align: right ? "left" : "right",
  });
  view.geometry.diamond = { x, y };

  const peek = view.peek?.k;
  if (peek === undefined || peek === state.k) return;
  const other = values[state.t + peek];
  line(c, xOf(peek), plot.y, xOf(peek), plot.y + plot.h, hex.ink, 1, [2, 3]);
  disc(c, xOf(peek), yOf(inPlot(other)), 4, hex.paper, hex.ink, 1.75);
  const leftward = xOf(peek) > plot.x + plot.w * 0.6;
  text(
    c,
    `${product(other, table)} at ${offsetWord(peek)}`,
    xOf(peek) + (leftward ? -9 : 9),
    clamp(yOf(inPlot(other)) + 20, plot.y + 40, plot.y + plot.h - 6),
    { size: 12, colour: hex.ink, halo: hex.paper, align: leftward ? "right" : "left" },
  );
}

/** All positions, t among them, and k steps on from it. */
export function drawAxis(view, { c, state }) {
  const { axis, onAxis, small } = view.geometry;
  const { hex } = view.palette;
  const last = state.length - 1;
  line(c, axis.x, axis.y, axis.x + axis.w, axis.y, hex.edge);
  const step = niceStep(last, small ? 5 : 8);
  for (let p = 0; p <= last; p += step) {
    line(c, onAxis(p), axis.y, onAxis(p), axis.y + 4, hex.edge);
    const quiet = { size: 11.5, colour: hex["ink-3"], align: "center" };
    const most = view.width - textWidth(c, thousands(p), quiet) / 2;
    text(c, thousands(p), Math.min(onAxis(p), most), axis.y + 18, quiet);
  }
  const [x, end] = [onAxis(state.t), onAxis(state.t + state.k)];
  line(c, x, axis.y, end, axis.y, hex.off, 2.5, [9, 5]);
  diamond(c, end, axis.y, 6, hex.off, hex.paper, 1.5);
  disc(c, x, axis.y, 8.5, hex.pos, hex.paper, 2);
  const words = `*t* = ${thousands(state.t)}`;
  const label = { size: 12.5, weight: 600, colour: hex.pos, halo: hex.paper };
  const half = textWidth(c, words, label) / 2;
  const centre = clamp(x, axis.x + half - 8, axis.x + axis.w - half + 8);
  text(c, words, centre, axis.y - 15, { ...label, align: "center" });
  view.geometry.round = { x, y: axis.y };
}
