/**
 * Between anywidget's front end (patched by build.mjs to say how a view fared) and a page: a figure
 * waits for its anywidgets to be drawn, and one that fails leaves a note instead of an exception.
 */
import { note, report } from "./note.js";

/**
 * @param {import("@jupyter-widgets/base").DOMWidgetView} view
 * @param {(told: {drawn: () => void, failed: (error: unknown) => void}) => Promise<void>} render
 */
export function aliveRender(view, render) {
  const fared = new Promise((resolve) => {
    const failed = (error) => {
      report(`the widget ${view.model.get("_anywidget_id") ?? view.model.model_id} failed`, error);
      view.el.replaceChildren(note("This part of the figure could not be drawn."));
      resolve();
    };
    render({ drawn: resolve, failed }).catch(failed);
  });
  view.options?.live?.wait(fared);
}
