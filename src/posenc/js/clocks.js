/**
 * A bank of clocks: one hand for each pair, turning by omega_i at each step of t. The tip of a
 * hand is (cos, sin) of omega_i t, so its two coordinates are two channels of the vector of t.
 * One chosen clock is drawn large, with its sine and its cosine as legs.
 *
 * Between whole positions the hands stand between two readings: t is any real number here, and the
 * cells under the clocks are those of the very t that is written beside them.
 */

import { clamp, disc, line, TAU, tag, text } from "./canvas.js";
import { frequencies, row, TURN } from "./encodings.js";
import { quantity, signed, thousands } from "./format.js";
import { defineView } from "./view.js";

const TRAITS = ["t", "t_max", "d_model", "base", "pair", "d_index"];
export const WIDTHS = [16, 32, 64]; // as in views/clocks.py: the widths with a word of their own
const EXPOSURE = 0.22; // seconds: how much of its way a moving hand leaves on the eye
const LEAST_BLUR = 0.05; // radians of that way below which a hand is drawn sharp
const TARGET = 44; // CSS pixels: what a finger can hit

const specOf = ({ d_model, base }) => ({ d: d_model, base });
const atRest = (t) => Math.abs(t - Math.round(t)) < 0.005;
/** t as it is written: whole at rest, with one decimal between two positions. */
function position(t) {
  if (atRest(t)) return thousands(t);
  const tenths = Math.round(t * 10);
  return `${thousands(Math.floor(tenths / 10))}.${tenths % 10}`;
}

/** Where everything goes, in CSS pixels, for a stage of this width and a bank of n clocks. */
function lay(width, n) {
  const stacked = width < 640;
  const crowd = n > 16;
  const cell = crowd ? 9 : 13;
  const below = 4 + cell + (crowd ? 13 : 16); // from the rim of a clock to the foot of its label
  const strip = { h: stacked ? 22 : 26 };
  if (stacked) {
    const big = { x: 94, y: 98, r: 84, readings: { x: 212, y: 34 } };
    const top = 214;
    const most = n > 8 && width / 8 >= TARGET ? 8 : crowd ? 6 : 4;
    const columns = Math.min(n, most);
    const pitch = width / columns;
    const r = Math.min(pitch * 0.42, crowd ? 18 : 28);
    const bank = {
      x: 0,
      y: top,
      columns,
      pitch,
      rise: Math.max(TARGET, 2 * r + below + (crowd ? 8 : 12)),
      r,
    };
    strip.y = top + bank.rise * Math.ceil(n / columns) + 32;
    return {
      stacked,
      crowd,
      cell,
      big,
      bank,
      strip: { ...strip, x: 0, w: width },
      height: strip.y + strip.h + 4,
    };
  }
  const height = 372;
  const x = 334;
  const columns = Math.min(n, n > 8 ? 8 : 4);
  const rows = Math.ceil(n / columns);
  const pitch = (width - x) / columns;
  const room = height - 76;
  const r = Math.min(pitch * 0.44, 42, (room / rows - below - 5) / 2);
  const rise = Math.min(room / rows, 2 * r + below + 34);
  return {
    stacked,
    crowd,
    cell,
    big: { x: 128, y: 128, r: 116, readings: { x: 12, y: 268 } },
    bank: { x, y: Math.max(0, (room - rise * rows) / 2), columns, pitch, rise, r },
    strip: { ...strip, x, y: height - 30, w: width - x },
    height,
  };
}

/** The centre of clock i of the bank. */
const centre = ({ x, y, columns, pitch, rise, r }, i) => ({
  x: x + ((i % columns) + 0.5) * pitch,
  y: y + Math.floor(i / columns) * rise + r + 4,
});

/** Positions per second at which the shown t moves; asks for another frame until it rests. */
function speedOf(view, t) {
  const now = performance.now();
  const before = view.motion ?? { t, now, speed: 0 };
  const elapsed = (now - before.now) / 1000;
  const instant = elapsed > 0 && elapsed < 0.2 ? (t - before.t) / elapsed : 0;
  const speed = view.calm ? 0 : 0.5 * (before.speed + instant);
  view.motion = { t, now, speed: Math.abs(speed) < 0.05 ? 0 : speed };
  if (view.motion.speed) view.invalidate();
  return view.motion.speed;
}

function draw(view, state) {
  const spec = specOf(state);
  const omegas = frequencies(spec);
  const n = omegas.length;
  const i = clamp(state.pair, 0, n - 1);
  const { t } = state;
  const values = row(t, spec);
  const geometry = lay(view.width0, n);
  const c = view.fit(geometry.height);
  view.geometry = geometry;
  const speed = speedOf(view, t);
  const hand = (k, { x, y }, r) => ({
    x,
    y,
    r,
    angle: t * omegas[k],
    step: omegas[k],
    sweep: omegas[k] * speed * EXPOSURE,
    tip: { x: x + r * values[2 * k + 1], y: y - r * values[2 * k] },
  });

  const { bank, big } = geometry;
  const hands = Array.from(omegas, (_, k) => hand(k, centre(bank, k), bank.r));
  const chosen = hand(i, big, big.r);
  Object.assign(geometry, { omegas, pair: i, hands, chosen }); // where a pointer meets them
  Object.assign(view.memory, { t, values });

  drawBig(view, { t, i, big: chosen, values, omega: omegas[i] });
  for (const [k, clock] of hands.entries())
    drawSmall(view, { k, clock, chosen: k === i, values, omega: omegas[k] });
  drawStrip(view, { t, i, values });
  c.setLineDash([]);
}

/** Sector of the last step, rim, blur and hand; nothing of it depends on the size. */
function face(view, { x, y, r, angle, step, sweep, tip }, { rim, weight, dot }) {
  const { c, palette } = view;
  const { hex } = palette;
  c.beginPath();
  c.moveTo(x, y);
  c.arc(x, y, r, -angle, step - angle); // canvas angles run clockwise
  c.closePath();
  c.fillStyle = hex["pos-wash"];
  c.fill();
  disc(c, x, y, r, null, rim, weight > 2 ? 1.6 : rim === hex.ink ? 1.6 : 1);
  if (Math.abs(sweep) > LEAST_BLUR) blur(c, { x, y, r, angle, sweep }, hex.ink);
  line(c, x, y, tip.x, tip.y, hex.ink, weight);
  disc(c, tip.x, tip.y, dot, hex.ink);
}

/** What a moving hand leaves on the eye: the way it has just come, fading backwards. */
function blur(c, { x, y, r, angle, sweep }, ink) {
  const way = Math.min(TAU, Math.abs(sweep));
  const from = sweep > 0 ? -angle : -angle - way;
  const shade = c.createConicGradient(from, x, y);
  const ends = [`${ink}52`, `${ink}00`];
  if (sweep < 0) ends.reverse();
  shade.addColorStop(0, ends[0]);
  shade.addColorStop(way / TAU, ends[1]);
  c.beginPath();
  c.moveTo(x, y);
  c.arc(x, y, r, from, from + way);
  c.closePath();
  c.fillStyle = shade;
  c.fill();
}

/** The chosen clock: its hand with sine and cosine as legs, the two readings, and what it is. */
function drawBig(view, { t, i, big, values, omega }) {
  const { c, geometry, palette } = view;
  const { hex, css } = palette;
  const { x, y, r, tip } = big;
  const [sine, cosine] = [values[2 * i], values[2 * i + 1]];
  line(c, x - r - 10, y, x + r + 10, y, hex.rule);
  line(c, x, y - r - 10, x, y + r + 10, hex.rule);
  face(view, big, { rim: hex.ink, weight: 2.25, dot: 5.5 });
  line(c, tip.x, tip.y, tip.x, y, hex.sin, 3);
  line(c, tip.x, y, x, y, hex.cos, 3, [6, 4]);
  line(c, x, y, tip.x, tip.y, hex.ink, 2.25);
  disc(c, tip.x, tip.y, 5.5, hex.ink);
  const name = { size: geometry.stacked ? 12 : 13, weight: 600, halo: hex.paper };
  const right = cosine >= 0;
  if (Math.abs(sine) > 0.18)
    text(c, "sin", tip.x + (right ? 7 : -7), y + (tip.y - y) * 0.4 + 4, {
      ...name,
      colour: hex.sin,
      align: right ? "left" : "right",
    });
  if (Math.abs(cosine) > 0.25)
    text(c, "cos", (tip.x + x) / 2, y + (sine >= 0 ? 18 : -9), {
      ...name,
      colour: hex.cos,
      align: "center",
    });

  const wave = TURN / omega;
  const { readings } = geometry.big;
  for (const [k, word] of ["sin", "cos"].entries()) {
    const side = geometry.stacked ? 26 : 30;
    const left = readings.x + (geometry.stacked ? 0 : k * 124);
    const top = readings.y + (geometry.stacked ? k * 52 : 0);
    const v = values[2 * i + k];
    c.fillStyle = css(v);
    c.fillRect(left, top, side, side);
    c.strokeStyle = hex.edge;
    c.lineWidth = 1;
    c.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
    const at = left + side + 8;
    text(c, word, at, top + 8, { size: 12, weight: 600, colour: k ? hex.cos : hex.sin });
    text(c, signed(v, geometry.stacked ? 2 : 3), at, top + side + 1, {
      size: geometry.stacked ? 19 : 21,
      serif: true,
      colour: hex.ink,
    });
  }
  const small = { size: 12.5, colour: hex["ink-2"] };
  const turns = `${signed((t * omega) / TURN, 2)} turns so far`;
  if (geometry.stacked) {
    const left = readings.x;
    text(c, `clock *i* = ${i}`, left, readings.y + 110, small);
    text(c, `wavelength ${quantity(wave)}`, left, readings.y + 128, small);
    text(c, turns, left, readings.y + 146, small);
  } else {
    text(
      c,
      `clock *i* = ${i}, once round in ${quantity(wave)} positions`,
      readings.x,
      readings.y + 55,
      small,
    );
    text(c, turns, readings.x, readings.y + 75, small);
  }
}

/** A clock of the bank: face, the two numbers that are kept, and its wavelength. */
function drawSmall(view, { k, clock, chosen, values, omega }) {
  const { c, geometry, palette } = view;
  const { hex, css } = palette;
  const { cell, crowd } = geometry;
  const { x, y, r } = clock;
  const hovered = view.peek?.pair === k;
  face(view, clock, {
    rim: chosen || hovered ? hex.ink : hex.edge,
    weight: 1.5,
    dot: crowd ? 2.4 : 3,
  });
  const top = y + r + 5;
  for (const at of [0, 1]) {
    c.fillStyle = css(values[2 * k + at]);
    c.fillRect(x - cell + at * cell, top, cell, cell);
  }
  c.strokeStyle = chosen ? hex.ink : hex.edge;
  c.lineWidth = chosen ? 1.5 : 0.75;
  c.strokeRect(x - cell, top, 2 * cell, cell);
  text(c, quantity(TURN / omega), x, top + cell + (crowd ? 11.5 : 13.5), {
    size: crowd ? 10.5 : 11.5,
    weight: chosen ? 600 : 400,
    colour: chosen ? hex.ink : hex["ink-3"],
    align: "center",
  });
}

/** The same cells side by side: the row of position t in the table. */
function drawStrip(view, { t, i, values }) {
  const { c, geometry, palette } = view;
  const { hex, css } = palette;
  const { x, y, w, h } = geometry.strip;
  const width = w / values.length;
  for (const [j, v] of values.entries()) {
    c.fillStyle = css(v);
    c.fillRect(x + j * width, y, width + (j < values.length - 1 ? 0.4 : 0), h);
  }
  c.strokeStyle = hex.edge;
  c.lineWidth = 1;
  c.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
  c.strokeStyle = hex.ink;
  c.lineWidth = 1.75;
  c.strokeRect(x + 2 * i * width, y - 2, 2 * width, h + 4);
  const plain = { size: 12, colour: hex["ink-2"] };
  const rest = atRest(t);
  let left = x + text(c, rest ? "side by side: row " : "between two rows: ", x, y - 12, plain);
  left += tag(c, `*t* = ${position(t)}`, left, y - 16, hex.pos, hex.paper, "left").width;
  if (rest) text(c, " of the table", left + 1, y - 12, plain);
}

/** The clock of the bank, or of the strip, under a point; -1 for none. */
function clockAt(view, x, y) {
  const { bank, strip } = view.geometry;
  const n = view.geometry.omegas.length;
  if (x >= strip.x && x <= strip.x + strip.w && y >= strip.y - 4 && y <= strip.y + strip.h + 4)
    return clamp(Math.floor(((x - strip.x) / strip.w) * n), 0, n - 1);
  const column = Math.floor((x - bank.x) / bank.pitch);
  const line = Math.floor((y - bank.y) / bank.rise);
  const k = line * bank.columns + column;
  return column >= 0 && column < bank.columns && line >= 0 && k < n ? k : -1;
}

const onFace = ({ x, y, r }, px, py) => Math.hypot(px - x, py - y) <= r + 12;
const wrapped = (a) => a - TAU * Math.round(a / TAU); // into half a turn either way

/** Turns the chosen hand to a point, counting whole turns from where it was taken hold of. */
function turnTo(view, x, y) {
  const { chosen, omegas } = view.geometry;
  const { t, t_max, pair } = view.state;
  const pointed = Math.atan2(chosen.y - y, x - chosen.x);
  view.grip ??= { angle: t * omegas[pair], pointed: t * omegas[pair] };
  view.grip.angle += wrapped(pointed - view.grip.pointed);
  view.grip.pointed = pointed;
  view.set({ t: clamp(view.grip.angle / omegas[pair], 0, t_max) });
}

/** Positions are whole numbers: a hand let go of falls to the nearest one. */
function letGo(view) {
  if (!view.grip) return;
  view.grip = null;
  view.set({ t: Math.round(view.state.t) });
}

/** Keeps t and the chosen clock inside the bank, and the word of the width in step. */
function fix(state, changed) {
  const chosen = state.d_index === null ? undefined : WIDTHS[state.d_index];
  const d_model = changed === "d_index" && chosen ? chosen : state.d_model;
  const at = WIDTHS.indexOf(d_model);
  return {
    d_model,
    d_index: at < 0 ? null : at,
    t: clamp(state.t, 0, state.t_max),
    pair: clamp(Math.round(state.pair), 0, d_model / 2 - 1),
  };
}

/** What there is to say about the chosen clock, as numbers. */
function reading(state) {
  const spec = specOf(state);
  const omegas = frequencies(spec);
  const values = row(state.t, spec);
  const i = state.pair;
  return {
    omegas,
    omega: omegas[i],
    i,
    sine: values[2 * i],
    cosine: values[2 * i + 1],
    turns: (state.t * omegas[i]) / TURN,
  };
}

const numbers = (state) => {
  const { sine, cosine } = reading(state);
  return `sine ${signed(sine)}, cosine ${signed(cosine)}`;
};

export const clocks = defineView({
  label:
    "A bank of clocks, one for each pair of channels, and the chosen clock drawn large with its sine and cosine as legs",
  traits: TRAITS,
  glide: ["t"],
  fix,
  draw,
  handles: (view) => [
    {
      name: "hand",
      label: "Hand of the chosen clock: position t",
      range: () => [0, view.state.t_max],
      value: () => +view.state.t.toFixed(2),
      say: () => `position ${position(view.state.t)}, ${numbers(view.state)}`,
      step: (by) => Math.round(view.state.t) + by,
      place: () => {
        const { x, y } = view.geometry.chosen.tip;
        return { x: x - TARGET / 2, y: y - TARGET / 2, w: TARGET, h: TARGET };
      },
      move: (t) => view.set({ t }),
      drag: (x, y) => turnTo(view, x, y),
      release: () => letGo(view),
    },
    {
      name: "bank",
      label: "Chosen clock: pair i",
      invert: true,
      get page() {
        return view.geometry.bank.columns;
      },
      range: () => [0, view.geometry.omegas.length - 1],
      value: () => view.state.pair,
      say: () =>
        `clock ${view.state.pair}, once round in ${quantity(TURN / reading(view.state).omega)} positions`,
      place: () => {
        const { bank, cell, crowd } = view.geometry;
        const { x, y } = centre(bank, view.geometry.pair);
        const h = 2 * bank.r + cell + (crowd ? 21 : 26);
        return { x: x - bank.pitch / 2, y: y - bank.r - 3, w: bank.pitch, h };
      },
      move: (pair) => view.set({ pair }),
      drag: (x, y) => {
        const pair = clockAt(view, x, y);
        if (pair >= 0) view.set({ pair });
      },
    },
  ],
  pointer: {
    hit(view, x, y) {
      if (onFace(view.geometry.chosen, x, y)) return "face";
      return clockAt(view, x, y) >= 0 ? "clock" : null;
    },
    drag(view, region, x, y) {
      const pair = region === "clock" ? clockAt(view, x, y) : -1;
      if (region === "face") turnTo(view, x, y);
      else if (pair >= 0) view.set({ pair });
    },
    release: (view) => letGo(view),
    peek(view, x, y) {
      const pair = clockAt(view, x, y);
      const free = pair < 0 && !onFace(view.geometry.chosen, x, y);
      view.canvas.style.cursor = free ? "default" : pair >= 0 ? "pointer" : "grab";
      return pair >= 0 ? { pair } : null;
    },
  },
  say: (state) => {
    const { i, omega, omegas } = reading(state);
    return `Position ${position(state.t)}, clock ${i} of ${omegas.length}, once round in ${quantity(TURN / omega)} positions: ${numbers(state)}.`;
  },
  facts: (state) => {
    const { i, omega, omegas, sine, cosine, turns } = reading(state);
    return {
      position: position(state.t),
      pairs: thousands(omegas.length),
      pair: thousands(i),
      wavelength: quantity(TURN / omega),
      slowest: quantity(TURN / omegas[omegas.length - 1]),
      step: `${signed((omega * 360) / TURN, 1)}°`,
      turns: signed(turns, 2),
      sine: signed(sine),
      cosine: signed(cosine),
      round: thousands(omegas.filter((w) => state.t * w >= TURN).length),
    };
  },
  data: (state) => {
    const { omegas } = reading(state);
    const values = row(state.t, specOf(state));
    const rows = Array.from(omegas, (w, i) => [
      i,
      TURN / w,
      (state.t * w) / TURN,
      values[2 * i].toFixed(6),
      values[2 * i + 1].toFixed(6),
    ]);
    return { columns: ["i", "wavelength", "turns", "sine", "cosine"], rows };
  },
});
