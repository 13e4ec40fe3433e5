/**
 * The twin of data/tensors.py: arrays out of the bytes of a safetensors file, which is how a view
 * is handed the numbers of a real model.
 */

/**
 * @typedef {object} Tensor
 * @property {number[]} shape
 * @property {Float32Array | Int32Array} values row by row: floats, those that were kept in steps
 *   among them, or whole numbers
 */

const KINDS = {
  F32: Float32Array,
  I8: Int8Array,
  U8: Uint8Array,
  I16: Int16Array,
  U16: Uint16Array,
  I32: Int32Array,
};

/** @param {DataView} view */
function headerOf(view) {
  const size = view.byteLength < 8 ? Number.NaN : Number(view.getBigUint64(0, true));
  if (!(8 + size <= view.byteLength))
    throw new RangeError("these bytes are not in the safetensors format: it ends too soon");
  const text = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + 8, size));
  return { header: JSON.parse(text), start: 8 + size };
}

/**
 * The arrays by name.
 * @param {DataView} view of the file's bytes
 * @returns {Record<string, Tensor>}
 */
export function unpack(view) {
  const { header, start } = headerOf(view);
  const { __metadata__: meta = {}, ...entries } = header;
  /** @type {Record<string, Tensor>} */
  const found = {};
  for (const [name, { dtype, shape, data_offsets: at }] of Object.entries(entries)) {
    const Kind = KINDS[dtype];
    const first = view.byteOffset + start + at[0];
    // copied: in a message from a kernel the bytes may begin where such an array may not
    const own = view.buffer.slice(first, first + at[1] - at[0]);
    if (!Kind || own.byteLength !== at[1] - at[0])
      throw new RangeError(`the array ${name} cannot be read: ${dtype}, bytes ${at}`);
    const numbers = new Kind(own);
    const step = meta[`step:${name}`];
    const values =
      step === undefined
        ? numbers instanceof Float32Array
          ? numbers
          : Int32Array.from(numbers)
        : Float32Array.from(numbers, (n) => n * Number(step));
    found[name] = { shape, values };
  }
  return found;
}

/**
 * What was packed beside the arrays (sentences, names), or null.
 * @param {DataView} view
 */
export function notesOf(view) {
  const text = headerOf(view).header.__metadata__?.notes;
  return text === undefined ? null : JSON.parse(text);
}
