// node calls.mjs FOLDER CALLS: makes the calls to the modules in a folder and prints the report.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { check } from "./calls_check.mjs";

// What the modules of views ask of a page while they are loaded; nothing is drawn here.
Object.assign(globalThis, {
  document: { fonts: { addEventListener() {} } },
  matchMedia: () => ({ addEventListener() {} }),
});

const [folder, file] = process.argv.slice(2);
const calls = JSON.parse(await readFile(file, "utf8"));
const load = (/** @type {string} */ name) => import(pathToFileURL(resolve(folder, name)).href);
process.stdout.write(JSON.stringify(await check(calls, load)));
