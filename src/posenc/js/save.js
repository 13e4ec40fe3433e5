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

/** Writes the table of the first view that has one. */
export function saveTable(exhibit) {
  for (const view of exhibit.views()) {
    const table = view.posenc?.data();
    if (!table) continue;
    const lines = [table.columns.map(cell).join(",")];
    for (const row of table.rows) lines.push(row.map(cell).join(","));
    return download(
      new Blob([`${lines.join("\n")}\n`], { type: "text/csv" }),
      `${exhibit.name}.csv`,
    );
  }
  throw new Error("this exhibit has no table");
}
