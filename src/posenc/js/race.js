/**
 * Training runs side by side: how far each encoding has come at a step of training, seed by seed;
 * its way there; at the end, how well each place is answered at one, two and four times the length
 * of training; and the price of what was joined to the tokens. All but the price is measured, and
 * comes in the payload.
 */

import { clamp, curve, disc, line, tag, text, textWidth } from "./canvas.js";
import { price, WAYS } from "./cost.js";
import { thousands } from "./format.js";
import { within } from "./handles.js";
import { notesOf } from "./tensors.js";
import { defineView } from "./view.js";

export const ENCODINGS = [
  "none",
  "index",
  "fraction",
  "index vector",
  "fraction vector",
  "binary",
  "sinusoidal",
  "learned",
  "concat total",
  "concat token",
  "concat project",
  "rope",
  "alibi",
  "t5",
];
export const TASKS = ["reverse", "copy", "order", "majority"];
const SAYS = {
  reverse: "say the sentence backwards",
  copy: "say the word three back",
  order: "does A stand before B?",
  majority: "more of one kind than of the other?",
};
const SWITCHES = ENCODINGS.map((name) => switchOf(name));
const TRAITS = ["task", "step", "step_max", "focus", "shown", "lasts", "d_model", ...SWITCHES];
const PASS = 0.95;
const ROW = 25;
const HANDLE = 44;

/** The trait that says whether an encoding is shown. */
function switchOf(name) {
  return `on_${name.replace(" ", "_")}`;
}
const shownOf = (state) => ENCODINGS.filter((name) => state[switchOf(name)]);
const share = (x) => `${Math.round(100 * x)}%`;
const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

/** The runs of the payload, and what is noted of them. */
function runsOf(view) {
  view.memory.runs ??= { ...view.tensors, notes: notesOf(view.model.get("payload")) };
  return view.memory.runs;
}

/** What is known of one encoding on one task at a step. */
function standing(runs, task, name, step) {
  const a = runs.notes.tasks.indexOf(task);
  const b = runs.notes.encodings.indexOf(name);
  const { seeds } = runs.notes;
  const [, , , points] = runs.curve.shape;
  const steps = runs.steps.values.subarray(a * points, (a + 1) * points);
  const last = steps.findLastIndex((s) => s <= step);
  const at = clamp(last, 0, points - 1);
  const row = (c) => ((a * runs.notes.encodings.length + b) * seeds + c) * points;
  const curves = Array.from({ length: seeds }, (_, c) =>
    runs.curve.values.subarray(row(c), row(c) + points),
  );
  const each = (array) =>
    Array.from(
      array.values.subarray(
        (a * runs.notes.encodings.length + b) * seeds,
        (a * runs.notes.encodings.length + b + 1) * seeds,
      ),
    );
  const now = curves.map((values) => values[at]);
  return {
    steps,
    curves,
    now,
    mean: mean(now),
    low: Math.min(...now),
    high: Math.max(...now),
    final: each(runs.final),
    passes: each(runs.passes).filter((s) => s >= 0),
    seeds,
    ceiling: runs.ceiling.values[a * runs.notes.times.length],
    parameters: runs.parameters.values[b],
  };
}

/** Accuracy by position at so many times the length; null where the task has one answer. */
function placesOf(runs, task, name, times) {
  const a = runs.notes.placed.indexOf(task);
  if (a < 0) return null;
  const { values, shape } = runs[`place_${times}`];
  const b = a * shape[1] + runs.notes.encodings.indexOf(name);
  return values.subarray(b * shape[2], (b + 1) * shape[2]);
}

function lay(width, rows) {
  const small = width < 640;
  const names = small ? 104 : 112;
  const barsTop = 34;
  const high = Math.max(rows, 1) * ROW;
  const bars = { x: names, y: barsTop, w: (small ? width : Math.round(width * 0.44)) - names - 40 };
  const plotTop = small ? barsTop + high + 62 : barsTop;
  const plot = {
    x: small ? 34 : bars.x + bars.w + 86,
    y: plotTop,
    h: small ? 220 : Math.max(high, 230),
  };
  plot.w = width - plot.x - (small ? 10 : 96);
  const placesTop = Math.max(barsTop + high, plot.y + plot.h) + 96;
  const places = { x: 34, y: placesTop, w: width - 44, h: 84 };
  const prices = { x: names, y: placesTop + places.h + 92, w: width - names - 8 };
  return { small, bars, plot, places, prices, height: prices.y + WAYS.length * ROW + 12 };
}

function draw(view, state) {
  const runs = runsOf(view);
  const names = shownOf(state);
  const geometry = lay(view.width0, names.length);
  view.fit(geometry.height);
  view.geometry = geometry;
  const known = new Map(names.map((n) => [n, standing(runs, state.task, n, state.step)]));
  if (!known.has(state.focus))
    known.set(state.focus, standing(runs, state.task, state.focus, state.step));
  Object.assign(geometry, {
    xOf: (v) => geometry.bars.x + geometry.bars.w * v,
    stepX: (s) => geometry.plot.x + (geometry.plot.w * s) / state.step_max,
    yOf: (v) => geometry.plot.y + geometry.plot.h * (1 - v),
    names,
  });
  view.memory.now = Float64Array.from(names, (n) => known.get(n).mean);
  drawBars(view, state, names, known);
  drawCurves(view, state, names, known);
  drawPlaces(view, state, runs);
  drawPrices(view, state);
}

/** A row for each encoding: the mean of its seeds as a bar, each seed as a dot. */
function drawBars(view, state, names, known) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const { bars, xOf } = geometry;
  const bottom = bars.y + names.length * ROW;
  const quiet = { size: 11, colour: hex["ink-3"], align: "center" };
  for (const v of [0, 0.5, 1]) {
    line(c, xOf(v), bars.y, xOf(v), bottom, v ? hex.rule : hex.edge);
    text(c, share(v), xOf(v), bottom + 15, quiet);
  }
  text(c, `right after step ${thousands(Math.round(state.step))}`, bars.x, bars.y - 12, {
    ...quiet,
    align: "left",
    colour: hex["ink-2"],
  });
  names.forEach((name, row) => {
    const y = bars.y + (row + 0.5) * ROW;
    const told = known.get(name);
    const focus = name === state.focus;
    if (focus) {
      c.fillStyle = hex.wash;
      c.fillRect(0, y - ROW / 2, bars.x + bars.w + 38, ROW);
    }
    text(c, name, bars.x - 10, y, {
      size: 12.5,
      weight: focus ? 600 : 400,
      colour: focus ? hex.ink : hex["ink-2"],
      align: "right",
      baseline: "middle",
    });
    c.fillStyle = focus ? hex.ink : hex["ink-3"];
    c.fillRect(bars.x, y - 3.5, bars.w * told.mean, 7);
    for (const v of told.now)
      disc(c, xOf(v), y, 3, hex.paper, focus ? hex.ink : hex["ink-3"], 1.25);
    text(c, share(told.mean), bars.x + bars.w + 8, y, {
      size: 12,
      weight: focus ? 600 : 400,
      colour: focus ? hex.ink : hex["ink-2"],
      baseline: "middle",
    });
  });
  const { ceiling } = known.get(state.focus);
  if (ceiling < 1)
    line(c, xOf(ceiling), bars.y - 4, xOf(ceiling), bottom, hex["ink-2"], 1.25, [3, 3]);
  const at = names.indexOf(state.focus);
  geometry.rows = { x: 0, y: bars.y, w: bars.x + bars.w, h: bottom - bars.y };
  geometry.focusRow = {
    x: 0,
    y: bars.y + (Math.max(0, at) + 0.5) * ROW - HANDLE / 2,
    w: bars.x - 4,
    h: HANDLE,
  };
}

/** Every way through training; that of the chosen encoding with its band of seeds. */
function drawCurves(view, state, names, known) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const { plot, stepX, yOf, small } = geometry;
  const quiet = { size: 11, colour: hex["ink-3"] };
  for (const v of [0, 0.25, 0.5, 0.75, 1]) {
    line(c, plot.x, yOf(v), plot.x + plot.w, yOf(v), v ? hex.rule : hex.edge);
    if (v * 2 === Math.round(v * 2))
      text(c, share(v), plot.x - 6, yOf(v), { ...quiet, align: "right", baseline: "middle" });
  }
  const told = known.get(state.focus);
  const { steps, curves } = told;
  const points = (pick) => Array.from(steps, (s, k) => [stepX(s), yOf(pick(k))]);
  const across = (k) => curves.map((values) => values[k]);
  c.beginPath();
  for (const [x, y] of points((k) => Math.max(...across(k)))) c.lineTo(x, y);
  for (const [x, y] of points((k) => Math.min(...across(k))).reverse()) c.lineTo(x, y);
  c.fillStyle = hex.rule;
  c.fill();
  for (const name of names)
    if (name !== state.focus) {
      const other = known.get(name);
      curve(
        c,
        Array.from(other.steps, (s, k) => [
          stepX(s),
          yOf(mean(other.curves.map((values) => values[k]))),
        ]),
        hex["ink-3"],
        1,
      );
    }
  curve(
    c,
    points((k) => mean(across(k))),
    hex.ink,
    2.25,
  );
  if (told.ceiling < 1) {
    line(
      c,
      plot.x,
      yOf(told.ceiling),
      plot.x + plot.w,
      yOf(told.ceiling),
      hex["ink-2"],
      1.25,
      [3, 3],
    );
    text(c, "what the bag of words allows", plot.x + plot.w - 4, yOf(told.ceiling) - 6, {
      ...quiet,
      colour: hex["ink-2"],
      align: "right",
      halo: hex.paper,
    });
  }
  if (!small) nameCurves(view, state, names, known);
  const y = plot.y + plot.h;
  for (const s of [0, state.step_max / 2, state.step_max])
    text(c, thousands(Math.round(s)), stepX(s), y + 15, {
      ...quiet,
      align: small && s === state.step_max ? "right" : "center",
    });
  text(c, "steps of training", plot.x, plot.y - 12, { ...quiet, colour: hex["ink-2"] });
  const x = stepX(state.step);
  line(c, x, plot.y - 2, x, y + 24, hex.paper, 4);
  line(c, x, plot.y - 2, x, y + 24, hex.ink, 1.5);
  const words = `step ${thousands(Math.round(state.step))}`;
  const half = textWidth(c, words, { size: 11.5, weight: 600 }) / 2 + 5;
  const middle = clamp(x, plot.x + half - 30, plot.x + plot.w - half + 8);
  const mark = tag(c, words, middle, y + 34, hex.ink, hex.paper);
  geometry.cursor = { x: mark.left - 2, y: y + 34 - HANDLE / 2, w: mark.width + 4, h: HANDLE };
}

/** Names at the right ends of the curves, moved apart where they would meet. */
function nameCurves(view, state, names, known) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const { plot, yOf } = geometry;
  const ends = names
    .map((name) => {
      const { curves } = known.get(name);
      return { name, y: yOf(mean(curves.map((values) => values.at(-1)))) };
    })
    .sort((a, b) => a.y - b.y);
  const gap = 13;
  let below = plot.y - gap;
  for (const end of ends) {
    end.at = Math.max(end.y, below + gap);
    below = end.at;
  }
  const over = below - (plot.y + plot.h + 6);
  if (over > 0)
    for (const end of ends)
      end.at -= over * (1 - (ends.length - 1 - ends.indexOf(end)) / ends.length);
  let above = Number.POSITIVE_INFINITY;
  for (const end of [...ends].reverse()) {
    end.at = Math.min(end.at, above - gap);
    above = end.at;
  }
  const x = plot.x + plot.w;
  for (const { name, y, at } of ends) {
    line(c, x + 1, y, x + 8, at, hex.rule);
    text(c, name, x + 10, at, {
      size: 11.5,
      weight: name === state.focus ? 600 : 400,
      colour: name === state.focus ? hex.ink : hex["ink-2"],
      baseline: "middle",
    });
  }
}

/** Place by place, at the end of training: one, two and four times the length it was trained on. */
function drawPlaces(view, state, runs) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const { places } = geometry;
  const quiet = { size: 11, colour: hex["ink-3"] };
  const { times, length } = runs.notes;
  const head = { size: 12.5, weight: 600, colour: hex.ink };
  text(c, `${state.focus}, place by place, at the end of training`, 0, places.y - 40, head);
  if (placesOf(runs, state.task, state.focus, 1) === null) {
    text(
      c,
      "This task has one answer for the whole sentence: there are no places to tell apart.",
      0,
      places.y + 10,
      {
        ...quiet,
        size: 12.5,
        colour: hex["ink-2"],
      },
    );
    geometry.panels = [];
    return;
  }
  const gap = 22;
  const wide = (places.w - gap * (times.length - 1)) / times.length;
  geometry.panels = times.map((k, n) => {
    const x = places.x + n * (wide + gap);
    const values = placesOf(runs, state.task, state.focus, k);
    const many = values.length;
    const yAt = (v) => places.y + places.h * (1 - v);
    const label = k === 1 ? `*L* = ${length}` : `${k} *L* = ${length * k}`;
    text(c, label, x, places.y - 12, { ...quiet, colour: hex["ink-2"] });
    for (const v of [0, 1]) {
      line(c, x, yAt(v), x + wide, yAt(v), v ? hex.rule : hex.edge);
      if (!n) text(c, share(v), x - 5, yAt(v), { ...quiet, align: "right", baseline: "middle" });
    }
    const pitch = wide / many;
    const none = values.every((v) => v < 0);
    values.forEach((v, t) => {
      if (v < 0) return;
      c.fillStyle = t < length ? hex.pos : hex["ink-3"];
      c.fillRect(x + t * pitch, yAt(v), Math.max(1, pitch - (pitch > 4 ? 1.5 : 0.5)), places.h * v);
    });
    if (none)
      text(c, "no rows for these", x + wide / 2, places.y + places.h / 2, {
        ...quiet,
        colour: hex["ink-2"],
        align: "center",
        baseline: "middle",
      });
    const a = runs.notes.tasks.indexOf(state.task);
    const limit = runs.ceiling.values[a * times.length + n];
    line(c, x, yAt(limit), x + wide, yAt(limit), hex["ink-2"], 1.25, [3, 3]);
    text(c, "0", x, places.y + places.h + 15, { ...quiet, colour: hex.pos });
    text(c, thousands(many - 1), x + wide, places.y + places.h + 15, {
      ...quiet,
      colour: hex.pos,
      align: "right",
    });
    if (n === 0)
      text(c, "*t*", x + wide / 2, places.y + places.h + 15, {
        ...quiet,
        colour: hex.pos,
        align: "center",
      });
    return { x, y: places.y, w: wide, h: places.h, values: Array.from(values) };
  });
}

/** What each way of combining costs at the width that the reader chooses. */
function drawPrices(view, { d_model }) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const { prices, small } = geometry;
  const told = WAYS.map((how) => ({ how, ...price(how, d_model) }));
  view.memory.prices = Float64Array.from(told, ({ parameters }) => parameters);
  const most = Math.max(...told.map(({ parameters }) => parameters));
  text(c, `The price at *d* = ${thousands(d_model)}, two layers, 16 words`, 0, prices.y - 22, {
    size: 12.5,
    weight: 600,
    colour: hex.ink,
  });
  const room = small ? 0 : 300;
  const wide = small ? prices.w : prices.w - room;
  told.forEach(({ how, parameters, flops, token }, row) => {
    const y = prices.y + (row + 0.5) * ROW;
    text(c, how, prices.x - 10, y, {
      size: 12.5,
      colour: hex["ink-2"],
      align: "right",
      baseline: "middle",
    });
    const w = (wide * parameters) / most;
    c.fillStyle = small ? hex.rule : hex["ink-3"];
    c.fillRect(prices.x, y - (small ? 9 : 4), w, small ? 18 : 8);
    const words = small
      ? `${thousands(parameters)} weights, tokens ${thousands(token)} wide`
      : `${thousands(parameters)} weights, ${thousands(flops)} operations, tokens ${thousands(token)} wide`;
    const options = { size: small ? 11 : 12, colour: hex["ink-2"], baseline: "middle" };
    const x = small
      ? prices.x + 5
      : Math.min(prices.x + w + 10, prices.x + prices.w - textWidth(c, words, options));
    text(c, words, x, y + (small ? 0.5 : 0), { ...options, halo: hex.paper });
  });
}

/** Keeps switches and their list, task and number of steps together, as views/race.py does. */
function fix(state, changed) {
  const step_max = state.lasts[TASKS.indexOf(state.task)] ?? state.step_max;
  const listed =
    changed?.startsWith("on_") || changed === undefined
      ? shownOf(state)
      : state.shown.split(",").filter((name) => ENCODINGS.includes(name));
  const switches = Object.fromEntries(
    ENCODINGS.map((name) => [switchOf(name), listed.includes(name)]),
  );
  const shown = ENCODINGS.filter((name) => listed.includes(name)).join(",");
  return { step_max, step: clamp(state.step, 1, step_max), shown, ...switches };
}

const rowAt = (view, y) => {
  const { bars, names } = view.geometry;
  return names[clamp(Math.floor((y - bars.y) / ROW), 0, names.length - 1)];
};
const stepAt = ({ geometry: { plot }, state }, x) =>
  clamp(((x - plot.x) / plot.w) * state.step_max, 1, state.step_max);

function told(state, view) {
  return standing(runsOf(view), state.task, state.focus, state.step);
}

export const race = defineView({
  label:
    "Training runs of small transformers: accuracy of each encoding after a step of training, its way there with the spread over seeds, and, place by place, what is left at longer lengths",
  traits: TRAITS,
  payload: true,
  choices: { task: TASKS, focus: ENCODINGS },
  fix,
  draw,
  handles: (view) => [
    {
      name: "step",
      label: "Step of training",
      range: () => [1, view.state.step_max],
      value: () => Math.round(view.state.step),
      step: (by) => Math.round(view.state.step) + 10 * by,
      page: 10,
      say: () => `step ${thousands(Math.round(view.state.step))}`,
      place: () => view.geometry.cursor,
      move: (step) => view.set({ step }),
      drag: (x) => view.set({ step: stepAt(view, x) }),
    },
    {
      name: "focus",
      label: "Encoding",
      vertical: true,
      invert: true,
      range: () => [0, Math.max(0, shownOf(view.state).length - 1)],
      value: () => Math.max(0, shownOf(view.state).indexOf(view.state.focus)),
      say: () => view.state.focus,
      place: () => view.geometry.focusRow,
      move: (n) => view.set({ focus: shownOf(view.state)[n] ?? view.state.focus }),
      drag: (_x, y) => view.set({ focus: rowAt(view, y) ?? view.state.focus }),
    },
  ],
  pointer: {
    hit(view, x, y) {
      if (within(view.geometry.rows, x, y)) return "rows";
      return within(view.geometry.plot, x, y) ? "plot" : null;
    },
    drag(view, region, x, y) {
      if (region === "rows") view.set({ focus: rowAt(view, y) });
      else view.set({ step: stepAt(view, x) });
    },
  },
  finding: (state, view) => {
    const now = told(state, view);
    const bag =
      now.ceiling < 1 ? `; knowing only which words there are allows ${share(now.ceiling)}` : "";
    const passed = now.passes.sort((a, b) => a - b);
    const when = passed.length
      ? `${passed.length} of ${now.seeds} runs pass ${share(PASS)}, the median of them at step ${thousands(passed[(passed.length - 1) >> 1])}`
      : `none of ${now.seeds} runs passes ${share(PASS)} in ${thousands(state.step_max)} steps`;
    return `**${state.focus}**, ${SAYS[state.task]}: after **${thousands(Math.round(state.step))}** steps **${share(now.mean)}** right (seeds from ${share(now.low)} to ${share(now.high)})${bag}. ${when}.`;
  },
  say: (state, view) => {
    const now = told(state, view);
    return `${state.task}, step ${thousands(Math.round(state.step))}: ${state.focus} is right in ${share(now.mean)}, seeds from ${share(now.low)} to ${share(now.high)}.`;
  },
  facts: (state, view) => {
    const now = told(state, view);
    const costs = Object.fromEntries(WAYS.map((how) => [how, price(how, state.d_model)]));
    return {
      accuracy: share(now.mean),
      low: share(now.low),
      high: share(now.high),
      ceiling: share(now.ceiling),
      passed: String(now.passes.length),
      seeds: String(now.seeds),
      weights_add: thousands(costs.add.parameters),
      weights_token: thousands(costs["concat token"].parameters),
      ratio_token: (costs["concat token"].parameters / costs.add.parameters).toFixed(2),
    };
  },
  data: (state, view) => {
    const runs = runsOf(view);
    const rows = function* () {
      for (const name of shownOf(state)) {
        const { steps, curves } = standing(runs, state.task, name, state.step);
        for (const [seed, values] of curves.entries())
          for (const [k, step] of steps.entries()) yield [name, seed, step, values[k].toFixed(4)];
      }
    };
    return { columns: ["encoding", "seed", "step", "accuracy"], rows: rows() };
  },
});
