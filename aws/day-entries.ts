import { randomUUID } from 'node:crypto'
import { listObjects } from './list-objects.ts'
import { readObject, type Bucket } from './objects.ts'
import { deleteUnmoved, putObject } from './write-objects.ts'
import { decodeDocument, orCorrupt, type DocumentKind } from '../core/documents.ts'
import type { DayfoldError } from '../core/errors.ts'
import type { DatasetDay } from '../core/dataset-day.ts'
import { dayEntryKey, dayOfEntry, tableEntriesPrefix, type DayEntries } from '../core/layout.ts'

/** A small object that puts a dataset-day on a list, with the ETag under which it was listed or read. */
export interface DayEntry extends DatasetDay {
  readonly key: string
  readonly etag: string
}

/** An entry as a listing shows it, without its content. */
export interface ListedDayEntry extends DayEntry {
  /** Milliseconds since 1970 at which the entry was written, by S3's clock. */
  readonly modifiedAt: number
}

/** An entry with its content. */
export interface ReadDayEntry<T> extends DayEntry {
  /** Content of the entry; a CorruptState error if it cannot be read. */
  readonly facts: T | DayfoldError
  /** Seconds since the entry was written, by S3's clock. */
  readonly ageSeconds: number
}

/** Prefix of a list of days, and the format of its entries' contents. */
export interface EntryKind<T> extends DocumentKind<T> {
  /** Key prefix of the list. */
  readonly prefix: DayEntries
}

/** Parts of {@link EntryKind} that are the same for every list of days. */
export const ENTRY = { version: 1, saysVersion: false, isGzipped: false } as const

/**
 * Puts a day on a list by writing its entry, or replaces the entry that is there.
 *
 * @param entries key prefix of the list
 * @param facts content of the entry
 * @param nonce text that changes the ETag, so that nobody who has seen the entry earlier removes this one.
 * @default random
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
 * Lists the entries of a list of days, for all tables or for one, in the order of their keys. Holds one line per day in
 * memory.
 *
 * @param entries key prefix of the list
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

/** Reads the entry that a day has on a list; undefined if the day is not on it. */
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
 * Reads the content of the entry that a day has on a list: a CorruptState error if it cannot be read, undefined if the
 * day is not on the list.
 */
export async function readDayFacts<T>(
  data: Bucket,
  kind: EntryKind<T>,
  day: DatasetDay,
): Promise<T | DayfoldError | undefined> {
  return (await readDayEntry(data, kind, day))?.facts
}

/**
 * True if an entry may have been written after a time: S3 lists the second in which an object was written. False for a
 * time that is not known.
 *
 * @param time ISO time
 */
export const isWrittenAfter = ({ modifiedAt }: ListedDayEntry, time: string | undefined): boolean =>
  time !== undefined && modifiedAt + SECOND > Date.parse(time)

const SECOND = 1000

/** Takes a day off a list, unless its entry was written again since it was listed or read. */
export async function removeDayEntry(data: Bucket, { key, etag }: DayEntry): Promise<void> {
  await deleteUnmoved(data, key, etag)
}
