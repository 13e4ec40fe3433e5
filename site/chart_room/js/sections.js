/* Where on a found page the words stand: Sphinx's index knows only the page. Used by the dialog
 * (page.js) and the page of results (search.js), after Sphinx's searchtools.js. */

/* global Search */
{
  // Code and what nobody reads; the picture and the numbers of a figure repeat its words.
  const UNREAD =
    "script, style, template, noscript, pre, .cell_input, .katex-mathml, .live-fallback, .live-data, .kicker";
  const AROUND = 110;
  const HEADINGS = "h1, h2, h3, h4, h5, h6";

  /** The words of an element less those of the sections inside it. */
  const own = (part) => {
    const copy = part.cloneNode(true);
    for (const inner of copy.querySelectorAll(":scope section[id]")) inner.remove();
    for (const heading of copy.querySelectorAll(HEADINGS)) heading.remove();
    // a space between blocks, or the last word of one and the first of the next become one word
    for (const block of copy.querySelectorAll("p, li, td, th, dt, dd, div, figcaption, summary"))
      block.append(" ");
    return copy.textContent.replace(/\s+/g, " ").trim();
  };

  /** A heading's words without its number. */
  const called = (part) => {
    const heading = part.querySelector(`:scope > :is(${HEADINGS}), :scope > header h1`);
    for (const number of heading?.querySelectorAll(".section-number") ?? []) number.remove();
    return heading?.textContent.replace(/\s+/g, " ").trim() ?? "";
  };

  /** Some words before and after the first place where one of the terms stands. */
  const excerpt = (text, words) => {
    const at = text.search(words);
    if (at < 0) return "";
    const from = at < AROUND ? 0 : text.indexOf(" ", at - AROUND) + 1;
    const end = text.length <= at + AROUND ? text.length : text.lastIndexOf(" ", at + AROUND);
    const to = Math.max(end, at);
    return `${from ? "… " : ""}${text.slice(from, to)}${to < text.length ? " …" : ""}`;
  };

  /**
   * The sections of a page in which the terms stand, the best first: all of the terms before some,
   * and a title before a text.
   * @param {string} html the page
   * @param {Iterable<string>} terms stems, as Sphinx cuts them
   * @param {string} [anchor] only this section, "#id"
   * @returns {{title: string, anchor: string, excerpt: string}[]}
   */
  Search.sections = (html, terms, anchor = "") => {
    const main = new DOMParser().parseFromString(html, "text/html").querySelector("main");
    if (!main) return [];
    for (const unread of main.querySelectorAll(UNREAD)) unread.remove();
    const stems = [...terms].map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    if (!stems.length) return [];
    // a stem is where a word begins; y and i trade places when an ending is cut off
    const seek = stems.map(
      (stem) => new RegExp(`(?<![\\p{L}\\p{N}])${stem.replace(/i$/, "[iy]")}`, "iu"),
    );
    const any = new RegExp(seek.map((word) => word.source).join("|"), "iu");
    const all = [...main.querySelectorAll("section[id]")];
    const found = [];
    for (const part of all) {
      const here = `#${part.id}`;
      if (anchor && here !== anchor) continue;
      const title = called(part);
      const text = own(part);
      const inTitle = seek.filter((word) => word.test(title)).length;
      const held = seek.filter((word) => word.test(title) || word.test(text)).length;
      if (held || anchor) {
        const first = part === all[0]; // the page itself
        const score = held * 100 + inTitle * 10;
        found.push({ title, anchor: first ? "" : here, excerpt: excerpt(text, any), held, score });
      }
    }
    const most = Math.max(0, ...found.map((place) => place.held));
    return found
      .filter((place) => place.held === most)
      .sort((a, b) => b.score - a.score) // in the order of the page where equal
      .map(({ title, anchor, excerpt }) => ({ title, anchor, excerpt }));
  };
}
