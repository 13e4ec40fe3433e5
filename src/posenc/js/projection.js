// The twin of projection.py: a word and its place, concatenated and multiplied, or added.

import { normals } from "./draws.js";
import { fill, plan } from "./encodings.js";
import { leastSquares } from "./leastsquares.js";

export const WIDTH = 4;
export const MANY = 12;
const CUTOFF = 1e-10; // as analysis.CUTOFF

/**
 * a (n x k) times b (k x m), row by row.
 * @param {Float64Array} a
 * @param {Float64Array} b
 * @param {number} n
 * @param {number} k
 * @param {number} m
 */
function times(a, b, n, k, m) {
  const out = new Float64Array(n * m);
  for (let r = 0; r < n; r++)
    for (let c = 0; c < m; c++)
      for (let j = 0; j < k; j++) out[r * m + c] += a[r * k + j] * b[j * m + c];
  return out;
}

/**
 * A matrix times a vector.
 * @param {Float64Array} matrix WIDTH x WIDTH
 * @param {Float64Array} vector
 */
export const apply = (matrix, vector) => times(matrix, vector, WIDTH, WIDTH, 1);

/**
 * Words and places that span so many directions each, and the two projections.
 * @param {number} wordDirections
 * @param {number} placeDirections
 * @param {boolean} [shared]
 */
export function makeCase(wordDirections, placeDirections, shared = false) {
  for (const [name, k] of [
    ["word", wordDirections],
    ["place", placeDirections],
  ])
    if (!(Number.isInteger(k) && k >= 1 && k <= WIDTH))
      throw new RangeError(`${name}_directions=${k} must be a whole number from 1 to ${WIDTH}`);
  const basis = normals("word directions", WIDTH * WIDTH);
  const other = normals("place directions", WIDTH * WIDTH);
  const raw = new Float64Array(MANY * wordDirections);
  for (let n = 0; n < MANY; n++)
    raw.set(normals(`word ${n}`, WIDTH).subarray(0, wordDirections), n * wordDirections);
  const waves = fill(new Float64Array(MANY * WIDTH), plan({ d: WIDTH }), MANY);
  const turned = new Float64Array(MANY * placeDirections);
  for (let t = 0; t < MANY; t++)
    turned.set(waves.subarray(t * WIDTH, t * WIDTH + placeDirections), t * placeDirections);
  const a = normals("projection A", WIDTH * WIDTH);
  return {
    words: times(raw, basis, MANY, wordDirections, WIDTH),
    places: times(turned, other, MANY, placeDirections, WIDTH),
    a,
    b: shared ? a : normals("projection B", WIDTH * WIDTH),
  };
}

/** Row n of a table of the case. */
export const rowOf = (table, n) => table.subarray(n * WIDTH, (n + 1) * WIDTH);

/**
 * The matrix that brings W (x + p) nearest to A x + B p, and what it misses, word by place.
 * @param {ReturnType<typeof makeCase>} what
 */
export function single({ words, places, a, b }) {
  const many = MANY * MANY;
  const sums = new Float64Array(many * WIDTH);
  const wanted = new Float64Array(many * WIDTH);
  for (let n = 0; n < MANY; n++) {
    const first = apply(a, rowOf(words, n));
    for (let t = 0; t < MANY; t++) {
      const second = apply(b, rowOf(places, t));
      const at = (n * MANY + t) * WIDTH;
      for (let j = 0; j < WIDTH; j++) {
        sums[at + j] = words[n * WIDTH + j] + places[t * WIDTH + j];
        wanted[at + j] = first[j] + second[j];
      }
    }
  }
  const { x } = leastSquares(sums, wanted, many, WIDTH, WIDTH, CUTOFF);
  const found = times(sums, x, many, WIDTH, WIDTH);
  const error = new Float64Array(many);
  let size = 0;
  for (let k = 0; k < many * WIDTH; k++) size += wanted[k] ** 2 / many;
  for (let k = 0; k < many; k++) {
    let missed = 0;
    for (let j = 0; j < WIDTH; j++) missed += (found[k * WIDTH + j] - wanted[k * WIDTH + j]) ** 2;
    error[k] = Math.sqrt(missed / size);
  }
  const matrix = new Float64Array(WIDTH * WIDTH);
  for (let r = 0; r < WIDTH; r++)
    for (let c = 0; c < WIDTH; c++) matrix[r * WIDTH + c] = x[c * WIDTH + r];
  return { matrix, error };
}
