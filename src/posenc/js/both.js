/**
 * Why both? For every encoding the best linear map from row t to row t + k, fitted on the first
 * half of the positions and tried on the second. This file knows what is computed and what a hand
 * can do; both_draw.js draws it.
 */

import { shiftErrors, shiftMatrix, triedLinearShift } from "./analysis.js";
import { draw } from "./both_draw.js";
import { clamp } from "./canvas.js";
import { magnitude, parameter, plural, thousands } from "./format.js";
import { rows, SCHEMES } from "./schemes.js";
import { defineView } from "./view.js";

const TRAITS = ["scheme", "k", "t", "t_max", "channel", "length", "d_model", "d_index", "base"];
export const WIDTHS = [2, 8, 16, 32]; // as in views/both.py
export const MAX_K = 24;
const LADDER = SCHEMES.filter((s) => s.name !== "redrawn");
export const NAMES = LADDER.map((s) => s.name);
const LAW = 1e-6; // what is left over below it is rounding, at most made large by a poor condition
const WORK = 300_000; // products a frame may spend on the encodings that are not chosen

const keyOf = ({ k, length, d_model, base }) => [k, length, d_model, base].join();

/** An encoding's table, its best map and how that does; {problem} where d is too small for it. */
function tried(name, { k, length, d_model: d, base }) {
  let table;
  try {
    table = rows(name, length, { d, base });
  } catch (error) {
    return { problem: String(error.message) };
  }
  const found = triedLinearShift(table, length, d, k);
  return { table, ...found, fitted: found.shift.residual };
}

/** The chosen encoding at once; the others as far as one frame reaches, the rest in the next. */
function solve(view, state) {
  const key = keyOf(state);
  view.memory.ladder ??= {};
  const { ladder } = view.memory;
  const todo = NAMES.filter((name) => ladder[name]?.key !== key);
  const chosenToo = todo.includes(state.scheme);
  const most = Math.floor(WORK / ((state.length / 2) * state.d_model ** 2));
  let left = chosenToo ? most - 1 : Math.max(1, most);
  for (const name of todo) {
    if (name !== state.scheme && left-- <= 0) continue;
    ladder[name] = { key, ...tried(name, state) };
  }
  const behind = NAMES.some((name) => ladder[name]?.key !== key);
  if (behind) view.invalidate();
  view.memory.complete = !behind;
  const chosen = ladder[state.scheme];
  chosen.proof ??= proofErrors(state, chosen);
  return { key, ladder, chosen };
}

/** What the matrix of the proof leaves over at each t: for the one encoding that has one. */
function proofErrors({ scheme, k, length, d_model: d, base }, { table }) {
  if (scheme !== "sinusoidal" || !table) return null;
  return shiftErrors(table, length, d, k, shiftMatrix(k, { d, base }));
}

/** Keeps position and channel inside the table, and the buttons of the width in step. */
function fix(state, changed) {
  const chosen = state.d_index === null ? undefined : WIDTHS[state.d_index];
  const d_model = changed === "d_index" && chosen ? chosen : state.d_model;
  const at = WIDTHS.indexOf(d_model);
  const length = 2 * Math.round(state.length / 2);
  const k = clamp(Math.round(state.k), 0, MAX_K);
  const t_max = length - 1 - k;
  return {
    d_model,
    d_index: at < 0 ? null : at,
    length,
    k,
    t_max,
    t: clamp(Math.round(state.t), 0, t_max),
    channel: clamp(Math.round(state.channel), 0, d_model - 1),
  };
}

const labelOf = (name) => SCHEMES.find((s) => s.name === name).label;
const memoryOf = () => ({ memory: {}, invalidate() {} });

/** What a condition number says: beyond what the fit keeps it is rounding itself. */
const conditionOf = ({ condition, rank }, d) =>
  rank < d ? `rank ${rank} of ${d}` : `condition number ${magnitude(condition)}`;

function finding(state, view) {
  const { chosen } = solve(view, state);
  const { k, d_model: d, length, scheme } = state;
  const label = `**${labelOf(scheme)}**`;
  if (chosen.problem)
    return `${label} cannot write ${thousands(length)} positions in ${plural(d, "channel")}: ${chosen.problem}.`;
  const half = length / 2;
  const lead = `${label}: the best matrix for [*k* = ${k}]{off}, fitted on positions 0 to ${half - 1}, is off by **${magnitude(chosen.fitted)}** of a row's size there and by **${magnitude(chosen.heldOut)}** on positions ${half} to ${thousands(length - 1)}, which it never saw.`;
  return `${lead} ${verdict(state, chosen)}`;
}

function verdict({ scheme, d_model: d }, { fitted, heldOut, shift, proof }) {
  if (heldOut < LAW) return "One matrix serves every [*t*]{pos}.";
  if (fitted < LAW) {
    const truth = proof
      ? `, though the proof's own matrix is off by ${magnitude(Math.max(...proof))} at most, at every [*t*]{pos}`
      : "";
    return `The fit is perfect and yet drifts: these rows hardly tell the slow channels apart (${conditionOf(shift, d)})${truth}.`;
  }
  if (SCHEMES.find((s) => s.name === scheme).scalar) {
    const factor = shift.matrix.subarray(0, d).reduce((sum, m) => sum + m, 0);
    return `A shift adds; a matrix can only multiply, here by ${factor.toFixed(3)}.`;
  }
  return "No matrix does it for every [*t*]{pos}.";
}

function sentence(state, view) {
  const { chosen } = solve(view, state);
  if (chosen.problem) return `${labelOf(state.scheme)} needs more channels`;
  return `${labelOf(state.scheme)}: off by ${magnitude(chosen.fitted)} where fitted, ${magnitude(chosen.heldOut)} held out`;
}

/** The encoding whose line of the ladder is at a height, or -1. */
function rungAt({ geometry }, x, y) {
  const { ladder } = geometry;
  const at = Math.floor((y - ladder.y) / ladder.rise);
  const inside = x >= ladder.x && x <= ladder.x + ladder.w && at >= 0 && at < NAMES.length;
  return inside ? at : -1;
}

const inBox = ({ x, y, w, h }, px, py) => px >= x && px <= x + w && py >= y && py <= y + h;

export const both = defineView({
  label:
    "The best linear map from row t to row t + k for each encoding: what it leaves over, one channel of it, its rows as stripes, and its error along the positions",
  traits: TRAITS,
  choices: { scheme: NAMES },
  fix,
  draw: (view, state) =>
    draw(view, { ...state, t: clamp(state.t, 0, state.t_max) }, solve(view, state), LADDER),
  handles: (view) => [
    {
      name: "scheme",
      label: "Encoding",
      vertical: true,
      invert: true,
      page: 3,
      range: () => [0, NAMES.length - 1],
      value: () => NAMES.indexOf(view.state.scheme),
      say: () => sentence(view.state, view),
      place: () => view.geometry.rung,
      move: (at) => view.set({ scheme: NAMES[at] }),
      drag: (_x, y) => {
        const { ladder } = view.geometry;
        const at = Math.floor((y - ladder.y) / ladder.rise);
        view.set({ scheme: NAMES[clamp(at, 0, NAMES.length - 1)] });
      },
    },
    {
      name: "t",
      label: "Position t",
      range: () => [0, view.state.t_max],
      value: () => view.state.t,
      say: () => `position ${thousands(view.state.t)}`,
      place: () => view.geometry.tGrip,
      move: (t) => view.set({ t }),
      drag: (x) => view.set({ t: Math.round(view.geometry.tAt.invert(x)) }),
    },
    {
      name: "k",
      label: "Offset k",
      page: 4,
      range: () => [0, MAX_K],
      value: () => view.state.k,
      say: () => `offset ${view.state.k}`,
      place: () => view.geometry.kGrip,
      move: (k) => view.set({ k }),
      drag: (x) =>
        view.set({ k: clamp(Math.round(view.geometry.tAt.invert(x)) - view.state.t, 0, MAX_K) }),
    },
    {
      name: "channel",
      label: "Channel j",
      page: 4,
      range: () => [0, view.state.d_model - 1],
      value: () => view.state.channel,
      say: () => `channel ${view.state.channel}`,
      place: () => view.geometry.jGrip,
      move: (channel) => view.set({ channel }),
      drag: (x) => view.set({ channel: channelAt(view, x) }),
    },
  ],
  pointer: {
    hit(view, x, y) {
      if (rungAt(view, x, y) >= 0) return "rung";
      if (!view.geometry.tAt) return null; // an encoding that needs more channels has no table
      if (inBox(view.geometry.stripes, x, y)) return "stripes";
      return inBox(view.geometry.errors, x, y) ? "errors" : null;
    },
    drag(view, region, x, y) {
      if (region === "rung") {
        const at = rungAt(view, x, y);
        if (at >= 0) view.set({ scheme: NAMES[at] });
      } else if (region === "stripes") view.set({ channel: channelAt(view, x) });
      else view.set({ t: Math.round(view.geometry.tAt.invert(x)) });
    },
    peek(view, x, y) {
      const at = rungAt(view, x, y);
      view.canvas.style.cursor = at >= 0 ? "pointer" : "default";
      return at >= 0 ? { rung: at } : null;
    },
  },
  finding,
  say: (state) => `${sentence(state, memoryOf())}; position ${state.t}, offset ${state.k}.`,
  facts: (state, view) => {
    const { chosen } = solve(view, state);
    const has = !chosen.problem;
    return {
      scheme: labelOf(state.scheme).toLowerCase(),
      fitted: has ? magnitude(chosen.fitted) : "none",
      held_out: has ? magnitude(chosen.heldOut) : "none",
      rank: has ? thousands(chosen.shift.rank) : "none",
      condition: has ? magnitude(chosen.shift.condition) : "none",
      proof: chosen.proof ? magnitude(Math.max(...chosen.proof)) : "none",
      base: parameter(state.base),
    };
  },
  data: (state) => ({
    columns: ["encoding", "fitted", "held out", "rank", "condition", "largest error"],
    rows: NAMES.map((name) => {
      const { problem, fitted, heldOut, shift } = tried(name, state);
      return problem
        ? [name, "", "", "", "", problem]
        : [name, fitted, heldOut, shift.rank, shift.condition, shift.worst];
    }),
  }),
});

function channelAt({ geometry, state }, x) {
  const { stripes } = geometry;
  return clamp(Math.floor(((x - stripes.x) / stripes.w) * state.d_model), 0, state.d_model - 1);
}
