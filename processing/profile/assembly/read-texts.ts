import { HASHES, NUMBERS, TEXT, TEXT_READ } from '../block-layout'
import { hashBytes } from './hash'
import { boundText } from './text-bounds'

/**
 * Reads PLAIN texts, of which so many bytes are here, as values `first` to `most` of the block; their numbers are
 * positions in the page, in which these bytes begin at `base`. Returns the index behind the last text that is here
 * whole. Compares each with the bounds of the block.
 */
export function readTexts(first: i32, most: i32, bytes: u32, base: u32): i32 {
  let index = first
  let at: u32 = 0
  for (; index < most && at + 4 <= bytes; index++) {
    const length = load<u32>(TEXT + at)
    if (length > bytes - at - 4) break
    store<f64>(NUMBERS + (index << 3), (base + at) as f64)
    store<u32>(HASHES + (index << 2), hashBytes(TEXT + at + 4, length))
    boundText(index, TEXT + at + 4, length)
    at += 4 + length
  }
  store<u32>(TEXT_READ, at)
  return index
}

/** Compares a text with the bounds of the block that is longer than the room for texts, and so is here in part. */
export function boundLongText(index: i32, length: u32): void {
  boundText(index, TEXT + 4, length)
}
