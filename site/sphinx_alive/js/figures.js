/**
 * Draws plotly figures, each when it nears the screen, in the colours and letters of the page; the
 * library itself is fetched (from the site) for the first of them.
 *
 * A colour in a figure may be a custom property of the page, `var(--name)`: it is looked up anew
 * whenever the page changes between light and dark.
 */
import { note, report } from "./note.js";

const NEAR = "600px 0px";
const VAR = /^var\(\s*(--[\w-]+)\s*(?:,\s*([^)]*))?\)$/;

let library;
/** @type {Set<{draw: () => Promise<void>}>} */
const drawn = new Set();

/** The first of these custom properties that the page sets. */
function token(style, names) {
  for (const name of names ?? []) {
    const value = style.getPropertyValue(name).trim();
    if (value) {
      return value;
    }
  }
  return undefined;
}

/** A copy of a figure's part in which each `var(--name)` is the colour that it stands for now. */
function resolved(part, style) {
  if (typeof part === "string") {
    const [, name, otherwise] = part.match(VAR) ?? [];
    return name ? style.getPropertyValue(name).trim() || otherwise || part : part;
  }
  if (Array.isArray(part)) {
    // long rows of numbers are passed on as they are
    return typeof part[0] === "number" ? part : part.map((item) => resolved(item, style));
  }
  if (part && typeof part === "object" && !ArrayBuffer.isView(part)) {
    return Object.fromEntries(
      Object.entries(part).map(([key, value]) => [key, resolved(value, style)]),
    );
  }
  return part;
}

/** `over` laid over `under`, object by object. */
function merged(under, over) {
  const result = { ...under };
  for (const [key, value] of Object.entries(over)) {
    if (value !== undefined) {
      const plain = value && typeof value === "object" && !Array.isArray(value);
      result[key] = plain ? merged(result[key], value) : value;
    }
  }
  return result;
}

/** What the page says a figure should look like, as a plotly template's layout. */
function themed(style, tokens) {
  const rule = token(style, tokens.rule);
  const axis = { gridcolor: rule, linecolor: rule, zerolinecolor: rule, automargin: true };
  return {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: token(style, tokens.text), family: token(style, tokens.font) },
    xaxis: axis,
    yaxis: axis,
    hoverlabel: {
      bgcolor: token(style, tokens.background),
      bordercolor: rule,
      font: { color: token(style, tokens.text), family: token(style, tokens.font) },
    },
    modebar: {
      bgcolor: "rgba(0,0,0,0)",
      color: token(style, tokens.muted),
      activecolor: token(style, tokens.text),
    },
  };
}

class Figure {
  constructor(place) {
    this.place = place;
    this.chart = place.querySelector(".live-plot-chart");
    this.picture = place.querySelector(":scope > .live-fallback");
    this.source = JSON.parse(place.querySelector('script[type="application/json"]').textContent);
    this.tokens = JSON.parse(place.dataset.tokens);
  }

  /** Draw, or draw again after the page has changed its colours. */
  async draw() {
    try {
      library ??= import(new URL("./plotly.js", import.meta.url).href);
      const { default: Plotly } = await library;
      const style = getComputedStyle(document.documentElement);
      const { data, layout = {}, config = {}, frames } = this.source;
      const template = {
        ...layout.template,
        layout: merged(layout.template?.layout ?? {}, themed(style, this.tokens)),
      };
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const mouse = matchMedia("(hover: hover)").matches;
      await Plotly.react(this.chart, {
        data: resolved(data, style),
        layout: {
          ...resolved(layout, style),
          template: resolved(template, style),
          autosize: true,
          width: undefined, // as wide as the page lets it be
          ...(mouse ? {} : { dragmode: false }), // a finger on the chart scrolls the page
          ...(calm ? { transition: { duration: 0 } } : {}),
        },
        config: {
          responsive: true,
          displaylogo: false,
          // only under a mouse: nothing lies on the chart for good
          displayModeBar: mouse ? "hover" : false,
          modeBarButtonsToRemove: ["lasso2d", "select2d"],
          ...config,
        },
        frames,
      });
      if (this.picture) {
        this.picture.hidden = true;
      }
      this.place.dataset.live = "yes";
    } catch (error) {
      report("a plotly figure could not be drawn", error);
      this.chart.hidden = true;
      this.place.append(note("This figure could not be drawn; its numbers stand in the page."));
      this.place.dataset.live = "failed";
      drawn.delete(this);
    }
    this.place.dispatchEvent(new CustomEvent("alive:live", { bubbles: true }));
  }
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) {
        near.unobserve(target);
        const figure = new Figure(target);
        drawn.add(figure);
        figure.draw();
      }
    }
  },
  { rootMargin: NEAR },
);
for (const place of document.querySelectorAll(".live-plot")) {
  near.observe(place);
}

let waiting = false;
function redraw() {
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      for (const figure of drawn) {
        figure.draw();
      }
    });
  }
}
new MutationObserver(redraw).observe(document.documentElement, {
  attributes: true,
  attributeFilter: ["data-theme", "class", "style"],
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
