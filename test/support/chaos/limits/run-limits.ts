import { addDays, type Day } from '../../../../core/dates.ts'
import { createLimits, type Limits } from '@dayfold/local-aws/limits'
import { startPipeline, statuses } from '../../pipeline/pipeline.ts'

export interface LimitsRunOptions {
  /** Dataset-days, all at once. */
  readonly days: number
  /** Raw files of a day. */
  readonly files: number
  /** Invocations of functions at once. @default any number */
  readonly concurrency?: number | undefined
}

/** What a run under limits came to. */
export interface LimitsReport {
  readonly days: number
  /** Days that were published, each once. */
  readonly published: number
  /** How the execution ended. */
  readonly status: string
  /** What the limits let through, and what they did not. */
  readonly counts: Limits['counts']
  /** Milliseconds from a day's first request for a job to the one that got its instance. */
  readonly waits: { readonly min: number; readonly median: number; readonly max: number }
}

const FIRST: Day = '2024-03-01'
const INSTANCE = 'ml.m5.2xlarge'
/** Instances that there are for all days. */
const QUOTA = 2
const CREATES_PER_SECOND = 4
/** Ten minutes, the longest wait between two tries, are six seconds. */
const WAIT_SCALE = 0.01
const RECORDS = 2
/** Reads of raw files a second: a third of what a job asks for at once. */
const READS_PER_SECOND = 4

/** Publishes days under the limits of a small account. */
export async function runLimits({
  days: count,
  files,
  concurrency,
}: LimitsRunOptions): Promise<LimitsReport> {
  const limits = createLimits({
    s3: { perSecond: READS_PER_SECOND, prefixOf: rateOf, operation: /^GetObject$/ },
    instances: { [INSTANCE]: QUOTA },
    createsPerSecond: CREATES_PER_SECOND,
    ...(concurrency !== undefined && { concurrency }),
  })
  const pipeline = await startPipeline({ limits, waitScale: WAIT_SCALE })
  try {
    const days = Array.from({ length: count }, (_, index) => addDays(FIRST, index))
    for (const day of days)
      for (let file = 0; file < files; file++)
        pipeline.raw.write(day, `${file}.jsonl`, RECORDS, file * RECORDS)
    const range = { from: days[0]!, to: days.at(-1)!, maxConcurrency: count }
    const { status, summary } = await pipeline.run(range)
    const published = Object.values(statuses(summary)).filter((each) => each === 'published').length
    const rows = await pipeline.sql('SELECT count(*), count(DISTINCT day_partition) FROM readings')
    const expected = [[String(count * files * RECORDS), String(count)]]
    const isWhole = JSON.stringify(rows) === JSON.stringify(expected)
    return {
      days: count,
      published: isWhole ? published : -1,
      status,
      counts: limits.counts,
      waits: spreadOf(waitsOf(limits)),
    }
  } finally {
    await pipeline.close()
  }
}

/** The raw files share a rate; every other object has one of its own. */
const rateOf = (key: string) => (key.startsWith('readings/') ? 'raw' : key)

/** By day: names of jobs hold the date. */
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

function spreadOf(waits: readonly number[]): LimitsReport['waits'] {
  const sorted = waits.map(Math.round).sort((left, right) => left - right)
  return { min: sorted[0] ?? 0, median: sorted[Math.floor(sorted.length / 2)] ?? 0, max: sorted.at(-1) ?? 0 }
}
