/**
 * The Output widget: shows what the cell had captured when the page was built. Nothing is run here,
 * so there is nothing to add to it later.
 */
import { DOMWidgetView } from "@jupyter-widgets/base";
import { OutputModel as Stub } from "@jupyter-widgets/output";

const WIDGET = "application/vnd.jupyter.widget-view+json";
/** A terminal's colour codes: the escape character, a bracket, numbers, a letter. */
const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, "g");

export class OutputModel extends Stub {
  defaults() {
    return { ...super.defaults(), msg_id: "", outputs: [] };
  }
}

export class OutputView extends DOMWidgetView {
  render() {
    super.render();
    this.el.classList.add("jupyter-widgets", "jupyter-widgets-output");
    this.listenTo(this.model, "change:outputs", this.draw);
    this.draw();
  }

  draw() {
    this.el.replaceChildren(...(this.model.get("outputs") ?? []).map((output) => this.one(output)));
  }

  /** @returns {HTMLElement} one captured output, in its richest form that a page can show */
  one(output) {
    if (output.output_type === "stream") {
      return text(output.text, `live-stream live-${output.name}`);
    }
    if (output.output_type === "error") {
      return text((output.traceback ?? []).join("\n").replace(ANSI, ""), "live-error");
    }
    const data = output.data ?? {};
    const box = document.createElement("div");
    if (data[WIDGET]) {
      const manager = this.model.widget_manager;
      manager
        .get_model(data[WIDGET].model_id)
        .then((model) => this.create_child_view(model))
        .then((view) => manager.attach(view, box));
      return box;
    }
    for (const type of ["image/svg+xml", "image/png", "image/jpeg", "image/gif"]) {
      if (data[type]) {
        const picture = document.createElement("img");
        const body = join(data[type]);
        picture.src = type.includes("svg")
          ? `data:${type},${encodeURIComponent(body)}`
          : `data:${type};base64,${body.replace(/\s/g, "")}`;
        picture.alt = output.metadata?.[type]?.alt ?? join(data["text/plain"] ?? "");
        return picture;
      }
    }
    if (data["text/html"]) {
      box.innerHTML = join(data["text/html"]);
      return box;
    }
    return text(join(data["text/markdown"] ?? data["text/plain"] ?? ""), "live-plain");
  }
}

const join = (lines) => (Array.isArray(lines) ? lines.join("") : String(lines));

function text(content, className) {
  const block = document.createElement("pre");
  block.className = className;
  block.textContent = join(content);
  return block;
}
