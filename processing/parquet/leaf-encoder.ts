import { ByteWriter } from 'hyparquet-writer'
import { writePageHeader } from 'hyparquet-writer/src/datapage.js'
import snappy from 'snappy'
import type { Bound } from '../../core/kinds/kind.ts'
import type { PackedChunk } from './chunk.ts'
import { KnownTexts } from './known-texts.ts'
import type { Leaf } from './leaves.ts'
import { writeLevels } from './write-levels.ts'

/** Uncompressed bytes at which a page is closed, at the end of a row. hyparquet-writer has the same default. */
export const PAGE_BYTES = 1 << 20
/** Longest text that is encoded character by character; the runtime is faster at longer text. */
const SHORT_TEXT = 24
/** Shortest and longest text whose bytes are copied: others are encoded as fast. */
const [LEAST_KNOWN, MOST_KNOWN] = [8, 512]
/** How often a column's texts are looked for among the known ones before it is given up. */
const SEARCHES = 256
/** No texts, for encoders that are given none. */
const NONE_KNOWN = new KnownTexts(new ArrayBuffer(0))

/** Scratch memory for an integer of up to 16 bytes. */
const WIDE = new DataView(new ArrayBuffer(16))

/** Time that encoders have spent on compression, to which each of them adds its own. */
export interface EncoderClock {
  /** Seconds so far. */
  compressSeconds: number
}

/**
 * A page that is about to be compressed. It refers to the encoder's memory: do not keep it beyond the call that it is
 * passed to.
 */
export interface Page {
  /** PLAIN values, without nulls. Bytes behind the last value are undefined. */
  readonly bytes: Buffer
  /** A view of the same bytes. */
  readonly view: DataView
  /** Definition levels of all values; filled only if the leaf has such levels. */
  readonly definitions: Uint8Array
  /** Repetition levels of all values; filled only if the leaf has such levels. */
  readonly repetitions: Uint8Array
  /** Number of values; nulls and empty lists count. */
  readonly count: number
  /** Number of nulls and empty lists. */
  readonly nulls: number
  /** Number of rows. */
  readonly rows: number
  /** Least and greatest value of the chunk so far. @default unknown, or there is no value */
  readonly bounds: { readonly min: Bound; readonly max: Bound } | undefined
}

/** Receives each page of a leaf before it is compressed, to profile its values. */
export interface PageObserver {
  /** Called once per page, in order. */
  page(page: Page): void
}

/**
 * Encodes the values of one Parquet column (a leaf of the schema) into PLAIN pages: data page v2, compressed with
 * snappy.
 *
 * hyparquet-writer writes headers and levels. Its own encoder first builds arrays of values, which took most of its
 * time; here values become bytes at once. Holds one page of at most {@link PAGE_BYTES} and a row, and the compressed
 * pages of the chunk.
 */
export class LeafEncoder {
  readonly leaf: Leaf
  readonly #clock: EncoderClock
  readonly #observer: PageObserver | undefined
  // Small at first, so that code has seen it grow before it is optimised.
  #bytes = Buffer.allocUnsafeSlow(64)
  #view = new DataView(this.#bytes.buffer)
  /** Bytes of the open page's values; in a page of booleans, their number. */
  #length = 0
  #definitions = new Uint8Array(16)
  #repetitions = new Uint8Array(16)
  /** Number of levels in the open page, or of values if there are no levels. */
  #count = 0
  #nulls = 0
  #rows = 0
  readonly #levels = new ByteWriter()
  readonly #pages = new ByteWriter(1 << 14)
  #total = { values: 0, nulls: 0, uncompressedBytes: 0, pages: 0 }
  /** Bounds of numbers. As fields they would be garbage each time that they change. */
  readonly #range = new Float64Array(2)
  #minText = ''
  #maxText = ''
  /** First four bytes of the bounds, as numbers: most texts lie between them. */
  #minPrefix = Infinity
  #maxPrefix = -Infinity
  #minBigint: bigint | undefined
  #maxBigint: bigint | undefined
  #bounded = true
  readonly #known: KnownTexts
  /** Place of the known text that the last texts of the column were, and number of times that it may change. */
  #place = 0
  #searches = SEARCHES

  constructor(leaf: Leaf, clock: EncoderClock, observer?: PageObserver, known = NONE_KNOWN) {
    this.leaf = leaf
    this.#clock = clock
    this.#observer = observer
    this.#known = known
    this.#forgetBounds()
  }

  /** Compressed bytes of the chunk's closed pages. */
  get bytes(): number {
    return this.#pages.offset
  }

  /** Ends a row; closes the page if it is full. */
  endRow(): void {
    this.#rows++
    if (this.#length >= PAGE_BYTES || this.#count >= PAGE_BYTES) this.#closePage()
  }

  /** Notes that the next value is present, in a leaf without levels. */
  present(): void {
    this.#count++
  }

  /** Notes that the next value is present, at these levels. */
  level(definition: number, repetition: number): void {
    if (this.#count === this.#definitions.length) this.#growLevels()
    this.#definitions[this.#count] = definition
    this.#repetitions[this.#count] = repetition
    this.#count++
  }

  /** Notes that there is no value: a null, or an empty list. */
  absent(definition: number, repetition: number): void {
    this.#nulls++
    this.level(definition, repetition)
  }

  // The methods below put checked values, whose level has to be noted as well.

  putText(value: string): void {
    const needed = this.#length + 8 + value.length * 3
    if (needed > this.#bytes.length) this.#grow(needed)
    const start = this.#length + 4
    let length = value.length
    let isShortAscii = length <= SHORT_TEXT
    if (this.#isKnown(value)) this.#copyKnown(start, length)
    else if (!isShortAscii || !this.#putAscii(value, start)) {
      length = this.#bytes.write(value, start)
      isShortAscii = false
    }
    if (!isShortAscii) this.#bounded = false
    else if (this.#bounded) this.#boundText(value, this.#view.getUint32(start))
    this.#view.setUint32(this.#length, length, true)
    this.#length = start + length
  }

  putInt32(value: number): void {
    if (this.#length + 4 > this.#bytes.length) this.#grow()
    this.#view.setInt32(this.#length, value, true)
    this.#length += 4
    this.#bound(value)
  }

  putInt64(value: number | bigint): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow()
    if (typeof value === 'bigint') {
      this.#view.setBigInt64(this.#length, value, true)
      this.#boundBigint(value)
    } else {
      // Two halves: a BigInt per value would be garbage.
      const high = Math.floor(value / 4_294_967_296)
      this.#view.setInt32(this.#length + 4, high, true)
      this.#view.setUint32(this.#length, value - high * 4_294_967_296, true)
      this.#bound(value)
    }
    this.#length += 8
  }

  /** Puts an integer of 9 to 16 bytes, big-endian. */
  putFixed(value: bigint, bytes: number): void {
    if (this.#length + bytes > this.#bytes.length) this.#grow()
    WIDE.setBigInt64(0, value >> 64n)
    WIDE.setBigInt64(8, value)
    this.#bytes.set(new Uint8Array(WIDE.buffer, 16 - bytes), this.#length)
    this.#length += bytes
    this.#boundBigint(value)
  }

  putFloat32(value: number): void {
    if (this.#length + 4 > this.#bytes.length) this.#grow()
    this.#view.setFloat32(this.#length, value, true)
    this.#length += 4
    this.#bound(Math.fround(value))
  }

  putFloat64(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow()
    this.#view.setFloat64(this.#length, value, true)
    this.#length += 8
    this.#bound(value)
  }

  putBoolean(value: boolean): void {
    const byte = this.#length >> 3
    if (byte === this.#bytes.length) this.#grow()
    const bit = this.#length & 7
    if (bit === 0) this.#bytes[byte] = value ? 1 : 0
    else if (value) this.#bytes[byte]! |= 1 << bit
    this.#length++
    this.#bound(value ? 1 : 0)
  }

  /** Ends the chunk, returns its pages and resets the encoder. The bytes are valid until the next value is added. */
  finish(): { bytes: Uint8Array; leaf: PackedChunk['leaves'][number] } {
    this.#closePage()
    const bytes = this.#pages.getBytes()
    const leaf = {
      length: bytes.length,
      ...this.#total,
      ...(this.#total.values > this.#total.nulls && this.#bounds()),
    }
    this.#pages.offset = this.#pages.index = 0
    this.#total = { values: 0, nulls: 0, uncompressedBytes: 0, pages: 0 }
    this.#forgetBounds()
    return { bytes, leaf }
  }

  #putAscii(value: string, start: number): boolean {
    const bytes = this.#bytes
    this.#view.setUint32(start, 0)
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index)
      if (code > 127) return false
      bytes[start + index] = code
    }
    return true
  }

  /** True if a text stands at this column's place among the known texts, and is worth copying. */
  #isKnown(value: string): boolean {
    if (value.length < LEAST_KNOWN || value.length > MOST_KNOWN) return false
    if (this.#known.texts[this.#place] === value) return true
    if (this.#searches === 0) return false
    this.#searches--
    const place = this.#known.texts.indexOf(value)
    if (place >= 0) this.#place = place
    return place >= 0
  }

  /** Copies the text at this column's place. The last eight bytes may be copied twice in part. */
  #copyKnown(to: number, length: number): void {
    const [view, known] = [this.#view, this.#known.view]
    const from = this.#known.starts[this.#place]!
    const last = length - 8
    // As doubles, which are copied as they are: eight bytes of ASCII are never NaN.
    for (let at = 0; at < last; at += 8) view.setFloat64(to + at, known.getFloat64(from + at, true), true)
    view.setFloat64(to + last, known.getFloat64(from + last, true), true)
  }

  #bound(value: number): void {
    const range = this.#range
    if (value < range[0]!) range[0] = value
    if (value > range[1]!) range[1] = value
  }

  /** @param prefix first four bytes of the text, zeros after a shorter one */
  #boundText(value: string, prefix: number): void {
    if (prefix <= this.#minPrefix && (prefix < this.#minPrefix || value < this.#minText)) {
      this.#minText = value
      this.#minPrefix = prefix
    }
    if (prefix >= this.#maxPrefix && (prefix > this.#maxPrefix || value > this.#maxText)) {
      this.#maxText = value
      this.#maxPrefix = prefix
    }
  }

  #boundBigint(value: bigint): void {
    if (this.#minBigint === undefined || value < this.#minBigint) this.#minBigint = value
    if (this.#maxBigint === undefined || value > this.#maxBigint) this.#maxBigint = value
  }

  #bounds(): { min: Bound; max: Bound } | undefined {
    if (!this.#bounded) return undefined
    const [low, high] = this.#range as unknown as [number, number]
    switch (this.leaf.kind.bounds) {
      case 'text':
        return { min: this.#minText, max: this.#maxText }
      case 'flags':
        return { min: low === 1, max: high === 1 }
      case 'numbers': {
        const [lowBigint, highBigint] = [this.#minBigint, this.#maxBigint]
        return {
          min: lowBigint !== undefined && lowBigint < low ? lowBigint : low,
          max: highBigint !== undefined && highBigint > high ? highBigint : high,
        }
      }
    }
  }

  #forgetBounds(): void {
    this.#range[0] = Infinity
    this.#range[1] = -Infinity
    // Any text's prefix is between them, so that the first text replaces both bounds.
    this.#minPrefix = Infinity
    this.#maxPrefix = -Infinity
    this.#minBigint = this.#maxBigint = undefined
    this.#bounded = true
  }

  /** Doubles the memory, which is enough for a value of any kind but text. */
  #grow(needed = 0): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    bytes.set(this.#bytes)
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }

  #growLevels(): void {
    const [definitions, repetitions] = [this.#definitions, this.#repetitions]
    this.#definitions = new Uint8Array(definitions.length * 2)
    this.#repetitions = new Uint8Array(definitions.length * 2)
    this.#definitions.set(definitions)
    this.#repetitions.set(repetitions)
  }

  #closePage(): void {
    if (this.#rows === 0) return
    this.#observer?.page(this.#page())
    const { maxDefinition, maxRepetition, parquet } = this.leaf
    const repetitionBytes = this.#writeLevels(this.#repetitions, maxRepetition)
    const definitionBytes = this.#writeLevels(this.#definitions, maxDefinition)
    const length = parquet.type === 'BOOLEAN' ? (this.#length + 7) >> 3 : this.#length
    const body = this.#compress(this.#bytes.subarray(0, length))
    const levels = this.#levels.getBytes()
    const headerStart = this.#pages.offset
    writePageHeader(this.#pages, {
      type: 'DATA_PAGE_V2',
      uncompressed_page_size: levels.length + length,
      compressed_page_size: levels.length + body.length,
      data_page_header_v2: {
        num_values: this.#count,
        num_nulls: this.#nulls,
        num_rows: this.#rows,
        encoding: 'PLAIN',
        definition_levels_byte_length: definitionBytes,
        repetition_levels_byte_length: repetitionBytes,
        is_compressed: true,
      },
    })
    this.#total.uncompressedBytes += this.#pages.offset - headerStart + levels.length + length
    this.#pages.appendBytes(levels)
    this.#pages.appendBytes(body)
    this.#levels.offset = this.#levels.index = 0
    this.#total.values += this.#count
    this.#total.nulls += this.#nulls
    this.#total.pages++
    this.#length = this.#count = this.#nulls = this.#rows = 0
  }

  #page(): Page {
    return {
      bytes: this.#bytes,
      view: this.#view,
      definitions: this.#definitions,
      repetitions: this.#repetitions,
      count: this.#count,
      nulls: this.#nulls,
      rows: this.#rows,
      bounds: this.#count > this.#nulls ? this.#bounds() : undefined,
    }
  }

  #writeLevels(levels: Uint8Array, maxLevel: number): number {
    if (maxLevel === 0) return 0
    return writeLevels(this.#levels, levels.subarray(0, this.#count), Math.ceil(Math.log2(maxLevel + 1)))
  }

  #compress(bytes: Uint8Array): Uint8Array {
    const start = performance.now()
    // Copied to the heap: handing out its own memory takes snappy three times as long, because of page faults.
    const compressed = snappy.compressSync(bytes, { copyOutputData: true })
    this.#clock.compressSeconds += (performance.now() - start) / 1000
    return compressed
  }
}
