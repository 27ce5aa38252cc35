import type { StoredFile } from '../core/manifest.ts'
import { listObjects, type ListedObject } from './list-objects.ts'
import type { Bucket } from './objects.ts'

/** A published part as a manifest tells of it: its ETag where the manifest has it. */
export interface ExpectedPart extends Pick<StoredFile, 'key' | 'bytes'> {
  /** @default not known: any will do */
  readonly etag?: string
}

/** How a folder that is shown differs from the manifest's parts. */
export interface FolderDifference {
  /** Parts that are not there. */
  readonly missing: readonly ExpectedPart[]
  /** Objects of a part's name that have another size or ETag. */
  readonly altered: readonly { readonly part: ExpectedPart; readonly found: ListedObject }[]
  /** Objects that readers see and no part names. */
  readonly foreign: readonly ListedObject[]
}

/** Lists what readers of a folder see of it, in the order of the keys. Holds all of it: a line an object. */
export async function listPublished(bucket: Bucket, prefix: string): Promise<ListedObject[]> {
  const found: ListedObject[] = []
  for await (const object of listObjects(bucket, prefix)) {
    if (isShown(object.key.slice(prefix.length))) found.push(object)
  }
  return found
}

/**
 * True for the name of an object below a folder that readers of the folder see. Those that begin with `_` or `.`, of
 * files and of folders, are hidden from Athena; a slash at the end makes a marker of a folder.
 * https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html
 */
export function isShown(path: string): boolean {
  return path !== '' && !path.endsWith('/') && !path.split('/').some((name) => /^[_.]/.test(name))
}

/** Compares what readers of a folder see with the parts of the manifest, in the order in which each is given. */
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
