/**
 * The foot of an exhibit: caption and tools. It is also the exhibit's steward: it knows the
 * state (which key is which trait of which view), restores it from a link, and lets the phrases
 * and numbers of the prose drive it. Views and foot are separate module instances in a notebook,
 * so they meet in the DOM and through the widget manager's models only.
 */

import { parameter } from "./format.js";
import { inline } from "./inline.js";
import { wireProse } from "./prose.js";
import { savePicture, saveTable } from "./save.js";
import { clip, parseFragment, readState, readValue, writeFragment } from "./state.js";
import { setTraits } from "./view.js";

const REFERENCE = "IPY_MODEL_";
const READY_WITHIN = 20_000; // ms; after that a view that never drew is reported

const calm = matchMedia("(prefers-reduced-motion: reduce)");

export const foot = {
  render({ model, el }) {
    el.classList.add("posenc-foot");
    const caption = document.createElement("div");
    caption.className = "x-caption";
    const tools = document.createElement("div");
    tools.className = "tools";
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", `Tools of the exhibit “${model.get("title")}”`);
    const status = document.createElement("span");
    status.className = "status";
    status.setAttribute("role", "status");
    el.append(caption, tools);
    const write = () => caption.replaceChildren(inline(model.get("notice")));
    model.on("change:notice", write);
    write();

    const stop = new AbortController();
    whenInside(el, ".exhibit", stop.signal).then((root) =>
      steward({ model, root, tools, status, stop }),
    );
    return () => stop.abort();
  },
};

const modelOf = (model, reference) =>
  model.widget_manager.get_model(reference.slice(REFERENCE.length));

/** Keeps the exact value in the label of a slider that has no readout of its own. */
function nameValue({ control, target, trait, words }) {
  const write = () =>
    setTraits(control, {
      description: `${words} <b class="readout">${parameter(target.get(trait))}</b>`,
    });
  target.on(`change:${trait}`, write);
  write();
  return () => target.off(`change:${trait}`, write);
}

/** Resolves with the ancestor once `el` has been put into the document. */
function whenInside(el, selector, signal) {
  return new Promise((resolve) => {
    const look = () => {
      if (signal.aborted) return;
      const root = el.isConnected && el.closest(selector);
      if (root) resolve(root);
      else requestAnimationFrame(look);
    };
    look();
  });
}

async function steward({ model, root, tools, status, stop }) {
  const name = model.get("name");
  const outer = root.closest("[data-exhibit]") ?? root;
  outer.dataset.exhibit = name;
  root.setAttribute("role", "figure");
  root.setAttribute("aria-labelledby", `${name}-title`);

  const rules = await Promise.all(
    model.get("rules").map(async (rule) => ({
      ...rule,
      target: await modelOf(model, rule.model),
      control: rule.control && (await modelOf(model, rule.control)),
    })),
  );
  if (stop.signal.aborted) return;
  for (const rule of rules)
    if (rule.control) stop.signal.addEventListener("abort", nameValue(rule));
  const onPage = document.documentElement.dataset.widgets !== undefined || outer !== root;

  const exhibit = {
    name,
    root,
    rules,
    /** The state now, key by key. */
    read: () => Object.fromEntries(rules.map((r) => [r.key, r.target.get(r.trait)])),
    defaults: Object.fromEntries(rules.map((r) => [r.key, r.default])),
    /** Sets keys at once. Order matters where one limits another, so it follows the rules' order. */
    apply(patch) {
      for (const rule of rules)
        if (rule.key in patch) setTraits(rule.target, { [rule.trait]: patch[rule.key] });
    },
    /** Sets keys, letting those on a logarithmic scale glide. */
    glide(patch) {
      cancelAnimationFrame(exhibit.tween);
      const moving = rules.filter(
        (r) => r.log && r.key in patch && patch[r.key] !== r.target.get(r.trait),
      );
      exhibit.apply(
        Object.fromEntries(Object.entries(patch).filter(([k]) => !moving.some((r) => r.key === k))),
      );
      if (calm.matches || !moving.length) return exhibit.apply(patch);
      const from = exhibit.read();
      const start = performance.now();
      const step = (now) => {
        const u = Math.min(1, Math.max(0, (now - start) / 600));
        const q = u < 0.5 ? 2 * u * u : 1 - 2 * (1 - u) ** 2;
        const at = Object.fromEntries(
          moving.map((r) => [r.key, from[r.key] * (patch[r.key] / from[r.key]) ** q]),
        );
        exhibit.apply(u < 1 ? at : patch);
        if (u < 1) exhibit.tween = requestAnimationFrame(step);
      };
      exhibit.tween = requestAnimationFrame(step);
    },
    views: () => [...root.querySelectorAll(".posenc-view")],
    facts: () => Object.assign({}, ...exhibit.views().map((v) => v.posenc?.facts() ?? {})),
    /** A word in the status line; `action` adds a button. */
    tell(message, action) {
      status.replaceChildren(message);
      if (action) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = action.label;
        button.addEventListener("click", action.run);
        status.append(button);
      }
    },
    /** A note under the title on what a link asked for in vain; an empty list takes it away. */
    warn(problems) {
      root.querySelector(".x-note")?.remove();
      if (!problems.length) return;
      const note = document.createElement("p");
      note.className = "x-note";
      note.setAttribute("role", "status");
      const close = document.createElement("button");
      close.type = "button";
      close.textContent = "Dismiss";
      close.addEventListener("click", () => note.remove());
      note.append(
        `The link asked for what this exhibit cannot show: ${problems.join("; ")}. It shows the default instead. `,
        close,
      );
      root.querySelector(".posenc-head")?.append(note);
    },
    show: () => root.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" }),
  };

  addTools(exhibit, model, tools, status, onPage);
  if (onPage) {
    wireProse(exhibit, stop.signal);
    const follow = async () => {
      const asked = parseFragment(location.hash, name);
      if (!asked) return;
      const absent = [...root.querySelectorAll("[data-waiting]")].filter((v) => v.posencCome);
      if (absent.length) await Promise.all(absent.map((v) => v.posencCome())); // see site.js
      const { patch, problems } = readState(rules, asked);
      exhibit.apply({ ...exhibit.defaults, ...patch });
      problems.push(...moved(rules, patch, exhibit.read()));
      exhibit.warn(problems);
    };
    follow();
    addEventListener("hashchange", follow, { signal: stop.signal });
  }
  announceReady(root, outer, model.get("views"), exhibit, stop.signal);
}

/** What a link asked for and the exhibit had to change to fit: a row outside the window. */
function moved(rules, patch, now) {
  return rules
    .filter(({ key }) => key in patch && patch[key] !== now[key])
    .map(({ key, kind }) =>
      kind === "text"
        ? `${key} = “${clip(patch[key])}” does not fit the rest`
        : `${key} = ${parameter(patch[key])} does not fit the rest, so it became ${parameter(now[key])}`,
    );
}

function addTools(exhibit, model, tools, status, onPage) {
  const add = (label, run) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", async () => {
      try {
        await run();
      } catch (error) {
        exhibit.tell(`${label} did not work: ${error.message ?? error}`);
      }
    });
    tools.append(button);
  };
  const copied = async (words, message) => {
    const done = await navigator.clipboard?.writeText(words).then(
      () => true,
      () => false,
    );
    exhibit.tell(done ? `${message}, copied` : message);
  };
  add("Reset", () => {
    exhibit.glide(exhibit.defaults);
    exhibit.warn([]);
    if (onPage && parseFragment(location.hash, exhibit.name))
      history.replaceState(history.state, "", location.pathname + location.search);
    exhibit.tell("As it was");
  });
  if (onPage)
    add("Link", () => {
      const state = exhibit.read();
      const refused = exhibit.rules
        .filter((rule) => rule.kind === "text")
        .map((rule) => readValue(rule, state[rule.key]).problem)
        .filter(Boolean);
      if (refused.length) return exhibit.tell(`No link can lead here: ${refused.join("; ")}`);
      history.replaceState(history.state, "", writeFragment(exhibit.name, state));
      return copied(location.href, "The address bar leads to this view");
    });
  else
    add("Code", () => {
      const words = Object.entries(exhibit.read()).map(
        ([k, v]) => `${k}=${typeof v === "string" ? JSON.stringify(v) : +v.toPrecision(12)}`,
      );
      const code = `.set(${words.join(", ")})`;
      return copied(code, code);
    });
  add("Picture", () =>
    savePicture(exhibit, model.get("title")).then((file) => exhibit.tell(`Saved as ${file}`)),
  );
  add("Data", () => exhibit.tell(`Saved as ${saveTable(exhibit)}`));
  tools.append(status);
}

/** Marks the exhibit alive once each of its views has drawn. */
function announceReady(root, outer, count, exhibit, signal) {
  root.addEventListener("posenc:trouble", (event) => exhibit.tell(event.detail), { signal });
  const check = () => {
    if (root.querySelectorAll(".posenc-view[data-drawn]").length < count) return;
    outer.dataset.ready = "";
    outer.dispatchEvent(new CustomEvent("posenc:ready", { bubbles: true }));
    clearTimeout(late);
    root.removeEventListener("posenc:drawn", check);
  };
  const late = setTimeout(() => {
    const failed = [...root.querySelectorAll(".posenc-view[data-failed]")].map(
      (v) => v.dataset.failed,
    );
    if (failed.length) exhibit.tell(`Part of this figure could not be drawn: ${failed.join("; ")}`);
  }, READY_WITHIN);
  signal.addEventListener("abort", () => clearTimeout(late));
  root.addEventListener("posenc:drawn", check, { signal });
  check();
}
