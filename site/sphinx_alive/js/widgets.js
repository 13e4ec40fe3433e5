/**
 * Brings a page's widgets to life: reads the state that the build wrote, renders every view in its
 * place, and takes the picture away when, and only when, the live view stands.
 *
 * What a page may rely on:
 *  - `<html data-widgets="ready">` once every figure stands, has failed, or waits far from the
 *    window; then the event `alive:ready` on the document, with `{live, failed, later, ms}` as its
 *    detail;
 *  - `data-live="yes"`, `"failed"` or `"later"` on each `.live`, and the bubbling event `alive:live`
 *    on it when it stands or has failed;
 *  - `window.sphinxAlive`: `{ready: Promise, wake(), model(id), models()}`, for tests and for the
 *    curious; `wake` brings every figure to life, wherever it is.
 */
import { Later } from "./later.js";
import { frame, Live, PageManager } from "./manager.js";
import { note, report } from "./note.js";
import "./widgets.css";

const STATE = "application/vnd.jupyter.widget-state+json";
const VIEW = "application/vnd.jupyter.widget-view+json";

const fileOf = (name) => new URL(name, import.meta.url).href;

/**
 * Sources of anywidgets are files beside this one; the state names them `alive:<file>`. So are bytes
 * that can wait: `later` names the traits.
 */
function resolveSources(state) {
  for (const model of Object.values(state.state)) {
    for (const key of ["_esm", "_css"]) {
      const source = model.state[key];
      if (typeof source === "string" && source.startsWith("alive:")) {
        model.state[key] = fileOf(source.slice("alive:".length));
      }
    }
    for (const [trait, { file, packed }] of Object.entries(model.later ?? {})) {
      model.state[trait] = new Later(fileOf(file), packed);
    }
  }
  return state;
}

/** What a view says of itself when part of it failed: its own line, or one of ours. */
function troubleIn(host) {
  const found = host.querySelector("[data-failed]");
  return found?.matches(".live-note") === false
    ? note("This figure could not be brought to life.")
    : found;
}

const waiting = (host) => [...host.querySelectorAll("[data-waiting]")];

/**
 * Takes the picture away and shows the view, within one frame. Where that is above the window, the
 * lines that are being read stay where they are: browsers do not see to that when something comes
 * back into the flow.
 */
function swap(place, picture, host) {
  const page = document.documentElement;
  const { bottom } = place.getBoundingClientRect();
  page.style.overflowAnchor = "none";
  if (picture) {
    picture.hidden = true;
  }
  host.classList.remove("live-view-waiting");
  if (bottom <= 0) {
    const by = place.getBoundingClientRect().bottom - bottom;
    scrollBy({ top: by, behavior: "instant" });
  }
  frame().then(() => page.style.removeProperty("overflow-anchor"));
}

/** How a figure has ended: the view, or the picture with a line beside it. */
function settle({ place, picture, host }, trouble) {
  const stands = !trouble;
  if (stands || (!picture && host.childElementCount > 0)) {
    swap(place, picture, host);
  } else {
    host.remove();
    place.append(trouble); // beside the picture, which stays
  }
  place.dataset.live = stands ? "yes" : "failed";
  place.dispatchEvent(new CustomEvent("alive:live", { bubbles: true, detail: { stands } }));
}

const AHEAD = "100% 0px"; // one window's height

/** The figures that wait. @type {Set<{near: boolean, wake: () => void, told: Promise<void>}>} */
const later = new Set();

/**
 * A figure with parts that wait, for their numbers or their code. The picture stands until every part
 * has drawn. When the figure comes near the window its parts are told to come; where that fails, a
 * line says so and offers to try again.
 */
function settleLater(manager, figure) {
  const { place, host } = figure;
  let tell;
  const told = new Promise((resolve) => {
    tell = resolve; // how it fares is known: it has settled, or its parts cannot be had
  });
  const call = (parts) => {
    for (const part of parts) part.dispatchEvent(new CustomEvent("alive:come"));
  };
  let said;
  const look = () => {
    const parts = waiting(host);
    const lost = parts.filter((part) => part.dataset.waiting === "failed");
    if (lost.length && !said) {
      said = note("Part of this figure could not be fetched, so its picture stands.");
      const again = document.createElement("button");
      again.type = "button";
      again.textContent = "Try again";
      again.addEventListener("click", () => call(waiting(host)));
      said.append(" ", again);
      place.append(said);
      tell();
    } else if (!lost.length && said) {
      said.remove();
      said = undefined;
    }
    if (!parts.length) {
      watcher.disconnect();
      sight.disconnect();
      later.delete(one);
      frame().then(() => {
        settle(figure, troubleIn(host));
        manager.resize();
        tell();
      });
    } else if (one.near) {
      call(parts.filter((part) => !lost.includes(part)));
    }
  };
  const one = {
    near: false,
    told,
    wake() {
      one.near = true;
      look();
    },
  };
  later.add(one);
  const watcher = new MutationObserver(look);
  watcher.observe(host, { attributeFilter: ["data-waiting"], subtree: true });
  const sight = new IntersectionObserver(
    (entries) => {
      if (entries.some((entry) => entry.isIntersecting)) {
        sight.disconnect();
        one.wake();
      }
    },
    { rootMargin: AHEAD },
  );
  sight.observe(place);
  place.dataset.live = "later";
}

/**
 * One figure: draw it out of sight, then swap it for its picture.
 * @returns {Promise<HTMLElement>} its place, which says how it fares
 */
async function enliven(manager, script) {
  const place = script.closest(".live") ?? script.parentElement;
  const picture = place.querySelector(":scope > .live-fallback");
  const host = document.createElement("div");
  host.className = "live-view live-view-waiting";
  const figure = { place, picture, host };
  try {
    const { model_id: id } = JSON.parse(script.textContent);
    if (!manager.has_model(id)) {
      throw new Error(`the page holds no state for the widget ${id}`);
    }
    script.before(host);
    const live = new Live();
    const view = await manager.create_view(await manager.get_model(id), { live });
    manager.attach(view, host);
    await live.stands();
  } catch (error) {
    report("a figure could not be brought to life", error);
    settle(figure, note("This figure could not be brought to life."));
    return place;
  }
  const trouble = troubleIn(host);
  if (!trouble && waiting(host).length) settleLater(manager, figure);
  else settle(figure, trouble);
  return place;
}

async function start() {
  const begun = performance.now();
  const manager = new PageManager();
  for (const script of document.querySelectorAll(`script[type="${STATE}"]`)) {
    await manager.set_state(resolveSources(JSON.parse(script.textContent)));
  }
  const places = await Promise.all(
    [...document.querySelectorAll(`script[type="${VIEW}"]`)].map((script) =>
      enliven(manager, script),
    ),
  );
  await frame();
  await frame(); // by now those near the window are known
  await Promise.all([...later].filter((one) => one.near).map((one) => one.told));
  manager.resize();
  const ms = Math.round(performance.now() - begun);
  const count = (how) => places.filter((place) => place.dataset.live === how).length;
  const detail = { live: count("yes"), failed: count("failed"), later: count("later"), ms };
  document.documentElement.dataset.widgets = "ready";
  document.dispatchEvent(new CustomEvent("alive:ready", { detail }));
  return { manager, detail };
}

// A module runs when the document has been read, so everything it looks for is there.
const started = start();
started.catch((error) => report("the widgets of this page could not be started", error));

window.sphinxAlive = Object.freeze({
  ready: started.then(({ detail }) => detail),
  wake: async () => {
    await started;
    while (later.size) {
      const all = [...later];
      for (const one of all) one.wake();
      await Promise.all(all.map((one) => one.told));
      if (all.every((one) => later.has(one))) return; // none of them can be had
    }
  },
  model: async (id) => (await started).manager.get_model(id),
  models: async () => {
    const { manager } = await started;
    return Promise.all(Object.values(manager._models));
  },
});
