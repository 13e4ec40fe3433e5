/**
 * The residual path, whole and cut. A small model of two layers; a linear probe reads the place of a
 * word before its first layer and after each: with the path around attention, and in a model that was
 * made without it, before and after training. The mean of several runs, with the least and the greatest.
 */

import { clamp } from "./canvas.js";
import { DEPTHS, draw, MODELS, nameOf } from "./cut_draw.js";
import { signed } from "./format.js";
import { within } from "./handles.js";
import { notesOf } from "./tensors.js";
import { defineView } from "./view.js";

export const PATHS = ["whole", "cut"]; // as in views/cut.py, and so are the next
export const WEIGHTS = ["trained", "untrained"];
export const TASKS = ["reverse", "copy"];
export const ENCODINGS = ["sinusoidal", "learned"];
export const DEEPEST = 2;
const [MEAN, SD, LEAST, MOST] = [0, 1, 2, 3]; // the numbers told of the runs
const TARGET = 44;
const REACH = 26; // CSS pixels: how far from a curve a press may be and still choose it

const r2 = (x) => signed(x, 2);
const percent = (share) => `${Math.round(100 * share)}%`;

/** What was measured for this task and encoding: by model the readings, by path the answers. */
function numbers(view, { task, encoding }) {
  const { r2: readings, accuracy, passed } = view.tensors;
  const pair = TASKS.indexOf(task) * ENCODINGS.length + ENCODINGS.indexOf(encoding);
  const four = ({ values }, n) => values.slice(4 * n, 4 * n + 4);
  const probes = {};
  const answers = {};
  for (const [p, path] of PATHS.entries()) {
    const trained = pair * PATHS.length + p;
    answers[path] = { right: four(accuracy, trained), passed: passed.values[trained] };
    for (const [w, weights] of WEIGHTS.entries()) {
      const first = (trained * WEIGHTS.length + w) * (DEEPEST + 1);
      probes[nameOf(path, weights)] = DEPTHS.map((_, depth) => four(readings, first + depth));
    }
  }
  return { probes, answers, runs: notesOf(view.model.get("payload")).runs };
}

const own = (found, { path, weights }) => found.probes[nameOf(path, weights)];

const spellPath = (path) => (path === "cut" ? "path cut" : "path whole");
const spellWeights = (weights) => (weights === "trained" ? "trained" : "never trained");

function finding(state, view) {
  const found = numbers(view, state);
  const [mean, , least, most] = own(found, state)[state.depth];
  const said = `**${DEPTHS[state.depth]}**, ${spellPath(state.path)}, ${spellWeights(state.weights)}: *R*² **${r2(mean)}**, from ${r2(least)} to ${r2(most)} in ${found.runs} runs.`;
  if (!state.depth)
    return `${said} Every model is given the place; the question is what becomes of it.`;
  if (state.weights === "untrained")
    return state.path === "whole"
      ? `${said} No layer was taught to keep the place: the path hands it on.`
      : `${said} Nothing hands it on: attention with random weights mixes the words, and their places with them.`;
  const { right, passed } = found.answers[state.path];
  const answers = `**${percent(right[MEAN])}** of its answers are right, and ${passed} of ${found.runs} runs pass 95%`;
  return state.path === "whole"
    ? `${said} It uses the place, and may write over it: ${answers}.`
    : `${said} What is there was carried by attention, which had to learn it: ${answers} (with the path, ${percent(found.answers.whole.right[MEAN])}).`;
}

const sentence = (view, state) => {
  const found = numbers(view, state);
  return `${DEPTHS[state.depth]}, ${spellPath(state.path)}, ${spellWeights(state.weights)}: R² ${r2(own(found, state)[state.depth][MEAN])}`;
};

/** The depth, and the model if a curve passes close by, at a point of the plot. */
function chosenAt(view, x, y) {
  const { toX, toY, plot } = view.geometry;
  const { state } = view;
  const { probes } = numbers(view, state);
  const depth = clamp(Math.round(((x - plot.x) / plot.w) * DEEPEST), 0, DEEPEST);
  if (Math.abs(toX(depth) - x) > REACH) return { depth };
  const far = ({ path, weights }) => Math.abs(toY(probes[nameOf(path, weights)][depth][MEAN]) - y);
  // where curves lie on one another the chosen one stays
  const near = MODELS.reduce((a, b) => (far(b) < far(a) - 1 ? b : a), state);
  return far(near) <= REACH ? { depth, path: near.path, weights: near.weights } : { depth };
}

export const cut = defineView({
  label:
    "How well a linear probe reads the place of a word before the first layer of a small model and after each of its two, with the residual path around attention and without it",
  traits: ["depth", "path", "weights", "task", "encoding"],
  choices: { path: PATHS, weights: WEIGHTS, task: TASKS, encoding: ENCODINGS },
  glide: ["depth"],
  payload: true,
  fix: ({ depth }) => ({ depth: clamp(Math.round(depth), 0, DEEPEST) }),
  draw: (view, state) => draw(view, state, numbers(view, state)),
  handles: (view) => [
    {
      name: "depth",
      label: "Where the place is read in the small model",
      range: () => [0, DEEPEST],
      value: () => view.state.depth,
      say: () => sentence(view, view.state),
      place: () => {
        const { x, y } = view.geometry.mark;
        return { x: x - TARGET / 2, y: y - TARGET / 2, w: TARGET, h: TARGET };
      },
      move: (depth) => view.set({ depth }),
      drag: (x, y) => view.set({ depth: chosenAt(view, x, y).depth }),
    },
  ],
  pointer: {
    hit: (view, x, y) => (within(view.geometry.plot, x, y, 14) ? "plot" : null),
    drag: (view, _region, x, y) => view.set(chosenAt(view, x, y)),
  },
  finding,
  say: (state, view) => `${sentence(view, state)}.`,
  facts: (state, view) => {
    const found = numbers(view, state);
    const [mean, sd, least, most] = own(found, state)[state.depth];
    const { right, passed } = found.answers[state.path];
    return {
      cut_depth: DEPTHS[state.depth],
      cut_r2: r2(mean),
      cut_sd: r2(sd),
      cut_least: r2(least),
      cut_most: r2(most),
      cut_right: percent(right[MEAN]),
      cut_passed: `${passed} of ${found.runs}`,
    };
  },
  data: (state, view) => {
    const { probes } = numbers(view, state);
    const rows = MODELS.flatMap(({ path, weights }) =>
      probes[nameOf(path, weights)].map((told, depth) => [
        state.task,
        state.encoding,
        path,
        weights,
        depth,
        ...[MEAN, SD, LEAST, MOST].map((k) => told[k].toFixed(5)),
      ]),
    );
    return {
      columns: ["task", "encoding", "path", "weights", "layers", "R2 mean", "sd", "least", "most"],
      rows,
    };
  },
});
