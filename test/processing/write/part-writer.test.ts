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
])('a row group whose %s chunk alone has no bounds has none: filters find all of it', async (_, one, two) => {
  const file = await fileOf(one, two)
  expect(statisticsOf(file)).toEqual({ null_count: 0n })
  const counts = [...one, ...two].map((text) => `(SELECT count(*) FROM FILES WHERE t = '${text}')::INT`)
  expect(await queryDuckDb([file], `SELECT [${counts.join(', ')}]::VARCHAR AS found`)).toEqual([
    { found: '[1, 1, 1, 1]' },
  ])
})

test.each([
  ['first', [null, null], ['a', 'b']],
  ['last', ['a', 'b'], [null, null]],
])('a %s chunk without a value leaves the bounds to the other', async (_, one, two) => {
  expect(statisticsOf(await fileOf(one, two))).toMatchObject({
    null_count: 2n,
    min_value: 'a',
    max_value: 'b',
  })
})

test.each([
  ['rise', ['a', 'b'], ['c', 'd']],
  ['fall', ['c', 'd'], ['a', 'b']],
])('bounds of chunks that %s are the least and the greatest of all', async (_, one, two) => {
  expect(statisticsOf(await fileOf(one, two))).toMatchObject({ min_value: 'a', max_value: 'd' })
})

test('a row group of nulls has no bounds', async () => {
  expect(statisticsOf(await fileOf([null], [null]))).toEqual({ null_count: 2n })
})
