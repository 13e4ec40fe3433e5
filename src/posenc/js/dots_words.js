/** How the dot-product exhibit writes its numbers. */

import { quantity, signed, thousands } from "./format.js";

/** A dot product in the decimals that its table deserves; where all is counted, none. */
export function product(v, { scale, whole, learned }) {
  if (learned) return signed(v, 3);
  if (scale >= 1000 || whole) return thousands(v);
  return signed(v, scale >= 100 ? 1 : 2);
}

const rounded = (v) => (Math.abs(v) >= 1e6 ? quantity(v).replace(".0 ", " ") : thousands(v));
export const axisWord = (v) =>
  Math.abs(v) >= 1 || v === 0
    ? (v < 0 ? "\u2212" : "") +
      (Number.isInteger(v) ? rounded(Math.abs(v)) : signed(Math.abs(v), 1))
    : signed(v, Math.max(1, Math.ceil(-Math.log10(Math.abs(v)) - 1e-9)));

/** The end of a scale of colours, to three digits. */
export function endWord(v) {
  const short = +v.toPrecision(3);
  return Number.isInteger(short) ? axisWord(short) : String(short);
}

export const offsetWord = (k) => `*k* = ${thousands(k)}`;
