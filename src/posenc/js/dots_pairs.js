/** The picture of all pairs of positions, its marks, and the two vectors of one pair. */

import { clamp, diamond, disc, line, niceStep, text, textWidth } from "./canvas.js";
import { pairsOf } from "./dots_table.js";
import { endWord, offsetWord, product } from "./dots_words.js";
import { pairOf } from "./encodings.js";
import { thousands } from "./format.js";

const NAMED = 20; // CSS pixels: the least width of a channel that has its name above it

/** The product of every pair of positions, in colours from the largest downwards. */
export function drawPairs(view, { c, state, table }) {
  const { memory, palette, geometry } = view;
  const { heat } = geometry;
  const { hex, packed } = palette;
  const pairs = pairsOf(memory, table, heat.w);
  const { blocks, run, values } = pairs;
  if (memory.paintedKey !== pairs.key) {
    memory.paintedKey = pairs.key;
    memory.painted = (memory.painted ?? 0) + 1;
    memory.image ??= document.createElement("canvas");
    memory.image.width = memory.image.height = blocks;
    const on = memory.image.getContext("2d");
    const data = on.createImageData(blocks, blocks);
    const pixels = new Uint32Array(data.data.buffer);
    const unit = 128 / table.scale;
    for (let n = 0; n < values.length; n++)
      pixels[n] = packed[clamp((values[n] * unit + 128.5) | 0, 0, 256)];
    on.putImageData(data, 0, 0);
  }
  const side = (heat.w * blocks * run) / state.length;
  c.imageSmoothingEnabled = blocks * 2 > heat.w * view.ratio;
  c.save();
  c.beginPath();
  c.rect(heat.x, heat.y, heat.w, heat.h);
  c.clip();
  c.drawImage(memory.image, heat.x, heat.y, side, side);
  c.restore();
  c.strokeStyle = hex.edge;
  c.lineWidth = 1;
  c.strokeRect(heat.x - 0.5, heat.y - 0.5, heat.w + 1, heat.h + 1);

  const top = heat.y - 48;
  const words =
    run > 1 ? `every pair, in means of ${run} \u00d7 ${run}` : "every pair of positions";
  text(c, words, heat.x, top, {
    size: geometry.small ? 12 : 12.5,
    weight: 600,
    colour: hex.ink,
  });
  drawKey(view, { c, scale: table.scale, right: heat.x + heat.w, y: top });
  const last = state.length - 1;
  const step = niceStep(last, 4);
  for (let p = 0; p <= last; p += step) {
    const x = heat.x + (p + 0.5) * geometry.cell;
    line(c, x, heat.y + heat.h + 1, x, heat.y + heat.h + 5, hex.edge);
    const quiet = { size: 11.5, colour: hex["ink-3"], align: "center" };
    const half = textWidth(c, thousands(p), quiet) / 2;
    text(c, thousands(p), Math.min(x, heat.x + heat.w - half), heat.y + heat.h + 18, quiet);
  }
}

/** The colours and the values of their ends. */
function drawKey(view, { c, scale, right, y }) {
  const { hex, css } = view.palette;
  const quiet = { size: 11.5, colour: hex["ink-3"] };
  const end = endWord(scale);
  const w = textWidth(c, end, quiet);
  const wide = view.geometry.small ? 60 : 72;
  const x = right - w - 6 - wide;
  for (let n = 0; n < wide; n++) {
    c.fillStyle = css((2 * n) / (wide - 1) - 1);
    c.fillRect(x + n, y - 9, 1.5, 9);
  }
  text(c, end, right, y, { ...quiet, align: "right" });
  text(c, `\u2212${end}`, x - 6, y, { ...quiet, align: "right" });
}

/** Row t, diagonal k, and the cell where they meet. */
export function drawMarks(view, { c, state }) {
  const { heat, cell } = view.geometry;
  const { hex } = view.palette;
  const xOf = (s) => heat.x + (s + 0.5) * cell;
  const yOf = (t) => heat.y + (t + 0.5) * cell;
  const [x, y] = [xOf(state.t + state.k), yOf(state.t)];
  const first = Math.max(0, -state.k); // the diagonal runs from here to the edge of the picture
  const end = Math.min(state.length, state.length - state.k);
  const diagonal = [
    heat.x + (first + state.k) * cell,
    heat.y + first * cell,
    heat.x + (end + state.k) * cell,
    heat.y + end * cell,
  ];
  line(c, ...diagonal, hex.paper, 4);
  line(c, ...diagonal, hex.off, 1.75, [9, 5]);
  line(c, heat.x - 8, y, heat.x + heat.w, y, hex.paper, 3.5);
  line(c, heat.x - 8, y, heat.x + heat.w, y, hex.pos, 1.5);
  line(c, x, heat.y - 8, x, y, hex.paper, 3.5);
  line(c, x, heat.y - 8, x, y, hex.off, 1.5);

  const side = Math.max(cell, 7);
  c.strokeStyle = hex.paper;
  c.lineWidth = 4;
  c.strokeRect(x - side / 2, y - side / 2, side, side);
  c.strokeStyle = hex.ink;
  c.lineWidth = 1.75;
  c.strokeRect(x - side / 2, y - side / 2, side, side);
  disc(c, heat.x - 14, y, 8.5, hex.pos, hex.paper, 2);
  diamond(c, x, heat.y - 14, 8.5, hex.off, hex.paper, 2);
  const name = { size: 12, weight: 600, halo: hex.paper };
  const words = `*t* + *k* = ${thousands(state.t + state.k)}`;
  const leftward = x + 14 + textWidth(c, words, name) > heat.x + heat.w;
  text(c, words, x + (leftward ? -14 : 14), heat.y - 10, {
    ...name,
    colour: hex.off,
    align: leftward ? "right" : "left",
  });
  const near = x > heat.x + heat.w / 2; // the label of the row keeps out of the cell's way
  text(
    c,
    `*t* = ${thousands(state.t)}`,
    near ? heat.x + 6 : heat.x + heat.w - 6,
    y + (y > heat.y + 24 ? -6 : 15),
    {
      ...name,
      colour: hex.pos,
      align: near ? "left" : "right",
    },
  );
  drawDiagonalName(view, { c, state, diagonal, y });
  view.geometry.rowMark = { x: heat.x - 14, y };
  view.geometry.columnMark = { x, y: heat.y - 14 };

  const peek = view.peek;
  if (peek?.s === undefined) return;
  c.strokeStyle = hex.paper;
  c.lineWidth = 3;
  c.strokeRect(xOf(peek.s) - side / 2, yOf(peek.t) - side / 2, side, side);
  c.strokeStyle = hex.ink;
  c.lineWidth = 1;
  c.strokeRect(xOf(peek.s) - side / 2, yOf(peek.t) - side / 2, side, side);
}

/** The name of the diagonal, along it, in the longer of its two parts. */
function drawDiagonalName(view, { c, state, diagonal: [x0, y0, x1, y1], y }) {
  const { hex } = view.palette;
  const below = y1 - y > y - y0;
  const [a, b] = below ? [y, y1] : [y0, y];
  const words = offsetWord(state.k);
  const name = { size: 12, weight: 600, colour: hex.off, halo: hex.paper, align: "center" };
  const run = textWidth(c, words, name) * Math.SQRT1_2;
  if (b - a < run + 40) return;
  const at = below ? a + (b - a) * 0.62 : a + (b - a) * 0.38;
  c.save();
  c.translate(x0 + (at - y0) * ((x1 - x0) / (y1 - y0)), at);
  c.rotate(Math.PI / 4);
  text(c, words, 0, -9, name);
  c.restore();
}

/** The two vectors and their products, channel by channel: what the dot product adds up. */
export function drawStripes(view, { c, state, table }) {
  const { memory, palette, geometry } = view;
  const { stripes: box } = geometry;
  const { hex, packed } = palette;
  const { t, s } = view.peek?.s === undefined ? { t: state.t, s: state.t + state.k } : view.peek;
  const { d, vectors, reach } = table;
  const across = Math.ceil(d / box.w);
  const cells = Math.ceil(d / across);
  const bands = [new Float64Array(cells), new Float64Array(cells), new Float64Array(cells)];
  let total = 0;
  for (let q = 0; q < cells; q++) {
    const end = Math.min(d, (q + 1) * across);
    for (let j = q * across; j < end; j++) {
      const [a, b] = [vectors[t * d + j], vectors[s * d + j]];
      total += a * b;
      bands[0][q] += a / (end - q * across);
      bands[1][q] += b / (end - q * across);
      bands[2][q] += (a * b) / (end - q * across);
    }
  }
  memory.strip ??= document.createElement("canvas");
  memory.strip.width = cells;
  memory.strip.height = 3;
  const on = memory.strip.getContext("2d");
  const data = on.createImageData(cells, 3);
  const pixels = new Uint32Array(data.data.buffer);
  for (const [n, band] of bands.entries())
    for (let q = 0; q < cells; q++)
      pixels[n * cells + q] =
        packed[clamp(((band[q] / (n < 2 ? reach : reach ** 2)) * 128 + 128.5) | 0, 0, 256)];
  on.putImageData(data, 0, 0);
  memory.bands = bands;
  const wide = (box.w * cells * across) / d;
  c.imageSmoothingEnabled = false;
  c.save();
  c.beginPath();
  c.rect(box.x, box.y, box.w, 3 * (box.h + box.gap));
  c.clip();
  const names = [
    [`PE(${thousands(t)})`, hex.pos],
    [`PE(${thousands(s)})`, hex.off],
    ["product", hex.ink],
  ];
  for (const n of names.keys())
    c.drawImage(memory.strip, 0, n, cells, 1, box.x, box.y + n * (box.h + box.gap), wide, box.h);
  c.restore();
  for (const [n, [word, colour]] of names.entries()) {
    const y = box.y + n * (box.h + box.gap);
    c.strokeStyle = hex.rule;
    c.lineWidth = 1;
    c.strokeRect(box.x - 0.5, y - 0.5, box.w + 1, box.h + 1);
    text(c, word, box.x - 8, y + box.h / 2, {
      size: 12,
      weight: 600,
      colour,
      align: "right",
      baseline: "middle",
    });
  }
  const y = box.y + 2 * (box.h + box.gap) + box.h / 2;
  // a learned table has weak directions that are not shown
  if (table.gram) total = table.gram[t * table.n + s];
  text(c, `${table.gram ? "\u2248" : "="} ${product(total, table)}`, box.x + box.w + 8, y, {
    size: 14,
    weight: 600,
    colour: hex.ink,
    baseline: "middle",
  });
  drawHead(view, { c, state, table });
}

/** Over the stripes: what the channels hold, what the colours mean, and which is which. */
function drawHead(view, { c, state, table }) {
  const { says, stripes: box, small } = view.geometry;
  const { hex } = view.palette;
  const quiet = { size: 11.5, colour: hex["ink-3"] };
  const { reach, learned } = table;
  const colours = reach === 1 ? "colours from \u22121 to 1" : `colours to \u00b1${endWord(reach)}`;
  const products = reach === 1 ? "" : `, products to \u00b1${endWord(reach ** 2)}`;
  const y = box.y - 22;
  const size = small ? 12 : 12.5;
  const w = text(c, learned ? "direction by direction" : "channel by channel", 0, y, {
    size,
    weight: 600,
    colour: hex.ink,
  });
  const both = colours + products;
  if (small) {
    const room = view.width - w - 12;
    text(c, textWidth(c, both, quiet) > room ? colours : both, w + 12, y, quiet);
  } else {
    text(c, says, w + 12, y, { ...quiet, colour: hex["ink-2"] });
    text(c, both, box.x + box.w, y, { ...quiet, align: "right" });
  }
  const cell = box.w / state.d_model;
  if (state.scheme !== "sinusoidal" || cell < NAMED) return;
  for (let j = 0; j < state.d_model; j++) {
    const cosine = pairOf(j, state.d_model)[1];
    text(c, cosine ? "cos" : "sin", box.x + (j + 0.5) * cell, box.y - 6, {
      size: 11,
      colour: cosine ? hex.cos : hex.sin,
      align: "center",
    });
  }
}
