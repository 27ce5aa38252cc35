import { SKETCH_TEXT_BYTES, type StoredValue } from '../../core/sketches/column-sketch.ts'
import { DistinctPart } from './distinct-part.ts'
import { hashBytes, hashWords } from './hash.ts'

/** The values of a page, PLAIN, before compression. */
export interface PageBytes {
  readonly bytes: Buffer
  readonly view: DataView
  /** Values that are there. */
  readonly count: number
}

/**
 * The values of one page after the other, each as a number and as a hash. Memory is kept for the next page: it grows to
 * the longest one.
 */
export class PageValues {
  readonly distinct = new DistinctPart()
  hashes = new Int32Array(1024)
  /** The values; of text, where each begins among the bytes. */
  numbers = new Float64Array(1024)

  /** Makes room for the values of a page. */
  fit(count: number): void {
    if (count <= this.hashes.length) return
    const room = Math.max(count, this.hashes.length * 2)
    this.hashes = new Int32Array(room)
    this.numbers = new Float64Array(room)
  }
}

/** How the values of a Parquet type are read. Bytes are little-endian: https://parquet.apache.org/docs/file-format/data-pages/encodings/ */
export interface PageReader {
  /** Fills in the hashes and the numbers of a page. */
  readonly read: (page: PageBytes, values: PageValues) => void
  /** Value `index` of the page that was read. */
  readonly value: (page: PageBytes, values: PageValues, index: number) => StoredValue
  readonly isText?: true
}

const asNumber: PageReader['value'] = (_, { numbers }, index) => numbers[index]!

const BOOLEAN: PageReader = {
  read: ({ bytes, count }, { hashes, numbers }) => {
    for (let index = 0; index < count; index++) {
      const value = (bytes[index >> 3]! >> (index & 7)) & 1
      numbers[index] = value
      hashes[index] = hashWords(value, 0)
    }
  },
  value: asNumber,
}

const INT32: PageReader = {
  read: ({ view, count }, { hashes, numbers }) => {
    for (let index = 0; index < count; index++) {
      const value = view.getInt32(index * 4, true)
      numbers[index] = value
      hashes[index] = hashWords(value, 0)
    }
  },
  value: asNumber,
}

const INT64: PageReader = {
  read: ({ view, count }, { hashes, numbers }) => {
    for (let index = 0; index < count; index++) {
      const low = view.getInt32(index * 8, true)
      const high = view.getInt32(index * 8 + 4, true)
      numbers[index] = high * 4_294_967_296 + (low >>> 0)
      hashes[index] = hashWords(low, high)
    }
  },
  value: ({ view }, { numbers }, index) =>
    Number.isSafeInteger(numbers[index]) ? numbers[index]! : view.getBigInt64(index * 8, true),
}

const FLOAT: PageReader = {
  read: ({ view, count }, { hashes, numbers }) => {
    for (let index = 0; index < count; index++) {
      // Both zeros are one value.
      const value = view.getFloat32(index * 4, true) + 0
      numbers[index] = value
      hashes[index] = value === 0 ? ZERO_HASH : hashWords(view.getInt32(index * 4, true), 0)
    }
  },
  value: asNumber,
}

const DOUBLE: PageReader = {
  read: ({ view, count }, { hashes, numbers }) => {
    for (let index = 0; index < count; index++) {
      const value = view.getFloat64(index * 8, true) + 0
      numbers[index] = value
      hashes[index] =
        value === 0
          ? ZERO_HASH
          : hashWords(view.getInt32(index * 8, true), view.getInt32(index * 8 + 4, true))
    }
  },
  value: asNumber,
}

const ZERO_HASH = hashWords(0, 0)

const BYTE_ARRAY: PageReader = {
  read: ({ view, count }, { hashes, numbers }) => {
    for (let index = 0, at = 0; index < count; index++) {
      const length = view.getUint32(at, true)
      numbers[index] = at
      hashes[index] = hashBytes(view, at + 4, length)
      at += 4 + length
    }
  },
  value: ({ bytes, view }, { numbers }, index) => {
    const at = numbers[index]!
    return textAt(bytes, at + 4, view.getUint32(at, true))
  },
  isText: true,
}

/** Whole characters only. */
export function textAt(bytes: Buffer, start: number, length: number): string {
  if (length <= SKETCH_TEXT_BYTES) return bytes.toString('utf8', start, start + length)
  let end = start + SKETCH_TEXT_BYTES
  while ((bytes[end]! & 0xc0) === 0x80) end--
  return bytes.toString('utf8', start, end)
}

/** Integers of `width` bytes, the highest first. */
const fixed = (width: number): PageReader => {
  const bigintAt = ({ bytes }: PageBytes, index: number) =>
    BigInt.asIntN(8 * width, BigInt(`0x${bytes.toString('hex', index * width, (index + 1) * width)}`))
  return {
    read: (page, { hashes, numbers }) => {
      for (let index = 0; index < page.count; index++) {
        numbers[index] = Number(bigintAt(page, index))
        hashes[index] = hashBytes(page.view, index * width, width)
      }
    },
    value: (page, { numbers }, index) =>
      Number.isSafeInteger(numbers[index]) ? numbers[index]! : bigintAt(page, index),
  }
}

/** The reader of a Parquet type that columns have. */
export function pageReader(type: string, width = 0): PageReader {
  const readers: Readonly<Record<string, PageReader>> = { BOOLEAN, INT32, INT64, FLOAT, DOUBLE, BYTE_ARRAY }
  return readers[type] ?? fixed(width)
}
