/** Splits a double into halves of 26 bits (Veltkamp). */
const SPLITTER = 2 ** 27 + 1
/** Relative error that is allowed for a quotient in two doubles: far more than the real one, about 2^-104. */
const ERROR = 2 ** -98

/**
 * Returns `(high * scale + low) / divisor`, correctly rounded, or undefined if the rounding is uncertain. All arguments
 * are exact integers up to 10^22. The quotient is computed to twice the precision of a double (Dekker, "A
 * floating-point technique for extending the available precision", 1971). If it lies too close to the middle between
 * two doubles, the caller has to decide in another way.
 */
export function divideExactly(high: number, scale: number, low: number, divisor: number): number | undefined {
  // high * scale + low = sum + rest
  const product = high * scale
  const productRest = productError(high, scale, product)
  const sum = product + low
  const rest = low - (sum - product) + productRest
  const quotient = sum / divisor
  const back = quotient * divisor
  const remainder = sum - back - productError(quotient, divisor, back) + rest
  const correction = remainder / divisor
  const error = quotient * ERROR
  const result = quotient + correction
  return quotient + (correction - error) === result && quotient + (correction + error) === result
    ? result
    : undefined
}

/** Returns the exact error of a rounded product: `left * right - product`. */
function productError(left: number, right: number, product: number): number {
  const leftSplit = left * SPLITTER
  const leftHigh = leftSplit - (leftSplit - left)
  const leftLow = left - leftHigh
  const rightSplit = right * SPLITTER
  const rightHigh = rightSplit - (rightSplit - right)
  const rightLow = right - rightHigh
  return leftLow * rightLow - (product - leftHigh * rightHigh - leftLow * rightHigh - leftHigh * rightLow)
}
