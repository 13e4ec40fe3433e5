// The twin of draws.py: numbers that look random and are the same in NumPy and in a page, each a
// hash (lowbias32) of what it is for. A key is a 32-bit number.

const WORD = 2 ** 32;
const STEP = 0x9e3779b9; // 2^32 over the golden ratio: multiples of it are spread evenly
const START = 0x6a09e667; // any number but 0, which lowbias32 leaves where it is
const UTF8 = new TextEncoder();

/** lowbias32: a permutation of the 32-bit numbers. @param {number} x */
export function mix(x) {
  let h = x ^ (x >>> 16);
  h = Math.imul(h, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A key for a text (its UTF-8 bytes; a lone surrogate counts as U+FFFD) and a seed.
 * @param {string} text
 * @param {number} [seed] a whole number from 0 to 2^53
 */
export function key(text, seed = 0) {
  let h = START;
  for (const byte of UTF8.encode(text)) h = mix(h ^ byte);
  return below(h, seed);
}

/**
 * A key for a whole number, below a key.
 * @param {number} from
 * @param {number} number from -2^53 to 2^53
 */
export function below(from, number) {
  return mix(mix(from ^ (number >>> 0)) + (Math.floor(number / WORD) >>> 0) + STEP);
}

/**
 * The number of place j below a key, uniform between 0 and 1, neither of them reached.
 * @param {number} from
 * @param {number} j whole, from 0
 */
export function uniform(from, j) {
  return (mix(from + Math.imul(j + 1, STEP)) + 0.5) / WORD;
}

/**
 * n numbers decided by a text and a seed, normally distributed with mean 0 and variance 1
 * (Box and Muller).
 * @param {string} text
 * @param {number} n
 * @param {number} [seed]
 */
export function normals(text, n, seed = 0) {
  const size = key(`size ${text}`, seed);
  const side = key(`side ${text}`, seed);
  return Float64Array.from(
    { length: n },
    (_, j) => Math.sqrt(-2 * Math.log(uniform(size, j))) * Math.cos(2 * Math.PI * uniform(side, j)),
  );
}
