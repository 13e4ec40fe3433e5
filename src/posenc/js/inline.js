/**
 * The little markup that titles, instructions and captions may hold, made into DOM nodes (never
 * into HTML text): `*t*` a mathematical letter, `[sines]{sin}` a word in the colour of its
 * meaning, `**Notice**` strong. `posenc.exhibits.markup` is its twin for the printed fallback. A sign
 * after a backslash stands for itself: findings need that, which may quote what a reader wrote.
 */

const PATTERN = /\\(.)|\*\*(.+?)\*\*|\*(.+?)\*|\[(.+?)\]\{(pos|off|tok|sin|cos)\}/g;

/** What a reader wrote, for `inline` to show as it is, whatever marks it holds. */
export const literal = (words) => words.replace(/[\\*[\]{}]/g, "\\$&");

/** @returns {DocumentFragment} */
export function inline(source) {
  const out = document.createDocumentFragment();
  let end = 0;
  for (const match of source.matchAll(PATTERN)) {
    out.append(source.slice(end, match.index));
    const [, plain, strong, letter, word, meaning] = match;
    end = match.index + match[0].length;
    if (plain) {
      out.append(plain);
      continue;
    }
    const node = document.createElement(strong ? "b" : letter ? "i" : "span");
    if (letter) node.className = "m";
    if (meaning) node.className = `w-${meaning}`;
    node.append(strong || word ? inline(strong ?? word) : letter);
    out.append(node);
  }
  out.append(source.slice(end));
  return out;
}
