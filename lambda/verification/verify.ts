import type { QueryOptions } from '../../aws/athena-query.ts'
import type { DeployedDataset, Deployment } from '../../core/deployment.ts'
import { orCorrupt } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'
import { summaryKey } from '../../core/layout.ts'
import type { VerifyInput, VerifyOutput } from '../../core/messages.ts'
import { decodeSummary } from '../../core/run-documents.ts'
import type { ManifestMetadata } from '../../core/manifest-metadata.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { readDocument, type Bucket } from '../../aws/objects.ts'
import { headManifest, type ManifestHead } from '../../aws/day-state.ts'
import { namingFailedDays } from '../name-failed-days.ts'
import { putSummary, type WritePage } from '../put-summary.ts'
import { countRows } from './count-rows.ts'
import { findDuplicates, forgetDuplicates } from './find-duplicates.ts'
import { listUnverified, markVerified, type UnverifiedDay } from '../ledger/unverified-entries.ts'

/** Maximum number of counts of a day that changes while the query runs. */
const MAX_ROUNDS = 3
/** Maximum number of mismatches that a cause names, and of duplicates in the answer. */
const MAX_NAMED = 20
const TABLES_AT_ONCE = 2

/** Query settings, datasets and callbacks of Verify. */
export interface VerifyContext {
  readonly data: Bucket
  readonly query: QueryOptions
  readonly deployment: Deployment
  /**
   * Called with the error of each document that cannot be read, and of a failed search for duplicates. Verify goes on.
   */
  readonly onProblem?: (problem: DayfoldError) => void
  /** Writes the page of the execution. @default none is written */
  readonly writePage?: WritePage
}

/** A day whose count differs from its manifest. */
interface Mismatch extends UnverifiedDay {
  readonly expected: number
  readonly found: number
}

/**
 * Counts, with Athena, the rows of every day that was published and not yet verified, by this execution or an earlier
 * one, and compares the counts with the manifests. A day that agrees leaves the list `state/_unverified/`, unless the
 * search for its duplicates failed and may succeed later. A day that differs stays on it and is reported by every
 * execution until it agrees. Adds the result to the summary.
 */
export async function verify(input: VerifyInput, context: VerifyContext): Promise<VerifyOutput> {
  return await namingFailedDays(input.failedDays, () => compareAll(input, context))
}

async function compareAll(input: VerifyInput, context: VerifyContext): Promise<VerifyOutput> {
  const { data, deployment, onProblem } = context
  const unverified = await listUnverified(data)
  for (const { problem } of unverified) if (problem) onProblem?.(problem)
  const results = await inParallel(
    deployment.datasets,
    (dataset) =>
      verifyTable(
        dataset,
        unverified.filter((day) => day.dataset === dataset.name),
        context,
      ),
    TABLES_AT_ONCE,
  )
  const duplicates = results.flatMap((result) => result.duplicates)
  const mismatched = results.flatMap((result) => result.mismatched)
  const output: VerifyOutput = {
    verified: results.reduce((sum, result) => sum + result.verified, 0),
    moved: results.reduce((sum, result) => sum + result.moved, 0),
    mismatched: mismatched.length,
    cause: mismatchCause(mismatched),
    ...(duplicates.length > 0 && {
      duplicates: { count: duplicates.length, told: duplicates.slice(0, MAX_NAMED) },
    }),
  }
  await addToSummary(input, output, context)
  return output
}

interface TableResult {
  readonly verified: number
  readonly moved: number
  readonly mismatched: readonly Mismatch[]
  readonly duplicates: readonly string[]
}

async function verifyTable(
  dataset: DeployedDataset,
  days: readonly UnverifiedDay[],
  context: VerifyContext,
): Promise<TableResult> {
  const mismatched: Mismatch[] = []
  const duplicates: string[] = []
  let verified = 0
  let pending = days
  if (!hasUniqueChecks(dataset)) await forgetDuplicates(context.data, dataset.name)
  for (let round = 1; round <= MAX_ROUNDS && pending.length > 0; round++) {
    const compared = await compareOnce(dataset.name, pending, context)
    const agreed = compared.filter(({ verdict }) => verdict === 'agrees').map(({ day }) => day)
    const found = await duplicatesIn(dataset, agreed, context)
    if (found) for (const day of agreed) await markVerified(context.data, day)
    duplicates.push(...(found ?? []))
    verified += agreed.length
    mismatched.push(...compared.flatMap(({ verdict }) => (typeof verdict === 'object' ? [verdict] : [])))
    pending = compared.filter(({ verdict }) => verdict === 'moved').map(({ day }) => day)
  }
  return { verified, moved: pending.length, mismatched, duplicates }
}

const hasUniqueChecks = ({ checks = [] }: DeployedDataset) => checks.some(({ check }) => check === 'unique')

/**
 * Returns duplicates, which are only a warning: a failed query is reported and stops nothing. Undefined if the next run
 * is to search the days again.
 */
async function duplicatesIn(
  dataset: DeployedDataset,
  days: readonly UnverifiedDay[],
  { data, query, onProblem }: VerifyContext,
): Promise<string[] | undefined> {
  const { name, checks = [] } = dataset
  if (!hasUniqueChecks(dataset)) return []
  try {
    const dates = days.map(({ date }) => date)
    return await findDuplicates(name, dates, { data, query, checks, onProblem })
  } catch (error) {
    if (!(error instanceof DayfoldError)) throw error
    onProblem?.(error)
    return undefined
  }
}

interface Compared {
  readonly day: UnverifiedDay
  readonly verdict: 'agrees' | 'moved' | Mismatch
}

/** Reads manifests, counts, and reads the manifests again: only days that did not change in between are compared. */
async function compareOnce(
  table: string,
  days: readonly UnverifiedDay[],
  { data, query }: VerifyContext,
): Promise<Compared[]> {
  const before = await inParallel(days, (day) => headManifest(data, day))
  const still = days.filter((day, index) => isCurrent(before[index], day))
  const counts =
    still.length === 0
      ? new Map<string, number>()
      : await countRows(
          table,
          still.map(({ date }) => date),
          query,
        )
  const after = await inParallel(days, (day) => headManifest(data, day))
  return days.map((day, index) => {
    const head = before[index]
    const isMoved = !head || !isCurrent(head, day) || after[index]?.etag !== head.etag
    return { day, verdict: isMoved ? 'moved' : compare(day, head.metadata, counts.get(day.date) ?? 0) }
  })
}

/** True if the generation of the entry or a later one is published, and no intent is open. */
function isCurrent(head: ManifestHead | undefined, day: UnverifiedDay): boolean {
  return head?.metadata.intent === 'no' && Number(head.metadata.generation) >= day.generation
}

function compare(day: UnverifiedDay, { rows }: ManifestMetadata, found: number): 'agrees' | Mismatch {
  const expected = Number(rows)
  return expected === found ? 'agrees' : { ...day, expected, found }
}

function mismatchCause(mismatched: readonly Mismatch[]): string {
  if (mismatched.length === 0) return ''
  const named = mismatched
    .slice(0, MAX_NAMED)
    .map(
      ({ dataset, date, expected, found }) =>
        `${dataset} ${date}: expected ${expected} rows, Athena counts ${found}`,
    )
  const more = mismatched.length > MAX_NAMED ? [`and ${mismatched.length - MAX_NAMED} more`] : []
  return `Counts of ${mismatched.length} dataset-days disagree: ${[...named, ...more].join('; ')}. Rebuild them.`
}

async function addToSummary(
  { execution }: VerifyInput,
  verification: VerifyOutput,
  { data, onProblem, writePage }: VerifyContext,
): Promise<void> {
  const key = summaryKey(execution.name)
  const summary = await orCorrupt(() => readDocument(data, key, decodeSummary))
  if (!summary) return
  if (summary instanceof DayfoldError) return onProblem?.(summary)
  await putSummary(data, { ...summary, verification }, writePage)
}
