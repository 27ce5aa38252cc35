import { KnownTexts } from '../../parquet/known-texts.ts'
import { compiledModule, type WasmMemory } from '../../web-assembly.ts'
import { NEWLINE } from '../../read/bytes.ts'
import {
  CACHES,
  CACHE_BYTES,
  FAILURE,
  MAX_CACHES,
  SHAPES,
  SHAPE_BYTES,
  WINDOW,
  WINDOW_BYTES,
} from './record-layout.ts'
import compiled from './parse-record.json' with { type: 'json' }

/** Functions of `assembly/parse-record.ts`, and their memory. */
export interface RecordExports {
  readonly memory: WasmMemory
  readonly parse: (shape: number, first: number, start: number) => number
  readonly forget: (shape: number) => void
}

/** Makes an instance of the compiled parser, which takes half a millisecond. */
export const recordExports: () => RecordExports = compiledModule<RecordExports>(compiled)

/**
 * The compiled parser with its memory, which has the layout of `record-layout.ts` and never grows.
 */
export class RecordMemory {
  readonly bytes: Buffer
  readonly int32: Int32Array
  readonly float64: Float64Array
  readonly bigInt64: BigInt64Array
  /** Texts of the records that stand in the window as they are. */
  readonly known: KnownTexts
  /**
   * Parses the record at position `start` by a shape from operation `first` on. Returns the position of its newline, or
   * -1 for a record of another shape.
   */
  readonly parse: RecordExports['parse']
  /** Forgets texts that were cached for a record that was none, by the shape that failed. */
  readonly forget: RecordExports['forget']
  #raw: Buffer = Buffer.alloc(0)
  #shapesEnd = SHAPES
  /** Range of the raw bytes in the window. */
  #start = 0
  #end = 0
  #distance = 0

  /** @param exports an instance whose memory is 0 from {@link FAILURE} on */
  constructor({ memory, parse, forget }: RecordExports = recordExports()) {
    this.bytes = Buffer.from(memory.buffer)
    this.int32 = new Int32Array(memory.buffer)
    this.float64 = new Float64Array(memory.buffer)
    this.bigInt64 = new BigInt64Array(memory.buffer)
    this.known = new KnownTexts(memory.buffer)
    this.parse = parse
    this.forget = forget
  }

  /** Number of the operation at which the last shape failed. */
  get failedOperation(): number {
    return this.int32[FAILURE >> 2]!
  }

  /** Position at which the last shape failed. */
  get failedPosition(): number {
    return this.int32[(FAILURE >> 2) + 1]!
  }

  /** Sets the raw bytes. */
  open(raw: Buffer): void {
    this.#raw = raw
    this.#start = this.#end = 0
  }

  /**
   * Returns the distance from positions of the raw bytes to those of the memory, once the line at `start` is in the
   * window, or 0 for a line that has no newline or is too long.
   */
  distanceAt(start: number): number {
    if (start < this.#start || start >= this.#end) this.#load(start)
    return this.#end > start ? this.#distance : 0
  }

  /** Puts whole lines into the window. */
  #load(start: number): void {
    const lines = this.#raw.subarray(start, start + WINDOW_BYTES)
    const length = lines.lastIndexOf(NEWLINE) + 1
    // As far from a multiple of 8 as the raw bytes are: see copyBytes.
    const position = WINDOW + (lines.byteOffset % 8)
    this.known.forget()
    this.bytes.set(lines.subarray(0, length), position)
    this.#start = start
    this.#end = start + length
    this.#distance = position - start
  }

  /** Returns the position of memory for a shape, or 0 if there is not so much. */
  takeShape(length: number): number {
    if (this.#shapesEnd + length > SHAPES + SHAPE_BYTES) return 0
    const position = this.#shapesEnd
    this.#shapesEnd += length
    return position
  }

  /** Returns the position of memory for the cached texts of a field by its place, or 0 if there is not so much. */
  cacheOf(place: number): number {
    return place < MAX_CACHES ? CACHES + CACHE_BYTES * place : 0
  }
}
