/**
 * One attention head over a sentence of which it knows the positions only. Left, who looks at
 * whom: a row for each word that looks, a column for each word looked at; the band k below the
 * diagonal is a handle, the row of one word is another. Right, the same numbers by distance.
 */

import { shiftMatrix } from "./analysis.js";
import { randomHead, selfAttention } from "./attention.js";
import { clamp } from "./canvas.js";
import { magnitude, plural, signed } from "./format.js";
import { draw, lookedAt } from "./lookback_draw.js";
import { rows } from "./schemes.js";
import { defineView } from "./view.js";

const TRAITS = [
  "words",
  "k",
  "k_max",
  "t",
  "t_max",
  "matrix",
  "sharpness",
  "seed",
  "shown",
  "d_model",
  "base",
];
export const MATRICES = ["shift", "identity", "random"];
export const SHOWN = ["weights", "scores"];
export const MAX_K = 8; // as in views/lookback.py
const TARGET = 44;

/** What the head does, recomputed only when it changes: scores, weights, and how far they spread. */
function solve(view, state) {
  const { words, k, matrix, sharpness, seed, d_model: d, base } = state;
  const key = [words.length, matrix, sharpness, d, base, { shift: k, random: seed }[matrix]].join();
  if (view.memory.key === key) return view.memory;
  const n = words.length;
  const still = shiftMatrix(0, { d, base });
  const query =
    matrix === "random"
      ? randomHead({ d, seed }).wq
      : shiftMatrix(matrix === "shift" ? -k : 0, { d, base });
  const wq = query.map((w) => sharpness * w);
  const { scores, weights } = selfAttention(rows("sinusoidal", n, { d, base }), n, d, {
    wq,
    wk: still,
    wv: still,
  });
  return Object.assign(view.memory, {
    key,
    n,
    scores,
    weights,
    first: matrix === "shift" ? k : 0, // the words before it have none to find
    spread: { scores: spreadOf(scores, n), weights: spreadOf(weights, n) },
    most: scores.reduce((most, s) => Math.max(most, Math.abs(s)), 0),
  });
}

/**
 * For each distance -(n-1) .. n-1 looked back, the least and the greatest value of any word from
 * `first` on; none where no such word looks so far.
 */
function spreadOf(values, n, first = 0) {
  const spread = [];
  for (let back = 1 - n; back < n; back++) {
    let [low, high] = [Infinity, -Infinity];
    for (let t = Math.max(first, back); t < Math.min(n, n + back); t++) {
      low = Math.min(low, values[t * n + t - back]);
      high = Math.max(high, values[t * n + t - back]);
    }
    if (low <= high) spread.push({ back, low, high });
  }
  return spread;
}

const widest = (spread) => Math.max(...spread.map(({ low, high }) => high - low));

/** Keeps word and offset inside the sentence, as views/lookback.py does. */
function fix(state) {
  const t_max = state.words.length - 1;
  const k_max = Math.min(MAX_K, t_max);
  return {
    t_max,
    k_max,
    t: clamp(Math.round(state.t), 0, t_max),
    k: clamp(Math.round(state.k), 0, k_max),
  };
}

const cellAt = ({ geometry }, n, x, y) => {
  const { heat } = geometry;
  return {
    row: clamp(Math.floor((y - heat.y) / heat.cell), 0, n - 1),
    column: clamp(Math.floor((x - heat.x) / heat.cell), 0, n - 1),
  };
};

const places = (by) => (by > 0 ? `${by} back` : by < 0 ? `${-by} ahead` : "itself");

/** What there is to say about the head and the word that looks. */
function reading(view, state) {
  const { weights, spread, n, first } = solve(view, state);
  const { t, k, words } = state;
  const best = lookedAt(weights, n, t);
  return {
    word: words[t],
    best: words[best],
    back: t - best,
    most: weights[t * n + best],
    atK: t >= k ? weights[t * n + t - k] : null,
    scores: widest(spread.scores),
    weights: widest(spread.weights),
    inside: widest(spreadOf(weights, n, first)),
  };
}

function finding(state, view) {
  const { word, best, back, most, scores, inside } = reading(view, state);
  const { matrix, t, k } = state;
  const none = matrix === "shift" && t < k;
  const who = none ? `There is no word ${k} before [${word}]{pos}: it` : `[${word}]{pos}`;
  const whom = back ? `[${best}]{tok}, ${places(back)}` : "itself";
  const looks = `${who} gives **${signed(most, 2)}** of its attention to ${whom}.`;
  if (matrix === "random")
    return `${looks} At one distance the scores of two pairs of words differ by up to **${magnitude(scores)}**: distance no longer decides, and [*k*]{off} has no say.`;
  const whose =
    matrix === "shift" && k ? `Of words that have one ${k} back, the weights` : "The weights";
  return `${looks} At one distance all scores are equal, to **${magnitude(scores)}**: distance alone decides. ${whose} differ by up to **${signed(inside, 2)}**: near an end of the sentence there are fewer words to share with.`;
}

const sentence = (view, state) => {
  const { word, best, back, most } = reading(view, state);
  return `${word}, position ${state.t}, looks most at ${best}, ${places(back)}, weight ${signed(most, 2)}`;
};

const memoryOf = (state) => ({ memory: {}, state });

export const lookback = defineView({
  label:
    "Attention of each word to each word of a sentence as a heatmap, and the same numbers by distance",
  traits: TRAITS,
  choices: { matrix: MATRICES, shown: SHOWN },
  fix,
  draw: (view, state) => draw(view, state, solve(view, state)),
  handles: (view) => {
    const offset = {
      page: 4,
      range: () => [0, view.state.k_max],
      value: () => view.state.k,
      say: () => `${plural(view.state.k, "word")} back`,
      move: (k) => view.set({ k }),
    };
    const target = ({ x, y }) => ({
      x: x - TARGET / 2,
      y: y - TARGET / 2,
      w: TARGET,
      h: TARGET,
    });
    const toK = (k) => view.set({ k: clamp(Math.round(k), 0, view.state.k_max) });
    return [
      {
        ...offset,
        name: "band",
        label: "Band: offset k",
        vertical: true,
        invert: true,
        place: () => target(view.geometry.grip),
        drag: (x, y) => {
          const { heat } = view.geometry;
          toK((y - heat.y - (x - heat.x)) / heat.cell);
        },
      },
      {
        name: "row",
        label: "Row: the word that looks, position t",
        vertical: true,
        invert: true,
        page: 4,
        range: () => [0, view.state.t_max],
        value: () => view.state.t,
        say: () => sentence(view, view.state),
        place: () => target(view.geometry.row),
        move: (t) => view.set({ t }),
        drag: (_x, y) => view.set({ t: cellAt(view, view.state.words.length, 0, y).row }),
      },
      {
        ...offset,
        name: "distance",
        label: "Offset k on the axis of distance",
        place: () => target(view.geometry.distance),
        drag: (x) => {
          const { plot } = view.geometry;
          toK((x - plot.x) / plot.pitch - view.state.words.length + 0.5);
        },
      },
    ];
  },
  pointer: {
    hit(view, x, y) {
      const { heat } = view.geometry;
      const inY = y >= heat.y && y <= heat.y + heat.side;
      return inY && x <= heat.x + heat.side ? "row" : null;
    },
    drag: (view, _region, _x, y) =>
      view.set({ t: cellAt(view, view.state.words.length, 0, y).row }),
    peek(view, x, y) {
      const { heat } = view.geometry;
      return this.hit(view, x, y) && x >= heat.x
        ? cellAt(view, view.state.words.length, x, y)
        : null;
    },
  },
  finding,
  say: (state) => `${sentence(memoryOf(state), state)}.`,
  facts: (state, view) => {
    const { word, best, back, most, atK, scores, weights, inside } = reading(view, state);
    return {
      word,
      looked: best,
      back: places(back),
      weight: signed(most, 2),
      weight_k: atK === null ? "none" : signed(atK, 2),
      spread: magnitude(scores),
      spread_weights: signed(weights, 2),
      spread_inside: signed(inside, 2),
    };
  },
  data: (state) => {
    const { scores, weights, n } = solve(memoryOf(state), state);
    const rows = [];
    for (let t = 0; t < n; t++)
      for (let s = 0; s < n; s++)
        rows.push([
          t,
          state.words[t],
          s,
          state.words[s],
          t - s,
          scores[t * n + s].toFixed(6),
          weights[t * n + s].toFixed(6),
        ]);
    return {
      columns: ["t", "looks", "s", "looked at", "words back", "score", "weight"],
      rows,
    };
  },
});
