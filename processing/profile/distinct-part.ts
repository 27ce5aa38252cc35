import { newRegisters } from '../../core/sketches/distinct.ts'

/** Tells how many different values a page has. Profilers of a thread share it: it fits the processor's nearest memory. */
export class DistinctPart {
  readonly #registers = newRegisters()
  readonly #touched = new Uint16Array(this.#registers.length)

  /** The entries of the registers that these hashes set: of few values, they are few. */
  entriesOf(hashes: Int32Array, count: number): Int32Array {
    const [registers, touched] = [this.#registers, this.#touched]
    let length = 0
    // `entryOf` of each hash, by hand: this loop meets every value of every column.
    for (let index = 0; index < count; index++) {
      const hash = hashes[index]!
      const rank = Math.clz32((hash << 15) | 0x4000) + 1
      const register = hash >>> 17
      const known = registers[register]!
      if (known >= rank) continue
      if (known === 0) touched[length++] = register
      registers[register] = rank
    }
    const entries = new Int32Array(length)
    for (let index = 0; index < length; index++) {
      const register = touched[index]!
      entries[index] = (register << 5) | registers[register]!
      registers[register] = 0
    }
    return entries
  }
}
