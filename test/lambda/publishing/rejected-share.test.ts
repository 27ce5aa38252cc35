import { expect, test } from 'vitest'
import type { ErrorCode } from '../../../core/errors.ts'
import { totalsOf, type Input, type InputBytes, type Published } from '../../../core/manifest.ts'
import { DEFAULT_READ_SETTINGS } from '../../../core/read-settings.ts'
import type { RejectedFor } from '../../../core/rejects.ts'
import { checkRejectedShare } from '../../../lambda/publishing/rejected-share.ts'

/** Matches an error by the name that Step Functions sees. */
const ofCode = (code: ErrorCode) => expect.objectContaining({ code, name: code }) as Error

const PREFIX = 's3://data/staging/x/rejected/'
const KEY = 'jobs/2024/01/02/a.jsonl'

function generation(...inputs: Input[]): Published {
  return {
    dataset: 'jobs',
    date: '2024-01-02',
    generation: 1,
    featureVersion: 'v1',
    inputs,
    parts: [],
    rejects: [],
    totals: totalsOf(inputs, []),
    attempt: 'token',
    execution: 'arn',
    startedAt: '2024-01-02T00:00:00Z',
    publishedAt: '2024-01-02T00:01:00Z',
    nonce: 'n',
  }
}

interface Counts {
  readonly kept: number
  readonly rejected: number
  readonly dropped?: number
  readonly size?: number
  readonly unread?: string
  readonly bytes?: Partial<InputBytes>
}

function input({ kept, rejected, dropped = 0, size = 1, unread, bytes }: Counts): Input {
  return {
    key: KEY,
    etag: 'e',
    size,
    records: kept + dropped + rejected,
    kept,
    dropped,
    rejected,
    ...(bytes && { bytes: { read: 0, rejected: 0, unread: 0, decoded: 0, ...bytes } }),
    ...(unread !== undefined && { unread }),
  }
}

type Limits = Parameters<typeof checkRejectedShare>[1]
const STRICT: Limits = { ...DEFAULT_READ_SETTINGS, rejectedFloor: 0 }
const USUAL: Limits = DEFAULT_READ_SETTINGS
const check = (limits: Limits, ...inputs: readonly Counts[]) =>
  checkRejectedShare(generation(...inputs.map(input)), limits, { prefix: PREFIX })
const passes = (limits: Limits, ...inputs: readonly Counts[]) =>
  expect(() => check(limits, ...inputs)).not.toThrow()
const fails = (message: string | RegExp, limits: Limits, ...inputs: readonly Counts[]) => {
  expect(() => check(limits, ...inputs)).toThrow(message)
  expect(() => check(limits, ...inputs)).toThrow(ofCode('RejectedRatioExceeded'))
}

test('too many rejects: the message has the commonest reason with a record, cut where it is long', () => {
  const first = { source: KEY, line: 17, message: `id: expected a number,\nfound "${'x'.repeat(500)}".` }
  const rejectedFor: RejectedFor[] = [{ reason: 'extract-error', records: 1, first }]
  const next = generation(input({ kept: 2, dropped: 1, rejected: 1 }))
  const refused = () =>
    checkRejectedShare(next, { ...STRICT, maxRejectedRatio: 0.1 }, { prefix: PREFIX, rejectedFor })
  expect(refused).toThrow(
    /found 1 of 4 \(25\.00%\), of these 1 for extract-error, the first at jobs\/2024\/01\/02\/a\.jsonl:17: id: expected a number, found "x{100,}…\. The published/,
  )
  expect(refused).toThrow(/^.{0,500}$/)
  expect(refused).toThrow(ofCode('RejectedRatioExceeded'))
})

test.each([
  ['of two sentences', 'found 1.5. Not 2.', 'found 1.5. Not 2'],
  ['of 160 characters', 'x'.repeat(160), 'x'.repeat(160)],
  ['that is longer', 'x'.repeat(161), `${'x'.repeat(159)}…`],
])('the message of a record %s is told whole or cut, without its full stop', (_, message, told) => {
  const first = { source: KEY, line: 1, message }
  const rejects = { prefix: PREFIX, rejectedFor: [{ reason: 'invalid-json', records: 9, first } as const] }
  const refused = () => checkRejectedShare(generation(input({ kept: 1, rejected: 9 })), USUAL, rejects)
  expect(refused).toThrow(`a.jsonl:1: ${told}. The published`)
})

test('too many rejects that an earlier job has made: there is no reason to tell', () => {
  const day = { kept: 2, dropped: 1, rejected: 1 }
  fails('1 of 4 (25.00%). The published', { ...STRICT, maxRejectedRatio: 0.1 }, day)
  passes({ ...STRICT, maxRejectedRatio: 0.25 }, day)
})

test('the first reject does nothing to a terminal, whatever its key', () => {
  const first = { source: 'jobs/\u001b[2J.jsonl', line: 1, message: 'found \u001b]0;x' }
  const rejects = { prefix: PREFIX, rejectedFor: [{ reason: 'invalid-json', records: 9, first } as const] }
  const refused = () => checkRejectedShare(generation(input({ kept: 1, rejected: 9 })), USUAL, rejects)
  expect(refused).toThrow('the first at jobs/\\u001b[2J.jsonl:1: found \\u001b]0;x. The')
})

test('few records that are most of the bytes are too many, and both shares are told', () => {
  fails('at most 1.00% of the bytes rejected, found 500 of 1500 (33.33%) in 1 of 1001 records. ', STRICT, {
    kept: 1000,
    rejected: 1,
    bytes: { read: 1000, rejected: 500 },
  })
  passes(STRICT, { kept: 1000, rejected: 1, bytes: { read: 99, rejected: 1 } })
  fails('of the bytes', STRICT, { kept: 1000, rejected: 1, bytes: { read: 98, rejected: 1 } })
})

test('many records that are few of the bytes are too many, and both shares are told', () => {
  fails(
    'at most 1.00% of the records rejected, found 500 of 1000 (50.00%, with 0.50% of the bytes). ',
    STRICT,
    { kept: 500, rejected: 500, bytes: { read: 99_500, rejected: 500 } },
  )
})

test('the shares are of the whole day', () => {
  const published = { kept: 9900, rejected: 0, bytes: { read: 9900 } }
  passes(STRICT, published, { kept: 0, rejected: 100, bytes: { rejected: 100 } })
  fails('of the records', STRICT, published, { kept: 0, rejected: 101, bytes: { rejected: 100 } })
  fails('of the bytes', STRICT, published, { kept: 0, rejected: 100, bytes: { rejected: 101 } })
})

test('a stretch that could not be decoded counts the bytes that are stored, unless it is let pass', () => {
  const day = { kept: 1000, rejected: 1, bytes: { read: 900, unread: 100 } }
  fails('found 100 of 1000 (10.00%) in 1 of 1001 records', STRICT, day)
  passes({ ...STRICT, unreadable: 'skip' }, day)
  // The order that read the object has been judged for it.
  passes(STRICT, { ...day, unread: 'broken' })
})

test('a few rejects of usual size are let pass whatever their share', () => {
  const day = { kept: 4, dropped: 6, bytes: { read: 1000, rejected: 1200 } }
  passes(USUAL, { ...day, rejected: 3 })
  fails('of the records rejected, found 4 of 14', USUAL, { ...day, rejected: 4 })
  fails('of the records rejected, found 3 of 13', USUAL, {
    ...day,
    rejected: 3,
    bytes: { read: 1000, rejected: 1201 },
  })
  passes({ ...USUAL, rejectedFloor: 5 }, { ...day, rejected: 5 })
  fails(
    'found 1 of 11',
    { ...USUAL, rejectedFloor: 0 },
    { ...day, rejected: 1, bytes: { read: 1000, rejected: 10 } },
  )
})

test('a few rejects of unusual size are most of a day', () => {
  fails('of the bytes rejected, found 5000 of 15000', USUAL, {
    kept: 1000,
    rejected: 1,
    bytes: { read: 10_000, rejected: 5000 },
  })
})

test('a day of which nothing was good is not let pass for being small', () => {
  fails('found 1 of 1 (100.00%, with 100.00% of the bytes)', USUAL, {
    kept: 0,
    rejected: 1,
    bytes: { rejected: 9 },
  })
  fails('found 1 of 1 (100.00%)', USUAL, { kept: 0, rejected: 1 })
})

test('a limit of 1 lets anything pass', () => {
  const any = { ...USUAL, maxRejectedRatio: 1 }
  passes(any, { kept: 0, rejected: 100, bytes: { rejected: 99, unread: 7 } })
  passes(any, { kept: 1, rejected: 1, bytes: { read: 1, rejected: 1e9 } })
})

test('what 0.1.0 read is weighed by its records; beside it, its size stands for what was read', () => {
  passes(STRICT, { kept: 99, rejected: 1, size: 100 })
  fails('found 2 of 100 (2.00%). ', STRICT, { kept: 98, rejected: 2, size: 100 })
  const old = { kept: 1000, rejected: 0, size: 100_000 }
  passes(USUAL, old, { kept: 0, rejected: 1, bytes: { rejected: 400 } })
  fails('found 2000 of 102000', USUAL, old, { kept: 0, rejected: 1, bytes: { rejected: 2000 } })
})
