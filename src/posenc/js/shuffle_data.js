/** What "Shuffle the sentence" shows, as numbers: one head, the first order of the words and theirs now. */

import { randomHead, selfAttention, splitWords, wordVectors } from "./attention.js";
import { power, signed } from "./format.js";
import { rows } from "./schemes.js";

export const MOST = 128; // words; as in views/shuffle.py
export const WIDTH = 16; // channels of a word and of an output; as in views/shuffle.py
export const SAME = 1e-12; // a difference below this is rounding; as in views/shuffle.py
const LONG = 24; // letters of a word that a sentence quotes

// What would turn the words around it about: marks that set a direction for what follows.
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;
const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** A word as it is shown: without marks of direction, and with an ellipsis after so many letters. */
export function clipped(word, most = LONG) {
  const plain = word.replace(DIRECTIONS, "");
  if (plain.length <= most) return plain;
  const signs = Array.from(letters.segment(plain.slice(0, 40 * most)), (part) => part.segment);
  return signs.length > most ? `${signs.slice(0, most - 1).join("")}…` : plain;
}

// -- orders: order[p] is the place, as written, of the word that stands at place p ---------------

const written = (n) => Array.from({ length: n }, (_, p) => p);

/** The order that a text such as "2.0.1" names for n words, nothing being the first; null if none. */
export function readOrder(text, n) {
  if (text === "") return written(n);
  if (!/^\d{1,3}(\.\d{1,3})*$/.test(text)) return null;
  const order = text.split(".").map(Number);
  return order.length === n && new Set(order).size === n && Math.max(...order) < n ? order : null;
}

export const writeOrder = (order) => (order.every((w, p) => w === p) ? "" : order.join("."));

/** The word at one place taken out and put in at another. */
export function moved(order, from, to) {
  const next = order.slice();
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

export function swapped(order, [p, q]) {
  const next = order.slice();
  [next[p], next[q]] = [next[q], next[p]];
  return next;
}

/**
 * The two places that "Swap" offers: the second and the last whose words differ, so that the dog
 * bites the man; of two words both. Null if there are not two.
 */
export function pairToSwap(now) {
  if (now.length < 2) return null;
  const p = now.length > 2 ? 1 : 0;
  for (let q = now.length - 1; q > p; q--) if (now[q] !== now[p]) return [p, q];
  return [p, now.length - 1];
}

/** Another order at random, in which the sentence reads differently if it can. */
export function shuffled(order, words) {
  const reads = (o) => o.map((w) => words[w]).join(" ");
  let next = order;
  for (let tries = 0; tries < 50 && reads(next) === reads(order); tries++) {
    next = order.slice();
    for (let p = next.length - 1; p > 0; p--) {
      const q = Math.floor(Math.random() * (p + 1));
      [next[p], next[q]] = [next[q], next[p]];
    }
  }
  return next;
}

// -- attention ----------------------------------------------------------------------------------

/** What was computed for a key, kept until the key is another. */
function kept(memory, name, key, work) {
  if (memory[name]?.key !== key) memory[name] = { ...work(), key };
  return memory[name];
}

/** The words of the text, which of them are spelled alike, and their vectors. */
function read(text) {
  const all = splitWords(text);
  const words = all.slice(0, MOST);
  const alike = new Map();
  for (const [w, word] of words.entries()) alike.set(word, [...(alike.get(word) ?? []), w]);
  return {
    words,
    left: all.length - words.length,
    twins: [...alike.values()].filter((group) => group.length > 1),
    // which of the words spelled alike: "the" is 1 of 2, "dog" 0 of 1
    nth: words.map((word, w) => {
      const group = alike.get(word);
      return group.length > 1 ? [group.indexOf(w) + 1, group.length] : [0, 1];
    }),
    vectors: wordVectors(words, WIDTH),
  };
}

/**
 * Attention reads the words in an order. Everything is computed from the words as they stand: the
 * head is never told that it has seen them in another order, else the comparison would show nothing.
 */
function attend(vectors, order, { encoding, mask, seed }) {
  const n = order.length;
  const x = new Float64Array(n * WIDTH);
  for (const [p, w] of order.entries())
    x.set(vectors.subarray(w * WIDTH, (w + 1) * WIDTH), p * WIDTH);
  if (encoding !== "none") {
    const added = rows(encoding, n, { d: WIDTH });
    for (let c = 0; c < x.length; c++) x[c] += added[c];
  }
  const head = randomHead({ d: WIDTH, seed });
  return selfAttention(x, n, WIDTH, head, { causal: mask === "causal" });
}

/**
 * All of it for a state. Tables go by place (row p of `weights` and `outputs` is the word that
 * stands at place p now), but `change`, `changes` and `places` go by word as it was written:
 * `change` is a word's output now less the same word's output in the first order, `changes` the
 * largest absolute value of each row, `largest` the largest of all, of the word `most`.
 */
export function compute(memory, state) {
  const { text, encoding, mask, seed } = state;
  const sentence = kept(memory, "sentence", text, () => read(text));
  const { words, vectors } = sentence;
  const n = words.length;
  if (!n) return { ...sentence, n, order: [], places: [] };
  const about = [text, encoding, mask, seed].join("|");
  const first = kept(memory, "first", about, () => attend(vectors, written(n), state));
  return kept(memory, "data", `${state.order}|${about}`, () => {
    const order = readOrder(state.order, n) ?? written(n);
    const places = [];
    for (const [p, w] of order.entries()) places[w] = p;
    const now = attend(vectors, order, state);
    const change = new Float64Array(n * WIDTH);
    const changes = new Float64Array(n);
    for (let w = 0; w < n; w++)
      for (let j = 0; j < WIDTH; j++) {
        const by = now.output[places[w] * WIDTH + j] - first.output[w * WIDTH + j];
        change[w * WIDTH + j] = by;
        changes[w] = Math.max(changes[w], Math.abs(by));
      }
    const largest = Math.max(...changes);
    const topOutput = above(Math.max(maximum(first.output), maximum(now.output)));
    return {
      ...sentence,
      n,
      order,
      places,
      weights: now.weights,
      outputs: now.output,
      change,
      changes,
      largest,
      most: changes.indexOf(largest),
      displaced: places.filter((p, w) => p !== w).length,
      topWeight: above(Math.max(maximum(first.weights), maximum(now.weights))),
      topOutput,
      topChange: Math.max(above(largest || SAME), topOutput / 10), // rounding must not show
    };
  });
}

/** The largest difference between the outputs of words that are spelled alike, now. */
export function apart({ twins, places, outputs }) {
  let most = 0;
  for (const [one, ...others] of twins)
    for (const other of others)
      for (let j = 0; j < WIDTH; j++)
        most = Math.max(
          most,
          Math.abs(outputs[places[one] * WIDTH + j] - outputs[places[other] * WIDTH + j]),
        );
  return most;
}

function maximum(table) {
  let most = 0;
  for (const x of table) most = Math.max(most, Math.abs(x));
  return most;
}

/** The end of a scale: the next of 1, 2 and 5 times a power of ten. */
function above(x) {
  const power = 10 ** Math.floor(Math.log10(x));
  return [1, 2, 5, 10].map((k) => k * power).find((end) => end >= x * (1 - SAME));
}

/** Whether two outputs are the same but for rounding. */
export const same = (difference) => difference < SAME;

/** A difference in few signs: 0, 4.4 × 10⁻¹⁶, 0.83. */
export function difference(x) {
  if (same(x)) return power(x, 2);
  return x < 0.01 ? x.toPrecision(1) : signed(x, 2);
}
