// The twin of learned.py: two position tables that real models learned, by the dot products of all
// pairs of their rows. The numbers come in a file of their own: `take` reads it once for all figures
// of a page, and until then there are no products.

import { dots } from "./attention.js";
import { unpack } from "./tensors.js";

/**
 * One table that a model learned.
 * @typedef {object} Learned
 * @property {string} name
 * @property {string} label its name for people
 * @property {string} says what it is, in one line
 * @property {number} rows how many positions it has
 * @property {number} width how many channels its model gives each
 */

/**
 * What is known of a table's rows.
 * @typedef {object} Rows
 * @property {number} n how many
 * @property {number} d how many directions `components` has
 * @property {Float64Array} components n x d, the strongest direction first
 * @property {Float64Array} gram n x n, the dot product of every row with every row
 * @property {Float32Array} peak the largest value of each row, its sign left aside
 * @property {Int32Array} channel the channel that holds it
 */

/** @type {readonly Learned[]} */
export const TABLES = [
  {
    name: "MiniLM",
    label: "MiniLM (learned)",
    says: "the table that an encoder of sentences learned, in its own directions",
    rows: 512,
    width: 384,
  },
  {
    name: "Whisper",
    label: "Whisper decoder (learned)",
    says: "the table that a writer of speech learned, in its own directions",
    rows: 448,
    width: 384,
  },
];

export const BAND = 3;
export const OUTLYING = 2;

/** @param {string} name */
export const learnedCalled = (name) => TABLES.find((table) => table.name === name);

/** @type {Record<string, import("./tensors.js").Tensor> | null} */
let arrays = null;
/** @type {Map<string, Rows>} */
const read = new Map();

/**
 * Takes the bytes of the file, if they are there; says whether the tables are.
 * @param {unknown} bytes
 */
export function take(bytes) {
  if (!arrays && bytes instanceof DataView && bytes.byteLength > 0) arrays = unpack(bytes);
  return arrays !== null;
}

/**
 * The rows of a table, or null while its numbers are not there.
 * @param {string} name
 * @returns {Rows | null}
 */
export function rowsOf(name) {
  if (!arrays) return null;
  const ready = read.get(name);
  if (ready) return ready;
  const made = rowsFrom(arrays, name);
  read.set(name, made);
  return made;
}

/**
 * @param {Record<string, import("./tensors.js").Tensor>} from
 * @param {string} name
 * @returns {Rows}
 */
function rowsFrom(from, name) {
  const [scores, steps, band] = ["scores", "steps", "band"].map((part) => from[`${name}.${part}`]);
  const [d, n] = scores.shape;
  const components = new Float64Array(n * d);
  for (let c = 0; c < d; c++)
    for (let t = 0; t < n; t++) components[t * d + c] = scores.values[c * n + t] * steps.values[c];
  const gram = dots(components, n, d, components, n);
  for (let k = 0; k < BAND; k++)
    for (let t = 0; t < n - k; t++) {
      const left = band.values[k * n + t];
      gram[t * n + t + k] += left;
      if (k) gram[(t + k) * n + t] += left;
    }
  const peak = /** @type {Float32Array} */ (from[`${name}.peak`].values);
  const channel = /** @type {Int32Array} */ (from[`${name}.channel`].values);
  return { n, d, components, gram, peak, channel };
}

/**
 * The products of the first rows with each other: length x length.
 * @param {string} name
 * @param {number} length
 */
export function products(name, length) {
  const { gram, n } = /** @type {Rows} */ (rowsOf(name));
  if (!(Number.isInteger(length) && length >= 1 && length <= n))
    throw new RangeError(
      `length=${length} is past the last row of ${name}; it must be from 1 to ${n}, the rows that its model has`,
    );
  if (length === n) return gram;
  const out = new Float64Array(length * length);
  for (let t = 0; t < length; t++) out.set(gram.subarray(t * n, t * n + length), t * length);
  return out;
}

/**
 * The largest product of a row with itself, without the few rows that stand far out; and those.
 * @param {Float64Array} gram n x n
 * @param {number} n
 */
export function scaleOf(gram, n) {
  const own = Float64Array.from({ length: n }, (_, t) => gram[t * n + t]);
  const order = own.slice().sort();
  const median = (order[(n - 1) >> 1] + order[n >> 1]) / 2;
  const scale = own.reduce((most, v) => (v <= OUTLYING * median && v > most ? v : most), 0);
  const outlying = Array.from(own.keys()).filter((t) => own[t] > scale);
  return { scale, outlying };
}
