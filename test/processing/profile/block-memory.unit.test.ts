import fc from 'fast-check'
import { expect, test } from 'vitest'
import { entryOf } from '../../../core/sketches/distinct.ts'
import { BLOCK } from '../../../processing/profile/block-layout.ts'
import { BlockMemory } from '../../../processing/profile/block-memory.ts'
import { hashWords } from '../../../processing/profile/hash.ts'

const memory = new BlockMemory(2)
const registers = [memory.takeRegisters(), memory.takeRegisters()]

/** Types by their function: how a value is put, and the two words that are hashed. */
const TYPES = {
  readInt32: {
    values: fc.integer(),
    array: Int32Array,
    words: (plain: DataView, at: number) => [plain.getInt32(4 * at, true), 0],
  },
  readInt64: {
    values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    array: BigInt64Array,
    words: (plain: DataView, at: number) => [plain.getInt32(8 * at, true), plain.getInt32(8 * at + 4, true)],
  },
  readFloat: {
    values: fc.float({ noNaN: true }),
    array: Float32Array,
    words: (plain: DataView, at: number) => [
      plain.getFloat32(4 * at, true) === 0 ? 0 : plain.getInt32(4 * at, true),
      0,
    ],
  },
  readDouble: {
    values: fc.double({ noNaN: true }),
    array: Float64Array,
    words: (plain: DataView, at: number) =>
      plain.getFloat64(8 * at, true) === 0
        ? [0, 0]
        : [plain.getInt32(8 * at, true), plain.getInt32(8 * at + 4, true)],
  },
} as const
const NAMES = Object.keys(TYPES) as (keyof typeof TYPES)[]

test.each(NAMES)('%s gives each value as a number, and the hash of its bytes; both zeros are one', (name) => {
  const { values, array, words } = TYPES[name]
  fc.assert(
    fc.property(fc.array(values as fc.Arbitrary<number>, { minLength: 1, maxLength: 70 }), (given) => {
      const typed = (array as unknown as Float64ArrayConstructor).from(given)
      memory.plain.fill(255)
      memory.plain.set(new Uint8Array(typed.buffer))
      memory.functions[name](given.length)
      const plain = new DataView(typed.buffer)
      const numbers = Array.from(typed, (value) => Number(value) + 0)
      expect(Array.from(memory.numbers.subarray(0, given.length))).toStrictEqual(numbers)
      const hashes = given.map((_, at) => hashWords(...(words(plain, at) as [number, number])))
      expect(Array.from(memory.hashes.subarray(0, given.length))).toEqual(hashes)
    }),
  )
})

test('registers rise to the greatest rank of their hashes, those of each column for themselves', () => {
  const ranks = registers.map(() => new Map<number, number>())
  const hash = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 1, 0x4000, 0x8000, 0x1ffff, 0x20000))
  fc.assert(
    fc.property(fc.array(hash, { minLength: 1, maxLength: BLOCK }), fc.nat(1), (hashes, column) => {
      memory.hashes.set(hashes)
      const risen = memory.functions.raise(registers[column]!, hashes.length)
      const expected = hashes.map(entryOf).filter((entry) => {
        const rises = (entry & 31) > (ranks[column]!.get(entry >> 5) ?? 0)
        if (rises) ranks[column]!.set(entry >> 5, entry & 31)
        return rises
      })
      expect(Array.from(memory.risen.subarray(0, risen))).toEqual(expected)
    }),
  )
})

test('sums are those of all numbers up to the count, and of none behind it', () => {
  for (let count = 1; count <= 40; count++) {
    const numbers = Array.from({ length: count }, (_, at) => (at * 37) % 11)
    memory.numbers.fill(NaN)
    memory.numbers.set(numbers)
    expect(memory.functions.sum(count)).toBe(numbers.reduce((sum, number) => sum + number, 0))
    expect(memory.functions.squares(count, 3)).toBe(
      numbers.reduce((sum, number) => sum + (number - 3) ** 2, 0),
    )
  }
})
