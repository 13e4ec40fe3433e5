/**
 * Brings a page's widgets to life: reads the state that the build wrote, renders every view in its
 * place, and takes the picture away when, and only when, the live view stands.
 *
 * What a page may rely on:
 *  - `<html data-widgets="ready">` once every figure stands, has failed, or waits for bytes that
 *    come later; then the event `alive:ready` on the document, with `{live, failed, later, ms}` as
 *    its detail;
 *  - `data-live="yes"`, `"failed"` or `"later"` on each `.live`, and the bubbling event `alive:live`
 *    on it when it stands or has failed;
 *  - `window.sphinxAlive`: `{ready: Promise, model(id), models()}`, for tests and for the curious.
 */
import { Later } from "./later.js";
import { frame, Live, PageManager } from "./manager.js";
import { note, report } from "./note.js";
import { forPaper } from "./paper.js";
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
  return stands ? "live" : "failed";
}

/**
 * A figure that waits for bytes: the picture stands until every part has drawn; where they do not
 * arrive, a line says so and offers to try again.
 */
function settleLater(manager, figure) {
  const { place, host } = figure;
  let said;
  const look = () => {
    const parts = waiting(host);
    const lost = parts.filter((part) => part.dataset.waiting === "failed");
    if (lost.length && !said) {
      said = note("The numbers of this figure could not be fetched, so its picture stands.");
      const again = document.createElement("button");
      again.type = "button";
      again.textContent = "Try again";
      again.addEventListener("click", () => {
        for (const part of waiting(host)) part.dispatchEvent(new CustomEvent("alive:again"));
      });
      said.append(" ", again);
      place.append(said);
    } else if (!lost.length && said) {
      said.remove();
      said = undefined;
    }
    if (!parts.length) {
      watcher.disconnect();
      frame().then(() => {
        settle(figure, troubleIn(host));
        manager.resize();
      });
    }
  };
  const watcher = new MutationObserver(look);
  watcher.observe(host, { attributeFilter: ["data-waiting"], subtree: true });
  place.dataset.live = "later";
  look();
  return "later";
}

/**
 * One figure: draw it out of sight, then swap it for its picture.
 * @returns {Promise<"live" | "failed" | "later">} how it fares
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
    return settle(figure, note("This figure could not be brought to life."));
  }
  const trouble = troubleIn(host);
  return !trouble && waiting(host).length ? settleLater(manager, figure) : settle(figure, trouble);
}

async function start() {
  const begun = performance.now();
  const manager = new PageManager();
  for (const script of document.querySelectorAll(`script[type="${STATE}"]`)) {
    await manager.set_state(resolveSources(JSON.parse(script.textContent)));
  }
  const results = await Promise.all(
    [...document.querySelectorAll(`script[type="${VIEW}"]`)].map((script) =>
      enliven(manager, script),
    ),
  );
  await frame();
  manager.resize();
  const ms = Math.round(performance.now() - begun);
  const count = (how) => results.filter((result) => result === how).length;
  const detail = { live: count("live"), failed: count("failed"), later: count("later"), ms };
  document.documentElement.dataset.widgets = "ready";
  document.dispatchEvent(new CustomEvent("alive:ready", { detail }));
  forPaper();
  return { manager, detail };
}

// A module runs when the document has been read, so everything it looks for is there.
const started = start();
started.catch((error) => report("the widgets of this page could not be started", error));

window.sphinxAlive = Object.freeze({
  ready: started.then(({ detail }) => detail),
  model: async (id) => (await started).manager.get_model(id),
  models: async () => {
    const { manager } = await started;
    return Promise.all(Object.values(manager._models));
  },
});
