/**
 * What every view shares: a stage with a canvas, handles laid over it, a spoken line, one redraw
 * per frame at most and only while it can be seen. A view itself is a plain object (see
 * `defineView`) that says which traits it reads, how it draws them, and which marks are handles.
 */

import { clamp, fitCanvas, fontsReady } from "./canvas.js";
import { createHandle, pointIn, sideways } from "./handles.js";
import { inline } from "./inline.js";
import { readPalette, watchTheme } from "./palette.js";
import { unpack } from "./tensors.js";

const REST = 350; // ms of rest before the state is spoken
const GLIDE = 90; // ms, time constant of a shown value that follows its trait
const KEPT_MEASURES = 600;

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** The traits of a model as a plain object. */
export function stateOf(model, names) {
  const state = {};
  for (const name of names) state[name] = model.get(name);
  return state;
}

/** Sets traits and tells the kernel, if there is one. */
export function setTraits(model, patch) {
  let changed = false;
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined || Object.is(model.get(name), value)) continue;
    model.set(name, value);
    changed = true;
  }
  if (changed) model.save_changes();
}

/** Reports one redraw to the User Timing API, and keeps its buffer short. */
let measured = 0;
export function timed(work) {
  const start = performance.now();
  work();
  performance.measure("posenc:update", { start, end: performance.now() });
  measured += 1;
  if (measured % KEPT_MEASURES === 0) performance.clearMeasures("posenc:update");
}

/**
 * @typedef {object} ViewSpec
 * @property {string} label                       what the picture is, for a screen reader
 * @property {string[]} traits                    traits that the drawing depends on
 * @property {Record<string, string[]>} [choices] traits with a fixed list of words; the trait
 *   NAME_index is kept equal to the place in the list, because a Dropdown links by index
 * @property {(state, changed?: string) => object} [fix]  traits that follow from others
 * @property {string[]} [glide]                   numeric traits whose shown value glides
 * @property {boolean | ((state) => boolean) | Record<string, boolean | ((state) => boolean)>}
 *   [payload]  whether the drawing needs the bytes in the trait `payload`, always or at this state; or
 *   the same for several traits, by name. On a page they come when the figure nears the window; until
 *   what this state needs is there nothing of it is drawn, said or known. `view.tensors` is what they
 *   hold
 * @property {(view, state) => void} draw         draws; calls view.fit(height) first
 * @property {(view) => object[]} [handles]       options for createHandle
 * @property {object} [pointer]                   {hit(view, x, y), drag(view, region, x, y), release(view), peek(view, x, y)}
 * @property {(state, view) => string} say            one sentence on the state
 * @property {(state, view) => string} [finding]   what is true at this state, one computed line
 *   shown under the drawing; may hold the markup of inline.js
 * @property {(state, view) => Record<string, string>} [facts]  computed words for the prose
 * @property {(state, view) => {columns: string[], rows: Iterable<Array>}} [data]  for the CSV tool
 * @property {(view) => {canvas, box: DOMRect}[]} [sheets]  what a saved picture shows beside the
 *   canvas: parts of the view that are HTML, painted
 */

/** Turns a ViewSpec into the two functions anywidget calls. */
export function defineView(spec) {
  const choices = spec.choices ?? {};
  return {
    initialize({ model }) {
      const tidy = (changed) => {
        for (const [name, words] of Object.entries(choices)) {
          const index = `${name}_index`;
          if (changed === index) setTraits(model, { [name]: words[model.get(index)] ?? words[0] });
          else setTraits(model, { [index]: Math.max(0, words.indexOf(model.get(name))) });
        }
        if (spec.fix) setTraits(model, spec.fix(stateOf(model, spec.traits), changed));
      };
      const watched = [...spec.traits, ...Object.keys(choices).map((name) => `${name}_index`)];
      for (const name of new Set(watched)) model.on(`change:${name}`, () => tidy(name));
      tidy();
    },
    render({ model, el }) {
      const view = createView(spec, model, el);
      return () => view.remove();
    },
  };
}

function createView(spec, model, el) {
  el.classList.add("posenc-view");
  const stage = document.createElement("div");
  stage.className = "stage";
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  const spoken = document.createElement("p");
  spoken.className = "sr";
  spoken.setAttribute("aria-live", "polite");
  stage.append(canvas);
  el.append(stage, spoken);

  const glide = new Set(spec.glide ?? []);
  const shown = stateOf(model, spec.traits);
  let frame = 0;
  let visible = true;
  let drawn = false;
  let dirty = true;
  let last = 0;
  let rest = 0;
  let again = 0;
  const parts = Object.keys(partsOf(spec));
  const unpacked = new Map(); // tensors by the bytes that hold them
  const merged = { from: [], tensors: {} };

  const view = {
    el,
    stage,
    canvas,
    model,
    palette: null,
    memory: {}, // what a drawing keeps between redraws
    geometry: {}, // where the drawing put things, for pointer and handles
    peek: null,
    get state() {
      return stateOf(model, spec.traits);
    },
    get calm() {
      return calm.matches;
    },
    set(patch) {
      setTraits(model, patch);
    },
    /** The arrays of the payload that have come, by name, read once: `{table: {shape, values}}`. */
    get tensors() {
      const come = parts.map((trait) => model.get(trait)).filter((bytes) => bytes && !bytes.fetch);
      if (come.length !== merged.from.length || come.some((bytes, n) => bytes !== merged.from[n])) {
        for (const bytes of come) if (!unpacked.has(bytes)) unpacked.set(bytes, unpack(bytes));
        for (const bytes of unpacked.keys()) if (!come.includes(bytes)) unpacked.delete(bytes);
        merged.from = come;
        merged.tensors = Object.assign({}, ...come.map((bytes) => unpacked.get(bytes)));
      }
      return merged.tensors;
    },
    invalidate() {
      dirty = true;
      if (!frame && (visible || !drawn)) frame = requestAnimationFrame(step);
    },
    /** Sizes the canvas to the stage's width and the given height, and clears it. */
    fit(height) {
      view.width = stage.clientWidth;
      view.height = height;
      view.small = view.width < 560;
      const { c, ratio } = fitCanvas(canvas, view.width, height);
      view.c = c;
      view.ratio = ratio;
      return c;
    },
    get width0() {
      return stage.clientWidth;
    },
  };

  const numbers = awaitPayload(spec, view);
  const handles = (spec.handles?.(view) ?? []).map((o) => createHandle(stage, o));

  /** Moves shown values towards the traits; true while some are still on their way. */
  function follow(now) {
    const state = view.state;
    const elapsed = last ? Math.min(100, now - last) : 16;
    let moving = false;
    for (const name of spec.traits) {
      const gap = glide.has(name) && drawn && !calm.matches ? state[name] - shown[name] : 0;
      if (Math.abs(gap) < 0.004) shown[name] = state[name];
      else {
        shown[name] += gap * (1 - Math.exp(-elapsed / GLIDE));
        moving = true;
      }
    }
    last = moving ? now : 0;
    return moving;
  }

  function step(now) {
    frame = 0;
    if (!stage.clientWidth) {
      // Not laid out: not yet, or for the moment in which JupyterLab changes its style sheet, after
      // which the size is as before and the ResizeObserver has nothing to report.
      again = setTimeout(() => visible && view.invalidate(), 100);
      return;
    }
    if (numbers.missing()) return; // drawn when they are there
    dirty = false;
    const moving = follow(now);
    try {
      view.palette ??= readPalette(el);
      timed(() => {
        spec.draw(view, shown);
        for (const handle of handles) handle.update();
      });
    } catch (error) {
      el.dataset.failed = String(error.message ?? error);
      delete el.dataset.waiting;
      throw error;
    }
    if (spec.finding) writeFinding(view, spec.finding(view.state, view));
    if (!drawn) {
      drawn = true;
      delete el.dataset.waiting;
      canvas.setAttribute("aria-label", `${spec.label}. ${spec.say(view.state, view)}`);
      el.dataset.drawn = "";
      el.dispatchEvent(new CustomEvent("posenc:drawn", { bubbles: true }));
    }
    if (moving || dirty) view.invalidate();
  }

  const changed = () => {
    view.invalidate();
    el.dispatchEvent(new CustomEvent("posenc:state", { bubbles: true }));
    clearTimeout(rest);
    rest = setTimeout(() => {
      if (numbers.missing()) return;
      const sentence = spec.say(view.state, view);
      spoken.textContent = sentence;
      canvas.setAttribute("aria-label", `${spec.label}. ${sentence}`);
    }, REST);
  };
  for (const name of spec.traits) model.on(`change:${name}`, changed);
  for (const trait of parts) model.on(`change:${trait}`, changed);

  if (spec.pointer) listenToPointer(view, spec.pointer);

  const sizes = new ResizeObserver(() => view.invalidate());
  sizes.observe(stage);
  const sight = new IntersectionObserver(
    (entries) => {
      visible = entries.at(-1).isIntersecting;
      if (visible && dirty) view.invalidate();
    },
    { rootMargin: "100px" },
  );
  sight.observe(el); // not the stage alone: a view may have more to show than its drawing
  const unwatch = watchTheme(() => {
    view.palette = null;
    view.memory = {};
    view.invalidate();
  });
  fontsReady().then(() => view.invalidate());
  view.invalidate();

  // What the exhibit's tools (and the tests) may ask of a view, reached through the DOM: views are
  // separate module instances in a notebook and share nothing else.
  el.posenc = {
    facts: () => (numbers.missing() ? {} : (spec.facts?.(view.state, view) ?? {})),
    data: () => {
      if (numbers.missing()) throw new Error("the numbers are still on their way");
      return spec.data?.(view.state, view);
    },
    missing: numbers.missing,
    say: () => (numbers.missing() ? "" : spec.say(view.state, view)),
    state: () => view.state,
    geometry: () => view.geometry,
    memory: () => view.memory,
    sheets: () => spec.sheets?.(view) ?? [],
    drawn: () => canvas.drawn, // words, discs and curves as the last drawing put them there
  };
  view.remove = () => {
    cancelAnimationFrame(frame);
    clearTimeout(rest);
    clearTimeout(again);
    sizes.disconnect();
    sight.disconnect();
    unwatch();
  };
  return view;
}

/** The traits that hold bytes a view draws from, each with whether it is needed. */
function partsOf({ payload }) {
  if (!payload) return {};
  return typeof payload === "object" ? payload : { payload };
}

/**
 * Fetches a view's payload when it is wanted: when the page says that the figure nears the window, or
 * as soon as a state is asked for that needs it. With a kernel the bytes are simply there.
 */
function awaitPayload(spec, view) {
  const { el, model } = view;
  const parts = Object.entries(partsOf(spec));
  const needed = (when) => (typeof when === "function" ? when(view.state) : when);
  // what stands in a trait until its bytes are there knows how to fetch them
  const wanted = () =>
    parts
      .filter(([trait, when]) => model.get(trait)?.fetch && needed(when))
      .map(([trait]) => trait);
  const missing = () => wanted().length > 0;
  let coming = false;
  async function come() {
    if (coming || !missing()) return;
    coming = true;
    const first = !("drawn" in el.dataset);
    if (first) el.dataset.waiting = "";
    try {
      // while it comes the reader may go on to a state that needs another part
      while (missing())
        await Promise.all(
          wanted().map(async (trait) => model.set(trait, await model.get(trait).fetch())),
        );
    } catch (error) {
      console.error("[posenc] the numbers of a figure could not be fetched", error);
      if (first) el.dataset.waiting = "failed";
      else
        el.dispatchEvent(
          new CustomEvent("posenc:trouble", {
            bubbles: true,
            detail:
              "The numbers for this could not be fetched. Choose it again when you are online.",
          }),
        );
    } finally {
      coming = false;
    }
  }
  if (parts.length) {
    if (missing()) el.dataset.waiting = "";
    el.addEventListener("alive:come", come);
    for (const name of spec.traits) model.on(`change:${name}`, come);
  }
  return { missing };
}

/** Puts the finding under the drawing, and leaves it alone while it says the same. */
function writeFinding(view, words) {
  if (view.memory.finding === words) return;
  view.memory.finding = words;
  if (!view.finding) {
    view.finding = document.createElement("p");
    view.finding.className = "finding";
    view.stage.after(view.finding);
  }
  view.finding.replaceChildren(inline(words));
}

/** A press on the drawing takes hold of the region under it; a hover only peeks. */
function listenToPointer(view, pointer) {
  const { canvas } = view;
  const at = (event) => pointIn(canvas, event);
  let region = null;
  let touched = null; // where a finger came down that may yet turn out to scroll the page
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    region = pointer.hit(view, ...at(event));
    if (region === null || region === undefined) {
      region = null;
      return;
    }
    canvas.setPointerCapture(event.pointerId);
    view.peek = null;
    touched = event.pointerType === "touch" ? at(event) : null;
    if (!touched) pointer.drag(view, region, ...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (region !== null) {
      const [x, y] = at(event);
      if (touched && !sideways(touched, [x, y])) return;
      touched = null;
      pointer.drag(view, region, x, y);
    } else if (event.pointerType === "mouse" && pointer.peek) {
      view.peek = pointer.peek(view, ...at(event));
      view.invalidate();
    }
  });
  for (const end of ["pointerup", "pointercancel"])
    canvas.addEventListener(end, (event) => {
      if (region === null) return;
      if (touched && end === "pointerup") pointer.drag(view, region, ...at(event)); // a tap
      pointer.release?.(view, region);
      region = null;
      touched = null;
    });
  canvas.addEventListener("pointerleave", () => {
    if (view.peek) view.invalidate();
    view.peek = null;
  });
}

/** Where a value falls between two pixels, and back. */
export const scale = (v0, v1, p0, p1) => {
  const to = (v) => p0 + ((v - v0) / (v1 - v0)) * (p1 - p0);
  to.invert = (p) =>
    clamp(v0 + ((p - p0) / (p1 - p0)) * (v1 - v0), Math.min(v0, v1), Math.max(v0, v1));
  return to;
};
