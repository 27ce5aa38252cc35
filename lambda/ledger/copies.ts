import { headManifest } from '../../aws/day-state.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { listObjects, type ListedObject } from '../../aws/list-objects.ts'
import { copyToNewName } from '../../aws/write-objects.ts'
import type { DatasetDay } from '../../core/dataset-day.ts'
import { locationOf, nameOf, quarantineKey } from '../../core/layout.ts'
import type { Copy, RetiredFolder, StoredFile } from '../../core/manifest.ts'
import type { Ledger, StoredManifest } from './ledger.ts'

/** Largest object that one CopyObject copies. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
const MAX_COPY_BYTES = 5 * 1024 ** 3

/**
 * Makes those copies within the data bucket that do not exist yet.
 *
 * @param attempt token of the attempt that the copies belong to; a target key taken by another attempt's object is not
 * a copy
 * @returns ETags of the copies by their keys; undefined if a source is missing or something else has a target's key
 */
export async function copyAll(
  ledger: Ledger,
  /** One per part, in the same order. */
  copies: readonly Copy[],
  attempt: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  const etags = await inParallel(copies, (copy) => copyToNewName(ledger.data, copy, attempt))
  if (etags.includes(undefined)) return undefined
  return new Map(copies.map(({ to }, index) => [to, etags[index]!]))
}

/** Returns the parts with the ETags that `etags` has for their keys; other parts stay as they are. */
export function withEtags(
  parts: readonly StoredFile[],
  etags: ReadonlyMap<string, string>,
): readonly StoredFile[] {
  return parts.map((part) => ({ ...part, ...(etags.has(part.key) && { etag: etags.get(part.key)! }) }))
}

/**
 * Returns the parts as they will be in another folder, under the same file names, and the copies that bring them there.
 * Copies nothing itself.
 *
 * @param prefix of the other folder
 */
export function partsIn(
  prefix: string,
  parts: readonly StoredFile[],
): { parts: readonly StoredFile[]; copies: readonly Copy[] } {
  const moved = parts.map((part) => ({ ...part, key: prefix + nameOf(part.key) }))
  const copies = parts.map(({ key, bytes }, index) => ({ from: key, to: moved[index]!.key, bytes }))
  return { parts: moved, copies }
}

/**
 * Lists the objects in the folder that a published day leaves, as a record of what to delete. Once no query can read
 * the folder any more, exactly these are deleted: objects added later stay. Foreign objects are copied to `quarantine/`
 * first; those above 5 GiB are left out of the record and stay.
 */
export async function recordFolder(
  ledger: Ledger,
  day: DatasetDay,
  { manifest, etag }: StoredManifest,
): Promise<RetiredFolder> {
  const published = manifest.published!
  return await recordPrefix(ledger, day, { prefix: locationOf(published), own: published.parts, over: etag })
}

/** Folder that {@link recordPrefix} lists, and the files in it that are the day's own. */
export interface RecordedPrefix {
  /** Prefix of the folder in the data bucket. */
  readonly prefix: string
  /** Files of the day. All other objects are foreign. */
  readonly own: readonly StoredFile[]
  /** ETag of the manifest that `own` was taken from; undefined if the day has no manifest. */
  readonly over: string | undefined
}

/**
 * Lists the objects in any folder of a day, as {@link recordFolder} does for the published one. Copies no foreign
 * objects if the manifest has changed meanwhile: they may belong to the newer manifest, and the caller's write of the
 * record will fail.
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
