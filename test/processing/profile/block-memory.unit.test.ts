import fc from 'fast-check'
import { expect, test } from 'vitest'
import { entryOf } from '../../../core/sketches/distinct.ts'
import { BLOCK, BOUND_BYTES, TEXT_BYTES } from '../../../processing/profile/block-layout.ts'
import { SKETCH_TEXT_BYTES } from '../../../core/sketches/column-sketch.ts'
import { BlockMemory } from '../../../processing/profile/block-memory.ts'
import { hashBytes, hashWords } from '../../../processing/profile/hash.ts'
import { BlockValues, pageReader } from '../../../processing/profile/page-values.ts'

const memory = new BlockMemory(2)
const registers = [memory.takeColumn().position, memory.takeColumn().position]

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
    fc.property(
      fc.array(values as fc.Arbitrary<number>, { minLength: 1, maxLength: 70, size: 'max' }),
      (given) => {
        const typed = (array as unknown as Float64ArrayConstructor).from(given)
        memory.plain.fill(255)
        memory.plain.set(new Uint8Array(typed.buffer))
        memory.functions[name](given.length)
        const plain = new DataView(typed.buffer)
        const numbers = Array.from(typed, (value) => Number(value) + 0)
        expect(Array.from(memory.numbers.subarray(0, given.length))).toStrictEqual(numbers)
        const hashes = given.map((_, at) => hashWords(...(words(plain, at) as [number, number])))
        expect(Array.from(memory.hashes.subarray(0, given.length))).toEqual(hashes)
      },
    ),
  )
})

test('texts give their positions and the hashes of all their bytes, as far as they are here whole', () => {
  const bytes = fc.uint8Array({ maxLength: 90, size: 'max' })
  fc.assert(
    fc.property(
      fc.array(bytes, { maxLength: 60, size: 'max' }),
      fc.nat(100),
      fc.nat(3),
      (texts, missing, first) => {
        const page = Buffer.concat(
          texts.flatMap((text) => [Buffer.from(Uint32Array.of(text.length).buffer), text]),
        )
        const here = Math.max(0, page.length - missing)
        memory.text.fill(255)
        memory.text.set(page.subarray(0, here))
        const end = memory.functions.readTexts(first, 40, here, 1000)
        const view = new DataView(page.buffer, page.byteOffset, page.length)
        let at = 0
        let index = first
        for (const { length } of texts) {
          if (index === 40 || at + 4 + length > here) break
          expect(memory.numbers[index]).toBe(1000 + at)
          expect(memory.hashes[index]).toBe(hashBytes(view, at + 4, length))
          at += 4 + length
          index++
        }
        expect([end, memory.textRead]).toEqual([index, at])
      },
    ),
    { numRuns: 300 },
  )
})

/** Bytes behind the last text of a page. */
const BEHIND = 500

/** Makes a page of PLAIN texts. */
function pageOf(texts: readonly Buffer[]) {
  const plain = texts.flatMap((text) => [Buffer.from(Uint32Array.of(text.length).buffer), text])
  const bytes = Buffer.concat([...plain, Buffer.alloc(BEHIND, 255)])
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return { bytes, view, count: texts.length }
}

test('texts of any length are read, those that are longer than the room for them too', () => {
  const lengths = [0, 5, TEXT_BYTES - 5, TEXT_BYTES - 4, TEXT_BYTES - 3, TEXT_BYTES, 3 * TEXT_BYTES, 1, 2000]
  const texts = lengths.map((length, at) => Buffer.alloc(length, 97 + at))
  const page = pageOf(texts)
  const block = new BlockValues(memory)
  const reader = pageReader('BYTE_ARRAY')
  block.moveTo(0, page)
  reader.read(page, block)
  for (const [index, text] of texts.entries()) {
    expect(block.hashes[index]).toBe(hashBytes(new DataView(Uint8Array.from(text).buffer), 0, text.length))
    expect(reader.value(page, block, index)).toBe(text.toString('utf8', 0, SKETCH_TEXT_BYTES))
  }
  expect(block.end).toBe(page.bytes.length - BEHIND)
})

test('bounds of texts are the least and the greatest by the first bytes that a sketch holds', () => {
  expect(BOUND_BYTES).toBe(SKETCH_TEXT_BYTES)
  const byte = fc.constantFrom(0, 1, 97, 98, 127, 128, 255)
  const common = Buffer.alloc(BOUND_BYTES, 'common begin')
  const text = fc
    .tuple(fc.constantFrom(0, 1, 3, 8, 9, BOUND_BYTES - 8, BOUND_BYTES), fc.array(byte, { maxLength: 20 }))
    .map(([length, rest]) => Buffer.concat([common.subarray(0, length), Buffer.from(rest)]))
  const long = fc.constantFrom(TEXT_BYTES, TEXT_BYTES + 9).map((length) => Buffer.alloc(length, 'common'))
  const reader = pageReader('BYTE_ARRAY')
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 20, arbitrary: text }, long), { minLength: 1, maxLength: 30, size: 'max' }),
      (texts) => {
        const page = pageOf(texts)
        const block = new BlockValues(memory)
        block.moveTo(0, page)
        reader.read(page, block)
        const compared = texts.map((text) => text.subarray(0, BOUND_BYTES))
        const sorted = compared.toSorted((one, other) => Buffer.compare(one, other))
        const [least, greatest] = memory.textBounds
        expect(compared[least]).toEqual(sorted[0])
        expect(compared[greatest]).toEqual(sorted.at(-1))
      },
    ),
    { numRuns: 1000 },
  )
})

test('registers rise to the greatest rank of their hashes, those of each column for themselves', () => {
  const ranks = registers.map(() => new Map<number, number>())
  const hash = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 1, 0x4000, 0x8000, 0x1ffff, 0x20000))
  fc.assert(
    fc.property(
      fc.array(hash, { minLength: 1, maxLength: BLOCK, size: 'max' }),
      fc.nat(1),
      (hashes, column) => {
        memory.hashes.set(hashes)
        const risen = memory.functions.raise(registers[column]!, hashes.length)
        const expected = hashes.map(entryOf).filter((entry) => {
          const rises = (entry & 31) > (ranks[column]!.get(entry >> 5) ?? 0)
          if (rises) ranks[column]!.set(entry >> 5, entry & 31)
          return rises
        })
        expect(Array.from(memory.risen.subarray(0, risen))).toEqual(expected)
      },
    ),
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
