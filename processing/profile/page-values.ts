import { SKETCH_TEXT_BYTES, type StoredValue } from '../../core/sketches/column-sketch.ts'
import { BLOCK, TEXT_BYTES } from './block-layout.ts'
import type { BlockMemory } from './block-memory.ts'
import { hashBytes, hashWords } from './hash.ts'

/** PLAIN values of a page, before compression. */
export interface PageBytes {
  readonly bytes: Buffer
  /** View of the same bytes. */
  readonly view: DataView
  /** Number of values without nulls. */
  readonly count: number
}

/** A block of a page's values, each as a number and as a hash. The memory is used again for the next block. */
export class BlockValues {
  readonly memory: BlockMemory
  /** One per value. */
  readonly hashes: Int32Array
  /** The values; for text, the position of each among the page's bytes. */
  readonly numbers: Float64Array
  /** Index of the first value in the page. */
  from = 0
  /** Number of values in the block. */
  count = 0
  /** Position of the text after the block. */
  end = 0

  constructor(memory: BlockMemory) {
    this.memory = memory
    this.hashes = memory.hashes
    this.numbers = memory.numbers
  }

  /** Moves to the block of a page that begins at index `from`; blocks come in their order. */
  moveTo(from: number, { count }: PageBytes): void {
    if (from === 0) this.end = 0
    this.from = from
    this.count = Math.min(BLOCK, count - from)
  }
}

/**
 * Reads the values of one Parquet type from a page's PLAIN bytes, which are little-endian.
 * https://parquet.apache.org/docs/file-format/data-pages/encodings/
 */
export interface PageReader {
  /** Fills in the hashes and numbers of a block. */
  readonly read: (page: PageBytes, block: BlockValues) => void
  /** Returns value `index` of the block that was read last. */
  readonly value: (page: PageBytes, block: BlockValues, index: number) => StoredValue
  /** True if the numbers of a block are positions of texts. @default false */
  readonly isText?: true
}

const asNumber: PageReader['value'] = (_, { numbers }, index) => numbers[index]!

const BOOLEAN: PageReader = {
  read: ({ bytes }, { from, count, hashes, numbers }) => {
    for (let index = 0; index < count; index++) {
      const at = from + index
      const value = (bytes[at >> 3]! >> (at & 7)) & 1
      numbers[index] = value
      hashes[index] = hashWords(value, 0)
    }
  },
  value: asNumber,
}

/** Reads values of so many bytes each by compiled code. */
function compiledReader(
  width: number,
  name: 'readInt32' | 'readInt64' | 'readFloat' | 'readDouble',
  value = asNumber,
): PageReader {
  return {
    read: ({ bytes }, { from, count, memory }) => {
      memory.plain.set(bytes.subarray(from * width, (from + count) * width))
      memory.functions[name](count)
    },
    value,
  }
}

const INT32 = compiledReader(4, 'readInt32')
const INT64 = compiledReader(8, 'readInt64', ({ view }, { from, numbers }, index) =>
  Number.isSafeInteger(numbers[index]) ? numbers[index]! : view.getBigInt64((from + index) * 8, true),
)
const FLOAT = compiledReader(4, 'readFloat')
const DOUBLE = compiledReader(8, 'readDouble')

const BYTE_ARRAY: PageReader = {
  read: ({ bytes, view }, block) => {
    const { count, hashes, numbers, memory } = block
    let at = block.end
    for (let index = 0; index < count;) {
      const here = Math.min(TEXT_BYTES, bytes.length - at)
      memory.text.set(bytes.subarray(at, at + here))
      const read = memory.functions.readTexts(index, count, here, at)
      at += memory.textRead
      // A text that is longer than the room for it.
      if (read === index) {
        const length = view.getUint32(at, true)
        numbers[index] = at
        hashes[index] = hashBytes(view, at + 4, length)
        memory.functions.boundLongText(index, length)
        at += 4 + length
        index++
      } else index = read
    }
    block.end = at
  },
  value: ({ bytes, view }, { numbers }, index) => {
    const at = numbers[index]!
    return textAt(bytes, at + 4, view.getUint32(at, true))
  },
  isText: true,
}

/** Reads a text, cut to at most SKETCH_TEXT_BYTES bytes of whole characters. */
export function textAt(bytes: Buffer, start: number, length: number): string {
  if (length <= SKETCH_TEXT_BYTES) return bytes.toString('utf8', start, start + length)
  let end = start + SKETCH_TEXT_BYTES
  while ((bytes[end]! & 0xc0) === 0x80) end--
  return bytes.toString('utf8', start, end)
}

/** Reads big-endian integers of `width` bytes. */
const fixed = (width: number): PageReader => {
  const bigintAt = ({ bytes }: PageBytes, at: number) =>
    BigInt.asIntN(8 * width, BigInt(`0x${bytes.toString('hex', at * width, (at + 1) * width)}`))
  return {
    read: (page, { from, count, hashes, numbers }) => {
      for (let index = 0; index < count; index++) {
        numbers[index] = Number(bigintAt(page, from + index))
        hashes[index] = hashBytes(page.view, (from + index) * width, width)
      }
    },
    value: (page, { from, numbers }, index) =>
      Number.isSafeInteger(numbers[index]) ? numbers[index]! : bigintAt(page, from + index),
  }
}

/**
 * Returns the reader for a Parquet type.
 *
 * @param width bytes per value, for types of fixed length
 */
export function pageReader(type: string, width = 0): PageReader {
  const readers: Readonly<Record<string, PageReader>> = { BOOLEAN, INT32, INT64, FLOAT, DOUBLE, BYTE_ARRAY }
  return readers[type] ?? fixed(width)
}
