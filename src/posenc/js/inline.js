/**
 * The little markup that titles, instructions and captions may hold, made into DOM nodes (never
 * into HTML text): `*t*` a mathematical letter, `[sines]{sin}` a word in the colour of its
 * meaning, `**Notice**` strong. `posenc.exhibits.markup` is its twin for the printed fallback.
 */

const PATTERN = /\*\*(.+?)\*\*|\*(.+?)\*|\[(.+?)\]\{(pos|off|tok|sin|cos)\}/g;

/** @returns {DocumentFragment} */
export function inline(source) {
  const out = document.createDocumentFragment();
  let end = 0;
  for (const match of source.matchAll(PATTERN)) {
    out.append(source.slice(end, match.index));
    const [, strong, letter, word, meaning] = match;
    const node = document.createElement(strong ? "b" : letter ? "i" : "span");
    if (letter) node.className = "m";
    if (meaning) node.className = `w-${meaning}`;
    node.append(strong || word ? inline(strong ?? word) : letter);
    out.append(node);
    end = match.index + match[0].length;
  }
  out.append(source.slice(end));
  return out;
}
