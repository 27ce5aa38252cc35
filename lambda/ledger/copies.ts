import { inParallel } from '../../aws/in-parallel.ts'
import { listObjects, type ListedObject } from '../../aws/list-objects.ts'
import { copyToNewName } from '../../aws/write-objects.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { locationOf, nameOf, quarantineKey } from '../../core/layout.ts'
import type { Copy, Published, RetiredFolder, StoredFile } from '../../core/manifest.ts'
import type { Ledger } from './ledger.ts'

/** The largest object that one CopyObject copies. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
const MAX_COPY_BYTES = 5 * 1024 ** 3

/**
 * Makes copies, where they are not there yet.
 *
 * @param attempt that they belong to: a name that something else has taken does not count
 * @returns ETags by key of the copies, or undefined when one can be made no more
 */
export async function copyAll(
  ledger: Ledger,
  copies: readonly Copy[],
  attempt: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  const etags = await inParallel(copies, (copy) => copyToNewName(ledger.data, copy, attempt))
  if (etags.includes(undefined)) return undefined
  return new Map(copies.map(({ to }, index) => [to, etags[index]!]))
}

/** Parts with the ETags under which they lie in their folder. */
export function withEtags(
  parts: readonly StoredFile[],
  etags: ReadonlyMap<string, string>,
): readonly StoredFile[] {
  return parts.map((part) => ({ ...part, ...(etags.has(part.key) && { etag: etags.get(part.key)! }) }))
}

/** The same parts in another folder, and the copies that bring them there. */
export function partsIn(
  prefix: string,
  parts: readonly StoredFile[],
): { parts: readonly StoredFile[]; copies: readonly Copy[] } {
  const moved = parts.map((part) => ({ ...part, key: prefix + nameOf(part.key) }))
  const copies = parts.map(({ key, bytes }, index) => ({ from: key, to: moved[index]!.key, bytes }))
  return { parts: moved, copies }
}

/**
 * What lies in the folder that a day leaves: what is deleted once the grace is over is recorded now, so that nothing
 * that comes later is. Of objects that are not the day's, a copy is kept aside first.
 */
export async function recordFolder(
  ledger: Ledger,
  day: DatasetDay,
  published: Published,
): Promise<RetiredFolder> {
  return await recordPrefix(ledger, day, locationOf(published), published.parts)
}

/** As {@link recordFolder}, for a folder of which only `own` are the day's. */
export async function recordPrefix(
  { data }: Ledger,
  day: DatasetDay,
  prefix: string,
  own: readonly StoredFile[],
): Promise<RetiredFolder> {
  const ownKeys = new Set(own.map(({ key }) => key))
  const listed: ListedObject[] = []
  for await (const object of listObjects(data, prefix)) {
    if (ownKeys.has(object.key) || object.size <= MAX_COPY_BYTES) listed.push(object)
  }
  const foreign = listed.filter(({ key }) => !ownKeys.has(key))
  await inParallel(foreign, async ({ key, etag, size }) => {
    const to = quarantineKey(day.dataset, day.date, etag, key.slice(prefix.length))
    await copyToNewName(data, { from: key, to, bytes: size }, etag)
  })
  return { prefix, keys: listed.map(({ key }) => key) }
}
