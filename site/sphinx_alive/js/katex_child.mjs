/**
 * KaTeX for the build: one JSON request a line on standard input, one JSON answer a line on
 * standard output. Ends when its input does. First argument: the path of KaTeX's module.
 */
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { default: katex } = await import(pathToFileURL(process.argv[2]).href);

/** Commands that may carry classes and data attributes, so that a page can colour and find symbols. */
const TRUSTED = new Set(["\\htmlClass", "\\htmlData"]);

function answer({ tex, display, macros }) {
  try {
    const html = katex.renderToString(tex, {
      displayMode: display,
      output: "htmlAndMathml",
      throwOnError: true,
      macros: { ...macros }, // KaTeX writes \gdef into it: each formula starts afresh
      trust: ({ command }) => TRUSTED.has(command),
      strict: (code) => (code === "unknownSymbol" ? "error" : "ignore"),
    });
    return { html };
  } catch (error) {
    return { error: String(error.message).replace(/^KaTeX parse error: /, "") };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
