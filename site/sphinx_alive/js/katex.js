/** KaTeX for widgets, a file of its own: most pages never load it. */
export { default as render } from "katex/contrib/auto-render";
