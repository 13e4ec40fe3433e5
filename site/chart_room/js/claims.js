/* The table of claims: shows those of one verdict, of one chapter, or of both, and counts them.
 *
 * What is chosen stands in the address (`#claims?verdict=false&chapter=proof`), so that a teacher can
 * open exactly these. Without a script the table is whole.
 */
{
  const table = document.querySelector("table.claims");
  const rows = [...table.querySelectorAll("[data-claim]")];
  const said = { verdict: "Verdict", chapter: "Chapter" };
  /** What a value is called, in the order of the table. */
  const names = { verdict: new Map(), chapter: new Map() };
  for (const { cells, dataset } of rows) {
    names.verdict.set(dataset.verdict, cells[2].textContent.trim());
    names.chapter.set(dataset.chapter, cells[4].textContent.trim());
  }

  const form = document.createElement("form");
  form.className = "claims-filter";
  form.setAttribute("aria-label", "Which claims to show");
  const count = document.createElement("output");
  /** @type {Record<string, Map<string, {input: HTMLInputElement, of: HTMLElement}>>} */
  const choices = {};
  for (const key of Object.keys(said)) {
    const group = document.createElement("fieldset");
    const legend = group.appendChild(document.createElement("legend"));
    legend.textContent = said[key];
    choices[key] = new Map();
    for (const [value, name] of [["", "all"], ...names[key]]) {
      const label = group.appendChild(document.createElement("label"));
      const input = document.createElement("input");
      Object.assign(input, { type: "radio", name: key, value, checked: value === "" });
      const of = document.createElement("span");
      of.className = "count";
      label.append(input, name, " ", of);
      choices[key].set(value, { input, of });
    }
    form.append(group);
  }
  form.append(count);
  table.parentElement.before(form);

  const chosen = (key) => new FormData(form).get(key) ?? "";
  const fits = ({ dataset }, wanted) =>
    Object.entries(wanted).every(([key, value]) => value === "" || dataset[key] === value);

  const show = () => {
    const wanted = { verdict: chosen("verdict"), chapter: chosen("chapter") };
    for (const row of rows) row.hidden = !fits(row, wanted);
    for (const key of Object.keys(said))
      for (const [value, { of, input }] of choices[key]) {
        const many = rows.filter((row) => fits(row, { ...wanted, [key]: value })).length;
        of.textContent = many;
        input.parentElement.classList.toggle("none", many === 0);
      }
    const seen = rows.filter((row) => !row.hidden).length;
    count.textContent =
      seen === rows.length ? `All ${seen} claims` : `${seen} of ${rows.length} claims`;
  };

  /** The choice that the address asks for; what it does not name, or misnames, is "all". */
  const follow = () => {
    const asked = location.hash.match(/^#claims\?(.*)$/);
    if (!asked) return;
    const words = new URLSearchParams(asked[1]);
    for (const key of Object.keys(said)) {
      const found = choices[key].get(words.get(key) ?? "") ?? choices[key].get("");
      found.input.checked = true;
    }
    show();
    form.scrollIntoView();
  };

  form.addEventListener("change", () => {
    show();
    const words = new URLSearchParams();
    for (const key of Object.keys(said)) if (chosen(key)) words.set(key, chosen(key));
    const hash = words.size ? `#claims?${words}` : "";
    history.replaceState(null, "", location.pathname + location.search + hash);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", follow);
  show();
  follow();
}
