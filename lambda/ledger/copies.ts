import { headManifest } from '../../aws/day-state.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { listObjects, type ListedObject } from '../../aws/list-objects.ts'
import { copyToNewName } from '../../aws/write-objects.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { locationOf, nameOf, quarantineKey } from '../../core/layout.ts'
import type { Copy, RetiredFolder, StoredFile } from '../../core/manifest.ts'
import type { Ledger, StoredManifest } from './ledger.ts'

/** Largest object that one CopyObject copies. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
const MAX_COPY_BYTES = 5 * 1024 ** 3

/**
 * Makes the copies that do not exist yet.
 *
 * @param attempt that the copies belong to; an object of another attempt under the same name is no such copy
 * @returns ETags by the keys of the copies, or undefined when a copy can no longer be made
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

/** Returns the parts with the ETags that are given for their keys. */
export function withEtags(
  parts: readonly StoredFile[],
  etags: ReadonlyMap<string, string>,
): readonly StoredFile[] {
  return parts.map((part) => ({ ...part, ...(etags.has(part.key) && { etag: etags.get(part.key)! }) }))
}

/** Returns the parts under their names in another folder, and the copies that bring them there. */
export function partsIn(
  prefix: string,
  parts: readonly StoredFile[],
): { parts: readonly StoredFile[]; copies: readonly Copy[] } {
  const moved = parts.map((part) => ({ ...part, key: prefix + nameOf(part.key) }))
  const copies = parts.map(({ key, bytes }, index) => ({ from: key, to: moved[index]!.key, bytes }))
  return { parts: moved, copies }
}

/**
 * Records the objects in the folder that a day leaves. Exactly these are deleted once the grace is over: later ones
 * stay. Objects that are not the day's are copied to quarantine first.
 */
export async function recordFolder(
  ledger: Ledger,
  day: DatasetDay,
  { manifest, etag }: StoredManifest,
): Promise<RetiredFolder> {
  const published = manifest.published!
  return await recordPrefix(ledger, day, { prefix: locationOf(published), own: published.parts, over: etag })
}

/** A folder of a day, and the files in it that belong to the day. */
export interface RecordedPrefix {
  readonly prefix: string
  /** Files that belong to the day. */
  readonly own: readonly StoredFile[]
  /** ETag of the manifest that names `own`; undefined where there is no manifest. */
  readonly over: string | undefined
}

/**
 * Records the objects in any folder, as {@link recordFolder} does. Copies nothing once the manifest has changed: the
 * record is then of no use, and seemingly foreign objects may belong to the newer manifest.
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
