import { newRegisters, REGISTERS } from '../../core/sketches/distinct.ts'

/**
 * Tells of the different values of a column, shard by shard: of each shard only what no shard before has shown. All that
 * is told, in any order, gives the registers of all values, whichever worker met them. Holds 32 KiB.
 */
export class DistinctPart {
  readonly #registers = newRegisters()
  #entries = new Int32Array(1024)
  #length = 0
  /** Least rank of all registers, and how many have it: of many values, hardly any has a greater one. */
  #floor = 0
  #atFloor = REGISTERS

  /** Takes in the hashes of a page. */
  add(hashes: Int32Array, count: number): void {
    // A hash raises one register at most.
    if (this.#length + count > this.#entries.length) this.#grow(this.#length + count)
    const registers = this.#registers
    const entries = this.#entries
    const limit = 1 << (30 - this.#floor)
    let length = this.#length
    // `entryOf` of each hash, by hand: this loop meets every value of every column.
    for (let index = 0; index < count; index++) {
      const hash = hashes[index]!
      if ((hash << 15) >>> 2 >= limit) continue
      const rank = Math.clz32((hash << 15) | 0x4000) + 1
      const register = hash >>> 17
      const known = registers[register]!
      if (known >= rank) continue
      registers[register] = rank
      entries[length++] = (register << 5) | rank
      if (known === this.#floor) this.#atFloor--
    }
    this.#length = length
    while (this.#atFloor === 0) this.#raise()
  }

  /** The entries of the registers that have risen since the last call, each with the rank that it rose to. */
  take(): Int32Array {
    const entries = this.#entries.slice(0, this.#length)
    this.#length = 0
    return entries
  }

  #raise(): void {
    this.#floor++
    for (const rank of this.#registers) if (rank === this.#floor) this.#atFloor++
  }

  #grow(least: number): void {
    const grown = new Int32Array(Math.max(least, 2 * this.#entries.length))
    grown.set(this.#entries.subarray(0, this.#length))
    this.#entries = grown
  }
}
