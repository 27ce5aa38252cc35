const WHOLE = new BigInt64Array(1)
/** The lower and the upper half of {@link WHOLE}. */
const HALVES = new Int32Array(WHOLE.buffer)

/** Returns a signed integer of 64 bits from its halves, without a bigint for each step. */
export function int64Of(high: number, low: number): bigint {
  HALVES[0] = low
  HALVES[1] = high
  return WHOLE[0]!
}
