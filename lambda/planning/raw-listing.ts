import picomatch from 'picomatch'
import type { DeployedDataset } from '../../core/deployment.ts'
import type { Day } from '../../core/dates.ts'
import { nameOf, rawDayPrefix } from '../../core/layout.ts'
import type { RawObject, UnreadCount, UnreadKind, UnreadObjects } from '../../core/manifest.ts'
import { listObjects } from '../../aws/list-objects.ts'
import type { Bucket } from '../../aws/objects.ts'

/** What lies below a day's raw prefix. */
export interface RawListing {
  /** Objects of the dataset's data, in key order; archived ones are among them. */
  readonly objects: readonly RawObject[]
  /** Storage class by key of those that have to be restored before they are read. */
  readonly archived: ReadonlyMap<string, string>
  /** Keys of objects that hold bytes, but are hidden or excluded: they may have been read before they were. */
  readonly leftAlone: ReadonlyMap<string, UnreadKind>
  /** What is no data of the dataset, by kind. */
  readonly unread: UnreadObjects
}

/**
 * Lists the raw objects of a day in key order, which S3 lists in. Holds the whole day's listing: about 200 bytes an
 * object.
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

/** Adds an object to those of its kind. */
function counted(
  known: UnreadCount | undefined,
  { key, size }: Pick<RawObject, 'key' | 'size'>,
): UnreadCount {
  return { count: (known?.count ?? 0) + 1, bytes: (known?.bytes ?? 0) + size, first: known?.first ?? key }
}

/** Names of files that are being written: they are renamed when they are whole. */
const UNFINISHED = /(\._COPYING_|\.tmp|\.inprogress)$/
/** A folder or a name that Hive passes over. */
const HIDDEN = /(^|\/)[_.]/

/** Why an object is not read; undefined: it is. */
function kindOf(path: string, size: number, isRawFile: (path: string) => boolean): UnreadKind | undefined {
  if (HIDDEN.test(path) || UNFINISHED.test(path)) return 'hidden'
  // What ends in a slash stands for a folder.
  if (size === 0 || path.endsWith('/') || path === '') return 'not-data'
  return isRawFile(path) ? undefined : 'excluded'
}

/** A pattern without a slash is held against the last name, one with a slash against the path below the day. */
function rawFileTest(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns.map((pattern) => {
    const matches = picomatch(pattern, { dot: true, posix: true })
    return pattern.includes('/') ? matches : (path: string) => matches(nameOf(path))
  })
  return (path) => tests.some((matches) => matches(path))
}
