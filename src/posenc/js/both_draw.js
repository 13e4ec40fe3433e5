/** The drawing of *Why both?*: one channel, the ladder of encodings, the stripes, the errors. */

import { clamp, curve, diamond, disc, line, niceStep, tag, text, textWidth } from "./canvas.js";
import { magnitude, power, signed, thousands } from "./format.js";
import { scale } from "./view.js";

const TARGET = 44;
const LOWEST = -16; // the decades that the ladder and the errors show
const HIGHEST = 8;
const DECADES = [-15, -10, -5, 0, 5];
const NEAR = 0.02; // of the range: values as near as that stand at one height,
const ELSEWHERE = 0.2; // and values further apart than that do not

/** Where everything goes, in CSS pixels, for a stage of this width. */
function lay(width, rungs) {
  const stacked = width < 760;
  const small = width < 560;
  const side = stacked ? Math.min(width - 44, 320) : 280;
  const plane = { x: 34, y: 26, w: side, h: side };
  const rise = stacked ? 27 : 26;
  const ladder = stacked
    ? { x: 0, y: plane.y + side + 92, w: width }
    : { x: 372, y: 40, w: width - 372 };
  Object.assign(ladder, { rise, h: rise * rungs, label: small ? 108 : 112, number: 66 });
  const below = Math.max(plane.y + side + 34, ladder.y + ladder.h + 44);
  const name = small ? 66 : 92;
  const stripe = small ? 17 : 20;
  const stripes = { x: name, y: below + 22, w: width - name - 2, h: 4 * stripe + 6, stripe };
  const errors = {
    x: name,
    y: stripes.y + stripes.h + 96,
    w: width - name - 12,
    h: small ? 96 : 108,
  };
  return { stacked, small, plane, ladder, stripes, errors, height: errors.y + errors.h + 50 };
}

export function draw(view, state, solved, schemes) {
  const geometry = lay(view.width0, schemes.length);
  const { problem } = solved.chosen;
  if (problem) geometry.height = geometry.stripes.y - 22; // nothing of it below the ladder
  view.fit(geometry.height);
  view.geometry = geometry;
  drawLadder(view, state, solved, schemes);
  if (problem) {
    drawProblem(view, problem);
    return;
  }
  const at = valuesAt(state, solved.chosen);
  drawPlane(view, state, solved.chosen, at);
  drawStripes(view, state, at);
  drawErrors(view, state, solved.chosen);
}

/** Row t, what the matrix makes of it, the true row t + k, and the difference. */
function valuesAt({ t, k, d_model: d }, { table, shift }) {
  const now = table.subarray(t * d, t * d + d);
  const then = table.subarray((t + k) * d, (t + k) * d + d);
  const made = Float64Array.from({ length: d }, (_, j) => image(shift.matrix, now, j));
  return { now, made, then, gap: made.map((v, j) => v - then[j]) };
}

function image(matrix, row, j) {
  const d = row.length;
  let sum = 0;
  for (let i = 0; i < d; i++) sum += matrix[j * d + i] * row[i];
  return sum;
}

/** In place of the pictures of an encoding that does not fit into so few channels. */
function drawProblem(view, problem) {
  const { c, geometry, palette } = view;
  const { plane } = geometry;
  const said = { size: 12.5, colour: palette.hex["ink-2"] };
  text(c, "no table of this encoding:", plane.x, plane.y + 20, said);
  for (const [at, part] of problem.split("; ").entries())
    text(c, part, plane.x, plane.y + 40 + 18 * at, { ...said, size: 11 });
}

/** One channel: its value now, across, and k later, up; where it is, and where the matrix puts it. */
function drawPlane(view, { t, k, channel: j, d_model: d, length }, { table, shift }, at) {
  const { c, geometry, palette } = view;
  const { plane } = geometry;
  const { hex } = palette;
  const rowOf = (r) => table.subarray(r * d, r * d + d);
  let [low, high] = [Infinity, -Infinity];
  for (let r = 0; r < length; r++) {
    low = Math.min(low, table[r * d + j]);
    high = Math.max(high, table[r * d + j]);
  }
  const room = 0.07 * (high - low || 1);
  const x = scale(low - room, high + room, plane.x, plane.x + plane.w);
  const y = scale(low - room, high + room, plane.y + plane.h, plane.y);
  const half = length / 2;

  c.strokeStyle = hex.rule;
  c.lineWidth = 1;
  c.strokeRect(plane.x + 0.5, plane.y + 0.5, plane.w - 1, plane.h - 1);
  if (low < 0 && high > 0) {
    line(c, x(0), plane.y, x(0), plane.y + plane.h, hex.rule);
    line(c, plane.x, y(0), plane.x + plane.w, y(0), hex.rule);
  }
  const small = { size: 11, colour: hex["ink-3"] };
  for (const v of [low, high]) {
    const name = thousandth(v);
    text(c, name, x(v), plane.y + plane.h + 14, { ...small, align: v === low ? "left" : "right" });
    text(c, name, plane.x - 5, y(v), { ...small, align: "right", baseline: "middle" });
  }
  text(c, `channel *j* = ${j}: now, across; *k* = ${k} later, up`, plane.x, plane.y - 10, {
    size: 12,
    colour: hex["ink-2"],
  });

  c.save();
  c.beginPath();
  c.rect(plane.x, plane.y, plane.w, plane.h);
  c.clip();
  line(c, x(at.now[j]), plane.y, x(at.now[j]), plane.y + plane.h, hex.pos, 1, [2, 3]);
  for (let r = 0; r < half - k; r++)
    disc(c, x(table[r * d + j]), y(table[(r + k) * d + j]), 2.2, `${hex.ink}90`);
  for (let r = 0; r < half - k; r++) {
    const made = y(image(shift.matrix, rowOf(r), j));
    diamond(c, x(table[r * d + j]), made, 3.4, null, hex.off, 1.1);
  }
  c.restore();

  const here = { x: x(at.now[j]), y: y(at.then[j]) };
  const there = { x: here.x, y: clamp(y(at.made[j]), plane.y, plane.y + plane.h) };
  line(c, here.x, here.y, there.x, there.y, hex.off, 2, [5, 3]);
  diamond(c, there.x, there.y, 7, hex.off, hex.paper, 1.5);
  const other = doubleOf({ t, k, d, j, table, half }, high - low);
  const marks =
    other === null
      ? []
      : [[other, hex.paper, x(table[other * d + j]), y(table[(other + k) * d + j])]];
  marks.push([t, hex.pos, here.x, here.y]);
  for (const [position, fill, mx, my] of marks) {
    disc(c, mx, my, 5.5, fill, position === t ? hex.paper : hex.pos, 2);
    const right = mx < plane.x + plane.w - 60;
    text(c, `*t* = ${thousands(position)}`, mx + (right ? 10 : -10), my, {
      size: 12,
      weight: 600,
      colour: hex.pos,
      align: right ? "left" : "right",
      baseline: "middle",
      halo: hex.paper,
    });
  }
  const key = { size: 12, colour: hex["ink-2"] };
  const line1 = plane.y + plane.h + 32;
  disc(c, plane.x + 4, line1 - 4, 2.8, `${hex.ink}90`);
  const end = plane.x + 12 + text(c, "where it is", plane.x + 12, line1, key);
  diamond(c, end + 20, line1 - 4, 3.8, null, hex.off, 1.2);
  text(c, "where the matrix puts it", end + 28, line1, { ...key, colour: hex.off });
  Object.assign(geometry, { here, there, other });
}

const thousandth = (v) => (Number.isInteger(v) ? signed(v, 0) : signed(v, 2));

/**
 * A position at which the channel stands as high as at t and then goes elsewhere: of those that
 * end far from where t ends, the one that starts nearest. None where all go the same way.
 */
function doubleOf({ t, k, d, j, table, half }, range) {
  const [now, then] = [table[t * d + j], table[(t + k) * d + j]];
  let best = null;
  let least = NEAR * range;
  for (let r = 0; r < half - k; r++) {
    const away = Math.abs(table[r * d + j] - now);
    const apart = Math.abs(table[(r + k) * d + j] - then);
    if (away <= least && apart > ELSEWHERE * range) [best, least] = [r, away];
  }
  return best;
}

/** All encodings, with what their best matrices leave over: fitted, and held out. */
function drawLadder(view, { scheme, d_model: d }, { key, ladder: results, chosen }, schemes) {
  const { c, geometry, palette } = view;
  const { ladder, small } = geometry;
  const { hex } = palette;
  const left = ladder.x + ladder.label;
  const right = ladder.x + ladder.w - ladder.number;
  const toX = scale(LOWEST, HIGHEST, left, right);
  const xOf = (v) => toX(clamp(Math.log10(Math.max(v, 1e-300)), LOWEST, HIGHEST));
  const foot = ladder.y + ladder.h;
  const axis = { size: 11.5, colour: hex["ink-3"] };
  const head = ladder.y - 10;
  disc(c, left + 4, head - 18, 4, hex.ink);
  const end =
    left + 13 + text(c, "fitted", left + 13, head - 14, { size: 12, colour: hex["ink-2"] });
  disc(c, end + 20, head - 18, 4, hex.paper, hex.ink, 1.5);
  text(c, "held out", end + 29, head - 14, { size: 12, colour: hex["ink-2"] });
  text(c, "held out", ladder.x + ladder.w - 2, head, { ...axis, align: "right" });
  for (const decade of DECADES) {
    line(c, toX(decade), ladder.y - 2, toX(decade), foot + 4, decade ? hex.rule : hex.edge);
    const name = decade
      ? power(10 ** decade)
          .split("×")[1]
          .trim()
      : "1";
    text(c, name, toX(decade), foot + 18, { ...axis, align: "center" });
  }
  text(c, small ? "left over" : "left over, of a row's size", left - 10, foot + 18, {
    ...axis,
    align: "right",
  });
  const { shift } = chosen;
  if (shift) {
    const condition =
      shift.rank < d
        ? `rank ${shift.rank} of ${d}`
        : `condition number ${magnitude(shift.condition)}`;
    text(c, `rows fitted: ${condition}`, ladder.x + ladder.w - 2, foot + 40, {
      size: 12,
      colour: hex["ink-2"],
      align: "right",
    });
  }
  for (const [at, { name, label }] of schemes.entries()) {
    const top = ladder.y + at * ladder.rise;
    const y = top + ladder.rise / 2;
    const chosen = name === scheme;
    if (chosen || view.peek?.rung === at) {
      c.fillStyle = hex.wash;
      c.fillRect(ladder.x, top, ladder.w, ladder.rise);
    }
    if (chosen) {
      c.fillStyle = hex.ink;
      c.fillRect(ladder.x, top, 3, ladder.rise);
      geometry.rung = {
        x: ladder.x,
        y: y - TARGET / 2,
        w: ladder.label,
        h: TARGET,
      };
    }
    text(c, label, ladder.x + 9, y, {
      size: 12.5,
      weight: chosen ? 600 : 400,
      colour: chosen ? hex.ink : hex["ink-2"],
      baseline: "middle",
    });
    drawRung(view, results[name], { y, xOf, key, right: ladder.x + ladder.w - 2, left });
  }
}

function drawRung(view, result, { y, xOf, key, right, left }) {
  const { c, palette } = view;
  const { hex } = palette;
  if (!result) return;
  const said = { size: 11.5, colour: hex["ink-2"], baseline: "middle" };
  c.globalAlpha = result.key === key ? 1 : 0.4; // not yet computed anew
  if (result.problem) text(c, "needs more channels", left, y, said);
  else {
    const [from, to] = [xOf(result.fitted), xOf(result.heldOut)];
    line(c, from, y, to, y, hex["ink-3"], 1.25);
    disc(c, to, y, 4.5, hex.paper, hex.ink, 1.6);
    disc(c, from, y, 4, hex.ink);
    text(c, magnitude(result.heldOut), right, y, { ...said, align: "right" });
  }
  c.globalAlpha = 1;
}

/** The rows as stripes: now, what the matrix makes of it, what is there k later, the difference. */
function drawStripes(view, { t, k, channel: j, d_model: d }, at) {
  const { c, geometry, palette } = view;
  const { stripes, small } = geometry;
  const { hex, css } = palette;
  let span = 1;
  for (const v of [...at.now, ...at.then]) span = Math.max(span, Math.abs(v));
  const each = stripes.w / d;
  const names = [
    [`*t* = ${thousands(t)}`, hex.pos],
    [small ? "mapped" : "matrix gives", hex.off],
    [`*t* + *k* = ${thousands(t + k)}`, hex["ink-2"]],
    ["difference", hex["ink-2"]],
  ];
  for (const [line, values] of [at.now, at.made, at.then, at.gap].entries()) {
    const y = stripes.y + line * stripes.stripe + (line === 3 ? 6 : 0);
    for (const [channel, v] of values.entries()) {
      c.fillStyle = css(v / span);
      c.fillRect(stripes.x + channel * each, y, each + 0.4, stripes.stripe - 2);
    }
    c.strokeStyle = hex.rule;
    c.lineWidth = 1;
    c.strokeRect(stripes.x - 0.5, y - 0.5, stripes.w + 1, stripes.stripe - 1);
    text(c, names[line][0], stripes.x - 8, y + stripes.stripe / 2 - 1, {
      size: small ? 11 : 12,
      weight: line < 2 ? 600 : 400,
      colour: names[line][1],
      align: "right",
      baseline: "middle",
    });
  }
  c.strokeStyle = hex.ink;
  c.lineWidth = 1.75;
  c.strokeRect(stripes.x + j * each, stripes.y - 3, each, stripes.h + 5);
  const middle = clamp(stripes.x + (j + 0.5) * each, stripes.x + 20, stripes.x + stripes.w - 20);
  tag(c, `*j* = ${j}`, middle, stripes.y + stripes.h + 14, hex.ink, hex.paper);
  geometry.jGrip = { x: middle - TARGET / 2, y: stripes.y + stripes.h - 8, w: TARGET, h: TARGET };
  geometry.span = span;
}

/** How far the matrix is off at each position, on a logarithmic axis; t and k are taken hold of. */
function drawErrors(view, { t, k, length }, { errors, proof }) {
  const { c, geometry, palette } = view;
  const box = geometry.errors;
  const { hex } = palette;
  const half = length / 2;
  const tAt = scale(0, length - 1, box.x, box.x + box.w);
  const toY = scale(LOWEST - 1, HIGHEST, box.y + box.h, box.y);
  const yOf = (v) => toY(clamp(Math.log10(Math.max(v, 1e-300)), LOWEST - 1, HIGHEST));
  const axis = { size: 11.5, colour: hex["ink-3"] };
  text(c, "how far off the matrix is", 0, box.y - 44, { size: 12, colour: hex["ink-2"] });
  c.fillStyle = hex.wash;
  c.fillRect(box.x, box.y, tAt(half - k - 1) - box.x, box.h);
  for (const decade of DECADES) {
    line(c, box.x, toY(decade), box.x + box.w, toY(decade), decade ? hex.rule : hex.edge);
    const name = decade
      ? power(10 ** decade)
          .split("×")[1]
          .trim()
      : "1";
    text(c, name, box.x - 8, toY(decade), { ...axis, align: "right", baseline: "middle" });
  }
  if (proof)
    curve(
      c,
      Array.from(proof, (e, r) => [tAt(r), yOf(e)]),
      hex.off,
      1.25,
      [6, 4],
    );
  curve(
    c,
    Array.from(errors, (e, r) => [tAt(r), yOf(e)]),
    hex.ink,
    1.25,
  );
  if (proof) {
    const [own, fit] = [yOf(proof[proof.length - 1]), yOf(errors[errors.length - 1])];
    const y = (own - fit < 30 ? Math.min(own, fit) : own) - 10; // above both where they are near
    text(c, "the proof's matrix", box.x + box.w, y, {
      size: 12,
      colour: hex.off,
      align: "right",
      halo: hex.paper,
    });
  }
  const foot = box.y + box.h;
  const step = niceStep(length, geometry.small ? 4 : 8);
  for (let p = 0; p < length; p += step) {
    line(c, tAt(p), foot, tAt(p), foot + 4, hex.edge);
    if (Math.abs(tAt(p) - tAt(t)) > 34)
      text(c, thousands(p), tAt(p), foot + 18, { ...axis, align: "center" });
  }
  const [x, later] = [tAt(t), tAt(t + k)];
  line(c, x, box.y - 20, x, foot + 12, hex.pos, 1.5);
  disc(c, x, yOf(errors[t]), 4.5, hex.pos, hex.paper, 1.5);
  const width = textWidth(c, `*t* = ${thousands(t)}`, { size: 11.5, weight: 600 }) + 10;
  const label = clamp(x, box.x + width / 2 - 8, box.x + box.w - width / 2 + 8);
  tag(c, `*t* = ${thousands(t)}`, label, foot + 18, hex.pos, hex.paper);
  line(c, x, box.y - 20, later, box.y - 20, hex.off, 1.75, [6, 4]);
  line(c, later, box.y - 20, later, foot, hex.off, 1.25, [6, 4]);
  disc(c, x, box.y - 20, 3, hex.pos);
  diamond(c, later, box.y - 20, 8, hex.off, hex.paper, 2);
  const right = later < box.x + box.w - 60;
  text(c, `*k* = ${k}`, later + (right ? 13 : -13), box.y - 20, {
    size: 12,
    weight: 600,
    colour: hex.off,
    align: right ? "left" : "right",
    baseline: "middle",
    halo: hex.paper,
  });
  const under = { size: 12, colour: hex["ink-2"] };
  text(c, `fitted on 0 to ${half - 1}`, box.x, foot + 40, under);
  text(c, `held out from ${half}`, tAt(half), foot + 40, under);
  if (!geometry.small)
    text(c, "position *t*", box.x + box.w, foot + 40, { ...axis, align: "right" });
  Object.assign(geometry, {
    tAt,
    tGrip: { x: x - TARGET / 2, y: foot - 4, w: TARGET, h: TARGET },
    kGrip: { x: later - TARGET / 2, y: box.y - 20 - TARGET / 2, w: TARGET, h: TARGET },
  });
}
