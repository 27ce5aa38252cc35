import picomatch from 'picomatch'
import type { DeployedDataset } from '../../core/deployment.ts'
import type { Day } from '../../core/dates.ts'
import { nameOf, rawDayPrefix } from '../../core/layout.ts'
import type { RawObject, UnreadCount, UnreadKind, UnreadObjects } from '../../core/manifest.ts'
import { listObjects } from '../../aws/list-objects.ts'
import type { Bucket } from '../../aws/objects.ts'

/** Objects below a day's raw prefix: those to read, and those that are no data of the dataset. */
export interface RawListing {
  /** Objects to read, in key order. Archived ones are included. */
  readonly objects: readonly RawObject[]
  /** Storage class, by key, of those objects that must be restored before they can be read. */
  readonly archived: ReadonlyMap<string, string>
  /** Kind, by key, of hidden or excluded objects that are not empty: an earlier rule may have let them be read. */
  readonly leftAlone: ReadonlyMap<string, UnreadKind>
  /** Count of the objects that are not to be read, by kind. */
  readonly unread: UnreadObjects
}

/**
 * Lists the objects below a day's raw prefix and sorts them by the dataset's rules. Holds the whole listing: about 200
 * bytes per object.
 */
export async function listRawObjects(raw: Bucket, dataset: DeployedDataset, date: Day): Promise<RawListing> {
  const prefix = rawDayPrefix(dataset, date)
  const isRawFile = rawFileTest(dataset.rawFiles)
  const objects: RawObject[] = []
  const archived = new Map<string, string>()
  const leftAlone = new Map<string, UnreadKind>()
  const unread: Partial<Record<UnreadKind, UnreadCount>> = {}
  for await (const listed of listObjects(raw, prefix, { withRestores: true })) {
    const { key, etag, size, archive } = listed
    const kind = kindOf(key.slice(prefix.length), size, isRawFile)
    if (kind === undefined) {
      objects.push({ key, etag, size })
      if (archive !== undefined) archived.set(key, archive)
    } else {
      unread[kind] = counted(unread[kind], listed)
      if (size > 0) leftAlone.set(key, kind)
    }
  }
  return { objects, archived, leftAlone, unread }
}

/** Adds an object to the count of its kind. */
function counted(
  known: UnreadCount | undefined,
  { key, size }: Pick<RawObject, 'key' | 'size'>,
): UnreadCount {
  return { count: (known?.count ?? 0) + 1, bytes: (known?.bytes ?? 0) + size, first: known?.first ?? key }
}

/** Names of files that are still being written, and renamed when complete. */
const UNFINISHED = /(\._COPYING_|\.tmp|\.inprogress)$/
/** A file or folder name that Hive ignores. */
const HIDDEN = /(^|\/)[_.]/

/** Returns why an object is not read; undefined if it is. */
function kindOf(path: string, size: number, isRawFile: (path: string) => boolean): UnreadKind | undefined {
  if (HIDDEN.test(path) || UNFINISHED.test(path)) return 'hidden'
  // A slash at the end marks a folder.
  if (size === 0 || path.endsWith('/') || path === '') return 'not-data'
  return isRawFile(path) ? undefined : 'excluded'
}

/**
 * Makes a test of paths below the day. A pattern without a slash is matched against the file name, one with a slash
 * against the whole path.
 */
function rawFileTest(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns.map((pattern) => {
    const matches = picomatch(pattern, { dot: true, posix: true })
    return pattern.includes('/') ? matches : (path: string) => matches(nameOf(path))
  })
  return (path) => tests.some((matches) => matches(path))
}
