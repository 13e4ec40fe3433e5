// The twin of cosines.py: how the cosine of two random directions is distributed in d dimensions.

/** The integral of sin^n from 0 to pi. @param {number} n */
function whole(n) {
  let value = n % 2 ? 2 : Math.PI;
  for (let k = n % 2 ? 3 : 2; k <= n; k += 2) value *= (k - 1) / k;
  return value;
}

/** @param {number} d */
function widthOf(d) {
  if (!Number.isInteger(d) || d < 2)
    throw new RangeError(`d=${d} must be a whole number of dimensions of at least 2`);
  return d;
}

/** @param {number} c @param {string} name @param {number} low */
function cosineOf(c, name, low) {
  if (!(c >= low && c <= 1)) throw new RangeError(`${name}=${c} must be a number from ${low} to 1`);
  return c;
}

/**
 * The density of the cosine of two random directions.
 * @param {number} cosine from -1 to 1
 * @param {number} d
 */
export function density(cosine, d) {
  const c = cosineOf(cosine, "cosine", -1);
  const rest = 1 - c * c;
  if (rest === 0 && widthOf(d) < 3) return Number.POSITIVE_INFINITY;
  return rest ** ((widthOf(d) - 3) / 2) / whole(d - 2);
}

/**
 * The share of pairs of random directions whose cosine lies between -most and most.
 * @param {number} most from 0 to 1
 * @param {number} d
 */
export function within(most, d) {
  const c = cosineOf(most, "most", 0);
  const n = widthOf(d) - 2;
  const sine = Math.sqrt(1 - c * c);
  const first = n % 2 ? 3 : 2;
  let part = n % 2 ? c : Math.asin(c);
  let power = sine ** (first - 1);
  for (let k = first; k <= n; k += 2) {
    part = (c * power + (k - 1) * part) / k;
    power *= sine * sine;
  }
  return Math.min(1, (2 * part) / whole(n));
}

/**
 * The share of pairs of random directions whose cosine lies between low and high.
 * @param {number} low
 * @param {number} high
 * @param {number} d
 */
export function between(low, high, d) {
  const below = (/** @type {number} */ x) => Math.sign(x) * within(Math.abs(x), d);
  return (below(high) - below(low)) / 2;
}

/** The standard deviation of the cosine. @param {number} d */
export const spread = (d) => 1 / Math.sqrt(widthOf(d));
