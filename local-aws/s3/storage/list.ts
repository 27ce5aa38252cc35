import { compareKeys } from './key-order.ts'
import type { Tree } from './tree.ts'

/** An object that exists only in a made-up listing: it can be listed, but not read. */
export interface ListedOnly {
  readonly key: string
  /** Size in bytes. */
  readonly size: number
  /** ETag without quotes. */
  readonly etag: string
  /** Milliseconds since 1970. */
  readonly lastModified: number
  /** Always undefined: the object has no metadata. */
  readonly meta: undefined
}

/**
 * Made-up listings by bucket, for simulations: functions that return the objects to list in place of the bucket's own.
 * Returned are those with a prefix and after a key, in the order of the keys' UTF-8 bytes.
 */
export type Listings = Readonly<Record<string, (prefix: string, after: string) => Iterable<ListedOnly>>>

/** Text that, appended to a prefix, sorts after every key that begins with the prefix. */
export const AFTER_ALL = '\u{10ffff}'

/** Options of {@link walk}. */
export interface WalkOptions {
  /** Only keys that begin with this text are yielded. */
  readonly prefix: string
  /** Only keys after this one, in the order of UTF-8 bytes, are yielded; all if it is empty. */
  readonly after: string
  /**
   * True if all keys with one more slash after the prefix are represented by their part up to that slash, as with the
   * delimiter `/` of S3.
   */
  readonly folders: boolean
}

/**
 * Yields the keys of a bucket in the order of their UTF-8 bytes; with `folders`, also common prefixes, which end with a
 * slash. Reads only folders that can contain such keys, and holds the names in one folder per level in memory.
 */
export function* walk(tree: Tree, bucket: string, options: WalkOptions): Generator<string> {
  const { prefix, after, folders } = options
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  if (after !== '' && !after.startsWith(folder) && compareKeys(after, folder) > 0) return
  const from = after.startsWith(folder) ? after.slice(folder.length) : ''
  yield* walkFolder(tree, bucket, folder, prefix.slice(folder.length), from, folders)
}

function* walkFolder(
  tree: Tree,
  bucket: string,
  folder: string,
  prefix: string,
  after: string,
  folders: boolean,
): Generator<string> {
  const entries = tree.entries(bucket, folder)
  const first = firstIndex(entries, prefix, after)
  for (let index = first; index < entries.length; index += 1) {
    const entry = entries[index]!
    if (!entry.startsWith(prefix)) return
    if (!entry.endsWith('/')) {
      yield folder + entry
      continue
    }
    const inside = walkFolder(tree, bucket, folder + entry, '', within(entry, after), false)
    if (!folders) yield* inside
    else if (inside.next().done === false) yield folder + entry
  }
}

/** Translates `after` for the inside of a folder. */
function within(entry: string, after: string): string {
  return after.startsWith(entry) ? after.slice(entry.length) : ''
}

/** Returns the index of the first entry that is, or may contain, a key with the prefix and after the key. */
function firstIndex(entries: readonly string[], prefix: string, after: string): number {
  const start = lowerBound(entries, (entry) => compareKeys(entry, prefix) >= 0)
  if (after === '') return start
  const next = lowerBound(entries, (entry) => compareKeys(entry, after) > 0)
  const previous = entries[next - 1]
  const goesOn = previous?.endsWith('/') === true && after.startsWith(previous)
  return Math.max(start, goesOn ? next - 1 : next)
}

/** Returns the first index at which the condition holds; from there on it must hold for all. */
function lowerBound(entries: readonly string[], holds: (entry: string) => boolean): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(entries[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}
