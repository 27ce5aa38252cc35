import { expect, test } from 'vitest'
import type { RawObject, UnreadKind } from '../../../core/manifest.ts'
import { compareListing } from '../../../lambda/planning/listing-changes.ts'

const object = (key: string, more: Partial<RawObject> = {}): RawObject => ({
  key,
  etag: 'e',
  size: 1,
  ...more,
})
const NONE = { added: [], changed: 0, unreadable: [], archived: [], vanished: 0, leftAlone: new Map() }

interface Listed {
  readonly objects?: readonly RawObject[]
  readonly archived?: readonly string[]
  readonly leftAlone?: Readonly<Record<string, UnreadKind>>
}

function compare({ objects = [], archived = [], leftAlone = {} }: Listed, published: readonly RawObject[]) {
  const listing = {
    objects,
    archived: new Map(archived.map((key) => [key, 'GLACIER'])),
    leftAlone: new Map(Object.entries(leftAlone)),
  }
  return compareListing(listing, published)
}

const [a, b] = [object('a'), object('b')]
const other = object('a', { etag: 'f' })

test.each<[string, Listed, readonly RawObject[], object]>([
  ['nothing', {}, [], {}],
  ['the same', { objects: [a, b] }, [a, b], {}],
  ['a new one', { objects: [a, b] }, [a], { added: [b] }],
  ['another ETag', { objects: [other] }, [a], { changed: 1 }],
  ['another size', { objects: [object('a', { size: 2 })] }, [a], { changed: 1 }],
  ['two that changed', { objects: [other, object('b', { size: 0 })] }, [a, b], { changed: 2 }],
  ['one that is gone', { objects: [a] }, [a, b], { vanished: 1 }],
  ['one of no bytes that is gone', { objects: [a] }, [a, object('b', { size: 0 })], {}],
  ['a new one that is archived', { objects: [a, b], archived: ['b'] }, [a], { unreadable: [b] }],
  ['one that was archived since', { objects: [a], archived: ['a'] }, [a], { archived: ['a'] }],
  [
    'one that changed and was archived',
    { objects: [other], archived: ['a'] },
    [a],
    { unreadable: [other], archived: ['a'], changed: 1 },
  ],
  [
    'those that are left alone today',
    { leftAlone: { a: 'hidden', b: 'hidden', c: 'excluded' } },
    [a, b, object('c'), object('d')],
    {
      vanished: 1,
      leftAlone: new Map([
        ['hidden', 2],
        ['excluded', 1],
      ]),
    },
  ],
  ['one of no bytes that is left alone', { leftAlone: { a: 'hidden' } }, [object('a', { size: 0 })], {}],
])('a listing with %s is told from what is published', (_, listed, published, changes) => {
  expect(compare(listed, published)).toEqual({ ...NONE, ...changes })
})
