/** The head of an exhibit: its title and the one sentence that says what to do. */

import { inline } from "./inline.js";

/** Does the exhibit come before the first section of its page, right under the title? */
function opens(el) {
  const place = el.closest(".live") ?? el;
  const before = [...document.querySelectorAll("main h1, main h2")].findLast(
    (heading) => place.compareDocumentPosition(heading) & Node.DOCUMENT_POSITION_PRECEDING,
  );
  return before?.matches("h1") ?? false;
}

export const head = {
  render({ model, el }) {
    el.classList.add("posenc-head");
    const header = document.createElement("header");
    const number = document.createElement("p");
    number.className = "x-no";
    // a bare exhibit opens a chapter: its title is spoken, and no heading of its own
    const title = document.createElement(model.get("bare") ? "p" : "h3");
    title.id = `${model.get("name")}-title`;
    requestAnimationFrame(() => {
      // by now it stands in its page
      if (title.matches("h3") && opens(el)) title.setAttribute("aria-level", "2");
    });
    const todo = document.createElement("p");
    todo.className = "x-do";
    header.append(number, title, todo);
    el.append(header);
    const fill = () => {
      number.textContent = "Exhibit"; // the style sheet adds the number on the page
      title.replaceChildren(inline(model.get("title")));
      todo.replaceChildren(inline(model.get("instruction")));
    };
    for (const name of ["title", "instruction"]) model.on(`change:${name}`, fill);
    fill();
  },
};
