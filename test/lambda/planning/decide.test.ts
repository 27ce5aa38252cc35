import { expect, test } from 'vitest'
import { partName } from '../../../core/layout.ts'
import { totalsOf, type Input, type Published, type RawObject } from '../../../core/manifest.ts'
import { manifestMetadata } from '../../../core/manifest-metadata.ts'
import {
  decideChanged,
  decideFailed,
  decideRebuild,
  isUnchanged,
  type DayFacts,
} from '../../../lambda/planning/decide.ts'

const LIMITS = { partRows: 100, partBytes: 1e9, rowGroupRows: 10 }
const raw = (name: string, etag = name): RawObject => ({ key: `jobs/2024/01/02/${name}`, etag, size: 1 })
const input = (object: RawObject): Input => ({ ...object, records: 1, kept: 1, dropped: 0, rejected: 0 })

function published(objects: readonly RawObject[], smallParts = 1): Published {
  const inputs = objects.map(input)
  const parts = Array.from({ length: smallParts }, (_, index) => ({
    key: partName(index + 1, 'a', 0),
    rows: 1,
    bytes: 1,
  }))
  return {
    dataset: 'jobs',
    date: '2024-01-02',
    generation: smallParts,
    featureVersion: 'v1',
    inputs,
    parts,
    rejects: [],
    totals: totalsOf(inputs, parts),
    attempt: 'token',
    execution: 'arn',
    startedAt: '',
    publishedAt: '2024-01-02T00:00:00Z',
    nonce: 'n',
    smallParts: smallParts > 1 ? smallParts : 0,
  }
}

const facts = (
  listing: readonly RawObject[],
  of: Published | null,
  more: Partial<DayFacts> = {},
): DayFacts => ({
  listing,
  published: of,
  featureVersion: 'v1',
  isOver: false,
  limits: LIMITS,
  ...more,
})

test('a new day is extended from nothing', () => {
  expect(decideChanged(facts([raw('a')], null))).toMatchObject({ kind: 'extend', inputs: [raw('a')] })
})

test('new and changed files together rebuild the day from all of them', () => {
  const decision = decideChanged(facts([raw('a', 'changed'), raw('b')], published([raw('a')])))
  expect(decision).toMatchObject({
    kind: 'rebuild',
    inputs: [raw('a', 'changed'), raw('b')],
    why: '1 changed file',
  })
})

test('a file of another size has changed, whatever its ETag', () => {
  const decision = decideChanged(facts([{ ...raw('a'), size: 2 }], published([raw('a')])))
  expect(decision.kind).toBe('rebuild')
})

test('feature code and files are both named as reasons', () => {
  const decision = decideChanged(facts([raw('a', 'x')], published([raw('a')]), { featureVersion: 'v2' }))
  expect(decision.why).toBe('feature code changed, 1 changed file')
})

test('small parts wait for the end of the day, unless there are too many', () => {
  const objects = [raw('a')]
  expect(decideChanged(facts(objects, published(objects, 2))).kind).toBe('none')
  expect(decideChanged(facts(objects, published(objects, 2), { isOver: true })).kind).toBe('consolidate')
  expect(decideChanged(facts(objects, published(objects, 64))).kind).toBe('none')
  expect(decideChanged(facts(objects, published(objects, 65))).kind).toBe('consolidate')
})

test('a rebuild of a day that is empty and was emptied before is nothing to do', () => {
  expect(decideRebuild(facts([], published([], 0)), true)).toMatchObject({ kind: 'none', status: 'empty' })
})

test('an empty day says what lies there instead of raw files', () => {
  expect(decideChanged(facts([], null)).why).toBe('no raw files')
  expect(decideChanged(facts([], null, { others: 2 })).why).toBe('no raw files; 2 objects with other endings')
  expect(decideRebuild(facts([], null, { others: 1 }), false).why).toBe(
    'no raw files; 1 object with other endings',
  )
})

test('metadata alone says that a day is unchanged, and never says so wrongly', () => {
  const objects = [raw('a'), raw('b')]
  const of = published(objects, 2)
  const metadata = manifestMetadata({ published: of, intent: null })
  const seen = { listing: objects, featureVersion: 'v1', isOver: false }
  expect(isUnchanged(metadata, seen)).toBe(true)
  expect(isUnchanged(undefined, seen)).toBe(false)
  expect(isUnchanged(metadata, { ...seen, isOver: true })).toBe(false)
  expect(isUnchanged(metadata, { ...seen, featureVersion: 'v2' })).toBe(false)
  expect(isUnchanged(metadata, { ...seen, listing: [raw('a')] })).toBe(false)
  expect(isUnchanged(metadata, { ...seen, listing: [raw('a'), raw('b', 'x')] })).toBe(false)
  expect(isUnchanged({ ...metadata, intent: 'yes' }, seen)).toBe(false)
})

test('parts of other feature code are not merged: their columns may be others', () => {
  const of = published([raw('a'), raw('b')], 2)
  const gone = { isOver: true, featureVersion: 'v2' }
  const decision = decideChanged(facts([raw('b')], of, gone))
  expect(decision).toMatchObject({ kind: 'none', status: 'unchanged', vanished: 1 })
  expect(decision.why).toBe(
    'unchanged; 1 file gone from the raw prefix, published rows stay; not rebuilt although feature code changed: ' +
      'mode rebuild does; 2 small parts not merged, other feature code made them',
  )
  expect(decideChanged(facts([raw('b')], of, { isOver: true })).kind).toBe('consolidate')
})

test('mode failed prefers the rebuild that was asked for, however its attempt ended', () => {
  const seen = facts([raw('b'), raw('c')], published([raw('a'), raw('b')]))
  const failed = { kind: 'rebuild', why: decideRebuild(seen, false).why } as const
  const again = decideFailed(seen, failed, false)
  expect(again).toMatchObject({ kind: 'rebuild', why: 'asked for; failed last time', vanished: 1 })
  expect(decideFailed(seen, { ...failed, why: again.why }, false).kind).toBe('rebuild')
  expect(decideFailed(seen, { ...failed, why: 'EmptyPrefix', error: 'EmptyPrefix: …' }, false).kind).toBe(
    'rebuild',
  )
})

test('mode failed decides anew on a rebuild that nobody asked for: rows of files that have gone stay', () => {
  const seen = facts([raw('b', 'changed'), raw('c')], published([raw('a'), raw('b')]))
  const failed = { kind: 'rebuild', why: '1 changed file' } as const
  expect(decideFailed(seen, failed, false)).toMatchObject({ kind: 'extend', inputs: [raw('c')], vanished: 1 })
})
