import { setTimeout as sleep } from 'node:timers/promises'
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  type DescribeExecutionCommandOutput,
  type ExecutionStatus,
} from '@aws-sdk/client-sfn'
import { inParallel } from '../aws/in-parallel.ts'
import { listObjects } from '../aws/list-objects.ts'
import { readDocument } from '../aws/objects.ts'
import { orCorrupt } from '../core/documents.ts'
import { DayfoldError } from '../core/errors.ts'
import { itemsKey, progressPrefix } from '../core/layout.ts'
import type { ExecutionRef, Progress } from '../core/messages.ts'
import { decodeItems, decodeProgress } from '../core/run-documents.ts'
import { dataOf, type Target } from './target.ts'

/** Progress of an execution at one moment. */
export interface ExecutionSnapshot {
  readonly status: ExecutionStatus
  /** Name of the state that was entered last; undefined before the first. */
  readonly state: string | undefined
  /** Start of the execution. @default unknown */
  readonly startedAt?: Date
  readonly days: {
    /** Number of items, one per dataset-day; undefined until they are planned. */
    readonly total: number | undefined
    /** Number of dataset-days that have ended, with whatever outcome. */
    readonly finished: number
    /** Number of dataset-days being worked on. @default unknown */
    readonly running?: number
    /** Maximum number of dataset-days at once. @default not known yet */
    readonly atOnce?: number
  }
  /** Latest progress of each job and waiting day, in the order of dataset and day. */
  readonly progress: readonly Progress[]
  /** Name of the error with which the execution failed or was stopped. @default none */
  readonly error?: string
  /** Description of that error. @default none */
  readonly cause?: string
}

/** Pause of {@link followExecution} between two snapshots, and a signal that ends it. */
export interface FollowOptions {
  /** Seconds between two snapshots. */
  readonly pollSeconds: number
  /** Ends the pause between two snapshots, and the generator. */
  readonly signal?: AbortSignal
}

/**
 * Yields snapshots of an execution's progress until it has ended; the last one has its final status. Each costs a few
 * requests, and a GET for each job whose progress has changed.
 */
export async function* followExecution(
  target: Target,
  execution: ExecutionRef,
  { pollSeconds, signal }: FollowOptions,
): AsyncGenerator<ExecutionSnapshot> {
  const readProgress = progressReader(target, execution)
  const readDays = daysReader(target, execution)
  for (;;) {
    // The status is read first: everything read after a final status is final too.
    const description = await describe(target, execution)
    const [days, progress] = [await readDays(), await readProgress()]
    yield snapshot(description, days, progress)
    if (description.status !== 'RUNNING' || signal?.aborted) return
    await sleep(pollSeconds * 1000, undefined, { ...(signal && { signal }) }).catch(() => undefined)
    if (signal?.aborted) return
  }
}

function describe(target: Target, execution: ExecutionRef): Promise<DescribeExecutionCommandOutput> {
  return target.clients.sfn.send(new DescribeExecutionCommand({ executionArn: execution.arn }))
}

function snapshot(
  { status, error, cause, startDate }: DescribeExecutionCommandOutput,
  { state, ...days }: Days,
  progress: readonly Progress[],
): ExecutionSnapshot {
  return {
    status: status!,
    state,
    days,
    progress,
    ...(startDate && { startedAt: startDate }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  }
}

/**
 * Reads the progress of all jobs, fetching only those whose ETag has changed. An unreadable one is skipped, because its
 * job writes it again.
 */
function progressReader(target: Target, execution: ExecutionRef): () => Promise<Progress[]> {
  const data = dataOf(target)
  const known = new Map<string, { etag: string; progress: Progress | undefined }>()
  return async () => {
    const changed: { key: string; etag: string }[] = []
    for await (const { key, etag } of listObjects(data, progressPrefix(execution.name))) {
      if (known.get(key)?.etag !== etag) changed.push({ key, etag })
    }
    await inParallel(changed, async ({ key, etag }) => {
      const progress = await orCorrupt(() => readDocument(data, key, decodeProgress))
      const isRead = !(progress instanceof DayfoldError)
      known.set(key, { etag, progress: isRead ? progress : known.get(key)?.progress })
    })
    return [...known.keys()].sort().flatMap((key) => known.get(key)!.progress ?? [])
  }
}

interface Days {
  readonly state: string | undefined
  readonly total: number | undefined
  readonly finished: number
  readonly running?: number
  readonly atOnce?: number
}

/** Reads the execution's current state, and how many days of its Map have ended. */
function daysReader(target: Target, execution: ExecutionRef): () => Promise<Days> {
  const data = dataOf(target)
  let mapRunArn: string | undefined
  let total: number | undefined
  const countItems = async () => {
    const items = await orCorrupt(() => readDocument(data, itemsKey(execution.name), decodeItems))
    return items instanceof DayfoldError ? undefined : items?.length
  }
  return async () => {
    const history = await readHistory(target, execution)
    mapRunArn ??= history.mapRunArn
    total ??= await countItems()
    const counts = mapRunArn === undefined ? { finished: 0 } : await countDays(target, mapRunArn)
    return { state: history.state, total, ...counts }
  }
}

/** More events than are expected between two snapshots. */
const HISTORY_EVENTS = 50

async function readHistory(
  { clients }: Target,
  execution: ExecutionRef,
): Promise<{ state: string | undefined; mapRunArn: string | undefined }> {
  const { events = [] } = await clients.sfn.send(
    new GetExecutionHistoryCommand({
      executionArn: execution.arn,
      reverseOrder: true,
      maxResults: HISTORY_EVENTS,
    }),
  )
  return {
    state: events.find((event) => event.stateEnteredEventDetails)?.stateEnteredEventDetails?.name,
    mapRunArn: events.find((event) => event.mapRunStartedEventDetails)?.mapRunStartedEventDetails?.mapRunArn,
  }
}

async function countDays({ clients }: Target, mapRunArn: string): Promise<Omit<Days, 'state' | 'total'>> {
  const { itemCounts, maxConcurrency } = await clients.sfn.send(new DescribeMapRunCommand({ mapRunArn }))
  const { succeeded = 0, failed = 0, timedOut = 0, aborted = 0, running = 0 } = itemCounts ?? {}
  return {
    finished: succeeded + failed + timedOut + aborted,
    running,
    ...(maxConcurrency !== undefined && { atOnce: maxConcurrency }),
  }
}
