import { compiledModule, wasmMemory } from '../web-assembly.ts'
import { BLOCK, HASHES, NUMBERS, PLAIN, REGISTERS, REGISTER_BYTES, RISEN } from './block-layout.ts'
import compiled from './profile-block.json' with { type: 'json' }

/** Functions of `assembly/profile-block.ts`. */
interface Exports {
  readonly readInt32: (count: number) => void
  readonly readInt64: (count: number) => void
  readonly readFloat: (count: number) => void
  readonly readDouble: (count: number) => void
  readonly raise: (registers: number, count: number) => number
  readonly sum: (count: number) => number
  readonly squares: (count: number, mean: number) => number
}

const instantiate = compiledModule<Exports>(compiled)

/** Memory for a block of values and for the registers of columns, and the compiled functions that work in it. */
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
  #columns = 0

  /** @param columns number of columns that take registers */
  constructor(columns: number) {
    const memory = wasmMemory(REGISTERS + columns * REGISTER_BYTES)
    this.functions = instantiate(memory)
    this.plain = new Uint8Array(memory.buffer, PLAIN, 8 * BLOCK)
    this.numbers = new Float64Array(memory.buffer, NUMBERS, BLOCK)
    this.hashes = new Int32Array(memory.buffer, HASHES, BLOCK)
    this.risen = new Int32Array(memory.buffer, RISEN, BLOCK)
  }

  /** Returns the position of registers for one more column. */
  takeRegisters(): number {
    return REGISTERS + REGISTER_BYTES * this.#columns++
  }
}
