import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import snappy from 'snappy'
import { expect, test } from 'vitest'
import type { KindSpec, ScalarKind } from '../../../core/kinds/table.ts'
import type { ColumnSpec } from '../../../core/columns.ts'
import { parquetSchema } from '../../../core/parquet-schema.ts'
import { unpackChunk } from '../../../processing/parquet/chunk.ts'
import { PAGE_BYTES, type Page } from '../../../processing/parquet/leaf-encoder.ts'
import { rowEncoder } from '../../../processing/parquet/row-encoder.ts'

const VALUES: Record<ScalarKind, readonly unknown[]> = {
  string: ['short', '', 'é🙂'.repeat(9), 'a long text that is handed to the runtime '.repeat(3)],
  int32: [0, -1, 2 ** 31 - 1, -(2 ** 31)],
  int64: [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n - 1n, -(2n ** 53n) + 1n, -(2n ** 32n)],
  float32: [0, -0, 1.5, -3.4028234663852886e38],
  float64: [0, -0, 1 / 3, -Number.MAX_VALUE, Number.MIN_VALUE],
  boolean: [true, false, true, true, false, false, true, false, true],
  timestamp: [new Date(0), new Date(-1), new Date(8.64e15)],
  date: [new Date(0), new Date(-1), new Date('2024-02-29T23:59:59Z')],
  decimal: [0n, -1n, 1n, 999_999_999n, -999_999_999n, 256n],
}

/** Returns the page of one column as hyparquet-writer makes it, with the same encoding, and what it says of its size. */
function reference(schema: SchemaElement[], name: string, data: unknown[]) {
  const writer = new ByteWriter()
  const parquet = new ParquetWriter({
    writer,
    schema,
    compressors: { SNAPPY: (bytes) => snappy.compressSync(bytes) },
  })
  void parquet.write({
    columnData: [{ name, data, encoding: 'PLAIN' }],
    rowGroupSize: data.length,
    pageSize: 2 ** 30,
  })
  const { num_values, total_uncompressed_size } = parquet.row_groups[0]!.columns[0]!.meta_data!
  return {
    pages: Buffer.from(writer.getBytes().slice(4)).toString('hex'),
    values: Number(num_values),
    uncompressedBytes: Number(total_uncompressed_size),
  }
}

const specs: KindSpec[] = (Object.keys(VALUES) as ScalarKind[]).flatMap((kind): KindSpec[] =>
  kind === 'decimal'
    ? [9, 18, 19, 28, 38].map((precision) => ({ kind, parameters: [precision, 2] }))
    : [{ kind }],
)
const columns: ColumnSpec[] = specs.flatMap((spec) => {
  const name = [spec.kind, spec.parameters?.[0] ?? []].flat().join('_')
  return [
    { name: `${name}_required`, ...spec, nullable: false },
    { name: `${name}_nullable`, ...spec, nullable: true },
    { name: `${name}_list`, kind: 'list', nullable: true, element: { ...spec, nullable: true } },
  ]
})

test.each<[ScalarKind, unknown, bits: number, parameters?: readonly number[]]>([
  ['int32', 7, 32],
  ['int64', -7, 64],
  ['int64', 7n, 64],
  ['float32', 0.5, 32],
  ['float64', 0.1, 64],
  ['boolean', true, 1],
  ['decimal', 7n, 72, [19, 0]],
  ['decimal', -7n, 128, [38, 0]],
])(
  'memory is doubled once %s has filled it, and not before: %o of %i bits',
  (kind, value, bits, parameters) => {
    const memoryOf = (count: number) => {
      const seen: number[] = []
      const page = ({ bytes, definitions }: Page) => seen.push(bytes.length, definitions.length)
      const column: ColumnSpec = { name: 'x', kind, parameters, nullable: false }
      const encoder = rowEncoder([column], { compressSeconds: 0 }, [{ page }])
      for (let row = 0; row < count; row++) encoder.append({ x: value })
      encoder.finish()
      return seen
    }
    // A column without nulls and lists has no levels, whose memory would grow as well.
    const [least, levels] = memoryOf(1)
    const fill = Math.floor((least! * 8) / bits)
    expect(memoryOf(fill)).toEqual([least, levels])
    expect(memoryOf(fill + 1)).toEqual([2 * least!, levels])
  },
)

test.each(columns)("$name is encoded to the bytes of hyparquet-writer's own", (column) => {
  const values = VALUES[(column.kind === 'list' ? column.element.kind : column.kind) as ScalarKind]
  const some =
    column.kind === 'list'
      ? [values, null, [], [null, ...values], [null], ...values.map((value) => [value])]
      : column.nullable
        ? [null, ...values, null, ...values, null]
        : [...values]
  // Often enough for memory to grow on the way.
  const data = Array.from({ length: 60 }, () => some).flat()
  const encoder = rowEncoder([column], { compressSeconds: 0 })
  for (const value of data) encoder.append({ [column.name]: value })
  const [leaf] = unpackChunk(encoder.finish()).leaves
  const { pages, ...sizes } = reference(parquetSchema([column]), column.name, data)
  expect(Buffer.from(leaf!.bytes).toString('hex')).toBe(pages)
  expect(leaf).toMatchObject(sizes)
})

test('integers of 64 bits are encoded alike as numbers and as bigints', () => {
  const numbers = [0, 1, -1, 2 ** 32, -(2 ** 32), 2 ** 53 - 1, -(2 ** 53) + 1, 123_456_789_012]
  const encode = (values: readonly unknown[]) => {
    const encoder = rowEncoder([{ name: 'n', kind: 'int64', nullable: false }], { compressSeconds: 0 })
    for (const n of values) encoder.append({ n })
    return Buffer.from(encoder.finish().buffer)
  }
  expect(encode(numbers).equals(encode(numbers.map(BigInt)))).toBe(true)
})

test('pages end between rows and stay near their size', () => {
  const column: ColumnSpec = {
    name: 'list',
    kind: 'list',
    nullable: false,
    element: { kind: 'string', nullable: false },
  }
  const encoder = rowEncoder([column], { compressSeconds: 0 })
  for (let row = 0; row < 30; row++) encoder.append({ list: ['x'.repeat(100_000), 'y'.repeat(100_000)] })
  const [leaf] = unpackChunk(encoder.finish()).leaves
  expect(leaf).toMatchObject({ values: 60, pages: 5 })
})

test('the size of a chunk before compression is that of its pages together', () => {
  const encoder = rowEncoder([{ name: 'x', kind: 'string', nullable: true }], { compressSeconds: 0 })
  const sizeOf = (...texts: string[]) => {
    for (const x of texts) encoder.append({ x })
    const { pages, uncompressedBytes } = encoder.finish().leaves[0]!
    return { pages, uncompressedBytes }
  }
  const texts = ['x', 'yy', 'z'].map((text) => text.repeat(PAGE_BYTES))
  const sizes = texts.map((text) => sizeOf(text))
  for (const [index, { uncompressedBytes }] of sizes.entries()) {
    expect(uncompressedBytes).toBeGreaterThan(texts[index]!.length)
  }
  expect(sizeOf(...texts)).toEqual({
    pages: 3,
    uncompressedBytes: sizes.reduce((sum, size) => sum + size.uncompressedBytes, 0),
  })
})
