import { readAttempt } from '../../aws/day-state.ts'
import { firstLines } from '../../aws/first-lines.ts'
import { listObjects } from '../../aws/list-objects.ts'
import type { Bucket } from '../../aws/objects.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { stagedRejectsPrefix, stagingPrefix } from '../../core/layout.ts'
import { REJECT_REASONS, type Reject } from '../../core/rejects.ts'

/** Maximum number of records that are shown per day. */
const MAX_EXAMPLES = 5
/** Limits of the rejects that are read of a day. A line has up to 90 KB. */
const LOOKED_AT = { maxLines: 200, maxBytes: 256 * 1024 } as const

/**
 * Reads at most five of a day's rejected records, the first of each reason before others, from the beginning of one
 * reject file. Lines that are no rejects are skipped.
 *
 * @param keys of the published generation's reject files; undefined for those that the newest attempt has staged
 */
export async function exampleRecords(
  data: Bucket,
  day: DatasetDay,
  keys: readonly string[] | undefined,
): Promise<Reject[]> {
  const key = keys ? keys.at(0) : await firstStaged(data, day)
  if (key === undefined) return []
  const records = (await firstLines(data, key, LOOKED_AT)).flatMap(rejectIn)
  const firsts = records.filter(
    ({ reason }, index) => records.findIndex((other) => other.reason === reason) === index,
  )
  const others = records.filter((record) => !firsts.includes(record))
  return [...firsts, ...others].slice(0, MAX_EXAMPLES)
}

async function firstStaged(data: Bucket, day: DatasetDay): Promise<string | undefined> {
  const stored = await readAttempt(data, day)
  if (!stored || stored.problem) return undefined
  const staging = stagingPrefix(day.dataset, day.date, stored.attempt.token)
  for await (const { key } of listObjects(data, stagedRejectsPrefix(staging))) return key
  return undefined
}

/** Skips lines that are no rejects: anybody who may write to the bucket can have put them there. */
function rejectIn(line: string): Reject[] {
  let value: Partial<Record<keyof Reject, unknown>> | null
  try {
    value = JSON.parse(line) as typeof value
  } catch {
    return []
  }
  if (typeof value !== 'object' || value === null) return []
  const { source, line: number, reason, message, raw, rawBase64 } = value
  const isReject =
    typeof source === 'string' &&
    typeof number === 'number' &&
    typeof message === 'string' &&
    (REJECT_REASONS as readonly unknown[]).includes(reason) &&
    [raw, rawBase64].every((text) => text === undefined || typeof text === 'string')
  return isReject ? [value as Reject] : []
}
