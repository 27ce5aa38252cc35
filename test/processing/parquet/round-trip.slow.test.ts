import { DuckDBDateValue, DuckDBListValue, DuckDBTimestampValue, type DuckDBValue } from '@duckdb/node-api'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ElementSpec } from '../../../core/columns.ts'
import { columnSpecs } from '../../../processing/dataset.ts'
import { rowCheck } from '../../../processing/records/check-row.ts'
import { datasets } from '../../fixtures/processing/registry.ts'
import { encodeRows } from '../../support/processing/encode.ts'
import { metadataOf, queryDuckDb, readWithHyparquet } from '../../support/processing/read-parquet.ts'

const columns = columnSpecs(datasets.find(({ name }) => name === 'everything')!)

/** A code point that UTF-8 can encode. The unit `binary` of fast-check has the same, but takes a second to set up. */
const codePoint = fc.oneof(fc.nat({ max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.array(codePoint, { maxLength: 40 }).map((codePoints) => String.fromCodePoint(...codePoints)),
  fc.constantFrom('', '🙂'.repeat(20), '～', '\u0000', 'x'.repeat(24), 'x'.repeat(25), 'é'.repeat(12)),
  fc.nat({ max: 3000 }).map((length) => 'long text 🙂 '.repeat(length)),
)
const int32 = fc.oneof(fc.integer(), fc.constantFrom(0, -(2 ** 31), 2 ** 31 - 1))
const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.maxSafeInteger(),
  fc.constantFrom(
    -(2n ** 63n),
    2n ** 63n - 1n,
    Number.MIN_SAFE_INTEGER,
    Number.MAX_SAFE_INTEGER,
    -1,
    -(2 ** 32),
  ),
)
const float32 = fc.float({ noNaN: true, noDefaultInfinity: true })
const float64 = fc.double({ noNaN: true, noDefaultInfinity: true })
/** The first and the last millisecond of the years 1 to 9999. */
const [FIRST, LAST] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')]
const instant = fc.oneof(
  fc.date({ noInvalidDate: true, min: new Date(FIRST), max: new Date(LAST) }),
  fc.constantFrom(0, -1, FIRST, LAST).map((milliseconds) => new Date(milliseconds)),
)
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 3 })
const listOf = <T>(values: fc.Arbitrary<T>) => fc.array(values, { maxLength: 4 })

const row = fc.record({
  s: text,
  i: int32,
  l: int64,
  f: float32,
  d: float64,
  b: fc.boolean(),
  t: instant,
  day: instant,
  ns: orNull(text),
  ni: orNull(int32),
  nl: orNull(int64),
  nf: orNull(float32),
  nd: orNull(float64),
  nb: orNull(fc.boolean()),
  nt: orNull(instant),
  nday: orNull(instant),
  ls: listOf(text),
  lns: orNull(listOf(orNull(text))),
  lli: listOf(listOf(int32)),
  llnl: orNull(listOf(orNull(listOf(orNull(int64))))),
  lt: listOf(instant),
  lb: listOf(fc.boolean()),
})

type Row = Record<string, unknown>

/** Returns a value as it is read back: 64-bit integers are bigints, dates have no time, and an integer is never -0. */
function written(value: unknown, spec: ElementSpec): unknown {
  if (value === null) return value
  if (spec.kind === 'list') return (value as unknown[]).map((element) => written(element, spec.element))
  if (spec.kind === 'int64') return BigInt(value as number | bigint)
  if (spec.kind === 'int32') return (value as number) + 0
  if (spec.kind === 'date') return new Date(Math.floor((value as Date).getTime() / 86_400_000) * 86_400_000)
  return value
}

const writtenRow = (values: Row): Row =>
  Object.fromEntries(columns.map((spec) => [spec.name, written(values[spec.name], spec)]))

/** Converts a value of DuckDB to JavaScript's types. */
function plain(value: DuckDBValue): unknown {
  if (value instanceof DuckDBListValue) return value.items.map(plain)
  if (value instanceof DuckDBTimestampValue) return new Date(Number(value.micros / 1000n))
  if (value instanceof DuckDBDateValue) return new Date(value.days * 86_400_000)
  return value
}

test(
  'hyparquet and DuckDB read back every value, however the rows were cut',
  { timeout: 60_000 },
  async () => {
    const check = rowCheck(columns)
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 5 }),
        async (rows, sizes) => {
          for (const values of rows) expect(check(values)).toBeUndefined()
          const files = await encodeRows(columns, rows, sizes)
          const expected = rows.map(writtenRow)
          expect(await readWithHyparquet(files)).toEqual(expected)
          const found = await queryDuckDb(files, 'SELECT * FROM FILES')
          expect(
            found.map((values) => Object.fromEntries(Object.entries(values).map(([k, v]) => [k, plain(v)]))),
          ).toEqual(expected)
        },
      ),
      { numRuns: 25 },
    )
  },
)

test(
  'bounds in the footer hold for every value, so that readers may skip by them',
  { timeout: 60_000 },
  async () => {
    const scalars = ['s', 'i', 'l', 'f', 'd', 't', 'day', 'ns', 'ni', 'nl', 'nf', 'nd', 'nt', 'nday']
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
        const [file] = await encodeRows(columns, rows, [7])
        const [group] = metadataOf(file!).row_groups
        for (const { meta_data } of group!.columns) {
          const [name] = meta_data!.path_in_schema
          if (!scalars.includes(name!)) continue
          const { min_value: min, max_value: max, null_count } = meta_data!.statistics!
          const values = rows.map((values) => writtenRow(values)[name!] as typeof min | null)
          expect(Number(null_count)).toBe(values.filter((value) => value === null).length)
          if (min === undefined) continue
          for (const value of values.filter((found) => found !== null)) {
            expect(min <= value! && value! <= max!).toBe(true)
          }
        }
      }),
      { numRuns: 25 },
    )
  },
)

test('readers find rows by a value that lies in the bounds', async () => {
  const specs = columnSpecs(datasets.find(({ name }) => name === 'listings')!)
  const rows = Array.from({ length: 300 }, (_, n) => ({ id: `id-${n}`, title: null, n, tags: [] }))
  const files = await encodeRows(specs, rows, [100, 100])
  expect(await queryDuckDb(files, "SELECT n FROM FILES WHERE id = 'id-250' AND n > 249")).toEqual([
    { n: 250 },
  ])
})
