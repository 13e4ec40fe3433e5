// The twin of relative.py: position inside attention. Queries and keys are turned (RoPE), or the
// score gets a bias (ALiBi, T5). Tables are Float64Arrays, row by row; t is the position of a query,
// s that of a key.

import { channelOf, checked, frequencies } from "./encodings.js";

export const BUCKETS = 32;
export const MAX_DISTANCE = 128;
const LARGEST = 1024;

/**
 * Queries or keys turned by their positions: pair i of the row at position t by the angle
 * t omega_i, from its first channel towards its second.
 * @param {ArrayLike<number>} x one row for each position
 * @param {ArrayLike<number>} positions
 * @param {import("./encodings.js").Spec} spec
 */
export function rotate(x, positions, spec) {
  const { d, layout } = checked(spec);
  const n = positions.length;
  if (x.length !== n * d)
    throw new RangeError(`x holds ${x.length} values; it must hold ${n} x ${d}`);
  const omegas = frequencies(spec);
  const out = new Float64Array(n * d);
  for (let i = 0; i < d / 2; i++) {
    const first = channelOf(i, false, d, layout);
    const second = channelOf(i, true, d, layout);
    for (let r = 0; r < n; r++) {
      const angle = positions[r] * omegas[i];
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      const a = x[r * d + first];
      const b = x[r * d + second];
      out[r * d + first] = a * cos - b * sin;
      out[r * d + second] = a * sin + b * cos;
    }
  }
  return out;
}

/**
 * What each head pays for one step of distance. Past a power of two n, the first, third ... of the
 * slopes for 2n follow those for n.
 * @param {number} heads
 */
export function alibiSlopes(heads) {
  counts("heads", heads, 1);
  const n = 2 ** Math.floor(Math.log2(heads));
  return Float64Array.from({ length: heads }, (_, h) =>
    h < n ? 2 ** ((-8 * (h + 1)) / n) : 2 ** ((-4 * (2 * (h - n) + 1)) / n),
  );
}

/**
 * What ALiBi adds to the scores: heads x n x m, minus the head's slope times |t - s|.
 * @param {number} heads
 * @param {number} n how many queries
 * @param {number} [m] how many keys; n by default
 * @param {{causal?: boolean}} [how] causal: minus infinity where s > t
 */
export function alibiBias(heads, n, m = n, { causal = false } = {}) {
  counts("n", n, 0);
  counts("m", m, 0);
  const out = new Float64Array(heads * n * m);
  let at = 0;
  for (const slope of alibiSlopes(heads))
    for (let t = 0; t < n; t++)
      for (let s = 0; s < m; s++)
        out[at++] = causal && s > t ? Number.NEGATIVE_INFINITY : 0 - slope * Math.abs(t - s);
  return out;
}

/**
 * How offsets are sorted into buckets.
 * @typedef {object} Sorting
 * @property {boolean} [bidirectional] whether keys before and after the query are told apart
 * @property {number} [buckets] how many there are, both directions together
 * @property {number} [maxDistance] where the last bucket begins at the latest
 */

/**
 * The bucket of each offset s - t: one each for near keys, ever wider ones for far keys.
 * @param {ArrayLike<number>} offsets whole numbers
 * @param {Sorting} [how]
 */
export function t5Buckets(
  offsets,
  { bidirectional = true, buckets = BUCKETS, maxDistance = MAX_DISTANCE } = {},
) {
  const directions = bidirectional ? 2 : 1;
  const own = buckets / directions;
  if (!(Number.isInteger(own) && own >= 2 && own <= LARGEST))
    throw new RangeError(
      `buckets=${buckets} must be ${bidirectional ? "an even" : "a whole"} number ` +
        `from ${2 * directions} to ${LARGEST * directions}`,
    );
  const begins = edges(own, maxDistance);
  return Float64Array.from(offsets, (k) => {
    if (!Number.isSafeInteger(k)) throw new RangeError(`offset=${k} must be whole`);
    const distance = bidirectional ? Math.abs(k) : Math.max(-k, 0);
    let low = 0;
    let high = begins.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (begins[middle] <= distance) low = middle + 1;
      else high = middle;
    }
    return bidirectional && k > 0 ? own + low : low;
  });
}

/**
 * The least distance of each bucket of one direction but the first, in whole numbers throughout:
 * with e = m/2 distances that have a bucket each, bucket e + r begins at the least n with
 * n^(m-e) >= D^r e^(m-e-r).
 * @param {number} own
 * @param {number} maxDistance
 */
function edges(own, maxDistance) {
  const exact = Math.floor(own / 2);
  if (!(Number.isSafeInteger(maxDistance) && maxDistance > exact))
    throw new RangeError(`maxDistance=${maxDistance} must be a whole number above ${exact}`);
  const spread = own - exact;
  const begins = Array.from({ length: exact }, (_, e) => e + 1);
  for (let r = 1; r < spread; r++)
    begins.push(
      root(BigInt(maxDistance) ** BigInt(r) * BigInt(exact) ** BigInt(spread - r), spread),
    );
  return begins;
}

/** The least whole number whose power is at least n. @param {bigint} n @param {number} degree */
function root(n, degree) {
  let high = 1n << BigInt(Math.ceil(n.toString(2).length / degree));
  let low = 0n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(degree) >= n) high = middle;
    else low = middle;
  }
  return Number(high);
}

/**
 * What T5 adds to the scores: heads x n x m, the learned number of the bucket of each offset.
 * @param {ArrayLike<number>} table buckets x heads
 * @param {number} heads
 * @param {number} n how many queries
 * @param {number} [m] how many keys; n by default
 * @param {Omit<Sorting, "buckets">} [how]
 */
export function t5Bias(table, heads, n, m = n, how = {}) {
  counts("heads", heads, 1);
  counts("n", n, 0);
  counts("m", m, 0);
  const buckets = table.length / heads;
  // Offsets from 1 - n, key 0 seen from the last query, to m - 1.
  const bucket = t5Buckets(
    Array.from({ length: Math.max(n + m - 1, 0) }, (_, at) => at + 1 - n),
    { ...how, buckets },
  );
  const out = new Float64Array(heads * n * m);
  let at = 0;
  for (let h = 0; h < heads; h++)
    for (let t = 0; t < n; t++)
      for (let s = 0; s < m; s++) out[at++] = table[bucket[s - t + n - 1] * heads + h];
  return out;
}

/** @param {string} name @param {number} value @param {number} least */
function counts(name, value, least) {
  if (!(Number.isInteger(value) && value >= least))
    throw new RangeError(`${name}=${value} must be a whole number of at least ${least}`);
}
