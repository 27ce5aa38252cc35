import { expect, test } from 'vitest'
import type { ColumnSpec } from '../../../core/columns.ts'
import { chunkBytes, chunkMemory, unpackChunk, type Chunk } from '../../../processing/parquet/chunk.ts'
import { PAGE_BYTES, type Page } from '../../../processing/parquet/leaf-encoder.ts'
import { rowEncoder } from '../../../processing/parquet/row-encoder.ts'

const clock = () => ({ compressSeconds: 0 })

function encode(columns: readonly ColumnSpec[], rows: readonly Readonly<Record<string, unknown>>[]): Chunk {
  const encoder = rowEncoder(columns, clock())
  for (const row of rows) encoder.append(row)
  return unpackChunk(encoder.finish())
}

const scalar = (kind: ColumnSpec['kind'], nullable = false) => [{ name: 'x', kind, nullable }] as ColumnSpec[]

/** Bounds that the encoder gives for values of a column. */
function boundsOf(kind: ColumnSpec['kind'], values: readonly unknown[]) {
  const [leaf] = encode(
    scalar(kind, true),
    values.map((x) => ({ x })),
  ).leaves
  return 'min' in leaf! || 'max' in leaf! ? [leaf.min, leaf.max] : undefined
}

test.each<[ColumnSpec['kind'], unknown[], unknown[] | undefined]>([
  ['string', ['b', 'a', 'c'], ['a', 'c']],
  ['string', ['abcdz', 'abcda', 'abcdm'], ['abcda', 'abcdz']],
  ['string', ['abcd', 'abc', 'abcde'], ['abc', 'abcde']],
  ['string', ['', 'a'], ['', 'a']],
  ['string', ['b', ''], ['', 'b']],
  ['string', ['x'.repeat(24)], ['x'.repeat(24), 'x'.repeat(24)]],
  ['string', ['\u007f', 'a'], ['a', '\u007f']],
  ['string', ['x'.repeat(25)], undefined],
  ['string', ['a', 'é'], undefined],
  ['string', ['é', 'a'], undefined],
  ['string', ['a', '\u0080'], undefined],
  ['int32', [3, -2, 5], [-2, 5]],
  ['int64', [3, -2, 5], [-2, 5]],
  ['int64', [3n, -2n, 5n], [-2n, 5n]],
  ['int64', [3, -2n, 5n, 4], [-2n, 5n]],
  ['int64', [-3, 2n, 1n, 4], [-3, 4]],
  ['int64', [2n, 2], [2, 2]],
  ['float32', [0.1, -0.1], [Math.fround(-0.1), Math.fround(0.1)]],
  ['float64', [0.1, -0.1, 0], [-0.1, 0.1]],
  ['boolean', [true, true], [true, true]],
  ['boolean', [false, true], [false, true]],
  ['boolean', [false], [false, false]],
  ['string', [null, 'a', null], ['a', 'a']],
  ['string', [null, null], undefined],
  ['int32', [null], undefined],
])('the bounds of %s are the least and the greatest, or none: %o', (kind, values, expected) => {
  expect(boundsOf(kind, values)).toEqual(expected)
})

test('a chunk begins without the bounds, pages and counts of the one before', () => {
  const encoder = rowEncoder(scalar('string', true), clock())
  const finish = (...values: (string | null)[]) => {
    for (const x of values) encoder.append({ x })
    const { rows, leaves } = encoder.finish()
    return { rows, leaves }
  }
  const first = finish('a', 'z', null, 'é')
  expect(first.leaves).toMatchObject([{ values: 4, nulls: 1, pages: 1 }])
  expect(first.leaves[0]).not.toHaveProperty('min')
  const second = finish('m')
  expect(second.leaves).toMatchObject([{ values: 1, nulls: 0, pages: 1, min: 'm', max: 'm' }])
  expect(second).toEqual(finish('m'))
  expect(finish()).toEqual({
    rows: 0,
    leaves: [{ length: 0, values: 0, nulls: 0, uncompressedBytes: 0, pages: 0 }],
  })
})

test('an encoder tells its rows, values and bytes as it goes', () => {
  const columns: ColumnSpec[] = [
    { name: 'n', kind: 'int32', nullable: false },
    { name: 'l', kind: 'list', nullable: false, element: { kind: 'string', nullable: false } },
  ]
  const encoder = rowEncoder(columns, clock())
  expect([encoder.rows, encoder.values, encoder.bytes]).toEqual([0, 0, 0])
  encoder.append({ n: 1, l: ['a', 'b'] })
  encoder.append({ n: 2, l: [] })
  // Values are counted when their chunk is finished, bytes when their page is closed.
  expect([encoder.rows, encoder.values, encoder.bytes]).toEqual([2, 0, 0])
  encoder.append({ n: 3, l: ['x'.repeat(PAGE_BYTES)] })
  expect(encoder.bytes).toBeGreaterThan(0)
  const chunk = encoder.finish()
  expect(chunk.rows).toBe(3)
  expect([encoder.rows, encoder.values, encoder.bytes]).toEqual([0, 7, 0])
  encoder.append({ n: 4, l: ['c'] })
  encoder.finish()
  expect(encoder.values).toBe(9)
  const unpacked = unpackChunk(chunk)
  expect(chunkBytes(unpacked)).toBe(chunk.leaves.reduce((sum, { length }) => sum + length, 0))
})

test('memory of a chunk that is freed holds a later one', () => {
  const memory = chunkMemory()
  const encoder = rowEncoder(
    [{ name: 'x', kind: 'int32', nullable: false }],
    { compressSeconds: 0 },
    [],
    memory,
  )
  const chunkOf = (value: number) => {
    encoder.append({ x: value })
    return encoder.finish()
  }
  const [first, second] = [chunkOf(1), chunkOf(2)]
  expect(first.buffer).not.toBe(second.buffer)
  unpackChunk(first, (buffer) => memory.give([buffer])).free!()
  expect(chunkOf(3).buffer).toBe(first.buffer)
  expect(chunkOf(4).buffer).not.toBe(first.buffer)
})

test('memory for chunks is taken from what fits, with room for somewhat larger ones', () => {
  const memory = chunkMemory()
  const [small, large] = [memory.take(1000), memory.take(1_000_000)]
  expect(small.byteLength).toBeGreaterThan(1000)
  memory.give([small, large])
  expect(memory.take(999_000)).toBe(large)
  expect(memory.take(1_000_000)).not.toBe(small)
  expect(memory.take(1001)).toBe(small)
})

test('at most four unused buffers are kept', () => {
  const memory = chunkMemory()
  const given = Array.from({ length: 6 }, () => new SharedArrayBuffer(8))
  memory.give(given)
  const taken = given.map(() => memory.take(8))
  expect(taken.filter((buffer) => given.includes(buffer))).toHaveLength(4)
})

/** How many pages rows of one text each make, of so many bytes with the length in front. */
function pagesOf(bytes: number, rows: number): number {
  const text = 'x'.repeat(bytes - 4)
  return encode(
    scalar('string'),
    Array.from({ length: rows }, () => ({ x: text })),
  ).leaves[0]!.pages
}

test('a page is closed at the end of the row that fills it', () => {
  expect(pagesOf(PAGE_BYTES, 2)).toBe(2)
  expect(pagesOf(PAGE_BYTES - 1, 2)).toBe(1)
  expect(pagesOf(PAGE_BYTES / 2, 4)).toBe(2)
})

test('a page of nothing but nulls and empty lists is closed as well', () => {
  const lists: ColumnSpec[] = [
    { name: 'x', kind: 'list', nullable: false, element: { kind: 'int32', nullable: true } },
  ]
  const empty = Array<null>(PAGE_BYTES).fill(null)
  const chunk = encode(lists, [{ x: empty }, { x: [] }])
  expect(chunk.leaves).toMatchObject([{ values: PAGE_BYTES + 1, nulls: PAGE_BYTES + 1, pages: 2 }])
  expect(encode(lists, [{ x: empty.slice(1) }, { x: [] }]).leaves).toMatchObject([{ pages: 1 }])
})

test('each page is shown before it is compressed, with its values, levels and bounds', () => {
  const pages: unknown[] = []
  const observer = {
    page: ({ bytes, view, definitions, repetitions, count, ...others }: Page) => {
      expect(view.buffer).toBe(bytes.buffer)
      const levels = [definitions, repetitions].map((level) => [...level.subarray(0, count)])
      pages.push({ ...others, count, levels, first: view.getInt32(0, true) })
    },
  }
  const column: ColumnSpec = {
    name: 'x',
    kind: 'list',
    nullable: true,
    element: { kind: 'int32', nullable: true },
  }
  const encoder = rowEncoder([column], clock(), [observer])
  for (const x of [[7, null], null, []]) encoder.append({ x })
  encoder.finish()
  encoder.append({ x: null })
  encoder.finish()
  encoder.finish()
  expect(pages).toEqual([
    {
      count: 4,
      nulls: 3,
      rows: 3,
      levels: [
        [3, 2, 0, 1],
        [0, 1, 0, 0],
      ],
      bounds: { min: 7, max: 7 },
      first: 7,
    },
    {
      count: 1,
      nulls: 1,
      rows: 1,
      levels: [[0], [0]],
      bounds: undefined,
      first: expect.any(Number) as number,
    },
  ])
})

test('what compression takes is added to the clock, in seconds', () => {
  const spent = clock()
  const encoder = rowEncoder(scalar('string'), spent)
  const begun = performance.now()
  for (let row = 0; row < 8; row++) encoder.append({ x: `${row}`.repeat(PAGE_BYTES / 2) })
  encoder.finish()
  const seconds = (performance.now() - begun) / 1000
  expect(spent.compressSeconds).toBeGreaterThan(0)
  expect(spent.compressSeconds).toBeLessThanOrEqual(seconds)
})
