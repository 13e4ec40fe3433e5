/**
 * Brings a page's widgets to life: reads the state that the build wrote, renders every view in its
 * place, and takes the picture away when, and only when, the live view stands.
 *
 * What a page may rely on:
 *  - `<html data-widgets="ready">` once every figure stands or has failed; then the event
 *    `alive:ready` on the document, with `{live, failed, ms}` as its detail;
 *  - `data-live="yes"` or `"failed"` on each `.live`, and the bubbling event `alive:live` on it;
 *  - `window.sphinxAlive`: `{ready: Promise, model(id), models()}`, for tests and for the curious.
 */
import { frame, Live, PageManager } from "./manager.js";
import { note, report } from "./note.js";
import { forPaper } from "./paper.js";
import "./widgets.css";

const STATE = "application/vnd.jupyter.widget-state+json";
const VIEW = "application/vnd.jupyter.widget-view+json";

/** Sources of anywidgets are files beside this one; the state names them `alive:<file>`. */
function resolveSources(state) {
  for (const model of Object.values(state.state)) {
    for (const key of ["_esm", "_css"]) {
      const source = model.state[key];
      if (typeof source === "string" && source.startsWith("alive:")) {
        model.state[key] = new URL(source.slice("alive:".length), import.meta.url).href;
      }
    }
  }
  return state;
}

/**
 * One figure: draw it out of sight, then swap it for its picture within one frame.
 * @returns {Promise<boolean>} whether the live view stands
 */
async function enliven(manager, script) {
  const place = script.closest(".live") ?? script.parentElement;
  const picture = place.querySelector(":scope > .live-fallback");
  const host = document.createElement("div");
  host.className = "live-view live-view-waiting";
  let trouble;
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
    trouble = host.querySelector("[data-failed]");
  } catch (error) {
    report("a figure could not be brought to life", error);
    trouble = note("This figure could not be brought to life.");
  }
  const stands = !trouble;
  if (stands || (!picture && host.childElementCount > 0)) {
    if (picture) {
      picture.hidden = true;
    }
    host.classList.remove("live-view-waiting");
  } else {
    host.remove();
    place.append(trouble); // beside the picture, which stays
  }
  place.dataset.live = stands ? "yes" : "failed";
  place.dispatchEvent(new CustomEvent("alive:live", { bubbles: true, detail: { stands } }));
  return stands;
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
  const live = results.filter(Boolean).length;
  const detail = { live, failed: results.length - live, ms };
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
