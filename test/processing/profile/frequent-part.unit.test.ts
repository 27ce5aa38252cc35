import fc from 'fast-check'
import { expect, test } from 'vitest'
import { xorshift } from '../../../core/sketches/quantiles.ts'
import { BLOCK } from '../../../processing/profile/block-layout.ts'
import { BlockMemory } from '../../../processing/profile/block-memory.ts'
import { FrequentPart } from '../../../processing/profile/frequent-part.ts'

const MOST = 512
const FEW = 64

/** What {@link FrequentPart} promises, in plain words: values in the order in which they were found. */
class Model {
  counts = new Map<number, number>()
  missed = 0
  #hasMany = false
  #chance = 0x9e3779b9

  add(hashes: readonly number[], level: number): void {
    let index = 0
    while (index < hashes.length && !this.#hasMany) this.#count(hashes[index++]!, 1)
    const step = 2 ** level
    for (; index < hashes.length; index += step) {
      this.#chance = xorshift(this.#chance)
      const chosen = index + (this.#chance & (step - 1))
      if (chosen < hashes.length) this.#count(hashes[chosen]!, step)
    }
  }

  endPage(count: number): void {
    if (this.counts.size > FEW) this.#drop(Math.floor(count / 128))
  }

  #count(hash: number, weight: number): void {
    const known = this.counts.get(hash)
    if (known === undefined && this.counts.size === MOST) {
      this.#hasMany = true
      const sorted = [...this.counts.values()].sort((one, other) => one - other)
      const once = sorted.filter((count) => count === 1).length
      this.#drop(once > MOST / 2 ? 1 : sorted[MOST / 2]!)
    }
    this.counts.set(hash, (known ?? 0) + weight)
  }

  #drop(most: number): void {
    if (most === 0) return
    this.missed += most
    this.counts = new Map([...this.counts].filter(([, count]) => count > most))
  }
}

const memory = new BlockMemory(1)
const part = new FrequentPart(memory, memory.takeColumn())

/** What the part returns, with its values and counts in pairs. */
function taken() {
  const { top, missed } = part.take()
  return { top: Array.from(top.values, (value, index) => [value, top.counts[index]]), missed }
}

/** Hashes of a block: of few or many values, some often, some that meet in the hash table. */
const hashes = fc
  .tuple(
    fc.constantFrom(3, 60, 70, 400, 600, 5000),
    fc.constantFrom(1, 2048, 65_537),
    fc.integer(),
    fc.nat(4),
  )
  .chain(([different, distance, seed, power]) =>
    fc.integer({ min: 1, max: BLOCK }).map((count) => {
      let state = seed | 1
      return Array.from({ length: count }, () => {
        state = xorshift(state)
        const value = Math.floor(different * ((state >>> 0) / 2 ** 32) ** (1 + power))
        return (value * distance) | 0
      })
    }),
  )
const pages = fc.array(
  fc.record({ blocks: fc.array(hashes, { minLength: 1, maxLength: 4 }), level: fc.nat(5) }),
  {
    minLength: 1,
    maxLength: 4,
  },
)

test('values are counted and dropped as the rules say, page by page and shard by shard', () => {
  fc.assert(
    fc.property(fc.array(pages, { minLength: 1, maxLength: 2 }), (shards) => {
      for (const shard of shards) {
        const model = new Model()
        for (const { blocks, level } of shard) {
          for (const block of blocks) {
            model.add(block, level)
            memory.hashes.set(block)
            part.add(block.length, level, (index) => block[index]!)
          }
          const count = blocks.reduce((sum, { length }) => sum + length, 0)
          model.endPage(count)
          part.endPage(count)
        }
        expect(taken()).toEqual({ top: [...model.counts], missed: model.missed })
      }
    }),
    { numRuns: 150 },
  )
})

test('values that are all counted more than once are dropped by the count in the middle', () => {
  const model = new Model()
  const twice = Array.from({ length: MOST }, (_, at) => at)
  const block = [...twice, ...twice, ...twice.slice(0, 200), ...twice.slice(0, 100), 999_999]
  model.add(block, 0)
  memory.hashes.set(block)
  part.add(block.length, 0, (index) => block[index]!)
  expect(model.missed).toBe(2)
  expect(taken()).toEqual({ top: [...model.counts], missed: 2 })
})
