/**
 * What is i? One channel of a small table, read in full: its pair, its function, its wavelength,
 * the formula with the numbers put in. Below the table, on the same channel axis, every channel's
 * wavelength as a ladder whose rungs are the pairs; a well-known mistake is drawn over the right
 * rungs, and its table beside the right table.
 */

import { clamp, curve, disc, line, tag, text, textWidth } from "./canvas.js";
import {
  channelOf,
  channelOmega,
  channelWavelength,
  fill,
  LAYOUTS,
  MISTAKES,
  pairOf,
  plan,
  TURN,
  value,
} from "./encodings.js";
import { parameter, plural, quantity, signed, thousands } from "./format.js";
import { defineView } from "./view.js";

const TRAITS = ["t", "channel", "d_model", "base", "channel_layout", "mistake"];
export const NONE = "correct"; // the trait's word for the formula without a mistake
export const ROWS = 24; // positions shown, as in views/channel.py
const SHORTEST = 2; // positions: whole positions cannot show a shorter wave

/** How the finding names each mistake. */
const WITH = {
  "channel as pair": "With the channel used as the pair",
  "doubled twice": "With the exponent doubled twice",
  "off by one": "With the cosine off by one",
  "divided the wrong way": "With the division the wrong way round",
  "floor division": "With a floor division",
};

const rightOf = ({ d_model, base, channel_layout }) => ({
  d: d_model,
  base,
  layout: channel_layout,
});
const specOf = (state) => ({
  ...rightOf(state),
  mistake: state.mistake === NONE ? null : state.mistake,
});
const isWrong = (state) => state.mistake !== NONE;
/** Whether two wavelengths are one, but for the rounding of how they were worked out. */
const same = (a, b) => Math.abs(a / b - 1) < 1e-12;

/** A number in about three signs, plain where it can be. */
function few(x) {
  if (x >= 1e6 || x < 1e-3) {
    const [head, power] = x.toExponential(1).split("e");
    return `${head}\u00b710^${Number(power)}^`;
  }
  return x >= 999.5 ? thousands(x) : String(Number(x.toPrecision(3)));
}

// -- what holds of a state --------------------------------------------------------------------

/** The wavelengths of all channels, right and as shown, and what the mistake does to them. */
function survey(state) {
  const right = rightOf(state);
  const shown = specOf(state);
  const d = state.d_model;
  const waves = { right: new Float64Array(d), shown: new Float64Array(d) };
  let kept = 0;
  let short = 0;
  for (let j = 0; j < d; j++) {
    waves.right[j] = channelWavelength(j, right);
    waves.shown[j] = channelWavelength(j, shown);
    if (same(waves.shown[j], waves.right[j])) kept += 1;
    if (waves.shown[j] < SHORTEST) short += 1;
  }
  let paired = true;
  for (let i = 0; i < d / 2; i++) {
    const [s, c] = [false, true].map((cosine) => channelOf(i, cosine, d, state.channel_layout));
    if (waves.shown[s] !== waves.shown[c]) paired = false;
  }
  return {
    ...waves,
    kept,
    short,
    paired,
    slowest: Math.max(...waves.shown),
    slowestRight: Math.max(...waves.right),
  };
}

/** One computed sentence on the whole table. */
function finding(state) {
  const all = survey(state);
  const d = state.d_model;
  const slow = `**${quantity(all.slowest)}**`;
  if (!isWrong(state))
    return `The slowest wave is ${slow} positions long. ${plural(d, "channel")} have ${plural(d / 2, "wavelength")}: the [sine]{sin} and the [cosine]{cos} of a pair share one.`;
  const meant = quantity(all.slowestRight);
  const length =
    quantity(all.slowest) === meant
      ? `the slowest wave is still ${slow} positions long`
      : `the slowest wave is ${slow} positions long instead of ${meant}`;
  const pairs = all.paired
    ? "sine and cosine of a pair still share theirs"
    : "sine and cosine of a pair no longer share one";
  const short = all.short
    ? ` On ${plural(all.short, "channel")} the wave is shorter than two positions, which whole positions cannot show.`
    : "";
  return `${WITH[state.mistake] ?? `With the mistake “${state.mistake}”`}, ${length}. ${all.kept === 0 ? "None" : all.kept * 3 > d ? all.kept : `Only ${all.kept}`} of ${d} channels ${all.kept === 1 ? "keeps" : "keep"} the right wavelength; ${pairs}.${short}`;
}

// -- the formula ------------------------------------------------------------------------------

/**
 * What stands under (or beside) t in the sine: {sign, base, symbols, numbers}, the exponent once
 * in symbols and once with the numbers put in. In a layout of halves the paper's own channel
 * number 2i + c is spelt out.
 */
function exponent(state) {
  const d = state.d_model;
  const [i, cosine] = pairOf(state.channel, d, state.channel_layout);
  const paper = channelOf(i, cosine, d, "interleaved");
  const own = state.channel_layout === "interleaved" ? "*j*" : cosine ? "(2*i* + 1)" : "(2*i*)";
  const b = { base: "*b*", number: parameter(state.base), sign: "/" };
  if (state.mistake === "channel as pair")
    return { ...b, symbols: `2${own}/*d*`, numbers: `2\u00b7${paper}/${d}` };
  if (state.mistake === "doubled twice")
    return { ...b, symbols: "2\u00b72*i*/*d*", numbers: `2\u00b7${2 * i}/${d}` };
  if (state.mistake === "off by one")
    return {
      ...b,
      symbols: `${own.replace(/[()]/g, (p) => (cosine ? p : ""))}/*d*`,
      numbers: `${paper}/${d}`,
    };
  if (state.mistake === "divided the wrong way")
    return { ...b, sign: "\u00b7", symbols: "2*i*/*d*", numbers: `2\u00b7${i}/${d}` };
  if (state.mistake === "floor division") {
    // pair 1 turns at e to twice the rounded-down factor, so the factor is read off the twin
    const first = channelOf(Math.min(1, d / 2 - 1), false, d, state.channel_layout);
    const whole = Math.round(Math.log(channelOmega(first, specOf(state))) / 2);
    return {
      base: "*e*",
      number: "*e*",
      sign: "\u00b7",
      symbols: "2*i* \u230a\u2212ln *b* / 2*d*\u230b",
      numbers: `2\u00b7${i}\u00b7(${whole < 0 ? "\u2212" : ""}${Math.abs(whole)})`,
    };
  }
  return { ...b, symbols: "2*i*/*d*", numbers: `2\u00b7${i}/${d}` };
}

/**
 * The formula of the marked channel in three steps; each a list of pieces [words, height, colour]
 * with height 1 for a superscript, -1 for a subscript.
 */
function formula(state, hex) {
  const j = state.channel;
  const [, cosine] = pairOf(j, state.d_model, state.channel_layout);
  const name = [cosine ? "cos" : "sin", 0, cosine ? hex.cos : hex.sin];
  const t = ["*t*", 0, hex.pos];
  const e = exponent(state);
  const wave = channelWavelength(j, specOf(state)) / TURN;
  const last = wave < 1 - 1e-12 ? ["\u00b7", few(1 / wave)] : ["/", few(wave)];
  const [digits, power] = last[1].split("^");
  return [
    [
      ["PE(", 0],
      t,
      [")", 0],
      [String(j), -1],
      [" = ", 0],
      name,
      ["(", 0],
      t,
      [` ${e.sign} ${e.base}`, 0],
      [e.symbols, 1],
      [")", 0],
    ],
    [[" = ", 0], name, ["(", 0], t, [` ${e.sign} ${e.number}`, 0], [e.numbers, 1], [")", 0]],
    [[" = ", 0], name, ["(", 0], t, [` ${last[0]} ${digits}`, 0], [power ?? "", 1], [")", 0]],
  ];
}

/** Sets pieces of a formula in a line, or only measures them; returns their width. */
function setPieces(c, pieces, x, y, size, colour, measure = false) {
  let at = x;
  for (const [words, height, own] of pieces) {
    if (!words) continue;
    const o = {
      size: height ? size * 0.68 : size,
      serif: true,
      colour: own ?? colour,
      weight: own && /[a-z]{3}/.test(words) ? 600 : 400,
    };
    const shift = height > 0 ? -size * 0.4 : height < 0 ? size * 0.2 : 0;
    at += measure ? textWidth(c, words, o) : text(c, words, at, y + shift, o);
    if (height) at += size * 0.06;
  }
  return at - x;
}

/** Sets the steps one after the other, a step that does not fit on a new line; returns the last y. */
function setFormula(c, steps, x, y, right, size, colour) {
  let [at, row] = [x, y];
  for (const step of steps) {
    const width = setPieces(c, step, 0, 0, size, colour, true);
    if (at > x && at + width > right) {
      at = x + size * 1.2;
      row += size * 1.55;
    }
    at += setPieces(c, step, at, row, size, colour);
  }
  return { x: at, y: row };
}

// -- where everything goes --------------------------------------------------------------------

function lay(width) {
  const small = width < 560;
  const left = small ? 32 : 44;
  const gap = small ? 14 : 36;
  const wide = Math.floor((width - left - gap - 2) / 2);
  const top = small ? 162 : 112;
  const table = { x: left, y: top, w: wide, h: small ? 192 : 240 };
  const beside = { x: left + wide + gap, y: top, w: wide, h: table.h };
  const under = table.y + table.h;
  const ladder = {
    x: left,
    y: under + (small ? 104 : 62),
    w: small ? width - left - 2 : wide,
    h: small ? 168 : 176,
  };
  return { small, table, beside, ladder, height: ladder.y + ladder.h + 30 };
}

function paint(view, name, spec) {
  const key = JSON.stringify(spec);
  const known = view.memory[name];
  if (known?.key === key) return known;
  const values = fill(new Float32Array(ROWS * spec.d), plan(spec), ROWS);
  const image = known?.image ?? document.createElement("canvas");
  image.width = spec.d;
  image.height = ROWS;
  const context = image.getContext("2d");
  const data = context.createImageData(spec.d, ROWS);
  const pixels = new Uint32Array(data.data.buffer);
  for (let k = 0; k < values.length; k++)
    pixels[k] = view.palette.packed[(values[k] * 128 + 128.5) | 0];
  context.putImageData(data, 0, 0);
  view.memory[name] = { key, image, values };
  return view.memory[name];
}

// -- drawing ----------------------------------------------------------------------------------

function draw(view, state) {
  const geometry = lay(view.width0);
  const c = view.fit(geometry.height);
  view.geometry = geometry;
  const d = state.d_model;
  const now = {
    ...state,
    t: clamp(Math.round(state.t), 0, ROWS - 1),
    channel: clamp(state.channel, 0, d - 1),
  };
  view.memory.survey = survey(now);
  const { table, beside } = geometry;
  c.imageSmoothingEnabled = false;
  c.drawImage(paint(view, "right", rightOf(now)).image, table.x, table.y, table.w, table.h);
  drawHead(view, now);
  drawBrackets(view, now, table, geometry.small ? "the formula" : "the formula, as it should be");
  if (isWrong(now)) {
    c.imageSmoothingEnabled = false;
    c.drawImage(paint(view, "wrong", specOf(now)).image, beside.x, beside.y, beside.w, beside.h);
    drawBrackets(view, now, beside, now.mistake);
  } else drawWaves(view, now);
  drawLadder(view, now);
  drawAxes(view, now);
  drawCursors(view, now);
  if (geometry.small) drawShortReadout(view, now);
  else drawReadout(view, now);
}

/** The formula of the marked channel, large, and under it its value, or what it should be. */
function drawHead(view, state) {
  const { c, geometry, palette, width } = view;
  const { hex } = palette;
  const { small } = geometry;
  const size = small ? 17 : 23;
  const steps = formula(state, hex);
  const x = small ? 2 : geometry.table.x;
  const end = setFormula(c, steps, x, small ? 22 : 28, width, size, hex.ink);
  const quiet = small ? 13 : 15;
  const y = end.y + (small ? 26 : 28);
  if (isWrong(state)) {
    const meant = formula({ ...state, mistake: NONE }, hex).slice(1);
    const { shown, right } = view.memory.survey;
    const untouched = same(shown[state.channel], right[state.channel]);
    meant[0][0] = [untouched ? "That is right here: it is " : "It should be ", 0];
    setFormula(c, meant, x, y, width, quiet, hex["ink-2"]);
  } else {
    const v = value(state.t, state.channel, specOf(state));
    const told = [
      ["At ", 0],
      [`*t* = ${state.t}`, 0, hex.pos],
      [` this is ${signed(v)}.`, 0],
    ];
    setFormula(c, [told], x, y, width, quiet, hex["ink-2"]);
  }
  view.memory.formula = [steps, end];
}

/** Brackets that group the channels of a picture into pairs, each with its number i. */
function drawBrackets(view, state, box, title) {
  const { c, geometry, palette } = view;
  const { hex } = palette;
  const d = state.d_model;
  const cell = box.w / d;
  const [marked] = pairOf(state.channel, d, state.channel_layout);
  const first = box === geometry.table;
  const y = box.y - 7;
  const label = { size: 11, align: "center" };
  text(c, title, box.x, box.y - 31, {
    size: geometry.small ? 11.5 : 12.5,
    weight: 600,
    colour: hex.ink,
  });
  const bracket = (x0, x1, on) => {
    const hue = on ? hex.ink : hex.edge;
    const w = on ? 2 : 1;
    line(c, x0, y, x1, y, hue, w);
    line(c, x0, y, x0, y + 4, hue, w);
    line(c, x1, y, x1, y + 4, hue, w);
  };
  const room = state.channel_layout === "interleaved" ? 2 * cell : cell;
  let every = 1;
  while (room * every < 15) every *= 2;
  const number = (i, x) => {
    const on = i === marked;
    const near = Math.abs(i - marked) * room < 16 && every > 1;
    if (on || (i % every === 0 && !near))
      text(c, on && first && room > 60 ? `*i* = ${i}` : String(i), x, y - 5, {
        ...label,
        weight: on ? 600 : 400,
        colour: on ? hex.ink : hex["ink-3"],
      });
  };
  for (let i = 0; i < d / 2; i++) {
    const at = [false, true].map((cosine) => channelOf(i, cosine, d, state.channel_layout));
    if (state.channel_layout === "interleaved") {
      const inset = Math.min(2.5, cell / 4);
      bracket(box.x + at[0] * cell + inset, box.x + (at[1] + 1) * cell - inset, i === marked);
      number(i, box.x + (at[0] + 1) * cell);
    } else {
      for (const j of at) number(i, box.x + (j + 0.5) * cell);
      if (i === marked) bracket(box.x + (at[0] + 0.5) * cell, box.x + (at[1] + 0.5) * cell, true);
    }
  }
  if (first) text(c, "*i*", box.x - 8, y - 4, { size: 12, align: "right", colour: hex["ink-3"] });
}

/** Beside the picture: sine and cosine of the marked pair, on the same position axis. */
function drawWaves(view, state) {
  const { c, geometry, palette } = view;
  const { beside: box, small } = geometry;
  const { hex } = palette;
  const spec = rightOf(state);
  const d = state.d_model;
  const [i, markedCosine] = pairOf(state.channel, d, state.channel_layout);
  const mid = box.x + box.w / 2;
  const amp = box.w / 2 - 8;
  const cell = box.h / ROWS;
  text(
    c,
    small ? `the waves of pair ${i}` : `the two waves of pair *i* = ${i}`,
    box.x,
    box.y - 31,
    {
      size: small ? 11.5 : 12.5,
      weight: 600,
      colour: hex.ink,
    },
  );
  line(c, mid, box.y, mid, box.y + box.h, hex.rule);
  for (const v of [-1, 1]) {
    line(c, mid + v * amp, box.y + box.h + 1, mid + v * amp, box.y + box.h + 5, hex.edge);
    text(c, v > 0 ? "1" : "\u22121", mid + v * amp, box.y + box.h + 19, {
      colour: hex["ink-3"],
      size: 11,
      align: "center",
    });
  }
  for (const cosine of [false, true]) {
    const j = channelOf(i, cosine, d, state.channel_layout);
    const hue = cosine ? hex.cos : hex.sin;
    const wide = cosine === markedCosine ? 2 : 1.1;
    const points = [];
    for (let y = 0; y <= box.h; y += 1)
      points.push([mid + value(y / cell - 0.5, j, spec) * amp, box.y + y]);
    curve(c, points, hue, wide, cosine ? [5, 4] : []);
    for (let t = 0; t < ROWS; t++)
      disc(
        c,
        mid + value(t, j, spec) * amp,
        box.y + (t + 0.5) * cell,
        cosine === markedCosine ? 2.6 : 1.8,
        cosine ? hex.paper : hue,
        hue,
        1.1,
      );
    text(
      c,
      // both stand above one narrow plot on a phone
      (cosine ? "cos" : "sin") + (view.small ? "" : `, channel ${j}`),
      cosine ? box.x + box.w : box.x,
      box.y - 9,
      {
        size: 11.5,
        weight: 600,
        colour: hue,
        align: cosine ? "right" : "left",
      },
    );
  }
}

/** A power of ten written with a raised exponent where digits would be long. */
function power(c, n, x, y, o, longest = 4) {
  if (n >= -2 && n <= longest)
    return text(c, n < 0 ? String(10 ** n) : thousands(10 ** n), x, y, o);
  const raised = `${n < 0 ? "\u2212" : ""}${Math.abs(n)}`;
  const size = o.size * 0.86;
  const w = textWidth(c, raised, { size });
  text(c, "10", x - w, y, o);
  text(c, raised, x - w, y - 4, { ...o, size, align: "left" });
  return w;
}

/** The wavelength of every channel on a logarithmic axis: a rung for each pair, a dot for each channel. */
function drawLadder(view, state) {
  const { c, geometry, palette } = view;
  const { ladder: box, small, table } = geometry;
  const { hex } = palette;
  const { survey: all } = view.memory;
  const d = state.d_model;
  const spread = [...all.right, ...all.shown].filter((x) => Number.isFinite(x) && x > 0);
  const low = Math.floor(Math.log10(Math.min(...spread)) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...spread)) - 1e-9));
  const yOf = (wave) => box.y + box.h - (box.h * (Math.log10(wave) - low)) / (high - low);
  const cell = box.w / d;
  geometry.yOf = yOf;
  const axis = { size: 11, colour: hex["ink-3"], align: "right", baseline: "middle" };
  let every = 1;
  while (((high - low) / every) * 20 > box.h) every += 1;
  for (let n = low; n <= high; n++) {
    line(c, box.x, yOf(10 ** n), box.x + box.w, yOf(10 ** n), hex.rule, 1);
    if ((n - low) % every === 0) power(c, n, box.x - 8, yOf(10 ** n), axis, small ? 2 : 4);
  }
  const title = "wavelength *λ* of each channel, in positions";
  text(c, title, box.x, box.y - (small ? 16 : 14), {
    size: small ? 11.5 : 12.5,
    weight: 600,
    colour: hex.ink,
  });
  if (low < 0) {
    const y = yOf(SHORTEST);
    line(c, box.x, y, box.x + box.w, y, hex.edge, 1, [2, 3]);
  }
  // rungs: the right wavelengths, in ink
  for (let i = 0; i < d / 2; i++) {
    const at = [false, true].map((cosine) => channelOf(i, cosine, d, state.channel_layout));
    const y = yOf(all.right[at[0]]);
    const inset = Math.min(2.5, cell / 5);
    const rung = (from, to) =>
      line(c, box.x + from * cell + inset, y, box.x + to * cell - inset, y, hex.ink, 1.75);
    if (state.channel_layout === "interleaved") rung(at[0], at[1] + 1);
    else for (const j of at) rung(j, j + 1);
  }
  // dots: the wavelengths as they are, with a stem to the rung they have left
  const radius = clamp(cell / 5, 1.6, 3.6);
  for (let j = 0; j < d; j++) {
    const [, cosine] = pairOf(j, d, state.channel_layout);
    const hue = cosine ? hex.cos : hex.sin;
    const x = box.x + (j + 0.5) * cell;
    const y = yOf(all.shown[j]);
    if (isWrong(state)) line(c, x, yOf(all.right[j]), x, y, hue, 1, cosine ? [3, 3] : []);
    disc(c, x, y, j === state.channel ? radius + 1.6 : radius, cosine ? hex.paper : hue, hue, 1.4);
  }
  if (low < 0)
    text(c, "2 positions", box.x + box.w, yOf(SHORTEST) - 5, {
      size: 10.5,
      colour: hex["ink-2"],
      align: "right",
      halo: hex.paper,
    });
  labelLadder(view, state, { box, cell, yOf });
  if (small) return;
  text(c, "channel *j*", table.x + table.w, box.y + box.h + 19, {
    size: 11,
    colour: hex["ink-3"],
    align: "right",
  });
}

/**
 * The wavelength of the marked channel, on the data; with a mistake also the right one. The rungs
 * climb to the right, so there is room above them at their left and below them at their right.
 */
function labelLadder(view, state, { box, cell, yOf }) {
  const { c, palette } = view;
  const { hex } = palette;
  const { survey: all } = view.memory;
  const j = state.channel;
  const x = box.x + (j + 0.5) * cell;
  const [shown, right] = [all.shown[j], all.right[j]];
  const off = cell / 2 + 8;
  const label = (words, y, dy, leftward, weight, colour) => {
    const o = { size: 12, weight, colour, baseline: "middle", halo: hex.paper };
    const w = textWidth(c, words, o);
    const at = leftward ? x - off - w : x + off;
    const fits = at > box.x && at + w < box.x + box.w;
    const low = box.y + box.h - 8;
    text(
      c,
      words,
      clamp(at, box.x + 2, box.x + box.w - w),
      clamp(y + (fits ? dy : dy * 1.6), box.y + 8, low),
      o,
    );
  };
  const words = `*λ* = ${quantity(shown)}`;
  if (same(shown, right)) {
    const leftward = x > box.x + box.w * 0.6;
    label(words, yOf(shown), leftward ? -12 : 12, leftward, 600, hex.ink);
    return;
  }
  const up = shown > right;
  label(words, yOf(shown), up ? -9 : 9, true, 600, hex.ink);
  label(`right: ${quantity(right)}`, yOf(right), up ? 12 : -12, !up, 400, hex["ink-2"]);
}

/** Numbers along the picture: positions at its left, channels under it. */
function drawAxes(view, state) {
  const { c, geometry, palette } = view;
  const { table, beside, ladder, small } = geometry;
  const { hex } = palette;
  const d = state.d_model;
  const axis = { colour: hex["ink-3"], size: 11 };
  const yOf = (t) => table.y + (table.h * (t + 0.5)) / ROWS;
  for (let t = 0; t < ROWS; t += 5) {
    line(c, table.x - 5, yOf(t), table.x - 1, yOf(t), hex.edge);
    if (Math.abs(t - state.t) > 1.4)
      text(c, String(t), table.x - 8, yOf(t), { ...axis, align: "right", baseline: "middle" });
  }
  const boxes = isWrong(state) ? [table, beside] : [table];
  if (small) boxes.push({ ...ladder, y: ladder.y, bare: true });
  for (const box of boxes) {
    const cell = box.w / d;
    let every = 1;
    while (cell * every < 18) every *= 2;
    const end = box.y + box.h;
    for (let j = 0; j < d; j++) {
      const x = box.x + (j + 0.5) * cell;
      const [, cosine] = pairOf(j, d, state.channel_layout);
      const hue = cosine ? hex.cos : hex.sin;
      if (!box.bare && cell > 4)
        disc(c, x, end + 7, Math.min(2.6, cell / 4), cosine ? hex.paper : hue, hue, 1.1);
      if (j % every === 0 && Math.abs(j - state.channel) * cell > 26)
        text(c, String(j), x, end + 24, { ...axis, align: "center" });
    }
  }
}

function drawCursors(view, state) {
  const { c, geometry, palette } = view;
  const { table, beside, ladder, small } = geometry;
  const { hex } = palette;
  const { t, channel: j, d_model: d } = state;
  const cased = (x1, y1, x2, y2, hue) => {
    line(c, x1, y1, x2, y2, hex.paper, 3.5);
    line(c, x1, y1, x2, y2, hue, 1.5);
  };
  const edges = (box) => {
    const cell = box.w / d;
    const [a, b] = [box.x + j * cell, box.x + (j + 1) * cell];
    return b - a < 4 ? [(a + b) / 2 - 2, (a + b) / 2 + 2] : [a, b];
  };
  const boxes = isWrong(state) ? [table, beside] : [table];
  for (const box of boxes)
    for (const x of edges(box)) cased(x, box.y - 2, x, box.y + box.h + 12, hex.ink);
  const [y0, y1] = [table.y + (table.h * t) / ROWS, table.y + (table.h * (t + 1)) / ROWS];
  for (const y of [y0, y1]) {
    cased(table.x - 4, y, table.x + table.w + 3, y, hex.pos);
    cased(beside.x - 3, y, beside.x + beside.w, y, hex.pos);
  }
  const rowTag = tag(
    c,
    small ? `*t* ${t}` : `*t* = ${t}`,
    table.x - 5,
    (y0 + y1) / 2,
    hex.pos,
    hex.paper,
    "right",
    11,
  );
  const under = table.y + table.h + 21;
  for (const box of boxes) {
    const [a, b] = edges(box);
    const x = clamp((a + b) / 2, box.x + 18, box.x + box.w - 18);
    tag(c, `*j* = ${j}`, x, under, hex.ink, hex.paper);
    if (box === table) geometry.columnTag = { x: x - 24, y: under - 14, w: 48, h: 44 };
  }
  geometry.rowTag = {
    x: Math.max(0, rowTag.left - 4),
    y: (y0 + y1) / 2 - 22,
    w: rowTag.width + 8,
    h: 44,
  };
  const [a, b] = edges(ladder);
  const rungAt = (a + b) / 2;
  if (small) {
    tag(
      c,
      `*j* = ${j}`,
      clamp(rungAt, ladder.x + 18, ladder.x + ladder.w - 18),
      ladder.y + ladder.h + 21,
      hex.ink,
      hex.paper,
    );
  }
  c.globalAlpha = 0.07;
  c.fillStyle = hex.ink;
  c.fillRect(a, ladder.y - 4, b - a, ladder.h + 8);
  c.globalAlpha = 1;
}

/** How the pair follows from the channel, as Python would reckon it. */
const reckoned = ({ channel: j, d_model: d, channel_layout }) =>
  channel_layout === "interleaved" ? `${j} // 2 = ` : `${j} mod ${d / 2} = `;

/** On a phone, between table and ladder: pair and function in a line. */
function drawShortReadout(view, state) {
  const { c, geometry, palette } = view;
  const { table } = geometry;
  const { hex } = palette;
  const [i, cosine] = pairOf(state.channel, state.d_model, state.channel_layout);
  const o = { size: 13.5, colour: hex["ink-2"] };
  const y = table.y + table.h + 58;
  let x = table.x;
  x += text(c, `pair *i* = ${reckoned(state)}`, x, y, o);
  x += text(c, `${i}`, x, y, { ...o, weight: 600, colour: hex.ink });
  x += text(c, ", its ", x, y, o);
  text(c, cosine ? "cosine" : "sine", x, y, {
    ...o,
    weight: 600,
    colour: cosine ? hex.cos : hex.sin,
  });
}

/** At the right of the ladder: the marked channel in words. */
function drawReadout(view, state) {
  const { c, geometry, palette } = view;
  const { ladder, beside } = geometry;
  const { hex } = palette;
  const { survey: all } = view.memory;
  const j = state.channel;
  const [i, cosine] = pairOf(j, state.d_model, state.channel_layout);
  const rows = [
    ["channel *j*", [[String(j), 600]]],
    [
      "pair *i*",
      [
        [reckoned(state), 400],
        [String(i), 600],
      ],
    ],
    [
      "function",
      [
        [cosine ? "cosine" : "sine", 600, cosine ? hex.cos : hex.sin],
        [`, the ${cosine ? "second" : "first"} of its pair`, 400],
      ],
    ],
    [
      "wavelength *λ*",
      [
        [quantity(all.shown[j]), 600],
        [` position${all.shown[j] === 1 ? "" : "s"} to a turn`, 400],
      ],
    ],
  ];
  if (isWrong(state))
    rows.push(
      same(all.shown[j], all.right[j])
        ? ["should be", [["as it is", 600]]]
        : ["should be", [[quantity(all.right[j]), 600]]],
    );
  const step = 29;
  let y = ladder.y + 12;
  for (const [label, words] of rows) {
    text(c, label, beside.x, y, { size: 13, colour: hex["ink-2"], baseline: "middle" });
    let x = beside.x + 112;
    for (const [word, weight, colour] of words)
      x += text(c, word, x, y, {
        size: 15,
        weight,
        colour: colour ?? (weight === 600 ? hex.ink : hex["ink-2"]),
        baseline: "middle",
      });
    line(c, beside.x, y + step / 2, beside.x + beside.w, y + step / 2, hex.rule);
    y += step;
  }
}

// -- the view ---------------------------------------------------------------------------------

/** Whole numbers, which a slider's steps miss by a rounding error, and the channel in the table. */
function fix(state) {
  const d_model = 2 * Math.round(state.d_model / 2);
  return {
    d_model,
    channel: clamp(Math.round(state.channel), 0, d_model - 1),
    t: clamp(Math.round(state.t), 0, ROWS - 1),
  };
}

const channelAt = (view, box, x) =>
  clamp(Math.floor(((x - box.x) / box.w) * view.state.d_model), 0, view.state.d_model - 1);
const positionAt = (view, y) => {
  const { table } = view.geometry;
  return clamp(Math.floor(((y - table.y) / table.h) * ROWS), 0, ROWS - 1);
};
const inside = (box, x, y, below = 0) =>
  x >= box.x && x <= box.x + box.w && y >= box.y - 24 && y <= box.y + box.h + below;

/** "sine of pair 3". */
function called(state) {
  const [i, cosine] = pairOf(state.channel, state.d_model, state.channel_layout);
  return `${cosine ? "cosine" : "sine"} of pair ${i}`;
}

export const channel = defineView({
  label:
    "A table of the sinusoidal encoding with one channel marked, its channels bracketed into pairs, and below it the wavelength of every channel on a logarithmic axis",
  traits: TRAITS,
  choices: { channel_layout: LAYOUTS, mistake: [NONE, ...MISTAKES] },
  fix,
  draw,
  handles: (view) => [
    {
      name: "column",
      label: "Marked channel j",
      range: () => [0, view.state.d_model - 1],
      value: () => view.state.channel,
      say: () => `channel ${view.state.channel}, ${called(view.state)}`,
      place: () => view.geometry.columnTag,
      move: (j) => view.set({ channel: j }),
      drag: (x) => view.set({ channel: channelAt(view, view.geometry.table, x) }),
    },
    {
      name: "row",
      label: "Marked position t",
      vertical: true,
      invert: true,
      range: () => [0, ROWS - 1],
      value: () => Math.round(view.state.t),
      say: () => `position ${Math.round(view.state.t)}`,
      place: () => view.geometry.rowTag,
      move: (t) => view.set({ t }),
      drag: (_x, y) => view.set({ t: positionAt(view, y) }),
    },
  ],
  pointer: {
    hit(view, x, y) {
      const { table, beside, ladder } = view.geometry;
      if (inside(table, x, y, 34)) return "table";
      if (inside(beside, x, y)) return isWrong(view.state) ? "beside" : "waves";
      return inside(ladder, x, y, 30) ? "ladder" : null;
    },
    drag(view, region, x, y) {
      const { table } = view.geometry;
      const box = view.geometry[region];
      if (box) view.set({ channel: channelAt(view, box, x) });
      if (region !== "ladder" && y >= table.y && y <= table.y + table.h)
        view.set({ t: positionAt(view, y) });
    },
  },
  finding,
  say: (state) => {
    const shown = channelWavelength(state.channel, specOf(state));
    const right = channelWavelength(state.channel, rightOf(state));
    const v = signed(value(Math.round(state.t), state.channel, specOf(state)));
    const wrong = !isWrong(state)
      ? ""
      : same(shown, right)
        ? `, which the mistake (${state.mistake}) does not touch`
        : ` by mistake (${state.mistake}), where ${quantity(right)} is right`;
    return `Channel ${state.channel}: ${called(state)}, wavelength ${quantity(shown)} positions${wrong}; at position ${Math.round(state.t)} its value is ${v}.`;
  },
  facts: (state) => {
    const all = survey(state);
    const [i, cosine] = pairOf(state.channel, state.d_model, state.channel_layout);
    return {
      pair: String(i),
      function: cosine ? "cosine" : "sine",
      wavelength: quantity(all.shown[state.channel]),
      should: quantity(all.right[state.channel]),
      slowest: quantity(all.slowest),
      slowest_right: quantity(all.slowestRight),
      kept: String(all.kept),
      pairs: String(state.d_model / 2),
    };
  },
  data: (state) => {
    const all = survey(state);
    const wrong = isWrong(state);
    const columns = ["j", "pair", "function", "wavelength", ...(wrong ? [state.mistake] : [])];
    const rows = Array.from({ length: state.d_model }, (_, j) => {
      const [i, cosine] = pairOf(j, state.d_model, state.channel_layout);
      return [j, i, cosine ? "cos" : "sin", all.right[j], ...(wrong ? [all.shown[j]] : [])];
    });
    return { columns, rows };
  },
});
