/**
 * Accessible names and roles that ipywidgets leaves out. Called for every view once it has rendered
 * and again whenever its model changes; sets an attribute only when it differs.
 */

const set = (element, name, value) => {
  if (element && element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
};

/** A control's description as it is written: inert, out of the page. */
const described = (view) => {
  const holder = document.createElement("template");
  holder.innerHTML = view.model.get("description") ?? "";
  return holder.content;
};

/**
 * What a control is called: its description, without markup, or its tooltip. A number that the
 * description carries along, `base <b class="readout">100</b>`, is the control's value, no name.
 */
const called = (view, otherwise) => {
  const words = described(view);
  for (const value of words.querySelectorAll(".readout")) {
    value.remove();
  }
  const name = words.textContent.replace(/\s+/g, " ").trim();
  return name.replace(/[:\s]+$/, "") || view.model.get("tooltip") || otherwise;
};

/** A number as a reader would say it. */
const number = (value) =>
  value.toLocaleString(
    "en",
    Math.abs(value) < 1 ? { maximumSignificantDigits: 4 } : { maximumFractionDigits: 3 },
  );

/** The value of a slider's handle in words: what is seen, or else what the model holds. */
function spoken(view, handle, count) {
  const carried = described(view).querySelector(".readout")?.textContent.trim();
  const readout = view.el.querySelector(".widget-readout");
  const seen = readout && view.model.get("readout") !== false && readout.textContent;
  if (count === 1 && (carried || seen)) {
    return carried || seen;
  }
  const labels = view.model.get("_options_labels");
  const value = [view.model.get(labels ? "index" : "value")].flat()[handle];
  return labels ? labels[value] : typeof value === "number" ? number(value) : undefined;
}

/** Handles that are watched: the slider writes its own value there whenever it moves one. */
const watched = new WeakSet();

function slider(view) {
  const handles = view.el.querySelectorAll(".noUi-handle");
  const name = called(view, "Value");
  const readout = view.el.querySelector(".widget-readout");
  handles.forEach((handle, n) => {
    set(handle, "aria-label", handles.length > 1 ? `${name}, ${n ? "to" : "from"}` : name);
    const speak = () => {
      const words = spoken(view, n, handles.length);
      if (words !== undefined) {
        set(handle, "aria-valuetext", words);
      }
    };
    speak();
    if (!watched.has(handle)) {
      watched.add(handle);
      new MutationObserver(speak).observe(handle, { attributeFilter: ["aria-valuetext"] });
    }
    set(handle, "aria-disabled", String(Boolean(view.model.get("disabled"))));
  });
  if (readout) {
    const typed = readout.isContentEditable;
    set(readout, "role", typed ? "textbox" : "note");
    set(readout, "aria-label", `${name}, typed`);
  }
}

function progress(view) {
  const bar = view.el.querySelector(".progress");
  set(bar, "role", "progressbar");
  set(bar, "aria-label", called(view, "Progress"));
  for (const [attribute, trait] of [
    ["aria-valuenow", "value"],
    ["aria-valuemin", "min"],
    ["aria-valuemax", "max"],
  ]) {
    set(bar, attribute, String(view.model.get(trait)));
  }
}

/** A group of buttons or boxes that stands for one choice. */
function group(role) {
  return (view) => {
    set(view.el, "role", role);
    set(view.el, "aria-label", called(view, "Choice"));
    for (const button of view.el.querySelectorAll("button")) {
      set(button, "aria-pressed", String(button.classList.contains("mod-active")));
    }
  };
}

/** Every field without a label of its own takes the name of the widget. */
function fields(otherwise) {
  return (view) => {
    for (const field of view.el.querySelectorAll("input, select, textarea")) {
      if (field.type !== "hidden" && !field.labels?.[0]?.textContent.trim()) {
        set(field, "aria-label", called(view, otherwise));
      }
    }
  };
}

function picture(view) {
  const image = view.el.localName === "img" ? view.el : view.el.querySelector("img");
  if (image) {
    set(image, "alt", view.model.get("tooltip") || "");
  }
}

function toggle(view) {
  set(view.el, "aria-pressed", String(Boolean(view.model.get("value"))));
  button(view);
}

function button(view) {
  if (!view.el.textContent.trim()) {
    set(view.el, "aria-label", called(view, view.model.get("icon") || "Button"));
  }
}

/** A remover inside a tag is drawn as an icon only. */
function tags(view) {
  for (const icon of view.el.querySelectorAll("i, .close")) {
    set(icon, "aria-hidden", "true");
  }
  for (const field of view.el.querySelectorAll("input")) {
    set(field, "aria-label", called(view, "Add a tag"));
  }
}

function medium(view) {
  set(view.el, "aria-label", called(view, view.el.localName === "video" ? "Video" : "Sound"));
}

const MENDERS = [
  ["video, audio", medium], // which carry the class of an image too
  [".widget-slider", slider],
  [".widget-hprogress, .widget-vprogress", progress],
  [".widget-toggle-buttons", group("group")],
  [".widget-radio", group("radiogroup")],
  [".widget-image", picture],
  [".widget-toggle-button", toggle],
  ["button.widget-button, .jupyter-button", button],
  [".jupyter-widget-tagsinput", tags],
  [".widget-upload", button],
];

/**
 * Give a view the names that it lacks, now and after every change.
 * @param {import("@jupyter-widgets/base").WidgetView} view
 */
export function name(view) {
  if (!(view.el instanceof Element)) {
    return;
  }
  const mend = () => {
    // a description or tooltip of nothing is written as the word "null"
    for (const label of view.el.querySelectorAll('[title="null"]')) {
      label.removeAttribute("title");
    }
    const found = MENDERS.find(([selector]) => view.el.matches(selector));
    (found?.[1] ?? fields(view.model.get("_view_name")?.replace(/View$/, "") ?? "Field"))(view);
  };
  if (view.el.matches(".widget-box, .widget-container")) {
    return; // holds other views, which are named on their own
  }
  mend();
  view.displayed?.then(mend);
  view.listenTo(view.model, "change", () => queueMicrotask(mend));
}
