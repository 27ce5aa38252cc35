import type { WriteStream } from 'node:tty'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { renderFindings } from '../../bin/view/findings.ts'
import { bytes, counted, duration } from '../../core/format.ts'
import { progressView } from '../../bin/view/progress-view.ts'
import { renderProgress } from '../../bin/view/progress.ts'
import { renderRows } from '../../bin/view/rows.ts'
import { countChecks } from '../../core/count-checks.ts'
import { renderSummary } from '../../bin/view/summary.ts'
import { otherLines, renderStatus, statusNotes } from '../../bin/commands/status.ts'
import type { CommonFlags } from '../../bin/options.ts'
import type { ExecutionSnapshot } from '../../client/follow.ts'
import type { DayState } from '../../client/status.ts'
import { addDays } from '../../core/dates.ts'
import { ENGINE_VERSION, FIRST_ENGINE_VERSION } from '../../core/engine.ts'
import type { UnreadObjects } from '../../core/manifest.ts'
import type { DayOutcome, Progress, Summary } from '../../core/messages.ts'

const progress = (index: number, phase: Progress['phase']): Progress => ({
  dataset: 'jobs',
  date: addDays('2024-01-01', index),
  phase,
  files: { done: 1, total: 4 },
  records: 1000,
  rows: 990,
  rejected: 10,
  bytes: { done: 250_000, total: 1_000_000 },
  at: '2024-01-01T00:00:00Z',
})

function snapshot(of: readonly Progress[]): ExecutionSnapshot {
  return { status: 'RUNNING', state: 'Days', days: { total: 464, finished: 12 }, progress: of }
}

test('each running job has a bar, the totals cover those that are done as well', () => {
  const lines = renderProgress(snapshot([progress(0, 'done'), progress(1, 'reading')]), 14.2)
  expect(lines).toEqual([
    'jobs 2024-01-02 █████░░░░░░░░░░░░░░░  25% reading, 1,000 records, 10 rejected',
    'Days · 0% · 12 of 464 dataset-days · 2,000 records · 20 rejected · 500 KB of 2.0 MB · 14 s',
  ])
})

const waiting: Progress = {
  ...progress(0, 'waiting'),
  records: 0,
  rejected: 0,
  why: 'arn:x is working on it',
}

test('each day that waits says what for, after those whose jobs run', () => {
  const lines = renderProgress(snapshot([waiting, progress(1, 'reading')]), 14.2)
  expect(lines[0]).toMatch(/^jobs 2024-01-02 █/)
  expect(lines[1]).toBe('jobs 2024-01-01 waits: arn:x is working on it')
  expect(lines.at(-1)).toContain(' · 1 waiting · ')
})

test('where nothing is drawn over, a day that waits is told of once for each thing that it waits for', () => {
  const written: string[] = []
  const stream = { isTTY: false, write: (text: string) => written.push(text) } as unknown as WriteStream
  const view = progressView(stream, () => 0)
  view.update(snapshot([waiting]))
  view.update(snapshot([waiting]))
  view.update(snapshot([{ ...waiting, why: 'arn:y is working on it' }]))
  expect(written.filter((line) => line.includes('waits'))).toEqual([
    'jobs 2024-01-01 waits: arn:x is working on it\n',
    'jobs 2024-01-01 waits: arn:y is working on it\n',
  ])
})

test('hundreds of running jobs do not flood the screen', () => {
  const many = Array.from({ length: 300 }, (_, index) => progress(index, 'reading'))
  const lines = renderProgress(snapshot(many), 14)
  expect(lines).toHaveLength(12)
  expect(lines[10]).toBe('… and 290 more')
})

const outcome = (index: number, status: DayOutcome['status']): DayOutcome => ({
  dataset: 'jobs',
  date: addDays('2024-01-01', index),
  status,
  why: '1 new file',
  ...(status === 'failed' && { error: 'States.TaskFailed', cause: 'all is lost\nat line 1' }),
  ...(status === 'published' && {
    totals: {
      files: 2,
      rawBytes: 9,
      records: 10,
      kept: 9,
      dropped: 0,
      rejected: 1,
      rows: 9,
      parts: 1,
      bytes: 2048,
    },
  }),
})

function summary(days: readonly DayOutcome[]): Summary {
  const execution = { arn: 'arn', name: 'name' }
  return { execution, dryRun: false, mode: 'changed', counts: {} as Summary['counts'], days }
}

test('days that were worked on have a line each, the others are counted', () => {
  const empty = { ...outcome(2, 'empty'), why: 'no raw files' }
  const days = [outcome(0, 'published'), outcome(1, 'failed'), empty, outcome(3, 'unchanged')]
  const lines = stripVTControlCharacters(renderSummary(summary(days))).split('\n')
  expect(lines).toHaveLength(4)
  expect(lines[1]).toMatch(/jobs +2024-01-01 +published +9 +1 +2 +1 +2\.0 KB +1 new file/)
  expect(lines[2]).toMatch(/jobs +2024-01-02 +failed +all is lost$/)
  expect(lines[3]).toBe('Dataset-days left as they were: 1 unchanged, 1 empty (no raw files).')
})

test('hundreds of published days become a line a dataset, failed ones are still named', () => {
  const days = Array.from({ length: 208 }, (_, index) => outcome(index, 'published'))
  const text = stripVTControlCharacters(renderSummary(summary([...days, outcome(300, 'failed')])))
  expect(text).toMatch(/jobs +208 days +published +1,872 +208 +416 +208 +426 KB +2024-01-01 … 2024-07-26/)
  expect(text).toMatch(/jobs +2024-10-27 +failed/)
  expect(text.split('\n')).toHaveLength(4)
})

const STALE = {
  ...outcome(4, 'unchanged'),
  why: 'unchanged; 1 file gone from the raw prefix, published rows stay; not rebuilt although feature code changed: mode rebuild does',
  vanished: 1,
}

test('days whose rows stay although raw files are gone are listed with the reason', () => {
  const days = [outcome(0, 'unchanged'), STALE]
  const lines = stripVTControlCharacters(renderSummary(summary(days))).split('\n')
  expect(lines[1]).toMatch(
    /jobs +2024-01-05 +unchanged +unchanged; 1 file gone .* stay; not rebuilt although feature code changed: mode rebuild does$/,
  )
  expect(lines[2]).toBe('Other dataset-days left as they were: 1 unchanged.')
})

test('hundreds of such days become a line a dataset with the reason of the first', () => {
  const days = Array.from({ length: 90 }, (_, index) => ({ ...STALE, date: addDays('2024-01-01', index) }))
  const lines = stripVTControlCharacters(renderSummary(summary(days))).split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatch(
    /jobs +90 days +unchanged .*2024-01-01 … 2024-03-30; the first: unchanged; 1 file gone/,
  )
})

test('of a rebuilt day it is said how many raw files are gone', () => {
  const rebuilt = { ...outcome(0, 'published'), kind: 'rebuild', why: 'asked for', vanished: 2 } as const
  expect(renderSummary(summary([rebuilt]))).toContain('asked for (2 raw files gone)')
})

test('an empty day that holds other objects is listed, others are counted', () => {
  const none = { ...outcome(0, 'empty'), why: 'no raw files' }
  const puzzling = { ...outcome(1, 'empty'), why: 'no raw files; 2 objects with other endings' }
  const lines = stripVTControlCharacters(renderSummary(summary([none, puzzling]))).split('\n')
  expect(lines[1]).toMatch(/jobs +2024-01-02 +empty +no raw files; 2 objects with other endings$/)
  expect(lines[2]).toBe('Other dataset-days left as they were: 1 empty (no raw files).')
})

test('columns that do not fit beside the others stand below', () => {
  const row = ['a'.repeat(30), 'b'.repeat(30), 'c'.repeat(90)]
  const lines = stripVTControlCharacters(renderRows(['one', 'two', 'three'], [row], 80)).split('\n')
  expect(lines.map((line) => line.trim().split(' ')[0]!.slice(0, 5))).toEqual([
    'one',
    'aaaaa',
    '',
    'three',
    'ccccc',
  ])
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
})

test('sizes, times and counts are short', () => {
  expect([0, 999, 1000, 99_950, 1_048_576, 12e9].map(bytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 KB',
    '100 KB',
    '1.0 MB',
    '12.0 GB',
  ])
  expect([0.04, 9.94, 59.4, 200].map(duration)).toEqual(['0.0 s', '9.9 s', '59 s', '3 min 20 s'])
  expect([counted(1, 'day'), counted(1288, 'record')]).toEqual(['1 day', '1,288 records'])
})

test('a check says what differs, a row a finding, and how much was looked at', () => {
  expect(renderFindings({ checked: 1, findings: [] })).toBe(
    '1 dataset-day checked: all as their manifests say.',
  )
  const key = 'state/jobs/day_partition=2024-01-02/attempt.json'
  const finding = `${key}: expected an attempt, found null.`
  const text = renderFindings({
    checked: 2,
    findings: [{ dataset: 'jobs', date: '2024-01-02', kind: 'attempt', key, finding }],
  })
  const [, row, last] = stripVTControlCharacters(text).split('\n')
  expect(row).toMatch(
    /^ jobs +2024-01-02 +attempt +state\/\S+attempt\.json +expected an attempt, found null\.$/,
  )
  expect(last).toBe('2 dataset-days checked, 1 difference found.')
})

const unreadDay = (index: number, unread: UnreadObjects, status: DayOutcome['status'] = 'published') => ({
  ...outcome(index, status),
  unread,
})
const HIDDEN = { count: 2, bytes: 7, first: 'jobs/2024/01/01/_tmp/x.jsonl' }
const EXCLUDED = { count: 1, bytes: 7, first: 'jobs/2024/01/01/notes.txt' }
const UNREADABLE = { count: 1, bytes: 7, first: 'jobs/2024/01/01/b.jsonl.bz2', why: 'bzip2 is not read' }
const linesOf = (days: readonly DayOutcome[]) =>
  stripVTControlCharacters(renderSummary(summary(days))).split('\n')

test('a day with objects that were not read says so beneath the table, the unreadable first', () => {
  const unread = { hidden: HIDDEN, excluded: EXCLUDED, unreadable: UNREADABLE }
  const lines = linesOf([unreadDay(0, unread), outcome(1, 'unchanged')])
  expect(lines[2]).toBe(
    'jobs 2024-01-01: 4 objects not read: 1 unreadable (first jobs/2024/01/01/b.jsonl.bz2: bzip2 is not read), ' +
      '1 excluded by rawFiles (first jobs/2024/01/01/notes.txt), 2 hidden (first jobs/2024/01/01/_tmp/x.jsonl)',
  )
  expect(lines[3]).toMatch(/^Other dataset-days|^Dataset-days/)
  expect(lines).toHaveLength(4)
})

test('hidden objects and those without data are one line of counts, whatever became of their days', () => {
  const marker = { count: 1, bytes: 0, first: 'jobs/2024/01/02/' }
  const days = [
    unreadDay(0, { hidden: HIDDEN }),
    unreadDay(1, { 'not-data': marker, hidden: HIDDEN }, 'unchanged'),
  ]
  expect(linesOf(days)[2]).toBe(
    '2 dataset-days: 5 objects not read: 1 without data (first jobs/2024/01/02/), 4 hidden (first jobs/2024/01/01/_tmp/x.jsonl)',
  )
  expect(linesOf([unreadDay(0, {}, 'unchanged')])).toHaveLength(1)
})

test('of many days with unread objects some have a line, the unreadable before the others, the rest are summed up', () => {
  const days = Array.from({ length: 40 }, (_, index) =>
    unreadDay(index, index < 35 ? { excluded: EXCLUDED } : { unreadable: UNREADABLE }, 'unchanged'),
  )
  const lines = linesOf(days).filter((line) => line.includes('not read'))
  expect(lines).toHaveLength(11)
  expect(lines.findLastIndex((line) => line.includes('unreadable'))).toBe(4)
  expect(lines[10]).toBe(
    '30 more dataset-days: 30 objects not read: 30 excluded by rawFiles (first jobs/2024/01/01/notes.txt)',
  )
})

test('keys and reasons that would do something to a terminal are shown as they are spelled', () => {
  const spelled = { count: 1, bytes: 1, first: 'a\u001b[2J\nb\u202ec \u{1f600}é\\', why: 'x\r\u0085\u2028y' }
  expect(renderSummary(summary([unreadDay(0, { unreadable: spelled })]))).toContain(
    String.raw`(first a\u001b[2J\u000ab\u202ec 😀é\: x\u000d\u0085\u2028y)`,
  )
})

const state = (index: number, more: Partial<DayState>): DayState => ({
  dataset: 'jobs',
  date: addDays('2024-01-01', index),
  generation: 1,
  rows: 9,
  files: 2,
  dropped: 0,
  rejected: 1,
  unread: {},
  featureVersion: 'f00d',
  nextGeneration: null,
  checks: null,
  duplicates: null,
  engine: ENGINE_VERSION,
  location: 's3://data/x/',
  outstanding: null,
  publishedAt: '2024-01-02T00:00:00Z',
  publishing: false,
  lastAttempt: null,
  problems: [],
  ...more,
})
const FLAGS: CommonFlags = { target: 'local', home: '/h', context: {}, json: false, debug: false }

test('status without days names its datasets, and others that have days', () => {
  expect(renderStatus([], ['jobs', 'clicks'])).toMatch(/^No day of jobs, clicks has been worked on yet\./)
  expect(otherLines([], FLAGS)).toEqual([])
  expect(otherLines(['orders'], FLAGS)).toEqual([
    'Other datasets have days here: orders. Name the module that exports them with --datasets.',
  ])
  const many = Array.from({ length: 12 }, (_, index) => `d${index}`)
  expect(otherLines(many, { target: 'aws' })).toEqual([
    `Other datasets have days here: ${many.slice(0, 10).join(', ')}, 2 more. They are not deployed any more.`,
  ])
})

test('status counts what was not read, and names the days with objects that could not be', () => {
  const days = [
    state(0, { unread: { hidden: { count: 1200, first: 'jobs/_x' }, unreadable: UNREADABLE } }),
    state(1, {}),
    state(2, { unread: null }),
  ]
  const rows = stripVTControlCharacters(renderStatus(days, ['jobs']))
    .split('\n')
    .slice(1)
  expect(rows.map((line) => line.split(/ +/).slice(1, 7))).toEqual([
    ['jobs', '2024-01-01', '9', '2', '1', '1,201'],
    ['jobs', '2024-01-02', '9', '2', '1', '0'],
    ['jobs', '2024-01-03', '9', '2', '1', '1'],
  ])
  expect(statusNotes(days, FLAGS).map(stripVTControlCharacters)).toEqual([
    'jobs 2024-01-01: 1 object not read: 1 unreadable (first jobs/2024/01/01/b.jsonl.bz2: bzip2 is not read)',
  ])
})

test('status counts the days that an older engine read, with the command that rebuilds them', () => {
  const days = [
    state(0, { engine: '1' }),
    state(1, {}),
    state(2, { engine: FIRST_ENGINE_VERSION }),
    // No file was read for these: an empty day, and one that is not published.
    state(3, { engine: '1', files: 0 }),
    state(4, { engine: null, generation: 0, files: 0 }),
  ]
  expect(statusNotes(days, FLAGS)).toEqual([
    "2 dataset-days were read by an older engine: today's may find other rows, rejects or digits in the same raw files. " +
      'To read again what the raw prefix holds now:',
    '  npm run -s dayfold -- run --mode rebuild --from 2024-01-01 --to 2024-01-03 --dataset jobs --home /h',
  ])
  expect(statusNotes([state(1, {}), state(5, { engine: '99' })], FLAGS)).toEqual([])
})

test('checks that did not pass have a line each, failed ones first, in status and summary; of many some', () => {
  const result = { check: 'notNull title', otherwise: 'warn', expected: 'no null', found: '5 of 9' } as const
  const failed = { ...result, state: 'failed' } as const
  const unknown = { ...result, state: 'unknown' } as const
  const checks = { passed: 1, failed: 1, unknown: 1, results: [unknown, failed] }
  const lines = statusNotes(
    [state(0, { checks, duplicates: ['unique id: expected each once, found 2 rows more'] })],
    FLAGS,
  )
  expect(lines.map(stripVTControlCharacters)).toEqual([
    'Check of jobs 2024-01-01: notNull title: expected no null, found 5 of 9',
    'Check of jobs 2024-01-01: unique id: expected each once, found 2 rows more',
    'Check of jobs 2024-01-01: not judged: notNull title: expected no null, found 5 of 9',
  ])
  const many = Array.from({ length: 30 }, (_, index) => state(index, { checks }))
  expect(statusNotes(many, FLAGS).at(-1)).toBe('40 more checks: name days with --from and --to.')
  const published = { ...outcome(0, 'published'), checks: countChecks([unknown, failed]) }
  const duplicates = { count: 1, told: ['jobs 2024-01-01: unique id: found 2'] }
  const text = renderSummary({
    ...summary([published]),
    verification: { verified: 1, moved: 0, mismatched: 0, cause: '', duplicates },
  })
  expect(
    stripVTControlCharacters(text)
      .split('\n')
      .filter((line) => line.startsWith('Check of')),
  ).toEqual([
    'Check of jobs 2024-01-01: notNull title: expected no null, found 5 of 9',
    'Check of jobs 2024-01-01: not judged: notNull title: expected no null, found 5 of 9',
    'Check of jobs 2024-01-01: unique id: found 2',
  ])
})

test('of checks that a summary only counts there is a line a day, before those that are less severe', () => {
  const result = { check: 'rows', otherwise: 'warn', expected: 'some', found: 'none' } as const
  const of = (failed: number, unknown: number) =>
    countChecks([
      ...Array.from({ length: unknown }, () => ({ ...result, state: 'unknown' }) as const),
      ...Array.from({ length: failed }, () => ({ ...result, state: 'failed' }) as const),
    ])
  const published = (index: number, failed: number, unknown: number) => ({
    ...outcome(index, 'published'),
    checks: of(failed, unknown),
  })
  const checked = (days: readonly DayOutcome[]) => linesOf(days).filter((line) => /check/i.test(line))
  expect(checked([published(0, 0, 2), published(1, 11, 1)])).toEqual([
    ...Array<string>(10).fill('Check of jobs 2024-01-02: rows: expected some, found none'),
    'Check of jobs 2024-01-02: and 2 more (1 failed, 1 not judged): dayfold status tells them',
    ...Array<string>(2).fill('Check of jobs 2024-01-01: not judged: rows: expected some, found none'),
  ])
  expect(checked([published(0, 4, 8)]).at(-1)).toBe(
    'Check of jobs 2024-01-01: and 2 more (2 not judged): dayfold status tells them',
  )
  const many = checked([published(0, 10, 0), published(1, 12, 0), published(2, 0, 13)])
  expect(many).toHaveLength(21)
  expect(many.at(-1)).toBe('15 more checks: dayfold status tells them.')
})

test('duplicate rows that a summary only counts are counted', () => {
  const told = Array.from({ length: 20 }, (_, index) => `jobs 2024-01-01: unique ${index}: found 2`)
  const duplicates = { count: 23, told }
  const verification = { verified: 1, moved: 0, mismatched: 0, cause: '', duplicates }
  const lines = renderSummary({ ...summary([outcome(0, 'published')]), verification }).split('\n')
  expect(lines.at(-2)).toBe('3 more checks found duplicate rows: dayfold status tells them.')
})

test('of the checks in status those that stop a publish come first', () => {
  const result = { check: 'rows', expected: 'some', found: 'none', state: 'failed' } as const
  const results = [
    { ...result, otherwise: 'warn' },
    { ...result, check: 'notNull id', otherwise: 'fail' },
  ] as const
  const checks = { passed: 0, failed: 2, unknown: 0, results }
  expect(statusNotes([state(0, { checks })], FLAGS).map(stripVTControlCharacters)).toEqual([
    'Check of jobs 2024-01-01: notNull id: expected some, found none',
    'Check of jobs 2024-01-01: rows: expected some, found none',
  ])
})

test('dropped records have a column in summary and status where a day has some', () => {
  const published = outcome(0, 'published')
  const dropping = {
    ...outcome(1, 'published'),
    totals: { ...published.totals!, records: 1017, dropped: 1007 },
  }
  expect(linesOf([published])[0]).not.toContain('dropped')
  const lines = linesOf([published, dropping, outcome(2, 'failed')])
  expect(lines[0]).toMatch(/ rows +dropped +rejected +files /)
  expect(lines[1]).toMatch(/2024-01-01 +published +9 +0 +1 +2 /)
  expect(lines[2]).toMatch(/2024-01-02 +published +9 +1,007 +1 +2 /)
  const many = Array.from({ length: 40 }, (_, index) => ({
    ...dropping,
    date: addDays('2024-01-01', index),
  }))
  expect(linesOf(many)[1]).toMatch(/40 days +published +360 +40,280 +40 +80 /)

  const statusLines = (days: readonly DayState[]) =>
    stripVTControlCharacters(renderStatus(days, ['jobs'])).split('\n')
  expect(statusLines([state(0, {})])[0]).not.toContain('dropped')
  const [head, none, some] = statusLines([state(0, {}), state(1, { dropped: 1007 })])
  expect(head).toMatch(/ rows +files +dropped +rejected +not read /)
  expect(none).toMatch(/2024-01-01 +9 +2 +0 +1 /)
  expect(some).toMatch(/2024-01-02 +9 +2 +1,007 +1 /)
})
