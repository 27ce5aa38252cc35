import type { ByteWriter } from 'hyparquet-writer'

/** Levels that are packed together. */
const GROUP = 8

/**
 * Writes levels as runs of equal ones and as packed bits, byte for byte as `writeRleBitPackedHybrid` of hyparquet-writer
 * does, which takes several times as long. Returns the number of bytes.
 * https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 *
 * @param width bits of a level, 1 to 8
 */
export function writeLevels(writer: ByteWriter, levels: Uint8Array, width: number): number {
  const start = writer.offset
  let at = 0
  /** Start of the groups that are to be packed. */
  let packed = 0
  while (at < levels.length) {
    const run = runAt(levels, at)
    if (run < GROUP) {
      at += GROUP
      continue
    }
    if (at > packed) writePacked(writer, levels, packed, (at - packed) / GROUP, width)
    writer.appendVarInt(run << 1)
    writer.appendUint8(levels[at]!)
    at += run
    packed = at
  }
  if (at > packed) writePacked(writer, levels, packed, (at - packed) / GROUP, width)
  return writer.offset - start
}

/** Counts the levels from a position on that equal the one there. */
function runAt(levels: Uint8Array, start: number): number {
  const level = levels[start]!
  let end = start + 1
  while (end < levels.length && levels[end] === level) {
    end++
    while (end + GROUP <= levels.length && isRun(levels, end, level)) end += GROUP
  }
  return end - start
}

/** True if eight levels are the same. */
function isRun(levels: Uint8Array, at: number, level: number): boolean {
  const first = (levels[at]! ^ level) | (levels[at + 1]! ^ level) | (levels[at + 2]! ^ level)
  const second = (levels[at + 3]! ^ level) | (levels[at + 4]! ^ level) | (levels[at + 5]! ^ level)
  return (first | second | (levels[at + 6]! ^ level) | (levels[at + 7]! ^ level)) === 0
}

/** Writes groups of eight levels. Those behind the last are 0. */
function writePacked(
  writer: ByteWriter,
  levels: Uint8Array,
  start: number,
  groups: number,
  width: number,
): void {
  writer.appendVarInt((groups << 1) | 1)
  const bytes = new Uint8Array(groups * width)
  const end = start + groups * GROUP
  let at = start
  let to = 0
  if (width === 1)
    for (; at + GROUP <= levels.length && at < end; at += GROUP) {
      const low = levels[at]! | (levels[at + 1]! << 1) | (levels[at + 2]! << 2) | (levels[at + 3]! << 3)
      const high = levels[at + 4]! | (levels[at + 5]! << 1) | (levels[at + 6]! << 2) | (levels[at + 7]! << 3)
      bytes[to++] = low | (high << 4)
    }
  let bits = 0
  let count = 0
  for (; at < end; at++) {
    bits |= (levels[at] ?? 0) << count
    for (count += width; count >= 8; count -= 8) {
      bytes[to++] = bits
      bits >>>= 8
    }
  }
  writer.appendBytes(bytes)
}
