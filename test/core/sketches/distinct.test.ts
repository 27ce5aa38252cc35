import { expect, test } from 'vitest'
import {
  countDistinct,
  entriesIn,
  entryOf,
  mergeEntries,
  newRegisters,
  REGISTERS,
  registersText,
} from '../../../core/sketches/distinct.ts'
import { random } from '../../support/generated/random.ts'

const pick = random(7)
const entries = Array.from({ length: 100_000 }, () => entryOf(pick(2 ** 32) | 0))
const registersOf = (...parts: ArrayLike<number>[]) => {
  const registers = newRegisters()
  for (const part of parts) mergeEntries(registers, part)
  return registers
}

test.each([
  [0, 0, 18],
  [1, 0, 17],
  [2, 0, 16],
  [3, 0, 16],
  [1 << 16, 0, 1],
  [1 << 17, 1, 18],
  [(5 << 17) | (1 << 14), 5, 3],
  [2 ** 31, 16_384, 18],
  [-1, 32_767, 1],
])('hash %i has register %i and rank %i', (hash, register, rank) => {
  expect([entryOf(hash) >> 5, entryOf(hash) & 31]).toEqual([register, rank])
})

test('each register keeps its greatest rank, in any order and however often', () => {
  const registers = registersOf([(3 << 5) | 2, (3 << 5) | 7, (3 << 5) | 4, 9])
  expect([registers[3], registers[0], registers.filter((rank) => rank > 0).length]).toEqual([7, 9, 2])
  const all = registersOf(entries)
  for (const parts of [
    [entries.toReversed(), entries],
    [entries.slice(50_000), entries.slice(0, 50_000)],
  ])
    expect(Buffer.compare(registersOf(...parts), all)).toBe(0)
})

test.each([1, 2, 10, 1000, 10_000, 30_000, 100_000])('%i hashes are counted within 2 percent', (count) => {
  const estimate = countDistinct(registersOf(entries.slice(0, count)))
  expect(Math.abs(estimate - count)).toBeLessThanOrEqual(count * 0.02)
})

/** Registers as so many random hashes fill them: each rank as often as is expected of it. */
function expectedRegisters(count: number) {
  const shares = Array.from({ length: 18 }, (_, rank) => Math.exp((-count / REGISTERS) * 2 ** -rank))
  return newRegisters().map((_, register) => {
    const rank = shares.findIndex((share) => share >= (register + 0.5) / REGISTERS)
    return rank === -1 ? 18 : rank
  })
}

test.each([100, 1e4, 1e5, 1e6, 1e7, 1e8, 5e8, 1e9])(
  'registers as %d values fill them give that number, whether or not some share a hash',
  (count) => {
    expect(Math.abs(countDistinct(expectedRegisters(count)) / count - 1)).toBeLessThan(0.005)
  },
)

test('without a hash there are none, and where each register is full any number', () => {
  expect(countDistinct(newRegisters())).toBe(0)
  expect(countDistinct(newRegisters().fill(18))).toBe(Infinity)
})

test('registers as text are one character each, and give the same registers', () => {
  for (const registers of [newRegisters(), registersOf(entries), newRegisters().fill(18)]) {
    const text = registersText(registers)
    expect(text).toMatch(/^[0-B]{32768}$/)
    expect(Buffer.compare(registersOf(entriesIn(text)), registers)).toBe(0)
  }
  expect(entriesIn('0010B')).toEqual([(2 << 5) | 1, (4 << 5) | 18])
})
