/** A quiet line in the place of something that could not be shown. */

/**
 * @param {string} text
 * @returns {HTMLParagraphElement} marked `data-failed`, so that a failure inside a view is found
 */
export function note(text) {
  const line = document.createElement("p");
  line.className = "live-note";
  line.dataset.failed = "";
  line.setAttribute("role", "note");
  line.textContent = text;
  return line;
}

/** Report a failure once, in the console, for whoever writes the page. */
export function report(what, error) {
  console.error(`[sphinx_alive] ${what}`, error ?? "");
}
