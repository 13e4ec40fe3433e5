/**
 * One at a time, all at once. Above the sentence a recurrent network: a column of cells for each
 * state, filled as far as it has read. Below it self-attention: a line from every word to every
 * output, all there at once. Between two marked words the way is drawn in both.
 */

import { splitWords } from "./attention.js";
import { clamp, curve, diamond, disc, line, tag, text, textWidth } from "./canvas.js";
import { thousands } from "./format.js";
import { compute, pairOf, SAME, share } from "./steps_data.js";
import { defineView } from "./view.js";

const TRAITS = [
  "t",
  "t_max",
  "offset",
  "length",
  "length_max",
  "change",
  "text",
  "instead",
  "width",
  "seed",
];
export const CHANGES = ["none", "swap", "replace"]; // as in views/steps.py
const TARGET = 44;
const WIDEST = 96; // px from word to word, when there are few
const INSET = 6; // px left and right of the sentence, for the marks at its ends
const LEVELS = 10; // shades of the lines of attention
const LONG_DASHES = [7, 4];

const plural = (n, word) => `${thousands(n)} ${word}${n === 1 ? "" : "s"}`;

/** Where everything goes, in CSS pixels, for a stage of this width. */
function lay(view, state, words) {
  const width = view.width0;
  const small = width < 560;
  const c = view.canvas.getContext("2d");
  const pitch = Math.min((width - 2 * INSET) / state.length, WIDEST);
  const widest = Math.max(...words.map((word) => textWidth(c, word, { size: 12.5, weight: 600 })));
  const written = widest + 6 <= pitch ? "level" : pitch >= 13 ? "upright" : "marked";
  const bars = state.change === "none" ? 0 : small ? 44 : 50;
  const cell = small ? 4 : 5;
  const stripe = cell * state.width;
  const heading = small ? 42 : 24;

  let y = 0;
  const row = (h) => {
    const at = y;
    y += h;
    return { y: at, h };
  };
  const above = row(heading);
  const barsAbove = row(bars);
  const hops = row(pitch >= 15 ? 32 : 20);
  const states = row(stripe);
  const feed = row(9);
  const names = row(written === "upright" ? Math.ceil(widest) + 6 : 20);
  const axis = row(36);
  const below = row(heading);
  const fan = row(small ? 84 : 104);
  const outputs = row(stripe);
  y += bars && 10;
  const barsBelow = row(bars);
  const column = Math.max(3, Math.min(pitch * (pitch < 9 ? 0.84 : 0.66), 40));
  return {
    width,
    small,
    pitch,
    column,
    cell,
    written,
    above,
    barsAbove,
    hops,
    states,
    feed,
    names,
    axis,
    below,
    fan,
    outputs,
    barsBelow,
    middle: axis.y + 16,
    xOf: (p) => INSET + (p + 0.5) * pitch,
    end: 2 * INSET + pitch * state.length,
    height: y + 6,
  };
}

function draw(view, state) {
  const data = compute(view.memory, { ...view.state, t: Math.round(view.state.t) });
  const geometry = lay(view, state, data.words);
  const c = view.fit(geometry.height);
  view.geometry = geometry;
  geometry.pair = data.pair;
  view.memory.read = state.t; // on its way while it glides
  drawHeadings(view, data);
  drawFan(view, data);
  drawChain(view, data, state.t);
  drawColumns(view, geometry.outputs, data.outputs, data, () => 1);
  drawWords(view, data);
  drawPath(view, data);
  drawAxis(view, data, state.t);
  if (data.changes) {
    drawBars(view, geometry.barsAbove, data.changes.states, data, "change of each state");
    drawBars(view, geometry.barsBelow, data.changes.outputs, data, "change of each word’s output");
  }
  c.setLineDash([]);
}

/** What each of the two does, and the length of the way between the marked words. */
function drawHeadings(view, { pair, n }) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const { small, end } = geometry;
  const wide = Math.max(end, small ? 0 : 560);
  const rows = [
    [geometry.above, "Recurrent network", `step ${pair.t + 1} of ${n}`, plural(pair.k, "step")],
    [geometry.below, "Self-attention", `all ${thousands(n * n)} pairs in 1 step`, "1 step"],
  ];
  for (const [{ y }, name, what, way] of rows) {
    const left = text(c, `${name} `, 0, y + 14, { size: 13, weight: 600, colour: hex.ink });
    text(c, ` ${what}`, left, y + 14, { size: 13, colour: hex["ink-2"] });
    if (!pair.k) continue;
    const [x, baseline, align] = small ? [0, y + 32, "left"] : [wide, y + 14, "right"];
    text(c, `way between the two words: ${way}`, x, baseline, {
      size: 12.5,
      weight: 600,
      colour: hex.off,
      align,
    });
  }
}

/** The chain of states, filled as far as it has been read; between two positions, partly. */
function drawChain(view, data, read) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const { hops, states, feed, names, pitch, column, xOf } = geometry;
  const done = (p) => clamp(read - p + 1, 0, 1);
  for (let p = 0; p < data.n; p++) {
    const x = xOf(p);
    const colour = done(p) ? hex.edge : hex.rule;
    line(c, x, names.y - 1, x, feed.y + 1, colour);
    if (p) arc(c, xOf(p - 1), x, hops, colour, 1);
    if (p && pitch >= 15) head(c, x, hops.y + hops.h, colour);
  }
  drawColumns(view, states, data.states, data, done);
  if (pitch >= 15)
    for (let p = 0; p < data.n; p++)
      if (!done(p)) outline(c, xOf(p) - column / 2, states.y, column, states.h, hex.rule);
}

const outline = (c, x, y, w, h, colour, width = 1) => {
  c.strokeStyle = colour;
  c.lineWidth = width;
  c.strokeRect(x, y, w, h);
};

/** The points of a hop from one column to the next, over the columns. */
function hop(from, to, { y, h }) {
  const points = [];
  const rise = Math.min(h - 4, 14);
  for (let s = 0; s <= 12; s++) {
    const f = s / 12;
    points.push([from + (to - from) * f, y + h - 2 - 4 * rise * f * (1 - f)]);
  }
  return points;
}

function arc(c, from, to, row, colour, width) {
  c.beginPath();
  for (const [k, [x, y]] of hop(from, to, row).entries()) k ? c.lineTo(x, y) : c.moveTo(x, y);
  c.strokeStyle = colour;
  c.lineWidth = width;
  c.stroke();
}

/** The point of an arrow that comes down on a column. */
function head(c, x, y, colour) {
  c.beginPath();
  c.moveTo(x - 4.5, y - 7);
  c.lineTo(x, y - 2);
  c.lineTo(x - 0.5, y - 9);
  c.closePath();
  c.fillStyle = colour;
  c.fill();
}

/** One column of cells for each word; a column that is only partly there grows from below. */
function drawColumns(view, { y, h }, values, { n, d, pair }, done) {
  const { c, geometry, palette } = view;
  const { cell, column, xOf } = geometry;
  const { hex, css } = palette;
  for (let p = 0; p < n; p++) {
    const part = done(p);
    if (!part) continue;
    const x = xOf(p) - column / 2;
    c.save();
    c.beginPath();
    c.rect(x - 1, y + h * (1 - part) - 1, column + 2, h * part + 2);
    c.clip();
    for (let j = 0; j < d; j++) {
      c.fillStyle = css(values[p * d + j]);
      c.fillRect(x, y + j * cell, column, cell + (j < d - 1 ? 0.4 : 0));
    }
    if (column >= 8) outline(c, x + 0.5, y + 0.5, column - 1, h - 1, hex.edge);
    c.restore();
    if (p === pair.t && part === 1) outline(c, x - 1, y - 1, column + 2, h + 2, hex.pos, 2);
  }
}

/** A line from every word to every output, darker the larger the weight; painted once. */
function drawFan(view, data) {
  const { c, geometry, memory, palette, ratio } = view;
  const { fan, width, xOf } = geometry;
  const { hex } = palette;
  const { n, weights } = data;
  const key = [data.key, width, fan.h, ratio].join();
  if (memory.fanKey !== key) {
    const image = memory.fan ?? document.createElement("canvas");
    image.width = Math.ceil(width * ratio);
    image.height = Math.ceil(fan.h * ratio);
    const ground = image.getContext("2d");
    ground.scale(ratio, ratio);
    const most = weights.reduce((a, b) => Math.max(a, b), 0);
    const shades = Array.from({ length: LEVELS + 1 }, () => new Path2D());
    for (let to = 0; to < n; to++)
      for (let from = 0; from < n; from++) {
        const shade = shades[Math.round((weights[to * n + from] / most) * LEVELS)];
        shade.moveTo(xOf(from), 2);
        shade.lineTo(xOf(to), fan.h - 2);
      }
    ground.strokeStyle = hex.ink;
    ground.lineWidth = n > 32 ? 0.6 : 1;
    const strength = Math.min(1, 24 / n); // the more lines, the paler each of them
    for (const [level, path] of shades.entries()) {
      ground.globalAlpha = strength * (0.06 + 0.74 * (level / LEVELS));
      ground.stroke(path);
    }
    Object.assign(memory, { fan: image, fanKey: key });
  }
  c.drawImage(memory.fan, 0, fan.y, width, fan.h);
}

function drawWords(view, { words, pair, moved }) {
  const { c, geometry, palette } = view;
  const { names, written, xOf, end } = geometry;
  const { hex } = palette;
  const marked = new Set([pair.t, pair.s]);
  for (const [p, word] of words.entries()) {
    const size = 12.5;
    const look = {
      size,
      weight: marked.has(p) || moved.has(p) ? 600 : 400,
      colour: hex.tok,
      halo: moved.has(p) ? hex.wash : undefined,
    };
    if (written === "level") {
      text(c, word, xOf(p), names.y + 14, { ...look, align: "center" });
    } else if (written === "upright") {
      text(c, word, xOf(p) + 4, names.y + names.h - 2, { ...look, turn: -Math.PI / 2 });
    }
  }
  if (written !== "marked") return;
  // too many to write: the two marked words, or the one under the pointer, kept off one another
  const look = { size: 12.5, weight: 600, colour: hex.tok };
  let limit = end;
  const shown = view.peek ? [view.peek.p] : pair.k ? [pair.t, pair.s] : [pair.t];
  const widths = shown.map((p) => textWidth(c, words[p], look));
  for (const [k, p] of shown.entries()) {
    const before = (widths[k + 1] ?? -10) + 10; // room for the word that comes next, to the left
    const x = clamp(xOf(p) - widths[k] / 2, before, Math.max(before, limit - widths[k]));
    text(c, words[p], x, names.y + 14, look);
    limit = x - 10;
  }
}

/** The way from the earlier marked word to the later one: along the chain, and straight. */
function drawPath(view, { pair }) {
  const { c, geometry, palette } = view;
  const { hops, fan, pitch, xOf } = geometry;
  const { hex } = palette;
  const { s, t, k } = pair;
  if (!k) return;
  for (let p = s + 1; p <= t; p++) {
    curve(c, hop(xOf(p - 1), xOf(p), hops), hex.off, pitch >= 15 ? 2.5 : 2);
    if (pitch >= 15) {
      head(c, xOf(p), hops.y + hops.h, hex.off);
      text(c, String(p - s), xOf(p) - pitch / 2, hops.y + 10, {
        size: 11,
        weight: 600,
        colour: hex.off,
        align: "center",
      });
    }
  }
  const points = [
    [xOf(s), fan.y + 2],
    [xOf(t), fan.y + fan.h - 2],
  ];
  curve(c, points, hex.paper, 6);
  curve(c, points, hex.off, 2.5, LONG_DASHES);
  const [x, y] = [(xOf(s) + xOf(t)) / 2, fan.y + fan.h / 2];
  disc(c, x, y, 8, hex.paper);
  text(c, "1", x, y + 0.5, {
    size: 11,
    weight: 600,
    colour: hex.off,
    align: "center",
    baseline: "middle",
  });
}

/** The axis with the two marks to take hold of. */
function drawAxis(view, { pair, n }, read) {
  const { c, geometry, palette } = view;
  const { middle, xOf, end } = geometry;
  const { hex } = palette;
  const x = xOf(clamp(read, 0, n - 1));
  const back = xOf(pair.s);
  line(c, 0, middle, end, middle, hex.edge);
  for (let p = 0; p < n; p++) line(c, xOf(p), middle - 3, xOf(p), middle + 3, hex.edge);
  const rightmost = Math.max(end, geometry.small ? 0 : end + 60);
  if (pair.k) {
    line(c, back, middle, x, middle, hex.off, 2, LONG_DASHES);
    diamond(c, back, middle, 9, hex.off, hex.paper);
  }
  disc(c, x, middle, 8, hex.pos, hex.paper);
  const name = `*t* = ${pair.t}`;
  const need = textWidth(c, name, { size: 11.5, weight: 600 }) + 10;
  const fits = x + 13 + need <= Math.min(rightmost, geometry.width);
  const between = x - back - 26;
  const word = `*k* = ${pair.k}`;
  const wide = textWidth(c, word, { size: 11.5, weight: 600 }) + 10;
  // the offset is named between its two ends, or left of them, or under them
  const inside = between >= wide + (fits ? 0 : need + 6);
  if (pair.k && inside)
    tag(c, word, (back + x - (fits ? 0 : need)) / 2, middle, hex.off, hex.paper);
  else if (pair.k && back - 14 - wide >= 0)
    tag(c, word, back - 14, middle, hex.off, hex.paper, "right");
  else if (pair.k) tag(c, word, Math.max(0, back - 9), middle + 19, hex.off, hex.paper, "left");
  if (fits) tag(c, name, x + 13, middle, hex.pos, hex.paper, "left");
  else if (between >= need || !pair.k) tag(c, name, x - 13, middle, hex.pos, hex.paper, "right");
  else tag(c, name, Math.min(end, x + 9), middle + 19, hex.pos, hex.paper, "right");
  geometry.marks = { t: x, back };
}

/** Bars of relative change, one for each word; hollow where the network has not yet read. */
function drawBars(view, { y, h }, values, { n, pair, most }, label) {
  const { c, geometry, palette } = view;
  const { column, xOf, end } = geometry;
  const { hex } = palette;
  const above = y === geometry.barsAbove.y;
  const foot = y + h - 4;
  const room = h - 26;
  line(c, 0, foot, end, foot, hex.edge);
  text(c, label, 0, y + 11, { size: 11.5, colour: hex["ink-3"] });
  for (let p = 0; p < n; p++) {
    if (values[p] < SAME) continue;
    const bar = Math.max(1, (values[p] / most) * room);
    const x = xOf(p) - column / 2;
    if (above && p > pair.t) outline(c, x + 0.5, foot - bar, column - 1, bar, hex.edge);
    else {
      c.fillStyle = hex["ink-3"];
      c.fillRect(x, foot - bar, column, bar);
    }
  }
  const at = xOf(pair.t);
  const width = textWidth(c, label, { size: 11.5 });
  const words = `${share(values[pair.t])} at *t*`;
  const mine = textWidth(c, words, { size: 11.5, weight: 600 });
  const right = Math.min(geometry.width, end + 40) - mine;
  const x = clamp(at - mine / 2, width + 12, Math.max(width + 12, right));
  text(c, words, x, y + 11, { size: 11.5, weight: 600, colour: hex.pos });
}

/** The place of the sentence under a point. */
const placeAt = (view, x) =>
  clamp(Math.floor((x - INSET) / view.geometry.pitch), 0, view.state.length - 1);

/** Keeps length, position and offset inside the text, as views/steps.py does. */
function fix(state) {
  const length_max = splitWords(state.text).length;
  const length = clamp(Math.round(state.length), 2, length_max);
  return {
    length_max,
    length,
    t_max: length - 1,
    t: clamp(state.t, 0, length - 1),
  };
}

const whole = (state) => ({ ...state, t: Math.round(state.t) });

function finding(state, view) {
  const { pair, n, words, written, changes } = compute(view.memory, whole(state));
  const { s, t, k } = pair;
  const name = (p) => `“${words[p]}”`;
  if (!k && state.change !== "replace")
    return `The first word has no word behind it: move [*t*]{pos} on. The sentence of ${n} words takes **${n} steps** in the chain, one after another, and **1** in attention, for **${thousands(n * n)}** pairs.`;
  if (!changes)
    return `From [${name(s)}]{off} to [${name(t)}]{pos} it is **${plural(k, "step")}** along the chain and **1 step** through attention. The sentence of ${n} words takes **${n} steps** in the chain, one after another, and **1** in attention, for **${thousands(n * n)}** pairs.`;
  const [moved, felt] = counts(changes);
  if (state.change === "swap") {
    if (words[s] === words[t])
      return `Both words are ${name(s)}: to swap them changes nothing, in either network.`;
    const until = moved < n - s ? ", until the difference has faded into rounding" : "";
    return `${name(s)} and ${name(t)} have changed places. In the chain **${moved} of ${n}** states are different: all from position ${s} on${until}. In attention each word keeps its vector and takes it along: **${felt} of ${n}** outputs are different.`;
  }
  const later = k ? `, **${plural(k, "step")}** away,` : "";
  return `“${written[s]}” at position ${s} has become ${name(s)}. That changes the state of [${name(t)}]{pos}${later} by **${share(changes.states[t])}** of its length, and its output of attention by **${share(changes.outputs[t])}**${k ? ", which would be the same at any distance" : ""}.`;
}

const counts = ({ states, outputs }) =>
  [states, outputs].map((values) => values.filter((v) => v >= SAME).length);

export const steps = defineView({
  label:
    "A sentence between two networks: above it the states of a recurrent network, filled as far as it has read; below it lines from every word to every output of self-attention",
  traits: TRAITS,
  choices: { change: CHANGES },
  glide: ["t"],
  fix,
  draw,
  finding,
  handles: (view) => [
    {
      name: "word",
      label: "Position t, the word read last",
      range: () => [0, view.state.t_max],
      value: () => Math.round(view.state.t),
      say: () => {
        const { words, pair } = compute(view.memory, whole(view.state));
        return `position ${pair.t}, “${words[pair.t]}”`;
      },
      place: () => {
        const { middle, marks, pair } = view.geometry;
        const over = pair.k ? Math.max(0, TARGET - (marks.t - marks.back)) / 2 : 0;
        return { x: marks.t + over - TARGET / 2, y: middle - TARGET / 2, w: TARGET, h: TARGET };
      },
      move: (t) => view.set({ t }),
      drag: (x) => view.set({ t: placeAt(view, x) }),
    },
    {
      name: "back",
      label: "Offset k, back to the other word",
      range: () => [1, Math.max(1, Math.round(view.state.t))],
      value: () => pairOf(whole(view.state)).k,
      say: () => {
        const { words, pair } = compute(view.memory, whole(view.state));
        return `${plural(pair.k, "word")} back, “${words[pair.s]}”`;
      },
      // left is back: the mark goes the way of the arrow
      key(event) {
        const by = { ArrowLeft: 1, ArrowRight: -1 }[event.key];
        if (by) this.move(clamp(this.value() + by, ...this.range()));
        return Boolean(by);
      },
      place: () => {
        const { middle, marks, pair } = view.geometry;
        if (!pair.k) return null;
        // it gives way to the left where the two words stand close
        const over = Math.max(0, TARGET - (marks.t - marks.back)) / 2;
        return { x: marks.back - over - TARGET / 2, y: middle - TARGET / 2, w: TARGET, h: TARGET };
      },
      move: (offset) => view.set({ offset }),
      drag: (x) => {
        const t = Math.round(view.state.t);
        view.set({ offset: clamp(t - placeAt(view, x), 1, Math.max(1, t)) });
      },
    },
  ],
  pointer: {
    hit: (view, x) => (x <= view.geometry.end ? "word" : null),
    drag: (view, _, x) => view.set({ t: placeAt(view, x) }),
    peek(view, x) {
      const inside = x <= view.geometry.end;
      view.canvas.style.cursor = inside ? "pointer" : "default";
      return inside ? { p: placeAt(view, x) } : null;
    },
  },
  say: (state) => {
    const { words, pair, n } = compute({}, whole(state));
    const back = pair.k
      ? `, ${plural(pair.k, "step")} along the chain from “${words[pair.s]}”`
      : "";
    return `Position ${pair.t} of ${n} words, “${words[pair.t]}”${back}; attention takes 1 step.`;
  },
  facts: (state) => {
    const { words, pair, n, changes } = compute({}, whole(state));
    const [moved, felt] = changes ? counts(changes) : [0, 0];
    return {
      words: thousands(n),
      steps: thousands(n),
      pairs: thousands(n * n),
      way: plural(pair.k, "step"),
      word: words[pair.t],
      earlier: words[pair.s],
      states_changed: thousands(moved),
      outputs_changed: thousands(felt),
      state_change: share(changes ? changes.states[pair.t] : 0),
      output_change: share(changes ? changes.outputs[pair.t] : 0),
    };
  },
  data: (state) => {
    const { words, n, d, states, raw, changes, weights, pair } = compute({}, whole(state));
    const letters = (name) => Array.from({ length: d }, (_, j) => `${name}_${j}`);
    const part = (values, p) =>
      Array.from(values.subarray(p * d, (p + 1) * d), (v) => v.toFixed(6));
    const rows = words.map((word, p) => [
      p,
      word,
      weights[pair.t * n + p].toFixed(6),
      (changes ? changes.states[p] : 0).toPrecision(6),
      (changes ? changes.outputs[p] : 0).toPrecision(6),
      ...part(states, p),
      ...part(raw, p),
    ]);
    return {
      columns: [
        "t",
        "word",
        "weight",
        "state_change",
        "output_change",
        ...letters("state"),
        ...letters("output"),
      ],
      rows,
    };
  },
});
