/**
 * The numbers of "A real learned table", kept between redraws: the cosines of all pairs of rows, the
 * lengths of the rows, and the pictures of a table. A move of t asks for one row of cosines.
 */

import { blockMeans, gram, productsWith } from "./analysis.js";
import { dotByOffset } from "./encodings.js";
import { squared } from "./leastsquares.js";
import {
  byOffset,
  channelsOf,
  ENCODER,
  lengthsOf,
  oddLengths,
  rowsOf,
  TABLES,
  unitRows,
} from "./tables.js";

export const NAMES = TABLES.map(({ name }) => name);
export const PICTURES = ["components", "channels", "cosines"];
export const REACH = 96; // offsets to either side that the curves show
export const WIDTH = 64; // of a table that is drawn at random; as in views/table.py
export const FULL = 384; // of the sinusoidal one: the width of the real ones
export const NAMED = 8; // odd rows, at most, that are named one by one
const CURVES = 48; // curves in grey
const CELLS = 300; // rows of a picture, at most; where it holds more, each is the mean of a run

/** The width of a table that is made. */
export const widthOf = (name) => (name === "sinusoidal" ? FULL : WIDTH);

const FORMULAS = { sinusoidal: { d: FULL }, "whisper encoder": ENCODER };

/** Everything that does not depend on t. */
export function tableOf(view, name) {
  view.memory.tables ??= {};
  view.memory.tables[name] ??= make(name, view.tensors);
  view.memory.tables[name].kept = view.tensors; // what rebuilds its channels may have come since
  return view.memory.tables[name];
}

function make(name, kept) {
  const about = TABLES.find((table) => table.name === name);
  const n = about.length;
  const formula = FORMULAS[name];
  const width = widthOf(name);
  if (formula) {
    // the cosine of two sinusoidal rows depends on their offset alone, and all rows are as long
    const even = Float64Array.from(
      { length: n },
      (_, k) => dotByOffset(k, formula) / (formula.d / 2),
    );
    const sizes = new Float64Array(n).fill(Math.sqrt(formula.d / 2));
    return {
      name,
      about,
      n,
      d: formula.d,
      even,
      sizes,
      odd: [],
      median: sizes[0],
      explained: 1,
    };
  }
  const { rows, d } = rowsOf(name, width, kept);
  const units = unitRows(rows, n, d);
  const sizes = lengthsOf(name, width, kept);
  const sorted = sizes.slice().sort();
  return {
    name,
    about,
    n,
    d: about.learned ? FULL : d,
    rows,
    units,
    inner: d,
    sizes,
    odd: oddLengths(sizes),
    median: (sorted[Math.ceil(n / 2) - 1] + sorted[Math.floor(n / 2)]) / 2,
    explained: byOffset(units, n, d).explained,
  };
}

/** The cosine of row t with every row. */
export function cosinesOf(table, t) {
  if (table.row?.t === t) return table.row.values;
  const values = table.even
    ? Float64Array.from({ length: table.n }, (_, s) => table.even[Math.abs(s - t)])
    : productsWith(table.units, table.n, table.inner, t);
  table.row = { t, values };
  return values;
}

/** Curves of other positions, at even steps. */
export function othersOf(table) {
  if (table.others) return table.others;
  const step = Math.max(1, Math.floor(table.n / CURVES));
  const some = Array.from({ length: Math.ceil(table.n / step) }, (_, i) => i * step);
  // of a formula all curves are one
  table.others = (table.even ? [0, table.n - 1] : some).map((t) => {
    const { row } = table;
    const values = cosinesOf(table, t);
    table.row = row;
    return { t, values };
  });
  return table.others;
}

/**
 * A picture of a table: {values, rows, columns, run, scale, what}; each of `values` is the mean of
 * `run` positions, and `scale` is the value that has the last colour.
 */
export function pictureOf(table, picture) {
  table.pictures ??= {};
  table.pictures[picture] ??= paint(table, picture);
  return table.pictures[picture];
}

function paint(table, picture) {
  const { n } = table;
  const run = Math.ceil(n / CELLS);
  const rows = Math.ceil(n / run);
  if (picture === "cosines") {
    const values = table.even
      ? evenPairs(table.even, rows, run)
      : gram(blockMeans(table.units, n, table.inner, run), rows, table.inner);
    return { values, rows, columns: rows, run, scale: 1, what: "cosine of every pair of rows" };
  }
  const source = channelsAs(table, picture);
  const values = blockMeans(source.rows, n, source.d, run);
  const { first, last } = table.about;
  const course = source.rows.subarray(first * source.d, (last + 1) * source.d);
  // three standard deviations of the rows that are not odd
  const spread = 3 * Math.sqrt(squared(course) / course.length);
  const scale = table.even ? 1 : spread;
  return { values, rows, columns: source.d, run, scale, what: source.what };
}

function channelsAs(table, picture) {
  const { name, about, kept } = table;
  if (about.learned && picture === "components")
    return { rows: table.rows, d: table.inner, what: `${table.inner} leading directions` };
  if (about.learned) return { rows: channelsOf(name, kept), d: FULL, what: `${FULL} channels` };
  const { rows, d } = table.rows
    ? { rows: table.rows, d: table.inner }
    : rowsOf(name, widthOf(name), kept);
  return { rows, d, what: `${d} channels` };
}

/** The mean cosine of blocks of run x run pairs, from the cosines by offset. */
function evenPairs(even, rows, run) {
  const means = new Float64Array(rows);
  for (let b = 0; b < rows; b++) {
    let [sum, weight] = [0, 0];
    for (let u = 1 - run; u < run; u++) {
      const k = Math.abs(b * run + u);
      if (k >= even.length) continue;
      sum += (run - Math.abs(u)) * even[k];
      weight += run - Math.abs(u);
    }
    means[b] = sum / weight;
  }
  return Float64Array.from(
    { length: rows * rows },
    (_, at) => means[Math.abs(Math.floor(at / rows) - (at % rows))],
  );
}
