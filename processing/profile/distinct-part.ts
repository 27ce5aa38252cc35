import { newRegisters } from '../../core/sketches/distinct.ts'

/**
 * Counts the different values of a column, shard by shard, by HyperLogLog. Returns for each shard only the registers
 * that have risen since the shard before. All entries together, in any order, give the registers of all values,
 * whichever worker saw them. Holds 32 KiB.
 */
export class DistinctPart {
  readonly #registers = newRegisters()
  #entries = new Int32Array(1024)
  #length = 0

  /** Adds the hashes of the first `count` values of a block. */
  add(hashes: Int32Array, count: number): void {
    // A hash raises one register at most.
    if (this.#length + count > this.#entries.length) this.#grow(this.#length + count)
    const registers = this.#registers
    const entries = this.#entries
    let length = this.#length
    // `entryOf` of each hash, inlined by hand: this loop runs over every value of every column.
    for (let index = 0; index < count; index++) {
      const hash = hashes[index]!
      const rank = Math.clz32((hash << 15) | 0x4000) + 1
      const register = hash >>> 17
      if (registers[register]! >= rank) continue
      registers[register] = rank
      entries[length++] = (register << 5) | rank
    }
    this.#length = length
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
