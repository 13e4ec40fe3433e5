/**
 * The numbers of the dot-product exhibit, kept between redraws: a move of t or k asks for one row
 * of products, never for the whole table again, and the picture of all pairs is only as fine as
 * the screen (exact means where one of its cells holds several positions).
 */

import {
  blockMeans,
  firstNegative,
  firstRise,
  gram,
  offsetRange,
  productsWith,
} from "./analysis.js";
import { learnedCalled, products, rowsOf, scaleOf } from "./learned.js";
import { rows } from "./schemes.js";

const FAR = 1_000_000; // offsets searched for the first rise and the first negative value
const SAMPLE_COST = 1_600_000; // products behind the curves in grey: what a frame has time for
const CURVE_POINTS = 24_000; // of a learned table, whose products are there already
const [FEWEST, MOST] = [12, 128]; // curves in grey
const BELOW = 0.12; // of the span: room for curves that were not computed
const PAIR_COST = 6_000_000; // products behind the picture of all pairs
const ROUNDING = 1e-9; // of the largest value: below it two sums of floats are the same number

const cached = (memory, name, key, make) => {
  const at = `${name}Key`;
  if (memory[at] !== key) {
    memory[at] = key;
    memory[name] = make();
  }
  return memory[name];
};

/**
 * The table of vectors: {n, d, vectors, scale, reach, whole}. `scale` is the largest product of any
 * pair (that of a vector with itself, by the Cauchy-Schwarz inequality), `reach` the largest value
 * in a vector (1 at least), `whole` whether all values are whole numbers. Of a learned table also
 * {learned, gram, outlying}: the products of all its pairs, and the rows that `scale` and `reach`
 * have no room for; its vectors are in its own directions.
 */
export function tableOf(memory, { scheme, length: n, d_model: d, base }) {
  if (learnedCalled(scheme))
    return cached(memory, "table", [scheme, n].join(), () => learnedTable(memory, scheme, n));
  return cached(memory, "table", [scheme, n, d, base].join(), () => {
    const vectors = rows(scheme, n, { d, base, length: n });
    let scale = 0;
    let reach = 0;
    let whole = true;
    for (let t = 0; t < n; t++) {
      let sum = 0;
      for (let j = t * d; j < (t + 1) * d; j++) {
        sum += vectors[j] * vectors[j];
        reach = Math.max(reach, Math.abs(vectors[j]));
        whole = whole && Number.isInteger(vectors[j]);
      }
      scale = Math.max(scale, sum);
    }
    const ends = { scale: scale || 1, reach: Math.max(1, reach) };
    return { key: memory.tableKey, n, d, vectors, whole, ...ends };
  });
}

function learnedTable(memory, name, n) {
  const { components, d } = rowsOf(name);
  const gram = products(name, n);
  const { scale, outlying } = scaleOf(gram, n);
  const vectors = components.subarray(0, n * d);
  let reach = 0;
  for (let t = 0; t < n; t++)
    if (!outlying.includes(t))
      for (let j = t * d; j < (t + 1) * d; j++) reach = Math.max(reach, Math.abs(vectors[j]));
  const learned = learnedCalled(name);
  return {
    key: memory.tableKey,
    n,
    d,
    vectors,
    whole: false,
    scale,
    reach,
    learned,
    gram,
    outlying,
  };
}

const productsOf = ({ gram, vectors, n, d }, t) =>
  gram ? gram.subarray(t * n, (t + 1) * n) : productsWith(vectors, n, d, t);

/** The products of one position with all others, itself included. */
export const rowOf = (memory, table, t) =>
  cached(memory, "row", `${table.key}|${t}`, () => productsOf(table, t));

/** Positions at even steps, and the last: their curves are drawn in grey. All, if there is time. */
export function othersOf(memory, table) {
  return cached(memory, "others", table.key, () => {
    const { n, d } = table;
    const time = Math.floor(table.gram ? CURVE_POINTS / n : SAMPLE_COST / (n * d));
    const step = Math.ceil(n / Math.max(FEWEST, Math.min(MOST, time)));
    const some = Array.from({ length: Math.ceil(n / step) }, (_, i) => i * step);
    if (some.at(-1) < n - 1) some.push(n - 1);
    const curves = some.map((t) => ({ t, values: productsOf(table, t) }));
    let least = 0;
    let apart = 0;
    for (const { t, values } of curves)
      for (let s = 0; s < n; s++) {
        if (values[s] < least) least = values[s];
        apart = Math.max(apart, Math.abs(values[s] - curves[0].values[Math.abs(s - t)]));
      }
    // what the positions left out may go below those that were looked at
    const agree = step === 1 || apart < ROUNDING * table.scale;
    if (!agree && least < 0) least -= BELOW * (table.scale - least);
    // a row that stands far out leaves the plot, below as above
    return { curves, least: Math.max(least, -table.scale) };
  });
}

/**
 * The picture of all pairs: {run, blocks, values}; values[r * blocks + c] is the mean of the
 * products of run x run pairs. `most` is how many cells the screen has room for.
 */
export function pairsOf(memory, table, most) {
  const time = table.gram ? most : Math.floor(Math.sqrt((2 * PAIR_COST) / table.d));
  const room = Math.min(most, time);
  const run = Math.ceil(table.n / room);
  return cached(memory, "pairs", `${table.key}|${run}`, () => {
    const { n, d, vectors } = table;
    if (table.gram) return { key: memory.pairsKey, run, ...meansOf(table.gram, n, run) };
    const means = blockMeans(vectors, n, d, run);
    const blocks = means.length / d;
    return { key: memory.pairsKey, run, blocks, values: gram(means, blocks, d) };
  });
}

/** The means of a table's products over blocks of run x run, of what is left of them at the ends. */
function meansOf(gram, n, run) {
  const blocks = Math.ceil(n / run);
  const values = new Float64Array(blocks * blocks);
  const size = (b) => Math.min(run, n - b * run);
  const block = Uint16Array.from({ length: n }, (_, s) => Math.floor(s / run));
  for (let t = 0; t < n; t++) {
    const row = block[t] * blocks;
    for (let s = 0; s < n; s++) values[row + block[s]] += gram[t * n + s];
  }
  for (let r = 0; r < blocks; r++)
    for (let c = 0; c < blocks; c++) values[r * blocks + c] /= size(r) * size(c);
  return { blocks, values };
}

/** The least and the greatest product on a diagonal of a table of products. */
function diagonalRange(gram, n, k) {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < n - Math.abs(k); t++) {
    const v = gram[t * n + t + Math.abs(k)];
    if (v < least) least = v;
    if (v > greatest) greatest = v;
  }
  return { least, greatest };
}

/** The least and the greatest product of all pairs at one offset: {least, greatest, spread}. */
export const rangeOf = (memory, table, k) =>
  cached(memory, "range", `${table.key}|${Math.abs(k)}`, () => {
    const { least, greatest } = table.gram
      ? diagonalRange(table.gram, table.n, k)
      : offsetRange(table.vectors, table.n, table.d, k);
    const spread = greatest - least;
    return { least, greatest, spread: spread < ROUNDING * table.scale ? 0 : spread };
  });

/** Where the sinusoidal curve first rises again and first turns negative; null where not. */
export const turnsOf = (memory, { d_model: d, base }) =>
  cached(memory, "turns", [d, base].join(), () => ({
    rise: firstRise({ d, base }, FAR),
    negative: firstNegative({ d, base }, FAR),
  }));
