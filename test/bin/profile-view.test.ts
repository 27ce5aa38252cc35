import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { renderDiff } from '../../bin/view/diff.ts'
import { renderProfile } from '../../bin/view/profile.ts'
import type { ComparedDay, Diff } from '../../client/diff/diff.ts'
import { profileValues } from '../../client/value-profile.ts'
import { QUANTILES, type ColumnProfile, type ProfileValue } from '../../core/profile.ts'

const WIDTH = 120
const LONG = `${'long_name_of_a_column'.repeat(2)}_1`

const quantiles = (of: (share: number) => ProfileValue) =>
  QUANTILES.map((share) => [share, of(share)] as const)
const instant = (hour: number) => `2024-06-04T${String(hour).padStart(2, '0')}:30:00.000Z`
const none = { nulls: 0, values: 400, distinct: 400, top: [] }
const id = (value: number) => value * 1e17

const COLUMNS: Readonly<Record<string, ColumnProfile>> = {
  placed_at: {
    ...{ ...none, type: 'timestamp', min: instant(1), max: instant(23), mean: Date.parse(instant(12)) },
    quantiles: quantiles((share) => instant(Math.round(share * 20))),
    top: [1, 2, 3].map((hour) => ({ value: instant(hour), count: 123_456 })),
  },
  born: { ...none, type: 'date', min: '1990-01-01', max: '2000-01-01', mean: Date.parse('1995-01-01') },
  distance: {
    ...{ ...none, type: 'double', min: 1, max: 997, mean: 193.3333, nulls: 100 },
    quantiles: quantiles((share) => Math.round(share * 100)),
    top: [{ value: 1.3, count: 22 }],
  },
  [LONG]: {
    ...{ ...none, type: 'bigint', min: String(id(1)), max: id(9), mean: id(5), distinct: 123_456 },
    quantiles: quantiles((share) => id(share)),
    top: [{ value: '9007199254740993', count: 3 }],
  },
  tags: {
    ...{ ...none, type: 'array<string>', nulls: 1, values: 5000, min: 'a'.repeat(90), max: '介'.repeat(40) },
    top: ['介', 'c'].map((letter) => ({ value: letter.repeat(60), count: 9 })),
    lengths: { min: 1, max: 20, mean: 12, quantiles: [] },
  },
}

const lines = (width: number) =>
  stripVTControlCharacters(renderProfile({ rows: 400, columns: COLUMNS }, width)).split('\n')
const line = (name: string) => lines(WIDTH).find((text) => text.startsWith(` ${name.slice(0, 20)}`))!

test('a profile fits a line of 120 characters, whatever the values', () => {
  expect(lines(WIDTH)).toHaveLength(1 + Object.keys(COLUMNS).length)
  const columnsOf = (text: string) => text.length + text.split('介').length - 1
  for (const text of lines(WIDTH)) expect(columnsOf(text), text).toBeLessThanOrEqual(WIDTH)
  // What the most frequent values are given is taken.
  expect(Math.max(...lines(160).map(({ length }) => length))).toBeGreaterThan(WIDTH)
  expect(lines(160).join()).toContain(LONG)
})

test('means and values of instants and days are written in ISO 8601', () => {
  expect(line('placed_at')).toContain('2024-06-04T12:30Z   2024-06-04T01:30Z … 2024-06-04T23:30Z')
  expect(line('born')).toContain('1995-01-01T00:00Z   1990-01-01 … 2000-01-01')
})

test('numbers have their quantiles where there is room for them', () => {
  expect(line('distance')).toContain('193.3   1, 5, 50, 95, 997 ')
  expect(line(LONG)).toMatch(/5\.000e17 {3}1\.000e17 … 9\.000e17 +9\.007e15 \(3\)$/)
})

test('nulls are a share of the rows, of lists as well', () => {
  expect(line('distance')).toContain(' 25% ')
  expect(line('tags')).toContain(' 0.3% ')
})

test('a diff tells nulls of a list by rows', () => {
  const rows = (nulls: number) => Array.from({ length: 20 }, (_, index) => (index < nulls ? null : [1, 2, 3]))
  const counts = { records: 20, kept: 20, dropped: 0, rejected: 0, rows: 20 }
  const day: ComparedDay = {
    ...{ date: '2024-01-01', featureVersion: 'f', files: { compared: 1, all: 1 } },
    ...{ by: { kind: 'order' }, before: counts, after: counts },
  }
  const diff: Diff = {
    ...{ dataset: 'd', published: 1, days: [day], skipped: [] },
    columns: { added: [], gone: [], changed: [], same: ['list'] },
    rows: { matched: 20, changed: 0, gone: 0, added: 0, columns: new Map() },
    profile: { list: { before: profileValues(rows(1)), after: profileValues(rows(5)) } },
  }
  expect(stripVTControlCharacters(renderDiff(diff))).toMatch(/^ list +5% → 25% /m)
})
