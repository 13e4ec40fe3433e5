/**
 * An exhibit's state as text: `#NAME?key=value&key=value`, read with care. Whatever a link says,
 * each value is checked against the rule of its key; one that does not fit is reported and left
 * at its default.
 *
 * A rule is {key, label, kind: "number"|"whole"|"even"|"choice"|"text", min, max, options}; a text has
 * at most `max` characters and no control characters.
 */

import { parameter, thousands } from "./format.js";

/** Splits a fragment or href; null when it is not a link to a state of `name`. */
export function parseFragment(fragment, name) {
  const match = /^#?([\w-]+)(?:\?(.*))?$/s.exec(fragment);
  if (!match || match[1] !== name) return null;
  return match[2] === undefined ? null : new URLSearchParams(match[2]);
}

/** One value by its rule: {value} or {problem}. */
export function readValue(rule, word) {
  if (rule.kind === "choice") {
    if (rule.options.includes(word)) return { value: word };
    return { problem: `${rule.key} = “${clip(word)}” is not one of ${rule.options.join(", ")}` };
  }
  if (rule.kind === "text") return readText(rule, word);
  const value = word.trim() === "" ? Number.NaN : Number(word);
  if (!Number.isFinite(value)) return { problem: `${rule.key} = “${clip(word)}” is not a number` };
  if (value < rule.min || value > rule.max)
    return {
      problem: `${rule.key} = ${clip(word)} is outside ${parameter(rule.min)} to ${parameter(rule.max)}`,
    };
  if (rule.kind !== "number" && !Number.isInteger(value))
    return { problem: `${rule.key} = ${clip(word)} is not a whole number` };
  if (rule.kind === "even" && value % 2)
    return { problem: `${rule.key} = ${clip(word)} is odd, and must be even` };
  return { value };
}

function readText(rule, word) {
  const { length } = [...word];
  if (length > rule.max)
    return {
      problem: `${rule.key} has ${thousands(length)} characters, and a link holds ${thousands(rule.max)}`,
    };
  if ([...word].some(isControl)) return { problem: `${rule.key} holds a control character` };
  return { value: word };
}

/** Control characters other than those that part words. */
const isControl = (sign) =>
  (sign < " " && !"\t\n\r".includes(sign)) || (sign >= "\u007f" && sign <= "\u009f");

/** Reads all pairs: {patch: {key: value}, problems: [sentence, ...]}. */
export function readState(rules, parameters) {
  const patch = {};
  const problems = [];
  for (const [key, word] of parameters) {
    const rule = rules.find((r) => r.key === key);
    if (!rule) {
      problems.push(`“${clip(key)}” is not a setting of this exhibit`);
      continue;
    }
    const { value, problem } = readValue(rule, word);
    if (problem) problems.push(problem);
    else patch[key] = value;
  }
  return { patch, problems };
}

/** The fragment that leads back to a state. */
export function writeFragment(name, state) {
  const pairs = Object.entries(state).map(
    ([k, v]) => `${k}=${encodeURIComponent(typeof v === "number" ? +v.toPrecision(6) : v)}`,
  );
  return `#${name}?${pairs.join("&")}`;
}

/** The beginning of what a link asked for, for a note on it. */
export function clip(word) {
  const signs = [...word];
  return signs.length > 24 ? `${signs.slice(0, 24).join("")}…` : word;
}
