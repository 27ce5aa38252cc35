import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as layout from '../../core/layout.ts'
import {
  compareKeys,
  datasetDayIn,
  dayEntryKey,
  dayOfEntry,
  generationOf,
  manifestKey,
  nameOf,
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
    expect(parseS3Uri('s3://data/')).toEqual({ bucket: 'data', key: '' })
    expect(parseS3Uri('s3://data/a\nb')).toEqual({ bucket: 'data', key: 'a\nb' })
    for (const other of ['https://data/a', ' s3://data/a', 's3://data', 's3:///a', 's3:/data/a', ''])
      expect(parseS3Uri(other)).toBeUndefined()
  })

  // Deployed policies, and objects of earlier releases, have these names.
  const HOME = 'jobs/day_partition=2024-01-02/'
  const [table, day] = ['jobs', '2024-01-02']
  it.each([
    [layout.tablePrefix(table), 'processed/jobs/'],
    [layout.partitionPrefix(table, day), `processed/${HOME}`],
    [layout.locationOf({ dataset: table, date: day }), `processed/${HOME}`],
    [layout.locationOf({ dataset: table, date: day, location: 'replacements/x/' }), 'replacements/x/'],
    [layout.tableReplacementsPrefix(table), 'replacements/jobs/'],
    [layout.dayReplacementsPrefix(table, day), `replacements/${HOME}`],
    [layout.replacementPrefix(table, day, 3, 'a-b'), `replacements/${HOME}g3-a-b/`],
    [layout.folderOf(table, day, `processed/${HOME}part`), `processed/${HOME}`],
    [layout.folderOf(table, day, `replacements/${HOME}g3-a/part`), `replacements/${HOME}g3-a/`],
    [layout.quarantineKey(table, day, 'etag', 'x.csv'), `quarantine/${HOME}etag/x.csv`],
    [partName(3, 'a-b', 7), 'part-00003-ab-00007.parquet'],
    [layout.rejectName(3, '01234567-89ab-cdef', 7), 'rejected-00003-0123456789ab-00007.jsonl.gz'],
    [layout.sketchName(3, 'a-b'), 'profile-00003-ab-00000.json.gz'],
    [layout.rejectedTable(table), 'jobs_rejected'],
    [layout.rejectedTablePrefix(table), 'rejected/jobs/'],
    [layout.rejectedPrefix(table, day), `rejected/${HOME}`],
    [layout.statePrefix(table), 'state/jobs/'],
    [layout.stateDayPrefix(table, day), `state/${HOME}`],
    [manifestKey(table, day), `state/${HOME}manifest.json.gz`],
    [layout.unreadableManifestKey(table, day, 'etag'), `state/${HOME}unreadable-etag`],
    [layout.sketchKeys(table, day), `state/${HOME}profile-*`],
    [layout.attemptKey(table, day), `state/${HOME}attempt.json`],
    [layout.factsKey(table), 'state/_facts/jobs.json'],
    [layout.placeKey(table, 0), 'state/_places/jobs/0'],
    [layout.crawlingKey(table), 'state/_crawling/jobs'],
    [stagingPrefix(table, day, 'a-b'), `staging/${HOME}a-b/`],
    [layout.stagedPartsPrefix('s/'), 's/parts/'],
    [layout.stagedRejectsPrefix('s/'), 's/rejected/'],
    [layout.stagedSketchesPrefix('s/'), 's/profile/'],
    [layout.reportKey('s/'), 's/report.json.gz'],
    [layout.runPrefix('run'), 'runs/run/'],
    [layout.itemsKey('run'), 'runs/run/items.json'],
    [layout.mapResultsPrefix('run'), 'runs/run/map'],
    [layout.workOrderKey('run', table, day, 'a-b'), 'runs/run/orders/jobs/2024-01-02/a-b.json.gz'],
    [layout.progressPrefix('run'), 'runs/run/progress/'],
    [layout.progressKey('run', table, day), 'runs/run/progress/jobs/2024-01-02.json'],
    [layout.summaryKey('run'), 'runs/run/summary.json'],
    [layout.pageKey('run'), 'runs/run/report.html'],
    [layout.unloadPrefix('q'), 'athena-results/unload/q/'],
    [layout.s3Uri('data', 'a/b'), 's3://data/a/b'],
  ])('has the name %s', (name, expected) => {
    expect(name).toBe(expected)
  })

  it.each([
    ['', ''],
    ['name', 'name'],
    ['a/b/name', 'name'],
    ['a/b/', ''],
  ])('tells the last name of "%s"', (key, name) => {
    expect(nameOf(key)).toBe(name)
  })

  it.each([
    [partName(3, 'a-b', 7), 3],
    [`a/b/${layout.rejectName(123_456, 'a', 100_000)}`, 123_456],
    [`a/${layout.sketchName(12, 'a')}`, 12],
    // Names of 0.1.0 have no token.
    ['a/part-00004-00000.parquet', 4],
    ['rejected-00004-00000.jsonl.gz', 4],
    ['a/part-0004-00000.parquet', undefined],
    ['a/part-00004-0000.parquet', undefined],
    ['a/part-00004-A-00000.parquet', undefined],
    ['a/part-00004-00000.parquet.tmp', undefined],
    ['a/part-00004-00000.csv', undefined],
    ['a/apart-00004-00000.parquet', undefined],
    ['a/manifest.json.gz', undefined],
  ])('tells the generation of %s: %s', (key, generation) => {
    expect(generationOf(key)).toBe(generation)
  })

  it.each([
    `state/${HOME}manifest.json.gz`,
    `s3://data/processed/${HOME}`,
    'state/_open/jobs/2024-01-02',
    'runs/run/progress/jobs/2024-01-02.json',
    'jobs/2024-01-02/x',
    'jobs/day_partition=2024-01-02',
  ])('finds the day in %s', (key) => {
    expect(datasetDayIn(key)).toEqual({ dataset: 'jobs', date: '2024-01-02' })
  })

  it.each([
    'state/jobs/',
    '2024-01-02/x',
    'Jobs/2024-01-02/x',
    '1jobs/2024-01-02/x',
    'my-jobs/2024-01-02/x',
    'my.jobs/day_partition=2024-01-02/',
    'jobs/2024-01-021',
    'jobs/2024-01-02T00/x',
    'jobs/2024-01/x',
    'jobs/24-01-02/x',
    'jobs/2024-1-02/x',
    'jobs/2024-01-2/x',
    'jobs/dt=2024-01-02/x',
  ])('finds no day in %s', (key) => {
    expect(datasetDayIn(key)).toBeUndefined()
  })

  it('knows a dataset of one letter, and of letters, digits and underscores', () => {
    expect(datasetDayIn('runs/j/2024-01-02.json')).toEqual({ dataset: 'j', date: '2024-01-02' })
    expect(datasetDayIn('x/j_0b/2024-01-02')).toEqual({ dataset: 'j_0b', date: '2024-01-02' })
  })
})
