import { settingProblem, type Setting } from './setting.ts'

/** The most dataset-days that may be worked on at once. */
export const MAX_CONCURRENCY = 1000

/**
 * What follows a dataset's amount of data. Its module says it and the configuration may override it; it changes no row,
 * so that it rebuilds nothing.
 */
export interface RunSettings {
  /**
   * SageMaker instance type of its jobs, such as `ml.m5.4xlarge`.
   * @default that of the deployment
   */
  readonly instanceType?: string
  /**
   * Size of each job's volume in GB, from 1 to 16384.
   * @default that of the deployment
   */
  readonly volumeSizeGb?: number
  /**
   * Most workers of a job, from 1 to 192: a worker takes memory of its own.
   * @default one for each core of the instance
   */
  readonly workers?: number
  /**
   * Days of it that are worked on at once, whatever executions they belong to, from 1 to 1000.
   * @default as many as the deployment allows over all datasets
   */
  readonly maxConcurrency?: number
  /**
   * Hours, from 1 to 8760, without new data that are an alarm.
   * @default a feed that stops is none
   */
  readonly expectNewDataHours?: number
}

const whole = (least: number, most: number): Setting => ({
  expected: `a whole number from ${least} to ${most}`,
  isAllowed: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
})

const INSTANCE = /^ml\.[a-z0-9-]+\.[a-z0-9]+$/

/** Allowed values of every setting. */
export const RUN_SETTINGS: { readonly [K in keyof Required<RunSettings>]: Setting } = {
  instanceType: {
    expected: 'a SageMaker instance type such as ml.m5.2xlarge',
    isAllowed: (value) => typeof value === 'string' && INSTANCE.test(value),
  },
  volumeSizeGb: whole(1, 16_384),
  workers: whole(1, 192),
  maxConcurrency: whole(1, MAX_CONCURRENCY),
  expectNewDataHours: whole(1, 8760),
}

type Name = keyof RunSettings
type Given = { readonly [K in Name]?: RunSettings[K] | undefined }
/** Names of all settings. */
export const RUN_SETTING_NAMES = Object.keys(RUN_SETTINGS) as readonly Name[]

/** The settings that `from` holds; in the place of those that it leaves out, those of `others`. */
export function runSettings(from: Given, others: Given = {}): RunSettings {
  const entries = RUN_SETTING_NAMES.map((name) => [name, from[name] ?? others[name]] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/** What is wrong with the first setting that is not allowed; undefined: nothing. See `settingProblem`. */
export const runSettingProblem = (settings: Given) => settingProblem(RUN_SETTINGS, settings)
