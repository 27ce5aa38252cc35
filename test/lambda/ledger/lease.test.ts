import { expect, test } from 'vitest'
import type { Manifest } from '../../../core/manifest.ts'
import { isFree, isGraceOver, leaseOf, ledgerOf, timeOf, type Ledger } from '../../../lambda/ledger/ledger.ts'
import { DATASET } from '../../support/lambda/dataset.ts'

const ANSWERED = Date.parse('2024-01-02T12:00:00Z')
const ledger = { leaseSeconds: 900, graceSeconds: 60, holder: 'arn:own' } as Ledger
const stored = (ageSeconds: number, holder = 'arn:other') => ({
  manifest: { published: null, intent: { holder } } as unknown as Manifest,
  etag: 'e',
  ageSeconds,
  answeredAt: ANSWERED,
})

test.each([
  ['within its lease', 899, 'arn:other', false],
  ['at the last second of its lease', 900, 'arn:other', false],
  ['after its lease', 901, 'arn:other', true],
  ['of this execution', 0, 'arn:own', true],
])('an intent %s may be taken over or not', (_, age, holder, expected) => {
  expect(isFree(ledger, stored(age, holder))).toBe(expected)
})

test.each([
  [0, '2024-01-02T12:15:00.000Z', false],
  [600, '2024-01-02T12:05:00.000Z', false],
  [-5, '2024-01-02T12:15:05.000Z', false],
  [-6, '2024-01-02T12:15:06.000Z', true],
])('an intent that is %d seconds old is left until %s', (age, until, isClockBack) => {
  expect(leaseOf(ledger, stored(age))).toEqual({ until, isClockBack })
})

test.each([
  [60, 60_000, false],
  [60, 60_001, true],
  [60, -1, false],
  [0, 0, true],
  [0, -1, true],
])('a grace of %d seconds is over or not %d ms later', (graceSeconds, later, expected) => {
  expect(isGraceOver({ graceSeconds } as Ledger, ANSWERED, ANSWERED + later)).toBe(expected)
})

test('times of answers are ISO times', () => {
  expect(timeOf({ answeredAt: ANSWERED })).toBe('2024-01-02T12:00:00.000Z')
})

test('a function has its ledger from its environment, its call and the deployment', () => {
  const onGivenUp = () => {}
  const clients = { data: 'data', catalog: 'catalog', onGivenUp } as never
  const other = { ...DATASET, name: 'other', crawler: 'crawls-other' }
  const environment = { LEASE_SECONDS: '900', QUERY_GRACE_SECONDS: '60' }
  const call = { getRemainingTimeInMillis: () => 5000 }
  const made = ledgerOf(clients, { datasets: [DATASET, other] }, environment, 'arn:own', call)
  expect(made).toMatchObject({ ...ledger, data: 'data', catalog: 'catalog', onGivenUp })
  expect(made.crawlerOf('other')).toBe('crawls-other')
  expect(made.crawlerOf('gone')).toBeUndefined()
  expect(made.millisecondsLeft()).toBe(5000)
})
