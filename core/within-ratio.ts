/**
 * True if a part is at most this share of the whole, nothing of nothing included. Divides, because a product such as
 * 0.29 * 100 is less than 29.
 */
export const isWithinRatio = (part: number, of: number, most: number): boolean =>
  of === 0 ? part === 0 : part / of <= most
