import { randomUUID } from 'node:crypto'
import { listObjects } from './list-objects.ts'
import { readObject, type Bucket } from './objects.ts'
import { deleteUnmoved, putObject } from './write-objects.ts'
import { decodeDocument, orCorrupt, type DocumentKind } from '../core/documents.ts'
import type { DayfoldError } from '../core/errors.ts'
import type { DatasetDay } from '../core/execution-input.ts'
import { dayEntryKey, dayOfEntry, tableEntriesPrefix, type DayEntries } from '../core/layout.ts'

/** An entry that stands for a dataset-day, as it was listed or read. */
export interface DayEntry extends DatasetDay {
  readonly key: string
  readonly etag: string
}

/** An entry as it was listed. */
export interface ListedDayEntry extends DayEntry {
  /** Milliseconds since 1970 at which it was made, by S3's clock. */
  readonly modifiedAt: number
}

/** An entry with what it says. */
export interface ReadDayEntry<T> extends DayEntry {
  /** What it says, or why that cannot be read. */
  readonly facts: T | DayfoldError
  /** Seconds since it was written, by S3's clock. */
  readonly ageSeconds: number
}

/** Entries of one prefix. */
export interface EntryKind<T> extends DocumentKind<T> {
  readonly prefix: DayEntries
}

/** What the kinds of entries have in common. */
export const ENTRY = { version: 1, saysVersion: false, isGzipped: false } as const

/**
 * Makes the entry of a day, or replaces it.
 *
 * @param facts what it says
 * @param nonce makes it another object than the one before: whoever has read that one does not remove this. @default random
 */
export async function putDayEntry(
  data: Bucket,
  entries: DayEntries,
  { dataset, date }: DatasetDay,
  facts: object = {},
  nonce: string = randomUUID(),
): Promise<void> {
  await putObject(data, dayEntryKey(entries, dataset, date), JSON.stringify({ ...facts, nonce }))
}

/**
 * Lists the entries of all tables or of one, in the order of their keys. Holds them all: a line a day.
 *
 * @param table default: all
 */
export async function listDayEntries(
  data: Bucket,
  entries: DayEntries,
  table?: string,
): Promise<ListedDayEntry[]> {
  const found: ListedDayEntry[] = []
  const prefix = table === undefined ? entries : tableEntriesPrefix(entries, table)
  for await (const { key, etag, modifiedAt } of listObjects(data, prefix)) {
    const day = dayOfEntry(entries, key)
    if (day) found.push({ ...day, key, etag, modifiedAt })
  }
  return found
}

/** Reads the entry of a day; undefined where there is none. */
export async function readDayEntry<T>(
  data: Bucket,
  kind: EntryKind<T>,
  { dataset, date }: DatasetDay,
): Promise<ReadDayEntry<T> | undefined> {
  const key = dayEntryKey(kind.prefix, dataset, date)
  const object = await readObject(data, key)
  if (!object) return undefined
  const { etag, ageSeconds } = object
  const facts = await orCorrupt(() => decodeDocument(object.body, key, kind))
  return { dataset, date, key, etag, ageSeconds, facts }
}

/** What the entry of a day says, or why that cannot be read; undefined where there is none. */
export async function readDayFacts<T>(
  data: Bucket,
  kind: EntryKind<T>,
  day: DatasetDay,
): Promise<T | DayfoldError | undefined> {
  return (await readDayEntry(data, kind, day))?.facts
}

/** Removes an entry, unless it has been written again since. */
export async function removeDayEntry(data: Bucket, { key, etag }: DayEntry): Promise<void> {
  await deleteUnmoved(data, key, etag)
}
