/* The page of the book: choice of light or dark, search, reading position, turning the page.
 *
 * A classic script, so that a page opened from a folder on disk has it too: browsers refuse ES
 * modules there. It leaves nothing global. Figures watch `data-theme` on the root element.
 */

{
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

  /* ---- Light and dark ----------------------------------------------------------------------- */

  /** What the reader has chosen on this device: "light", "dark", or "auto" for the system's. */
  const chosen = () => {
    try {
      const mode = localStorage.getItem("mode");
      return mode === "light" || mode === "dark" ? mode : "auto";
    } catch {
      return "auto";
    }
  };

  const show = (mode) => {
    root.dataset.mode = mode;
    root.dataset.theme = mode === "auto" ? (dark.matches ? "dark" : "light") : mode;
  };

  const choose = (mode) => {
    try {
      localStorage.setItem("mode", mode);
      localStorage.setItem("theme", mode === "auto" ? "" : mode);
    } catch {
      // a private window may keep nothing: the choice then lasts as long as the page
    }
    show(mode);
  };

  show(chosen());
  dark.addEventListener("change", () => show(chosen()));
  addEventListener("storage", (event) => event.key === "mode" && show(chosen()));
  for (const button of $$("[data-theme-toggle]")) {
    // One press turns the page. Back at what the system says, it follows the system again.
    button.addEventListener("click", () => {
      const next = root.dataset.theme === "dark" ? "light" : "dark";
      choose(next === (dark.matches ? "dark" : "light") ? "auto" : next);
    });
  }

  /* ---- Contents on a phone ------------------------------------------------------------------ */

  const contents = $("#chart-contents");
  contents?.addEventListener("click", (event) => {
    if (event.target.closest("a") && contents.matches(":popover-open")) contents.hidePopover();
  });

  /* ---- Reading position --------------------------------------------------------------------- */

  const lines = $$(".toc-here a");
  const sections = lines.map((line) => document.getElementById(line.hash.slice(1))).filter(Boolean);
  let asked = false;
  const read = () => {
    asked = false;
    const main = $("main").getBoundingClientRect();
    const eye = innerHeight * 0.4;
    let part = clamp(scrollY / Math.max(root.scrollHeight - innerHeight, 1), 0, 1);
    if (sections.length && sections.length === lines.length) {
      // Each section is one step of the line, however long it is, so the dot stands at its name.
      const tops = sections.map((section) => section.getBoundingClientRect().top);
      const parts = tops.map((top, i) => {
        const next = i + 1 < tops.length ? tops[i + 1] : main.bottom;
        return clamp((eye - top) / Math.max(next - top, 1), 0, 1);
      });
      const done = parts.reduce((sum, part) => sum + part, 0);
      const here = tops[0] < eye ? clamp(Math.floor(done), 0, lines.length - 1) : -1;
      part = done / lines.length;
      lines.forEach((line, i) => {
        if (i === here) line.setAttribute("aria-current", "location");
        else line.removeAttribute("aria-current");
      });
    }
    if (scrollY + innerHeight >= root.scrollHeight - 2 && scrollY > 0) part = 1;
    root.style.setProperty("--read", part.toFixed(4));
  };
  const ask = () => {
    if (!asked) requestAnimationFrame(read);
    asked = true;
  };
  addEventListener("scroll", ask, { passive: true });

  /* ---- Side notes never lie on one another, nor on a wide figure ----------------------------- */

  const place = () => {
    const notes = $$(".noted > .margin").filter((note) => note.getClientRects().length);
    for (const note of notes) {
      note.style.removeProperty("--shift");
      note.parentElement.style.removeProperty("margin-bottom");
    }
    if (!notes.length || getComputedStyle(notes[0]).position !== "absolute") return;
    let floor = -Infinity;
    for (const note of notes) {
      const { top, height } = note.getBoundingClientRect();
      const shift = Math.max(0, floor - (top + scrollY));
      if (shift) note.style.setProperty("--shift", `${shift}px`);
      floor = top + scrollY + shift + height + 20;
    }
    const wide = $$("main :is(.live, .live-still, .wide, .full-width, .predict)");
    for (const note of notes) {
      const box = note.getBoundingClientRect();
      const below = wide.find((figure) => {
        const other = figure.getBoundingClientRect();
        return other.top < box.bottom + 20 && other.bottom > box.top && other.right > box.left;
      });
      if (below) {
        const short = box.bottom + 20 - below.getBoundingClientRect().top;
        if (short > 0) note.parentElement.style.marginBottom = `${short}px`;
      }
    }
  };

  /* ---- What scrolls sideways can be reached by keyboard -------------------------------------- */

  const reach = () => {
    for (const box of $$(
      "main pre, main div.math, div.math > .katex-display, .pst-scrollable-table-container, .text_html, .live-data, .toc",
    )) {
      const scrolls = box.scrollWidth > box.clientWidth + 1;
      if (scrolls && !box.hasAttribute("tabindex")) {
        box.tabIndex = 0;
        box.dataset.scrolls = "";
      } else if (!scrolls && "scrolls" in box.dataset) {
        box.removeAttribute("tabindex");
        delete box.dataset.scrolls;
      }
    }
  };

  const settle = () => {
    place();
    reach();
    ask();
  };
  settle();
  document.fonts?.ready.then(settle);
  addEventListener("load", settle);
  new ResizeObserver(settle).observe($("main"));

  /* ---- A link to a place stays at its place --------------------------------------------------- */

  // Figures above the place come alive after the browser has gone there, and may be taller or
  // shorter than their pictures: until the reader takes over, the place is kept in sight.
  const HELD = 15_000; // ms
  let held = 0;
  const letGo = () => {
    held = 0;
  };
  const target = () => {
    const id = decode(location.hash.slice(1).split("?")[0]);
    return id && document.getElementById(id);
  };
  const decode = (word) => {
    try {
      return decodeURIComponent(word);
    } catch {
      return ""; // a link broken by hand leads nowhere
    }
  };
  const hold = () => {
    if (performance.now() < held) target()?.scrollIntoView({ block: "start", behavior: "instant" });
  };
  const arrive = () => {
    const place = target();
    lost(location.hash.length > 1 && !place);
    held = place ? performance.now() + HELD : 0;
    hold();
  };
  for (const hand of ["wheel", "touchstart", "pointerdown", "keydown"])
    addEventListener(hand, letGo, { passive: true, capture: true });
  new ResizeObserver(hold).observe($("main"));
  addEventListener("hashchange", arrive);

  /** Says so when a link leads to a place or a figure that is not on this page. */
  const lost = (isLost) => {
    $("main > .lost")?.remove();
    if (!isLost) return;
    const note = document.createElement("p");
    note.className = "lost";
    note.setAttribute("role", "status");
    note.textContent = `This page has no place called “${decode(location.hash.slice(1).split("?")[0]).slice(0, 40)}”. The link may be mistyped, or older than the page.`;
    $("main").prepend(note);
  };
  arrive();

  /* ---- Search -------------------------------------------------------------------------------- */

  const dialog = $("#chart-search");
  const field = dialog ? $("input", dialog) : $("#page-q");
  const base = root.dataset.content_root ?? "./";
  let searching; // Sphinx's search, loaded when it is first asked for

  const load = (path) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.async = false; // in the order asked for
      script.src = base + path;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${path} cannot be loaded`));
      document.head.append(script);
    });

  const named = () => {
    field.name = "q";
  };
  dialog?.addEventListener("submit", named);

  const loadSearch = () => {
    window.SPHINX_HIGHLIGHT_ENABLED = false; // Sphinx would rewrite the text; see `mark`
    // … and it empties every field called q when it starts, whatever has been typed by then.
    if (!searching) field.removeAttribute("name");
    const parts = ["documentation_options", "doctools", "language_data", "searchtools", "sections"];
    searching ??= Promise.all([
      ...parts.map((part) => load(`_static/${part}.js`)),
      load("searchindex.js"),
    ]).finally(named);
    return searching;
  };

  const text = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const unread of $$(".katex-mathml, .section-number", page)) unread.remove();
    return page.body.textContent.trim();
  };

  const pages = new Map(); // those that were read, by address

  const readPage = (address) => {
    if (!pages.has(address)) {
      // from a folder on disk a browser does not let one page read another
      const onDisk = location.protocol === "file:";
      pages.set(
        address,
        onDisk
          ? Promise.resolve("")
          : fetch(address)
              .then((reply) => (reply.ok ? reply.text() : ""))
              .catch(() => ""),
      );
    }
    return pages.get(address);
  };

  /** Places for what has been typed so far: sections where possible, else pages, with links. */
  const find = async (query) => {
    /* global Search, DOCUMENTATION_OPTIONS */
    const parsed = Search._parseQuery(query);
    const found = Search._performSearch(...parsed).reverse();
    const groups = await Promise.all(
      found.slice(0, 8).map(async ([page, title, anchor]) => {
        const address = base + page + DOCUMENTATION_OPTIONS.LINK_SUFFIX;
        const names = title.split(" > ").map(text);
        const sections = Search.sections(await readPage(address), parsed[1], anchor);
        const inside = names.length > 1 || sections.length ? names[0] : "";
        if (anchor || !sections.length) {
          const said = sections[0]?.excerpt ?? "";
          return [
            {
              name: names.at(-1),
              inside: names.length > 1 ? inside : "",
              said,
              href: address + anchor,
            },
          ];
        }
        return sections.slice(0, 4).map((section) => ({
          name: section.title || names.at(-1),
          inside: section.anchor ? inside : "",
          said: section.excerpt,
          href: address + section.anchor,
        }));
      }),
    );
    const seen = new Set();
    const all = groups.flat().filter(({ href }) => !seen.has(href) && seen.add(href));
    return {
      places: all.slice(0, 8),
      count: all.length + Math.max(found.length - 8, 0),
      terms: [...parsed[3]],
    };
  };

  const answer = async () => {
    const said = $(".search-said", dialog);
    const list = $(".search-found", dialog);
    const query = field.value.trim();
    list.ariaBusy = "true"; // what it shows answers an earlier question until this one is answered
    try {
      await loadSearch();
    } catch {
      list.ariaBusy = "false";
      said.textContent = "";
      return; // the form still leads to the page of results
    }
    const { places, count, terms } =
      query.length > 1 && query === field.value.trim()
        ? await find(query)
        : { places: [], count: 0, terms: [] };
    if (query !== field.value.trim()) return; // more has been typed meanwhile
    list.ariaBusy = "false";
    const held = list.contains(document.activeElement) ? document.activeElement.href : "";
    list.replaceChildren(
      ...places.map(({ name, inside, said, href }) => {
        const item = document.createElement("li");
        const link = item.appendChild(document.createElement("a"));
        link.href = href;
        link.appendChild(document.createElement("b")).textContent = name;
        if (inside) link.appendChild(document.createElement("span")).textContent = inside;
        if (said) link.appendChild(document.createElement("small")).textContent = said;
        link.addEventListener("click", () => {
          remember(terms);
          dialog.close();
          if (link.pathname === location.pathname) mark();
        });
        return item;
      }),
    );
    if (held) ($$("a", list).find(({ href }) => href === held) ?? field).focus();
    said.textContent =
      query.length < 2
        ? ""
        : count === 0
          ? "Nothing found."
          : count > places.length
            ? `${count} places, the first ${places.length} here. Enter shows all.`
            : `${count} ${count === 1 ? "place" : "places"}.`;
  };

  const openSearch = () => {
    if (dialog && !dialog.open) {
      dialog.showModal();
      loadSearch().catch(() => {});
    }
    field?.focus();
    field?.select();
  };
  $(".bar-search")?.addEventListener("click", (event) => {
    if (!field || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openSearch();
  });
  dialog?.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
  });
  dialog?.addEventListener("input", answer);
  dialog?.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops = [field, ...$$(".search-found a", dialog)];
    const here = stops.indexOf(document.activeElement);
    if (here < 0) return;
    event.preventDefault();
    stops[clamp(here + step, 0, stops.length - 1)].focus();
  });

  /* ---- The words that were searched for, marked without touching the text --------------------- */

  const remember = (terms) => {
    try {
      sessionStorage.setItem("found", JSON.stringify(terms));
    } catch {
      // nothing is marked then
    }
  };

  const mark = () => {
    let terms = [];
    try {
      terms = JSON.parse(sessionStorage.getItem("found") ?? "[]");
      sessionStorage.removeItem("found");
    } catch {
      // nothing to mark
    }
    if (!terms.length || !window.CSS?.highlights) return;
    const escaped = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const words = new RegExp(`(?<!\\p{L})(?:${escaped.join("|")})`, "giu");
    const walker = document.createTreeWalker($("main"), NodeFilter.SHOW_TEXT);
    const ranges = [];
    while (walker.nextNode()) {
      if (walker.currentNode.parentElement.closest("script, style, .katex, .live-view")) continue;
      for (const hit of walker.currentNode.data.matchAll(words)) {
        const range = new Range();
        range.setStart(walker.currentNode, hit.index);
        range.setEnd(walker.currentNode, hit.index + hit[0].length);
        ranges.push(range);
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  };
  mark();

  /* ---- Letters of the next page --------------------------------------------------------------- */

  // Formulas and code have letters of their own. A page without them fetches them when it has nothing
  // else to do, so that the next one does not change its face under the reader's eyes.
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 500));
  const small = ({ family, unicodeRange }) =>
    family.includes("Plex Mono") || (family.includes("KaTeX") && !/10FFFF$/i.test(unicodeRange)); // the parts; a whole face goes on
  addEventListener("load", () =>
    idle(() => {
      if (navigator.connection?.saveData) return;
      for (const face of document.fonts)
        if (face.status === "unloaded" && small(face)) face.load().catch(() => undefined);
    }),
  );

  /* ---- Keys ---------------------------------------------------------------------------------- */

  /** Does this element want the key itself: a field, a control, anything with a role of its own? */
  const takesKeys = (element) =>
    element instanceof Element &&
    element.closest(
      "a[role], button, input, select, textarea, summary, dialog, [contenteditable], [tabindex], [role]:not(main, nav, article, [role=main])",
    ) !== null &&
    element !== $("main");

  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    const key = event.key;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && key === "k") {
      event.preventDefault();
      openSearch();
    } else if (plain && key === "Escape") {
      window.CSS?.highlights?.delete("found");
    } else if (plain && key === "/" && !takesKeys(event.target)) {
      event.preventDefault();
      openSearch();
    } else if (plain && (key === "ArrowLeft" || key === "ArrowRight") && !takesKeys(event.target)) {
      const way = key === "ArrowLeft" ? "prev" : "next";
      $(`link[rel="${way}"]`)?.href && location.assign($(`link[rel="${way}"]`).href);
    }
  });
}
