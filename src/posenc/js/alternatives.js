// The encodings that the sinusoidal one is compared with, as whole tables. Twins of alternatives.py
// and of the naive encodings and counter-examples in encodings.py; a test holds them equal.
//
// Every function takes positions (a number L stands for 0 .. L-1) and gives a Float64Array of
// n x d values, row by row.

import { below, key, uniform } from "./draws.js";
import { BASE, checked, omega, pairOf, TURN } from "./encodings.js";

/** @typedef {number | ArrayLike<number>} Positions */

/**
 * Positions as an array, or an error that names what is wrong with them.
 * @param {Positions} positions
 */
export function places(positions) {
  if (typeof positions === "number") {
    if (!Number.isInteger(positions) || positions < 0)
      throw new RangeError(`positions=${positions} must be a length of at least 0, or an array`);
    return Float64Array.from({ length: positions }, (_, t) => t);
  }
  const bad = Array.prototype.find.call(positions, (t) => !Number.isFinite(t));
  if (bad !== undefined) throw new RangeError(`positions holds ${bad}; each must be finite`);
  return Float64Array.from(positions);
}

/**
 * A width of which channels need not come in pairs, or an error that says so.
 * @param {number} d
 */
function single(d) {
  if (!Number.isInteger(d) || d <= 0)
    throw new RangeError(`d=${d} must be a positive whole number`);
  return d;
}

/** The seed, or an error that says what one is. @param {number} seed */
export function seeded(seed) {
  if (!Number.isInteger(seed) || seed < 0 || seed > 2 ** 53)
    throw new RangeError(`seed=${seed} must be a whole number from 0 to 2^53`);
  return seed;
}

/**
 * The table whose value at position t, channel j is given by a function.
 * @param {Positions} positions
 * @param {number} d
 * @param {(t: number, j: number) => number} value
 */
function filled(positions, d, value) {
  const at = places(positions);
  const out = new Float64Array(at.length * d);
  for (let r = 0, p = 0; r < at.length; r++)
    for (let j = 0; j < d; j++, p++) out[p] = value(at[r], j);
  return out;
}

// -- naive encodings ------------------------------------------------------------------------------

/** The position itself, on every channel. @param {Positions} positions @param {number} d */
export function index(positions, d) {
  return filled(positions, single(d), (t) => t);
}

/**
 * The position as a fraction t / (L - 1) of the sentence, on every channel.
 * @param {Positions} positions
 * @param {number} d
 * @param {number | null} [length] L; by default the shortest sentence that holds the positions
 */
export function fraction(positions, d, length = null) {
  const at = places(positions);
  if (length !== null && (!Number.isInteger(length) || length < 1))
    throw new RangeError(`length=${length} must be a whole number of positions of at least 1`);
  const last =
    length === null ? at.reduce((most, t) => Math.max(most, Math.ceil(t)), 0) : length - 1;
  const outside = at.find((t) => t < 0 || t > last);
  if (outside !== undefined)
    throw new RangeError(
      `positions holds ${outside}, outside a sentence of length ${last + 1}; ` +
        `every position must be between 0 and ${last}`,
    );
  return filled(at, single(d), (t) => t / Math.max(last, 1));
}

/** How many bits a whole position needs; 0 needs none. @param {number} t */
export function bitsFor(t) {
  let bits = 0;
  for (let rest = t; rest >= 1; rest = Math.floor(rest / 2)) bits++;
  return bits;
}

/**
 * The position in binary: channel j holds floor(t / 2^j) mod 2, the fastest bit first.
 * @param {Positions} positions whole, from 0 to 2^d - 1
 * @param {number} d the number of bits
 */
export function binary(positions, d) {
  const at = places(positions);
  const bits = single(d);
  const bad = at.find((t) => t < 0 || !Number.isInteger(t) || t > 2 ** 53);
  if (bad !== undefined)
    throw new RangeError(
      `positions holds ${bad}; a binary code needs whole positions from 0 to 2^53`,
    );
  const most = at.reduce((a, b) => Math.max(a, b), 0);
  if (bitsFor(most) > bits)
    throw new RangeError(
      `d=${d} has too few bits for position ${most}; it must be at least ${bitsFor(most)}`,
    );
  return filled(at, bits, (t, j) => Math.floor(t / 2 ** Math.min(j, 1000)) % 2);
}

// -- waves ----------------------------------------------------------------------------------------

/**
 * A wave for each channel, its frequency worked out once.
 * @param {Positions} positions
 * @param {number} d
 * @param {(j: number) => number} frequency of channel j, in radians per position
 * @param {(angle: number, j: number) => number} wave
 */
function waves(positions, d, frequency, wave) {
  const omegas = Float64Array.from({ length: d }, (_, j) => frequency(j));
  return filled(positions, d, (t, j) => wave(t * omegas[j], j));
}

/**
 * One sine (or with isCosine one cosine) of each of d frequencies and nothing else.
 * @param {Positions} positions
 * @param {number} d
 * @param {number} [base]
 * @param {boolean} [isCosine]
 */
export function singleWaves(positions, d, base = BASE, isCosine = false) {
  const width = single(d);
  const spec = checked({ d: 2 * width, base });
  // Their frequencies are those of the pairs of a table twice as wide.
  return waves(positions, d, (j) => omega(j, spec.d, base), isCosine ? Math.cos : Math.sin);
}

/**
 * The sinusoidal encoding with a random phase on each channel: sin(omega_i t + phi_j).
 * @param {Positions} positions
 * @param {number} d
 * @param {number} [base]
 * @param {number} [seed]
 */
export function randomPhases(positions, d, base = BASE, seed = 0) {
  const spec = checked({ d, base });
  const from = key("random phases", seeded(seed));
  const phases = Float64Array.from({ length: d }, (_, j) => TURN * uniform(from, j));
  return waves(
    positions,
    d,
    (j) => omega(pairOf(j, d)[0], d, spec.base),
    (angle, j) => Math.sin(angle + phases[j]),
  );
}

/**
 * The d/2 frequencies of randomFourier, in radians per position: b^(-u), u uniform.
 * @param {number} d
 * @param {number} [base]
 * @param {number} [seed]
 */
export function randomFrequencies(d, base = BASE, seed = 0) {
  const spec = checked({ d, base });
  const from = key("random Fourier", seeded(seed));
  return Float64Array.from({ length: d / 2 }, (_, i) => spec.base ** -uniform(from, i));
}

/**
 * The sine and the cosine of each of d/2 frequencies drawn at random.
 * @param {Positions} positions
 * @param {number} d
 * @param {number} [base]
 * @param {number} [seed]
 */
export function randomFourier(positions, d, base = BASE, seed = 0) {
  const omegas = randomFrequencies(d, base, seed);
  return waves(
    positions,
    d,
    (j) => omegas[pairOf(j, d)[0]],
    (angle, j) => (pairOf(j, d)[1] ? Math.cos(angle) : Math.sin(angle)),
  );
}

/**
 * The sinusoidal encoding with triangle waves in place of sines and cosines.
 * @param {Positions} positions
 * @param {number} d
 * @param {number} [base]
 */
export function triangle(positions, d, base = BASE) {
  const spec = checked({ d, base });
  return waves(
    positions,
    d,
    (j) => omega(pairOf(j, d)[0], d, spec.base),
    (angle, j) => {
      const turns = angle / TURN - (pairOf(j, d)[1] ? 0 : 0.25);
      return 1 - 4 * Math.abs(Math.round(turns) - turns);
    },
  );
}

// -- random tables --------------------------------------------------------------------------------

/**
 * Independent numbers, uniform in (-1, 1); row t does not depend on which others are asked for.
 * @param {Positions} positions whole, from -2^53 to 2^53
 * @param {number} d
 * @param {number} [seed]
 */
export function randomTable(positions, d, seed = 0) {
  const at = places(positions);
  const width = single(d);
  const bad = at.find((t) => !Number.isInteger(t) || Math.abs(t) > 2 ** 53);
  if (bad !== undefined)
    throw new RangeError(
      `positions holds ${bad}; a table has whole positions only, from -2^53 to 2^53`,
    );
  const from = key("random table", seeded(seed));
  const out = new Float64Array(at.length * width);
  for (let r = 0, p = 0; r < at.length; r++) {
    const row = below(from, at[r]);
    for (let j = 0; j < width; j++) out[p++] = 2 * uniform(row, j) - 1;
  }
  return out;
}

let calls = 0;

/**
 * A random table that is drawn anew at each call.
 * @param {Positions} positions
 * @param {number} d
 * @param {number} [seed]
 */
export function redrawn(positions, d, seed = 0) {
  return randomTable(positions, d, below(key("redrawn", seeded(seed)), calls++));
}
