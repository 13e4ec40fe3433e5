/** The drawing of "The four terms": two times two heatmaps, their sum, and its softmax. */

import { disc, line, outline, text, textWidth } from "./canvas.js";
import { signed } from "./format.js";

const UPRIGHT = -Math.PI / 2;
const HEAD = 42; // px, two lines above a picture
const FADER = 44; // px below a picture
const KNOB = { w: 10, h: 20 };
// what would turn the words around it about
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

export const PARTS = [
  ["content", "content"],
  ["content", "position"],
  ["position", "content"],
  ["position", "position"],
];
const FORMULAS = ["*x* *W* *y*", "*x* *W* *q*", "*p* *W* *y*", "*p* *W* *q*"];

/** A word that fits a width, with an ellipsis if need be. */
function fitting(c, word, width, font) {
  let letters = [...word.replace(DIRECTIONS, "")];
  if (textWidth(c, letters.join(""), font) <= width) return letters.join("");
  letters = letters.slice(0, 40);
  while (letters.length > 1 && textWidth(c, `${letters.join("")}…`, font) > width) letters.pop();
  return `${letters.join("")}…`;
}

/** Where everything goes, in CSS pixels, for a stage of this width. */
function lay(view, { words, n }) {
  const width = view.width0;
  const c = view.canvas.getContext("2d");
  const wide = width >= 720;
  const small = width < 560;
  const font = { size: small ? 11.5 : 12.5, raw: true };
  const names = words.map((word) => fitting(c, word, small ? 44 : 84, font));
  const longest = Math.max(
    20,
    ...names.map((word) => textWidth(c, word, { ...font, weight: 600 })),
  );
  const left = Math.ceil(longest) + 16;
  const gap = wide ? 30 : 14;
  const apart = 62;
  const room = wide ? (width - left - gap - apart) / 3 : (width - left - gap) / 2;
  const side = Math.floor(Math.min(room, wide ? 236 : 270));
  const cell = side / Math.max(1, n);
  const level = longest + 6 <= cell;
  const above = level ? 24 : Math.ceil(longest) + 16;
  const columns = [left, left + side + gap];
  columns.push(wide ? columns[1] + side + apart : left);
  const y0 = HEAD + above;
  const pitch = side + FADER + HEAD + 10;
  const at = (x, y) => ({ x, y });
  const maps = [
    at(columns[0], y0),
    at(columns[1], y0),
    at(columns[0], y0 + pitch),
    at(columns[1], y0 + pitch),
    wide ? at(columns[2], y0) : at(columns[0], y0 + 2 * pitch),
    wide ? at(columns[2], y0 + pitch) : at(columns[1], y0 + 2 * pitch),
  ];
  const bottom = Math.max(...maps.map(({ y }) => y)) + side;
  const faders = maps.slice(0, 4).map(({ x, y }) => {
    const [a, b] = small ? [38, 40] : [48, 50];
    return { x, left: x + a, right: x + side - b, y: y + side + 22 };
  });
  const words0 = bottom + FADER + (small ? 18 : 26);
  return {
    wide,
    small,
    font,
    names,
    level,
    above,
    side,
    cell,
    maps,
    faders,
    equation: words0,
    every: Math.max(1, Math.ceil(13 / cell)),
    height: words0 + (wide ? 14 : 36),
  };
}

export function draw(view, state, data) {
  const geometry = lay(view, data);
  view.geometry = geometry;
  const c = view.fit(data.n ? geometry.height : 60);
  if (!data.n) return;
  const { css } = view.palette;
  const shown = [...data.faded, data.sum, data.weights];
  for (const [m, values] of shown.entries())
    drawMap(view, m, values, m === 5 ? css : (x) => css(x / data.span));
  drawHeads(view, state, data, shown);
  drawWords(view, state);
  drawSigns(view);
  for (const term of data.faders.keys()) drawFader(view, term, data);
  drawKeys(view, data);
  drawEquation(view, state, data, c);
}

function drawMap(view, m, values, colour) {
  const { c, geometry, palette } = view;
  const { side, cell } = geometry;
  const { x, y } = geometry.maps[m];
  const n = Math.round(side / cell);
  const edge = (k) => Math.round(k * cell);
  for (let p = 0; p < n; p++)
    for (let q = 0; q < n; q++) {
      c.fillStyle = colour(values[p * n + q]);
      c.fillRect(x + edge(q), y + edge(p), edge(q + 1) - edge(q), edge(p + 1) - edge(p));
    }
  c.strokeStyle = palette.hex.edge;
  c.lineWidth = 1;
  c.strokeRect(x - 0.5, y - 0.5, side + 1, side + 1);
  markPair(view, m);
}

/** The pair that is looked at: under the pointer, or the marked one. */
export const pairOf = (view, state) => view.peek ?? { t: state.t, s: state.s };

function markPair(view, m) {
  const { c, geometry, palette } = view;
  const { side, cell } = geometry;
  const { x, y } = geometry.maps[m];
  const { t, s } = pairOf(view, view.state);
  const { hex } = palette;
  const one = Math.min(cell, side);
  outline(c, [x + s * cell, y + t * cell, one, one], hex.ink, hex.paper, 1.75);
}

/** Words in colours, one after the other: [words, colour] each. */
function run(c, parts, x, y, o) {
  let at = x;
  for (const [words, colour, more] of parts) at += text(c, words, at, y, { ...o, colour, ...more });
  return at;
}

const number = (x) => signed(x, 2);

function drawHeads(view, state, data, shown) {
  const { c, geometry, palette } = view;
  const { maps, side, above, small, wide } = geometry;
  const { hex } = palette;
  const { t, s } = pairOf(view, state);
  const colourOf = { content: hex.tok, position: hex.pos };
  for (const [m, { x, y }] of maps.entries()) {
    const top = y - (m < 2 || (wide && m === 4) ? above : 8) - HEAD + 14;
    const bold = { size: small ? 12 : 13, weight: 600 };
    if (m < 4) {
      const [from, to] = PARTS[m];
      run(
        c,
        [
          [from, colourOf[from]],
          [" → ", hex["ink-3"]],
          [to, colourOf[to]],
        ],
        x,
        top,
        bold,
      );
      text(c, FORMULAS[m], x, top + 17, { size: 12, colour: hex["ink-2"] });
    } else {
      const plain = m === 4 ? "score" : "attention";
      text(c, plain, x, top, { ...bold, colour: hex.ink });
      const what = m === 4 ? "the sum of the four" : "softmax of each row";
      text(c, small ? { 4: "their sum", 5: "softmax" }[m] : what, x, top + 17, {
        size: 12,
        colour: hex["ink-2"],
      });
    }
    const value = shown[m][t * data.n + s];
    text(c, number(value), x + side, top + 17, {
      size: small ? 12 : 13,
      weight: 600,
      align: "right",
      colour: hex.ink,
    });
  }
}

/** The words at the left and above, with the marked pair's set apart, and their handles. */
function drawWords(view, state) {
  const { c, geometry, palette } = view;
  const { maps, cell, names, font, level, every, wide } = geometry;
  const { hex } = palette;
  const { t, s } = pairOf(view, state);
  const show = (w, marked) => w === marked || (w % every === 0 && Math.abs(w - marked) >= every);
  for (const m of wide ? [0, 2] : [0, 2, 4]) {
    const { x, y } = maps[m];
    for (const [w, word] of names.entries())
      if (show(w, t))
        text(c, word, x - 13, y + (w + 0.5) * cell, {
          ...font,
          weight: w === t ? 600 : 400,
          align: "right",
          baseline: "middle",
          colour: w === t ? hex.ink : hex.tok,
        });
  }
  for (const m of wide ? [0, 1, 4] : [0, 1]) {
    const { x, y } = maps[m];
    for (const [w, word] of names.entries()) {
      if (!show(w, s)) continue;
      const o = { ...font, weight: w === s ? 600 : 400, colour: w === s ? hex.ink : hex.tok };
      const at = x + (w + 0.5) * cell;
      if (level) text(c, word, at, y - 14, { ...o, align: "center" });
      else text(c, word, at, y - 13, { ...o, baseline: "middle", turn: UPRIGHT });
    }
  }
  const { x, y } = maps[0];
  geometry.row = { x: x - 6, y: y + (state.t + 0.5) * cell };
  geometry.column = { x: x + (state.s + 0.5) * cell, y: y - 6 };
  disc(c, geometry.row.x, geometry.row.y, 4.5, hex.ink, hex.paper, 1.5);
  disc(c, geometry.column.x, geometry.column.y, 4.5, hex.ink, hex.paper, 1.5);
}

/** The signs between the pictures. */
function drawSigns(view) {
  const { c, geometry, palette } = view;
  const { maps, side, wide } = geometry;
  if (!wide) return;
  const o = { size: 20, colour: palette.hex["ink-2"], align: "center", baseline: "middle" };
  const between = (maps[0].x + side + maps[1].x) / 2;
  text(c, "+", between, maps[0].y + side / 2, o);
  text(c, "+", between, (maps[0].y + side + maps[2].y) / 2 - 8, o);
  text(c, "+", between, maps[2].y + side / 2, o);
  text(c, "=", (maps[1].x + side + maps[4].x) / 2, maps[0].y + side / 2, { ...o, size: 26 });
}

const percent = (x) => `${signed(100 * x, 0)}%`;

function drawFader(view, term, data) {
  const { c, geometry, palette } = view;
  const { small, side } = geometry;
  const { hex } = palette;
  const { x, left, right, y } = geometry.faders[term];
  const fader = data.faders[term];
  const knob = left + fader * (right - left);
  const o = { size: 12, baseline: "middle" };
  text(c, `× ${fader.toFixed(2)}`, x, y, { ...o, size: small ? 11 : 12, colour: hex["ink-2"] });
  line(c, left, y, right, y, hex.rule, 4);
  line(c, left, y, knob, y, hex["ink-2"], 4);
  c.fillStyle = hex.paper;
  c.fillRect(knob - KNOB.w / 2 - 2, y - KNOB.h / 2 - 2, KNOB.w + 4, KNOB.h + 4);
  c.fillStyle = hex.ink;
  c.fillRect(knob - KNOB.w / 2, y - KNOB.h / 2, KNOB.w, KNOB.h);
  text(c, percent(data.shares[term]), x + side, y, {
    ...o,
    size: small ? 12 : 13,
    weight: 600,
    align: "right",
    colour: hex.ink,
  });
  geometry.faders[term].knob = knob;
}

/** What the colours mean, under the sum and under the softmax. */
function drawKeys(view, data) {
  const { c, geometry, palette } = view;
  const { maps, side } = geometry;
  const { css, hex } = palette;
  const o = { size: 11.5, colour: hex["ink-3"], baseline: "middle" };
  const end = data.span >= 10 ? signed(data.span, 0) : signed(data.span, 1);
  for (const [m, low, words] of [
    [4, -1, [`\u2212${end}`, end]],
    [5, 0, ["0", "1"]],
  ]) {
    const { x, y } = maps[m];
    const at = y + side + 20;
    const w0 = text(c, words[0], x, at, o);
    const wide = Math.min(90, side - 70);
    for (let k = 0; k < wide; k++) {
      c.fillStyle = css(low + ((1 - low) * k) / (wide - 1));
      c.fillRect(x + w0 + 6 + k, at - 4, 1.5, 8);
    }
    text(c, words[1], x + w0 + 12 + wide, at, o);
  }
}

/** The marked pair's score written out. */
function drawEquation(view, state, data, c) {
  const { geometry, palette } = view;
  const { equation: y, wide, small } = geometry;
  const { hex } = palette;
  const { t, s } = pairOf(view, state);
  const at = t * data.n + s;
  const size = small ? 12 : 13;
  const bold = { weight: 600, raw: true };
  const word = (w) => fitting(c, data.words[w], 110, { size, ...bold });
  const who = [
    [word(t), hex.tok, bold],
    [" looks at ", hex["ink-2"]],
    [word(s), hex.tok, bold],
    [": ", hex["ink-2"]],
  ];
  const sum = data.faded.flatMap((values, term) => {
    const value = values[at];
    const shown = number(Math.abs(value));
    const minus = number(value) !== shown;
    const sign = term ? (minus ? " \u2212 " : " + ") : minus ? "\u2212" : "";
    return [[`${sign}${shown}`, hex.ink]];
  });
  sum.push([` = ${number(data.sum[at])}`, hex.ink, { weight: 600 }]);
  const weight = [
    [", attention ", hex["ink-2"]],
    [number(data.weights[at]), hex.ink, { weight: 600 }],
  ];
  if (wide) run(c, [...who, ...sum, ...weight], geometry.maps[0].x, y, { size });
  else {
    run(c, who, 0, y, { size });
    run(c, [...sum, ...weight], 0, y + 20, { size });
  }
}

/** Which cell of a picture is under a point. */
export function cellAt({ maps, side, cell }, n, x, y) {
  for (const map of maps ?? []) {
    const [dx, dy] = [x - map.x, y - map.y];
    if (dx < 0 || dy < 0 || dx >= side || dy >= side) continue;
    return { t: Math.min(n - 1, Math.floor(dy / cell)), s: Math.min(n - 1, Math.floor(dx / cell)) };
  }
  return null;
}
