// The twin of cost.py: what adding positions costs, and what putting them beside the tokens does.

export const WAYS = ["add", "concat total", "concat token", "concat project"];
const WIDE = 4;

/**
 * The widths of token, position and layers.
 * @param {string} how
 * @param {number} d
 */
export function widths(how, d) {
  if (!WAYS.includes(how)) throw new RangeError(`how=${how} must be one of ${WAYS.join(", ")}`);
  if (!(d > 0) || d % 2) throw new RangeError(`d_model=${d} must be even and positive`);
  const half = d / 2;
  if (how === "concat total") return [half, half, d];
  return how === "concat token" ? [d, half, d + half] : [d, d, d];
}

/** @param {number} d */
export const layerParameters = (d) => 4 * (d * d + d) + 2 * WIDE * d * d + WIDE * d + d + 4 * d;

/**
 * @param {number} d
 * @param {number} length
 */
export const layerFlops = (d, length) => 2 * (4 + 2 * WIDE) * d * d + 4 * length * d;

/**
 * Parameters and arithmetic of one way to combine tokens and positions.
 * @param {string} how
 * @param {number} d
 * @param {{layers?: number, length?: number}} [asked]
 */
export function price(how, d, { layers = 2, length = 16 } = {}) {
  const [token, position, width] = widths(how, d);
  const joined = how === "concat project";
  return {
    width,
    token,
    parameters: layers * layerParameters(width) + (joined ? (token + position + 1) * width : 0),
    flops:
      layers * layerFlops(width, length) +
      (joined ? 2 * (token + position) * width : how === "add" ? width : 0),
  };
}
