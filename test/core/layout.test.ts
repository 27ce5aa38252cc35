import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareKeys,
  dayEntryKey,
  dayOfEntry,
  manifestKey,
  OPEN,
  parseS3Uri,
  partitionPrefix,
  partName,
  rawDayPrefix,
  REQUEUED,
  stagingPrefix,
  tableAndDayOf,
  tableEntriesPrefix,
  UNVERIFIED,
} from '../../core/layout.ts'

describe('the S3 layout', () => {
  it('finds a day’s raw objects under its year, month and day', () => {
    const prefix = (rawPrefix: string, rawLayout: string) =>
      rawDayPrefix({ rawPrefix, rawLayout }, '2024-01-02')
    expect(prefix('jobs', 'YYYY/MM/DD')).toBe('jobs/2024/01/02/')
    expect(prefix('', 'YYYY/MM/DD')).toBe('2024/01/02/')
    expect(prefix('raw/jobs', 'dt=YYYY-MM-DD')).toBe('raw/jobs/dt=2024-01-02/')
  })

  it('names parts so that their key order is their row order', () => {
    const names = [partName(2, 'a', 10), partName(10, 'a', 0), partName(2, 'a', 9)]
    expect(names.sort(compareKeys)).toEqual([
      'part-00002-a-00009.parquet',
      'part-00002-a-00010.parquet',
      'part-00010-a-00000.parquet',
    ])
  })

  it('tells table and day of a key', () => {
    const day = { table: 'jobs', day: '2024-01-02' }
    expect(tableAndDayOf(`${partitionPrefix('jobs', '2024-01-02')}part-00001-00000.parquet`)).toEqual(day)
    expect(tableAndDayOf(manifestKey('jobs', '2024-01-02'))).toEqual(day)
    expect(tableAndDayOf(stagingPrefix('jobs', '2024-01-02', 'token'))).toEqual(day)
    expect(tableAndDayOf('state/_open/jobs/2024-01-02')).toBeUndefined()
  })

  it.each([OPEN, UNVERIFIED, REQUEUED] as const)('tells the day of an entry below %s', (entries) => {
    const day = { dataset: 'jobs', date: '2024-01-02' }
    expect(dayEntryKey(entries, 'jobs', '2024-01-02')).toBe(`${entries}jobs/2024-01-02`)
    expect(dayOfEntry(entries, `${entries}jobs/2024-01-02`)).toEqual(day)
    expect(tableEntriesPrefix(entries, 'jobs')).toBe(`${entries}jobs/`)
    for (const other of ['', 'jobs', 'jobs/', 'jobs/notes.txt', 'jobs/2024-01-02/more', 'Jobs/2024-01-02']) {
      expect(dayOfEntry(entries, entries + other)).toBeUndefined()
    }
    expect(dayOfEntry(entries, manifestKey('jobs', '2024-01-02'))).toBeUndefined()
  })

  it('orders keys as S3 does, not as JavaScript does', () => {
    const emoji = 'a/\u{1f600}'
    const fullWidth = 'a/\uff5e'
    expect([emoji, fullWidth].sort()).toEqual([emoji, fullWidth])
    expect([emoji, fullWidth].sort(compareKeys)).toEqual([fullWidth, emoji])
    const unit = fc.constantFrom('a', 'b', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}')
    const key = fc.string({ unit, maxLength: 5 })
    fc.assert(
      fc.property(key, key, (left, right) => {
        const bytes = Buffer.compare(Buffer.from(left), Buffer.from(right))
        expect(Math.sign(compareKeys(left, right))).toBe(bytes)
      }),
    )
  })

  it('takes s3 URIs apart', () => {
    expect(parseS3Uri('s3://data/a/b c')).toEqual({ bucket: 'data', key: 'a/b c' })
    expect(parseS3Uri('https://data/a')).toBeUndefined()
  })
})
