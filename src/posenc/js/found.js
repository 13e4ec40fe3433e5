/**
 * The clocks that a table holds: the best linear map from a row to the next, its eigenvalues and the
 * hands that they turn; and the same for tables without clocks, to show what a picture of principal
 * components does not prove. The map is fitted on one half of the rows and tried on the other.
 */

import { clamp } from "./canvas.js";
import { plural, quantity, signed, thousands } from "./format.js";
import {
  aboutOf,
  clocksOf,
  foresee,
  LEAST,
  MOST,
  NAMES,
  resultsOf,
  triedOn,
} from "./found_data.js";
import { drawBank, drawLadder, drawPlane, drawWave, labelOf, lay } from "./found_draw.js";
import { FITS } from "./tables.js";
import { defineView } from "./view.js";

const TRAITS = ["table", "m", "fit", "hand", "t", "t_min", "t_max"];
const TARGET = 44;
const REACH = 22; // CSS pixels: how far from an eigenvalue a press may be
const NOTHING = 0.9; // an error from which on the map knows hardly more than the mean row

const percent = (share) => `${Math.round(100 * share)}%`;
const handIn = (state, { hands }) => clamp(state.hand, 0, hands.length - 1);

/** The state with a hand that there is, and its clocks. */
function now(view, given) {
  const clocks = clocksOf(view, given);
  return { state: { ...given, hand: handIn(given, clocks) }, clocks };
}

function draw(view, given) {
  const { state, clocks } = now(view, given);
  const geometry = lay(view.width0, clocks.hands.length);
  view.fit(geometry.height);
  view.geometry = geometry;
  drawPlane(view, state, clocks);
  drawBank(view, state, clocks);
  drawWave(view, state, clocks);
  const results = resultsOf(view, state);
  view.memory.results = results;
  drawLadder(view, state, results);
  foresee(view, state);
}

/** Keeps the position among the rows of the table, and the numbers whole. */
function fix(state) {
  const { first, last } = aboutOf(state.table);
  return {
    t_min: first,
    t_max: last,
    t: clamp(Math.round(state.t), first, last),
    m: clamp(Math.round(state.m), LEAST, MOST),
    hand: clamp(Math.round(state.hand), 0, MOST - 1),
  };
}

const tAt = ({ geometry: { wave }, state }, x) =>
  clamp(state.t_min + Math.round(((x - wave.x) / wave.w) * (wave.n - 1)), state.t_min, state.t_max);

/** The hand whose eigenvalue is nearest to a point. */
function nearest({ geometry: { points } }, x, y) {
  const far = points.map(([px, py]) => Math.hypot(px - x, py - y));
  const k = far.indexOf(Math.min(...far));
  return { k, far: far[k] };
}

function handAt({ geometry: { bank, centres } }, x, y) {
  return centres.findIndex(
    ([cx, cy]) => Math.abs(x - cx) < bank.pitch / 2 && y > cy - bank.r - 6 && y < cy + bank.r + 44,
  );
}

function rungAt({ geometry: { ladder } }, x, y) {
  const k = Math.floor((y - ladder.y) / ladder.rise);
  const inside = x >= ladder.x && x <= ladder.x + ladder.w && k >= 0 && k < NAMES.length;
  return inside && y >= ladder.y ? k : -1;
}

function regionAt(view, x, y) {
  const { wave } = view.geometry;
  if (nearest(view, x, y).far <= REACH) return "eigenvalue";
  if (handAt(view, x, y) >= 0) return "hand";
  if (x > wave.x - 6 && x < wave.x + wave.w + 6 && y > wave.y - 8 && y < wave.y + wave.h + 30)
    return "wave";
  return rungAt(view, x, y) >= 0 ? "rung" : null;
}

/** The eigenvalue in words. */
function handWords(hand) {
  if (hand.turns) return `period ${quantity(hand.period)}, modulus ${signed(hand.modulus, 3)}`;
  return `turns nothing, factor ${signed(hand.value[0], 3)}`;
}

const turning = (hands) => hands.filter((hand) => hand.turns);

function finding(given, view) {
  const { state, clocks } = now(view, given);
  const { heldOut, still, carried, hands } = clocks;
  const what = `${labelOf(state.table)}: ${plural(state.m, "component")} carry **${percent(carried)}** of the variance, and the map on them turns **${plural(turning(hands).length, "hand")}**.`;
  const map = `On rows it never saw it errs by **${signed(heldOut, 2)}** of their size, not moving by **${signed(still, 2)}**`;
  if (heldOut > NOTHING) return `${what} ${map}: it knows no more than the mean row does.`;
  if (heldOut >= still) return `${what} ${map}: smooth waves, and a map that does worse than none.`;
  if (heldOut > 0.5 * still) return `${what} ${map}: it has found little of what moves the rows.`;
  return `${what} ${map}: it has found what moves the rows.`;
}

export const found = defineView({
  label:
    "Eigenvalues of the best linear map from a row of a table to the next, the hands that they turn, one hand's way through all positions, and how the map does on rows it never saw",
  traits: TRAITS,
  choices: { table: NAMES, fit: FITS },
  payload: { minilm: true, whisper: true }, // the ladder has both
  fix,
  draw,
  handles: (view) => [
    {
      name: "hand",
      label: "Chosen hand, by its eigenvalue",
      range: () => [0, clocksOf(view, view.state).hands.length - 1],
      value: () => now(view, view.state).state.hand,
      say: () => {
        const { state, clocks } = now(view, view.state);
        return `hand ${state.hand + 1} of ${clocks.hands.length}: ${handWords(clocks.hands[state.hand])}`;
      },
      page: 2,
      place: () => {
        const { state } = now(view, view.state);
        const [x, y] = view.geometry.points[state.hand];
        return { x: x - TARGET / 2, y: y - TARGET / 2, w: TARGET, h: TARGET };
      },
      move: (hand) => view.set({ hand }),
      drag: (x, y) => view.set({ hand: nearest(view, x, y).k }),
    },
    {
      name: "t",
      label: "Position t",
      page: 16,
      range: () => [view.state.t_min, view.state.t_max],
      value: () => view.state.t,
      say: () => `position ${thousands(view.state.t)}`,
      place: () => {
        const { x, y } = view.geometry.tMark;
        return { x: x - TARGET / 2, y: y - TARGET / 2, w: TARGET, h: TARGET };
      },
      move: (t) => view.set({ t }),
      drag: (x) => view.set({ t: tAt(view, x) }),
    },
    {
      name: "rung",
      label: "Table",
      vertical: true,
      invert: true,
      page: 2,
      range: () => [0, NAMES.length - 1],
      value: () => NAMES.indexOf(view.state.table),
      say: () => {
        const { heldOut, still } = triedOn(view, view.state.table, view.state.m);
        return `${labelOf(view.state.table)}: the map errs by ${signed(heldOut, 2)}, not moving by ${signed(still, 2)}`;
      },
      place: () => view.geometry.rung,
      move: (k) => view.set({ table: NAMES[k] }),
      drag: (x, y) => {
        const k = rungAt(view, x, y);
        if (k >= 0) view.set({ table: NAMES[k] });
      },
    },
  ],
  pointer: {
    hit: (view, x, y) => regionAt(view, x, y),
    drag(view, region, x, y) {
      if (region === "wave") view.set({ t: tAt(view, x) });
      else if (region === "eigenvalue") view.set({ hand: nearest(view, x, y).k });
      else if (region === "hand") {
        const k = handAt(view, x, y);
        if (k >= 0) view.set({ hand: k });
      } else {
        const k = rungAt(view, x, y);
        if (k >= 0) view.set({ table: NAMES[k] });
      }
    },
    peek(view, x, y) {
      const region = regionAt(view, x, y);
      view.canvas.style.cursor = region && region !== "wave" ? "pointer" : "default";
      return region === "rung" ? { rung: rungAt(view, x, y) } : null;
    },
  },
  finding,
  say: (given, view) => {
    const { state, clocks } = now(view, given);
    const hand = clocks.hands[state.hand];
    return `${labelOf(state.table)}, position ${thousands(state.t)}. Hand ${state.hand + 1} of ${clocks.hands.length}: ${handWords(hand)}, ${percent(hand.share)} of the variance. Held out, the map errs by ${signed(clocks.heldOut, 2)}, not moving by ${signed(clocks.still, 2)}.`;
  },
  facts: (given, view) => {
    const { state, clocks } = now(view, given);
    const hand = clocks.hands[state.hand];
    const clock = turning(clocks.hands);
    return {
      table: labelOf(state.table),
      components: thousands(state.m),
      carried: percent(clocks.carried),
      hands: thousands(clock.length),
      fastest: clock.length ? quantity(clock[0].period) : "none",
      slowest: clock.length ? quantity(clock.at(-1).period) : "none",
      fitted: signed(clocks.fitted, 3),
      held_out: signed(clocks.heldOut, 3),
      still: signed(clocks.still, 3),
      period: hand.turns ? quantity(hand.period) : "none",
      modulus: signed(hand.modulus, 3),
      share: percent(hand.share),
      unevenness: percent(hand.unevenness),
    };
  },
  data: (given, view) => {
    const { state, clocks } = now(view, given);
    const names = clocks.hands.map((hand, k) =>
      hand.turns ? `period ${hand.period.toFixed(2)}` : `real ${k}`,
    );
    return {
      columns: ["position", ...names.flatMap((name) => [`${name} across`, `${name} up`])],
      rows: Array.from({ length: clocks.n }, (_, p) => [
        p + state.t_min,
        ...clocks.hands.flatMap(({ x, y }) => [x[p].toFixed(4), y[p].toFixed(4)]),
      ]),
    };
  },
});
