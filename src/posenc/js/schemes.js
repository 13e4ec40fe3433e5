// The twin of schemes.py: all encodings of the book under one roof.

import * as A from "./alternatives.js";
import { BASE, checked, fill, fillAt, plan } from "./encodings.js";

/**
 * One encoding of the book.
 * @typedef {object} Scheme
 * @property {string} name
 * @property {string} label its name for people
 * @property {string} says what it is, in one line
 * @property {boolean} paired the width must be even
 * @property {boolean} whole positions must be whole
 * @property {boolean} sized it depends on the length of the sentence
 * @property {boolean} based it depends on the base
 * @property {boolean} seeded it depends on the seed
 * @property {boolean} bounded its values stay in [-1, 1]
 * @property {boolean} scalar it is one number, repeated on every channel
 */

/**
 * What is asked of an encoding; each takes what it needs.
 * @typedef {object} Asked
 * @property {number} d width
 * @property {number} [base] 10000 by default
 * @property {number | null} [length] of the sentence; by default the shortest that holds all
 * @property {number} [seed] 0 by default
 */

const PLAIN = {
  paired: false,
  whole: false,
  sized: false,
  based: false,
  seeded: false,
  bounded: true,
  scalar: false,
};

/** @type {readonly Scheme[]} */
export const SCHEMES = [
  {
    ...PLAIN,
    name: "index",
    label: "Index",
    says: "the position itself, on every channel",
    bounded: false,
    scalar: true,
  },
  {
    ...PLAIN,
    name: "fraction",
    label: "Fraction",
    says: "the position as a fraction of the sentence, from 0 to 1, on every channel",
    sized: true,
    scalar: true,
  },
  {
    ...PLAIN,
    name: "binary",
    label: "Binary",
    says: "the position in binary, the fastest bit first",
    whole: true,
  },
  {
    ...PLAIN,
    name: "sinusoidal",
    label: "Sinusoidal",
    says: "the sine and the cosine of each of d/2 frequencies",
    paired: true,
    based: true,
  },
  {
    ...PLAIN,
    name: "sine only",
    label: "Sine only",
    says: "the sine of each of d frequencies, and no cosine",
    based: true,
  },
  {
    ...PLAIN,
    name: "cosine only",
    label: "Cosine only",
    says: "the cosine of each of d frequencies, and no sine",
    based: true,
  },
  {
    ...PLAIN,
    name: "random phases",
    label: "Random phases",
    says: "the sinusoidal encoding with each channel's phase drawn at random",
    paired: true,
    based: true,
    seeded: true,
  },
  {
    ...PLAIN,
    name: "random Fourier",
    label: "Random Fourier",
    says: "the sine and the cosine of each of d/2 frequencies drawn at random",
    paired: true,
    based: true,
    seeded: true,
  },
  {
    ...PLAIN,
    name: "triangle",
    label: "Triangle",
    says: "the sinusoidal encoding with triangle waves in place of sines and cosines",
    paired: true,
    based: true,
  },
  {
    ...PLAIN,
    name: "random table",
    label: "Random table",
    says: "independent random numbers, drawn once",
    whole: true,
    seeded: true,
  },
  {
    ...PLAIN,
    name: "redrawn",
    label: "Redrawn",
    says: "a random table, drawn anew each time it is asked for",
    whole: true,
    seeded: true,
  },
];

/** @type {Record<string, (positions: A.Positions, asked: Required<Asked>) => Float64Array>} */
const ENCODE = {
  index: (t, { d }) => A.index(t, d),
  fraction: (t, { d, length }) => A.fraction(t, d, length),
  binary: (t, { d }) => A.binary(t, d),
  sinusoidal: (t, { d, base }) => sinusoidal(t, d, base),
  "sine only": (t, { d, base }) => A.singleWaves(t, d, base),
  "cosine only": (t, { d, base }) => A.singleWaves(t, d, base, true),
  "random phases": (t, { d, base, seed }) => A.randomPhases(t, d, base, seed),
  "random Fourier": (t, { d, base, seed }) => A.randomFourier(t, d, base, seed),
  triangle: (t, { d, base }) => A.triangle(t, d, base),
  "random table": (t, { d, seed }) => A.randomTable(t, d, seed),
  redrawn: (t, { d, seed }) => A.redrawn(t, d, seed),
};

/**
 * The sinusoidal encoding at a length or at any positions.
 * @param {A.Positions} positions
 * @param {number} d
 * @param {number} base
 */
function sinusoidal(positions, d, base) {
  const what = plan({ d, base });
  const at = A.places(positions);
  const out = new Float64Array(at.length * d);
  return typeof positions === "number" ? fill(out, what, positions) : fillAt(out, what, at);
}

/**
 * The rows of an encoding, whichever it is: n x d values, row by row.
 * @param {string} name of one of SCHEMES
 * @param {A.Positions} positions a length L (positions 0 .. L-1) or the positions themselves
 * @param {Asked} asked
 * @returns {Float64Array}
 */
export function rows(name, positions, { d, base = BASE, length = null, seed = 0 }) {
  if (!Object.hasOwn(ENCODE, name))
    throw new RangeError(`name=${name} must be one of ${Object.keys(ENCODE).join(", ")}`);
  checked({ d: 2, base });
  if (length !== null && (!Number.isInteger(length) || length < 1))
    throw new RangeError(`length=${length} must be a whole number of positions of at least 1`);
  return ENCODE[name](positions, { d, base, length, seed: A.seeded(seed) });
}
