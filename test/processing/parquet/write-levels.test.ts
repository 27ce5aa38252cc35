import fc from 'fast-check'
import { ByteWriter } from 'hyparquet-writer'
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js'
import { expect, test } from 'vitest'
import { writeLevels } from '../../../processing/parquet/write-levels.ts'

/** Writes levels behind other bytes; returns all bytes, and the number that is told. */
function written(write: typeof writeLevels, levels: Uint8Array, width: number): [string, number] {
  const writer = new ByteWriter()
  writer.appendVarInt(300)
  const length = write(writer, levels, width)
  return [Buffer.from(writer.getBytes()).toString('hex'), length]
}

test.each([1, 2, 3, 4, 5, 8])('levels of %d bits are written as hyparquet-writer writes them', (width) => {
  const level = fc.nat(2 ** width - 1)
  const runs = fc.array(fc.tuple(level, fc.oneof(fc.nat(3), fc.nat(20), fc.integer({ min: 6, max: 9 }))), {
    maxLength: 30,
  })
  fc.assert(
    fc.property(runs, (given) => {
      const levels = Uint8Array.from(given.flatMap(([value, count]) => Array<number>(count).fill(value)))
      expect(written(writeLevels, levels, width)).toEqual(written(writeRleBitPackedHybrid, levels, width))
    }),
    { numRuns: 300 },
  )
})

test('a million levels are written the same, however long their runs are', () => {
  for (const period of [1, 2, 7, 8, 9, 1000, 1_000_001]) {
    const levels = Uint8Array.from({ length: 1_000_000 }, (_, at) => Number(at % period === 0))
    expect(written(writeLevels, levels, 1)).toEqual(written(writeRleBitPackedHybrid, levels, 1))
  }
})
