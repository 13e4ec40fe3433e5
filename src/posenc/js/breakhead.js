/**
 * A real head that looks at the word before. Left, who looks at whom in a sentence; right, the five
 * hands that it reads, each a switch, and its mean attention by distance.
 */

import { draw } from "./breakhead_draw.js";
import { clamp } from "./canvas.js";
import { plural, quantity, signed } from "./format.js";
import { attendTo, onPrevious, PASTS, positions, ROWS, turned } from "./realhead.js";
import { defineView } from "./view.js";

export const HANDS = 5; // as in views/breakhead.py
const KEYS = Array.from({ length: HANDS }, (_, k) => `hand${k + 1}`);
export const MOVES = ["all words", "the one that looks"];
export const WORDS = ["a sentence", "any words"];
const TARGET = 44;
export const MAX_FIRST = 1000;
const TRAITS = [...KEYS, "t", "first", "by", "moves", "past", "words", "spelt"];

const onOf = (state) => KEYS.map((key) => state[key] === "on");

/** The arrays of the payload, and of each hand how long it is on the root mean square. */
function keptOf(view) {
  const { tensors, memory } = view;
  if (memory.from === tensors) return memory.kept;
  const kept = Object.fromEntries(
    Object.entries(tensors).map(([name, { values }]) => [name, values]),
  );
  const size = new Float64Array(HANDS);
  for (let at = 0; at < kept.hands.length; at++)
    size[(at % (2 * HANDS)) >> 1] += kept.hands[at] ** 2 / (kept.hands.length / (2 * HANDS));
  Object.assign(memory, { from: tensors, kept: { ...kept, sizes: size.map(Math.sqrt) } });
  return memory.kept;
}

/** What the head does at a state, with other hands on than those of the state if given. */
function headAt(view, state, on = onOf(state)) {
  const kept = keptOf(view);
  const n = state.spelt.length;
  const rows = positions(kept.hands, kept.angles, state.first, n, state.past);
  const asking = turned(rows, kept.angles, state.by);
  const asked = state.moves === MOVES[0] ? asking : rows;
  const at = state.spelt.map((_, k) => (state.words === WORDS[0] ? k + 1 : 0));
  return { n, asking, ...attendTo(kept, at, asking, asked, on) };
}

function solve(view, state) {
  const key = TRAITS.filter((name) => name !== "t" && name !== "spelt")
    .map((name) => state[name])
    .join();
  if (view.memory.key === key && view.memory.from === view.tensors) return view.memory;
  const kept = keptOf(view);
  const { n, asking, scores, weights } = headAt(view, state);
  const all = onOf(state).every(Boolean);
  const whole = all
    ? weights
    : headAt(
        view,
        state,
        KEYS.map(() => true),
      ).weights;
  const byBack = new Float64Array(2 * n - 1);
  // not of the first word, which has none before it and has to look elsewhere
  for (let t = 1; t < n; t++)
    for (let s = 0; s < n; s++) {
      const back = t - s;
      byBack[back + n - 1] += weights[t * n + s] / (n - Math.max(back, 1 - back));
    }
  return Object.assign(view.memory, {
    key,
    n,
    asking,
    scores,
    weights,
    byBack,
    previous: onPrevious(weights, n),
    itself: byBack[n - 1],
    whole: onPrevious(whole, n),
    periods: Array.from(kept.angles, (angle) => (2 * Math.PI) / angle),
    on: onOf(state),
  });
}

const lookedAt = (weights, n, t) => {
  let best = 0;
  for (let s = 1; s < n; s++) if (weights[t * n + s] > weights[t * n + best]) best = s;
  return best;
};

/** A word by its place. */
const nameOf = (state, k) =>
  state.words === WORDS[0] ? state.spelt[k] : `the word at ${state.first + k}`;

const places = (by) => (by > 0 ? `${by} back` : by < 0 ? `${-by} ahead` : "itself");

function reading(view, state) {
  const solved = solve(view, state);
  const { weights, n, on } = solved;
  const best = lookedAt(weights, n, state.t);
  return {
    ...solved,
    best,
    back: state.t - best,
    most: weights[state.t * n + best],
    count: on.filter(Boolean).length,
    invented: clamp(state.first + n - ROWS, 0, n),
  };
}

const PAST_WORDS = {
  clocks: "by turning the hands on",
  line: "on a straight line",
  "last row": "by repeating one row",
};

function finding(state, view) {
  const { previous, itself, whole, count, n, invented } = reading(view, state);
  const said = [
    `With ${count === HANDS ? "all five hands" : count ? `${count} of 5 hands` : "no hand"} on, [the word before]{off} gets **${signed(previous, 2)}** of the attention`,
  ];
  if (count < HANDS) said.push(`, with all five **${signed(whole, 2)}**`);
  said.push(`; spread evenly it would be ${signed(1 / n, 2)}.`);
  if (state.by > 0 && state.moves === MOVES[1])
    said.push(` The [word that looks]{pos} gives **${signed(itself, 2)}** to itself.`);
  if (invented)
    said.push(
      ` **${invented} of ${n}** positions are past the last row, ${ROWS - 1}, and invented ${PAST_WORDS[state.past]}.`,
    );
  return said.join("");
}

const sentence = (view, state) => {
  const { best, back, most, previous } = reading(view, state);
  return `${nameOf(state, state.t)}, at position ${state.first + state.t}, looks most at ${nameOf(state, best)}, ${places(back)}, weight ${signed(most, 2)}; the word before gets ${signed(previous, 2)} on the mean`;
};

const rowAt = ({ geometry: { heat }, state }, y) =>
  clamp(Math.floor((y - heat.y) / heat.cell), 0, state.spelt.length - 1);

const flip = (view, key) => view.set({ [key]: view.state[key] === "on" ? "off" : "on" });

const switches = (view) =>
  KEYS.map((key, k) => {
    const turn = (value) => view.set({ [key]: value >= 0.5 ? "on" : "off" });
    return {
      name: key,
      label: `Hand ${k + 1} of ${HANDS}, fastest first: on or off`,
      range: () => [0, 1],
      page: 1,
      value: () => (view.state[key] === "on" ? 1 : 0),
      say: () => {
        const { periods, previous } = solve(view, view.state);
        return `the hand that comes round in ${quantity(periods[k])} positions is ${view.state[key]}; the word before gets ${signed(previous, 2)}`;
      },
      place: () => {
        const { x, y } = view.geometry.dials[k];
        return { x: x - TARGET / 2, y: y - TARGET / 2, w: TARGET, h: TARGET };
      },
      move: (value) => turn(clamp(value, 0, 1)),
      drag: () => {},
      release: (event) => {
        if (event.type === "pointerup") flip(view, key);
      },
      key: (event) => {
        if (event.key !== " " && event.key !== "Enter") return false;
        flip(view, key);
        return true;
      },
    };
  });

export const breakhead = defineView({
  label:
    "Attention of a real head from each word of a sentence to each, the five hands of its positions, and its mean attention by distance",
  traits: TRAITS,
  choices: { moves: MOVES, past: PASTS, words: WORDS },
  payload: true,
  fix: (state) => ({
    t: clamp(Math.round(state.t), 0, Math.max(0, state.spelt.length - 1)),
    first: clamp(Math.round(state.first), 0, MAX_FIRST),
  }),
  draw: (view, state) => {
    const solved = solve(view, state);
    draw(view, state, {
      ...solved,
      best: lookedAt(solved.weights, solved.n, state.t),
      sizes: keptOf(view).sizes,
      name: (k) => nameOf(state, k),
      places,
    });
  },
  handles: (view) => [
    ...switches(view),
    {
      name: "row",
      label: "Row: the word that looks",
      vertical: true,
      invert: true,
      page: 5,
      range: () => [0, view.state.spelt.length - 1],
      value: () => view.state.t,
      say: () => sentence(view, view.state),
      place: () => {
        const { x, y } = view.geometry.row;
        return { x: x - TARGET / 2, y: y - TARGET / 2, w: TARGET, h: TARGET };
      },
      move: (t) => view.set({ t }),
      drag: (_x, y) => view.set({ t: rowAt(view, y) }),
    },
  ],
  pointer: {
    hit(view, x, y) {
      const { heat } = view.geometry;
      return y >= heat.y && y <= heat.y + heat.side && x <= heat.x + heat.side ? "row" : null;
    },
    drag: (view, _region, _x, y) => view.set({ t: rowAt(view, y) }),
    peek(view, x, y) {
      const { heat } = view.geometry;
      if (!this.hit(view, x, y) || x < heat.x) return null;
      return { row: rowAt(view, y), column: rowAt(view, x - heat.x + heat.y) };
    },
  },
  finding,
  say: (state, view) => `${sentence(view, state)}.`,
  facts: (state, view) => {
    const { previous, itself, whole, count, most, best, back, n, invented, periods } = reading(
      view,
      state,
    );
    return {
      previous: signed(previous, 2),
      itself: signed(itself, 2),
      whole: signed(whole, 2),
      hands: String(count),
      word: nameOf(state, state.t),
      looked: nameOf(state, best),
      back: places(back),
      weight: signed(most, 2),
      words: plural(n, "word"),
      invented: String(invented),
      fastest: quantity(periods[0]),
    };
  },
  data: (state, view) => {
    const { scores, weights, n } = solve(view, state);
    const rows = [];
    for (let t = 0; t < n; t++)
      for (let s = 0; s < n; s++)
        rows.push([
          state.first + t,
          nameOf(state, t),
          state.first + s,
          nameOf(state, s),
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
