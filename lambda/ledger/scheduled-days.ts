import { listObjects } from '../../aws/list-objects.ts'
import { readObject, type Bucket } from '../../aws/objects.ts'
import { deleteObjects, deleteUnmoved, putObject } from '../../aws/write-objects.ts'
import { decodeDocument, encodeDocument, orCorrupt, type DocumentKind } from '../../core/documents.ts'
import { DayfoldError } from '../../core/errors.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { SCHEDULED, scheduledKey } from '../../core/layout.ts'

/** Days that a scheduled execution has set out to work on, stored as `state/_scheduled/<execution>` until it ends. */
interface ScheduledDays {
  readonly days: readonly DatasetDay[]
}

const SCHEDULED_DAYS: DocumentKind<ScheduledDays> = {
  name: 'a list of days of a scheduled execution',
  version: 1,
  saysVersion: true,
  isGzipped: false,
  fields: { days: 'list' },
  remedy: 'Delete it, and run the days that the execution covered.',
}

/** Days of scheduled executions that have not told their outcome. */
export interface UntoldDays {
  readonly days: readonly DatasetDay[]
  /** Forgets those of other executions, once they are somebody else's: call it after they have been put elsewhere. */
  readonly forget: () => Promise<void>
}

/**
 * Writes down the days that a scheduled execution works on. If it dies, the next one works on them as well: by then the
 * oldest of them may be beyond its lookback, and its late files would be found by nobody.
 */
export async function putScheduledDays(
  data: Bucket,
  execution: string,
  days: readonly DatasetDay[],
): Promise<void> {
  const listed = days.map(({ dataset, date }) => ({ dataset, date }))
  await putObject(data, scheduledKey(execution), encodeDocument({ days: listed }, SCHEDULED_DAYS))
}

/** Forgets the days of an execution that has told the outcome of each. */
export const removeScheduledDays = (data: Bucket, execution: string): Promise<void> =>
  deleteObjects(data, [scheduledKey(execution)])

/**
 * Reads the days of scheduled executions that are running or dead, this one included, which may be tried again. A list
 * that cannot be read is left where it is.
 */
export async function untoldDays(data: Bucket, execution: string): Promise<UntoldDays> {
  const days: DatasetDay[] = []
  const others: { readonly key: string; readonly etag: string }[] = []
  for await (const { key } of listObjects(data, SCHEDULED)) {
    const object = await readObject(data, key)
    if (!object) continue
    const listed = await orCorrupt(() => decodeDocument(object.body, key, SCHEDULED_DAYS))
    if (listed instanceof DayfoldError) continue
    days.push(...listed.days)
    if (key !== scheduledKey(execution)) others.push({ key, etag: object.etag })
  }
  return {
    days,
    forget: async () => {
      for (const { key, etag } of others) await deleteUnmoved(data, key, etag)
    },
  }
}
