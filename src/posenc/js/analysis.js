// The twin of analysis.py, for tables of any encoding. (The closed forms of the sinusoidal one are
// in encodings.js.) Tables are Float64Arrays, row by row.

import { dots, fits } from "./attention.js";
import { channelOf, checked, dotByOffset, frequencies, TURN } from "./encodings.js";
import { leastSquares, squared } from "./leastsquares.js";

/** @typedef {import("./encodings.js").Spec} Spec */

// -- dot products ----------------------------------------------------------------------------------

/**
 * The dot product of rows a and b of a table of width d.
 * @param {ArrayLike<number>} table
 * @param {number} d
 * @param {number} a
 * @param {number} b
 */
function dot(table, d, a, b) {
  const [p, q] = [a * d, b * d];
  // Two sums side by side: each addition waits for the one before it, two do not wait for each other.
  let even = 0;
  let odd = 0;
  let j = 0;
  for (; j + 1 < d; j += 2) {
    even += table[p + j] * table[q + j];
    odd += table[p + j + 1] * table[q + j + 1];
  }
  if (j < d) even += table[p + j] * table[q + j];
  return even + odd;
}

/**
 * The dot product of every row with every row: n x n. It is symmetric, so half is computed.
 * @param {ArrayLike<number>} rows n x d
 * @param {number} n
 * @param {number} d
 */
export function gram(rows, n, d) {
  fits("rows", rows, n * d, `${n} x ${d}`);
  const out = new Float64Array(n * n);
  for (let t = 0; t < n; t++)
    for (let s = t; s < n; s++) out[t * n + s] = out[s * n + t] = dot(rows, d, t, s);
  return out;
}

/**
 * The dot product of row t of a table with every row: row t of its gram.
 * @param {ArrayLike<number>} table n rows of d values
 * @param {number} n
 * @param {number} d
 * @param {number} t
 */
export function productsWith(table, n, d, t) {
  fits("table", table, n * d, `${n} x ${d}`);
  const out = new Float64Array(n);
  for (let s = 0; s < n; s++) out[s] = dot(table, d, t, s);
  return out;
}

/**
 * The least and the greatest dot product of two rows of a table that are k apart.
 * @param {ArrayLike<number>} table n rows of d values
 * @param {number} n
 * @param {number} d
 * @param {number} k whole, of either sign, less than n
 */
export function offsetRange(table, n, d, k) {
  const apart = Math.abs(k);
  if (apart >= n) throw new RangeError(`k=${k} is too far for a table of ${n} rows`);
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let t = 0; t + apart < n; t++) {
    const v = dot(table, d, t, t + apart);
    if (v < least) least = v;
    if (v > greatest) greatest = v;
  }
  return { least, greatest };
}

/**
 * The mean of each run of rows of a table (of what is left of them in the last). The gram of the
 * means is the mean of the gram over blocks of run x run, since a dot product is linear in both.
 * @param {ArrayLike<number>} table n rows of d values
 * @param {number} n
 * @param {number} d
 * @param {number} run at least 1
 */
export function blockMeans(table, n, d, run) {
  const blocks = Math.ceil(n / run);
  const means = new Float64Array(blocks * d);
  for (let r = 0; r < blocks; r++) {
    const end = Math.min(n, (r + 1) * run);
    const at = r * d;
    for (let t = r * run; t < end; t++)
      for (let j = 0; j < d; j++) means[at + j] += table[t * d + j];
    for (let j = 0; j < d; j++) means[at + j] /= end - r * run;
  }
  return means;
}

// -- where similarity stops falling ----------------------------------------------------------------

/**
 * The first offset at which the similarity of the sinusoidal encoding rises again:
 * dot(k) > dot(k - 1); null where there is none up to the limit.
 * @param {Spec} spec
 * @param {number} [limit]
 */
export function firstRise(spec, limit = 1_000_000) {
  let before = dotByOffset(0, spec);
  for (let k = 1; k <= limit; k++) {
    const now = dotByOffset(k, spec);
    if (now > before) return k;
    before = now;
  }
  return null;
}

const SCANNED = 64; // offsets that are looked at one by one

/**
 * The first offset at which the dot product of the sinusoidal encoding is negative; null where
 * there is none up to the limit. Runs of offsets over which the least values of the single waves
 * add up to more than zero are skipped whole, so that an offset of a hundred thousand is found
 * within a frame or two.
 * @param {Spec} spec
 * @param {number} [limit]
 */
export function firstNegative(spec, limit = 1_000_000) {
  const waves = frequencies(spec);
  for (let from = 1; from <= limit; from *= 2) {
    const found = negativeWithin(from, Math.min(2 * from - 1, limit), waves);
    if (found !== null) return found;
  }
  return null;
}

/**
 * The first negative offset from `from` to `to`, both included.
 * @param {number} from
 * @param {number} to
 * @param {Float64Array} waves
 * @returns {number | null}
 */
function negativeWithin(from, to, waves) {
  if (leastSum(from, to, waves) > 0) return null;
  if (to - from < SCANNED) return scan(from, to, waves);
  const middle = Math.floor((from + to) / 2);
  return negativeWithin(from, middle, waves) ?? negativeWithin(middle + 1, to, waves);
}

/**
 * A sum that no offset from `from` to `to` falls below: of the least value of each wave.
 * @param {number} from
 * @param {number} to
 * @param {Float64Array} waves
 */
function leastSum(from, to, waves) {
  let sum = 0;
  for (const w of waves) {
    const [a, b] = [from * w, to * w];
    const passesPi = Math.floor(b / TURN + 0.5) > Math.floor(a / TURN + 0.5);
    sum += passesPi ? -1 : Math.min(Math.cos(a), Math.cos(b));
  }
  return sum;
}

/**
 * Looks at each offset in turn: cos((k + 1) w) = 2 cos(w) cos(k w) - cos((k - 1) w).
 * @param {number} from
 * @param {number} to
 * @param {Float64Array} waves
 */
function scan(from, to, waves) {
  const sums = new Float64Array(to - from + 1);
  for (const w of waves) {
    const twice = 2 * Math.cos(w);
    let before = Math.cos((from - 1) * w);
    let now = Math.cos(from * w);
    for (let n = 0; n < sums.length; n++) {
      sums[n] += now;
      const next = twice * now - before;
      before = now;
      now = next;
    }
  }
  const at = sums.findIndex((v) => v < 0);
  return at < 0 ? null : from + at;
}

// -- what moves ------------------------------------------------------------------------------------

/**
 * How far each row has moved, as a share of its length before: n numbers.
 * @param {ArrayLike<number>} before n x d, no row zero
 * @param {ArrayLike<number>} after n x d
 * @param {number} n
 * @param {number} d
 */
export function rowChanges(before, after, n, d) {
  return Float64Array.from({ length: n }, (_, r) => {
    let [difference, size] = [0, 0];
    for (let j = r * d; j < (r + 1) * d; j++) {
      difference += (after[j] - before[j]) ** 2;
      size += before[j] ** 2;
    }
    return Math.sqrt(difference / size);
  });
}

// -- shifts ----------------------------------------------------------------------------------------

/**
 * The matrix that takes the sinusoidal vector of t to that of t + k, for every t: d x d.
 * @param {number} k any finite number
 * @param {Spec} spec
 */
export function shiftMatrix(k, spec) {
  if (!Number.isFinite(k)) throw new RangeError(`k=${k} must be a finite number`);
  const { d, layout } = checked(spec);
  const matrix = new Float64Array(d * d);
  frequencies(spec).forEach((w, i) => {
    const s = channelOf(i, false, d, layout);
    const c = channelOf(i, true, d, layout);
    matrix[s * d + s] = Math.cos(w * k);
    matrix[s * d + c] = Math.sin(w * k);
    matrix[c * d + s] = -Math.sin(w * k);
    matrix[c * d + c] = Math.cos(w * k);
  });
  return matrix;
}

/**
 * The one 2 x 2 matrix that takes a pair of channels at two positions to the pair at two others,
 * solved from the values alone (Cramer's rule): it knows no formula, so it can test one.
 * @param {ArrayLike<number>} before [sine, cosine] at one position, then at the other: 4 numbers
 * @param {ArrayLike<number>} after  what each becomes
 * @returns {number[]} the matrix row by row: [m00, m01, m10, m11]
 */
export function pairMap([a, b, c, d], [p, q, r, s]) {
  const determinant = a * d - b * c;
  if (determinant === 0)
    throw new RangeError("before has both rows on one line through zero; many matrices fit");
  return [p * d - r * b, r * a - p * c, q * d - s * b, s * a - q * c].map((x) => x / determinant);
}

export const CUTOFF = 1e-10; // directions of a table below this share of its largest are rounding

/** The rows from..to-1 of a row-major table of width d; a view, not a copy. */
const slice = (rows, d, from, to) => rows.subarray(from * d, to * d);

/** The rows of a table that have a row k further on, and those rows. */
const shifted = (rows, n, d, k) =>
  k >= 0
    ? [slice(rows, d, 0, n - k), slice(rows, d, k, n)]
    : [slice(rows, d, -k, n), slice(rows, d, 0, n + k)];

/** What a matrix makes of each row, less what it should make of it. */
const missed = (before, after, d, matrix) =>
  dots(before, before.length / d, d, matrix, d).map((made, at) => made - after[at]);

const relative = (error, truth) => {
  const scale = Math.sqrt(squared(truth));
  return scale ? Math.sqrt(squared(error)) / scale : 0;
};

/**
 * The least-squares linear map from row t to row t + k, for all t at once.
 * @param {Float64Array} rows  n x d, row-major; n - |k| > d
 * @returns {{matrix: Float64Array, residual: number, worst: number, rank: number,
 *   condition: number}} matrix is d x d, row-major, and takes row t as a column
 */
export function bestLinearShift(rows, n, d, k) {
  fits("rows", rows, n * d, `${n} x ${d}`);
  if (!Number.isInteger(k)) throw new RangeError(`k=${k} must be whole`);
  if (n - Math.abs(k) <= d)
    throw new RangeError(
      `the table has ${n} rows, of which k=${k} leaves ${Math.max(n - Math.abs(k), 0)} to fit; it must leave more than its width, ${d}`,
    );
  const [before, after] = shifted(rows, n, d, k);
  const { x, rank, singular } = leastSquares(before, after, n - Math.abs(k), d, d, CUTOFF);
  const matrix = x.map((_, at) => x[(at % d) * d + Math.floor(at / d)]);
  const error = missed(before, after, d, matrix);
  return {
    matrix,
    residual: relative(error, after),
    worst: error.reduce((most, e) => Math.max(most, Math.abs(e)), 0),
    rank,
    condition: singular[d - 1] > 0 ? singular[0] / singular[d - 1] : Number.POSITIVE_INFINITY,
  };
}

/**
 * The map fitted on the first half of a table and tried on the second.
 * @returns {{shift: object, heldOut: number, errors: Float64Array}} shift is bestLinearShift's;
 *   errors[r] belongs to the r-th row that has a row k further on, over the root mean square
 *   length of a row
 */
export function triedLinearShift(rows, n, d, k) {
  const half = Math.floor(n / 2);
  const shift = bestLinearShift(slice(rows, d, 0, half), half, d, k);
  const [before, after] = shifted(slice(rows, d, half, n), n - half, d, k);
  return {
    shift,
    heldOut: relative(missed(before, after, d, shift.matrix), after),
    errors: shiftErrors(rows, n, d, k, shift.matrix),
  };
}

/** How far each row's image under a matrix is from the row k further on, as triedLinearShift has it. */
export function shiftErrors(rows, n, d, k, matrix) {
  const [before, after] = shifted(rows, n, d, k);
  const error = missed(before, after, d, matrix);
  const size = Math.sqrt(squared(rows.subarray(0, n * d)) / n) || 1;
  return Float64Array.from(
    { length: n - Math.abs(k) },
    (_, r) => Math.sqrt(squared(slice(error, d, r, r + 1))) / size,
  );
}
