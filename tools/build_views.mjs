/**
 * Bundles src/posenc/js, twice:
 *
 *  - src/posenc/static/views.js, one module with every view, for notebooks. It is committed: whoever
 *    installs posenc with pip has no Node.
 *  - _build/views/, the same in parts, for the pages of the book (see `alive_parts` in _config.yml):
 *    index.js with what every figure has, one module for each kind of view, and what they share.
 *
 *   node tools/build_views.mjs           writes both
 *   node tools/build_views.mjs --check   fails if the committed one is not what the sources make
 */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = "src/posenc/js";
const entry = `${source}/index.js`;
const target = "src/posenc/static/views.js";
const parts = "_build/views";

/** Kinds of views that every figure has, or nearly: they come with the page. */
const AT_ONCE = ["foot", "head", "player", "question", "verdict"];

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true, // a notebook sends the whole of it once for each part of each figure
  write: false,
  format: "esm",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "inline",
  logLevel: "warning",
};

/** Write beside and rename, so that nobody ever reads half of it. */
function write(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.new`, content);
  fs.renameSync(`${file}.new`, file);
}

const { outputFiles } = await esbuild.build({
  ...common,
  entryPoints: [entry],
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
} else {
  if (there !== made) {
    write(file, made);
    console.log(`${target}: ${(made.length / 1000).toFixed(1)} KB`);
  }
  await buildParts();
}

/** Which module has which kinds of views, as index.js imports them. */
function kindsOf(index) {
  const found = [...index.matchAll(/^import \{ ([\w, ]+) \} from "(\.\/\w+\.js)";$/gm)];
  return found.flatMap(([, names, module]) => names.split(", ").map((kind) => ({ kind, module })));
}

async function buildParts() {
  const kinds = kindsOf(fs.readFileSync(path.join(root, entry), "utf8"));
  const now = kinds.filter(({ kind }) => AT_ONCE.includes(kind));
  const later = kinds.filter(({ kind }) => !AT_ONCE.includes(kind));
  if (now.length !== AT_ONCE.length || !later.length) {
    throw new Error(`${entry} imports its views in a new way: mend tools/build_views.mjs`);
  }
  const listed = [
    ...now.map(({ kind, module }) => `import { ${kind} } from "${module}";`),
    `export const AT_ONCE = { ${now.map(({ kind }) => kind).join(", ")} };`,
    "export const LATER = {",
    ...later.map(
      ({ kind, module }) => `${kind}: () => import("${module}").then((m) => m.${kind}),`,
    ),
    "};",
  ].join("\n");
  const kindsModule = {
    name: "posenc:kinds",
    setup(build) {
      build.onResolve({ filter: /^posenc:kinds$/ }, () => ({ path: "kinds", namespace: "posenc" }));
      build.onLoad({ filter: /.*/, namespace: "posenc" }, () => ({
        contents: listed,
        loader: "js",
        resolveDir: path.join(root, source),
      }));
    },
  };
  const built = await esbuild.build({
    ...common,
    entryPoints: { index: `${source}/site.js` },
    outdir: parts,
    splitting: true,
    metafile: true,
    plugins: [kindsModule],
  });
  const { outputs } = built.metafile;
  const name = (output) => path.posix.basename(output);
  /** A module and all that it cannot do without. */
  function needs(output, seen = new Set()) {
    if (!seen.has(output)) {
      seen.add(output);
      for (const { path: other, kind } of outputs[output].imports) {
        if (kind === "import-statement") needs(other, seen);
      }
    }
    return seen;
  }
  const always = needs(`${parts}/index.js`);
  const by = {};
  for (const { kind, module } of later) {
    const output = Object.keys(outputs).find(
      (o) => outputs[o].entryPoint === path.posix.join(source, module),
    );
    by[kind] = [...needs(output)].filter((o) => !always.has(o)).map(name);
  }
  const folder = path.join(root, parts);
  fs.rmSync(folder, { recursive: true, force: true });
  for (const { path: where, contents } of built.outputFiles) write(where, contents);
  const plan = { entry: "index.js", always: [...always].map(name), trait: "kind", by };
  write(path.join(folder, "parts.json"), `${JSON.stringify(plan, null, 1)}\n`);
}
