// The twin of encodings.py and of the closed forms in analysis.py: pure functions, float64 maths,
// no dependency. A test holds it equal to NumPy; no view carries a formula of its own.
//
// Notation: t position, d width, i pair (0 .. d/2-1), j channel (0 .. d-1), b base,
// omega_i = b^(-2i/d) in radians per position. Never i for a channel.

/**
 * What is encoded how.
 * @typedef {object} Spec
 * @property {number} d width, positive and even
 * @property {number} [base] above 0; 10000 by default
 * @property {"interleaved" | "halves"} [layout]
 * @property {"paper" | "tensor2tensor"} [spacing]
 * @property {string | null} [mistake] a name in MISTAKES, or null for the formula itself
 */

export const TURN = 2 * Math.PI;
export const BASE = 10000;
export const LAYOUTS = ["interleaved", "halves"];
export const SPACINGS = ["paper", "tensor2tensor"];
export const MISTAKES = [
  "channel as pair",
  "doubled twice",
  "off by one",
  "divided the wrong way",
  "floor division",
];
export const FLOATS = ["float16", "bfloat16"];

/**
 * The spec with its defaults filled in, or an error that names what is wrong with it.
 * @param {Spec} spec
 * @returns {Required<Spec>}
 */
export function checked(spec) {
  const {
    d,
    base = BASE,
    layout = "interleaved",
    spacing = "paper",
    mistake = null,
  } = /** @type {Spec} */ (spec);
  if (!Number.isInteger(d) || d <= 0 || d % 2 !== 0)
    throw new RangeError(`d=${d} must be a positive even whole number, such as 64`);
  if (!Number.isFinite(base) || base <= 0)
    throw new RangeError(`base=${base} must be a finite number above 0, such as 10000`);
  if (!LAYOUTS.includes(layout))
    throw new RangeError(`layout=${layout} must be one of ${LAYOUTS.join(", ")}`);
  if (!SPACINGS.includes(spacing))
    throw new RangeError(`spacing=${spacing} must be one of ${SPACINGS.join(", ")}`);
  if (mistake !== null && !MISTAKES.includes(mistake))
    throw new RangeError(`mistake=${mistake} must be null or one of ${MISTAKES.join(", ")}`);
  if (mistake !== null && spacing !== "paper")
    throw new RangeError(`spacing=${spacing} must be paper with mistake=${mistake}`);
  return { d, base, layout, spacing, mistake };
}

// -- the waves ------------------------------------------------------------------------------------

/**
 * The frequency of pair i in radians per position.
 * @param {number} i
 * @param {number} d
 * @param {number} [base]
 * @param {string} [spacing]
 */
export function omega(i, d, base = BASE, spacing = "paper") {
  return base ** (spacing === "paper" ? (-2 * i) / d : -i / Math.max(d / 2 - 1, 1));
}

/**
 * The base at which pair i of width d has a given wavelength: the inverse of omega, paper spacing.
 * @param {number} wavelength in positions, above 0
 * @param {number} i from 1 (pair 0 has the wavelength 2 pi at every base) to d/2 - 1
 * @param {number} d
 */
export function baseFor(wavelength, i, d) {
  return (wavelength / TURN) ** (d / (2 * i));
}

/** The frequencies of all pairs: Float64Array of length d/2. @param {Spec} spec */
export function frequencies(spec) {
  const { d, base, spacing } = checked(spec);
  return Float64Array.from({ length: d / 2 }, (_, i) => omega(i, d, base, spacing));
}

/** The wavelengths of all pairs in positions: Float64Array of length d/2. @param {Spec} spec */
export function wavelengths(spec) {
  return frequencies(spec).map((w) => TURN / w);
}

/**
 * The pair of channel j, and whether the channel is the pair's cosine.
 * @param {number} j
 * @param {number} d
 * @param {string} [layout]
 * @returns {[pair: number, isCosine: boolean]}
 */
export function pairOf(j, d, layout = "interleaved") {
  return layout === "interleaved" ? [j >> 1, (j & 1) === 1] : [j % (d / 2), j >= d / 2];
}

/**
 * The channel that holds the sine or the cosine of pair i: the inverse of pairOf.
 * @param {number} i
 * @param {boolean} isCosine
 * @param {number} d
 * @param {string} [layout]
 */
export function channelOf(i, isCosine, d, layout = "interleaved") {
  return layout === "interleaved" ? 2 * i + +isCosine : i + (d / 2) * +isCosine;
}

/**
 * The frequency of channel j, mistakes included, in radians per position.
 * A mistake is one in the paper's formula, where j is 2i for the sine and 2i + 1 for the cosine;
 * the layout only says where the channel is stored.
 * @param {number} j
 * @param {Spec} spec
 */
export function channelOmega(j, { d, base = BASE, layout, spacing, mistake = null }) {
  const [i, isCosine] = pairOf(j, d, layout);
  if (mistake === null) return omega(i, d, base, spacing);
  const at = 2 * i + +isCosine;
  if (mistake === "channel as pair") return base ** ((-2 * at) / d);
  if (mistake === "doubled twice") return base ** ((-4 * i) / d);
  if (mistake === "off by one") return base ** (-at / d);
  if (mistake === "divided the wrong way") return base ** ((2 * i) / d);
  if (mistake === "floor division")
    return Math.E ** (2 * i * Math.floor(-Math.log(base) / (2 * d)));
  throw new RangeError(`mistake=${mistake} has no formula in channelOmega`);
}

/** The wavelength of channel j in positions. @param {number} j @param {Spec} spec */
export function channelWavelength(j, spec) {
  return TURN / channelOmega(j, spec);
}

/** The value of channel j at position t. @param {number} t @param {number} j @param {Spec} spec */
export function value(t, j, spec) {
  const angle = t * channelOmega(j, spec);
  return pairOf(j, spec.d, spec.layout)[1] ? Math.cos(angle) : Math.sin(angle);
}

/** The vector of position t: Float64Array of length d. @param {number} t @param {Spec} spec */
export function row(t, spec) {
  return Float64Array.from({ length: checked(spec).d }, (_, j) => value(t, j, spec));
}

/**
 * Channel j at each of the positions given.
 * @param {ArrayLike<number>} positions
 * @param {number} j
 * @param {Spec} spec
 */
export function column(positions, j, spec) {
  const w = channelOmega(j, checked(spec));
  const f = pairOf(j, spec.d, spec.layout)[1] ? Math.cos : Math.sin;
  return Float64Array.from(positions, (t) => f(t * w));
}

// -- the binary counter, softened ------------------------------------------------------------------

/**
 * Digit j of the binary counter at position t with its corners rounded off: softness 0 gives the
 * bit, 1 a sine wave of the same period, 2^(j+1).
 * @param {number} t any real number
 * @param {number} j
 * @param {number} softness from 0 to 1
 */
export function softened(t, j, softness) {
  const theta = (Math.PI * (t + 0.5)) / 2 ** j;
  const sine = Math.sin(theta);
  const size = Math.hypot(sine, softness * Math.cos(theta));
  return (1 - (size > 0 ? sine / size : 0)) / 2;
}

// -- exact means over runs of positions -----------------------------------------------------------

const PI_LOW = 1.2246467991473532e-16;

/**
 * The factor by which averaging over m consecutive positions shrinks a wave of frequency w:
 * sin(mw/2) / (m sin(w/2)), the Dirichlet kernel.
 * @param {number} w radians per position
 * @param {number} m whole, at least 1
 */
export function dirichlet(w, m) {
  // Both sines vanish at multiples of pi; taken off first, what is left is small and exact.
  const turns = Math.round(w / TURN);
  const x = w / 2 - turns * Math.PI - turns * PI_LOW;
  const sign = (turns * (m - 1)) % 2 === 0 ? 1 : -1;
  const bottom = m * Math.sin(x);
  return bottom === 0 ? sign : (sign * Math.sin(m * x)) / bottom;
}

/**
 * The exact mean of channel j over positions t, t + 1, ..., t + m - 1.
 * @param {number} t
 * @param {number} m whole, at least 1
 * @param {number} j
 * @param {Spec} spec
 */
export function pixelMean(t, m, j, spec) {
  return dirichlet(channelOmega(j, spec), m) * value(t + (m - 1) / 2, j, spec);
}

// -- tables, as fast as a screen wants them -------------------------------------------------------

/**
 * What to fill: some channels of a spec, with what each needs worked out once.
 * @typedef {object} Plan
 * @property {Required<Spec>} spec
 * @property {Float64Array} omegas the different frequencies among the channels
 * @property {Uint16Array} slots for each channel, which of these frequencies is its own
 * @property {Uint8Array} cosines for each channel, whether it is a cosine
 */

/**
 * Prepares a fill of the channels given (all of them by default, in order).
 * @param {Spec} spec
 * @param {ArrayLike<number>} [channels]
 * @returns {Plan}
 */
export function plan(spec, channels) {
  const full = checked(spec);
  const cols = channels ? channels.length : full.d;
  const slots = new Uint16Array(cols);
  const cosines = new Uint8Array(cols);
  const known = new Map();
  for (let c = 0; c < cols; c++) {
    const j = channels ? channels[c] : c;
    if (!(Number.isInteger(j) && j >= 0 && j < full.d))
      throw new RangeError(`channel ${j} must be a whole number from 0 to ${full.d - 1}`);
    const w = channelOmega(j, full);
    if (!known.has(w)) known.set(w, known.size);
    slots[c] = known.get(w);
    cosines[c] = +pairOf(j, full.d, full.layout)[1];
  }
  return { spec: full, omegas: Float64Array.from(known.keys()), slots, cosines };
}

// A turn by a fixed angle is repeated this often before it is taken anew from Math.sin: the error
// that gathers stays near 1e-14.
const TURNS_PER_SINE = 64;

/**
 * Fills out[r * cols + c] with the planned channels at the positions start, start + step, ...,
 * or, with run above 1, with their exact means over runs of that many positions from there on.
 * With across above 1, each value is the mean of so many neighbouring channels (of what is left of
 * them in the last), and cols shrinks to match.
 * The cost is that of the values filled, whatever the table's length and width, since each wave is
 * turned from row to row by its own angle instead of being asked for its sine.
 * @param {Float32Array | Float64Array} out at least rows * cols long
 * @param {Plan} what
 * @param {number} rows
 * @param {{start?: number, step?: number, run?: number, across?: number}} [where]
 */
export function fill(out, what, rows, { start = 0, step = 1, run = 1, across = 1 } = {}) {
  const { omegas, slots, cosines } = what;
  const n = omegas.length;
  const cols = slots.length;
  const cells = Math.ceil(cols / across);
  if (out.length < rows * cells)
    throw new RangeError(`out holds ${out.length} values; it must hold ${rows} x ${cells}`);
  // waves[2 s] and waves[2 s + 1] are the sine and the cosine of slot s, so channel c reads at[c].
  const waves = new Float64Array(2 * n);
  const turnC = new Float64Array(n);
  const turnS = new Float64Array(n);
  const shrink = new Float64Array(n).fill(1);
  const at = new Uint16Array(cols);
  for (let c = 0; c < cols; c++) at[c] = 2 * slots[c] + cosines[c];
  for (let s = 0; s < n; s++) {
    turnC[s] = Math.cos(omegas[s] * step);
    turnS[s] = Math.sin(omegas[s] * step);
    if (run > 1) shrink[s] = dirichlet(omegas[s], run);
  }
  const first = start + (run - 1) / 2;
  let p = 0;
  for (let r = 0; r < rows; r++) {
    if (r % TURNS_PER_SINE === 0) {
      const t = first + r * step;
      for (let s = 0; s < n; s++) {
        const angle = t * omegas[s];
        waves[2 * s] = shrink[s] * Math.sin(angle);
        waves[2 * s + 1] = shrink[s] * Math.cos(angle);
      }
    } else {
      for (let s = 0; s < n; s++) {
        const a = waves[2 * s];
        const b = waves[2 * s + 1];
        waves[2 * s] = a * turnC[s] + b * turnS[s];
        waves[2 * s + 1] = b * turnC[s] - a * turnS[s];
      }
    }
    if (across === 1) for (let c = 0; c < cols; c++) out[p++] = waves[at[c]];
    else
      for (let c = 0; c < cols; c += across) {
        const end = Math.min(cols, c + across);
        let sum = 0;
        for (let q = c; q < end; q++) sum += waves[at[q]];
        out[p++] = sum / (end - c);
      }
  }
  return out;
}

/**
 * Fills out[r * cols + c] with the planned channels at any positions, or with their exact means
 * over runs of so many positions from each.
 * @param {Float32Array | Float64Array} out at least positions.length * cols long
 * @param {Plan} what
 * @param {ArrayLike<number>} positions
 * @param {number} [run]
 */
export function fillAt(out, what, positions, run = 1) {
  const { omegas, slots, cosines } = what;
  const cols = slots.length;
  if (out.length < positions.length * cols)
    throw new RangeError(
      `out holds ${out.length} values; it must hold ${positions.length} x ${cols}`,
    );
  const shrink = omegas.map((w) => (run > 1 ? dirichlet(w, run) : 1));
  let p = 0;
  for (let r = 0; r < positions.length; r++) {
    const t = positions[r] + (run - 1) / 2;
    for (let c = 0; c < cols; c++) {
      const angle = t * omegas[slots[c]];
      out[p++] = shrink[slots[c]] * (cosines[c] ? Math.cos(angle) : Math.sin(angle));
    }
  }
  return out;
}

/** The whole table of L positions by d channels, as shown. @param {number} L @param {Spec} spec */
export function table(L, spec) {
  const what = plan(spec);
  return fill(new Float32Array(L * what.spec.d), what, L);
}

// -- what the encoding does -----------------------------------------------------------------------

/**
 * The dot product of the vectors of two positions k apart: the sum over pairs of cos(omega_i k).
 * @param {number} k
 * @param {Spec} spec
 */
export function dotByOffset(k, spec) {
  return frequencies(spec).reduce((sum, w) => sum + Math.cos(w * k), 0);
}

/**
 * The Euclidean distance of the vectors of two positions k apart.
 * @param {number} k
 * @param {Spec} spec
 */
export function distanceByOffset(k, spec) {
  return 2 * Math.sqrt(frequencies(spec).reduce((sum, w) => sum + Math.sin((w * k) / 2) ** 2, 0));
}

/**
 * distanceByOffset at the offsets start, start + 1, ..., one for each place in out. Each wave is
 * turned by its own half angle from offset to offset, and taken anew every TURNS_PER_SINE.
 * @param {Float64Array} out
 * @param {number} start
 * @param {Spec} spec
 */
export function distancesByOffset(out, start, spec) {
  const waves = frequencies(spec);
  for (let at = 0; at < out.length; at += TURNS_PER_SINE) {
    const end = Math.min(out.length, at + TURNS_PER_SINE);
    out.fill(0, at, end);
    for (let i = 0; i < waves.length; i++) {
      const half = waves[i] / 2;
      const c = Math.cos(half);
      const s = Math.sin(half);
      let x = Math.sin((start + at) * half);
      let y = Math.cos((start + at) * half);
      for (let n = at; n < end; n++) {
        out[n] += x * x;
        const next = x * c + y * s;
        y = y * c - x * s;
        x = next;
      }
    }
    for (let n = at; n < end; n++) out[n] = 2 * Math.sqrt(out[n]);
  }
  return out;
}

/**
 * The offset at which two of L positions are closest, and their distance. Positions differ by
 * their offset only, and an offset is dropped at the first pair that puts it beyond the best.
 * @param {number} L at least 2
 * @param {Spec} spec
 * @returns {{offset: number, distance: number}}
 */
export function closestPair(L, spec) {
  const w = frequencies(spec).map((x) => x / 2);
  let best = Number.POSITIVE_INFINITY;
  let offset = 1;
  for (let k = 1; k < L; k++) {
    let sum = 0;
    for (let i = 0; i < w.length && sum < best; i++) {
      const s = Math.sin(w[i] * k);
      sum += s * s;
    }
    if (sum < best) {
      best = sum;
      offset = k;
    }
  }
  return { offset, distance: 2 * Math.sqrt(best) };
}

/**
 * Full turns of each pair from position 0 to L - 1, and how many channels never finish one.
 * @param {number} L
 * @param {Spec} spec
 * @returns {{turns: Float64Array, unfinished: number}}
 */
export function turns(L, spec) {
  const made = frequencies(spec).map((w) => (w * (L - 1)) / TURN);
  return { turns: made, unfinished: 2 * made.filter((x) => x < 1).length };
}

// -- 16-bit floats --------------------------------------------------------------------------------

/** @type {Record<string, {digits: number, least: number, most: number}>} */
const GRAIN = {
  float16: { digits: 10, least: -14, most: 65504 },
  bfloat16: { digits: 7, least: -126, most: 3.3895313892515355e38 },
};
const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);
// The word of a float64 that holds its sign, its exponent and its first 20 digits.
number[0] = 1;
const HIGH = words[1] === 0 ? 0 : 1;
// Above 2^52 a float64 has no digits after the point, so adding this rounds, ties to even.
const ROUNDER = 1.5 * 2 ** 52;

/**
 * A number rounded to a 16-bit float, ties to even.
 * @param {number} x
 * @param {string} dtype "float16" or "bfloat16"
 */
export function roundTo(x, dtype) {
  const { digits, least, most } = GRAIN[dtype];
  number[0] = x;
  const e = ((words[HIGH] >>> 20) & 2047) - 1023;
  if (e === 1024) return x; // infinite or NaN
  const grain = 2 ** (Math.max(e, least) - digits);
  const result = (x / grain + ROUNDER - ROUNDER) * grain;
  return Math.abs(result) > most ? Math.sign(x) * Number.POSITIVE_INFINITY : result;
}

/**
 * How many of L positions keep a vector of their own when the table is rounded to 16-bit floats
 * ("table"), or when each position is rounded before its sine is taken ("positions").
 * A position that is rounded to infinity has no sine and so no vector: it is lost.
 * Positions are split into groups one channel at a time, and one that is alone is done.
 * @param {number} L
 * @param {Spec} spec
 * @param {string} dtype "float16" or "bfloat16"
 * @param {"table" | "positions"} [what]
 * @returns {{distinct: number, shared: number, lost: number}}
 */
export function rounded(L, spec, dtype, what = "table") {
  /** @type {Split} */
  let left = { at: Uint32Array.from({ length: L }, (_, t) => t), group: new Uint32Array(L), n: 0 };
  let lost = 0;
  if (what === "positions") {
    left.at = left.at.filter((t) => Number.isFinite(roundTo(t, dtype)));
    lost = L - left.at.length;
    left = split(left, (t) => roundTo(t, dtype));
  } else {
    for (const w of frequencies(spec)) {
      if (left.at.length > 0) left = split(left, (t) => roundTo(Math.sin(w * t), dtype));
      if (left.at.length > 0) left = split(left, (t) => roundTo(Math.cos(w * t), dtype));
    }
  }
  return { distinct: L - lost - left.at.length + left.n, shared: left.at.length, lost };
}

/**
 * Positions that are not yet told apart from some other.
 * @typedef {object} Split
 * @property {Uint32Array} at the positions
 * @property {Uint32Array} group for each, the number of the group that it is still in
 * @property {number} n how many groups there are
 */

/**
 * Splits each group by a value that is exact in a 16-bit float, and drops who is alone.
 * @param {Split} from
 * @param {(t: number) => number} ask
 * @returns {Split}
 */
function split({ at, group }, ask) {
  // A hash table in typed arrays: a Map is ten times slower at a million positions.
  let size = 16;
  while (size < 2 * at.length) size *= 2;
  const names = new Int32Array(size).fill(-1);
  const groupOf = new Uint32Array(size);
  const wordOf = new Uint32Array(size);
  const counts = new Uint32Array(at.length);
  const next = new Uint32Array(at.length);
  let n = 0;
  for (let k = 0; k < at.length; k++) {
    number[0] = ask(at[k]) + 0; // + 0 makes one zero of 0 and -0
    const word = words[HIGH]; // 8 or 11 digits fit in it
    let h = Math.imul(Math.imul(word ^ (word >>> 15), 0x2c1b3c6d) ^ group[k], 0x297a2d39);
    h = (h ^ (h >>> 15)) & (size - 1);
    while (names[h] >= 0 && (groupOf[h] !== group[k] || wordOf[h] !== word))
      h = (h + 1) & (size - 1);
    if (names[h] < 0) {
      names[h] = n++;
      groupOf[h] = group[k];
      wordOf[h] = word;
    }
    next[k] = names[h];
    counts[names[h]]++;
  }
  let kept = 0;
  let groups = 0;
  const renamed = new Int32Array(n).fill(-1);
  for (let k = 0; k < at.length; k++) {
    if (counts[next[k]] < 2) continue;
    if (renamed[next[k]] < 0) renamed[next[k]] = groups++;
    at[kept] = at[k];
    next[kept++] = renamed[next[k]];
  }
  return { at: at.subarray(0, kept), group: next.subarray(0, kept), n: groups };
}
