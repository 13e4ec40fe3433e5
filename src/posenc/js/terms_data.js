/** What "The four terms" shows, as numbers: the terms, their shares, the sum and its softmax. */

import { shiftMatrix } from "./analysis.js";
import { dots, randomHead, softmaxRows, splitWords, wordVectors } from "./attention.js";
import { rows } from "./schemes.js";
import { fourTerms, headParts, movedWeight, TERMS, termShares, tokensOf } from "./sums.js";
import { notesOf } from "./tensors.js";

export const MOST = 12; // words; as in views/terms.py
export const WIDTH = 64; // channels of the drawn words; as in views/terms.py
export const FADERS = TERMS;

/** Which head of MiniLM's first layer, or null for a matrix. */
export const headOf = (matrix) => (matrix.startsWith("minilm") ? Number(matrix.slice(6)) : null);

/** How many words are read. */
export function countOf({ text, matrix }) {
  return splitWords(text, MOST).length + (headOf(matrix) === null ? 0 : 2);
}

/** The matrix between query and key; a random one takes longer to draw than all the rest. */
function between(memory, { matrix, seed, k }) {
  const key = [matrix, matrix === "random" ? seed : k].join("|");
  if (memory.between?.key !== key) {
    const turn = matrix === "shift" ? -k : 0;
    const w =
      matrix === "random" ? randomHead({ d: WIDTH, seed }).wq : shiftMatrix(turn, { d: WIDTH });
    memory.between = { key, w };
  }
  return memory.between.w;
}

/** Queries and keys of words with drawn vectors. */
function drawnParts(memory, words, state) {
  const n = words.length;
  const d = WIDTH;
  const content = wordVectors(words, d).map((x) => state.size * x);
  const keys = [content, rows("sinusoidal", n, { d })];
  const w = between(memory, state);
  return { queries: keys.map((x) => dots(x, n, d, w, d)), keys, d };
}

/** The words as they are read, and their queries and keys; anew when one of these changes. */
function read(view, state) {
  const { text, matrix, size, seed, k } = state;
  const key = [text, matrix, size, seed, k].join("|");
  const { memory } = view;
  if (memory.read?.key === key) return memory.read;
  const written = splitWords(text, MOST);
  const head = headOf(matrix);
  let words = written;
  let parts;
  if (head === null) parts = drawnParts(memory, words, state);
  else {
    memory.known ??= notesOf(view.model.get("payload")).words;
    words = tokensOf(written, memory.known);
    parts = headParts(view.tensors, memory.known, head, words);
  }
  const n = words.length;
  const { queries, keys, d } = parts;
  const terms = n ? fourTerms(queries, keys, n, n, d) : TERMS.map(() => new Float64Array());
  const [q, p] = [queries, keys].map(([content, place]) => content.map((x, c) => x + place[c]));
  const whole = n ? dots(q, n, d, p, n).map((x) => x / Math.sqrt(d)) : new Float64Array();
  const sum = sumOf(terms, [1, 1, 1, 1], n);
  memory.read = {
    key,
    written,
    words,
    n,
    terms,
    left: splitWords(text).length - written.length,
    unknown: head === null ? [] : written.filter((_, w) => words[w + 1] === "[UNK]"),
    gap: sum.reduce((most, x, c) => Math.max(most, Math.abs(x - whole[c])), 0),
    weights: n ? softmaxRows(sum, n, n) : sum,
    span: [sum, ...terms].flat().reduce(largest, 0) || 1,
  };
  return memory.read;
}

const largest = (most, table) => table.reduce((m, x) => Math.max(m, Math.abs(x)), most);

function sumOf(terms, faders, n) {
  const sum = new Float64Array(n * n);
  for (const [term, values] of terms.entries())
    for (let c = 0; c < n * n; c++) sum[c] += faders[term] * values[c];
  return sum;
}

/**
 * All of it for a state: `faded` the terms times their faders, `sum`, `weights`, `shares` by term,
 * `moved` how much of the attention the faders moved, `gap` how far the sum of the four is from the
 * scores computed whole.
 */
export function compute(view, state) {
  const about = read(view, state);
  const faders = FADERS.map((name) => state[name]);
  const key = `${about.key}|${faders.join()}`;
  const { memory } = view;
  if (memory.data?.key === key) return memory.data;
  const { n, terms } = about;
  const faded = terms.map((values, term) => values.map((x) => faders[term] * x));
  const sum = sumOf(terms, faders, n);
  const weights = n ? softmaxRows(sum, n, n) : sum;
  memory.data = {
    ...about,
    key,
    faders,
    faded,
    sum,
    weights,
    shares: n ? termShares(faded, n, n) : new Float64Array(4),
    moved: movedWeight(about.weights, weights, n),
    full: faders.every((fader) => fader === 1),
  };
  return memory.data;
}
