// The twin of analysis.py, for tables of any encoding. (The closed forms of the sinusoidal one are
// in encodings.js.) Tables are Float64Arrays, row by row.

import { dots } from "./attention.js";
import { channelOf, checked, frequencies } from "./encodings.js";

/** @typedef {import("./encodings.js").Spec} Spec */

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

/**
 * The dot product of every row with every row: n x n.
 * @param {ArrayLike<number>} rows n x d
 * @param {number} n
 * @param {number} d
 */
export function gram(rows, n, d) {
  return dots(rows, n, d, rows, n);
}

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
