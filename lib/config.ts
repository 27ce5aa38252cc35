import type { z } from 'zod'
import { DayfoldError } from '../core/errors.ts'
import { MAX_DATASET_DAYS } from '../core/execution-input.ts'
import type { DescribedDataset } from './bundle/registry.ts'
import { rejectedTable } from '../core/layout.ts'
import { OPTION_TABLE, type Option } from './config-options.ts'
import { DEFAULT_LOOKBACK_DAYS, type DatasetSettings } from './deployment.ts'
import { checkRegions } from './regions.ts'
import { longestGapHours } from './schedule-gap.ts'
import { stagingNeededDays } from './timeouts.ts'

/**
 * Value of `rawBucket` in cdk.json until somebody names a bucket. With it, synth passes with a warning and a deployment
 * fails.
 */
export const PLACEHOLDER_BUCKET = 'your-raw-bucket'

type OptionTable = typeof OPTION_TABLE
/** Parsed values of all options, before defaults that depend on other options are filled in. */
export type OptionValues = { readonly [K in keyof OptionTable]: z.output<OptionTable[K]['schema']> }
/** Configuration of a deployment: the values of all options, with all defaults filled in. */
export type Config = OptionValues & {
  readonly database: string
  readonly freshHours: number
  readonly reservedForSchedule: number
  readonly datasets: Readonly<Record<string, DatasetSettings>>
}

/** Name, meaning, allowed values and default of every option, from which the documentation is made. */
export const OPTIONS = Object.entries(OPTION_TABLE).map(([name, { meaning, allowed, default: value }]) => ({
  name,
  meaning,
  allowed,
  default: value,
}))

/** CDK's own context keys contain ':', '/', '@' or '-'; every other key must be one of our options. */
const NOT_AN_OPTION = /[:/@-]/

/**
 * Validates the configuration in the CDK context and fills in defaults.
 *
 * @param context values as in cdk.json, or as text from `-c name=value`
 * @throws DayfoldError InvalidConfiguration naming the option, its value and what is allowed; also for options that do
 *   not go together
 */
export function parseConfig(context: Readonly<Record<string, unknown>>): Config {
  refuseUnknown(context)
  const entries = Object.entries(OPTION_TABLE).map(([name, spec]) => [
    name,
    parseOption(name, spec, context[name]),
  ])
  const config = Object.fromEntries(entries) as Config
  if (config.subnetIds.length > 0 !== config.securityGroupIds.length > 0) {
    throw invalid('"subnetIds" and "securityGroupIds": expected both or neither, found only one of them')
  }
  checkImage(config)
  checkRegions(config)
  checkVolume(config.kmsKeyArn, config.instanceType)
  checkStaging(config)
  return {
    ...config,
    database: config.database ?? config.name.replaceAll('-', '_'),
    freshHours: freshHoursOf(config),
    reservedForSchedule: reservedOf(config),
  }
}

function checkImage({ imageUri, baseImage }: Config): void {
  if (imageUri === undefined || baseImage === undefined) return
  throw invalid('"imageUri" and "baseImage": expected one of them at most, found both')
}

/**
 * Instance types with local storage, which their hardware encrypts: SageMaker accepts no KMS key for them.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingClusterConfig.html (VolumeKmsKeyId)
 */
const HAS_OWN_STORAGE = /^ml\.([a-z]+\d+[a-z]*d[a-z]*|g[56]e?|p5(en?)?|trn\dn?)\./

function checkVolume(kmsKeyArn: string | undefined, instanceType: string): void {
  if (kmsKeyArn === undefined || !HAS_OWN_STORAGE.test(instanceType)) return
  throw invalid(
    `"kmsKeyArn": expected an instance type without storage of its own, since SageMaker takes no key for that, found ` +
      `${instanceType}. Choose another instanceType`,
  )
}

/** Checks that the files of a job do not expire while the job, or one started in its place, runs. */
function checkStaging({ stagingDays, maxRuntimeSeconds }: Config): void {
  const needed = stagingNeededDays(maxRuntimeSeconds)
  if (stagingDays >= needed) return
  throw invalid(
    `"stagingDays": expected at least ${needed}, since with "maxRuntimeSeconds" ${maxRuntimeSeconds} the jobs of a ` +
      `day may take so long, found ${stagingDays}. Raise stagingDays, or lower maxRuntimeSeconds`,
  )
}

/** Dataset-days at once that other executions leave to the schedule by default. */
const DEFAULT_RESERVED = 2

function reservedOf({
  maxConcurrency,
  reservedForSchedule,
}: Pick<Config, 'maxConcurrency'> & { reservedForSchedule?: number }): number {
  if (reservedForSchedule === undefined) return Math.min(DEFAULT_RESERVED, maxConcurrency - 1)
  if (reservedForSchedule < maxConcurrency) return reservedForSchedule
  throw invalid(
    `"reservedForSchedule": expected less than "maxConcurrency" ${maxConcurrency}, found ${reservedForSchedule}. ` +
      'Lower it, or raise maxConcurrency',
  )
}

/** Returns the hours for the alarm NotFresh. By default one run may fail or take long. */
function freshHoursOf({ freshHours, schedule }: Pick<Config, 'schedule'> & { freshHours?: number }): number {
  const gap = longestGapHours(schedule)
  if (freshHours === undefined) return 2 * gap
  if (freshHours > gap) return freshHours
  throw invalid(
    `"freshHours": expected more than the ${gap} hours between two starts of "schedule" ${schedule}, ` +
      `found ${freshHours}. Raise it, or start runs more often`,
  )
}

function parseOption(name: string, spec: Option, value: unknown): unknown {
  const parsed = spec.schema.safeParse(value ?? spec.default)
  if (parsed.success) return parsed.data
  const found = value === undefined ? 'nothing' : JSON.stringify(value)
  throw invalid(
    `"${name}": expected ${spec.allowed}, found ${found}${placeOf(parsed.error.issues[0])}. ` +
      `Set it in cdk.json under "context", or pass -c ${name}=…`,
  )
}

function placeOf(issue: z.core.$ZodIssue | undefined): string {
  const where = issue?.path.join('.')
  if (!issue || !where) return ''
  const expected = issue.code === 'custom' ? `, where ${issue.message} is expected` : ''
  return ` (the problem is at ${where}${expected})`
}

function refuseUnknown(context: Readonly<Record<string, unknown>>): void {
  const unknown = Object.keys(context).filter((key) => !NOT_AN_OPTION.test(key) && !(key in OPTION_TABLE))
  if (unknown.length === 0) return
  const names = Object.keys(OPTION_TABLE).join(', ')
  throw invalid(`unknown option ${unknown.map((key) => `"${key}"`).join(', ')}: expected one of ${names}`)
}

/**
 * Checks that the configuration fits the datasets that it is deployed with.
 *
 * @throws DayfoldError InvalidConfiguration for settings of an unknown dataset, an instance type that accepts no KMS
 *   key, a schedule of more dataset-days than an execution may have, or a dataset named like another's table of
 *   rejected records
 */
export function checkDatasets(config: Config, datasets: readonly DescribedDataset[]): void {
  const names = datasets.map((dataset) => dataset.name)
  const unknown = Object.keys(config.datasets).filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    throw invalid(`"datasets": expected settings of ${names.join(', ')}, found "${unknown.join('", "')}"`)
  }
  const rejected = names.find((name) => names.includes(rejectedTable(name)))
  if (rejected !== undefined) {
    throw invalid(
      `dataset "${rejectedTable(rejected)}": expected another name, since the rejected records of "${rejected}" ` +
        'have a table of that name',
    )
  }
  for (const { name, instanceType } of datasets)
    checkVolume(config.kmsKeyArn, config.datasets[name]?.instanceType ?? instanceType ?? config.instanceType)
  const days = names.map((name) => (config.datasets[name]?.lookbackDays ?? DEFAULT_LOOKBACK_DAYS) + 1)
  const count = days.reduce((sum, each) => sum + each, 0)
  if (count > MAX_DATASET_DAYS) {
    throw invalid(
      `"datasets": expected a schedule over at most ${MAX_DATASET_DAYS} dataset-days, found ${count}. ` +
        'Lower lookbackDays',
    )
  }
}

function invalid(problem: string): DayfoldError {
  return new DayfoldError('InvalidConfiguration', `Configuration: ${problem}.`)
}
