/** The drawing of "Does it last?": the places read against the true ones, the error by layer. */

import { curve, disc, line, tag, text } from "./canvas.js";
import { plural, signed } from "./format.js";

export const NETWORKS = ["trained", "zeroed", "untrained", "tables"]; // as in views/layers.py
export const MEASURES = ["error", "near"]; // as in views/layers.py
export const WORDS = {
  trained: "as trained",
  zeroed: "positions zeroed",
  untrained: "never trained",
  tables: "only tables trained",
};
const DASHES = { trained: [], zeroed: [2, 4], untrained: [8, 4], tables: [9, 3, 2, 3] };
// where the name of each curve stands: at which layer, so many CSS pixels under it
const ERROR_NAMES = { trained: [1, 18], zeroed: [0, 18], untrained: [3, -10], tables: [3, 20] };
const NEAR_NAMES = { trained: [4, 26], zeroed: [0, -10], untrained: [0, -11], tables: [2, -11] };
const DOT = 1.7;
const BEYOND = 26; // places that the picture reaches below the first and above the last

const percent = (share) => `${Math.round(100 * share)}%`;
export const spellLayer = (layer) => (layer ? `After layer ${layer}` : "Embeddings");

/** Where everything goes, in CSS pixels, for a stage of this width. */
function lay(width, { measure }, { places, last, blind }) {
  const stacked = width < 700;
  const [low, high] = [1 - BEYOND, places + BEYOND];
  const heat = { x: 38, y: 54, w: stacked ? width - 38 - 14 : Math.round(width * 0.5) - 38 };
  heat.h = Math.round(stacked ? heat.w : Math.min(heat.w, 400));
  const plot = stacked
    ? { x: 38, y: heat.y + heat.h + 116, w: width - 38 - 26, h: 230 }
    : { x: Math.round(width * 0.5) + 66, y: 54, w: width - Math.round(width * 0.5) - 66 - 24 };
  plot.h ??= heat.h;
  // above all of them there is room for a name
  const top = measure === "error" ? Math.ceil(blind / 5) * 5 : 1.08;
  return {
    stacked,
    heat,
    plot,
    top,
    xOf: (t) => heat.x + ((t - 1) / (places - 1)) * heat.w,
    yOf: (t) => heat.y + ((high - t) / (high - low)) * heat.h,
    toX: (layer) => plot.x + (layer / last) * plot.w,
    toY: (value) => plot.y + (1 - value / top) * plot.h,
    height: plot.y + plot.h + 66,
  };
}

export function draw(view, state, found, off) {
  const geometry = lay(view.width0, state, found);
  view.geometry = geometry;
  view.fit(geometry.height);
  drawReadings(view, state, found, off);
  drawErrors(view, state, found);
}

const colourOf = ({ hex }, network) =>
  ({ trained: hex.pos, zeroed: hex["ink-3"], untrained: hex["ink-2"], tables: hex.ink })[network];

/** A dot for each word: across its true place, up the place that the probe reads. */
function drawReadings(view, state, found, off) {
  const { c, geometry, palette } = view;
  const { heat, xOf, yOf } = geometry;
  const { hex } = palette;
  const { places, shown } = found;
  const colour = colourOf(palette, state.network);
  const axis = { size: 11.5, colour: hex["ink-3"] };
  const layer = Math.round(state.layer);
  const { r2 } = found.probes[state.network][layer];
  text(c, `${spellLayer(layer)}, ${WORDS[state.network]}`, 0, 14, {
    size: 13,
    weight: 600,
    colour,
  });
  text(c, `place read, a dot for each word of ${plural(shown, "text")}`, 0, 32, {
    size: 11.5,
    colour: hex["ink-2"],
  });
  text(c, `R² ${signed(r2[0], 3)}`, heat.x + heat.w, 14, {
    size: 13,
    weight: 600,
    colour: hex.ink,
    align: "right",
  });
  const ticks = [1, 32, 63, 94, places];
  for (const t of ticks) {
    line(c, heat.x, yOf(t), heat.x + heat.w, yOf(t), hex.rule);
    text(c, t, heat.x - 8, yOf(t), { ...axis, align: "right", baseline: "middle" });
    text(c, t, xOf(t), heat.y + heat.h + 18, { ...axis, align: "center" });
  }
  text(c, "true place", heat.x + heat.w / 2, heat.y + heat.h + 38, { ...axis, align: "center" });
  line(c, xOf(1), yOf(1), xOf(places), yOf(places), hex.edge, 1.25);
  c.save();
  c.beginPath();
  c.rect(heat.x - 4, heat.y - 4, heat.w + 8, heat.h + 8);
  c.clip();
  for (let n = 0; n < shown; n++)
    for (let p = 0; p < places; p++)
      disc(c, xOf(p + 1), yOf(p + 1 + off[n * places + p]), DOT, `${colour}a0`);
  c.restore();
}

/** One measure by layer, with its spread, for each network. */
function drawErrors(view, state, found) {
  const { c, geometry, palette } = view;
  const { plot, toX, toY, top } = geometry;
  const { hex } = palette;
  const { last, probes } = found;
  const { measure } = state;
  const errors = measure === "error";
  const axis = { size: 11.5, colour: hex["ink-3"] };
  const head = plot.y - 40;
  const title = errors ? "Mean error of the line, in places" : "Place named, at most one off";
  text(c, title, plot.x - 28, head, { size: 13, weight: 600, colour: hex.ink });
  text(c, "bars: least and greatest of several fits", plot.x - 28, head + 18, {
    size: 11.5,
    colour: hex["ink-2"],
  });
  for (let v = 0; v <= top; v += errors ? 10 : 0.25) {
    line(c, plot.x, toY(v), plot.x + plot.w, toY(v), v ? hex.rule : hex.edge);
    const word = errors ? v : percent(v);
    text(c, word, plot.x - 10, toY(v), { ...axis, align: "right", baseline: "middle" });
  }
  for (let layer = 0; layer <= last; layer++) {
    const here = layer === Math.round(state.layer);
    text(c, layer, toX(layer), plot.y + plot.h + 20, {
      ...axis,
      align: "center",
      weight: here ? 600 : 400,
      colour: here ? hex.ink : hex["ink-3"],
    });
  }
  text(c, "after layer (0: embeddings)", plot.x + plot.w / 2, plot.y + plot.h + 40, {
    ...axis,
    align: "center",
  });
  const x0 = toX(state.layer);
  line(c, x0, plot.y - 8, x0, plot.y + plot.h, hex.edge, 1.25);
  const nothing = errors ? found.blind : found.chance;
  const said = errors ? signed(nothing, 1) : percent(nothing);
  text(c, `nothing known: ${said}`, plot.x + plot.w, toY(nothing) - 10, {
    ...axis,
    align: "right",
    halo: hex.paper,
  });
  // the chosen one on top
  for (const network of [...NETWORKS.filter((n) => n !== state.network), state.network]) {
    const colour = colourOf(palette, network);
    const chosen = network === state.network;
    const own = probes[network].map((probe) => probe[measure]);
    const points = own.map(([mean], layer) => [toX(layer), toY(mean)]);
    curve(c, points, colour, chosen ? 2.25 : 1.25, DASHES[network]);
    for (const [layer, [mean, least, most]] of own.entries()) {
      const x = toX(layer);
      if (toY(least) - toY(most) > 1)
        line(c, x, toY(least), x, toY(most), colour, chosen ? 2 : 1.25);
      disc(c, x, toY(mean), chosen ? 3.5 : 2.5, colour, hex.paper, 1);
    }
  }
  for (const network of NETWORKS) {
    const chosen = network === state.network;
    const [at, dy] = (errors ? ERROR_NAMES : NEAR_NAMES)[network];
    const y = toY(probes[network][at][measure][0]) + dy;
    text(c, WORDS[network], toX(at) + 8, y, {
      size: 12,
      weight: chosen ? 600 : 400,
      colour: colourOf(palette, network),
      halo: hex.paper,
    });
  }
  const own = probes[state.network].map((probe) => probe[measure][0]);
  const low = Math.floor(state.layer);
  const share = state.layer - low;
  const value = own[low] * (1 - share) + own[Math.ceil(state.layer)] * share;
  const mark = { x: x0, y: toY(value) };
  disc(c, mark.x, mark.y, 8.5, colourOf(palette, state.network), hex.paper, 2);
  const now = own[Math.round(state.layer)];
  const above = mark.y - plot.y > 34;
  tag(
    c,
    errors ? signed(now, 1) : percent(now),
    mark.x,
    mark.y + (above ? -22 : 24),
    hex.ink,
    hex.paper,
  );
  geometry.mark = mark;
}
