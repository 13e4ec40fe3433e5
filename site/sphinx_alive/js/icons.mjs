/**
 * The icons that core widgets use by FontAwesome's names, as paths on a 16 x 16 grid of our own
 * drawing. build.mjs writes one CSS rule for each.
 */
const line = (d) =>
  `<path fill='none' stroke='#000' stroke-width='1.8' stroke-linecap='round' stroke-linejoin='round' d='${d}'/>`;
const solid = (d) => `<path d='${d}'/>`;

/** names, drawing */
export const ICONS = [
  [["play"], solid("M4 2.2v11.6a.6.6 0 0 0 .9.5l9-5.8a.6.6 0 0 0 0-1l-9-5.8a.6.6 0 0 0-.9.5z")],
  [["pause"], solid("M3.5 2h3v12h-3zM9.5 2h3v12h-3z")],
  [["stop"], solid("M3 3h10v10H3z")],
  [
    ["repeat", "retweet", "refresh", "rotate-right", "redo"],
    line("M13.2 9.5A5.4 5.4 0 1 1 12 4.2M12.6 1.6v3.2H9.4"),
  ],
  [["undo", "rotate-left"], line("M2.8 9.5A5.4 5.4 0 1 0 4 4.2M3.4 1.6v3.2h3.2")],
  [["check"], line("M2.5 8.6 6.2 12.3 13.5 4")],
  [["times", "close", "xmark"], line("M3.5 3.5l9 9M12.5 3.5l-9 9")],
  [["plus"], line("M8 2.8v10.4M2.8 8h10.4")],
  [["minus"], line("M2.8 8h10.4")],
  [["upload"], line("M8 10.5V2.5M4.8 5.5 8 2.3l3.2 3.2M2.5 10.5v3h11v-3")],
  [["download", "save", "floppy-o"], line("M8 2.3v8M4.8 7.3 8 10.5l3.2-3.2M2.5 10.5v3h11v-3")],
  [
    ["link", "chain"],
    line(
      "M6.5 9.5l3-3M7.2 4.6l1.6-1.6a3 3 0 0 1 4.2 4.2l-1.6 1.6M8.8 11.4 7.2 13A3 3 0 0 1 3 8.8l1.6-1.6",
    ),
  ],
  [["search"], line("M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.4 10.4 14 14")],
  [
    ["info", "info-circle"],
    line("M8 7.5v4M8 4.6v.1M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8z"),
  ],
  [["circle"], solid("M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z")],
  [["step-forward", "forward-step"], solid("M3 2.6v10.8l7-5.4zM11 2.6h2v10.8h-2z")],
  [["step-backward", "backward-step"], solid("M13 2.6v10.8L6 8zM3 2.6h2v10.8H3z")],
  [["fast-forward", "forward"], solid("M1.5 3v10L8 8zM8 3v10l6.5-5z")],
  [["fast-backward", "backward"], solid("M14.5 3v10L8 8zM8 3v10L1.5 8z")],
  [["arrow-up"], line("M8 13.5v-11M3.5 7 8 2.5 12.5 7")],
  [["arrow-down"], line("M8 2.5v11M3.5 9 8 13.5 12.5 9")],
  [["arrow-left"], line("M13.5 8h-11M7 3.5 2.5 8 7 12.5")],
  [["arrow-right"], line("M2.5 8h11M9 3.5 13.5 8 9 12.5")],
  [["camera", "image", "picture-o"], line("M2 3h12v10H2zM2.5 11.5l3.5-4 3 3 2-2 2.5 3M10.8 6v.1")],
  [
    ["random", "shuffle"],
    line("M2 4h2.5l6 8H14M12 10l2 2-2 2M2 12h2.5l1.5-2M9 6l1.5-2H14M12 2l2 2-2 2"),
  ],
];

/** @returns {string} CSS: `--live-icon` for each name, ours (`live-icon-x`) and FontAwesome's (`fa-x`) */
export function iconSheet() {
  return ICONS.map(([names, drawing]) => {
    const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>${drawing}</svg>`;
    const url = `url("data:image/svg+xml,${svg.replaceAll("#", "%23").replaceAll("<", "%3C").replaceAll(">", "%3E")}")`;
    const selectors = names.flatMap((name) => [`.live-icon-${name}`, `.live-view i.fa-${name}`]);
    return `${selectors.join(",")}{--live-icon:${url}}`;
  }).join("\n");
}
