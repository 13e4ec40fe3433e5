/**
 * What an encoding does: the twin of `posenc.analysis`. Pure functions of numbers and arrays; the
 * tests in tests/parity hold the two equal.
 */

/**
 * The one 2 x 2 matrix that takes a pair of channels at two positions to the pair at two others,
 * solved from the values alone (Cramer's rule): it knows no formula, so it can test one.
 * @param {ArrayLike<number>} before [sine, cosine] at one position, then at the other: 4 numbers
 * @param {ArrayLike<number>} after  what each becomes
 * @returns {number[]} the matrix row by row: [m00, m01, m10, m11]
 */
export function pairMap([a, b, c, d], [p, q, r, s]) {
  const determinant = a * d - b * c;
  if (determinant === 0)
    throw new RangeError("before has both rows on one line through zero; many matrices fit");
  return [p * d - r * b, r * a - p * c, q * d - s * b, s * a - q * c].map((x) => x / determinant);
}
