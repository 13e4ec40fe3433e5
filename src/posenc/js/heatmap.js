/**
 * The whole table: positions downwards, channels across, with the marked row drawn above on the
 * same channel axis and the marked column beside it on the same position axis. Three linked plots
 * in one drawing; the cursors run through all three.
 *
 * Cost follows the pixels: where one pixel holds many positions or channels it shows their exact
 * mean (closed form in the twin), never a sample, so a table of 100,000 x 1,024 costs what the
 * screen costs.
 */

import { clamp, curve, disc, keyStrip, line, niceStep, tag, text, textWidth } from "./canvas.js";
import {
  channelWavelength,
  fill,
  LAYOUTS,
  pairOf,
  pixelMean,
  plan,
  row,
  TURN,
  turns,
  value,
  wavelengths,
} from "./encodings.js";
import { parameter, plural, quantity, signed, thousands } from "./format.js";
import { defineView } from "./view.js";

const TRAITS = [
  "t",
  "channel",
  "start",
  "length",
  "d_model",
  "base",
  "channel_layout",
  "t_min",
  "t_max",
  "start_max",
];
export const MAX_LENGTH = 131072; // 2^17, as in views/heatmap.py
const CSV_ROWS = 4096;
const FINEST = 2; // CSS pixels: the least height of a cell, so that cost stays that of the screen

/** The frequency of a wavelength, in radians per position, in few signs. */
const frequency = (wave) => {
  const omega = TURN / wave;
  return omega >= 0.001
    ? String(+omega.toPrecision(3))
    : omega.toExponential(1).replace("e-", "e\u2212");
};
const specOf = ({ d_model, base, channel_layout }) => ({
  d: d_model,
  base,
  layout: channel_layout,
});

const rowLabel = (t) => `*t* = ${thousands(t)}`;

/** Where everything goes, in CSS pixels, for a stage of this width. */
function lay(view, state) {
  const width = view.width0;
  const small = width < 560;
  const last = state.start + state.length - 1;
  const label = textWidth(view.canvas.getContext("2d"), rowLabel(last), {
    size: 11.5,
    weight: 600,
  });
  const left = Math.ceil(Math.max(label + 10, small ? 40 : 48) / 8) * 8 + 8;
  const beside = small ? 58 : 168;
  const gap = small ? 8 : 14;
  const above = small ? 62 : 92;
  const tall = small ? 250 : 352;
  const right = 18; // the scroll track at the far right of the picture
  const wide = Math.floor(width - left - gap - beside - right);
  const box = { x: left, y: above + gap, w: wide, h: tall };
  return {
    small,
    box,
    above: { y: 4, h: above - 8 },
    beside: { x: left + wide + right + gap, w: beside - 6 },
    track: { x: left + wide + 7, y: box.y, w: 5, h: tall },
    height: above + gap + tall + 36,
  };
}

/**
 * The picture itself, recomputed only when the table or the screen changes. A cell is at least one
 * screen pixel; where it holds several positions or channels it holds their exact mean.
 */
function paint(view, state, { box }) {
  const memory = view.memory;
  const key = [
    box.w,
    box.h,
    state.start,
    state.length,
    state.d_model,
    state.base,
    state.channel_layout,
  ].join();
  if (memory.key === key) return memory;
  const d = state.d_model;
  const across = Math.ceil(d / box.w);
  const down = Math.ceil(state.length / (box.h / FINEST));
  const columns = Math.ceil(d / across);
  const rows = Math.ceil(state.length / down);
  if (!memory.image) memory.image = document.createElement("canvas");
  if (memory.columns !== columns || memory.rows !== rows || memory.d !== d) {
    memory.image.width = columns;
    memory.image.height = rows;
    memory.data = memory.image.getContext("2d").createImageData(columns, rows);
    memory.values = new Float32Array(rows * columns);
  }
  Object.assign(memory, { key, across, down, columns, rows, d });
  const where = { start: state.start, step: down, run: down, across };
  fill(memory.values, plan(specOf(state)), rows, where);
  const pixels = new Uint32Array(memory.data.data.buffer);
  const { packed } = view.palette;
  const { values } = memory;
  for (let k = 0; k < values.length; k++) pixels[k] = packed[(values[k] * 128 + 128.5) | 0];
  memory.image.getContext("2d").putImageData(memory.data, 0, 0);
  return memory;
}

function draw(view, state) {
  const geometry = lay(view, state);
  const c = view.fit(geometry.height);
  view.geometry = geometry;
  const { box, small } = geometry;
  const { hex } = view.palette;
  const { start, length, d_model: d } = state;
  const t = clamp(Math.round(state.t), start, start + length - 1);
  const j = clamp(state.channel, 0, d - 1);
  const spec = specOf(state);
  const [, cosine] = pairOf(j, d, state.channel_layout);
  const hue = cosine ? hex.cos : hex.sin;
  const dash = cosine ? [6, 4] : [];
  const xOf = (channel) => box.x + (box.w * channel) / d;
  const yOf = (position) => box.y + (box.h * (position - start)) / length;

  const { image, across, down, columns, rows } = paint(view, state, geometry);
  // cells near the size of a pixel are blended, larger ones keep their edges
  c.imageSmoothingEnabled = columns * 2 > box.w * view.ratio;
  c.save();
  c.beginPath();
  c.rect(box.x, box.y, box.w, box.h);
  c.clip();
  c.drawImage(image, box.x, box.y, (box.w * columns * across) / d, (box.h * rows * down) / length);
  c.restore();

  drawRow(view, state, { t, j, spec, xOf });
  drawColumn(view, state, { t, j, spec, yOf, hue, dash });

  // axes
  const axis = { colour: hex["ink-3"], size: 11.5 };
  const step = niceStep(length, small ? 4 : 6);
  for (let p = Math.ceil(start / step) * step; p < start + length; p += step) {
    const y = yOf(p + 0.5);
    line(c, box.x - 5, y, box.x - 1, y, hex.edge);
    if (Math.abs(y - yOf(t + 0.5)) > 14)
      text(c, thousands(p), box.x - 8, y, { ...axis, align: "right", baseline: "middle" });
  }
  let every = 1;
  while (d / every > (small ? 5 : 9)) every *= 2;
  for (let q = 0; q < d; q += every) {
    const x = xOf(q + 0.5);
    line(c, x, box.y + box.h + 1, x, box.y + box.h + 5, hex.edge);
    if (Math.abs(x - xOf(j + 0.5)) > 26)
      text(c, thousands(q), x, box.y + box.h + 19, { ...axis, align: "center" });
  }
  if (Math.abs(box.x + box.w - xOf(j)) > 96)
    text(c, "channel *j*", box.x + box.w, box.y + box.h + 33, { ...axis, align: "right" });

  drawCursors(view, { t, j, xOf, yOf });
  drawTrack(view, state);
  drawCorner(view, state, { t, j, spec });
}

/** Above: the vector of the marked position, on the channel axis of the picture. */
function drawRow(view, state, { t, j, spec, xOf }) {
  const { c, geometry, palette } = view;
  const { above, box } = geometry;
  const { hex, css } = palette;
  const mid = above.y + above.h / 2;
  const amp = above.h / 2 - 5;
  keyStrip(c, box.x - 8, above.y + 5, 4, above.h - 10, (u) => css(1 - 2 * u));
  line(c, box.x, mid, box.x + box.w, mid, hex.rule);
  for (const v of [1, -1])
    text(c, v > 0 ? "1" : "\u22121", box.x - 12, mid - v * amp, {
      colour: hex["ink-3"],
      size: 10.5,
      align: "right",
      baseline: "middle",
    });
  const d = state.d_model;
  const vector = row(t, spec);
  const perCell = d / box.w;
  if (perCell > 1.5) {
    // more channels than pixels: the band between the least and the greatest value in each pixel
    c.beginPath();
    for (let px = 0; px < box.w; px++) {
      let low = 1;
      let high = -1;
      for (let q = Math.floor(px * perCell); q < Math.min(d, Math.ceil((px + 1) * perCell)); q++) {
        low = Math.min(low, vector[q]);
        high = Math.max(high, vector[q]);
      }
      c.moveTo(box.x + px + 0.5, mid - high * amp);
      c.lineTo(box.x + px + 0.5, mid - low * amp + 1);
    }
    c.strokeStyle = hex.ink;
    c.lineWidth = 1;
    c.stroke();
  } else {
    for (const wantCosine of [false, true]) {
      const points = [];
      for (let q = 0; q < d; q++)
        if (pairOf(q, d, state.channel_layout)[1] === wantCosine)
          points.push([xOf(q + 0.5), mid - vector[q] * amp]);
      curve(c, points, wantCosine ? hex.cos : hex.sin, 1.25, wantCosine ? [4, 3] : []);
      if (box.w / d > 4)
        for (const [x, y] of points)
          disc(c, x, y, 2, wantCosine ? hex.paper : hex.sin, wantCosine ? hex.cos : hex.sin, 1.1);
    }
  }
  geometry.dots = [[xOf(j + 0.5), mid - vector[j] * amp, css(vector[j])]];
}

/** Beside: the wave of the marked channel, on the position axis of the picture. */
function drawColumn(view, state, { t, j, spec, yOf, hue, dash }) {
  const { c, geometry, palette } = view;
  const { beside, box, small } = geometry;
  const { hex, css } = palette;
  const mid = beside.x + beside.w / 2;
  const amp = beside.w / 2 - 8;
  line(c, mid, box.y, mid, box.y + box.h, hex.rule);
  line(c, mid - amp, box.y + box.h + 1, mid - amp, box.y + box.h + 5, hex.edge);
  line(c, mid + amp, box.y + box.h + 1, mid + amp, box.y + box.h + 5, hex.edge);
  for (const v of [-1, 1])
    text(c, v > 0 ? "1" : "\u22121", mid + v * amp, box.y + box.h + 19, {
      colour: hex["ink-3"],
      size: 10.5,
      align: "center",
    });
  const perPixel = state.length / box.h;
  const hollow = hue === hex.cos;
  const turn = channelWavelength(j, spec);
  c.save();
  c.beginPath();
  c.rect(beside.x, box.y, beside.w, box.h);
  c.clip();
  if (perPixel * 3 > turn) {
    // a wave too fine to draw: the band it fills, and the mean it has
    c.globalAlpha = 0.22;
    c.fillStyle = hue;
    c.fillRect(mid - amp, box.y, 2 * amp, box.h);
    c.globalAlpha = 1;
    const points = [];
    for (let y = 0; y <= box.h; y += 1) {
      const first = state.start + Math.floor(y * perPixel);
      points.push([
        mid + pixelMean(first, Math.max(1, Math.round(perPixel)), j, spec) * amp,
        box.y + y,
      ]);
    }
    curve(c, points, hue, 1.5, dash);
  } else {
    const points = [];
    for (let y = 0; y <= box.h; y += 0.5)
      points.push([mid + value(state.start + y * perPixel - 0.5, j, spec) * amp, box.y + y]);
    curve(c, points, hue, 1.5, dash);
    if (box.h / state.length > 5)
      for (let p = state.start; p < state.start + state.length; p++)
        disc(
          c,
          mid + value(p, j, spec) * amp,
          yOf(p + 0.5),
          small ? 1.4 : 2,
          hollow ? hex.paper : hue,
          hue,
          1.1,
        );
  }
  c.restore();
  const v = value(t, j, spec);
  geometry.dots.push([mid + v * amp, yOf(t + 0.5), css(v)]);
}

function drawCursors(view, { t, j, xOf, yOf }) {
  const { c, geometry, palette } = view;
  const { box, above, beside, track } = geometry;
  const { hex } = palette;
  const [y0, y1] = [yOf(t), yOf(t + 1)];
  const [x0, x1] = [xOf(j), xOf(j + 1)];
  const thin = (a, b, least) =>
    b - a < least ? [(a + b - least) / 2, (a + b + least) / 2] : [a, b];
  const [ya, yb] = thin(y0, y1, 3);
  const [xa, xb] = thin(x0, x1, 3);
  const pair = (from, to, at, vertical, colour) => {
    for (const p of at)
      for (const [hue, w] of [
        [hex.paper, 3.5],
        [colour, 1.5],
      ])
        vertical ? line(c, p, from, p, to, hue, w) : line(c, from, p, to, p, hue, w);
  };
  pair(above.y, box.y + box.h + 6, [xa, xb], true, hex.ink);
  pair(box.x - 6, track.x - 3, [ya, yb], false, hex.pos);
  pair(beside.x, beside.x + beside.w, [ya, yb], false, hex.pos);
  for (const [x, y, fill] of geometry.dots) disc(c, x, y, 4.5, fill, hex.ink, 1.75);
  const rowAt = clamp((y0 + y1) / 2, box.y + 9, box.y + box.h - 9);
  const mark = tag(c, rowLabel(t), box.x - 6, rowAt, hex.pos, hex.paper, "right");
  const middle = clamp((x0 + x1) / 2, box.x + 24, box.x + box.w - 24);
  tag(c, `*j* = ${thousands(j)}`, middle, box.y + box.h + 16, hex.ink, hex.paper);
  geometry.rowTag = { x: mark.left, y: rowAt - 14, w: mark.width, h: 28 };
  geometry.columnTag = { x: middle - 26, y: box.y + box.h + 2, w: 52, h: 28 };
  if (view.peek) {
    c.globalAlpha = 0.6;
    line(
      c,
      xOf(view.peek.j + 0.5),
      box.y,
      xOf(view.peek.j + 0.5),
      box.y + box.h,
      hex.ink,
      1,
      [2, 3],
    );
    line(
      c,
      box.x,
      yOf(view.peek.t + 0.5),
      box.x + box.w,
      yOf(view.peek.t + 0.5),
      hex.ink,
      1,
      [2, 3],
    );
    c.globalAlpha = 1;
  }
}

/** The window on the table of 131,072 positions, as a scroll track. */
function drawTrack(view, state) {
  const { c, geometry, palette } = view;
  const { track } = geometry;
  const { hex } = palette;
  c.fillStyle = hex.rule;
  c.fillRect(track.x + 2, track.y, 1, track.h);
  const h = Math.max(10, (track.h * state.length) / MAX_LENGTH);
  const y = track.y + ((track.h - h) * state.start) / Math.max(1, state.start_max);
  c.fillStyle = hex.edge;
  c.fillRect(track.x, y, track.w, h);
  geometry.thumb = {
    x: track.x - 9,
    y: y + h / 2 - Math.max(h, 24) / 2,
    w: 24,
    h: Math.max(h, 24),
    room: track.h - h,
    half: h / 2,
  };
}

/** The corner: the value where the cursors cross, and the formula with its numbers put in. */
function drawCorner(view, state, { t, j, spec }) {
  const { c, geometry, palette } = view;
  const { beside, above, small } = geometry;
  const { hex } = palette;
  const at = view.peek ?? { t, j };
  const [pair, cosine] = pairOf(at.j, state.d_model, state.channel_layout);
  const name = cosine ? "cos" : "sin";
  const colour = cosine ? hex.cos : hex.sin;
  const wave = channelWavelength(at.j, spec);
  const v = value(at.t, at.j, spec);
  if (small) {
    const x = beside.x - 4;
    text(c, signed(v, 2), x, above.y + 18, { size: 19, serif: true, colour: hex.ink });
    text(c, name, x, above.y + 36, { size: 11.5, weight: 600, colour });
    text(c, `*λ* ${quantity(wave)}`, x, above.y + 52, { size: 11, colour: hex["ink-2"] });
    return;
  }
  const x = beside.x + 4;
  text(c, signed(v), x, above.y + 27, { size: 30, serif: true, colour: hex.ink });
  let end = x + text(c, `${name} `, x, above.y + 49, { size: 13, weight: 600, colour });
  end += text(c, thousands(at.t), end, above.y + 49, { size: 13, weight: 600, colour: hex.pos });
  text(c, pair ? ` · ${frequency(wave)}` : "", end, above.y + 49, {
    size: 13,
    colour: hex["ink-2"],
  });
  text(c, `pair *i* = ${pair}, wavelength ${quantity(wave)}`, x, above.y + 69, {
    size: 12,
    colour: hex["ink-2"],
  });
  if (view.peek)
    text(c, `under the pointer: *t* = ${thousands(at.t)}, *j* = ${at.j}`, x, above.y + 86, {
      size: 11,
      colour: hex["ink-3"],
    });
}

/** Keeps window, row and column inside the table, as views/heatmap.py does. */
function fix(state) {
  const start_max = MAX_LENGTH - state.length;
  const start = clamp(Math.round(state.start), 0, start_max);
  const [t_min, t_max] = [start, start + state.length - 1];
  return {
    start_max,
    start,
    t_min,
    t_max,
    t: clamp(state.t, t_min, t_max),
    channel: clamp(state.channel, 0, state.d_model - 1),
  };
}

const cellAt = (view, x, y) => {
  const { box } = view.geometry;
  const { start, length, d_model } = view.state;
  return {
    t: clamp(start + Math.floor(((y - box.y) / box.h) * length), start, start + length - 1),
    j: clamp(Math.floor(((x - box.x) / box.w) * d_model), 0, d_model - 1),
  };
};

export const heatmap = defineView({
  label:
    "Heatmap of the sinusoidal encoding, positions downwards and channels across, with the marked row above and the marked column beside it",
  traits: TRAITS,
  choices: { channel_layout: LAYOUTS },
  fix,
  draw,
  handles: (view) => [
    {
      name: "row",
      label: "Marked row: position t",
      vertical: true,
      invert: true,
      range: () => [view.state.t_min, view.state.t_max],
      value: () => Math.round(view.state.t),
      say: () => `position ${thousands(view.state.t)}`,
      place: () => view.geometry.rowTag,
      move: (t) => view.set({ t }),
      drag: (_x, y) => view.set({ t: cellAt(view, 0, y).t }),
    },
    {
      name: "column",
      label: "Marked column: channel j",
      range: () => [0, view.state.d_model - 1],
      value: () => view.state.channel,
      say: () =>
        `channel ${view.state.channel}, pair ${pairOf(view.state.channel, view.state.d_model, view.state.channel_layout)[0]}`,
      place: () => view.geometry.columnTag,
      move: (channel) => view.set({ channel }),
      drag: (x) => view.set({ channel: cellAt(view, x, 0).j }),
    },
    {
      name: "scroll",
      label: "Scroll: first position shown",
      vertical: true,
      invert: true,
      page: 16,
      range: () => [0, view.state.start_max],
      value: () => view.state.start,
      say: () => `from position ${thousands(view.state.start)}`,
      step: (by) => view.state.start + Math.round((by * view.state.length) / 4),
      place: () => view.geometry.thumb,
      move: (start) => scrollTo(view, start),
      drag: (_x, y) => {
        const { track, thumb } = view.geometry;
        scrollTo(view, ((y - track.y - thumb.half) / thumb.room) * view.state.start_max);
      },
    },
  ],
  pointer: {
    hit(view, x, y) {
      const { box, beside, above } = view.geometry;
      const inX = x >= box.x && x <= box.x + box.w;
      const inY = y >= box.y && y <= box.y + box.h;
      if (inX && inY) return "both";
      if (inX && y >= above.y && y < box.y + box.h + 30) return "column";
      if (inY && (x < box.x || x >= beside.x)) return "row";
      return null;
    },
    drag(view, region, x, y) {
      const { t, j } = cellAt(view, x, y);
      if (region !== "column") view.set({ t });
      if (region !== "row") view.set({ channel: j });
    },
    peek(view, x, y) {
      return this.hit(view, x, y) === "both" ? cellAt(view, x, y) : null;
    },
  },
  finding: (state) => {
    const { unfinished } = turns(state.length, specOf(state));
    const waves = wavelengths(specOf(state));
    const share = Math.round((100 * unfinished) / state.d_model);
    return `At base **${parameter(state.base)}**, **${thousands(unfinished)} of ${plural(state.d_model, "channel")}** (${share}%) never finish a turn in ${plural(state.length, "position")}. The slowest wave is **${quantity(waves[waves.length - 1])}** positions long.`;
  },
  say: (state) => {
    const spec = specOf(state);
    const [pair, cosine] = pairOf(state.channel, state.d_model, state.channel_layout);
    const v = signed(value(Math.round(state.t), state.channel, spec));
    const wave = quantity(channelWavelength(state.channel, spec));
    return `Position ${thousands(state.t)}, channel ${state.channel}: ${cosine ? "cosine" : "sine"} of pair ${pair}, wavelength ${wave}, value ${v}.`;
  },
  facts: (state) => {
    const waves = wavelengths(specOf(state));
    return {
      pairs: thousands(waves.length),
      shortest: quantity(waves[0]),
      longest: quantity(waves[waves.length - 1]),
    };
  },
  data: (state) => {
    const spec = specOf(state);
    const columns = ["t", ...Array.from({ length: state.d_model }, (_, j) => `j${j}`)];
    const rows = function* () {
      const end = state.start + Math.min(state.length, CSV_ROWS);
      for (let t = state.start; t < end; t++)
        yield [t, ...Array.from(row(t, spec), (v) => v.toFixed(6))];
    };
    return { columns, rows: rows() };
  },
});

/** Scrolls the window and carries the marked row along. */
function scrollTo(view, to) {
  const { start, t, start_max } = view.state;
  const next = clamp(Math.round(to), 0, start_max);
  view.set({ start: next, t: t + next - start });
}
