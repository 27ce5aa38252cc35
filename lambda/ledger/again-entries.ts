import { randomUUID } from 'node:crypto'
import type { DatasetDay } from '../../core/execution-input.ts'
import { AGAIN, againKey } from '../../core/layout.ts'
import type { DayOutcome, DayStatus } from '../../core/messages.ts'
import { listObjects } from '../../aws/list-objects.ts'
import type { Bucket } from '../../aws/objects.ts'
import { deleteUnmoved, putObject } from '../../aws/write-objects.ts'

/**
 * Says that a day has to be worked on again, whatever days the next execution covers: a publish of it was given up.
 * Written before the intent goes, so that no death between the two loses the day.
 */
export async function putAgain(data: Bucket, { dataset, date }: DatasetDay): Promise<void> {
  await putObject(data, againKey(dataset, date), JSON.stringify({ nonce: randomUUID() }))
}

interface AgainEntry extends DatasetDay {
  readonly key: string
  readonly etag: string
}

/** The days that have to be worked on again. */
export async function listAgain(data: Bucket): Promise<AgainEntry[]> {
  const entries: AgainEntry[] = []
  for await (const { key, etag } of listObjects(data, AGAIN)) {
    const [dataset, date] = key.slice(AGAIN.length).split('/')
    if (dataset && date) entries.push({ dataset, date, key, etag })
  }
  return entries
}

/** What says that an execution has worked on a day, or has found that there is nothing to do. */
const DEALT_WITH: readonly DayStatus[] = ['published', 'unchanged', 'empty', 'failed']

/** Takes away the entries of the days that an execution has dealt with. A failed day is mode `failed`'s from then on. */
export async function endAgain(data: Bucket, days: readonly DayOutcome[]): Promise<void> {
  const dealtWith = new Set(
    days.filter(({ status }) => DEALT_WITH.includes(status)).map(({ dataset, date }) => `${dataset}/${date}`),
  )
  for (const { dataset, date, key, etag } of await listAgain(data)) {
    if (dealtWith.has(`${dataset}/${date}`)) await deleteUnmoved(data, key, etag)
  }
}
