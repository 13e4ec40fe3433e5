/**
 * Two sentences hung on one ruler, each word at the value of its encoding: the first above, the
 * second below. The same position is marked in both, with the step to its neighbour; the step of
 * the first sentence is shaded on both sides, to be counted in words. Under the ruler the two
 * lengths stand as bars on an axis of their own, where they can be dragged, with the length up to
 * which a model is supposed to have been trained.
 */

import { splitWords } from "./attention.js";
import { clamp, diamond, disc, line, niceStep, text, textWidth } from "./canvas.js";
import { plural, signed, thousands } from "./format.js";
import { around, drawLengths, lengthHandle, MAX, MIN, NAMES } from "./ruler_lengths.js";
import { rows } from "./schemes.js";
import { defineView } from "./view.js";

const TRAITS = [
  "encoding",
  "encoding_index",
  "t",
  "first",
  "second",
  "trained",
  "sentences",
  "more",
  "t_max",
];
export const CHOICES = ["index", "fraction"];
const AIR = 9; // CSS pixels between two words

/** Where the words of a sentence stand on the ruler. */
const placesOf = (encoding, length) => rows(encoding, length, { d: 1, length });
const stepOf = (encoding, length) => placesOf(encoding, length)[1];

/** The words of a sentence cut or drawn out to its length, and how many are its own. */
function wordsOf({ sentences, more }, which, length) {
  const own = splitWords(sentences[which], length);
  const words = Array.from({ length }, (_, n) => own[n] ?? more[(n - own.length) % more.length]);
  return { words, own: own.length };
}

/** A value on the ruler in few signs: 3, 0.33, 0.016. */
const few = (x) => (Number.isInteger(x) ? thousands(x) : signed(x, Math.abs(x) < 0.1 ? 3 : 2));
/** So many words, where a part of a word counts: "1 word", "2.33 words". */
function count(x) {
  const whole = Math.round(x);
  const words = Math.abs(x - whole) < 1e-9 ? whole : x; // a quotient of two fractions
  return `${few(words)} ${words === 1 ? "word" : "words"}`;
}

/** The neighbours between which the step is drawn: the marked word and the next, or the one before. */
const stepFrom = (t, length) => Math.min(t, length - 2);

/** The largest value that training showed, were every sentence at most so long. */
const topOf = (encoding, trained) => placesOf(encoding, trained)[trained - 1];

/** Words of a sentence at values above all that training showed. */
const unseen = (encoding, length, trained) =>
  placesOf(encoding, length).filter((v) => v > topOf(encoding, trained)).length;

/** Where everything goes, in CSS pixels, for a stage of this width. */
function lay(width) {
  const small = width < 560;
  const margin = small ? 16 : 28;
  const levels = small ? [32, 51] : [34, 56];
  const head = 18;
  const above = head + levels[1] + 22; // the upper edge of the ruler
  const band = 46;
  const below = above + band;
  const foot = below + levels[1] + 26;
  const strip = foot + (small ? 62 : 58);
  const label = small ? 0 : 118;
  return {
    small,
    levels,
    head,
    plot: { x: margin, w: width - 2 * margin },
    edges: [above, below],
    heads: [head, foot],
    lengths: {
      x: small ? 2 : label,
      w: width - (small ? 2 : label) - (small ? 54 : 70),
      rows: [strip, strip + 46],
      end: strip + 78,
    },
    height: strip + 104,
  };
}

function draw(view, state) {
  const geometry = lay(view.width0);
  const c = view.fit(geometry.height);
  view.geometry = geometry;
  const { plot } = geometry;
  const { hex } = view.palette;
  // Between the two encodings, while the words are on their way, so is the ruler.
  const mix = state.encoding_index;
  const lengths = [state.first, state.second];
  const span = Math.max(...lengths, state.trained) - 1;
  const sides = lengths.map((length, which) => {
    const [index, fraction] = CHOICES.map((name) => placesOf(name, length));
    const xOf = (n) => plot.x + plot.w * ((1 - mix) * (index[n] / span) + mix * fraction[n]);
    const xs = Float64Array.from({ length }, (_, n) => xOf(n));
    return {
      which,
      length,
      xs,
      edge: geometry.edges[which],
      way: which ? 1 : -1,
      values: placesOf(state.encoding, length),
      // how many of its words the step of the first sentence spans
      spans: stepOf(state.encoding, state.first) / stepOf(state.encoding, length),
      ...wordsOf(state, which, length),
    };
  });
  Object.assign(view.memory, { sides, span });
  geometry.marks = [];
  drawTrained(view, state, { mix, span });
  drawShade(view, state, sides);
  drawBand(view, state, span);
  for (const side of sides) {
    drawSentence(view, state, side);
    drawStep(view, state, side);
  }
  drawLengths(view, state);
  line(c, plot.x, geometry.edges[0], plot.x + plot.w, geometry.edges[0], hex.ink, 1.25);
  line(c, plot.x, geometry.edges[1], plot.x + plot.w, geometry.edges[1], hex.ink, 1.25);
  for (const side of sides) drawTokens(view, state, side);
}

/** How far up the ruler training reached, by index; by fraction it reached the end. */
function drawTrained(view, state, { mix, span }) {
  const { c, geometry, palette } = view;
  const { plot, edges, small } = geometry;
  const { hex } = palette;
  const top = (1 - mix) * ((state.trained - 1) / span) + mix;
  const x = plot.x + plot.w * top;
  geometry.seen = x;
  const end = plot.x + plot.w;
  if (end - x < 1) return;
  c.fillStyle = hex.wash;
  c.fillRect(x, edges[0] - 14, end - x + 12, edges[1] - edges[0] + 28);
  line(c, x, edges[0] - 14, x, edges[1] + 14, hex["ink-2"], 1.25, [2, 3]);
  const words = small ? "not trained" : "never seen in training";
  const style = { size: 11, colour: hex["ink-2"], baseline: "middle" };
  const wide = textWidth(c, words, style);
  if (end - x > wide + 10) text(c, words, x + 6, (edges[0] + edges[1]) / 2 - 12, style);
}

/** The step of the first sentence, shaded on both sides of the ruler. */
function drawShade(view, state, sides) {
  const { c, geometry, palette } = view;
  const { plot } = geometry;
  const [first] = sides;
  const from = stepFrom(state.t, first.length);
  const wide = first.xs[from + 1] - first.xs[from];
  geometry.shades = sides.map((side) => {
    const x = side.xs[stepFrom(state.t, side.length)];
    const shade = { x, w: Math.min(wide, plot.x + plot.w - x) };
    c.fillStyle = palette.hex["off-wash"];
    c.fillRect(shade.x, side.edge - (side.way < 0 ? 20 : 0), shade.w, 20);
    return shade;
  });
}

/** The numbers of the ruler, between its two edges. */
function drawBand(view, state, span) {
  const { c, geometry, palette } = view;
  const { plot, edges, small } = geometry;
  const { hex } = palette;
  const byIndex = state.encoding === "index";
  const most = byIndex ? span : 1;
  const step = byIndex ? Math.max(1, niceStep(span, small ? 6 : 12)) : small ? 0.5 : 0.25;
  const middle = (edges[0] + edges[1]) / 2;
  for (let v = 0; v <= most + 1e-9; v += step) {
    const x = plot.x + (plot.w * v) / most;
    line(c, x, edges[0], x, edges[0] + 5, hex.edge);
    line(c, x, edges[1] - 5, x, edges[1], hex.edge);
    text(c, few(v), x, middle + 0.5, {
      size: 11.5,
      colour: hex["ink-2"],
      align: "center",
      baseline: "middle",
      halo: hex.paper,
    });
  }
}

/** The heading of a sentence and its words, where they find room. */
function drawSentence(view, state, side) {
  const { c, geometry, palette } = view;
  const { small, levels } = geometry;
  const { hex } = palette;
  const { which, xs, values, words, edge, way, own } = side;
  const y = geometry.heads[which];
  const size = small ? 12 : 13;
  const style = { size, weight: 600, baseline: "middle" };
  text(c, small ? NAMES[which] : `${NAMES[which]} sentence`, 0, y, {
    ...style,
    weight: 400,
    colour: hex["ink-2"],
  });
  text(c, `*t* = ${state.t} is ${few(values[state.t])}`, view.width / 2 - (small ? 16 : 0), y, {
    ...style,
    align: "center",
    colour: hex.pos,
  });
  text(c, `a step is ${few(values[1])}`, view.width, y, {
    ...style,
    align: "right",
    colour: hex.off,
  });
  const at = { size: small ? 12 : 13.5, weight: 500 };
  const widths = words.map((word) => textWidth(c, word, at));
  const places = hang(xs, widths, { t: state.t, own, levels, low: 2, high: view.width - 2 });
  side.hung = places;
  for (const [n, place] of places.entries()) {
    if (!place) continue;
    const marked = n === state.t;
    const base = edge + way * place.level;
    line(c, xs[n], edge, xs[n], base - way * 9, marked ? hex.pos : hex.rule, marked ? 1.5 : 1);
    text(c, words[n], place.x, base, {
      ...at,
      weight: marked ? 600 : 500,
      colour: n < own ? hex.tok : hex["ink-3"],
      align: "center",
      baseline: "middle",
      halo: hex.paper,
    });
  }
}

/** The step from the marked word to its neighbour, and the shaded difference counted in words. */
function drawStep(view, state, { which, xs, edge, way, length, spans }) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const shade = geometry.shades[which];
  const from = stepFrom(state.t, length);
  const [a, b] = [xs[from], xs[from + 1]];
  const level = edge + way * 14;
  line(c, a, level, b, level, hex.off, 1.75, [8, 4]);
  diamond(c, (a + b) / 2, level, geometry.small ? 4.5 : 5.5, hex.off, hex.paper, 1.5);
  const counted = count(spans);
  const room = textWidth(c, counted, { size: 11, weight: 600 });
  // where step and shade are the same there is nothing to count, and no room beside the dashes
  if (which && Math.abs(shade.w - (b - a)) > 1 && shade.w > room + 18)
    text(c, counted, shade.x + shade.w - 4, level + 1, {
      size: 11,
      weight: 600,
      align: "right",
      baseline: "middle",
      colour: hex.off,
      halo: hex.paper,
    });
}

/**
 * Where each word is written: near its place on the first level that has room, or nowhere. The
 * marked word and the two ends come first; in a crowd only a sentence's own words are written.
 */
function hang(xs, widths, { t, own, levels, low, high }) {
  const places = Array.from(xs, () => null);
  const crowded = xs.some((x, n) => n && x - xs[n - 1] < (widths[n] + widths[n - 1]) / 2 + AIR);
  const shown = crowded ? own : xs.length;
  for (const n of [t, 0, shown - 1, ...Array(shown).keys()]) {
    if (places[n]) continue;
    const half = widths[n] / 2;
    const x = clamp(xs[n], low + half, high - half);
    // in a crowd neighbours take turns, so that the lines stay even
    const tries = crowded && n % 2 ? [...levels].reverse() : levels;
    for (const level of tries) {
      const free = places.every(
        (other, m) =>
          !other || other.level !== level || Math.abs(other.x - x) >= half + widths[m] / 2 + AIR,
      );
      // a stem to the second level must not run through a word of the first
      const clear = places.every(
        (other, m) =>
          !other ||
          other.level === level ||
          (level > other.level
            ? Math.abs(other.x - xs[n]) > widths[m] / 2 + 2
            : Math.abs(xs[m] - x) > half + 2),
      );
      if (free && clear) {
        places[n] = { x, level };
        break;
      }
    }
  }
  return places;
}

/** The words as beads on the edge of the ruler, and the mark of t. */
function drawTokens(view, state, { xs, values, edge, own, length }) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const top = topOf(state.encoding, state.trained);
  const r = length > 32 ? 2.5 : 3.5;
  for (const [n, x] of xs.entries()) {
    if (n === state.t) continue;
    const colour = n < own ? hex.tok : hex["ink-3"];
    disc(c, x, edge, r, values[n] > top ? hex.paper : colour, colour, 1.5);
  }
  disc(c, xs[state.t], edge, 8, hex.pos, hex.paper, 2);
  geometry.marks.push({ x: xs[state.t], y: edge });
}

/** Keeps t within the shorter sentence, as views/ruler.py does. */
function fix(state) {
  const whole = (n) => clamp(Math.round(n), MIN, MAX);
  const [first, second, trained] = [state.first, state.second, state.trained].map(whole);
  const t_max = Math.min(first, second) - 1;
  return { first, second, trained, t_max, t: clamp(Math.round(state.t), 0, t_max) };
}

/** The position of sentence `which` whose word is nearest to x. */
function nearest(view, which, x) {
  const { xs } = view.memory.sides[which];
  let best = 0;
  for (let n = 0; n <= view.state.t_max; n++)
    if (Math.abs(xs[n] - x) < Math.abs(xs[best] - x)) best = n;
  return best;
}

const markOf = (view, which) => ({
  name: `t${which + 1}`,
  label: `Position t in the ${NAMES[which]} sentence`,
  range: () => [0, view.state.t_max],
  value: () => view.state.t,
  say: () => {
    const { t, encoding } = view.state;
    const { words, values } = view.memory.sides[which];
    return `position ${t}, “${words[t]}”, by ${encoding} ${few(values[t])}`;
  },
  place: () => around(view.geometry.marks[which].x, view.geometry.marks[which].y),
  move: (t) => view.set({ t }),
  drag: (x) => view.set({ t: nearest(view, which, x) }),
});

export const ruler = defineView({
  label:
    "Two sentences on one number line, each word at the value that encodes its position, with the step between two neighbours, and the lengths of the sentences as bars",
  traits: TRAITS,
  choices: { encoding: CHOICES },
  glide: ["encoding_index"],
  fix,
  draw,
  handles: (view) => [
    markOf(view, 0),
    markOf(view, 1),
    lengthHandle(view, "first", "Length of the first sentence", () => view.geometry.ends[0]),
    lengthHandle(view, "second", "Length of the second sentence", () => view.geometry.ends[1]),
    lengthHandle(
      view,
      "trained",
      "Length of the longest sentence in training",
      () => view.geometry.trainedTag,
    ),
  ],
  pointer: {
    hit(view, _x, y) {
      const { edges, heads, head } = view.geometry;
      if (y > head + 8 && y < edges[0] + 10) return 0;
      return y > edges[1] - 10 && y < heads[1] - 8 ? 1 : null;
    },
    drag: (view, which, x) => view.set({ t: nearest(view, which, x) }),
  },
  finding: (state) => {
    const { encoding, first, second, trained, t } = state;
    const [a, b] = [first, second].map((length) => stepOf(encoding, length));
    const [u, v] = [first, second].map((length) => placesOf(encoding, length)[t]);
    const longer = Math.max(first, second);
    if (encoding === "index") {
      const same = `A step is **${few(a)}** in both sentences, and position ${t} reads ${few(u)} in both, whatever their lengths.`;
      const beyond = unseen(encoding, longer, trained);
      const last = placesOf(encoding, longer)[longer - 1];
      return beyond
        ? `${same} But the longer one ends at **${few(last)}**: ${plural(beyond, "word")} of it ${beyond === 1 ? "stands at a value" : "stand at values"} that no sentence of up to ${trained} words ever showed.`
        : `${same} But the values grow with the sentence: the longer one ends at **${few(last)}**, and training showed nothing above ${few(topOf(encoding, trained))}.`;
    }
    if (first === second)
      return `Both sentences have ${plural(first, "word")}, so a step is **${few(a)}** in both and position ${t} reads ${few(u)} in both. Change one length, and neither is true.`;
    const fine =
      longer > trained
        ? ` A step of ${few(Math.min(a, b))} is finer than any that a sentence of up to ${trained} words showed.`
        : "";
    const reads =
      u === v ? "" : ` Position ${t} reads ${few(u)} in the one and ${few(v)} in the other.`;
    return `A difference of **${few(a)}** is **1 word** in the first sentence and **${count(a / b)}** in the second.${reads}${fine}`;
  },
  say: (state) => {
    const { encoding, first, second, t } = state;
    const told = [first, second].map((length, which) => {
      const word = wordsOf(state, which, length).words[t];
      return `“${word}” at ${few(placesOf(encoding, length)[t])} in the ${NAMES[which]} sentence of ${plural(length, "word")}, with steps of ${few(stepOf(encoding, length))}`;
    });
    return `Position ${t} by ${encoding}: ${told.join("; ")}.`;
  },
  facts: ({ encoding, first, second, trained, t }) => {
    const [a, b] = [first, second].map((length) => stepOf(encoding, length));
    const longer = Math.max(first, second);
    return {
      position: thousands(t),
      step_first: few(a),
      step_second: few(b),
      span: count(a / b),
      value_first: few(placesOf(encoding, first)[t]),
      value_second: few(placesOf(encoding, second)[t]),
      largest: few(placesOf(encoding, longer)[longer - 1]),
      unseen: plural(unseen(encoding, longer, trained), "word"),
    };
  },
  data: (state) => {
    const columns = ["sentence", "t", "word", "index", "fraction"];
    const table = function* () {
      for (const [which, length] of [state.first, state.second].entries()) {
        const { words } = wordsOf(state, which, length);
        const [index, fraction] = CHOICES.map((name) => placesOf(name, length));
        for (const [t, word] of words.entries())
          yield [NAMES[which], t, word, index[t], fraction[t].toFixed(6)];
      }
    };
    return { columns, rows: table() };
  },
});
