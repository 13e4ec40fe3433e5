/**
 * A learned table through training: its rows and channels, the cosine of every two rows, and the
 * attention of one head, at a step that can be scrubbed along the curve of accuracy. Rows that no
 * sequence of the training ever reached are marked.
 */

import { clamp, curve, disc, line, tag, text, textWidth } from "./canvas.js";
import { signed, thousands } from "./format.js";
import { within } from "./handles.js";
import { levelOf } from "./palette.js";
import { notesOf } from "./tensors.js";
import { defineView } from "./view.js";

export const STORIES = ["reverse", "copy, 24 rows", "text"];
const SAYS = {
  reverse: "says sequences of 16 tokens backwards",
  "copy, 24 rows": "says the token three back, in sequences of 8 to 16 tokens",
  text: "writes the King James Bible, 64 characters at a time",
};
const TRAITS = ["story", "shot", "shot_max", "t", "t_max", "shots", "rows"];
const HANDLE = 44;
export const BACK = 3;

const percentOf = (x) => `${Math.round(100 * x)}%`;

/** One story of the payload: its arrays, and what follows from them, made once. */
function storyOf(view, state) {
  const n = STORIES.indexOf(state.story);
  view.memory.stories ??= {};
  const { tensors } = view;
  view.memory.stories[n] ??= {
    ...notesOf(view.model.get("payload")).stories[n],
    steps: tensors[`steps_${n}`].values,
    table: tensors[`table_${n}`],
    scale: tensors[`scale_${n}`].values,
    map: tensors[`map_${n}`],
    curve: tensors[`curve_${n}`].values,
    curveSteps: tensors[`curve_steps_${n}`].values,
    shown: {},
  };
  return view.memory.stories[n];
}

/** The table, the cosines and the attention at a checkpoint. */
function shotOf(story, shot) {
  story.shown[shot] ??= (() => {
    const [, rows, channels] = story.table.shape;
    const table = story.table.values.subarray(shot * rows * channels, (shot + 1) * rows * channels);
    const [, queries, keys] = story.map.shape;
    const map = story.map.values.subarray(shot * queries * keys, (shot + 1) * queries * keys);
    const lengths = Float64Array.from({ length: rows }, (_, t) =>
      Math.sqrt(dot(table, channels, t, t)),
    );
    const cosines = new Float64Array(rows * rows);
    for (let t = 0; t < rows; t++)
      for (let s = 0; s < rows; s++)
        cosines[t * rows + s] = dot(table, channels, t, s) / (lengths[t] * lengths[s]);
    const { [shot]: scale } = story.scale;
    return { table, map, cosines, rows, channels, queries, keys, lengths, scale };
  })();
  return story.shown[shot];
}

function dot(table, channels, t, s) {
  let sum = 0;
  for (let j = 0; j < channels; j++) sum += table[t * channels + j] * table[s * channels + j];
  return sum;
}

/** How far rows low .. high - 1 have come since the first checkpoint, as a share of what they were. */
function changed(story, shot, low, high) {
  const now = shotOf(story, shot);
  const first = shotOf(story, 0);
  let moved = 0;
  let was = 0;
  for (let k = low * now.channels; k < high * now.channels; k++) {
    const before = first.table[k] * first.scale;
    moved += (now.table[k] * now.scale - before) ** 2;
    was += before ** 2;
  }
  return Math.sqrt(moved / was);
}

/** The mean cosine of two rows k apart, among those that training reached. */
function cosineAt(story, shot, k) {
  const { cosines, rows } = shotOf(story, shot);
  const reached = Math.min(rows, story.length);
  let sum = 0;
  for (let t = 0; t + k < reached; t++) sum += cosines[t * rows + t + k];
  return sum / (reached - k);
}

/** How much of the head's attention stands on the place that the task asks for; null for text. */
function onTarget(story, shot) {
  const { map, queries, keys } = shotOf(story, shot);
  if (story.task === "text") return null;
  const target = story.task === "reverse" ? (t) => keys - 1 - t : (t) => t - BACK;
  let sum = 0;
  let many = 0;
  for (let t = 0; t < queries; t++)
    if (target(t) >= 0) {
      sum += map[t * keys + target(t)];
      many++;
    }
  return sum / many;
}

function lay(width) {
  const small = width < 640;
  const plot = { x: 36, y: 26, w: width - 48, h: small ? 90 : 100 };
  const top = plot.y + plot.h + 92;
  if (small) {
    const side = Math.min(width - 44, 300);
    const table = { x: 34, y: top, w: width - 44, h: 210 };
    const cosines = { x: 34, y: top + 210 + 64, w: side, h: side };
    const map = { x: 34, y: cosines.y + side + 64, w: side, h: side };
    return { small, plot, table, cosines, map, height: map.y + side + 34 };
  }
  const side = Math.floor((width - 36 - 2 * 44) * 0.29);
  const table = { x: 36, y: top, w: width - 40 - 2 * side - 2 * 44, h: side };
  const cosines = { x: table.x + table.w + 44, y: top, w: side, h: side };
  const map = { x: cosines.x + side + 44, y: top, w: side, h: side };
  return { small, plot, table, cosines, map, height: top + side + 34 };
}

function draw(view, state) {
  const story = storyOf(view, state);
  const shot = shotOf(story, state.shot);
  const geometry = lay(view.width0);
  view.fit(geometry.height);
  view.geometry = geometry;
  Object.assign(view.memory, { table: shot.table, cosines: shot.cosines, map: shot.map });
  drawCurve(view, state, story);
  drawPicture(view, "table", shot.table, shot.rows, shot.channels);
  drawPicture(view, "cosines", shot.cosines, shot.rows, shot.rows);
  drawPicture(view, "map", shot.map, shot.queries, shot.keys);
  drawWords(view, story, shot);
  drawRow(view, state, shot);
}

/** Accuracy through training, the checkpoints on it, and the one in sight. */
function drawCurve(view, state, story) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const { plot } = geometry;
  const last = story.curveSteps.at(-1);
  const quiet = { size: 11, colour: hex["ink-3"] };
  // early steps take more room: most happens there
  const xOf = (s) => plot.x + plot.w * Math.sqrt(s / last);
  const yOf = (v) => plot.y + plot.h * (1 - v);
  for (const v of [0, 0.5, 1]) {
    line(c, plot.x, yOf(v), plot.x + plot.w, yOf(v), v ? hex.rule : hex.edge);
    text(c, percentOf(v), plot.x - 6, yOf(v), { ...quiet, align: "right", baseline: "middle" });
  }
  text(c, "right answers", plot.x, plot.y - 11, { ...quiet, colour: hex["ink-2"] });
  curve(
    c,
    Array.from(story.curveSteps, (s, k) => [xOf(s), yOf(story.curve[k])]),
    hex.ink,
    1.75,
  );
  const bottom = plot.y + plot.h;
  for (const s of story.steps) disc(c, xOf(s), bottom, 2.5, hex.paper, hex["ink-3"], 1.25);
  const x = xOf(story.steps[state.shot]);
  line(c, x, plot.y - 2, x, bottom + 10, hex.paper, 4);
  line(c, x, plot.y - 2, x, bottom + 10, hex.ink, 1.5);
  const words = `step ${thousands(story.steps[state.shot])}`;
  const half = textWidth(c, words, { size: 11.5, weight: 600 }) / 2 + 5;
  const mark = tag(
    c,
    words,
    clamp(x, plot.x - 30 + half, plot.x + plot.w - half),
    bottom + 20,
    hex.ink,
    hex.paper,
  );
  geometry.xOf = xOf;
  geometry.cursor = { x: mark.left - 2, y: bottom + 20 - HANDLE / 2, w: mark.width + 4, h: HANDLE };
}

/** An array of values in [-1, 1] as a picture, a cell a value. */
function drawPicture(view, name, values, rows, columns) {
  const { c, geometry, palette } = view;
  const { x, y, w, h } = geometry[name];
  view.memory.sheets ??= {};
  view.memory.sheets[name] ??= document.createElement("canvas");
  const sheet = view.memory.sheets[name];
  sheet.width = columns;
  sheet.height = rows;
  const ink = sheet.getContext("2d");
  const image = ink.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let k = 0; k < values.length; k++) pixels[k] = palette.packed[levelOf(values[k])];
  ink.putImageData(image, 0, 0);
  c.imageSmoothingEnabled = false;
  c.drawImage(sheet, x, y, w, h);
  c.strokeStyle = palette.hex.edge;
  c.lineWidth = 1;
  c.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
}

function drawWords(view, story, shot) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const { table, cosines, map, small } = geometry;
  const head = { size: 12.5, weight: 600, colour: hex.ink };
  const quiet = { size: 11, colour: hex["ink-3"] };
  text(c, "the table: a row for each position", table.x, table.y - 26, head);
  text(
    c,
    `${shot.channels} channels, from −${signed(shot.scale, 2)} to ${signed(shot.scale, 2)}`,
    table.x,
    table.y - 10,
    quiet,
  );
  text(c, "cosine of every two rows", cosines.x, cosines.y - 26, head);
  text(c, "from −1 to 1", cosines.x, cosines.y - 10, quiet);
  text(c, `attention, head ${story.head} of layer ${story.layer}`, map.x, map.y - 26, head);
  text(c, "who looks (down) at whom (across)", map.x, map.y - 10, quiet);
  for (const [box, many] of [
    [table, shot.rows],
    [cosines, shot.rows],
    [map, shot.queries],
  ]) {
    const right = { ...quiet, colour: hex.pos, align: "right" };
    text(c, "0", box.x - 6, box.y + 10, right);
    text(c, many - 1, box.x - 6, box.y + box.h, right);
  }
  const reached = Math.min(story.length, shot.rows);
  if (reached === shot.rows) return;
  for (const [box, words] of [
    [table, small ? "no sequence reached these" : "no sequence reached these rows"],
    [cosines, ""],
  ]) {
    const y = box.y + (box.h * reached) / shot.rows;
    line(c, box.x - 4, y, box.x + box.w + 4, y, hex.paper, 4);
    line(c, box.x - 4, y, box.x + box.w + 4, y, hex.ink, 1.5, [4, 3]);
    if (words)
      text(c, words, box.x + box.w - 6, box.y + box.h - 8, {
        size: 11.5,
        weight: 600,
        colour: hex.ink,
        halo: hex.paper,
        align: "right",
      });
  }
}

/** The marked position, a row of all three. */
function drawRow(view, state, shot) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  for (const [name, many] of [
    ["table", shot.rows],
    ["cosines", shot.rows],
    ["map", shot.queries],
  ]) {
    if (state.t >= many) continue;
    const { x, y, w, h } = geometry[name];
    for (const at of [state.t, state.t + 1])
      for (const [hue, width] of [
        [hex.paper, 3],
        [hex.pos, 1.5],
      ])
        line(c, x - 3, y + (h * at) / many, x + w + 3, y + (h * at) / many, hue, width);
  }
  const { table } = geometry;
  const middle = table.y + (table.h * (state.t + 0.5)) / shot.rows;
  const mark = tag(c, `*t* = ${state.t}`, table.x + 2, middle, hex.pos, hex.paper, "left");
  geometry.rowTag = { x: mark.left - 2, y: middle - HANDLE / 2, w: mark.width + 4, h: HANDLE };
}

/** Keeps checkpoint and position in the story, as views/growth.py does. */
function fix(state) {
  const n = STORIES.indexOf(state.story);
  const shot_max = (state.shots[n] ?? 1) - 1;
  const t_max = (state.rows[n] ?? 1) - 1;
  return {
    shot_max,
    t_max,
    shot: clamp(Math.round(state.shot), 0, shot_max),
    t: clamp(Math.round(state.t), 0, t_max),
  };
}

function shotAt(view, x) {
  const { xOf } = view.geometry;
  const { steps } = storyOf(view, view.state);
  const far = Array.from(steps, (s) => Math.abs(xOf(s) - x));
  return far.indexOf(Math.min(...far));
}
const rowAt = (view, y) => {
  const { table } = view.geometry;
  return clamp(Math.floor(((y - table.y) / table.h) * (view.state.t_max + 1)), 0, view.state.t_max);
};

export const growth = defineView({
  label:
    "A learned position table through training: the table, the cosine of every two of its rows, and the attention of one head, beside the curve of accuracy",
  traits: TRAITS,
  payload: true,
  choices: { story: STORIES },
  fix,
  draw,
  handles: (view) => [
    {
      name: "step",
      label: "Step of training",
      range: () => [0, view.state.shot_max],
      value: () => view.state.shot,
      say: () => `step ${thousands(storyOf(view, view.state).steps[view.state.shot])}`,
      place: () => view.geometry.cursor,
      move: (shot) => view.set({ shot }),
      drag: (x) => view.set({ shot: shotAt(view, x) }),
    },
    {
      name: "row",
      label: "Marked row: position t",
      vertical: true,
      invert: true,
      range: () => [0, view.state.t_max],
      value: () => view.state.t,
      say: () => `position ${view.state.t}`,
      place: () => view.geometry.rowTag,
      move: (t) => view.set({ t }),
      drag: (_x, y) => view.set({ t: rowAt(view, y) }),
    },
  ],
  pointer: {
    hit(view, x, y) {
      const { plot, table } = view.geometry;
      if (within(plot, x, y)) return "plot";
      return within(table, x, y) ? "table" : null;
    },
    drag(view, region, x, y) {
      view.set(region === "plot" ? { shot: shotAt(view, x) } : { t: rowAt(view, y) });
    },
  },
  finding: (state, view) => {
    const story = storyOf(view, state);
    const { rows } = shotOf(story, state.shot);
    const target = onTarget(story, state.shot);
    const aim =
      target === null
        ? ""
        : ` The head puts **${percentOf(target)}** of its attention on the place that is asked for.`;
    const unreached =
      rows > story.length
        ? ` Rows 0 to ${story.length - 1} have moved by **${percentOf(changed(story, state.shot, 0, story.length))}** of their length, rows ${story.length} to ${rows - 1} by **${percentOf(changed(story, state.shot, story.length, rows))}**.`
        : ` Neighbouring rows have a cosine of **${signed(cosineAt(story, state.shot, 1), 2)}** on average.`;
    return `A model that ${SAYS[state.story]}, after **${thousands(story.steps[state.shot])}** steps.${aim}${unreached}`;
  },
  say: (state, view) => {
    const story = storyOf(view, state);
    return `${state.story}, step ${thousands(story.steps[state.shot])}: cosine of neighbouring rows ${signed(cosineAt(story, state.shot, 1), 2)}.`;
  },
  facts: (state, view) => {
    const story = storyOf(view, state);
    const { rows } = shotOf(story, state.shot);
    const target = onTarget(story, state.shot);
    return {
      step: thousands(story.steps[state.shot]),
      neighbours: signed(cosineAt(story, state.shot, 1), 2),
      target: target === null ? "" : percentOf(target),
      reached: percentOf(changed(story, state.shot, 0, Math.min(rows, story.length))),
      unreached:
        rows > story.length ? percentOf(changed(story, state.shot, story.length, rows)) : "",
    };
  },
  data: (state, view) => {
    const { table, scale, rows, channels } = shotOf(storyOf(view, state), state.shot);
    const lines = function* () {
      for (let t = 0; t < rows; t++)
        yield [
          t,
          ...Array.from(table.subarray(t * channels, (t + 1) * channels), (v) =>
            (v * scale).toFixed(5),
          ),
        ];
    };
    return {
      columns: ["t", ...Array.from({ length: channels }, (_, j) => `j${j}`)],
      rows: lines(),
    };
  },
});
