import { expect, test } from 'vitest'
import type { ColumnSpec } from '../../../core/columns.ts'
import { encodeRows } from '../../support/processing/encode.ts'
import { metadataOf, queryDuckDb } from '../../support/processing/read-parquet.ts'

const TEXT: readonly ColumnSpec[] = [{ name: 't', kind: 'string', nullable: true }]
const LONG = 'a text whose bounds are not kept'

/** A file of one row group, of two chunks. */
async function fileOf(first: readonly (string | null)[], second: readonly (string | null)[]) {
  const rows = [...first, ...second].map((t) => ({ t }))
  const [file, ...others] = await encodeRows(TEXT, rows, [first.length, second.length])
  expect(others).toEqual([])
  expect(metadataOf(file!).row_groups).toHaveLength(1)
  return file!
}

const statisticsOf = (file: Buffer) => metadataOf(file).row_groups[0]!.columns[0]!.meta_data!.statistics

test.each([
  ['first', ['é', LONG], ['a', 'b']],
  ['last', ['a', 'b'], ['é', LONG]],
])('a row group whose %s chunk alone has no bounds has none: a filter finds all of it', async (_, ...chunks) => {
  const file = await fileOf(...chunks)
  expect(statisticsOf(file)).toEqual({ null_count: 0n })
  for (const text of chunks.flat())
    expect(await queryDuckDb([file], `SELECT t FROM FILES WHERE t = '${text}'`)).toEqual([{ t: text }])
})

test.each([
  ['first', [null, null], ['a', 'b']],
  ['last', ['a', 'b'], [null, null]],
])('a %s chunk without a value leaves the bounds to the other', async (_, ...chunks) => {
  expect(statisticsOf(await fileOf(...chunks))).toMatchObject({
    null_count: 2n,
    min_value: 'a',
    max_value: 'b',
  })
})

test.each([
  ['rise', ['a', 'b'], ['c', 'd']],
  ['fall', ['c', 'd'], ['a', 'b']],
])('bounds of chunks that %s are the least and the greatest of all', async (_, ...chunks) => {
  expect(statisticsOf(await fileOf(...chunks))).toMatchObject({ min_value: 'a', max_value: 'd' })
})

test('a row group of nulls has no bounds', async () => {
  expect(statisticsOf(await fileOf([null], [null]))).toEqual({ null_count: 2n })
})
