/**
 * ipywidgets' Play, made fit for a page: it rests while nobody can see it, its buttons have names,
 * and it holds its own icons (some themes replace every `<i class="fa">`, and stock Play then throws).
 */
import { PlayModel, PlayView } from "@jupyter-widgets/controls";

const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A clock that stops while all of its views are out of sight, and goes on when one is back. */
export class LivePlayModel extends PlayModel {
  initialize(attributes, options) {
    super.initialize(attributes, options);
    /** Views that are on the screen. @type {Set<PlayView>} */
    this.inSight = new Set();
    this.resting = false;
    document.addEventListener("visibilitychange", () => this.look());
  }

  /** Rest or go on, by what can be seen. With reduced motion nothing starts again by itself. */
  look() {
    const seen = this.inSight.size > 0 && document.visibilityState === "visible";
    if (!seen && this.get("playing")) {
      this.resting = !calm();
      this.set("playing", false);
    } else if (seen && this.resting) {
      this.resting = false;
      this.set("playing", true);
    }
  }
}

export class LivePlayView extends PlayView {
  render() {
    super.render();
    const buttons = [this.playPauseButton, this.stopButton, this.repeatButton];
    const icons = ["play", "stop", "repeat"];
    buttons.forEach((button, n) => {
      button.type = "button";
      const icon = document.createElement("span");
      icon.className = `live-icon live-icon-${icons[n]}`;
      icon.setAttribute("aria-hidden", "true");
      button.replaceChildren(icon);
    });
    this.iconsReady = true;
    this.updatePlaying();
    this.updateRepeat();
    this.listenTo(this.model, "change:description", this.updatePlaying);
    this.displayed.then(() => {
      // The figure that Play drives may be in sight when its buttons are not: watch the whole.
      this.watcher = new IntersectionObserver(([entry]) => {
        if (entry.isIntersecting) {
          this.model.inSight.add(this);
        } else {
          this.model.inSight.delete(this);
        }
        this.model.look();
      });
      this.watcher.observe(this.el.closest(".live") ?? this.el);
    });
  }

  updatePlaying() {
    if (!this.iconsReady) {
      return; // stock render() calls this before the buttons hold our icons
    }
    const playing = this.model.get("playing");
    const what = this.model.get("description") || "animation";
    this.playPauseButton.firstChild.className = `live-icon live-icon-${playing ? "pause" : "play"}`;
    this.playPauseButton.setAttribute("aria-label", `${playing ? "Pause" : "Play"} ${what}`);
    this.stopButton.setAttribute("aria-label", `Stop ${what}`);
    this.repeatButton.setAttribute("aria-label", `Repeat ${what}`);
  }

  updateRepeat() {
    super.updateRepeat();
    this.repeatButton.setAttribute("aria-pressed", String(this.model.get("repeat")));
  }

  remove() {
    this.watcher?.disconnect();
    this.model.inSight.delete(this);
    this.model.look();
    return super.remove();
  }
}
