/**
 * The drawing of "The matrix stands still": clock, waves, and the equation in numbers. Each mark
 * carries the names of what it belongs to (t, k, w for omega, sin, cos, M, tk for t + k). When a
 * symbol of the proof is pointed at, `view.light` holds its names: marks that have all of them
 * stay and grow heavier, the others step back.
 */

import { curve, diamond, disc, line, TAU, text, textWidth } from "./canvas.js";
import { column } from "./encodings.js";
import { signed } from "./format.js";
import { scale } from "./view.js";

const DIM = 0.22;
const LONG = [9, 5]; // the dashes of an offset
const SHORT = [6, 4]; // the dashes of a cosine
const GRAIN = 1.5; // CSS pixels between two points of a curve

/** Positions 0 to LAST are on the axis; views/stepper.py has the same. */
export const LAST = 63;

/** t as it is written: with one decimal, and none at rest. */
export const position = (t) => (Number.isInteger(t) ? String(t) : t.toFixed(1));

/** Whether a mark with these names belongs to what is lit; everything does when nothing is. */
export const isLit = (light, names) =>
  !light || light.split(" ").every((name) => names.split(" ").includes(name));

/** Where everything goes, in CSS pixels, for a stage of this width. */
export function lay(width) {
  if (width < 640) {
    const r = Math.min(112, width / 2 - 44);
    const top = 2 * r + 92;
    const waves = { x: 20, y: top, w: width - 20 - 46, h: 104, tick: 16 };
    return {
      clock: { x: width / 2, y: r + 30, r },
      waves,
      equation: { x: 0, y: top + 168, w: width, size: 17, pad: 6, gap: 9 },
      height: top + 268,
      small: true,
    };
  }
  const left = Math.min(344, width * 0.37);
  const r = Math.min(128, left / 2 - 46);
  const x = left + 34;
  return {
    clock: { x: left / 2, y: 168, r },
    waves: { x, y: 52, w: width - x - 52, h: 118, tick: 8 },
    equation: { x: x - 26, y: 238, w: width - x + 26, size: 20, pad: 9, gap: 14 },
    height: 342,
    small: false,
  };
}

/** Draws marks that belong to `names`, faintly when something else is lit. */
function part(view, names, work) {
  const lit = isLit(view.light, names);
  view.c.globalAlpha = lit ? 1 : DIM;
  work(view.light && lit ? 1.6 : 1);
  view.c.globalAlpha = 1;
}

/** A round mark for t, a diamond for k; both with a rim of paper, so that they stand off. */
const round = (c, { x, y }, hex, r = 8) => disc(c, x, y, r, hex.pos, hex.paper, 2.5);
const lozenge = (c, { x, y }, hex, r = 10) => diamond(c, x, y, r, hex.off, hex.paper, 2.5);

// -- clock ---------------------------------------------------------------------------------------

/** An arc from one angle to another around the clock; each further turn runs a little wider. */
function spiral({ x, y }, r, from, to) {
  const turns = Math.abs(to - from) / TAU;
  const wider = Math.min(4, 16 / Math.max(1, turns)) * Math.sign(to - from);
  const n = Math.max(2, Math.ceil(turns * 48));
  return Array.from({ length: n + 1 }, (_, k) => {
    const angle = from + ((to - from) * k) / n;
    const wide = r + (wider * (angle - from)) / TAU;
    return [x + wide * Math.cos(angle), y - wide * Math.sin(angle)];
  });
}

export function drawClock(view, now) {
  const { c, palette, geometry } = view;
  const { hex } = palette;
  const { clock } = geometry;
  const { x, y, r } = clock;
  const at = ([sine, cosine], far = 1) => ({ x: x + far * r * cosine, y: y - far * r * sine });
  const tipT = at(now.here);
  const tipK = at(now.there);

  line(c, x - r - 8, y, x + r + 8, y, hex.rule);
  line(c, x, y - r - 8, x, y + r + 8, hex.rule);
  disc(c, x, y, r, null, hex.edge, 1);
  if (now.step === 1) drawLegs(view, now, tipK);
  else if (now.step === 2) drawAngles(view, now);
  else drawTriangle(view, now, at, tipK);

  const covered = now.step > 2 && now.turned[1] > 0 ? at(now.here, now.turned[1]) : { x, y };
  part(view, "t", (bold) => line(c, covered.x, covered.y, tipT.x, tipT.y, hex.pos, 2.5 * bold));
  part(view, "k tk", (bold) => line(c, x, y, tipK.x, tipK.y, hex.off, 2.5 * bold, LONG));
  disc(c, x, y, 3.5, hex.ink);
  // where the hands cover each other, the diamond stands in the disc
  const close = Math.hypot(tipT.x - tipK.x, tipT.y - tipK.y) < 8;
  part(view, "t", () => round(c, tipT, hex, close ? 12 : 8));
  part(view, "k tk", () => lozenge(c, tipK, hex, close ? 8 : 10));
  const name = { size: 13, weight: 600, halo: hex.paper, align: "center" };
  const beyond = (pair, wide) => at(pair, 1 + (22 + wide * Math.abs(pair[1])) / r);
  const [sayT, sayK] = apart(beyond(now.here, 0), beyond(now.there, 14), now);
  part(view, "t", () => text(c, "*t*", sayT.x, sayT.y + 4, { ...name, colour: hex.pos }));
  part(view, "k tk", () =>
    text(c, "*t* + *k*", edged(sayK.x, view.width), sayK.y + 4, { ...name, colour: hex.off }),
  );
  const aside = [-now.here[0], -now.here[1]];
  const way = Math.sign(now.turned[0]) || 1;
  geometry.handT = { ...tipT, aside: aside.map((v) => -v * way) };
  geometry.handK = { ...tipK, aside: aside.map((v) => v * way) };
}

const edged = (x, width) => Math.max(20, Math.min(width - 20, x));

/** The names of two hands side by side where the hands almost cover each other. */
function apart(one, two, { here, turned }) {
  const gap = Math.hypot(one.x - two.x, one.y - two.y);
  if (gap > 34) return [one, two];
  const push = (34 - gap) / 2;
  const way = Math.sign(turned[0]) || 1;
  const [ux, uy] = [-here[0] * way, -here[1] * way]; // along the rim, from t to t + k
  return [
    { x: one.x - ux * push, y: one.y - uy * push },
    { x: two.x + ux * push, y: two.y + uy * push },
  ];
}

/** Step 1: sine and cosine at t + k, the legs of its hand. */
function drawLegs(view, now, tip) {
  const { c, palette, geometry } = view;
  const { hex } = palette;
  const { x, y } = geometry.clock;
  const [sine, cosine] = now.there;
  part(view, "sin tk", (bold) => line(c, tip.x, y, tip.x, tip.y, hex.sin, 2.5 * bold));
  part(view, "cos tk", (bold) => line(c, x, y, tip.x, y, hex.cos, 2.5 * bold, SHORT));
  const name = { size: 12.5, weight: 600, halo: hex.paper };
  const right = cosine >= 0;
  if (Math.abs(sine) > 0.2)
    part(view, "sin tk", () =>
      text(c, "sin", tip.x + (right ? 7 : -7), y + (tip.y - y) * 0.45 + 4, {
        ...name,
        colour: hex.sin,
        align: right ? "left" : "right",
      }),
    );
  if (Math.abs(cosine) > 0.3)
    part(view, "cos tk", () =>
      text(c, "cos", (tip.x + x) / 2, y + (sine >= 0 ? 17 : -8), {
        ...name,
        colour: hex.cos,
        align: "center",
      }),
    );
}

/** Step 2: the angle of t and the angle that k adds to it. */
function drawAngles(view, now) {
  const { c, palette, geometry } = view;
  const { hex } = palette;
  const { clock } = geometry;
  const inner = spiral(clock, 26, 0, now.a);
  const outer = spiral(clock, 58, now.a, now.b);
  part(view, "t w", (bold) => curve(c, inner, hex.pos, 2.5 * bold));
  part(view, "k w M", (bold) => curve(c, outer, hex.off, 2.5 * bold, LONG));
  const name = { size: 13, halo: hex.paper, align: "center" };
  const far = Math.min(now.a, TAU) / 2;
  if (now.a > 0.35)
    part(view, "t w", () =>
      text(c, "*ωt*", clock.x + 45 * Math.cos(far), clock.y - 45 * Math.sin(far) + 4, {
        ...name,
        colour: hex.pos,
      }),
    );
  const mid = now.a + Math.sign(now.turn) * Math.min(Math.abs(now.turn), TAU) * 0.5;
  if (Math.abs(now.turn) > 0.25)
    part(view, "k w M", () =>
      text(c, "*ωk*", clock.x + 77 * Math.cos(mid), clock.y - 77 * Math.sin(mid) + 4, {
        ...name,
        colour: hex.off,
      }),
    );
}

/** From step 3 on: a triangle that hangs on the hand of t. Its two legs are the matrix. */
function drawTriangle(view, now, at, tip) {
  const { c, palette, geometry } = view;
  const { hex } = palette;
  const { x, y } = geometry.clock;
  const [sine, cosine] = now.turned;
  const foot = at(now.here, cosine);
  part(view, "M k", (bold) => {
    c.beginPath();
    c.moveTo(x, y);
    c.lineTo(foot.x, foot.y);
    c.lineTo(tip.x, tip.y);
    c.closePath();
    c.fillStyle = hex["off-wash"];
    c.fill();
    if (bold > 1 || now.step === 5) c.fill();
  });
  part(view, "cos M k w", (bold) => line(c, x, y, foot.x, foot.y, hex.cos, 3 * bold, SHORT));
  part(view, "sin M k w", (bold) => line(c, foot.x, foot.y, tip.x, tip.y, hex.sin, 3 * bold));
  const { r } = geometry.clock;
  // beside each leg, on the side away from the triangle
  const along = [now.here[1], -now.here[0]]; // the hand of t, on the screen
  const out = [now.here[0] * Math.sign(sine), now.here[1] * Math.sign(sine)];
  const name = { size: 12.5, weight: 600, halo: hex.paper };
  const put = (px, py, [dx, dy], words, colour) =>
    text(c, words, px + dx * 11, py + dy * 13 + 4, {
      ...name,
      colour,
      align: dx > 0.35 ? "left" : dx < -0.35 ? "right" : "center",
    });
  if (Math.abs(cosine) * r > 34 && Math.abs(sine) > 0.02)
    part(view, "cos M k w", () =>
      put((x + foot.x) / 2, (y + foot.y) / 2, out, "cos *ωk*", hex.cos),
    );
  if (Math.abs(sine) * r > 30)
    part(view, "sin M k w", () =>
      put(
        (foot.x + tip.x) / 2,
        (foot.y + tip.y) / 2,
        along.map((v) => v * (Math.sign(cosine) || 1)),
        "sin *ωk*",
        hex.sin,
      ),
    );
}

// -- waves ---------------------------------------------------------------------------------------

export function drawWaves(view, now) {
  const { c, palette, geometry } = view;
  const { hex } = palette;
  const { waves } = geometry;
  const { x, y, w, h } = waves;
  const xOf = scale(0, LAST, x, x + w);
  const yOf = scale(-1, 1, y + h, y);
  waves.scale = w / LAST;
  const axis = y + h + 16;
  const quiet = { size: 11.5, colour: hex["ink-3"] };
  for (const v of [-1, 0, 1]) {
    line(c, x, yOf(v), x + w, yOf(v), hex.rule);
    text(c, signed(v, 0), x - 6, yOf(v) + 4, { ...quiet, align: "right" });
  }
  line(c, x, axis, x + w, axis, hex.edge);
  const [xt, xk] = [xOf(now.t), xOf(now.t + now.k)];
  for (let t = 0; t <= LAST; t += waves.tick) {
    line(c, xOf(t), axis, xOf(t), axis + 5, hex.edge);
    if (Math.abs(xOf(t) - xt) > 28)
      text(c, String(t), xOf(t), axis + 20, { ...quiet, align: "center" });
  }
  if (!geometry.small) text(c, "position", x + w + 8, axis + 4, quiet);
  else if (xt < x + w - 70) text(c, "position", x + w, axis + 20, { ...quiet, align: "right" });

  const spec = { d: now.d_model, base: now.base };
  const n = Math.ceil(w / GRAIN);
  const places = Array.from({ length: n + 1 }, (_, k) => x + (w * k) / n);
  const positions = places.map((p) => ((p - x) / w) * LAST);
  const waved = [0, 1].map((cosine) => {
    const values = column(positions, 2 * now.pair + cosine, spec);
    return places.map((p, k) => [p, yOf(values[k])]);
  });
  part(view, "cos w", (bold) => curve(c, waved[1], hex.cos, 2 * bold, SHORT));
  part(view, "sin w", (bold) => curve(c, waved[0], hex.sin, 2 * bold));
  const ends = waved.map((points) => points.at(-1)[1]);
  const gap = 15 - Math.abs(ends[0] - ends[1]);
  const push = gap > 0 ? (ends[0] <= ends[1] ? -gap / 2 : gap / 2) : 0;
  for (const [k, word] of ["sin", "cos"].entries())
    part(view, `${word} w`, () =>
      text(c, `${word} *ωt*`, x + w + 8, ends[k] + (k ? -push : push) + 4, {
        size: 12,
        colour: hex[word],
      }),
    );

  const top = y - 20;
  part(view, "k tk", (bold) => line(c, xk, top, xk, axis, hex.off, 2 * bold, LONG));
  part(view, "t", (bold) => line(c, xt, top + 10, xt, axis, hex.pos, 2 * bold));
  part(view, "k", (bold) => line(c, xt, top, xk, top, hex.off, 2 * bold));
  for (const [names, place, [sine, cosine]] of [
    ["t", xt, now.here],
    ["tk", xk, now.there],
  ]) {
    part(view, `sin ${names}`, () => disc(c, place, yOf(sine), 5, hex.sin, hex.paper, 2));
    part(view, `cos ${names}`, () => disc(c, place, yOf(cosine), 4, hex.paper, hex.cos, 2));
  }
  geometry.markT = { x: xt, y: axis };
  geometry.markK = { x: xk, y: top };
  part(view, "t", () => round(c, geometry.markT, hex));
  part(view, "k", () => lozenge(c, geometry.markK, hex));
  const bold = { size: 12.5, weight: 600, halo: hex.paper, align: "center" };
  const within = (at, words) => {
    const room = textWidth(c, words, bold) / 2;
    return Math.max(room, Math.min(view.width - room, at));
  };
  const sayT = `*t* = ${position(now.t)}`;
  part(view, "t", () => text(c, sayT, within(xt, sayT), axis + 22, { ...bold, colour: hex.pos }));
  const sayK = `*k* = ${signed(now.k, 0)}`;
  part(view, "k", () =>
    text(c, sayK, within((xt + xk) / 2, sayK), top - 15, { ...bold, colour: hex.off }),
  );
}

// -- equation ------------------------------------------------------------------------------------

/** A square bracket of the given height, opening to the right or to the left. */
function bracket(c, x, y, h, way, colour) {
  c.beginPath();
  c.moveTo(x + 6 * way, y);
  c.lineTo(x, y);
  c.lineTo(x, y + h);
  c.lineTo(x + 6 * way, y + h);
  c.strokeStyle = colour;
  c.lineWidth = 1.6;
  c.stroke();
}

/** One number; its colour says sine or cosine, the line under it t (solid) or k (dashed). */
function entry(view, { words, of, under, names }, right, base, size) {
  const { c, palette } = view;
  const { hex } = palette;
  part(view, names, (bold) => {
    const width = text(c, words, right, base, {
      size,
      serif: true,
      align: "right",
      colour: hex[of],
    });
    const low = base + size * 0.28;
    if (under === "t") line(c, right - width, low, right, low, hex.pos, 2 * bold);
    if (under === "k") line(c, right - width, low, right, low, hex.off, 2 * bold, [5, 3]);
  });
}

/** [sine; cosine] at t + k = M [sine; cosine] at t, in the reader's own numbers. */
export function drawEquation(view, now) {
  const { c, palette, geometry } = view;
  const { hex } = palette;
  const { x, y, w, size, pad, gap } = geometry.equation;
  const cell = textWidth(c, "−0.000", { size, serif: true });
  const rise = size * 1.7;
  const high = 2 * rise + 6;
  const between = geometry.small ? 12 : 20;
  const narrow = cell + 2 * pad;
  const wide = 2 * cell + between + 2 * pad;
  const sign = geometry.small ? 12 : 18;
  const whole = 2 * narrow + wide + sign + 2 * gap + (geometry.small ? 8 : 12);
  let left = x + (geometry.small ? Math.max(0, (w - whole) / 2) : 0);
  geometry.parts = [];
  const box = (light, width, rows, below) => {
    if (light === "M")
      part(view, "M k", () => {
        c.fillStyle = hex["off-wash"];
        c.globalAlpha *= 0.7;
        c.fillRect(left, y, width, high);
      });
    bracket(c, left, y, high, 1, hex.ink);
    bracket(c, left + width, y, high, -1, hex.ink);
    for (const [r, row] of rows.entries())
      for (const [n, item] of row.entries())
        entry(
          view,
          item,
          left + pad + cell + n * (cell + between),
          y + 3 + rise * (r + 0.68),
          size,
        );
    part(view, light === "M" ? "M k" : light, () =>
      text(c, below, left + width / 2, y + high + 19, {
        size: 12.5,
        align: "center",
        colour: hex[light === "t" ? "pos" : "off"],
      }),
    );
    geometry.parts.push({ x: left, y, w: width, h: high + 24, light });
    left += width;
  };
  const pair = ([sine, cosine], names, under) =>
    [sine, cosine].map((v, k) => {
      const of = k ? "cos" : "sin";
      return [{ words: signed(v), of, under, names: `${of} ${names}` }];
    });
  box("tk", narrow, pair(now.there, "tk", null), "at *t* + *k*");
  text(c, "=", left + gap + sign / 2, y + high / 2 + 6, {
    size,
    align: "center",
    colour: hex["ink-2"],
  });
  left += 2 * gap + sign;
  const [p, q, r, s] = now.matrix.map((v, n) => {
    const of = n % 3 ? "sin" : "cos";
    return { words: signed(v), of, under: "k", names: `${of} M k w` };
  });
  box(
    "M",
    wide,
    [
      [p, q],
      [r, s],
    ],
    geometry.small ? "only *k*" : "only *k* inside",
  );
  left += geometry.small ? 8 : 12;
  box("t", narrow, pair(now.here, "t", "t"), "at *t*");
}
