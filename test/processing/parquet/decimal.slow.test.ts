import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBDecimalValue, DuckDBListValue, type DuckDBValue } from '@duckdb/node-api'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openParquet, readRowGroups } from '../../../client/parquet-file.ts'
import type { ColumnSpec } from '../../../core/columns.ts'
import { partAssembler } from '../../../processing/write/part-assembler.ts'
import { readChunks, type ChunkSource } from '../../../processing/parquet/read-chunks.ts'
import { rowCheck } from '../../../processing/records/check-row.ts'
import { LIMITS, memorySink } from '../../support/processing/day.ts'
import { encodeRows } from '../../support/processing/encode.ts'
import { metadataOf, queryDuckDb } from '../../support/processing/read-parquet.ts'

/** The longest and the shortest precision of each type that stores decimals. */
const PRECISIONS = [1, 9, 10, 18, 19, 28, 38]

const column = (precision: number, scale: number): readonly ColumnSpec[] => {
  const element = { kind: 'decimal' as const, parameters: [precision, scale], nullable: true }
  return [
    { name: 'd', ...element },
    { name: 'l', kind: 'list', nullable: true, element },
  ]
}

const decimals = fc
  .tuple(fc.constantFrom(...PRECISIONS), fc.nat())
  .map(([precision, seed]) => ({ precision, scale: seed % (precision + 1) }))
  .chain(({ precision, scale }) => {
    const most = 10n ** BigInt(precision) - 1n
    const units = fc.oneof(fc.bigInt({ min: -most, max: most }), fc.constantFrom(most, -most, 0n, -1n, 1n))
    return fc.record({
      precision: fc.constant(precision),
      scale: fc.constant(scale),
      values: fc.array(
        fc.record({ units: fc.option(units), as: fc.constantFrom('units', 'text', 'short text') }),
        {
          minLength: 1,
        },
      ),
    })
  })

/** Formats units by hand, as a second opinion on the text that comes back. */
function textOf(units: bigint | null, scale: number): string | null {
  if (units === null) return null
  const [sign, size] = units < 0n ? ['-', -units] : ['', units]
  const unit = 10n ** BigInt(scale)
  const fraction = scale > 0 ? `.${String(unit + (size % unit)).slice(1)}` : ''
  return `${sign}${size / unit}${fraction}`
}

function unitsOf(value: DuckDBValue): unknown {
  if (value instanceof DuckDBListValue) return value.items.map(unitsOf)
  return value instanceof DuckDBDecimalValue ? value.value : value
}

async function readWithClient(file: Buffer): Promise<Record<string, unknown>[]> {
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-decimal-'))
  try {
    const path = join(folder, 'file.parquet')
    writeFileSync(path, file)
    const rows: Record<string, unknown>[] = []
    for await (const group of readRowGroups(await openParquet(path))) rows.push(...group)
    return rows
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('DuckDB and the client read back every digit', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(decimals, async ({ precision, scale, values }) => {
      const texts = values.map(({ units }) => textOf(units, scale))
      const given = values.map(({ units, as }, index) => {
        if (as === 'units') return units
        return as === 'text'
          ? texts[index]!
          : (texts[index]?.replace(/(\..*?)0+$/, '$1').replace(/\.$/, '') ?? null)
      })
      const check = rowCheck(column(precision, scale))
      const rows = given.map((d, index) => ({ d, l: index % 3 === 0 ? null : given.slice(0, index) }))
      for (const row of rows) expect(check(row)).toBeUndefined()
      const files = await encodeRows(column(precision, scale), rows, [2])
      const expected = texts.map((d, index) => ({ d, l: index % 3 === 0 ? null : texts.slice(0, index) }))
      expect(await readWithClient(files[0]!)).toEqual(expected)
      const found = await queryDuckDb(files, 'SELECT d, l FROM FILES')
      const read = found.map(({ d, l }) => ({ d: unitsOf(d!), l: unitsOf(l!) }))
      const units = values.map((value) => value.units)
      expect(read).toEqual(
        units.map((d, index) => ({ d, l: index % 3 === 0 ? null : units.slice(0, index) })),
      )
      expect(await queryDuckDb(files, 'SELECT DISTINCT typeof(d) AS type FROM FILES')).toEqual([
        { type: `DECIMAL(${precision},${scale})` },
      ])
    }),
    { numRuns: 40 },
  )
})

/** Returns the bounds of the first column in a file's first row group, as units. */
function boundsOf(file: Buffer, scale: number): { min: unknown; max: unknown } {
  const { min_value: min, max_value: max } =
    metadataOf(file).row_groups[0]!.columns[0]!.meta_data!.statistics!
  return {
    min: min === undefined ? min : Number(min) * 10 ** scale,
    max: max === undefined ? max : Number(max) * 10 ** scale,
  }
}

async function consolidate(columns: readonly ColumnSpec[], files: readonly Buffer[]): Promise<Buffer[]> {
  const { sink, files: written } = memorySink()
  const assembler = partAssembler({
    columns,
    limits: LIMITS,
    generation: 1,
    attempt: 'a1',
    sink,
    chunkRows: 1,
  })
  for (const file of files)
    for await (const chunk of readChunks(sourceOf(file), columns)) await assembler.add(chunk)
  await assembler.finish()
  return [...written.values()]
}

const sourceOf = (file: Buffer): ChunkSource => ({
  key: 'part',
  bytes: file.length,
  read: (start, bytes) => Promise.resolve(file.subarray(start, start + bytes)),
})

test('rows are found by their value, before a consolidation and after it', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(decimals, async ({ precision, scale, values }) => {
      const columns = column(precision, scale)
      const units = values.map((value) => value.units)
      const rows = units.map((d) => ({ d, l: [] }))
      const small = (
        await Promise.all([rows.slice(0, 3), rows.slice(3)].map((some) => encodeRows(columns, some)))
      ).flat()
      const merged = await consolidate(columns, small)
      for (const one of units.filter((value) => value !== null).slice(0, 3)) {
        const literal = `'${textOf(one, scale)}'::DECIMAL(${precision},${scale})`
        const counted = (operator: string) =>
          `(SELECT count(*) FROM FILES WHERE d ${operator} ${literal})::INT`
        const sql = `SELECT ${counted('=')} AS same, ${counted('<=')} AS less, ${counted('>=')} AS more`
        const known = units.filter((value) => value !== null)
        const expected = {
          same: known.filter((value) => value === one).length,
          less: known.filter((value) => value <= one).length,
          more: known.filter((value) => value >= one).length,
        }
        for (const files of [small, merged]) expect(await queryDuckDb(files, sql)).toEqual([expected])
      }
    }),
    { numRuns: 10 },
  )
})

test('a consolidation keeps bounds that it can tell exactly, and leaves out others', async () => {
  for (const precision of [9, 18, 38]) {
    const columns = column(precision, 2)
    const files = await encodeRows(
      columns,
      [-5n, 12_345n, null].map((d) => ({ d, l: null })),
    )
    expect(boundsOf((await consolidate(columns, files))[0]!, 2)).toEqual({ min: -5, max: 12_345 })
    expect(boundsOf(files[0]!, 2)).toEqual({ min: -5, max: 12_345 })
    if (precision === 9) continue
    const large = await encodeRows(columns, [{ d: 2n ** 53n + 1n, l: null }])
    expect(boundsOf(large[0]!, 2).min).toBeGreaterThan(2 ** 52)
    expect(boundsOf((await consolidate(columns, large))[0]!, 2)).toEqual({ min: undefined, max: undefined })
  }
})

test('a part of another precision or scale is not consolidated', async () => {
  const [file] = await encodeRows(column(10, 2), [{ d: 1n, l: null }])
  await expect(consolidate(column(10, 3), [file!])).rejects.toThrow(
    /^part: expected columns d INT64 DECIMAL OPTIONAL precision 10 scale 3, l .*found d INT64 DECIMAL OPTIONAL precision 10 scale 2, l /,
  )
  await expect(consolidate(column(11, 2), [file!])).rejects.toThrow(
    /precision 11 scale 2, .*found .*precision 10 scale 2, /,
  )
})
