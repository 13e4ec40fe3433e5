/**
 * Choose the base. On one logarithmic axis of positions: the wavelengths of all pairs, a straight
 * line of dots that the base swings; the length of the sequence, an upright line; the positions
 * that a 16-bit float can still count; and the distance of two vectors k apart.
 *
 * Cost follows the screen: distances are worked out a few milliseconds at a time and kept, so the
 * length is dragged for nothing and the base within a frame; what has not been looked at yet is
 * said. Rows are compared in 16 bits at once for short sequences, at rest for long ones.
 */

import { clamp, curve, diamond, disc, line, tag, text, textWidth } from "./canvas.js";
import {
  baseFor,
  distanceByOffset,
  distancesByOffset,
  FLOATS,
  rounded,
  roundTo,
  row,
  turns,
  wavelengths,
} from "./encodings.js";
import { parameter, quantity, thousands } from "./format.js";
import { defineView } from "./view.js";

const TRAITS = ["length", "d_model", "base", "precision", "exponent"];
export const EXACT = "exact";
export const MIN_LENGTH = 8; // as in views/base_choice.py
export const MAX_LENGTH = 131072;
export const MAX_BASE = 1e6;
const DECADES = 7; // the axis runs from 1 to 10^7 positions
const BUDGET = 1.5; // ms of each frame for distances not yet known
const CHUNK = 1024; // offsets worked out at a time
const AT_ONCE = 2048; // positions whose rows are compared within a frame
const REST = 160; // ms without a change before longer ones are compared
const KEPT = 4; // scans kept, so that going back is free

const specOf = ({ d_model, base }) => ({ d: d_model, base });

// -- distances, a piece at a time --------------------------------------------------------------

/**
 * Scans by width and base, oldest first: distances[k - 1] is that of offset k, known up to `done`;
 * `records` are the offsets that were closer than all before them.
 */
const scans = new Map();

function scanOf(state) {
  const key = `${state.d_model} ${state.base}`;
  const known = scans.get(key);
  if (known) return known;
  const scan = { spec: specOf(state), distances: new Float64Array(0), done: 0, records: [] };
  scans.set(key, scan);
  if (scans.size > KEPT) scans.delete(scans.keys().next().value);
  return scan;
}

/** Works on until all offsets below `length` are known or the time is up; true when all are. */
function advance(scan, length, milliseconds) {
  const wanted = length - 1;
  const until = performance.now() + milliseconds;
  while (scan.done < wanted && performance.now() < until) {
    const start = scan.done;
    const end = Math.min(wanted, start + CHUNK);
    if (end > scan.distances.length) {
      const more = new Float64Array(Math.min(MAX_LENGTH, Math.max(4 * CHUNK, 2 * end)));
      more.set(scan.distances);
      scan.distances = more;
    }
    distancesByOffset(scan.distances.subarray(start, end), start + 1, scan.spec);
    for (let k = start + 1; k <= end; k++) {
      const distance = scan.distances[k - 1];
      if (!(distance >= scan.records.at(-1)?.distance)) scan.records.push({ offset: k, distance });
    }
    scan.done = end;
  }
  return scan.done >= wanted;
}

/** The closest pair among the offsets that are known: {offset, distance, looked}. */
function closestOf(scan, length) {
  const looked = Math.min(scan.done, length - 1);
  return { ...scan.records.findLast(({ offset }) => offset <= looked), looked };
}

// -- what holds of a state ---------------------------------------------------------------------

/** The state in numbers; `known` is {closest, kept}, either of which may still be missing. */
function survey(state, known) {
  const { unfinished } = turns(state.length, specOf(state));
  const waves = wavelengths(specOf(state));
  return {
    ...known,
    unfinished,
    share: Math.round((100 * unfinished) / state.d_model),
    longest: waves[waves.length - 1],
    ratio: waves[1] / waves[0],
    neighbours: distanceByOffset(1, specOf(state)),
  };
}

/** What the last comparison was of, and what came out: words and drawing ask for the same one. */
const compared = { key: "", kept: null };

const comparison = (state) => [state.length, state.d_model, state.base, state.precision].join(" ");

/** How many of the positions keep a row of their own in 16 bits, or null where nothing is rounded. */
function compare(state) {
  if (state.precision === EXACT) return null;
  const key = comparison(state);
  if (compared.key !== key) {
    const { length, precision } = state;
    compared.kept = {
      table: rounded(length, specOf(state), precision, "table"),
      positions: rounded(length, specOf(state), precision, "positions"),
    };
    compared.key = key;
  }
  return compared.kept;
}

/** Everything about a state, whatever it takes: for words at rest and for the table of numbers. */
function complete(state) {
  const scan = scanOf(state);
  advance(scan, state.length, Number.POSITIVE_INFINITY);
  return survey(state, { closest: closestOf(scan, state.length), kept: compare(state) });
}

/** Three computed sentences: who turns, who is close, what 16 bits leave. */
function finding(state, all) {
  const { length: L, d_model: d, precision } = state;
  const idle =
    all.unfinished === 0
      ? `At base **${parameter(state.base)}** all ${d} channels turn at least once in ${thousands(L)} positions.`
      : `At base **${parameter(state.base)}**, **${all.unfinished} of ${d} channels** (${all.share}%) never finish a turn in ${thousands(L)} positions.`;
  const { offset, distance, looked } = all.closest;
  const soFar =
    looked < L - 1 ? ` so far (offsets up to ${thousands(looked)} of ${thousands(L - 1)})` : "";
  const close =
    offset === 1
      ? `The closest two vectors${soFar} are neighbours, **${quantity(distance)}** apart.`
      : `The closest two vectors${soFar} are not neighbours: [${thousands(offset)} positions apart]{off} they differ by **${quantity(distance)}**, neighbours by ${quantity(all.neighbours)}.`;
  if (precision === EXACT) return `${idle} ${close}`;
  if (!all.kept) return `${idle} ${close} Comparing all rows in ${precision}…`;
  const table =
    all.kept.table.distinct === L
      ? `Stored in ${precision} all ${thousands(L)} rows stay different`
      : `Stored in ${precision} only **${thousands(all.kept.table.distinct)}** of ${thousands(L)} rows are different`;
  const counted =
    all.kept.positions.distinct === L
      ? `and so do positions counted in ${precision}.`
      : `${all.kept.table.distinct === L ? "but" : "and"} [positions]{pos} counted in ${precision} leave **${thousands(all.kept.positions.distinct)}**.`;
  return `${idle} ${close} ${table}, ${counted}`;
}

/**
 * Where a float can still count positions: [{from, to, step}], step 1 where every position is
 * exact, Infinity beyond the largest float.
 */
function grains(length, precision) {
  const parts = [];
  for (let from = 1; from < length; from *= 2) {
    let step = 1;
    if (precision !== EXACT) {
      while (roundTo(from + step, precision) !== from + step && step < from) step *= 2;
      if (!Number.isFinite(roundTo(from, precision))) step = Number.POSITIVE_INFINITY;
    }
    const to = Math.min(length, 2 * from);
    const last = parts.at(-1);
    if (last?.step === step) last.to = to;
    else parts.push({ from, to, step });
  }
  return parts;
}

// -- where everything goes ---------------------------------------------------------------------

function lay(width) {
  const small = width < 560;
  const x = small ? 30 : 44;
  const w = width - x - (small ? 8 : 14);
  const waves = { x, y: 52, w, h: small ? 176 : 196 };
  const strip = { x, y: waves.y + waves.h + 60, w, h: 12 };
  const distance = { x, y: strip.y + strip.h + 46, w, h: small ? 150 : 164 };
  return { small, waves, strip, distance, height: distance.y + distance.h + 42 };
}

const xOf = (box, v) => box.x + (box.w * Math.log10(Math.max(1, v))) / DECADES;
const vOf = (box, x) => 10 ** (clamp((x - box.x) / box.w, 0, 1) * DECADES);

// -- drawing -----------------------------------------------------------------------------------

function draw(view, state) {
  const geometry = lay(view.width0);
  view.fit(geometry.height);
  view.geometry = geometry;
  const now = { ...state, length: Math.round(state.length) };
  const scan = scanOf(now);
  const whole = advance(scan, now.length, BUDGET);
  const { memory } = view;
  memory.scan = scan;
  memory.waves = wavelengths(specOf(now));
  memory.all = survey(now, { closest: closestOf(scan, now.length), kept: keptOf(view, now) });
  memory.whole = whole;

  drawGround(view, now);
  drawUpright(view, now);
  drawWaves(view, now);
  drawStrip(view, now);
  drawDistance(view, now);
  drawLength(view, now);
  drawBase(view, now);

  if (!whole) view.invalidate();
  else if (memory.announced !== scan) {
    // the prose follows what has only now become known
    memory.announced = scan;
    view.el.dispatchEvent(new CustomEvent("posenc:state", { bubbles: true }));
  }
}

/** What 16 bits leave: at once for a short sequence, else when the hand rests. */
function keptOf(view, state) {
  if (state.precision === EXACT) return null;
  const key = comparison(state);
  if (state.length <= AT_ONCE || compared.key === key) return compare(state);
  if (view.memory.asked !== key) {
    view.memory.asked = key;
    clearTimeout(view.later);
    view.later = setTimeout(() => {
      compare(state);
      view.invalidate();
      view.el.dispatchEvent(new CustomEvent("posenc:state", { bubbles: true }));
    }, REST);
  }
  return null;
}

/** The shared axis: a hairline for each power of ten, and what lies beyond the sequence. */
function drawGround(view, state) {
  const { c, geometry, palette } = view;
  const { waves, distance, small } = geometry;
  const { hex } = palette;
  const bottom = distance.y + distance.h;
  const edge = xOf(waves, state.length);
  c.fillStyle = hex.wash;
  c.fillRect(edge, waves.y, waves.x + waves.w - edge, bottom - waves.y);
  for (let n = 0; n <= DECADES; n++) {
    const x = xOf(waves, 10 ** n);
    line(c, x, waves.y, x, bottom + 5, hex.rule);
    const axis = { size: 11, colour: hex["ink-3"] };
    if (n <= (small ? 3 : 4))
      text(c, thousands(10 ** n), x, bottom + 19, { ...axis, align: "center" });
    else {
      const w = text(c, "10", x - 9, bottom + 19, axis);
      text(c, String(n), x - 9 + w, bottom + 15, { ...axis, size: 10.5 });
    }
  }
  text(c, "positions", waves.x + waves.w, bottom + 37, {
    size: 11,
    colour: hex["ink-3"],
    align: "right",
  });
}

/** The wavelengths: filled where the pair turns at least once, open where it never does. */
function drawWaves(view, state) {
  const { c, geometry, palette, memory } = view;
  const { waves: box, small } = geometry;
  const { hex } = palette;
  const title = { size: small ? 11.5 : 12.5, weight: 600, colour: hex.ink };
  const n = memory.waves.length;
  const made = turns(state.length, specOf(state)).turns;
  const pitch = (box.h - 16) / Math.max(1, n - 1);
  const yOf = (i) => box.y + 8 + i * pitch;
  const radius = clamp(pitch * 0.42, 1.3, 4);
  const edge = xOf(box, state.length);
  for (let i = 0; i < n; i++) {
    const x = xOf(box, memory.waves[i]);
    const finished = made[i] >= 1;
    if (finished && pitch > 2.4) line(c, x, yOf(i), edge, yOf(i), hex.edge, 0.75);
    disc(
      c,
      x,
      yOf(i),
      radius,
      finished ? hex.ink : hex.paper,
      finished ? hex.ink : hex["ink-2"],
      1.1,
    );
  }
  text(
    c,
    small ? "wavelength of each pair *i*" : "wavelength of each pair, *i* = 0 at the top",
    box.x,
    box.y - 10,
    {
      ...title,
      halo: hex.paper,
    },
  );
  const axis = { size: 11, colour: hex["ink-3"], align: "right", baseline: "middle" };
  text(c, "0", box.x - 8, yOf(0), axis);
  text(c, String(n - 1), box.x - 8, yOf(n - 1), axis);
  text(c, "*i*", box.x - 8, (yOf(0) + yOf(n - 1)) / 2, { ...axis, size: 12 });
  geometry.last = { x: xOf(box, memory.waves[n - 1]), y: yOf(n - 1), r: Math.max(radius, 3) };

  // the count, in the empty corner above the dots
  const { unfinished } = memory.all;
  const right = box.x + box.w - 6;
  text(c, String(unfinished), right, box.y + 34, {
    size: small ? 28 : 34,
    serif: true,
    colour: hex.ink,
    align: "right",
    halo: hex.wash,
  });
  const quiet = { size: small ? 12 : 13, colour: hex["ink-2"], align: "right", halo: hex.wash };
  const words = small
    ? [`of ${state.d_model} channels`, "never finish", `a turn (${memory.all.share}%)`]
    : [`of ${state.d_model} channels never`, `finish a turn (${memory.all.share}%)`];
  for (const [n, word] of words.entries()) text(c, word, right, box.y + 53 + 17 * n, quiet);
}

/** The positions themselves, as thick as a float counts them. */
function drawStrip(view, state) {
  const { c, geometry, palette } = view;
  const { strip: box, small } = geometry;
  const { hex } = palette;
  const named = state.precision === EXACT ? "exactly" : `in ${state.precision}`;
  text(c, `positions *t* counted ${named}`, box.x, box.y - 9, {
    size: small ? 11.5 : 12.5,
    weight: 600,
    colour: hex.ink,
    halo: hex.paper,
  });
  const parts = grains(state.length, state.precision);
  view.memory.grains = parts;
  const middle = box.y + box.h / 2;
  for (const { from, to, step } of parts) {
    const [a, b] = [xOf(box, from), xOf(box, to)];
    const thick = Number.isFinite(step) ? Math.max(1, box.h / step) : 0;
    c.fillStyle = hex.pos;
    c.fillRect(a, middle - thick / 2, b - a - (step > 1 ? 1 : 0), thick);
    const words = step === 1 ? "every one" : Number.isFinite(step) ? `1 in ${step}` : "\u221e";
    const o = { size: 10.5, colour: hex.pos, align: "center", halo: hex.paper };
    if (parts.length > 1 && textWidth(c, words, o) < b - a - 2)
      text(c, words, (a + b) / 2, box.y + box.h + 11, o);
  }
}

/** The distance of two vectors k apart, for every k that fits in the sequence. */
function drawDistance(view, state) {
  const { c, geometry, palette, memory } = view;
  const { distance: box, small } = geometry;
  const { hex } = palette;
  const { distances } = memory.scan;
  const { closest, neighbours } = memory.all;
  const top = 2 * Math.hypot(...row(0, specOf(state))); // opposite vectors are this far apart
  const yOf = (v) => box.y + box.h - (box.h * v) / top;
  memory.top = top;
  text(
    c,
    small
      ? "distance of vectors *k* apart"
      : "distance between the vectors of two positions *k* apart",
    box.x,
    box.y - 12,
    {
      size: small ? 11.5 : 12.5,
      weight: 600,
      colour: hex.ink,
      halo: hex.paper,
    },
  );
  line(c, box.x, box.y + box.h, box.x + box.w, box.y + box.h, hex.edge);
  const axis = { size: 11, colour: hex["ink-3"], align: "right", baseline: "middle" };
  for (const v of [0, top / 2, top])
    text(c, v ? quantity(v).replace(/\.0+$/, "") : "0", box.x - 8, yOf(v), axis);
  line(c, box.x, yOf(top), box.x + box.w, yOf(top), hex.rule);

  // joined dots while an offset has pixels of its own, then what that line would cover
  const { looked } = closest;
  const step = (box.w * Math.log10(Math.E)) / DECADES; // k and k + 1 are step / k pixels apart
  const single = Math.min(looked, Math.floor(step / 0.75));
  const joined = Array.from({ length: single }, (_, n) => [xOf(box, n + 1), yOf(distances[n])]);
  curve(c, joined, hex.ink, 1.25);
  for (let k = 1; k <= Math.min(looked, step / 6); k++)
    disc(c, xOf(box, k), yOf(distances[k - 1]), 2, hex.ink);
  const floor = [];
  c.beginPath();
  let k = Math.max(1, single);
  let last = distances[k - 1];
  for (let x = Math.floor(xOf(box, k)); k <= looked; x++) {
    const end = vOf(box, x + 1);
    let low = last;
    let high = last;
    let least = Number.POSITIVE_INFINITY;
    for (; k <= looked && k < end; k++) {
      last = distances[k - 1];
      if (last < least) least = last;
      if (last > high) high = last;
    }
    low = Math.min(low, least);
    c.moveTo(x + 0.5, yOf(high) - 0.5);
    c.lineTo(x + 0.5, yOf(low) + 0.5);
    if (Number.isFinite(least)) floor.push([x + 0.5, yOf(least)]);
  }
  c.globalAlpha = 0.4;
  c.lineWidth = 1;
  c.stroke();
  c.globalAlpha = 1;
  curve(c, floor, hex.ink, 1);
  if (looked < state.length - 1)
    text(
      c,
      `looking: ${thousands(looked)} of ${thousands(state.length - 1)}`,
      xOf(box, looked) + 6,
      box.y + 14,
      { size: 11, colour: hex["ink-2"] },
    );
  drawClosest(view, state, { box, yOf, closest, neighbours });
  drawPeek(view, state, { box, yOf });
}

/** The closest pair, a diamond; where it is not two neighbours, theirs is the line to compare. */
function drawClosest(view, state, { box, yOf, closest, neighbours }) {
  const { c, palette } = view;
  const { hex } = palette;
  const { offset, distance } = closest;
  const [x, y] = [xOf(box, offset), yOf(distance)];
  if (offset > 1) {
    line(c, box.x, yOf(neighbours), x, yOf(neighbours), hex.edge, 1, [2, 3]);
    text(c, `neighbours ${quantity(neighbours)}`, box.x + 6, yOf(neighbours) - 6, {
      size: 11,
      colour: hex["ink-2"],
      halo: hex.paper,
    });
  }
  line(c, x, box.y, x, box.y + box.h, hex.off, 1, [9, 5]);
  diamond(c, x, y, 7, hex.off, hex.paper);
  const words =
    offset === 1
      ? `closest: neighbours, ${quantity(distance)}`
      : `closest: *k* = ${thousands(offset)}, ${quantity(distance)}`;
  const o = { size: 12, weight: 600, colour: hex.off, halo: hex.paper };
  const w = textWidth(c, words, o);
  const upright = xOf(box, state.length);
  const crosses = x + 12 + w > upright && x - 16 - w > box.x;
  const leftward = x + 12 + w > box.x + box.w || crosses;
  text(c, words, leftward ? x - 12 : x + 12, clamp(y + 16, box.y + 12, box.y + box.h - 6), {
    ...o,
    align: leftward ? "right" : "left",
  });
}

/** The offset under the pointer. */
function drawPeek(view, state, { box, yOf }) {
  const { c, palette, memory } = view;
  const k = view.peek?.k;
  if (!k || k > Math.min(memory.scan.done, state.length - 1)) return;
  const { hex } = palette;
  const v = memory.scan.distances[k - 1];
  const x = xOf(box, k);
  line(c, x, box.y, x, box.y + box.h, hex.ink, 1, [2, 3]);
  disc(c, x, yOf(v), 4, hex.paper, hex.ink, 1.75);
  const leftward = x > box.x + box.w * 0.6;
  text(c, `*k* = ${thousands(k)}: ${quantity(v)}`, x + (leftward ? -9 : 9), box.y + 14, {
    size: 12,
    weight: 600,
    colour: hex.ink,
    align: leftward ? "right" : "left",
    halo: hex.paper,
  });
}

/** The length of the sequence, an upright line through all plots, under their words. */
function drawUpright(view, state) {
  const { c, geometry, palette } = view;
  const { waves, distance } = geometry;
  const x = xOf(waves, state.length);
  line(c, x, 22, x, distance.y + distance.h + 5, palette.hex.ink, 1.75);
}

/** Its handle, at the top. */
function drawLength(view, state) {
  const { c, geometry, palette } = view;
  const { waves } = geometry;
  const { hex } = palette;
  const x = xOf(waves, state.length);
  const words = `*L* = ${thousands(state.length)}`;
  const half = textWidth(c, words, { size: 11.5, weight: 600 }) / 2 + 6;
  const middle = clamp(x, half, view.width - half);
  tag(c, words, middle, 13, hex.ink, hex.paper);
  geometry.lengthTag = { x: clamp(middle - 30, 0, view.width - 60), y: 0, w: 60, h: 44 };
}

/** The last dot carries the base: drag it and the whole line of dots swings. */
function drawBase(view, state) {
  const { c, geometry, palette } = view;
  const { waves, last } = geometry;
  const { hex } = palette;
  disc(c, last.x, last.y, last.r + 4, null, hex.paper, 3);
  disc(c, last.x, last.y, last.r + 3.5, null, hex.ink, 1.75);
  const words = `*b* = ${parameter(state.base)}`;
  const half = textWidth(c, words, { size: 11.5, weight: 600 }) / 2 + 6;
  const middle = clamp(last.x, waves.x + half, view.width - half);
  const y = waves.y + waves.h + 18;
  tag(c, words, middle, y, hex.ink, hex.paper);
  const room = waves.x + waves.w;
  const o = { size: 11.5, colour: hex["ink-2"], baseline: "middle", halo: hex.paper };
  const told = `longest ${geometry.small ? "" : "wave "}${quantity(view.memory.all.longest)}`;
  const wide = textWidth(c, told, o) + 12;
  const ends = middle + half + wide;
  const upright = xOf(waves, state.length); // the label goes where this line does not cross it
  const crossed = upright > middle + half && upright < ends && middle - half - wide > waves.x;
  const leftward = ends > room || crossed;
  text(c, told, leftward ? middle - half - 8 : middle + half + 8, y, {
    ...o,
    align: leftward ? "right" : "left",
  });
  geometry.baseTag = { x: clamp(middle - 30, 0, view.width - 60), y: last.y - 14, w: 60, h: 50 };
}

// -- the view ----------------------------------------------------------------------------------

/** Base and exponent are one number twice: the player moves the exponent, all else the base. */
function fix(state, changed) {
  if (changed === "exponent") {
    const exponent = clamp(state.exponent, 0, Math.log10(MAX_BASE));
    if (Math.abs(state.exponent - Math.log10(state.base)) < 1e-9) return {};
    return { exponent, base: tidy(10 ** exponent) };
  }
  return {
    exponent: Math.log10(state.base),
    length: Math.round(state.length),
    d_model: 2 * Math.round(state.d_model / 2),
  };
}

/** A base in three signs, so that what is read is what is meant. */
const tidy = (b) => Number(clamp(b, 1, MAX_BASE).toPrecision(3));

/** The next length for a key: about six per cent, at least one position. */
function nextLength(length, by) {
  const next = Math.round(length * 2 ** (by / 12));
  return next === length ? length + Math.sign(by) : next;
}

function nextBase(base, by) {
  const next = tidy(base * 10 ** (by / 20));
  return next === base ? base + 0.01 * Math.sign(by) : next;
}

export const base = defineView({
  label:
    "On one logarithmic axis of positions: the wavelength of every pair, the length of the sequence as an upright line, and the distance between the vectors of two positions k apart",
  traits: TRAITS,
  choices: { precision: [EXACT, ...FLOATS] },
  fix,
  draw,
  handles: (view) => [
    {
      name: "line",
      label: "Length L of the sequence",
      page: 12,
      range: () => [MIN_LENGTH, MAX_LENGTH],
      value: () => view.state.length,
      say: () => `${thousands(view.state.length)} positions`,
      step: (by) => nextLength(view.state.length, by),
      place: () => view.geometry.lengthTag,
      move: (length) => view.set({ length: Math.round(length) }),
      drag: (x) => setLength(view, x),
    },
    {
      name: "column",
      label: "Base b, by the longest wavelength",
      page: 20,
      range: () => [1, MAX_BASE],
      value: () => view.state.base,
      say: () => `base ${parameter(view.state.base)}`,
      step: (by) => nextBase(view.state.base, by),
      place: () => view.geometry.baseTag,
      move: (b) => view.set({ base: b }),
      drag: (x) => {
        const { d_model: d } = view.state;
        view.set({ base: tidy(baseFor(vOf(view.geometry.waves, x), d / 2 - 1, d)) });
      },
    },
  ],
  pointer: {
    hit(view, x, y) {
      const { waves, distance } = view.geometry;
      if (x < waves.x - 12) return null;
      if (y >= distance.y - 6 && y <= distance.y + distance.h + 10) return "offset";
      return y >= waves.y && y <= waves.y + waves.h ? "length" : null;
    },
    drag(view, region, x) {
      if (region === "length") return setLength(view, x);
      view.peek = { k: Math.max(1, Math.round(vOf(view.geometry.distance, x))) };
      view.invalidate();
    },
    peek(view, x, y) {
      if (this.hit(view, x, y) !== "offset") return null;
      return { k: Math.max(1, Math.round(vOf(view.geometry.distance, x))) };
    },
  },
  finding: (state, view) => finding(state, view.memory.all),
  say: (state) => finding(state, complete(state)).replace(/\*\*|\[|\]\{\w+\}/g, ""),
  facts: (state) => {
    const scan = scanOf(state);
    const whole = scan.done >= state.length - 1;
    const all = survey(state, { closest: closestOf(scan, state.length) });
    const kept =
      state.length <= AT_ONCE || compared.key === comparison(state) ? compare(state) : null;
    const distinct = (what) =>
      state.precision === EXACT
        ? thousands(state.length)
        : kept
          ? thousands(kept[what].distinct)
          : "\u2026";
    return {
      unfinished: thousands(all.unfinished),
      share: `${all.share}%`,
      finished: thousands(state.d_model - all.unfinished),
      longest: quantity(all.longest),
      ratio: all.ratio.toPrecision(3),
      neighbours: quantity(all.neighbours),
      closest_offset: whole ? thousands(all.closest.offset) : "\u2026",
      closest_distance: whole ? quantity(all.closest.distance) : "\u2026",
      rows: distinct("table"),
      positions: distinct("positions"),
    };
  },
  data: (state) => {
    const made = turns(state.length, specOf(state)).turns;
    const waves = wavelengths(specOf(state));
    return {
      columns: ["pair", "wavelength", "turns"],
      rows: Array.from(waves, (wave, i) => [i, wave, made[i]]),
    };
  },
});

function setLength(view, x) {
  const length = Math.round(vOf(view.geometry.waves, x));
  view.set({ length: clamp(length, MIN_LENGTH, MAX_LENGTH) });
}
