/**
 * Maths inside widgets (`HTMLMath`, descriptions). ipywidgets asks the manager's typesetter first,
 * and else calls a MathJax 2 that no page has had for years; so there is always a typesetter here.
 */
import { report } from "./note.js";

const MATHS = /\$[^$]+\$|\\\(|\\\[|\\begin\{/;
const DELIMITERS = [
  { left: "$$", right: "$$", display: true },
  { left: "\\[", right: "\\]", display: true },
  { left: "\\begin{equation}", right: "\\end{equation}", display: true },
  { left: "\\begin{align}", right: "\\end{align}", display: true },
  { left: "\\(", right: "\\)", display: false },
  { left: "$", right: "$", display: false },
];

/** KaTeX is fetched (from the site itself) by the first widget that holds maths, and not before. */
let katex;

async function fetchKatex() {
  const sheet = new URL("./katex/katex.css", import.meta.url).href;
  if (![...document.styleSheets].some(({ href }) => href?.split("?")[0] === sheet)) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: sheet });
    document.head.append(link); // the build links it where the page itself has maths
  }
  return import(new URL("./katex.js", import.meta.url).href);
}

/**
 * @param {HTMLElement} element whose text may hold TeX between dollars or `\(…\)`; set in place.
 */
export async function typeset(element) {
  if (!MATHS.test(element.textContent)) {
    return;
  }
  try {
    katex ??= fetchKatex();
    const { render } = await katex;
    render(element, { delimiters: DELIMITERS, throwOnError: false, strict: "ignore" });
  } catch (error) {
    report("maths in a widget stays as TeX", error);
  }
}
