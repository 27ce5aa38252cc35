import { SKETCH_TEXT_BYTES } from '../../core/sketches/column-sketch.ts'
import type { BlockValues, PageBytes } from './page-values.ts'

/**
 * Returns the indexes of the least and the greatest text of a block, by the order of their bytes. Only the first
 * SKETCH_TEXT_BYTES bytes are compared.
 */
export function textBounds(
  { bytes, view }: PageBytes,
  { count, hashes, numbers }: BlockValues,
): [number, number] {
  let least = 0
  let greatest = 0
  for (let index = 1; index < count; index++) {
    const hash = hashes[index]
    if (hash === hashes[least] || hash === hashes[greatest]) continue
    const at = numbers[index]!
    if (compare(bytes, view, at, numbers[least]!) < 0) least = index
    else if (compare(bytes, view, at, numbers[greatest]!) > 0) greatest = index
  }
  return [least, greatest]
}

/**
 * Compares the texts at two positions. Most differ in their first bytes: a call of the runtime would cost more than
 * this loop.
 */
function compare(bytes: Buffer, view: DataView, one: number, other: number): number {
  const oneLength = view.getUint32(one, true)
  const otherLength = view.getUint32(other, true)
  const end = Math.min(oneLength, otherLength, SKETCH_TEXT_BYTES) + 4
  let at = 4
  while (at + 4 <= end && view.getInt32(one + at) === view.getInt32(other + at)) at += 4
  for (; at < end; at++) {
    const difference = bytes[one + at]! - bytes[other + at]!
    if (difference !== 0) return difference
  }
  return oneLength - otherLength
}
