/**
 * The twin of arrangements.py: in how many orders a sentence can stand, where equal words are not
 * told apart.
 */

const factorial = (n) => (n < 2 ? 1 : n * factorial(n - 1));

/** A number for each word, the same for equal ones, counted as they first appear. */
export function kinds(words) {
  const seen = new Map();
  return words.map((word) => {
    if (!seen.has(word)) seen.set(word, seen.size);
    return seen.get(word);
  });
}

/** All orders of some words as the kinds in each, in the order of a dictionary. */
export function arrangements(words) {
  const now = kinds(words).sort((a, b) => a - b);
  const found = [];
  do found.push([...now]);
  while (next(now));
  return found;
}

/** The next order in the order of a dictionary, in place; false after the last one. */
function next(row) {
  let p = row.length - 2;
  while (p >= 0 && row[p] >= row[p + 1]) p -= 1;
  if (p < 0) return false;
  let q = row.length - 1;
  while (row[q] <= row[p]) q -= 1;
  [row[p], row[q]] = [row[q], row[p]];
  row.push(...row.splice(p + 1).reverse());
  return true;
}

/** Where an order stands in the list that `arrangements` gives. */
export function placeOf(row) {
  const left = new Map();
  for (const kind of row) left.set(kind, (left.get(kind) ?? 0) + 1);
  let place = 0;
  for (const [at, kind] of row.entries()) {
    // the orders that begin alike and go on with a kind that comes earlier
    const rest = factorial(row.length - at - 1);
    const alike = [...left.values()].reduce((all, often) => all * factorial(often), 1);
    for (const [other, often] of left) if (other < kind) place += (rest * often) / alike;
    left.set(kind, left.get(kind) - 1);
  }
  return place;
}
