import { inParallel } from '../aws/in-parallel.ts'
import { listPrefixes } from '../aws/list-objects.ts'
import { readDocument } from '../aws/objects.ts'
import { orCorrupt } from '../core/documents.ts'
import { DayfoldError } from '../core/errors.ts'
import { RUNS } from '../core/layout.ts'
import type { DayOutcome } from '../core/messages.ts'
import { decodeSummary } from '../core/run-documents.ts'
import { dataOf, type Target } from './target.ts'

/** What a dataset-day took that an earlier execution worked on. */
export interface TakenTime {
  readonly dataset: string
  /** Raw bytes that its job read. */
  readonly bytes: number
  /** Seconds from the attempt's start to that of the program: an instance is waited for, and gets its image. */
  readonly startSeconds: number
  /** Seconds from the program's start to the publish. */
  readonly programSeconds: number
}

/** Executions to look into at most: those of a month of the default schedule, and some. */
const MAX_RUNS = 300

/** What earlier dataset-days took, of the executions whose summaries have not expired. A GET each. */
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
