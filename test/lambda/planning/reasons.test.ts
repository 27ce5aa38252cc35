import { expect, test } from 'vitest'
import type { Published, RawObject, UnreadKind } from '../../../core/manifest.ts'
import type { DayFacts } from '../../../lambda/planning/day-facts.ts'
import type { ListingChanges } from '../../../lambda/planning/listing-changes.ts'
import type { RawListing } from '../../../lambda/planning/raw-listing.ts'
import {
  archivedReason,
  emptyReason,
  files,
  goneReason,
  join,
  keptReason,
  leftAloneReason,
  leftOut,
  staleReason,
  unreadOf,
  unreadWords,
} from '../../../lambda/planning/reasons.ts'

const object = (key: string, size = 1): RawObject => ({ key, etag: 'e', size })
const listingOf = (more: Partial<RawListing> = {}): RawListing => ({
  objects: [],
  archived: new Map(),
  leftAlone: new Map(),
  unread: {},
  ...more,
})
const changesOf = (more: Partial<ListingChanges> = {}): ListingChanges => ({
  added: [],
  changed: 0,
  unreadable: [],
  archived: [],
  vanished: 0,
  leftAlone: new Map<UnreadKind, number>(),
  ...more,
})
const ARCHIVED = new Map([
  ['a', 'GLACIER'],
  ['b', 'DEEP_ARCHIVE'],
])
const HIDDEN = { hidden: { count: 2, bytes: 7, first: '_a' } }
const hidden = (count: number) => new Map<UnreadKind, number>([['hidden', count]])

test('files are counted, alone or many', () => {
  expect([0, 1, 2].map((count) => files(count))).toEqual(['0 files', '1 file', '2 files'])
  expect(files(1, 'changed ')).toBe('1 changed file')
  expect(join('a', '', 'b')).toBe('a; b')
})

test('archived objects are unread with their bytes, the first key and its class, unless they are published', () => {
  const archived = listingOf({
    objects: [object('a', 3), object('b', 4), object('c')],
    archived: ARCHIVED,
    unread: HIDDEN,
  })
  const unreadable = { count: 2, bytes: 7, first: 'a', why: 'archived: GLACIER' }
  expect(unreadOf({ listing: archived, published: null })).toEqual({ ...HIDDEN, unreadable })
  const published = { inputs: [object('a', 3), object('b', 4)] } as unknown as Published
  expect(unreadOf({ listing: archived, published })).toEqual(HIDDEN)
  expect(unreadOf({ listing: listingOf({ unread: HIDDEN }), published: null })).toEqual(HIDDEN)
})

test('rows are stale of damage, of feature code and of changed files', () => {
  const published = { featureVersion: 'v1' } as Published
  const reason = (facts: Partial<DayFacts>, changes: Partial<ListingChanges> = {}) =>
    staleReason({ featureVersion: 'v1', ...facts } as DayFacts, published, changesOf(changes))
  expect(reason({})).toBe('')
  expect(reason({ featureVersion: 'v2' })).toBe('feature code changed')
  expect(reason({}, { changed: 1 })).toBe('1 changed file')
  const damage = { why: 'damaged: x', isLost: true }
  expect(reason({ damage, featureVersion: 'v2' }, { changed: 2 })).toBe(
    'damaged: x, feature code changed, 2 changed files',
  )
})

test('rows are gone that no raw file could make again', () => {
  const reason = (changes: Partial<ListingChanges>) =>
    goneReason(listingOf({ archived: ARCHIVED }), changesOf(changes))
  expect(reason({})).toBe('')
  expect(reason({ vanished: 1 })).toBe('1 file gone from the raw prefix')
  expect(reason({ leftAlone: hidden(2) })).toBe('2 files hidden by name today')
  expect(reason({ archived: ['b', 'a'] })).toBe('2 files archived (DEEP_ARCHIVE)')
  expect(reason({ vanished: 2, leftAlone: hidden(1), archived: ['a'] })).toBe(
    '2 files gone from the raw prefix, 1 file hidden by name today, 1 file archived (GLACIER)',
  )
})

test('that rows stay is said where it is news', () => {
  expect(keptReason('', 'gone', changesOf())).toBe('')
  // Raw files are archived once they are published.
  expect(keptReason('', 'gone', changesOf({ archived: ['a'] }))).toBe('')
  expect(keptReason('', 'gone', changesOf({ vanished: 1 }))).toBe('gone, published rows stay')
  expect(keptReason('', 'gone', changesOf({ leftAlone: hidden(1) }))).toBe('gone, published rows stay')
  expect(keptReason('stale', 'gone', changesOf())).toBe(
    'gone, published rows stay; not rebuilt although stale: mode rebuild does',
  )
  expect(keptReason('stale', 'gone', changesOf({ archived: ['a'] }))).toBe(
    'gone, published rows stay; not rebuilt although stale: mode rebuild does once they are restored',
  )
})

test('objects that are left alone are told by kind', () => {
  const leftAlone = new Map<UnreadKind, number>([
    ['hidden', 1],
    ['excluded', 2],
    ['not-data', 3],
  ])
  expect(leftAloneReason(changesOf({ leftAlone }))).toBe(
    '1 file hidden by name today, 2 files none of rawFiles today, 3 files not-data',
  )
  expect(leftOut([])).toBe('')
  expect(leftOut([object('a')])).toBe('1 archived file left out')
  expect(archivedReason(listingOf({ archived: ARCHIVED }), ['b', 'a'])).toBe(
    'expected raw files that can be read, found 2 archived files, first b in DEEP_ARCHIVE',
  )
})

test('an empty day names what may have been taken for raw files', () => {
  const factsOf = (unread: RawListing['unread']) =>
    ({ listing: listingOf({ unread }), published: null }) as Partial<DayFacts> as DayFacts
  expect(emptyReason(factsOf({}))).toBe('no raw files')
  expect(emptyReason(factsOf(HIDDEN))).toBe('no raw files; 2 hidden (first _a)')
  const unreadable = { count: 1, bytes: 1, first: 'b', why: 'bzip2' }
  expect(unreadWords({ ...HIDDEN, unreadable })).toBe('2 hidden (first _a), 1 unreadable (first b: bzip2)')
})
