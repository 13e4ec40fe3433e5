/**
 * The four classes of Lumino that ipywidgets is built on, from Lumino's sources: its bundle would
 * bring docks, menus and command palettes too (build.mjs puts this in its place).
 */
export { Panel } from "@lumino/widgets/src/panel";
export { PanelLayout } from "@lumino/widgets/src/panellayout";
export { TabBar } from "@lumino/widgets/src/tabbar";
export { Widget } from "@lumino/widgets/src/widget";
