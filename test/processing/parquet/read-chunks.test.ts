import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { ColumnMetaData } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import snappy from 'snappy'
import type { ColumnSpec } from '../../../core/columns.ts'
import { COLUMN_KINDS, type ScalarKind } from '../../../core/kinds/table.ts'
import { parquetSchema } from '../../../core/parquet-schema.ts'
import { unpackChunk, type Chunk } from '../../../processing/parquet/chunk.ts'
import { readChunks, type ChunkSource } from '../../../processing/parquet/read-chunks.ts'
import { rowEncoder } from '../../../processing/parquet/row-encoder.ts'
import { encodeRows } from '../../support/processing/encode.ts'

const COLUMNS: readonly ColumnSpec[] = [
  { name: 'id', kind: 'string', nullable: false },
  { name: 'n', kind: 'int64', nullable: true },
  { name: 'at', kind: 'timestamp', nullable: false },
  { name: 'tags', kind: 'list', nullable: false, element: { kind: 'string', nullable: true } },
]
const WORDS: readonly ColumnSpec[] = [{ name: 'word', kind: 'string', nullable: false }]
const SCALARS = Object.keys(COLUMN_KINDS) as ScalarKind[]
const LIMITS = { partRows: 1000, partBytes: 2 ** 30, rowGroupRows: 2 }

const rowOf = (n: number) => ({
  id: `id${n}`,
  n: n % 2 === 0 ? n : null,
  at: new Date(n * 1000),
  tags: n === 0 ? [] : ['a', null],
})

function sourceOf(file: Uint8Array, key = 'part.parquet') {
  const reads: [start: number, bytes: number][] = []
  const source: ChunkSource = {
    key,
    bytes: file.length,
    read(start, bytes) {
      reads.push([start, bytes])
      return Promise.resolve(Buffer.from(file.subarray(start, start + bytes)))
    },
  }
  return { source, reads }
}

async function chunksOf(source: ChunkSource, columns = COLUMNS): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  for await (const chunk of readChunks(source, columns)) chunks.push(chunk)
  return chunks
}

const plain = ({ rows, leaves }: Chunk) => ({
  rows,
  leaves: leaves.map(({ bytes, ...leaf }) => ({ ...leaf, bytes: Buffer.from(bytes).toString('hex') })),
})

test('the chunks of a file are those that it was made of, one a row group', async () => {
  const rows = Array.from({ length: 5 }, (_, n) => rowOf(n))
  const [file] = await encodeRows(COLUMNS, rows, [2, 2], LIMITS)
  const encoded = [rows.slice(0, 2), rows.slice(2, 4), rows.slice(4)].map((some) => {
    const encoder = rowEncoder(COLUMNS, { compressSeconds: 0 })
    for (const row of some) encoder.append(row)
    return plain(unpackChunk(encoder.finish()))
  })
  const found = (await chunksOf(sourceOf(file!).source)).map(plain)
  expect(found).toStrictEqual(
    encoded.map(({ leaves, ...chunk }) => ({
      ...chunk,
      leaves: leaves.map(({ min, max, ...leaf }) => ({
        ...leaf,
        ...(min !== undefined && { min: known(min), max: known(max) }),
      })),
    })),
  )
})

/** The footer's first read, as hyparquet has it. */
const FOOTER_BYTES = 512 * 1024

test.each([
  ['in one read of the end', 10, [[-FOOTER_BYTES, FOOTER_BYTES]]],
  [
    'in two reads if it is larger',
    FOOTER_BYTES,
    [
      [-FOOTER_BYTES, FOOTER_BYTES],
      [expect.any(Number), expect.any(Number)],
    ],
  ],
])('the footer of a large file is found %s, and nothing beyond the end', async (_, footer, expected) => {
  const writer = new ByteWriter()
  const parquet = new ParquetWriter({
    writer,
    schema: parquetSchema(WORDS),
    kvMetadata: [{ key: 'note', value: 'x'.repeat(footer) }],
  })
  // Nothing that snappy makes shorter.
  const word = randomBytes(FOOTER_BYTES).toString('base64')
  await parquet.write({ columnData: [{ name: 'word', data: [word], encoding: 'PLAIN' }] })
  await parquet.finish()
  const file = writer.getBytes()
  const { source, reads } = sourceOf(file)
  expect(await chunksOf(source, WORDS)).toMatchObject([{ rows: 1 }])
  const ends = reads.slice(0, -1)
  expect(ends.map(([start, bytes]) => [start - file.length, bytes])).toEqual(expected)
  for (const [start, bytes] of reads) expect(start + bytes).toBeLessThanOrEqual(file.length)
})

/** Integers of 64 bits are bigints once they were stored. */
const known = (bound: unknown): unknown =>
  typeof bound === 'number' ? expect.toSatisfy((found) => Number(found) === bound) : bound

test('a file without rows has no chunks', async () => {
  const schema = parquetSchema(COLUMNS)
  const writer = new ByteWriter()
  await new ParquetWriter({ writer, schema }).finish()
  expect(await chunksOf(sourceOf(writer.getBytes()).source)).toEqual([])
})

test('the next row group is read while the one before is worked on, and no more', async () => {
  const [file] = await encodeRows(
    COLUMNS,
    Array.from({ length: 6 }, (_, n) => rowOf(n)),
    [2, 2],
    LIMITS,
  )
  const { source, reads } = sourceOf(file!)
  const chunks = readChunks(source, COLUMNS)
  await chunks.next()
  // The footer, the first row group, and the second.
  expect(reads).toHaveLength(3)
  await chunks.next()
  expect(reads).toHaveLength(4)
  await chunks.next()
  expect(await chunks.next()).toMatchObject({ done: true })
  expect(reads).toHaveLength(4)
  const starts = reads.slice(1).map(([start]) => start)
  expect(starts[0]).toBe(4)
  expect(starts).toEqual(starts.toSorted((a, b) => a - b))
})

test('a read that fails ahead of its turn fails in its turn', async () => {
  const [file] = await encodeRows(
    COLUMNS,
    Array.from({ length: 4 }, (_, n) => rowOf(n)),
    [2],
    LIMITS,
  )
  const { source } = sourceOf(file!)
  let reads = 0
  const failing: ChunkSource = {
    ...source,
    read: (start, bytes) => (++reads === 3 ? Promise.reject(new Error('gone')) : source.read(start, bytes)),
  }
  const chunks = readChunks(failing, COLUMNS)
  expect((await chunks.next()).done).toBe(false)
  // Long enough for a rejection that nobody handles.
  await new Promise((resolve) => setImmediate(resolve))
  await expect(chunks.next()).rejects.toThrow('gone')
})

test('a file with other columns is refused, and both are named with all that differs', async () => {
  const price: ColumnSpec = { name: 'price', kind: 'decimal', parameters: [5, 2], nullable: true }
  const [file] = await encodeRows([price], [{ price: 1n }])
  const reading = chunksOf(sourceOf(file!, 'a/part.parquet').source, [{ ...price, parameters: [6, 2] }])
  await expect(reading).rejects.toMatchObject({
    code: 'ColumnsMismatch',
    message:
      'a/part.parquet: expected columns price INT32 DECIMAL OPTIONAL precision 6 scale 2, ' +
      'found price INT32 DECIMAL OPTIONAL precision 5 scale 2. Rebuild the day: mode "rebuild".',
  })
})

test('columns in another order are other columns', async () => {
  const [file] = await encodeRows(COLUMNS, [rowOf(1)])
  const [id, ...others] = COLUMNS
  await expect(chunksOf(sourceOf(file!).source, [...others, id!])).rejects.toThrow(/expected columns n INT64/)
})

test.each([
  ['a dictionary', 'SNAPPY', 'RLE_DICTIONARY'],
  ['another codec', 'UNCOMPRESSED', 'PLAIN'],
] as const)('a file of somebody else, with %s, is refused', async (_, codec, encoding) => {
  const writer = new ByteWriter()
  const parquet = new ParquetWriter({
    writer,
    schema: parquetSchema(WORDS),
    codec,
    compressors: { SNAPPY: (bytes) => snappy.compressSync(bytes) },
  })
  const data = Array.from({ length: 50 }, (_, n) => `word ${n % 3}`)
  await parquet.write({ columnData: [{ name: 'word', data, encoding }] })
  await parquet.finish()
  await expect(chunksOf(sourceOf(writer.getBytes(), 'odd.parquet').source, WORDS)).rejects.toMatchObject({
    code: 'ColumnsMismatch',
    message:
      'odd.parquet: expected a part that this program wrote, found a column with a dictionary or another codec.',
  })
})

/** A file of these values, with what its footer says of them changed by `change`. */
async function foreignFile(
  columns: readonly ColumnSpec[],
  data: unknown[],
  change: (column: ColumnMetaData) => void,
): Promise<ChunkSource> {
  const writer = new ByteWriter()
  const parquet = new ParquetWriter({ writer, schema: parquetSchema(columns) })
  await parquet.write({ columnData: [{ name: columns[0]!.name, data, encoding: 'PLAIN' }] })
  change(parquet.row_groups[0]!.columns[0]!.meta_data!)
  await parquet.finish()
  return sourceOf(writer.getBytes(), 'odd.parquet').source
}

test.each<[string, (column: ColumnMetaData) => void, object]>([
  ['all statistics', () => {}, { pages: 1, min: 'a', max: 'c' }],
  ['no statistics', (column) => delete column.statistics, { pages: 1 }],
  [
    'no bounds',
    ({ statistics }) => (delete statistics!.min_value, delete statistics!.max_value),
    { pages: 1 },
  ],
  ['no least value', ({ statistics }) => delete statistics!.min_value, { pages: 1 }],
  ['no greatest value', ({ statistics }) => delete statistics!.max_value, { pages: 1 }],
  ['no number of pages', (column) => delete column.encoding_stats, { pages: 0, min: 'a', max: 'c' }],
])('a chunk of a file with %s has both bounds or none', async (_, change, expected) => {
  const [chunk] = await chunksOf(await foreignFile(WORDS, ['b', 'a', 'c'], change), WORDS)
  const { bytes, uncompressedBytes, ...leaf } = chunk!.leaves[0]!
  expect(bytes.length).toBeGreaterThan(0)
  expect(uncompressedBytes).toBeGreaterThan(0)
  expect(leaf).toStrictEqual({ values: 3, nulls: 0, ...expected })
})

test.each(SCALARS)('a row group of nulls alone is read without bounds: %s', async (kind) => {
  const columns = [{ name: 'x', kind, nullable: true, ...(kind === 'decimal' && { parameters: [9, 2] }) }]
  const [file] = await encodeRows(columns, [{ x: null }, { x: null }])
  const [chunk] = await chunksOf(sourceOf(file!).source, columns)
  expect(chunk!.leaves[0]).toStrictEqual({
    ...{ bytes: expect.any(Buffer) as Buffer, values: 2, nulls: 2, pages: 1 },
    uncompressedBytes: expect.any(Number) as number,
  })
})

test.each<[string, ColumnSpec, unknown[]]>([
  ['nulls', { name: 'x', kind: 'int32', nullable: true }, [1, null, 3]],
  [
    'empty lists',
    { name: 'x', kind: 'list', nullable: false, element: { kind: 'int32', nullable: false } },
    [[1], [], [2, 3]],
  ],
])('a file that does not count its %s is refused: no count is not none', async (_, column, data) => {
  const countless = (change: (column: ColumnMetaData) => void) => foreignFile([column], data, change)
  for (const file of [
    await countless(({ statistics }) => delete statistics!.null_count),
    await countless((meta) => delete meta.statistics),
  ]) {
    await expect(chunksOf(file, [column])).rejects.toMatchObject({
      code: 'ColumnsMismatch',
      message:
        'odd.parquet: expected a part that this program wrote, found a column whose nulls are not counted.',
    })
  }
  const [chunk] = await chunksOf(await countless(() => {}), [column])
  expect(chunk).toMatchObject({ rows: 3 })
})
