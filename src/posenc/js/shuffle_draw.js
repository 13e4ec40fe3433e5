/** The drawing of "Shuffle the sentence": words in a row, weights, outputs and what changed in them. */

import { clamp, text, textWidth } from "./canvas.js";
import { signed } from "./format.js";
import { levelOf } from "./palette.js";
import { clipped, difference, same, WIDTH } from "./shuffle_data.js";

export const TARGET = 44; // px, the height of a word and its least width
export const BAR = 44; // px, the buttons between words and tables
const SLIDE = 300; // ms in which words, rows and columns reach their new places
const GAP = 8; // px between words
const UNDER = 20; // px below a word, for the number of its place
const SIZES = [34, 30, 26, 22, 19]; // px, of the letters: the largest in which all fit one line
const SMALL = 17; // px, where they do not and there are many
const MANY = 30; // words
const LARGEST = 56; // px, the largest cell
const HEAD = 40; // px, the two lines above a table
const NUMBERED = 32; // px, the least cell that holds its number
const READABLE = 4.5; // contrast of small letters, WCAG AA
const UPRIGHT = -Math.PI / 2;

// -- where everything goes ----------------------------------------------------------------------

/** Words in lines, each with its place: boxes by word as written. */
function layWords(view, data) {
  const c = view.canvas.getContext("2d");
  const { width0: width } = view;
  const most = Math.min(width, 260);
  const boxesOf = (size) => {
    const font = { size, serif: true, raw: true };
    const pad = Math.round(size * 0.55);
    return data.words.map((long, w) => {
      const mark = data.nth[w][0] ? 9 : 0;
      const word = fitting(c, long, most - mark - 2 * pad, font);
      const wide = Math.max(TARGET, Math.ceil(textWidth(c, word, font) + mark + 2 * pad));
      return { word, font, w: wide, h: Math.max(TARGET, Math.round(size * 1.7)) };
    });
  };
  const fits = (boxes) => boxes.reduce((sum, box) => sum + box.w + GAP, -GAP) <= width;
  const sizes = data.n > MANY ? [SMALL] : SIZES;
  let boxes = [];
  for (const size of sizes) {
    boxes = boxesOf(size);
    if (fits(boxes)) break;
  }
  const pitch = (boxes[0]?.h ?? TARGET) + UNDER;
  let [x, y] = [0, 0];
  for (const w of data.order) {
    const box = boxes[w];
    if (x && x + box.w > width) {
      x = 0;
      y += pitch;
    }
    boxes[w] = { ...box, x, y };
    x += box.w + GAP;
  }
  return { boxes, pitch, height: data.n ? y + pitch : 0 };
}

/** A word that fits a width, with an ellipsis if need be. */
function fitting(c, word, width, font) {
  let most = 64;
  let short = clipped(word, most);
  while (most > 1 && textWidth(c, short, font) > width) {
    most = Math.min(most - 1, Math.max(1, Math.floor([...short].length * 0.8)));
    short = clipped(word, most);
  }
  return short;
}

/** The tables, in CSS pixels from the top of the stage. */
function layTables(view, data, top) {
  const { width0: width } = view;
  const c = view.canvas.getContext("2d");
  const { n } = data;
  const wide = width >= 720;
  const small = width < 560;
  const font = { size: small ? 12 : 12.5, raw: true };
  const most = small ? 58 : 76;
  const names = data.words.map((word) => fitting(c, word, most, font));
  const widest = Math.max(
    ...names.map((word, w) => textWidth(c, word, font) + (data.nth[w][0] ? 8 : 0)),
  );
  const left = Math.ceil(widest) + 8;
  const room = wide ? 304 : Math.min(width - left - 1, 400);
  const cell = room / n > 5 ? Math.min(LARGEST, Math.floor(room / n)) : room / n;
  const level = widest + 6 <= cell;
  const above = level ? 20 : Math.ceil(widest) + 8;
  const map = { x: left, y: top + HEAD + above, cell, size: cell * n };
  const every = (least) => Math.max(1, Math.ceil(least / cell));
  const labels = { names, font, level, rows: every(14), columns: level ? 1 : every(14) };
  const strips = wide
    ? stripsBeside(width, map, cell)
    : stripsBelow(width, map, n, left, small ? 7 : 10);
  const { outputs } = strips;
  return {
    ...strips,
    map,
    labels,
    wide,
    small,
    height: Math.max(map.y + map.size, outputs.y + outputs.row * n) + 26,
  };
}

function stripsBeside(width, map, cell) {
  const start = Math.max(map.x + map.size, map.x + 150) + 34;
  const numbers = 78; // px, the change in figures
  const channel = clamp(Math.floor((width - start - 28 - numbers) / (2 * WIDTH)), 6, 13);
  const strip = (x) => ({ x, y: map.y, channel, row: cell, w: channel * WIDTH });
  const outputs = strip(start);
  return { outputs, change: strip(outputs.x + outputs.w + 28) };
}

function stripsBelow(width, map, n, x, widest) {
  const channel = clamp(Math.floor((width - x - 16 - 34) / (2 * WIDTH)), 5, widest);
  const y = map.y + map.size + 26 + HEAD + 6;
  const row = Math.max(272 / n, 2.2) > 28 ? 28 : Math.max(272 / n, 2.2);
  const strip = (left) => ({ x: left, y, channel, row, w: channel * WIDTH });
  const outputs = strip(x);
  return { outputs, change: strip(outputs.x + outputs.w + 16) };
}

// -- what slides --------------------------------------------------------------------------------

/** How far each word, its row and its column have come, as [x, y, place] by word. */
function positions({ from, to, start }, now) {
  const u = clamp((now - start) / SLIDE, 0, 1);
  const q = 1 - (1 - u) ** 3;
  return to.map((at, w) => at.map((v, k) => from[w][k] + (v - from[w][k]) * q));
}

/** Starts a slide when the order is another, and only then; says where everything is now. */
function slide(view, data, boxes) {
  const { memory } = view;
  const now = performance.now();
  const to = data.places.map((p, w) => [boxes[w].x, boxes[w].y, p]);
  const order = data.order.join(".");
  const { text: sentence } = view.state;
  const last = memory.slide;
  if (!last || last.sentence !== sentence || view.calm)
    memory.slide = { sentence, order, from: to, to, start: Number.NEGATIVE_INFINITY };
  else if (last.order !== order)
    memory.slide = { sentence, order, from: positions(last, now), to, start: now };
  else last.to = to; // a stage of another width, or another font
  if (now - memory.slide.start < SLIDE) view.invalidate();
  else memory.slide.from = memory.slide.to;
  return positions(memory.slide, now);
}

/** A word that was held goes from the hand to its place. */
export function letGo(view, { w, x, y }) {
  const last = view.memory.slide;
  if (!last) return;
  const now = performance.now();
  const from = positions(last, now);
  from[w] = [x, y, from[w][2]];
  view.memory.slide = { ...last, from, start: now };
}

// -- drawing ------------------------------------------------------------------------------------

export function draw(view, data) {
  const words = layWords(view, data);
  if (!data.n) return drawNothing(view);
  const tables = layTables(view, data, words.height + BAR + 16);
  const c = view.fit(tables.height);
  const at = slide(view, data, words.boxes);
  const hold = view.hold;
  if (hold) at[hold.w] = [hold.x, hold.y, at[hold.w][2]];
  // what moves lies above what stands, and what is held above all
  const depth = (w) => (hold?.w === w ? 2 : at[w][2] !== data.places[w] ? 1 : 0);
  const stack = data.words.map((_, w) => w).sort((a, b) => depth(a) - depth(b));
  view.geometry = { ...tables, slots: words.boxes, lines: words.height, pitch: words.pitch, at };
  view.geometry.tokens = words.boxes.map((box, w) => ({ ...box, x: at[w][0], y: at[w][1] }));
  drawWords(view, data, words, stack);
  drawMap(view, data, stack);
  const { outputs, change, topOutput, topChange } = data;
  drawStrip(view, data, stack, tables.outputs, { table: outputs, top: topOutput, by: "place" });
  drawStrip(view, data, stack, tables.change, { table: change, top: topChange, by: "word" });
  drawHeadings(view, data);
  drawLabels(view, data);
  drawChanges(view, data);
  drawPeek(view, data);
  c.setLineDash([]);
}

function drawNothing(view) {
  const c = view.fit(TARGET + BAR + 40);
  view.geometry = { tokens: [], slots: [], lines: TARGET };
  text(c, "No words yet: type a sentence above.", 0, 28, {
    size: 17,
    serif: true,
    colour: view.palette.hex["ink-2"],
  });
}

/** The words where they are now, and under each place its number. */
function drawWords(view, data, { boxes }, stack) {
  const { c, palette, geometry } = view;
  const { hex } = palette;
  for (const [p, w] of data.order.entries()) {
    const { x, y, w: width, h } = boxes[w];
    text(c, p ? `${p}` : "*t* = 0", x + width / 2, y + h + 14, {
      size: 11.5,
      align: "center",
      colour: hex.pos,
    });
  }
  for (const w of stack) {
    const { x, y, w: width, h, word, font } = geometry.tokens[w];
    const held = view.hold?.w === w;
    const taken = view.taken === w;
    c.fillStyle = taken ? hex.tok : held ? hex.paper : hex.wash;
    c.fillRect(x, y, width, h);
    c.strokeStyle = held || taken ? hex.tok : hex.edge;
    c.lineWidth = held ? 2 : 1;
    c.strokeRect(x + 0.5, y + 0.5, width - 1, h - 1);
    const colour = taken ? hex.paper : hex.tok;
    const [nth] = data.nth[w];
    const wide = textWidth(c, word, font);
    const start = x + (width - wide - (nth ? 9 : 0)) / 2;
    const base = y + h / 2 + font.size * 0.3;
    text(c, word, start, base, { ...font, colour });
    if (nth)
      text(c, nth, start + wide + 2, base + 5, { size: 11, colour: taken ? colour : hex["ink-3"] });
  }
}

/** A table as an image of a pixel for each cell. */
function picture(columns, rows, colourOf) {
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let k = 0; k < pixels.length; k++) pixels[k] = colourOf(k);
  const canvas = sheet("cells", columns, rows);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** A canvas to work on, kept: it is empty, and as large as is asked. */
const sheets = {};
function sheet(name, width, height) {
  sheets[name] ??= document.createElement("canvas");
  const canvas = sheets[name];
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

const gapOf = (cell) => (cell >= 12 ? 1.5 : cell >= 6 ? 1 : 0);

/**
 * The weights. First each row of cells is put where its word is, then each column: a table whose
 * rows and columns slide at once, for two strokes a word.
 */
function drawMap(view, data, stack) {
  const { c, palette, geometry, ratio } = view;
  const { map, at } = geometry;
  const { n, weights, places, topWeight } = data;
  const masked = view.state.mask === "causal";
  const grey = pack(palette.hex.rule);
  const cells = picture(n, n, (k) => {
    const [p, q] = [places[Math.floor(k / n)], places[k % n]];
    if (masked && q > p) return grey;
    return palette.packed[levelOf(weights[p * n + q] / topWeight)];
  });
  const crisp = (v) => Math.round(v * ratio);
  const gap = gapOf(map.cell);
  const side = crisp(map.size);
  const rows = sheet("rows", n, side);
  const half = rows.getContext("2d");
  half.imageSmoothingEnabled = false;
  const span = (place) => {
    const from = crisp(place * map.cell);
    return [from, Math.max(1, crisp((place + 1) * map.cell - gap) - from)];
  };
  for (const w of stack) {
    const [from, size] = span(at[w][2]);
    half.clearRect(0, from, n, size);
    half.drawImage(cells, 0, w, n, 1, 0, from, n, size);
  }
  c.save();
  c.setTransform(1, 0, 0, 1, crisp(map.x), crisp(map.y));
  c.imageSmoothingEnabled = false;
  for (const w of stack) {
    const [from, size] = span(at[w][2]);
    c.fillStyle = palette.hex.paper;
    c.fillRect(from, 0, size, side);
    c.drawImage(rows, w, 0, 1, side, from, 0, size, side);
  }
  c.restore();
  c.strokeStyle = palette.hex.edge;
  c.lineWidth = 1;
  c.strokeRect(map.x - 1, map.y - 1, map.size + 2 - gap, map.size + 2 - gap);
  if (map.cell >= NUMBERED) drawWeights(view, data, stack);
}

/** The weights in figures, where a cell has room for them. */
function drawWeights(view, data, stack) {
  const { c, palette, geometry } = view;
  const { map, at } = geometry;
  const { n, weights, places, topWeight } = data;
  const middle = (w) => (at[w][2] + 0.5) * map.cell - gapOf(map.cell) / 2;
  const moving = (w) => at[w][2] !== places[w];
  for (const a of stack)
    for (const b of stack) {
      const [p, q] = [places[a], places[b]];
      if (view.state.mask === "causal" && q > p) continue;
      // under a row that slides across, a number would only be in the way
      if (moving(a) !== moving(b) && stack.some((w) => covers(at, w, moving(a) ? b : a))) continue;
      const weight = weights[p * n + q];
      const ground = palette.packed[levelOf(weight / topWeight)];
      text(c, weight.toFixed(2), map.x + middle(b), map.y + middle(a), {
        size: 11.5,
        align: "center",
        baseline: "middle",
        colour: readable(palette.hex, ground),
      });
    }
}

const covers = (at, w, other) => w !== other && Math.abs(at[w][2] - at[other][2]) < 0.9;

/** Paper or ink, whichever is read more easily on a colour; on the few where neither is, an extreme. */
function readable(hex, ground) {
  const on = luminance([ground & 255, (ground >> 8) & 255, (ground >> 16) & 255]);
  const best = (colours) =>
    colours
      .map((colour) => [contrast(luminance(channels(colour)), on), colour])
      .sort(([a], [b]) => b - a)[0];
  const [by, colour] = best([hex.paper, hex.ink]);
  return by < READABLE ? best(["#000000", "#ffffff"])[1] : colour;
}

const channels = (hex) => [1, 3, 5].map((k) => Number.parseInt(hex.slice(k, k + 2), 16));

function pack(hex) {
  const [r, g, b] = channels(hex);
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((v) =>
    v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

/** One row of cells a word. The table's own rows go by place, or by word as written. */
function drawStrip(view, data, stack, box, { table, top, by }) {
  const { c, palette, geometry, ratio } = view;
  const { at } = geometry;
  const { n, places } = data;
  const cells = picture(WIDTH, n, (k) => palette.packed[levelOf(table[k] / top)]);
  const crisp = (v) => Math.round(v * ratio);
  const gap = gapOf(box.row);
  c.save();
  c.setTransform(1, 0, 0, 1, crisp(box.x), crisp(box.y));
  c.imageSmoothingEnabled = false;
  for (const w of stack) {
    const from = crisp(at[w][2] * box.row);
    const size = Math.max(1, crisp((at[w][2] + 1) * box.row - gap) - from);
    c.drawImage(cells, 0, by === "place" ? places[w] : w, WIDTH, 1, 0, from, crisp(box.w), size);
  }
  c.restore();
  c.strokeStyle = palette.hex.edge;
  c.lineWidth = 1;
  c.strokeRect(box.x - 1, box.y - 1, box.w + 2, box.row * n + 2 - gap);
}

/** What each table is, and how its colours are to be read. */
function drawHeadings(view, data) {
  const { c, palette, geometry } = view;
  const { hex } = palette;
  const { map, outputs, change, wide, small } = geometry;
  const first = geometry.lines + BAR + 16;
  const base = wide ? first : outputs.y - HEAD - 6;
  const end = Math.max(map.x + map.size, map.x + 150);
  const heads = [
    [small ? 0 : map.x, first, end, "Attention weights", "row looks at column", 0, data.topWeight],
    [outputs.x, base, outputs.x + outputs.w, "Outputs", `${WIDTH} channels`, -1, data.topOutput],
    [change.x, base, change.x + change.w, "Change", "since the first order", -1, data.topChange],
  ];
  for (const [x, y, right, name, what, low, top] of heads) {
    text(c, name, x, y + 12, { size: 13, weight: 600, colour: hex.ink });
    // where the key has no room beside the name, it stands in the place of the second line
    const narrow = right - x < 140;
    if (!narrow) text(c, what, x, y + 28, { size: 11.5, colour: hex["ink-2"] });
    drawKey(view, right, y + (narrow ? 18 : 0), low * top, top);
  }
  if (view.state.mask === "causal")
    text(c, "grey: hidden by the mask", end, first + 28, {
      size: 11.5,
      align: "right",
      colour: hex["ink-2"],
    });
}

/** A small key that ends at x: the two ends of a scale and the colours between. */
function drawKey({ c, palette }, x, y, low, high) {
  const { css, hex } = palette;
  const o = { size: 11, colour: hex["ink-2"], align: "right" };
  const end = scaleEnd(high);
  const w = 40;
  const left = x - textWidth(c, end, o) - 4 - w;
  text(c, end, x, y + 12, o);
  text(c, scaleEnd(low), left - 4, y + 12, o);
  for (let k = 0; k < w; k++) {
    c.fillStyle = css((low + ((high - low) * k) / (w - 1)) / high);
    c.fillRect(left + k, y + 4, 1.5, 8);
  }
}

const scaleEnd = (x) => signed(x, x === 0 || Math.abs(x) >= 1 ? 0 : Math.abs(x) >= 0.1 ? 1 : 2);

/** The words beside and above the tables, with which of those spelled alike each is. */
function drawLabels(view, data) {
  const { c, palette, geometry } = view;
  const { map, outputs, labels, wide, at } = geometry;
  const { tok } = palette.hex;
  const ink3 = palette.hex["ink-3"];
  const label = (w, x, y, o) => {
    const [nth] = data.nth[w];
    const wide0 = textWidth(c, labels.names[w], labels.font);
    const all = wide0 + (nth ? 8 : 0);
    const shift = o.align === "right" ? -all : o.align === "center" ? -all / 2 : 0;
    const [dx, dy] = o.turn ? [0, -shift] : [shift, 0];
    const rest = { baseline: "middle", turn: o.turn };
    text(c, labels.names[w], x + dx, y + dy, { ...labels.font, ...rest, colour: tok });
    if (!nth) return;
    const [nx, ny] = o.turn ? [4, -wide0 - 1] : [wide0 + 1, 4];
    text(c, nth, x + dx + nx, y + dy + ny, { ...rest, size: 11, colour: ink3 });
  };
  for (const [w, [, , place]] of at.entries()) {
    const p = data.places[w];
    if (p % labels.rows === 0)
      label(w, map.x - 7, map.y + (place + 0.5) * map.cell, { align: "right" });
    if (p % labels.columns === 0) {
      const x = map.x + (place + 0.5) * map.cell;
      if (labels.level) label(w, x, map.y - 13, { align: "center" });
      else label(w, x, map.y - 6, { turn: UPRIGHT });
    }
    if (!wide && outputs.x > 20 && p % Math.ceil(14 / outputs.row) === 0)
      label(w, outputs.x - 7, outputs.y + (place + 0.5) * outputs.row, { align: "right" });
  }
}

/** The largest change of each word's output, beside its row. */
function drawChanges(view, data) {
  const { c, palette, geometry } = view;
  const { change, at, wide } = geometry;
  const { hex } = palette;
  if (change.row < 13) return;
  for (const [w, [, , place]] of at.entries()) {
    const by = data.changes[w];
    const words = !wide && by > 0 && same(by) ? "≈ 0" : difference(by);
    text(c, words, change.x + change.w + 7, change.y + (place + 0.5) * change.row, {
      size: 11.5,
      weight: same(by) ? 400 : 600,
      baseline: "middle",
      colour: same(by) ? hex["ink-2"] : hex.ink,
    });
  }
}

/** Under the pointer: which word looks at which, and how much. */
function drawPeek(view, data) {
  const { c, palette, geometry, peek } = view;
  const { map } = geometry;
  if (!peek || peek.p >= data.n || peek.q >= data.n) return;
  const { p, q } = peek;
  const gap = gapOf(map.cell);
  c.strokeStyle = palette.hex.ink;
  c.lineWidth = 2;
  c.strokeRect(map.x + q * map.cell, map.y + p * map.cell, map.cell - gap, map.cell - gap);
  const [a, b] = [p, q].map((place) => clipped(data.words[data.order[place]], 14));
  const hidden = view.state.mask === "causal" && q > p;
  const parts = [
    [a, true],
    [hidden ? " may not look at " : " looks at ", false],
    [b, true],
    [hidden ? "" : `: ${signed(data.weights[p * data.n + q], 3)}`, false],
  ];
  let x = map.x;
  for (const [words, raw] of parts)
    x += text(c, words, x, map.y + map.size + 17, {
      size: 12,
      raw,
      colour: raw ? palette.hex.tok : palette.hex.ink,
    });
}

/** Which cell of the weights is under a point. */
export function cellAt({ map }, n, x, y) {
  if (!map) return null;
  const [q, p] = [x - map.x, y - map.y].map((v) => Math.floor(v / map.cell));
  return p >= 0 && q >= 0 && p < n && q < n ? { p, q } : null;
}

/** The place at which a word held at a point would stand: how many of the others come before it. */
export function placeAt({ slots, pitch }, order, w, x, y) {
  const at = Math.floor(y / pitch);
  return order.filter((other) => {
    const box = slots[other];
    const line = Math.floor(box.y / pitch);
    return other !== w && (line < at || (line === at && box.x + box.w / 2 < x));
  }).length;
}
