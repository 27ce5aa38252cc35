import type { StoredFile } from '../core/manifest.ts'
import { listObjects, type ListedObject } from './list-objects.ts'
import type { Bucket } from './objects.ts'

/** A published part as its manifest describes it; old manifests know no ETag. */
export interface ExpectedPart extends Pick<StoredFile, 'key' | 'bytes'> {
  /** @default not known: any matches */
  readonly etag?: string
}

/** How the objects in a shown folder differ from the manifest's parts. */
export interface FolderDifference {
  /** Parts that have no object. */
  readonly missing: readonly ExpectedPart[]
  /** Parts whose object has another size or ETag. */
  readonly altered: readonly { readonly part: ExpectedPart; readonly found: ListedObject }[]
  /** Objects that readers see and that are no part. */
  readonly foreign: readonly ListedObject[]
}

/** Lists the objects in a folder that its readers see, in the order of the keys. Holds one line per object. */
export async function listPublished(bucket: Bucket, prefix: string): Promise<ListedObject[]> {
  const found: ListedObject[] = []
  for await (const object of listObjects(bucket, prefix)) {
    if (isShown(object.key.slice(prefix.length))) found.push(object)
  }
  return found
}

/**
 * True if readers of a folder see an object at this path below it. Athena hides files and folders whose names begin
 * with `_` or `.`; a slash at the end marks a folder.
 * https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html
 */
export function isShown(path: string): boolean {
  return path !== '' && !path.endsWith('/') && !path.split('/').some((name) => /^[_.]/.test(name))
}

/** Compares the objects that readers of a folder see with the parts of the manifest. Keeps the order of both. */
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
