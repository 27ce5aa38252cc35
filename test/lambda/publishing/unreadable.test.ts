import { expect, test } from 'vitest'
import type { ErrorCode } from '../../../core/errors.ts'
import { totalsOf, type Input, type Published } from '../../../core/manifest.ts'
import type { WorkOrder } from '../../../core/work-order.ts'
import { checkUnreadable, unreadObjects } from '../../../lambda/publishing/unreadable.ts'

/** Matches an error by the name that Step Functions sees. */
const ofCode = (code: ErrorCode) => expect.objectContaining({ code, name: code }) as Error

const COUNTS = { records: 0, kept: 0, dropped: 0, rejected: 0 }
const object = (key: string, size = 10) => ({ key, etag: 'e', size })
const good = (key: string): Input => ({ ...object(key), ...COUNTS, records: 1, kept: 1 })
const broken = (key: string, unread = 'bzip2'): Input => ({ ...object(key), ...COUNTS, unread })
/** Makes an input that broke off after its first record. */
const cut = (key: string, unread: string): Input => ({ ...good(key), unread })

const orderOf = (...inputs: readonly Input[]) =>
  ({ dataset: 'jobs', date: '2024-01-02', inputs }) as unknown as WorkOrder
const nextOf = (...inputs: readonly Input[]) =>
  ({ dataset: 'jobs', date: '2024-01-02', inputs, totals: totalsOf(inputs, []) }) as unknown as Published

type Limits = Parameters<typeof checkUnreadable>[2]
const FAIL: Limits = { unreadable: 'fail' }
const SKIP: Limits = { unreadable: 'skip' }

test('objects that could not be read fail a day, by reason, the commonest first, with the first keys of each', () => {
  const inputs = [
    good('a'),
    cut('b', 'gzip cut short at byte 70'),
    ...['c', 'd', 'e', 'f', 'g'].map((key) => broken(key)),
    broken('h', 'gzip cut short at byte 9.'),
  ]
  const check = () => checkUnreadable(orderOf(...inputs), nextOf(...inputs), FAIL)
  expect(check).toThrow(
    'jobs 2024-01-02: expected raw objects that can be read to their end, found 7 of 8 objects that cannot: ' +
      '5: bzip2 (c, d, e, 2 more); 2: gzip cut short at byte 70 (b, h). The published data stays as it was. ' +
      "Mend or remove them, or set the dataset's unreadable to 'skip'; then run the day again.",
  )
  expect(check).toThrow(ofCode('UnreadableObjects'))
})

test('many reasons, long ones and keys that a terminal would obey do not make a message of any length', () => {
  const whys = [...'abcdefgh'].map((letter) => `\u001b[2J${letter.repeat(1000)}`)
  const inputs = whys.map((why, index) => broken(`jobs/${index}\n`, why))
  const check = () => checkUnreadable(orderOf(...inputs), nextOf(...inputs), FAIL)
  expect(check).toThrow(/^\P{Cc}{500,2000}; 3 for other reasons\. The published/u)
  expect(check).toThrow('1: \\u001b[2Ja')
  expect(check).toThrow(String.raw`(jobs/0\u000a)`)
})

test.each([
  ['with full stops', 'a.gz cut short at 1.5.', 'a.gz cut short at 1.5'],
  ['of 200 characters', 'x'.repeat(200), 'x'.repeat(200)],
  ['that is longer', 'x'.repeat(201), `${'x'.repeat(199)}…`],
])('a reason %s is told whole or cut, without its last full stop', (_, why, told) => {
  const inputs = [good('a'), broken('b', why)]
  expect(() => checkUnreadable(orderOf(...inputs), nextOf(...inputs), FAIL)).toThrow(
    `1 of 2 objects that cannot: 1: ${told} (b). The published`,
  )
})

test('a dataset may let them pass, as long as something of the day was read', () => {
  const check = (limits: Limits, own: readonly Input[], before: readonly Input[] = []) =>
    expect(() => checkUnreadable(orderOf(...own), nextOf(...before, ...own), limits))
  check(SKIP, [good('a'), broken('b')]).not.toThrow()
  check(SKIP, [cut('a', 'cut short')]).not.toThrow()
  // Published rows stay: they are not replaced by nothing.
  check(SKIP, [broken('b')], [good('a')]).not.toThrow()
  check(SKIP, [broken('b'), broken('c')]).toThrow(
    'expected at least one raw object that can be read, found none of 2 objects: 2: bzip2 (b, c). The published data ' +
      'stays as it was. Mend or remove them; then run the day again.',
  )
  check(SKIP, [broken('b')]).toThrow(ofCode('UnreadableObjects'))
})

test('what an earlier publish let pass fails no day, nor does a day without any objects', () => {
  expect(() => checkUnreadable(orderOf(good('b')), nextOf(broken('a'), good('b')), FAIL)).not.toThrow()
  expect(() => checkUnreadable(orderOf(), nextOf(), SKIP)).not.toThrow()
})

test('what was not read is what the listing told of, and inputs that were not read to their end', () => {
  const hidden = { count: 2, bytes: 7, first: '_a' }
  expect(unreadObjects(undefined, [good('a')])).toBeUndefined()
  expect(unreadObjects({}, [good('a')])).toEqual({})
  expect(unreadObjects({ hidden }, [good('a')])).toEqual({ hidden })
  const bytes = { read: 5, rejected: 0, unread: 4, decoded: 5 }
  const inputs = [good('a'), { ...cut('b', 'cut short'), bytes }, broken('c')]
  expect(unreadObjects({ hidden }, inputs)).toEqual({
    hidden,
    unreadable: { count: 2, bytes: 14, first: 'b', why: 'cut short' },
  })
})

test('unreadable objects of both have the first key of all, with its own reason', () => {
  const archived = (first: string) => ({ unreadable: { count: 3, bytes: 100, first, why: 'GLACIER' } })
  expect(unreadObjects(archived('a'), [broken('b')])!.unreadable).toEqual({
    count: 4,
    bytes: 110,
    first: 'a',
    why: 'GLACIER',
  })
  expect(unreadObjects(archived('z'), [broken('b')])!.unreadable).toMatchObject({ first: 'b', why: 'bzip2' })
  // In S3's order of bytes, which is the reverse of UTF-16's here.
  expect(unreadObjects(archived('\uff5e'), [broken('\u{1f600}')])!.unreadable!.first).toBe('\uff5e')
})

test('files are those that were read, if not to their end', () => {
  expect(totalsOf([good('a'), cut('b', 'cut short'), broken('c')], [])).toMatchObject({
    files: 2,
    rawBytes: 30,
  })
  expect(totalsOf([{ ...object('empty'), ...COUNTS }], []).files).toBe(1)
})
