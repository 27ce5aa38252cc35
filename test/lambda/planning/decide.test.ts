import { expect, test } from 'vitest'
import { partName } from '../../../core/layout.ts'
import { totalsOf, type Input, type Published, type RawObject } from '../../../core/manifest.ts'
import { manifestMetadata } from '../../../core/manifest-metadata.ts'
import type { DayFacts } from '../../../lambda/planning/day-facts.ts'
import type { RawListing } from '../../../lambda/planning/raw-listing.ts'
import { unreadOf } from '../../../lambda/planning/reasons.ts'
import { decideChanged, decideFailed, decideRebuild, isUnchanged } from '../../../lambda/planning/decide.ts'

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

const NOTHING_ELSE = { archived: new Map(), leftAlone: new Map(), unread: {} }
const listingOf = (objects: readonly RawObject[], more: Partial<RawListing> = {}): RawListing => ({
  ...NOTHING_ELSE,
  objects,
  ...more,
})
/** Archived objects in a listing, by name. */
const archive = (...names: readonly string[]) => ({
  archived: new Map(names.map((name) => [raw(name).key, 'GLACIER'])),
})

const facts = (
  listing: readonly RawObject[] | RawListing,
  of: Published | null,
  more: Partial<DayFacts> = {},
): DayFacts => ({
  listing: 'objects' in listing ? listing : listingOf(listing),
  unreadable: 'fail',
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
  const unread = {
    hidden: { count: 2, bytes: 9, first: 'jobs/2024/01/02/_tmp/x' },
    excluded: { count: 1, bytes: 1, first: 'jobs/2024/01/02/y.csv' },
  }
  const said =
    'no raw files; 2 hidden (first jobs/2024/01/02/_tmp/x), 1 excluded by rawFiles (first jobs/2024/01/02/y.csv)'
  expect(decideChanged(facts(listingOf([], { unread }), null)).why).toBe(said)
  expect(decideRebuild(facts(listingOf([], { unread }), null), false).why).toBe(said)
})

test('metadata alone says that a day is unchanged, and never says so wrongly', () => {
  const objects = [raw('a'), raw('b')]
  const of = published(objects, 2)
  const metadata = manifestMetadata({ published: of, intent: null })
  const seen = { listing: listingOf(objects), featureVersion: 'v1', isOver: false }
  expect(isUnchanged(metadata, seen)).toBe(true)
  expect(isUnchanged(undefined, seen)).toBe(false)
  expect(isUnchanged(metadata, { ...seen, isOver: true })).toBe(false)
  expect(isUnchanged(metadata, { ...seen, featureVersion: 'v2' })).toBe(false)
  expect(isUnchanged(metadata, { ...seen, listing: listingOf([raw('a')]) })).toBe(false)
  expect(isUnchanged(metadata, { ...seen, listing: listingOf([raw('a'), raw('b', 'x')]) })).toBe(false)
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

test('in mode failed a day that fails again gives the same reason', () => {
  const of = published([raw('a')])
  const asked = { kind: 'rebuild', why: 'asked for' } as const
  expect(decideFailed(facts([], of), asked, false)).toEqual(decideRebuild(facts([], of), false))
  const damage = { why: 'damaged: x', isLost: true }
  for (const seen of [facts([], of, { damage }), facts(listingOf([raw('b')], archive('b')), null)]) {
    const decision = decideChanged(seen)
    expect(['lost', 'unreadable']).toContain(decision.kind)
    expect(decideFailed(seen, { kind: 'extend', why: 'not decided' }, false)).toEqual(decision)
  }
})

test('mode failed decides anew on a rebuild that nobody asked for: rows of files that have gone stay', () => {
  const seen = facts([raw('b', 'changed'), raw('c')], published([raw('a'), raw('b')]))
  const failed = { kind: 'rebuild', why: '1 changed file' } as const
  expect(decideFailed(seen, failed, false)).toMatchObject({ kind: 'extend', inputs: [raw('c')], vanished: 1 })
})

const KEY = 'jobs/2024/01/02/'

test('archived files that are published as they are have not changed', () => {
  const of = published([raw('a'), raw('b')])
  const listing = listingOf([raw('a'), raw('b')], archive('a'))
  expect(decideChanged(facts(listing, of))).toMatchObject({ kind: 'none', why: 'unchanged', vanished: 0 })
  expect(unreadOf({ listing, published: of })).toEqual({})
  const metadata = manifestMetadata({ published: of, intent: null })
  expect(isUnchanged(metadata, { listing, featureVersion: 'v1', isOver: false })).toBe(true)
})

test('rows of archived files stay when a rebuild would be due, as those of files that are gone', () => {
  const of = published([raw('a'), raw('b')])
  const seen = facts(listingOf([raw('a'), raw('b'), raw('c')], archive('a')), of, { featureVersion: 'v2' })
  const kept =
    '1 file archived (GLACIER), published rows stay; not rebuilt although feature code changed: mode rebuild does ' +
    'once they are restored'
  expect(decideChanged(seen)).toMatchObject({
    kind: 'extend',
    inputs: [raw('c')],
    why: `1 new file; ${kept}`,
  })
  const lost = { isLost: true, why: 'damaged: a part is gone' } as DayFacts['damage']
  expect(decideChanged({ ...seen, damage: lost })).toMatchObject({
    kind: 'lost',
    why: 'damaged: a part is gone; 1 file archived (GLACIER)',
  })
})

test.each([
  ['new', raw('b')],
  ['changed', raw('a', 'changed')],
])(
  'an archived file that is %s fails the day, or is left out where unreadable ones are skipped',
  (_, object) => {
    const of = published([raw('a')])
    const others = object.key.endsWith('a') ? [object] : [raw('a'), object]
    const listing = listingOf([...others, raw('c')], { archived: new Map([[object.key, 'DEEP_ARCHIVE']]) })
    expect(decideChanged(facts(listing, of))).toEqual({
      kind: 'unreadable',
      why:
        `expected raw files that can be read, found 1 archived file, first ${object.key} in DEEP_ARCHIVE. ` +
        "Restore them, or set unreadable: 'skip' to publish the day without them",
    })
    const skipped = decideChanged(facts(listing, of, { unreadable: 'skip' }))
    expect(skipped).toMatchObject({ kind: 'extend', inputs: [raw('c')] })
    expect(skipped.why).toContain('1 new file; 1 archived file left out')
    expect(unreadOf({ listing, published: of })).toEqual({
      unreadable: { count: 1, bytes: 1, first: object.key, why: 'archived: DEEP_ARCHIVE' },
    })
  },
)

test('a new day of nothing but archived files fails, or is empty where they are skipped', () => {
  const listing = listingOf([raw('a'), raw('b')], archive('a', 'b'))
  expect(decideChanged(facts(listing, null)).kind).toBe('unreadable')
  expect(decideChanged(facts(listing, null, { unreadable: 'skip' }))).toMatchObject({
    kind: 'none',
    status: 'empty',
    why: `no raw files; 2 unreadable (first ${KEY}a: archived: GLACIER)`,
  })
})

test('a rebuild that is asked for loses no row of an archived file in silence', () => {
  const seen = facts(
    listingOf([raw('a'), raw('b'), raw('c')], archive('a', 'c')),
    published([raw('a'), raw('b')]),
  )
  expect(decideRebuild(seen, true)).toMatchObject({
    kind: 'unreadable',
    why: expect.stringContaining(`found 2 archived files, first ${KEY}a in GLACIER. Restore them`) as string,
  })
  const skipping = { ...seen, unreadable: 'skip' } as const
  expect(decideRebuild(skipping, false)).toMatchObject({
    kind: 'unreadable',
    why: expect.stringContaining('found 1 archived file, first') as string,
  })
  expect(decideRebuild(skipping, true)).toMatchObject({
    kind: 'rebuild',
    inputs: [raw('b')],
    why: 'asked for; 2 archived files left out',
  })
  const unpublished = { ...skipping, published: published([raw('b')]) }
  expect(decideRebuild(unpublished, false)).toMatchObject({ kind: 'rebuild', inputs: [raw('b')] })
})

test.each([
  ['hidden', 'hidden by name today'],
  ['excluded', 'none of rawFiles today'],
] as const)('rows of a published file that is %s today stay, and the day says so', (kind, words) => {
  const of = published([raw('a'), raw('_b')])
  const seen = facts(listingOf([raw('a')], { leftAlone: new Map([[raw('_b').key, kind]]) }), of)
  const kept = `1 file ${words}, published rows stay`
  expect(decideChanged(seen)).toMatchObject({ kind: 'none', why: `unchanged; ${kept}`, vanished: 0 })
  expect(decideChanged({ ...seen, featureVersion: 'v2' })).toMatchObject({
    kind: 'none',
    why: `unchanged; ${kept}; not rebuilt although feature code changed: mode rebuild does`,
  })
  expect(decideRebuild(seen, false)).toMatchObject({ inputs: [raw('a')], why: `asked for; 1 file ${words}` })
})

test('published files of no bytes are not missed', () => {
  const empty = { ...raw('b'), size: 0 }
  const of = published([raw('a'), empty])
  expect(decideChanged(facts([raw('a')], of))).toMatchObject({ kind: 'none', why: 'unchanged', vanished: 0 })
  expect(decideChanged(facts([raw('a')], of, { featureVersion: 'v2' }))).toMatchObject({
    kind: 'rebuild',
    inputs: [raw('a')],
  })
  expect(decideRebuild(facts([], published([empty])), false)).toMatchObject({ status: 'empty' })
})
