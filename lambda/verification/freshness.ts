import { readObject, type Bucket } from '../../aws/objects.ts'
import { isScheduled } from '../../core/dataset-facts.ts'
import type { Deployment } from '../../core/deployment.ts'
import { orCorrupt } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'
import { summaryKey } from '../../core/layout.ts'
import type { DayOutcome, ExecutionRef, VerifyOutput } from '../../core/messages.ts'
import { decodeSummary } from '../../core/run-documents.ts'

/**
 * True if an execution shows that the tables are fresh: of the days that the schedule covers, it found one unchanged,
 * or it published one and Verify counted some. An execution whose scheduled days were all busy, empty, stuck or failed
 * shows nothing, nor does a backfill of other days. Failed days beside a fresh one do not matter: the metric
 * DaysOutstanding counts them.
 *
 * @returns false as well if the summary is missing or cannot be read
 */
export async function isFreshRun(
  { name }: ExecutionRef,
  { verified }: Pick<VerifyOutput, 'verified'>,
  { data, deployment }: { readonly data: Bucket; readonly deployment: Deployment },
): Promise<boolean> {
  const key = summaryKey(name)
  const stored = await readObject(data, key)
  const summary = stored && (await orCorrupt(() => decodeSummary(stored.body, key)))
  if (!summary || summary instanceof DayfoldError) return false
  const now = new Date(stored.answeredAt).toISOString()
  return summary.days.some(
    (day) =>
      isCovered(day, deployment, now) &&
      (day.status === 'unchanged' || (day.status === 'published' && verified > 0)),
  )
}

function isCovered({ dataset, date }: DayOutcome, { datasets }: Deployment, now: string): boolean {
  const deployed = datasets.find(({ name }) => name === dataset)
  return deployed !== undefined && isScheduled(deployed, date, now)
}
