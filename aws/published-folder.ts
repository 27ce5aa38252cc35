import type { StoredFile } from '../core/manifest.ts'
import { listObjects, type ListedObject } from './list-objects.ts'
import type { Bucket } from './objects.ts'

/** A published Parquet file as the day's manifest describes it, to be found in the day's folder. */
export interface ExpectedPart extends Pick<StoredFile, 'key' | 'bytes'> {
  /** ETag without its quotes. @default unknown in a manifest of an older release: any matches */
  readonly etag?: string
}

/** Differences between the objects that readers see in a day's folder and the parts in its manifest. */
export interface FolderDifference {
  /** Parts that have no object. */
  readonly missing: readonly ExpectedPart[]
  /** Parts whose object has another size or ETag. */
  readonly altered: readonly { readonly part: ExpectedPart; readonly found: ListedObject }[]
  /** Objects that no part accounts for. */
  readonly foreign: readonly ListedObject[]
}

/** Lists the objects in a folder that Athena reads, in the order of their keys. Holds one line per object in memory. */
export async function listPublished(bucket: Bucket, prefix: string): Promise<ListedObject[]> {
  const found: ListedObject[] = []
  for await (const object of listObjects(bucket, prefix)) {
    if (isShown(object.key.slice(prefix.length))) found.push(object)
  }
  return found
}

/**
 * True if Athena reads an object with this path below a partition's folder. It ignores files and folders whose names
 * begin with `_` or `.`, and objects that stand for a folder, whose paths end with a slash.
 * https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html
 */
export function isShown(path: string): boolean {
  return path !== '' && !path.endsWith('/') && !path.split('/').some((name) => /^[_.]/.test(name))
}

/**
 * Compares the objects that readers see in a day's folder with the parts in its manifest. Differences are in the order
 * of `parts` and of `listed`.
 */
export function compareFolder(
  parts: readonly ExpectedPart[],
  listed: readonly ListedObject[],
): FolderDifference {
  const found = new Map(listed.map((object) => [object.key, object]))
  const expected = new Set(parts.map(({ key }) => key))
  return {
    missing: parts.filter(({ key }) => !found.has(key)),
    altered: parts.flatMap((part) => {
      const object = found.get(part.key)
      return object && isAltered(part, object) ? [{ part, found: object }] : []
    }),
    foreign: listed.filter(({ key }) => !expected.has(key)),
  }
}

function isAltered({ bytes, etag }: ExpectedPart, found: ListedObject): boolean {
  return found.size !== bytes || (etag !== undefined && found.etag !== etag)
}
