/**
 * Does it last? A linear probe reads the place of a word off its vector, after every layer of a real
 * encoder. Left, a dot for each word of some texts that the probe has not seen, by its true place and
 * the place read; right, how far the readings are off after each layer, for the encoder as it was
 * trained, with its positions zeroed, never trained, and with nothing but its tables trained.
 */

import { clamp } from "./canvas.js";
import { signed } from "./format.js";
import { within } from "./handles.js";
import { draw, MEASURES, NETWORKS, spellLayer, WORDS } from "./layers_draw.js";
import { notesOf } from "./tensors.js";
import { defineView } from "./view.js";

const TARGET = 44;
const REACH = 26; // CSS pixels: how far from a curve a press may be and still choose it
const [R2, ERROR, NEAR, EXACT] = [0, 1, 2, 3]; // rows of a probe's numbers, as in the data file

/** The numbers of the data file, read once. */
function numbers(view) {
  if (view.memory.numbers) return view.memory.numbers;
  const { places, texts, splits, seeds, windows } = notesOf(view.model.get("payload"));
  const found = { places, texts, splits, seeds, windows, read: {}, probes: {} };
  for (const network of NETWORKS) {
    const read = view.tensors[`read ${network}`];
    found.read[network] = read.values;
    found.shown = read.shape[1]; // texts
    found.last = read.shape[0] - 1;
    const { values, shape } = view.tensors[`probe ${network}`];
    const at = (layer, measure) =>
      values.slice((layer * shape[1] + measure) * 3, (layer * shape[1] + measure) * 3 + 3);
    found.probes[network] = Array.from({ length: shape[0] }, (_, layer) => ({
      r2: at(layer, R2),
      error: at(layer, ERROR),
      near: at(layer, NEAR),
      exact: at(layer, EXACT),
    }));
  }
  // always to say "in the middle" is so far off, on average
  const middle = (places + 1) / 2;
  found.blind = 0;
  for (let t = 1; t <= places; t++) found.blind += Math.abs(t - middle) / places;
  // and one who names a place at random is at most one off so often
  found.chance = (3 * places - 2) / places ** 2;
  view.memory.numbers = found;
  return found;
}

/** How far the readings are off, by text and place, between two layers where the layer glides. */
function offsets(view, { layer, network }) {
  const { read, places, shown } = numbers(view);
  const size = shown * places;
  const [low, high] = [Math.floor(layer), Math.ceil(layer)];
  const share = layer - low;
  const values = read[network];
  const off = new Float64Array(size);
  for (let k = 0; k < size; k++)
    off[k] = (1 - share) * values[low * size + k] + share * values[high * size + k];
  return off;
}

const probeAt = (view, { layer, network }) => numbers(view).probes[network][Math.round(layer)];

const percent = (share) => `${Math.round(100 * share)}%`;

function finding(state, view) {
  const { error, near } = probeAt(view, state);
  const { probes, blind } = numbers(view);
  const first = probes[state.network][0];
  const nothing = signed(blind, 1);
  const off = `**${spellLayer(state.layer)}**, ${WORDS[state.network]}: the line is off by **${signed(error[0], 1)}** places on average`;
  const named = `a probe that names one place is at most one off for **${percent(near[0])}** of the words`;
  if (state.network === "zeroed")
    return `${off}, as one who knows nothing is (${nothing}), and ${named}. The words alone do not tell where they stand.`;
  if (state.network === "untrained")
    return `${off} (nothing known: ${nothing}), and ${named}. No layer was taught to keep the position, and it is kept: the residual path hands it on.`;
  if (state.network === "tables")
    return `${off} (nothing known: ${nothing}), and ${named}, after ${percent(first.near[0])} at the start. The tables are MiniLM’s own; no layer was taught to keep the position, and it is kept.`;
  if (!state.layer) return `${off} (nothing known: ${nothing}), and ${named}.`;
  return `${off}, after ${signed(first.error[0], 1)} at the start (nothing known: ${nothing}), and ${named}, after ${percent(first.near[0])}.`;
}

const sentence = (view, state) => {
  const { error, near } = probeAt(view, state);
  return `${spellLayer(state.layer)}, ${WORDS[state.network]}: off by ${signed(error[0], 1)} places on average, named within one place for ${percent(near[0])}`;
};

/** The layer, and the network if a curve passes close by, at a point of the right-hand picture. */
function chosenAt(view, x, y) {
  const { plot, toX, toY } = view.geometry;
  const { probes, last } = numbers(view);
  const layer = clamp(Math.round(((x - plot.x) / plot.w) * last), 0, last);
  const { measure } = view.state;
  const far = NETWORKS.map((network) => Math.abs(toY(probes[network][layer][measure][0]) - y));
  const near = far.indexOf(Math.min(...far));
  const close = far[near] <= REACH && Math.abs(toX(layer) - x) <= REACH;
  return { layer, network: close ? NETWORKS[near] : undefined };
}

export const layers = defineView({
  label:
    "The place of each word as a linear probe reads it, against its true place; and the mean error after every layer of an encoder",
  traits: ["layer", "network", "measure"],
  choices: { network: NETWORKS, measure: MEASURES },
  glide: ["layer"],
  payload: true,
  fix: ({ layer }) => ({ layer: clamp(Math.round(layer), 0, 6) }),
  draw: (view, state) => draw(view, state, numbers(view), offsets(view, state)),
  handles: (view) => [
    {
      name: "layer",
      label: "Layer after which the place is read",
      page: 2,
      range: () => [0, 6],
      value: () => view.state.layer,
      say: () => sentence(view, view.state),
      place: () => {
        const { x, y } = view.geometry.mark;
        return { x: x - TARGET / 2, y: y - TARGET / 2, w: TARGET, h: TARGET };
      },
      move: (layer) => view.set({ layer }),
      drag: (x, y) => view.set({ layer: chosenAt(view, x, y).layer }),
    },
  ],
  pointer: {
    hit: (view, x, y) => (within(view.geometry.plot, x, y, 14) ? "plot" : null),
    drag: (view, _region, x, y) => view.set(chosenAt(view, x, y)),
  },
  finding,
  say: (state, view) => `${sentence(view, state)}.`,
  facts: (state, view) => {
    const { r2, error, near, exact } = probeAt(view, state);
    const { blind } = numbers(view);
    return {
      layer: spellLayer(state.layer),
      network: WORDS[state.network],
      r2: signed(r2[0], 3),
      error: signed(error[0], 1),
      error_least: signed(error[1], 1),
      error_most: signed(error[2], 1),
      near: percent(near[0]),
      exact: percent(exact[0]),
      blind: signed(blind, 1),
    };
  },
  data: (state, view) => {
    const { places, shown } = numbers(view);
    const off = offsets(view, state);
    const rows = [];
    for (let n = 0; n < shown; n++)
      for (let p = 0; p < places; p++)
        rows.push([
          state.layer,
          WORDS[state.network],
          n + 1,
          p + 1,
          (p + 1 + off[n * places + p]).toFixed(2),
        ]);
    return { columns: ["layer", "network", "text", "place", "place read"], rows };
  },
});
