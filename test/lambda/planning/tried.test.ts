import { expect, test } from 'vitest'
import type { Attempt } from '../../../core/attempt.ts'
import type { DeployedDataset } from '../../../core/deployment.ts'
import type { PlanDayContext } from '../../../lambda/planning/context.ts'
import { codeTried, isSameTry, triedWith } from '../../../lambda/planning/tried.ts'
import { DATASET } from '../../support/lambda/dataset.ts'

const contextOf = (dataset: Partial<DeployedDataset>, jobSettings?: string) =>
  ({
    dataset: { ...DATASET, ...dataset },
    ...(jobSettings !== undefined && { jobSettings }),
  }) as PlanDayContext
const settingsOf = (...args: Parameters<typeof contextOf>) => codeTried(contextOf(...args)).settings

test.each<[string, Partial<DeployedDataset>]>([
  ['its name', { name: 'other' }],
  ['its columns', { columns: [] }],
  ['its feature code, which is held against the attempt itself', { featureVersion: 'v2' }],
  ['its lookback', { lookbackDays: 1 }],
  ['its crawler', { crawler: 'other' }],
  ['its concurrency', { maxConcurrency: 3 }],
  ['how often new data is expected', { expectNewDataHours: 3 }],
])('%s cures no failure of a day', (_, change) => {
  expect(settingsOf(change)).toBe(settingsOf({}))
})

test.each<[string, Partial<DeployedDataset>]>([
  ['its rejects', { maxRejectedRatio: 0.9 }],
  ['its raw files', { rawFiles: ['*.json'] }],
  ['its instance', { instanceType: 'ml.m6i.large' }],
  ['what a later release adds', { later: 1 } as object],
])('%s may cure one', (_, change) => {
  expect(settingsOf(change)).not.toBe(settingsOf({}))
})

test('what jobs are given may cure one as well', () => {
  expect(settingsOf({}, 'a')).not.toBe(settingsOf({}, 'b'))
  expect(settingsOf({}, '')).toBe(settingsOf({}))
})

test('the order of settings makes no difference', () => {
  const turned = Object.fromEntries(Object.entries(DATASET).reverse()) as unknown as DeployedDataset
  expect(codeTried({ dataset: turned } as PlanDayContext)).toEqual(codeTried(contextOf({})))
})

const listing = (...names: readonly string[]) => ({
  objects: names.map((key) => ({ key, etag: 'e', size: 1 })),
  archived: new Map([['archived', 'GLACIER']]),
  leftAlone: new Map(),
  unread: {},
})

test('an attempt is made with the raw files that can be read, the feature code and the settings', () => {
  const tried = triedWith(contextOf({}), listing('a', 'b'))
  expect(tried).toMatchObject({ featureVersion: 'v1', settings: settingsOf({}) })
  expect(triedWith(contextOf({}), listing('a', 'archived', 'b'))).toEqual(tried)
  expect(triedWith(contextOf({}), listing('a'))).not.toEqual(tried)
})

test('an attempt was made with the same where all that is asked for is', () => {
  const tried = triedWith(contextOf({}), listing('a'))
  const attempt = { token: 't', ...tried } as Attempt
  expect(isSameTry(attempt, tried)).toBe(true)
  expect(isSameTry(attempt, codeTried(contextOf({})))).toBe(true)
  for (const name of Object.keys(tried)) expect(isSameTry({ ...attempt, [name]: 'other' }, tried)).toBe(false)
})
