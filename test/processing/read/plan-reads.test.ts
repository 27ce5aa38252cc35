import { expect, test } from 'vitest'
import type { RawObject } from '../../../core/manifest.ts'
import { isCompressedName, planReads } from '../../../processing/read/plan-reads.ts'

const plan = (inputs: readonly (readonly [string, number])[], shardBytes: number) => [
  ...planReads(
    inputs.map(([key, size]): RawObject => ({ key, etag: 'e', size })),
    shardBytes,
  ),
]

test('small objects are read together up to the size of a shard', () => {
  const reads = plan(
    [
      ['a.jsonl', 40],
      ['b.jsonl', 60],
      ['c.jsonl', 1],
      ['d.jsonl', 100],
    ],
    100,
  )
  expect(reads.map((read) => (read.kind === 'objects' ? [read.first, read.end] : read.kind))).toEqual([
    [0, 2],
    [2, 3],
    [3, 4],
  ])
})

test('a large object is read in pieces, alone and in its turn', () => {
  const reads = plan(
    [
      ['a.jsonl', 10],
      ['b.jsonl', 250],
      ['c.jsonl', 10],
    ],
    100,
  )
  expect(reads).toMatchObject([
    { kind: 'objects', first: 0, end: 1, bytes: 10 },
    { kind: 'piece', input: 1, start: 0, bytes: 100, last: false },
    { kind: 'piece', input: 1, start: 100, bytes: 100, last: false },
    { kind: 'piece', input: 1, start: 200, bytes: 50, last: true },
    { kind: 'objects', first: 2, end: 3, bytes: 10 },
  ])
})

test('large objects at both ends are read by themselves, to their last byte and no further', () => {
  const reads = plan(
    [
      ['a.jsonl', 200],
      ['b.jsonl', 101],
    ],
    100,
  )
  expect(reads).toEqual([
    { kind: 'piece', input: 0, start: 0, bytes: 100, last: false },
    { kind: 'piece', input: 0, start: 100, bytes: 100, last: true },
    { kind: 'piece', input: 1, start: 0, bytes: 100, last: false },
    { kind: 'piece', input: 1, start: 100, bytes: 1, last: true },
  ])
})

test('empty objects are read with others, or alone', () => {
  const reads = plan(
    [
      ['a.jsonl', 0],
      ['b.jsonl', 250],
      ['c.jsonl', 0],
      ['d.jsonl', 100],
    ],
    100,
  )
  const small = reads.filter(({ kind }) => kind === 'objects')
  expect(small).toEqual([
    { kind: 'objects', first: 0, end: 1, bytes: 0 },
    { kind: 'objects', first: 2, end: 4, bytes: 100 },
  ])
  expect(plan([], 100)).toEqual([])
})

test('only the end of a name tells of compression', () => {
  const names = ['a.gz', 'a.GZIP', 'a.zst', 'a.zstd', 'a.gz.jsonl', 'agz']
  expect(names.map(isCompressedName)).toEqual([true, true, true, true, false, false])
})

test('compressed objects weigh what they inflate to', () => {
  const reads = plan(
    [
      ['a.jsonl.gz', 30],
      ['b.jsonl.gz', 30],
      ['c.jsonl', 30],
    ],
    300,
  )
  expect(reads.map((read) => read.bytes)).toEqual([30, 60])
})

test('every byte of every object is read once', () => {
  const inputs = Array.from({ length: 50 }, (_, index): readonly [string, number] => [
    `${index}`,
    (index * 37) % 250,
  ])
  const reads = plan(inputs, 100)
  expect(reads.reduce((sum, read) => sum + read.bytes, 0)).toBe(
    inputs.reduce((sum, [, size]) => sum + size, 0),
  )
})
