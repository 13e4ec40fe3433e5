/**
 * Where on this axis does it lie? The guess is a marker below the axis that is dragged along it;
 * the truth runs from the guess to where it should have been.
 */

import { clamp, line, niceStep, tag, text, textWidth } from "./canvas.js";
import { quantity, thousands } from "./format.js";
import { judge, progress, TRAITS } from "./predict.js";
import { defineView } from "./view.js";

const HEIGHT = 128;
const AXIS = 58; // CSS pixels from the top to the axis
const CLOSE = 1.25; // a guess off by less than this factor (or this share of the axis) is close

/** Place on the axis, 0 to 1, and back. */
const share = ({ low, high, log }, v) =>
  log ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low);
const valueAt = ({ low, high, log }, s) => (log ? low * (high / low) ** s : low + (high - low) * s);

/** The finest step on an even axis: a power of ten, a hundredth of the axis or less. */
const grainOf = ({ low, high }) => 10 ** Math.floor(Math.log10((high - low) / 100) + 1e-9);

/** A value as a hand can mean it: two significant digits on a logarithmic axis. */
function tidy(state, v) {
  const inside = clamp(v, state.low, state.high);
  if (!state.log) return clamp(onGrid(state, inside), state.low, state.high);
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(inside)) - 1);
  return clamp(Math.round(inside / unit) * unit, state.low, state.high);
}

/** The step of an even axis that is nearest to a value, without the dust of binary fractions. */
const onGrid = (state, v) => Number((Math.round(v / grainOf(state)) * grainOf(state)).toFixed(9));

/** A value in few signs; what a logarithmic slider leaves after the ninth digit is not meant. */
function written(v) {
  const meant = Number(v.toPrecision(9));
  return meant >= 100 || Number.isInteger(meant) ? thousands(meant) : quantity(meant);
}

function ticksOf(state) {
  const out = [];
  if (state.log) {
    const first = Math.ceil(Math.log10(state.low) - 1e-9);
    for (let e = first; 10 ** e <= state.high * (1 + 1e-9); e++) out.push(10 ** e);
    return out;
  }
  const step = niceStep(state.high - state.low, 6);
  for (let v = Math.ceil(state.low / step) * step; v <= state.high; v += step) out.push(v);
  return out;
}

function draw(view, state) {
  const pad = 22;
  const width = view.width0 - 2 * pad;
  const c = view.fit(HEIGHT);
  const { hex } = view.palette;
  const xOf = (v) => pad + clamp(share(state, v), 0, 1) * width;
  view.geometry = { pad, width };
  const u = progress(view, state);
  const guessX = xOf(state.guess);
  const truthX = xOf(state.truth);

  line(c, pad, AXIS, pad + width, AXIS, hex.edge, 1);
  const quiet = { colour: hex["ink-3"], size: 11.5, align: "center" };
  let end = Number.NEGATIVE_INFINITY;
  for (const v of ticksOf(state)) {
    const x = xOf(v);
    line(c, x, AXIS, x, AXIS + 5, hex.edge);
    const room = textWidth(c, written(v), quiet) / 2;
    const covered = Math.abs(x - guessX) < 6;
    if (x - room < end + 8 || covered) continue;
    text(c, written(v), clamp(x, room, view.width - room), AXIS + 20, quiet);
    end = x + room;
  }
  const name = `${state.quantity}${state.unit ? `, in ${state.unit}` : ""}`;
  if (name) text(c, name, pad + width, HEIGHT - 6, { ...quiet, align: "right" });
  for (const { value, label } of state.marks) {
    const x = xOf(value);
    line(c, x, AXIS - 6, x, AXIS, hex["ink-3"], 1);
    const room = textWidth(c, label, { size: 11.5 });
    text(c, label, clamp(x - room / 2, 0, view.width - room), AXIS - 11, {
      ...quiet,
      align: "left",
    });
  }

  // the guess below the axis, in ink
  line(c, guessX, AXIS, guessX, AXIS + 34, hex.ink, 2);
  const mine = `my guess: ${written(tidy(state, state.guess))}`;
  const half = textWidth(c, mine, { size: 11.5, weight: 600 }) / 2 + 5;
  const place = clamp(guessX, half, view.width - half);
  tag(c, mine, place, AXIS + 40, hex.ink, hex.paper);
  view.geometry.guess = { x: place - half, y: AXIS + 20, w: 2 * half, h: 44 };
  view.memory.guessX = guessX;

  // the truth above it, in the colour of position
  view.memory.truthX = null;
  if (u > 0) {
    const x = guessX + (truthX - guessX) * u;
    line(c, guessX, AXIS, x, AXIS, hex.pos, 3);
    line(c, x, AXIS + 1, x, AXIS - 30, hex.pos, 2);
    const words = written(state.truth);
    const room = textWidth(c, words, { size: 11.5, weight: 600 }) / 2 + 5;
    tag(c, words, clamp(x, room, view.width - room), AXIS - 38, hex.pos, hex.paper);
    view.memory.truthX = x;
  }
}

const guessAt = (view, x) => {
  const { pad, width } = view.geometry;
  return tidy(view.state, valueAt(view.state, clamp((x - pad) / width, 0, 1)));
};

/** A value and its unit; a percent sign stands close, as everywhere in the book. */
const measured = (value, unit) =>
  unit ? `${written(value)}${unit === "%" ? "" : " "}${unit}` : written(value);

/** How guess and truth compare, in a sentence. */
export function scaleVerdict(state) {
  const { guess, truth, log, low, high, unit } = state;
  const words = `${measured(truth, unit)}.`;
  if (log) {
    const times = guess / truth;
    const off = Math.max(times, 1 / times);
    if (off < 1.02) return `${words} Just so.`;
    const how = off < 10 ? off.toFixed(1) : thousands(off);
    return `${words} ${off < CLOSE ? "You were close." : `Your guess was ${how} times too ${times > 1 ? "large" : "small"}.`}`;
  }
  const off = guess - truth;
  if (Math.abs(off) < grainOf(state) / 2) return `${words} Just so.`;
  if (Math.abs(off) < ((high - low) * (CLOSE - 1)) / 5) return `${words} You were close.`;
  return `${words} Your guess was too ${off > 0 ? "large" : "small"} by ${written(Math.abs(off))}.`;
}

export const scale = defineView({
  label: "An axis with your guess marked on it",
  traits: [...TRAITS, "low", "high", "log", "unit", "quantity", "marks"],
  fix: judge(scaleVerdict),
  draw,
  handles: (view) => [
    {
      name: "line",
      label: "My guess",
      page: 10,
      range: () => [view.state.low, view.state.high],
      value: () => view.state.guess,
      say: () => measured(tidy(view.state, view.state.guess), view.state.unit),
      step: (by) => {
        const { state } = view;
        const next = tidy(state, valueAt(state, share(state, state.guess) + by / 100));
        if (next !== state.guess) return next;
        return state.guess + Math.sign(by) * (state.log ? 1 : grainOf(state));
      },
      place: () => view.geometry.guess,
      move: (guess) => view.set({ guess }),
      drag: (x) => view.set({ guess: guessAt(view, x) }),
    },
  ],
  pointer: {
    hit: () => "guess",
    drag: (view, _region, x) => view.set({ guess: guessAt(view, x) }),
  },
  say: (state) =>
    `Your guess is ${measured(tidy(state, state.guess), state.unit)}.${
      state.answered ? ` The truth is ${written(state.truth)}.` : ""
    }`,
  facts: (state) => ({ guess: written(tidy(state, state.guess)) }),
  data: (state) => ({
    columns: ["what", "value"],
    rows: [["guess", state.guess], ...(state.answered ? [["truth", state.truth]] : [])],
  }),
});
