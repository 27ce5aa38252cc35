import { headManifest } from '../../aws/day-state.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { listObjects, type ListedObject } from '../../aws/list-objects.ts'
import { copyToNewName } from '../../aws/write-objects.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { locationOf, nameOf, quarantineKey } from '../../core/layout.ts'
import type { Copy, RetiredFolder, StoredFile } from '../../core/manifest.ts'
import type { Ledger, StoredManifest } from './ledger.ts'

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
  { manifest, etag }: StoredManifest,
): Promise<RetiredFolder> {
  const published = manifest.published!
  return await recordPrefix(ledger, day, { prefix: locationOf(published), own: published.parts, over: etag })
}

/** A folder of a day. */
export interface RecordedPrefix {
  readonly prefix: string
  /** What of it is the day's. */
  readonly own: readonly StoredFile[]
  /** ETag of the manifest that says so. */
  readonly over: string | undefined
}

/**
 * As {@link recordFolder}, for any folder. Once the manifest is another one, nothing comes of what is recorded, and what
 * looks foreign may be what the other one is about: no copies are made.
 */
export async function recordPrefix(
  { data }: Ledger,
  day: DatasetDay,
  { prefix, own, over }: RecordedPrefix,
): Promise<RetiredFolder> {
  const ownKeys = new Set(own.map(({ key }) => key))
  const listed: ListedObject[] = []
  for await (const object of listObjects(data, prefix)) {
    if (ownKeys.has(object.key) || object.size <= MAX_COPY_BYTES) listed.push(object)
  }
  const foreign = listed.filter(({ key }) => !ownKeys.has(key))
  const isOver = foreign.length > 0 && (await headManifest(data, day))?.etag === over
  await inParallel(isOver ? foreign : [], async ({ key, etag, size }) => {
    const to = quarantineKey(day.dataset, day.date, etag, key.slice(prefix.length))
    await copyToNewName(data, { from: key, to, bytes: size }, etag)
  })
  return { prefix, keys: listed.map(({ key }) => key) }
}
