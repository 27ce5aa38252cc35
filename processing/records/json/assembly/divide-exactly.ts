/** Splits a double into halves of 26 bits (Veltkamp). */
const SPLITTER: f64 = 134217729
/** Relative error that is allowed for a quotient in two doubles, 2^-98: far more than the real one, about 2^-104. */
const ERROR: f64 = 3.1554436208840472e-30

/**
 * Returns `whole / divisor`, correctly rounded, or -1 if the rounding is uncertain. The quotient is computed to twice
 * the precision of a double (Dekker, "A floating-point technique for extending the available precision", 1971). If it
 * lies too close to the middle between two doubles, the caller has to decide in another way.
 *
 * @param whole up to 10^18
 * @param divisor a power of ten up to 10^22
 */
export function divideExactly(whole: i64, divisor: f64): f64 {
  const rounded = whole as f64
  const rest = (whole - (rounded as i64)) as f64
  const quotient = rounded / divisor
  const back = quotient * divisor
  const remainder = rounded - back - productError(quotient, divisor, back) + rest
  const correction = remainder / divisor
  const error = quotient * ERROR
  const result = quotient + correction
  return quotient + (correction - error) == result && quotient + (correction + error) == result ? result : -1
}

/** Returns the exact error of a rounded product: `left * right - product`. */
function productError(left: f64, right: f64, product: f64): f64 {
  const leftSplit = left * SPLITTER
  const leftHigh = leftSplit - (leftSplit - left)
  const leftLow = left - leftHigh
  const rightSplit = right * SPLITTER
  const rightHigh = rightSplit - (rightSplit - right)
  const rightLow = right - rightHigh
  return leftLow * rightLow - (product - leftHigh * rightHigh - leftLow * rightHigh - leftHigh * rightLow)
}
