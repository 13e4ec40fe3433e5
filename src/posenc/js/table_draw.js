/** How "A real learned table" is drawn: two panels, each a picture, the lengths, and the cosines. */

import { clamp, curve, disc, line, niceStep, tag, text, textWidth } from "./canvas.js";
import { signed, thousands } from "./format.js";
import { levelOf } from "./palette.js";
import { cosinesOf, NAMED, othersOf, pictureOf, REACH } from "./table_data.js";

const GREY = 0.3;
const STRIP = 92; // CSS pixels of the strip of lengths
const LEFT = 46;
const LOWEST = -0.7; // the least cosine that the curves have room for
const WIDE = 2.2; // the strip of lengths spans at least this factor to either side of the median

/** Where everything goes, in CSS pixels, for a stage of this width. */
export function lay(width) {
  const small = width < 700;
  const gap = 34;
  const wide = small ? width : Math.floor((width - gap) / 2);
  const tall = small ? 240 : 300;
  const plotH = small ? 120 : 150;
  const each = 46 + tall + 62 + plotH + 44;
  const strip = small ? 76 : STRIP;
  const panel = (x, y) => ({
    x,
    y,
    w: wide,
    heat: { x: x + LEFT, y: y + 46, w: wide - LEFT - strip - 14, h: tall },
    strip: { x: x + wide - strip, y: y + 46, w: strip, h: tall },
    plot: { x: x + LEFT, y: y + 46 + tall + 62, w: wide - LEFT - 4, h: plotH },
  });
  return {
    small,
    panels: small ? [panel(0, 0), panel(0, each + 10)] : [panel(0, 0), panel(wide + gap, 0)],
    height: small ? 2 * each + 10 : each,
  };
}

/** One panel: the table named above it, at position t. */
export function drawPanel(view, state, panel, table, nth) {
  const t = clamp(state.t, 0, table.n - 1);
  const { heat } = panel;
  panel.n = table.n;
  panel.yOf = (p) => heat.y + (heat.h * (p + 0.5)) / table.n;
  drawHead(view, panel, table);
  drawPicture(view, state, panel, table, nth);
  drawAxes(view, panel, table, t);
  drawLengths(view, panel, table, t);
  drawCursor(view, state, panel, table, t);
  drawOdd(view, panel, table);
  drawCurves(view, panel, table, t, nth);
}

function drawHead(view, { x, y, w }, table) {
  const { c, palette } = view;
  const { hex } = palette;
  text(c, table.about.label, x, y + 14, { size: 13.5, weight: 600, colour: hex.ink });
  const words = `${thousands(table.n)} positions, ${thousands(table.d)} channels`;
  text(c, words, x + w, y + 14, { size: 11.5, colour: hex["ink-3"], align: "right" });
}

function drawPicture(view, state, { heat }, table, nth) {
  const { c, palette, memory } = view;
  const picture = pictureOf(table, state.picture);
  const { values, rows, columns, scale } = picture;
  memory.images ??= [];
  memory.images[nth] ??= { canvas: document.createElement("canvas") };
  const kept = memory.images[nth];
  const key = `${table.name}|${state.picture}`;
  if (kept.key !== key) {
    kept.key = key;
    memory.painted = (memory.painted ?? 0) + 1;
    kept.canvas.width = columns;
    kept.canvas.height = rows;
    const on = kept.canvas.getContext("2d");
    const data = on.createImageData(columns, rows);
    const pixels = new Uint32Array(data.data.buffer);
    for (let k = 0; k < pixels.length; k++) pixels[k] = palette.packed[levelOf(values[k] / scale)];
    on.putImageData(data, 0, 0);
  }
  const tall = (heat.h * rows * picture.run) / table.n;
  const across = state.picture === "cosines" ? (heat.w * rows * picture.run) / table.n : heat.w;
  c.imageSmoothingEnabled = columns * 2 > heat.w * view.ratio;
  c.save();
  c.beginPath();
  c.rect(heat.x, heat.y, heat.w, heat.h);
  c.clip();
  c.drawImage(kept.canvas, heat.x, heat.y, across, tall);
  c.restore();
  const { hex, css } = palette;
  c.strokeStyle = hex.edge;
  c.lineWidth = 1;
  c.strokeRect(heat.x - 0.5, heat.y - 0.5, heat.w + 1, heat.h + 1);
  const quiet = { size: 11.5, colour: hex["ink-2"] };
  text(c, picture.what, heat.x, heat.y - 9, quiet);
  const foot = heat.y + heat.h + 20;
  const end = String(+scale.toPrecision(2));
  const key0 = { size: 11, colour: hex["ink-3"] };
  const first = heat.x + text(c, `\u2212${end}`, heat.x, foot, key0) + 5;
  for (let k = 0; k < 56; k++) {
    c.fillStyle = css(k / 27.5 - 1);
    c.fillRect(first + k, foot - 8, 1.5, 8);
  }
  text(c, end, first + 61, foot, key0);
  panelPicture(view, nth, picture);
}

/** What the tests read: the picture as it was made. */
function panelPicture(view, nth, picture) {
  view.memory.pictures ??= [];
  view.memory.pictures[nth] = picture;
}

function drawAxes(view, { heat, yOf }, table, t) {
  const { c, palette } = view;
  const { hex } = palette;
  const step = niceStep(table.n, 5);
  for (let p = 0; p < table.n; p += step) {
    const y = yOf(p);
    line(c, heat.x - 5, y, heat.x - 1, y, hex.edge);
    if (Math.abs(y - yOf(t)) > 15)
      text(c, thousands(p), heat.x - 8, y, {
        size: 11.5,
        colour: hex["ink-3"],
        align: "right",
        baseline: "middle",
      });
  }
}

/** The length of every row, along the same axis; rows that are much longer or shorter are named. */
function drawLengths(view, panel, table, t) {
  const { c, palette } = view;
  const { hex } = palette;
  const { strip, yOf } = panel;
  const { sizes, median, odd } = table;
  let [low, high] = [median / WIDE, median * WIDE];
  for (const v of sizes) [low, high] = [Math.min(low, v), Math.max(high, v)];
  const [from, to] = [Math.log(low / 1.05), Math.log(high * 1.05)];
  const xOf = (v) => strip.x + ((strip.w - 5) * (Math.log(v) - from)) / (to - from);
  panel.lengthX = xOf;
  text(c, "length of the row", strip.x + strip.w, strip.y - 9, {
    size: 11.5,
    colour: hex["ink-2"],
    align: "right",
  });
  line(c, strip.x, strip.y, strip.x, strip.y + strip.h, hex.rule);
  line(c, xOf(median), strip.y, xOf(median), strip.y + strip.h + 5, hex.rule);
  text(c, String(+median.toPrecision(3)), xOf(median), strip.y + strip.h + 19, {
    size: 11,
    colour: hex["ink-3"],
    align: "center",
  });
  curve(
    c,
    Array.from(sizes, (v, p) => [xOf(v), yOf(p)]),
    hex.ink,
    1.1,
  );
  const named = odd.length > NAMED ? [] : odd; // where most rows are odd, none is
  for (const p of named) disc(c, xOf(sizes[p]), yOf(p), 3.2, hex.paper, hex.ink, 1.4);
  panel.lengthMark = [xOf(sizes[t]), yOf(t)];
}

/** The names of the odd rows: below their marks in the upper half, above them in the lower. */
function drawOdd(view, { strip, yOf, lengthX }, { n, sizes, odd }) {
  if (odd.length > NAMED) return;
  const { c, palette } = view;
  const { hex } = palette;
  let before = Number.NEGATIVE_INFINITY;
  for (const [k, p] of odd.entries()) {
    if (yOf(p) - before < 14) continue;
    before = yOf(p);
    const next = odd[k + 1] ?? Number.POSITIVE_INFINITY;
    const words = next - p < 3 ? `${thousands(p)}, ${thousands(next)}` : thousands(p);
    const style = { size: 11.5, weight: 600, colour: hex["ink-2"], halo: hex.paper };
    const half = textWidth(c, words, style) / 2;
    const x = clamp(lengthX(sizes[p]), strip.x + half, strip.x + strip.w - half);
    const y = yOf(p) + (p < n / 2 ? 12 : -12);
    text(c, words, x, y, { ...style, align: "center", baseline: "middle" });
  }
}

/** Row t through picture and lengths; in the picture of pairs the column of t too. */
function drawCursor(view, state, panel, table, t) {
  const { c, palette } = view;
  const { hex } = palette;
  const { heat, strip, yOf } = panel;
  const y = yOf(t);
  for (const [colour, w] of [
    [hex.paper, 3.5],
    [hex.pos, 1.5],
  ])
    line(c, heat.x - 6, y, strip.x + strip.w, y, colour, w);
  if (state.picture === "cosines") {
    const x = heat.x + (heat.w * (t + 0.5)) / table.n;
    line(c, x, heat.y, x, heat.y + heat.h, hex.pos, 1, [2, 3]);
  }
  disc(c, ...panel.lengthMark, 4.5, hex.pos, hex.paper, 1.5);
  const at = clamp(y, heat.y + 9, heat.y + heat.h - 9);
  const { left, width } = tag(c, thousands(t), heat.x - 6, at, hex.pos, hex.paper, "right");
  panel.mark = { x: left + width / 2, y: at };
}

/** The cosine of rows t and t + k against k: the curve of t, and those of other positions in grey. */
function drawCurves(view, panel, table, t, nth) {
  const { c, palette } = view;
  const { hex } = palette;
  const { plot } = panel;
  const low = LOWEST;
  const xOf = (k) => plot.x + (plot.w * (k + REACH)) / (2 * REACH);
  const yOf = (v) => plot.y + (plot.h * (1 - v)) / (1 - low);
  Object.assign(panel, { kAt: xOf, valueAt: yOf });
  let x = plot.x;
  for (const [word, colour] of [
    ["cosine of rows ", hex["ink-2"]],
    ["*t*", hex.pos],
    [" and ", hex["ink-2"]],
    ["*t*", hex.pos],
    [" + ", hex["ink-2"]],
    ["*k*", hex.off],
  ])
    x += text(c, word, x, plot.y - 10, { size: 12, colour });
  text(c, "grey: other *t*", plot.x + plot.w, plot.y - 10, {
    size: 11.5,
    colour: hex["ink-3"],
    align: "right",
  });
  const quiet = { size: 11.5, colour: hex["ink-3"] };
  for (const v of [1, 0.5, 0, -0.5]) {
    line(c, plot.x, yOf(v), plot.x + plot.w, yOf(v), v ? hex.rule : hex.edge);
    text(c, signed(v, Number.isInteger(v) ? 0 : 1), plot.x - 8, yOf(v), {
      ...quiet,
      align: "right",
      baseline: "middle",
    });
  }
  for (let k = -80; k <= 80; k += 40) {
    line(c, xOf(k), plot.y + plot.h, xOf(k), plot.y + plot.h + 4, hex.edge);
    text(c, k ? thousands(k) : "*k* = 0", xOf(k), plot.y + plot.h + 18, {
      ...quiet,
      align: "center",
    });
  }
  drawGrey(view, panel, table, nth);
  const values = cosinesOf(table, t);
  const path = pathOf(values, t, xOf, yOf);
  curve(c, path, hex.paper, 3.5);
  curve(c, path, hex.ink, 1.6);
  const peek = view.peek;
  if (peek?.nth !== nth || peek.k === undefined) return;
  const s = t + peek.k;
  if (s < 0 || s >= table.n) return;
  line(c, xOf(peek.k), plot.y, xOf(peek.k), plot.y + plot.h, hex.off, 1, [2, 3]);
  disc(c, xOf(peek.k), yOf(values[s]), 4, hex.paper, hex.off, 1.75);
  const words = `${signed(values[s], 2)} at *k* = ${thousands(peek.k)}`;
  const leftward = xOf(peek.k) > plot.x + plot.w * 0.6;
  text(c, words, xOf(peek.k) + (leftward ? -9 : 9), plot.y + plot.h - 10, {
    size: 12,
    colour: hex.off,
    halo: hex.paper,
    align: leftward ? "right" : "left",
  });
}

/** The points of a curve, as far as the plot shows offsets. */
function pathOf(values, t, xOf, yOf) {
  const path = [];
  for (let k = Math.max(-REACH, -t); k <= Math.min(REACH, values.length - 1 - t); k++)
    path.push([xOf(k), yOf(values[t + k])]);
  return path;
}

/** The grey curves, on a canvas of their own that moves of t lay down again. */
function drawGrey(view, panel, table, nth) {
  const { c, memory, palette, ratio } = view;
  const { plot, kAt, valueAt } = panel;
  memory.layers ??= [];
  memory.layers[nth] ??= { canvas: document.createElement("canvas") };
  const layer = memory.layers[nth];
  const key = [table.name, plot.x, plot.y, plot.w, plot.h, ratio].join();
  if (layer.key !== key) {
    layer.key = key;
    layer.canvas.width = Math.ceil((plot.w + 4) * ratio);
    layer.canvas.height = Math.ceil((plot.h + 4) * ratio);
    layer.canvas.drawn = { words: [], discs: [], diamonds: [], curves: [] };
    const on = layer.canvas.getContext("2d");
    on.setTransform(ratio, 0, 0, ratio, (2 - plot.x) * ratio, (2 - plot.y) * ratio);
    on.globalAlpha = GREY;
    for (const { t, values } of othersOf(table))
      curve(on, pathOf(values, t, kAt, valueAt), palette.hex.edge, 1);
  }
  const { canvas } = layer;
  c.drawImage(canvas, plot.x - 2, plot.y - 2, canvas.width / ratio, canvas.height / ratio);
}
