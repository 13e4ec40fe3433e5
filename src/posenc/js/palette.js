/**
 * The design tokens as a canvas needs them: read from the custom properties that tokens.css
 * declares, so that page, controls and drawings can never disagree.
 */

const NAMES = [
  "paper",
  "wash",
  "ink",
  "ink-2",
  "ink-3",
  "rule",
  "edge",
  "pos",
  "pos-wash",
  "off",
  "off-wash",
  "tok",
  "sin",
  "cos",
];
const STEPS = 256; // the colour map as a table of STEPS + 1 entries: index 128 is exactly zero

/** @returns {{hex: Record<string,string>, packed: Uint32Array, css: (v: number) => string, key: string}} */
export function readPalette(element) {
  const style = getComputedStyle(element);
  const hex = {};
  for (const name of NAMES) hex[name] = style.getPropertyValue(`--${name}`).trim() || "#808080";
  const stops = style
    .getPropertyValue("--map")
    .trim()
    .split(/\s+/)
    .map((h) => [1, 3, 5].map((k) => Number.parseInt(h.slice(k, k + 2), 16)));
  if (stops.length < 3)
    throw new Error("posenc: the style sheet tokens.css is not loaded (no --map)");
  const packed = new Uint32Array(STEPS + 1);
  const names = [];
  for (let k = 0; k <= STEPS; k++) {
    const x = (k / STEPS) * (stops.length - 1);
    const a = Math.min(stops.length - 2, Math.floor(x));
    const [r, g, b] = stops[a].map((v, c) => Math.round(v + (stops[a + 1][c] - v) * (x - a)));
    packed[k] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    names.push(`rgb(${r} ${g} ${b})`);
  }
  return {
    hex,
    packed,
    css: (v) => names[levelOf(v)],
    key: `${hex.paper}${hex.ink}${stops.length}`,
  };
}

/** Index into the packed colour table of a value in [-1, 1]; values outside are clipped. */
export function levelOf(v) {
  return v >= 1 ? STEPS : v <= -1 ? 0 : Math.round((v + 1) * (STEPS / 2));
}

/** Calls `changed` whenever the page turns light or dark; returns a function that stops it. */
export function watchTheme(changed) {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme", "class"],
  });
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"],
  });
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    media.removeEventListener("change", changed);
  };
}
