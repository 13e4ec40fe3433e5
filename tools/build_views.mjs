/**
 * Bundles src/posenc/js into src/posenc/static/views.js, which is committed: whoever installs
 * posenc with pip has no Node.
 *
 *   node tools/build_views.mjs           writes the bundle
 *   node tools/build_views.mjs --check   fails if the committed one is not what the sources make
 */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const entry = "src/posenc/js/index.js";
const target = "src/posenc/static/views.js";

const { outputFiles } = await esbuild.build({
  absWorkingDir: root,
  entryPoints: [entry],
  bundle: true,
  minify: true, // a notebook sends the whole of it once for each part of each figure
  write: false,
  format: "esm",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "inline",
  logLevel: "warning",
  banner: {
    js: `// Made from ${path.posix.dirname(entry)} by tools/build_views.mjs (npm run build:views). Do not edit.`,
  },
});
const made = outputFiles[0].text;
const file = path.join(root, target);
const there = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";

if (process.argv.includes("--check")) {
  if (there !== made) {
    console.error(`${target} is not what ${path.posix.dirname(entry)} makes; write it: make book`);
    process.exitCode = 1;
  }
} else if (there !== made) {
  // Written beside and renamed, so that nobody ever reads half of it.
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.new`, made);
  fs.renameSync(`${file}.new`, file);
  console.log(`${target}: ${(made.length / 1000).toFixed(1)} KB`);
}
