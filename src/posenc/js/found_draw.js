/** How "The clocks it found" is drawn: eigenvalues, hands, one hand's way, and the test of the map. */

import {
  clamp,
  curve,
  diamond,
  disc,
  line,
  niceStep,
  TAU,
  tag,
  text,
  textWidth,
} from "./canvas.js";
import { quantity, signed, thousands } from "./format.js";
import { aboutOf, OFFERED } from "./found_data.js";

const TARGET = 44;
const TRAIL = 24; // positions that a hand leaves behind it
const MOST_ERROR = 1.5; // the end of the axis of errors

/** Where everything goes, in CSS pixels, for a stage of this width and so many hands. */
export function lay(width, count) {
  const stacked = width < 720;
  const side = stacked ? Math.min(width - 40, 280) : 268;
  const plane = { x: stacked ? (width - side) / 2 : 26, y: 30, w: side, h: side };
  const bank = stacked
    ? { x: 0, y: plane.y + side + 52, w: width }
    : { x: plane.x + side + 44, y: 10, w: width - plane.x - side - 44 };
  const columns = stacked
    ? count > 8
      ? 4
      : Math.min(4, Math.max(3, Math.ceil(count / 2)))
    : Math.max(3, Math.ceil(count / 2));
  const rows = Math.max(1, Math.ceil(count / columns));
  const pitch = bank.w / columns;
  const room = stacked ? pitch * 0.8 + 58 : (side + 50) / rows;
  const r = Math.max(14, Math.min(pitch * 0.4, 52, (room - 54) / 2));
  const rise = stacked ? 2 * r + 58 : room;
  Object.assign(bank, { columns, rows, pitch, rise, r, h: rise * rows });
  const below = Math.max(plane.y + side + 30, bank.y + bank.h) + 44;
  const wave = { x: 46, y: below, w: width - 46 - 6, h: stacked ? 84 : 100 };
  const label = stacked ? 118 : 190;
  const ladder = {
    x: 0,
    y: wave.y + wave.h + 108,
    w: width,
    label,
    number: stacked ? 74 : 96,
    rise: 27,
  };
  ladder.h = ladder.rise * OFFERED.length;
  return { stacked, plane, bank, wave, ladder, height: ladder.y + ladder.h + 30 };
}

const periodWord = (hand) =>
  hand.turns ? quantity(hand.period) : hand.value[0] < 0 ? "flips" : "drifts";

/** The eigenvalues in the plane of complex numbers, with the circle on which clocks lie. */
export function drawPlane(view, state, { hands }) {
  const { c, geometry, palette } = view;
  const { plane } = geometry;
  const { hex } = palette;
  const [cx, cy] = [plane.x + plane.w / 2, plane.y + plane.h / 2];
  const unit = plane.w * 0.43;
  const at = ([re, im]) => [cx + unit * re, cy - unit * im];
  text(c, "eigenvalues of the map from a row to the next", plane.x - 12, plane.y - 14, {
    size: 12,
    weight: 600,
    colour: hex.ink,
  });
  line(c, plane.x, cy, plane.x + plane.w, cy, hex.rule);
  line(c, cx, plane.y, cx, plane.y + plane.h, hex.rule);
  disc(c, cx, cy, unit, null, hex.edge, 1.25);
  const quiet = { size: 11, colour: hex["ink-3"] };
  text(c, "1", cx + unit + 5, cy + 14, quiet);
  text(c, "i", cx + 5, cy - unit - 5, { ...quiet, size: 11 });
  text(c, "\u22121", cx - unit - 6, cy + 14, { ...quiet, align: "right" });
  geometry.points = hands.map(({ value }) => at(value));
  for (const hand of hands)
    if (hand.turns) disc(c, ...at([hand.value[0], -hand.value[1]]), 3.2, hex.edge);
  for (const [k, hand] of hands.entries()) {
    if (k === state.hand) continue;
    const [x, y] = geometry.points[k];
    if (hand.turns) disc(c, x, y, 5, hex.ink, hex.paper, 1.25);
    else square(c, x, y, 4, hex.paper, hex.ink);
  }
  const hand = hands[state.hand];
  const [x, y] = geometry.points[state.hand];
  line(c, cx, cy, x, y, hex.ink, 1.75);
  if (hand.turns) {
    c.beginPath();
    const angle = Math.atan2(hand.value[1], hand.value[0]);
    c.moveTo(cx, cy);
    c.arc(cx, cy, unit * 0.34, 0, -angle, true);
    c.closePath();
    c.fillStyle = hex["pos-wash"];
    c.fill();
    line(c, cx, cy, x, y, hex.ink, 1.75);
    disc(c, x, y, 7, hex.ink, hex.paper, 2);
  } else square(c, x, y, 6, hex.ink, hex.paper);
  const words = hand.turns
    ? `${signed((hand.period && 360 / hand.period) || 0, 1)}° a step, length × ${signed(hand.modulus, 3)}`
    : `length × ${signed(hand.value[0], 3)} a step`;
  text(c, words, cx, plane.y + plane.h + 16, {
    size: 12,
    colour: hex["ink-2"],
    align: "center",
  });
}

function square(c, x, y, r, fill, edge) {
  c.fillStyle = fill;
  c.fillRect(x - r, y - r, 2 * r, 2 * r);
  c.strokeStyle = edge;
  c.lineWidth = 1.4;
  c.strokeRect(x - r, y - r, 2 * r, 2 * r);
}

/** The centre of hand k of the bank. */
const centre = ({ x, y, columns, pitch, rise, r }, k) => [
  x + ((k % columns) + 0.5) * pitch,
  y + Math.floor(k / columns) * rise + r + 8,
];

/** All hands at position t; behind each the places it points to at all other positions. */
export function drawBank(view, state, { hands, key }) {
  const { geometry } = view;
  geometry.centres = hands.map((_, k) => centre(geometry.bank, k));
  drawClouds(view, hands, key);
  for (const k of hands.keys()) drawHand(view, state, hands[k], k);
}

/** The places of all positions, on a canvas of their own that a move of t lays down again. */
function drawClouds(view, hands, key) {
  const { c, geometry, memory, palette, ratio } = view;
  const { bank, centres } = geometry;
  const now = [key, bank.x, bank.y, bank.pitch, bank.r, ratio].join();
  if (memory.cloudKey !== now) {
    memory.cloudKey = now;
    memory.cloud ??= document.createElement("canvas");
    memory.cloud.width = Math.ceil((bank.x + bank.w) * ratio);
    memory.cloud.height = Math.ceil((bank.y + bank.h) * ratio);
    const on = memory.cloud.getContext("2d");
    on.setTransform(ratio, 0, 0, ratio, 0, 0);
    on.globalAlpha = 0.5;
    on.fillStyle = palette.hex.edge;
    for (const [k, { x, y }] of hands.entries()) {
      const [cx, cy] = centres[k];
      for (let t = 0; t < x.length; t++) {
        const [px, py] = place(cx, cy, bank.r * 0.72, x[t], y[t], bank.r);
        on.fillRect(px - 0.9, py - 0.9, 1.8, 1.8);
      }
    }
  }
  c.drawImage(memory.cloud, 0, 0, memory.cloud.width / ratio, memory.cloud.height / ratio);
}

/** Where a reading is drawn: `unit` pixels for length 1, never further out than `most`. */
function place(cx, cy, unit, x, y, most) {
  const far = Math.hypot(x, y) * unit;
  const pull = far > most ? most / far : 1;
  return [cx + x * unit * pull, cy - y * unit * pull];
}

function drawHand(view, state, hand, k) {
  const { c, geometry, palette } = view;
  const { bank, centres, stacked } = geometry;
  const { hex } = palette;
  const [cx, cy] = centres[k];
  const unit = bank.r * 0.72;
  const chosen = k === state.hand;
  const at = state.t - state.t_min;
  const where = (t) => place(cx, cy, unit, hand.x[t], hand.y[t], bank.r);
  if (hand.turns) disc(c, cx, cy, unit, null, chosen ? hex.ink : hex.edge, chosen ? 1.5 : 1);
  else line(c, cx - bank.r, cy, cx + bank.r, cy, chosen ? hex.ink : hex.edge, chosen ? 1.5 : 1);
  const first = Math.max(0, at - TRAIL);
  for (let t = first + 1; t <= at; t++) {
    c.globalAlpha = 0.12 + (0.55 * (t - first)) / TRAIL;
    line(c, ...where(t - 1), ...where(t), hex.pos, 1.25);
  }
  c.globalAlpha = 1;
  const [x, y] = where(at);
  line(c, cx, cy, x, y, hex.ink, chosen ? 2.25 : 1.6);
  disc(c, x, y, chosen ? 5 : 4, hex.pos, hex.paper, 1.25);
  if (chosen) {
    const wide = Math.min(bank.pitch - 6, 2 * bank.r + 40);
    c.strokeStyle = hex.edge;
    c.lineWidth = 1;
    c.strokeRect(cx - wide / 2, cy - bank.r - 6, wide, 2 * bank.r + 50);
  }
  text(c, periodWord(hand), cx, cy + bank.r + 18, {
    size: stacked ? 14 : 16,
    serif: true,
    colour: hex.ink,
    align: "center",
  });
  const share = `${Math.round(100 * hand.share)}%`;
  text(c, share, cx, cy + bank.r + 35, { size: 11.5, colour: hex["ink-2"], align: "center" });
}

/** The chosen hand at every position: how far to the right it points, and an even clock beside it. */
export function drawWave(view, state, { hands, n, fitted }) {
  const { c, geometry, palette } = view;
  const box = geometry.wave;
  const { hex } = palette;
  const hand = hands[state.hand];
  const half = Math.floor(n / 2);
  let reach = 1.5;
  for (const v of hand.x) reach = Math.max(reach, Math.abs(v));
  const xOf = (p) => box.x + (box.w * p) / (n - 1);
  const yOf = (v) => box.y + box.h / 2 - (v / reach) * (box.h / 2);
  Object.assign(box, { n, reach });
  if (state.fit === "first half") {
    c.fillStyle = hex.wash;
    c.fillRect(box.x, box.y, xOf(half - 1) - box.x, box.h);
  }
  const title = hand.turns
    ? `the hand of period ${quantity(hand.period)}: how far right it points`
    : "what turns nothing: how far right it points";
  text(c, title, 0, box.y - 14, { size: 12, weight: 600, colour: hex.ink });
  line(c, box.x, yOf(0), box.x + box.w, yOf(0), hex.rule);
  for (const v of [1, -1])
    text(c, signed(v, 0), box.x - 8, yOf(v), {
      size: 11,
      colour: hex["ink-3"],
      align: "right",
      baseline: "middle",
    });
  if (hand.turns) {
    const angle = TAU / hand.period;
    const even = [];
    for (let p = 0; p < n; p++) even.push([xOf(p), yOf(Math.cos(angle * p))]);
    curve(c, even, hex.off, 1, [5, 4]);
    const words = "dashed: an even clock";
    if (!geometry.stacked)
      text(c, words, box.x + box.w, box.y - 14, { size: 11.5, colour: hex.off, align: "right" });
  }
  curve(
    c,
    Array.from(hand.x, (v, p) => [xOf(p), yOf(v)]),
    hex.ink,
    1.25,
  );
  const foot = box.y + box.h;
  const step = niceStep(n, geometry.stacked ? 4 : 8);
  const at = state.t - state.t_min;
  for (let p = Math.ceil(state.t_min / step) * step; p <= state.t_max; p += step) {
    const x = xOf(p - state.t_min);
    line(c, x, foot, x, foot + 4, hex.edge);
    if (Math.abs(x - xOf(at)) > 34)
      text(c, thousands(p), x, foot + 18, {
        size: 11.5,
        colour: hex["ink-3"],
        align: "center",
      });
  }
  const x = xOf(at);
  line(c, x, box.y - 4, x, foot + 8, hex.pos, 1.5);
  disc(c, x, yOf(hand.x[at]), 4.5, hex.pos, hex.paper, 1.5);
  const words = `*t* = ${thousands(state.t)}`;
  const wide = textWidth(c, words, { size: 11.5, weight: 600 }) + 10;
  const middle = clamp(x, wide / 2, view.width - wide / 2);
  tag(c, words, middle, foot + 17, hex.pos, hex.paper);
  geometry.tMark = { x: middle, y: foot + 17 };
  const under = { size: 12, colour: hex["ink-2"] };
  const left = `error of the map, fitted: ${signed(fitted, 2)}`;
  if (state.fit === "first half") {
    text(c, geometry.stacked ? "fitted here" : "the map was fitted here", box.x, foot + 42, under);
    text(
      c,
      geometry.stacked ? "and not here" : "and never saw these rows",
      xOf(half),
      foot + 42,
      under,
    );
  } else text(c, `fitted on all rows; ${left}`, box.x, foot + 42, under);
}

/** Every table on one axis of errors: the map on rows it never saw, against not moving at all. */
export function drawLadder(view, state, results) {
  const { c, geometry, palette } = view;
  const { ladder, stacked } = geometry;
  const { hex } = palette;
  const left = ladder.x + ladder.label;
  const right = ladder.x + ladder.w - ladder.number;
  const xOf = (v) => left + ((right - left) * Math.min(v, MOST_ERROR)) / MOST_ERROR;
  ladder.xOf = xOf;
  const head = ladder.y - 12;
  text(c, stacked ? "error held out" : "error on rows the map never saw", ladder.x, head, {
    size: 12,
    weight: 600,
    colour: hex.ink,
  });
  let x = left;
  disc(c, x + 5, head - 22, 4.5, hex.ink);
  x += 14 + text(c, "the map", x + 14, head - 18, { size: 12, colour: hex["ink-2"] });
  diamond(c, x + 18, head - 22, 5, hex.paper, hex.off, 1.5);
  text(c, "not moving at all", x + 28, head - 18, { size: 12, colour: hex.off });
  text(c, "map / still", ladder.x + ladder.w - 2, head, {
    size: 11.5,
    colour: hex["ink-3"],
    align: "right",
  });
  for (const v of [0, 0.5, 1, 1.5]) {
    line(c, xOf(v), ladder.y - 2, xOf(v), ladder.y + ladder.h + 4, v ? hex.rule : hex.edge);
    text(c, String(v), xOf(v), ladder.y + ladder.h + 18, {
      size: 11.5,
      colour: hex["ink-3"],
      align: "center",
    });
  }
  for (const [k, { name, label }] of OFFERED.entries()) {
    const top = ladder.y + k * ladder.rise;
    const y = top + ladder.rise / 2;
    const chosen = name === state.table;
    if (chosen || view.peek?.rung === k) {
      c.fillStyle = hex.wash;
      c.fillRect(ladder.x, top, ladder.w, ladder.rise);
    }
    if (chosen) {
      c.fillStyle = hex.ink;
      c.fillRect(ladder.x, top, 3, ladder.rise);
      geometry.rung = { x: ladder.x, y: y - TARGET / 2, w: ladder.label, h: TARGET };
    }
    text(c, stacked ? label.replace(", learned", "") : label, ladder.x + 9, y, {
      size: 12.5,
      weight: chosen ? 600 : 400,
      colour: chosen ? hex.ink : hex["ink-2"],
      baseline: "middle",
    });
    if (!results[k]) continue;
    const { m, heldOut, still } = results[k];
    c.globalAlpha = m === state.m ? 1 : 0.4; // not yet computed anew
    line(c, xOf(heldOut), y, xOf(still), y, hex["ink-3"], 1.25);
    diamond(c, xOf(still), y, 5.5, hex.paper, hex.off, 1.6);
    disc(c, xOf(heldOut), y, 4.5, hex.ink);
    text(c, `${signed(heldOut, 2)} / ${signed(still, 2)}`, ladder.x + ladder.w - 2, y, {
      size: 11.5,
      colour: heldOut < still ? hex["ink-2"] : hex.off,
      weight: heldOut < still ? 400 : 600,
      align: "right",
      baseline: "middle",
    });
    c.globalAlpha = 1;
  }
}

/** What the tables are, for a title. */
export const labelOf = (name) => aboutOf(name).label;
