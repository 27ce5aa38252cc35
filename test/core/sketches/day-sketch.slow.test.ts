import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { ColumnSpec } from '../../../core/columns.ts'
import { newProfile, QUANTILES } from '../../../core/profile.ts'
import { valueCounts, type ColumnPart } from '../../../core/sketches/column-sketch.ts'
import {
  decodeSketch,
  encodeSketch,
  mergeShard,
  mergeStored,
  newDaySketch,
  type Counted,
  type DaySketch,
  type ShardPart,
} from '../../../core/sketches/day-sketch.ts'
import { summarize } from '../../../core/sketches/summarize.ts'

const COLUMNS: readonly ColumnSpec[] = [
  { name: 'id', kind: 'int64', nullable: false },
  { name: 'word', kind: 'string', nullable: true },
  { name: 'sizes', kind: 'list', element: { kind: 'int32', nullable: false }, nullable: true },
]
const BIG = 2n ** 60n
const LONG = 'é'.repeat(128)

const column = (more: Partial<ColumnPart>): ColumnPart => ({
  ...{ nulls: 0, values: 3, entries: [], top: valueCounts([]), missed: 0 },
  ...more,
})
const numbers = (count: number, mean: number, squares: number, values: number[]) => ({
  ...{ count, mean, squares },
  sampled: [{ level: 0, values }],
})
const counted = (id: string, values: number, failed: number): Counted => ({ id, values, failed })

const SHARD: ShardPart = {
  rows: 3,
  columns: [
    column({
      ...{ min: -BIG, max: BIG, numbers: numbers(3, 1, 0, [-(2 ** 60), 3, 2 ** 60]) },
      top: valueCounts([
        [-BIG, 1],
        [BIG, 1],
        [3, 1],
      ]),
      entries: [[(1 << 5) | 4, 18, (32_767 << 5) | 1]],
    }),
    column({
      ...{ nulls: 1, values: 2, min: '', max: LONG },
      top: valueCounts([
        [LONG, 1],
        ['', 1],
      ]),
      entries: [[33, 70]],
    }),
    column({
      ...{ nulls: 1, values: 4, min: 0, max: 9, numbers: numbers(4, 4, 50, [0, 9, 0, 7]) },
      lengths: { ...numbers(2, 2, 2, [1, 3]), min: 1, max: 3 },
      ...{ top: valueCounts([[0, 2]]), missed: 1, entries: [[1, 65, 98]] },
    }),
  ],
  counted: [counted('one', 3, 1), counted('other', 2, 0)],
}
const NOTHING: ShardPart = {
  ...{ rows: 0, counted: [] },
  columns: COLUMNS.map(() => column({ values: 0 })),
}

function sketchOf(...shards: ShardPart[]): DaySketch {
  const sketch = newDaySketch(COLUMNS)
  for (const shard of shards) mergeShard(sketch, shard)
  return sketch
}
const storedOf = (sketch: DaySketch) => decodeSketch(encodeSketch(sketch), 'key')
const PROFILE = newProfile(3, {
  id: {
    ...{ type: 'bigint', nulls: 0, values: 3, distinct: 3, min: String(-BIG), max: String(BIG) },
    ...{ mean: 1, deviation: 0, isTopExact: true },
    quantiles: QUANTILES.map((at) => [at, at <= 0.3 ? String(-BIG) : at <= 0.6 ? 3 : String(BIG)]),
    top: [-BIG, 3, BIG].map((value) => ({ value: value === 3 ? 3 : String(value), count: 1 })),
  },
  word: {
    ...{ type: 'string', nulls: 1, values: 2, distinct: 2, min: '', max: `${LONG.slice(0, 99)}…` },
    ...{ top: ['', `${LONG.slice(0, 99)}…`].map((value) => ({ value, count: 1 })), isTopExact: true },
  },
  sizes: {
    ...{ type: 'array<int>', nulls: 1, values: 4, distinct: 3, min: 0, max: 9 },
    ...{ mean: 4, deviation: Math.sqrt(12.5), top: [{ value: 0, count: 2 }] },
    quantiles: QUANTILES.map((at) => [at, at <= 0.5 ? 0 : at <= 0.7 ? 7 : 9]),
    lengths: { ...{ min: 1, max: 3, mean: 2 }, quantiles: QUANTILES.map((at) => [at, at <= 0.5 ? 1 : 3]) },
  },
})

test('a sketch is summarized as a profile, and the stored one as the same', () => {
  const sketch = sketchOf(NOTHING, SHARD)
  expect(summarize(sketch)).toEqual(PROFILE)
  expect(summarize(mergeStored([storedOf(sketch)]))).toEqual(PROFILE)
  expect(mergeStored([storedOf(sketch)])).toEqual(sketch)
})

test('without rows a profile has only counts of 0, and no rows change nothing', () => {
  const none = { nulls: 0, values: 0, distinct: 0, top: [], isTopExact: true } as const
  const empty = sketchOf()
  for (const sketch of [empty, sketchOf(NOTHING), mergeStored([storedOf(empty)])])
    expect(summarize(sketch)).toEqual(
      newProfile(0, {
        id: { type: 'bigint', ...none },
        word: { type: 'string', ...none },
        sizes: { type: 'array<int>', ...none },
      }),
    )
  expect(mergeStored([])).toEqual({ rows: 0, columns: new Map(), counted: new Map() })
  const stored = storedOf(sketchOf(SHARD))
  expect(mergeStored([storedOf(empty), stored, storedOf(empty)])).toEqual(mergeStored([stored]))
})

test('stored sketches merge to the sketch of all their shards', () => {
  const merged = mergeStored([storedOf(sketchOf(SHARD)), storedOf(sketchOf(SHARD, SHARD))])
  const all = sketchOf(SHARD, SHARD, SHARD)
  expect(summarize(merged)).toEqual(summarize(all))
  expect(merged.rows).toBe(9)
  expect(merged.counted).toEqual(all.counted)
  expect(all.counted).toEqual(
    new Map([
      ['one', counted('one', 9, 3)],
      ['other', counted('other', 6, 0)],
    ]),
  )
})

test('a column that a sketch lacks was null there; one of two types is left out', () => {
  const sketch = (columns: readonly ColumnSpec[], part: ColumnPart) => {
    const day = newDaySketch(columns)
    mergeShard(day, { rows: 4, columns: columns.map(() => part), counted: [] })
    return storedOf(day)
  }
  const [id, word] = [COLUMNS[0]!, COLUMNS[1]!]
  const old = sketch([id, word], column({ nulls: 1, min: 1, max: 5 }))
  const later = sketch(
    [{ ...word, name: 'extra' }, id, { ...id, name: 'word' }],
    column({ min: 3, max: 7, nulls: 2 }),
  )
  for (const [order, names] of [
    [
      [old, later],
      ['id', 'extra'],
    ],
    [
      [later, old],
      ['extra', 'id'],
    ],
  ] as const) {
    const { rows, columns } = mergeStored(order)
    expect([rows, [...columns.keys()]]).toEqual([8, names])
    expect(columns.get('id')).toMatchObject({
      type: 'bigint',
      sketch: { nulls: 3, values: 6, min: 1, max: 7 },
    })
    expect(columns.get('extra')).toMatchObject({
      type: 'string',
      sketch: { nulls: 6, values: 3, min: 3, max: 7 },
    })
  }
})

test('only a check that counted all rows has counts', () => {
  const stored = (...counts: Counted[]) => storedOf(sketchOf({ ...SHARD, counted: counts }))
  const merged = mergeStored([
    stored(counted('a', 3, 1), counted('b', 3, 3)),
    storedOf(sketchOf()),
    stored(counted('c', 1, 1), counted('a', 2, 2)),
  ])
  expect([...merged.counted.values()]).toEqual([counted('a', 5, 3)])
})

const json = (text: string) => gzipSync(text)
const BYTES = encodeSketch(sketchOf(SHARD))
const changed = (change: object) =>
  json(JSON.stringify({ ...(JSON.parse(gunzipSync(BYTES).toString()) as object), ...change }))

test.each<[string, Uint8Array, string]>([
  ['no gzip', Buffer.from('{}'), 'expected a sketch of a profile in gzipped JSON, found something else'],
  ['cut', BYTES.subarray(0, -20), 'expected a sketch of a profile in gzipped JSON, found something else'],
  ['a list', json('[]'), 'expected a sketch of a profile, found list'],
  ['no version', json('{"rows":1}'), 'expected a sketch of a profile of version 1, found no version'],
  ['a newer version', changed({ version: 2 }), 'found version 2. A newer release of Dayfold made it'],
  ['rows as text', changed({ rows: '3' }), 'a sketch of a profile with "rows" as number, found string there'],
  ['no columns', changed({ columns: undefined }), 'with "columns" as list, found nothing there'],
  ['other counts', changed({ counted: {} }), 'with "counted" as list, found object there'],
])('a stored sketch that is damaged is refused: %s', (_, bytes, message) => {
  expect(() => decodeSketch(bytes, 'state/key')).toThrow(message)
  expect(() => decodeSketch(bytes, 'state/key')).toThrow('state/key: expected')
})
