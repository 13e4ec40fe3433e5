/**
 * The drawing of the head that looks back: the heatmap with its words, row and band; the dots by
 * distance.
 */

import { curve, diamond, disc, keyStrip, line, outline, text, textWidth } from "./canvas.js";
import { plural, signed } from "./format.js";

const LEAST_ARC = 0.02; // a weight below it has no arc
const GRIP = 0.7; // where on the band its handle sits, of its length
const DOT = 2.4;
const BACK = 5; // every so many words back the axis of distance has a number

/** Where everything goes, in CSS pixels, for a stage of this width. */
function lay(view, words) {
  const width = view.width0;
  const small = width < 560;
  const stacked = width < 760;
  const c = view.canvas.getContext("2d");
  const size = small ? 11 : 12.5;
  const longest = Math.max(...words.map((w) => textWidth(c, w, { size, weight: 600 })));
  const arcs = small ? 36 : 84;
  const left = Math.ceil(arcs + longest + 10);
  const room = stacked ? width - left - (small ? 24 : 64) : 352;
  const cell = Math.min(stacked ? 26 : 22, Math.floor((10 * room) / words.length) / 10);
  const tilt = small ? -1.2 : -1;
  const top = Math.ceil(longest * Math.sin(-tilt) + 22);
  const side = cell * words.length;
  const heat = { x: left, y: top, side, cell };
  const plot = stacked
    ? { x: 44, y: top + side + 74, w: width - 44 - 14, h: small ? 190 : 230 }
    : { x: left + side + 102, y: top, w: width - (left + side + 102) - 14, h: side - 62 };
  return { small, stacked, size, tilt, heat, plot, height: plot.y + plot.h + 84 };
}

export function draw(view, state, solved) {
  const geometry = lay(view, state.words);
  view.geometry = geometry;
  view.fit(geometry.height);
  const shown = solved[state.shown];
  const span = state.shown === "weights" ? 1 : solved.most || 1;
  drawHeat(view, state, (at) => view.palette.css(shown[at] / span));
  drawWords(view, state, solved.weights);
  drawMarks(view, state);
  drawDistances(view, state, solved, span);
}

function drawHeat(view, { words }, colour) {
  const { c, geometry, palette } = view;
  const { x, y, side, cell } = geometry.heat;
  const n = words.length;
  for (let at = 0; at < n * n; at++) {
    const [row, column] = [Math.floor(at / n), at % n];
    c.fillStyle = colour(at);
    c.fillRect(x + column * cell, y + row * cell, cell + 0.5, cell + 0.5);
  }
  c.strokeStyle = palette.hex.edge;
  c.lineWidth = 1;
  c.strokeRect(x - 0.5, y - 0.5, side + 1, side + 1);
}

/** The words at both edges, and the arcs from the word that looks to those it looks at. */
function drawWords(view, { words, t }, weights) {
  const { c, geometry, palette } = view;
  const { heat, size, tilt, small } = geometry;
  const { hex } = palette;
  const n = words.length;
  const yOf = (row) => heat.y + (row + 0.5) * heat.cell;
  const ends = words.map((word, row) => {
    const weight = row === t || weights[t * n + row] > 0.3 ? 600 : 400;
    const colour = row === t ? hex.pos : hex.tok;
    const o = { size, weight, colour, align: "right", baseline: "middle" };
    return heat.x - 8 - text(c, word, heat.x - 8, yOf(row), o) - 6;
  });
  for (const [column, word] of words.entries()) {
    c.save();
    c.translate(heat.x + (column + 0.5) * heat.cell + 3, heat.y - 6);
    c.rotate(tilt);
    text(c, word, 0, 0, { size: small ? 11 : 12, colour: hex.tok });
    c.restore();
  }
  for (const [row, end] of ends.entries()) {
    const weight = weights[t * n + row];
    if (weight < LEAST_ARC || row === t) continue;
    const out = Math.max(1, Math.min(ends[t], end) - 10 - Math.abs(row - t) * (small ? 7 : 12));
    c.beginPath();
    c.moveTo(ends[t], yOf(t));
    c.bezierCurveTo(out, yOf(t), out, yOf(row), end, yOf(row));
    c.globalAlpha = 0.3 + 0.7 * weight;
    c.strokeStyle = hex.tok;
    c.lineWidth = 1 + 6 * weight;
    c.stroke();
    c.globalAlpha = 1;
  }
}

/** The row of the word that looks, and the band k back, each with its handle. */
function drawMarks(view, { words, t, k }) {
  const { c, geometry, palette } = view;
  const { x, y, side, cell } = geometry.heat;
  const { hex } = palette;
  const long = words.length - k;
  const at = (u) => [x + u * cell, y + (u + k) * cell];
  const [from, to] = [at(0), at(long)];
  line(c, ...from, ...to, `${hex.paper}b0`, 5);
  line(c, ...from, ...to, hex.off, 2, [7, 4]);

  outline(c, [x, y + t * cell, side, cell], hex.pos, hex.paper);
  const row = { x: x + side + 4, y: y + (t + 0.5) * cell };
  disc(c, row.x, row.y, 7, hex.pos, hex.paper, 2);
  if (!geometry.small)
    text(c, `*t* = ${t}`, row.x + 12, row.y, {
      size: 12,
      weight: 600,
      colour: hex.pos,
      baseline: "middle",
      halo: hex.paper,
    });

  const [gx, gy] = at(long * GRIP);
  diamond(c, gx, gy, 9, hex.off, hex.paper, 2);
  const label = `*k* = ${k}`;
  const [lx, ly] = at(long * 0.32);
  c.save();
  c.translate(lx, ly);
  c.rotate(Math.PI / 4);
  text(c, label, 0, k > 0 ? 18 : -9, {
    size: 12.5,
    weight: 600,
    colour: hex.off,
    align: "center",
    halo: hex.paper,
  });
  c.restore();
  geometry.row = row;
  geometry.grip = { x: gx, y: gy };
}

/** The same numbers by how many words back they look: a dot for each pair of words. */
function drawDistances(view, state, solved, span) {
  const shown = solved[state.shown];
  const { c, geometry, palette } = view;
  const { plot } = geometry;
  const { hex, css } = palette;
  const { words, k, t } = state;
  const n = words.length;
  const low = state.shown === "weights" ? 0 : -span;
  const pitch = plot.w / (2 * n - 1);
  const xOf = (back) => plot.x + (back + n - 0.5) * pitch;
  const yOf = (value) => plot.y + plot.h * (1 - (value - low) / (span - low));
  Object.assign(plot, { pitch, low, span });
  drawScales(view, state, solved, { xOf, yOf, low, span, css });

  line(c, xOf(k), plot.y - 4, xOf(k), plot.y + plot.h + 26, hex.off, 1.75, [7, 4]);
  for (const { back, low: a, high: b } of solved.spread[state.shown])
    if (yOf(a) - yOf(b) > 1) line(c, xOf(back), yOf(a), xOf(back), yOf(b), hex.edge, 1);
  const mine = [];
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++) {
      const point = [xOf(row - column), yOf(shown[row * n + column])];
      if (row === t) mine.push(point);
      else if (row < solved.first) disc(c, ...point, DOT, hex.paper, hex["ink-3"], 1);
      else disc(c, ...point, DOT, `${hex.ink}70`);
    }
  curve(c, mine, hex.pos, 1.25);
  for (const point of mine) disc(c, ...point, DOT + 0.6, hex.pos, hex.paper, 0.75);
  const y = plot.y + plot.h + 34;
  diamond(c, xOf(k), y, 8, hex.off, hex.paper, 2);
  geometry.distance = { x: xOf(k), y };
}

function drawScales(view, { words, t, k, shown }, solved, { xOf, yOf, low, span, css }) {
  const { c, geometry, palette } = view;
  const { plot } = geometry;
  const { hex } = palette;
  const n = words.length;
  const axis = { size: 11.5, colour: hex["ink-3"] };
  for (const value of low < 0 ? [low, 0, span] : [0, 0.5, 1]) {
    line(c, plot.x, yOf(value), plot.x + plot.w, yOf(value), value ? hex.rule : hex.edge);
    const name = low < 0 ? signed(value, span < 10 ? 1 : 0) : String(value);
    text(c, name, plot.x - 12, yOf(value), { ...axis, align: "right", baseline: "middle" });
  }
  keyStrip(c, plot.x - 8, plot.y, 4, plot.h, (u) => css((span + u * (low - span)) / span));
  const most = Math.floor((n - 1) / BACK) * BACK;
  for (let back = -most; back <= most; back += BACK)
    if (Math.abs(back - k) > 1)
      text(c, signed(back, 0), xOf(back), plot.y + plot.h + 18, { ...axis, align: "center" });
  const below = plot.y + plot.h + 56;
  const label = k ? `*k* = ${k} back` : "*k* = 0, itself";
  const own = { ...axis, weight: 600, colour: hex.off, align: "center" };
  const half = textWidth(c, label, own) / 2 + 8;
  // of the two ends, the one that the label of k leaves room for
  if (plot.x + textWidth(c, "words ahead", axis) < xOf(k) - half)
    text(c, "words ahead", plot.x, below, axis);
  if (plot.x + plot.w - textWidth(c, "words back", axis) > xOf(k) + half)
    text(c, "words back", plot.x + plot.w, below, { ...axis, align: "right" });
  if (solved.first)
    text(
      c,
      `hollow: ${plural(solved.first, "word")} with none *k* back`,
      plot.x - 8,
      below + 22,
      axis,
    );
  text(c, label, xOf(k), below, own);

  const at = view.peek ?? { row: t, column: lookedAt(solved.weights, n, t) };
  const value = solved[shown][at.row * n + at.column];
  const what = shown === "weights" ? "weight" : "score";
  const said = { size: 12.5, colour: hex["ink-2"] };
  let left = plot.x - 8;
  const top = plot.y - (geometry.stacked ? 18 : 22);
  left += text(c, words[at.row], left, top, {
    ...said,
    weight: 600,
    colour: at.row === t ? hex.pos : hex.tok,
  });
  left += text(c, " looks at ", left, top, said);
  left += text(c, words[at.column], left, top, { ...said, weight: 600, colour: hex.tok });
  text(c, `: ${what} ${signed(value, 2)}`, left, top, said);
  text(c, `${what} by distance, a dot for each pair of words`, plot.x - 8, top - 19, {
    size: 12,
    colour: hex["ink-3"],
  });
}

/** The column that row t of the weights is greatest in. */
export function lookedAt(weights, n, t) {
  let best = 0;
  for (let column = 1; column < n; column++)
    if (weights[t * n + column] > weights[t * n + best]) best = column;
  return best;
}
