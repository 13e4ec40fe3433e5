/**
 * The scorecard: a table of verdicts, each a button, and below it the evidence behind the one that
 * is open. Whatever is not scored yet is scored a few milliseconds per frame, the open row first.
 */

import { thousands } from "./format.js";
import { inline } from "./inline.js";
import { learnedCalled, take } from "./learned.js";
import {
  amount,
  cardOf,
  namesOf,
  passing,
  readyCard,
  size,
  value,
  verdict,
} from "./score_cards.js";
import { drawEvidence } from "./score_evidence.js";
import { createTable, painted } from "./score_table.js";
import { READINGS } from "./scorecard.js";
import { defineView } from "./view.js";

const TRAITS = ["length", "d_model", "base", "scheme", "reading", "extra"];
const SLICE = 6; // ms per frame for scoring
const GROWS = 1.5; // a largest value that does so by this factor at twice the length is pointed out

/** Scores what is not scored yet, for a few milliseconds; returns how many rows are left. */
function advance(state) {
  const until = performance.now() + SLICE;
  const left = [state.scheme, ...namesOf(state)].filter((name) => !readyCard(name, state));
  while (left.length) {
    cardOf(left.shift(), state);
    if (performance.now() > until) break;
  }
  return new Set(left).size;
}

/** What a cell shows. */
function faceOf(card, reading) {
  if (card.problem) return { kind: "lacking", word: card.problem, number: "" };
  const word = verdict(card[reading]);
  return { kind: word || "plain", word, number: amount(reading, card[reading]) };
}

const listed = (names) => {
  const bold = names.map((name) => `**${name}**`);
  return bold.length < 2 ? bold.join("") : `${bold.slice(0, -1).join(", ")} and ${bold.at(-1)}`;
};

/** Which schemes have all four properties, and which of these grows all the same. */
function summary(state) {
  const names = passing(state);
  if (!names.length) return "No scheme has all four properties here.";
  const grown = names
    .map((name) => ({ name, now: cardOf(name, state).largest.values }))
    .find(({ now }) => now[1] > GROWS * now[0]);
  const all = `All four properties hold for ${listed(names)}.`;
  if (!grown) return all;
  const [now, later] = grown.now.map(size);
  return `${all} The four are not enough: the values of **${grown.name}** reach **${now}**, and **${later}** in a sentence twice as long.`;
}

/** The learned tables are fetched when the scorecard is first drawn; it does not wait for them. */
function fetchTables(view) {
  const bytes = view.model.get("payload");
  if (take(bytes) || !bytes?.fetch || view.fetching) return;
  view.fetching = true;
  bytes
    .fetch()
    .then((come) => {
      view.model.set("payload", come);
      view.invalidate();
    })
    // a press on one of their rows asks again
    .catch((error) => console.error("[posenc] the learned tables could not be fetched", error));
}

function draw(view, state) {
  fetchTables(view);
  if (!view.table) {
    view.table = createTable({ open: (scheme, reading) => view.set({ scheme, reading }) });
    view.sum = document.createElement("p");
    view.sum.className = "finding sum";
    view.stage.before(view.table.el, view.sum);
    view.faces = new Map();
  }
  const left = advance(state);
  const key = (name, reading) => `${name}|${reading}`;
  for (const name of namesOf(state)) {
    const card = readyCard(name, state);
    if (card)
      for (const reading of READINGS) view.faces.set(key(name, reading), faceOf(card, reading));
  }
  const blank = { kind: "plain", word: "", number: "" };
  view.table.show(state, (name, reading) => view.faces.get(key(name, reading)) ?? blank);
  view.memory.left = left;
  if (left) view.invalidate();
  else {
    const words = summary(state);
    if (view.memory.summary !== words) {
      view.memory.summary = words;
      view.sum.replaceChildren(inline(words));
      // the words that follow in the prose were not to be had before
      view.el.dispatchEvent(new CustomEvent("posenc:state", { bubbles: true }));
    }
  }
  drawEvidence(view, state, cardOf(state.scheme, state));
}

/** What the open verdict rests on, in a sentence. */
function finding(state, view) {
  take(view.model.get("payload"));
  const { scheme, reading, length } = state;
  const card = cardOf(scheme, state);
  if (card.problem) return `**${scheme}** ${card.problem}. ${card.why}`;
  const { holds, number, places, values, rows } = card[reading];
  const last = learnedCalled(scheme)?.rows ?? Number.POSITIVE_INFINITY;
  const at = (t) => `[*t*\u00a0=\u00a0${thousands(t)}]{pos}`;
  const changed = `${at(places[0])}, channel *j*\u00a0=\u00a0${places[1]}`;
  switch (reading) {
    case "unique": {
      const pair = `${at(places[0])} and ${at(places[1])}`;
      return holds
        ? `No two of the ${thousands(length)} rows of **${scheme}** are the same: the closest two, ${pair}, are **${size(number)}** apart.`
        : `Two rows of **${scheme}** are the same: ${pair}.`;
    }
    case "relative": {
      const k = `[*k*\u00a0=\u00a0${thousands(places[0])}]{off}`;
      return holds
        ? `The distance of two rows of **${scheme}** depends on their offset alone: at ${k} it is **${size(values[1])}** wherever one stands, and every other offset has one distance too.`
        : `At the offset ${k} the distance of two rows of **${scheme}** is **${size(values[0])}** from ${at(places[1])} and **${size(values[1])}** from ${at(places[2])}: it depends on where one stands.`;
    }
    case "independent":
      if (rows)
        return `A sentence of ${thousands(2 * length)} positions asks for more rows than **${scheme}** has: past its ${thousands(rows)} there is no vector but an error.`;
      if (holds)
        return `In a sentence of ${thousands(2 * length)} positions the first ${thousands(length)} rows of **${scheme}** are what they were: no value changes.`;
      return `At ${changed}, **${scheme}** holds **${value(values[0])}** in a sentence of ${thousands(length)} positions and **${value(values[1])}** in one of ${thousands(2 * length)}.${
        card.deterministic.holds
          ? ""
          : " But it changes as much when it is asked twice for the same length: that is chance, not length."
      }`;
    case "deterministic":
      return holds
        ? `Asked twice, **${scheme}** gives the same ${thousands(length)} rows.`
        : `At ${changed}, **${scheme}** says **${value(values[0])}** when first asked and **${value(values[1])}** the second time.`;
    default: {
      const largest = `The largest value of **${scheme}** is **${size(values[0])}**, at ${changed}`;
      return 2 * length > last
        ? `${largest}; in all its ${thousands(last)} rows it is **${size(values[1])}**.`
        : `${largest}; in a sentence twice as long it is **${size(values[1])}**.`;
    }
  }
}

const plain = (words) => words.replace(/\[(.+?)\]\{\w+\}/g, "$1").replaceAll("*", "");

/** A slider on a logarithmic scale gives 64.00000000000004. */
const fix = ({ length, d_model }) => ({
  length: Math.round(length),
  d_model: Math.round(d_model),
});

export const score = defineView({
  label: "The evidence behind the open verdict of the scorecard",
  traits: TRAITS,
  payload: (state) => learnedCalled(state.scheme) !== undefined,
  fix,
  draw,
  finding,
  sheets: (view) => [view.table.el, view.sum].map((el) => painted(el, view.palette, view.ratio)),
  say: (state, view) => plain(finding(state, view)),
  facts: (state, view) => {
    take(view.model.get("payload"));
    const shown = readyCard(state.scheme, state);
    if (namesOf(state).some((name) => !readyCard(name, state))) return {};
    const names = passing(state);
    const index = readyCard("index", state);
    const scored = !shown.problem;
    return {
      passing: plain(listed(names)),
      passes: thousands(names.length),
      index_largest: size(index.largest.number),
      index_longer: size(index.largest.values[1]),
      scheme: state.scheme,
      verdict: scored ? verdict(shown[state.reading]) : shown.problem,
      number: scored ? amount(state.reading, shown[state.reading]) : "",
    };
  },
  data: (state) => ({
    columns: [
      "scheme",
      "property",
      "verdict",
      "number",
      "place 1",
      "place 2",
      "place 3",
      "value 1",
      "value 2",
    ],
    rows: namesOf(state).flatMap((name) => {
      const card = cardOf(name, state);
      return READINGS.map((reading) => {
        if (card.problem) return [name, reading, card.problem, "", "", "", "", "", ""];
        const { number, places, values } = card[reading];
        const or = (list, k) => list[k] ?? "";
        return [
          name,
          reading,
          verdict(card[reading]),
          number,
          ...[0, 1, 2].map((k) => or(places, k)),
          ...[0, 1].map((k) => or(values, k)),
        ];
      });
    }),
  }),
});
