// Makes calls to the JavaScript twins and compares what they give with what NumPy gave (calls.py).

/** @param {any} value as calls.py tells it */
function meant(value) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(meant);
  if ("floats" in value) return Float64Array.from(value.floats, meant);
  if ("bytes" in value) {
    // not at the beginning of its buffer, as in a message from a kernel
    const bytes = Uint8Array.of(0, 0, 0, ...value.bytes);
    return new DataView(bytes.buffer, 3);
  }
  if ("float" in value)
    return value.float === "nan" ? Number.NaN : Number(value.float.replace("inf", "Infinity"));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, meant(item)]));
}

/** @param {unknown} value */
const shown = (value) => (JSON.stringify(value) ?? String(value)).slice(0, 200);

/**
 * @param {any[]} calls
 * @param {(module: string) => Promise<any>} load
 */
export async function check(calls, load) {
  let compared = 0;
  let worst = 0;
  /** @type {string[]} */
  const failures = [];
  /** @type {number | null} */
  let first = null; // the first call of which one tells

  /** @param {string} what @param {any} ours @param {any} theirs @param {any} call */
  const same = (what, ours, theirs, call) => {
    const many = ArrayBuffer.isView(theirs) || Array.isArray(theirs);
    if (many && (ArrayBuffer.isView(ours) || Array.isArray(ours))) {
      if (ours.length !== theirs.length) {
        failures.push(`${what} has length ${ours.length}, ${call.of} has ${theirs.length}`);
        return;
      }
      compared++;
      for (let n = 0; n < theirs.length && failures.length < 10; n++)
        same(`${what}[${n}]`, ours[n], theirs[n], call);
    } else if (theirs !== null && typeof theirs === "object" && !many && ours) {
      for (const [key, item] of Object.entries(theirs))
        same(`${what}.${key}`, ours[key], item, call);
    } else {
      compared++;
      if (typeof theirs === "number" && typeof ours === "number" && Number.isFinite(theirs)) {
        const off = Math.abs(ours - theirs) / Math.max(1, Math.abs(theirs));
        if (off > worst) worst = off;
        // Written so that NaN fails too.
        if (!(off <= call.tolerance)) failures.push(`${what}: ${ours}, ${call.of} has ${theirs}`);
      } else if (!Object.is(ours, theirs))
        failures.push(`${what}: ${shown(ours)}, ${call.of} has ${shown(theirs)}`);
    }
  };

  for (const [n, call] of calls.entries()) {
    if (failures.length >= 10) break;
    const { module, name, args, gives, says } = call;
    const about = `${module} ${name}${args === null ? "" : `(${shown(args).slice(1, -1)})`}`;
    const twin = (await load(module))[name];
    /** @type {any} */
    let ours;
    let error = "no error";
    try {
      ours = args === null ? twin : twin(...args.map(meant));
    } catch (thrown) {
      error = thrown instanceof RangeError ? thrown.message : String(thrown);
    }
    if (says !== null) {
      compared++;
      if (!error.startsWith(says)) failures.push(`${about}: ${error}, not: ${says}`);
    } else if (error !== "no error") failures.push(`${about}: ${error}`);
    else same(about, ours, meant(gives), call);
    if (failures.length) first ??= n;
  }
  return { compared, worst, failures, first };
}
