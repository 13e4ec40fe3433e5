/**
 * The scorecard: the four properties that a good encoding is said to have, tested on real rows,
 * and the largest value beside them. The twin of posenc/scorecard.py, which says what each number
 * and each place means; the tests hold the two equal.
 */

import { bitsFor } from "./alternatives.js";
import { learnedCalled, products, rowsOf } from "./learned.js";
import { rows, SCHEMES } from "./schemes.js";

export const READINGS = ["unique", "relative", "independent", "deterministic", "largest"];
export const TOLERANCE = 1e-9; // what counts as zero, relative to the largest norm of a row

/**
 * @typedef {object} Score
 * @property {boolean | null} holds    the verdict; null for the largest value, which has none
 * @property {number} number           what decides it
 * @property {number[]} places         positions, an offset, a channel
 * @property {number[]} values         what was found there
 * @property {Float64Array[]} evidence rows or curves to look at
 * @property {number} [rows]           of a learned table that is too short for the verdict: its rows
 *
 * @typedef {Record<"unique"|"relative"|"independent"|"deterministic"|"largest", Score>} Card
 */

/** What a scheme of the book lacks to be scored: "8 bits", "an even width", or null. */
export function needs(name, L, d) {
  const bits = bitsFor(2 * L - 1);
  if (name === "binary" && d < bits) return `${bits} bits`;
  return d % 2 && SCHEMES.find((scheme) => scheme.name === name).paired ? "an even width" : null;
}

/**
 * The scorecard of a scheme of the book for a sentence of L positions, at least 3.
 *
 * @param {string} name  a name of SCHEMES
 * @param {{d: number, base?: number, seed?: number}} spec
 * @returns {Card}
 */
export function scorecard(name, L, spec) {
  const ask = (length) => rows(name, length, { ...spec, length });
  return judge({ once: ask(L), again: ask(L), longer: ask(2 * L) }, L, spec.d);
}

/** What a learned table lacks to be scored, or null. */
export function needsOfTable(name, L) {
  const { rows: most } = learnedCalled(name);
  return L > most ? `more than ${most} rows` : null;
}

/** The scorecard of a learned table whose numbers are there, from the products of its rows. */
export function ofTable(name, n) {
  const gram = products(name, n);
  const { components, d, peak, channel } = rowsOf(name);
  const once = components.subarray(0, n * d);
  const own = Float64Array.from({ length: n }, (_, t) => gram[t * n + t]);
  const slack = TOLERANCE * Math.sqrt(own.reduce((a, b) => Math.max(a, b)));
  const fill = (k, far) => {
    for (let t = 0; t < n - k; t++)
      far[t] = Math.sqrt(Math.max(own[t] + own[t + k] - 2 * gram[t * n + t + k], 0));
    return far;
  };
  const { rows: last } = learnedCalled(name);
  const same = change(once, once, n, d, slack);
  const short = {
    holds: false,
    number: last,
    places: [last],
    values: [],
    evidence: [],
    rows: last,
  };
  return {
    ...pairs(once, n, d, slack, fill),
    independent: 2 * n <= last ? same : short,
    deterministic: same,
    largest: largestOf(peak.subarray(0, n), peak.subarray(0, 2 * n), (t) => channel[t], slack),
  };
}

/** The largest value, from that of each row and of each row in a sentence twice as long. */
function largestOf(once, longer, channelOf, slack) {
  const evidence = [once, longer].map((size) => Float64Array.from(size));
  const [most, later] = evidence.map((size) => size.reduce((a, b) => Math.max(a, b)));
  const t = evidence[0].findIndex((x) => x >= most - slack);
  return { holds: null, number: most, places: [t, channelOf(t)], values: [most, later], evidence };
}

/** The scorecard of three tables, row by row: n rows, the same once more, and 2n rows. */
export function judge({ once, again, longer }, n, d) {
  const slack = TOLERANCE * (largestNorm(once, n, d) || 1);
  return {
    ...pairs(once, n, d, slack, (k, far) => distances(once, n, d, k, far)),
    independent: change(once, longer, n, d, slack),
    deterministic: change(once, again, n, d, slack),
    largest: largest(once, longer, n, d, slack),
  };
}

const rowOf = (table, t, d) => table.slice(t * d, (t + 1) * d);

function largestNorm(table, n, d) {
  let most = 0;
  for (let t = 0; t < n; t++) {
    let square = 0;
    for (let at = t * d; at < (t + 1) * d; at++) square += table[at] * table[at];
    most = Math.max(most, square);
  }
  return Math.sqrt(most);
}

/** The distance of rows t and t + k, for every t, into `far`. */
function distances(table, n, d, k, far) {
  const gap = k * d;
  const odd = d % 2; // two sums at a time: the second need not wait for the first
  for (let t = 0; t < n - k; t++) {
    let at = t * d;
    const end = at + d - odd;
    let even = 0;
    let other = 0;
    for (; at < end; at += 2) {
      const a = table[at + gap] - table[at];
      const b = table[at + gap + 1] - table[at + 1];
      even += a * a;
      other += b * b;
    }
    if (odd) even += (table[at + gap] - table[at]) ** 2;
    far[t] = Math.sqrt(even + other);
  }
  return far;
}

/** Least, greatest and mean of the first m numbers. */
function span(far, m) {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  let sum = 0;
  for (let t = 0; t < m; t++) {
    const x = far[t];
    if (x < low) low = x;
    if (x > high) high = x;
    sum += x;
  }
  return { low, high, mean: sum / m };
}

/** What the distances of all pairs say: is each row unique, does the offset alone decide. */
function pairs(table, n, d, slack, distancesAt) {
  const far = new Float64Array(n);
  const least = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const spread = new Float64Array(n);
  for (let k = 1; k < n; k++) {
    const { low, high, mean } = span(distancesAt(k, far), n - k);
    least[k] = low;
    if (mean > slack) spread[k] = (high - low) / mean;
  }

  const closest = least.reduce((a, b) => Math.min(a, b));
  const near = least.findIndex((x) => x <= closest + slack);
  const first = distancesAt(near, far).findIndex((x) => x <= closest + slack);

  // Distances are differences of rounded values, so their spread carries the rounding of the rows
  // divided by the smallest distance; the square root is ample for both.
  const ample = Math.sqrt(TOLERANCE);
  const worst = spread.reduce((a, b) => Math.max(a, b));
  const k = Math.max(
    1,
    spread.findIndex((x) => x >= worst - ample),
  );
  const curve = distancesAt(k, new Float64Array(n - k));
  const { low, high } = span(curve, n - k);
  return {
    unique: {
      holds: closest > slack,
      number: closest,
      places: [first, first + near],
      values: [closest],
      evidence: [rowOf(table, first, d), rowOf(table, first + near, d)],
    },
    relative: {
      holds: worst <= ample,
      number: worst,
      places: [
        k,
        curve.findIndex((x) => x <= low + slack),
        curve.findIndex((x) => x >= high - slack),
      ],
      values: [low, high],
      evidence: [curve],
    },
  };
}

/** How much a table changes: where a value does so most. */
function change(before, after, n, d, slack) {
  let most = 0;
  for (let at = 0; at < n * d; at++) most = Math.max(most, Math.abs(after[at] - before[at]));
  const holds = most <= slack;
  let at = (n - 1) * d;
  if (!holds) at = before.findIndex((x, q) => Math.abs(after[q] - x) >= most - slack);
  const t = Math.floor(at / d);
  return {
    holds,
    number: most,
    places: [t, at % d],
    values: [before[at], after[at]],
    evidence: [rowOf(before, t, d), rowOf(after, t, d)],
  };
}

/** The largest value of a table, and of the one twice as long. */
function largest(once, longer, n, d, slack) {
  const sizes = (table, count) => {
    const size = new Float64Array(count);
    for (let at = 0; at < count * d; at++) {
      const t = Math.floor(at / d);
      size[t] = Math.max(size[t], Math.abs(table[at]));
    }
    return size;
  };
  const evidence = [sizes(once, n), sizes(longer, 2 * n)];
  const [most, later] = evidence.map((size) => size.reduce((a, b) => Math.max(a, b)));
  const at = once.findIndex((x) => Math.abs(x) >= most - slack);
  return {
    holds: null,
    number: most,
    places: [Math.floor(at / d), at % d],
    values: [most, later],
    evidence,
  };
}
