import type { DatasetDay } from '../../core/execution-input.ts'
import { UNVERIFIED } from '../../core/layout.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { listObjects } from '../../aws/list-objects.ts'
import { readObject, type Bucket } from '../../aws/objects.ts'
import { deleteUnmoved } from '../../aws/write-objects.ts'

/** A published generation that has not been counted yet. */
export interface UnverifiedDay extends DatasetDay {
  readonly key: string
  /** Of the entry, which another publish replaces. */
  readonly etag: string
  readonly generation: number
}

/** All entries of `state/_unverified/`. Holds one line a day. */
export async function listUnverified(data: Bucket): Promise<UnverifiedDay[]> {
  const keys: string[] = []
  for await (const { key } of listObjects(data, UNVERIFIED)) keys.push(key)
  const days = await inParallel(keys, async (key) => {
    const object = await readObject(data, key)
    const [dataset, date] = key.slice(UNVERIFIED.length).split('/')
    if (!object || !dataset || !date) return []
    const { generation } = JSON.parse(Buffer.from(object.body).toString('utf8')) as { generation: number }
    return [{ dataset, date, key, etag: object.etag, generation }]
  })
  return days.flat()
}

/** Takes a counted day off the list, unless it has been published again since. */
export async function markVerified(data: Bucket, { key, etag }: UnverifiedDay): Promise<void> {
  await deleteUnmoved(data, key, etag)
}
