import type { SFNClient } from '@aws-sdk/client-sfn'
import { addDays, type Day } from '../../../../core/dates.ts'
import { createLimits, type Limits } from '@dayfold/local-aws/limits'
import { childrenOf, historyOf, retriesIn } from '../../histories.ts'
import { startPipeline, statuses } from '../../pipeline/pipeline.ts'
import { withReadRates, type ReadRates } from './raw-reads.ts'
import { spreadOf, type Spread } from './spread.ts'

export interface LimitsRunOptions {
  /** Number of dataset-days, which run all at once. */
  readonly days: number
  /** Raw files per day. */
  readonly files: number
  /** Concurrent invocations of functions, including those of the account's other functions. */
  readonly concurrency: number
}

/** Result of a run under limits. */
export interface LimitsReport {
  readonly days: number
  /** Number of days that were published, each once. */
  readonly published: number
  /** Status of the ended execution. */
  readonly status: string
  /** Calls that the limits let through, and calls that they refused. */
  readonly counts: Limits['counts']
  readonly rawReads: ReadRates
  /** Seconds of waiting between two tries in the definition, by the error of the first. */
  readonly retries: Readonly<Record<string, Spread>>
  /** Seconds, in the time of the definition, from a day's first request for a job to the one that got its instance. */
  readonly instanceWaits: Spread
}

const FIRST: Day = '2024-03-01'
const INSTANCE = 'ml.m5.2xlarge'
/** Instances for all days together. */
const QUOTA = 2
/** Quota of CreateProcessingJob: https://docs.aws.amazon.com/general/latest/gr/sagemaker.html#limits_sagemaker */
const CREATES_PER_SECOND = 1
/** Shortens waits: the longest between two tries, ten minutes, takes six seconds. */
const WAIT_SCALE = 0.01
const RECORDS = 2
/** Share of the files that a job requests at once which S3 serves per second, to all jobs together. */
const SERVED_SHARE = 1 / 4
/**
 * Refusals of the first function here until the account's other functions stop using all of the concurrency: more than
 * the number of retries of errors other than Lambda's own.
 */
const OTHERS_LEAVE_AFTER = 8
const RAW_PREFIX = 'readings/'

/** Publishes days under the limits of a small account. */
export async function runLimits(options: LimitsRunOptions): Promise<LimitsReport> {
  const { days: count, files, concurrency } = options
  const account = createLimits({
    s3: { perSecond: files * SERVED_SHARE, prefixOf: rateOf, operation: /^GetObject$/ },
    instances: { [INSTANCE]: QUOTA },
    createsPerSecond: CREATES_PER_SECOND,
    concurrency,
  })
  const shared = withOthersAtFirst(account, concurrency)
  const { limits, rates } = withReadRates(shared, (key) => key.startsWith(RAW_PREFIX))
  const pipeline = await startPipeline({ limits, waitScale: WAIT_SCALE, maxConcurrency: count })
  try {
    const days = Array.from({ length: count }, (_, index) => addDays(FIRST, index))
    for (const day of days)
      for (let file = 0; file < files; file++)
        pipeline.raw.write(day, `${file}.jsonl`, RECORDS, file * RECORDS)
    const range = { from: days[0]!, to: days.at(-1)!, maxConcurrency: count }
    const { arn, status, summary } = await pipeline.run(range)
    const published = Object.values(statuses(summary)).filter((each) => each === 'published').length
    const rows = await pipeline.sql('SELECT count(*), count(DISTINCT day_partition) FROM readings')
    const expected = [[String(count * files * RECORDS), String(count)]]
    const isWhole = JSON.stringify(rows) === JSON.stringify(expected)
    return {
      days: count,
      published: isWhole ? published : -1,
      status,
      counts: limits.counts,
      rawReads: rates(),
      retries: await retriesOf(pipeline.aws.target.clients.sfn, arn),
      instanceWaits: spreadOf(waitsOf(limits).map(toDefinition)),
    }
  } finally {
    await pipeline.close()
  }
}

/** Converts milliseconds to seconds in the time of the definition. */
const toDefinition = (milliseconds: number) => Math.round(milliseconds / 1000 / WAIT_SCALE)

/** All raw files share one rate. Other prefixes get fewer requests than S3 would refuse. */
const rateOf = (key: string) => (key.startsWith(RAW_PREFIX) ? RAW_PREFIX : undefined)

/** Returns limits whose concurrency is used up by others at first. */
function withOthersAtFirst(limits: Limits, concurrency: number): Limits {
  const others = Array.from({ length: concurrency }, () => limits.takeInvocation())
  return {
    ...limits,
    takeInvocation() {
      if (limits.counts.invocations.refused === OTHERS_LEAVE_AFTER)
        for (const giveBack of others.splice(0)) giveBack()
      return limits.takeInvocation()
    },
  }
}

async function retriesOf(sfn: SFNClient, executionArn: string): Promise<LimitsReport['retries']> {
  const waits: Record<string, number[]> = {}
  const add = async (arn: string) => {
    for (const { error, waitedMs } of retriesIn(await historyOf(sfn, arn)))
      (waits[error] ??= []).push(toDefinition(waitedMs))
  }
  await add(executionArn)
  for await (const child of childrenOf(sfn, executionArn)) await add(child)
  return Object.fromEntries(Object.entries(waits).map(([error, seconds]) => [error, spreadOf(seconds)]))
}

/** Returns the waits of days from their first requests, in milliseconds. Names of jobs hold the date. */
function waitsOf({ creates }: Limits): number[] {
  const first = new Map<string, number>()
  const waits: number[] = []
  for (const { name, at, outcome } of creates) {
    const day = /\d{4}-?\d{2}-?\d{2}/.exec(name)?.[0] ?? name
    if (!first.has(day)) first.set(day, at)
    if (outcome === 'passed') waits.push(at - first.get(day)!)
  }
  return waits
}
