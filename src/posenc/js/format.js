/**
 * How numbers are written in figures. The house style, shared with `posenc.text`:
 * a comma between thousands (as the sliders of ipywidgets write them), a true minus, a fixed number of decimals.
 */

const MINUS = "\u2212";

/** 60611 -> "60,611"; the number is rounded to an integer first. */
export function thousands(x) {
  const whole = Math.round(Math.abs(x))
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return (Math.round(x) < 0 ? MINUS : "") + whole;
}

/** A value with a fixed number of decimals and a true minus: -0.8131 -> "−0.813". */
export function signed(x, decimals = 3) {
  const body = Math.abs(x).toFixed(decimals);
  return (x < 0 && Number(body) !== 0 ? MINUS : "") + body;
}

/** A positive quantity of any size in few signs: 6.28, 35.3, 4,712, 1.2 million. */
export function quantity(x) {
  if (!Number.isFinite(x)) return "∞";
  if (x >= 1e15) return x.toExponential(1).replace("e+", " · 10^");
  if (x >= 1e9) return `${(x / 1e9).toFixed(1)} billion`;
  if (x >= 1e6) return `${(x / 1e6).toFixed(1)} million`;
  if (x >= 100) return thousands(x);
  if (x >= 10) return x.toFixed(1);
  return x >= 0.01 || x === 0 ? x.toFixed(2) : x.toPrecision(2);
}

/** A base or another parameter: integers with commas, small ones with two decimals. */
export function parameter(x) {
  if (Number.isInteger(x)) return thousands(x);
  return Math.abs(x) >= 100 ? thousands(x) : String(Number(x.toFixed(2)));
}

/** "1 position", "2 positions". */
export function plural(n, word) {
  return `${thousands(n)} ${word}${n === 1 ? "" : "s"}`;
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A tiny or huge positive number: 2.2e-16 -> "2 × 10⁻¹⁶", and 0 -> "0". */
export function power(x, digits = 1) {
  if (x === 0) return "0";
  const [body, exponent] = x.toExponential(digits - 1).split("e");
  const raised = exponent
    .replace("+", "")
    .replace("-", "⁻")
    .replace(/\d/g, (n) => RAISED[n]);
  return `${body}\u00a0×\u00a010${raised}`;
}

/** A size that may be next to nothing or beyond all bounds: 0.42, 1,234, 4.2 × 10⁻¹⁵. */
export function magnitude(x) {
  if (!Number.isFinite(x)) return "∞";
  if (x !== 0 && (x < 1e-4 || x >= 1e5)) return power(x, 2);
  return x >= 100 ? thousands(x) : String(+x.toPrecision(2));
}
