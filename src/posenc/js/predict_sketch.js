/**
 * What does the curve look like? An empty plot with a dot to start from; the guess is drawn on it
 * with a pen (mouse, finger or arrow keys), or chosen among sketches. The truth is drawn over it.
 *
 * The guess is a list of values that reaches from the first place as far as the pen has come, so
 * it never has a hole: a pen that comes down further on is joined to the end by a line.
 */

import { clamp, curve, disc, line, niceStep, text } from "./canvas.js";
import { quantity, signed } from "./format.js";
import { inline } from "./inline.js";
import { judge, progress, TRAITS } from "./predict.js";
import { defineView, scale } from "./view.js";

const ENOUGH = 0.8; // the share of the plot that a guess must cross before it can be checked
const KEY_STEP = 1 / 48; // of the height, for an arrow key
const KEY_PAGE = 6; // arrow keys in one Page key
const THUMB = { w: 64, h: 32, pad: 3 }; // CSS pixels of a sketch

const lastOf = ({ x }) => x.length - 1;
const meanGap = (a, b) => {
  const n = Math.min(a.length, b.length);
  let sum = 0;
  for (let k = 1; k < n; k++) sum += Math.abs(a[k] - b[k]);
  return sum / Math.max(1, n - 1);
};
const same = (a, b) => a.length === b.length && a.every((v, k) => v === b[k]);
const chosen = ({ sketches, guess }) => sketches.findIndex(({ y }) => same(y, guess));

/** A value on the height of this plot, in few signs: a difference that shows has a digit. */
const written = ({ low, high }, v) => {
  const decimals = clamp(2 - Math.floor(Math.log10(high - low)), 0, 6);
  return signed(v, decimals);
};
/** A place along the bottom. */
const placed = (v) => (Number.isInteger(v) ? signed(v, 0) : quantity(v));

// -- drawing -------------------------------------------------------------------------------------

function draw(view, state) {
  if (!view.sketches) furnish(view);
  const small = view.width0 < 560;
  const box = { x: 38, y: state.quantity ? 30 : 14, h: small ? 186 : 214 };
  box.w = view.width0 - box.x - 16;
  const c = view.fit(box.y + box.h + (state.across ? 50 : 34));
  const { hex } = view.palette;
  const xOf = scale(state.x[0], state.x.at(-1), box.x, box.x + box.w);
  const yOf = scale(state.low, state.high, box.y + box.h - 4, box.y + 4);
  view.geometry = { box, xOf, yOf };
  drawAxes(view, state);

  const points = (values) => values.map((v, k) => [xOf(state.x[k]), yOf(v)]);
  const mine = points(state.guess);
  const u = progress(view, state);
  const shown = Math.ceil(u * lastOf(state)) + 1;
  const truth = u > 0 ? points(state.truth.slice(0, shown)) : [];
  if (mine.length > 1) curve(c, mine, hex.ink, 2.5);
  if (truth.length) curve(c, truth, hex.pos, 3);
  if (mine.length > 1) nameCurves(view, state, mine, u === 1 ? truth : null);
  else
    text(c, "Draw here, from the dot", mine[0][0] + 16, mine[0][1] + (mine[0][1] < 60 ? 26 : 5), {
      size: 13,
      colour: hex["ink-2"],
      halo: hex.paper,
    });
  disc(c, ...mine[0], 6, hex.ink);
  if (view.stage.querySelector(".handle-pen:focus-visible"))
    disc(c, ...mine[cursorOf(view)], 7, hex.paper, hex.ink, 2);
  Object.assign(view.memory, { guess: state.guess, shown: truth.length });
  view.sketches.update(state);
}

/** A whole step that divides an axis into one of these numbers of parts, or a round one. */
function evenStep(low, high, parts) {
  const whole = parts
    .map((n) => (high - low) / n)
    .find((step) => Number.isInteger(step) && Number.isInteger(low / step));
  return whole ?? niceStep(high - low, parts[0]);
}

/** Rules across, numbers at the side and below; zero is drawn a little stronger. */
function drawAxes(view, state) {
  const { c, palette, geometry } = view;
  const { hex } = palette;
  const { box, xOf, yOf } = geometry;
  const quiet = { size: 11.5, colour: hex["ink-3"] };
  const step = evenStep(state.low, state.high, [4, 3, 5, 2]);
  for (let v = Math.ceil(state.low / step) * step; v <= state.high + 1e-9; v += step) {
    const zero = Math.abs(v) < step / 1e6;
    line(c, box.x, yOf(v), box.x + box.w, yOf(v), zero ? hex.edge : hex.rule);
    text(c, placed(zero ? 0 : v), box.x - 8, yOf(v) + 4, { ...quiet, align: "right" });
  }
  const [first, last] = [state.x[0], state.x.at(-1)];
  const pace = evenStep(first, last, view.width0 < 560 ? [4, 5, 3] : [8, 10, 6, 5]);
  const low = box.y + box.h;
  for (let v = Math.ceil(first / pace) * pace; v <= last + 1e-9; v += pace) {
    line(c, xOf(v), low, xOf(v), low + 4, hex.edge);
    text(c, placed(v), xOf(v), low + 18, { ...quiet, align: "center" });
  }
  const name = { size: 12, colour: hex["ink-2"] };
  if (state.quantity) text(c, state.quantity, 0, 13, name);
  if (state.across) text(c, state.across, box.x + box.w, low + 38, { ...name, align: "right" });
}

/** Each curve has its name beside it, on the side away from the other. */
function nameCurves(view, state, mine, truth) {
  const { c, palette, geometry } = view;
  const { hex } = palette;
  const { box } = geometry;
  const put = (points, other, part, words, colour) => {
    const at = Math.min(points.length - 1, Math.round(part * lastOf(state)));
    const [x] = points[at];
    const around = points.filter(([px]) => Math.abs(px - x) < 36).map(([, y]) => y);
    const against = other?.[Math.min(at, other.length - 1)][1] ?? box.y + box.h;
    const y = points[at][1] <= against ? Math.min(...around) - 10 : Math.max(...around) + 19;
    text(
      c,
      words,
      clamp(x, box.x + 30, box.x + box.w - 30),
      clamp(y, box.y + 10, box.y + box.h - 4),
      {
        ...{ size: 12, weight: 600, halo: hex.paper, align: "center" },
        colour,
      },
    );
  };
  put(mine, truth, 0.62, "my guess", hex.ink);
  if (truth) put(truth, mine, 0.86, "the truth", hex.pos);
}

// -- pen -----------------------------------------------------------------------------------------

/** The place under the pen and the value that it means there; the first place has its own. */
function penAt(view, x, y) {
  const { state } = view;
  const { xOf, yOf } = view.geometry;
  const where = xOf.invert(x);
  let k = 0;
  for (let n = 1; n < state.x.length; n++)
    if (Math.abs(state.x[n] - where) < Math.abs(state.x[k] - where)) k = n;
  return { k, v: k ? Number(yOf.invert(y).toPrecision(6)) : state.guess[0] };
}

/** Draws from one place of the pen to the next: every place between gets its value. */
function stroke(view, from, to) {
  const guess = [...view.state.guess];
  const way = Math.sign(to.k - from.k) || 1;
  for (let k = from.k; ; k += way) {
    const u = to.k === from.k ? 1 : (k - from.k) / (to.k - from.k);
    if (k > 0) guess[k] = from.v + (to.v - from.v) * u;
    if (k === to.k) break;
  }
  view.cursor = Math.max(1, to.k);
  view.pen = to;
  view.set({ guess });
}

/** The place that the arrow keys set, among those that are drawn. */
const cursorOf = (view) => Math.min(view.cursor ?? 1, view.state.guess.length - 1);

/** The end of what is drawn. */
const tipOf = ({ guess }) => ({ k: guess.length - 1, v: guess.at(-1) });

function press(view, x, y) {
  const to = penAt(view, x, y);
  const tip = tipOf(view.state);
  stroke(view, to.k > tip.k ? tip : to, to);
}

/** Left and right choose a place, up and down set it; going past the end draws on, level. */
function key(view, event) {
  const { state } = view;
  const { guess, low, high } = state;
  const at = clamp(view.cursor ?? 1, 1, lastOf(state));
  const reach = (k) => {
    view.cursor = clamp(k, 1, lastOf(state));
    const tip = tipOf(state);
    if (view.cursor > tip.k) stroke(view, tip, { k: view.cursor, v: tip.v });
    view.invalidate();
    return true;
  };
  const lift = (by) => {
    const k = Math.min(at, guess.length); // the first key draws the first place
    const from = guess[k] ?? tipOf(state).v;
    const v = clamp(from + by * (high - low) * KEY_STEP, low, high);
    stroke(view, { k, v }, { k, v });
    return true;
  };
  if (event.key === "ArrowRight") return reach(guess.length === 1 ? 1 : at + 1);
  if (event.key === "ArrowLeft") return reach(at - 1);
  if (event.key === "Home") return reach(1);
  if (event.key === "End") return reach(lastOf(state));
  if (event.key === "ArrowUp") return lift(1);
  if (event.key === "ArrowDown") return lift(-1);
  if (event.key === "PageUp") return lift(KEY_PAGE);
  if (event.key === "PageDown") return lift(-KEY_PAGE);
  return false;
}

// -- sketches ------------------------------------------------------------------------------------

const SVG = "http://www.w3.org/2000/svg";

/** A sketch as a small drawing of its own. */
function thumbnail({ low, high }, y) {
  const { w, h, pad } = THUMB;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${w} ${h}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "polyline");
  const xOf = scale(0, y.length - 1, pad, w - pad);
  const yOf = scale(low, high, h - pad, pad);
  path.setAttribute(
    "points",
    y.map((v, k) => `${xOf(k).toFixed(1)},${yOf(v).toFixed(1)}`).join(" "),
  );
  svg.append(path);
  return svg;
}

/** The row under the plot: the sketches to choose from, and a way to begin again. */
function furnish(view) {
  view.el.classList.add("posenc-sketch");
  const { state } = view;
  const row = document.createElement("div");
  row.className = "sketches";
  const group = document.createElement("div");
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", "Sketches to choose from");
  const word = document.createElement("span");
  word.className = "or";
  word.textContent = "Or choose";
  const inputs = state.sketches.map(({ words, y }) => {
    const label = document.createElement("label");
    const input = document.createElement("input");
    input.type = "radio";
    input.name = `${state.name}-sketch`;
    input.addEventListener("change", () => {
      view.cursor = 1;
      view.set({ guess: y });
    });
    const name = document.createElement("span");
    name.append(inline(words));
    label.append(input, thumbnail(state, y), name);
    group.append(label);
    return input;
  });
  const clear = document.createElement("button");
  clear.type = "button";
  clear.className = "clear";
  clear.textContent = "Clear";
  clear.addEventListener("click", () => {
    view.cursor = 1;
    view.set({ guess: state.guess.slice(0, 1) });
  });
  if (inputs.length) row.append(word, group);
  row.append(clear);
  view.stage.after(row);
  const pen = view.stage.querySelector(".handle-pen");
  for (const event of ["focus", "blur"]) pen.addEventListener(event, () => view.invalidate());
  view.sketches = {
    update(now) {
      const mine = chosen(now);
      for (const [k, input] of inputs.entries()) input.checked = k === mine;
      clear.disabled = now.guess.length === 1;
    },
  };
}

// -- verdict -------------------------------------------------------------------------------------

/** The first place at which a curve is higher than at the one before, or -1. */
const firstRise = (values) => values.findIndex((v, k) => k > 0 && v > values[k - 1]);

/** How guess and truth compare, in a sentence or three. */
export function sketchVerdict(state) {
  const { guess, truth, sketches, x, letter } = state;
  const said = [`Off by **${written(state, meanGap(guess, truth))}** on average.`];
  const rise = firstRise(truth);
  const where = letter ? `${letter} = ${placed(x[rise])}` : placed(x[rise]);
  said.push(rise < 0 ? "The truth never rises." : `The truth first rises at ${where}.`);
  if (sketches.length) {
    const gaps = sketches.map(({ y }) => meanGap(y, truth));
    const nearest = gaps.indexOf(Math.min(...gaps));
    said.push(
      chosen(state) === nearest
        ? "You chose the sketch that comes nearest."
        : `Of the sketches “${sketches[nearest].words}” comes nearest.`,
    );
  }
  return said.join(" ");
}

const judged = judge(sketchVerdict);

export const sketch = defineView({
  label: "An empty plot to draw your guess on",
  traits: [...TRAITS, ...["name", "x", "low", "high", "sketches", "quantity", "across", "letter"]],
  fix: (state, changed) => ({
    ...judged(state, changed),
    ready: state.guess.length > ENOUGH * state.x.length,
  }),
  draw,
  handles: (view) => [
    {
      name: "pen",
      label: "Pen: left and right choose a place, up and down set my guess there",
      range: () => [view.state.low, view.state.high],
      value: () => view.state.guess[cursorOf(view)],
      say: () => {
        const { state } = view;
        const at = cursorOf(view);
        const letter = state.letter.replaceAll("*", "") || "place";
        return `${letter} ${placed(state.x[at])}, guess ${written(state, state.guess[at])}`;
      },
      place: () => {
        const { x, y, w, h } = view.geometry.box;
        return { x: x - 8, y: y - 4, w: w + 16, h: h + 8 };
      },
      move: () => {}, // every key is the pen's own
      key: (event) => key(view, event),
      press: (x, y) => press(view, x, y),
      drag: (x, y) => stroke(view, view.pen, penAt(view, x, y)),
    },
  ],
  say: (state) => {
    const { guess, x, sketches } = state;
    if (guess.length === 1) return "Nothing drawn yet.";
    const mine = chosen(state);
    const what =
      mine >= 0
        ? `Your guess is the sketch “${sketches[mine].words}”`
        : `Your guess is drawn to ${placed(x[guess.length - 1])} and ends at ${written(state, guess.at(-1))}`;
    return `${what}.${state.answered ? ` ${sketchVerdict(state).replaceAll("*", "")}` : ""}`;
  },
  facts: (state) => ({
    guess: state.sketches[chosen(state)]?.words ?? (state.guess.length > 1 ? "my own curve" : ""),
    off: state.answered ? written(state, meanGap(state.guess, state.truth)) : "",
  }),
  data: (state) => ({
    columns: ["x", "guess", ...(state.answered ? ["truth"] : [])],
    rows: state.x.map((x, k) => [
      x,
      state.guess[k] ?? "",
      ...(state.answered ? [state.truth[k]] : []),
    ]),
  }),
});
