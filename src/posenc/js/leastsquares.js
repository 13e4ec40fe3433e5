/**
 * Least squares for tall tables: Householder reflections, then a one-sided Jacobi SVD of the small
 * triangle that they leave. Plain linear algebra; a package that does it is half the size of all
 * other views together.
 */

const SWEEPS = 30; // Jacobi converges in six to ten
const EPSILON = 2 ** -52;
const NOTHING = 2 ** -120; // of the whole, squared: a column below it is rounding, not direction

/** The sum of the squares of all values. */
export const squared = (values) => values.reduce((sum, x) => sum + x * x, 0);

/**
 * Reduces `a` (n x d, row-major) to an upper triangle and turns `b` (n x p) along with it.
 * Both are overwritten; the first d rows of each are what matters.
 */
function reflect(a, b, n, d, p) {
  const v = new Float64Array(n);
  const floor = NOTHING * squared(a);
  for (let j = 0; j < Math.min(n, d); j++) {
    let below = 0;
    for (let r = j; r < n; r++) below += a[r * d + j] ** 2;
    if (below <= floor) continue;
    const alpha = a[j * d + j] > 0 ? -Math.sqrt(below) : Math.sqrt(below);
    let size = 0;
    for (let r = j; r < n; r++) {
      v[r] = a[r * d + j] - (r === j ? alpha : 0);
      size += v[r] * v[r];
    }
    turn(a, v, size, j, n, d, j);
    turn(b, v, size, j, n, p, 0);
  }
}

/** Reflects columns `first` and on of m (n x width), from row `top` down, at the plane of v. */
function turn(m, v, size, top, n, width, first) {
  const dots = new Float64Array(width);
  for (let r = top; r < n; r++)
    for (let c = first; c < width; c++) dots[c] += v[r] * m[r * width + c];
  for (let c = first; c < width; c++) dots[c] *= 2 / size;
  for (let r = top; r < n; r++)
    for (let c = first; c < width; c++) m[r * width + c] -= v[r] * dots[c];
}

/**
 * One-sided Jacobi: turns the columns of a square matrix until all stand at right angles.
 * `columns` and `turns` hold one column after the other; columns become U S, turns become V.
 */
function orthogonalise(columns, turns, d) {
  const floor = NOTHING * squared(columns);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = false;
    for (let i = 0; i < d - 1; i++)
      for (let j = i + 1; j < d; j++) {
        let [ii, jj, ij] = [0, 0, 0];
        for (let r = 0; r < d; r++) {
          const [x, y] = [columns[i * d + r], columns[j * d + r]];
          ii += x * x;
          jj += y * y;
          ij += x * y;
        }
        if (Math.min(ii, jj) <= floor || Math.abs(ij) <= EPSILON * Math.sqrt(ii * jj)) continue;
        moved = true;
        const zeta = (jj - ii) / (2 * ij);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const c = 1 / Math.hypot(1, t);
        for (const m of [columns, turns])
          for (let r = 0; r < d; r++) {
            const [x, y] = [m[i * d + r], m[j * d + r]];
            m[i * d + r] = c * (x - t * y);
            m[j * d + r] = c * (t * x + y);
          }
      }
    if (!moved) return;
  }
}

/**
 * The X of least size that brings A X nearest to B.
 * @param {Float64Array} a  n x d, row-major, n >= d
 * @param {Float64Array} b  n x p
 * @param {number} cutoff   directions whose singular value is at most cutoff times the largest are
 *   left out, as `numpy.linalg.lstsq` leaves them out at its `rcond`
 * @returns {{x: Float64Array, rank: number, singular: Float64Array}} x is d x p; singular values
 *   from the largest on
 */
export function leastSquares(a, b, n, d, p, cutoff) {
  const [left, right] = [a.slice(), b.slice()];
  reflect(left, right, n, d, p);
  const columns = new Float64Array(d * d);
  const turns = new Float64Array(d * d);
  for (let j = 0; j < d; j++) {
    turns[j * d + j] = 1;
    for (let r = 0; r <= j; r++) columns[j * d + r] = left[r * d + j];
  }
  orthogonalise(columns, turns, d);
  const sizes = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    for (let r = 0; r < d; r++) sizes[j] += columns[j * d + r] ** 2;
    sizes[j] = Math.sqrt(sizes[j]);
  }
  const singular = sizes.slice().sort().reverse();
  const x = new Float64Array(d * p);
  let rank = 0;
  for (let j = 0; j < d; j++) {
    if (sizes[j] <= cutoff * singular[0]) continue;
    rank++;
    for (let c = 0; c < p; c++) {
      let part = 0;
      for (let r = 0; r < d; r++) part += columns[j * d + r] * right[r * p + c];
      part /= sizes[j] * sizes[j];
      for (let r = 0; r < d; r++) x[r * p + c] += turns[j * d + r] * part;
    }
  }
  return { x, rank, singular };
}

/**
 * The right singular vectors of a tall matrix and its singular values, from the largest on.
 * @param {Float64Array} a  n x d, row-major, n >= d
 * @returns {{vectors: Float64Array[], sizes: Float64Array}}
 */
export function rightSingular(a, n, d) {
  const left = a.slice();
  reflect(left, new Float64Array(0), n, d, 0);
  const columns = new Float64Array(d * d);
  const turns = new Float64Array(d * d);
  for (let j = 0; j < d; j++) {
    turns[j * d + j] = 1;
    for (let r = 0; r <= j; r++) columns[j * d + r] = left[r * d + j];
  }
  orthogonalise(columns, turns, d);
  const sizes = Float64Array.from({ length: d }, (_, j) =>
    Math.sqrt(squared(columns.subarray(j * d, j * d + d))),
  );
  const order = Array.from(sizes.keys()).sort((p, q) => sizes[q] - sizes[p]);
  return {
    vectors: order.map((j) => turns.slice(j * d, j * d + d)),
    sizes: Float64Array.from(order, (j) => sizes[j]),
  };
}
