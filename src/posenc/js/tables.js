/**
 * The twin of tables.py: tables of positions, learned and made, and the clocks in them. What is
 * learned comes with a view's payload, as far as its leading directions hold it.
 */

import { randomTable } from "./alternatives.js";
import { bestLinearShift, triedLinearShift } from "./analysis.js";
import { eigenReaders } from "./eigen.js";
import { fill, plan, TURN, table as waves } from "./encodings.js";
import { rightSingular, squared } from "./leastsquares.js";

export const FITS = ["first half", "all rows"];
export const ODD = 1.2; // times longer or shorter than the median: then a row is odd
const REAL = 1e-9; // an imaginary part below it is none

/**
 * One table of the figures.
 * @typedef {object} Table
 * @property {string} name
 * @property {string} label its name for people
 * @property {string} says what it is, in one line
 * @property {number} length how many positions it has
 * @property {number} first the first position whose row belongs to one course with the others
 * @property {number} last the last
 * @property {boolean} learned whether it is a real, trained table
 */

/** @type {Table[]} */
export const TABLES = [
  {
    name: "minilm",
    label: "MiniLM, learned",
    says: "the learned positions of all-MiniLM-L6-v2, an encoder of sentences",
    length: 512,
    first: 1,
    last: 509,
    learned: true,
  },
  {
    name: "whisper decoder",
    label: "Whisper decoder, learned",
    says: "the learned positions of the decoder of Whisper tiny.en, which writes down speech",
    length: 448,
    first: 3,
    last: 447,
    learned: true,
  },
  {
    name: "whisper encoder",
    label: "Whisper encoder, sinusoids",
    says: "the positions of the encoder of Whisper tiny.en, which are sinusoids and never learn",
    length: 1500,
    first: 0,
    last: 1499,
    learned: false,
  },
  {
    name: "sinusoidal",
    label: "Sinusoidal",
    says: "the sinusoidal encoding of the paper",
    length: 512,
    first: 0,
    last: 511,
    learned: false,
  },
  {
    name: "random walk",
    label: "Random walk",
    says: "each row is the one before it and a random step",
    length: 512,
    first: 0,
    last: 511,
    learned: false,
  },
  {
    name: "random table",
    label: "Random table",
    says: "independent random numbers, drawn once",
    length: 512,
    first: 0,
    last: 511,
    learned: false,
  },
];

/** The formula of Whisper's encoder. @type {import("./encodings.js").Spec} */
export const ENCODER = { d: 384, layout: "halves", spacing: "tensor2tensor" };

const tableCalled = (name) => {
  const found = TABLES.find((table) => table.name === name);
  if (!found) throw new RangeError(`there is no table ${name}`);
  return found;
};

/**
 * The rows of a table: {rows, n, d}.
 * @param {string} name
 * @param {number} d of a table that is made
 * @param {Record<string, import("./tensors.js").Tensor>} [kept] the learned tables, unpacked
 */
export function rowsOf(name, d, kept) {
  const { length: n, learned } = tableCalled(name);
  if (learned) {
    const { shape, values } = kept[`${name} directions`];
    const sizes = kept[`${name} lengths`].values;
    const width = shape[1];
    const rows = Float64Array.from(values, (v, at) => v * sizes[Math.floor(at / width)]);
    return { rows, n, d: width };
  }
  if (name === "whisper encoder")
    return { rows: Float64Array.from(waves(n, ENCODER)), n, d: ENCODER.d };
  if (name === "sinusoidal") return { rows: fill(new Float64Array(n * d), plan({ d }), n), n, d };
  if (name === "random walk") return { rows: randomWalk(n, d), n, d };
  return { rows: randomTable(n, d), n, d };
}

/** The length of each row of a table; of a learned one that of the whole row, exactly. */
export function lengthsOf(name, d, kept) {
  if (tableCalled(name).learned) return Float64Array.from(kept[`${name} lengths`].values);
  const { rows, n, d: width } = rowsOf(name, d, kept);
  return Float64Array.from({ length: n }, (_, t) =>
    Math.sqrt(squared(rows.subarray(t * width, (t + 1) * width))),
  );
}

/** The rows that belong to one course: {rows, n, d, squares}, the last of the whole rows' variation. */
export function courseOf(name, d, kept) {
  const { first, last } = tableCalled(name);
  const all = rowsOf(name, d, kept);
  const rows = all.rows.slice(first * all.d, (last + 1) * all.d);
  const n = last + 1 - first;
  const mean = meanRow(rows, n, all.d);
  const whole = squared(lengthsOf(name, d, kept).subarray(first, last + 1));
  return { rows, n, d: all.d, squares: whole - n * squared(mean) };
}

/** The channels of a learned table, rebuilt from its leading directions: n x 384. */
export function channelsOf(name, kept) {
  const { rows, n, d } = rowsOf(name, 2, kept);
  const { shape, values: basis } = kept[`${name} basis`];
  const wide = shape[1];
  const out = new Float64Array(n * wide);
  for (let t = 0; t < n; t++)
    for (let i = 0; i < d; i++) {
      const v = rows[t * d + i];
      const at = t * wide;
      for (let j = 0; j < wide; j++) out[at + j] += v * basis[i * wide + j];
    }
  return out;
}

/** A table in which each row is the one before it and a random step. */
export function randomWalk(n, d, seed = 0) {
  const rows = randomTable(n, d, seed);
  for (let at = d; at < rows.length; at++) rows[at] += rows[at - d];
  return rows;
}

function meanRow(rows, n, d) {
  const mean = new Float64Array(d);
  for (let at = 0; at < n * d; at++) mean[at % d] += rows[at];
  return mean.map((v) => v / n);
}

// -- cosines and lengths ---------------------------------------------------------------------------

/** The rows of a table at length one. */
export function unitRows(rows, n, d) {
  const out = Float64Array.from(rows);
  for (let t = 0; t < n; t++) {
    const row = out.subarray(t * d, (t + 1) * d);
    const size = Math.sqrt(squared(row));
    if (!size) throw new RangeError(`row ${t} of table is zero; it has no direction`);
    for (let j = 0; j < d; j++) row[j] /= size;
  }
  return out;
}

/**
 * The cosines of all pairs of rows by their offset: {mean, least, greatest, explained}, as by_offset.
 * @param {Float64Array} units n rows of d values, each of length one
 */
export function byOffset(units, n, d) {
  const [sum, square] = [new Float64Array(n), new Float64Array(n)];
  const least = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const greatest = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  for (let t = 0; t < n; t++)
    for (let s = t; s < n; s++) {
      const [p, q, k] = [t * d, s * d, s - t];
      let v = 0;
      for (let j = 0; j < d; j++) v += units[p + j] * units[q + j];
      sum[k] += v;
      square[k] += v * v;
      if (v < least[k]) least[k] = v;
      if (v > greatest[k]) greatest[k] = v;
    }
  const mean = sum.map((v, k) => v / (n - k));
  let [all, squares, between] = [0, 0, 0];
  for (let k = 1; k < n; k++) {
    all += sum[k];
    squares += square[k];
    between += sum[k] * mean[k];
  }
  const pairs = (n * (n - 1)) / 2;
  const centre = (all * all) / pairs;
  const total = squares - centre;
  const explained = total > 1e-12 * squares ? (between - centre) / total : 1;
  return { mean, least, greatest, explained };
}

/** The positions whose rows are much longer or shorter than the median row. */
export function oddLengths(sizes) {
  const sorted = Float64Array.from(sizes).sort();
  const half = sorted.length / 2;
  const middle = (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
  return Array.from(sizes.keys()).filter((t) => sizes[t] > ODD * middle || sizes[t] * ODD < middle);
}

// -- components ------------------------------------------------------------------------------------

/**
 * A table in its principal components: {scores, shares}, scores n x m.
 * @param {{rows: Float64Array, n: number, d: number, squares?: number}} course
 * @param {number} m
 */
export function components({ rows, n, d, squares }, m) {
  const mean = meanRow(rows, n, d);
  const centred = rows.map((v, at) => v - mean[at % d]);
  const { vectors, sizes } = rightSingular(centred, n, d);
  const whole = squares ?? squared(sizes);
  const scores = new Float64Array(n * m);
  for (let t = 0; t < n; t++)
    for (let i = 0; i < m; i++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += centred[t * d + j] * vectors[i][j];
      scores[t * m + i] = sum;
    }
  return { scores, shares: sizes.slice(0, m).map((v) => v ** 2 / (whole || 1)) };
}

// -- clocks ----------------------------------------------------------------------------------------

/**
 * One eigenvalue of a shift map, and the hand that it drives; see Hand in tables.py.
 * @typedef {object} Hand
 * @property {[number, number]} value
 * @property {number} period
 * @property {number} modulus
 * @property {number} share
 * @property {Float64Array} x where it points at each row, across
 * @property {Float64Array} y and up
 * @property {number} unevenness
 * @property {boolean} turns
 */

/** The clocks of a table, as tables.py has them. */
export function clocks(course, m, fit = "first half") {
  const kept = components(course, m);
  return { ...kept, ...clocksOf(kept, course.n, m, fit) };
}

/** The same from the components, which need not be computed anew for another fit. */
export function clocksOf({ scores, shares }, n, m, fit) {
  const tried = triedLinearShift(scores, n, m, 1);
  const shift = fit === "all rows" ? bestLinearShift(scores, n, m, 1) : tried.shift;
  const carried = shares.reduce((sum, v) => sum + v, 0);
  return {
    carried,
    matrix: shift.matrix,
    fitted: shift.residual,
    heldOut: tried.heldOut,
    still: standingStill(scores.subarray(Math.floor(n / 2) * m), n - Math.floor(n / 2), m, 1),
    hands: handsOf(scores, n, m, shift.matrix, carried),
  };
}

/** How far row t + k is from row t, relative to the size of the rows t + k. */
export function standingStill(rows, n, d, k) {
  const after = rows.subarray(k * d, n * d);
  const size = squared(after);
  return size ? Math.sqrt(squared(after.map((v, at) => v - rows[at])) / size) : 0;
}

/** The hands that a linear map turns, by period, those that turn nothing last. @returns {Hand[]} */
export function handsOf(scores, n, m, matrix, carried = 1) {
  const whole = squared(scores) || 1;
  const hands = eigenReaders(matrix, m, REAL).map(({ value, reader }) => {
    const real = value[1] === 0;
    const [x, y] = [new Float64Array(n), new Float64Array(n)];
    for (let t = 0; t < n; t++)
      for (let i = 0; i < m; i++) {
        x[t] += scores[t * m + i] * reader.re[i];
        y[t] += scores[t * m + i] * reader.im[i];
      }
    const share = (carried * readOff(scores, n, m, real ? [x] : [x, y])) / whole;
    const sizes = Array.from(x, (v, t) => Math.hypot(v, y[t]));
    const mean = sizes.reduce((sum, v) => sum + v, 0) / n || 1;
    const variance = sizes.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n;
    settle(x, y, real ? null : Math.atan2(value[1], value[0]));
    return {
      value,
      period: real
        ? value[0] >= 0
          ? Number.POSITIVE_INFINITY
          : 2
        : TURN / Math.atan2(value[1], value[0]),
      modulus: Math.hypot(...value),
      share,
      x,
      y,
      unevenness: Math.sqrt(variance) / mean,
      turns: !real,
    };
  });
  const rank = (hand) => (hand.turns ? 0 : 1);
  const period = (a, b) => (a.period === b.period ? 0 : a.period - b.period);
  return hands.sort((a, b) => rank(a) - rank(b) || period(a, b) || b.modulus - a.modulus);
}

/** The sum of squares of the scores that a linear reading of one or two columns gives back. */
function readOff(scores, n, m, columns) {
  const basis = [];
  for (const column of columns) {
    const rest = column.slice();
    for (const unit of [...basis, ...basis]) {
      let along = 0;
      for (let t = 0; t < n; t++) along += unit[t] * rest[t];
      for (let t = 0; t < n; t++) rest[t] -= along * unit[t];
    }
    const size = Math.sqrt(squared(rest));
    if (size) basis.push(rest.map((v) => v / size));
  }
  let told = 0;
  for (const unit of basis)
    for (let i = 0; i < m; i++) {
      let along = 0;
      for (let t = 0; t < n; t++) along += unit[t] * scores[t * m + i];
      told += along * along;
    }
  return told;
}

/**
 * Brings a reading to length 1 on the root mean square, turned to where an even hand starts at 1;
 * without an angle, to where it ends higher than it begins.
 */
function settle(x, y, angle) {
  const n = x.length;
  const size = Math.sqrt((squared(x) + squared(y)) / n) || 1;
  let [re, im] = [0, 0];
  if (angle === null) re = x[n - 1] < x[0] ? -1 : 1;
  else
    for (let t = 0; t < n; t++) {
      const [c, s] = [Math.cos(angle * t), Math.sin(angle * t)];
      re += x[t] * c + y[t] * s;
      im += y[t] * c - x[t] * s;
    }
  const lead = Math.hypot(re, im) || 1;
  const [c, s] = [re / lead / size, im / lead / size];
  for (let t = 0; t < n; t++) [x[t], y[t]] = [x[t] * c + y[t] * s, y[t] * c - x[t] * s];
}
