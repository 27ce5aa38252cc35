import { randomUUID } from 'node:crypto'
import { listObjects } from '../../aws/list-objects.ts'
import { readObject, type Bucket } from '../../aws/objects.ts'
import { deleteUnmoved, putObject } from '../../aws/write-objects.ts'
import { decodeJson } from '../../core/documents.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { dayEntryKey, dayOfEntry, tableEntriesPrefix, type DayEntries } from '../../core/layout.ts'

/** An entry that stands for a dataset-day, as it was listed or read. */
export interface DayEntry extends DatasetDay {
  readonly key: string
  readonly etag: string
}

/** An entry with what it says. */
export interface ReadDayEntry<T> extends DayEntry {
  readonly facts: T
  /** Seconds since it was written, by S3's clock. */
  readonly ageSeconds: number
}

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
export async function listDayEntries(data: Bucket, entries: DayEntries, table?: string): Promise<DayEntry[]> {
  const found: DayEntry[] = []
  const prefix = table === undefined ? entries : tableEntriesPrefix(entries, table)
  for await (const { key, etag } of listObjects(data, prefix)) {
    const day = dayOfEntry(entries, key)
    if (day) found.push({ ...day, key, etag })
  }
  return found
}

/**
 * Reads the entry of a day; undefined where there is none.
 *
 * @throws DayfoldError CorruptState for one that cannot be read
 */
export async function readDayEntry<T>(
  data: Bucket,
  entries: DayEntries,
  { dataset, date }: DatasetDay,
): Promise<ReadDayEntry<T> | undefined> {
  const key = dayEntryKey(entries, dataset, date)
  const object = await readObject(data, key)
  if (!object) return undefined
  const { etag, ageSeconds } = object
  return { dataset, date, key, etag, ageSeconds, facts: decodeJson(object.body, key) as T }
}

/** Removes an entry, unless it has been written again since. */
export async function removeDayEntry(data: Bucket, { key, etag }: DayEntry): Promise<void> {
  await deleteUnmoved(data, key, etag)
}
