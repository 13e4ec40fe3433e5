/**
 * What a real encoder makes of a sentence in every order of its words: each order is a dot at the
 * cosine of its sentence vector with that of the order as written, in one lane as the encoder was
 * trained, in another with its positions zeroed. The mark is the order in which the words stand; to
 * move it is to put them into another.
 */

import { arrangements, kinds, placeOf } from "./arrangements.js";
import { splitWords } from "./attention.js";
import { clamp, disc, line, niceStep, tag, text, textWidth } from "./canvas.js";
import { power, signed, thousands } from "./format.js";
import { readOrder, writeOrder } from "./shuffle_data.js";
import { notesOf } from "./tensors.js";
import { defineView } from "./view.js";

const TRAITS = ["text", "order"];
export const SHORT = 5; // words: what is longer comes when it is asked for
const TARGET = 44;
const TOP = 30; // CSS pixels above the heading
const HEADING = TOP + 50; // and above the first lane
const LANE = 96; // of the orders as dots
const NARROW = 40; // of the lane in which all orders are one
const AXIS = 44;

/** The numbers of the sentence: null if it is not one that the encoder has read. */
function readings(view, { text: sentence }) {
  if (view.memory.readings?.sentence === sentence) return view.memory.readings;
  const bytes = view.model.get("payload");
  const notes = notesOf(bytes);
  const words = splitWords(sentence);
  const at = notes.sentences.findIndex((known) => splitWords(known).join(" ") === words.join(" "));
  if (at < 0) {
    view.memory.readings = { sentence, cosine: null };
    return view.memory.readings;
  }
  const tensors = view.tensors;
  const cosine = tensors[`cosine ${at}`].values;
  const rows = arrangements(words);
  // from the least alike to the order as written; equal ones in the order of the list
  const ranked = [...cosine.keys()].sort((a, b) => cosine[a] - cosine[b] || a - b);
  const written = placeOf(kinds(words));
  const rank = [];
  for (const [k, place] of ranked.entries()) rank[place] = k;
  view.memory.readings = {
    sentence,
    words,
    kinds: kinds(words),
    rows,
    cosine,
    difference: tensors[`difference ${at}`].values,
    ranked,
    rank,
    written,
    zeroed: notes.zeroed[at],
    least: cosine[ranked[0]],
  };
  return view.memory.readings;
}

/** Which of the orders the words stand in. */
function placeNow(found, { order }) {
  const standing = readOrder(order, found.words.length) ?? found.words.map((_, p) => p);
  return placeOf(standing.map((w) => found.kinds[w]));
}

/** An order of the words, as places when written, in which they read like a row of kinds. */
function orderOf(found, row) {
  const left = found.kinds.slice();
  return row.map((kind) => {
    const w = left.indexOf(kind);
    left[w] = -1;
    return w;
  });
}

const reads = (found, place) => {
  const spelt = [...new Set(found.words)];
  return found.rows[place].map((kind) => spelt[kind]).join(" ");
};

const rounded = (x) => signed(x, 3);
const cosineWord = (x) => (x > 0.9999 ? "1" : rounded(x));
const differenceWord = (x) => (x < 1e-12 ? power(x, 1) : signed(x, 2));

/** Where everything goes, in CSS pixels, for a stage of this width. */
function lay(view, found) {
  const width = view.width0;
  const step = niceStep(1 - found.least, 6);
  const low = Math.floor((2 * found.least) / step + 1e-9) * (step / 2);
  const x0 = 14;
  const x1 = width - 22;
  const small = width < 560;
  const lane = { y: HEADING + 22, h: LANE };
  const zero = { y: lane.y + lane.h + 34, h: NARROW };
  const toX = (v) => x0 + ((v - low) / (1 - low)) * (x1 - x0);
  const toValue = (x) => low + ((x - x0) / (x1 - x0)) * (1 - low);
  return { small, x0, x1, low, step, lane, zero, toX, toValue, height: zero.y + zero.h + AXIS };
}

/** A dot for each order, those at one place on top of each other. */
function stack(found, geometry) {
  const { lane, toX } = geometry;
  const size = found.ranked.length > 300 && geometry.small ? 4 : 6;
  const heap = new Map();
  const cells = found.ranked.map((place) => {
    const column = Math.round(toX(found.cosine[place]) / size);
    const high = heap.get(column) ?? 0;
    heap.set(column, high + 1);
    return { place, x: column * size, high };
  });
  // where a heap would outgrow its lane, all are pressed together
  const pitch = Math.min(size, (lane.h - 8) / Math.max(...heap.values()));
  return cells.map(({ place, x, high }) => ({
    place,
    x,
    y: lane.y + lane.h - 4 - (high + 0.5) * pitch,
    r: Math.min(size, pitch + 1.5) / 2 - 0.4,
  }));
}

function draw(view, state) {
  const found = readings(view, state);
  const { hex } = view.palette ?? {};
  if (!found.cosine) {
    const c = view.fit(TOP + 38);
    view.geometry = { mark: null };
    heading(view, c, hex);
    return;
  }
  const geometry = lay(view, found);
  const c = view.fit(geometry.height);
  const { x0, x1, lane, zero, low, step, toX } = geometry;
  const now = placeNow(found, state);
  heading(view, c, hex);
  const small = { size: 11.5, colour: hex["ink-3"] };
  const bottom = zero.y + zero.h;
  for (let value = 1; value > low - 1e-9; value -= step) {
    const x = toX(value);
    line(c, x, lane.y, x, bottom, hex.rule);
    const word = signed(value, step < 0.1 ? 2 : 1);
    text(c, word, x, bottom + 18, { ...small, align: x > x0 + 8 ? "center" : "left" });
  }
  text(c, "cosine with the order as written", (x0 + x1) / 2, bottom + 36, {
    ...small,
    align: "center",
  });
  const count = thousands(found.ranked.length);
  const name = { size: 12.5, weight: 600, colour: hex.ink };
  text(c, `As trained: ${count} orders, a dot each`, x0, lane.y - 8, name);
  text(c, "Positions zeroed: all of them", x0, zero.y - 8, name);
  const ground = lane.y + lane.h;
  line(c, x0, ground, x1, ground, hex.edge);
  line(c, x0, bottom, x1, bottom, hex.edge);
  for (const { x, y, r } of stack(found, geometry)) disc(c, x, y, r, `${hex.tok}90`);

  // the order as it stands, in both lanes
  const x = toX(found.cosine[now]);
  line(c, x, lane.y + 8, x, ground, hex.ink, 2);
  disc(c, x, ground, 8.5, hex.ink, hex.paper, 2);
  const word = cosineWord(found.cosine[now]);
  const half = textWidth(c, word, { size: 11.5, weight: 600 }) / 2 + 5;
  tag(c, word, clamp(x, x0 + half, x1 + 16 - half), lane.y + 6, hex.ink, hex.paper);
  disc(c, toX(1), bottom - 14, 6, hex.ink, hex.paper, 2);
  text(c, "1, whatever the order", toX(1) - 14, bottom - 10, {
    size: 12,
    colour: hex["ink-2"],
    align: "right",
  });
  geometry.mark = { x, y: ground };
  view.geometry = geometry;
}

function heading(view, c, hex) {
  text(c, "The same sentence, read by a real encoder", 0, TOP + 12, {
    size: 13,
    weight: 600,
    colour: hex.ink,
  });
  const what =
    view.width0 < 560 ? "MiniLM, trained" : "MiniLM: six trained layers, its own positions";
  text(c, what, 0, TOP + 30, { size: 11.5, colour: hex["ink-2"] });
}

/** Puts the words into the order at a place among the ranked ones. */
function setRank(view, k) {
  const found = readings(view, view.state);
  const place = found.ranked[clamp(Math.round(k), 0, found.ranked.length - 1)];
  if (place === placeNow(found, view.state)) return;
  view.set({ order: writeOrder(orderOf(found, found.rows[place])) });
}

/** The order whose dot is nearest to a point. */
function nearest(view, x) {
  const found = readings(view, view.state);
  const value = view.geometry.toValue(x);
  let best = 0;
  for (const [k, place] of found.ranked.entries())
    if (Math.abs(found.cosine[place] - value) < Math.abs(found.cosine[found.ranked[best]] - value))
      best = k;
  return best;
}

function finding(state, view) {
  const found = readings(view, state);
  if (!found.cosine)
    return "MiniLM has read the four English sentences on offer, in all orders of their words. This is not one of them.";
  const now = placeNow(found, state);
  const zeroed = `With its positions zeroed, all ${thousands(found.ranked.length)} orders have one sentence vector, to **${power(found.zeroed.difference)}**.`;
  if (now === found.written)
    return `As MiniLM was trained, the least alike of ${thousands(found.ranked.length)} orders of these words has cosine **${cosineWord(found.least)}** with this one. ${zeroed}`;
  return `As MiniLM was trained, the sentence vectors of this order and of the one as written have cosine **${cosineWord(found.cosine[now])}**; of their 384 numbers, one differs by **${differenceWord(found.difference[now])}**. ${zeroed}`;
}

export const orders = defineView({
  label: "The sentence vector of a real encoder in every order of the words, by its cosine",
  traits: TRAITS,
  payload: { payload: true, longer: ({ text: words }) => splitWords(words).length > SHORT },
  draw,
  handles: (view) => [
    {
      name: "model",
      label: "Order of the words, by what the trained encoder makes of it",
      page: 20,
      range: () => [0, (readings(view, view.state).ranked?.length ?? 1) - 1],
      value: () => {
        const found = readings(view, view.state);
        return found.cosine ? found.rank[placeNow(found, view.state)] : 0;
      },
      say: () => spoken(view, view.state),
      place: () => {
        const { mark } = view.geometry;
        return mark && { x: mark.x - TARGET / 2, y: mark.y - TARGET / 2, w: TARGET, h: TARGET };
      },
      move: (k) => setRank(view, k),
      drag: (x) => setRank(view, nearest(view, x)),
    },
  ],
  pointer: {
    hit(view, _x, y) {
      const { mark, lane } = view.geometry;
      return mark && y >= lane.y && y <= lane.y + lane.h + 10 ? "lane" : null;
    },
    drag: (view, _region, x) => setRank(view, nearest(view, x)),
  },
  finding,
  say: (state, view) => `${spoken(view, state)}.`,
  facts: (state, view) => {
    const found = readings(view, state);
    if (!found.cosine) return {};
    const now = placeNow(found, state);
    return {
      model_cosine: cosineWord(found.cosine[now]),
      model_difference: differenceWord(found.difference[now]),
      model_orders: thousands(found.ranked.length),
      model_least: cosineWord(found.least),
      model_zeroed: power(found.zeroed.difference),
    };
  },
  data: (state, view) => {
    const found = readings(view, state);
    if (!found.cosine) return undefined;
    const { ranked, rows, cosine, difference, zeroed } = found;
    return {
      // the rows from the least alike to the order as written
      columns: ["words", "order", "cosine", "largest_difference", "zeroed_largest_difference"],
      rows: ranked.map((place) => [
        reads(found, place),
        writeOrder(orderOf(found, rows[place])),
        cosine[place].toFixed(5),
        difference[place].toFixed(3),
        zeroed.difference,
      ]),
    };
  },
});

function spoken(view, state) {
  const found = readings(view, state);
  if (!found.cosine) return "MiniLM has not read this sentence";
  const now = placeNow(found, state);
  return `“${reads(found, now)}”: cosine ${cosineWord(found.cosine[now])} with the order as written, as MiniLM was trained; 1 with its positions zeroed`;
}
