/**
 * The scorecards that the exhibit shows: computed when they are first asked for and kept, so that a
 * scheme which a change does not touch is not scored again. And how their numbers are written.
 */

import { quantity, signed, thousands } from "./format.js";
import { learnedCalled, rowsOf, TABLES } from "./learned.js";
import { SCHEMES } from "./schemes.js";
import { needs, needsOfTable, ofTable, READINGS, scorecard } from "./scorecard.js";

const KEPT = 200; // cards; one holds some rows, no table

/** @type {Map<string, object>} */
const kept = new Map();

const keyOf = (scheme, { length, d_model, base }) =>
  [scheme.name, length, d_model, scheme.based ? base : ""].join("|");

/** The names of all rows: the book's schemes, the learned tables, and the reader's own. */
export const namesOf = (state) => [
  ...SCHEMES.map((scheme) => scheme.name),
  ...TABLES.map((table) => table.name),
  ...state.extra.map((own) => own.name),
];

/** The card of the reader's own encoding: Python scored it, for the length and width it says. */
function ownCard(own, { length, d_model }) {
  if (own.length !== length || own.d_model !== d_model)
    return { problem: "needs the kernel", why: "Only Python can score it, and no kernel answers." };
  return own.problem ? { problem: "failed", why: own.problem } : own.scores;
}

/** A scheme that cannot be asked for so many positions, or for such a width. */
function shortfall(name, { length, d_model: d }) {
  const lack = needs(name, length, d);
  if (!lack) return null;
  const why = lack.endsWith("bits")
    ? `To count ${thousands(2 * length)} positions, twice *L*, takes ${lack}; the width gives ${d}.`
    : `Its channels come in pairs; the width is ${d}.`;
  return { problem: `needs ${lack}`, why };
}

const learnedKey = (name, { length }) => `${name}|${length}`;

/** The card of a learned table if it is there, or why not; its numbers come in a file of their own. */
function readyLearned(name, state) {
  const lack = needsOfTable(name, state.length);
  if (lack) {
    const what = `A sentence of ${thousands(state.length)} positions`;
    return {
      problem: `needs ${lack}`,
      why: `${what} asks for a row past its last, and that is an error.`,
    };
  }
  if (!rowsOf(name)) return { problem: "not here yet", why: "Its numbers are being fetched." };
  return kept.get(learnedKey(name, state));
}

function keep(key, card) {
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value);
  kept.set(key, card);
  return card;
}

/** The card of a row if it is there already. */
export function readyCard(name, state) {
  const scheme = SCHEMES.find((s) => s.name === name);
  if (scheme) return kept.get(keyOf(scheme, state));
  if (learnedCalled(name)) return readyLearned(name, state);
  return ownCard(
    state.extra.find((own) => own.name === name),
    state,
  );
}

/** The card of a row: a Card of scorecard.js, or {problem, why}. */
export function cardOf(name, state) {
  const ready = readyCard(name, state);
  if (ready) return ready;
  if (learnedCalled(name)) return keep(learnedKey(name, state), ofTable(name, state.length));
  const { length, d_model: d, base } = state;
  const card = shortfall(name, state) ?? scorecard(name, length, { d, base });
  const scheme = SCHEMES.find((s) => s.name === name);
  return keep(keyOf(scheme, state), card);
}

export const verdict = ({ holds }) => (holds === null ? "" : holds ? "yes" : "no");

/** The number that decides a verdict, as a cell shows it. */
export function amount(reading, { holds, number, rows }) {
  if (rows) return `${thousands(rows)} rows`;
  if (reading === "unique" || reading === "largest") return size(number);
  if (holds) return reading === "relative" ? "0%" : "0"; // the rounding of float64 left aside
  return reading === "relative" ? `${size(100 * number)}%` : size(number);
}

/** A number without a sign: 0, 0.042, 6.28, 63, 4,712. */
export function size(x) {
  if (Number.isInteger(x)) return thousands(x);
  if (x >= 0.1) return quantity(x);
  return x >= 0.001 ? String(+x.toPrecision(2)) : tiny(x);
}

const tiny = (x) => x.toExponential(1).replace("e-", " · 10^\u2212");

/** A value of a table: 1, −0.416, 63. */
export const value = (x) => (Number.isInteger(x) ? signed(x, 0) : signed(x, 3));

/** The schemes for which all four properties hold. */
export const passing = (state, card = cardOf) =>
  namesOf(state).filter((name) => {
    const scores = card(name, state);
    return scores && !scores.problem && READINGS.every((r) => scores[r].holds !== false);
  });
