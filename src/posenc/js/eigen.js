/**
 * Eigenvalues and eigenvectors of a small real matrix: reduced to Hessenberg form by Householder
 * reflections, then complex QR steps with Wilkinson's shift for the values, and inverse iteration
 * for the vectors. Plain linear algebra for some twenty rows; numpy.linalg.eig does the same.
 */

const EPSILON = 2 ** -52;
const STEPS = 60; // QR steps for one value; two or three are the rule
const INVERSE_STEPS = 3;

/** A complex matrix: two arrays, row by row. */
const blank = (size) => ({ re: new Float64Array(size), im: new Float64Array(size) });

/** Upper Hessenberg form: the same eigenvalues, zeros below the first diagonal under the main one. */
function hessenberg(matrix, m) {
  const a = Float64Array.from(matrix);
  for (let c = 0; c < m - 2; c++) {
    let below = 0;
    for (let r = c + 1; r < m; r++) below += a[r * m + c] ** 2;
    if (!below) continue;
    const head = a[(c + 1) * m + c];
    const alpha = head > 0 ? -Math.sqrt(below) : Math.sqrt(below);
    const v = new Float64Array(m);
    let size = 0;
    for (let r = c + 1; r < m; r++) {
      v[r] = a[r * m + c] - (r === c + 1 ? alpha : 0);
      size += v[r] * v[r];
    }
    if (!size) continue;
    for (let q = 0; q < m; q++) {
      let sum = 0;
      for (let r = c + 1; r < m; r++) sum += v[r] * a[r * m + q];
      sum *= 2 / size;
      for (let r = c + 1; r < m; r++) a[r * m + q] -= sum * v[r];
    }
    for (let r = 0; r < m; r++) {
      let sum = 0;
      for (let q = c + 1; q < m; q++) sum += a[r * m + q] * v[q];
      sum *= 2 / size;
      for (let q = c + 1; q < m; q++) a[r * m + q] -= sum * v[q];
    }
  }
  return a;
}

/** The square root of a complex number with the real part at least zero. */
function root(re, im) {
  const size = Math.hypot(re, im);
  const half = Math.sqrt((size + Math.abs(re)) / 2);
  if (!half) return [0, 0];
  return re >= 0 ? [half, im / (2 * half)] : [Math.abs(im) / (2 * half), im >= 0 ? half : -half];
}

/** The eigenvalue of the last 2 x 2 block of h that is nearer to its last entry. */
function shiftOf({ re, im }, m, at) {
  const [a, b, c, d] = [at - 1, at - 1, at, at].map((r, n) => r * m + (n % 2 ? at : at - 1));
  const [pr, pi] = [(re[a] - re[d]) / 2, (im[a] - im[d]) / 2];
  const br = re[b] * re[c] - im[b] * im[c];
  const bi = re[b] * im[c] + im[b] * re[c];
  const [sr, si] = root(pr * pr - pi * pi + br, 2 * pr * pi + bi);
  const sign = pr * sr + pi * si > 0 ? -1 : 1; // the smaller of p + s and p - s
  return [re[d] + pr + sign * sr, im[d] + pi + sign * si];
}

/** One QR step on rows and columns low .. high of h, shifted by (sr, si). */
function step(h, m, low, high, sr, si) {
  const { re, im } = h;
  for (let k = low; k <= high; k++) {
    re[k * m + k] -= sr;
    im[k * m + k] -= si;
  }
  const turns = [];
  for (let k = low; k < high; k++) {
    const [p, q] = [k * m + k, (k + 1) * m + k];
    const size = Math.hypot(re[p], im[p], re[q], im[q]) || 1;
    const [cr, ci, dr, di] = [re[p] / size, im[p] / size, re[q] / size, im[q] / size];
    turns.push([cr, ci, dr, di]);
    for (let c = k; c <= high; c++) {
      const [u, v] = [k * m + c, (k + 1) * m + c];
      const [ur, ui, vr, vi] = [re[u], im[u], re[v], im[v]];
      re[u] = cr * ur + ci * ui + dr * vr + di * vi;
      im[u] = cr * ui - ci * ur + dr * vi - di * vr;
      re[v] = cr * vr - ci * vi - dr * ur + di * ui;
      im[v] = cr * vi + ci * vr - dr * ui - di * ur;
    }
  }
  for (const [n, [cr, ci, dr, di]] of turns.entries()) {
    const k = low + n;
    for (let r = low; r <= Math.min(high, k + 2); r++) {
      const [u, v] = [r * m + k, r * m + k + 1];
      const [ur, ui, vr, vi] = [re[u], im[u], re[v], im[v]];
      re[u] = cr * ur - ci * ui + dr * vr - di * vi;
      im[u] = cr * ui + ci * ur + dr * vi + di * vr;
      re[v] = cr * vr + ci * vi - dr * ur - di * ui;
      im[v] = cr * vi - ci * vr - dr * ui + di * ur;
    }
  }
  for (let k = low; k <= high; k++) {
    re[k * m + k] += sr;
    im[k * m + k] += si;
  }
}

/** The eigenvalues of a real matrix, as a list of [real part, imaginary part]. */
export function eigenvalues(matrix, m) {
  const h = { re: hessenberg(matrix, m), im: new Float64Array(m * m) };
  const { re, im } = h;
  const size = (k) => Math.hypot(re[k], im[k]);
  let high = m - 1;
  let tries = 0;
  while (high > 0) {
    let low = high;
    while (low > 0) {
      const at = low * m + low;
      const near = size(at) + size(at - m - 1);
      if (size(at - 1) <= EPSILON * near) break;
      low--;
    }
    if (low === high) {
      high--;
      tries = 0;
      continue;
    }
    tries++;
    if (tries > STEPS) throw new RangeError("the eigenvalues of this matrix do not settle");
    const [sr, si] =
      tries % 12 ? shiftOf(h, m, high) : [size(high * m + high - 1) + re[high * m + high], 0];
    step(h, m, low, high, sr, si);
  }
  return Array.from({ length: m }, (_, k) => [re[k * m + k], im[k * m + k]]);
}

/** Gaussian elimination with pivots: solves A X = B for complex A (m x m) and B (m x p), in place. */
export function solve(a, b, m, p) {
  for (let c = 0; c < m; c++) {
    let best = c;
    for (let r = c + 1; r < m; r++)
      if (
        Math.hypot(a.re[r * m + c], a.im[r * m + c]) >
        Math.hypot(a.re[best * m + c], a.im[best * m + c])
      )
        best = r;
    if (best !== c)
      for (const [x, width] of [
        [a, m],
        [b, p],
      ])
        for (let q = 0; q < width; q++)
          for (const part of [x.re, x.im]) {
            const kept = part[c * width + q];
            part[c * width + q] = part[best * width + q];
            part[best * width + q] = kept;
          }
    const [pr, pi] = [a.re[c * m + c], a.im[c * m + c]];
    const square = pr * pr + pi * pi;
    for (let r = c + 1; r < m; r++) {
      const [xr, xi] = [a.re[r * m + c], a.im[r * m + c]];
      if (!xr && !xi) continue;
      const [fr, fi] = [(xr * pr + xi * pi) / square, (xi * pr - xr * pi) / square];
      for (const [x, width, from] of [
        [a, m, c],
        [b, p, 0],
      ])
        for (let q = from; q < width; q++) {
          const [ur, ui] = [x.re[c * width + q], x.im[c * width + q]];
          x.re[r * width + q] -= fr * ur - fi * ui;
          x.im[r * width + q] -= fr * ui + fi * ur;
        }
    }
  }
  for (let c = m - 1; c >= 0; c--) {
    const [pr, pi] = [a.re[c * m + c], a.im[c * m + c]];
    const square = pr * pr + pi * pi;
    for (let q = 0; q < p; q++) {
      let [sr, si] = [b.re[c * p + q], b.im[c * p + q]];
      for (let k = c + 1; k < m; k++) {
        const [xr, xi, yr, yi] = [
          a.re[c * m + k],
          a.im[c * m + k],
          b.re[k * p + q],
          b.im[k * p + q],
        ];
        sr -= xr * yr - xi * yi;
        si -= xr * yi + xi * yr;
      }
      b.re[c * p + q] = (sr * pr + si * pi) / square;
      b.im[c * p + q] = (si * pr - sr * pi) / square;
    }
  }
  return b;
}

/** The eigenvector of a real matrix for one of its eigenvalues, of length 1. */
function vectorFor(matrix, m, [re, im], scale) {
  const off = scale * 1e-10; // next to the value, not on it, where there is nothing to divide by
  const x = blank(m);
  for (let k = 0; k < m; k++) x.re[k] = 1 + 0.37 * ((k * 7) % 5);
  for (let n = 0; n < INVERSE_STEPS; n++) {
    const a = { re: Float64Array.from(matrix), im: new Float64Array(m * m) };
    for (let k = 0; k < m; k++) {
      a.re[k * m + k] -= re + off;
      a.im[k * m + k] -= im;
    }
    solve(a, x, m, 1);
    const size = Math.hypot(...x.re, ...x.im);
    for (let k = 0; k < m; k++) {
      x.re[k] /= size;
      x.im[k] /= size;
    }
  }
  return x;
}

/**
 * The eigenvalues of a real matrix with imaginary part at least zero, and what each makes of a row.
 * @param {ArrayLike<number>} matrix m x m, row by row
 * @param {number} m
 * @param {number} real an imaginary part below it is none
 * @returns {{value: [number, number], reader: {re: Float64Array, im: Float64Array}}[]} a row times
 *   `reader` is the coefficient of the eigenvector in the row
 */
export function eigenReaders(matrix, m, real) {
  let scale = 0;
  for (let k = 0; k < m * m; k++) scale = Math.max(scale, Math.abs(matrix[k]));
  const found = eigenvalues(matrix, m)
    .map(([re, im]) => [re, Math.abs(im) < real ? 0 : im])
    .filter(([, im]) => im >= 0);
  const vectors = blank(m * m);
  const place = [];
  let column = 0;
  for (const value of found) {
    const x = vectorFor(matrix, m, value, scale || 1);
    place.push(column);
    for (const sign of value[1] ? [1, -1] : [1]) {
      for (let k = 0; k < m; k++) {
        vectors.re[k * m + column] = x.re[k];
        vectors.im[k * m + column] = value[1] ? sign * x.im[k] : 0;
      }
      column++;
    }
  }
  const inverse = blank(m * m);
  for (let k = 0; k < m; k++) inverse.re[k * m + k] = 1;
  solve(vectors, inverse, m, m);
  return found.map((value, n) => {
    const at = place[n] * m;
    return {
      value,
      reader: { re: inverse.re.slice(at, at + m), im: inverse.im.slice(at, at + m) },
    };
  });
}
