/**
 * Concatenate, then project: two blocks side by side that multiply a word on top of its place, drawn
 * apart into two products that are added; and below, for every word and place, whether one matrix on
 * the sum could have done the same.
 */

import { clamp, diamond, line, tag, text } from "./canvas.js";
import { power, signed } from "./format.js";
import { within } from "./handles.js";
import { apply, MANY, makeCase, rowOf, single, WIDTH } from "./projection.js";
import { defineView } from "./view.js";

export const BLOCKS = ["two", "one for both"];
const TRAITS = ["apart", "blocks", "word", "t", "word_directions", "place_directions"];
const HANDLE = 44;
const ROUNDING = 1e-6; // an error below this share is the fit's own

/** The case of a state, and its best single matrix; made once for each. */
function caseOf(memory, { word_directions, place_directions, blocks }) {
  const key = `${word_directions},${place_directions},${blocks}`;
  if (memory.key !== key) {
    memory.key = key;
    memory.what = makeCase(word_directions, place_directions, blocks === BLOCKS[1]);
    memory.best = single(memory.what);
  }
  return memory;
}

/** The numbers of one word at one place. */
function told(memory, state) {
  const { what, best } = caseOf(memory, state);
  const [x, p] = [rowOf(what.words, state.word), rowOf(what.places, state.t)];
  const [ax, bp] = [apply(what.a, x), apply(what.b, p)];
  const joined = Float64Array.from({ length: WIDTH }, (_, r) => {
    let sum = 0; // the long row times the long column, in one go
    for (let c = 0; c < WIDTH; c++) sum += what.a[r * WIDTH + c] * x[c];
    for (let c = 0; c < WIDTH; c++) sum += what.b[r * WIDTH + c] * p[c];
    return sum;
  });
  const added = ax.map((v, r) => v + bp[r]);
  const gap = Math.max(...joined.map((v, r) => Math.abs(v - added[r])));
  const worst = Math.max(...best.error);
  return { what, best, x, p, ax, bp, joined, added, gap, worst };
}

function lay(width, apart) {
  const small = width < 640;
  const cell = small ? { w: Math.floor((width - 62) / 10.6), h: 24 } : { w: 46, h: 26 };
  const block = { w: cell.w * WIDTH, h: cell.h * WIDTH };
  const gap = small ? 10 : 18;
  const top = 34;
  const drop = block.h + 56;
  // The second block and its vector slide from beside and below to a line of their own.
  const a = { x: small ? 4 : 20, y: top };
  const b = {
    x: a.x + (1 - apart) * (block.w + 3),
    y: top + apart * drop,
  };
  const vectorX = a.x + (1 - apart) * (block.w + 3) + block.w + gap;
  const x = { x: vectorX, y: top };
  const p = { x: vectorX, y: top + block.h + 3 + apart * (drop - block.h - 3) };
  const partX = vectorX + cell.w + 2 * gap + 8;
  const resultX = small ? partX : partX + cell.w + 2 * gap + 60;
  const high = top + drop + block.h;
  const side = small ? Math.min(width - 110, 260) : 228;
  const map = small
    ? { x: 74, y: high + 112, w: side, h: side }
    : { x: width - side - 8, y: top + 46, w: side, h: side };
  return {
    small,
    cell,
    block,
    a,
    b,
    x,
    p,
    ax: { x: partX, y: top },
    bp: { x: partX, y: top + drop },
    result: small
      ? { x: resultX + cell.w + 2 * gap, y: top + drop / 2 }
      : { x: resultX, y: top + drop / 2 },
    map,
    height: Math.max(high, map.y + side) + 44,
  };
}

function draw(view, state) {
  const numbers = told(view.memory, state);
  const geometry = lay(view.width0, clamp(state.apart, 0, 1));
  view.fit(geometry.height);
  view.geometry = geometry;
  Object.assign(view.memory, { joined: numbers.joined, added: numbers.added });
  drawProduct(view, state, numbers);
  drawMap(view, state, numbers);
}

/** A block of numbers, each in a cell of its colour. */
function grid(view, values, { x, y }, columns, edge) {
  const { c, geometry, palette } = view;
  const { w, h } = geometry.cell;
  const { hex } = palette;
  const rows = values.length / columns;
  values.forEach((v, k) => {
    const left = x + (k % columns) * w;
    const up = y + Math.floor(k / columns) * h;
    c.fillStyle = palette.css(clamp(v / 4, -0.5, 0.5));
    c.fillRect(left, up, w - 1, h - 1);
    text(c, signed(v, 1), left + w / 2 - 0.5, up + h / 2 + 0.5, {
      size: geometry.small ? 10.5 : 12,
      colour: hex.ink,
      align: "center",
      baseline: "middle",
    });
  });
  c.strokeStyle = edge;
  c.lineWidth = 1.75;
  c.strokeRect(x - 1.5, y - 1.5, columns * w + 2, rows * h + 2);
}

function drawProduct(view, state, { what, x, p, ax, bp, joined, added }) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const { cell, block, small } = geometry;
  const head = { size: 13, weight: 600, baseline: "middle", align: "center" };
  grid(view, what.a, geometry.a, WIDTH, hex.tok);
  grid(view, what.b, geometry.b, WIDTH, hex.pos);
  grid(view, x, geometry.x, 1, hex.tok);
  grid(view, p, geometry.p, 1, hex.pos);
  const over = (box, words, colour, columns) =>
    text(c, words, box.x + (columns * cell.w) / 2, box.y - 13, { ...head, colour });
  over(geometry.a, "*A*", hex.tok, WIDTH);
  over(geometry.b, state.blocks === BLOCKS[1] ? "*B* = *A*" : "*B*", hex.pos, WIDTH);
  over(geometry.x, "*x*", hex.tok, 1);
  const beside = state.apart > 0.5;
  if (beside) over(geometry.p, "*p*", hex.pos, 1);
  else
    text(c, "*p*", geometry.p.x + cell.w + 10, geometry.p.y + block.h / 2, {
      ...head,
      colour: hex.pos,
    });
  const sign = { ...head, size: 16, weight: 400, colour: hex["ink-2"] };
  const middle = (box) => box.y + block.h / 2;
  if (state.apart > 0.98) {
    grid(view, ax, geometry.ax, 1, hex.tok);
    grid(view, bp, geometry.bp, 1, hex.pos);
    over(geometry.ax, "*Ax*", hex.tok, 1);
    over(geometry.bp, "*Bp*", hex.pos, 1);
    for (const box of [geometry.ax, geometry.bp]) text(c, "=", box.x - 16, middle(box), sign);
    const plus = geometry.ax.x + cell.w / 2;
    text(c, "+", plus, (middle(geometry.ax) + middle(geometry.bp)) / 2, sign);
    grid(view, added, geometry.result, 1, hex.ink);
    text(c, "=", geometry.result.x - 16, middle(geometry.result), sign);
    over(geometry.result, small ? "sum" : "*Ax* + *Bp*", hex.ink, 1);
  } else if (state.apart < 0.02) {
    const box = { x: geometry.ax.x, y: geometry.ax.y };
    grid(view, joined, box, 1, hex.ink);
    text(c, "=", box.x - 16, middle(box), sign);
    if (!small) {
      text(
        c,
        "eight columns, eight numbers: one product",
        geometry.a.x,
        geometry.a.y + block.h + 30,
        {
          size: 12,
          colour: hex["ink-2"],
        },
      );
      text(c, "slide them apart", geometry.a.x, geometry.a.y + block.h + 48, {
        size: 12,
        colour: hex["ink-2"],
      });
    }
  }
}

/** Every word with every place: what the best single matrix on the sum misses. */
function drawMap(view, state, { best }) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const { map } = geometry;
  const pitch = map.w / MANY;
  const quiet = { size: 11, colour: hex["ink-3"] };
  const head = { size: 12.5, weight: 600, colour: hex.ink };
  const left0 = geometry.small ? 0 : map.x - 44;
  text(c, "what one matrix on the sum would miss,", left0, map.y - 62, head);
  text(c, "the best there is", left0, map.y - 45, head);
  text(c, "places", map.x + map.w, map.y - 14, { ...quiet, colour: hex.pos, align: "right" });
  text(c, "words", map.x - 10, map.y - 14, { ...quiet, colour: hex.tok, align: "right" });
  best.error.forEach((v, k) => {
    const left = map.x + (k % MANY) * pitch;
    const up = map.y + Math.floor(k / MANY) * pitch;
    c.fillStyle = v < ROUNDING ? hex.paper : palette.css(clamp(v, 0.06, 1));
    c.fillRect(left, up, pitch - 1, pitch - 1);
    c.strokeStyle = hex.rule;
    c.lineWidth = 1;
    c.strokeRect(left, up, pitch - 1, pitch - 1);
  });
  const x = map.x + (state.t + 0.5) * pitch;
  const y = map.y + (state.word + 0.5) * pitch;
  for (const at of [x - pitch / 2 - 0.5, x + pitch / 2 - 0.5])
    line(c, at, map.y - 4, at, map.y + map.h + 4, hex.pos, 1.5);
  for (const at of [y - pitch / 2 - 0.5, y + pitch / 2 - 0.5])
    line(c, map.x - 4, at, map.x + map.w + 4, at, hex.tok, 1.5);
  diamond(c, x - 0.5, y - 0.5, 4, hex.ink, hex.paper, 1.5);
  const below = tag(c, `*t* = ${state.t}`, x, map.y + map.h + 16, hex.pos, hex.paper);
  const left = tag(c, String(state.word), map.x - 10, y, hex.tok, hex.paper, "right");
  geometry.pitch = pitch;
  geometry.place = { x: below.left - 6, y: map.y + map.h - 6, w: below.width + 12, h: HANDLE };
  geometry.row = { x: left.left - 14, y: y - HANDLE / 2, w: left.width + 18, h: HANDLE };
}

const cellAt = ({ geometry: { map, pitch } }, x, y) => ({
  t: clamp(Math.floor((x - map.x) / pitch), 0, MANY - 1),
  word: clamp(Math.floor((y - map.y) / pitch), 0, MANY - 1),
});
const fits = ({ word_directions: k, place_directions: m }) => k + m <= WIDTH;

export const project = defineView({
  label:
    "Two matrices side by side times a word on top of its place, drawn apart into two products that are added; below, for every word and place, what one matrix on their sum would miss",
  traits: TRAITS,
  choices: { blocks: BLOCKS },
  glide: ["apart"],
  fix: (state) => ({
    word: clamp(Math.round(state.word), 0, MANY - 1),
    t: clamp(Math.round(state.t), 0, MANY - 1),
    word_directions: clamp(Math.round(state.word_directions), 1, WIDTH),
    place_directions: clamp(Math.round(state.place_directions), 1, WIDTH),
  }),
  draw,
  handles: (view) => [
    {
      name: "place",
      label: "Place: position t",
      range: () => [0, MANY - 1],
      value: () => view.state.t,
      say: () => `position ${view.state.t}`,
      place: () => view.geometry.place,
      move: (t) => view.set({ t }),
      drag: (x) => view.set({ t: cellAt(view, x, 0).t }),
    },
    {
      name: "word",
      label: "Word",
      vertical: true,
      invert: true,
      range: () => [0, MANY - 1],
      value: () => view.state.word,
      say: () => `word ${view.state.word}`,
      place: () => view.geometry.row,
      move: (word) => view.set({ word }),
      drag: (_x, y) => view.set({ word: cellAt(view, 0, y).word }),
    },
  ],
  pointer: {
    hit(view, x, y) {
      return within(view.geometry.map, x, y) ? "map" : null;
    },
    drag: (view, _region, x, y) => view.set(cellAt(view, x, y)),
  },
  finding: (state, view) => {
    const { gap, worst } = told(view.memory, state);
    const same = `One product or two, the same four numbers: largest difference **${power(gap)}**.`;
    if (state.blocks === BLOCKS[1])
      return `${same} With *B* = *A* the sum itself is projected, *A*(*x* + *p*): **adding is concatenating with one projection for both**.`;
    const k = state.word_directions;
    const m = state.place_directions;
    if (fits(state))
      return `${same} Words in ${k} and places in ${m} of ${WIDTH} directions share none, and **one matrix on the sum does the same**: it misses **nothing** but rounding.`;
    return `${same} Words in ${k} and places in ${m} directions do not fit into ${WIDTH} side by side: they share **${k + m - WIDTH}**, and the best single matrix misses by up to **${Math.round(100 * worst)}%**.`;
  },
  say: (state, view) => {
    const { worst, added } = told(view.memory, state);
    const miss = worst < ROUNDING ? "nothing" : `up to ${Math.round(100 * worst)}%`;
    return `Word ${state.word} at position ${state.t}: ${Array.from(added, (v) => signed(v, 1)).join(", ")}. One matrix on the sum misses ${miss}.`;
  },
  facts: (state, view) => {
    const { gap, worst } = told(view.memory, state);
    return {
      gap: power(gap),
      worst: worst < ROUNDING ? "0%" : `${Math.round(100 * worst)}%`,
      shared: String(Math.max(0, state.word_directions + state.place_directions - WIDTH)),
    };
  },
  data: (state, view) => {
    const { best } = told(view.memory, state);
    const rows = function* () {
      for (let k = 0; k < MANY * MANY; k++)
        yield [Math.floor(k / MANY), k % MANY, best.error[k].toExponential(4)];
    };
    return { columns: ["word", "t", "error"], rows: rows() };
  },
});
