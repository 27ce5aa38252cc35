import {
  generationOf,
  keptPartName,
  partitionPrefix,
  rejectedPrefix,
  stagedPartsPrefix,
  stagingDayPrefix,
} from '../../core/layout.ts'
import type { Intent, Published } from '../../core/manifest.ts'
import type { DatasetDay } from '../../core/execution-input.ts'
import { inParallel } from '../../aws/in-parallel.ts'
import { listObjects } from '../../aws/list-objects.ts'
import { headObject } from '../../aws/objects.ts'
import { copyToNewName, deleteObjects } from '../../aws/write-objects.ts'
import type { Held, Ledger } from './ledger.ts'

/** Where the copy of a published part that a replacement keeps lies beside the staged ones. */
export function keptCopyKey(staging: string, generation: number, part: string): string {
  return stagedPartsPrefix(staging) + keptPartName(generation, part)
}

/**
 * True while the staged set is the whole of what is to be published: every part of the day, no other, and the reject
 * files. Athena may be pointed to such a set and to no other.
 */
export async function isStagedWhole({ data }: Ledger, intent: Intent): Promise<boolean> {
  const { staging, copies, next } = intent
  const staged = new Map(copies.map(({ from, to }) => [to, from]))
  const parts = next.parts.map(({ key }) => staged.get(key) ?? keptCopyKey(staging, next.generation, key))
  const missing = new Set([...parts, ...staged.values()])
  for await (const { key } of listObjects(data, staging)) {
    if (!missing.delete(key) && key.startsWith(stagedPartsPrefix(staging))) return false
  }
  return missing.size === 0
}

/** True once every staged file lies under its published name as well. */
export async function areCopied({ data }: Ledger, { copies }: Intent): Promise<boolean> {
  const heads = await inParallel(copies, ({ to }) => headObject(data, to))
  return heads.every((head) => head !== undefined)
}

/**
 * Copies every staged file to its published name, where it is not there yet.
 *
 * @returns false when a file is neither there nor staged any more
 */
export async function copyStaged(ledger: Ledger, { manifest }: Held): Promise<boolean> {
  const copied = await inParallel(manifest.intent.copies, async ({ from, to }) => {
    return (await copyToNewName(ledger.data, from, to)) || (await headObject(ledger.data, to)) !== undefined
  })
  return copied.every(Boolean)
}

/**
 * Deletes what lies under the day's partition, and beside it under `rejected/`, and is neither in `keep` nor of a
 * generation after `generation`. The caller has won `generation`: its names are in `keep`, and a later generation
 * holds nothing but files of `keep` and of its own. So a function that comes too late can only repeat what has been
 * done.
 */
export async function removeStrangers(
  ledger: Ledger,
  { dataset, date }: DatasetDay,
  keep: Published | null,
  generation: number,
): Promise<void> {
  const kept = new Set([...(keep?.parts ?? []), ...(keep?.rejects ?? [])].map((file) => file.key))
  const prefixes = [partitionPrefix(dataset, date), rejectedPrefix(dataset, date)]
  const strangers: string[] = []
  for (const prefix of prefixes) {
    for await (const { key } of listObjects(ledger.data, prefix)) {
      if (!kept.has(key) && (generationOf(key) ?? 0) <= generation) strangers.push(key)
    }
  }
  await deleteObjects(ledger.data, strangers)
}

/**
 * Deletes what other attempts, up to the same generation, have staged for the day. Once a published name is deleted,
 * nothing may bring it back: a writer that slept through its lease finds nothing left to copy. Whatever an attempt
 * stages bears its own generation, kept parts too, so that later attempts lose nothing, however late this is done.
 */
export async function removeOtherStaging(ledger: Ledger, { day, manifest }: Held): Promise<void> {
  const { staging, next } = manifest.intent
  const spent: string[] = []
  for await (const { key } of listObjects(ledger.data, stagingDayPrefix(day.dataset, day.date))) {
    const generation = generationOf(key)
    if (!key.startsWith(staging) && generation !== undefined && generation <= next.generation) spent.push(key)
  }
  await deleteObjects(ledger.data, spent)
}
