/**
 * Bundles the browser's side of sphinx_alive into static/alive/ (not committed).
 * Run from anywhere: `node site/sphinx_alive/build.mjs`; prints each file's size, raw and gzip.
 */
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";
import * as esbuild from "esbuild";
import { iconSheet } from "./js/icons.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const fresh = path.join(here, "static.new"); // takes the place of static/ when all is well
const out = path.join(fresh, "alive");
const require = createRequire(import.meta.url);

/** Replace exactly one occurrence, or stop the build: the package behind it has changed. */
function replaceOnce(source, before, after, what) {
  const parts = source.split(before);
  if (parts.length !== 2) {
    throw new Error(
      `${what}: expected once and found ${parts.length - 1} times in this version of the package:\n  ${before}\n` +
        "Read the package's new source and mend site/sphinx_alive/build.mjs.",
    );
  }
  return parts.join(after);
}

/** anywidget's front end comes as AMD, and tells nobody when a view is drawn or has failed. */
const anywidget = {
  name: "anywidget",
  setup(build) {
    build.onResolve({ filter: /^anywidget$/ }, () => ({ path: require.resolve("anywidget") }));
    build.onLoad({ filter: /[\\/]anywidget[\\/]dist[\\/]index\.js$/ }, ({ path: file }) => {
      let js = fs.readFileSync(file, "utf8");
      js = replaceOnce(
        js,
        'define(["@jupyter-widgets/base"], widget_default);',
        "export default widget_default;",
        "anywidget's AMD footer",
      );
      js = replaceOnce(
        js,
        "throwAnywidgetError(result.error);",
        "options.failed(result.error);",
        "anywidget's report of a module that failed",
      );
      js = replaceOnce(
        js,
        ").catch((error) => throwAnywidgetError(error));",
        ").then(options.drawn, options.failed);",
        "anywidget's report of a view that failed",
      );
      js = replaceOnce(
        js,
        "await runtime.createView(this, { signal: this.#controller.signal });",
        "aliveRender(this, (told) => runtime.createView(this, { signal: this.#controller.signal, ...told }));",
        "anywidget's render",
      );
      // On a slow line a source may take longer than two seconds; nothing here waits for a kernel.
      js = replaceOnce(
        js,
        'resolvers.reject(new Error("[anywidget] Failed to initialize model."));',
        "",
        "anywidget's two seconds",
      );
      return {
        contents: `import { aliveRender } from ${JSON.stringify(path.join(here, "js", "anywidget.js"))};\n${js}`,
        loader: "js",
        resolveDir: path.dirname(file),
      };
    });
  },
};

/** Every name that `pattern` finds in a package's source must be one of these, or the build stops. */
function onlyUses(file, pattern, allowed, what) {
  for (const [, name] of fs.readFileSync(require.resolve(file), "utf8").matchAll(pattern)) {
    if (!allowed.has(name)) {
      throw new Error(`${file} now uses ${name}: add it to site/sphinx_alive/js/${what}`);
    }
  }
}
const underscore = fs.readFileSync(path.join(here, "js", "underscore.js"), "utf8");
onlyUses("backbone", /\b_\.(\w+)/g, new Set(underscore.match(/\w+/g)), "underscore.js");
for (const [package_, files] of [
  ["base", ["widget", "nativeview"]],
  ["controls", ["widget_box", "widget_controller", "widget_selectioncontainer"]],
]) {
  for (const file of files) {
    const source = `@jupyter-widgets/${package_}/lib/${file}`;
    onlyUses(source, /\$el\.(\w+)/g, new Set(["empty"]), "dollar.cjs");
    onlyUses(source, /[^\w.]\$\.(\w+)/g, new Set(), "dollar.cjs");
  }
}
onlyUses("anywidget", /\$el\.(\w+)/g, new Set(["empty"]), "dollar.cjs");

/** Smaller stand-ins that do what is used of a package; a use of anything more stops the build. */
const standIns = {
  name: "stand-ins",
  setup(build) {
    const own = (file) => () => ({ path: path.join(here, "js", file) });
    build.onResolve({ filter: /^sanitize-html$/ }, own("sanitize.js"));
    build.onResolve({ filter: /^@lumino\/widgets$/ }, own("lumino.js"));
    build.onResolve({ filter: /^jquery$/ }, own("dollar.cjs"));
    build.onResolve({ filter: /^lodash\/isEqual$/ }, own("equal.js"));
    build.onResolve({ filter: /^underscore$/ }, own("underscore.js"));
  },
};

const common = {
  absWorkingDir: here, // whatever folder it is run from, the bytes are the same
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  define: { global: "globalThis", "process.env.NODE_ENV": '"production"' },
  legalComments: "linked",
  // Lumino's sources are written for fields that are not there until they are set.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  logLevel: "warning",
};

fs.rmSync(fresh, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });
process.on("exit", () => fs.rmSync(fresh, { recursive: true, force: true }));

const widgets = await esbuild.build({
  ...common,
  entryPoints: {
    widgets: path.join(here, "js", "widgets.js"),
    katex: path.join(here, "js", "katex.js"),
  },
  outdir: out,
  external: ["./katex.js"],
  plugins: [anywidget, standIns],
  metafile: true,
});

/**
 * plotly.js documents every attribute in its source (40 KB gzip). No page reads that, so it is
 * taken out, as plotly's own builds do; and the maps' style sheet is not wanted at all.
 */
const DESCRIPTION =
  /\bdescription:\s*(?:\[(?:\s*(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")\s*,?)*\s*\]\.join\((?:'[^']*'|"[^"]*")\)|(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))(?=\s*[,}\n])/g;
let described = 0;
const undescribed = {
  name: "undescribed",
  setup(build) {
    build.onLoad({ filter: /[\\/]plotly\.js[\\/]src[\\/].*\.js$/ }, ({ path: file }) => {
      const contents = fs.readFileSync(file, "utf8").replace(DESCRIPTION, () => {
        described += 1;
        return "description: ''";
      });
      return { contents, loader: "js", resolveDir: path.dirname(file) };
    });
  },
};

await esbuild.build({
  ...common,
  entryPoints: {
    figures: path.join(here, "js", "figures.js"),
    pictures: path.join(here, "js", "pictures.js"),
    plotly: path.join(here, "js", "plotly.js"),
  },
  outdir: out,
  external: ["./plotly.js"],
  loader: { ".css": "empty" },
  plugins: [undescribed],
});
if (described < 300) {
  throw new Error(
    `only ${described} descriptions found in plotly.js: mend site/sphinx_alive/build.mjs`,
  );
}

const sheet = await esbuild.transform(
  `${fs.readFileSync(path.join(here, "js", "alive.css"), "utf8")}\n${iconSheet()}`,
  { loader: "css", minify: true },
);
fs.writeFileSync(path.join(out, "alive.css"), sheet.code);

// Maths is set at build time; a page needs KaTeX's sheet and its fonts (woff2 alone: every
// browser that runs modules reads it).
const katex = path.dirname(require.resolve("katex/package.json"));
const katexCss = fs
  .readFileSync(path.join(katex, "dist", "katex.min.css"), "utf8")
  .replace(/,url\(fonts\/[^)]*\.(woff|ttf)\) format\("(woff|truetype)"\)/g, "");
if (/\.(woff|ttf)\b/.test(katexCss) || !/\.woff2\b/.test(katexCss)) {
  throw new Error(
    "KaTeX's style sheet names its fonts in a new way: mend site/sphinx_alive/build.mjs",
  );
}
// No font is fetched for a blank; fonts.py adds smaller faces, which hold the blanks too.
const inked = katexCss.replace(
  /(@font-face\{[^}]*)\}/g,
  "$1;unicode-range:U+21-9F,U+A1-200A,U+200C-10FFFF}",
);
fs.mkdirSync(path.join(out, "katex", "fonts"), { recursive: true });
fs.writeFileSync(path.join(out, "katex", "katex.css"), inked);
for (const font of fs.readdirSync(path.join(katex, "dist", "fonts"))) {
  if (font.endsWith(".woff2")) {
    fs.copyFileSync(
      path.join(katex, "dist", "fonts", font),
      path.join(out, "katex", "fonts", font),
    );
  }
}

const kb = (n) => `${(n / 1000).toFixed(1).padStart(7)} KB`;
for (const file of fs.readdirSync(out).sort()) {
  const full = path.join(out, file);
  if (/\.(js|css)$/.test(file)) {
    const bytes = fs.readFileSync(full);
    console.log(
      `${kb(bytes.length)} raw ${kb(zlib.gzipSync(bytes, { level: 9 }).length)} gzip  alive/${file}`,
    );
  }
}

if (process.argv.includes("--shares")) {
  const shares = new Map();
  const { inputs } = Object.values(widgets.metafile.outputs).find((o) =>
    o.entryPoint?.endsWith("widgets.js"),
  );
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    const name =
      file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/)?.[1] ?? "sphinx_alive";
    shares.set(name, (shares.get(name) ?? 0) + bytesInOutput);
  }
  console.table([...shares].sort((a, b) => b[1] - a[1]).slice(0, 20));
}

fs.rmSync(path.join(here, "static"), { recursive: true, force: true });
fs.renameSync(fresh, path.join(here, "static"));
