import { expect, test } from 'vitest'
import { refuseGaps } from '../../client/gaps.ts'
import type { RangeDay } from '../../client/range-days.ts'
import { sidecarOf, queryDollars } from '../../client/sidecar.ts'

const day = (date: string, more: Partial<RangeDay> = {}): RangeDay => ({
  dataset: 'jobs',
  date,
  state: 'published',
  why: '',
  generation: 1,
  rows: 10,
  featureVersion: 'aaaaaaaaaaaaaaaa',
  engine: '2',
  publishedAt: `${date}T12:00:00Z`,
  ...more,
})
const gap = (date: string, state: RangeDay['state'], why: string, dataset = 'jobs') =>
  day(date, { dataset, state, why, generation: 0, rows: 0, featureVersion: null, publishedAt: null })
const refused = (days: readonly RangeDay[], allowed = {}) => {
  try {
    refuseGaps(days, allowed)
    return undefined
  } catch (error) {
    return error as Error & { code: string }
  }
}

const WHOLE = [day('2024-01-01'), gap('2024-01-02', 'empty', 'no raw files')]
const GAPS = [
  day('2024-01-01'),
  gap('2024-01-02', 'missing', 'no execution has looked at it'),
  gap('2024-01-03', 'missing', 'no execution has looked at it'),
  gap('2024-01-05', 'missing', 'no execution has looked at it'),
  gap('2024-01-06', 'failed', 'failed: JobFailed: no'),
  gap('2024-01-06', 'damaged', 'x: expected 1', 'clicks'),
]
const MIXED = [
  day('2024-01-01', { featureVersion: 'bbbbbbbbbbbbbbbb', publishedAt: '2024-02-01' }),
  day('2024-01-02', { featureVersion: 'bbbbbbbbbbbbbbbb' }),
  day('2024-01-03'),
]

test('days that are published by one feature code or empty are whole', () => {
  expect(refused(WHOLE)).toBeUndefined()
  expect(
    refused([...WHOLE, day('2024-01-03', { dataset: 'clicks', featureVersion: 'other' })]),
  ).toBeUndefined()
})

test('gaps are named with their reasons, and let pass when that is allowed', () => {
  const error = refused(GAPS)
  expect(error?.code).toBe('DaysMissing')
  expect(error?.message.split('\n')).toEqual([
    'Days to load: expected each published, by one feature code, found',
    '  jobs 2024-01-02 to 2024-01-03: missing: no execution has looked at it',
    '  jobs 2024-01-05: missing: no execution has looked at it',
    '  jobs 2024-01-06: failed: failed: JobFailed: no',
    '  clicks 2024-01-06: damaged: x: expected 1',
    'Run these days, or load what is there with --allow-gaps.',
  ])
  expect(refused(GAPS, { allowMixed: true })?.code).toBe('DaysMissing')
  expect(refused(GAPS, { allowGaps: true })).toBeUndefined()
})

test('days of different feature code are named by it, the newest first; an empty day was made by none', () => {
  const empty = day('2024-01-04', { state: 'empty', rows: 0, featureVersion: 'cccccccccccccccc' })
  const error = refused([...MIXED, empty])
  expect(error?.code).toBe('MixedFeatureCode')
  expect(error?.message.split('\n').slice(1)).toEqual([
    '  jobs, feature code bbbbbbbbbbbb: 2024-01-01 to 2024-01-02',
    '  jobs, feature code aaaaaaaaaaaa: 2024-01-03',
    'Run these days, or load what is there with --allow-mixed.',
  ])
  expect(refused(MIXED, { allowGaps: true })?.code).toBe('MixedFeatureCode')
  expect(refused(MIXED, { allowMixed: true })).toBeUndefined()
  expect(refused([...MIXED, ...GAPS])?.message).toContain('--allow-gaps --allow-mixed')
})

test('datasets of different feature code are named in the order of their names', () => {
  const earlier = MIXED.map((one) => ({ ...one, dataset: 'clicks', publishedAt: '2023-12-31' }))
  const names = (days: readonly RangeDay[]) =>
    refused(days)?.message.match(/(?<=^ {2})\w+, feature code \w/gm)
  const clicks = ['clicks, feature code b', 'clicks, feature code a']
  const jobs = ['jobs, feature code b', 'jobs, feature code a']
  expect(names([...MIXED, ...earlier])).toEqual([...clicks, ...jobs])
  expect(names([...earlier, ...MIXED])).toEqual([...clicks, ...jobs])
})

test.each([
  [40, []],
  [41, ['  … 1 more']],
  [50, ['  … 10 more']],
])('of %i gaps, a message names forty and counts the others', (count, more) => {
  const days = Array.from({ length: count }, (_, index) => gap('2024-01-01', 'missing', `reason ${index}`))
  const lines = refused(days)?.message.split('\n') ?? []
  expect(lines.slice(40, -1)).toEqual(['  jobs 2024-01-01: missing: reason 39', ...more])
})

test('the sidecar says what was allowed and which code made the days', () => {
  const loaded = {
    file: 'x.csv',
    rows: 20,
    bytes: 100,
    columns: ['a'],
    query: 'id',
    scannedBytes: 3e12,
    otherTables: [],
  }
  const check = { from: '2024-01-01', to: '2024-01-06' }
  const options = { check, allowGaps: true, allowMixed: true, loadedAt: '2024-03-01T00:00:00Z' }
  const sidecar = sidecarOf({ ...loaded, days: [...MIXED, ...GAPS.slice(1)] }, 'SELECT 1', options)
  expect(sidecar).toMatchObject({
    gaps: 'gaps',
    range: check,
    dollars: 15,
    allowGaps: true,
    allowMixed: true,
  })
  expect(sidecar.featureVersions).toEqual({ jobs: { bbbbbbbbbbbbbbbb: 2, aaaaaaaaaaaaaaaa: 1 } })
  expect(sidecarOf({ ...loaded, days: WHOLE }, '', options).gaps).toBe('complete')
  expect(sidecarOf({ ...loaded, days: null }, '', { loadedAt: '' })).toMatchObject({
    gaps: 'not checked',
    range: null,
  })
  expect(queryDollars(1)).toBe(0.00005)
})
