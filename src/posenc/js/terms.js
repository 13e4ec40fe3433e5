/**
 * The four terms. A score compares a sum with a sum: content and position of the word that looks,
 * content and position of the word looked at. Four pictures, a fader under each, their sum and what
 * the softmax makes of it; one pair of words is written out.
 */

import { clamp } from "./canvas.js";
import { plural, power, signed } from "./format.js";
import { literal } from "./inline.js";
import { compute, countOf, FADERS, headOf, MOST } from "./terms_data.js";
import { cellAt, draw, PARTS } from "./terms_draw.js";
import { defineView } from "./view.js";

export const MATRICES = ["identity", "random", "shift", "minilm2", "minilm8", "minilm1"];
const TARGET = 44;
const NOTCH = 5; // hundredths that an arrow key moves a fader by

function fix(state, changed) {
  const { text, sentences } = state;
  if (changed === "sentence_index" && state.sentence_index < sentences.length)
    return { text: sentences[state.sentence_index] };
  const last = Math.max(0, countOf(state) - 1);
  const patch = {
    t: clamp(Math.round(state.t), 0, last),
    s: clamp(Math.round(state.s), 0, last),
    no_k: state.matrix !== "shift",
    no_size: headOf(state.matrix) !== null,
  };
  if (changed !== "sentence_index") {
    const at = sentences.indexOf(text);
    patch.sentence_index = at < 0 ? sentences.length : at;
  }
  return patch;
}

const percent = (x) => `${signed(100 * x, 0)}%`;
const quoted = (word) =>
  `“\u2068${literal(word.length > 24 ? `${word.slice(0, 23)}…` : word)}\u2069”`;
const box = ({ x, y }, w = TARGET, h = TARGET) => ({ x: x - w / 2, y: y - h / 2, w, h });

/** The options of the fader of one term. */
function faderOf(view, term) {
  const name = FADERS[term];
  const [from, to] = PARTS[term];
  return {
    name,
    label: `Fader: ${from} to ${to}`,
    page: 5,
    range: () => [0, 100],
    value: () => Math.round(100 * view.state[name]),
    step: (by) => Math.round(100 * view.state[name]) + NOTCH * by,
    say: () => percent(view.state[name]),
    place: () => {
      const at = view.geometry.faders?.[term];
      return at?.knob === undefined ? null : box({ x: at.knob, y: at.y }, 36, TARGET);
    },
    move: (value) => view.set({ [name]: clamp(value, 0, 100) / 100 }),
    drag(x) {
      const { left, right } = view.geometry.faders[term];
      view.set({ [name]: Math.round(clamp((x - left) / (right - left), 0, 1) * 100) / 100 });
    },
  };
}

/** The options of the mark of the word that looks, or of the one looked at. */
function markOf(view, trait, name, label, vertical) {
  const words = () => compute(view, view.state).words;
  return {
    name,
    label,
    vertical,
    invert: vertical,
    page: 4,
    range: () => [0, Math.max(0, words().length - 1)],
    value: () => view.state[trait],
    say: () => `${words()[view.state[trait]] ?? "no word"}, position ${view.state[trait]}`,
    place: () => {
      const { geometry } = view;
      const at = geometry[name];
      return at ? box(at, vertical ? TARGET : 28, vertical ? 28 : TARGET) : null;
    },
    move: (value) => view.set({ [trait]: clamp(value, 0, words().length - 1) }),
    drag(x, y) {
      const { maps, cell } = view.geometry;
      const at = Math.floor((vertical ? y - maps[0].y : x - maps[0].x) / cell);
      view.set({ [trait]: clamp(at, 0, words().length - 1) });
    },
  };
}

function finding(state, view) {
  const data = compute(view, state);
  if (!data.n) return "There are no words: type a sentence, or choose one.";
  const left = data.left ? ` Of the sentence, the first ${plural(MOST, "word")} are read.` : "";
  const unknown = data.unknown.length
    ? ` ${data.unknown.map(quoted).join(", ")} ${data.unknown.length > 1 ? "are" : "is"} not among the words kept here, and read as unknown.`
    : "";
  return `${carried(data)} ${exactness(data)}${left}${unknown}`;
}

function carried({ shares, faders }) {
  if (faders.every((fader) => fader === 0))
    return "Nothing is left of the scores: every word looks at all words alike.";
  const named = PARTS.map(([from, to], term) => {
    const mark = (part) => `[${part}]{${part === "content" ? "tok" : "pos"}}`;
    return `${mark(from)}\u00a0→\u00a0${mark(to)} ${term ? "" : "carries "}**${percent(shares[term])}**`;
  });
  return `Of what varies along the rows of scores, ${named.slice(0, 3).join(", ")} and ${named[3]}.`;
}

function exactness({ full, gap, moved }) {
  if (!full)
    return `The faders send **${percent(moved)}** of the attention elsewhere than it went with all four at full.`;
  return gap
    ? `The four add up to the scores computed whole: the largest difference is **${power(gap)}**, rounding.`
    : "The four add up to the scores computed whole, without any difference.";
}

/** The pair and what its scores are made of, in words. */
function pairSaid(state, { words, faded, sum, weights, n }) {
  const at = state.t * n + state.s;
  const parts = PARTS.map(([from, to], term) => `${from} to ${to} ${signed(faded[term][at], 2)}`);
  return `${words[state.t]} looks at ${words[state.s]}: ${parts.join(", ")}; score ${signed(sum[at], 2)}, attention ${signed(weights[at], 2)}`;
}

export const terms = defineView({
  label:
    "The scores of attention as four heatmaps, by what content and position bring to them, with their sum and its softmax",
  traits: [
    "text",
    "sentences",
    "sentence_index",
    "matrix",
    "k",
    "seed",
    "size",
    ...FADERS,
    "t",
    "s",
    "no_k",
    "no_size",
  ],
  choices: { matrix: MATRICES },
  payload: (state) => headOf(state.matrix) !== null,
  fix,
  draw: (view, state) => draw(view, state, compute(view, state)),
  handles: (view) => [
    markOf(view, "t", "row", "Word that looks", true),
    markOf(view, "s", "column", "Word looked at", false),
    ...FADERS.map((_, term) => faderOf(view, term)),
  ],
  pointer: {
    hit: (view, x, y) => (cellAt(view.geometry, countOf(view.state), x, y) ? "cell" : null),
    drag(view, _region, x, y) {
      const cell = cellAt(view.geometry, countOf(view.state), x, y);
      if (cell) view.set(cell);
    },
    peek: (view, x, y) => cellAt(view.geometry, countOf(view.state), x, y),
  },
  finding,
  say(state, view) {
    const data = compute(view, state);
    if (!data.n) return "There are no words.";
    const shares = PARTS.map(([a, b], term) => `${a} to ${b} ${percent(data.shares[term])}`);
    const moved = data.full ? "" : ` The faders move ${percent(data.moved)} of the attention.`;
    return `${pairSaid(state, data)}. Carried along the rows: ${shares.join(", ")}.${moved}`;
  },
  facts(state, view) {
    const data = compute(view, state);
    const shares = FADERS.map((name, term) => [name, percent(data.shares[term])]);
    const at = state.t * data.n + state.s;
    return {
      ...Object.fromEntries(shares),
      words: String(data.n),
      gap: data.gap ? power(data.gap) : "0",
      moved: percent(data.moved),
      word: data.words[state.t] ?? "",
      looked: data.words[state.s] ?? "",
      score: data.n ? signed(data.sum[at], 2) : "",
      weight: data.n ? signed(data.weights[at], 2) : "",
    };
  },
  data(state, view) {
    const { n, words, faded, sum, weights } = compute(view, state);
    const rows = [];
    for (let t = 0; t < n; t++)
      for (let s = 0; s < n; s++) {
        const numbers = [...faded, sum, weights].map((values) => values[t * n + s].toFixed(6));
        rows.push([t, words[t], s, words[s], ...numbers]);
      }
    const names = PARTS.map(([from, to]) => `${from} to ${to}`);
    return { columns: ["t", "looks", "s", "looked at", ...names, "score", "attention"], rows };
  },
});
