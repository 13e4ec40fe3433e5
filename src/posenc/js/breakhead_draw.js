/** The drawing of the real head: the picture with its words, the hands, attention by distance. */

import { disc, keyStrip, line, outline, text, textWidth } from "./canvas.js";
import { quantity, signed } from "./format.js";
import { ROWS } from "./realhead.js";

const BACK = 6; // every so many words back the axis of distance has a number
const COLUMN = 5; // every so many columns the picture has a position

/** Where everything goes, in CSS pixels. */
function lay(view, words) {
  const width = view.width0;
  const stacked = width < 760;
  const small = width < 560;
  const c = view.canvas.getContext("2d");
  const size = 11;
  const longest = small ? 0 : Math.max(...words.map((w) => textWidth(c, w, { size, weight: 600 })));
  const left = small ? 4 : Math.ceil(longest) + 14;
  const room = stacked ? width - left - 32 : Math.min(410, 0.56 * width - left);
  const cell = Math.floor((10 * Math.min(room, 460)) / words.length) / 10;
  const heat = { x: left, y: 46, side: cell * words.length, cell };
  const x = stacked ? 8 : heat.x + heat.side + 66;
  const w = width - x - 12;
  const top = stacked ? heat.y + heat.side + 62 : heat.y - 26;
  const pitch = w / 5;
  const r = Math.min(30, 0.4 * pitch);
  const bank = { x, y: top + 32 + r, pitch, r };
  const plot = { x: x + 26, y: bank.y + r + 104, w: w - 26, h: stacked ? 130 : 150 };
  const bottom = Math.max(plot.y + plot.h + 52, heat.y + heat.side + 44);
  return { small, stacked, size, heat, bank, plot, top, height: bottom };
}

export function draw(view, state, solved) {
  const geometry = lay(view, state.spelt);
  view.geometry = geometry;
  view.fit(geometry.height);
  drawHeat(view, state, solved);
  drawWords(view, state, solved);
  drawEnd(view, state);
  drawRow(view, state, solved);
  drawDials(view, state, solved);
  drawDistances(view, solved);
}

function drawHeat(view, { first }, { weights, n }) {
  const { c, geometry, palette } = view;
  const { x, y, side, cell } = geometry.heat;
  for (let at = 0; at < n * n; at++) {
    c.fillStyle = palette.css(weights[at]);
    c.fillRect(x + (at % n) * cell, y + Math.floor(at / n) * cell, cell + 0.5, cell + 0.5);
  }
  c.strokeStyle = palette.hex.edge;
  c.lineWidth = 1;
  c.strokeRect(x - 0.5, y - 0.5, side + 1, side + 1);
  const axis = { size: 11.5, colour: palette.hex["ink-3"], align: "center" };
  for (let k = 0; k < n; k += COLUMN)
    text(c, String(first + k), x + (k + 0.5) * cell, y + side + 16, axis);
  text(c, "position of the word looked at", x + side / 2, y + side + 34, axis);
}

function drawWords(view, { spelt, t, words }, { best }) {
  const { c, geometry, palette } = view;
  if (geometry.small) return;
  const { heat, size } = geometry;
  for (const [row, word] of spelt.entries())
    text(
      c,
      words === "any words" ? "any word" : word,
      heat.x - 8,
      heat.y + (row + 0.5) * heat.cell,
      {
        size,
        weight: row === t || row === best ? 600 : 400,
        colour: row === t ? palette.hex.pos : palette.hex.tok,
        align: "right",
        baseline: "middle",
      },
    );
}

/** Where the table ends, if it ends within the picture. */
function drawEnd(view, { first, spelt }) {
  const { c, geometry, palette } = view;
  const { x, y, side, cell } = geometry.heat;
  const inside = ROWS - first;
  if (inside < 0 || inside > spelt.length) return;
  const ink = palette.hex.ink;
  line(c, x + inside * cell, y, x + inside * cell, y + side, ink, 1.25, [3, 3]);
  line(c, x, y + inside * cell, x + side, y + inside * cell, ink, 1.25, [3, 3]);
}

function drawRow(view, { t, first }, { weights, n, best, name, places }) {
  const { c, geometry, palette } = view;
  const { x, y, side, cell } = geometry.heat;
  const { hex } = palette;
  outline(c, [x, y + t * cell, side, cell], hex.pos, hex.paper);
  const row = { x: x + side + 10, y: y + (t + 0.5) * cell };
  disc(c, row.x, row.y, 7, hex.pos, hex.paper, 2);
  geometry.row = row;

  const at = view.peek ?? { row: t, column: best };
  const said = { size: 12.5, colour: hex["ink-2"] };
  const top = y - 14;
  let left = x;
  const own = at.row === t ? hex.pos : hex.tok;
  left += text(c, name(at.row), left, top, { ...said, weight: 600, colour: own });
  if (name(at.row) !== `the word at ${first + at.row}`)
    left += text(c, ` at ${first + at.row}`, left, top, said);
  left += text(c, " looks at ", left, top, said);
  if (at.row === at.column) left += text(c, "itself", left, top, said);
  else {
    left += text(c, name(at.column), left, top, { ...said, weight: 600, colour: hex.tok });
    left += text(c, `, ${places(at.row - at.column)}`, left, top, said);
  }
  text(c, `: ${signed(weights[at.row * n + at.column], 2)}`, left, top, said);
}

/** The hands of the marked word's position; one that is off is drawn as a ghost. */
function drawDials(view, { t, first }, { asking, sizes, periods, on }) {
  const { c, geometry, palette } = view;
  const { bank, top } = geometry;
  const { hex } = palette;
  const title = geometry.small
    ? "hands of this position: press to switch"
    : "the hands of this word\u2019s position: press one to switch it off";
  text(c, title, bank.x, top + 12, { size: 12, colour: hex["ink-3"] });
  const below = bank.y + bank.r + 52;
  text(c, "numbers: in how many positions it comes round", bank.x, below, {
    size: 11.5,
    colour: hex["ink-3"],
  });
  geometry.dials = on.map((lit, k) => {
    const [x, y] = [bank.x + (k + 0.5) * bank.pitch, bank.y];
    const [a, b] = [0, 1].map((s) => asking[t * 2 * on.length + 2 * k + s] / sizes[k]);
    const reach = (0.8 * bank.r) / Math.max(1, Math.hypot(a, b));
    const tip = [x + a * reach, y - b * reach];
    disc(
      c,
      x,
      y,
      bank.r,
      lit ? hex["pos-wash"] : hex.paper,
      lit ? hex.pos : hex.edge,
      lit ? 1.5 : 1,
    );
    line(c, x, y, ...tip, lit ? hex.pos : hex.edge, lit ? 2.5 : 1.25, lit ? [] : [3, 3]);
    disc(c, ...tip, lit ? 4 : 3, lit ? hex.pos : hex.paper, lit ? hex.paper : hex.edge);
    const centred = { size: 11.5, align: "center" };
    const ink = lit ? hex.ink : hex["ink-3"];
    text(c, quantity(periods[k]), x, y + bank.r + 17, { ...centred, weight: 600, colour: ink });
    text(c, lit ? "on" : "off", x, y + bank.r + 32, { ...centred, colour: ink });
    return { x, y, first, tip };
  });
}

/** The mean weight by how many words back it looks. */
function drawDistances(view, { byBack, n, previous }) {
  const { c, geometry, palette } = view;
  const { plot } = geometry;
  const { hex, css } = palette;
  const pitch = plot.w / (2 * n - 1);
  const xOf = (back) => plot.x + (back + n - 0.5) * pitch;
  const yOf = (value) => plot.y + plot.h * (1 - value);
  const axis = { size: 11.5, colour: hex["ink-3"] };
  text(c, "mean weight by distance, from the second word on", plot.x - 26, plot.y - 18, {
    ...axis,
    size: 12,
  });
  for (const value of [0, 0.5, 1]) {
    line(c, plot.x, yOf(value), plot.x + plot.w, yOf(value), value ? hex.rule : hex.edge);
    text(c, String(value), plot.x - 10, yOf(value), {
      ...axis,
      align: "right",
      baseline: "middle",
    });
  }
  keyStrip(c, plot.x - 6, plot.y, 4, plot.h, (u) => css(1 - u));
  const bar = Math.max(1.5, pitch - 1.5);
  for (let at = 0; at < byBack.length; at++) {
    const back = at - n + 1;
    c.fillStyle = back === 1 ? hex.off : hex.tok;
    c.fillRect(xOf(back) - bar / 2, yOf(byBack[at]), bar, plot.y + plot.h - yOf(byBack[at]));
  }
  const low = plot.y + plot.h + 16;
  for (let back = -Math.floor((n - 1) / BACK) * BACK; back < n; back += BACK)
    text(c, signed(back, 0), xOf(back), low, { ...axis, align: "center" });
  text(c, "words ahead", plot.x, low + 18, axis);
  text(c, "words back", plot.x + plot.w, low + 18, { ...axis, align: "right" });
  const label = `the word before: ${signed(previous, 2)}`;
  text(c, label, xOf(1) + 8, Math.min(yOf(previous) + 4, plot.y + plot.h - 14), {
    size: 12.5,
    weight: 600,
    colour: hex.off,
    halo: hex.paper,
  });
}
