import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { PutObjectCommand, type StorageClass } from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import type { Input } from '../../core/manifest.ts'
import type { Reject } from '../../core/rejects.ts'
import { weighRejects, type RejectLimits } from '../../core/rejected-share.ts'
import { listRawObjects } from '../../lambda/planning/raw-listing.ts'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'
import { ObjectNotRead } from '../../processing/read/source.ts'
import { DATASET } from '../support/lambda/dataset.ts'
import { memorySource, runDay, type TestDay } from '../support/processing/day.ts'
import { useProgram } from '../support/processing/program.ts'
import { readWithHyparquet } from '../support/processing/read-parquet.ts'

const { gzipSync } = zlib
const program = useProgram()
const page = readFileSync(join(PROJECT_ROOT, 'docs/raw-input.md'), 'utf8')

/** Returns the subjects of the rows of a section: their first cells. */
function subjectsOf(section: string): string[] {
  const [, text = ''] = page.split(`\n## ${section}\n`)
  const [own = ''] = text.split('\n## ')
  const rows = own.split('\n').filter((line) => line.startsWith('| '))
  return rows.slice(2).map((row) => row.split(' | ')[0]!.slice(2).trim())
}

/** An object and its expected outcome. */
interface Case {
  readonly bytes: string | Uint8Array
  readonly name?: string
  readonly rows?: readonly object[]
  readonly rejects?: readonly object[]
  /** Reason why it is not read to its end. @default it is read */
  readonly unread?: RegExp
}

/** Outcome of one object. */
interface Found {
  readonly input: Input
  readonly rejects: readonly Reject[]
  readonly rows: readonly Record<string, unknown>[]
}

/** Runs the cases as objects of one day, and compares each outcome with the expected one. */
async function expectCases(
  cases: Readonly<Record<string, readonly Case[]>>,
  options: Parameters<typeof runDay>[3] = {},
) {
  const all = Object.entries(cases).flatMap(([subject, own]) => own.map((each) => ({ subject, ...each })))
  const keys = all.map(({ name = 'x.jsonl' }, index) => `${String(index).padStart(3, '0')}/${name}`)
  const objects = Object.fromEntries(all.map(({ bytes }, index) => [keys[index]!, bytes]))
  const day = await runDay(program.workerUrl, 'awkward', objects, { unreadable: 'skip', ...options })
  const found = await byObject(day)
  for (const [index, { subject, rows = [], rejects = [], unread = /^$/ }] of all.entries()) {
    const of = found.get(keys[index]!)!
    expect(of.rows, subject).toMatchObject(rows)
    expect(of.rejects, subject).toMatchObject(rejects)
    expect(of.input.unread ?? '', subject).toMatch(unread)
  }
}

/** Groups the rows of a day by object. Rows have the order of their objects, and here each record has one row. */
async function byObject(day: TestDay): Promise<Map<string, Found>> {
  const rows = await readWithHyparquet(day.parquet)
  return new Map(
    day.inputs.map((input) => {
      const rejects = day.rejected.filter(({ source }) => source === input.key)
      return [input.key, { input, rejects, rows: rows.splice(0, input.kept) }]
    }),
  )
}

const row = (values: object) => `${JSON.stringify(values)}\n`
const [a, b] = [{ id: 'a' }, { id: 'b' }]
const [A, B] = [row(a), row(b)]
const rejectedAs = (reason: string) => (message: RegExp) => [
  { reason, message: expect.stringMatching(message) as string },
]
const invalidRow = rejectedAs('invalid-row')
const extractError = rejectedAs('extract-error')
/** The checksum at its end is wrong. */
const FLIPPED = gzipSync(A + B)
FLIPPED[FLIPPED.length - 8]! ^= 0xff
const TAR = Buffer.concat([Buffer.from('a.jsonl'), Buffer.alloc(250), Buffer.from('ustar\0')])
const { zstdCompressSync: zstd } = zlib as { zstdCompressSync?: (bytes: Uint8Array) => Buffer }

const MAGIC = ['425a6839', 'fd377a585a00', '04224d18', 'ff060000734e61507059', '504b0304', '377abcaf271c']
const MORE_MAGIC = ['789c', TAR.toString('hex'), '50415231', '4f626a01']

const CONTENTS: Readonly<Record<string, readonly Case[]>> = {
  'any name, with any ending or none': ['x.ndjson', 'x.JSONL', 'x', 'x.csv', 'x.gz', 'x.json.bz2'].map(
    (name) => ({ name, bytes: A, rows: [a] }),
  ),
  'gzip, of one or more members, zeros behind the last': [
    { bytes: gzipSync(A + B), rows: [a, b] },
    { bytes: Buffer.concat([gzipSync(A), gzipSync(B), Buffer.alloc(99)]), rows: [a, b] },
  ],
  'zstd, of one or more frames': [
    zstd
      ? { bytes: Buffer.concat([zstd(Buffer.from(A)), zstd(Buffer.from(B))]), rows: [a, b] }
      : {
          bytes: Buffer.from('28b52ffd', 'hex'),
          unread: /^zstd, which Node v.* cannot read: 22\.15 or newer/,
        },
  ],
  'bzip2, xz, LZ4, snappy, zip, 7-Zip, zlib, tar, Parquet, Avro': [...MAGIC, ...MORE_MAGIC].map((hex) => ({
    bytes: Buffer.from(hex, 'hex'),
    unread: /, which is not read: JSON Lines are/,
  })),
  'gzip within gzip': [{ bytes: gzipSync(gzipSync(A)), unread: /^gzip within a compressed object/ }],
  'UTF-16 or UTF-32': [
    { bytes: Buffer.from(A, 'utf16le'), unread: /^looks like UTF-16/ },
    { bytes: Buffer.from(`\ufeff${A}`, 'utf16le').swap16(), unread: /^looks like UTF-16/ },
    { bytes: Buffer.from([...A].flatMap((c) => [0, 0, 0, c.charCodeAt(0)])), unread: /^looks like UTF-32/ },
  ],
  'a JSON array': [
    { bytes: JSON.stringify([a, b]), unread: /^looks like a JSON array, a list of 2: one record a line/ },
    { bytes: gzipSync(`[\n${A.trim()},\n${B}]`), unread: /a list of 2/ },
  ],
  'pretty-printed JSON': [
    { bytes: JSON.stringify(a, null, 2), unread: /^looks like pretty-printed JSON: one record a line/ },
  ],
  CSV: [{ bytes: 'id,n\na,1\n', unread: /^looks like CSV/ }],
  'text or bytes none of whose first lines is JSON or begins with a brace': [
    { bytes: 'x', unread: /^text that is not JSON: / },
    { bytes: Buffer.from([1, 2, 3, 0, 255]), unread: /^unknown content, which is not text: / },
  ],
  'a gzip that is cut short': [
    {
      bytes: gzipSync(A + B, { level: 0 }).subarray(0, -12),
      rows: [a],
      rejects: [{ line: 2, reason: 'broken-gzip' }],
      unread: /^gzip breaks off: unexpected end of file$/,
    },
  ],
  'a gzip that is corrupt, or followed by something else': [
    {
      bytes: FLIPPED,
      rows: [a, b],
      rejects: [{ line: 3, reason: 'broken-gzip', range: { end: FLIPPED.length, of: 'stored' } }],
      unread: /^gzip breaks off: incorrect data check$/,
    },
    {
      bytes: Buffer.concat([gzipSync(A + B), Buffer.from('junk')]),
      rows: [a, b],
      rejects: [{ line: 3, reason: 'broken-gzip', rawBase64: Buffer.from('junk').toString('base64') }],
      unread: /^gzip (is followed by bytes that are not of it|breaks off: incorrect header check)$/,
    },
  ],
}

/** Objects that cannot be read. */
const NOT_HAD: Readonly<Record<string, ObjectNotRead>> = {
  'access denied': new ObjectNotRead('access denied'),
  'another object, or none, where one was listed': new ObjectNotRead('it is gone', { isChanged: true }),
}

/** Objects that are counted by the listing alone. */
const LISTED: Readonly<Record<string, readonly (readonly [name: string, Class?: StorageClass])[]>> = {
  'a name or a folder below the day that begins with `_` or `.`': [
    ['_SUCCESS.jsonl'],
    ['_temporary/0/a.jsonl'],
    ['05/.a.jsonl.crc'],
  ],
  'a name that ends in `._COPYING_`, `.tmp` or `.inprogress`': [
    ['a.jsonl._COPYING_'],
    ['a.jsonl.tmp'],
    ['a.inprogress'],
  ],
  'no bytes, or a key that ends in a slash': [['nothing.jsonl']],
  "a name that none of the dataset's `rawFiles` matches": [['notes.txt']],
  'storage class GLACIER or DEEP_ARCHIVE, not restored, and not published before': [
    ['old.jsonl', 'GLACIER'],
    ['older.jsonl', 'DEEP_ARCHIVE'],
  ],
}

describe('objects', () => {
  test('each row of the page is run', () => {
    const run = [...Object.keys(CONTENTS), ...Object.keys(LISTED), ...Object.keys(NOT_HAD)]
    expect(run.sort()).toEqual(subjectsOf('Objects').sort())
  })

  test('what they hold', async () => {
    await expectCases(CONTENTS)
  })

  test('what their names and classes say', async () => {
    const s3 = await startS3()
    for (const [name, StorageClass] of [...Object.values(LISTED).flat(), ['a.jsonl'] as const]) {
      const Body = name.startsWith('nothing') ? Buffer.alloc(0) : A
      const Key = `jobs/2024/01/02/${name}`
      await s3.client.send(new PutObjectCommand({ Bucket: 'raw', Key, Body, StorageClass }))
    }
    const dataset = { ...DATASET, rawFiles: ['*.jsonl', '*.tmp'] }
    const listing = await listRawObjects({ s3: s3.client, name: 'raw' }, dataset, '2024-01-02')
    const counts = Object.entries(listing.unread).map(([kind, { count }]) => [kind, count])
    expect(Object.fromEntries(counts)).toEqual({ hidden: 6, 'not-data': 1, excluded: 1 })
    expect([...listing.archived.values()]).toEqual(['GLACIER', 'DEEP_ARCHIVE'])
    const read = listing.objects.map(({ key }) => key.slice('jobs/2024/01/02/'.length))
    expect(read).toEqual(['a.jsonl', 'old.jsonl', 'older.jsonl'])
  })

  test.each(Object.entries(NOT_HAD))('%s', async (_, error) => {
    const objects = { 'a.jsonl': A, 'b.jsonl': B }
    const { source } = memorySource(objects)
    const failing: typeof source = {
      read: (object, ...others) =>
        object.key === 'a.jsonl' ? Promise.reject(error) : source.read(object, ...others),
    }
    const run = (unreadable: 'fail' | 'skip') =>
      runDay(program.workerUrl, 'awkward', objects, { source: failing, unreadable })
    const inputs = [{ records: 0, unread: error.message, bytes: { unread: A.length } }, { kept: 1 }]
    expect((await run('skip')).inputs).toMatchObject(inputs)
    if (error.isChanged) await expect(run('fail')).rejects.toMatchObject({ code: 'RawObjectChanged' })
    else expect((await run('fail')).inputs).toMatchObject(inputs)
  })
})

const X = row({ id: 'x'.repeat(200_000) })

const RECORDS: Readonly<Record<string, readonly Case[]>> = {
  'a byte order mark at the start of an object': [
    { bytes: `\ufeff${A}`, rows: [a] },
    { bytes: gzipSync(`\ufeff${A}`), rows: [a] },
  ],
  'CRLF, blank lines, no newline at the end': [
    { bytes: `${A.trim()}\r\n\r\n \t\n${B.trim()}`, rows: [a, b] },
  ],
  'CR alone at the ends of lines, in an object without LF': [
    { bytes: `${A}${B}`.replaceAll('\n', '\r'), rows: [a, b] },
    { bytes: gzipSync(`${A.trim()}\r${B.trim()}`), rows: [a, b] },
  ],
  '`{…}{…}` or `{…} {…}` in a line': [
    { bytes: '{"id":"a"}{"id":"b"} {"id":"}{"}\n', rows: [a, b, { id: '}{' }] },
    {
      bytes: '{"id":"a"}{"id":"b',
      rows: [a],
      rejects: [{ line: 1, reason: 'invalid-json', raw: '{"id":"b' }],
    },
  ],
  '`{…},{…}` or `{…} text` in a line': ['{"id":"a"},{"id":"b"}', '{"id":"a"} text'].map((raw) => ({
    bytes: `${raw}\n${B}`,
    rows: [b],
    rejects: [{ line: 1, reason: 'invalid-json', raw }],
  })),
  'a line that is not JSON': [
    {
      bytes: `${A}nonsense\n${B}`,
      rows: [a, b],
      rejects: [{ line: 2, reason: 'invalid-json', raw: 'nonsense' }],
    },
  ],
  'bytes that are not UTF-8': [
    {
      bytes: Buffer.concat([Buffer.from(A), Buffer.from('7b22ff', 'hex'), Buffer.from(`\n${B}`)]),
      rows: [a, b],
      rejects: [
        { line: 2, reason: 'invalid-utf8', rawBase64: Buffer.from('7b22ff', 'hex').toString('base64') },
      ],
    },
  ],
  'JSON that is not an object': [
    {
      bytes: `${A}[1,2]\nnull\n`,
      rows: [a],
      rejects: [
        { reason: 'not-an-object', message: 'expected a JSON object, found a list of 2' },
        { reason: 'not-an-object', message: 'expected a JSON object, found null' },
      ],
    },
  ],
  'a line of more than 128 MiB': [
    {
      bytes: `${A}${X}`,
      rows: [a],
      rejects: [
        {
          reason: 'line-too-long',
          raw: X.slice(0, 65_536),
          range: { start: A.length, end: A.length + X.length - 1, of: 'decoded' },
        },
      ],
    },
  ],
  '100,000 levels of nesting': [
    {
      bytes: `{"id":"a","l":${'['.repeat(40_000)}${']'.repeat(40_000)}}\n`,
      rejects: invalidRow(/found a list$/),
    },
  ],
  'a key `__proto__`': [
    { bytes: '{"id":"a","__proto__":1}\n', rejects: invalidRow(/"__proto__" is not one of the columns/) },
  ],
  'a key twice in an object': [{ bytes: '{"id":"b","id":"a"}\n', rows: [a] }],
  '`extract` throws': [
    {
      bytes: row({ fail: true }),
      rejects: [{ reason: 'extract-error', message: 'Error: as asked for (registry.ts:150:21)' }],
    },
  ],
}

/** Rows of the page that other tests cover, because they need a process, or time, of their own. */
const ELSEWHERE = [
  'one bad row of several that a record gives',
  'a record that takes longer than a second',
  'a record that kills its worker, or takes longer than `recordTimeoutSeconds`, twice',
]

describe('records', () => {
  test('each row of the page is run', () => {
    expect([...Object.keys(RECORDS), ...ELSEWHERE].sort()).toEqual(subjectsOf('Records').sort())
  })

  test('what becomes of them', async () => {
    await expectCases(RECORDS, { maxLineBytes: 100_000 })
  })
})

const VALUES: Readonly<Record<string, readonly Case[]>> = {
  'an integer beyond 2^53 - 1 either way, without fraction and exponent': [
    {
      bytes: '{"l":738529527931269425}\n{"l":-9223372036854775808}\n',
      rows: [{ l: 738529527931269425n }, { l: -(2n ** 63n) }],
    },
  ],
  'such an integer beyond 64 bits in an `int64` column': [
    { bytes: '{"l":9223372036854775808}\n', rejects: invalidRow(/found 9223372036854775808n$/) },
  ],
  'such an integer in a `float64`, `float32` or `string` column': [
    { bytes: '{"d":10000000000000000}\n', rejects: invalidRow(/Number\(value\) rounds it/) },
    { bytes: '{"f":10000000000000000}\n', rejects: invalidRow(/Number\(value\) rounds it/) },
    { bytes: '{"id":738529527931269425}\n', rejects: invalidRow(/String\(value\) keeps its digits$/) },
  ],
  'such an integer in a `decimal` column': [
    { bytes: '{"m":10000000000000000}\n', rows: [{ m: 100_000_000_000_000 }] },
  ],
  'a number with a fraction or an exponent, of any length': [
    {
      bytes: '{"d":738529527931269425.0}\n{"d":1e20}\n',
      rows: [{ d: 738529527931269400 }, { d: 1e20 }],
    },
  ],
  '`-0`': [{ bytes: '{"d":-0,"l":-0}\n', rows: [{ d: -0, l: 0n }] }],
  '`1e-400`': [{ bytes: '{"d":1e-400}\n', rows: [{ d: 0 }] }],
  '`1e400`, which is read as an infinity, in a number column': [
    { bytes: '{"d":1e400}\n', rejects: invalidRow(/found Infinity$/) },
  ],
  'a number that overflows a `float32` column': [
    {
      bytes: '{"f":1e300}\n{"f":0.1}\n',
      rows: [{ f: Math.fround(0.1) }],
      rejects: invalidRow(/single precision/),
    },
  ],
  'a number in a `decimal` column': [
    { bytes: '{"m":1.5}\n{"m":"1.5"}\n', rows: [{ m: 1.5 }], rejects: invalidRow(/"m"/) },
  ],
  'a row without a column, with a surplus one, with null or another type where it may not be': [
    {
      bytes: '{"id":"a","more":1}\n{"id":5}\n{"id":[]}\n',
      rejects: [/"more" is not one/, /found 5$/, /found a list$/].flatMap(invalidRow),
    },
  ],
  'a lone surrogate in a `string` column': [
    { bytes: '{"id":"\\ud83d"}\n', rejects: invalidRow(/lone surrogate/) },
  ],
  'U+FEFF, U+2028 or NUL within text': [
    { bytes: '{"id":"\ufeff\u2028\\u0000"}\n', rows: [{ id: '\ufeff\u2028\0' }] },
  ],
  'a `timestamp` or `date` outside of the years 1 to 9999': [
    { bytes: '{"milliseconds":1714953600000000}\n', rejects: invalidRow(/years 1 to 9999/) },
  ],
  '2024-02-30, 2023-02-29 or 24:00 read by `requiredInstant`': [
    '2024-02-30',
    '2023-02-29',
    '2024-01-01T24:00:00Z',
  ].map((at) => ({ bytes: row({ at }), rejects: extractError(/^Error: at: /) })),
  'seconds or microseconds where `requiredInstant` expects milliseconds': [
    { bytes: row({ at: 1714953600 }), rejects: extractError(/looks like seconds/) },
    { bytes: row({ at: 1714953600000000 }), rejects: extractError(/looks like microseconds/) },
  ],
  'a time without a zone': [
    { bytes: row({ at: '2024-05-06 10:00:00' }), rows: [{ at: new Date('2024-05-06T10:00:00Z') }] },
  ],
}

describe('values', () => {
  test('each row of the page is run', () => {
    expect(Object.keys(VALUES).sort()).toEqual(subjectsOf('Values').sort())
  })

  test('what becomes of them', async () => {
    await expectCases(VALUES)
  })
})

const LIMITS: RejectLimits = { maxRejectedRatio: 0.01, rejectedFloor: 3, unreadable: 'fail' }

/** Makes an input of records of ten bytes each. */
function inputOf(records: number, rejected: number, rejectedBytes = rejected * 10): Input {
  const kept = records - rejected
  const size = kept * 10 + rejectedBytes
  const bytes = { read: kept * 10, rejected: rejectedBytes, unread: 0, decoded: size }
  return { key: 'a', etag: 'e', size, records, kept, dropped: 0, rejected, bytes }
}

const SHARES: Readonly<Record<string, readonly [Input, limits: RejectLimits, exceeded: string | undefined]>> =
  {
    '1 of 50 records, of usual size': [inputOf(50, 1), LIMITS, undefined],
    '4 of 50 records': [inputOf(50, 4), LIMITS, 'records'],
    '1 of 1,000 records, which has 5% of the bytes': [inputOf(1000, 1, 526), LIMITS, 'bytes'],
    'all of 2 records': [inputOf(2, 2), LIMITS, 'records'],
    'all of 2 records, with `maxRejectedRatio: 1`': [
      inputOf(2, 2),
      { ...LIMITS, maxRejectedRatio: 1 },
      undefined,
    ],
  }

test('shares', () => {
  expect(Object.keys(SHARES)).toEqual(subjectsOf('Shares'))
  for (const [subject, [input, limits, exceeded]] of Object.entries(SHARES))
    expect(weighRejects([input], limits).exceeded, subject).toBe(exceeded)
})
