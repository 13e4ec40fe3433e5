/**
 * The widget manager of a page without a kernel: every core ipywidget, the Output widget and
 * anywidgets, from this one module. Nothing is looked up anywhere else.
 */
import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as controls from "@jupyter-widgets/controls";
import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import anywidget from "anywidget";
import { Audio, Video } from "./media.js";
import { name } from "./names.js";
import { note, report } from "./note.js";
import { OutputModel, OutputView } from "./output.js";
import { LivePlayModel, LivePlayView } from "./play.js";
import { typeset } from "./typeset.js";

const MODULES = new Map([
  ["@jupyter-widgets/base", base],
  [
    "@jupyter-widgets/controls",
    {
      ...controls,
      AudioView: Audio,
      PlayModel: LivePlayModel,
      PlayView: LivePlayView,
      VideoView: Video,
    },
  ],
  ["@jupyter-widgets/output", { OutputModel, OutputView }],
  ["anywidget", anywidget(base)],
]);

/** Stock ipywidgets shows a torn page with a red border; here a line of text says what is missing. */
base.ErrorWidgetView.prototype.render = function render() {
  const { msg } = this.generateErrorMessage();
  this.el.replaceChildren(note(`This part of the figure could not be shown. ${msg}.`));
};

/** A widget from a package that the page does not carry: a model that holds, a view that says so. */
function stranger(module) {
  return class StrangerView extends base.DOMWidgetView {
    render() {
      super.render();
      this.el.append(
        note(`This part needs the widget package “${module}”, which is not on the page.`),
      );
    }
  };
}

/** The views that one place on the page waits for, those inside it included. */
export class Live {
  /** @type {Set<Promise<unknown>>} */
  #pending = new Set();

  /** @param {Promise<unknown>} promise something that must be drawn before the view stands */
  wait(promise) {
    this.#pending.add(promise);
    const done = () => this.#pending.delete(promise);
    promise.then(done, done);
    return promise;
  }

  /** Resolves once everything has been drawn that is to be drawn. */
  async stands() {
    do {
      await Promise.allSettled([...this.#pending]);
      await frame(); // what was drawn may have asked for more
    } while (this.#pending.size > 0);
  }
}

/** The next frame, or a moment later where a hidden tab draws none. */
export function frame() {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 150);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

export class PageManager extends ManagerBase {
  /** What ipywidgets asks to set maths; see typeset.js. */
  _rendermime = { latexTypesetter: { typeset } };

  /** @type {Set<import("@jupyter-widgets/base").DOMWidgetView>} */
  #views = new Set();

  constructor() {
    super();
    window.addEventListener("resize", () => this.resize());
  }

  /** Tell every view that stands to measure itself anew. */
  resize() {
    for (const view of this.#views) {
      MessageLoop.postMessage(view.luminoWidget, Widget.ResizeMessage.UnknownSize);
    }
  }

  async loadClass(className, moduleName) {
    const found = MODULES.get(moduleName)?.[className];
    if (found) {
      return found;
    }
    report(`no ${className ?? "view"} of ${moduleName} on this page`);
    return className?.endsWith("Model") ? base.DOMWidgetModel : stranger(moduleName);
  }

  /** @param {{live?: Live, parent?: object}} options `live` for a view that is its own figure */
  create_view(model, options = {}) {
    let outermost = options;
    while (outermost.parent) {
      outermost = outermost.parent.options;
    }
    const { live } = outermost;
    const promise = super.create_view(model, { ...options, live }).then((view) => {
      name(view);
      return view;
    });
    live?.wait(promise);
    return promise;
  }

  /** Put a view into an element of the page. */
  attach(view, element) {
    Widget.attach(view.luminoWidget, element);
    this.#views.add(view);
    view.once("remove", () => this.#views.delete(view));
  }

  // No kernel: nothing is connected, and nothing that a widget sends goes anywhere.
  async _get_comm_info() {
    return {};
  }

  async _create_comm() {
    return { comm_id: "", on_close() {}, on_msg() {}, close() {}, send: () => "", open: () => "" };
  }
}
