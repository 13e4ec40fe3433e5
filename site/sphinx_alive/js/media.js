/**
 * Sound and film. One without content would ask the browser for an empty file, and be told off; and
 * nothing plays by itself for readers who asked for calm.
 */
import { AudioView, VideoView } from "@jupyter-widgets/controls";

const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @template {typeof AudioView} T @param {T} View @returns {T} */
const filled = (View) =>
  class extends View {
    update() {
      if (this.model.get("value")?.byteLength > 0) {
        super.update();
        this.el.autoplay &&= !calm();
      }
    }
  };

export const Audio = filled(AudioView);
export const Video = filled(VideoView);
