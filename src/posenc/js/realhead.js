/**
 * The twin of realhead.py: a real attention head, computed from the clocks that it reads.
 */

import { attend as attention } from "./attention.js";

export const PASTS = ["clocks", "line", "last row"];
export const ROWS = 512;
export const FROM = 509; // the row that invented ones go on from
const WIDTH = 384;

/**
 * Row t of the table as hands, invented past its last row.
 * @param {ArrayLike<number>} hands of 2 h columns
 * @param {ArrayLike<number>} angles by how much each of h hands turns from position to position
 */
function rowAt(hands, angles, t, past, out, at) {
  const columns = 2 * angles.length;
  const beyond = t - FROM;
  for (let j = 0; j < columns; j++) {
    const last = hands[FROM * columns + j];
    if (t < ROWS) out[at + j] = hands[t * columns + j];
    else if (past === "line")
      out[at + j] = last + beyond * (last - hands[(FROM - 1) * columns + j]);
    else out[at + j] = last;
  }
  if (t >= ROWS && past === "clocks") turnRow(out, at, angles, beyond);
}

function turnRow(rows, at, angles, by) {
  for (let k = 0; k < angles.length; k++) {
    const [c, s] = [Math.cos(by * angles[k]), Math.sin(by * angles[k])];
    const [x, y] = [rows[at + 2 * k], rows[at + 2 * k + 1]];
    rows[at + 2 * k] = x * c - y * s;
    rows[at + 2 * k + 1] = x * s + y * c;
  }
}

/** Rows of hands, each hand turned on by so many positions. */
export function turned(rows, angles, by) {
  const out = Float64Array.from(rows);
  for (let at = 0; at < out.length; at += 2 * angles.length) turnRow(out, at, angles, by);
  return out;
}

/** The rows of n positions in a row, those past the table invented: one of PASTS. */
export function positions(hands, angles, first, n, past = "clocks") {
  if (!PASTS.includes(past))
    throw new RangeError(`past is ${JSON.stringify(past)}; it must be one of ${PASTS.join(", ")}`);
  const columns = 2 * angles.length;
  const out = new Float64Array(n * columns);
  for (let row = 0; row < n; row++) rowAt(hands, angles, first + row, past, out, row * columns);
  return out;
}

/** Of each word what the head makes of it and of its position: (word + hands) over their spread. */
function seen(kept, words, rows, on, ofWord, ofHand, bias) {
  const columns = 2 * on.length;
  const width = kept[ofHand].length / columns;
  const out = new Float64Array(words.length * width);
  const y = new Float64Array(columns);
  for (const [row, word] of words.entries()) {
    for (let j = 0; j < columns; j++) y[j] = on[j >> 1] ? rows[row * columns + j] : 0;
    let square = kept.wordSquare[word];
    for (let a = 0; a < columns; a++) {
      let sum = 2 * kept.wordCross[word * columns + a];
      for (let b = 0; b < columns; b++) sum += kept.gram[a * columns + b] * y[b];
      square += sum * y[a];
    }
    const spread = Math.sqrt(square / WIDTH);
    for (let c = 0; c < width; c++) {
      let sum = kept[ofWord][word * width + c];
      for (let j = 0; j < columns; j++) sum += y[j] * kept[ofHand][j * width + c];
      out[row * width + c] = sum / spread + (bias ? bias[c] : 0);
    }
  }
  return out;
}

/**
 * Scores and weights of words at positions, from row to column.
 * @param {Record<string, ArrayLike<number>>} kept the arrays of the file by name
 * @param {number[]} words of each word its row in the arrays of words
 * @param {ArrayLike<number>} asking the position of each word when it looks
 * @param {ArrayLike<number>} asked the same, when it is looked at
 * @param {boolean[]} on which hands are switched on
 */
export function attendTo(kept, words, asking, asked, on) {
  const n = words.length;
  const q = seen(kept, words, asking, on, "wordQuery", "query", kept.bias);
  const k = seen(kept, words, asked, on, "wordKey", "key", null);
  return attention({ q, k, v: k, n, d: k.length / n });
}

/** The mean weight on the word before, over all words that have one. */
export function onPrevious(weights, n) {
  let sum = 0;
  for (let t = 1; t < n; t++) sum += weights[t * n + t - 1];
  return sum / (n - 1);
}
