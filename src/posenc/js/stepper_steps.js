/**
 * The proof in five steps, in symbols and beside them in the reader's own numbers. A click on a
 * step, Back, Next and the arrow keys go through it. The colour of a symbol or a number says sine
 * or cosine, the line under a number t or k. A symbol that is pointed at lights what belongs to it,
 * here and in the drawing; for a keyboard each formula is one stop, and left and right walk its
 * symbols.
 *
 * Formulas are plain elements: this is too little mathematics to ship a typesetter for.
 */

import { signed } from "./format.js";
import { isLit } from "./stepper_draw.js";

export const TITLES = [
  "start where you want to end",
  "split the angle",
  "open each sum",
  "collect what multiplies the pair at t",
  "look for t in the matrix",
];

const SPOKEN = { t: "position t", k: "offset k", w: "the frequency omega", M: "the matrix M" };
const FUNCTIONS = { sin: "sin, the sine", cos: "cos, the cosine" };

/** An element with a class and children; a string child is text. */
function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

// -- symbols -------------------------------------------------------------------------------------

/** A symbol that can be pointed at: `light` is what it lights, `names` what it belongs to. */
function symbol(node, light, names = light) {
  node.classList.add("sy");
  node.dataset.light = light;
  node.dataset.names = names;
  return node;
}

/** Symbols as they stand in one formula; inside the matrix each belongs to the matrix too. */
function letters(inside = "") {
  const of = (name) => (inside ? `${name} ${inside}` : name);
  return {
    t: () => symbol(make("i", "m w-pos", "t"), "t", of("t")),
    k: () => symbol(make("i", "m w-off", "k"), "k", of("k")),
    w: () => symbol(make("i", "m", "ω"), "w", of("w")),
    sin: () => symbol(make("span", "fn w-sin", "sin"), "sin", of("sin")),
    cos: () => symbol(make("span", "fn w-cos", "cos"), "cos", of("cos")),
  };
}

/** A matrix in square brackets, from rows of lists of nodes and strings. */
function matrix(rows, className = "") {
  const box = make("span", `mat ${className}`);
  box.style.setProperty("--columns", rows[0].length);
  for (const cell of rows.flat()) box.append(make("span", "cell", ...cell));
  return box;
}

/** Symbols of the five steps, each a list of lines; a line is a list of nodes and strings. */
function symbols() {
  const { t, k, w, sin, cos } = letters();
  const m = letters("M k");
  const sum = () => ["(", w(), t(), " + ", w(), k(), ")"];
  const both = () => [w(), "(", t(), " + ", k(), ")"];
  const inside = () =>
    matrix(
      [
        [
          [m.cos(), " ", m.w(), m.k()],
          [m.sin(), " ", m.w(), m.k()],
        ],
        [
          ["−", m.sin(), " ", m.w(), m.k()],
          [m.cos(), " ", m.w(), m.k()],
        ],
      ],
      "only-k",
    );
  const pair = () => matrix([[[sin(), " ", w(), t()]], [[cos(), " ", w(), t()]]]);
  const name = symbol(make("i", "m", "M"), "M", "M k");
  return [
    [[matrix([[[sin(), " ", ...both()]], [[cos(), " ", ...both()]]])]],
    [[...both(), " = ", w(), t(), " + ", w(), k()]],
    [
      [
        sin(),
        ...sum(),
        " = ",
        cos(),
        " ",
        w(),
        k(),
        " ",
        sin(),
        " ",
        w(),
        t(),
        " + ",
        sin(),
        " ",
        w(),
        k(),
        " ",
        cos(),
        " ",
        w(),
        t(),
      ],
      [
        cos(),
        ...sum(),
        " = −",
        sin(),
        " ",
        w(),
        k(),
        " ",
        sin(),
        " ",
        w(),
        t(),
        " + ",
        cos(),
        " ",
        w(),
        k(),
        " ",
        cos(),
        " ",
        w(),
        t(),
      ],
    ],
    [[inside(), pair()]],
    [[name, make("sub", "", make("i", "m w-off", "k")), " = ", inside()]],
  ];
}

/** What a screen reader says of each formula. */
const READ = [
  "The pair of sine of omega times t plus k, and cosine of omega times t plus k",
  "Omega times t plus k equals omega t plus omega k",
  "Sine of omega t plus omega k equals cosine omega k, sine omega t, plus sine omega k, cosine omega t. Cosine of omega t plus omega k equals minus sine omega k, sine omega t, plus cosine omega k, cosine omega t",
  "The matrix with rows cosine omega k, sine omega k, and minus sine omega k, cosine omega k, times the pair of sine omega t and cosine omega t",
  "M for k is the matrix with rows cosine omega k, sine omega k, and minus sine omega k, cosine omega k. It holds no t",
];

// -- numbers -------------------------------------------------------------------------------------

/** What each number of the steps is: its value, sine or cosine, and the t or k under it. */
const NUMBERS = {
  sinTK: { of: (n) => n.there[0], colour: "sin", names: "sin tk" },
  cosTK: { of: (n) => n.there[1], colour: "cos", names: "cos tk" },
  sinT: { of: (n) => n.here[0], colour: "sin", under: "t", names: "sin t" },
  cosT: { of: (n) => n.here[1], colour: "cos", under: "t", names: "cos t" },
  sinK: { of: (n) => n.turned[0], colour: "sin", under: "k", names: "sin M k w" },
  minusSinK: { of: (n) => -n.turned[0], colour: "sin", under: "k", names: "sin M k w" },
  cosK: { of: (n) => n.turned[1], colour: "cos", under: "k", names: "cos M k w" },
  angle: { of: (n) => n.b, names: "tk w" },
  angleT: { of: (n) => n.a, under: "t", names: "t w" },
  angleK: { of: (n) => n.turn, under: "k", names: "k w" },
};

/** Numbers of the five steps in the same form; each number is kept in `slots` to be filled. */
function figures(slots) {
  const n = (key) => {
    const { colour, under, names } = NUMBERS[key];
    const node = make("span", `n${colour ? ` w-${colour}` : ""}${under ? ` of-${under}` : ""}`);
    slots.push([node, key]);
    return symbol(node, names);
  };
  const times = (a, b) => [n(a), " · ", n(b)];
  const inside = () =>
    matrix(
      [
        [[n("cosK")], [n("sinK")]],
        [[n("minusSinK")], [n("cosK")]],
      ],
      "only-k",
    );
  const dashes = make("span", "w-off", "dashed");
  return [
    [[matrix([[[n("sinTK")]], [[n("cosTK")]]])]],
    [[n("angle"), " = ", n("angleT"), " + ", n("angleK"), " radians"]],
    [
      [n("sinTK"), " = ", ...times("cosK", "sinT"), " + ", ...times("sinK", "cosT")],
      [n("cosTK"), " = ", ...times("minusSinK", "sinT"), " + ", ...times("cosK", "cosT")],
    ],
    [[inside(), matrix([[[n("sinT")]], [[n("cosT")]]])]],
    [
      [
        inside(),
        make("span", "aside", "every line is ", dashes, ": only ", make("i", "m w-off", "k")),
      ],
    ],
  ];
}

const lines = (className, rows) =>
  make("div", className, ...rows.map((row) => make("div", "line", ...row)));

// -- the panel -----------------------------------------------------------------------------------

/** Builds the panel under the drawing; `update` fills it and shows how far the proof has come. */
export function createSteps(view) {
  const panel = make("div", "proof-steps");
  panel.setAttribute("role", "group");
  panel.setAttribute("aria-label", "The proof in five steps");
  const said = make("p", "sr");
  said.setAttribute("aria-live", "polite");
  const back = make("button", "st-back", "Back");
  const next = make("button", "st-next", "Next step");
  const where = make("span", "st-where");
  back.type = next.type = "button";
  const list = make("ol", "st-rows");
  panel.append(make("div", "st-bar", back, where, next), list, said);
  const slots = [];
  const formulas = symbols();
  const sums = figures(slots);
  const rows = TITLES.map((title, n) => {
    const head = make("button", "st-head", make("b", "st-no", String(n + 1)), titleOf(title));
    head.type = "button";
    const signs = lines("st-sym", formulas[n]);
    walkable(view, signs, n, said);
    const row = make("li", "", head, signs, lines("st-num", sums[n]));
    head.addEventListener("click", () => view.set({ step: n + 1 }));
    list.append(row);
    return { row, head };
  });

  const go = (step, focus) => {
    const to = Math.max(1, Math.min(TITLES.length, step));
    view.set({ step: to });
    if (focus) rows[to - 1].head.focus({ preventScroll: true });
    requestAnimationFrame(() => rows[to - 1].row.scrollIntoView({ block: "nearest" }));
  };
  back.addEventListener("click", () => go(view.state.step - 1));
  next.addEventListener("click", () => go(view.state.step + 1));
  panel.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || !event.target.closest("button")) return;
    const { step } = view.state;
    const ends = { Home: 1, End: TITLES.length };
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by && !ends[event.key]) return;
    event.preventDefault();
    go(ends[event.key] ?? step + by, event.target.closest(".st-head"));
  });
  lightUnderPointer(view, panel);
  view.stage.after(panel);

  let shownStep = 0;
  let shownLight = null;
  return {
    update(now, light) {
      for (const [node, key] of slots) {
        const words = signed(NUMBERS[key].of(now));
        if (node.textContent !== words) node.textContent = words;
      }
      if (shownLight !== light)
        for (const node of panel.querySelectorAll("[data-names]"))
          node.classList.toggle("dim", !isLit(light, node.dataset.names));
      shownLight = light;
      if (shownStep === now.step) return;
      shownStep = now.step;
      where.textContent = `Step ${now.step} of ${TITLES.length}`;
      setDisabled(back, now.step === 1, next);
      setDisabled(next, now.step === TITLES.length, back);
      for (const [n, { row, head }] of rows.entries()) {
        row.className = n + 1 > now.step ? "later" : n + 1 === now.step ? "now" : "";
        if (n + 1 === now.step) head.setAttribute("aria-current", "step");
        else head.removeAttribute("aria-current");
      }
    },
  };
}

/** A button that is of no use now; the focus moves on, so that a keyboard is not left nowhere. */
function setDisabled(button, disabled, other) {
  const focused = document.activeElement === button;
  button.disabled = disabled;
  if (disabled && focused) {
    other.disabled = false;
    other.focus();
  }
}

/** The words of a step, its t as a letter. */
function titleOf(title) {
  const [first, ...rest] = title.split(/\bt\b/);
  const words = make("span", "st-title", first[0].toUpperCase() + first.slice(1));
  for (const part of rest) words.append(make("i", "m w-pos", "t"), part);
  return words;
}

/** Pointing at a symbol or a number lights what belongs to it. */
function lightUnderPointer(view, panel) {
  const light = (what) => {
    if (view.lit === what) return;
    view.lit = what;
    view.invalidate();
  };
  panel.addEventListener("pointerover", (event) => {
    const mark = event.target.closest?.("[data-light]");
    const box = event.target.closest?.(".only-k");
    light(mark?.dataset.light ?? (box ? "M" : null));
  });
  panel.addEventListener("pointerleave", () => light(null));
}

/** Makes a formula one stop for the keyboard, whose symbols left and right walk along. */
function walkable(view, formula, n, said) {
  const marks = [...formula.querySelectorAll(".sy")];
  let here = -1;
  formula.tabIndex = 0;
  formula.setAttribute("role", "listbox");
  formula.setAttribute("aria-orientation", "horizontal");
  formula.setAttribute("aria-label", `${READ[n]}. Left and right walk the symbols`);
  for (const [at, mark] of marks.entries()) {
    mark.id = `${view.model.model_id ?? "stepper"}-${n}-${at}`;
    mark.setAttribute("role", "option");
    const { light } = mark.dataset;
    mark.setAttribute("aria-label", SPOKEN[light] ?? FUNCTIONS[light]);
  }
  const stand = (at) => {
    marks[here]?.classList.remove("here");
    here = at;
    const mark = marks[here];
    mark?.classList.add("here");
    if (mark) formula.setAttribute("aria-activedescendant", mark.id);
    else formula.removeAttribute("aria-activedescendant");
    for (const other of marks) other.setAttribute("aria-selected", String(other === mark));
    view.lit = mark?.dataset.light ?? null;
    said.textContent = mark ? `${mark.getAttribute("aria-label")} is lit` : "";
    view.invalidate();
  };
  formula.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by)
      stand(here < 0 ? (by > 0 ? 0 : marks.length - 1) : (here + by + marks.length) % marks.length);
    else if (event.key === "Home") stand(0);
    else if (event.key === "End") stand(marks.length - 1);
    else if (event.key === "Escape" && here >= 0) stand(-1);
    else return;
    event.preventDefault();
  });
  formula.addEventListener("blur", () => here >= 0 && stand(-1));
}
