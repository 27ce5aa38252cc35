import { settingProblem, type Setting } from './setting.ts'

/** Maximum number of dataset-days that an execution, or a dataset's `maxConcurrency`, may let be worked on at once. */
export const MAX_CONCURRENCY = 1000

/**
 * Settings that depend on how much data a dataset has. The dataset's module sets them, the configuration may override
 * them. Changing one rebuilds nothing.
 */
export interface RunSettings {
  /**
   * SageMaker instance type of the dataset's jobs, such as `ml.m5.4xlarge`.
   * @default that of the deployment
   */
  readonly instanceType?: string
  /**
   * Size of each job's volume, in GB, from 1 to 16384.
   * @default that of the deployment
   */
  readonly volumeSizeGb?: number
  /**
   * Maximum number of worker threads per job, from 1 to 192. Each takes memory of its own.
   * @default one per core of the instance
   */
  readonly workers?: number
  /**
   * Maximum number of the dataset's days that are worked on at once over all executions, from 1 to 1000.
   * @default limited by the deployment's total alone
   */
  readonly maxConcurrency?: number
  /**
   * Hours without new data after which an alarm fires, from 1 to 8760.
   * @default no alarm
   */
  readonly expectNewDataHours?: number
}

const whole = (least: number, most: number): Setting => ({
  expected: `a whole number from ${least} to ${most}`,
  isAllowed: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
})

const INSTANCE = /^ml\.[a-z0-9-]+\.[a-z0-9]+$/

/** Allowed values of each of the {@link RunSettings}. */
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
/** Names of all {@link RunSettings}. */
export const RUN_SETTING_NAMES = Object.keys(RUN_SETTINGS) as readonly Name[]

/** Returns run settings: each is taken from `from`, else from `others`. Settings that neither has are left out. */
export function runSettings(from: Given, others: Given = {}): RunSettings {
  const entries = RUN_SETTING_NAMES.map((name) => [name, from[name] ?? others[name]] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/**
 * Describes the first run setting whose value is not allowed, as `name: expected …, found …`; undefined if all are
 * allowed.
 */
export const runSettingProblem = (settings: Given) => settingProblem(RUN_SETTINGS, settings)
