/** Saving what an exhibit shows: its drawings on one sheet (PNG), its numbers (CSV). */

const MARGIN = 24; // CSS pixels around the sheet
const TITLE = 44; // CSS pixels for the title line

function download(blob, file) {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(blob);
  a.download = file;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
  return file;
}

/** Draws all canvases of the exhibit, placed as on screen, below its title. */
export async function savePicture(exhibit, title) {
  const onScreen = [...exhibit.root.querySelectorAll(".posenc-view canvas")].filter(
    (c) => c.clientWidth,
  );
  if (!onScreen.length) throw new Error("there is no drawing to save");
  const sheets = [
    ...onScreen.map((canvas) => ({ canvas, box: canvas.getBoundingClientRect() })),
    ...exhibit.views().flatMap((view) => view.posenc?.sheets?.() ?? []),
  ];
  const canvases = sheets.map((s) => s.canvas);
  const boxes = sheets.map((s) => s.box);
  const left = Math.min(...boxes.map((b) => b.left));
  const top = Math.min(...boxes.map((b) => b.top));
  const width = Math.max(...boxes.map((b) => b.right)) - left + 2 * MARGIN;
  const height = Math.max(...boxes.map((b) => b.bottom)) - top + 2 * MARGIN + TITLE;
  const ratio = Math.max(2, ...onScreen.map((c) => c.width / c.clientWidth));
  const sheet = document.createElement("canvas");
  sheet.width = Math.round(width * ratio);
  sheet.height = Math.round(height * ratio);
  const c = sheet.getContext("2d");
  c.scale(ratio, ratio);
  const style = getComputedStyle(exhibit.root);
  c.fillStyle = style.getPropertyValue("--paper");
  c.fillRect(0, 0, width, height);
  c.fillStyle = style.getPropertyValue("--ink");
  c.font = '600 20px "Source Serif", Georgia, serif';
  c.fillText(title.replaceAll("*", ""), MARGIN, MARGIN + 18);
  for (const [k, canvas] of canvases.entries())
    c.drawImage(
      canvas,
      boxes[k].left - left + MARGIN,
      boxes[k].top - top + MARGIN + TITLE,
      boxes[k].width,
      boxes[k].height,
    );
  const blob = await new Promise((resolve) => sheet.toBlob(resolve, "image/png"));
  return download(blob, `${exhibit.name}.png`);
}

const cell = (value) =>
  typeof value === "string" && /[",\n]/.test(value)
    ? `"${value.replaceAll('"', '""')}"`
    : String(value);

/** Writes the tables of the views that have one: of several, an empty line between them. */
export function saveTable(exhibit) {
  const tables = exhibit
    .views()
    .map((view) => view.posenc?.data())
    .filter(Boolean);
  if (!tables.length) throw new Error("this exhibit has no table");
  const written = tables.map(({ columns, rows }) =>
    [columns, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join(""),
  );
  return download(new Blob([written.join("\n")], { type: "text/csv" }), `${exhibit.name}.csv`);
}
