/** The evidence behind one verdict of the scorecard, drawn: two rows as stripes, or a curve. */

import { clamp, curve, disc, line, niceStep, text, textWidth } from "./canvas.js";
import { parameter, thousands } from "./format.js";
import { learnedCalled } from "./learned.js";
import { amount, size, value, verdict } from "./score_cards.js";
import { NAMES } from "./score_table.js";

const HEIGHT = 216; // the same for every reading, so that the page does not jump
const TOP = 44; // below the two lines that say what is drawn

/** Parts of a line, each [words, options], one after the other; returns where it ends. */
function phrase(c, parts, x, y, common) {
  let at = x;
  for (const [words, o] of parts) at += text(c, words, at, y, { ...common, ...o });
  return at;
}

/** Draws the evidence of the open cell. */
export function drawEvidence(view, state, card) {
  const c = view.fit(card.problem ? 24 : HEIGHT);
  const { hex } = view.palette;
  const { scheme, reading } = state;
  if (card.problem) {
    text(c, `${scheme}: ${card.problem}`, 0, 14, { size: 14, weight: 600, colour: hex.ink });
    view.geometry = {};
    return;
  }
  const score = card[reading];
  const word = verdict(score);
  const number = amount(reading, score);
  text(c, `${scheme}, ${NAMES[reading]}: ${word || number}`, 0, 14, {
    size: 14,
    weight: 600,
    colour: hex.ink,
  });
  if (score.rows) drawRows(view, state, score);
  else if (reading === "relative") drawDistances(view, state, score);
  else if (reading === "largest") drawSizes(view, state, score);
  else drawStripes(view, state, score);
}

/** What the stripes are called, and what the line above says of them. */
function captions({ scheme, reading, length }, { places, holds }, { hex }, small) {
  const pos = { colour: hex.pos };
  const t = (at) => [`*t* = ${thousands(at)}`, pos];
  if (reading === "unique")
    return {
      above: [
        [
          `the closest two rows, ${learnedCalled(scheme) ? "direction by direction" : "channel by channel"}`,
        ],
      ],
      labels: [t(places[0]), t(places[1]), ["difference", {}]],
    };
  const where = [["the row of "], t(places[0])];
  return reading === "independent"
    ? {
        above: [
          ...where,
          small
            ? [` at ${thousands(length)} positions and at twice as many`]
            : [` in a sentence of ${thousands(length)} positions and of twice as many`],
        ],
        labels: [
          [`of ${thousands(length)}`, {}],
          [`of ${thousands(2 * length)}`, {}],
        ],
        marked: !holds,
      }
    : {
        above: [...where, [", asked for twice"]],
        labels: [
          ["first call", {}],
          ["second call", {}],
        ],
        marked: !holds,
      };
}

/** Two rows, and for the closest two their difference, as stripes over the channels. */
function drawStripes(view, state, score) {
  const { c, palette, small } = view;
  const { hex, css } = palette;
  const { above, labels, marked } = captions(state, score, palette, small);
  phrase(c, above, 0, 34, { size: 12, colour: hex["ink-2"] });
  const [a, b] = score.evidence;
  const d = a.length;
  const rows = labels.length === 3 ? [a, b, Array.from(a, (x, j) => b[j] - x)] : [a, b];
  const learned = learnedCalled(state.scheme);
  let most = learned ? 0 : 1;
  for (const row of rows) for (const x of row) most = Math.max(most, Math.abs(x));

  const left =
    Math.ceil(Math.max(...labels.map(([w]) => textWidth(c, w, { size: 12, weight: 600 })))) + 10;
  const right = small ? 8 : 120;
  const w = view.width - left - right;
  const h = rows.length === 3 ? 28 : 46;
  const y = TOP + 8;
  const stripes = rows.map((_, k) => ({ x: left, y: y + k * (h + 8), w, h }));
  // cells end between pixels of the screen, so that no paper shines through there
  const edge = (j) => Math.round((left + (w * j) / d) * view.ratio) / view.ratio;
  for (const [k, box] of stripes.entries()) {
    const [words, o] = labels[k];
    text(c, words, left - 10, box.y + h / 2 + 1, {
      size: 12,
      weight: 600,
      colour: hex.ink,
      ...o,
      align: "right",
      baseline: "middle",
    });
    for (let j = 0; j < d; j++) {
      c.fillStyle = css(rows[k][j] / most);
      c.fillRect(edge(j), box.y, edge(j + 1) - edge(j), h);
    }
    c.strokeStyle = hex.rule;
    c.lineWidth = 1;
    c.strokeRect(left, box.y, w, h);
  }

  const bottom = stripes.at(-1).y + h;
  const axis = { size: 11.5, colour: hex["ink-3"] };
  const named = d > 1 ? [0, d - 1] : [];
  for (const j of named)
    text(c, thousands(j), left + (w * (j + 0.5)) / d, bottom + 16, { ...axis, align: "center" });
  const across = learned ? "strongest directions of the table" : "channel *j*";
  text(c, d > 1 ? across : "*j* = 0", left + w / 2, bottom + 16, {
    ...axis,
    align: "center",
  });
  if (most > 1 || learned)
    text(c, `colours from ${value(-most)} to ${value(most)}`, left + w, bottom + 34, {
      ...axis,
      align: "right",
    });
  if (marked) {
    const j = score.places[1];
    const x = left + (w * (j + 0.5)) / d;
    const wide = Math.max(6, w / d);
    c.strokeStyle = hex.ink;
    c.lineWidth = 2;
    c.strokeRect(x - wide / 2, y - 3, wide, bottom - y + 6);
    const words = `*j* = ${j}: ${value(score.values[0])}, then ${value(score.values[1])}`;
    const o = { size: 12, weight: 600, colour: hex.ink };
    const half = textWidth(c, words, o) / 2;
    const at = clamp(x, left + half, view.width - half);
    text(c, words, at, bottom + (most > 1 ? 50 : 34), { ...o, align: "center" });
  }
  if (!small) {
    const result = `${size(score.number)} apart`;
    const changed = marked ? `changes by ${size(score.number)}` : "no change";
    text(c, rows.length === 3 ? result : changed, left + w + 12, (y + bottom) / 2 + 5, {
      size: 14,
      weight: 600,
      colour: hex.ink,
    });
  }
  view.geometry = { stripes, most };
}

/** The rows that a learned table has, and the positions of a sentence twice as long. */
function drawRows(view, { length }, { rows }) {
  const { c, palette } = view;
  const { hex } = palette;
  const twice = 2 * length;
  const words = `${thousands(twice)} positions, and a vector for the first ${thousands(rows)} of them`;
  text(c, words, 0, 34, { size: 12, colour: hex["ink-2"] });
  const box = { x: 8, y: TOP + 30, w: view.width - 22, h: 46 };
  const xOf = (t) => box.x + (box.w * t) / twice;
  c.fillStyle = hex["ink-3"];
  c.fillRect(box.x, box.y, xOf(rows) - box.x, box.h);
  c.strokeStyle = hex.edge;
  c.lineWidth = 1;
  c.setLineDash([4, 4]);
  c.strokeRect(xOf(rows), box.y, xOf(twice) - xOf(rows), box.h);
  c.setLineDash([]);
  const quiet = { size: 11.5, colour: hex["ink-3"] };
  text(c, "*t* = 0", box.x, box.y + box.h + 18, quiet);
  text(c, thousands(twice - 1), xOf(twice), box.y + box.h + 18, { ...quiet, align: "right" });
  const last = { size: 12, weight: 600, colour: hex.pos };
  line(c, xOf(rows), box.y - 8, xOf(rows), box.y + box.h + 8, hex.pos, 2);
  text(c, `last row *t* = ${thousands(rows - 1)}`, xOf(rows) - 6, box.y - 10, {
    ...last,
    align: "right",
  });
  const none = { size: 12.5, weight: 600, colour: hex.ink, align: "center", baseline: "middle" };
  const middle = (xOf(rows) + xOf(twice)) / 2;
  if (textWidth(c, "an error", none) + 8 < xOf(twice) - xOf(rows))
    text(c, "an error", middle, box.y + box.h / 2, none);
  view.geometry = { box, rows, twice };
}

/** The axes of a plot over positions: from 0 upwards, and t to the right. */
function axes(view, last, most) {
  const { c, palette, small } = view;
  const { hex } = palette;
  const label = size(most);
  const left = Math.max(28, textWidth(c, label, { size: 11.5 }) + 10);
  const box = { x: left, y: TOP + 22, w: view.width - left - 14, h: HEIGHT - TOP - 22 - 26 };
  const axis = { size: 11.5, colour: hex["ink-3"] };
  const xOf = (t) => box.x + (box.w * t) / Math.max(1, last);
  const yOf = (v) => box.y + box.h * (1 - v / (most || 1));
  line(c, box.x, yOf(0), box.x + box.w, yOf(0), hex.edge);
  line(c, box.x, box.y, box.x, box.y + box.h, hex.rule);
  text(c, "0", box.x - 6, yOf(0), { ...axis, align: "right", baseline: "middle" });
  if (most) text(c, label, box.x - 6, box.y, { ...axis, align: "right", baseline: "middle" });
  const step = Math.max(1, niceStep(Math.max(1, last), small ? 3 : 6));
  for (let t = 0; t <= last; t += step) {
    line(c, xOf(t), yOf(0), xOf(t), yOf(0) + 4, hex.edge);
    if (xOf(t) < box.x + box.w - 74)
      text(c, thousands(t), xOf(t), yOf(0) + 18, { ...axis, align: "center" });
  }
  text(c, "position *t*", box.x + box.w, yOf(0) + 18, { ...axis, align: "right" });
  return { box, xOf, yOf };
}

/** A named point of a curve: a round mark and words that stay inside the drawing. */
function named(view, words, x, y, above) {
  const { c, palette } = view;
  const { hex } = palette;
  disc(c, x, y, 4.5, hex.pos, hex.paper, 1.5);
  const o = { size: 12, weight: 600, colour: hex.pos, halo: hex.paper, align: "center" };
  const half = textWidth(c, words, o) / 2;
  text(c, words, clamp(x, half + 2, view.width - half - 2), y + (above ? -10 : 19), o);
}

/** The distance of t and t + k at every t: does the line stay flat? */
function drawDistances(view, _state, { evidence, places, values, holds }) {
  const { c, palette } = view;
  const { hex } = palette;
  const [far] = evidence;
  const [k, least, greatest] = places;
  const off = { colour: hex.off, weight: 600 };
  phrase(
    c,
    [
      ["the distance of the rows "],
      ["*t*", { colour: hex.pos }],
      [" and "],
      ["*t*", { colour: hex.pos }],
      [" + "],
      ["*k*", off],
      [", at "],
      [`*k* = ${thousands(k)}`, off],
      [holds ? "" : ", the worst offset"],
    ],
    0,
    34,
    { size: 12, colour: hex["ink-2"] },
  );
  const { box, xOf, yOf } = axes(view, far.length - 1, values[1]);
  curve(
    c,
    Array.from(far, (v, t) => [xOf(t), yOf(v)]),
    hex.ink,
    1.75,
  );
  view.geometry = { box, last: far.length - 1, most: values[1] };
  if (holds) {
    text(c, `${size(values[1])} at every position`, box.x + box.w, box.y - 8, {
      size: 12,
      weight: 600,
      colour: hex.ink,
      align: "right",
    });
    return;
  }
  const tell = (t, v) => `*t* = ${thousands(t)}: ${size(v)}`;
  named(view, tell(greatest, values[1]), xOf(greatest), yOf(values[1]), true);
  const low = yOf(values[0]);
  named(view, tell(least, values[0]), xOf(least), low, low + 24 > yOf(0));
}

/** The largest value of each row, in the sentence and in one twice as long. */
function drawSizes(view, { scheme, length }, { evidence, places, values }) {
  const { c, palette } = view;
  const { hex } = palette;
  const [once, longer] = evidence;
  const most = Math.max(...values);
  const what = view.small ? "largest" : "the largest value";
  const long =
    learnedCalled(scheme)?.rows < 2 * length ? "all rows of the table" : "a sentence twice as long";
  text(c, `${what} of each row; dashed, in ${long}`, 0, 34, {
    size: 12,
    colour: hex["ink-2"],
  });
  const { box, xOf, yOf } = axes(view, longer.length - 1, most);
  line(c, xOf(length - 0.5), box.y, xOf(length - 0.5), box.y + box.h, hex.rule);
  curve(
    c,
    Array.from(longer, (v, t) => [xOf(t), yOf(v)]),
    hex["ink-2"],
    1.5,
    [4, 4],
  );
  curve(
    c,
    Array.from(once, (v, t) => [xOf(t), yOf(v)]),
    hex.ink,
    2,
  );
  named(
    view,
    `*t* = ${thousands(places[0])}: ${size(values[0])}`,
    xOf(places[0]),
    yOf(values[0]),
    true,
  );
  if (longer.length > length)
    text(c, `*L* = ${parameter(length)}`, xOf(length - 0.5) + 5, yOf(0) - 7, {
      size: 11.5,
      colour: hex["ink-3"],
      halo: hex.paper,
    });
  view.geometry = { box, last: longer.length - 1, most };
}
