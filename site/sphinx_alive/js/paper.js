/**
 * The pictures of figures that live are hidden, and a browser leaves hidden lazy pictures unloaded;
 * but paper shows them. They are fetched when the reader prints, so that nobody else pays for them.
 */
const PICTURES = ".live-fallback img[loading=lazy]:not(.live-dark)";

function fetchThem() {
  for (const picture of document.querySelectorAll(PICTURES)) picture.loading = "eager";
}

/** To be called when the figures stand. */
export function forPaper() {
  window.addEventListener("beforeprint", fetchThem, { once: true });
}
