import { inParallel } from '../aws/in-parallel.ts'
import { listPrefixes } from '../aws/list-objects.ts'
import { readDocument } from '../aws/objects.ts'
import { orCorrupt } from '../core/documents.ts'
import { DayfoldError } from '../core/errors.ts'
import { RUNS } from '../core/layout.ts'
import type { DayOutcome } from '../core/messages.ts'
import { decodeSummary } from '../core/run-documents.ts'
import { dataOf, type Target } from './target.ts'

/** Time that a dataset-day took in an earlier execution, for estimates. */
export interface TakenTime {
  readonly dataset: string
  /** Stored bytes of the raw files that its job read. */
  readonly bytes: number
  /** Seconds from the start of the attempt to the start of the program, spent waiting for an instance and its image. */
  readonly startSeconds: number
  /** Seconds from the start of the program to the publish. */
  readonly programSeconds: number
}

/** Maximum number of executions to look at: slightly more than a month of the default schedule. */
const MAX_RUNS = 300

/**
 * Reads the times that dataset-days took from the summaries of at most 300 executions, as far as they have not expired.
 * Costs a GET per execution.
 */
export async function takenTimes(target: Target): Promise<TakenTime[]> {
  const data = dataOf(target)
  const runs: string[] = []
  for await (const prefix of listPrefixes(data, RUNS)) {
    if (runs.push(prefix) === MAX_RUNS) break
  }
  const summaries = await inParallel(runs, (prefix) =>
    orCorrupt(() => readDocument(data, `${prefix}summary.json`, decodeSummary)),
  )
  return summaries.flatMap((summary) =>
    !summary || summary instanceof DayfoldError ? [] : summary.days.flatMap((day) => takenBy(day)),
  )
}

function takenBy({ dataset, seconds, programSeconds, processed }: DayOutcome): TakenTime[] {
  if (seconds === undefined || programSeconds === undefined || processed?.bytes === undefined) return []
  return [
    { dataset, bytes: processed.bytes, programSeconds, startSeconds: Math.max(0, seconds - programSeconds) },
  ]
}
