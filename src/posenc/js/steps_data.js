/** What the figure of steps shows, as numbers: both networks, before and after the change. */

import { rowChanges } from "./analysis.js";
import {
  randomHead,
  randomRecurrence,
  recurrentStates,
  selfAttention,
  splitWords,
  wordVectors,
} from "./attention.js";

/** The two marked places: t, and s, at most `offset` words before it. */
export function pairOf({ t, offset }) {
  const k = Math.min(offset, t);
  return { t, s: t - k, k };
}

export const SAME = 1e-9; // a share of change below this is rounding

/** A change as a percentage: in whole ones from 10% on, with a decimal below. */
export function share(x) {
  if (x < SAME) return "0%";
  if (x < 0.0005) return "less than 0.1%";
  return `${(100 * x).toFixed(x < 0.0995 ? 1 : 0)}%`;
}

/** Both networks read some words: states (n, d), and attention's weights and outputs. */
function read(words, { width: d, seed }) {
  const n = words.length;
  const x = wordVectors(words, d);
  const states = recurrentStates(x, n, d, randomRecurrence({ d, seed }));
  const { weights, output } = selfAttention(x, n, d, randomHead({ d, seed }));
  return { states, weights, output };
}

/**
 * All of it for a state with a whole `t`, kept in `memory` until something of it changes.
 *
 * `order[p]` is the place, as written, of the word that stands at place p now; `outputs` are
 * attention's outputs over their largest absolute value, for the colours, `raw` as they are.
 */
export function compute(memory, state) {
  const { t, offset, length, change, text, instead, width, seed } = state;
  const key = [t, offset, length, change, text, instead, width, seed].join("|");
  if (memory.key === key) return memory.data;
  const pair = pairOf(state);
  const written = splitWords(text, length);
  const n = written.length;
  const order = written.map((_, p) => p);
  if (change === "swap") [order[pair.t], order[pair.s]] = [pair.s, pair.t];
  const words = order.map((p) => written[p]);
  if (change === "replace") words[pair.s] = instead;
  const now = read(words, state);
  let changes = null;
  const moved = new Set();
  if (change !== "none") {
    const before = read(written, state);
    const followed = new Float64Array(n * width);
    for (const [p, from] of order.entries())
      followed.set(before.output.subarray(from * width, (from + 1) * width), p * width);
    changes = {
      states: rowChanges(before.states, now.states, n, width),
      outputs: rowChanges(followed, now.output, n, width),
    };
    for (const [p, word] of words.entries()) if (word !== written[p]) moved.add(p);
  }
  const most = now.output.reduce((a, v) => Math.max(a, Math.abs(v)), 0);
  const data = {
    key: [change === "none" ? "" : key, length, text, seed].join("|"),
    n,
    d: width,
    pair,
    order,
    words,
    written,
    moved,
    states: now.states,
    weights: now.weights,
    raw: now.output,
    outputs: now.output.map((v) => v / most),
    changes,
    most: changes ? Math.max(...changes.states, ...changes.outputs) : 1,
  };
  Object.assign(memory, { key, data });
  return data;
}
