// The twin of attention.py: just enough attention to see what an encoding does to it, and a
// recurrent network beside it. Tables are Float64Arrays, row by row; a weight matrix of shape
// (out, in) takes row x to W x. Nothing here is trained.

import { seeded } from "./alternatives.js";
import { normals } from "./draws.js";
import { rotate } from "./relative.js";

/**
 * The weights of one head: wq and wk of shape (dHead, d), wv of shape (dv, d).
 * @typedef {{wq: Float64Array, wk: Float64Array, wv: Float64Array}} Head
 */

/**
 * What attention did: scores and weights of shape (n, m), output of shape (n, dv). Scores are minus
 * infinity where a query may not look.
 * @typedef {{scores: Float64Array, weights: Float64Array, output: Float64Array}} Attended
 */

// What parts words: Unicode's white space, U+200B and U+FEFF, which print nothing.
const SPACES = /[\t-\r \x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]+/;

/**
 * The words of a text: what stands between white space, as it is written.
 * @param {string} text
 * @param {number} [most] how many to give at most; all of them by default
 */
export function splitWords(text, most = Number.POSITIVE_INFINITY) {
  if (!(most >= 0)) throw new RangeError(`most=${most} must be a whole number of at least 0`);
  return text
    .split(SPACES)
    .filter((word) => word !== "")
    .slice(0, most);
}

/**
 * A vector for each word, decided by its spelling and by nothing else: n x d normal numbers.
 * @param {readonly string[]} words
 * @param {number} d
 */
export function wordVectors(words, d) {
  const out = new Float64Array(words.length * d);
  for (let t = 0; t < words.length; t++) out.set(normals(`word ${words[t]}`, d), t * d);
  return out;
}

/**
 * A head with random weights of variance 1/d.
 * @param {{d: number, dHead?: number, seed?: number}} spec
 * @returns {Head}
 */
export function randomHead({ d, dHead = d, seed = 0 }) {
  return {
    wq: randomMatrix("head q", dHead, d, seed),
    wk: randomMatrix("head k", dHead, d, seed),
    wv: randomMatrix("head v", dHead, d, seed),
  };
}

/**
 * Random weights of variance 1/d for recurrentStates, each of shape (d, d).
 * @param {{d: number, seed?: number}} spec
 */
export function randomRecurrence({ d, seed = 0 }) {
  return {
    wState: randomMatrix("recurrence state", d, d, seed),
    wInput: randomMatrix("recurrence input", d, d, seed),
  };
}

/** @param {string} name @param {number} n @param {number} d @param {number} seed */
function randomMatrix(name, n, d, seed) {
  for (const [what, width] of Object.entries({ dHead: n, d }))
    if (!Number.isInteger(width) || width <= 0)
      throw new RangeError(`${what}=${width} must be a positive whole number`);
  return normals(name, n * d, seeded(seed)).map((x) => x / Math.sqrt(d));
}

/**
 * The matrix product of a (n x m) and b (m x p): n x p.
 * @param {ArrayLike<number>} a
 * @param {number} n
 * @param {number} m
 * @param {ArrayLike<number>} b
 * @param {number} p
 */
export function product(a, n, m, b, p) {
  fits("a", a, n * m, `${n} x ${m}`);
  fits("b", b, m * p, `${m} x ${p}`);
  const out = new Float64Array(n * p);
  for (let r = 0; r < n; r++)
    for (let s = 0; s < m; s++) {
      const x = a[r * m + s];
      for (let c = 0; c < p; c++) out[r * p + c] += x * b[s * p + c];
    }
  return out;
}

/**
 * Every row of a (n x d) with every row of b (m x d): the dot products, n x m. So also W x for each
 * row x of a table, with W for b.
 * @param {ArrayLike<number>} a
 * @param {number} n
 * @param {number} d
 * @param {ArrayLike<number>} b
 * @param {number} m
 */
export function dots(a, n, d, b, m) {
  fits("a", a, n * d, `${n} x ${d}`);
  fits("b", b, m * d, `${m} x ${d}`);
  const out = new Float64Array(n * m);
  for (let r = 0; r < n; r++)
    for (let s = 0; s < m; s++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += a[r * d + j] * b[s * d + j];
      out[r * m + s] = sum;
    }
  return out;
}

/**
 * Refuses a table of another size than it should have.
 * @param {string} name
 * @param {ArrayLike<number>} table
 * @param {number} size
 * @param {string} shape as words, such as 3 x 2
 */
export function fits(name, table, size, shape) {
  if (table.length !== size)
    throw new RangeError(`${name} holds ${table.length} values; it must hold ${shape}`);
}

/**
 * The softmax of each row of n x m scores. Minus infinity gets weight 0; a row of nothing else is
 * refused. The largest score of a row is taken off first, so that no finite score overflows.
 * @param {ArrayLike<number>} scores
 * @param {number} n
 * @param {number} m
 */
export function softmaxRows(scores, n, m) {
  fits("scores", scores, n * m, `${n} x ${m}`);
  const out = new Float64Array(n * m);
  for (let r = 0; r < n; r++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let s = 0; s < m; s++) {
      const x = scores[r * m + s];
      if (Number.isNaN(x) || x === Number.POSITIVE_INFINITY)
        throw new RangeError(`scores holds ${x}; each must be finite or minus infinity`);
      if (x > most) most = x;
    }
    if (most === Number.NEGATIVE_INFINITY)
      throw new RangeError(
        `row ${r} of scores is minus infinity throughout; it must leave at least one key to look at`,
      );
    let sum = 0;
    for (let s = 0; s < m; s++) {
      out[r * m + s] = Math.exp(scores[r * m + s] - most);
      sum += out[r * m + s];
    }
    for (let s = 0; s < m; s++) out[r * m + s] /= sum;
  }
  return out;
}

/**
 * Scaled dot-product attention: softmax(Q K^T / sqrt(d)) V. Permuting keys and values alike leaves
 * the output as it is, permuting queries permutes it alike, up to rounding in sums over keys.
 * @param {object} what
 * @param {ArrayLike<number>} what.q queries, n x d
 * @param {ArrayLike<number>} what.k keys, m x d
 * @param {ArrayLike<number>} what.v values, m x dv
 * @param {number} what.n how many queries
 * @param {number} what.d the width of queries and keys
 * @param {number} [what.m] how many keys; n by default
 * @param {boolean} [what.causal] whether query t sees the keys s <= t only
 * @param {ArrayLike<number> | null} [what.bias] what is added to the scores, n x m
 * @returns {Attended}
 */
export function attend({ q, k, v, n, d, m = n, causal = false, bias = null }) {
  const scores = dots(q, n, d, k, m).map((x) => x / Math.sqrt(d));
  if (bias) {
    fits("bias", bias, n * m, `${n} x ${m}`);
    for (let at = 0; at < scores.length; at++) scores[at] += bias[at];
  }
  if (causal)
    for (let t = 0; t < n; t++)
      for (let s = t + 1; s < m; s++) scores[t * m + s] = Number.NEGATIVE_INFINITY;
  const weights = softmaxRows(scores, n, m);
  return { scores, weights, output: product(weights, n, m, v, m === 0 ? 0 : v.length / m) };
}

/**
 * One head reading a sequence of n rows.
 * @param {ArrayLike<number>} x n x d
 * @param {number} n
 * @param {number} d
 * @param {Head} head
 * @param {object} [how]
 * @param {boolean} [how.causal] whether query t sees the keys s <= t only
 * @param {ArrayLike<number> | null} [how.bias] what is added to the scores, n x n
 * @param {ArrayLike<number> | null} [how.rotary] n positions by which queries and keys are turned
 * @param {number} [how.base] the base of that turn
 * @returns {Attended}
 */
export function selfAttention(x, n, d, { wq, wk, wv }, { causal, bias, rotary, base } = {}) {
  const dHead = wq.length / d;
  /** @param {Float64Array} rows */
  const turned = (rows) => (rotary ? rotate(rows, rotary, { d: dHead, base }) : rows);
  return attend({
    q: turned(dots(x, n, d, wq, dHead)),
    k: turned(dots(x, n, d, wk, dHead)),
    v: dots(x, n, d, wv, wv.length / d),
    n,
    d: dHead,
    causal,
    bias,
  });
}

/**
 * The states of a simple recurrent network, h_t = tanh(W_s h_(t-1) + W_x x_t), the first from 0.
 * @param {ArrayLike<number>} x n x dx
 * @param {number} n
 * @param {number} d the width of the state
 * @param {{wState: ArrayLike<number>, wInput: ArrayLike<number>}} weights d x d and d x dx
 */
export function recurrentStates(x, n, d, { wState, wInput }) {
  const states = new Float64Array(n * d);
  const given = dots(x, n, wInput.length / d, wInput, d);
  let last = new Float64Array(d);
  for (let t = 0; t < n; t++) {
    last = dots(last, 1, d, wState, d).map((h, j) => Math.tanh(h + given[t * d + j]));
    states.set(last, t * d);
  }
  return states;
}
