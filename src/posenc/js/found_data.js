/** The numbers of "The clocks it found", kept between redraws. */

import { bestLinearShift, triedLinearShift } from "./analysis.js";
import { components, courseOf, handsOf, standingStill, TABLES } from "./tables.js";

export const NAMES = ["minilm", "whisper decoder", "sinusoidal", "random walk", "random table"];
export const OFFERED = NAMES.map((name) => TABLES.find((table) => table.name === name));
export const WIDTH = 32; // of a table that is made; as in views/found.py
export const LEAST = 2; // components
export const MOST = 16; // components; as in views/found.py

export const aboutOf = (name) => TABLES.find((table) => table.name === name);

/** A table in its MOST leading components: computed once. */
function courseIn(view, name) {
  view.memory.courses ??= {};
  view.memory.courses[name] ??= (() => {
    const course = courseOf(name, WIDTH, view.tensors);
    return { n: course.n, ...components(course, MOST) };
  })();
  return view.memory.courses[name];
}

/** The first m columns of the scores, and the share of the variance that they carry. */
function leading({ n, scores, shares }, m) {
  const out = new Float64Array(n * m);
  for (let t = 0; t < n; t++) for (let i = 0; i < m; i++) out[t * m + i] = scores[t * MOST + i];
  return { n, scores: out, carried: shares.subarray(0, m).reduce((sum, v) => sum + v, 0) };
}

/** How the map of m components does on one table: {n, scores, carried, shift, heldOut, still}. */
export function triedOn(view, name, m) {
  view.memory.tried ??= {};
  const key = `${name}|${m}`;
  view.memory.tried[key] ??= (() => {
    const { n, scores, carried } = leading(courseIn(view, name), m);
    const { shift, heldOut } = triedLinearShift(scores, n, m, 1);
    const half = Math.floor(n / 2);
    const still = standingStill(scores.subarray(half * m), n - half, m, 1);
    return { m, n, scores, carried, shift, heldOut, still };
  })();
  return view.memory.tried[key];
}

/**
 * The same of all tables, as far as it is known: the chosen one at once, of the others one in each
 * frame; until then what is known of it for another m. Null where nothing is yet.
 */
export function resultsOf(view, { table, m }) {
  const { memory } = view;
  memory.last ??= {};
  let room = 1;
  memory.complete = true;
  return NAMES.map((name) => {
    const known = memory.tried?.[`${name}|${m}`];
    if (!known && name !== table && room-- <= 0) {
      memory.complete = false;
      view.invalidate();
      return memory.last[name] ?? null;
    }
    memory.last[name] = triedOn(view, name, m);
    return memory.last[name];
  });
}

/** A table's clocks: what triedOn says of it, and its hands under a fit. */
function solved(view, { table, m, fit }) {
  view.memory.solved ??= {};
  const key = `${table}|${m}|${fit}`;
  view.memory.solved[key] ??= (() => {
    const tried = triedOn(view, table, m);
    const { n, scores, carried } = tried;
    const shift = fit === "all rows" ? bestLinearShift(scores, n, m, 1) : tried.shift;
    const hands = handsOf(scores, n, m, shift.matrix, carried);
    return { key, ...tried, fitted: shift.residual, hands };
  })();
  return view.memory.solved[key];
}

/** The clocks of what is chosen. */
export function clocksOf(view, state) {
  view.memory.clocks = solved(view, state);
  return view.memory.clocks;
}

const idle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 50));

/** Once all that is shown is known: what one component more or fewer would show, in idle time. */
export function foresee(view, state) {
  const { memory } = view;
  if (!memory.complete || memory.foreseen) return;
  const next = [state.m - 1, state.m + 1]
    .filter((m) => m >= LEAST && m <= MOST)
    .find((m) => !memory.solved[`${state.table}|${m}|${state.fit}`]);
  if (next === undefined) return;
  memory.foreseen = true;
  idle(() => {
    memory.foreseen = false;
    if (memory !== view.memory) return; // begun anew, in other colours
    solved(view, { ...state, m: next });
    foresee(view, view.state);
  });
}
