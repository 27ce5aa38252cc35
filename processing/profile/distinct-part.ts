import type { BlockMemory, ColumnMemory } from './block-memory.ts'

/**
 * Counts the different values of a column, shard by shard, by HyperLogLog. Returns for each shard only the registers
 * that have risen since the shard before. All entries together, in any order, give the registers of all values,
 * whichever worker saw them. Holds 32 KiB.
 */
export class DistinctPart {
  readonly #memory: BlockMemory
  readonly #column: number
  #entries = new Int32Array(1024)
  #length = 0

  constructor(memory: BlockMemory, column: ColumnMemory) {
    this.#memory = memory
    this.#column = column.position
  }

  /** Adds the hashes of the first `count` values of the block. */
  add(count: number): void {
    const risen = this.#memory.functions.raise(this.#column, count)
    if (risen === 0) return
    if (this.#length + risen > this.#entries.length) this.#grow(this.#length + risen)
    this.#entries.set(this.#memory.risen.subarray(0, risen), this.#length)
    this.#length += risen
  }

  /** Returns the entries of registers that have risen since the last call, each with its new rank. */
  take(): Int32Array {
    const entries = this.#entries.slice(0, this.#length)
    this.#length = 0
    return entries
  }

  #grow(least: number): void {
    const grown = new Int32Array(Math.max(least, 2 * this.#entries.length))
    grown.set(this.#entries.subarray(0, this.#length))
    this.#entries = grown
  }
}
