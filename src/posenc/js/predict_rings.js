/**
 * How many of these clocks come round? A row of rings, one for each pair; the guess is a line
 * below it, from the first ring to the last that is thought to finish a turn. The truth fills each
 * ring as far as its hand turns and draws its own line above.
 */

import { clamp, disc, line, TAU, text, textWidth } from "./canvas.js";
import { plural } from "./format.js";
import { judge, progress, TRAITS } from "./predict.js";
import { defineView } from "./view.js";

const ROW = 68; // CSS pixels from one row of rings to the next
const RING = 28; // from the top of a row to the middle of its rings
const ABOVE = 9; // to the line of the truth
const BELOW = 47; // to the line of the guess
const NARROW = 500; // below this width two rows

function lay(width, n) {
  const per = Math.min(n, width < NARROW ? 16 : 32);
  const pitch = width / per;
  return { per, pitch, rows: Math.ceil(n / per), radius: Math.min(10, pitch * 0.36) };
}

/** The line from the first ring to the m-th, row by row, with its name at the end. */
function mark(view, count, y0, colour, label, low) {
  const { c, geometry, width } = view;
  const { per, pitch, rows } = geometry;
  for (let r = 0; r < rows; r++) {
    const here = clamp(count - r * per, 0, per);
    if (!here && (count || r)) continue;
    const y = r * ROW + y0;
    const end = Math.max(0.12 * pitch + 1, (here - 0.12) * pitch);
    line(c, 0.12 * pitch, y, end, y, colour, 2);
    if (count > (r + 1) * per) continue;
    const room = textWidth(c, label, { size: 11.5, weight: 500 });
    const beside = end + 7 + room <= width;
    text(c, label, beside ? end + 7 : width - room, beside ? y + 4 : y + (low ? 15 : -5), {
      size: 11.5,
      weight: 500,
      colour,
    });
    return { x: end, y };
  }
  return null;
}

function draw(view, state) {
  const n = state.turns.length;
  const geometry = lay(view.width0, n);
  view.geometry = geometry;
  const c = view.fit(geometry.rows * ROW);
  const { hex } = view.palette;
  const { per, pitch, radius } = geometry;
  const u = progress(view, state);
  const turned = state.turns.map((x) => Math.min(1, x) * u);
  for (const [i, part] of turned.entries()) {
    const x = ((i % per) + 0.5) * pitch;
    const y = Math.floor(i / per) * ROW + RING;
    disc(c, x, y, radius, null, hex.edge, 1);
    if (part >= 0.999) disc(c, x, y, radius, hex.pos, null);
    else if (part > 0) {
      c.beginPath();
      c.arc(x, y, radius, 0, -part * TAU, true);
      c.strokeStyle = hex.pos;
      c.lineWidth = 3;
      c.stroke();
    }
  }
  const guess = clamp(Math.round(state.guess), 0, n);
  geometry.end = mark(view, guess, BELOW, hex.ink, "my guess", true);
  view.memory.truth =
    u > 0 ? mark(view, state.truth, ABOVE, hex.pos, "a full turn or more", false) : null;
  view.memory.values = turned;
  view.memory.guess = guess;
}

const countAt = (view, x, y) => {
  const { per, pitch, rows } = view.geometry;
  const row = clamp(Math.floor(y / ROW), 0, rows - 1);
  return clamp(row * per + Math.round(x / pitch), 0, view.state.turns.length);
};

/** How guess and truth compare, in a sentence. */
export function ringsVerdict({ guess, truth, turns }) {
  const mine = Math.round(guess);
  const said =
    mine === truth
      ? "Just so."
      : `You said ${mine}: ${Math.abs(mine - truth) <= 2 ? "close, but " : ""}too ${mine > truth ? "many" : "few"}.`;
  return `${truth} of ${turns.length}. ${said}`;
}

export const rings = defineView({
  label: "A row of clocks, fast ones first, with your guess marked below it",
  traits: [...TRAITS, "turns"],
  fix: judge(ringsVerdict),
  draw,
  handles: (view) => [
    {
      name: "line",
      label: "My guess: how many clocks finish a turn",
      range: () => [0, view.state.turns.length],
      value: () => Math.round(view.state.guess),
      say: () => plural(Math.round(view.state.guess), "clock"),
      place: () => {
        const { end } = view.geometry;
        return end && { x: clamp(end.x - 22, 0, view.width - 44), y: end.y - 22, w: 44, h: 40 };
      },
      move: (guess) => view.set({ guess }),
      drag: (x, y) => view.set({ guess: countAt(view, x, y) }),
    },
  ],
  pointer: {
    hit: () => "guess",
    drag: (view, _region, x, y) => view.set({ guess: countAt(view, x, y) }),
  },
  say: (state) =>
    `You guess that ${plural(Math.round(state.guess), "clock")} of ${state.turns.length} finish a turn.${
      state.answered ? ` ${state.truth} do.` : ""
    }`,
  facts: (state) => ({ guess: String(Math.round(state.guess)) }),
  data: (state) => ({
    columns: ["pair", "turns"],
    rows: state.answered ? state.turns.map((x, i) => [i, x.toFixed(6)]) : [],
  }),
});
