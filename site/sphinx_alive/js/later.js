/**
 * Bytes that a widget draws from and that the page does not carry: a file of the site, fetched when
 * the figure comes near the window or is asked for. Until then it stands in the widget's trait in
 * their place; README.md says what a widget does with it.
 */

/** What has come, or is on its way, by address: figures may share a file. */
const files = new Map();

/** The bytes of a file, unpacked if they are packed; some hosts have unpacked them on the way. */
async function read(address, packed) {
  const reply = await fetch(address);
  if (!reply.ok) throw new Error(`${address} is not there (${reply.status})`);
  const bytes = new Uint8Array(await reply.arrayBuffer());
  if (!packed || bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.buffer;
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(unpacked).arrayBuffer();
}

export class Later {
  #address;
  #packed;

  /**
   * @param {string} address of the file
   * @param {boolean} packed with gzip
   */
  constructor(address, packed) {
    this.#address = address;
    this.#packed = packed;
  }

  /**
   * Fetches the bytes now. What failed is tried anew by the next call.
   * @returns {Promise<DataView>}
   */
  async fetch() {
    if (!files.has(this.#address)) {
      const coming = read(this.#address, this.#packed);
      files.set(this.#address, coming);
      coming.catch(() => files.delete(this.#address));
    }
    return new DataView(await files.get(this.#address));
  }
}
