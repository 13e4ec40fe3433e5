/**
 * Shuffle the sentence. Every word is a handle: it is dragged to another place, moved by arrows, or
 * pressed, and then another, for the two to change places. Attention reads the words as they stand
 * and is computed anew for each order; each word's output is compared with what it was in the first.
 */

import { splitWords } from "./attention.js";
import { plural, thousands } from "./format.js";
import { literal } from "./inline.js";
import { createBar } from "./shuffle_bar.js";
import * as S from "./shuffle_data.js";
import { cellAt, draw, letGo, placeAt } from "./shuffle_draw.js";
import { defineView } from "./view.js";

const TAP = 5; // px that a hand may wander and still have pressed

const dataOf = (view, state = view.state) => S.compute(view.memory, state);
const reorder = (view, order) => view.set({ order: S.writeOrder(order) });

/** A word in a sentence of ours: short, and in its own direction. */
const quoted = (word) => `“\u2068${literal(S.clipped(word))}\u2069”`;

/** Keeps order and sentence in step with the text, as views/shuffle.py does. */
function fix(state, changed) {
  const { text, sentences } = state;
  if (changed === "sentence_index" && state.sentence_index < sentences.length)
    return { text: sentences[state.sentence_index] };
  const patch = {};
  if (changed !== "sentence_index") {
    const at = sentences.indexOf(text);
    patch.sentence_index = at < 0 ? sentences.length : at;
  }
  const n = splitWords(text, S.MOST).length;
  if (changed === "text" || !S.readOrder(state.order, n)) patch.order = "";
  return patch;
}

// -- words as handles ---------------------------------------------------------------------------

/** Options of the handle of the word written at w. */
function handleOf(view, w) {
  let pressed = null; // where the hand came down, in the word and on the stage
  const place = () => dataOf(view).places[w];
  return {
    name: "token",
    label: "Word",
    range: () => [1, dataOf(view).n],
    value: () => place() + 1,
    say: () => spoken(view, w),
    place: () => view.geometry.tokens?.[w] ?? null,
    move: (to) => reorder(view, S.moved(dataOf(view).order, place(), to - 1)),
    press(x, y) {
      const box = view.geometry.tokens[w];
      pressed = { x, y, dx: x - box.x, dy: y - box.y };
    },
    drag(x, y) {
      if (!view.hold && Math.hypot(x - pressed.x, y - pressed.y) < TAP) return;
      view.taken = null;
      const box = view.geometry.tokens[w];
      view.hold = { w, x: x - pressed.dx, y: y - pressed.dy };
      const [left, top] = [view.hold.x + box.w / 2, view.hold.y + box.h / 2];
      const { order } = dataOf(view);
      reorder(view, S.moved(order, place(), placeAt(view.geometry, order, w, left, top)));
      view.invalidate();
    },
    release(event) {
      if (view.hold) letGo(view, view.hold);
      else if (event.type === "pointerup") take(view, w);
      view.hold = null;
      view.invalidate();
    },
    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return false;
      if (event.key === "Enter" || event.key === " ") take(view, w);
      else if (event.key === "Escape" && view.taken !== null) view.taken = null;
      else return false;
      view.invalidate();
      return true;
    },
  };
}

/** Takes a word up; with one taken already, the two change places. */
function take(view, w) {
  const { places, order } = dataOf(view);
  const other = view.taken;
  view.taken = other === null ? w : null;
  if (other !== null && other !== w) reorder(view, S.swapped(order, [places[w], places[other]]));
}

/** Which of the words spelled alike a word is, if there are such. */
const which = ({ nth }, w) => (nth[w][0] ? ` (${nth[w][0]} of ${nth[w][1]})` : "");

function spoken(view, w) {
  const data = dataOf(view);
  const { words, places, n } = data;
  const taken = view.taken === w ? ", taken: press another word to swap the two" : "";
  return `${S.clipped(words[w])}${which(data, w)}, place ${places[w] + 1} of ${n}${taken}`;
}

/** Puts the handles into the order of the words, so that Tab goes along the sentence. */
function orderHandles(view, { order, places }) {
  const key = order.join(".");
  if (view.memory.tabbed === key) return;
  view.memory.tabbed = key;
  view.handles ??= [...view.stage.querySelectorAll(".handle-token")];
  // one that is held or has the focus would lose it if it were moved: the others go around it
  const w0 = view.handles.indexOf(view.stage.getRootNode().activeElement);
  const p0 = w0 < 0 ? order.length : (places[w0] ?? order.length);
  for (const [p, w] of order.entries())
    if (p !== p0)
      view.stage.insertBefore(view.handles[w], p < p0 && w0 >= 0 ? view.handles[w0] : view.bar.el);
}

// -- what is said -------------------------------------------------------------------------------

function finding(state, view) {
  const data = dataOf(view, state);
  if (!data.n) return "There are no words: type a sentence, or choose one.";
  const left = data.left
    ? ` ${plural(data.left, "word")} beyond the first ${S.MOST} ${data.left === 1 ? "is" : "are"} left out.`
    : "";
  if (data.n === 1) return `One word has only one order: add a second one.${left}`;
  return `${comparison(state, data)} ${aboutTwins(state, data)}`.trim() + left;
}

function comparison(state, data) {
  const { displaced, n, largest, most } = data;
  if (!displaced)
    return "The words stand in the order in which they were written. Move one: its output will be compared with what it is now.";
  const where = `**${thousands(displaced)} of ${plural(n, "word")}** ${displaced === 1 ? "stands" : "stand"} elsewhere.`;
  const number = `**${S.difference(largest)}**`;
  const start = `${where} The largest difference between a word’s output now and in the first order: ${number}`;
  if (S.same(largest))
    return `${start}${largest ? ", which is rounding" : ""}. The outputs are the same vectors, in another order.`;
  return `${start}, of ${quoted(data.words[most])}${which(data, most)}. ${reason(state)}`;
}

function reason({ encoding, mask }) {
  if (encoding === "none")
    return "Nothing was added to the words, but the causal mask hides from each word those after it, so its place counts.";
  const also = mask === "causal" ? ", and so does the mask" : "";
  return `The ${encoding} encoding makes a word’s vector depend on its place${also}: these are different vectors.`;
}

/** Words that are spelled alike: have they the same output? */
function aboutTwins(state, data) {
  const { twins, words } = data;
  if (!twins.length) return "";
  const by = S.apart(data);
  const [first] = twins;
  const one = `${first.length === 2 ? "both" : `all ${first.length}`} ${quoted(words[first[0]])}`;
  const who = twins.length > 1 ? "words that are spelled alike" : one;
  if (!S.same(by)) return `The outputs of ${who} are up to **${S.difference(by)}** apart.`;
  const why = state.encoding === "none" ? ": nothing tells them apart" : "";
  return `The outputs of ${who} are the same${why}.`;
}

/** The sentence as it stands. */
const sentence = ({ order, words }) => order.map((w) => S.clipped(words[w])).join(" ");

export const shuffle = defineView({
  label:
    "A sentence whose words can be moved, with self-attention’s weights and outputs as heatmaps below it",
  traits: ["text", "sentences", "sentence_index", "order", "encoding", "mask", "seed"],
  choices: { encoding: ["none", "index", "sinusoidal"], mask: ["none", "causal"] },
  fix,
  handles(view) {
    view.taken = null;
    view.hold = null;
    view.bar = createBar(view.stage, {
      swap() {
        const { order, words } = dataOf(view);
        const pair = S.pairToSwap(order.map((w) => words[w]));
        if (pair) reorder(view, S.swapped(order, pair));
      },
      shuffle() {
        const { order, words } = dataOf(view);
        reorder(view, S.shuffled(order, words));
      },
      sort: () => view.set({ order: "" }),
    });
    return Array.from({ length: S.MOST }, (_, w) => handleOf(view, w));
  },
  draw(view) {
    const data = dataOf(view);
    const key = `${view.state.text}|${view.state.order}`;
    if (view.memory.drawn !== key && !view.hold) view.taken = null;
    view.memory.drawn = key;
    draw(view, data);
    orderHandles(view, data);
    const now = data.order.map((w) => data.words[w]);
    const pair = S.pairToSwap(now);
    view.bar.update({
      y: view.geometry.lines,
      pair: pair?.map((p) => now[p]),
      moved: data.displaced > 0,
    });
  },
  pointer: {
    hit: () => null,
    drag() {},
    peek: (view, x, y) => cellAt(view.geometry, dataOf(view).n, x, y),
  },
  finding,
  say(state, view) {
    const data = dataOf(view, state);
    if (data.n < 2) return finding(state, view);
    const { displaced, n, largest } = data;
    const words = `${sentence(data)}. ${displaced} of ${n} words stand elsewhere than at first.`;
    const how = S.same(largest) ? " but for rounding" : "";
    const by = S.same(largest) ? "0" : S.difference(largest);
    return `${words} Encoding ${state.encoding}, mask ${state.mask}. Largest difference of the outputs: ${by}${how}.`;
  },
  facts(state, view) {
    const data = dataOf(view, state);
    if (!data.n)
      return { words: "0", moved: "0", difference: "0", sentence: "", vectors: "no vectors" };
    return {
      words: thousands(data.n),
      moved: thousands(data.displaced),
      difference: S.difference(data.largest),
      vectors: S.same(data.largest) ? "the same vectors" : "different vectors",
      twins: S.difference(S.apart(data)),
      sentence: sentence(data),
    };
  },
  data(state) {
    const data = S.compute({}, state);
    const { n, order, words, changes, weights, outputs } = data;
    const numbers = (table, p, width) =>
      Array.from(table.subarray(p * width, (p + 1) * width), (v) => v.toFixed(6));
    const count = (name, many) => Array.from({ length: many }, (_, k) => `${name}${k}`);
    return {
      columns: [
        ...["place", "word", "first_place", "largest_difference"],
        ...count("weight_on_place_", n),
        ...count("output_", S.WIDTH),
      ],
      rows: order.map((w, p) => [
        ...[p, words[w], w, changes[w].toExponential(3)],
        ...numbers(weights, p, n),
        ...numbers(outputs, p, S.WIDTH),
      ]),
    };
  },
});
