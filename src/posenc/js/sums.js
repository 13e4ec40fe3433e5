// The twin of sums.py: the four terms of a score. Tables are Float64Arrays, row by row.

import { dots, fits } from "./attention.js";

export const TERMS = ["cc", "cp", "pc", "pp"]; // part of the query, part of the key

/**
 * The scores of a head, term by term, each over sqrt(d): four tables of n x m.
 * @param {ArrayLike<number>[]} queries content parts and position parts, each n x d
 * @param {ArrayLike<number>[]} keys the same of the keys, each m x d
 * @param {number} n
 * @param {number} m
 * @param {number} d
 */
export function fourTerms(queries, keys, n, m, d) {
  return queries.flatMap((q) => keys.map((k) => dots(q, n, d, k, m).map((x) => x / Math.sqrt(d))));
}

/**
 * How much of the variance of the scores within their rows each term carries: its covariance with
 * the sum over the variance of the sum. Zeros where the sum does not vary.
 * @param {ArrayLike<number>[]} terms each n x m
 * @param {number} n
 * @param {number} m
 */
export function termShares(terms, n, m) {
  const whole = new Float64Array(n * m);
  const together = new Float64Array(terms.length);
  let size = 0;
  const parts = terms.map((term) => {
    fits("terms", term, n * m, `${n} x ${m}`);
    const part = Float64Array.from(term);
    for (let r = 0; r < n; r++) {
      let mean = 0;
      for (let s = 0; s < m; s++) mean += part[r * m + s] / m;
      for (let s = 0; s < m; s++) {
        size += part[r * m + s] ** 2;
        part[r * m + s] -= mean;
        whole[r * m + s] += part[r * m + s];
      }
    }
    return part;
  });
  const varies = whole.reduce((sum, x) => sum + x * x, 0);
  if (varies <= 1e-24 * Math.max(1, size)) return together;
  for (const [k, part] of parts.entries())
    for (let at = 0; at < n * m; at++) together[k] += (part[at] * whole[at]) / varies;
  return together;
}

/**
 * How much of the attention went elsewhere: the mean over rows of half the sum of differences.
 * @param {ArrayLike<number>} before n x m
 * @param {ArrayLike<number>} after n x m
 * @param {number} n
 */
export function movedWeight(before, after, n) {
  let sum = 0;
  for (let at = 0; at < before.length; at++) sum += Math.abs(before[at] - after[at]);
  return n ? sum / (2 * n) : 0;
}

const BEGINS = "[CLS]";
const ENDS = "[SEP]";
const UNKNOWN = "[UNK]";
const MARKS = /^[^\p{L}\p{N}_[]+|[^\p{L}\p{N}_\]]+$/gu;

/**
 * The words as MiniLM reads them: small letters, no marks around them, a beginning and an end; one
 * that is not in the vocabulary is read as unknown.
 * @param {string[]} words
 * @param {string[]} known
 */
export function tokensOf(words, known) {
  const has = new Set(known);
  const inside = words.map((word) => {
    const plain = word.replace(MARKS, "").toLowerCase();
    return has.has(plain) ? plain : UNKNOWN;
  });
  return [BEGINS, ...inside, ENDS];
}

/**
 * Queries and keys of a head of MiniLM's first layer, content parts and position parts, each n x 32.
 * @param {Record<string, {shape: number[], values: ArrayLike<number>}>} tensors of terms-minilm
 * @param {string[]} known its vocabulary
 * @param {number} head
 * @param {string[]} tokens as `tokensOf` gives them
 */
export function headParts(tensors, known, head, tokens) {
  const { shape, values: inverse } = tensors.inverse;
  if (tokens.length > shape[1])
    throw new RangeError(
      `words has ${tokens.length - 2} words; it must have at most ${shape[1] - 2}`,
    );
  const made = ["q", "k"].map((part) => {
    const word = tensors[`${part}${head}w`];
    const position = tensors[`${part}${head}p`].values;
    const shared = tensors[`${part}${head}s`].values;
    const d = word.shape[1];
    const content = new Float64Array(tokens.length * d);
    const place = new Float64Array(tokens.length * d);
    for (const [t, token] of tokens.entries()) {
      const w = known.indexOf(token);
      const scale = inverse[w * shape[1] + t];
      for (let j = 0; j < d; j++) {
        content[t * d + j] = word.values[w * d + j] * scale + shared[j];
        place[t * d + j] = position[t * d + j] * scale;
      }
    }
    return [content, place];
  });
  return { queries: made[0], keys: made[1], d: made[0][0].length / tokens.length };
}
