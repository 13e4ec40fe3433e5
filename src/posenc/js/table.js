/**
 * A real learned table beside another: a picture of it, the length of each row along the same axis
 * of positions, and the cosine of two rows against their offset, one curve for each position.
 */

import { clamp } from "./canvas.js";
import { signed, thousands } from "./format.js";
import { cosinesOf, NAMED, NAMES, PICTURES, REACH, tableOf } from "./table_data.js";
import { drawPanel, lay } from "./table_draw.js";
import { TABLES } from "./tables.js";
import { defineView } from "./view.js";

const TRAITS = ["table", "beside", "picture", "t", "t_max"];
const HANDLE = 44; // CSS pixels: the least that a finger can hold

const aboutOf = (name) => TABLES.find((table) => table.name === name);
const shows = (state, name) => [state.table, state.beside].includes(name);
const percent = (share) => `${Math.round(100 * share)}%`;

function draw(view, state) {
  const geometry = lay(view.width0);
  view.fit(geometry.height);
  view.geometry = geometry;
  for (const [nth, name] of [state.table, state.beside].entries())
    drawPanel(view, state, geometry.panels[nth], tableOf(view, name), nth);
}

/** Keeps t in the first table. */
function fix(state) {
  const t_max = aboutOf(state.table).length - 1;
  return { t_max, t: clamp(Math.round(state.t), 0, t_max) };
}

const inBox = ({ x, y, w, h }, px, py) => px >= x && px <= x + w && py >= y && py <= y + h;

/** Which panel a point is in, and whether on its picture or its curves. */
function placeOf(view, x, y) {
  for (const [nth, panel] of view.geometry.panels.entries()) {
    const { heat, strip, plot } = panel;
    if (inBox({ ...heat, w: strip.x + strip.w - heat.x }, x, y)) return { nth, panel, rows: true };
    if (inBox(plot, x, y)) return { nth, panel, rows: false };
  }
  return null;
}

const rowAt = ({ heat, n }, y) => clamp(Math.floor((n * (y - heat.y)) / heat.h), 0, n - 1);
const offsetAt = ({ plot }, x) => Math.round(((x - plot.x) / plot.w) * 2 * REACH - REACH);

/** What there is to say, as words. */
function reading(state, view) {
  const table = tableOf(view, state.table);
  const other = tableOf(view, state.beside);
  const { t } = state;
  const values = cosinesOf(table, t);
  const next = t + 1 < table.n ? t + 1 : t - 1;
  return {
    table,
    other,
    size: table.sizes[t],
    ratio: table.sizes[t] / table.median,
    next,
    cosine: values[next],
    odd: table.odd,
  };
}

/** "0, 127, 510 and 511"; of many only how many. */
function listed(positions, n) {
  const words = positions.map(thousands);
  if (words.length > NAMED) return `${thousands(words.length)} of ${thousands(n)}`;
  if (words.length < 2) return words[0] ?? "none";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

const times = (ratio) => signed(ratio, ratio < 10 ? 2 : 1);

function finding(state, view) {
  const { table, other, ratio, odd } = reading(state, view);
  const explained =
    state.table === state.beside
      ? `The offset alone explains **${percent(table.explained)}** of how the cosines differ.`
      : `The offset alone explains **${percent(table.explained)}** of how the cosines differ on the left, **${percent(other.explained)}** on the right.`;
  const where = view.geometry.small
    ? explained.replace("left", "first").replace("right", "second").replaceAll(" on the", " in the")
    : explained;
  const length = `Row [*t* = **${thousands(state.t)}**]{pos} is **${times(ratio)}** times as long as the median row`;
  if (!odd.length) return `${where} ${length}.`;
  return `${where} ${length}; odd rows: **${listed(odd, table.n)}**.`;
}

export const table = defineView({
  label:
    "Two tables of positions side by side: each a picture of its rows, the length of each row, and the cosine of two rows against their offset",
  traits: TRAITS,
  choices: { table: NAMES, beside: NAMES, picture: PICTURES },
  payload: {
    minilm: (state) => shows(state, "minilm"),
    whisper: (state) => shows(state, "whisper decoder"),
    channels: (state) =>
      state.picture === "channels" && TABLES.some((t) => t.learned && shows(state, t.name)),
  },
  fix,
  draw,
  handles: (view) => [
    {
      name: "t",
      label: "Position t, row of the table",
      vertical: true,
      invert: true,
      range: () => [0, view.state.t_max],
      value: () => view.state.t,
      say: () => `position ${thousands(view.state.t)}`,
      place: () => {
        const { x, y } = view.geometry.panels[0].mark;
        return { x: x - HANDLE / 2, y: y - HANDLE / 2, w: HANDLE, h: HANDLE };
      },
      move: (t) => view.set({ t }),
      drag: (_x, y) => view.set({ t: rowAt(view.geometry.panels[0], y) }),
    },
  ],
  pointer: {
    hit(view, x, y) {
      const place = placeOf(view, x, y);
      return place?.rows ? place.nth : null;
    },
    drag(view, nth, _x, y) {
      view.set({ t: Math.min(rowAt(view.geometry.panels[nth], y), view.state.t_max) });
    },
    peek(view, x, y) {
      const place = placeOf(view, x, y);
      return place && !place.rows ? { nth: place.nth, k: offsetAt(place.panel, x) } : null;
    },
  },
  finding,
  say: (state, view) => {
    const { table, ratio, next, cosine } = reading(state, view);
    return `${table.about.label}, position ${thousands(state.t)}: ${times(ratio)} times as long as the median row, cosine with row ${thousands(next)} ${signed(cosine, 2)}. The offset alone explains ${percent(table.explained)} of how the cosines differ.`;
  },
  facts: (state, view) => {
    const { table, other, size, ratio, cosine, odd } = reading(state, view);
    return {
      table: table.about.label,
      beside: other.about.label,
      rows: thousands(table.n),
      explained: percent(table.explained),
      explained_beside: percent(other.explained),
      length: signed(size, 2),
      ratio: times(ratio),
      cosine: signed(cosine, 2),
      odd: listed(odd, table.n),
    };
  },
  data: (state, view) => {
    const table = tableOf(view, state.table);
    const values = cosinesOf(table, state.t);
    return {
      columns: ["position", "length", `cosine with row ${state.t}`],
      rows: Array.from(table.sizes, (size, s) => [s, size.toFixed(5), values[s].toFixed(5)]),
    };
  },
});
