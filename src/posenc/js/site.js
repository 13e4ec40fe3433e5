/**
 * What `index.js` is in a notebook, for the pages of the book: the parts that every figure has come at
 * once, the drawing of each kind is fetched when its figure nears the window, or as soon as something
 * about it is asked for. `posenc:kinds` is made of index.js by tools/build_views.mjs.
 *
 * The page (site/sphinx_alive) keeps the printed picture for as long as an element says that it is
 * waiting, and tells it when to come.
 */

import { AT_ONCE, LATER } from "posenc:kinds";

/** Stands in for a view whose code is not there yet. */
function waitFor(load, { model, el, ...more }) {
  let view;
  let coming;
  let clean;
  let gone = false;
  async function start() {
    try {
      view ??= await load();
      if (gone) return;
      model.off("change", come);
      el.removeEventListener("alive:come", come);
      await view.initialize?.({ model, ...more });
      clean = await view.render({ model, el, ...more });
      delete el.posencCome;
    } catch (error) {
      console.error("[posenc] a view could not be fetched or drawn", error);
      coming = undefined;
      if (view) {
        el.dataset.failed = String(error.message ?? error);
        delete el.dataset.waiting;
      } else el.dataset.waiting = "failed";
    }
  }
  function come() {
    coming ??= start();
    return coming;
  }
  el.dataset.waiting = "";
  el.posencCome = come;
  el.addEventListener("alive:come", come);
  el.addEventListener(
    "posenc:drawn",
    () => {
      delete el.dataset.waiting;
    },
    { once: true },
  );
  model.on("change", come);
  return () => {
    gone = true;
    clean?.();
  };
}

export default {
  initialize(context) {
    return AT_ONCE[context.model.get("kind")]?.initialize?.(context);
  },
  render(context) {
    const kind = context.model.get("kind");
    if (AT_ONCE[kind]) return AT_ONCE[kind].render(context);
    if (!LATER[kind]) throw new Error(`posenc has no view of kind “${kind}”`);
    return waitFor(LATER[kind], context);
  },
};
