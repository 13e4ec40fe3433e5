/**
 * The table of the scorecard: real HTML, one button for each verdict. It is one stop of the Tab
 * key; the arrow keys move inside it, and the evidence follows.
 */

import { learnedCalled } from "./learned.js";
import { namesOf } from "./score_cards.js";
import { READINGS } from "./scorecard.js";

/** What each reading is called. */
export const NAMES = {
  unique: "unique",
  relative: "consistent distances",
  independent: "independent of the length",
  deterministic: "deterministic",
  largest: "largest value",
};

/** What a row is called. */
const titleOf = (name) =>
  learnedCalled(name) ? [`${name} `, make("span", "learned", "(learned)")] : [name];

/** The columns: words for a narrow screen, and what the number is. */
const HEADS = {
  unique: ["unique", "closest two rows"],
  relative: ["dis\u00adtances", "spread at one offset"],
  independent: ["any length", "change at twice *L*"],
  deterministic: ["same again", "change, asked again"],
  largest: ["largest value", "sign aside"],
};

const capital = (word) => word[0].toUpperCase() + word.slice(1);

function make(name, className, ...children) {
  const el = document.createElement(name);
  if (className) el.className = className;
  el.append(...children);
  return el;
}

const headCell = (className, scope, span, ...children) => {
  const th = make("th", className, ...children);
  th.scope = scope;
  if (span > 1) th.colSpan = span;
  return th;
};

/** What stands in a letter's place between asterisks. */
const words = (string) => string.split("*").map((part, k) => (k % 2 ? make("i", "m", part) : part));

/**
 * @param {object} o  open(name, reading): the reader chose a cell
 * @returns {{el, show(state, faceOf)}} faceOf(name, reading) gives {kind, word, number}
 */
export function createTable({ open }) {
  const table = make("table", "");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", "Scorecard: schemes downwards, properties across");
  const groups = make(
    "tr",
    "groups",
    make("td", ""),
    headCell("", "colgroup", 4, "Asked of a good encoding"),
    headCell("apart", "colgroup", 1, "Not asked"),
  );
  const heads = make("tr", "", headCell("", "col", 1, "Scheme"));
  for (const reading of READINGS) {
    const [short, number] = HEADS[reading];
    heads.append(
      headCell(
        reading === "largest" ? "apart" : "",
        "col",
        1,
        make("span", "long", capital(NAMES[reading])),
        make("span", "short", short),
        make("small", "", ...words(number)),
      ),
    );
  }
  const body = make("tbody", "");
  table.append(make("thead", "", groups, heads), body);
  const el = make("div", "scores", table);

  let names = [];
  let chosen = {};
  const cells = new Map(); // "name|reading" -> {cell, button, word, number}
  const at = (name, reading) => cells.get(`${name}|${reading}`);

  function build(now) {
    names = now;
    cells.clear();
    body.replaceChildren(
      ...names.map((name) => {
        const row = make("tr", "", headCell("", "row", 1, ...titleOf(name)));
        for (const reading of READINGS) {
          const [word, number] = [make("span", "word"), make("span", "number")];
          const about = make("span", "sr", `${name}, ${NAMES[reading]}: `);
          const button = make("button", "", about, make("span", "mark"), word, " ", number);
          button.type = "button";
          button.tabIndex = -1;
          button.dataset.scheme = name;
          button.dataset.reading = reading;
          button.addEventListener("click", () => open(name, reading));
          const cell = make("td", reading === "largest" ? "apart" : "", button);
          cells.set(`${name}|${reading}`, { cell, button, word, number });
          row.append(cell);
        }
        return row;
      }),
    );
  }

  body.addEventListener("keydown", (event) => {
    if (!event.target.dataset.scheme || event.ctrlKey || event.metaKey || event.altKey) return;
    let r = names.indexOf(chosen.scheme);
    let c = READINGS.indexOf(chosen.reading);
    if (event.key === "ArrowDown") r += 1;
    else if (event.key === "ArrowUp") r -= 1;
    else if (event.key === "ArrowRight") c += 1;
    else if (event.key === "ArrowLeft") c -= 1;
    else if (event.key === "Home") c = 0;
    else if (event.key === "End") c = READINGS.length - 1;
    else if (event.key === "PageUp") r = 0;
    else if (event.key === "PageDown") r = names.length - 1;
    else return;
    event.preventDefault();
    const next = at(names[r], READINGS[c]);
    if (!next) return; // a limit is met by stopping
    (next.cell.hidden ? at(names[r], READINGS[0]) : next).button.focus();
    open(names[r], READINGS[c]);
  });

  return {
    el,
    show(state, faceOf) {
      chosen = { scheme: state.scheme, reading: state.reading };
      const now = namesOf(state);
      if (now.join("|") !== names.join("|")) build(now);
      for (const name of names)
        for (const [k, reading] of READINGS.entries()) {
          const { cell, button, word, number } = at(name, reading);
          const face = faceOf(name, reading);
          // a row that cannot be scored says why in one cell
          const lacking = face.kind === "lacking";
          cell.hidden = lacking && k > 0;
          cell.colSpan = lacking ? READINGS.length : 1;
          const pressed = name === state.scheme && (lacking || reading === state.reading);
          const attributes = {
            class: face.kind,
            tabindex: pressed ? "0" : "-1",
            "aria-pressed": String(pressed),
          };
          for (const [key, v] of Object.entries(attributes))
            if (button.getAttribute(key) !== v) button.setAttribute(key, v);
          if (word.textContent !== face.word) word.textContent = face.word;
          if (number.textContent !== face.number) number.textContent = face.number;
        }
    },
  };
}

/** The table, or a line of text, as it stands on the screen, on a canvas: for the saved picture. */
export function painted(el, { hex }, ratio) {
  const box = el.getBoundingClientRect();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(box.width * ratio);
  canvas.height = Math.round(box.height * ratio);
  const c = canvas.getContext("2d");
  c.setTransform(ratio, 0, 0, ratio, -box.left * ratio, -box.top * ratio);
  c.lineWidth = 1;
  c.strokeStyle = hex.rule;
  for (const row of el.querySelectorAll("tbody tr")) {
    const { left, right, top } = row.getBoundingClientRect();
    c.strokeRect(left, top, right - left, 0);
  }
  for (const mark of el.querySelectorAll(".yes .mark, .no .mark")) {
    const { left, top, width, height } = mark.getBoundingClientRect();
    const full = mark.parentElement.classList.contains("yes");
    c.beginPath();
    c.arc(left + width / 2, top + height / 2, width / 2 - (full ? 0 : 0.75), 0, 2 * Math.PI);
    c.fillStyle = c.strokeStyle = hex.ink;
    c.lineWidth = 1.5;
    full ? c.fill() : c.stroke();
  }
  const chosen = el.querySelector("[aria-pressed=true]")?.getBoundingClientRect();
  if (chosen) c.strokeRect(chosen.left, chosen.top, chosen.width, chosen.height);
  paintWords(c, el);
  return { canvas, box };
}

/** Every word of an element where the browser set it. */
function paintWords(c, el) {
  const walker = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  c.textBaseline = "middle";
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest(".sr")) continue; // only spoken
    const style = getComputedStyle(node.parentElement);
    c.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    c.fillStyle = style.color;
    for (const match of node.data.matchAll(/\S+/g)) {
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const { left, top, width, height } = range.getBoundingClientRect();
      if (width) c.fillText(match[0], left, top + height / 2);
    }
  }
}
