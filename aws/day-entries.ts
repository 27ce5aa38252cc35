import { randomUUID } from 'node:crypto'
import { listObjects } from './list-objects.ts'
import { readObject, type Bucket } from './objects.ts'
import { deleteUnmoved, putObject } from './write-objects.ts'
import { decodeDocument, orCorrupt, type DocumentKind } from '../core/documents.ts'
import type { DayfoldError } from '../core/errors.ts'
import type { DatasetDay } from '../core/execution-input.ts'
import { dayEntryKey, dayOfEntry, tableEntriesPrefix, type DayEntries } from '../core/layout.ts'

/** An entry for one dataset-day, with the ETag under which it was listed or read. */
export interface DayEntry extends DatasetDay {
  readonly key: string
  readonly etag: string
}

/** A listed entry, whose content has not been read. */
export interface ListedDayEntry extends DayEntry {
  /** Milliseconds since 1970 at which it was written, by S3's clock. */
  readonly modifiedAt: number
}

/** An entry and its content. */
export interface ReadDayEntry<T> extends DayEntry {
  /** Its content, or the CorruptState error where that cannot be read. */
  readonly facts: T | DayfoldError
  /** Seconds since it was written, by S3's clock. */
  readonly ageSeconds: number
}

/** How the entries below one prefix are decoded, and where they lie. */
export interface EntryKind<T> extends DocumentKind<T> {
  readonly prefix: DayEntries
}

/** Settings that all kinds of entries share. */
export const ENTRY = { version: 1, saysVersion: false, isGzipped: false } as const

/**
 * Writes the entry of a day, over one that is there.
 *
 * @param facts its content
 * @param nonce changes the ETag, so that whoever has read the entry before does not remove this one. @default random
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
 * Lists the entries of all tables or of one, in the order of their keys. Holds one line per day.
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

/**
 * Reads the content of a day's entry: a CorruptState error where it cannot be read, undefined where there is no entry.
 */
export async function readDayFacts<T>(
  data: Bucket,
  kind: EntryKind<T>,
  day: DatasetDay,
): Promise<T | DayfoldError | undefined> {
  return (await readDayEntry(data, kind, day))?.facts
}

/** Removes an entry, unless it has been written again since it was listed or read. */
export async function removeDayEntry(data: Bucket, { key, etag }: DayEntry): Promise<void> {
  await deleteUnmoved(data, key, etag)
}
