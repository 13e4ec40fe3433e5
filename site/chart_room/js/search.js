/* The page of results, after Sphinx's searchtools.js and sections.js, before the index. */

/* global Search, DOCUMENTATION_OPTIONS */
{
  const MOST = 4; // sections of one page

  /**
   * What stands under a result, in place of Sphinx's excerpt: the sections with the words, each a
   * link; for a result that is a section already, an excerpt of it.
   */
  Search.makeSearchSummary = (html, terms, anchor) => {
    const places = Search.sections(html, terms, anchor);
    const box = document.createElement("div");
    const said = (text) => {
      const line = document.createElement("p");
      line.className = "context";
      line.textContent = text;
      return line;
    };
    if (anchor || (places.length === 1 && !places[0].anchor)) {
      if (places[0]?.excerpt) box.append(said(places[0].excerpt));
      return box;
    }
    const list = document.createElement("ul");
    list.className = "search-sections";
    for (const { title, anchor: at, excerpt } of places.slice(0, MOST)) {
      const item = list.appendChild(document.createElement("li"));
      const link = item.appendChild(document.createElement("a"));
      link.textContent = title;
      link.dataset.anchor = at;
      if (excerpt) item.append(said(excerpt));
    }
    // Sphinx puts this beside its link to the page in this very turn.
    queueMicrotask(() => {
      const page = box.parentElement?.querySelector("a");
      for (const link of list.querySelectorAll("a")) link.href = page.href + link.dataset.anchor;
    });
    if (list.childElementCount) box.append(list);
    return box;
  };
}

// The page that is opened marks the words; see mark() in page.js.
document.getElementById("search-results").addEventListener("click", (event) => {
  if (!event.target.closest("a")) return;
  const query = new URLSearchParams(location.search).get("q") ?? "";
  const words = query.toLowerCase().match(/\p{L}{2,}/gu) ?? [];
  try {
    sessionStorage.setItem("found", JSON.stringify(words));
  } catch {
    // nothing is marked then
  }
});

// From a folder on disk a browser does not let one page read another.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
