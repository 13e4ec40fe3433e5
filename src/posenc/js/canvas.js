/** Small drawing helpers on a 2-d canvas context; no state, no formulas. */

export const TAU = Math.PI * 2;
const SANS = '"Instrument Sans", "Helvetica Neue", Arial, sans-serif';
const SERIF = '"Source Serif", Georgia, serif';
const MATH = 'KaTeX_Math, "Source Serif", Georgia, serif';

export const clamp = (x, low, high) => Math.max(low, Math.min(high, x));

/** Resolves when the faces used on canvases are there, so that text is measured right. */
export const fontsReady = () =>
  Promise.all(
    ["400 12px", "600 12px"]
      .map((f) => `${f} "Instrument Sans"`)
      .concat('400 20px "Source Serif"', "italic 400 14px KaTeX_Math")
      .map((f) => document.fonts.load(f).catch(() => undefined)),
  ).then(() => measured.clear());

/**
 * Sizes a canvas to `width` x `height` CSS pixels at the screen's resolution (at most 3).
 *
 * From then on the canvas keeps what `text`, `disc`, `diamond` and `curve` put on it, in `canvas.drawn`, until
 * it is sized again for the next drawing: what a reader sees can be compared with what is true.
 */
export function fitCanvas(canvas, width, height) {
  const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.height = `${height}px`;
  }
  const c = canvas.getContext("2d");
  canvas.drawn = { words: [], discs: [], diamonds: [], curves: [] };
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, width, height);
  return { c, ratio };
}

/** The font of part `k` of a string: every second part is a mathematical letter. */
function fontOf(k, o) {
  const size = o.size ?? 12;
  if (k % 2) return `italic 400 ${size * 1.16}px ${MATH}`;
  return `${o.weight ?? 400} ${size}px ${o.serif ? SERIF : SANS}`;
}

// To measure a word takes longer than to draw it, and a redraw measures the same words again.
const KEPT_WIDTHS = 4000;
const measured = new Map();
document.fonts.addEventListener("loadingdone", () => measured.clear());

function widthOf(c, font, part) {
  if (!part) return 0;
  const key = `${font}|${part}`;
  let width = measured.get(key);
  if (width === undefined) {
    c.font = font;
    width = c.measureText(part).width;
    if (measured.size >= KEPT_WIDTHS) measured.clear();
    measured.set(key, width);
  }
  return width;
}

/** The parts of a string: every second one is a mathematical letter. */
const partsOf = (string, o) => (o.raw ? [String(string)] : String(string).split("*"));

// Whether the first letter is of a script that runs from right to left. (Marks of direction would do
// it too, but no font has them, and to look for one that has takes a hundred times as long.)
const LEFTWARDS =
  /^\P{L}*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/**
 * Text at (x, y); what stands between asterisks is set as a mathematical letter.
 * @param o {size, weight, align: "left"|"right"|"center", baseline, colour, serif, halo,
 *   raw: true for what a reader wrote, in which an asterisk is an asterisk,
 *   turn: radians by which it is turned about (x, y), clockwise}
 * @returns the width drawn
 */
export function text(c, string, x, y, o = {}) {
  const parts = partsOf(string, o);
  const fonts = parts.map((_, k) => fontOf(k, o));
  const widths = parts.map((part, k) => widthOf(c, fonts[k], part));
  const total = widths.reduce((a, b) => a + b, 0);
  if (o.turn) {
    c.save();
    c.translate(x, y);
    c.rotate(o.turn);
    c.translate(-x, -y);
  }
  let left = o.align === "right" ? x - total : o.align === "center" ? x - total / 2 : x;
  const { colour, turn = 0 } = o;
  c.canvas.drawn?.words.push({
    words: parts.join(""),
    x,
    y,
    colour,
    left,
    width: total,
    turn,
  });
  c.textAlign = "left";
  c.direction = o.raw && LEFTWARDS.test(string) ? "rtl" : "ltr";
  c.textBaseline = o.baseline ?? "alphabetic";
  for (const [k, part] of parts.entries()) {
    c.font = fonts[k];
    if (o.halo) {
      c.strokeStyle = o.halo;
      c.lineWidth = 4;
      c.lineJoin = "round";
      c.strokeText(part, left, y);
    }
    c.fillStyle = o.colour;
    c.fillText(part, left, y);
    left += widths[k];
  }
  if (o.turn) c.restore();
  return total;
}

/** The width `text` would take. */
export function textWidth(c, string, o = {}) {
  const parts = partsOf(string, o);
  return parts.reduce((sum, part, k) => sum + widthOf(c, fontOf(k, o), part), 0);
}

export function line(c, x1, y1, x2, y2, colour, width = 1, dash = []) {
  c.beginPath();
  c.setLineDash(dash);
  c.moveTo(x1, y1);
  c.lineTo(x2, y2);
  c.strokeStyle = colour;
  c.lineWidth = width;
  c.stroke();
  c.setLineDash([]);
}

/** The outline of a rectangle, on a halo of paper. */
export function outline(c, [x, y, w, h], colour, paper, width = 2) {
  for (const [ink, wide] of [
    [paper, 4],
    [colour, width],
  ]) {
    c.strokeStyle = ink;
    c.lineWidth = wide;
    c.strokeRect(x, y, w, h);
  }
}

/** A polyline through points [[x, y], ...]. */
export function curve(c, points, colour, width = 1.5, dash = []) {
  c.canvas.drawn?.curves.push({ points, colour, dash });
  c.beginPath();
  c.setLineDash(dash);
  for (const [k, [x, y]] of points.entries()) k ? c.lineTo(x, y) : c.moveTo(x, y);
  c.strokeStyle = colour;
  c.lineWidth = width;
  c.lineJoin = "round";
  c.stroke();
  c.setLineDash([]);
}

export function disc(c, x, y, r, fill, edge, width = 1.5) {
  c.canvas.drawn?.discs.push({ x, y, r, fill, edge });
  c.beginPath();
  c.arc(x, y, r, 0, TAU);
  if (fill) {
    c.fillStyle = fill;
    c.fill();
  }
  if (edge) {
    c.strokeStyle = edge;
    c.lineWidth = width;
    c.stroke();
  }
}

/** A square on its corner, the mark of an offset; r from its middle to each corner. */
export function diamond(c, x, y, r, fill, edge, width = 1.5) {
  c.canvas.drawn?.diamonds.push({ x, y, r, fill, edge });
  c.beginPath();
  c.moveTo(x, y - r);
  c.lineTo(x + r, y);
  c.lineTo(x, y + r);
  c.lineTo(x - r, y);
  c.closePath();
  if (fill) {
    c.fillStyle = fill;
    c.fill();
  }
  if (edge) {
    c.strokeStyle = edge;
    c.lineWidth = width;
    c.stroke();
  }
}

/** A value axis that is its own colour key: `colour(u)` at u from 0, its top, to 1. */
export function keyStrip(c, x, y, w, h, colour) {
  for (let k = 0; k < h; k++) {
    c.fillStyle = colour(k / (h - 1));
    c.fillRect(x, y + k, w, Math.min(1.5, h - k));
  }
}

/** A label set in reverse on `ground`, for a cursor; returns its left edge and width. */
export function tag(c, string, x, y, ground, paper, align = "center", size = 11.5) {
  const width = textWidth(c, string, { size, weight: 600 }) + 10;
  const left = align === "right" ? x - width : align === "left" ? x : x - width / 2;
  c.fillStyle = ground;
  c.fillRect(left, y - 9, width, 18);
  text(c, string, left + 5, y + 0.5, { size, weight: 600, colour: paper, baseline: "middle" });
  return { left, width };
}

/** A step of 1, 2 or 5 times a power of ten that divides `span` into about `n` parts. */
export function niceStep(span, n) {
  const raw = span / n;
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((k) => k * power).find((k) => k >= raw) ?? raw;
}
