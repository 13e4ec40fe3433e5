// node node_parity.mjs MODULE GRID: compares the twin with the grid and prints the report.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { check } from "./check.mjs";

const [module, file] = process.argv.slice(2);
// The twin is an ES module in a file that ends in .js, whatever the nearest package.json says.
const source = await readFile(module, "utf8");
const twin = await import(
  module.endsWith(".mjs")
    ? pathToFileURL(module).href
    : `data:text/javascript;base64,${Buffer.from(source).toString("base64")}`
);
const grid = JSON.parse(await readFile(file, "utf8"));
process.stdout.write(JSON.stringify(check(twin, grid)));
