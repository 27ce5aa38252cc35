import { DescribeExecutionCommand } from '@aws-sdk/client-sfn'
import { HeadObjectCommand } from '@aws-sdk/client-s3'
import type { Day } from '../core/dates.ts'
import { attemptKey, manifestKey, statePrefix, tableAndDayOf } from '../core/layout.ts'
import type { Attempt, ManifestMetadata, WorkKind } from '../core/manifest.ts'
import { inParallel } from './in-parallel.ts'
import { getJson, isMissing, listObjects } from './objects.ts'
import type { Target } from './target.ts'

/** How the newest attempt at a day went. */
export interface LastAttempt {
  readonly state: 'ok' | 'failed' | 'running'
  readonly kind: WorkKind
  /** ISO time. */
  readonly startedAt: string
  readonly why: string
  /** ARN of the execution. */
  readonly execution: string
  readonly error?: string
}

/** What the ledger says of a day. The numbers are of the published generation, 0 when there is none. */
export interface DayState {
  readonly dataset: string
  readonly date: Day
  readonly generation: number
  readonly rows: number
  /** Raw files. */
  readonly files: number
  /** Rejected records. */
  readonly rejected: number
  /** ISO time. */
  readonly publishedAt: string | null
  /** Whether a publish is in progress, or was when its writer died. */
  readonly publishing: boolean
  readonly lastAttempt: LastAttempt | null
}

export interface StatusOptions {
  /** Names; default: all. */
  readonly datasets?: readonly string[]
  /** First and last day, inclusive; default: every day that the ledger knows. */
  readonly from?: Day
  readonly to?: Day
}

const REQUESTS_AT_ONCE = 16

/** The state of every day that was ever worked on, in the order of dataset, then day. Two small requests a day. */
export async function readStatus(target: Target, options: StatusOptions = {}): Promise<DayState[]> {
  const names = options.datasets ?? target.datasets.map(({ name }) => name)
  const isRunning = executionStates(target)
  const states: DayState[] = []
  for (const name of names) {
    const days = await knownDays(target, name, options)
    states.push(
      ...(await inParallel(days, REQUESTS_AT_ONCE, (day) => dayState(target, name, day, isRunning))),
    )
  }
  return states
}

async function knownDays(target: Target, table: string, { from, to }: StatusOptions): Promise<Day[]> {
  const days = new Set<Day>()
  const startAfter = from && `${statePrefix(table)}day_partition=${from}`
  for await (const { key } of listObjects(
    target.clients.s3,
    target.dataBucket,
    statePrefix(table),
    startAfter,
  )) {
    const day = tableAndDayOf(key)?.day
    if (day === undefined) continue
    if (to !== undefined && day > to) break
    days.add(day)
  }
  return [...days]
}

async function dayState(
  target: Target,
  dataset: string,
  date: Day,
  isRunning: (execution: string) => Promise<boolean>,
): Promise<DayState> {
  const [metadata, attempt] = await Promise.all([
    headManifest(target, dataset, date),
    getJson<Attempt>(target.clients.s3, target.dataBucket, attemptKey(dataset, date)),
  ])
  return {
    dataset,
    date,
    generation: Number(metadata?.generation ?? 0),
    rows: Number(metadata?.rows ?? 0),
    files: Number(metadata?.files ?? 0),
    rejected: Number(metadata?.rejected ?? 0),
    publishedAt: metadata?.['published-at'] || null,
    publishing: metadata?.intent === 'yes',
    lastAttempt: attempt ? await lastAttempt(attempt, metadata, isRunning) : null,
  }
}

async function headManifest(
  target: Target,
  dataset: string,
  date: Day,
): Promise<Partial<ManifestMetadata> | undefined> {
  const request = { Bucket: target.dataBucket, Key: manifestKey(dataset, date) }
  try {
    return (await target.clients.s3.send(new HeadObjectCommand(request))).Metadata ?? {}
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function lastAttempt(
  { token, kind, startedAt, why, execution, child, error }: Attempt,
  metadata: Partial<ManifestMetadata> | undefined,
  isRunning: (execution: string) => Promise<boolean>,
): Promise<LastAttempt> {
  const state =
    metadata?.attempt === token ? 'ok' : (await isRunning(child ?? execution)) ? 'running' : 'failed'
  return { state, kind, startedAt, why, execution, ...(error !== undefined && { error }) }
}

/** Asks once for each execution: hundreds of days share one. */
function executionStates({ clients }: Target): (execution: string) => Promise<boolean> {
  const answers = new Map<string, Promise<boolean>>()
  const ask = async (executionArn: string) => {
    try {
      const { status } = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }))
      return status === 'RUNNING'
    } catch (error) {
      // Step Functions forgets executions 90 days after they ended.
      // https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
      if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return false
      throw error
    }
  }
  return (execution) => {
    const answer = answers.get(execution) ?? ask(execution)
    answers.set(execution, answer)
    return answer
  }
}
