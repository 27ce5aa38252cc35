/**
 * Counts distinct values by their hashes: HyperLogLog with the estimator from Otmar Ertl's "New cardinality estimation
 * algorithms for HyperLogLog sketches" (2017, algorithm 6), which needs no table of biases.
 */

/** Bits of a hash that choose a register. The standard error is 1.04 / sqrt(2^15), 0.57%. */
const INDEX_BITS = 15
const RANK_BITS = 32 - INDEX_BITS
/** Number of registers in a HyperLogLog sketch. */
export const REGISTERS = 1 << INDEX_BITS

/**
 * HyperLogLog registers, from which the number of distinct values is estimated. Each holds the greatest rank of its
 * hashes so far, that is, their leading zeros plus one; 0 if there was no hash.
 */
export type Registers = Uint8Array

/** Returns registers that have seen no hash, to merge entries into. */
export const newRegisters = (): Registers => new Uint8Array(REGISTERS)

/**
 * Packs the register and the rank of a hash (its leading zeros plus one) into one number, the rank in the lowest five
 * bits.
 *
 * @param hash 32 bits, as a signed integer
 */
export const entryOf = (hash: number) =>
  ((hash >>> RANK_BITS) << 5) | (Math.clz32((hash << INDEX_BITS) | (1 << (INDEX_BITS - 1))) + 1)

/**
 * Merges entries from {@link entryOf} into registers, in place. The result depends neither on their order nor on
 * repetitions.
 */
export function mergeEntries(registers: Registers, entries: ArrayLike<number>): void {
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]!
    const rank = entry & 31
    if (registers[entry >> 5]! < rank) registers[entry >> 5] = rank
  }
}

/**
 * Estimates how many distinct values gave the hashes that the registers have seen, with a standard error of 0.57%.
 * Values that share a hash count as well: the ranks are those of so many random hashes, of which some are equal.
 */
export function countDistinct(registers: Registers): number {
  const counts = new Float64Array(RANK_BITS + 2)
  for (const rank of registers) counts[rank]!++
  let z = REGISTERS * tau(1 - counts[RANK_BITS + 1]! / REGISTERS)
  for (let rank = RANK_BITS; rank >= 1; rank--) z = (z + counts[rank]!) / 2
  z += REGISTERS * sigma(counts[0]! / REGISTERS)
  return REGISTERS ** 2 / (2 * Math.LN2 * z)
}

function sigma(x: number): number {
  if (x === 1) return Infinity
  let [power, weight, sum] = [x, 1, x]
  for (let before = -1; sum !== before;) {
    power *= power
    before = sum
    sum += power * weight
    weight *= 2
  }
  return sum
}

function tau(x: number): number {
  if (x === 0 || x === 1) return 0
  let [root, weight, sum] = [x, 1, 1 - x]
  for (let before = -1; sum !== before;) {
    root = Math.sqrt(root)
    before = sum
    weight /= 2
    sum -= (1 - root) ** 2 * weight
  }
  return sum / 3
}

/** Encodes registers as ASCII text for JSON, one character per register, which compresses well. */
export const registersText = (registers: Registers) =>
  Buffer.from(registers.map((rank) => rank + ZERO)).toString('latin1')
const ZERO = 48

/**
 * Decodes a text from {@link registersText} to entries, as {@link entryOf} makes them. Registers that are 0 give none.
 */
export function entriesIn(text: string): number[] {
  const entries: number[] = []
  Buffer.from(text, 'latin1').forEach((code, register) => {
    if (code > ZERO) entries.push((register << 5) | (code - ZERO))
  })
  return entries
}
