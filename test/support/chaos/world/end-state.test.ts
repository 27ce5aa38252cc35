import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { expect, test } from 'vitest'
import { differences } from './compare.ts'
import { readEndState } from './end-state.ts'
import {
  attemptKey,
  AWAY,
  dayEntryKey,
  EMPTY,
  manifestKey,
  OPEN,
  partitionPrefix,
  rejectedPrefix,
  replacementPrefix,
  s3Uri,
} from '../../../../core/layout.ts'
import {
  decodeManifest,
  encodeManifest,
  totalsOf,
  type Intent,
  type Manifest,
  type Published,
} from '../../../../core/manifest.ts'
import { temporaryHome } from '@dayfold/local-aws/test-support/home'

const TABLE = 'visits'
const DAY = '2024-01-10'
const PART = `${partitionPrefix(TABLE, DAY)}part-00001-00000.parquet`
const REJECTS = `${rejectedPrefix(TABLE, DAY)}rejected-00001-00000.jsonl.gz`
const MANIFEST = manifestKey(TABLE, DAY)
const FOLDER = replacementPrefix(TABLE, DAY, 2, 'attempt')

const partOf = (ids: readonly string[]) =>
  Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'id', data: [...ids], type: 'STRING' }] }))

function put(home: string, key: string, content: Uint8Array | string): void {
  const path = join(home, 's3', 'data', key)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

function putTable(home: string, location: string): void {
  const path = join(home, 'glue', 'dayfold', `${TABLE}.json`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify({ partitions: [{ values: [DAY], location }] }))
}

/** Makes a home with one day of two rows and one rejected record. */
function soundHome(): string {
  const home = temporaryHome()
  const part = partOf(['a', 'b'])
  const rejected = gzipSync('{"line":1}\n')
  const inputs = [{ key: 'k', etag: 'e', size: 1, records: 3, kept: 2, dropped: 0, rejected: 1 }]
  const parts = [{ key: PART, rows: 2, bytes: part.length }]
  const manifest = {
    published: {
      dataset: TABLE,
      date: DAY,
      generation: 1,
      featureVersion: 'v1',
      inputs,
      parts,
      rejects: [{ key: REJECTS, rows: 1, bytes: rejected.length }],
      totals: totalsOf(inputs, parts),
      attempt: 'token',
      execution: 'arn',
      startedAt: '',
      publishedAt: '',
      nonce: '',
    },
    intent: null,
  } satisfies Manifest
  put(home, PART, part)
  put(home, REJECTS, rejected)
  put(home, MANIFEST, encodeManifest(manifest))
  put(home, attemptKey(TABLE, DAY), '{}')
  put(home, dayEntryKey(EMPTY, TABLE, DAY), '{}')
  put(home, 'staging/anything', 'x')
  putTable(home, s3Uri('data', partitionPrefix(TABLE, DAY)))
  return home
}

test('a sound home has no problems and does not differ from itself', async () => {
  const state = await readEndState(soundHome())
  expect(state.problems).toEqual([])
  expect(state.days[`${TABLE} ${DAY}`]).toMatchObject({
    rows: ['{"id":"a"}', '{"id":"b"}'],
    featureVersion: 'v1',
  })
  expect(differences(state, state)).toEqual([])
})

test.each([
  [
    'a stale part',
    (home) => put(home, PART.replace('00000.', '00001.'), partOf(['a'])),
    /part-00001-00001.*no such/,
  ],
  ['a part that is gone', (home) => rmSync(join(home, 's3/data', PART)), /manifest names it, found none/],
  ['rows that are missing', (home) => put(home, PART, partOf(['a'])), /expected 2 rows, found 1/],
  [
    'rejects that are missing',
    (home) => put(home, REJECTS, gzipSync('')),
    /expected 1 rejected records, found 0/,
  ],
  [
    'an entry of an intent',
    (home) => put(home, dayEntryKey(OPEN, TABLE, DAY), '{}'),
    /_open.*no such object/,
  ],
  [
    'an entry of a day that is away',
    (home) => put(home, dayEntryKey(AWAY, TABLE, DAY), '{}'),
    /_away.*no such object/,
  ],
  ['a day that is away', goAway, /replacements.*expected all of the day at home/],
  ['what is left of a replacement', (home) => put(home, `${FOLDER}part`, ''), /replacements.*no such object/],
  ['a folder that is not deleted yet', retire, /replacements.*expected nothing retired/],
  ['a partition that points elsewhere', (home) => putTable(home, 's3://data/staging/'), /Location/],
  ['no partition', (home) => rmSync(join(home, 'glue'), { recursive: true }), /Location/],
  ['an open intent', openIntent, /expected no intent, found one to retire/],
  ['no manifest', (home) => rmSync(join(home, 's3/data', MANIFEST)), /expected a manifest, found none/],
] as const satisfies readonly [string, (home: string) => void, RegExp][])(
  '%s is a problem',
  async (_, change, text) => {
    const home = soundHome()
    change(home)
    expect((await readEndState(home)).problems.join('\n')).toMatch(text)
  },
)

function openIntent(home: string): void {
  change(home, () => ({ intent: { operation: 'retire' } as Intent }))
}

function goAway(home: string): void {
  change(home, (published) => ({ published: { ...published, location: FOLDER } }))
}

function retire(home: string): void {
  change(home, () => ({ retired: [{ prefix: FOLDER, keys: [] }] }))
}

function change(home: string, changes: (published: Published) => Partial<Manifest>): void {
  const manifest = decodeManifest(readFileSync(join(home, 's3/data', MANIFEST)), MANIFEST)
  put(home, MANIFEST, encodeManifest({ ...manifest, ...changes(manifest.published!) }))
}

test('other rows, rows seen twice and days that are missing are differences', async () => {
  const expected = await readEndState(soundHome())
  const name = `${TABLE} ${DAY}`
  const day = expected.days[name]!
  const withRows = (rows: readonly string[]) => ({ ...expected, days: { [name]: { ...day, rows } } })
  expect(differences(expected, withRows(['{"id":"a"}', '{"id":"c"}']))[0]).toMatch(/1 missing.*1 too many/)
  expect(differences(expected, withRows([...day.rows, '{"id":"b"}']))[0]).toMatch(/0 missing.*1 too many/)
  expect(differences(expected, { days: {}, problems: [] })).toEqual([`${name}: expected it, found none`])
})
