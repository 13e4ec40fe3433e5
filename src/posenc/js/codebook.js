// The twin of codebook.py: how many vectors of +1 and -1 can be added and still be told apart.
//
// A codebook is kept as the bits that its hash gives, 32 channels to a number: the product of two
// vectors is then d less twice the bits in which they differ.

import { below, key, mix } from "./draws.js";

export const TRIED = 128;

const STEP = 0x9e3779b9; // as in draws.js
const STEPS = 41;
const ERFC = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
  1.00002368, -1.26551223,
];

/** The bits of a number that are 1. @param {number} x */
function bits(x) {
  let v = x - ((x >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * A codebook as bits: `words` numbers of 32 channels for each of n vectors, a 1 for a channel of -1;
 * beyond channel d there are zeros.
 * @param {number} n
 * @param {number} d
 * @param {number} [seed]
 */
export function packed(n, d, seed = 0) {
  const words = Math.ceil(d / 32);
  const last = d % 32 ? 2 ** (d % 32) - 1 : -1;
  const start = key("codebook", seed);
  const book = new Int32Array(n * words);
  for (let c = 0, at = 0; c < n; c++) {
    const from = below(start, c);
    for (let w = 0; w < words; w++, at++) {
      const drawn = mix(from + Math.imul(w + 1, STEP));
      book[at] = w === words - 1 ? drawn & last : drawn;
    }
  }
  return { book, words };
}

/** A codebook as its channels, row by row. @param {number} n @param {number} d @param {number} [seed] */
export function vectors(n, d, seed = 0) {
  const { book, words } = packed(n, d, seed);
  return Int8Array.from(
    { length: n * d },
    (_, at) =>
      1 - 2 * ((book[Math.floor(at / d) * words + ((at % d) >> 5)] >>> ((at % d) & 31)) & 1),
  );
}

/**
 * The products of all vectors of a codebook with its first `TRIED`, worked out a column at a time:
 * products[k * n + c] is that of vector c with vector k, known up to column `done`.
 */
export class Products {
  /** @param {number} n @param {number} d @param {number} [seed] */
  constructor(n, d, seed = 0) {
    this.n = n;
    this.d = d;
    Object.assign(this, packed(n, d, seed));
    this.columns = Math.min(TRIED, n);
    this.products = new Int16Array(this.columns * n);
    this.done = 0;
  }

  /** Works on until so many columns are known, or the milliseconds are over; true when all are. */
  advance(columns = this.columns, milliseconds = Number.POSITIVE_INFINITY) {
    const { book, words, n, d, products } = this;
    const until = performance.now() + milliseconds;
    while (this.done < columns && performance.now() < until) {
      const mine = book.subarray(this.done * words, (this.done + 1) * words);
      for (let c = 0, at = 0, out = this.done * n; c < n; c++, out++) {
        let differ = 0;
        for (let w = 0; w < words; w++, at++) differ += bits(book[at] ^ mine[w]);
        products[out] = d - 2 * differ;
      }
      this.done += 1;
    }
    return this.done >= this.columns;
  }
}

/**
 * Adds vectors 0 .. m-1 of a codebook, then the next m, and tells each sum apart again.
 * @param {number} m
 * @param {Products} known
 * @returns {{right: number, sums: number, members: Float64Array, others: Float64Array, line: number}}
 */
export function told(m, known) {
  const { n, d, products, columns } = known;
  added(m, n);
  const sums = Math.floor(columns / m);
  known.advance(sums * m);
  const members = new Float64Array(sums * m);
  const others = new Float64Array(sums * (n - m));
  const scores = new Int32Array(n);
  let right = 0;
  let lines = 0;
  for (let s = 0, inside = 0, outside = 0; s < sums; s++) {
    const [first, end] = [s * m, (s + 1) * m];
    scores.fill(0);
    for (let k = first; k < end; k++)
      for (let c = 0, at = k * n; c < n; c++, at++) scores[c] += products[at];
    const line = nth(scores, m);
    let [over, tied, mineOver, mineTied] = [0, 0, 0, 0];
    for (let c = 0; c < n; c++) {
      const mine = c >= first && c < end;
      if (mine) members[inside++] = scores[c] / d;
      else others[outside++] = scores[c] / d;
      if (scores[c] > line) {
        over += 1;
        mineOver += mine;
      } else if (scores[c] === line) {
        tied += 1;
        mineTied += mine;
      }
    }
    right += mineOver + ((m - over) / tied) * mineTied;
    lines += line / d;
  }
  return { right: right / (sums * m), sums, members, others, line: lines / sums };
}

const FEW = 24; // up to which the largest are picked out one by one rather than sorted

/** The m-th largest. @param {Int32Array} scores @param {number} m */
function nth(scores, m) {
  if (m > FEW) return Int32Array.from(scores).sort()[scores.length - m];
  const best = new Int32Array(m).fill(-(2 ** 31)); // in falling order
  for (const score of scores) {
    if (score <= best[m - 1]) continue;
    let at = m - 1;
    for (; at > 0 && best[at - 1] < score; at--) best[at] = best[at - 1];
    best[at] = score;
  }
  return best[m - 1];
}

/** The share of a normal distribution beyond x standard deviations. @param {number} x */
export function beyond(x) {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * z);
  let series = 0;
  for (const c of ERFC) series = series * t + c;
  const half = 0.5 * t * Math.exp(-z * z + series);
  return x >= 0 ? half : 1 - half;
}

/**
 * The share of members that theory expects among the m largest dot products.
 * @param {number} m
 * @param {number} n
 * @param {number} d
 */
export function expected(m, n, d) {
  added(m, n);
  if (m === 1) return Math.exp(-(n - 1) * beyond(Math.sqrt(d)));
  let total = 0;
  let weights = 0;
  for (let step = 0; step < STEPS; step++) {
    const z = -5 + (10 * step) / (STEPS - 1);
    const x = 1 + z * Math.sqrt((m - 1) / d);
    const noise = Math.sqrt(Math.max(m + 2 * (x - 1), 1e-9) / d);
    const above = (n - m) * beyond(x / noise);
    const weight = Math.exp((-z * z) / 2);
    weights += weight;
    total += weight * kept(m - 1, beyond(-z * Math.sqrt((m - 2) / m)), above);
  }
  return total / weights;
}

/**
 * The chance that of `most` members at least as many lie below (each with chance p) as others lie
 * above (on average so many).
 */
function kept(most, p, above) {
  const upwards = p <= 0.5;
  const q = 1 - p;
  const ratio = upwards ? p / q : q / p;
  const chances = new Float64Array(most + 1);
  let term = (upwards ? q : p) ** most;
  for (let k = 0; k <= most; k++) {
    chances[upwards ? k : most - k] = term;
    term *= ((most - k) / (k + 1)) * ratio;
  }
  let total = 0;
  let poisson = Math.exp(-above);
  let atMost = 0;
  for (let k = 0; k <= most; k++) {
    atMost += poisson;
    poisson *= above / (k + 1);
    total += chances[k] * atMost;
  }
  return total;
}

/** How many can be added before the loudest of n others is as loud as a member. */
export const limit = (n, d) => d / (2 * Math.log(n));

/**
 * The largest m up to which at least that share of the members is expected to be told.
 * @param {number} n
 * @param {number} d
 * @param {number} [share]
 */
export function most(n, d, share = 0.99) {
  let m = 0;
  while (m < Math.min(TRIED, n - 1) && expected(m + 1, n, d) >= share) m += 1;
  return m;
}

function added(m, n) {
  if (!(Number.isInteger(m) && m >= 1 && m <= TRIED && m < n))
    throw new RangeError(`m=${m} must be a whole number from 1 to ${TRIED} and below n=${n}`);
}

/** `told` of a codebook that is drawn for it. */
export const toldOf = (m, n, d, seed = 0) => told(m, new Products(n, d, seed));
