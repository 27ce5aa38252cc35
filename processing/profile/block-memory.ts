import { compiledModule, wasmMemory, type WasmMemory } from '../web-assembly.ts'
import {
  BLOCK,
  COLUMN_BYTES,
  COLUMNS,
  GREATEST,
  HASHES,
  LEAST,
  NUMBERS,
  PLAIN,
  RISEN,
  TEXT,
  TEXT_BYTES,
  TEXT_READ,
} from './block-layout.ts'
import compiled from './profile-block.json' with { type: 'json' }

/** Functions of `assembly/profile-block.ts`. */
interface Exports {
  readonly readInt32: (count: number) => void
  readonly readInt64: (count: number) => void
  readonly readFloat: (count: number) => void
  readonly readDouble: (count: number) => void
  readonly readTexts: (first: number, most: number, bytes: number, base: number) => number
  readonly boundLongText: (index: number, length: number) => void
  readonly countFrequent: (column: number, count: number, level: number) => void
  readonly dropRare: (column: number, most: number) => void
  readonly raise: (column: number, count: number) => number
  readonly sum: (count: number) => number
  readonly squares: (count: number, mean: number) => number
}

const instantiate = compiledModule<Exports>(compiled)

/** Memory for a block of values and for what columns count, and the compiled functions that work in it. */
export class BlockMemory {
  readonly functions: Exports
  /** PLAIN bytes of values of 4 or 8 bytes. */
  readonly plain: Uint8Array
  /** The values. */
  readonly numbers: Float64Array
  /** Hashes of the values. */
  readonly hashes: Int32Array
  /** Registers that `raise` has raised last, with their ranks. */
  readonly risen: Int32Array
  readonly #memory: WasmMemory
  readonly #textRead: Uint32Array
  readonly #bounds: Int32Array
  /** PLAIN texts. */
  readonly text: Uint8Array
  #columns = 0

  /** @param columns number of columns that take memory */
  constructor(columns: number) {
    const memory = wasmMemory(COLUMNS + columns * COLUMN_BYTES)
    this.#memory = memory
    this.functions = instantiate(memory)
    this.plain = new Uint8Array(memory.buffer, PLAIN, 8 * BLOCK)
    this.numbers = new Float64Array(memory.buffer, NUMBERS, BLOCK)
    this.hashes = new Int32Array(memory.buffer, HASHES, BLOCK)
    this.risen = new Int32Array(memory.buffer, RISEN, BLOCK)
    this.text = new Uint8Array(memory.buffer, TEXT, TEXT_BYTES)
    this.#textRead = new Uint32Array(memory.buffer, TEXT_READ, 1)
    this.#bounds = new Int32Array(memory.buffer, LEAST, (GREATEST - LEAST) / 4 + 1)
  }

  /** Number of bytes of the texts that were read last. */
  get textRead(): number {
    return this.#textRead[0]!
  }

  /**
   * Indexes of the least and the greatest text of the block, by the order of their bytes. Only as many bytes are compared
   * as a sketch holds.
   */
  get textBounds(): [number, number] {
    return [this.#bounds[0]!, this.#bounds[(GREATEST - LEAST) / 4]!]
  }

  /** Returns the position and the bytes of memory for one more column. */
  takeColumn(): ColumnMemory {
    const position = COLUMNS + COLUMN_BYTES * this.#columns++
    return { position, buffer: this.#memory.buffer }
  }
}

/** Memory of a column. */
export interface ColumnMemory {
  readonly position: number
  readonly buffer: ArrayBuffer
}
