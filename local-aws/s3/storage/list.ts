import { compareKeys } from './key-order.ts'
import type { Tree } from './tree.ts'

/** An object that is listed and nothing else. */
export interface ListedOnly {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  /** Milliseconds since 1970. */
  readonly lastModified: number
  /** It has no headers. */
  readonly meta: undefined
}

/** By bucket: what its listings show in the place of what it holds, in UTF-8 byte order, after a key. */
export type Listings = Readonly<Record<string, (prefix: string, after: string) => Iterable<ListedOnly>>>

/** After every key that begins with the prefix that it follows. */
export const AFTER_ALL = '\u{10ffff}'

export interface WalkOptions {
  readonly prefix: string
  /** Only keys after this one, in UTF-8 byte order; empty: all. */
  readonly after: string
  /** Whether what lies in a folder is shown as the folder's name with a slash at its end. */
  readonly folders: boolean
}

/**
 * Keys of a bucket in UTF-8 byte order; with `folders`, also common prefixes, which end with a slash. Reads only the
 * folders that can hold such keys, and holds the names of one folder a level.
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

/** What `after` means inside a folder. */
function within(entry: string, after: string): string {
  return after.startsWith(entry) ? after.slice(entry.length) : ''
}

/** Index of the first entry that is, or may hold, a key with the prefix and after the key. */
function firstIndex(entries: readonly string[], prefix: string, after: string): number {
  const start = lowerBound(entries, (entry) => compareKeys(entry, prefix) >= 0)
  if (after === '') return start
  const next = lowerBound(entries, (entry) => compareKeys(entry, after) > 0)
  const previous = entries[next - 1]
  const goesOn = previous?.endsWith('/') === true && after.startsWith(previous)
  return Math.max(start, goesOn ? next - 1 : next)
}

/** The first index at which the condition holds, and from there on for all. */
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
