import { expect, test } from 'vitest'
import { totalsOf, type Input } from '../../core/manifest.ts'

const input = (counts: Partial<Input>): Input => ({
  ...{ key: 'raw/a', etag: 'e', size: 10, records: 0, kept: 0, dropped: 0, rejected: 0 },
  ...counts,
})

test('the totals of a generation add up its raw objects and its parts', () => {
  const inputs = [
    input({ size: 100, records: 9, kept: 5, dropped: 3, rejected: 1 }),
    input({ size: 20, records: 4, kept: 2, dropped: 1, rejected: 1, unread: 'it breaks off' }),
    input({ size: 3, records: 1, rejected: 1, unread: 'it is archived' }),
  ]
  const parts = [
    { rows: 6, bytes: 70 },
    { rows: 1, bytes: 8 },
  ]
  expect(totalsOf(inputs, parts)).toEqual({
    ...{ files: 2, rawBytes: 123, records: 14, kept: 7, dropped: 4, rejected: 3 },
    ...{ rows: 7, parts: 2, bytes: 78 },
  })
  const nothing = { files: 0, rawBytes: 0, records: 0, kept: 0, dropped: 0, rejected: 0 }
  expect(totalsOf([], [])).toEqual({ ...nothing, rows: 0, parts: 0, bytes: 0 })
})
