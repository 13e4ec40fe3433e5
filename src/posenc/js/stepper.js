/**
 * The matrix stands still: one pair of channels at t and at t + k, as two hands of a clock and as
 * two marks on its waves, the matrix between them, and the proof in five steps.
 *
 * The matrix is not taken from a formula. It is solved again from the encodings at every t that is
 * visited, and the view keeps count of how far its entries ever moved: a test, not a claim.
 */

import { pairMap } from "./analysis.js";
import { clamp, TAU } from "./canvas.js";
import { omega, TURN, value } from "./encodings.js";
import { plural, power, quantity, signed } from "./format.js";
import { drawClock, drawEquation, drawWaves, LAST, lay, position } from "./stepper_draw.js";
import { createSteps, TITLES } from "./stepper_steps.js";
import { defineView } from "./view.js";

const TRAITS = ["t", "k", "pair", "step", "d_model", "base", "t_min", "t_max"];
export const OFFSETS = [-16, 32]; // as in views/stepper.py
const ROUNDING = 1e-9; // an entry that moved by less is shown as not having moved at all
const TARGET = 44; // CSS pixels: what a finger can hit

/** Sine and cosine of the pair at a position: two channels of its vector. */
const pairAt = ({ pair, d_model, base }, t) => {
  const spec = { d: d_model, base };
  return [value(t, 2 * pair, spec), value(t, 2 * pair + 1, spec)];
};

/** The matrix, solved from the encodings at t and t + 1 and what they become k further on. */
const solved = (state, t) =>
  pairMap(
    [...pairAt(state, t), ...pairAt(state, t + 1)],
    [...pairAt(state, t + state.k), ...pairAt(state, t + 1 + state.k)],
  );

/** Every number that the figure and the proof show. */
function numbers(state) {
  const { t, k, pair, d_model, base } = state;
  const w = omega(pair, d_model, base);
  return {
    w,
    a: w * t,
    b: w * (t + k),
    turn: w * k,
    here: pairAt(state, t),
    there: pairAt(state, t + k),
    turned: pairAt(state, k), // the encoding of the offset itself: sine and cosine of omega k
    matrix: solved(state, t),
  };
}

/** Remembers the matrix solved at this t beside those of all other t visited since k or i changed. */
function witness(view, { t, k, pair, d_model, base }, matrix) {
  const key = [k, pair, d_model, base].join();
  if (view.seen?.key !== key)
    view.seen = { key, visited: new Set(), low: [...matrix], high: [...matrix] };
  const { visited, low, high } = view.seen;
  visited.add(t);
  for (const [n, entry] of matrix.entries()) {
    low[n] = Math.min(low[n], entry);
    high[n] = Math.max(high[n], entry);
  }
  view.seen.change = Math.max(...high.map((h, n) => h - low[n]));
}

/** The largest change in words: as zeros to nine places, and what the zeros hide. */
function changeInWords(change) {
  if (change >= ROUNDING) return `**${change.toFixed(9)}**`;
  return `**0.000000000**${change ? ` (${power(change)}, the rounding of the computer)` : ""}`;
}

/** Keeps t and t + k among the positions of the axis: the offset has its way, the position yields. */
function fix(state) {
  const k = clamp(Math.round(state.k), ...OFFSETS);
  const [t_min, t_max] = [Math.max(0, -k), Math.min(LAST, LAST - k)];
  return {
    k,
    t_min,
    t_max,
    t: clamp(state.t, t_min, t_max),
    pair: clamp(Math.round(state.pair), 0, state.d_model / 2 - 1),
    step: clamp(Math.round(state.step), 1, TITLES.length),
  };
}

function draw(view, state) {
  const now = { ...state, ...numbers(state) };
  witness(view, state, now.matrix);
  const geometry = lay(view.width0);
  view.geometry = geometry;
  view.fit(geometry.height);
  const lit = view.lit ?? view.peek?.lit ?? null;
  view.light = lit;
  drawClock(view, now);
  drawWaves(view, now);
  drawEquation(view, now);
  view.steps ??= createSteps(view);
  view.steps.update(now, lit);
  Object.assign(view.memory, { ...now, lit, visited: view.seen.visited.size });
}

// -- hands ---------------------------------------------------------------------------------------

/** The way from one angle to the next, the short way round. */
const wrapped = (angle) => angle - TAU * Math.round(angle / TAU);

/** Sets t to a tenth of a position: fine enough to glide, coarse enough to read. */
const setT = (view, t) => {
  const { t_min, t_max } = view.state;
  view.set({ t: clamp(Math.round(t * 10) / 10, t_min, t_max) });
};

/** What k may be without moving t. */
const rangeOfK = ({ t }) => [
  Math.max(OFFSETS[0], -Math.floor(t)),
  Math.min(OFFSETS[1], Math.floor(LAST - t)),
];
const setK = (view, k) => view.set({ k: clamp(Math.round(k), ...rangeOfK(view.state)) });

/**
 * Turns a hand after the pointer, turn after turn: `value` is what the hand stands for, in
 * positions. A hand that has reached its end stops there and does not wind up.
 */
function turn(view, x, y, now, [low, high], set) {
  const { clock } = view.geometry;
  const w = omega(view.state.pair, view.state.d_model, view.state.base);
  const pointed = Math.atan2(clock.y - y, x - clock.x);
  view.grip ??= { value: now, pointed: w * now };
  view.grip.value = clamp(view.grip.value + wrapped(pointed - view.grip.pointed) / w, low, high);
  view.grip.pointed = pointed;
  set(view.grip.value);
}

const letGo = (view) => {
  view.grip = null;
};

/** A square to hit around a mark; two marks closer than that share the room between them. */
function around(mark, other) {
  const [dx, dy] = [mark.x - other.x, mark.y - other.y];
  const apart = Math.hypot(dx, dy);
  const push = Math.max(0, TARGET - apart) / 2;
  const [ux, uy] = apart > 0.5 ? [dx / apart, dy / apart] : mark.aside;
  return {
    x: mark.x + ux * push - TARGET / 2,
    y: mark.y + uy * push - TARGET / 2,
    w: TARGET,
    h: TARGET,
  };
}

const sayT = ({ state }) => {
  const [sine, cosine] = pairAt(state, state.t);
  return `t ${position(state.t)}, sine ${signed(sine)}, cosine ${signed(cosine)}`;
};
const sayK = ({ state: { t, k } }) =>
  `k ${signed(k, 0)}, from ${position(t)} to ${position(t + k)}`;

/** The two handles of t and the two of k: a hand of the clock each, a mark on the axis each. */
const handles = (view) => {
  const ofT = {
    range: () => [view.state.t_min, view.state.t_max],
    value: () => view.state.t,
    say: () => sayT(view),
    step: (by) => Math.round(view.state.t) + by,
    move: (t) => view.set({ t }),
    release: () => letGo(view),
  };
  const ofK = {
    range: () => rangeOfK(view.state),
    value: () => view.state.k,
    say: () => sayK(view),
    move: (k) => view.set({ k }),
    release: () => letGo(view),
  };
  const along = (x) => (x - view.geometry.waves.x) / view.geometry.waves.scale;
  const square = ({ x, y }) => ({ x: x - TARGET / 2, y: y - TARGET / 2, w: TARGET, h: TARGET });
  return [
    {
      ...ofT,
      name: "hand-t",
      label: "Round hand of the clock: position t",
      place: () => around(view.geometry.handT, view.geometry.handK),
      drag: (x, y) => {
        const { t, t_min, t_max } = view.state;
        turn(view, x, y, t, [t_min, t_max], (to) => setT(view, to));
      },
    },
    {
      ...ofK,
      name: "hand-k",
      label: "Diamond hand of the clock: offset k",
      place: () => around(view.geometry.handK, view.geometry.handT),
      drag: (x, y) => {
        const { t, k } = view.state;
        const range = rangeOfK(view.state).map((end) => end + t);
        turn(view, x, y, t + k, range, (to) => setK(view, to - t));
      },
    },
    {
      ...ofT,
      name: "axis-t",
      label: "Round mark on the axis: position t",
      place: () => square(view.geometry.markT),
      drag: (x) => setT(view, along(x)),
    },
    {
      ...ofK,
      name: "axis-k",
      label: "Diamond above the waves: offset k",
      place: () => square(view.geometry.markK),
      drag: (x) => setK(view, along(x) - view.state.t),
    },
  ];
};

export const stepper = defineView({
  label:
    "A clock with two hands, at t and at t plus k, the waves of the same pair of channels, and the matrix that takes the one to the other",
  traits: TRAITS,
  fix,
  draw,
  handles,
  pointer: {
    hit: () => null,
    peek(view, x, y) {
      const part = view.geometry.parts.find(
        (p) => x >= p.x && x <= p.x + p.w && y >= p.y && y <= p.y + p.h,
      );
      return part ? { lit: part.light } : null;
    },
  },
  finding: (_state, view) => {
    const { visited, change } = view.seen;
    if (visited.size < 2)
      return `The matrix is solved from the encodings alone, so far at **1 position**. Move [*t*]{pos}: it is solved again wherever you stop.`;
    return `Solved again from the encodings alone at **${plural(visited.size, "position")}**. Largest change of any entry: ${changeInWords(change)}.`;
  },
  say: (state) => {
    const { here, there, matrix } = numbers(state);
    const [p, q, r, s] = matrix.map((x) => signed(x));
    return (
      `Pair ${state.pair}, step ${state.step}: ${TITLES[state.step - 1]}. ` +
      `At t ${position(state.t)} sine ${signed(here[0])}, cosine ${signed(here[1])}; ` +
      `${signed(state.k, 0)} further on sine ${signed(there[0])}, cosine ${signed(there[1])}; ` +
      `the matrix between them is ${p}, ${q}; ${r}, ${s}.`
    );
  },
  facts: (state, view) => {
    const { w, here, there, turned, turn } = numbers(state);
    return {
      position: position(state.t),
      offset: signed(state.k, 0),
      target: position(state.t + state.k),
      pair: String(state.pair),
      step: String(state.step),
      wavelength: quantity(TURN / w),
      angle: `${signed((turn * 360) / TURN, 1)}°`,
      sine: signed(here[0]),
      cosine: signed(here[1]),
      sine_there: signed(there[0]),
      cosine_there: signed(there[1]),
      sine_k: signed(turned[0]),
      cosine_k: signed(turned[1]),
      visited: plural(view.seen?.visited.size ?? 1, "position"),
      change: power(view.seen?.change ?? 0),
    };
  },
  data: (state) => ({
    columns: ["t", "sin", "cos", "m00", "m01", "m10", "m11"],
    rows: Array.from({ length: LAST + 1 }, (_, t) => [t, ...pairAt(state, t), ...solved(state, t)]),
  }),
});
