/**
 * Read down the line: the slowest-growing part of the encoding as waves over the positions, water
 * below zero and land above it, and a line that can be dragged. What the line crosses is the
 * column of numbers at the right: what the position is told about itself.
 *
 * The waves are painted once for each base and size; a move of the line only lays that picture
 * down again.
 */

import { clamp, disc, line, niceStep, tag, text } from "./canvas.js";
import { channelOf, fill, frequencies, plan, TURN, value } from "./encodings.js";
import { quantity, signed, thousands } from "./format.js";
import { defineView } from "./view.js";

const TRAITS = ["t", "d_model", "base", "length", "waves"];
const INVITATION = { from: 4, wait: 400, lasts: 1500 }; // ms: the one movement unasked

const specOf = ({ d_model, base }) => ({ d: d_model, base });

/** Where everything goes, in CSS pixels, for a stage of this width. */
function lay(width, state) {
  const small = width < 560;
  const rise = small ? 27 : 36;
  const left = small ? 0 : 54;
  const cells = { w: small ? 22 : 52 };
  const numbers = small ? 40 : 52;
  const gap = small ? 12 : 18;
  const top = 36;
  const right = width - numbers - cells.w - gap;
  const bottom = top + rise * state.waves;
  return {
    small,
    rise,
    amp: rise * 0.44,
    plot: { x: left, y: top, w: right - left, h: bottom - top },
    cells: { ...cells, x: right + gap },
    numbers: width - 1,
    height: bottom + 40,
  };
}

/**
 * All waves with their water and land, on a canvas of their own. Colour changes along the wave
 * only, so a row of colours is stretched to the height of the wave and clipped by its outline.
 */
function paint(view, state, { plot, rise, amp }) {
  const { memory, palette, ratio } = view;
  const { length, waves } = state;
  const key = [plot.w, plot.h, ratio, length, waves, state.d_model, state.base].join();
  if (memory.key === key) return memory.image;
  const columns = Math.ceil(plot.w * ratio);
  const spec = specOf(state);
  const channels = Array.from({ length: waves }, (_, i) => channelOf(i, false, state.d_model));
  const step = (length - 1) / (columns - 1);
  const heights = fill(new Float32Array(columns * waves), plan(spec, channels), columns, { step });

  const colours = document.createElement("canvas");
  colours.width = columns;
  colours.height = waves;
  const data = new ImageData(columns, waves);
  const pixels = new Uint32Array(data.data.buffer);
  for (let i = 0; i < waves; i++)
    for (let x = 0; x < columns; x++)
      pixels[i * columns + x] = palette.packed[(heights[x * waves + i] * 128 + 128.5) | 0];
  colours.getContext("2d").putImageData(data, 0, 0);

  const image = memory.image ?? document.createElement("canvas");
  image.width = columns;
  image.height = Math.ceil(plot.h * ratio);
  const c = image.getContext("2d");
  c.scale(ratio, ratio);
  c.imageSmoothingEnabled = false;
  for (let i = 0; i < waves; i++) {
    const y = rise * (i + 0.5);
    const outline = new Path2D();
    for (let x = 0; x < columns; x++)
      outline.lineTo((x + 0.5) / ratio, y - heights[x * waves + i] * amp);
    const body = new Path2D(outline);
    body.lineTo((columns - 0.5) / ratio, y);
    body.lineTo(0.5 / ratio, y);
    body.closePath();
    c.save();
    c.clip(body);
    c.drawImage(colours, 0, i, columns, 1, 0, y - amp, columns / ratio, 2 * amp);
    c.restore();
    line(c, 0, y, plot.w, y, palette.hex.rule);
    c.globalAlpha = 0.82;
    c.strokeStyle = palette.hex.ink;
    c.lineWidth = 1;
    c.stroke(outline);
    c.globalAlpha = 1;
  }
  Object.assign(memory, { key, image, heights, columns, painted: (memory.painted ?? 0) + 1 });
  return image;
}

function draw(view, state) {
  const geometry = lay(view.width0, state);
  const c = view.fit(geometry.height);
  view.geometry = geometry;
  const { plot, cells, numbers, small, rise, amp } = geometry;
  const { hex, css } = view.palette;
  const t = invited(view, state.t);
  const spec = specOf(state);
  const last = state.length - 1;
  const xOf = (p) => plot.x + (plot.w * p) / last;
  const x = xOf(t);
  const bottom = plot.y + plot.h;
  const values = Float64Array.from({ length: state.waves }, (_, i) =>
    value(t, channelOf(i, false, spec.d), spec),
  );
  Object.assign(view.memory, { t, x, values });

  c.drawImage(paint(view, state, geometry), plot.x, plot.y, plot.w, plot.h);
  const quiet = { size: 11.5, colour: hex["ink-3"] };
  if (!small) {
    const omegas = frequencies(spec);
    for (let i = 0; i < state.waves; i++)
      text(c, quantity(TURN / omegas[i]), plot.x - 10, plot.y + rise * (i + 0.5), {
        ...quiet,
        align: "right",
        baseline: "middle",
      });
  }

  // the line, and what it crosses
  line(c, x, plot.y - 10, x, bottom + 1, hex.paper, 4.5);
  line(c, x, plot.y - 10, x, bottom + 1, hex.pos, 1.75);
  for (const [i, v] of values.entries()) {
    const y = plot.y + rise * (i + 0.5);
    const r = small ? 4.5 : 5.5;
    disc(c, x, y - v * amp, r + 2, hex.paper);
    disc(c, x, y - v * amp, r, css(v), hex.pos, 1.75);
    c.fillStyle = css(v);
    c.fillRect(cells.x, plot.y + rise * i, cells.w, rise);
    text(c, signed(v, 2), numbers, y + 0.5, {
      size: small ? 12 : 13,
      colour: hex.ink,
      align: "right",
      baseline: "middle",
    });
  }
  c.strokeStyle = hex.edge;
  c.lineWidth = 1;
  c.strokeRect(cells.x + 0.5, plot.y + 0.5, cells.w - 1, plot.h - 1);
  const label = tag(
    c,
    `*t* = ${thousands(t)}`,
    clamp(x, plot.x + 25, plot.x + plot.w - 25),
    plot.y - 19,
    hex.pos,
    hex.paper,
  );
  text(c, "what is told", numbers, plot.y - 13, { ...quiet, colour: hex["ink-2"], align: "right" });

  // axes
  const every = small ? niceStep(last, 4) : niceStep(last, 7);
  for (let p = 0; p <= last; p += every) {
    line(c, xOf(p), bottom + 2, xOf(p), bottom + 6, hex.edge);
    text(c, thousands(p), xOf(p), bottom + 19, {
      ...quiet,
      align: p || plot.x ? "center" : "left",
    });
  }
  text(c, "position *t*", plot.x + plot.w, bottom + (small ? 34 : 36), {
    ...quiet,
    align: "right",
  });
  if (!small) text(c, "wavelength", 0, bottom + 36, quiet);
  geometry.grip = { x: x - 22, y: 2, w: 44, h: bottom + 22 };
  placeHint(view, label);
}

/** "Drag the line" stands beside the tag until somebody has. */
function placeHint(view, label) {
  const { hint, geometry } = view;
  const { plot } = geometry;
  hint.hidden = Boolean(view.touched);
  const fits = label.left + label.width + 12 + hint.offsetWidth <= plot.x + plot.w;
  const x = fits ? label.left + label.width + 12 : label.left - 12 - hint.offsetWidth;
  hint.style.transform = `translate(${x}px, ${plot.y - 26}px)`;
}

/**
 * The position that is drawn: t itself, but for the one movement unasked. When the figure is first
 * seen the line glides to t, unless the reader is quicker, a link has asked for another state, or
 * less motion is wanted.
 */
function invited(view, t) {
  view.invitation ??= invite(view);
  const { to, start } = view.invitation;
  if (to === null || view.calm || view.touched || view.state.t !== to) {
    view.invitation.to = null;
    return t;
  }
  if (start === null) return INVITATION.from; // not yet seen
  const u = clamp((performance.now() - start) / INVITATION.lasts, 0, 1);
  if (u === 1) view.invitation.to = null;
  else view.invalidate();
  return INVITATION.from + (to - INVITATION.from) * (1 - (1 - u) ** 3);
}

function invite(view) {
  const invitation = { to: view.calm ? null : view.state.t, start: null };
  const sight = new IntersectionObserver(
    ([entry]) => {
      if (!entry.isIntersecting) return;
      sight.disconnect();
      invitation.start = performance.now() + INVITATION.wait;
      view.invalidate();
    },
    { threshold: 0.5 },
  );
  if (invitation.to !== null) sight.observe(view.stage);
  return invitation;
}

function moveTo(view, t) {
  view.touched = true;
  view.set({ t: clamp(Math.round(t), 0, view.state.length - 1) });
  view.invalidate();
}

const dragTo = (view, x) => {
  const { plot } = view.geometry;
  moveTo(view, ((x - plot.x) / plot.w) * (view.state.length - 1));
};

const heightsAt = (state) =>
  Array.from({ length: state.waves }, (_, i) =>
    value(state.t, channelOf(i, false, state.d_model), specOf(state)),
  );

export const waves = defineView({
  label:
    "Sine waves over the positions, one below the other, with a line that marks one position and the heights under it as a column of numbers",
  traits: TRAITS,
  glide: ["t"],
  fix: (state) => ({ t: clamp(Math.round(state.t), 0, state.length - 1) }),
  draw,
  handles: (view) => {
    view.hint = document.createElement("p");
    view.hint.className = "hint";
    view.hint.textContent = "Drag the line";
    view.hint.setAttribute("aria-hidden", "true"); // the handle says what it is
    view.stage.append(view.hint);
    return [
      {
        name: "line",
        label: "Position t",
        range: () => [0, view.state.length - 1],
        value: () => view.state.t,
        say: () => `position ${thousands(view.state.t)}`,
        place: () => view.geometry.grip,
        move: (t) => moveTo(view, t),
        drag: (x) => dragTo(view, x),
      },
    ];
  },
  pointer: {
    hit(view, x, y) {
      const { plot } = view.geometry;
      return x >= plot.x - 12 && x <= plot.x + plot.w + 10 && y < plot.y + plot.h + 24
        ? "plot"
        : null;
    },
    drag: (view, _region, x) => dragTo(view, x),
  },
  say: (state) =>
    `Position ${thousands(state.t)}: ${heightsAt(state)
      .map((v) => signed(v, 2))
      .join(", ")}.`,
  facts: (state) => {
    const omegas = frequencies(specOf(state));
    return {
      position: thousands(state.t),
      ratio: quantity(omegas[0] / omegas[1]),
      shortest: quantity(TURN / omegas[0]),
      longest: quantity(TURN / omegas[state.waves - 1]),
    };
  },
  data: (state) => {
    const columns = ["t", ...Array.from({ length: state.waves }, (_, i) => `i${i}`)];
    const rows = function* () {
      for (let t = 0; t < state.length; t++)
        yield [t, ...heightsAt({ ...state, t }).map((v) => v.toFixed(6))];
    };
    return { columns, rows: rows() };
  },
});
